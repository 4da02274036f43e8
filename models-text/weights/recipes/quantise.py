"""Builds the static INT8 encoder graph from the fp32 origin.

    python quantise.py --origin bge-small-en-v1.5.onnx --tokenizer tokenizer.json --data DATA --out DIR/model.onnx

Layer by layer, on about 350 calibration texts:
- Inputs of the linear layers are uint8 with one fixed range each, so a text's result never depends on its batch. A few
  channels are far larger than the rest; what such a channel has above the range goes into extra columns
  relu(+-x - j * range) that share its weight row (for the wide FFN layer: extra units with a lower bias).
- Weights are int8 with one scale per column. Neighbouring rows 2i and 2i+1 never sum above 128 in either sign, so the
  16-bit sums of processors without VNNI cannot saturate and no range has to be given away for it.
- Before rounding, weights are refitted by ridge regression to the quantised inputs; afterwards the mean error goes
  into the bias. CLS rows count four times.
- The attention output projections of layers 10 and 11 stay in fp32: they lose most and cost little.
- The word table is int8 with one scale per row. Attention, softmax, GELU and layer norms are fp32.
"""

import argparse
import csv
import pathlib
import random

import numpy as np
import torch
import torch.nn.functional as F
from onnx import TensorProto as T
from tokenizers import Tokenizer

import corpora
from encoder import HEADS, HIDDEN, LAYERS, MS, POSITIONS, Builder, origin_weights

WIDE = 4 * HIDDEN
KEPT_FP32 = {(9, "o"), (10, "o")}  # 0-based layers
EXTRA_COLUMNS, EXTRA_UNITS, SLACK = 16, 32, 1.15
GELU_LOWEST = -0.17
CLS_WEIGHT = 4.0
ODD = [
    "b", "ok", "7", "...", "!", "?!", "??", ";", "&", "x", "e", "5", "1999", "$", "#tag", "the", "", "", " ",
    "http://test.example/x?y=1#z", "while (!queue.isEmpty()) { visit(queue.poll()); }",
    "INSERT INTO guests VALUES (1, 'bob');", "Übergröße façade señor", "中文句子测试", "Привет мир", "مرحبا",
    "party 🎉🚀", "no no no no no no", "<html><body><p>Hi</p></body></html>", "3.14159 2.71828", "IBM HP SAP AMD",
    "Prof. Jones sold 3,000 shares at $45.67 in 2019.", "ibuprofen 200 mg twice a day",
    "Exception in thread main java.lang.IllegalStateException", "{\"k\": {\"v\": 3}}", "What is the capital of France?",
    "Represent this sentence for searching relevant passages: how can I cancel my order", "E=mc^2 and F=ma",
    "\\frac{a}{b} + \\sqrt{c}", "北京 上海 东京", "γνῶθι σεαυτόν", "- item one\n- item two\n- item three",
    "key: value\nlist:\n  - a", "user@example.com called +1 (555) 010-9999", "AAAA BBBB CCCC", "of of of", "(((())))",
    "~/src/main.c:42: warning: unused variable", "SGVsbG8gd29ybGQ=", "de la du des les un une",
    "der die das und oder nicht", *["z" * n for n in (8, 20, 45, 70)], *["a " * n for n in (4, 20, 60)],
    "q" * 30 + " " + "w" * 25, "1" * 40, "-" * 30, "aaaaaaaaaa bbbbbbbbbb cccccccccc", "y" * 50, "k" * 48,
]  # fmt: skip


def calibration_texts(data):
    """Film reviews (SST train), news comments of all lengths and odd texts; nothing of any dev or test set."""
    rng = random.Random(7)
    reviews = rng.sample([t for t, _ in corpora.sst(data, "train")], 170)
    rows = csv.DictReader(open(pathlib.Path(data, "toxspans", "comments.csv"), encoding="utf8"))
    comments = rng.sample([r["comment_text"] for r in rows], 250)
    short = [" ".join(t.split()[: rng.randint(1, 6)]) for t in reviews[100:150]]
    long = [" ".join(comments[130 + 6 * i : 136 + 6 * i]) for i in range(20)]
    return reviews[:100] + comments[:110] + short + long + ODD


def split_plan(low, high, columns, gelu=False):
    """Range and extra columns (channel, sign, offset) for the largest channels, at most `columns` of them."""
    low, high = low.numpy(), high.numpy()

    def extra(r):
        found = []
        for c in range(len(high)):
            for sign, peak in ((1, high[c]), (-1, -low[c])):
                if peak * 1.02 > r and not (gelu and sign < 0):
                    found += [(c, sign, r * (j + 1)) for j in range(int(np.ceil(peak * SLACK / r - 1)))]
        return found

    if columns == 0:
        return (float(low.min()), float(high.max())), []
    a, b = 0.05, float(max(high.max(), -low.min())) * 1.05
    for _ in range(30):
        middle = (a + b) / 2
        a, b = (a, middle) if len(extra(middle)) <= columns else (middle, b)
    lowest = GELU_LOWEST if gelu else max(-b, float(low.min()) * SLACK)
    return (lowest, b), sorted(extra(b), key=lambda e: (e[2], e[0], e[1]))


def step(limits):
    scale = (limits[1] - limits[0]) / 255
    return scale, float(np.clip(round(-limits[0] / scale), 0, 255))


def rounded(x, limits):
    scale, zero = step(limits)
    return (torch.clamp(torch.round(x / scale) + zero, 0, 255) - zero) * scale


def widened(x, extra):
    if not extra:
        return x
    channel, sign, offset = (torch.tensor(v) for v in zip(*extra))
    return torch.cat([x, torch.relu(x[:, channel] * sign - offset.float())], 1)


def widened_rows(w, extra):
    return torch.cat([w, torch.stack([w[c] * s for c, s, _ in extra])], 0) if extra else w


def round_pairs(w, scale):
    """Nearest integers under the rule for neighbouring rows."""
    q = torch.clamp(torch.round(w / scale), -127, 127)
    end = len(q) // 2 * 2
    first, second = q[0:end:2], q[1:end:2]
    q[1:end:2] = torch.minimum(torch.maximum(second, -128 - first.clamp(max=0)), 128 - first.clamp(min=0))
    return q


def column_scales(w, importance):
    peak, best, scales = w.abs().amax(0).clamp(min=1e-8), None, None
    for factor in np.linspace(0.9, 1.9, 9):
        s = peak * float(factor) / 127
        error = ((round_pairs(w, s) * s - w) ** 2 * importance[:, None]).sum(0)
        if best is None:
            best, scales = error, s
        else:
            better = error < best
            best, scales = torch.where(better, error, best), torch.where(better, s, scales)
    return scales


def fit(target, x, w, bias, rows):
    """int8 weights, scales and bias such that x @ (q * s) + bias is near target + bias; rows weighs the tokens."""
    root, total = rows.sqrt()[:, None], rows.sum()
    centred = (x - (x * rows[:, None]).sum(0) / total) * root
    second = centred.T @ centred / len(x)
    diagonal = second.diagonal()
    error = target - x @ w
    error = (error - (error * rows[:, None]).sum(0) / total) * root
    ridge = second + diagonal.mean() * torch.eye(len(second))
    w = w + torch.linalg.solve(ridge, centred.T @ error / len(x))
    s = column_scales(w, diagonal)
    q = round_pairs(w, s)
    shift = ((target - x @ (q * s)) * rows[:, None]).sum(0) / total
    return q, s, bias + shift


class Texts:
    """All calibration tokens in one flat array; attention looks at one text at a time."""

    def __init__(self, id_lists):
        self.ids = torch.tensor([i for x in id_lists for i in x])
        self.positions = torch.cat([torch.arange(len(x)) for x in id_lists])
        self.bounds = np.cumsum([0] + [len(x) for x in id_lists])
        self.rows = 1 + (CLS_WEIGHT - 1) * (self.positions == 0).float()

    def attend(self, q, k, v):
        out = torch.zeros_like(q)
        for a, b in zip(self.bounds, self.bounds[1:]):
            heads = [t[a:b].view(b - a, HEADS, -1).transpose(0, 1) for t in (q, k, v)]
            out[a:b] = F.scaled_dot_product_attention(*heads).transpose(0, 1).reshape(b - a, HIDDEN)
        return out


@torch.no_grad()
def calibrate_layer(tensor, layer, texts, full, small):
    """Ranges, extra columns and integer weights of a layer's six products, and its outputs: full by the origin's
    arithmetic, small by that of the quantised graph. Takes both kinds of inputs."""
    p = f"encoder.layer.{layer}."
    names = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value"}
    names |= {"o": "attention.output.dense", "f1": "intermediate.dense", "f2": "output.dense"}
    weight = {s: tensor[p + n + ".weight"] for s, n in names.items()}
    bias = {s: tensor[p + n + ".bias"] for s, n in names.items()}
    found = {"limits": {}, "extra": {}, "linear": {}}

    def norm(x, name):
        return F.layer_norm(x, (HIDDEN,), tensor[name + ".weight"], tensor[name + ".bias"], 1e-12)

    def site(tag, x, y, columns):
        low, high = torch.minimum(x.amin(0), y.amin(0)), torch.maximum(x.amax(0), y.amax(0))
        found["limits"][tag], found["extra"][tag] = split_plan(low, high, columns)
        return rounded(widened(y, found["extra"][tag]), found["limits"][tag])

    def quantised(tag, target, x, w_, b_):
        q, s, b = found["linear"][tag] = fit(target, x, w_, b_, texts.rows)
        return x @ (q * s) + b

    x = site("x", full, small, EXTRA_COLUMNS)
    wide = {s: widened_rows(weight[s], found["extra"]["x"]) for s in "qkv"}
    attended_full = texts.attend(*(full @ weight[s] + bias[s] for s in "qkv"))
    attended = texts.attend(*(quantised(s, full @ weight[s], x, wide[s], bias[s]) for s in "qkv"))
    x = site("a", attended_full, attended, 0)
    out_full = attended_full @ weight["o"] + bias["o"]
    if (layer, "o") in KEPT_FP32:
        out = attended @ weight["o"] + bias["o"]
        found["linear"]["o"] = (weight["o"], None, bias["o"])
    else:
        out = quantised("o", attended_full @ weight["o"] + full - small, x, weight["o"], bias["o"])
    middle_full, middle = (norm(y, p + "attention.output.LayerNorm") for y in (out_full + full, out + small))
    x = site("n", middle_full, middle, EXTRA_COLUMNS)
    gelu_full = F.gelu(middle_full @ weight["f1"] + bias["f1"])
    found["limits"]["g"], units = split_plan(gelu_full.amin(0), gelu_full.amax(0), EXTRA_UNITS, gelu=True)
    channels, offsets = [u[0] for u in units], torch.tensor([float(u[2]) for u in units])
    first = torch.cat([weight["f1"], weight["f1"][:, channels]], 1)
    first_bias = torch.cat([bias["f1"], bias["f1"][channels] - offsets])
    gelu = F.gelu(quantised("f1", middle_full @ first, x, widened_rows(first, found["extra"]["n"]), first_bias))
    x = rounded(gelu, found["limits"]["g"])
    target = gelu_full @ weight["f2"] + middle_full - middle
    narrow = quantised("f2", target, x, widened_rows(weight["f2"], units), bias["f2"])
    full = norm(gelu_full @ weight["f2"] + bias["f2"] + middle_full, p + "output.LayerNorm")
    small = norm(narrow + middle, p + "output.LayerNorm")
    cos = F.cosine_similarity(full, small)
    print(f"layer {layer + 1}: token cosine mean {cos.mean():.5f}, lowest {cos.min():.5f}", flush=True)
    return found, full, small


@torch.no_grad()
def calibrate(w, texts):
    """Per layer the ranges, extra columns and integer weights of the six products; the word table; the places."""
    tensor = {k: torch.from_numpy(np.array(v, np.float32)) for k, v in w.items()}
    table = tensor["embeddings.word_embeddings.weight"]
    row_scale = table.abs().amax(1, keepdim=True) / 127
    table_q = torch.round(table / row_scale)
    place = tensor["embeddings.position_embeddings.weight"] + tensor["embeddings.token_type_embeddings.weight"][0]

    def embedded(words):
        x, name = words[texts.ids] + place[texts.positions], "embeddings.LayerNorm"
        return F.layer_norm(x, (HIDDEN,), tensor[name + ".weight"], tensor[name + ".bias"], 1e-12)

    full, small = embedded(table), embedded(table_q * row_scale)
    layers = []
    for layer in range(LAYERS):
        found, full, small = calibrate_layer(tensor, layer, texts, full, small)
        layers.append(found)
    return layers, table_q.numpy().astype(np.int8), row_scale.numpy(), place.numpy()


class LayerWriter:
    """Adds layers to a graph that knows the form of its texts. mask: the attention mask as int32, empty if there is no
    padding."""

    def __init__(self, builder, weights, mask="mask_i32"):
        self.b, self.w, self.mask = builder, weights, mask

    def fp32(self, name, value):
        return self.b.constant(name, np.asarray(value, np.float32))

    def norm(self, x, name, output):
        scale, bias = (self.fp32(f"{name}.{part}", self.w[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.b.norm_of_rows(x, scale, bias, output)

    def quantise(self, x, tag, found, site):
        """Extra columns and QuantizeLinear; returns the three inputs a product needs of it."""
        b, extra = self.b, found["extra"].get(site, [])
        if extra:
            channel, sign, offset = zip(*extra)
            y = b.node(
                "Gather", [x, b.constant(tag + ".channel", np.array(channel, np.int64))], tag + ".picked", axis=2
            )
            if min(sign) < 0:
                y = b.node("Mul", [y, self.fp32(tag + ".sign", sign)], tag + ".signed")
            y = b.node("Relu", [b.node("Sub", [y, self.fp32(tag + ".offset", offset)], tag + ".above")], tag + ".excess")
            x = b.node("Concat", [x, y], tag + ".wide", axis=2)
        scale, zero = step(found["limits"][site])
        scale, zero = self.fp32(tag + ".scale", scale), b.constant(tag + ".zero", np.array(zero, np.uint8))
        return b.node("QuantizeLinear", [x, scale, zero], tag + ".u8"), scale, zero

    def product(self, x, name, found, s, output, biased=True):
        q, column_scale, bias = found["linear"][s]
        x, scale, zero = x
        inputs = [
            x,
            self.b.constant(name + ".i8", q.numpy().astype(np.int8)),
            scale,
            self.fp32(name + ".scale", column_scale),
            zero,
        ]
        inputs += ["", self.fp32(name + ".bias", bias)] if biased else []
        return self.b.node("MatMulIntegerToFloat", inputs, output, MS)

    def layer(self, n, found, x, last):
        """Adds layer n (0-based) on x; of the last one only the CLS row is computed. Returns its output."""
        b, p = self.b, f"encoder.layer.{n}."
        xq = self.quantise(x, f"x{n}", found, "x")
        queried = xq
        if last:  # keys and values are needed for all tokens, everything else for the CLS row only
            x = b.first_row(x, "residual_cls")
            queried = (b.first_row(xq[0], "query_cls.u8"), *xq[1:])
        q = self.product(queried, f"query{n}", found, "q", f"q{n}")
        k, v = self.product(xq, f"key{n}", found, "k", f"k{n}"), self.product(xq, f"value{n}", found, "v", f"v{n}")
        a = b.node("MultiHeadAttention", [q, k, v, "", self.mask], f"context{n}", MS, num_heads=HEADS)
        if (n, "o") in KEPT_FP32:
            weight, _, bias = found["linear"]["o"]
            b.node("MatMul", [a, self.fp32(f"attended{n}.weight", weight)], f"attended{n}.product")
            b.node("Add", [f"attended{n}.product", self.fp32(f"attended{n}.bias", bias)], f"attended{n}")
        else:
            self.product(self.quantise(a, f"a{n}", found, "a"), f"out{n}", found, "o", f"attended{n}")
        rows = b.node("Add", [f"attended{n}", x], f"attended_sum{n}")
        if not last:  # the CLS row alone has this form already
            rows = b.as_rows(rows, f"attended_sum{n}.rows")
        middle = self.norm(rows, p + "attention.output.LayerNorm", f"middle{n}")
        self.product(self.quantise(middle, f"n{n}", found, "n"), f"wide{n}", found, "f1", f"wide{n}", biased=False)
        b.node("BiasGelu", [f"wide{n}", self.fp32(f"wide{n}.bias", found["linear"]["f1"][2])], f"gelu{n}", MS)
        self.product(self.quantise(f"gelu{n}", f"g{n}", found, "g"), f"narrow{n}", found, "f2", f"narrow{n}")
        b.node("Add", [f"narrow{n}", middle], f"output_sum{n}")
        rows = self.norm(f"output_sum{n}", p + "output.LayerNorm", f"h{n + 1}" if last else f"h{n + 1}.rows")
        return rows if last else b.as_texts(rows, f"h{n + 1}")


def write(w, layers, table, row_scale, place, path):
    b = Builder()
    to = LayerWriter(b, w)
    b.node("Cast", ["attention_mask"], "mask_i32", to=T.INT32)
    b.node("Gather", [b.constant("words.i8", table), "input_ids"], "word.i8")
    b.node("Gather", [to.fp32("words.scale", row_scale), "input_ids"], "word.scale")
    b.node("Cast", ["word.i8"], "word.units", to=T.FLOAT)
    b.node("Mul", ["word.units", "word.scale"], "word")
    b.node("Shape", ["input_ids"], "length", start=1, end=2)
    b.node("Slice", [to.fp32("places", place[:POSITIONS]), b.integers(0), "length", b.integers(0)], "place")
    b.node("Add", ["word", "place"], "embedded")
    b.texts_as("embedded")
    rows = to.norm(b.as_rows("embedded", "embedded.rows"), "embeddings.LayerNorm", "h0.rows")
    x, states = b.as_texts(rows, "h0"), {}
    for n, found in enumerate(layers):
        x = states[n + 1] = to.layer(n, found, x, n == LAYERS - 1)
    b.outputs(states, x)
    b.save(path, "bge-small-en-v1.5-int8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("origin", "tokenizer", "data", "out"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(arguments.tokenizer)
    tokenizer.no_padding()
    tokenizer.enable_truncation(POSITIONS)
    samples = Texts([tokenizer.encode(t).ids for t in calibration_texts(arguments.data)])
    print(len(samples.bounds) - 1, "calibration texts,", len(samples.ids), "tokens", flush=True)
    weights = origin_weights(arguments.origin)
    write(weights, *calibrate(weights, samples), arguments.out)
