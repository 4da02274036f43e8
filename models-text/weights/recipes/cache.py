"""Encodes every text the heads need once: features, and for top.py
the token states, as fp16 .npy files in CACHE.

python cache.py --data DATA --encoder FOLDER --cache CACHE [--tests | --moderation]

--tests leaves the training texts out: enough to measure finished heads on the EXACT encoder. --moderation encodes what the
moderation head needs and nothing else.
"""

import argparse
import json
import pathlib
import time

import numpy as np

import corpora
from states import Encoder

parser = argparse.ArgumentParser(description=__doc__)
for name in ("data", "encoder", "cache"):
    parser.add_argument("--" + name, required=True)
for name in ("tests", "moderation"):
    parser.add_argument("--" + name, action="store_true")
a = parser.parse_args()
cache = pathlib.Path(a.cache)
cache.mkdir(parents=True, exist_ok=True)
encoder = Encoder(a.encoder)


def put(name, rows, hidden=False):
    """hidden: the token states, too, which only the ACCURATE model needs."""
    started = time.time()
    features, lengths, tokens = encoder.states([r[0] for r in rows], hidden)
    np.save(cache / f"{name}.x.npy", features.astype(np.float16))
    np.save(cache / f"{name}.y.npy", np.array([r[1:] if len(r) < 5 else r[1:4] for r in rows], np.float32))
    json.dump([r[-1] if len(r) == 5 else "" for r in rows], open(cache / f"{name}.group.json", "w"))
    if hidden:
        np.save(cache / f"{name}.len.npy", lengths)
        np.save(cache / f"{name}.h8.npy", tokens)
    print(name, len(rows), f"{time.time() - started:.0f} s", flush=True)


def sentiment_tests():
    for part in ("dev", "test"):
        put("sst-" + part, corpora.sst(a.data, part), True)


def moderation_texts():
    train, held = corpora.moderation(a.data)
    comments, more = corpora.whole_comments(a.data, train, held)
    tested = corpora.Held([t for t, _ in corpora.surge(a.data)])
    put("moderation-train", [r for r in train if not tested.covers(r[0])])
    put("moderation-held", held)
    for kind in comments:
        put("comments-" + kind, comments[kind])
        put("moderation-" + kind, more[kind])


def sentiment_texts():
    put("custrev", corpora.custrev(a.data), True)
    sentences, phrases = corpora.sentiment(a.data)
    put("sentences", sentences, True)
    put("phrases", phrases, True)
    put("neutral", corpora.neutral(a.data), True)
    put("rt", corpora.reviews(a.data), True)


put("surge", corpora.surge(a.data))
if not a.moderation:
    sentiment_tests()
if not a.tests:
    moderation_texts()
if not a.moderation and not a.tests:
    sentiment_texts()
