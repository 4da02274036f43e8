"""Writes what BERT's normalizer and pre-tokenizer do with each code point, as the Rust crate does it.

    python unicode.py --out FOLDER

The table makes the tokenizer in Java independent of the Unicode version of its JDK. A line is a range of code points
(hexadecimal, inclusive) and what becomes of each: `-` removed, ` ` a space, `=` itself with a space on either side,
`!` itself, a token of its own, `h` a Hangul syllable taken apart, `?` order of marks matters (left to the native
tokenizer); or one code point and the text that it becomes after `>`. What is not listed stays as it is.
"""

import argparse
import pathlib
import unicodedata

import tokenizers
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

normalizer = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
splitter = BertPreTokenizer()


def hangul(c):
    s = c - 0xAC00
    tail = [chr(0x11A7 + s % 28)] if s % 28 else []
    return "".join([chr(0x1100 + s // 588), chr(0x1161 + s % 588 // 28), *tail])


def kind(c):
    text = chr(c)
    made = normalizer.normalize_str("a" + text + "b")[1:-1]
    if unicodedata.combining(text) and unicodedata.category(text) != "Mn":
        return "?"
    if made == "":
        return "-"
    if made == " ":
        return " "
    if made == f" {text} ":
        return "="
    if made == text:
        return "!" if len(splitter.pre_tokenize_str("a" + text + "b")) == 3 else None
    if 0xAC00 <= c < 0xAC00 + 11172 and made == hangul(c):
        return "h"
    return ">" + made


def lines():
    start, before = 0, None
    for c in [*range(0x110000), None]:
        now = "end" if c is None else "-" if 0xD800 <= c < 0xE000 else kind(c)
        if now != before or (now and now.startswith(">")):
            if before:
                last = 0x110000 if c is None else c
                place = f"{start:x}" if last - 1 == start else f"{start:x}-{last - 1:x}"
                yield f"{place} {before}"
            start, before = c, now


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    a = parser.parse_args()
    head = f"# made by unicode.py (recipes of leat-models-text-weights) from tokenizers {tokenizers.__version__}\n"
    pathlib.Path(a.out, "bert-unicode.txt").write_text(head + "\n".join(lines()) + "\n", encoding="utf8")
