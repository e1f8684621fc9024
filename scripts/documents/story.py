"""One page from top to bottom, in a copy of the project."""

import os
import shlex
import shutil
import tempfile

from regress import files

from . import forms, match, shell

QUICK_LIMIT_S, FULL_LIMIT_S = 300, 7200
LEFT_OUT = ("out", ".git")  # what is done in the copy must not reach the repository of the project
CLEAN = "git init -q && git add -A && git commit -qm 'as it is now'"  # as a reader with a fresh clone has it


class Story:
    """Counts and sentences of one page; `edits`: (first line, number of lines, new lines), none behind a failed command."""

    def __init__(self, path, full):
        self.path, self.full, self.root = path, full, ""
        self.run = self.later = 0
        self.astray = False
        self.failures, self.skipped, self.edits = [], [], []

    def fail(self, line, text):
        self.failures.append(f"{self.path}:{line}: {text}")

    def play(self, steps, root):
        self.root = root
        os.makedirs(os.path.join(root, "out/docs"), exist_ok=True)
        with tempfile.TemporaryDirectory(dir=os.path.join(root, "out/docs")) as place:
            copy = os.path.join(place, "copy")
            shutil.copytree(root, copy, symlinks=True, ignore=lambda folder, _: LEFT_OUT if folder == root else ())
            os.mkdir(os.path.join(copy, "out"))  # as after a `make sim`
            bash = shell.Shell(copy, shell.environment(copy))
            try:
                text, status = bash.run(CLEAN, QUICK_LIMIT_S)
                if status:
                    self.fail(1, f"the copy of the project is no repository:\n{text}")
                for step in steps:
                    self.step(step, bash)
            except shell.Late as late:
                self.fail(step.line, f"took too long: {step.command}\n{str(late)[-2000:]}")
            except BrokenPipeError:
                self.fail(step.line, "a command in front of this one has ended the shell")
            finally:
                bash.close()
                self.keep_results(os.path.join(copy, "out"))

    def keep_results(self, results):
        """Of a page that failed: what a command has found may not come again."""
        place = os.path.join(self.root, "out/docs", os.path.splitext(os.path.basename(self.path))[0])
        shutil.rmtree(place, ignore_errors=True)
        if self.failures and os.path.isdir(results):
            shutil.move(results, place)
            self.failures[-1] += f"\nits out/ is kept in {place}"

    def step(self, step, bash):
        if step.skip:
            self.skipped.append(f"{self.path}:{step.line}: {step.command or step.path or 'a block'}: {step.skip}")
        elif step.full and not self.full:
            self.later += 1
        else:
            self.run += 1
            {"run": self.command, "file": self.file, "into": self.into, "part": self.part}[step.kind](step, bash)

    def command(self, step, bash):
        limit_s = FULL_LIMIT_S if self.full else QUICK_LIMIT_S
        if step.shown and "--interactive" in step.command and any(map(forms.PROMPT.match, step.shown)):
            typed = [line[found.end():] for line in step.shown if (found := forms.PROMPT.match(line))]
            text, status = bash.talk(step.command, typed[:-1] if typed[-1] == "" else typed, limit_s)
        else:
            text, status = bash.run(f"(cd {shlex.quote(self.root)} && {step.command})" if step.here else step.command, limit_s)
        if status != step.status:
            self.fail(step.line, f"exit status {status}, not {step.status}: {step.command}\n{text[-4000:]}")
            self.astray = True
        elif step.shown is not None and not match.same(step.shown, text):
            self.fail(step.line, f"the output is another: {step.command}\n{match.difference(step.shown, text)}")
            if not self.astray:
                first = step.line + 1 + step.command.count("\n")
                self.edits.append((first, len(step.shown), match.refreshed(step.shown, text)))

    def file(self, step, bash):
        path = os.path.join(bash.folder(), step.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        files.write(path, "\n".join(step.shown) + "\n")

    def into(self, step, bash):
        path = os.path.join(bash.folder(), step.path)
        lines = files.read(path).split("\n")
        place = [i for i, line in enumerate(lines) if line.strip() == step.place]
        if not place:
            self.fail(step.line, f"{step.path} has no line '{step.place}'")
            return
        lines[place[0]:place[0]] = step.shown
        files.write(path, "\n".join(lines))

    def part(self, step, bash):
        text = files.read(os.path.join(bash.folder(), step.path))
        if not match.same(["...", *step.shown, "..."], text):
            self.fail(step.line, f"these lines do not stand in {step.path}")


def update(path, edits):
    """Writes what should be shown; all else stays."""
    lines = files.read(path).split("\n")
    for first, count, new in sorted(edits, reverse=True):
        indent = lines[first - 2][:len(lines[first - 2]) - len(lines[first - 2].lstrip())]
        lines[first - 1:first - 1 + count] = [indent + line for line in new]
    files.write(path, "\n".join(lines))
