#!/usr/bin/env python3
"""Holds docs/vplan.csv against what the last runs have done: `make vplan`, and a step of `make test`.

    scripts/vplan.py [--results FOLDER]

The plan has a row for each requirement of its areas: the checks that judge it, the tests that stimulate it and the bins
that show how far, as names or patterns with * and ?, or `deferred:FEATURE reason` as its note. The evidence is in
FOLDER (out/results): JSON lines and coverage of the runs of `sim`, which scripts/run_tests.py leaves there.

A row has evidence if each of its tests has passed in some configuration and failed in none, each of its checks was
evaluated in a run of these tests, and each of its bins was hit. What goes wrong: a mandatory row without tests
and checks, a row whose evidence is missing, an unknown requirement, check, test or bin, a requirement without a row, a
deferred feature that exists by now. The figures go to out/vplan.json, the evidence of each row to out/vplan_rows.json.
"""

import argparse
import collections
import csv
import fnmatch
import glob
import json
import os
import re
import sys

import cover  # enters the project's folder
import files
import lint
import provenance

PLAN = "docs/vplan.csv"
REQUIREMENTS = "docs/requirements.md"
STAMP = "stamp"  # beside the results; no JSON lines, so not named like them
AREAS = ("ENV", "MSIX-CAP", "MSIX-TBL", "MSIX-PBA", "TLP", "EDGE", "RACE", "ORD", "MMIO", "CFG", "INTX", "FC")
COLUMNS = ["requirement", "level", "checks", "tests", "bins", "note"]

# Features that rows may be deferred for, and the text in the design that says that it is not there: file, pattern.
FEATURES = {
    "FLR": ("rtl/msix_top.sv", r"assign flr_active\s*= 1'b0;"),
    "MSI": ("rtl/msix_top.sv", r"assign cfg_msi_enable\s*= 1'b0;"),
    "PM": ("rtl/msix_top.sv", r"assign cfg_dstate\s*= 2'(d0|b00);|assign cfg_dstate\s*= '0;"),
    "IDO": ("rtl/msix_top.sv", r"assign cfg_ido_req_en\s*= 1'b0;"),
    "DMA_READ": ("rtl/msix_top.sv", r"assign dmr_tready\s*= 1'b0;"),
    "INTX": ("rtl/msix_top.sv", r"\A(?!.*intx_core)"),
    "ECRC": ("rtl/msg_tlp.sv", r"\A(?!.*(?i:ecrc|digest_o))"),
    "VC": ("rtl/msg_tlp.sv", r"\A"),     # one virtual channel: nothing to look for
    "FUNCTIONS": ("rtl/msix_top.sv", r"\A"),   # one function
    "LONG_READS": ("rtl/rx_exec.sv", r"\A"),   # more than 2 DWs: refused
    "BRIDGE": ("rtl/msix_top.sv", r"\A"),      # between function and host: there is none
    "LEVEL": ("rtl/msix_core.sv", r"\A"),  # the other event model: a block has one of the two
}


class Evidence:
    """What the runs have shown: results of tests, evaluated checks by test, bins with their counts."""

    def __init__(self, lines, bins):
        self.passed, self.failed = set(), set()
        self.runs = collections.Counter()  # (test, result)
        self.evaluated = {}  # test -> check -> how often
        self.checks = set()
        self.bins = bins
        for line in lines:
            if "checks" in line:
                self.checks |= set(line["checks"])
            elif line["result"] != "skipped":
                (self.passed if line["result"] == "passed" else self.failed).add(line["name"])
                self.runs[line["name"], line["result"]] += 1
                self.evaluated.setdefault(line["name"], collections.Counter()).update(line.get("evaluated", {}))

    def tests(self, pattern):
        return {name for name in self.passed | self.failed if fnmatch.fnmatchcase(name, pattern)}


def read_evidence(folder):
    lines = []
    for path in sorted(glob.glob(f"{folder}/*.json")):
        with open(path, encoding="utf-8") as file:
            lines += [json.loads(text) for text in file if text.strip()]
    counts, _ = cover.read_points(sorted(glob.glob(f"{folder}/*.dat")))
    return Evidence(lines, {point[4]: count for point, count in counts.items() if point[0] == "functional"})


def read_plan(path=PLAN):
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"{path}: the columns should be {', '.join(COLUMNS)}")
        return list(reader)


def read_requirements(path=REQUIREMENTS):
    """Level by ID, of the areas of the plan."""
    with open(path, encoding="utf-8") as file:
        rows = re.findall(r"^\| ([A-Z]+(?:-[A-Z]+)?-\d+[a-z]?) \| (\w+) \|", file.read(), re.M)
    return {name: level for name, level in rows if name.rsplit("-", 1)[0] in AREAS}


def feature_exists(feature):
    """True if the design no longer says that it is missing; None for a feature that nobody knows."""
    if feature not in FEATURES:
        return None
    path, pattern = FEATURES[feature]
    if not os.path.exists(path):
        return True
    with open(path, encoding="utf-8") as file:
        return re.search(pattern, file.read(), re.S) is None


def judge_deferred(row, exists=feature_exists):
    match = re.match(r"deferred:(\w+)\s+\S", row["note"])
    if not match:
        return [f"{row['requirement']}: a deferred row names a feature and a reason, 'deferred:FLR reason'"]
    there = exists(match[1])
    if there is None:
        return [f"{row['requirement']}: '{match[1]}' is no feature that can be deferred"]
    return [f"{row['requirement']}: deferred for {match[1]}, which the design has by now"] if there else []


def judge_row(row, evidence, waived=()):
    """What is missing in a row that is not deferred: sentences."""
    name, wrong, ran = row["requirement"], [], set()
    checks, tests, bins = (row[column].split() for column in ("checks", "tests", "bins"))
    if row["level"] == "M" and not (checks and tests):
        wrong.append(f"{name}: a mandatory row needs checks and tests, or to be deferred")
    for pattern in tests:
        matching = evidence.tests(pattern)
        ran |= matching
        if not matching:
            wrong.append(f"{name}: no test '{pattern}' has run")
        wrong += [f"{name}: the test '{test}' has failed" for test in sorted(matching & evidence.failed)]
    for check in checks:
        if check not in evidence.checks:
            wrong.append(f"{name}: there is no check '{check}'")
        elif not any(check in evidence.evaluated[test] for test in ran & evidence.passed):
            wrong.append(f"{name}: the check '{check}' was not evaluated in its tests")
    for pattern in bins:
        matching = [bin_name for bin_name in evidence.bins if fnmatch.fnmatchcase(bin_name, pattern)]
        empty = [bin_name for bin_name in matching if evidence.bins[bin_name] == 0 and bin_name not in waived]
        if not matching:
            wrong.append(f"{name}: there is no bin '{pattern}'")
        if empty:
            wrong.append(f"{name}: {len(empty)} of {len(matching)} bins of '{pattern}' were not hit, such as {empty[0]}")
    return wrong


def judge_ids(plan, requirements):
    """Rows for what does not exist or has another level, twice, and requirements without a row."""
    wrong, seen = [], set()
    for row in plan:
        name = row["requirement"]
        if name not in requirements:
            wrong.append(f"{name}: there is no such requirement in the areas of the plan")
        elif row["level"] != requirements[name]:
            wrong.append(f"{name}: its level is {requirements[name]}, not {row['level']}")
        if name in seen:
            wrong.append(f"{name}: has two rows")
        seen.add(name)
    return wrong + [f"{name}: has no row" for name in requirements if name not in seen]


def is_deferred(row):
    return row["note"].startswith("deferred")


def judge(plan, requirements, evidence, waived=(), exists=feature_exists):
    """Sentences about the plan as a whole and about each row: [(row or None, sentence)]."""
    wrong = [(None, text) for text in judge_ids(plan, requirements)]
    for row in plan:
        texts = judge_deferred(row, exists) if is_deferred(row) else judge_row(row, evidence, waived)
        wrong += [(row, text) for text in texts]
    return wrong


def state(row, texts):
    """`not claimed`: neither checks nor tests, which only a row that is not mandatory may be."""
    if texts:
        return "missing"
    if is_deferred(row):
        return "deferred"
    return "evident" if row["checks"] or row["tests"] else "not claimed"


def evidence_of(row, evidence, waived, texts):
    """A row with what was found for it, for other programs: names or patterns, each with its counts."""
    patterns = row["tests"].split()
    ran = set().union(*map(evidence.tests, patterns))
    return {
        "requirement": row["requirement"], "level": row["level"], "state": state(row, texts), "wrong": texts, "note": row["note"],
        "checks": [{"name": check, "evaluated": sum(evidence.evaluated[test][check] for test in ran & evidence.passed)}
                   for check in row["checks"].split()],
        "tests": [{"name": pattern, "tests": len(found), "passed": sum(evidence.runs[test, "passed"] for test in found),
                   "failed": sum(evidence.runs[test, "failed"] for test in found)}
                  for pattern in patterns for found in [evidence.tests(pattern)]],
        "bins": [{"name": pattern, "bins": len(found), "hit": sum(evidence.bins[name] > 0 for name in found),
                  "waived": sum(evidence.bins[name] == 0 and name in waived for name in found)}
                 for pattern in row["bins"].split() for found in [fnmatch.filter(evidence.bins, pattern)]],
    }


def rows(plan, evidence, waived, wrong):
    """All of that, and what is wrong with no row in particular."""
    return {"wrong": [text for row, text in wrong if row is None],
            "rows": [evidence_of(row, evidence, waived, [text for about, text in wrong if about is row]) for row in plan]}


def waived_bins(bins):
    with open(cover.WAIVERS, encoding="utf-8") as file:
        waivers = [w for w in cover.parse_waivers(file.read()) if w.kind == "functional"]
    return {name for name in bins if any(fnmatch.fnmatchcase(name, w.place) for w in waivers)}


def table(plan, wrong):
    bad = {row["requirement"] for row, _ in wrong if row}
    figures = {}
    print(f"{'area':<10}{'rows':>6}{'mandatory':>11}{'evident':>9}{'deferred':>10}{'wrong':>7}")
    for area in AREAS:
        rows = [row for row in plan if row["requirement"].rsplit("-", 1)[0] == area]
        mandatory = [row for row in rows if row["level"] == "M"]
        counts = {
            "rows": len(rows),
            "mandatory": len(mandatory),
            "evident": sum(not is_deferred(row) and row["requirement"] not in bad for row in mandatory),
            "deferred": sum(map(is_deferred, mandatory)),
            "wrong": sum(row["requirement"] in bad for row in rows),
        }
        print(f"{area:<10}{counts['rows']:>6}{counts['mandatory']:>11}{counts['evident']:>9}{counts['deferred']:>10}"
              f"{counts['wrong']:>7}")
        for what, number in counts.items():
            figures[what] = figures.get(what, 0) + number
    figures["wrong"] += sum(row is None for row, _ in wrong)  # what belongs to no row is wrong all the same
    return figures


def absent(folder):
    """Sentences about configurations that have left nothing: the program died, or the runs were of a part."""
    return [(None, f"there are no results of the configuration {config} in {folder}") for config in lint.configurations()
            if not os.path.exists(f"{folder}/{config}.json")]


def stamp_of(folder):
    """Of the runs, which are the measurement: scripts/run_tests.py has left its beginning beside them."""
    begun = files.read_json(f"{folder}/{STAMP}")
    programs = [f"build/{os.path.basename(path)[:-5]}/sim" for path in glob.glob(f"{folder}/*.json")]
    return provenance.Measurement("vplan", programs, begun).stamp() if begun else {}


def main():
    parser = argparse.ArgumentParser(description="holds the verification plan against the last runs")
    parser.add_argument("--results", default="out/results", help="folder with the JSON lines and coverage of the runs")
    options = parser.parse_args()
    plan, requirements, evidence = read_plan(), read_requirements(), read_evidence(options.results)
    if not evidence.passed:
        print(f"vplan: no results in {options.results}; run `make vplan`", file=sys.stderr)
        return 1
    waived = waived_bins(evidence.bins)
    wrong = absent(options.results) + judge(plan, requirements, evidence, waived)
    figures = table(plan, wrong)
    files.write_json("out/vplan_rows.json", rows(plan, evidence, waived, wrong))
    files.write_json("out/vplan.json", {**figures, **stamp_of(options.results)})
    for _, text in wrong:
        print(f"vplan: {text}")
    print(f"{figures['evident']} of {figures['mandatory']} mandatory rows have evidence, {figures['deferred']} are deferred")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
