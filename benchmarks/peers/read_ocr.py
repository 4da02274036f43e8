"""Reads a folder of pictures with RapidOCR (Python) or Tesseract, for CompareOcr's --peer.

    pip install rapidocr-onnxruntime==1.4.4      or      apt-get install tesseract-ocr
    python read_ocr.py rapidocr  PICTURES OUT.jsonl --only names.txt --threads 2
    python read_ocr.py tesseract PICTURES OUT.jsonl

One line a picture: file, seconds, cpu, lines of text and box. RapidOCR runs with its defaults, and with the models that
its package brings unless --models names a folder of PP-OCRv4's. `names.txt` has names without ending, one a line.

    python read_ocr.py rapidocr - - --threads 2      for CompareOcr's --live: paths come in, a line each, answers go out
"""
import argparse
import csv
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
args.add_argument("system", choices=["rapidocr", "tesseract"])
args.add_argument("pictures", type=pathlib.Path)
args.add_argument("out", type=pathlib.Path)
args.add_argument("--only", type=pathlib.Path)
args.add_argument("--threads", type=int, default=2)
args.add_argument("--models", type=pathlib.Path)
given = args.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["OMP_THREAD_LIMIT"] = str(given.threads)


def rapidocr():
    import cv2
    from rapidocr_onnxruntime import RapidOCR

    cv2.setNumThreads(given.threads)
    models = {}
    if given.models:
        models = {"det_model_path": str(given.models / "ch_PP-OCRv4_det_infer.onnx"),
                  "cls_model_path": str(given.models / "ch_ppocr_mobile_v2.0_cls_infer.onnx"),
                  "rec_model_path": str(given.models / "ch_PP-OCRv4_rec_infer.onnx")}
    engine = RapidOCR(intra_op_num_threads=given.threads, **models)

    def read(file):
        result, _ = engine(str(file))
        return [{"text": text, "box": [[float(x), float(y)] for x, y in box]} for box, text, _ in result or []]
    return read


def tesseract():
    def read(file):
        table = subprocess.run(["tesseract", str(file), "-", "--psm", "3", "tsv"], capture_output=True, text=True).stdout
        lines = {}
        for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] == "5" and row["text"].strip():
                key = tuple(int(row[k]) for k in ("block_num", "par_num", "line_num"))
                lines.setdefault(key, []).append(row)
        result = []
        for words in lines.values():
            left = min(int(w["left"]) for w in words)
            top = min(int(w["top"]) for w in words)
            right = max(int(w["left"]) + int(w["width"]) for w in words)
            bottom = max(int(w["top"]) + int(w["height"]) for w in words)
            result.append({"text": " ".join(w["text"] for w in words),
                           "box": [[left, top], [right, top], [right, bottom], [left, bottom]]})
        return result
    return read


def processor():
    return sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def answered(file):
    begun, cpu = time.perf_counter(), processor()
    found = reader(file)
    return json.dumps({"file": file.stem, "seconds": time.perf_counter() - begun, "cpu": processor() - cpu,
                       "lines": found})


reader = globals()[given.system]()
if str(given.pictures) == "-":
    for line in sys.stdin:
        print(answered(pathlib.Path(line.rstrip("\n"))), flush=True)
else:
    names = given.only.read_text().split() if given.only else None
    by_name = {f.stem: f for f in sorted(given.pictures.iterdir()) if f.suffix in (".jpg", ".jpeg", ".png")}
    with given.out.open("w") as out:
        for name in names or by_name:
            out.write(answered(by_name[name]) + "\n")
            out.flush()
