#!/usr/bin/env python3
"""Tries every bug of tests/bugs/*.patch against the bench, and writes a table, out/bugs.json and out/bugs_rows.json.

    scripts/bugs.py [--jobs N] [--limit SECONDS] [--fresh] [NAME ...]    NAME: patches whose names contain it

A patch is a unified diff of rtl/ below a header:

    # Bug: what is wrong, in one sentence
    # Requirement: the rows of docs/requirements.md that it breaks, the most telling one first
    # Config: the configurations in which it can be seen
    # Subtle: why it is easily missed

Each bug is built without assertions, so that the bench has to notice by itself, and meets all tests of `sim`. A bug is
caught if a test fails in a configuration that it names; it is named if the first check that fails cites a row of the
patch (exact) or a neighbour of one (docs/mutants.md). Results are kept in build/bugs/results.json and used again while
RTL, patch and bench are the same. Exit status 0 if every bug was caught.
"""

import argparse
import concurrent.futures
import glob
import os
import re
import shutil
import sys
import time

import files
import lint  # enters the project's folder
import provenance
import variant
from regress import figures as history

FOLDER = "build/bugs"
RESULTS = f"{FOLDER}/results.json"
FIELDS = ("Bug", "Requirement", "Config", "Subtle")

# Rows that speak of the same thing under different prefixes. Two rows are neighbours if they share a prefix, or a
# family. An entry is a prefix, or single numbers of one.
FAMILIES = {
    "pending bits and masking": {"MSIX-PBA": None, "EDGE": None, "RACE": None},
    "what an entry holds and sends": {"MSIX-TBL": None, "TLP": (4, 5, 6, 7, 24, 26),
                                      "RACE": (11, 12, 13, 14, 15, 37, 38, 39, 42)},
    "order of what leaves": {"ORD": None, "TLP": (25, 29), "EDGE": (14,), "RACE": (16, 18, 19, 26, 27, 45, 46, 47)},
    "credits and progress": {"FC": None, "ORD": (8, 9, 10, 20, 21, 22, 23, 27), "RACE": (26, 44, 45, 48, 49, 50),
                             "MMIO": (4, 31, 33), "CFG": (2,)},
    "accesses of the host": {"MMIO": None, "ORD": (20, 23, 24, 25, 26), "RACE": (41, 50),
                             "MSIX-TBL": (1, 2, 11, 12, 13, 22, 23, 27, 29, 30), "MSIX-PBA": (1, 3, 4)},
    "configuration space": {"CFG": None, "MSIX-CAP": None, "MMIO": (1, 9, 26), "TLP": (17, 18), "RACE": (40,)},
}


class Bug:
    def __init__(self, file):
        self.file = file
        self.name = os.path.basename(file)[:-6]
        with open(file, encoding="utf-8") as stream:
            self.text = stream.read()
        self.fields = {}
        for field in FIELDS:
            found = re.search(rf"^# {field}:(.*(?:\n#  +.*)*)", self.text, re.M)
            if not found:
                raise SystemExit(f"bugs.py: {file} has no line '# {field}:'")
            self.fields[field] = re.sub(r"\s*\n#\s*", " ", found[1]).strip()
        self.requirements = re.findall(variant.REQUIREMENT, self.fields["Requirement"])
        known = lint.configurations()
        self.configs = [word for word in re.findall(r"\w+", self.fields["Config"]) if word in known]
        if not self.configs:  # 'all', 'any'
            self.configs = ["default", "small", "odd", "min", "max"]
        if not self.requirements:
            raise SystemExit(f"bugs.py: {file} names no requirement")


def families(row):
    prefix, number = row.rsplit("-", 1)
    number = int(re.match(r"\d+", number)[0])
    names = {name for name, members in FAMILIES.items()
             if prefix in members and (members[prefix] is None or number in members[prefix])}
    return names | {prefix}


def relation(wanted, cited):
    """'exact', 'neighbour' or '' between the rows that a bug breaks and those that a failure cites."""
    if set(wanted) & set(cited):
        return "exact"
    if any(families(a) & families(b) for a in wanted for b in cited if not b.startswith("ENV-")):
        return "neighbour"
    return ""


def patched_rtl(bug):
    """A copy of rtl/ without assertions, with the bug; its sources in order."""
    folder = f"{FOLDER}/{bug.name}"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(f"{folder}/rtl")
    sources = lint.rtl(assertions=False)
    for source in sources:
        shutil.copy(source, f"{folder}/rtl")
    variant.execute(["patch", "-p1", "--no-backup-if-mismatch", "-s", "-F0", "-d", folder, "-i",
                     os.path.abspath(bug.file)])
    return [f"{folder}/{source}" for source in sources]


def try_bug(bug, bench, limit):
    start = time.monotonic()
    failure, config = None, ""
    try:
        sources = patched_rtl(bug)
        for config in bug.configs:
            sim = variant.build_sim(bench, f"{FOLDER}/{bug.name}/{config}", config, sources)
            failure = variant.first_failure(sim, [], limit)
            if failure:
                break
    except variant.BuildError as error:
        return {"error": str(error)}
    finally:
        shutil.rmtree(f"{FOLDER}/{bug.name}", ignore_errors=True)
    result = failure or {"test": "", "check": "", "requirements": [], "text": ""}
    return {**result, "config": config if failure else " ".join(bug.configs), "seconds": round(time.monotonic() - start, 1)}


def key(bug, bench):
    sources = [("file", source) for source in lint.rtl(assertions=False)]
    configs = [("file", f"tb/configs/{config}.mk") for config in bug.configs]
    return variant.digest(bench.digest, bug.text, *sources, *configs)


def verdict(bug, result):
    if "error" in result:
        return "broken", ""
    if not result["check"]:
        return "SURVIVED", ""
    return "caught", relation(bug.requirements, result["requirements"])


def print_table(bugs, results):
    width = max(len(bug.name) for bug in bugs)
    print(f"{'bug':<{width}} {'':<9}{'named':<10}{'config':<10}{'breaks':<13}{'first check':<20}{'cites':<14}test")
    for bug in bugs:
        result = results[bug.name]
        word, named = verdict(bug, result)
        if word == "broken":
            print(f"{bug.name:<{width}} {word}: {result['error'].strip().splitlines()[-1]}")
            continue
        cited = next((row for row in result["requirements"] if relation(bug.requirements, [row]) == named), "")
        config = result['config'] if word == 'caught' else 'all named'
        print(f"{bug.name:<{width}} {word:<9}{named or '-':<10}{config:<10}{bug.requirements[0]:<13}"
              f"{result['check']:<20}{cited:<14}{result['test']}")


def write_json(bugs, results, stamp):
    """`stamp`: None if these are not all bugs, whose figures say nothing."""
    verdicts = [verdict(bug, results[bug.name]) for bug in bugs]
    figures = {
        "hand_total": len(bugs),
        "hand_caught": sum(word == "caught" for word, _ in verdicts),
        "hand_named": sum(named != "" for _, named in verdicts),
        "hand_named_exact": sum(named == "exact" for _, named in verdicts),
    }
    if stamp:
        files.write_json("out/bugs.json", {**figures, "hand_unnamed": figures["hand_total"] - figures["hand_named"], **stamp})
        files.write_json("out/bugs_rows.json", [
            {"bug": bug.name, "what": bug.fields["Bug"], "breaks": bug.requirements, "verdict": word, "named": named,
             **{name: results[bug.name].get(name, "") for name in ("config", "check", "requirements", "test")}}
            for bug, (word, named) in zip(bugs, verdicts)])
        history.remember("out/bugs.json")
        # mutants.json has the stamp of the mutants; that of these figures is in bugs.json
        files.write_json("out/mutants.json", {**files.read_json("out/mutants.json", {}), **figures})
    return figures


def main():
    parser = argparse.ArgumentParser(description="tries the bugs of tests/bugs against the bench")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=variant.limit, default=variant.LIMIT_S, help="seconds for one run of all tests")
    parser.add_argument("--fresh", action="store_true", help="use no result of an earlier run")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    bugs = [bug for bug in map(Bug, sorted(glob.glob("tests/bugs/*.patch")))
            if not options.names or any(name in bug.name for name in options.names)]
    if not bugs:
        raise SystemExit("bugs.py: there is no such patch in tests/bugs")
    measurement = provenance.Measurement("bugs")
    bench = variant.Bench(FOLDER)
    kept = {} if options.fresh else files.read_json(RESULTS, {})
    results = {}

    def one(bug):
        digest = key(bug, bench)
        if kept.get(bug.name, {}).get("key") != digest:
            kept[bug.name] = {**try_bug(bug, bench, options.limit), "key": digest}
        return bug, kept[bug.name]

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for bug, result in pool.map(one, bugs):
            results[bug.name] = result
            files.write_json(RESULTS, {name: value for name, value in list(kept.items()) if "error" not in value})
    print_table(bugs, results)
    figures = write_json(bugs, results, None if options.names else measurement.stamp())
    print(f"{figures['hand_caught']} of {figures['hand_total']} bugs caught, {figures['hand_named']} named by the right "
          f"requirement or a neighbour ({figures['hand_named_exact']} exactly)")
    for bug in bugs:
        if verdict(bug, results[bug.name])[0] == "broken":
            print(f"--- {bug.name}\n{results[bug.name]['error']}")
    return figures["hand_caught"] != figures["hand_total"]


if __name__ == "__main__":
    sys.exit(main())
