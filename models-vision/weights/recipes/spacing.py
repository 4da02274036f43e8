"""Fits the weights by which Leat says between which characters a space is.

    python spacing.py --models .../META-INF/leat/models --receipts SROIE/data [--pages PAGES]

Receipts: the 12 that finetune.py kept aside, of the 60 of zzzDavid/ICDAR-2019-SROIE that `random.Random(7)` picks (never
those that results are reported on): of the others the recogniser has learnt where their spaces are.
PAGES: pictures NAME.png of drawn text with its lines in NAME.txt. Each line that was read right but for its spaces is
an example: for each gap between two of its characters the features of Spacing.java, and whether a space is there. A
logistic regression with an L2 penalty of 3; the decision is put at a probability of .4, where word F1 was best.
Needs rapidocr-onnxruntime for its detector's post-processing.
"""
import argparse
import glob
import math
import pathlib
import random

import cv2
import numpy as np
import onnxruntime
from PIL import Image
from rapidocr_onnxruntime.ch_ppocr_det.utils import DBPostProcess

args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
args.add_argument("--models", type=pathlib.Path, required=True)
args.add_argument("--receipts", type=pathlib.Path, required=True)
args.add_argument("--pages", type=pathlib.Path)
given = args.parse_args()
detector = onnxruntime.InferenceSession(str(given.models / "ppocr-v4-det/model.onnx"))
reader = onnxruntime.InferenceSession(str(given.models / "ppocr-v4-rec-english/model.onnx"))
characters = (given.models / "ppocr-v4-rec-english/characters.txt").read_text(encoding="utf-8").split("\n")[:-1]
SPACE = len(characters) - 1
boxes_of = DBPostProcess(thresh=.3, box_thresh=.5, max_candidates=1000, unclip_ratio=1.6, score_mode="fast",
                         use_dilation=True)


def receipts():
    names = sorted(pathlib.Path(f).stem for f in glob.glob(str(given.receipts / "img/*.jpg"))
                   if (given.receipts / "box" / (pathlib.Path(f).stem + ".csv")).exists())
    random.Random(7).shuffle(names)
    names = sorted(names[:60])
    random.Random(3).shuffle(names)
    for name in names[:12]:
        rows = (given.receipts / f"box/{name}.csv").read_text(encoding="utf-8", errors="replace").splitlines()
        yield given.receipts / f"img/{name}.jpg", [r.split(",", 8)[8] for r in rows if r.count(",") >= 8]


def pages():
    for file in sorted(given.pages.glob("*.png")) if given.pages else []:
        yield file, file.with_suffix(".txt").read_text().splitlines()


def tensor(picture, width):
    x = np.zeros((1, 3, picture.shape[0], width), np.float32)
    x[0, :, :, :picture.shape[1]] = ((picture.astype(np.float32) / 255 - .5) / .5).transpose(2, 0, 1)
    return x


def lines(picture):
    height, width = picture.shape[:2]
    ratio = min(1, 1280 / max(height, width))
    h, w = (max(32, round(side * ratio / 32) * 32) for side in (height, width))
    seen = np.asarray(Image.fromarray(picture).resize((w, h), Image.BILINEAR))
    found, _ = boxes_of(detector.run(None, {"x": tensor(seen, w)})[0], picture.shape[:2])
    for quad in np.asarray(found, np.float32):
        w = int(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))
        h = int(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))
        if w < 1 or h < 1 or h >= 1.5 * w:
            continue
        to = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
        cut = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(quad, to), (w, h), flags=cv2.INTER_CUBIC,
                                  borderMode=cv2.BORDER_REPLICATE)
        for stretch in (1, 1.2):
            wide = max(8, math.ceil(48 * stretch * w / h))
            x = np.asarray(Image.fromarray(cut).resize((wide, 48), Image.BICUBIC))
            yield [o[0] for o in reader.run(["idx", "space"], {"x": tensor(x, -(-wide // 8) * 8)})]


def examples(classes, spaces, truth):
    firsts = [t for t, c in enumerate(classes) if c and c != SPACE and (t == 0 or classes[t - 1] != c)]
    text = "".join(characters[classes[t]] for t in firsts).upper()
    if len(text) < 2 or text not in truth:
        return
    ends = set(np.cumsum([len(word) for word in truth[text].split()]).tolist())
    pitch = float(np.median(np.diff(firsts)))
    for i, (a, b) in enumerate(zip(firsts, firsts[1:])):
        empty = [t for t in range(a + 1, b) if classes[t] in (0, SPACE)]
        log = math.log(max([spaces[t] for t in empty], default=0) + 1e-5)
        total = math.log(sum(spaces[t] for t in empty) + 1e-5)
        far = (b - a) / pitch
        yield [1, log, total, far, len(empty) / pitch, log * far], i + 1 in ends


rows = []
for file, written in [*receipts(), *pages()]:
    truth = {line.upper().replace(" ", ""): line for line in written}
    for classes, spaces in lines(np.asarray(Image.open(file).convert("RGB"))[..., ::-1].copy()):
        rows.extend(examples(classes, spaces, truth))
x, y = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows], float)
weights = np.zeros(x.shape[1])
for _ in range(25):  # Newton's method
    p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
    hessian = (x * (p * (1 - p))[:, None]).T @ x + 3 * np.eye(len(weights))
    weights += np.linalg.solve(hessian, x.T @ (y - p) - 3 * weights)
p = 1 / (1 + np.exp(-(x @ weights)))
print("gaps", len(y), "missed", int(((p <= .4) & (y == 1)).sum()), "invented", int(((p > .4) & (y == 0)).sum()))
weights[0] -= math.log(.4 / .6)
print([round(float(w), 4) for w in weights])
