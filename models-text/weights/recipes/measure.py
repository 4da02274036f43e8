"""Measures a shipped encoder against the fp32 origin and checks that batching and padding change no bit.

python measure.py --origin bge-small-en-v1.5.onnx --encoder FOLDER --data DATA
"""

import argparse
import json
import pathlib
import random

import numpy as np
import onnx

import corpora
import texts
from states import Encoder, session

OUTPUTS = ["sentence_embedding", "layer_cls", "layer_mean", "hidden_4", "hidden_6", "hidden_8"]


def sample(data):
    """SST dev sentences, joined long texts, short ones and odd ones; none but the empty text was used for calibration.

    A written-out [PAD] is left out: the model never learnt it as a word, and the INT8 graph gets its own state wrong.
    """
    rng = random.Random(1)
    sentences = [t for t, _ in corpora.sst(data, "dev")]
    found = rng.sample(sentences, 120)
    found += [" ".join(rng.sample(sentences, n)) for n in (2, 2, 3, 3, 4, 5, 6, 8, 10, 12, 16, 20)]
    found += [" ".join(t.split()[: rng.randint(1, 5)]) for t in rng.sample(sentences, 40)]
    return [t for t in found + texts.TOKEN_TEXTS + texts.EMBEDDING_TEXTS if "[PAD]" not in t]


def reference(origin, id_lists):
    """The same six outputs from the origin itself."""
    model = onnx.load(origin)
    state = {n: f"/encoder/layer.{n - 1}/output/LayerNorm/Add_1_output_0" for n in (4, 6, 8, 9, 10, 11)}
    for name in state.values():
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, 1, ["b", "s", 384]))
    s = session(model.SerializeToString())
    for ids in id_lists:
        x = np.array([ids], np.int64)
        feed = {"input_ids": x, "attention_mask": np.ones_like(x), "token_type_ids": np.zeros_like(x)}
        last, *rest = s.run(["last_hidden_state", *state.values()], feed)
        h = dict(zip(state, rest))
        pooled = [h[n] for n in (8, 9, 10, 11)]
        yield (
            last[:, 0],
            np.stack([p[:, 0] for p in pooled], 1),
            np.stack([p.mean(1) for p in pooled], 1),
            h[4],
            h[6],
            h[8],
        )


def cosine(x, y):
    return (x * y).sum(-1) / np.linalg.norm(x, axis=-1) / np.linalg.norm(y, axis=-1)


def measure(origin, folder, data):
    encoder = Encoder(folder)
    ids = [encoder.ids(t) for t in sample(data)]
    alone = [encoder.run([i], OUTPUTS) for i in ids]
    report = {"texts": len(ids)}
    expected = list(reference(origin, ids))
    for k, name in enumerate(OUTPUTS):
        cos = np.concatenate([cosine(y[k], r[k]).ravel() for y, r in zip(alone, expected)])
        worst = max(float(abs(y[k] - r[k]).max()) for y, r in zip(alone, expected))
        report[name] = {
            "cosineMean": round(float(cos.mean()), 6),
            "cosineMin": round(float(cos.min()), 6),
            "maxAbs": float(f"{worst:.3g}"),
        }
    rng, compared, different = np.random.default_rng(0), 0, 0
    for size in (16, 8, 3, 2):
        order = rng.permutation(len(ids))
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            out = encoder.run([ids[i] for i in rows], OUTPUTS)
            for r, i in enumerate(rows):
                for k in range(len(OUTPUTS)):
                    mine = out[k][r] if k < 3 else out[k][r, : len(ids[i])]
                    compared += 1
                    different += not np.array_equal(mine, alone[i][k][0])
    report["batchInvariance"] = {"outputsCompared": compared, "outputsWithAnyDifferentBit": different}
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("origin", "encoder", "data"):
        parser.add_argument("--" + name, required=True)
    a = parser.parse_args()
    report = measure(a.origin, a.encoder, a.data)
    pathlib.Path(a.encoder, "figures.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=1))
