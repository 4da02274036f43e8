"""Encodes the entity texts once: states of layers 4, 6 and 8 of every token, as fp16 .npy files in CACHE.

python entity_cache.py --data DATA --encoder FOLDER --cache CACHE
"""

import argparse
import json
import pathlib
import time

import numpy as np

from entity_corpora import FORMS, TAGS, entities, forms
from states import MAX_LENGTH, Encoder

STATES = ("hidden_4", "hidden_6", "hidden_8")
RECASED = {"": str, "lower": str.lower, "upper": str.upper, "title": str.title}  # same states: the encoder is uncased


class Tokenized:
    """A text of given words: ids, the word pieces' words, and which word pieces begin a given word."""

    def __init__(self, encoder, words, tags=None):
        self.text = " ".join(words)
        encoding = encoder.tokenizer.encode(self.text)
        starts = np.cumsum([0] + [len(w) + 1 for w in words])[:-1]
        size = min(len(encoding.ids), MAX_LENGTH)
        self.ids = encoding.ids[:size]
        if size < len(encoding.ids):
            self.ids[-1] = encoding.ids[-1]
        pieces = encoding.word_ids[: size - 1] + [None]
        spans, number, self.pieces = [], {}, []
        self.given, self.labels, used = [], [], set()
        for t, w in enumerate(pieces):
            if w is None:
                self.pieces.append(None)
                self.given.append(-1)
                self.labels.append(-1)
                continue
            begins = w not in number
            if begins:
                number[w] = len(spans)
                spans.append([encoding.offsets[t][0], 0])
            spans[number[w]][1] = encoding.offsets[t][1]
            self.pieces.append(number[w])
            g = int(np.searchsorted(starts, encoding.offsets[t][0], "right")) - 1
            self.given.append(g if g not in used else -1)
            if tags is not None:
                tag = tags[g]
                self.labels.append(TAGS.index(tag if g not in used or tag == "O" else "I-" + tag[2:]))
            used.add(g)
        self.spans = [tuple(s) for s in spans]

    def forms(self, recase=str):
        text = recase(self.text)
        if len(text) != len(self.text):  # a letter whose other case is longer: change what keeps its length
            text = "".join(r if len(r := recase(c)) == 1 else c for c in self.text)
        return forms(text, self.spans, self.pieces)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "encoder", "cache"):
        parser.add_argument("--" + name, required=True)
    a = parser.parse_args()
    cache = pathlib.Path(a.cache)
    cache.mkdir(parents=True, exist_ok=True)
    encoder = Encoder(a.encoder)
    for name, rows in entities(a.data).items():
        started = time.time()
        texts = [Tokenized(encoder, w, y) for _, w, y in rows]
        lengths = np.array([len(t.ids) for t in texts])
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        states = np.lib.format.open_memmap(
            cache / f"entity-{name}.states.npy", "w+", np.float16, (int(offsets[-1]), len(STATES) * 384)
        )
        order, start = np.argsort(lengths, kind="stable"), 0
        while start < len(order):
            end = start + 1
            while end < len(order) and lengths[order[end]] * (end - start + 1) <= 1024:
                end += 1
            batch = order[start:end]
            hidden = np.concatenate(encoder.run([texts[i].ids for i in batch], list(STATES)), 2)
            for row, i in enumerate(batch):
                states[offsets[i] : offsets[i + 1]] = hidden[row, : lengths[i]]
            start = end
        flat = {
            "labels": np.concatenate([t.labels for t in texts]).astype(np.int8),
            "given": np.concatenate([t.given for t in texts]).astype(np.int32),
            "first": np.concatenate([[w is not None and (j == 0 or t.pieces[j - 1] != w)
                                      for j, w in enumerate(t.pieces)] for t in texts]),
            "lengths": lengths,
        }  # fmt: skip
        for recase, change in RECASED.items():
            flat["forms" + recase] = np.concatenate([t.forms(change) for t in texts]).astype(np.float16)
        np.savez(cache / f"entity-{name}.npz", **flat)
        json.dump([[s, y] for s, _, y in rows], open(cache / f"entity-{name}.json", "w"))
        print(name, len(rows), "texts", int(offsets[-1]), "tokens", f"{time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
