"""Prints names of SROIE receipts: the 60 that Leat was tuned on, or 100 others, one a line.

    python receipts.py SROIE/data tuned|others > names.txt
"""
import pathlib
import random
import sys

folder = pathlib.Path(sys.argv[1])
names = sorted(f.stem for f in (folder / "img").glob("*.jpg") if (folder / "box" / f"{f.stem}.csv").exists())
shuffled = list(names)
random.Random(7).shuffle(shuffled)
tuned = sorted(shuffled[:60])
others = [name for name in names if name not in tuned]
random.Random(20261125).shuffle(others)
print("\n".join({"tuned": tuned, "others": others[:100]}[sys.argv[2]]))
