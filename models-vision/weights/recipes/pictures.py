"""Draws the pictures that Leat's tests and quick start use: all are our own making, none is a photograph.

    python pictures.py --tests ../../src/test/resources --samples SAMPLES

Needs Pillow, numpy, OpenCV (16 bit RGB) and the DejaVu fonts. The same versions give the same bytes.
"""
import argparse
import io
import math
import pathlib
import struct
import zlib

import cv2
import numpy as np
from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageFont

FONTS = pathlib.Path("/usr/share/fonts/truetype/dejavu")

RECEIPT = [
    ("CORNER STREET MARKET", "head"), ("12 Mill Lane, Ashford", "mid"), ("Tel. 01632 960 421", "mid"), ("", ""),
    ("Date 14/03/2026   Time 17:42", "line"), ("Receipt No. 004817", "line"), ("", ""),
    ("Whole milk 1 l", "1.29"), ("Brown bread", "2.40"), ("Free range eggs x 12", "3.85"),
    ("Bananas 0.86 kg", "1.12"), ("Orange juice", "2.99"), ("Tea bags 80 pcs", "3.49"), ("", ""),
    ("SUBTOTAL", "15.14"), ("VAT 5 %", "0.76"), ("TOTAL", "15.90"), ("Cash", "20.00"), ("Change", "4.10"), ("", ""),
    ("Thank you for shopping with us!", "mid"),
]
LETTER = """Harbour View Hotel
3 Quay Road, Whitby

9 April 2026

Dear Ms Carter,

Thank you for your letter of 2 April. We are pleased to confirm
your booking of one double room with a view of the sea for three
nights, from Friday 15 May to Monday 18 May 2026.

The price is 94.50 pounds a night and includes breakfast, which
is served from 7:30 to 10:00 in the garden room. Dogs are welcome;
please tell us in advance so that we can prepare a basket.

If your plans change, you may cancel free of charge until 8 May.
Write to desk@harbourview.example or call 01632 960 077.

We look forward to your visit.

Yours sincerely,
Thomas Whitfield""".split("\n")
NOTICE = ["PLEASE KEEP", "THIS DOOR CLOSED", "AT ALL TIMES"]


def font(size, name="DejaVuSans"):
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size, layout_engine=ImageFont.Layout.BASIC)


def scene(width, height, seed):
    """Sky, sun, hills and a house, with the grain of film."""
    grain = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = x / width, y / height
    sky = np.stack([90 + 110 * v, 140 + 80 * v, 235 - 30 * v], -1)
    sun = np.exp(-(((u - .72) * width / height) ** 2 + (v - .25) ** 2) / .006)[..., None]
    picture = sky + sun * np.array([150., 100., -40.])
    for i, (level, color) in enumerate([(.52, (96, 128, 120)), (.66, (70, 120, 62)), (.8, (92, 142, 48))]):
        ridge = level + .05 * np.sin(u * (5 + 3 * i) + seed + i) + .02 * np.sin(u * (19 + 7 * i))
        inside = v > ridge
        texture = 14 * np.sin(x / 3.1 + i) * np.sin(y / 2.7)
        picture[inside] = (np.array(color)[None] + texture[inside][:, None] - 50 * (v - ridge)[inside][:, None])
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    s = min(width, height)
    left, top, side = int(.16 * width), int(.86 * height) - s // 3, s // 3
    pen.rectangle([left, top, left + side, top + side], fill=(176, 92, 70))
    pen.polygon([(left - side // 8, top), (left + side + side // 8, top), (left + side // 2, top - side // 2)],
                fill=(84, 50, 46))
    for i in (0, 1):
        at = left + side // 6 + i * side // 2
        pen.rectangle([at, top + side // 5, at + side // 5, top + side // 2], fill=(236, 226, 150))
    noisy = np.asarray(image).astype(np.float64) + grain.normal(0, 5, (height, width, 1)) + grain.normal(
        0, 2, (height, width, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).round().astype(np.uint8))


def clock(size=480, seed=3, hour=10, minute=9):
    """An analogue wall clock on a lit wall."""
    k = 3
    n = size * k
    y, x = np.mgrid[0:n, 0:n] / n
    wall = np.stack([205 - 50 * x - 25 * y, 192 - 50 * x - 25 * y, 170 - 50 * x - 25 * y], -1)
    image = Image.fromarray(wall.astype(np.uint8))
    shadow = Image.new("L", (n, n), 0)
    ImageDraw.Draw(shadow).ellipse([.14 * n, .15 * n, .93 * n, .94 * n], fill=130)
    image.paste((40, 36, 30), mask=shadow.filter(ImageFilter.GaussianBlur(n / 45)))
    pen = ImageDraw.Draw(image)

    def disc(radius, color):
        pen.ellipse([n / 2 - radius * n, n / 2 - radius * n, n / 2 + radius * n, n / 2 + radius * n], fill=color)

    for i in range(30):  # a rounded dark frame
        shade = int(28 + 60 * math.sin(math.pi * i / 30))
        disc(.40 - .0016 * i, (shade, shade - 4, shade - 6))
    disc(.352, (247, 245, 238))
    figures = font(int(.075 * n), "DejaVuSans-Bold")
    for i in range(60):
        a = math.radians(6 * i)
        inner = .315 if i % 5 == 0 else .33
        pen.line([n / 2 + inner * n * math.sin(a), n / 2 - inner * n * math.cos(a), n / 2 + .345 * n * math.sin(a),
                  n / 2 - .345 * n * math.cos(a)], fill=(20, 20, 20), width=int(n * (.009 if i % 5 == 0 else .004)))
        if i % 5 == 0:
            pen.text((n / 2 + .265 * n * math.sin(a), n / 2 - .265 * n * math.cos(a)), str(i // 5 or 12),
                     fill=(20, 20, 20), font=figures, anchor="mm")
    for angle, length, width, color in ((30 * hour + minute / 2, .18, .022, (15, 15, 15)),
                                        (6 * minute, .27, .014, (15, 15, 15)), (210, .29, .005, (190, 30, 25))):
        a = math.radians(angle)
        pen.line([n / 2 - .05 * n * math.sin(a), n / 2 + .05 * n * math.cos(a), n / 2 + length * n * math.sin(a),
                  n / 2 - length * n * math.cos(a)], fill=color, width=int(width * n))
    disc(.017, (25, 25, 25))
    small = np.asarray(image.resize((size, size), Image.LANCZOS)).astype(np.float64)
    small += np.random.default_rng(seed).normal(0, 2.5, (size, size, 1))
    return Image.fromarray(np.clip(small, 0, 255).round().astype(np.uint8))


def traffic_light(width=420, height=560, seed=4):
    """A traffic light before a sky, red lamp lit."""
    k = 3
    w, h = width * k, height * k
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    sky = np.stack([120 + 90 * y / h, 165 + 60 * y / h, 225 + 15 * y / h], -1)
    image = Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    pen.rectangle([.47 * w, .7 * h, .53 * w, h], fill=(70, 72, 74))
    pen.rounded_rectangle([.3 * w, .06 * h, .7 * w, .76 * h], radius=.06 * w, fill=(24, 26, 25))
    for i, color in enumerate([(255, 48, 36), (70, 52, 12), (10, 58, 34)]):
        cy = (.17 + .235 * i) * h
        r = .135 * w
        pen.ellipse([w / 2 - r * 1.15, cy - r * 1.15, w / 2 + r * 1.15, cy + r * 1.15], fill=(8, 8, 8))
        for j in range(20):
            q = r * (1 - j / 26)
            light = 1 + j / 40 if i == 0 else 1 + j / 80
            pen.ellipse([w / 2 - q, cy - q, w / 2 + q, cy + q], fill=tuple(min(255, int(c * light)) for c in color))
        pen.pieslice([w / 2 - r * 1.3, cy - r * 1.45, w / 2 + r * 1.3, cy + r * 1.2], 190, 350, fill=None,
                     outline=(14, 14, 14), width=int(.02 * w))
    small = np.asarray(image.resize((width, height), Image.LANCZOS)).astype(np.float64)
    small += np.random.default_rng(seed).normal(0, 3, (height, width, 1))
    return Image.fromarray(np.clip(small, 0, 255).round().astype(np.uint8))


def receipt(width=600, size=24):
    """A shop's receipt."""
    step = int(size * 1.55)
    image = Image.new("L", (width, 40 + step * len(RECEIPT)), 250)
    pen = ImageDraw.Draw(image)
    for i, (left, right) in enumerate(RECEIPT):
        y = 24 + i * step
        if right == "head":
            pen.text((width / 2, y), left, fill=20, font=font(int(size * 1.3), "DejaVuSans-Bold"), anchor="ma")
        elif right == "mid":
            pen.text((width / 2, y), left, fill=30, font=font(size), anchor="ma")
        elif right == "line":
            pen.text((50, y), left, fill=30, font=font(size, "DejaVuSansMono"))
        elif right:
            bold = "DejaVuSans-Bold" if left == "TOTAL" else "DejaVuSans"
            pen.text((50, y), left, fill=25, font=font(size, bold))
            pen.text((width - 50, y), right, fill=25, font=font(size, bold), anchor="ra")
    return image


def letter(width=1000, size=26, name="DejaVuSerif"):
    step = int(size * 1.6)
    image = Image.new("L", (width, 120 + step * len(LETTER)), 255)
    pen = ImageDraw.Draw(image)
    for i, line in enumerate(LETTER):
        pen.text((70, 60 + i * step), line, fill=15, font=font(size, name))
    return image


def notice():
    image = Image.new("RGB", (640, 420), (20, 60, 120))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle([14, 14, 626, 406], 20, outline=(255, 255, 255), width=6)
    for i, line in enumerate(NOTICE):
        pen.text((320, 105 + i * 105), line, fill=(255, 255, 255), font=font(50, "DejaVuSans-Bold"), anchor="mm")
    return image


def tilted(document, degrees, seed):
    """As if photographed: tilted, unevenly lit, blurred a little, grainy."""
    turned = document.rotate(degrees, Image.BICUBIC, expand=True, fillcolor=96)
    a = np.asarray(turned.filter(ImageFilter.GaussianBlur(.6))).astype(np.float64)
    h, w = a.shape
    y, x = np.mgrid[0:h, 0:w]
    a = a * (.72 + .28 * x / w) * (.9 + .1 * y / h) + np.random.default_rng(seed).normal(0, 3, a.shape)
    rgb = np.stack([a, a * .985, a * .94], -1)
    return Image.fromarray(np.clip(rgb, 0, 255).round().astype(np.uint8))


def letter_f():
    """Unlike itself however it is turned or mirrored."""
    image = Image.new("RGB", (96, 64), (235, 235, 220))
    pen = ImageDraw.Draw(image)
    pen.rectangle([20, 8, 30, 56], fill=(200, 30, 30))
    pen.rectangle([20, 8, 62, 18], fill=(30, 30, 200))
    pen.rectangle([20, 28, 48, 38], fill=(30, 150, 30))
    return image


def swapped_profile():
    """sRGB with red and green swapped: whoever applies it is caught."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)  # its date, or no two runs would agree
    tags = {}
    for i in range(struct.unpack(">I", profile[128:132])[0]):
        name, offset, size = struct.unpack(">4sII", profile[132 + 12 * i:144 + 12 * i])
        tags[name] = (offset, size)
    (a, n), (b, _) = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[a:a + n], profile[b:b + n] = profile[b:b + n], profile[a:a + n]
    return bytes(profile)


def pictures(out):
    out.mkdir(parents=True, exist_ok=True)
    wide, tall, small = scene(512, 341, 1), scene(341, 512, 2), scene(120, 90, 5)
    wide.save(out / "landscape.jpg", quality=88)
    tall.save(out / "portrait.jpg", quality=85, subsampling=0)
    small.save(out / "half.jpg", quality=80, subsampling=1)  # 4:2:2
    scene(300, 200, 6).convert("L").save(out / "grey.jpg", quality=85)
    scene(300, 200, 7).save(out / "progressive.jpg", quality=85, progressive=True)
    scene(203, 151, 8).save(out / "restart.jpg", quality=85, restart_marker_blocks=4)
    scene(200, 150, 9).save(out / "profile.jpg", quality=85, icc_profile=swapped_profile())
    scene(200, 150, 10).convert("CMYK").save(out / "cmyk.jpg", quality=85)
    jpegs(out)
    clock().save(out / "clock.jpg", quality=88)
    clock(1100).save(out / "clock-large.jpg", quality=60)
    traffic_light().save(out / "traffic-light.jpg", quality=88)
    scene(40, 30, 11).save(out / "tiny.png")
    small.save(out / "rgb.png")
    fade = Image.linear_gradient("L").resize(small.size)
    small.convert("L").save(out / "grey.png")
    Image.merge("RGBA", (*small.split(), fade)).save(out / "rgba.png")
    Image.merge("LA", (small.convert("L"), fade)).save(out / "grey-alpha.png")
    small.convert("P", palette=Image.ADAPTIVE, colors=64).save(out / "palette.png")
    see_through = small.convert("P", palette=Image.ADAPTIVE, colors=16)
    see_through.save(out / "palette-alpha.png", transparency=bytes([0, 128] + [255] * 14))
    small.convert("P", palette=Image.ADAPTIVE, colors=4).save(out / "palette-2bit.png", bits=2)
    small.convert("1").save(out / "bilevel.png")
    deep = np.asarray(small.convert("L")).astype(np.uint16) * 257
    deep ^= np.random.default_rng(12).integers(0, 256, deep.shape, dtype=np.uint16)
    Image.fromarray(deep).save(out / "grey16.png")
    rgb16 = np.asarray(small).astype(np.uint16)[:60, :80] * 257
    rgb16 ^= np.random.default_rng(13).integers(0, 256, rgb16.shape, dtype=np.uint16)
    (out / "rgb16.png").write_bytes(cv2.imencode(".png", rgb16[..., ::-1])[1].tobytes())
    frames = [Image.new("RGB", (80, 60), c) for c in ((200, 40, 40), (40, 200, 40), (40, 40, 200))]
    for i, frame in enumerate(frames):
        ImageDraw.Draw(frame).ellipse([10 + 20 * i, 20, 30 + 20 * i, 40], fill=(250, 250, 250))
    frames[0].save(out / "animated.gif", save_all=True, append_images=frames[1:], duration=100, loop=0)
    small.convert("P", palette=Image.ADAPTIVE, colors=128).save(out / "still.gif")
    see_through.save(out / "transparent.gif", transparency=0)
    for name in ("still", "transparent"):  # the same frames on a larger screen
        moved = bytearray((out / f"{name}.gif").read_bytes())
        moved[6:10] = struct.pack("<HH", 150, 110)
        moved[11] = 3  # the background's colour
        at = frame_of(moved)
        moved[at + 1:at + 5] = struct.pack("<HH", 20, 9)
        (out / f"{name}-offset.gif").write_bytes(bytes(moved))
    small.save(out / "rgb.bmp")
    small.convert("P", palette=Image.ADAPTIVE, colors=256).save(out / "palette.bmp")
    small.save(out / "lossless.webp", lossless=True)
    Image.merge("RGBA", (*small.split(), fade)).save(out / "alpha.webp", lossless=True)
    wide.save(out / "lossy.webp", quality=80)
    upright = letter_f()
    undo = {1: None, 2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM, 5: Image.TRANSPOSE,
            6: Image.ROTATE_90, 7: Image.TRANSVERSE, 8: Image.ROTATE_270}
    for orientation, turn in undo.items():
        stored = upright.transpose(turn) if turn is not None else upright
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored.save(out / f"orientation-{orientation}.jpg", quality=95, subsampling=0, exif=exif)
        if orientation == 6:
            stored.save(out / "orientation-6.png", exif=exif)
            stored.save(out / "orientation-6.webp", lossless=True, exif=exif)
    receipt().save(out / "receipt.png", optimize=True)
    letter().save(out / "letter.png", optimize=True)
    notice().save(out / "notice.png", optimize=True)
    tilted(receipt(), 3, 21).save(out / "receipt-tilted.jpg", quality=75)
    letter(620, 16, "DejaVuSans").save(out / "letter-small.png", optimize=True)
    turned = Image.new("L", (420, 600), 245)
    strip = Image.new("L", (520, 60), 245)
    ImageDraw.Draw(strip).text((10, 10), "Handle with care", fill=10, font=font(36))
    turned.paste(strip.rotate(90, expand=True), (40, 40))
    ImageDraw.Draw(turned).text((130, 280), "This side up", fill=10, font=font(36))
    turned.save(out / "turned.png", optimize=True)
    Image.new("RGB", (320, 240), (128, 128, 128)).save(out / "blank.png")


def frame_of(gif):
    """Where the first frame's descriptor begins."""
    at = 13 + (3 << (gif[10] & 7) + 1 if gif[10] & 0x80 else 0)
    while gif[at] == 0x21:
        at += 2
        while gif[at]:
            at += 1 + gif[at]
        at += 1
    return at


def jpegs(out):
    """Kinds of JPEG that are rare, of sizes that fill no block."""
    for width, height in ((1, 1), (17, 33), (95, 41)):
        drawn = scene(200, 150, 14).resize((width, height))
        size = f"{width}x{height}"
        for sampling, name in ((0, "444"), (1, "422"), (2, "420")):
            drawn.save(out / f"jpeg-{name}-{size}.jpg", quality=90, subsampling=sampling)
        for sampling, name in ((cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440, "440"),
                               (cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411, "411")):
            file = cv2.imencode(".jpg", np.asarray(drawn)[..., ::-1], [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling])[1]
            (out / f"jpeg-{name}-{size}.jpg").write_bytes(file.tobytes())
        drawn.save(out / f"jpeg-progressive-{size}.jpg", quality=70, progressive=True)
        drawn.convert("L").save(out / f"jpeg-grey-progressive-{size}.jpg", quality=70, progressive=True)
        drawn.save(out / f"jpeg-rgb-{size}.jpg", quality=90, keep_rgb=True)
        drawn.save(out / f"jpeg-coarse-{size}.jpg", quality=4, restart_marker_blocks=3)
        file = io.BytesIO()
        drawn.convert("CMYK").save(file, "JPEG", quality=90)
        cmyk = file.getvalue()
        (out / f"jpeg-cmyk-{size}.jpg").write_bytes(cmyk)
        at = cmyk.index(b"Adobe") + 11  # the transform that its inks went through: none, or to luma and chroma
        (out / f"jpeg-ycck-{size}.jpg").write_bytes(cmyk[:at] + b"\x02" + cmyk[at + 1:])


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, data, color=2):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0))
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def hostile(out):
    out.mkdir(parents=True, exist_ok=True)
    file = io.BytesIO()
    scene(160, 120, 30).save(file, "JPEG", quality=80)
    jpeg = file.getvalue()
    (out / "truncated.jpg").write_bytes(jpeg[:len(jpeg) * 6 // 10])
    (out / "truncated-end.jpg").write_bytes(jpeg[:len(jpeg) * 6 // 10] + b"\xff\xd9")  # cut, yet with an end marker
    (out / "truncated-header.jpg").write_bytes(jpeg[:100])
    broken = bytearray(jpeg)
    for i in range(len(jpeg) // 2, len(jpeg) // 2 + 60):
        broken[i] = 0x55
    (out / "damaged.jpg").write_bytes(bytes(broken))
    lying = bytearray(jpeg)
    at = lying.index(b"\xff\xc0")
    lying[at + 5:at + 9] = struct.pack(">HH", 65500, 65500)
    (out / "huge-65500.jpg").write_bytes(bytes(lying))
    zero = bytearray(jpeg)
    zero[at + 5:at + 9] = struct.pack(">HH", 0, 0)
    (out / "zero-size.jpg").write_bytes(bytes(zero))
    file = io.BytesIO()
    scene(60, 45, 31).save(file, "PNG")
    (out / "truncated.png").write_bytes(file.getvalue()[:4000])
    wrong = bytearray(file.getvalue()[:9000])
    wrong[200:220] = bytes(20)
    (out / "damaged.png").write_bytes(bytes(wrong))
    Image.new("RGB", (1, 1), (10, 200, 30)).save(out / "1x1.png")
    Image.new("RGB", (2000, 1), (200, 10, 30)).save(out / "2000x1.png")
    Image.new("RGB", (1, 2000), (200, 10, 30)).save(out / "1x2000.png")
    (out / "huge-60000.png").write_bytes(png(60000, 60000, zlib.compress(bytes(64))))
    # As many bytes as a real one of these was found to have; the rows that it states are missing.
    little = png(12000, 12000, zlib.compress(bytes(12000 * 12)))
    (out / "huge-12000.png").write_bytes(little)
    bomb = zlib.compress(bytes((1 + 2600) * 2600), 9)  # all rows are there, 6.8 million pixels in 7 KB
    (out / "bomb-2600.png").write_bytes(png(2600, 2600, bomb, color=0))
    (out / "zero-size.png").write_bytes(png(0, 0, zlib.compress(b"")))
    (out / "negative.png").write_bytes(png(0x80000001, 10, zlib.compress(bytes(64))))
    (out / "huge-frame.gif").write_bytes(b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0)
                                         + b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x08\x02\x4c\x01\x00;")
    (out / "huge-frame-small-screen.gif").write_bytes(  # the screen says nothing of what is to be decoded
        b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0, 0, 0) + b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0)
        + b"\x08\x02\x4c\x01\x00;")
    (out / "huge.bmp").write_bytes(b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 50000, 50000, 1, 24, 0,
                                                       0, 0, 0, 0, 0))
    (out / "huge.webp").write_bytes(b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<I", 10)
                                    + bytes(4) + b"\xff\xff\xff\xff\xff\xff" + b"VP8 " + struct.pack("<I", 0))
    loop = bytearray(b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 65535))
    exif = b"Exif\x00\x00" + bytes(loop)
    (out / "exif-endless.jpg").write_bytes(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
    (out / "text.jpg").write_bytes(b"This is a text, not a picture, whatever its name says.\n")
    (out / "svg.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>\n")
    (out / "only-magic.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (out / "only-magic.jpg").write_bytes(b"\xff\xd8\xff")
    (out / "empty.png").write_bytes(b"")
    (out / "zeros.jpg").write_bytes(bytes(2048))


def samples(out):
    out.mkdir(parents=True, exist_ok=True)
    receipt().save(out / "receipt.png", optimize=True)
    clock().save(out / "scene.jpg", quality=88)


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--tests", type=pathlib.Path)
    args.add_argument("--samples", type=pathlib.Path)
    given = args.parse_args()
    if given.tests:
        pictures(given.tests / "pictures")
        hostile(given.tests / "hostile")
    if given.samples:
        samples(given.samples)
