"""Would a broken block be noticed: hand-written bugs and mutants."""

from . import charts, plan
from .markup import code, count, el, facts, fold, missing, number, origin, ratio, state, table

NAMED = {"exact": ("good", "exactly"), "neighbour": ("good", "by a neighbour"), "": ("bad", "no")}


def section(results):
    return [el("h3", "Bugs written by hand"), bugs(results), el("h3", "Mutants of the netlist"), mutants(results), trend(results)]


def bugs(results):
    figures, rows = results.json("bugs.json"), results.json("bugs_rows.json")
    if not figures:
        return missing("The bench has met no bug.", "make bugs")
    total = figures["hand_total"]
    return [origin(results, "bugs.json"), facts([
        ("Caught", score(figures["hand_caught"], total)),
        ("Named by the rule they break, or a neighbour", f"{number(figures['hand_named'])} of {number(total)}"),
        ("Named exactly", f"{number(figures['hand_named_exact'])} of {number(total)}")]),
            fold(f"All {count(total, 'bug')}: what is wrong, and which check noticed", table(
                ["Bug", "Caught", "Named", "Breaks", "First check", "Test"],
                [[[code(row["bug"]), el("span", row["what"], class_="under")],
                  state(*(("good", "caught") if row["verdict"] == "caught" else ("bad", row["verdict"].lower()))),
                  state(*NAMED[row["named"]]), plan.link(results, row["breaks"][0]), code(row["check"]),
                  [code(row["test"]), el("span", row["config"], class_="under")]] for row in rows], class_="bugs")) if rows else None]


def score(part, whole):
    return state("good" if part == whole else "bad", f"{number(part)} of {number(whole)}, {ratio(part, whole)}")


def mutants(results):
    figures, rows = results.json("mutants.json") or {}, results.json("mutants_rows.json")
    if "auto_total" not in figures:
        return missing("The bench has met no mutant.", "make mutants")
    total, killed, excused = (figures[f"auto_{name}"] for name in ("total", "killed", "equivalent"))
    survived = total - killed - excused
    return [origin(results, "mutants.json"), facts([
        ("Killed, of those that are not equivalent", score(killed, total - excused)),
        ("Equivalent", f"{number(excused)} of {number(total)}, {number(figures['auto_proven'])} proven by SAT"),
        ("Survived", state("bad", survived) if survived else "0")]),
            alive(rows) if rows else None]


def alive(rows):
    """Those that live, and which checks killed the others."""
    worst = sorted(rows["alive"], key=lambda row: row["why"] != "")
    killers = sorted(rows["killed_by"].items(), key=lambda item: -item[1])
    rows = [[code(row["source"]), code(row["mutant"]),
             state("none", "equivalent") if row["why"] else state("bad", "survived"), row["why"]] for row in worst]
    return [fold(f"{count(len(worst), 'mutant')} that no test kills, with reasons",
                 table(["Source", "Change", "State", "Why"], rows), open_=any(not row["why"] for row in worst)) if worst else None,
            fold("Checks that killed mutants", table(["Check", "Mutants"], [[code(name), number(n)] for name, n in killers],
                                                     numeric=(1,)))]


def trend(results):
    panels = []
    for source, title, part, whole, out in (
            ("bugs", "Bugs caught", "hand_caught", "hand_total", None),
            ("mutants", "Mutants killed, of those not equivalent", "auto_killed", "auto_total", "auto_equivalent")):
        history = results.history.figures(source)
        at = {key: {time: value for time, _, _, value in points} for key, points in history.items()}
        points = [(time, int(10000 * value / (at[whole][time] - (at[out][time] if out else 0))) / 100)
                  for time, value in at.get(part, {}).items() if at.get(whole, {}).get(time)]
        panels += [charts.trend(title, points, " %", 100.0)] if points else []
    return el("div", panels, class_="panels") if panels else None
