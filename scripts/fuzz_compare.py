#!/usr/bin/env python3
"""Is the search worth its guidance? The same executions with feedback and without, from an empty corpus. docs/fuzzing.md

    scripts/fuzz_compare.py --runs 3000 --seeds 1 2 3                functional bins that were reached
    scripts/fuzz_compare.py --runs 1500 --seeds 1 --fault NAME ...   executions until each planted fault is found

Without: random bytes, in as many executions and of the same sizes as the search with feedback has tried. Needs
build/fuzz/small/fuzz (`make fuzz SECONDS=1`). Executions are counted, not seconds, so the load of the machine does not
matter.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

FUZZ = "build/fuzz/small/fuzz"
FOLDER = "out/fuzz/compare"
# As scripts/fuzz.py starts it.
GUIDANCE = ("-max_len=512", "-len_control=0", "-use_counters=0")


def figures(tally):
    """Executions and bins that a run has written."""
    with open(tally, encoding="utf-8") as file:
        text = file.read()
    return tuple(int(re.search(rf"^{name} (\d+)$", text, re.M)[1]) for name in ("executions", "bins"))


def play(command, tally, fault):
    """True if a check failed."""
    environment = {**os.environ, "FUZZ_TALLY": tally, **({"FUZZ_FAULT": fault} if fault else {})}
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment,
                          text=True, errors="replace")
    return "fuzz: check" in done.stderr


def compare(runs, seed, fault):
    """(found, executions, bins) with feedback and without."""
    corpus, guided, blind = f"{FOLDER}/corpus", f"{FOLDER}/guided", f"{FOLDER}/random"
    shutil.rmtree(corpus, ignore_errors=True)
    os.makedirs(corpus)
    found = play([FUZZ, *GUIDANCE, f"-runs={runs}", f"-seed={seed}", f"-artifact_prefix={FOLDER}/", corpus], guided, fault)
    found_blind = play([FUZZ, "--random", str(runs), str(seed), guided], blind, fault)
    return (found, *figures(guided)), (found_blind, *figures(blind))


def main():
    parser = argparse.ArgumentParser(description="compares searches with and without guidance")
    parser.add_argument("--runs", type=int, default=3000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--fault", nargs="*", default=[None])
    options = parser.parse_args()
    sums = [0, 0]
    for fault in options.fault:
        for seed in options.seeds:
            pair = compare(options.runs, seed, fault)
            words = [f"{'found' if found else '-':<6} {executions:>6} executions {bins:>5} bins"
                     for found, executions, bins in pair]
            print(f"{fault or 'no fault':<28} seed {seed:<4} guided {words[0]}   random {words[1]}", flush=True)
            for side in (0, 1):
                sums[side] += pair[side][0] if fault else pair[side][2]
    print(f"{'faults found' if options.fault != [None] else 'bins in all'}: guided {sums[0]}, random {sums[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
