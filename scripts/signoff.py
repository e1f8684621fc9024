#!/usr/bin/env python3
"""Holds the gates of tests/signoff.txt against the results on disk (`make signoff`), and makes what they ask for (`make
evidence`). docs/signoff.md explains the table.

    scripts/signoff.py                       the table; figures go to out/signoff.json
    scripts/signoff.py --make [--jobs N]     first the command of each result with a gate that does not hold; --all: of each

A gate holds, fails, is missing (a result, or what it should say, is not there), or is stale (the result is of other sources
than those that lie here now, or of no one state of them). Exit status 0 if all hold, 1 if not, 2 for a broken file of gates.
"""

import argparse
import dataclasses
import datetime
import os
import re
import shlex
import subprocess
import sys
import textwrap
import time

import cover  # enters the project's folder
import files
import gates
import lint
import make_environment
import mutants
import provenance

RESULT = "out/signoff.json"
STATES = ("holds", "fails", "missing", "stale")
WIDTH = 38  # of figures, and of what is wanted
# What `make evidence` must not hand on to the commands: it is meant for itself.
OWN = ("CONFIG", "TEST", "SEED", "SEEDS", "PROFILE", "MAXFAIL", "LAUNCHER", "ARGS", "WAVES", "AT", "FAIL", "SECONDS", "SANITIZE")


@dataclasses.dataclass
class Verdict:
    """One gate: `figure` is '' if there is none, `why` says what is missing or stale, `command` makes its result anew."""
    name: str
    meaning: str
    wanted: str
    source: str
    command: str
    state: str = "missing"
    figure: str = ""
    measured: str = ""
    commit: str = ""
    why: str = ""


def without_reason(path, parse):
    """(lines that say something, those of them that `parse` refuses)."""
    lines = [line for line in files.read(path).splitlines() if line.strip() and not line.startswith("#")]
    wrong = 0
    for line in lines:
        try:
            parse(line)
        except ValueError:
            wrong += 1
    return len(lines), wrong


def counted_now():
    """The result `sources`."""
    waivers, bare_waivers = without_reason(cover.WAIVERS, cover.parse_waivers)
    equivalents, bare_equivalents = without_reason(mutants.EQUIVALENT, mutants.parse_equivalent)
    head, dirty = provenance.commit()
    return {"waivers": waivers, "waivers_without_reason": bare_waivers, "equivalents": equivalents,
            "equivalents_without_reason": bare_equivalents, "open_ends": len(lint.open_ends_step().splitlines()),
            "commit": head, "dirty": dirty, "measured": provenance.now()}


def changed_since(name, measured):
    """Words for what makes a result stale."""
    since = datetime.datetime.fromisoformat(measured).timestamp()
    newer = [path for path in provenance.files_of(name) if os.path.getmtime(path) > since]
    if not newer:
        return "it is of other sources than those that are here now"
    return f"older than {newer[0]}" + (f" and {len(newer) - 1} more" if newer[1:] else "")


class Results:
    """Results of out/, or of a folder that stands for it, each read and held against the sources once."""

    def __init__(self, folder="out"):
        self.folder, self.known = folder, {}

    def get(self, path):
        """(result or None, why it is not there, why it is stale)."""
        if path not in self.known:
            self.known[path] = (counted_now(), "", "") if path == gates.SOURCES else self._load(path)
        return self.known[path]

    def _load(self, path):
        path = os.path.join(self.folder, os.path.relpath(path, "out"))
        result = files.read_json(path)
        if not isinstance(result, dict):
            return None, f"{path} is " + ("no result" if os.path.exists(path) else "not there"), ""
        stamp = provenance.of(result)
        if not stamp:
            return None, f"{path} does not say of which sources it is", ""
        name = os.path.basename(path)[:-len(".json")]
        if stamp["mixed"] or stamp["sources"] == provenance.sources(name):
            return result, "", stamp["mixed"]
        return result, "", changed_since(name, stamp["measured"])


def judge_gate(gate, results):
    verdict = Verdict(gate.name, gate.meaning, gate.wanted, gate.result, gate.command)
    result, absent, stale = results.get(gate.result)
    if result is None:
        verdict.why = absent
        return verdict
    verdict.measured = result["measured"]
    verdict.commit = result["commit"][:7] + ("+" if result["dirty"] else "")
    try:
        holds, verdict.figure = gate.holds(result), gate.figure(result)
    except gates.Missing as missing:
        verdict.why = f"{gate.result}: {missing}"
        return verdict
    verdict.state = "stale" if stale else "holds" if holds else "fails"
    verdict.why = f"{gate.result}: {stale}" if stale else ""
    return verdict


def judge(path=gates.PATH, folder="out"):
    """A Verdict for each gate. Raises gates.Broken."""
    results = Results(folder)
    return [judge_gate(gate, results) for gate in gates.read(path)[0]]


def fold(text):
    """Lines that end behind a comma, or behind a plus in what is too long for a line."""
    words = [re.sub(r"(?<!\+) " if len(word) >= WIDTH else " ", "\0", word) for word in text.split(", ")]
    return [part.replace("\0", " ") for part in textwrap.wrap(", ".join(words), WIDTH, break_long_words=False)]


def row(verdict):
    """The lines of one gate."""
    cells = [[verdict.name], fold(verdict.figure), fold(verdict.wanted),
             [verdict.state if verdict.state == "holds" else verdict.state.upper()],
             [verdict.measured[:16].replace("T", " ")], [verdict.commit]]
    for index in range(max(map(len, cells))):
        parts = [cell[index] if index < len(cell) else "" for cell in cells]
        yield line(*parts)


def line(name, figure, wanted, state, measured, commit):
    return f"{name:<20} {figure:<{WIDTH}}  {wanted:<{WIDTH}}  {state:<8} {measured:<17} {commit}".rstrip()


def table(verdicts):
    """Text: the gates, what to do about those that do not hold, the sum."""
    lines = [line("gate", "figure", "wanted", "verdict", "measured", "commit")]
    for verdict in verdicts:
        lines += row(verdict)
    lacking = {}
    for verdict in verdicts:
        if verdict.state != "holds":
            why = verdict.why or f"{verdict.figure}, not {verdict.wanted} ({verdict.meaning})"
            text = f"{verdict.state}: {why}" + (f"; `{verdict.command}`" if verdict.command else "")
            lacking.setdefault(text, []).append(verdict.name)
    lines += [textwrap.fill(f"{', '.join(names)} {text}", 136, subsequent_indent="    ", break_on_hyphens=False)
              for text, names in lacking.items()]
    if lacking:
        lines.append("`make evidence` makes what is missing, stale or failed, one after the other")
    return "\n".join([*lines, f"{count(verdicts, 'holds')} of {len(verdicts)} gates hold"])


def count(verdicts, state):
    return sum(verdict.state == state for verdict in verdicts)


def write(verdicts):
    head, dirty = provenance.commit()
    files.write_json(RESULT, {"gates": len(verdicts), "hold": count(verdicts, "holds"), "fail": count(verdicts, "fails"),
                              "missing": count(verdicts, "missing"), "stale": count(verdicts, "stale"), "commit": head,
                              "dirty": dirty, "measured": provenance.now()})


def make(everything, jobs):
    """The command of each result that has a gate which does not hold; one that fails does not keep the others from it."""
    clean = make_environment.clean(*OWN)
    for result, command in gates.read()[1].items():
        if not everything and all(verdict.state == "holds" for verdict in judge() if verdict.source == result):
            print(f"=== {result}: its gates hold", flush=True)
            continue
        words = shlex.split(command) + ([f"JOBS={jobs}"] if command.startswith("make ") else [])
        print(f"=== {result}: {shlex.join(words)}", flush=True)
        start = time.monotonic()
        status = subprocess.run(words, env=clean, check=False).returncode
        print(f"=== {result}: exit status {status} after {time.monotonic() - start:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description="holds the gates of tests/signoff.txt against the results on disk")
    parser.add_argument("--make", action="store_true", help="first make the results of gates that do not hold")
    parser.add_argument("--all", action="store_true", help="with --make: of all gates")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    try:
        if options.make:
            make(options.all, options.jobs)
        verdicts = judge()
    except gates.Broken as broken:
        print(f"signoff: {broken}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("signoff: interrupted; `make evidence` goes on with what does not hold", file=sys.stderr)
        return 1
    print(table(verdicts), flush=True)
    try:
        write(verdicts)
    except OSError as error:
        print(f"signoff: the figures are not written: {error}", file=sys.stderr)
        return 1
    return int(count(verdicts, "holds") != len(verdicts))


if __name__ == "__main__":
    sys.exit(main())
