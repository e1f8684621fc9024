"""The verdict: what sign-off says of the results."""

import gates as list_of_gates
import signoff

from .markup import command, el, state, table, ticks

KINDS = {"holds": "good", "fails": "bad", "missing": "none", "stale": "old"}


class Judged:
    """`broken`: why there is no list of gates."""

    def __init__(self, folder):
        self.verdicts, self.broken = [], ""
        try:
            self.verdicts = signoff.judge(folder=folder)
        except list_of_gates.Broken as broken:
            self.broken = str(broken)

    def count(self, state_):
        return sum(verdict.state == state_ for verdict in self.verdicts)

    @property
    def done(self):
        return bool(self.verdicts) and self.count("holds") == len(self.verdicts)

    def sentence(self):
        if self.broken:
            return f"No verdict: {self.broken}."
        if self.done:
            return f"Done: all {len(self.verdicts)} gates hold."
        rest = [f"{self.count(name)} {one if self.count(name) == 1 else more}" for name, one, more in (
            ("fails", "fails", "fail"), ("missing", "is missing", "are missing"), ("stale", "is stale", "are stale")) if self.count(name)]
        return f"Not done: {self.count('holds')} of {len(self.verdicts)} gates hold; {', '.join(rest)}."


def section(judged):
    """What does not hold comes first; else the order is that of the list."""
    order = sorted(judged.verdicts, key=lambda verdict: ("fails", "missing", "stale", "holds").index(verdict.state))
    return table(["Gate", "State", "Figures", "Wanted", "From"], [line(one) for one in order], class_="gates") if order else \
        el("p", state("bad", "broken"), f" {judged.broken}")


def line(one):
    return [[el("strong", one.name), el("span", ticks(one.meaning), class_="under")], state(KINDS[one.state], one.state),
            [one.figure or "no figure", el("span", ticks(one.why), class_="under wrong") if one.why else None], one.wanted,
            [command(one.command) if one.command else "counted now",
             el("span", ", ".join(filter(None, (one.source, one.measured[:16].replace("T", " "), one.commit))), class_="under")]]
