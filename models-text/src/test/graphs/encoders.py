"""Makes the tiny encoders of OwnEncoderTest, and what they have to give; onnx 1.19.1, numpy 2.4.6.

Usage: python encoders.py MODELS GOLDEN (src/test/resources/models, src/test/resources/golden)

plain.onnx    token, type and position vectors, and the mean of the tokens that the mask names added to each: without the
              mask, types of 0, or the right positions, values differ. Token states and a pooled vector.
dynamic.onnx  the same without types, its activations quantised with one scale for the whole tensor, so that a text's
              states depend on what else is in the tensor.

The values of the golden file are computed by numpy in double precision, not by a runtime.
"""
import datetime
import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

models, golden = (pathlib.Path(argument) for argument in sys.argv[1:3])
DIMENSION, POSITIONS = 4, 8
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "flat", "is", "bright", "quiet", "close", "to", "park", ".", "un", "##like", "##ly"]

random = np.random.default_rng(7)
TOKENS = random.integers(-8, 9, (len(WORDS), DIMENSION)) / 8.0
TYPES = random.integers(-8, 9, (2, DIMENSION)) / 8.0
PLACES = random.integers(-8, 9, (POSITIONS, DIMENSION)) / 8.0
POOLER = random.integers(-8, 9, (DIMENSION, DIMENSION)) / 8.0


def constant(name, values, kind=np.float32):
    return numpy_helper.from_array(np.asarray(values, dtype=kind), name)


def save(name, types, quantised):
    node = helper.make_node
    axes = ["batch", "sequence"]
    inputs = ["input_ids", "attention_mask"] + (["token_type_ids"] if types else [])
    nodes = [
        node("Gather", ["tokens", "input_ids"], ["of_tokens"]),
        node("Shape", ["input_ids"], ["shape"]),
        node("Gather", ["shape", "one"], ["length"]),
        node("Range", ["zero", "length", "one"], ["places"]),
        node("Gather", ["positions", "places"], ["of_places"]),
        node("Add", ["of_tokens", "of_places"], ["placed"]),
    ]
    if types:
        nodes += [
            node("Gather", ["types", "token_type_ids"], ["of_types"]),
            node("Add", ["placed", "of_types"], ["x"]),
        ]
    else:
        nodes += [node("Identity", ["placed"], ["x"])]
    if quantised:
        nodes += [
            node("DynamicQuantizeLinear", ["x"], ["x8", "scale", "zero_point"]),
            node("DequantizeLinear", ["x8", "scale", "zero_point"], ["states"]),
        ]
    else:
        nodes += [node("Identity", ["x"], ["states"])]
    nodes += [
        node("Cast", ["attention_mask"], ["mask2"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["mask2", "last"], ["mask"]),
        node("Mul", ["states", "mask"], ["masked"]),
        node("ReduceSum", ["masked", "second"], ["sum"], keepdims=1),
        node("ReduceSum", ["mask", "second"], ["count"], keepdims=1),
        node("Div", ["sum", "count"], ["mean"]),
        node("Add", ["states", "mean"], ["mixed"]),
        node("Tanh", ["mixed"], ["last_hidden_state"]),
        node("Identity", ["last_hidden_state"], ["token_embeddings"]),
        node("Gather", ["last_hidden_state", "zero"], ["first"], axis=1),
        node("MatMul", ["first", "pooler"], ["sentence_embedding"]),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        name,
        [value(each, TensorProto.INT64, axes) for each in inputs],
        [
            value("last_hidden_state", TensorProto.FLOAT, axes + [DIMENSION]),
            value("token_embeddings", TensorProto.FLOAT, axes + [DIMENSION]),
            value("sentence_embedding", TensorProto.FLOAT, ["batch", DIMENSION]),
        ],
        [
            constant("tokens", TOKENS),
            constant("positions", PLACES),
            constant("pooler", POOLER),
            constant("zero", 0, np.int64),
            constant("one", 1, np.int64),
            constant("second", [1], np.int64),
            constant("last", [2], np.int64),
        ]
        + ([constant("types", TYPES)] if types else []),
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="encoders.py"
    )
    onnx.checker.check_model(model)
    (models / f"{name}.onnx").write_bytes(model.SerializeToString())


save("plain", types=True, quantised=False)
save("dynamic", types=False, quantised=True)

special = {name: {"id": name, "ids": [WORDS.index(name)], "tokens": [name]} for name in ("[CLS]", "[SEP]")}
tokenizer = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [
        {
            "id": WORDS.index(name),
            "content": name,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for name in WORDS[:4]
    ],
    "normalizer": {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": None,
        "lowercase": True,
    },
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
        ],
        "pair": [],
        "special_tokens": special,
    },
    "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    "model": {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {word: i for i, word in enumerate(WORDS)},
    },
}
(models / "tokenizer.json").write_text(json.dumps(tokenizer, indent=1) + "\n")


def quantised(x):
    """ONNX's DynamicQuantizeLinear and back."""
    low, high = min(x.min(), 0), max(x.max(), 0)
    scale = (high - low) / 255
    zero = np.clip(np.rint(-low / scale), 0, 255)
    return (np.clip(np.rint(x / scale) + zero, 0, 255) - zero) * scale


def states(ids, dynamic):
    x = TOKENS[ids] + PLACES[: len(ids)]
    x = quantised(x) if dynamic else x + TYPES[0]
    return np.tanh(x + x.mean(axis=0))


def vector(content, pooling, dynamic=False):
    """Windows of POSITIONS tokens, each pooled and of length 1, averaged by their own tokens, of length 1."""
    room = POSITIONS - 2
    total = np.zeros(DIMENSION)
    for at in range(0, max(len(content), 1), room):
        ids = [2, *content[at : at + room], 3]
        h = states(ids, dynamic)
        pooled = {"CLS": h[0], "MEAN": h.mean(axis=0), "GRAPH": h[0] @ POOLER}[pooling]
        total += max(len(ids) - 2, 1) * pooled / np.linalg.norm(pooled)
    return (total / np.linalg.norm(total)).tolist()


TEXTS = {
    "": [],
    "quiet": [8],
    "The flat is bright.": [4, 5, 6, 7, 12],
    "Unlikely close": [13, 14, 15, 9],
    "the flat is quiet and close to the park. Unlikely!": [4, 5, 6, 8, 1, 9, 10, 4, 11, 12, 13, 14, 15, 1],
}
cases = [
    {
        "text": text,
        "ids": ids,
        "cls": vector(ids, "CLS"),
        "mean": vector(ids, "MEAN"),
        "pooled": vector(ids, "GRAPH"),
        "dynamic": vector(ids, "MEAN", dynamic=True),
    }
    for text, ids in TEXTS.items()
]
(golden / "encoders.golden.json").write_text(json.dumps({"cases": cases}, indent=1) + "\n")
origin = {
    "reference": "numpy in double precision, by the formulas of encoders.py",
    "tools": {"python": sys.version.split()[0], "numpy": np.__version__, "onnx": onnx.__version__},
    "command": "python encoders.py ../resources/models ../resources/golden (src/test/graphs)",
    "models": {
        name: hashlib.sha256((models / name).read_bytes()).hexdigest()
        for name in ("plain.onnx", "dynamic.onnx", "tokenizer.json")
    },
    "date": datetime.date.today().isoformat(),
    "license": "Apache-2.0; models and texts are our own",
    "tolerance": {"vectors": 2e-6},
}
(golden / "encoders.origin.json").write_text(json.dumps(origin, indent=2) + "\n")
