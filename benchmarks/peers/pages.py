"""Draws pages whose text is known, three or more of each kind, for CompareOcr.

    python pages.py OUT PAGES SEED TEXT.md...

OUT gets KIND-NUMBER.png and .txt; the text is taken from the given files. Six fonts (DejaVu, Liberation, FreeFont), 8 to
24 pixels; noise, rotation up to 5 degrees, two columns, light on dark, screenshots, pages that lie on a side.
"""
import pathlib
import random
import re
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FOLDER = "/usr/share/fonts/truetype/"
FONTS = [FOLDER + name + ".ttf" for name in (
    "dejavu/DejaVuSans", "dejavu/DejaVuSerif", "liberation/LiberationSans-Regular",
    "liberation/LiberationMono-Regular", "liberation/LiberationSerif-Regular", "freefont/FreeSans")]
KINDS = ["clean", "small", "noise", "rotated", "columns", "dark", "screenshot", "turned"]
SIZES = {"small": [8, 9, 10], "clean": [12, 14, 16, 20, 24], "screenshot": [11, 12, 13, 14]}
DARK = [((20, 22, 30), (230, 230, 230)), ((0, 0, 0), (120, 220, 120)), ((30, 60, 120), (255, 255, 255))]
SCREENS = [((240, 240, 240), (40, 40, 40)), ((255, 255, 255), (60, 60, 60)), ((45, 45, 48), (210, 210, 210))]
MARGIN = 40


def lines(words, chance, font, width, count):
    found = []
    while len(found) < count:
        start, line = chance.randrange(len(words) - 60), ""
        for word in words[start:start + 60]:
            longer = (line + " " + word).strip()
            if font.getlength(longer) > width:
                found.append(line)
                line = word
            else:
                line = longer
    return found[:count]


def page(kind, words, chance):
    name = FONTS[chance.randrange(6)]
    size = chance.choice(SIZES.get(kind, [12, 14, 16, 18]))
    font, ground, ink = ImageFont.truetype(name, size), (255, 255, 255), (0, 0, 0)
    if kind in ("dark", "screenshot"):
        ground, ink = chance.choice(DARK if kind == "dark" else SCREENS)
    width, height = (1100, 800) if kind == "columns" else (1000, 760)
    picture = Image.new("RGB", (width, height), ground)
    pen, pitch, written = ImageDraw.Draw(picture), int(size * 1.45), []
    columns, top, most = 1, MARGIN, 26
    if kind == "columns":
        columns, top, most = 2, MARGIN + 30, 22
        start = chance.randrange(len(words) - 5)
        written.append(" ".join(words[start:start + 5]))
        pen.text((MARGIN, MARGIN - 15), written[0], font=ImageFont.truetype(name, size + 6), fill=ink)
    across = (width - (columns + 1) * MARGIN) // columns
    for column in range(columns):
        count = min(most, (height - top - MARGIN) // pitch)
        for i, line in enumerate(lines(words, chance, font, across, count)):
            pen.text((MARGIN + column * (across + MARGIN), top + i * pitch), line, font=font, fill=ink)
            written.append(line)
    if kind == "screenshot":
        pen.rectangle((0, 0, width, 24), fill=(70, 110, 190))
    elif kind == "rotated":
        picture = picture.rotate(chance.choice([-5, -3.5, -2, 2, 3, 5]), Image.BICUBIC, expand=True, fillcolor=ground)
    elif kind == "noise":
        noise = np.random.default_rng(chance.randrange(1 << 30)).normal(0, 28, (height, width, 1))
        picture = Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))
    elif kind == "turned":
        picture = picture.transpose(chance.choice([Image.ROTATE_90, Image.ROTATE_180, Image.ROTATE_270]))
    return picture, written


def main():
    out, count, chance = pathlib.Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    text = re.sub(r"[`|*#]+", " ", " ".join(pathlib.Path(file).read_text() for file in sys.argv[4:]))
    words = [w for w in text.split() if all(32 < ord(c) < 127 for c in w) and len(w) < 18]
    out.mkdir(exist_ok=True)
    for kind in KINDS:
        for i in range(count):
            picture, written = page(kind, words, chance)
            picture.save(out / f"{kind}-{i}.png")
            (out / f"{kind}-{i}.txt").write_text("\n".join(written) + "\n")


if __name__ == "__main__":
    main()
