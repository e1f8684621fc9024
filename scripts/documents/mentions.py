"""What a page names in passing must be there: targets, variables, options, files, names of tests and checks, links."""

import fnmatch
import glob
import os
import re
import subprocess

from regress import files

from . import forms

FOLDERS = ("rtl", "models", "tb", "tests", "waves", "scripts", "docs")
SOURCES = (".c", ".h", ".cpp", ".sv", ".py", ".sh", ".mk", ".txt", ".csv", ".in", ".patch", ".policy", ".scn")
PROGRAMS = {"liberal": "tests/liberal/*.c", "fuzz": "tests/fuzz/*.c", "bench": "tb/speed.c"}  # beside sim
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
# Names that belong to others.
FOREIGN = {"verilator_coverage"}
PLACEHOLDER = re.compile(r"\b[A-Z][A-Z_]+\b|\b[A-Z]\b")  # CONFIG, NAME, N
MAKE_WORD = re.compile(r"([A-Z]+)=.*|[a-z][a-z0-9_-]*|-[A-Za-z]\S*|build/\S+")


class Project:
    """What there is to be named."""

    def __init__(self, root):
        self.root = root
        makefile = files.read(os.path.join(root, "Makefile"))
        self.targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.M))
        self.variables = set(re.findall(r"^(?:ifdef )?([A-Z]+)(?:\s*\?=|$)", makefile, re.M))
        self.words = set(re.findall(r"\w+", "".join(map(files.read, self.sources()))))
        for path in self.sources():  # tests/bugs/blind_27_what.patch is also called blind_27
            stem = os.path.splitext(os.path.basename(path))[0]
            self.words |= {stem, *re.findall(r"^[a-z]+_\d+", stem)}
        self._options = {}

    def sources(self):
        yield os.path.join(self.root, "Makefile")
        for folder in FOLDERS:
            for place, _, names in os.walk(os.path.join(self.root, folder)):
                yield from (os.path.join(place, name) for name in names if name.endswith(SOURCES))

    def exists(self, path):
        return bool(glob.glob(os.path.join(self.root, PLACEHOLDER.sub("*", path)), recursive=True))

    def options(self, program):
        """The options that a program of ours knows: by its --help, or by the text of its sources."""
        if program not in self._options:
            self._options[program] = set(OPTION.findall(self._about(program)))
        return self._options[program]

    def _about(self, program):
        name = os.path.basename(program)
        if name == "sim":
            return help_of(os.path.join(self.root, "build/default/sim"))
        patterns = [PROGRAMS[name]] if name in PROGRAMS else [f"scripts/{name}", f"scripts/{os.path.splitext(name)[0]}/*.py"]
        paths = [path for pattern in patterns for path in glob.glob(os.path.join(self.root, pattern))]
        return "".join(map(files.read, paths))

    def all_options(self):
        scripts = [os.path.basename(path) for path in glob.glob(os.path.join(self.root, "scripts/*.py"))]
        return set().union(*map(self.options, ["sim", *PROGRAMS, *scripts]))


def help_of(program):
    try:
        return subprocess.run([program, "--help"], stdout=subprocess.PIPE, check=False).stdout.decode()
    except OSError as error:
        raise files.Refused(f"the options of sim are not known: {error}; `make programs` builds it") from None


def slug(heading):
    """The anchor that a heading gets on the usual servers."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def braces(word):
    """a{b,c}d as two words."""
    found = re.fullmatch(r"(.*?)\{([^{}]*)\}(.*)", word)
    return [path for part in found[2].split(",") for path in braces(found[1] + part + found[3])] if found else [word]


def paths_in(text):
    for word in re.split(r"[\s'\"()<>|=]+", text):
        word = re.sub(r":\S*$", "", word.strip(",;.:`"))
        if word.split("/")[0] in FOLDERS and "/" in word:
            yield from braces(word)


def missing_paths(text, project, made):
    return [f"there is no {path}" for path in paths_in(text) if path not in made and not project.exists(path)]


def in_make(words, project):
    for word in words:
        found = MAKE_WORD.fullmatch(word)
        if not found:
            yield f"'{word}' is not understood behind make"
        elif found[1] and found[1] not in project.variables:
            yield f"make knows no variable {found[1]}"
        elif re.fullmatch(r"[a-z][\w-]*", word) and word not in project.targets:
            yield f"make knows no target '{word}'"


def split(text):
    """The words of a command, a quoted text being one."""
    return re.findall(r"(?:[^\s'\"]|'[^']*'|\"[^\"]*\")+", re.sub(r"\$\([^)]*\)", "", text))


def in_command(text, project):
    """What is wrong with a command of ours; None if it is no command of ours."""
    words = split(text)
    program = words[0] if words else ""
    if program == "make":
        return [*in_make(words[1:], project)]
    if program == "sim" or re.fullmatch(r"build/\S+/(sim|liberal|fuzz|bench)|scripts/\S+\.py", program):
        known = project.options(program) | (project.options("sim") if "--sim-args" in text else set())
        return [f"{program} knows no option {option}" for option in OPTION.findall(text) if option not in known]
    return None


def names_in(text):
    return re.findall(r"(?<![\w./{<-])[a-z][a-z0-9]*(?:_[a-z0-9*?]+)+(?![\w/.])", text)


def in_code(text, project, own, made):
    """What is wrong with inline code. `own`: words of the page's blocks, which are run; `made`: files that the page makes."""
    wrong = in_command(text, project)
    if wrong is None:
        wrong = [f"no program of ours knows the option {option}" for option in OPTION.findall(text)
                 if option not in project.all_options()]
        if forms.COMMAND.match(text) and " " in text and not re.match(r"(scripts|build)/|git \w+$", text):
            wrong.append("a command that no test runs: show it in a block")
    for name in names_in(text):
        if name not in own | FOREIGN and not fnmatch.filter(project.words, name):
            wrong.append(f"{name} stands nowhere in the sources")
    return wrong + missing_paths(text, project, made)


def in_link(target, page, project, anchors):
    if re.match(r"https?://", target):
        return []
    path, _, anchor = target.partition("#")
    full = os.path.normpath(os.path.join(os.path.dirname(page.path), path)) if path else page.path
    if not os.path.exists(full):
        return [f"the link to {target} leads nowhere"]
    if anchor and anchor not in anchors(full):
        return [f"{path or 'this page'} has no heading #{anchor}"]
    return []


def check(page, project, anchors, made=()):
    """Sentences, each with its line, about what a page names and nobody has."""
    blocks = [item for item in page.items if hasattr(item, "lines")]
    own = {word for block in blocks for line in block.lines for word in re.findall(r"\w+", line)}
    found = [(line, f"`{text}`: {wrong}") for line, text in page.codes for wrong in in_code(text, project, own, made)]
    found += [(line, wrong) for line, target in page.links for wrong in in_link(target, page, project, anchors)]
    found += [(line, f"HTML that nobody has looked at: {text[:60]}") for line, text in page.html]
    for block in blocks:
        for i, line in enumerate(block.lines):
            command = line.removeprefix("$ ").strip()
            wrong = in_command(re.split(r"(?<=\S)  +", command)[0], project) if forms.COMMAND.match(command) else []
            found += [(block.line + i, text) for text in (wrong or [])]
            if not forms.COMMAND.match(command):
                found += [(block.line + i, text) for text in missing_paths(line, project, made)]
    return sorted(found)
