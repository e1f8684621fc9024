"""What a block is: by its own form, or by a comment in front of it, <!-- test: ITEM; ITEM -->.

    $ COMMAND, its output below it     run, and the output compared; `> ` continues a command
    COMMAND   what it does             run, if each line begins like a command; nothing is compared

    full                    only with --full (make test-full)
    here                    likewise, and in the project itself: it measures what `make signoff` asks for
    skip REASON             not run; the reason is shown and counted
    status N [N ...]        exit status of all commands of the block, or of each
    output of COMMAND       the block shows what this command prints
    file PATH               the block is written to this file
    into PATH before LINE   the block is put into this file, in front of this line
    part of PATH            the block's lines stand in this file, one behind the other
    text                    neither a command nor what one has printed
    run COMMAND             a command that the page does not show; belongs to no block
"""

import re

COMMAND = re.compile(r"(?:\w+=\S* )*(?:make|git|cd|cat|cp|mv|rm|mkdir|ls|head|tail|grep|sed|awk|patch|diff|sort|python3|"
                     r"sqlite3|apt-get|sudo|env|sh|bash|export|sbatch|squeue|scancel|sinfo|srun|verilator|yosys|gtkwave|"
                     r"chromium|xvfb-run|scripts/[\w/.-]+\.(?:py|sh)|\./\S+|build/\S+/\w+)(?: |$)")
PROMPT = re.compile(r"\d+> ?")


class Wrong(Exception):
    """A place in a page, and what is wrong there."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


class Step:
    """One thing to do: kind `run` (a command; `shown` is None or lines from line `line` on), `file`, `into`, `part`."""

    def __init__(self, kind, line, how):
        self.kind, self.line = kind, line
        self.here, self.skip = "here" in how, how.get("skip")
        self.full = self.here or "full" in how
        self.command = self.path = self.place = ""
        self.shown, self.status = None, 0


def read_comment(comment):
    """The items of a comment, as a dictionary."""
    if not comment.text.startswith("test:"):
        raise Wrong(comment.line, f"'{comment.text[:60]}' is no comment of this form: <!-- test: ... -->")
    how, rest = {}, comment.text[5:].strip()
    while rest:
        item = rest if re.match("(run|output of) ", rest) else rest.split(";")[0]
        rest = rest[len(item) + 1:].strip()
        found = re.fullmatch(r"(full|here|text|(?:skip|status|output of|file|into|part of|run)(?= ))\s*(.*)", item.strip())
        if not found or (found[1] in ("full", "here", "text") and found[2]):
            raise Wrong(comment.line, f"'{item.strip()}' is not understood; docs/writing-documents.md has the list")
        how[found[1]] = found[2]
    if not re.fullmatch(r"\d+( \d+)*", how.setdefault("status", "0")):
        raise Wrong(comment.line, f"status takes numbers, not '{how['status']}'")
    return how


def hidden(comment):
    how = read_comment(comment)
    if "run" not in how:
        raise Wrong(comment.line, "this comment belongs to no block, and has nothing to run")
    step = Step("run", comment.line, how)
    step.command, step.status = how["run"], int(how["status"])
    return step


def sessions(block):
    """Lists of the lines of a command, the lines that are shown below it, and the number of its first line."""
    found = []
    for i, line in enumerate(block.lines):
        if line.startswith("$ "):
            command, shown = [line[2:]], []
            found.append((command, shown, block.line + i))
        elif line.startswith("> ") and not shown:
            command.append(line[2:])
        else:
            shown.append(line)
    return found


def plain(block):
    for i, line in enumerate(block.lines):
        if line.strip():
            yield re.split(r"(?<=\S)  +", line.strip())[0], block.line + i


def commands(block, how):
    if block.lines and block.lines[0].startswith("$ "):
        found = [("\n".join(command), shown, line) for command, shown, line in sessions(block)]
    elif block.lines and all(COMMAND.match(line) for line in block.lines if line.strip()):
        found = [(command, None, line) for command, line in plain(block)]
    else:
        raise Wrong(block.line, "is this a command? Begin it with '$ ', or say what it is by <!-- test: ... -->; "
                    "docs/writing-documents.md has the list")
    numbers = [int(number) for number in how["status"].split()]
    if len(numbers) not in (1, len(found)):
        raise Wrong(block.line, f"{len(found)} commands and {len(numbers)} numbers for 'status'")
    for i, (command, shown, line) in enumerate(found):
        step = Step("run", line, how)
        step.command, step.shown, step.status = command, shown, numbers[i % len(numbers)]
        yield step


def text_only(block):
    for i, line in enumerate(block.lines):
        if line.startswith("$ ") or COMMAND.match(line):
            raise Wrong(block.line + i, f"a command in a block that is said to be text: {line}")
    return []


def of_block(block):
    own = {"status": "0"}
    for comment in block.comments[:-1]:
        yield hidden(comment)
    if block.comments:
        own = read_comment(block.comments[-1])
        if "run" in own:
            yield hidden(block.comments[-1])
            own = {"status": "0"}
    forms = [name for name in ("text", "file", "into", "part of", "output of") if name in own]
    if len(forms) > 1:
        raise Wrong(block.line, f"{' and '.join(forms)}: one of them")
    if not forms and "skip" in own and not any(line.startswith("$ ") or COMMAND.match(line) for line in block.lines):
        yield Step("skip", block.line, own)  # not even a command
    elif not forms:
        yield from commands(block, own)
    elif forms == ["text"]:
        yield from text_only(block)
    else:
        yield one_step(forms[0], block, own)


def one_step(form, block, how):
    step = Step({"output of": "run"}.get(form, form.split()[0]), block.line, how)
    step.path = how[form]
    if form == "output of":
        step.command, step.status = how[form], int(how["status"])
        step.line -= 1
    elif form == "into":
        step.path, _, step.place = how[form].partition(" before ")
        if not step.place:
            raise Wrong(block.line, "into PATH before LINE")
    step.shown = block.lines
    return step


def steps(page):
    """All steps of a page; what is wrong is raised at the first place."""
    for item in page.items:
        if hasattr(item, "lines"):
            yield from of_block(item)
        else:
            yield hidden(item)
