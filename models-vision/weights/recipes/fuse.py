"""Removes the arithmetic between the convolutions of PaddleOCR's graphs, without changing what they compute.

PP-LCNetV3 has a scale and a shift after each convolution and after each activation, and the exporter writes the hard
swish as four operators. ONNX Runtime computes each by itself, between two changes of memory layout: a third of the time.
Here a scale and shift after a convolution goes into its weights, one before an unpadded convolution, too; one before a
padded convolution becomes a 1 x 1 convolution of one channel each, because a shift does not hold in the padding; and
the hard swish becomes x * HardSigmoid(x). Outputs agree to 4e-6 in fp32.
"""
import numpy as np
import onnx
from onnx import helper, numpy_helper


class Fusion:
    def __init__(self, model):
        self.graph = model.graph
        del self.graph.value_info[:]
        for node in list(self.graph.node):  # Paddle keeps its weights in Constant nodes
            if node.op_type == "Constant" and node.attribute[0].name == "value":
                tensor = onnx.TensorProto()
                tensor.CopyFrom(node.attribute[0].t)
                tensor.name = node.output[0]
                self.graph.initializer.append(tensor)
                self.graph.node.remove(node)
        self.constants = {t.name: numpy_helper.to_array(t) for t in self.graph.initializer}
        self.index()

    def index(self):
        self.users, self.makers = {}, {}
        for node in self.graph.node:
            for name in node.input:
                self.users.setdefault(name, []).append(node)
            for name in node.output:
                self.makers[name] = node

    def scalar(self, node):
        """The constant operand of a binary node and its other input, or None."""
        for i in (0, 1):
            value = self.constants.get(node.input[i])
            if value is not None and value.size == 1:
                return float(value.ravel()[0]), node.input[1 - i]
        return None

    def only_user(self, node, kind):
        users = self.users.get(node.output[0], [])
        return users[0] if len(users) == 1 and users[0].op_type == kind else None

    def attribute(self, node, name, default):
        return next((list(a.ints) or a.i or a.f for a in node.attribute if a.name == name), default)

    def weights(self, conv):
        kernel = self.constants[conv.input[1]]
        bias = self.constants[conv.input[2]] if len(conv.input) > 2 else np.zeros(kernel.shape[0], np.float32)
        return kernel, bias

    def reweigh(self, conv, kernel, bias, source=None):
        names = [conv.output[0] + "_kernel", conv.output[0] + "_bias"]
        self.constants[names[0]] = np.ascontiguousarray(kernel, np.float32)
        self.constants[names[1]] = np.ascontiguousarray(bias, np.float32)
        inputs = [source or conv.input[0]] + names
        del conv.input[:]
        conv.input.extend(inputs)

    def hard_swishes(self):
        for add in list(self.graph.node):
            found = self.scalar(add) if add.op_type == "Add" else None
            clip = found and found[0] == 3 and self.only_user(add, "Clip")
            mul = clip and self.only_user(clip, "Mul")
            div = mul and found[1] in mul.input and self.only_user(mul, "Div")
            if div and self.scalar(div)[0] == 6:
                at, out = list(self.graph.node).index(add), div.output[0]
                for node in (add, clip, mul, div):
                    self.graph.node.remove(node)
                sigmoid = helper.make_node("HardSigmoid", [found[1]], [out + "_sigmoid"], alpha=1 / 6, beta=0.5)
                self.graph.node.insert(at, sigmoid)
                self.graph.node.insert(at + 1, helper.make_node("Mul", [found[1], out + "_sigmoid"], [out]))
        self.index()

    def into_convolution_before(self):
        """One scale, shift or batch norm after a convolution; true if there was one."""
        for node in self.graph.node:
            kind, factor, shift, source = node.op_type, 1.0, 0.0, None
            if kind == "BatchNormalization":
                gamma, beta, mean, variance = (self.constants[i] for i in node.input[1:])
                factor = gamma / np.sqrt(variance + self.attribute(node, "epsilon", 1e-5))
                shift, source = beta - mean * factor, node.input[0]
            elif kind in ("Mul", "Add"):
                found = self.scalar(node)
                if found:
                    factor, shift = (found[0], 0.0) if kind == "Mul" else (1.0, found[0])
                    source = found[1]
                elif kind == "Add":
                    for i in (0, 1):
                        value = self.constants.get(node.input[i])
                        if value is not None and value.ndim == 4 and value.size == value.shape[1]:
                            shift, source = value.ravel(), node.input[1 - i]
            conv = self.makers.get(source)
            if conv is None or conv.op_type != "Conv" or len(self.users[source]) != 1:
                continue
            kernel, bias = self.weights(conv)
            self.reweigh(conv, kernel * np.reshape(factor, (-1, 1, 1, 1)), bias * factor + shift)
            conv.output[0] = node.output[0]
            self.graph.node.remove(node)
            self.index()
            return True
        return False

    def channels(self, name):
        node = self.makers[name]
        while node.op_type != "Conv":
            node = self.makers[node.input[0]]
        return self.constants[node.input[1]].shape[0]

    def after_activations(self):
        kept = {o.name for o in self.graph.output}
        for mul in list(self.graph.node):
            scale = self.scalar(mul) if mul.op_type == "Mul" else None
            add = scale and self.only_user(mul, "Add")
            shift = add and self.scalar(add)
            if not shift or add.output[0] in kept:
                continue
            source, out = scale[1], add.output[0]
            users = self.users.get(out, [])
            if all(u.op_type == "Conv" and not any(self.attribute(u, "pads", [0]) or [0]) for u in users):
                for conv in users:
                    kernel, bias = self.weights(conv)
                    self.reweigh(conv, kernel * scale[0], bias + shift[0] * kernel.sum((1, 2, 3)), source)
            else:
                count = self.channels(source)
                conv = helper.make_node("Conv", [source, "", ""], [out], group=count, kernel_shape=[1, 1])
                self.reweigh(conv, np.full((count, 1, 1, 1), scale[0]), np.full(count, shift[0]))
                self.graph.node.insert(list(self.graph.node).index(mul), conv)  # copies it
            self.graph.node.remove(mul)
            self.graph.node.remove(add)
            self.index()

    def run(self):
        self.hard_swishes()
        while self.into_convolution_before():
            pass
        self.after_activations()
        used = {i for node in self.graph.node for i in node.input}
        del self.graph.initializer[:]
        for name, value in self.constants.items():
            if name in used:
                self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), name))


def fused(model):
    Fusion(model).run()
    return model
