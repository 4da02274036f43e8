"""Draws lines of text as scans, thermal printers, dot-matrix printers and screens show them, and says what they read.

Words are those of a tokenizer's vocabulary, numbers, codes, dates and prices are random; fonts are Debian's packages
fonts-dejavu-extra, fonts-liberation, fonts-freefont-ttf, fonts-roboto-unhinted, fonts-open-sans and fonts-noto-core.
Everything follows from the `random.Random` that is given.
"""
import json
import pathlib
import string

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = pathlib.Path("/usr/share/fonts/truetype")
PROPORTIONAL = [
    "dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf", "dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSansCondensed.ttf",
    "dejavu/DejaVuSansCondensed-Bold.ttf", "liberation/LiberationSans-Regular.ttf",
    "liberation/LiberationSans-Bold.ttf", "liberation/LiberationSerif-Regular.ttf",
    "liberation/LiberationSerif-Italic.ttf", "liberation/LiberationSansNarrow-Regular.ttf",
    "liberation/LiberationSansNarrow-Bold.ttf", "freefont/FreeSans.ttf", "freefont/FreeSerif.ttf",
    "roboto/unhinted/RobotoTTF/Roboto-Regular.ttf", "roboto/unhinted/RobotoTTF/Roboto-Medium.ttf",
    "open-sans/OpenSans-Regular.ttf", "noto/NotoSans-Regular.ttf", "noto/NotoSerif-Regular.ttf"]
MONOSPACED = [
    "dejavu/DejaVuSansMono.ttf", "dejavu/DejaVuSansMono-Bold.ttf", "liberation/LiberationMono-Regular.ttf",
    "liberation/LiberationMono-Bold.ttf", "freefont/FreeMono.ttf", "freefont/FreeMonoBold.ttf"]
SHORT = ["RM", "$", "£", "€", "#", "@", "x", "X", "%", "&", "-", "=", "*", "/", "+", "|", "SR", "QTY", "TOTAL", "NO.",
         "TEL:", "GST", "TAX"]


class Lines:
    """An endless supply of lines, drawn at random."""

    def __init__(self, tokenizer, random):
        vocabulary = json.loads(pathlib.Path(tokenizer).read_text(encoding="utf-8"))["model"]["vocab"]
        self.words = [w for w in vocabulary if w.isascii() and w.isalpha()]
        self.random = random

    def word(self):
        r = self.random
        word = r.choice(self.words[:8000] if r.random() < .7 else self.words)
        kind = r.random()
        return word.upper() if kind < .4 else word.capitalize() if kind < .65 else word

    def token(self):
        r = self.random
        upper = string.ascii_uppercase + string.digits * 2
        kinds = [
            (.50, self.word),
            (.12, lambda: "%d.%02d" % (int(10 ** r.uniform(0, 4)), r.randrange(100))),
            (.06, lambda: str(int(10 ** r.uniform(0, 9)))),
            (.04, lambda: "%02d/%02d/%d" % (r.randrange(1, 32), r.randrange(1, 13),
                                            r.choice([18, 2016, 2017, 2018, 2024]))),
            (.03, lambda: "%02d:%02d:%02d" % (r.randrange(24), r.randrange(60), r.randrange(60))),
            (.05, lambda: "".join(r.choice(upper) for _ in range(r.randrange(3, 11)))),
            (.04, lambda: r.choice(SHORT)),
            (.04, lambda: "%s-%s" % (r.randrange(10, 100), r.randrange(10 ** 5, 10 ** 8))),
            (.03, lambda: "(" + self.word() + ")"),
            (.02, lambda: r.choice(["RM", "$", "£"]) + "%d.%02d" % (r.randrange(1000), r.randrange(100))),
            (.02, lambda: str(r.randrange(101)) + "%"),
            (.02, lambda: "%s'%s" % (self.word(), r.choice("sStT"))),
            (.03, lambda: "".join(r.choice(string.printable[:94]) for _ in range(r.randrange(2, 8)))),
        ]
        token = r.choices([make for _, make in kinds], [share for share, _ in kinds])[0]()
        return token + r.choices(["", ",", ".", ":", r.choice("!?;")], [.83, .06, .05, .05, .01])[0]

    def text(self):
        return " ".join(self.token() for _ in range(self.random.choice([1, 1, 1, 2, 2, 3, 3, 4, 5, 6])))

    def ink(self, text, size):
        """The text in white on black, with a margin."""
        r = self.random
        font = ImageFont.truetype(str(FONTS / r.choice(MONOSPACED if r.random() < .45 else PROPORTIONAL)), size)
        gap = r.uniform(-.03, .18) * size if r.random() < .35 else 0
        x, places = size * .6, []
        for character in text:
            places.append(x)
            x += font.getlength(character) + gap
        page = Image.new("L", (int(x + size * .6), int(size * 1.9)), 0)
        draw = ImageDraw.Draw(page)
        if gap:
            for character, place in zip(text, places):
                draw.text((place, size * .4), character, fill=255, font=font)
        else:
            draw.text((size * .6, size * .4), text, fill=255, font=font)
        if r.random() < .25:  # wide or narrow print
            page = page.resize((max(8, int(page.width * r.uniform(.65, 1.5))), page.height), Image.BICUBIC)
        return page

    def dots(self, ink, size):
        """As a dot-matrix printer puts it."""
        r = self.random
        scale = r.choice([10, 11, 12, 13]) / size
        shape = (max(4, int(ink.shape[1] * scale)), max(4, int(ink.shape[0] * scale)))
        small = Image.fromarray((ink * 255).astype(np.uint8)).resize(shape, r.choice([Image.BOX, Image.BILINEAR]))
        grid = (np.asarray(small, np.float32) / 255 > r.uniform(.3, .5)).astype(np.float32)
        cell = r.choice([4, 5, 6])
        y, x = np.mgrid[0:cell, 0:cell] - (cell - 1) / 2
        return np.kron(grid, (x ** 2 + y ** 2 < (cell * r.uniform(.42, .62)) ** 2).astype(np.float32))

    def faint(self, ink, noise):
        """As a worn thermal printer puts it."""
        r = self.random
        coarse = (noise.rand(max(2, ink.shape[0] // 3), max(2, ink.shape[1] // 3)) * 255).astype(np.uint8)
        cloud = np.asarray(Image.fromarray(coarse).resize(ink.shape[::-1], Image.BICUBIC), np.float32) / 255
        ink = ink * np.clip(cloud * r.uniform(1.2, 3), .25, 1)
        if r.random() < .3:
            ink[:: r.choice([3, 4, 5])] *= r.uniform(.2, .8)
        return ink

    def cut(self, ink):
        """Cut out as a detector would, or None if nothing can be seen."""
        r = self.random
        seen = np.asarray(ink) > 60
        rows, columns = np.where(seen.any(1))[0], np.where(seen.any(0))[0]
        if len(rows) < 3 or len(columns) < 3:
            return None
        height = max(rows[-1] - rows[0] + 1, int(ink.height * .3))
        top, bottom = (int(round(r.uniform(.02, .35) * height)) for _ in "tb")
        left, right = (int(round(r.uniform(0, .5) * height)) for _ in "lr")
        return ink.crop((columns[0] - left, rows[0] - top, columns[-1] + 1 + right, rows[-1] + 1 + bottom))

    def colours(self, ink, noise):
        r = self.random
        paper, print_ = r.uniform(.75, 1), r.uniform(0, .45)
        if r.random() < .12:
            paper, print_ = print_ * .6, paper
        tint = np.array([1, r.uniform(.94, 1), r.uniform(.88, 1)]) if r.random() < .4 else np.ones(3)
        page = (paper + (print_ - paper) * ink)[..., None] * tint
        if r.random() < .4:
            page = page + np.linspace(-1, 1, page.shape[1])[None, :, None] * r.uniform(-.12, .12)
        page = page + noise.randn(*page.shape[:2], 1) * r.choice([0, .01, .02, .05])
        return np.ascontiguousarray((np.clip(page, 0, 1) * 255).astype(np.uint8)[..., ::-1])

    def next(self):
        """A picture, BGR bytes of [height, width, 3], and what it reads."""
        r = self.random
        while True:
            text, size = self.text(), r.choice([14, 18, 22, 28, 34, 40])
            noise = np.random.RandomState(r.randrange(2 ** 31))
            ink = np.asarray(self.ink(text, size), np.float32) / 255
            kind = r.random()
            ink = self.dots(ink, size) if kind < .22 else self.faint(ink, noise) if kind < .5 else ink
            line = Image.fromarray((np.clip(ink, 0, 1) * 255).astype(np.uint8))
            if r.random() < .6:
                line = line.rotate(r.uniform(-2, 2), Image.BICUBIC)
            line = self.cut(line)
            if line is None:
                continue
            scale = r.uniform(9, 22) / line.height
            if r.random() < .55 and scale < 1:  # low resolution
                line = line.resize((max(8, int(line.width * scale)), max(6, int(line.height * scale))),
                                   r.choice([Image.BILINEAR, Image.BOX, Image.BICUBIC]))
            if r.random() < .35:
                line = line.filter(ImageFilter.GaussianBlur(r.uniform(.3, .9) * line.height / 30))
            return self.colours(np.asarray(line, np.float32) / 255, noise), text
