"""Runs PP-OCRv4's recogniser in torch as its ONNX graph says, every weight a parameter, and writes it back."""
import numpy as np
import onnx
import torch
import torch.nn.functional as functional
from onnx import numpy_helper


class Torched(torch.nn.Module):
    def __init__(self, file):
        super().__init__()
        self.model = onnx.load(file)
        graph = self.model.graph
        self.nodes = [n for n in graph.node if n.op_type != "Constant"]
        self.last = [n for n in self.nodes if n.op_type == "Softmax"][-1]
        self.weights, self.keys, self.constants = torch.nn.ParameterDict(), {}, {}
        values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        values |= {n.output[0]: numpy_helper.to_array(n.attribute[0].t) for n in graph.node if n.op_type == "Constant"}
        for name, value in values.items():
            if value.dtype in (np.float32, np.float16):
                value = value.astype(np.float32)
            if value.dtype == np.float32 and value.size > 1:
                self.keys[name] = f"w{len(self.keys)}"
                self.weights[self.keys[name]] = torch.nn.Parameter(torch.tensor(value))
            else:
                self.constants[name] = torch.tensor(np.array(value))

    def weight(self, name):
        return self.weights[self.keys[name]]

    def save(self, file):
        """The same graph with the weights as they are now, each stored as it was: 16 bit or 32."""
        for tensor in self.model.graph.initializer:
            if tensor.name in self.keys:
                kind = numpy_helper.to_array(tensor).dtype
                value = self.weight(tensor.name).detach().numpy().astype(kind)
                tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))
        onnx.save(self.model, file)

    def forward(self, x):
        """Logits of [lines, steps, classes] from float32 [lines, 3, 48, width]."""
        seen = {"x": x}

        def value(name):
            return seen[name] if name in seen else self.weight(name) if name in self.keys else self.constants[name]

        for node in self.nodes:
            given = [value(name) for name in node.input if name]
            if node is self.last:
                return given[0]
            settings = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            seen[node.output[0]] = OPERATORS[node.op_type](given, settings)
        raise ValueError("the graph has no Softmax at its end")


def convolution(x, a):
    top, left, bottom, right = a.get("pads", [0, 0, 0, 0])
    data = functional.pad(x[0], (left, right, top, bottom))
    return functional.conv2d(data, x[1], x[2] if len(x) > 2 else None, a.get("strides", [1, 1]), 0,
                             a.get("dilations", [1, 1]), a.get("group", 1))


def reshape(x, a):
    return x[0].reshape([x[0].shape[i] if int(n) == 0 else int(n) for i, n in enumerate(x[1])])


def cut(x, a):
    starts, ends, axes = (t.tolist() for t in x[1:4])
    steps = x[4].tolist() if len(x) > 4 else [1] * len(starts)
    where = [slice(None)] * x[0].dim()
    for start, end, axis, step in zip(starts, ends, axes, steps):
        where[axis] = slice(start, end, step)
    return x[0][tuple(where)]


OPERATORS = {
    "Add": lambda x, a: x[0] + x[1],
    "AveragePool": lambda x, a: functional.avg_pool2d(x[0], a["kernel_shape"], a.get("strides")),
    "Cast": lambda x, a: x[0].float() if a["to"] == onnx.TensorProto.FLOAT else x[0].long(),
    "Concat": lambda x, a: torch.cat(x, a["axis"]),
    "Conv": convolution,
    "Div": lambda x, a: x[0] / x[1],
    "GlobalAveragePool": lambda x, a: x[0].mean((2, 3), keepdim=True),
    "HardSigmoid": lambda x, a: (x[0] * a.get("alpha", .2) + a.get("beta", .5)).clamp(0, 1),
    "MatMul": lambda x, a: x[0] @ x[1],
    "Mul": lambda x, a: x[0] * x[1],
    "Pow": lambda x, a: x[0] ** x[1],
    "ReduceMean": lambda x, a: x[0].mean(a["axes"], keepdim=bool(a.get("keepdims", 1))),
    "Relu": lambda x, a: x[0].relu(),
    "Reshape": reshape,
    "Shape": lambda x, a: torch.tensor(x[0].shape),
    "Sigmoid": lambda x, a: x[0].sigmoid(),
    "Slice": cut,
    "Softmax": lambda x, a: x[0].softmax(a.get("axis", -1)),
    "Sqrt": lambda x, a: x[0].sqrt(),
    "Squeeze": lambda x, a: x[0].squeeze(tuple(a["axes"])),
    "Sub": lambda x, a: x[0] - x[1],
    "Transpose": lambda x, a: x[0].permute(a["perm"]),
}
