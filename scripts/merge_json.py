#!/usr/bin/env python3
"""merge_json.py OUT IN ... - writes one flat JSON object with the keys of several."""

import json
import sys

merged = {}
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        merged.update(json.load(file))
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(merged, file, indent=1)
    file.write("\n")
