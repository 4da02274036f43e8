"""Writes golden geometry for the OCR tests from OpenCV and pyclipper, and two pages in other languages.

    python geometry.py --tests ../../src/test/resources
"""
import argparse
import datetime
import json
import pathlib

import cv2
import numpy as np
import pyclipper
from PIL import Image, ImageDraw, ImageFont

args = argparse.ArgumentParser(description=__doc__)
args.add_argument("--tests", type=pathlib.Path, required=True)
args.add_argument("--date", default=datetime.date.today().isoformat())
given = args.parse_args()
random = np.random.default_rng(20261125)
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
GERMAN = ["Die Straße führt durch das Tal", "Größere Häuser stehen am Fluss", "Schöne Grüße aus Köln"]
SPANISH = ["El niño llegó mañana a España", "¿Cuándo viene el señor Núñez?", "La montaña está muy cerca"]


def page(lines, file):
    picture = Image.new("L", (640, 60 + 48 * len(lines)), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(FONT, 26, layout_engine=ImageFont.Layout.BASIC)
    for i, line in enumerate(lines):
        draw.text((30, 30 + 48 * i), line, font=font, fill=0)
    picture.save(given.tests / "pictures" / file, optimize=True)


def rectangles():
    cases = []
    for i in range(40):
        count = int(random.integers(3, 30))
        angle, long, short = random.uniform(-80, 80), random.uniform(30, 200), random.uniform(8, 40)
        points = random.uniform(-.5, .5, (count, 2)) * (long, short)
        turn = np.array([[np.cos(np.radians(angle)), -np.sin(np.radians(angle))],
                         [np.sin(np.radians(angle)), np.cos(np.radians(angle))]])
        points = np.rint(points @ turn.T + 150).astype(np.int32)
        box = cv2.boxPoints(cv2.minAreaRect(points))
        cases.append({"points": points.tolist(), "corners": np.round(box.astype(float), 4).tolist()})
    return cases


def grown():
    cases = []
    for i in range(30):
        centre, size = random.uniform(80, 120, 2), (random.uniform(40, 150), random.uniform(8, 30))
        quad = cv2.boxPoints((tuple(map(float, centre)), tuple(map(float, size)), float(random.uniform(-30, 30))))
        x, y = quad[:, 0], quad[:, 1]
        area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
        around = sum(np.linalg.norm(quad[k] - quad[(k + 1) % 4]) for k in range(4))
        offset = pyclipper.PyclipperOffset()
        offset.AddPath(quad.tolist(), pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
        polygon = np.array(offset.Execute(area * 1.6 / around)[0])
        box = cv2.boxPoints(cv2.minAreaRect(polygon.astype(np.int32)))
        cases.append({"quad": np.round(quad.astype(float), 4).tolist(), "corners": np.round(box.astype(float), 4).tolist()})
    return cases


def warps():
    height, width = 60, 90
    y, x = np.mgrid[0:height, 0:width]
    picture = np.stack([127 + 120 * np.sin(x / 3.1 + c) * np.cos(y / 4.3) for c in range(3)], -1)
    picture = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    cases = []
    for quad in ([[10, 12], [70, 8], [72, 30], [12, 34]], [[5, 5], [80, 20], [76, 44], [2, 30]],
                 [[30, 10], [60, 14], [58, 50], [28, 46]]):
        quad = np.array(quad, np.float32)
        w = int(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))
        h = int(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))
        to = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
        cut = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(quad, to), (w, h), flags=cv2.INTER_CUBIC,
                                  borderMode=cv2.BORDER_REPLICATE)
        cases.append({"quad": quad.tolist(), "width": w, "height": h, "rgb": cut.reshape(-1).tolist()})
    return {"width": width, "height": height, "rgb": picture.reshape(-1).tolist(), "cuts": cases}


def components():
    cases = []
    for i in range(8):
        mask = (random.random((24, 40)) > .72).astype(np.uint8)
        dilated = cv2.dilate(mask, np.ones((2, 2), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(dilated, connectivity=8)
        boxes = sorted([int(v) for v in row[:4]] for row in stats[1:])
        cases.append({"mask": ["".join(map(str, row)) for row in mask.tolist()], "boxes": boxes})
    return cases


page(GERMAN, "german.png")
page(SPANISH, "spanish.png")
out = given.tests / "golden"
content = {"cases": [{"rectangles": rectangles(), "grown": grown(), "warp": warps(), "components": components(),
                      "german": GERMAN, "spanish": SPANISH}]}
(out / "geometry.golden.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
(out / "geometry.origin.json").write_text(json.dumps({
    "reference": "OpenCV: minAreaRect, warpPerspective (INTER_CUBIC, BORDER_REPLICATE), dilate by 2 x 2, "
                 "connectedComponents (8); pyclipper: offset by area * 1.6 / perimeter, round joins, then minAreaRect",
    "tools": {"opencv": cv2.__version__, "pyclipper": "1.4.0", "numpy": np.__version__},
    "command": "python geometry.py (recipes folder of leat-models-vision-weights)", "date": given.date,
    "license": "Apache-2.0; all content is generated",
    "tolerance": {"rectangles": "corners .01 or equal area", "grown": "corners 1.5 px: the polygon library rounds",
                  "warp": "3 levels of 255: OpenCV rounds positions to 1/32 pixel", "components": "boxes equal"},
}, indent=1) + "\n")
