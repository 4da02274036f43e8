"""Writes entities.golden.json: what the shipped INT8 encoder and entity heads find, in ONNX Runtime and Python.

    python entity_goldens.py --int8 FOLDER --fast FOLDER --accurate FOLDER --out GOLDEN

Word pieces, words and offsets come from Hugging Face tokenizers, the strategies NONE and SIMPLE from the
TokenClassificationPipeline of transformers, the word scores of FIRST, AVERAGE and MAX too; words are then decoded by
entity_heads.viterbi. Offsets are counted in UTF-16.
"""

import argparse
import base64
import datetime
import hashlib
import json
import pathlib
import platform
import types

import numpy as np
import onnxruntime
import tokenizers
import transformers
from transformers.pipelines.token_classification import AggregationStrategy, TokenClassificationPipeline

import texts
from entity_corpora import forms
from entity_heads import viterbi
from states import Encoder, session

WINDOW, SEAM, SEAM_WINDOW = 510, 32, 96
SHOWN = 24  # tokens whose logits are kept
SURE = 1.0  # a text is sure if no word's best label leads by less than this logit

ENTITY_TEXTS = [
    "Angela Merkel met Emmanuel Macron in Berlin on Monday.",
    "ANGELA MERKEL MET EMMANUEL MACRON IN BERLIN",
    "angela merkel met emmanuel macron in berlin",
    "Siemens and Deutsche Bank opened an office in São Paulo, said José Álvarez.",
    "🎉🎉 Marie Curie was born in Warszawa 👍🏽 and worked at the Sorbonne.",
    "Li Wei (李伟) flew from 北京 to Paris with Air France.",
    "“Zoë Quinn,” said O'Brien, “never lived in Saint-Étienne.”",
    "Dr.\u00a0John\u00a0Smith of Harvard\u2009Medical School, Boston",
    "Mo\u200bha\u200bmmed Ali in Cai\u00adro",
    "שלום Tel Aviv, said Benjamin Cohen مرحبا Cairo",
    "@paulwalk met #NASA engineers in Houston",
    "The United Nations and UNICEF work in South Sudan.",
    "Pneumonoultramicroscopicsilicovolcanoconiosisville is no town; Llanfairpwllgwyngyll is.",
    "Write to Anna Lindqvist\nErikson AB\nStockholm",
    "No names here, only words.",
    "Cre\u0300me Bru\u0302le\u0301e by Chef Rene\u0301 Dupont of Lyon",
    "İstanbul'da Türk Hava Yolları",
    "Microsoft's Satya Nadella visited Google in Mountain View, California, U.S.",
]
SENTENCES = [
    "The committee of the {o} met in {l} for two days.",
    "Later {p} spoke about the roads of {l} and thanked everybody.",
    "It rained, and nothing else happened that week at all.",
    "A letter from {p} to the {o} was read aloud.",
]
PERSONS = ["Maria Gonzalez", "Peter O'Toole", "Ngozi Okafor", "Zoë Müller", "Li Na"]
PLACES = ["Oslo", "New Orleans", "São Paulo", "Addis Ababa"]
GROUPS = ["World Bank", "Red Cross", "European Commission"]


def long_text(sentences):
    rows = []
    for i in range(sentences):
        rows.append(
            SENTENCES[i % 4].format(
                p=PERSONS[i * 7 % 5], l=PLACES[i * 5 % 4], o=GROUPS[i * 11 % 3]
            )
        )
    return " ".join(rows)


class Head:
    def __init__(self, folder):
        self.folder = folder
        self.session = session(f"{folder}/model.onnx")
        p = json.loads(pathlib.Path(folder, "model.json").read_text())["parameters"]
        self.labels, self.layers, self.temperature = p["labels"], p["hiddenLayers"], p["temperature"]
        rows = [[p["transitions"][a].get(b, -np.inf) for b in self.labels] for a in self.labels]
        self.table = np.array(rows, np.float64)

    def logits(self, encoder, ids, form):
        states = encoder.run([ids], [f"hidden_{n}" for n in self.layers])
        feeds = {f"hidden_{n}": s for n, s in zip(self.layers, states)} | {"forms": form[None]}
        return self.session.run(["logits"], feeds)[0][0].astype(np.float64)


class Text:
    def __init__(self, encoder, text):
        e = encoder.tokenizer.encode(text, add_special_tokens=False)
        self.text, self.ids, self.offsets = text, e.ids, e.offsets
        numbers = {w: i for i, w in enumerate(dict.fromkeys(e.word_ids))}
        self.words = [numbers[w] for w in e.word_ids]
        self.spans = [[0, 0] for _ in numbers]
        for t, w in enumerate(self.words):
            if t == 0 or self.words[t - 1] != w:
                self.spans[w][0] = e.offsets[t][0]
            self.spans[w][1] = e.offsets[t][1]
        self.forms = forms(text, self.spans, [None, *self.words, None])

    def window(self, encoder, head, start, end):
        """Logits of the tokens start..end, read by themselves."""
        ids = [101, *self.ids[start:end], 102]
        form = np.concatenate([self.forms[:1], self.forms[start + 1 : end + 1], self.forms[-1:]])
        return head.logits(encoder, ids, form)[1:-1]

    def logits(self, encoder, head):
        n = len(self.ids)
        out = np.zeros((n, len(head.labels)))
        for start in range(0, n, WINDOW):
            end = min(start + WINDOW, n)
            out[start:end] = self.window(encoder, head, start, end)
        for seam in range(WINDOW, n, WINDOW):
            left, right = max(0, seam - SEAM_WINDOW), min(n, seam + SEAM_WINDOW)
            first, last = max(0, seam - SEAM), min(right, seam + SEAM)
            out[first:last] = self.window(encoder, head, left, right)[first - left : last - left]
        return out


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def utf16(text, index):
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def pipeline(head):
    p = TokenClassificationPipeline.__new__(TokenClassificationPipeline)
    p.model = types.SimpleNamespace(config=types.SimpleNamespace(id2label=dict(enumerate(head.labels))))
    p.tokenizer = types.SimpleNamespace(convert_tokens_to_string=lambda words: " ".join(words))
    return p


def found(text, head, z):
    scores, reference = softmax(z / head.temperature), pipeline(head)
    pieces = [
        {
            "word": str(t), "scores": scores[t], "start": s, "end": e, "index": t,
            "is_subword": t > 0 and text.words[t] == text.words[t - 1],
        }
        for t, (s, e) in enumerate(text.offsets)
    ]  # fmt: skip
    result = {}

    def entity(kind, score, start, end):
        return [utf16(text.text, start), utf16(text.text, end), kind, float(f"{score:.6g}")]

    none = reference.aggregate([dict(p) for p in pieces], AggregationStrategy.NONE)
    result["NONE"] = [entity(e["entity"][2:], e["score"], e["start"], e["end"]) for e in none if e["entity"] != "O"]
    simple = reference.aggregate([dict(p) for p in pieces], AggregationStrategy.SIMPLE) if pieces else []
    result["SIMPLE"] = [
        entity(e["entity_group"], e["score"], e["start"], e["end"]) for e in simple if e["entity_group"] != "O"
    ]
    groups = [[p for p, w in zip(pieces, text.words) if w == i] for i in range(len(text.spans))]
    for name in ("FIRST", "AVERAGE", "MAX"):
        if name == "FIRST":
            words = [g[0]["scores"] for g in groups]
        elif name == "AVERAGE":
            words = [np.mean([p["scores"] for p in g], 0) for g in groups]
        else:
            words = [max(g, key=lambda p: p["scores"].max())["scores"] for g in groups]
        path = viterbi(np.log(np.maximum(words, np.finfo(float).tiny)), head.table) if words else []
        entities, i = [], 0
        while i < len(path):
            j = i + 1
            while j < len(path) and head.labels[path[j]] == "I-" + head.labels[path[i]][2:]:
                j += 1
            if path[i] and any(c.isalpha() for c in text.text[text.spans[i][0] : text.spans[j - 1][1]]):
                score = np.mean([words[k][path[k]] for k in range(i, j)])
                entities.append(entity(head.labels[path[i]][2:], score, text.spans[i][0], text.spans[j - 1][1]))
            i = j
        result[name] = [e for e in entities if e[1] > e[0]]
    for name in ("NONE", "SIMPLE"):  # signs and numbers alone are no name
        words = text.text.encode("utf-16-le")
        result[name] = [e for e in result[name] if any(c.isalpha() for c in words[2 * e[0] : 2 * e[1]].decode("utf-16-le"))]
    return result


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


parser = argparse.ArgumentParser(description=__doc__)
for name in ("int8", "fast", "accurate", "out"):
    parser.add_argument("--" + name, required=True)
parser.add_argument("--date", default=datetime.date.today().isoformat())
a = parser.parse_args()
encoder = Encoder(a.int8)
heads = {"FAST": Head(a.fast), "ACCURATE": Head(a.accurate)}
units = [(t, 1) for t in [*ENTITY_TEXTS, long_text(10), long_text(90)]] + texts.parity_texts()
cases = []
for unit, times in dict.fromkeys(units):
    case = {"text": unit} | ({"times": times} if times > 1 else {})
    prepared = Text(encoder, unit * times)
    for tier, head in heads.items():
        z = prepared.logits(encoder, head)
        top = np.sort(z, 1)
        sure = len(z) == 0 or bool((top[:, -1] - top[:, -2]).min() >= SURE)
        shown = z[:SHOWN].astype("<f4").tobytes()
        case[tier] = {"sure": sure, "logits": base64.b64encode(shown).decode()} | found(prepared, head, z)
    cases.append(case)
out = pathlib.Path(a.out)
content = {
    "labels": heads["FAST"].labels,
    "text": "the text is `text`, `times` times",
    "offsets": "UTF-16, [start, end)",
    "logits": f"float32, little-endian, Base64: of the first {SHOWN} tokens, each label's",
    "cases": cases,
}
(out / "entities.golden.json").write_text(json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n")
models = {"encoder": f"{a.int8}/model.onnx"} | {t: f"{h.folder}/model.onnx" for t, h in heads.items()}
origin = {
    "reference": "onnxruntime with the shipped INT8 encoder and heads, one text a call; transformers' "
    "TokenClassificationPipeline for pieces, scores and groups",
    "tools": {
        "python": platform.python_version(),
        "tokenizers": tokenizers.__version__,
        "transformers": transformers.__version__,
        "onnxruntime": onnxruntime.__version__,
        "numpy": np.__version__,
    },
    "command": "python entity_goldens.py (recipes folder of leat-models-text-weights)",
    "models": {k: digest(v) for k, v in models.items()},
    "date": a.date,
    "license": "Apache-2.0; the texts are our own, the encoder is MIT",
    "tolerance": {
        "kernelsOfAvx2": {"maxAbsLogit": 1e-3, "entities": "equal", "measured": "0 in Java and ONNX Runtime 1.28"},
        "otherKernels": {
            "maxAbsLogit": 0.6,
            "entities": f"equal where the best logit of every token leads by {SURE}",
            "measured": "0.43 with those of AVX2; 0 for half of the texts",
        },
    },
}
(out / "entities.origin.json").write_text(json.dumps(origin, indent=2) + "\n")
print({t: sum(c[t]["sure"] for c in cases) for t in heads}, "of", len(cases), "sure")
