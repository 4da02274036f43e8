"""Cuts lines out of receipts, with what they read, for finetune.py.

    python cuts.py --models .../META-INF/leat/models --receipts SROIE/data --out lines.pkl

The 60 receipts of zzzDavid/ICDAR-2019-SROIE that `random.Random(7)` picks, never those that results are reported on.
A line is cut where the detector finds it, if it covers whole places of the truth and no part of others, and twice at
each place of the truth, with margins at random. Their words are in capitals, whatever the receipt shows.
Needs rapidocr-onnxruntime for its detector's post-processing.
"""
import argparse
import pathlib
import pickle
import random

import cv2
import numpy as np
import onnxruntime
from PIL import Image
from rapidocr_onnxruntime.ch_ppocr_det.utils import DBPostProcess

boxes_of = DBPostProcess(thresh=.3, box_thresh=.5, max_candidates=1000, unclip_ratio=1.6, score_mode="fast",
                         use_dilation=True)
TALLEST = 96  # pixels; the recogniser reads 48


def truth(receipts):
    """The tuned receipts: name, picture and places with their words."""
    names = sorted(f.stem for f in (receipts / "img").glob("*.jpg") if (receipts / f"box/{f.stem}.csv").exists())
    random.Random(7).shuffle(names)
    for name in sorted(names[:60]):
        rows = (receipts / f"box/{name}.csv").read_text(encoding="utf-8", errors="replace").splitlines()
        places = [(np.array(r[:8], np.float32).reshape(4, 2), r[8].strip())
                  for r in (row.split(",", 8) for row in rows) if len(r) > 8]
        yield name, np.asarray(Image.open(receipts / f"img/{name}.jpg").convert("RGB"))[..., ::-1].copy(), places


def found(picture, detector):
    """The detector's places, as Leat asks for them."""
    height, width = picture.shape[:2]
    ratio = min(1, 1280 / max(height, width))
    h, w = (max(32, round(side * ratio / 32) * 32) for side in (height, width))
    small = np.asarray(Image.fromarray(picture).resize((w, h), Image.BILINEAR))
    x = ((small.astype(np.float32) / 255 - .5) / .5).transpose(2, 0, 1)[None]
    quads, _ = boxes_of(detector.run(None, {"x": x})[0], picture.shape[:2])
    return np.asarray(quads, np.float32)


def cut(picture, quad):
    """The line at a place; None if it stands upright or is next to nothing."""
    quad = np.asarray(quad, np.float32)
    w = int(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))
    h = int(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))
    if w < 4 or h < 4 or h >= 1.5 * w:
        return None
    to = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    line = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(quad, to), (w, h), flags=cv2.INTER_CUBIC,
                               borderMode=cv2.BORDER_REPLICATE)
    if h <= TALLEST:
        return line
    return np.asarray(Image.fromarray(line).resize((max(8, w * TALLEST // h), TALLEST), Image.BICUBIC))


def bounds(quad):
    return quad[:, 0].min(), quad[:, 1].min(), quad[:, 0].max(), quad[:, 1].max()


def share(inner, outer):
    """Which share of one rectangle lies in another."""
    width = min(inner[2], outer[2]) - max(inner[0], outer[0])
    height = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return max(0, width) * max(0, height) / area if area > 0 else 0


def words(quad, places):
    """What stands at a detected place, or None if that cannot be said."""
    box = bounds(quad)
    whole = sorted((bounds(p), t) for p, t in places if share(bounds(p), box) > .75)
    if not whole or any(.15 < share(bounds(p), box) <= .75 for p, _ in places):
        return None
    if max(b[1] for b, _ in whole) > min(b[3] for b, _ in whole):
        return None  # not one row
    covered = sum(b[2] - b[0] for b, _ in whole) / (box[2] - box[0])
    return " ".join(t for _, t in whole) if covered >= (.5 if len(whole) > 1 else .6) else None


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--models", type=pathlib.Path, required=True)
    args.add_argument("--receipts", type=pathlib.Path, required=True)
    args.add_argument("--out", type=pathlib.Path, required=True)
    given = args.parse_args()
    detector = onnxruntime.InferenceSession(str(given.models / "ppocr-v4-det/model.onnx"))
    rng, lines = random.Random(1), []
    for name, picture, places in truth(given.receipts):
        for quad in found(picture, detector):
            text = words(quad, places)
            line = cut(picture, quad) if text else None
            if line is not None:
                lines.append((name, "detected", text, line))
        for place, text in places:
            height = np.linalg.norm(place[0] - place[3])
            for _ in range(2):
                up, down = rng.uniform(-.02, .22) * height, rng.uniform(-.02, .22) * height
                left, right = rng.uniform(0, .3) * height, rng.uniform(0, .3) * height
                margins = np.array([(-left, -up), (right, -up), (right, down), (-left, down)], np.float32)
                line = cut(picture, place + margins)
                if line is not None:
                    lines.append((name, "truth", text, line))
    given.out.write_bytes(pickle.dumps(lines))
    print(len(lines), "lines,", sum(1 for line in lines if line[1] == "detected"), "of them as detected")


if __name__ == "__main__":
    main()
