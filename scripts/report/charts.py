"""Charts as inline SVG. Colours come from style.css; what a colour says stands beside it in words or figures."""

from .markup import el, number

WIDTH, HEIGHT = 300, 92                # of a trend
LEFT, RIGHT, TOP, BOTTOM = 54, 66, 12, 22  # its margins: scale to the left, last value to the right
COLUMN, FULL = 42, 110                 # of a column: its distance, and the height of the largest


def short(value):
    """A figure for little room."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:.4g} M"
    return f"{value / 1e3:.4g} k" if abs(value) >= 1e4 else number(float(value))


def bar(percent, target=None, width=150):
    """A share of 100, with a tick where it should be at least."""
    reach = max(0.0, min(percent, 100.0)) * width / 100
    tick = min(target, 100) * (width - 2) / 100 + 1 if target is not None else 0
    said = f"{percent:g} %" + (f", target {target:g} %" if target is not None else "")
    return el("svg", el("rect", class_="track", x=0, y=4, width=width, height=8),
              el("rect", class_="fill" if target is None or percent >= target else "fill short", x=0, y=4,
                 width=f"{reach:.1f}", height=8),
              el("line", class_="tick", x1=f"{tick:.1f}", x2=f"{tick:.1f}", y1=0, y2=16) if target is not None else None,
              class_="bar", viewBox=f"0 0 {width} 16", width=width, height=16, role="img", aria_label=said)


def shares(parts, width=150):
    """Parts of a whole side by side: [(class, number)]."""
    whole, at, pieces = sum(value for _, value in parts), 0.0, []
    for kind, value in parts:
        length = width * value / whole if whole else 0
        if value:
            pieces.append(el("rect", class_=kind, x=f"{at:.1f}", y=4, width=f"{max(length - 1, 1):.1f}", height=8))
        at += length
    said = ", ".join(f"{value} {kind}" for kind, value in parts if value)
    return el("svg", pieces, class_="bar", viewBox=f"0 0 {width} 16", width=width, height=16, role="img", aria_label=said)


def trend(title, points, unit="", target=None):
    """How a figure went: points are (time, value), the oldest first. The scale is of these values, and says so."""
    values = [value for _, value in points]
    scale = values + ([target] if target is not None else [])
    low, high = min(scale), max(scale)
    if low == high:  # a flat line lies in the middle
        low, high = low - 1, high + 1
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(index):
        return LEFT + (across * index / (len(points) - 1) if len(points) > 1 else across)

    def y(value):
        return TOP + down * (high - value) / (high - low)

    def text(content, at, height, anchor, class_=None):
        return el("text", content, x=f"{at:.1f}", y=f"{height:.1f}", text_anchor=anchor, class_=class_)

    path = " ".join(f"{'L' if index else 'M'}{x(index):.1f} {y(value):.1f}" for index, value in enumerate(values))
    marks = sorted({min(scale), max(scale)})
    ends = [points[0][0][:10], points[-1][0][:10]]
    said = f"{title}: {number(values[-1])}{unit} last, {number(min(values))} to {number(max(values))} in {len(points)} measurements"
    return el("figure", el("figcaption", title), el(
        "svg",
        [el("line", class_="grid", x1=LEFT, x2=WIDTH - RIGHT, y1=f"{y(mark):.1f}", y2=f"{y(mark):.1f}") for mark in marks],
        [text(short(mark), LEFT - 6, y(mark) + 4, "end") for mark in marks],
        el("line", class_="target", x1=LEFT, x2=WIDTH - RIGHT, y1=f"{y(target):.1f}", y2=f"{y(target):.1f}")
        if target is not None else None,
        el("path", class_="line", d=path),
        [el("circle", el("title", f"{time[:16].replace('T', ' ')}: {number(value)}{unit}"), class_="dot", r=2.5,
            cx=f"{x(index):.1f}", cy=f"{y(value):.1f}") for index, (time, value) in enumerate(points)],
        text(f"{short(values[-1])}{unit}", WIDTH - RIGHT + 7, y(values[-1]) + 4, "start", "last"),
        text(ends[0], LEFT, HEIGHT - 4, "start") if ends[0] != ends[1] else None,
        text(ends[1], WIDTH - RIGHT, HEIGHT - 4, "end"),
        viewBox=f"0 0 {WIDTH} {HEIGHT}", width=WIDTH, height=HEIGHT, role="img", aria_label=said), class_="trend")


def columns(runs):
    """Regressions side by side, the oldest first: [(name, day, passed, failed)]. Failures stand on top, with their number."""
    most = max(passed + failed for *_, passed, failed in runs) or 1
    width, groups = COLUMN * len(runs) + 10, []
    for index, (name, day, passed, failed) in enumerate(runs):
        left = 5 + COLUMN * index
        good, bad = FULL * passed / most, max(FULL * failed / most, 2 if failed else 0)
        groups.append(el(
            "g", el("title", f"{name}: {passed} passed, {failed} failed"),
            el("rect", class_="fill", x=left, y=f"{24 + FULL - good:.1f}", width=COLUMN - 10, height=f"{good:.1f}"),
            el("rect", class_="failed", x=left, y=f"{22 + FULL - good - bad:.1f}", width=COLUMN - 10, height=f"{bad:.1f}")
            if failed else None,
            el("text", day, x=left + (COLUMN - 10) / 2, y=FULL + 38, text_anchor="middle"),
            el("text", f"✗ {failed}" if failed else f"{passed}", class_="failed" if failed else None,
               x=left + (COLUMN - 10) / 2, y=f"{18 + FULL - good - bad:.1f}", text_anchor="middle")))
    said = f"passed and failed jobs of the last {len(runs)} regressions"
    return el("svg", el("line", class_="grid", x1=0, x2=width, y1=24 + FULL, y2=24 + FULL), groups, class_="columns",
              viewBox=f"0 0 {width} {44 + FULL}", width=width, height=44 + FULL, role="img", aria_label=said)
