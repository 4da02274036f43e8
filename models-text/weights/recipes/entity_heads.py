"""Trains the two entity heads on cached token states and measures them.

    python entity_heads.py fast     --cache CACHE --out FOLDER
    python entity_heads.py accurate --cache CACHE --origin bge-small-en-v1.5.onnx --out FOLDER

The seed, the weight of the transitions and the temperature are chosen on dev. WNUT17's test part and the held-out
part of wikigold are read once, at the end.
"""

import argparse
import json
import math
import pathlib
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from entity_corpora import CLASSES, FORMS, NO_OTHERS, TAGS

H, HEADS, INNER = 384, 12, 1536
LABELS = TAGS[:7]  # what ships: OTH is folded into O
VARIANTS = ("", "lower", "upper", "title")
SHARES = (0.82, 0.1, 0.04, 0.04)  # how often a training text is seen as written, lower-cased, ...
CONTINUED = 0.3  # weight of word pieces that begin no word
SOURCES = ("wnut", "btc", "wikigold", "re3d")  # each set has habits of its own, so heads are told which one a text is from
NAMELESS = 0.15  # how often they are not told
MARGINS = {"fast": 0.0, "accurate": 0.3}  # how much of F1 on dev may be given for being better on all sets
STYLES = {"none": (0, 0, 0, 0), "wnut": (1, 0, 0, 0), "wikigold": (0, 0, 1, 0), "both": (0.5, 0, 0.5, 0)}


class Part:
    def __init__(self, cache, name):
        folder = pathlib.Path(cache)
        flat = np.load(folder / f"entity-{name}.npz")
        self.states = np.load(folder / f"entity-{name}.states.npy", mmap_mode="r")
        self.lengths = flat["lengths"]
        self.at = np.concatenate([[0], np.cumsum(self.lengths)])
        self.labels, self.given, self.first = flat["labels"].astype(np.int64), flat["given"], flat["first"]
        self.forms = [flat["forms" + v] for v in VARIANTS]
        rows = json.load(open(folder / f"entity-{name}.json"))
        self.sets = [r[0] for r in rows]
        self.tags = [r[1] for r in rows]
        self.style = STYLES["none"]

    def standardised(self, net):
        """Replaces the states by those that a FAST head sees."""
        mean, scale = net.mean.numpy(), net.scale.numpy()
        out = np.empty(self.states.shape, np.float16)
        for i in range(0, len(out), 8192):
            out[i : i + 8192] = (self.states[i : i + 8192] - mean) * scale
        self.states = out
        return self

    def __len__(self):
        return len(self.lengths)

    def batch(self, rows, rng=None):
        """states, forms, mask, labels and loss weights of some texts, padded."""
        length = int(self.lengths[rows].max())
        x = np.zeros((len(rows), length, self.states.shape[1]), np.float32)
        f = np.zeros((len(rows), length, FORMS + len(SOURCES)), np.float32)
        m = np.zeros((len(rows), length), np.float32)
        y = np.full((len(rows), length), -1, np.int64)
        w = np.zeros((len(rows), length), np.float32)
        for k, i in enumerate(rows):
            s, n = slice(self.at[i], self.at[i + 1]), self.lengths[i]
            variant = 0 if rng is None else rng.choice(len(VARIANTS), p=SHARES)
            x[k, :n], f[k, :n, :FORMS], m[k, :n] = self.states[s], self.forms[variant][s], 1
            if rng is None:
                f[k, :n, FORMS:] = self.style
            elif rng.random() >= NAMELESS:
                f[k, :n, FORMS + SOURCES.index(self.sets[i])] = 1
            y[k, :n] = self.labels[s]
            w[k, :n] = np.where(self.labels[s] < 0, 0, np.where(self.first[s], 1, CONTINUED))
            if self.sets[i] in NO_OTHERS:
                y[k, :n][y[k, :n] == 0] = len(TAGS)  # O or OTH
        return [torch.from_numpy(a) for a in (x, f, m, y, w)]


class Fast(nn.Module):
    """Standardised token states of some layers and the words' forms -> convolution over five tokens -> logits."""

    def __init__(self, width=160, around=128, inputs=3 * H, d1=0.2, d2=0.3):
        super().__init__()
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("scale", torch.ones(inputs))
        self.d1, self.d2 = d1, nn.Dropout(d2)
        self.mix = nn.Linear(inputs + FORMS + len(SOURCES), width)
        self.around = nn.Conv1d(width, around, 5, padding=2)
        self.out = nn.Linear(width + around, len(TAGS))

    def forward(self, x, forms, mask):
        weight = self.mix.weight
        if self.training:  # whole inputs are dropped, for all tokens of a batch: as good, and a tenth of the work
            kept = (torch.rand(x.shape[-1]) >= self.d1).float() / (1 - self.d1)
            weight = weight * torch.cat([kept, torch.ones(FORMS + len(SOURCES))])
        h = self.d2(F.gelu(F.linear(torch.cat([x, forms], -1), weight, self.mix.bias))) * mask[..., None]
        z = F.gelu(self.around(h.transpose(1, 2)).transpose(1, 2))
        return self.out(torch.cat([h, self.d2(z)], -1))

    def macs(self):
        """Multiplications for a token."""
        return sum(p.numel() for p in self.parameters() if p.dim() > 1)


class Layer(nn.Module):
    """A BERT layer."""

    def __init__(self, drop=0.1):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(H, H) for _ in range(4))
        self.n1, self.n2 = nn.LayerNorm(H, eps=1e-12), nn.LayerNorm(H, eps=1e-12)
        self.i, self.d, self.drop = nn.Linear(H, INNER), nn.Linear(INNER, H), drop

    def forward(self, x, bias):
        def split(y):
            return y.view(*x.shape[:2], HEADS, H // HEADS).transpose(1, 2)

        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        a = self.o(a.transpose(1, 2).reshape(x.shape))
        x = self.n1(x + F.dropout(a, self.drop, self.training))
        return self.n2(x + F.dropout(self.d(F.gelu(self.i(x))), self.drop, self.training))


class Accurate(nn.Module):
    """Copies of layers 7 and 8 on layer 6's states, the words' forms added, then the FAST head on top."""

    def __init__(self, layers, width=192, around=192):
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.forms = nn.Linear(FORMS + len(SOURCES), H, bias=False)
        nn.init.zeros_(self.forms.weight)
        self.head = Fast(width, around, 2 * H, 0.1, 0.3)

    def forward(self, x, forms, mask):
        low, h = x[..., :H], x[..., H : 2 * H] + self.forms(forms)
        bias = ((1 - mask) * -1e4)[:, None, None, :]
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            for layer in self.layers:
                h = layer(h, bias)
        x = (torch.cat([h.float(), low], -1) - self.head.mean) * self.head.scale
        return self.head(x, forms, mask)

    def macs(self):
        return sum(p.numel() for p in self.parameters() if p.dim() > 1)


def origin_layers(path, numbers):
    """Layers of the fp32 origin, counted from 0."""
    from encoder import origin_weights

    w = {k: torch.from_numpy(np.array(v)) for k, v in origin_weights(path).items()}
    linear = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "o": "attention.output.dense", "i": "intermediate.dense", "d": "output.dense",
    }  # fmt: skip
    norms = {"n1": "attention.output.LayerNorm", "n2": "output.LayerNorm"}
    layers = []
    for number in numbers:
        layer, prefix = Layer(), f"encoder.layer.{number}."
        state = {f"{mine}.weight": w[f"{prefix}{name}.weight"].T for mine, name in linear.items()}
        state |= {f"{mine}.weight": w[f"{prefix}{name}.weight"] for mine, name in norms.items()}
        state |= {f"{mine}.bias": w[f"{prefix}{name}.bias"] for mine, name in (linear | norms).items()}
        layer.load_state_dict(state)
        layers.append(layer)
    return layers


# ---------------------------------------------------------------- decoding and measuring


def folded(z):
    """Logits of all tags to logits of the shipped labels."""
    return np.concatenate([np.logaddexp.reduce(z[:, [0, 7, 8]], 1, keepdims=True), z[:, 1:7]], 1)


def transitions(part):
    """log P(label | label before) - log P(label) over the training texts, -inf where a label may not follow."""
    n = len(LABELS)
    pairs, single = np.ones((n, n)), np.ones(n)
    for tags in part.tags:
        y = [LABELS.index(t) if t in LABELS else 0 for t in tags]
        for a, b in zip(y, y[1:]):
            pairs[a, b] += 1
        for a in y:
            single[a] += 1
    table = np.log(pairs / pairs.sum(1, keepdims=True)) - np.log(single / single.sum())
    for b, label in enumerate(LABELS):
        for a, before in enumerate(LABELS):
            if label[0] == "I" and before[2:] != label[2:]:
                table[a, b] = -np.inf
    return table


def viterbi(scores, table):
    """The best path; a text may not begin with an I label."""
    begin = np.array([-np.inf if label[0] == "I" else 0.0 for label in LABELS])
    best, back = scores[0] + begin, []
    for row in scores[1:]:
        step = best[:, None] + table
        back.append(step.argmax(0))
        best = step.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def log_softmax(z):
    return z - np.logaddexp.reduce(z, -1, keepdims=True)


def spans(tags):
    found, start = set(), None
    for i, t in enumerate([*tags, "O"]):
        if start is not None and (t[0] != "I" or t[2:] != tags[start][2:]):
            found.add((start, i, tags[start][2:]))
            start = None
        if t != "O" and start is None:
            start = i
    return {s for s in found if s[2] != "OTH"}


@torch.no_grad()
def predict(net, part, tokens=4000, variant=0):
    net.eval()
    out, order, start = [None] * len(part), np.argsort(part.lengths, kind="stable"), 0
    plain, part.forms[0] = part.forms[0], part.forms[variant]
    while start < len(order):
        end = start + 1
        while end < len(order) and part.lengths[order[end]] * (end - start + 1) <= tokens:
            end += 1
        rows = order[start:end]
        x, f, m, _, _ = part.batch(rows)
        z = net(x, f, m).double().numpy()
        for k, i in enumerate(rows):
            out[i] = folded(z[k, : part.lengths[i]])
        start = end
    part.forms[0] = plain
    return out


def decode(part, logits, table):
    """Tags of the given words of each text: words are decoded at their first piece, then read where one begins."""
    tags = []
    for i, z in enumerate(logits):
        s = slice(part.at[i], part.at[i + 1])
        first, given = part.first[s], part.given[s][part.first[s]]
        y = ["O"] * len(part.tags[i])
        if first.any():
            for g, label in zip(given, viterbi(log_softmax(z[first]), table)):
                if g >= 0:
                    y[g] = LABELS[label]
        tags.append(y)
    return tags


def counts(part, tags, kinds=("PER", "LOC", "ORG")):
    rows = []
    for predicted, gold in zip(tags, part.tags):
        a = {s for s in spans(predicted) if s[2] in kinds}
        b = {s for s in spans(gold) if s[2] in kinds}
        rows.append((len(a & b), len(a - b), len(b - a)))
    return np.array(rows)


def f1(rows):
    tp, fp, fn = rows.sum(0)
    return float(200 * tp / max(1, 2 * tp + fp + fn))


def bootstrap(rows, times=2000):
    rng = np.random.default_rng(0)
    drawn = sorted(f1(rows[rng.integers(0, len(rows), len(rows))]) for _ in range(times))
    return [round(drawn[int(times * 0.025)], 2), round(drawn[int(times * 0.975)], 2)]


def dev_scores(dev, tags):
    rows, sets = counts(dev, tags), np.array(dev.sets)
    return {s: round(f1(rows[sets == s]), 2) for s in ("wnut", "btc", "wikigold", "re3d")}


def choose(scores):
    """What a model is chosen by: the two sets that the test sets resemble."""
    return (scores["wnut"] + scores["wikigold"]) / 2


def preferred(tried, margin):
    """The best key of tried, whose first part is what choose gave; of those within margin the best on all four sets."""
    near = [key for key in tried if key[0] >= max(tried)[0] - margin]
    return max(near, key=lambda key: sum(tried[key].values())) if margin else max(near)


def train(net, part, dev, seed, epochs, rate, size, groups=None, table=None, log=""):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    groups = groups or [dict(params=list(net.parameters()), lr=rate)]
    for g in groups:
        g["base"] = g["lr"]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01)
    steps, step, started = epochs * math.ceil(len(part) / size), 0, time.time()
    for epoch in range(epochs):
        net.train()
        order, batches = rng.permutation(len(part)), []
        for a in range(0, len(order), 50 * size):
            pool = order[a : a + 50 * size]
            pool = pool[np.argsort(part.lengths[pool], kind="stable")]
            batches += [pool[b : b + size] for b in range(0, len(pool), size)]
        rng.shuffle(batches)
        total = 0.0
        for rows in batches:
            step += 1
            factor = min(step / (0.1 * steps), (steps - step) / (0.9 * steps))
            for g in optimizer.param_groups:
                g["lr"] = g["base"] * max(0.0, factor)
            x, f, m, y, w = part.batch(rows, rng)
            p = F.log_softmax(net(x, f, m), -1)
            p = torch.cat([p, torch.logsumexp(p[..., [0, 7, 8]], -1, keepdim=True)], -1)
            loss = -(p.gather(-1, y.clamp(min=0)[..., None])[..., 0] * w).sum() / w.sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            total += loss.item()
        print(f"{log} seed {seed} epoch {epoch} loss {total / len(batches):.4f} {time.time() - started:.0f} s", flush=True)
    for name, style in STYLES.items():
        dev.style = style
        scores = dev_scores(dev, decode(dev, predict(net, dev), table))
        print(f"{log} seed {seed} {name} dev {scores} {choose(scores):.2f}", flush=True)
    return net


def standardise(net, part, rows=30000):
    """Lets a head see inputs of mean 0 and deviation 1."""
    x = np.asarray(part.states[:rows], np.float32)
    if isinstance(net, Accurate):
        net, x = net.head, np.concatenate([x[:, H : 2 * H], x[:, :H]], 1)
    net.mean.copy_(torch.from_numpy(x.mean(0)))
    net.scale.copy_(torch.from_numpy(1 / (x.std(0) + 1e-6)))


def constraints(table):
    return np.where(np.isinf(table), -np.inf, 0.0)


# ---------------------------------------------------------------- the finished graphs


def run(path, part):
    """Logits of the exported graph, one text a call."""
    from states import session

    s = session(path)
    names = {i.name for i in s.get_inputs()}
    out = []
    for i in range(len(part)):
        rows = slice(part.at[i], part.at[i + 1])
        x = np.asarray(part.states[rows], np.float32)
        feeds = {f"hidden_{n}": x[None, :, k * H : (k + 1) * H] for k, n in enumerate((4, 6, 8))}
        feeds = {k: v for k, v in feeds.items() if k in names} | {"forms": part.forms[0][None, rows].astype(np.float32)}
        out.append(s.run(["logits"], feeds)[0][0].astype(np.float64))
    return out


def best_temperature(part, logits):
    """Fits the probabilities of words' labels to dev."""
    z, y = [], []
    for i, each in enumerate(logits):
        rows = slice(part.at[i], part.at[i + 1])
        use = part.first[rows] & (part.labels[rows] >= 0)
        z.append(each[use])
        y.append(np.where(part.labels[rows][use] > 6, 0, part.labels[rows][use]))
    z, y = np.concatenate(z), np.concatenate(y)
    grid = np.exp(np.linspace(-1, 1, 81))
    losses = [-log_softmax(z / t)[np.arange(len(y)), y].mean() for t in grid]
    return round(float(grid[int(np.argmin(losses))]), 4)


def scaled(table, weight):
    return np.where(np.isinf(table), -np.inf, np.where(np.isinf(table), 0, table) * weight)


def figures(part, logits, table, temperature):
    tags = decode(part, [z / temperature for z in logits], table)
    rows = counts(part, tags)
    report = {"texts": len(part), "f1": round(f1(rows), 2), "interval95": bootstrap(rows)}
    for kind, name in (("PER", "person"), ("LOC", "location"), ("ORG", "organization")):
        tp, fp, fn = counts(part, tags, (kind,)).sum(0)
        touched = sum(
            sum(any(p[0] < g[1] and g[0] < p[1] for p in spans(a)) for g in spans(b) if g[2] == kind)
            for a, b in zip(tags, part.tags)
        )
        report[name] = {
            "entities": int(tp + fn),
            "f1": round(float(200 * tp / max(1, 2 * tp + fp + fn)), 2),
            "precision": round(float(100 * tp / max(1, tp + fp)), 2),
            "recall": round(float(100 * tp / max(1, tp + fn)), 2),
            "recallOfAnyPart": round(float(100 * touched / max(1, tp + fn)), 2),
        }
    return report


def network(kind, origin):
    from entity_graphs import FORKED

    return Fast() if kind == "fast" else Accurate(origin_layers(origin, FORKED))


def build(kind, cache, origin, out, seeds):
    import entity_graphs

    part = Part(cache, "train")
    dev = Part(cache, "dev")
    table = transitions(part)
    raw = Part(cache, "dev")
    sample = entity_graphs.Sample(part) if kind == "accurate" else None
    prepared, runs = None, []
    for seed in seeds:
        path = out / f"seed-{seed}.pt"
        torch.manual_seed(seed)
        net = network(kind, origin)
        if path.exists():
            net.load_state_dict(torch.load(path))
        else:
            if prepared is None:
                standardise(net, part)
                target = net if kind == "fast" else net.head
                prepared = target.mean.clone(), target.scale.clone()
                if kind == "fast":
                    part.standardised(net)
                    dev.standardised(net)
            target = net if kind == "fast" else net.head
            target.mean.copy_(prepared[0])
            target.scale.copy_(prepared[1])
            groups, epochs = None, 3
            if kind == "accurate":
                layers = [p for n, p in net.named_parameters() if n.startswith("layers")]
                rest = [p for n, p in net.named_parameters() if not n.startswith("layers")]
                groups, epochs = [dict(params=layers, lr=2e-4), dict(params=rest, lr=1e-3)], 2
            train(net, part, dev, seed, epochs, 2e-3, 32, groups, constraints(table), kind)
            torch.save(net.state_dict(), path)
        graph = out / f"seed-{seed}.onnx"
        tried = {}
        for name, style in STYLES.items():
            entity_graphs.save(kind, net.state_dict(), graph, style, sample)
            logits = run(graph, raw)
            for weight in (0.0, 0.25, 0.5):
                scores = dev_scores(raw, decode(raw, logits, scaled(table, weight)))
                tried[choose(scores), name, weight] = scores
        key = preferred(tried, MARGINS[kind])
        entity_graphs.save(kind, net.state_dict(), graph, STYLES[key[1]], sample)
        temperature = best_temperature(raw, run(graph, raw))
        runs.append((key[0], seed, key[1], key[2], temperature, tried[key], net.macs()))
        print(runs[-1], flush=True)
    best = max(runs)
    report = {
        "seeds": seeds,
        "chosenSeed": best[1],
        "style": best[2],
        "dev": {str(r[1]): r[5] for r in runs},
        "perSeed": {},
    }
    for name in ("wnut17", "wikigold"):
        held = Part(cache, name)
        each = {}
        for _, seed, _, weight, temperature, _, _ in runs:
            each[seed] = figures(held, run(out / f"seed-{seed}.onnx", held), scaled(table, weight), temperature)
        report[name] = each[best[1]]
        report["perSeed"][name] = {str(s): f["f1"] for s, f in each.items()}
        report["perSeed"][name]["mean"] = round(float(np.mean([f["f1"] for f in each.values()])), 2)
    chosen = scaled(table, best[3])
    report["multiplicationsPerToken"] = best[6]
    report["parameters"] = {
        "temperature": best[4],
        "transitions": {
            a: {b: round(float(v), 4) + 0.0 for b, v in zip(LABELS, row) if not np.isinf(v)}
            for a, row in zip(LABELS, chosen)
        },
    }
    (out / "model.onnx").write_bytes((out / f"seed-{best[1]}.onnx").read_bytes())
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", choices=["fast", "accurate"])
    parser.add_argument("--cache", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--origin", help="the fp32 encoder, for the layers that accurate starts from")
    parser.add_argument("--seeds", default="0,1,2")
    a = parser.parse_args()
    torch.set_num_threads(1)
    folder = pathlib.Path(a.out)
    folder.mkdir(parents=True, exist_ok=True)
    report = build(a.head, a.cache, a.origin, folder, [int(s) for s in a.seeds.split(",")])
    (folder / "figures.json").write_text(json.dumps(report, indent=2) + "\n")
    for left in folder.glob("seed-*"):
        left.unlink()
    print(json.dumps(report, indent=1))
