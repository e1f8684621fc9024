"""Coverage by type, its trend, holes and waivers."""

from . import charts
from .markup import code, count, el, fold, missing, number, origin, state, table

COMMAND = "make cover"
MEANING = {"line": "blocks of statements of rtl/", "branch": "sides of each if of rtl/", "toggle": "bits of signals of rtl/",
           "functional": "situations, counted by the bench", "assertion": "triggers of the assertions of rtl/",
           "model_line": "lines of models/"}
MOST_HOLES = 200


def title(kind):
    return kind.replace("_", " ")


def section(results):
    points = results.json("cover_points.json")
    if not points:
        return [missing("Coverage has not been measured.", COMMAND), trend(results, {})]
    types = points["types"]
    html = results.href(results.path("cover", "html", "index.html"))
    rows = [[[el("strong", title(kind)), el("span", MEANING.get(kind, ""), class_="under")], verdict(found),
             charts.bar(found["percent"], found["target"]), f"{found['percent']:.2f} %", f"{found['target']:g} %",
             number(found["covered"]), number(found["holes"]), number(found["waived"])] for kind, found in types.items()]
    return [origin(results, "cover.json"),
            table(["Type", "State", "Share, and its target", "Covered", "Target", "Points covered", "Holes", "Waived"], rows,
                  numeric=(3, 4, 5, 6, 7)),
            el("p", "A waived point counts neither as covered nor as a hole. ",
               [el("a", "Annotated sources", href=html), "."] if html else None, class_="note"),
            trend(results, {kind: found["target"] for kind, found in types.items()})]


def verdict(found):
    return state("good", "reached") if found["percent"] >= found["target"] else state("bad", "missed")


def trend(results, targets):
    """One panel a type; the scale of each is its own."""
    history = results.history.figures("cover")
    panels = [charts.trend(title(kind), [(time, value) for time, _, _, value in history[kind]], " %", targets.get(kind))
              for kind in MEANING if kind in history]
    if not panels:
        return None
    runs = max(map(len, (history[kind] for kind in MEANING if kind in history)))
    return [el("h3", "Coverage over time"),
            el("p", f"{count(runs, 'measurement')}; dashed: the target. Each scale begins and ends at the figures beside it.",
               class_="note"), el("div", panels, class_="panels")]


def holes(results):
    points = results.json("cover_points.json")
    if not points:
        return missing("Coverage has not been measured.", COMMAND)
    return [hole_list(results, points["holes"]), waiver_list(points["waivers"])]


def hole_list(results, found):
    if not found:
        return el("p", state("good", "no holes"), " Every point that is not waived was covered.")
    return fold(f"{count(len(found), 'hole')}, bits of one signal in one line", el(
        "ul", [el("li", code(text.rstrip(":"))) for text in found[:MOST_HOLES]], class_="names"),
        el("p", f"and {len(found) - MOST_HOLES} more in ", code(results.path("cover", "holes.txt")))
        if len(found) > MOST_HOLES else None)


def waiver_list(waivers):
    if not waivers:
        return el("p", state("good", "no waivers"), " Nothing is excused.")
    unused = [waiver for waiver in waivers if not waiver["points"]]
    return [el("p", state("bad", f"{count(len(unused), 'waiver')} without use"), " What waives nothing is an error.") if unused else None,
            fold(f"{count(len(waivers), 'waiver')} for {count(sum(w['points'] for w in waivers), 'point')}, each with its reason", table(
                ["Type", "Place", "Points", "Kind", "Reason"],
                [[title(w["type"]), code(w["place"]), number(w["points"]), w["tag"], w["reason"]] for w in waivers],
                numeric=(2,)))]
