"""Trains the two classifier heads on cached features and writes their ONNX graphs and measured figures.

    python heads.py sentiment --cache CACHE --out FOLDER
    python heads.py moderation --cache CACHE --out FOLDER
    python heads.py exact --cache EXACT_CACHE --out FOLDER

The last adds the figures of a finished head on the EXACT encoder.

The seed and the temperature are chosen on dev (sentiment) or hold-out (moderation), moderation's threshold on whole
comments; test sets are read at the end.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import onnx
import torch
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from states import session

FEATURES, HIDDEN = 9 * 384, 256


def auc(y, score):
    """Area under the ROC curve, ties counted half."""
    order = np.argsort(score, kind="stable")
    rank = np.empty(len(score))
    s = score[order]
    starts = np.flatnonzero(np.r_[True, s[1:] != s[:-1]])
    ends = np.r_[starts[1:], len(s)]
    for b, e in zip(starts, ends):
        rank[order[b:e]] = (b + e + 1) / 2
    positive = y > 0.5
    n = positive.sum()
    return float((rank[positive].sum() - n * (n + 1) / 2) / (n * (len(y) - n)) * 100)


def accuracy(z, y):
    return round(float(((z > 0) == (y > 0.5)).mean() * 100), 2)


def interval(right, draws=2000):
    """95 % bootstrap interval of an accuracy in %, over the texts of a set."""
    right = np.asarray(right, float)
    rng = np.random.default_rng(0)
    means = [right[rng.integers(len(right), size=len(right))].mean() for _ in range(draws)]
    return [round(float(v) * 100, 2) for v in np.percentile(means, (2.5, 97.5))]


def nll(z, y):
    """Mean binary negative log-likelihood of logits z."""
    return float(np.mean(np.logaddexp(0, np.where(y > 0.5, -z, z))))


def best_temperature(z, y):
    grid = np.exp(np.linspace(-1.5, 1.5, 301))
    return float(round(grid[np.argmin([nll(z / t, y) for t in grid])], 4))


def calibration_error(z, y, bins=15):
    """Expected calibration error in %, equal bins over the confidence of the predicted class."""
    p = 1 / (1 + np.exp(-z))
    confidence, right = np.maximum(p, 1 - p), (p > 0.5) == (y > 0.5)
    bin_of = np.minimum(((confidence - 0.5) * 2 * bins).astype(int), bins - 1)
    gaps = [(bin_of == b).mean() * abs(right[bin_of == b].mean() - confidence[bin_of == b].mean()) for b in set(bin_of)]
    return float(sum(gaps) * 100)


def network(outputs, d1, d2):
    return torch.nn.Sequential(
        torch.nn.Dropout(d1),
        torch.nn.Linear(FEATURES, HIDDEN),
        torch.nn.GELU(),
        torch.nn.Dropout(d2),
        torch.nn.Linear(HIDDEN, outputs),
    )


def train(x, loss_of, outputs, score, seed, epochs, batch, d1=0.3, d2=0.5, rate=5e-4, decay=0.05):
    """AdamW with linear decay to zero; the result is the mean of the weights after the last two epochs."""
    torch.manual_seed(seed)
    net = network(outputs, d1, d2)
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=decay)
    steps, step, history, states = epochs * -(-len(x) // batch), 0, [], []
    for _ in range(epochs):
        net.train()
        for rows in torch.randperm(len(x)).split(batch):
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = rate * max(0.0, 1 - step / steps)
            loss = loss_of(net(x[rows].float()), rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        net.eval()
        history.append(score(net))
        states.append({k: v.clone() for k, v in net.state_dict().items()})
    net.load_state_dict({k: (states[-1][k] + states[-2][k]) / 2 for k in states[-1]})
    result = score(net)
    print("seed", seed, "epochs", [round(h, 4) for h in history], "mean of the last two", round(result, 4), flush=True)
    return result, net


def save(net, mean, deviation, path):
    """Writes the head with the feature scaling folded into the first layer."""
    w = {k: v.double().numpy() for k, v in net.state_dict().items()}
    first = w["1.weight"].T / deviation[:, None]
    bias = w["1.bias"] - mean @ first
    constants = {
        "hidden.weight": first,
        "hidden.bias": bias,
        "logits.weight": w["4.weight"].T,
        "logits.bias": w["4.bias"],
        "one": np.array(1.0),
        "half": np.array(0.5),
        "root_half": np.array(0.5**0.5),
    }
    steps = [
        ("MatMul", ["features", "hidden.weight"], "hidden.product"),
        ("Add", ["hidden.product", "hidden.bias"], "hidden"),
        ("Mul", ["hidden", "root_half"], "gelu.scaled"),
        ("Erf", ["gelu.scaled"], "gelu.erf"),
        ("Add", ["gelu.erf", "one"], "gelu.gate"),
        ("Mul", ["hidden", "gelu.gate"], "gelu.double"),
        ("Mul", ["gelu.double", "half"], "gelu"),
        ("MatMul", ["gelu", "logits.weight"], "logits.product"),
        ("Add", ["logits.product", "logits.bias"], "logits"),
    ]
    outputs = len(w["4.bias"])
    graph = helper.make_graph(
        [helper.make_node(op, i, [o], name=o) for op, i, o in steps],
        "head",
        [helper.make_tensor_value_info("features", T.FLOAT, ["batch", FEATURES])],
        [helper.make_tensor_value_info("logits", T.FLOAT, ["batch", outputs])],
        [numpy_helper.from_array(np.asarray(v, np.float32), k) for k, v in constants.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8, producer_name="leat-recipes")
    onnx.checker.check_model(model)
    onnx.save(model, path)


class Cache:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def x(self, name):
        return np.load(self.folder / f"{name}.x.npy").astype(np.float32)

    def y(self, name):
        return np.load(self.folder / f"{name}.y.npy")

    def groups(self, name):
        return np.array([g[:4] for g in json.load(open(self.folder / f"{name}.group.json"))])


def scaled(parts, mean, deviation):
    return torch.from_numpy(np.concatenate([((p - mean) / deviation).astype(np.float16) for p in parts]))


def logits(path, x):
    s = session(path)
    return np.concatenate([s.run(["logits"], {"features": x[i : i + 256]})[0] for i in range(0, len(x), 256)]).astype(
        float
    )


def sentiment(cache, out, seeds, epochs=6, batch=128, neutral_weight=1.0):
    weights = {"sentences": 4.0, "phrases": 1.0, "neutral": neutral_weight}
    weights = {n: w for n, w in weights.items() if w > 0}
    parts = {n: cache.x(n) for n in weights}
    sizes = {n: len(p) for n, p in parts.items()}
    mean, deviation = parts["sentences"].mean(0), parts["sentences"].std(0) + 1e-6
    x = scaled(parts.values(), mean, deviation)
    del parts
    graded = torch.from_numpy(np.concatenate([cache.y(n)[:, 1] for n in weights]))
    weight = torch.cat([torch.full((sizes[n],), w) for n, w in weights.items()])
    weight /= weight.mean()
    dev = torch.from_numpy((cache.x("sst-dev") - mean) / deviation)
    dev_y = cache.y("sst-dev")[:, 0]
    targets = torch.stack([1 - graded, graded], 1)

    def loss_of(z, rows):
        return (torch.nn.functional.cross_entropy(z, targets[rows], reduction="none") * weight[rows]).mean()

    @torch.no_grad()
    def score(net):
        z = net(dev)
        margin = (z[:, 1] - z[:, 0]).double().numpy()
        return -nll(margin / best_temperature(margin, dev_y), dev_y)  # steadier than the accuracy on 872 texts

    runs = [train(x, loss_of, 2, score, s, epochs, batch) for s in seeds]
    best = int(np.argmax([s for s, _ in runs]))
    save(runs[best][1], mean.astype(float), deviation.astype(float), out / "model.onnx")

    def margin(name):
        z = logits(out / "model.onnx", cache.x(name))
        return z[:, 1] - z[:, 0]

    temperature = best_temperature(margin("sst-dev"), dev_y)
    report = {"seeds": seeds, "chosenSeed": seeds[best], "temperature": temperature, "trained": sizes}
    for name in ("sst-dev", "sst-test", "custrev"):
        z, y = margin(name), cache.y(name)[:, 0]
        report[name] = {
            "n": len(y),
            "accuracy": round(float(((z > 0) == (y > 0.5)).mean() * 100), 2),
            "auc": round(auc(y, z), 2),
            "likelihoodLoss": round(nll(z / temperature, y), 4),
            "calibrationError": round(calibration_error(z / temperature, y), 2),
        }
    return report


def moderation_figures(scores, y, temperature, probability=0.5):
    """Of logits, at the threshold of that probability."""
    positive = scores > temperature * logit(probability)
    right, hits = positive == (y > 0.5), float((positive & (y > 0.5)).sum())
    return {
        "n": len(y),
        "positive": int((y > 0.5).sum()),
        "auc": round(auc(y, scores), 2),
        "accuracy": round(float(right.mean() * 100), 2),
        "f1": round(200 * hits / max(1.0, positive.sum() + (y > 0.5).sum()), 2),
        "calibrationError": round(calibration_error(scores / temperature, y), 2),
    }


LABELS = ("toxic", "hate", "offensive")
COMMENTS = ("posts", "passages", "plain")


def logit(probability):
    return np.log(probability / (1 - probability))


def balanced(comments, at):
    """In %, for each probability of `at`: the mean of the recall on posts and of the share of clean texts left alone,
    passages and plain ones alike. comments: logits by temperature."""
    posts, *clean = (np.searchsorted(np.sort(z), logit(np.asarray(at)), "right") / len(z) for z in comments)
    return (1 - posts + np.mean(clean, 0)) * 50


def default_threshold(comments, draws=1000):
    """The mean of the best thresholds of bootstrap draws of the comments. Near the best the curve is flat and uneven, so
    that the best one of the texts as they are depends on few of them."""
    rng, grid = np.random.default_rng(0), np.arange(15, 86) / 100

    def best():
        return grid[np.argmax(balanced([z[rng.integers(len(z), size=len(z))] for z in comments], grid))]

    return round(float(np.mean([best() for _ in range(draws)])), 2)


def moderation(cache, out, seeds, epochs=6, batch=64, whole=True):
    """whole: whole comments are trained on, too."""
    names = ["moderation-train", *("moderation-" + kind for kind in COMMENTS if whole)]
    raw, y = [cache.x(n) for n in names], torch.from_numpy(np.concatenate([cache.y(n) for n in names]))
    mean, deviation = raw[0].mean(0), raw[0].std(0) + 1e-6
    x = scaled(raw, mean, deviation)
    held = torch.from_numpy((cache.x("moderation-held") - mean) / deviation)
    held_y, source = cache.y("moderation-held"), cache.groups("moderation-held")
    known, target = (y >= 0).float(), y.clamp(min=0)

    def loss_of(z, rows):
        each = torch.nn.functional.binary_cross_entropy_with_logits(z, target[rows], reduction="none")
        return (each * known[rows]).sum() / known[rows].sum()

    def areas(z, rows):
        use = [(rows & (held_y[:, k] >= 0), k) for k in range(3)]
        return [auc(held_y[m, k], z[m, k]) for m, k in use if 0 < held_y[m, k].sum() < m.sum()]

    @torch.no_grad()
    def score(net):
        z = net(held).double().numpy()
        parts = [areas(z, source == s)[0] for s in ("twee", "post")]  # toxic, each source for itself
        return float(np.mean(parts + areas(z, source == "twee")[1:]))

    runs = [train(x, loss_of, 3, score, s, epochs, batch) for s in seeds]
    best = int(np.argmax([s for s, _ in runs]))
    figures = []
    for i in [i for i in range(len(runs)) if i != best] + [best]:  # the best one's graph is the one that stays
        save(runs[i][1], mean.astype(float), deviation.astype(float), out / "model.onnx")
        figures.append({"seed": seeds[i], "dev": round(runs[i][0], 3)} | moderation_report(cache, out / "model.onnx"))
    report = {"seeds": seeds, "chosenSeed": seeds[best], "trained": len(x)}
    report |= {"trainedWhole": {n.removeprefix("moderation-"): len(part) for n, part in zip(names[1:], raw[1:])}} | figures[-1]
    keys = [k for k, v in figures[-1].items() if isinstance(v, dict) and "f1" in v]
    report["eachSeed"] = [
        {"seed": f["seed"], "dev": f["dev"], "threshold": f["parameters"]["threshold"]}
        | {k: [f[k][v] for v in ("auc", "accuracy", "f1")] for k in keys}
        | {k: f["comments"][k] for k in ("auc", "balancedAccuracy")}
        for f in sorted(figures, key=lambda f: f["seed"])
    ]
    del report["seed"], report["dev"]
    return report


def moderation_report(cache, model):
    """Temperature, threshold and figures of a moderation head."""
    z, y, source = logits(model, cache.x("moderation-held")), cache.y("moderation-held"), cache.groups("moderation-held")
    temperature = best_temperature(z[y >= 0], y[y >= 0])
    comments = [logits(model, cache.x("comments-" + kind))[:, 0] / temperature for kind in COMMENTS]
    at = default_threshold(comments)
    thresholds = {"toxic": at, "hate": 0.5, "offensive": 0.5}

    def against(clean):
        return round(auc(np.r_[np.ones(len(comments[0])), np.zeros(len(clean))], np.r_[comments[0], clean]), 2)

    report = {
        "temperature": temperature,
        "parameters": {"threshold": at, "thresholds": thresholds},
        "comments": {
            "n": [len(z) for z in comments],
            "auc": {kind: against(z) for kind, z in zip(COMMENTS[1:], comments[1:])},
            "balancedAccuracy": {str(p): round(float(balanced(comments, p)), 2) for p in (at, 0.5)},
            "plainFlagged": {str(p): round(float((comments[2] > logit(p)).mean() * 100), 2) for p in (at, 0.5)},
        },
    }
    for part in ("twee", "post"):
        for k, label in enumerate(LABELS):
            rows = (source == part) & (y[:, k] >= 0)
            if 0 < y[rows, k].sum() < rows.sum():
                report[f"held-{'davidson' if part == 'twee' else 'toxspans'}-{label}"] = moderation_figures(
                    z[rows, k], y[rows, k], temperature, thresholds[label]
                )
    surge, y = logits(model, cache.x("surge"))[:, 0], cache.y("surge")[:, 0]
    report["surge-toxic"] = moderation_figures(surge, y, temperature, at)
    report["surge-toxic-at-half"] = moderation_figures(surge, y, temperature)
    return report


def exact(cache, out, _):
    """The figures already there, and those on another encoder's features."""
    report, rows = json.loads((out / "figures.json").read_text()), {}
    at = report.get("parameters", {}).get("threshold", 0.5)
    bound = report["temperature"] * logit(at)
    for name in ("surge",) if report.get("surge-toxic") else ("sst-dev", "sst-test"):
        z, y = logits(out / "model.onnx", cache.x(name)), cache.y(name)[:, 0]
        z = z[:, 0] if name == "surge" else z[:, 1] - z[:, 0]
        rows[name] = {"accuracy": accuracy(z - bound, y), "auc": round(auc(y, z), 2)}
    return report | {"exactEncoder": rows}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", choices=["sentiment", "moderation", "exact"])
    parser.add_argument("--cache", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--neutral-weight", type=float)
    parser.add_argument("--sentences-only", action="store_true", help="moderation without whole comments, to compare")
    a = parser.parse_args()
    torch.set_num_threads(1)
    folder = pathlib.Path(a.out)
    folder.mkdir(parents=True, exist_ok=True)
    started = time.time()
    options = {} if a.neutral_weight is None else {"neutral_weight": a.neutral_weight}
    if a.sentences_only:
        options["whole"] = False
    report = globals()[a.head](Cache(a.cache), folder, [int(s) for s in a.seeds.split(",")], **options)
    if a.head in ("sentiment", "moderation"):
        report["seconds"] = round(time.time() - started)
    (folder / "figures.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=1))
