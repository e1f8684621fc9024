"""The whole report: head, way through, sections."""

import base64
import hashlib
import os
import sys

import provenance
from regress import files

from . import collect, coverage, failures, gates, markup, mutation, plan, ran, speed
from .markup import el, icon, state

HERE = os.path.dirname(os.path.abspath(__file__))
SECTIONS = (("failures", "Failures", failures.section), ("flaky", "Flaky runs", ran.flaky), ("ran", "What ran", ran.section),
            ("coverage", "Coverage", coverage.section), ("holes", "Holes and waivers", coverage.holes),
            ("plan", "Verification plan", plan.section), ("mutation", "Bugs and mutants", mutation.section),
            ("speed", "Speed", speed.section))
BROKEN = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, files.Refused)


def make(folder, path):
    """(text of the page, sentence of the verdict)."""
    results = collect.Results(folder, path)
    judged = gates.Judged(folder)
    page = el("html", head(judged), body(results, judged), lang="en")
    return "<!DOCTYPE html>\n" + markup.write(page) + "\n", judged.sentence()


def own(name):
    return files.read(os.path.join(HERE, name))


def head(judged):
    """Nothing may be loaded, and no script may run but the one that is here."""
    script = base64.b64encode(hashlib.sha256(own("filter.js").encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'"
    return el("head", el("meta", charset="utf-8"), el("meta", http_equiv="Content-Security-Policy", content=policy),
              el("meta", name="viewport", content="width=device-width"), el("meta", name="color-scheme", content="light dark"),
              el("title", f"msix-tb: {judged.sentence()}"), el("style", own("style.css")))


def body(results, judged):
    sections = [(id_, title, guarded(title, function, results)) for id_, title, function in SECTIONS]
    return el("body", el("header", top(results, judged), id="top"), way(results, judged), el(
        "main", el("section", el("h2", "Gates"), gates.section(judged), id="gates"),
        [el("section", el("h2", title), content, id=id_) for id_, title, content in sections]),
        el("script", own("filter.js")))


def guarded(title, function, results):
    """A result that cannot be read takes its section, not the report."""
    try:
        return function(results)
    except BROKEN as error:
        print(f"report: {title}: {type(error).__name__}: {error}", file=sys.stderr)
        return el("p", state("bad", "not readable"), f" The results of this section are not what they should be "
                  f"({type(error).__name__}: {error}). Make them again.")


def top(results, judged):
    """The verdict, of what, and the last regression in a sentence."""
    kind = "good" if judged.done else "bad"
    return [el("p", "msix-tb, verification report", class_="name"),
            el("h1", icon(kind), judged.sentence(), class_=kind),
            el("p", "The sources are ", ran.commit_text(results.head, results.dirty),
               f". This page was made {provenance.now()[:16].replace('T', ' ')}. ", last_run(results))]


def last_run(results):
    run = results.run
    if not run:
        return "There is no regression."
    counts = {name: len(results.with_result(name)) for name in ("passed", "failed", "skipped")}
    other = run["commit"] != results.head
    problems = [" for ", el("a", markup.count(len(results.problems), "reason"), href="#failures")] if results.problems else []
    return ["The last regression, ", run["started"].replace("T", " ")[:16],
            *([", was of another commit, ", ran.commit_text(run["commit"], run["dirty"])] if other else []),
            f": {markup.number(counts['passed'])} jobs passed, {markup.number(counts['failed'])} failed", *problems,
            f", {markup.number(counts['skipped'])} skipped",
            f" ({ran.STATES.get(run['state'], run['state'])})" if run["state"] != "complete" else "", "."]


def way(results, judged):
    """Links to the sections, with what is wrong in them."""
    bad = {"gates": len(judged.verdicts) - judged.count("holds"), "failures": len(results.problems)}
    links = [el("a", title, el("span", icon("bad"), bad[id_], class_="state bad") if bad.get(id_) else None, href=f"#{id_}")
             for id_, title in [("gates", "Gates"), *((id_, title) for id_, title, _ in SECTIONS)]]
    return el("nav", links, id="sections", aria_label="sections")
