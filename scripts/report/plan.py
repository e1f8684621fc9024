"""The verification plan: a row a requirement, with what was found for it."""

import re

from regress import explain, files

from . import charts
from .markup import code, count, el, lines, missing, number, origin, state, table

COMMAND = "make vplan"
KINDS = {"evident": "good", "missing": "bad", "deferred": "old", "not claimed": "none"}
LEVELS = {"M": "mandatory", "R": "recommended", "P": "permitted", "U": "undefined", "D": "decided by the design"}


def rows_of(results):
    found = results.json("vplan_rows.json")
    return found["rows"] if found else None


def area(requirement):
    return requirement.rsplit("-", 1)[0]


def titles():
    """{prefix of an area: its title}"""
    return {prefix: title for title, prefix in re.findall(r"^### (.*): ([A-Z-]+)$", files.read(explain.REQUIREMENTS), re.M)}


def link(results, requirement):
    """To its row here, if it has one."""
    known = {row["requirement"] for row in rows_of(results) or ()}
    return el("a", code(requirement), href=f"#{requirement}") if requirement in known else code(requirement)


def section(results):
    found = results.json("vplan_rows.json")
    if not found:
        return missing("The plan was not held against any run.", COMMAND)
    rows, names, meaning = found["rows"], titles(), explain.requirements()
    areas = list(dict.fromkeys(area(row["requirement"]) for row in rows))
    bodies = [el("tbody", el("tr", el("th", names.get(one, one), el("span", one, class_="under"), colspan=5, scope="rowgroup"),
                             class_="area"),
                 [line(row, meaning) for row in rows if area(row["requirement"]) == one], id=f"area-{one}", data_area=one)
              for one in areas]
    return [origin(results, "vplan.json"),
            el("p", "Evident: each test of the row has passed and none has failed, each check was evaluated in these tests, each bin "
               "was hit. Deferred: the block does not have the feature. Not claimed: not mandatory, and nothing judges it.",
               class_="note"),
            [lines(found["wrong"]), el("p", state("bad", "the plan itself is wrong"))] if found["wrong"] else None,
            sums(rows, areas, names), filters(areas, names),
            el("div", el("table", el("thead", el("tr", [el("th", text, scope="col") for text in (
                "Requirement", "What it says", "Checks, times evaluated", "Tests, runs passed", "Bins hit")])), bodies, id="plan-table",
                class_="plan"), class_="wide")]


def sums(rows, areas, names):
    """A line an area."""
    body = []
    for one in [*areas, None]:
        here = [row for row in rows if one in (None, area(row["requirement"]))]
        counts = {kind: sum(row["state"] == kind for row in here) for kind in KINDS}
        body.append([el("a", names.get(one, one), href=f"#area-{one}") if one else "all", number(len(here)),
                     number(sum(row["level"] == "M" for row in here)), number(counts["evident"]), number(counts["deferred"]),
                     number(counts["not claimed"]), state("bad", counts["missing"]) if counts["missing"] else "0",
                     charts.shares([(KINDS[kind], counts[kind]) for kind in KINDS])])
    return table(["Area", "Rows", "Mandatory", "Evident", "Deferred", "Not claimed", "Missing", "Shares"], body, numeric=(1, 2, 3, 4, 5, 6),
                 row_class=lambda row: "sum" if row[0] == "all" else None)


def filters(areas, names):
    """Shown by filter.js: without it there is nothing that could filter."""
    def choice(id_, label, options):
        return el("label", label, el("select", [el("option", text, value=value) for value, text in [("", "all"), *options]], id=id_))

    return el("form", el("label", "Find", el("input", id="find", type="search", placeholder="ID, word, check, test")),
              choice("find-state", "State", [(kind, kind) for kind in KINDS]),
              choice("find-area", "Area", [(one, f"{one}: {names.get(one, one)}") for one in areas]),
              choice("find-level", "Level", list(LEVELS.items())),
              el("button", "Reset", type="button"), el("output", id="found", for_="find"), id="plan-filter", hidden=True)


def line(row, meaning):
    name = row["requirement"]
    return el(
        "tr",
        el("td", code(name), " ", el("abbr", row["level"], title=LEVELS.get(row["level"], "")),
           el("div", state(KINDS[row["state"]], row["state"]))),
        el("td", meaning.get(name, ""), el("span", note(row), class_="under") if row["note"] else None,
           [el("span", text, class_="under wrong") for text in row["wrong"]]),
        el("td", [el("div", code(check["name"]), figure(number(check["evaluated"]))) for check in row["checks"]]),
        el("td", [el("div", code(test["name"]), figure(tests_text(test))) for test in row["tests"]]),
        el("td", [el("div", code(found["name"]), figure(bins_text(found))) for found in row["bins"]]),
        id=name, data_state=row["state"], data_level=row["level"])


def note(row):
    match = re.fullmatch(r"deferred:(\w+)\s+(.*)", row["note"])
    return f"deferred, {match[1].replace('_', ' ')}: {match[2]}" if match else row["note"]


def figure(text):
    return el("span", f" {text}", class_="figure")


def tests_text(test):
    """Of a pattern also how many tests it found."""
    return (f"{count(test['tests'], 'test')}, " if set(test["name"]) & set("*?") else "") + number(test["passed"]) + (
        f", {test['failed']} failed" if test["failed"] else "")


def bins_text(found):
    return f"{found['hit']} of {found['bins']}" + (f", {found['waived']} waived" if found["waived"] else "")
