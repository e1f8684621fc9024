"""Elements of HTML. Whatever is text in them is escaped when they are written: nothing else makes HTML here."""

import re
import xml.etree.ElementTree as xml

from regress import reports

# Drawn, so that no font has to have them: a tick, a cross, a dash, hands of a clock.
ICONS = {"good": "M4.5 8.5l2.5 2.5 4.5-5.5", "bad": "M5 5l6 6M11 5l-6 6", "none": "M4.5 8h7", "old": "M8 4v4l3 2"}


def el(tag, *children, **attributes):
    """Children: elements, text, numbers, None, or lists of these. `class_` is class; an attribute that is None is left out,
    one that is True has no value."""
    node = xml.Element(tag, {name.rstrip("_").replace("_", "-"): "" if value is True else clean(value)
                             for name, value in attributes.items() if value is not None and value is not False})
    add(node, children)
    return node


def add(node, children):
    for child in children:
        if isinstance(child, (list, tuple)):
            add(node, child)
        elif isinstance(child, xml.Element):
            node.append(child)
        elif child is not None and len(node):
            node[-1].tail = (node[-1].tail or "") + clean(child)
        elif child is not None:
            node.text = (node.text or "") + clean(child)


def clean(value):
    return str(value).translate(reports.CLEAN)


def write(node):
    return xml.tostring(node, encoding="unicode", method="html")


def number(value):
    """Thousands apart; None: nothing was measured."""
    if value is None:
        return "-"
    return f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:,.0f}"


def count(value, what, plural=None):
    return f"{number(value)} {what if value == 1 else plural or what + 's'}"


def ratio(part, whole):
    """Percent, rounded down, so that 100 means all."""
    return f"{int(1000 * part / whole) / 10:g} %" if whole else "-"


def state(kind, word):
    """A word and a drawn sign: the colour says nothing that these do not."""
    return el("span", icon(kind), word, class_=f"state {kind}")


def icon(kind):
    return el("svg", el("circle", cx=8, cy=8, r=7), el("path", d=ICONS[kind]), class_="icon", viewBox="0 0 16 16",
              aria_hidden="true")


def table(head, rows, numeric=(), class_=None, row_class=None):
    """`numeric`: columns with figures, to the right. A row is a list of cells."""
    def line(tag, cells, **more):
        return el("tr", [el(tag, cell, class_="n" if index in numeric else None, scope="col" if tag == "th" else None)
                         for index, cell in enumerate(cells)], **more)

    return el("div", el("table", el("thead", line("th", head)), el("tbody", [
        line("td", row, class_=row_class(row) if row_class else None) for row in rows]), class_=class_), class_="wide")


def facts(pairs):
    """Names and values, of those that are there."""
    return el("dl", [el("div", el("dt", name), el("dd", value)) for name, value in pairs if value not in (None, "", [])],
              class_="facts")


def fold(title, *children, open_=False, id_=None):
    return el("details", el("summary", title), *children, open=open_ or None, id=id_)


def code(text):
    """Long names may be broken behind _ and /, and nowhere else."""
    return el("code", [[part, el("wbr")] for part in re.split(r"(?<=[_/])", str(text))][:-1], re.split(r"[_/]", str(text))[-1])


def ticks(text):
    """What stands in back quotes is code."""
    return [code(part) if index % 2 else part for index, part in enumerate(text.split("`"))]


def command(text):
    """One click takes all of it."""
    return el("code", text, class_="command")


def lines(rows, class_=None):
    return el("pre", "\n".join(rows), class_=class_, tabindex=0)


def origin(results, *names):
    """Where the figures come from. What is of other sources than those of now is called stale."""
    found = [(name, results.origin(name)) for name in names]
    return [el("p", code(f"out/{name}"), f", {one[0]} ", [state("old", "stale"), f" {one[1]}"] if one[1] else None, class_="note")
            for name, one in found if one]


def missing(what, how):
    return el("p", state("none", "missing"), f" {what} ", command(how), class_="missing")
