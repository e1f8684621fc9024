#!/usr/bin/env python3
"""Table sizes that are tried without a configuration of their own: `make sizes`.

    scripts/sizes.py NVEC    prints the parameters of size NVEC, in the form of tb/configs/*.mk

A size that a named configuration has is tried there. The others get a tight layout, the PBA directly behind the table,
and one of the four stream widths.
"""

import sys

import lint  # enters the project's folder

SIZES = (1, 2, 3, 31, 32, 33, 63, 64, 65, 127, 128, 1000, 1024, 2047, 2048)
WIDTHS = (2, 4, 8, 16)
PAGE = 4096


def parameters(nvec):
    """Those of `default`, but for the size, and what follows from it."""
    pba = 16 * nvec
    csr = (pba + (nvec + 63) // 64 * 8 + PAGE - 1) // PAGE * PAGE
    return {**lint.parameters("default"), "NVEC": nvec, "DATA_DW": WIDTHS[nvec % 4], "TABLE_OFFSET": 0, "PBA_OFFSET": pba,
            "CSR_OFFSET": csr, "BAR0_SIZE_LOG2": (csr + PAGE - 1).bit_length()}


def configuration(nvec):
    """The named configuration of this size, or size-NVEC."""
    named = [name for name in lint.configurations() if lint.parameters(name)["NVEC"] == nvec]
    return named[0] if named else f"size-{nvec}"


if __name__ == "__main__":
    print("\n".join(f"{name} := {value}" for name, value in parameters(int(sys.argv[1])).items()))
