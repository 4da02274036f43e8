"""Writes the golden files from reference implementations that share no code with Leat.

    python goldens.py --origin bge-small-en-v1.5.onnx --tokenizer tokenizer.json \\
        --int8 FOLDER --sentiment FOLDER --accurate FOLDER --moderation FOLDER --out GOLDEN [--only tokens,embeddings,...]

Tokens come from Hugging Face tokenizers, vectors and hidden states from a transformers BertModel in fp32 that holds
the weights of the origin, class scores from the shipped INT8 encoder and heads in ONNX Runtime.
"""

import argparse
import base64
import datetime
import hashlib
import json
import pathlib
import platform

import numpy as np
import onnxruntime
import tokenizers
import torch
import transformers

import texts
from encoder import origin_weights
from states import Encoder, session

WINDOW = 510
parser = argparse.ArgumentParser(description=__doc__)
for name in ("origin", "tokenizer", "int8", "sentiment", "accurate", "moderation", "out"):
    parser.add_argument("--" + name)
parser.add_argument("--only", default="tokens,embeddings,states,long,parity,sentiment,accurate,moderation")
parser.add_argument("--date", default=datetime.date.today().isoformat())
a = parser.parse_args()
out = pathlib.Path(a.out)
out.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(1)


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def short(x):
    """Floats with 6 significant digits, nested as the array is."""
    return [short(y) for y in x] if np.ndim(x) else float(f"{float(x):.6g}")


def write(name, content, models, tolerance, reference):
    (out / f"{name}.golden.json").write_text(json.dumps(content, ensure_ascii=True, indent=1) + "\n")
    origin = {
        "reference": reference,
        "tools": {
            "python": platform.python_version(),
            "tokenizers": tokenizers.__version__,
            "transformers": transformers.__version__,
            "torch": torch.__version__,
            "onnxruntime": onnxruntime.__version__,
            "numpy": np.__version__,
        },
        "command": f"python goldens.py --only {name} (recipes folder of leat-models-text-weights)",
        "models": models,
        "date": a.date,
        "license": "Apache-2.0; the texts are our own, the model is MIT",
        "tolerance": tolerance,
    }
    (out / f"{name}.origin.json").write_text(json.dumps(origin, indent=2) + "\n")


def tokens():
    reference = transformers.PreTrainedTokenizerFast(tokenizer_file=a.tokenizer)
    reference.backend_tokenizer.no_truncation()
    reference.backend_tokenizer.no_padding()
    cases = []
    for text in texts.TOKEN_TEXTS:
        e = reference(text, return_offsets_mapping=True)
        cases.append({"text": text, "ids": e["input_ids"], "offsets": [list(o) for o in e["offset_mapping"]]})
    content = {"offsets": "code points of the text, [start, end); special tokens have [0, 0]", "cases": cases}
    write(
        "tokens", content, {"tokenizer.json": digest(a.tokenizer)}, {"ids": 0, "offsets": 0}, "PreTrainedTokenizerFast"
    )


class Reference:
    """transformers BertModel (fp32) with the weights of the origin."""

    def __init__(self):
        config = transformers.BertConfig(
            vocab_size=30522, hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536
        )
        self.model = transformers.BertModel(config, add_pooling_layer=False).eval()
        state = {}
        for name, w in origin_weights(a.origin).items():
            matrix = w.ndim == 2 and "embeddings" not in name
            state[name] = torch.from_numpy(np.array(w.T if matrix else w))
        missing, unexpected = self.model.load_state_dict(state, strict=False)
        if unexpected or [m for m in missing if "position_ids" not in m and "token_type_ids" not in m]:
            raise SystemExit(f"weights do not fit: missing {missing}, unexpected {unexpected}")
        self.tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=a.tokenizer)
        self.tokenizer.backend_tokenizer.no_truncation()

    def ids(self, text):
        ids = self.tokenizer(text)["input_ids"]
        return ids if len(ids) <= 512 else ids[:511] + ids[-1:]

    @torch.no_grad()
    def hidden(self, ids):
        x = torch.tensor([ids])
        return [h[0].numpy() for h in self.model(x, torch.ones_like(x), output_hidden_states=True).hidden_states]

    def embed(self, ids):
        cls = self.hidden(ids)[-1][0].astype(np.float64)
        return cls / np.linalg.norm(cls)


def fp32_models():
    return {"bge-small-en-v1.5.onnx": digest(a.origin), "tokenizer.json": digest(a.tokenizer)}


VECTOR_TOLERANCE = {"exact": {"maxAbs": 2e-5}, "int8": {"minCosine": 0.996}}


def embeddings():
    r = Reference()
    cases = [{"text": t, "tokens": len(r.ids(t)), "vector": short(r.embed(r.ids(t)))} for t in texts.EMBEDDING_TEXTS]
    content = {"pooling": "CLS of the last layer, L2-normalised", "cases": cases}
    write("embeddings", content, fp32_models(), VECTOR_TOLERANCE, "transformers.BertModel, fp32")


def states():
    r = Reference()
    cases = []
    for i in (0, 5, 14, 22):
        h = r.hidden(r.ids(texts.EMBEDDING_TEXTS[i]))
        rows = [h[n] for n in (8, 9, 10, 11)]
        cases.append(
            {
                "text": texts.EMBEDDING_TEXTS[i],
                "sentence_embedding": short(h[12][0]),
                "layer_cls": short(np.stack([x[0] for x in rows])),
                "layer_mean": short(np.stack([x.mean(0) for x in rows])),
                "hidden_4_row_1": short(h[4][1]),
                "hidden_6_row_1": short(h[6][1]),
                "hidden_8_row_1": short(h[8][1]),
            }
        )
    tolerance = {"exact": {"maxAbs": 1e-4}, "int8": {"minCosinePooled": 0.997, "minCosineToken": 0.98}}
    write(
        "states", {"layers": [8, 9, 10, 11], "cases": cases}, fp32_models(), tolerance, "transformers.BertModel, fp32"
    )


def windows(ids):
    """Content tokens in consecutive windows, each wrapped in CLS and SEP, with its number of content tokens."""
    cls, content, sep = ids[:1], ids[1:-1], ids[-1:]
    parts = [content[i : i + WINDOW] for i in range(0, len(content), WINDOW)]
    return [(cls + p + sep, len(p)) for p in parts]


class Head:
    def __init__(self, folder):
        self.session = session(f"{folder}/model.onnx")
        self.parameters = json.loads(pathlib.Path(folder, "model.json").read_text())["parameters"]
        self.temperature = self.parameters["temperature"]

    def logits(self, encoder, ids):
        """Of a window of ids; a graph's inputs say what it reads."""
        wanted = ["sentence_embedding", "layer_cls", "layer_mean", "hidden_8"]
        last, cls, mean, hidden = encoder.run([ids], wanted)
        states = {
            "features": np.concatenate([cls.reshape(1, -1), last, mean.reshape(1, -1)], 1),
            "hidden_8": hidden,
            "attention_mask": np.ones((1, len(ids)), np.int64),
        }
        inputs = {i.name: states[i.name] for i in self.session.get_inputs()}
        return self.session.run(["logits"], inputs)[0].astype(np.float64)


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def head_models(folder):
    files = {"encoder": f"{a.int8}/model.onnx", "head": f"{folder}/model.onnx", "tokenizer.json": a.tokenizer}
    return {k: digest(v) for k, v in files.items()}


# INT8 rounding turns the last bits of fp32 sums, which depend on processor and runtime version, into small steps
LOGIT_TOLERANCE = {
    "sameProcessorAndRuntime": {"maxAbsLogit": 1e-3, "maxAbsProbability": 1e-4},
    "otherProcessorOrRuntime": {"maxAbsLogit": 0.4, "maxAbsProbability": 0.02},
    "exactEncoder": {"maxAbsLogit": 1.5, "maxAbsProbability": 0.08},
}


def scores(name, folder, sources, probability):
    encoder, head = Encoder(a.int8), Head(folder)
    cases = []
    for text in sources:
        z = head.logits(encoder, encoder.ids(text))[0]
        cases.append({"text": text, "logits": short(z), "probabilities": short(probability(z / head.temperature))})
    content = {"labels": head.parameters["labels"], "temperature": head.temperature, "cases": cases}
    reference = "onnxruntime with the shipped INT8 encoder and head, one text a call"
    write(name, content, head_models(folder), LOGIT_TOLERANCE, reference)


def sentiment():
    scores("sentiment", a.sentiment, texts.SENTIMENT_TEXTS, softmax)


def accurate():
    scores("accurate", a.accurate, texts.SENTIMENT_TEXTS, softmax)


def moderation():
    scores("moderation", a.moderation, texts.MODERATION_TEXTS, sigmoid)


def long():
    """One text longer than the model's window."""
    r = Reference()
    ids = r.tokenizer(texts.LONG_TEXT)["input_ids"]
    parts = windows(ids)
    weights = np.array([n for _, n in parts], np.float64)
    mean = np.average([r.embed(w) for w, _ in parts], axis=0, weights=weights)
    content = {
        "rule": "content tokens in consecutive windows of 510, each with CLS and SEP; window vectors are "
        "L2-normalised, averaged by their content tokens and normalised again; sentiment logits are averaged the "
        "same way, of moderation logits the highest counts",
        "text": texts.LONG_TEXT,
        "contentTokens": len(ids) - 2,
        "windowTokens": [n for _, n in parts],
        "vector": short(mean / np.linalg.norm(mean)),
    }
    models = fp32_models()
    encoder = Encoder(a.int8) if a.int8 else None
    heads = (("sentiment", a.sentiment, softmax), ("accurate", a.accurate, softmax), ("moderation", a.moderation, sigmoid))
    for name, folder, probability in heads:
        if not folder or not pathlib.Path(folder, "model.json").exists():
            continue
        head = Head(folder)
        each = [head.logits(encoder, w)[0] for w, _ in parts]
        z = np.max(each, axis=0) if name == "moderation" else np.average(each, axis=0, weights=weights)
        content[name] = {
            "labels": head.parameters["labels"],
            "logits": short(z),
            "probabilities": short(probability(z / head.temperature)),
        }
        models |= {f"{name} {k}": v for k, v in head_models(folder).items()}
    write(
        "long",
        content,
        models,
        VECTOR_TOLERANCE | {"logits": LOGIT_TOLERANCE},
        "transformers fp32; heads in onnxruntime",
    )


def utf16(text):
    """Index of the first UTF-16 unit of each code point, and the length."""
    indexes = [0]
    for c in text:
        indexes.append(indexes[-1] + (2 if ord(c) > 0xFFFF else 1))
    return indexes


def parity():
    """Tokens, offsets and vectors of many texts, in little space."""
    r = Reference()
    cases = []
    for unit, times in texts.parity_texts():
        text = unit * times
        e = r.tokenizer(text, return_offsets_mapping=True)
        ids, at = e["input_ids"], utf16(text)
        spans = [(at[b], at[c]) for b, c in e["offset_mapping"][1:-1]]
        tokens = ",".join(f"{i}:{b}:{c}" for i, (b, c) in zip(ids[1:-1], spans))
        parts = windows(ids) or [(ids, 1)]
        mean = np.average([r.embed(w) for w, _ in parts], axis=0, weights=[n for _, n in parts])
        vector = (mean / np.linalg.norm(mean)).astype("<f2")
        case = {"text": unit} | ({"times": times} if times > 1 else {})
        case |= {"tokens": len(ids) - 2, "sha256": hashlib.sha256(tokens.encode()).hexdigest()[:16]}
        cases.append(case | {"vector": base64.b64encode(vector.tobytes()).decode()})
    content = {
        "text": "the text is `text`, `times` times",
        "sha256": "first 16 digits of that of id:start:end,... without special tokens, places in UTF-16",
        "vector": "float16, little-endian, Base64; merged over windows as in long.golden.json",
        "cases": cases,
    }
    tolerance = {"ids": 0, "offsets": 0, "exact": {"minCosine": 0.99999}, "int8": {"minCosineOrdinary": 0.9975, "minCosine": 0.99}}
    write("parity", content, fp32_models(), tolerance, "PreTrainedTokenizerFast; transformers.BertModel, fp32")


for part in a.only.split(","):
    {f.__name__: f for f in (tokens, embeddings, states, long, parity, sentiment, accurate, moderation)}[part]()
    print(part, flush=True)
