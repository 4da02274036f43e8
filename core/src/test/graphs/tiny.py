"""Makes the tiny graphs that the tests of the runtime run; onnx 1.23.2. Usage: python tiny.py FOLDER

alloc: a float tensor of n[0] zeros, summed, plus 1; asks for as much memory as the test wishes.
loop:  n[0] times: add 1 to a number; runs as long as the test wishes, and looks at its end after each round.
products: 64 times n[0] times 127, in 8 bit (QDQ); the sum of two such products overflows 16 bits.
"""
import hashlib
import json
import pathlib
import sys

import onnx
from onnx import TensorProto, helper

folder = pathlib.Path(sys.argv[1])
N = helper.make_tensor_value_info("n", TensorProto.INT64, [1])


def save(name, nodes, initializers=()):
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph(nodes, name, [N], [out], list(initializers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="tiny.py")
    onnx.checker.check_model(model)
    (folder / f"{name}.onnx").write_bytes(model.SerializeToString())


one = helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0])
save(
    "alloc",
    [
        helper.make_node("ConstantOfShape", ["n"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros"], ["sum"], keepdims=1),
        helper.make_node("Add", ["sum", "one"], ["y"]),
    ],
    [one],
)

body = helper.make_graph(
    [
        helper.make_node("Identity", ["go"], ["go_on"]),
        helper.make_node("Add", ["state", "one"], ["next"]),
    ],
    "body",
    [
        helper.make_tensor_value_info("i", TensorProto.INT64, []),
        helper.make_tensor_value_info("go", TensorProto.BOOL, []),
        helper.make_tensor_value_info("state", TensorProto.FLOAT, [1]),
    ],
    [
        helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
        helper.make_tensor_value_info("next", TensorProto.FLOAT, [1]),
    ],
)
save(
    "loop",
    [
        helper.make_node("Squeeze", ["n"], ["rounds"]),
        helper.make_node("Loop", ["rounds", "true", "start"], ["y"], body=body),
    ],
    [
        one,
        helper.make_tensor("true", TensorProto.BOOL, [], [True]),
        helper.make_tensor("start", TensorProto.FLOAT, [1], [0.0]),
    ],
)

save(
    "products",
    [
        helper.make_node("Cast", ["n"], ["number"], to=TensorProto.FLOAT),
        helper.make_node("Expand", ["number", "row"], ["x"]),
        helper.make_node("QuantizeLinear", ["x", "one", "zero"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "one", "zero"], ["dequantized"]),
        helper.make_node("DequantizeLinear", ["weights", "one", "none"], ["matrix"]),
        helper.make_node("MatMul", ["dequantized", "matrix"], ["sums"]),
        helper.make_node("ReduceMean", ["sums"], ["mean"]),
        helper.make_node("Reshape", ["mean", "length"], ["y"]),
    ],
    [
        helper.make_tensor("one", TensorProto.FLOAT, [], [1.0]),
        helper.make_tensor("zero", TensorProto.UINT8, [], [0]),
        helper.make_tensor("none", TensorProto.INT8, [], [0]),
        helper.make_tensor("row", TensorProto.INT64, [2], [1, 64]),
        helper.make_tensor("length", TensorProto.INT64, [1], [1]),
        helper.make_tensor("weights", TensorProto.INT8, [64, 8], [127] * 512),
    ],
)

tensors = {
    "inputs": [{"name": "n", "type": "int64", "shape": [1]}],
    "outputs": [{"name": "y", "type": "float32", "shape": [1]}],
}
files = {}
for name in ("alloc.onnx", "loop.onnx", "products.onnx"):
    content = (folder / name).read_bytes()
    files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
descriptor = {
    "id": "tiny",
    "version": "1",
    "task": "test",
    "graph": "loop.onnx",
    "files": files,
    **tensors,
    "graphs": {"alloc.onnx": tensors, "products.onnx": tensors},
    "runBytes": 1 << 20,
    "license": "Apache-2.0",
}
(folder / "model.json").write_text(json.dumps(descriptor, indent=2) + "\n")
