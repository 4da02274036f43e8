"""Builds the EXACT encoder graph, and holds what both encoder graphs share: their outputs and the origin's weights.

    python encoder.py --origin bge-small-en-v1.5.onnx --out DIR/model.onnx

Weights are stored as fp16 (all of them are exactly representable, which is checked) and cast to fp32 when the graph is
loaded. The last layer is computed for the CLS row only.
"""

import argparse

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

LAYERS, HIDDEN, HEADS, POSITIONS = 12, 384, 12, 512
POOLED = (8, 9, 10, 11)
TOKEN_STATES = (4, 6, 8)
MS = "com.microsoft"


class Builder:
    """Collects nodes and constants of one graph."""

    def __init__(self, nodes=(), constants=()):
        self.nodes, self.constants = list(nodes), list(constants)
        self.known = {c.name for c in self.constants}

    def constant(self, name, value):
        if name not in self.known:
            self.known.add(name)
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op, inputs, output, domain="", **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def integers(self, *values):
        return self.constant("int." + ".".join(map(str, values)), np.array(values, np.int64))

    def first_row(self, x, output):
        return self.node("Slice", [x, self.integers(0), self.integers(1), self.integers(1)], output)

    def as_rows(self, x, output):
        """[batch, sequence, hidden] as [tokens, 1, hidden]."""
        return self.node("Reshape", [x, self.integers(-1, 1, HIDDEN)], output)

    def texts_as(self, states):
        """States the form that as_texts gives back: that of these states."""
        self.node("Shape", [states], "state_shape")

    def as_texts(self, rows, output):
        """[tokens, 1, hidden] as [batch, sequence, hidden]."""
        return self.node("Reshape", [rows, "state_shape"], output)

    def norm_of_rows(self, x, scale, bias, output):
        """Layer norm of [tokens, 1, hidden]. Not LayerNormalization: that operator's arithmetic differs between versions
        of ONNX Runtime, and that of 1.28 takes four times as long. The instance norm of a token that is a batch of its
        own is the same thing, with the same bits in every version that was tried."""
        one, none = self.constant("norm.scale", np.ones(1, np.float32)), self.constant("norm.bias", np.zeros(1, np.float32))
        y = self.node("InstanceNormalization", [x, one, none], output + ".normed", epsilon=1e-12)
        return self.node("Add", [self.node("Mul", [y, scale], output + ".scaled"), bias], output)

    def outputs(self, states, last):
        """Adds the contract's outputs; states[l] names the output of layer l (1-based), last the CLS row."""
        self.node("Cast", ["attention_mask"], "mask_f", to=T.FLOAT)
        self.node("Unsqueeze", ["mask_f", self.integers(1)], "mask_row")
        self.node("ReduceSum", ["mask_row", self.integers(2)], "token_count", keepdims=1)
        self.node("Concat", ["mask_row", "mask_row"], "mask_rows", axis=1)
        cls, mean = [], []
        for layer in POOLED:
            h = states[layer]
            cls.append(self.first_row(h, f"pool{layer}_cls"))
            # A product with the mask, in two equal rows: unlike ReduceSum or a product with one row it adds the
            # tokens in the same order whatever the padding, so a text has the same means alone and in a batch.
            self.node("MatMul", ["mask_rows", h], f"pool{layer}_sums")
            self.first_row(f"pool{layer}_sums", f"pool{layer}_sum")
            mean.append(self.node("Div", [f"pool{layer}_sum", "token_count"], f"pool{layer}_mean"))
        self.node("Concat", cls, "layer_cls", axis=1)
        self.node("Concat", mean, "layer_mean", axis=1)
        self.node("Squeeze", [last, self.integers(1)], "sentence_embedding")
        for layer in TOKEN_STATES:
            self.node("Identity", [states[layer]], f"hidden_{layer}")

    def save(self, path, name):
        def value(n, kind, *shape):
            return helper.make_tensor_value_info(n, kind, list(shape))

        pooled = len(POOLED)
        graph = helper.make_graph(
            self.nodes,
            name,
            [value(n, T.INT64, "batch", "sequence") for n in ("input_ids", "attention_mask")],
            [
                value("sentence_embedding", T.FLOAT, "batch", HIDDEN),
                value("layer_cls", T.FLOAT, "batch", pooled, HIDDEN),
                value("layer_mean", T.FLOAT, "batch", pooled, HIDDEN),
                *[value(f"hidden_{n}", T.FLOAT, "batch", "sequence", HIDDEN) for n in TOKEN_STATES],
            ],
            self.constants,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(MS, 1)],
            ir_version=8,
            producer_name="leat-recipes",
        )
        onnx.checker.check_model(model)
        onnx.save(model, path)


def origin_weights(origin):
    """Named weights of the fp32 origin; matrices are keyed by the path of the node that multiplies by them."""
    graph = onnx.load(origin).graph
    named = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    weights = {k: v for k, v in named.items() if not k.startswith("onnx::")}
    for n in graph.node:
        if n.op_type == "MatMul" and n.input[1] in named:
            key = n.name.removesuffix("/MatMul").strip("/").replace("/", ".") + ".weight"
            weights[key] = named[n.input[1]]
    for name, w in weights.items():
        half = w.astype(np.float16)
        if w.dtype == np.float32 and not np.array_equal(half.astype(np.float32), w):
            raise SystemExit(f"{name} is not exactly representable as fp16")
    return weights


def exact(origin, path):
    w = origin_weights(origin)
    b = Builder()

    def weight(name):
        half = b.constant(name + ".f16", w[name].astype(np.float16))
        if name not in b.known:
            b.known.add(name)
            b.node("Cast", [half], name, to=T.FLOAT)
        return name

    def linear(x, name, output):
        b.node("MatMul", [x, weight(name + ".weight")], output + ".product")
        return b.node("Add", [output + ".product", weight(name + ".bias")], output)

    def norm(x, name, output):
        scale, bias = weight(name + ".weight"), weight(name + ".bias")
        return b.node("LayerNormalization", [x, scale, bias], output, axis=-1, epsilon=1e-12)

    b.node("Cast", ["attention_mask"], "mask_i32", to=T.INT32)
    words = b.constant("words.f16", w["embeddings.word_embeddings.weight"].astype(np.float16))
    b.node("Gather", [words, "input_ids"], "word.f16")
    b.node("Cast", ["word.f16"], "word", to=T.FLOAT)
    token_type = w["embeddings.token_type_embeddings.weight"][0]
    b.node("Add", ["word", b.constant("token_type", token_type)], "word_typed")
    b.node("Shape", ["input_ids"], "length", start=1, end=2)
    positions = weight("embeddings.position_embeddings.weight")
    b.node("Slice", [positions, b.integers(0), "length", b.integers(0)], "position")
    b.node("Add", ["word_typed", "position"], "embedded")
    x = norm("embedded", "embeddings.LayerNorm", "h0")
    states = {}
    for layer in range(LAYERS):
        p, last = f"encoder.layer.{layer}.", layer == LAYERS - 1
        q, k, v = (linear(x, f"{p}attention.self.{n}", f"{n}{layer}") for n in ("query", "key", "value"))
        b.node("MultiHeadAttention", [q, k, v, "", "mask_i32"], f"context{layer}", MS, num_heads=HEADS)
        context = f"context{layer}"
        if last:  # everything after the attention is needed for the CLS row only
            context, x = b.first_row(context, "context_cls"), b.first_row(x, "residual_cls")
        linear(context, p + "attention.output.dense", f"attended{layer}")
        b.node("Add", [f"attended{layer}", x], f"attended_sum{layer}")
        middle = norm(f"attended_sum{layer}", p + "attention.output.LayerNorm", f"middle{layer}")
        b.node("MatMul", [middle, weight(p + "intermediate.dense.weight")], f"wide{layer}")
        b.node("BiasGelu", [f"wide{layer}", weight(p + "intermediate.dense.bias")], f"gelu{layer}", MS)
        linear(f"gelu{layer}", p + "output.dense", f"narrow{layer}")
        b.node("Add", [f"narrow{layer}", middle], f"output_sum{layer}")
        x = states[layer + 1] = norm(f"output_sum{layer}", p + "output.LayerNorm", f"h{layer + 1}")
    b.outputs(states, x)
    b.save(path, "bge-small-en-v1.5-exact")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--origin", required=True)
    parser.add_argument("--out", required=True)
    a = parser.parse_args()
    exact(a.origin, a.out)
