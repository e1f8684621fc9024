"""Does a page show what came out? `...` stands for anything: as a line for lines, within a line for text.

White space is folded, and a line that is continued on indented lines is one line. Blank lines do not count. What
depends on the machine or the hour is the same to RULES; everything else must be equal.
"""

import difflib
import re
import textwrap

WIDTH = 128  # of a line of the log with its note
ANY = "..."
RULES = [(re.compile(pattern), text) for pattern, text in (
    (r"\b\d+(\.\d+)? s\b", "N s"),                              # 5.86 s
    (r"(?<![\w.])\d[\d,.]*( clocks| jobs)?/s\b", r"N\1/s"),                  # 742676 clocks/s
    (r"\b\d{8}-\d{6}-([0-9a-f]{7,}|nogit)\b", "RUN"),           # a folder of out/regress
    (r"\b\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?\b", "DATE"),
    (r"\b\d+ process(es)?\b", "N processes"),                   # of the machine
    (r"\[Makefile:\d+:", "[Makefile:N:"),                       # make: *** [Makefile:79: sim] Error 1
)]


def fold(line):
    line = " ".join(line.split())
    for pattern, text in RULES:
        line = pattern.sub(text, line)
    return line


def pattern(line):
    """A folded line as a regular expression."""
    return ".*".join(re.escape(part.strip()) for part in line.split(ANY))


def unfold(shown, out):
    """Groups of shown lines, each with its folded text: lines are joined where that makes a line that came out."""
    groups, i = [], 0
    while i < len(shown):
        size, text = 1, fold(shown[i])
        best = text
        while text != ANY and i + size < len(shown) and shown[i + size][:2].isspace():
            if ANY in best and any(re.fullmatch(pattern(best), line) for line in out):
                break
            text = f"{text} {fold(shown[i + size])}"
            if not any(re.match(pattern(text) + r"(?: |\Z)", line) for line in out):
                break
            size, best = size + 1, text
        groups.append((best, shown[i:i + size]))
        i += size
    return groups


def printed(text):
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def same(shown, text):
    out = [fold(line) for line in printed(text)]
    groups = unfold([line for line in shown if line.strip()], out)
    wanted = "".join(r"(?:.*\n)*?" if line == ANY else pattern(line) + "\n" for line, _ in groups)
    return re.fullmatch(wanted, "".join(line + "\n" for line in out)) is not None


def laid_out(line):
    return textwrap.wrap(line, WIDTH, subsequent_indent=" " * (len(line) - len(line.lstrip()) + 4), break_long_words=False,
                         break_on_hyphens=False, drop_whitespace=True) if len(line) > WIDTH else [line]


def between(groups, out):
    """What stands for lines that are not the same: ANY stays, and takes in what the lines around it leave."""
    marks = [i for i, (line, _) in enumerate(groups) if line == ANY]
    new = [laid_out(line) for line in out]
    if not marks:
        return sum(new, [])
    first, last = min(marks[0], len(new)), len(groups) - 1 - marks[-1]
    lines, at, end = sum(new[:first], []) + groups[marks[0]][1], first, max(first, len(new) - last)
    for line, old in groups[marks[0] + 1:marks[-1] + 1]:
        like = difflib.get_close_matches(line, out[at:end], 1, 0.5)
        if line == ANY:
            lines += old if lines[-1:] != old else []
        elif like:
            at = out.index(like[0], at) + 1
            lines += new[at - 1]
    return lines + sum(new[end:], [])


def refreshed(shown, text):
    """The lines that should be shown, with as much of the old ones as is still right."""
    raw = printed(text)
    out = [fold(line) for line in raw]
    groups = unfold([line for line in shown if line.strip()], out)
    keys = [next((other for other in out if line != ANY and re.fullmatch(pattern(line), other)), f"\n{i}")
            for i, (line, _) in enumerate(groups)]
    lines = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, keys, out, autojunk=False).get_opcodes():
        lines += sum((old for _, old in groups[i:j]), []) if kind == "equal" else between(groups[i:j], raw[k:m])
    return lines


def difference(shown, text):
    """For a reader: what the page shows, and what should stand there."""
    lines = list(difflib.unified_diff(shown, refreshed(shown, text), "shown", "came out", lineterm="", n=1))
    return "\n".join(lines[:80] + ([f"({len(lines) - 80} more lines)"] if len(lines) > 80 else [])) + "\n"
