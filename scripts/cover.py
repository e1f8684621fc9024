#!/usr/bin/env python3
"""Runs a regression in the coverage build and says what it covered: `make cover`.

    scripts/cover.py [--jobs N] [--seconds S] [--no-html]

Runs the unit tests and all tests in every configuration once, then further seeds of the random tests until S seconds
are over. Points of the design are told apart by file, line, column, type and comment: the same line built with other
parameters, or in several instances, is one point. What is left are the holes; a hole that tests/cover_waivers.txt
excuses counts neither as covered nor as a hole. Writes out/cover.json (percentages), out/cover_points.json (counts,
holes, waivers), out/cover/holes.txt, out/cover/*.info and out/cover/html. Exits 1 if a test failed, a target was missed or
a waiver is wrong.
"""

import argparse
import concurrent.futures
import fnmatch
import functools
import glob
import json
import os
import re
import subprocess
import sys
import time

import files
import gates
import lint  # enters the project's folder
import provenance
from regress import figures

FOLDER = "out/cover"
WAIVERS = "tests/cover_waivers.txt"
TAGS = ("unreachable", "unsupported", "external")
KINDS = ("line", "branch", "toggle", "functional", "assertion", "model_line")  # their targets: tests/signoff.txt
RESULT, POINTS = "out/cover.json", "out/cover_points.json"
PAGES = {"v_line": "line", "v_branch": "branch", "v_toggle": "toggle", "v_functional": "functional",
         "v_user": "assertion"}
TIME_LIMIT_S = 600


# --- points: (type, file, line, column, comment) -> count ---

def parse_point(text):
    """A line of coverage.dat: the point, the lines it stands for, and its count; None for other lines and types."""
    if not text.startswith("C '") or "' " not in text:
        return None
    body, count = text[3:].rsplit("' ", 1)
    keys = dict(pair.split("\2", 1) for pair in body.split("\1") if "\2" in pair)
    kind = PAGES.get(keys.get("page", "").split("/")[0])
    if not kind:
        return None
    file = os.path.normpath(keys["f"])
    lines = parse_lines(keys.get("S", "")) or [int(keys["l"])]
    return (kind, file, int(keys["l"]), int(keys.get("n", 0)), keys.get("o", "")), lines, int(count)


def parse_lines(text):
    """'3-5,8' -> [3, 4, 5, 8]"""
    lines = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        lines += range(int(first), int(last or first) + 1)
    return lines


def counts_here(kind, file):
    """Of the assertions only the covers of their triggers count; their lines and signals are not the design."""
    return (kind == "assertion") == (file.startswith("rtl/") and file.endswith("_sva.sv"))


def read_points(paths):
    """Adds up equal points of several files. Returns counts and lines by point."""
    counts, lines = {}, {}
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as file:
            for text in file:
                parsed = parse_point(text)
                if not parsed or not counts_here(*parsed[0][:2]):
                    continue
                point, where, count = parsed
                counts[point] = counts.get(point, 0) + count
                lines[point] = where
    return counts, lines


# --- the models, by gcov ---

def read_gcov(folder):
    """Lines of models/ as points of type model_line, from the .gcda files under a folder."""
    counts = {}
    notes = [note for note in sorted(glob.glob(f"{folder}/**/*.gcno", recursive=True))
             if os.path.exists(os.path.relpath(note, folder).replace(".gcno", ".c"))]
    done = subprocess.run(["gcov", "--json-format", "--stdout", *notes], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True)
    for text in done.stdout.splitlines():
        for file in json.loads(text)["files"] if text.startswith("{") else []:
            for line in file["lines"] if file["file"].startswith("models/") else []:
                point = ("model_line", file["file"], line["line_number"], 0, "")
                counts[point] = counts.get(point, 0) + line["count"]
    return counts


# --- waivers ---

class Waiver:
    """`TYPE PLACE TAG: REASON`; PLACE is one of names(), with * and ?."""

    def __init__(self, kind, place, tag, reason, where):
        self.kind, self.place, self.tag, self.reason, self.where = kind, place, tag, reason, where
        self.used = 0  # points

    def matches(self, point):
        return point[0] == self.kind and any(fnmatch.fnmatchcase(name, self.place) for name in names(point))


def names(point):
    """What a waiver and a list of holes may call a point."""
    kind, file, line, _, comment = point
    if kind == "functional":
        return [comment]
    if kind == "assertion":
        return [f"{file}:{comment.removesuffix('_reached')}"]
    if kind == "toggle":
        return [f"{file}:{comment}", f"{file}:{line}:{comment}"]
    text = source_line(file, line)
    return [f"{file}:{text}:{comment}", f"{file}:{text}", f"{file}:{line}", f"{file}:{line}:{comment}"]


@functools.lru_cache(maxsize=None)
def source(file):
    try:
        with open(file, encoding="utf-8") as text:
            return text.read().splitlines()
    except OSError:
        return []


def source_line(file, line):
    """The text of a line without any blanks and without its comment."""
    lines = source(file)
    return "".join(lines[line - 1].split("//")[0].split()) if 0 < line <= len(lines) else ""


def parse_waivers(text, path=WAIVERS):
    """Waivers of a text; ValueError with a sentence for a line that is none."""
    waivers = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"(\w+)\s+(\S+)\s+(\w+):\s+(\S.*)", line)
        if not match or match[1] not in KINDS or match[3] not in TAGS:
            raise ValueError(f"{path}:{number}: expected 'TYPE PLACE TAG: REASON', TYPE of {', '.join(KINDS)}, "
                             f"TAG of {', '.join(TAGS)}")
        waivers.append(Waiver(match[1], escape(match[2]), match[3], match[4], f"{path}:{number}"))
    return waivers


def escape(place):
    """Brackets of bit numbers are meant as they stand."""
    return place.replace("[", "[[]")


def judge(counts, waivers):
    """Percentages, holes and waived points by type. Waived points are out of the sum."""
    total, hit = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    holes, waived = [], []
    for point, count in sorted(counts.items()):
        waiver = next((w for w in waivers if w.matches(point)), None) if count == 0 else None
        if waiver:
            waiver.used += 1
            waived.append(point)
            continue
        total[point[0]] += 1
        hit[point[0]] += count > 0
        if count == 0:
            holes.append(point)
    percent = {kind: percentage(hit[kind], total[kind]) for kind in KINDS}
    return percent, holes, waived


def percentage(hit, total):
    """Rounded down, so that 100 means all; nothing at all is 0."""
    return int(10000 * hit / total) / 100 if total else 0.0


# --- runs ---

def execute(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                              errors="replace", timeout=TIME_LIMIT_S)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return 1, f"ended after {TIME_LIMIT_S} s"


def sim(config, seed, pattern, skip_second=True):
    base = f"{FOLDER}/{config}-{seed}"
    command = [f"build/cover-{config}/sim", "--seed", str(seed), "--cover", f"{base}.dat", "--json", f"{base}.json",
               "--no-shrink"]
    if skip_second:
        command += ["--power-up", "1"]  # the second run of each test would cover the same
    return command + (["--test", pattern] if pattern else [])


def first_round():
    """The slowest first: `small` counts toggles."""
    configs = sorted(lint.configurations(), key=lambda config: (config != "small", -lint.parameters(config)["NVEC"]))
    yield from (sim(config, 1, None) for config in configs)
    # By source: a program that outlived its source counts other models than these, and gcov would keep only its counts.
    yield from ([f"build/cover/{source.removesuffix('.c')}"] for source in sorted(glob.glob("tests/unit/test_*.c")))


def more_seeds():
    """Random tests without end, in the configurations that are fast."""
    fast = [config for config in lint.configurations() if config != "small"]
    for seed in range(2, 10000):
        for config in fast:
            yield sim(config, seed, "random*")


def run_all(jobs, seconds):
    """Returns the commands that failed, with what they printed. The first round runs whole, seeds until time is up."""
    deadline = time.monotonic() + seconds
    failed, ran = [], 0
    todo, seeds = list(first_round()), more_seeds()

    def run(command):
        status, text = execute(command)
        return command, status, text

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(run, command) for command in todo}
        while running:
            done, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                command, status, text = future.result()
                ran += 1
                if status != 0:
                    failed.append((command, text))
            while len(running) < jobs and time.monotonic() < deadline:
                running.add(pool.submit(run, next(seeds)))
    return failed, ran


# --- report ---

def write_info(path, counts, lines):
    """lcov's format. A line has the count of its least covered point, so that a hole is red."""
    by_file = {}
    for point, count in counts.items():
        kind, file, line, column, comment = point
        if kind in ("line", "branch"):
            for number in lines.get(point, [line]):
                by_file.setdefault(file, ({}, []))[0].setdefault(number, []).append(count)
        elif kind == "model_line" or kind == "functional":
            by_file.setdefault(file, ({}, []))[0].setdefault(line, []).append(count)
        if kind == "branch":
            by_file.setdefault(file, ({}, []))[1].append((line, column, comment, count))
    with open(path, "w", encoding="utf-8") as to:
        for file, (covered, branches) in sorted(by_file.items()):
            to.write(f"TN:\nSF:{os.path.abspath(file)}\n")
            for index, (line, _, _, count) in enumerate(sorted(branches)):
                to.write(f"BRDA:{line},0,{index},{count}\n")
            for line, values in sorted(covered.items()):
                to.write(f"DA:{line},{min(values)}\n")
            to.write("end_of_record\n")


def write_bins(counts):
    """The bins have no source: a file with one name a line stands for it. Returns its path."""
    path = f"{FOLDER}/functional"
    bins = {point[2]: point[4] for point in counts if point[0] == "functional"}
    with open(path, "w", encoding="utf-8") as to:
        for number in range(1, max(bins, default=0) + 1):
            to.write(bins.get(number, "") + "\n")
    return path


def write_html(counts, lines):
    path = write_bins(counts)
    moved = {(p[0], path if p[0] == "functional" else p[1], *p[2:]): n for p, n in counts.items()}
    info = f"{FOLDER}/all.info"
    write_info(info, moved, lines)
    done = subprocess.run(["genhtml", "--quiet", "--branch-coverage", "--title", "msix-tb", "--prefix", os.getcwd(),
                           "--output-directory", f"{FOLDER}/html", info],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return "" if done.returncode == 0 else done.stdout


def hole_name(point):
    return f"{point[0]:<11}{names(point)[-1]}"


def shorten(holes):
    """Bits of one signal are one line: name[*] (count)."""
    grouped = {}
    for point in holes:
        name = re.sub(r"\[\d+\]", "[*]", hole_name(point)) if point[0] == "toggle" else hole_name(point)
        grouped[name] = grouped.get(name, 0) + 1
    return [f"{name}  ({count})" if count > 1 else name for name, count in grouped.items()]


def count_points(counts, percent, holes, waived, targets):
    """By type: percentage, target, and how many points are covered, are holes and are waived."""
    found = {}
    for kind, target in targets.items():
        total, left, out = (sum(point[0] == kind for point in points) for points in (counts, holes, waived))
        found[kind] = {"percent": percent[kind], "target": target, "points": total, "covered": total - left - out, "holes": left,
                       "waived": out}
    return found


def report(counts, percent, holes, waived, waivers, targets):
    """Prints, and returns what is wrong: sentences."""
    wrong = [f"{w.where}: waives nothing: {w.kind} {w.place}" for w in waivers if not w.used]
    types = count_points(counts, percent, holes, waived, targets)
    for kind, found in types.items():
        print(f"{kind:<11}{found['percent']:>7.2f} %  target {found['target']:g} %  {found['points']} points, "
              f"{found['holes']} holes, {found['waived']} waived")
        if found["percent"] < found["target"]:
            wrong.append(f"{kind} coverage is {found['percent']:.2f} %, the target is {found['target']:g} %")
    names_of_holes = shorten(holes)
    files.write(f"{FOLDER}/holes.txt", "".join(f"{name}\n" for name in names_of_holes))
    files.write_json(POINTS, {"types": types, "holes": names_of_holes, "waivers": [
        {"type": w.kind, "place": w.place.replace("[[]", "["), "tag": w.tag, "reason": w.reason, "points": w.used}
        for w in waivers]})
    for name in names_of_holes[:60]:
        print(f"  hole: {name}")
    if len(names_of_holes) > 60:
        print(f"  ... and {len(names_of_holes) - 60} more in {FOLDER}/holes.txt")
    return wrong


def measure(options):
    """Runs everything. Returns sentences about what failed, and where the result comes from."""
    programs = [f"build/cover-{config}/sim" for config in lint.configurations()]
    measurement = provenance.Measurement("cover", programs)
    old = glob.glob(f"{FOLDER}/*.dat*") + glob.glob(f"{FOLDER}/*.json") + glob.glob("build/cover/**/*.gcda", recursive=True)
    for path in old + glob.glob(RESULT) + glob.glob(POINTS):
        os.remove(path)
    failed, ran = run_all(options.jobs, options.seconds)
    for command, text in failed:
        print(f"--- FAILED: {' '.join(command)}\n{text[-3000:]}")
    print(f"{ran} runs, {len(failed)} failed")
    return [f"failed: {' '.join(command)}" for command, _ in failed], \
        {"runs": ran, "runs_failed": len(failed), **measurement.stamp()}


def main():
    parser = argparse.ArgumentParser(description="runs a regression with coverage and reports it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=150, help="start no further seed after this time")
    parser.add_argument("--no-html", action="store_true")
    parser.add_argument("--report-only", action="store_true", help="what the last runs left")
    options = parser.parse_args()
    try:
        targets = gates.least(RESULT, KINDS)
        with open(WAIVERS, encoding="utf-8") as file:
            waivers = parse_waivers(file.read())
    except (gates.Broken, ValueError) as broken:
        print(f"cover: {broken}", file=sys.stderr)
        return 2
    os.makedirs(FOLDER, exist_ok=True)
    if options.report_only:  # what they were the result of is known from then
        before = files.read_json(RESULT, {})
        wrong, origin = [], {key: before[key] for key in (*provenance.KEYS, "runs", "runs_failed") if key in before}
    else:
        wrong, origin = measure(options)
    counts, lines = read_points(sorted(glob.glob(f"{FOLDER}/*.dat")))
    counts.update(read_gcov("build/cover"))
    percent, holes, waived = judge(counts, waivers)
    wrong += report(counts, percent, holes, waived, waivers, targets)
    files.write_json(RESULT, {**percent, "waivers": len(waivers), "waivers_unused": sum(not waiver.used for waiver in waivers),
                              **origin})
    figures.remember(RESULT)
    html = "" if options.no_html else write_html(counts, lines)
    if html:
        wrong.append(f"genhtml: {html.strip()}")
    elif not options.no_html:
        print(f"annotated sources: {FOLDER}/html/index.html")
    for sentence in wrong:
        print(f"cover: {sentence}", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
