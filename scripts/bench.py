#!/usr/bin/env python3
"""Measures the speed of two configurations (`make bench`), and makes one flat file of it: out/bench.json.

    scripts/bench.py [ARGS for build/CONFIG/bench ...]
"""

import subprocess
import sys

import files
import lint  # noqa: F401  enters the project's folder
import provenance
from regress import figures as history

CONFIGS = {"default": [], "max": ["--suffix", "_max"]}


def main():
    measurement, figures = provenance.Measurement("bench"), {}
    for config, words in CONFIGS.items():
        left = f"out/bench-{config}.json"
        files.write_json(left, {})  # nothing of an older run, and the folder
        status = subprocess.run([f"build/{config}/bench", "--json", left, *words, *sys.argv[1:]], check=False).returncode
        if status != 0:
            print(f"bench.py: build/{config}/bench ended with status {status}", file=sys.stderr)
            return 1
        figures.update(files.read_json(left, {}))
    files.write_json("out/bench.json", {**figures, **measurement.stamp()})
    history.remember("out/bench.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
