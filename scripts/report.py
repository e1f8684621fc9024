#!/usr/bin/env python3
"""Makes one HTML file of the results on disk (`make report`): out/report.html. docs/report.md says how to read it.

    scripts/report.py [--results DIR] [--out FILE]

It measures nothing: what is missing is named there, with the command that makes it. The file needs no network, and its links
to logs and waveforms hold as long as it lies where the results are. Exit status 0 if it was written, whatever it says.
"""

import argparse
import os
import sys

import lint  # noqa: F401  enters the project's folder
from regress import files
from report import page


def main():
    parser = argparse.ArgumentParser(description="makes one HTML file of the results on disk")
    parser.add_argument("--results", default="out", metavar="DIR", help="where they are (out)")
    parser.add_argument("--out", metavar="FILE", help="where it goes (DIR/report.html)")
    options = parser.parse_args()
    path = options.out or os.path.join(options.results, "report.html")
    if options.results != "out" and not os.path.isdir(options.results):
        parser.error(f"there is no folder {options.results}")
    try:
        text, verdict = page.make(options.results, path)
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        files.write(path, text)
    except OSError as error:
        print(f"report: {path} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{path}: {verdict}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
