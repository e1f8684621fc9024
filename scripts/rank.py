#!/usr/bin/env python3
"""Finds the smallest set of random runs that reaches every functional bin that all of them reach (`make rank`).

    scripts/rank.py [--seeds N] [--jobs N] [--out FILE]

Runs every profile of `sim --list-profiles` in every configuration with seeds 1..N, then chooses greedily: always the run
that adds most bins, and of equal ones the first by name and seed. The choice is written to tests/quick_seeds.txt,
which the group `quick` of scripts/run_tests.py runs. A failed run ends the ranking with its replay line, and the file stays.
"""

import argparse
import concurrent.futures
import os
import subprocess
import sys

import cover
import files
import lint  # enters the project's folder

FOLDER = "out/rank"
HEADER = """# The quick regression: the random runs that together reach every functional bin that {runs} runs reached
# ({bins} bins; written by scripts/rank.py). Configuration, test, seed, bins that no line above has reached.
"""


def profiles(config):
    text = subprocess.run([f"build/{config}/sim", "--list-profiles"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.split()[0] for line in text.splitlines()]


def run(job):
    """The bins that one run reaches."""
    config, test, seed = job
    left = f"{FOLDER}/{config}_{test}_{seed}.dat"
    command = [f"build/{config}/sim", "--test", test, "--seed", str(seed), "--power-up", "1", "--cover", left]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        return job, None
    points, _ = cover.read_points([left])
    os.remove(left)
    return job, frozenset(point for point, count in points.items() if count)


def choose(reached):
    """Greedy cover: [(job, how many bins it added)]."""
    missing = frozenset().union(*reached.values())
    chosen = []
    while missing:
        job = min(reached, key=lambda job: (-len(reached[job] & missing), job))
        chosen.append((job, len(reached[job] & missing)))
        missing -= reached[job]
    return chosen


def write(path, chosen, runs, bins):
    files.write(path, HEADER.format(runs=runs, bins=bins)
                + "".join(f"{config} {test} {seed} {added}\n" for (config, test, seed), added in chosen))


def main():
    parser = argparse.ArgumentParser(description="ranks random runs by the functional bins that they reach")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--out", default="tests/quick_seeds.txt")
    options = parser.parse_args()
    os.makedirs(FOLDER, exist_ok=True)
    jobs = [(config, f"random_{name}", seed) for config in sorted(lint.configurations()) for name in profiles(config)
            for seed in range(1, options.seeds + 1)]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        reached = dict(pool.map(run, jobs))
    for (config, test, seed), bins in reached.items():
        if bins is None:
            sys.exit(f"rank.py: a run failed: build/{config}/sim --test {test} --seed {seed}")
    chosen = choose(reached)
    bins = sum(added for _, added in chosen)
    write(options.out, chosen, len(jobs), bins)
    print(f"{len(chosen)} of {len(jobs)} runs reach all {bins} functional bins that any of them reaches; see {options.out}")


if __name__ == "__main__":
    main()
