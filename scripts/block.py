#!/usr/bin/env python3
"""Another block in the place of the one in rtl/: `make sim BLOCK=DIR` (docs/your-own-rtl.md).

    scripts/block.py DIR    prints the sources of the design, packages first

A file DIR/X.sv takes the place of rtl/X.sv, and the assertions rtl/X_sva.sv go with that, since they look into it; every
other file of DIR is added. The folder need not be in the project.
"""

import glob
import os
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

TAKEN = {"common", "verilated", "waves", "liberal", "fuzz", "cover", "bugs", "mutants", "repeat"}  # folders of build/, beside configurations
POLICY = "policy"


class Unusable(Exception):
    """The folder cannot be a block; says why."""


def name(folder):
    """What the folder is called in build/."""
    return os.path.basename(os.path.normpath(folder))


def own(folder):
    """Sources of the folder."""
    if len(folder.split()) != 1:
        raise Unusable(f"make takes no folder with blanks in its name: '{folder}'")
    if not os.path.isdir(folder):
        raise Unusable(f"BLOCK names a folder with SystemVerilog; there is no folder '{folder}'")
    files = sorted(glob.glob(f"{glob.escape(os.path.normpath(folder))}/*.sv"))
    if not files:
        raise Unusable(f"BLOCK names a folder with SystemVerilog; there is no *.sv in '{folder}'")
    configurations = {os.path.basename(path)[:-3] for path in glob.glob("tb/configs/*.mk")}
    if name(folder) in TAKEN | configurations or name(folder).startswith(("size-", "cover-")):
        raise Unusable(f"build/{name(folder)} is taken: give the folder '{folder}' another name")
    return files


def packages_first(files):
    return sorted(files, key=lambda path: (not path.endswith("_pkg.sv"), path))


def sources(folder=None):
    """Of the block in `folder`, or of that in rtl/."""
    files = own(folder) if folder else []
    replaced = {os.path.basename(path) for path in files}
    replaced |= {one[:-len(".sv")] + "_sva.sv" for one in replaced}
    return packages_first([path for path in glob.glob("rtl/*.sv") if os.path.basename(path) not in replaced] + files)


if __name__ == "__main__":
    try:
        print(*sources(*sys.argv[1:2]))
    except Unusable as wrong:
        sys.exit(f"block.py: {wrong}")
