"""Writes trained entity heads as ONNX graphs: token states and word forms of one text in, logits of seven labels out."""

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto as T
from onnx import helper

from encoder import MS, Builder
from entity_corpora import FORMS
from quantise import EXTRA_COLUMNS, LayerWriter, Texts, calibrate_layer, fit, rounded, split_plan, widened, widened_rows

H = 384
FORKED = (6, 7)  # the encoder's layers that ACCURATE goes on from, counted from 0
REACH = 5  # tokens that the convolution sees


class Writer(Builder):
    """Names the outputs of nodes by counting them."""

    def add(self, op, inputs, output=None, **attributes):
        return self.node(op, inputs, output or f"{op.lower()}_{len(self.nodes)}", **attributes)

    def fp32(self, name, value):
        return self.constant(name, np.asarray(value, np.float32))

    def linear(self, x, name, weight, bias=None):
        y = self.add("MatMul", [x, self.fp32(name + ".weight", weight)])
        return y if bias is None else self.add("Add", [y, self.fp32(name + ".bias", bias)])

    def gelu(self, x):
        half, root, one = (self.fp32(*c) for c in (("half_of", 0.5), ("root_half", 0.5**0.5), ("one", 1.0)))
        gate = self.add("Add", [self.add("Erf", [self.add("Mul", [x, root])]), one])
        return self.add("Mul", [self.add("Mul", [x, gate]), half])

    def fast(self, states, head):
        """The FAST head in fp32."""
        mix = np.concatenate([head.mix, head.forms])
        h = self.gelu(self.linear(self.add("Concat", [*states, "forms"], axis=2), "mix", mix, head.bias))
        turned = self.add("Transpose", [h], perm=[0, 2, 1])
        kernel = [self.fp32("around.weight", head.around), self.fp32("around.bias", head.around_bias)]
        z = self.add("Conv", [turned, *kernel], kernel_shape=[REACH], pads=[REACH // 2] * 2)
        self.labels(h, self.gelu(self.add("Transpose", [z], perm=[0, 2, 1])), head)

    def labels(self, h, z, head):
        """Logits of all tags; OTH is folded into O."""
        all_tags = self.linear(self.add("Concat", [h, z], axis=2), "out", head.out, head.out_bias)
        others = self.add("Gather", [all_tags, self.constant("others", np.array([0, 7, 8]))], axis=2)
        outside = self.add("ReduceLogSumExp", [others], axes=[2], keepdims=1)
        names = self.add("Gather", [all_tags, self.constant("names", np.arange(1, 7))], axis=2)
        self.add("Concat", [outside, names], "logits", axis=2)

    @torch.no_grad()
    def accurate(self, w, head, style, sample):
        """Two layers and the FAST head on them, quantised as the encoder is: layer by layer, on a sample of training texts."""
        to, texts = LayerWriter(self, {}, mask=""), sample.texts
        forms_in, styled = np.split(w["forms.weight"].T, [FORMS])
        self.texts_as("hidden_6")
        x = self.add("Add", ["hidden_6", self.linear("forms", "forms_in", forms_in, style @ styled)])
        full = small = sample.hidden_6 + sample.forms @ tensor(forms_in) + tensor(style @ styled)
        layers = encoder_names(w)
        to.w = {k: v.numpy() for k, v in layers.items()}
        for number in FORKED:
            found, full, small = calibrate_layer(layers, number, texts, full, small)
            x = to.layer(number, found, x, False)
        found = {"limits": {}, "extra": {}, "linear": {}}

        def site(tag, x, y, columns):
            low, high = torch.minimum(x.amin(0), y.amin(0)), torch.maximum(x.amax(0), y.amax(0))
            found["limits"][tag], found["extra"][tag] = split_plan(low, high, columns)
            return rounded(widened(y, found["extra"][tag]), found["limits"][tag])

        def fitted(tag, target, x, weight, bias):
            q, scale, bias = found["linear"][tag] = fit(target, x, weight, tensor(bias), texts.rows)
            return x @ (q * scale) + bias

        mix, of_forms = tensor(head.mix), sample.forms @ tensor(head.forms)
        full, small = (torch.cat([y, sample.hidden_4], 1) for y in (full, small))
        small = site("mix", full, small, EXTRA_COLUMNS)
        small = fitted("mix", full @ mix, small, widened_rows(mix, found["extra"]["mix"]), head.bias) + of_forms
        full, small = F.gelu(full @ mix + tensor(head.bias) + of_forms), F.gelu(small)
        small = site("around", full, small, 0)
        around = tensor(head.around.transpose(2, 1, 0).reshape(-1, len(head.around)))
        fitted("around", neighbours(full, texts) @ around, neighbours(small, texts), around, head.around_bias)

        states = self.add("Concat", [x, "hidden_4"], axis=2)
        y = to.product(to.quantise(states, "mixed", found, "mix"), "mix", found, "mix", "mix_states")
        h = self.gelu(self.add("Add", [y, self.linear("forms", "mix_forms", head.forms)]))
        h8, scale, zero = to.quantise(h, "near", found, "around")
        beside = REACH // 2
        h8 = self.add("Pad", [h8, self.integers(0, beside, 0, 0, beside, 0), zero])
        last = np.iinfo(np.int64).max
        ends = [self.integers(i + 1 - REACH) if i + 1 < REACH else self.integers(last) for i in range(REACH)]
        rows = [self.add("Slice", [h8, self.integers(i), end, self.integers(1)]) for i, end in enumerate(ends)]
        z = to.product((self.add("Concat", rows, axis=2), scale, zero), "around", found, "around", "around")
        self.labels(h, self.gelu(z), head)

    def save(self, layers, path):
        inputs = [(f"hidden_{n}", H) for n in layers] + [("forms", FORMS)]
        graph = helper.make_graph(
            self.nodes,
            "entities",
            [helper.make_tensor_value_info(n, T.FLOAT, ["batch", "sequence", d]) for n, d in inputs],
            [helper.make_tensor_value_info("logits", T.FLOAT, ["batch", "sequence", 7])],
            self.constants,
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MS, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="leat-recipes")
        onnx.checker.check_model(model)
        onnx.save(model, path)


class Head:
    """The FAST head's weights for row vectors; standardising and the style of labelling are folded into its first layer."""

    def __init__(self, w, style, prefix=""):
        scale, mean = w[prefix + "scale"], w[prefix + "mean"]
        mix, forms, styled = np.split(w[prefix + "mix.weight"].T, [len(scale), len(scale) + FORMS])
        self.mix, self.forms = mix * scale[:, None], forms
        self.bias = w[prefix + "mix.bias"] - mean @ self.mix + style @ styled
        self.around, self.around_bias = w[prefix + "around.weight"], w[prefix + "around.bias"]
        self.out, self.out_bias = w[prefix + "out.weight"].T, w[prefix + "out.bias"]


class Sample:
    """Token states and forms of some training texts, one text after the other."""

    def __init__(self, part, count=400):
        rows = np.random.default_rng(0).choice(len(part), count, False)
        self.texts = Texts([[0] * int(part.lengths[i]) for i in rows])
        self.texts.rows = torch.ones(len(self.texts.ids))  # all tokens are read, not CLS above all
        tokens = np.concatenate([np.arange(part.at[i], part.at[i + 1]) for i in rows])
        states = part.states[tokens].astype(np.float32)
        self.hidden_4, self.hidden_6 = torch.from_numpy(states[:, :H]), torch.from_numpy(states[:, H : 2 * H])
        self.forms = torch.from_numpy(part.forms[0][tokens].astype(np.float32))


def tensor(values):
    return torch.from_numpy(np.ascontiguousarray(values, np.float32))


def neighbours(x, texts):
    """Each token's row, those before and those after it; zeros outside the text."""
    out = []
    for a, b in zip(texts.bounds, texts.bounds[1:]):
        padded = F.pad(x[a:b], (0, 0, REACH // 2, REACH // 2))
        out.append(torch.cat([padded[i : i + b - a] for i in range(REACH)], 1))
    return torch.cat(out)


def encoder_names(w):
    """The two layers' weights under the encoder's names, matrices for row vectors."""
    names = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value"}
    names |= {"o": "attention.output.dense", "i": "intermediate.dense", "d": "output.dense"}
    names |= {"n1": "attention.output.LayerNorm", "n2": "output.LayerNorm"}
    return {
        f"encoder.layer.{number}.{name}.{part}": tensor(w[f"layers.{i}.{mine}.{part}"].T)
        for i, number in enumerate(FORKED)
        for mine, name in names.items()
        for part in ("weight", "bias")
    }


def save(kind, state, path, style, sample=None):
    """state: the trained network's weights by name. style: how much like each training set names are labelled."""
    w, style = {k: v.double().numpy() for k, v in state.items()}, np.asarray(style, np.float64)
    writer = Writer()
    if kind == "fast":
        writer.fast(["hidden_4", "hidden_6", "hidden_8"], Head(w, style))
        writer.save((4, 6, 8), path)
    else:
        writer.accurate(w, Head(w, style, "head."), style, sample)
        writer.save((4, 6), path)
