#!/usr/bin/env python3
"""Holds random runs against themselves (`make repeat`): the same seed must give the same run, twice and in a second build.

    scripts/repeat.py [--seeds N] [--first N] [--jobs N] [--configs NAME,...] [--everywhere]

Runs all random tests with N seeds, which take the configurations in turn (--everywhere: each seed in each of them), three
times: twice with the programs of build/, once with
programs built anew from a copy of the sources in build/repeat/, by other optimisation levels. Every run must pass, and
its log_hash (all that was seen on all ports) must be the same three times. Figures go to out/repeat.json.
"""

import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys

import files
import lint  # enters the project's folder
import make_environment
import provenance

COPY = "build/repeat"
SOURCES = ("Makefile", "rtl", "tb", "models", "tests", "waves", "scripts")
OTHER_LEVELS = ("MODEL_OPT=OPT_FAST=-O1 OPT_SLOW=-O0",)
RESULTS = "out/repeat"


def build_copy(configs, jobs):
    os.makedirs(COPY, exist_ok=True)
    for name in SOURCES:  # touched only where they differ, so that a second start builds little
        if os.path.isdir(name):
            shutil.copytree(name, f"{COPY}/{name}", dirs_exist_ok=True)
        else:
            shutil.copy2(name, COPY)
    clean = make_environment.clean()
    command = ["make", "-C", COPY, f"JOBS={jobs}", *OTHER_LEVELS, *(f"build/{config}/sim" for config in configs)]
    done = subprocess.run(command, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"repeat.py: the second build failed:\n{done.stdout}")


def run(program, seed, number):
    """{test: (result, hash)} of all random tests with one seed, or None if the program itself broke."""
    left = f"{RESULTS}/{program.replace('/', '_')}_{seed}_{number}.json"
    command = [program, "--test", "random_*", "--seed", str(seed), "--power-up", "1", "--no-shrink", "--json", left]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        return None
    with open(left, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    os.remove(left)
    return {line["name"]: (line["result"], line["log_hash"]) for line in lines if line.get("result") not in (None, "skipped")}


def compare(job):
    """Number of runs, and sentences about those that failed or differ."""
    config, seed = job
    programs = [f"build/{config}/sim", f"build/{config}/sim", f"{COPY}/build/{config}/sim"]
    three = [run(program, seed, number) for number, program in enumerate(programs)]
    replay = f"{programs[0]} --test NAME --seed {seed} --power-up 1"
    if None in three or not three[0]:
        return 0, [f"{config}, seed {seed}: the program ended without results: {replay}"]
    wrong = []
    for name, (result, _) in three[0].items():
        if result != "passed":
            wrong.append(f"{config}, seed {seed}: {name} {result}: {replay.replace('NAME', name)}")
        elif any(other.get(name) != three[0][name] for other in three[1:]):
            wrong.append(f"{config}, seed {seed}: {name} is not the same run each time: {replay.replace('NAME', name)}")
    return len(three[0]), wrong


def main():
    parser = argparse.ArgumentParser(description="the same seed must give the same run")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--configs", default=",".join(lint.configurations()))
    parser.add_argument("--everywhere", action="store_true")
    options = parser.parse_args()
    configs = sorted(set(options.configs.split(",")))
    os.makedirs(RESULTS, exist_ok=True)
    measurement = provenance.Measurement("repeat", [f"build/{config}/sim" for config in configs])
    build_copy(configs, options.jobs)
    jobs = [(config, seed) for seed in range(options.first, options.first + options.seeds)
            for place, config in enumerate(configs) if options.everywhere or seed % len(configs) == place]
    runs, wrong = 0, []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for count, sentences in pool.map(compare, jobs):
            runs += count
            wrong += sentences
            for sentence in sentences:
                print(sentence, flush=True)
    figures = {"seeds": options.seeds, "configs": len(configs), "configs_exist": len(lint.configurations()), "runs": runs,
               "different_or_failed": len(wrong)}
    files.write_json("out/repeat.json", {**figures, **measurement.stamp()})
    print(f"{runs} random runs of {options.seeds} seeds in {len(configs)} configurations, three times each: "
          f"{len(wrong)} failed or differ")
    return 1 if wrong or runs == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
