"""Cuts a font down to GB 2312 and a few signs: python subset.py IN.ttf OUT.ttf"""

import sys

from fontTools import subset

keep = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | set(range(0x2010, 0x2028)) | set(range(0x2460, 0x2474))
keep |= {ord(c) for c in "…〒〓·〇●□■✓•→↑↓"}
for high in range(0xA1, 0xF8):
    for low in range(0xA1, 0xFF):
        try:
            keep.add(ord(bytes([high, low]).decode("gb2312")))
        except UnicodeDecodeError:
            pass

options = subset.Options()
options.layout_features = ["*"]
options.name_IDs = ["*"]
options.notdef_outline = True
options.hinting = False
font = subset.load_font(sys.argv[1], options)
cutter = subset.Subsetter(options)
cutter.populate(unicodes=keep)
cutter.subset(font)
subset.save_font(font, sys.argv[2], options)
