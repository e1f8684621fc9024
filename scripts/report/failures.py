"""Failures by problem, each with what the runner has found out: for the engineer with a red seed."""

import os
import re
import textwrap

from regress import buckets, evidence, explain, files, jobs, local

from . import collect, plan
from .markup import code, command, count, el, facts, fold, lines, missing, state, table

SHOWN = 30           # problems with their evidence; the others in a line each
MOST_SHOWN_RUNS = 100
FILES = {"run.log": "whole log", "run.fst": "waveform", "short.scn": "minimal scenario", "short.log": "its log",
         "short.fst": "its waveform", "whole.scn": "scenario it was cut from", "output.txt": "what sim printed",
         "short.txt": "what sim printed of the minimal scenario", "result.json": "result", "evidence.json": "places and commands"}


def section(results):
    if not results.run:
        return missing("There is no regression in these results.", "make regress")
    if not results.problems:
        return none_failed(results)
    total = sum(len(members) for _, _, members in results.problems)
    more = results.problems[SHOWN:]
    return [[el("p", f"{count(total, 'run')} failed for {count(len(results.problems), 'reason')}. ", command("make rerun"),
                " runs them again."),
             el("ol", [el("li", el("a", code(members[0]["error"]["check"] or "failure"), href=f"#{anchor(name)}"),
                          f" {count(len(members), 'run')}: ", members[0]["error"]["text"])
                       for name, _, members in results.problems[:SHOWN]])] if len(results.problems) > 1 else None,
            [problem(results, *one) for one in results.problems[:SHOWN]],
            table(["Problem", "Runs", "Summary"], [[explain.headline(members[0]), len(members), summary(results, folder)]
                                                   for _, folder, members in more], numeric=(1,)) if more else None]


def none_failed(results):
    """Which is good news only if something was judged."""
    passed = len(results.with_result("passed"))
    if not passed:
        return el("p", state("bad", "nothing passed"), " No run of the last regression was judged.")
    return el("p", state("good", "none"), f" None of {count(passed, 'run')} that were judged has failed.")


def summary(results, folder):
    path = os.path.join(folder, "summary.txt")
    href = results.href(path)
    return el("a", "summary.txt", href=href) if href else code(path)


def anchor(name):
    return f"problem-{name}"


def problem(results, name, folder, members):
    known = evidence.read(folder)
    first = next((one for one in members if jobs.of_result(one).folder() in known), members[0])
    error, entry = first["error"], jobs.of_result(first).folder()
    found = known.get(entry)
    return el(
        "article",
        el("h3", state("bad", error["check"] or "failure"), f" {count(len(members), 'run')}"),
        el("p", with_links(results, error["text"]), class_="sentence"),
        meaning(results, first),
        facts([("Smallest", [code(collect.job_text(first)), explain.where(first)]),
               *(commands(os.path.join(folder, entry), found) if found else [("Evidence", "none was kept of these runs")]),
               ("Files", [summary(results, folder), *(evidence_links(results, os.path.join(folder, entry), found) if found else [])])]),
        shown(os.path.join(folder, entry), found) if found else None,
        runs(members) if len(members) > 1 else None,
        class_="problem", id=anchor(name))


def with_links(results, text):
    """A sentence, in which requirements lead to their rows."""
    parts = re.split(rf"(\b{buckets.ID}\b)", text)
    return [plan.link(results, part) if index % 2 else part for index, part in enumerate(parts)]


def meaning(results, result):
    """Each requirement that is cited, with what it says."""
    known = explain.requirements()
    rows = [[plan.link(results, name), known.get(name, f"not in {explain.REQUIREMENTS}")] for name in explain.cited(result)]
    other = local.BROKEN.get(result["error"]["check"], "no requirement is named")
    return el("dl", [el("div", el("dt", name), el("dd", text)) for name, text in rows], class_="meaning") if rows else el("p", other)


def commands(folder, found):
    replay = evidence.short_replay(folder, found) if "short_replay" in found else found["replay"]
    pairs = [("Replay", [command(replay), " the minimal scenario" if "short_replay" in found else ""])]
    if "short_replay" in found:
        pairs.append(("Whole run", command(found["replay"])))
    if any(name.endswith(".fst") for name in found.get("files", ())):
        pairs.append(("Waves", [command(f"make waves FAIL={folder}"), " opens GTKWave at the failure"]))
    return pairs


def evidence_links(results, folder, found):
    for name in FILES:
        href = results.href(os.path.join(folder, name))
        if name in found.get("files", ()) and href:
            yield [", ", el("a", FILES[name], href=href)]


def shown(folder, found):
    """Scenario, last TLPs, what the bench knew."""
    name = "short" if "short_time" in found else "run"
    scenario = [line for line in files.read(os.path.join(folder, "short.scn")).splitlines() if line.strip()]
    log = files.read(os.path.join(folder, f"{name}.log"))
    told = explain.history(files.read(os.path.join(folder, "short.txt" if name == "short" else "output.txt")))
    of_short = " of the minimal scenario" if name == "short" else ""
    return [
        el("p", state("bad", "not repeatable"), f" Alone in a process this run gave: {found['outcome']}.")
        if not found["repeated"] else None,
        [el("h4", f"Minimal scenario: {found['operations']} of {count(found['whole_operations'], 'operation')}"),
         lines(scenario[:explain.MOST_OPERATIONS] + (["..."] if len(scenario) > explain.MOST_OPERATIONS else []))]
        if scenario and "operations" in found else None,
        [el("h4", f"Last TLPs and events{of_short}"), last_tlps(log, found[f"{name}_time"])]
        if log and f"{name}_time" in found else None,
        fold("What the bench knew", lines([line.strip() for line in told])) if told else None,
        [fold("Where the two runs part: (a) with one power-up value, (b) with the other", lines(
            [f"{which} {line}" for which, part in zip("ab", found[f"{name}_difference"]) for line in part]))]
        if f"{name}_difference" in found else None]


def last_tlps(log, time):
    rows = textwrap.dedent("\n".join(explain.last_tlps(log, time))).splitlines()
    return el("pre", [el("strong", row, "\n") if row.lstrip().startswith("---") else f"{row}\n" for row in rows], tabindex=0)


def runs(members):
    more = len(members) - MOST_SHOWN_RUNS
    return fold(f"All {len(members)} runs, the smallest first", lines(
        [f"{collect.job_text(one)}{explain.where(one)}" for one in members[:MOST_SHOWN_RUNS]]
        + ([f"... and {more} more, in results.jsonl"] if more > 0 else [])))
