"""Writes the tiny models that tests use in place of a user's own: `channels` says which channel is brightest, `colours`
reads a text whose characters are colours.

    python tiny.py ../../src/test/resources/models

channels: input NHWC, 4 x 4, blue, green, red; output the softmax of the channels' means. colours: a recogniser of lines as
wide as PP-OCRv4's Chinese one, 6,625 classes; a stripe of 8 pixels shows class 256 * blue + green. The tests bring its
model.json and dictionary. Needs onnx.
"""
import hashlib
import json
import pathlib
import sys

import onnx
from onnx import TensorProto, helper

CLASSES = 6625
out = pathlib.Path(sys.argv[1])


def save(graph, folder):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "model.onnx")


def channels(folder):
    save(helper.make_graph(
        [helper.make_node("ReduceMean", ["picture"], ["means"], axes=[1, 2], keepdims=0),
         helper.make_node("Softmax", ["means"], ["logits"], axis=1)],
        "channels",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["batch", 4, 4, 3])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 3])]), folder)
    (folder / "labels.txt").write_text("blue\ngreen\nred\n")
    (folder / "model.json").write_text(json.dumps({
        "id": "channels", "version": "1.0.0", "task": "image-classification", "graph": "model.onnx",
        "files": {name: {"bytes": (folder / name).stat().st_size,
                         "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
                  for name in ("labels.txt", "model.onnx")},
        "inputs": [{"name": "picture", "type": "float32", "shape": ["batch", 4, 4, 3]}],
        "outputs": [{"name": "logits", "type": "float32", "shape": ["batch", 3]}],
        "languages": ["en"], "license": "Apache-2.0",
        "parameters": {"labels": "labels.txt", "size": 4, "resample": "BILINEAR", "mean": [0, 0, 0], "scale": 25.5,
                       "channelOrder": "BGR", "layout": "NHWC", "activation": "none"},
    }, indent=2) + "\n")


def colours(folder):
    """The class's number from the stripe's mean colour, then exp(-8 * distance squared) over all classes."""
    floats = lambda name, shape, values: helper.make_tensor(name, TensorProto.FLOAT, shape, values)
    numbers = lambda name, values: helper.make_tensor(name, TensorProto.INT64, [len(values)] if values else [], values)
    save(helper.make_graph(
        [helper.make_node("AveragePool", ["line"], ["stripes"], kernel_shape=[48, 8], strides=[48, 8]),
         helper.make_node("Conv", ["stripes", "digits", "middle"], ["one"]),
         helper.make_node("Squeeze", ["one", "axes"], ["number"]),
         helper.make_node("Unsqueeze", ["number", "last"], ["column"]),
         helper.make_node("Range", ["first", "end", "step"], ["classes"]),
         helper.make_node("Sub", ["column", "classes"], ["distance"]),
         helper.make_node("Mul", ["distance", "distance"], ["squared"]),
         helper.make_node("Mul", ["squared", "sharpness"], ["logits"]),
         helper.make_node("Softmax", ["logits"], ["probabilities"], axis=2)],
        "colours",
        [helper.make_tensor_value_info("line", TensorProto.FLOAT, ["batch", 3, 48, "width"])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", "time", CLASSES])],
        [floats("digits", [1, 3, 1, 1], [256 * 127.5, 127.5, 0]), floats("middle", [1], [257 * 127.5]),
         numbers("axes", [1, 2]), numbers("last", [2]), floats("first", [], [0]), floats("end", [], [CLASSES]),
         floats("step", [], [1]), floats("sharpness", [], [-8])]), folder)


channels(out / "channels")
colours(out / "colours")
