"""What ran: the last regression, by configuration, and the other tests."""

import os
import re

from . import charts, collect
from .markup import code, command, count, el, facts, fold, missing, number, origin, state, table

COMMAND = "make regress"
STATES = {"complete": "complete: every job was run", "interrupted": "interrupted: not everything was run",
          "stopped": "stopped after failures: not everything was run", "broken": "broken off: not everything was run",
          "incomplete": "parts are missing", "running": "still running, or ended without a word"}
OTHERS = (("fuzz.json", "make fuzz", "coverage-guided search for stimulus that fails a check"),
          ("repeat.json", "make repeat", "the same seed three times, once by other optimisation levels"))


def commit_text(head, dirty):
    return [code(head[:12] or "no commit"), " with uncommitted changes" if dirty else ""]


def section(results):
    run = results.run
    if not run:
        return [missing("There is no regression in these results.", COMMAND), others(results)]
    return [origin(results, "regress.json"), outline(results, run), configurations(results), skipped(results), tests(results), trend(results), others(results)]


def outline(results, run):
    options = [f"{what} {run[key]}" for key, what in (("profile", "profile"), ("test_pattern", "tests"), ("shard", "shard"),
                                                      ("sim_args", "sim")) if run.get(key)]
    machine, tools = run.get("machine", {}), run.get("tools", {})
    return facts([
        ("Run", link(results, results.run_folder, run["run"])),
        ("State", state("good" if run["state"] == "complete" else "bad", STATES.get(run["state"], run["state"]))),
        ("Commit", commit_text(run["commit"], run["dirty"])),
        ("Started", run["started"].replace("T", " ")[:16]),
        ("Took", f"{number(run['wall_s'])} s, {number(run['cpu_s'])} s of CPU"),
        ("Options", ", ".join(options) or "seeds as the table has them"),
        ("Jobs", f"{number(len(results.results))} of {number(run['jobs'])}"),
        ("Functional bins", f"{number(run['bins'])} of {number(run['bins_total'])} in this run" if "bins" in run else None),
        ("Verilator", tools.get("verilator")), ("C compiler", tools.get("cc")), ("Python", tools.get("python")),
        ("Machine", f"{count(machine['cores'], 'core')}, {machine['system']}" if machine else None),
        ("Files", [[link(results, f"{results.run_folder}/{name}", name), " "] for name in (
            "summary.txt", "results.jsonl", "junit.xml", "jobs.txt") if os.path.exists(f"{results.run_folder}/{name}")]),
    ])


def link(results, path, text):
    href = results.href(path)
    return el("a", text, href=href) if href else code(path)


def configurations(results):
    rows = []
    for config, found in [*collect.by_config(results.results).items(), ("all", results.results)]:
        counts = [sum(result["result"] == name for result in found) for name in ("passed", "failed", "skipped", "refused")]
        rows.append([config, number(len(found)), number(counts[0]),
                     state("bad", number(counts[1])) if counts[1] else "0", number(counts[2]), number(counts[3]),
                     number(len({result["name"] for result in found})), collect.seeds(result["seed"] for result in found),
                     number(sum(result.get("cycles", 0) for result in found)),
                     number(sum(result.get("messages", 0) for result in found))])
    return table(["Configuration", "Jobs", "Passed", "Failed", "Skipped", "Refused", "Tests", "Seeds", "Clocks", "Messages"], rows,
                 numeric=(1, 2, 3, 4, 5, 6, 8, 9), row_class=lambda row: "sum" if row[0] == "all" else None)


def reasons(found):
    """{reason: jobs}"""
    by_reason = {}
    for result in found:
        by_reason.setdefault(result.get("reason") or "no reason given", []).append(result)
    return by_reason


def skipped(results):
    out = []
    for what, title in (("skipped", "skipped"), ("refused", "refused: could not be judged")):
        found = results.with_result(what)
        if found:
            out.append(fold(f"{count(len(found), 'job')} {title}", table(["Reason", "Jobs", "Tests"], [
                [reason, number(len(some)), ", ".join(sorted({f"{r['name']} ({r['config']})" for r in some}))]
                for reason, some in sorted(reasons(found).items())], numeric=(1,)), open_=what == "refused"))
    return out


def tests(results):
    """Every test by name, with how often it passed."""
    found = {}
    for result in results.results:
        found.setdefault(result["name"], []).append(result["result"])
    items = [el("li", code(name), f" {outcomes.count('passed')}", " passed" if index == 0 else "",
                f", {outcomes.count('failed')} failed" if "failed" in outcomes else "",
                f", {outcomes.count('skipped')} skipped" if "skipped" in outcomes else "")
             for index, (name, outcomes) in enumerate(sorted(found.items()))]
    return fold(f"{count(len(found), 'test')} by name, and how many runs of each passed", el("ul", items, class_="names"))


def day(run):
    """Month and day of the name of a run, if it has any."""
    return f"{run[4:6]}-{run[6:8]}" if re.match(r"\d{8}-", run) else ""


def trend(results):
    """The last regressions of the database."""
    rows = results.history.trend()
    if not rows:
        return missing("There is no history of regressions.", COMMAND)
    body = [[run, commit, number(jobs), number(passed), state("bad", number(failed)) if failed else "0", number(flaky),
             number(wall), f"{number(bins)} of {number(of)}" if bins is not None else "-", how, options]
            for run, commit, jobs, passed, failed, _, flaky, wall, _, bins, of, how, options in rows]
    plain = [row for row in rows if "--fault" not in row[-1]]  # a planted fault says nothing about the block
    return [el("h3", "Regressions so far"),
            el("p", f"The last {count(len(plain), 'run')}, the newest at the right: jobs that passed, and on top, marked ✗, jobs "
               "that failed. Runs with a planted fault stand in the table alone."
               if len(plain) > 1 else "A trend needs more than one run without a planted fault.", class_="note"),
            charts.columns([(row[0], day(row[0]), row[3], row[4]) for row in plain]) if plain else "",
            fold("The same as a table", table(["Run", "Commit", "Jobs", "Passed", "Failed", "Flaky", "Seconds", "Bins", "State", "Options"],
                                              body[::-1], numeric=(2, 3, 4, 5, 6, 7)))]


def others(results):
    return [el("h3", "Other tests"), suite(results), [other(results, *what) for what in OTHERS]]


def suite(results):
    """The groups of `make test`."""
    test = results.json("test.json")
    if not test:
        return missing("There is no result of the test suite.", "make test")
    groups = [key[:-7] for key in test if re.fullmatch(r"\w+_passed", key)]
    cells = [[group, *(number(test.get(f"{group}_{what}")) for what in ("passed", "failed", "skipped")),
              number(test.get(f"{group}_wall_s"))] for group in groups]
    cells.append(["all", *(number(test[what]) for what in ("passed", "failed", "skipped", "wall_s"))])
    return [origin(results, "test.json"),
            el("p", command("make test"), f": {number(test['passed'])} passed, ",
               state("bad", f"{test['failed']} failed") if test["failed"] else "0 failed", f", {test['skipped']} skipped"),
            fold("By group", table(["Group", "Passed", "Failed", "Skipped", "Seconds"], cells, numeric=(1, 2, 3, 4),
                                   row_class=lambda row: "sum" if row[0] == "all" else None))]


def other(results, name, how, what):
    found = results.json(name)
    if not found:
        return missing(f"Not there: {what}.", how)
    shown = ", ".join(f"{key.replace('_', ' ')} {number(value)}" for key, value in found.items()
                      if isinstance(value, (int, float)) and not isinstance(value, bool))
    return [origin(results, name), el("p", command(how), f", {what}: {shown}")]


def flaky(results):
    """Runs that were not the same each time: of the last regression, and of all that the history knows."""
    if not results.run:
        return missing("Nothing has run that could differ.", COMMAND)
    rows = results.history.flaky()
    now = results.run.get("flaky_jobs", [])
    if not rows and not now:
        return el("p", state("good", "none"), " The same program and seed gave the same run whenever it was run again. What was "
                  "run once only cannot show it: ", command("make repeat"), " runs everything again.")
    return [table(["Job", "In the last regression"], [[code(one["job"]), one["text"]] for one in now]) if now else None,
            [el("h3", "In all runs so far"), table(
                ["Configuration", "Test", "Seed", "Result", "In run", "But", "In run"],
                [list(map(str, row)) for row in rows[:50]]),
             el("p", f"and {len(rows) - 50} more: ", command("scripts/regress.py --history flaky")) if len(rows) > 50 else None]
            if rows else None]


def slowest(results):
    rows = results.history.slowest(12)
    if not rows:
        return missing("There is no history of durations.", COMMAND)
    return [el("h3", "Slowest tests"), el("p", "Mean of all runs in the history.", class_="note"),
            table(["Configuration", "Test", "Seconds", "Clocks", "Runs"],
                  [[config, code(test), number(float(wall)), number(round(cycles)), number(runs)]
                   for config, test, wall, cycles, runs in rows], numeric=(2, 3, 4))]
