"""Writes trained entity heads as ONNX graphs: token states and word forms of one text in, logits of seven labels out."""

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from entity_corpora import FORMS

H, HEADS = 384, 12


class Writer:
    """Collects nodes and constants; matrices may be stored as fp16 and are computed in fp32."""

    def __init__(self, half):
        self.nodes, self.constants, self.half, self.count = [], [], half, 0

    def constant(self, name, value, kind=np.float32):
        value = np.ascontiguousarray(value, kind)
        if self.half and kind == np.float32 and value.ndim > 1:
            self.constants.append(numpy_helper.from_array(value.astype(np.float16), name + ".half"))
            self.nodes.append(helper.make_node("Cast", [name + ".half"], [name], name=name, to=T.FLOAT))
        else:
            self.constants.append(numpy_helper.from_array(value, name))
        return name

    def add(self, op, inputs, output=None, **attributes):
        self.count += 1
        output = output or f"{op.lower()}_{self.count}"
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def linear(self, x, name, weight, bias=None):
        y = self.add("MatMul", [x, self.constant(name + ".weight", weight)])
        return y if bias is None else self.add("Add", [y, self.constant(name + ".bias", bias)])

    def gelu(self, x):
        if not any(c.name == "half_of" for c in self.constants):
            self.constant("half_of", 0.5)
            self.constant("root_half", 0.5**0.5)
            self.constant("one", 1.0)
        gate = self.add("Add", [self.add("Erf", [self.add("Mul", [x, "root_half"])]), "one"])
        return self.add("Mul", [self.add("Mul", [x, gate]), "half_of"])

    def head(self, states, w, style, prefix=""):
        """The FAST head: standardising and the style of labelling are folded into its first layer, OTH into O."""
        scale, mean = w[prefix + "scale"], w[prefix + "mean"]
        mix, styled = np.split(w[prefix + "mix.weight"], [len(scale) + FORMS], axis=1)
        mix[:, : len(scale)] *= scale
        bias = w[prefix + "mix.bias"] - mix[:, : len(scale)] @ mean + styled @ style
        h = self.gelu(self.linear(self.add("Concat", [*states, "forms"], axis=2), "mix", mix.T, bias))
        turned = self.add("Transpose", [h], perm=[0, 2, 1])
        kernel = [
            self.constant("around.weight", w[prefix + "around.weight"]),
            self.constant("around.bias", w[prefix + "around.bias"]),
        ]
        z = self.add("Conv", [turned, *kernel], kernel_shape=[5], pads=[2, 2])
        z = self.gelu(self.add("Transpose", [z], perm=[0, 2, 1]))
        all_tags = self.linear(
            self.add("Concat", [h, z], axis=2), "out", w[prefix + "out.weight"].T, w[prefix + "out.bias"]
        )
        others = self.add("Gather", [all_tags, self.constant("others", [0, 7, 8], np.int64)], axis=2)
        outside = self.add("ReduceLogSumExp", [others], axes=[2], keepdims=1)
        names = self.add("Gather", [all_tags, self.constant("names", range(1, 7), np.int64)], axis=2)
        self.add("Concat", [outside, names], "logits", axis=2)

    def layer(self, x, w, prefix):
        """A BERT layer over one unpadded text."""

        def matrix(name, y):
            return self.linear(y, prefix + name, w[f"{prefix}{name}.weight"].T, w[f"{prefix}{name}.bias"])

        def split(y, perm):
            return self.add("Transpose", [self.add("Reshape", [y, "split"])], perm=perm)

        def norm(y, name):
            constants = [self.constant(f"{prefix}{name}.{part}", w[f"{prefix}{name}.{part}"]) for part in ("weight", "bias")]
            return self.add("LayerNormalization", [y, *constants], axis=-1, epsilon=1e-12)

        if not any(c.name == "split" for c in self.constants):
            self.constant("split", [0, 0, HEADS, H // HEADS], np.int64)
            self.constant("join", [0, 0, H], np.int64)
            self.constant("root", (H // HEADS) ** -0.5)
        q = self.add("Mul", [split(matrix("q", x), [0, 2, 1, 3]), "root"])
        k, v = split(matrix("k", x), [0, 2, 3, 1]), split(matrix("v", x), [0, 2, 1, 3])
        weights = self.add("Softmax", [self.add("MatMul", [q, k])], axis=-1)
        seen = self.add("Transpose", [self.add("MatMul", [weights, v])], perm=[0, 2, 1, 3])
        x = norm(self.add("Add", [x, matrix("o", self.add("Reshape", [seen, "join"]))]), "n1")
        return norm(self.add("Add", [x, matrix("d", self.gelu(matrix("i", x)))]), "n2")

    def save(self, layers, path):
        inputs = [(f"hidden_{n}", H) for n in layers] + [("forms", FORMS)]
        graph = helper.make_graph(
            self.nodes,
            "entities",
            [helper.make_tensor_value_info(n, T.FLOAT, ["batch", "sequence", d]) for n, d in inputs],
            [helper.make_tensor_value_info("logits", T.FLOAT, ["batch", "sequence", 7])],
            self.constants,
        )
        opset = [helper.make_opsetid("", 17)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=8, producer_name="leat-recipes")
        onnx.checker.check_model(model)
        onnx.save(model, path)


def save(kind, state, path, style):
    """state: the trained network's weights by name. style: how much like each training set names are labelled."""
    w, style = {k: v.double().numpy() for k, v in state.items()}, np.asarray(style, np.float64)
    writer = Writer(half=kind == "accurate")
    if kind == "fast":
        writer.head(["hidden_4", "hidden_6", "hidden_8"], w, style)
        writer.save((4, 6, 8), path)
        return
    forms, styled = np.split(w["forms.weight"], [FORMS], axis=1)
    x = writer.add("Add", ["hidden_6", writer.linear("forms", "forms_in", forms.T, styled @ style)])
    for number in range(2):
        x = writer.layer(x, w, f"layers.{number}.")
    writer.head([x, "hidden_4"], w, style, "head.")
    writer.save((4, 6), path)
