"""Trains the ACCURATE sentiment model, four layers of the encoder forked at hidden_8, and writes its INT8 graph.

    python top.py --cache CACHE --origin bge-small-en-v1.5.onnx --out FOLDER [--seeds 0,1,2]

The layers start as the encoder's last four; of the last one only the CLS row is computed. They are trained on the INT8
encoder's states (cache.py), in bfloat16, with graded targets, and quantised as the encoder is (quantise.py), so that a
text's result depends on no other text. A seed's trained weights are kept in CACHE/top-<seed>.pt and used again. The seed,
the end of training (last weights or their mean with those after three quarters) and the temperature are chosen on dev.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import TensorProto as T
from onnx import helper

from encoder import HEADS, HIDDEN, LAYERS, MS, Builder, origin_weights
from heads import accuracy, auc, best_temperature, calibration_error, interval, nll
from quantise import WIDE, LayerWriter, Texts, calibrate_layer
from states import session

FORKED = 4
PARTS = {"sentences": 2.0, "phrases": 1.0, "neutral": 1.0, "rt": 1.0}  # weight of a text in the loss
NAMES = {"o": "attention.output.dense", "i": "intermediate.dense", "d": "output.dense"}
NAMES |= {"ln1": "attention.output.LayerNorm", "ln2": "output.LayerNorm"}
QUERY_KEY_VALUE = ["attention.self." + n for n in ("query", "key", "value")]


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.o = nn.Linear(HIDDEN, 3 * HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.i, self.d = nn.Linear(HIDDEN, WIDE), nn.Linear(WIDE, HIDDEN)
        self.ln1, self.ln2 = (nn.LayerNorm(HIDDEN, eps=1e-12) for _ in range(2))

    def forward(self, x, bias, cls):
        def heads(y):
            return y.view(len(x), -1, HEADS, HIDDEN // HEADS).transpose(1, 2)

        if cls:
            weight, b = self.qkv.weight, self.qkv.bias
            query = F.linear(x[:, :1], weight[:HIDDEN], b[:HIDDEN])
            key, value = F.linear(x, weight[HIDDEN:], b[HIDDEN:]).split(HIDDEN, -1)
            rest = x[:, :1]
        else:
            query, key, value = self.qkv(x).split(HIDDEN, -1)
            rest = x
        scores = (heads(query) * (HIDDEN // HEADS) ** -0.5) @ heads(key).transpose(-1, -2) + bias.to(query.dtype)
        context = scores.softmax(-1).to(value.dtype) @ heads(value)
        rest = self.ln1(rest + self.o(context.transpose(1, 2).reshape(len(x), -1, HIDDEN)))
        return self.ln2(rest + self.d(F.gelu(self.i(rest))))


class Top(nn.Module):
    def __init__(self, origin):
        super().__init__()
        torch.manual_seed(0)  # the same beginning for every seed
        self.layers = nn.ModuleList([Layer() for _ in range(FORKED)])
        self.out = nn.Linear(HIDDEN, 2)
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.zeros_(self.out.bias)
        w = {k: torch.from_numpy(np.array(v)) for k, v in origin_weights(origin).items()}
        with torch.no_grad():
            for n, layer in enumerate(self.layers, LAYERS - FORKED):
                p = f"encoder.layer.{n}."
                layer.qkv.weight.copy_(torch.cat([w[p + n_ + ".weight"].T for n_ in QUERY_KEY_VALUE]))
                layer.qkv.bias.copy_(torch.cat([w[p + n_ + ".bias"] for n_ in QUERY_KEY_VALUE]))
                for mine, name in NAMES.items():
                    weight = w[p + name + ".weight"]
                    getattr(layer, mine).weight.copy_(weight.T if weight.dim() == 2 else weight)
                    getattr(layer, mine).bias.copy_(w[p + name + ".bias"])

    def forward(self, x, mask):
        bias = ((1 - mask) * -1e4)[:, None, None, :]
        for n, layer in enumerate(self.layers):
            x = layer(x, bias, n == FORKED - 1)
        return self.out(F.dropout(x[:, 0], 0.1, self.training))

    def named(self):
        """The layers' weights under the encoder's names, matrices for row vectors."""
        w = {}
        for n, layer in enumerate(self.layers, LAYERS - FORKED):
            p = f"encoder.layer.{n}."
            for name, weight, bias in zip(QUERY_KEY_VALUE, layer.qkv.weight.chunk(3), layer.qkv.bias.chunk(3)):
                w[p + name + ".weight"], w[p + name + ".bias"] = weight.T, bias
            for mine, name in NAMES.items():
                part = getattr(layer, mine)
                w[p + name + ".weight"] = part.weight.T if part.weight.dim() == 2 else part.weight
                w[p + name + ".bias"] = part.bias
        return {k: v.detach().float().contiguous() for k, v in w.items()}


class States:
    """The hidden_8 states of some cached sets, one text after the other."""

    def __init__(self, cache, names):
        self.parts = [np.load(cache / f"{n}.h8.npy", mmap_mode="r") for n in names]
        lengths = [np.load(cache / f"{n}.len.npy") for n in names]
        self.length = np.concatenate(lengths)
        self.part = np.concatenate([np.full(len(x), i) for i, x in enumerate(lengths)])
        self.start = np.concatenate([np.concatenate([[0], np.cumsum(x)[:-1]]) for x in lengths])

    def text(self, i):
        return self.parts[self.part[i]][self.start[i] : self.start[i] + self.length[i]]

    def batch(self, rows):
        x = np.zeros((len(rows), self.length[rows].max(), HIDDEN), np.float16)
        mask = np.zeros(x.shape[:2], np.float32)
        for row, i in enumerate(rows):
            x[row, : self.length[i]], mask[row, : self.length[i]] = self.text(i), 1
        return x, mask


def bucketed(states, rows, rng, size=64, pool=50):
    """Batches of texts of about equal length, in random order."""
    rows, batches = rng.permutation(rows), []
    for a in range(0, len(rows), pool * size):
        part = rows[a : a + pool * size]
        part = part[np.argsort(states.length[part], kind="stable")]
        batches += [part[b : b + size] for b in range(0, len(part), size)]
    rng.shuffle(batches)
    return batches


def train(cache, origin, seed, epochs=2, phrases=14000, neutral=2000, rate=1e-4):
    """Weights after three quarters and at the end. Each epoch has all sentences and other phrases; rt comes once."""
    states, top, rng = States(cache, list(PARTS)), Top(origin), np.random.default_rng(seed)
    torch.manual_seed(seed)
    labels = [np.load(cache / f"{n}.y.npy") for n in PARTS]
    p = torch.from_numpy(np.concatenate([y[:, 1] for y in labels]).astype(np.float32))
    targets = torch.stack([1 - p, p], 1)
    weight = torch.from_numpy(np.array(list(PARTS.values()), np.float32)[states.part])
    sentences, rt = (np.where(states.part == n)[0] for n in (0, 3))
    phrase_order = rng.permutation(np.where((states.part == 1) & (states.length >= 7))[0])
    neutral_order = rng.permutation(np.where((states.part == 2) & (states.length >= 5))[0])
    batches = []
    for e in range(epochs):
        parts = [phrase_order[e * phrases : (e + 1) * phrases], neutral_order[e * neutral : (e + 1) * neutral]]
        batches += bucketed(states, np.concatenate([sentences, *parts] + ([rt] if e == 0 else [])), rng)
    groups = [
        {
            "params": [v],
            "weight_decay": 0 if n.endswith("bias") or "ln" in n else 0.01,
            "base": rate * (1 if n.startswith("layers") else 5),
        }
        for n, v in top.named_parameters()
    ]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), eps=1e-6, fused=True)
    mean_weight, warm, kept = np.mean([weight[b].mean() for b in batches]), 0.06 * len(batches), []
    for step, rows in enumerate(batches):
        top.train()
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * min((step + 1) / warm, (len(batches) - step) / (len(batches) - warm))
        x, mask = (torch.from_numpy(v) for v in states.batch(rows))
        with torch.autocast("cpu", torch.bfloat16):
            z = top(x.bfloat16(), mask)
        loss = (F.cross_entropy(z.float(), targets[rows], reduction="none") * weight[rows]).mean() / mean_weight
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(top.parameters(), 1.0)
        optimizer.step()
        if step + 1 in (int(0.75 * len(batches)), len(batches)):
            kept.append({k: v.clone() for k, v in top.state_dict().items()})
    return kept


def by_length(states, tokens=4000):
    """Rows in batches of at most so many tokens, padding counted."""
    order, start = np.argsort(states.length, kind="stable"), 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end - start + 1) * states.length[order[end]] <= tokens:
            end += 1
        yield order[start:end]
        start = end


@torch.no_grad()
def margins(top, states):
    """Logit of POSITIVE less that of NEGATIVE."""
    top.eval()
    out = np.zeros(len(states.length))
    for rows in by_length(states):
        x, mask = (torch.from_numpy(v) for v in states.batch(rows))
        with torch.autocast("cpu", torch.bfloat16):
            z = top(x.bfloat16(), mask).double().numpy()
        out[rows] = z[:, 1] - z[:, 0]
    return out


@torch.no_grad()
def write(top, cache, path):
    """Quantises on sentences, phrases and texts that say nothing, all of the training data."""
    states, rng = States(cache, ["sentences", "phrases", "neutral"]), np.random.default_rng(0)
    chosen = [rng.choice(np.where(states.part == part)[0], n, False) for part, n in ((0, 220), (1, 60))]
    chosen = np.concatenate([*chosen, np.where(states.part == 2)[0][:40]])
    texts = Texts([[0] * int(states.length[i]) for i in chosen])
    full = small = torch.from_numpy(np.concatenate([states.text(i) for i in chosen]).astype(np.float32))
    w = top.named()
    b = Builder()
    to = LayerWriter(b, {k: v.numpy() for k, v in w.items()})
    b.node("Cast", ["attention_mask"], "mask_i32", to=T.INT32)
    b.texts_as("hidden_8")
    x = "hidden_8"
    for n in range(LAYERS - FORKED, LAYERS):
        found, full, small = calibrate_layer(w, n, texts, full, small)
        x = to.layer(n, found, x, n == LAYERS - 1)
    b.node("Squeeze", [x, b.integers(1)], "cls")
    b.node("MatMul", ["cls", to.fp32("logits.weight", top.out.weight.T.numpy())], "logits.product")
    b.node("Add", ["logits.product", to.fp32("logits.bias", top.out.bias.numpy())], "logits")
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        b.nodes,
        "sentiment-top",
        [
            value("hidden_8", T.FLOAT, ["batch", "sequence", HIDDEN]),
            value("attention_mask", T.INT64, ["batch", "sequence"]),
        ],
        [value("logits", T.FLOAT, ["batch", 2])],
        b.constants,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MS, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="leat-recipes")
    onnx.checker.check_model(model)
    onnx.save(model, path)


def run(graph, states, rows):
    x, mask = states.batch(rows)
    z = graph.run(["logits"], {"hidden_8": x.astype(np.float32), "attention_mask": mask.astype(np.int64)})[0]
    return z.astype(float)


def written_margins(path, states):
    graph, out = session(path), np.zeros(len(states.length))
    for rows in by_length(states):
        z = run(graph, states, rows)
        out[rows] = z[:, 1] - z[:, 0]
    return out


def invariance(path, states, count=64):
    """Texts alone against the same texts in one padded batch: logits with any different bit, the largest difference."""
    graph, rows = session(path), np.arange(count)
    together = run(graph, states, rows)
    alone = np.concatenate([run(graph, states, rows[i : i + 1]) for i in rows])
    return {
        "textsCompared": count,
        "withAnyDifferentBit": int((together != alone).any(1).sum()),
        "largest": float(np.abs(together - alone).max()),
    }


def sentiment(cache, origin, out, seeds):
    dev, dev_y = States(cache, ["sst-dev"]), np.load(cache / "sst-dev.y.npy")[:, 0]
    top, runs = Top(origin), []
    for seed in seeds:
        kept_at = cache / f"top-{seed}.pt"
        if not kept_at.exists():
            torch.save(train(cache, origin, seed), kept_at)
        kept = torch.load(kept_at)
        mean = {k: (kept[0][k] + kept[1][k]) / 2 for k in kept[0]}
        for ending, state in (("last", kept[1]), ("mean", mean)):
            top.load_state_dict(state)
            z = margins(top, dev)
            runs.append((-nll(z / best_temperature(z, dev_y), dev_y), seed, ending, state, accuracy(z, dev_y)))
            print("seed", seed, ending, "dev", [round(v, 4) for v in (runs[-1][0], runs[-1][4], auc(dev_y, z))], flush=True)
    each = [max((r for r in runs if r[1] == seed), key=lambda r: r[0]) for seed in seeds]
    best = max(each, key=lambda r: r[0])
    top.load_state_dict(best[3])
    write(top, cache, out / "model.onnx")
    report = {
        "seeds": seeds,
        "chosenSeed": best[1],
        "ending": best[2],
        "temperature": 1.0,
        "trained": {n: len(np.load(cache / f"{n}.len.npy")) for n in PARTS},
        "batchInvariance": invariance(out / "model.onnx", dev),
    }
    for name in ("sst-dev", "sst-test", "custrev"):
        states, y = States(cache, [name]), np.load(cache / f"{name}.y.npy")[:, 0]
        z = written_margins(out / "model.onnx", states)
        if name == "sst-dev":
            report["temperature"] = best_temperature(z, y)
        fp32 = []
        for *_, state, _ in each:
            top.load_state_dict(state)
            fp32.append(accuracy(margins(top, states), y))
        report[name] = {
            "n": len(y),
            "accuracy": accuracy(z, y),
            "interval": interval((z > 0) == (y > 0.5)),
            "auc": round(auc(y, z), 2),
            "calibrationError": round(calibration_error(z / report["temperature"], y), 2),
            "eachSeedBeforeQuantising": fp32,
            "shippedBeforeQuantising": fp32[seeds.index(best[1])],
            "meanOfSeeds": round(float(np.mean(fp32)), 2),
        }
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("cache", "origin", "out"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--seeds", default="0,1,2")
    a = parser.parse_args()
    torch.set_num_threads(1)
    folder = pathlib.Path(a.out)
    folder.mkdir(parents=True, exist_ok=True)
    started = time.time()
    report = sentiment(pathlib.Path(a.cache), a.origin, folder, [int(s) for s in a.seeds.split(",")])
    report["seconds"] = round(time.time() - started)
    (folder / "figures.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=1))
