"""Writes the tiny classifier that tests use in place of a user's own: it says which channel is brightest.

    python tiny.py ../../src/test/resources/models/channels

Input NHWC, 4 x 4, blue, green, red; output the softmax of the channels' means. Needs onnx.
"""
import hashlib
import json
import pathlib
import sys

import onnx
from onnx import TensorProto, helper

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
graph = helper.make_graph(
    [helper.make_node("ReduceMean", ["picture"], ["means"], axes=[1, 2], keepdims=0),
     helper.make_node("Softmax", ["means"], ["logits"], axis=1)],
    "channels",
    [helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["batch", 4, 4, 3])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 3])])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, out / "model.onnx")
(out / "labels.txt").write_text("blue\ngreen\nred\n")
(out / "model.json").write_text(json.dumps({
    "id": "channels", "version": "1.0.0", "task": "image-classification", "graph": "model.onnx",
    "files": {name: {"bytes": (out / name).stat().st_size, "sha256": hashlib.sha256((out / name).read_bytes()).hexdigest()}
              for name in ("labels.txt", "model.onnx")},
    "inputs": [{"name": "picture", "type": "float32", "shape": ["batch", 4, 4, 3]}],
    "outputs": [{"name": "logits", "type": "float32", "shape": ["batch", 3]}],
    "languages": ["en"], "license": "Apache-2.0",
    "parameters": {"labels": "labels.txt", "size": 4, "resample": "BILINEAR", "mean": [0, 0, 0], "scale": 25.5,
                   "channelOrder": "BGR", "layout": "NHWC", "activation": "none"},
}, indent=2) + "\n")
