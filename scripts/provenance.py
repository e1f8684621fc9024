"""Where a result comes from: the commit, a hash of the sources that it depends on, and when it was measured.

    measurement = provenance.Measurement("cover")     before anything is run
    files.write_json("out/cover.json", {**figures, **measurement.stamp()})

A stamp is flat: `commit` ('' outside of git), `dirty` (files differ from it), `sources` (the hash), `measured` (ISO time
of the beginning), and `mixed`: '' or why the result is of no one state of the sources. The hash is over the files as they
lie there, whether git knows them or not. A result whose hash is not that of now is stale (scripts/signoff.py).
"""

import datetime
import hashlib
import os
import subprocess

KEYS = ("commit", "dirty", "sources", "measured", "mixed")

# What a program of build/ is made of, and what it plays; without what only some results depend on.
PROGRAMS = ("Makefile", "rtl", "models", "tb", "tests")
APART = ("tests/scripts", "tests/full", "tests/docs", "tests/bugs", "tests/corpus", "tests/fuzz", "tests/liberal", "tests/second_core",
         "tests/cover_waivers.txt", "tests/signoff.txt")
# All that the tests of scripts and documents look at. Prose is no evidence about the block.
EVERYTHING = ("Makefile", "rtl", "models", "tb", "tests", "waves", "scripts", ".clang-format", "docs/requirements.md",
              "docs/vplan.csv")
BUILDS = ("scripts/lint.py", "scripts/variant.py")  # programs around other RTL

# By result, out/NAME.json: what it depends on beside PROGRAMS.
SOURCES = {
    "vplan": ("scripts/vplan.py", "scripts/run_tests.py", "scripts/cover.py", "docs/vplan.csv", "docs/requirements.md",
              "tests/cover_waivers.txt"),
    "regress": ("scripts/regress.py", "scripts/regress"),
    "cover": ("scripts/cover.py", "scripts/lint.py", "tests/cover_waivers.txt"),
    "bugs": ("scripts/bugs.py", *BUILDS, "tests/bugs"),
    "mutants": ("scripts/mutants.py", "scripts/equivalence.py", *BUILDS, "tests/bugs/equivalent.txt"),
    "repeat": ("scripts/repeat.py",),
    "bench": ("scripts/bench.py",),
    "fuzz": ("scripts/fuzz.py", "tests/fuzz", "tests/corpus"),
}


def of_result(name):
    """(files and folders, those of them that are left out) that out/NAME.json depends on."""
    if name not in SOURCES:  # test, and its parts
        return EVERYTHING, ()
    more = SOURCES[name]
    return (*PROGRAMS, *(place for place in more if place not in PROGRAMS)), tuple(place for place in APART if place not in more)


def tree(places, apart=()):
    """The files of these places, sorted. A place that was named itself is in, also when it lies in one of `apart`."""
    found = set()
    for place in places:
        if os.path.isfile(place):
            found.add(place)
        for folder, folders, names in os.walk(place):
            folders[:] = [name for name in folders if name != "__pycache__" and os.path.join(folder, name) not in apart]
            paths = [os.path.join(folder, name) for name in names if not name.startswith(".") and not name.endswith("~")]
            found.update(path for path in paths if path not in apart)
    return sorted(found)


def files_of(name):
    return tree(*of_result(name))


def digest(paths):
    """Over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        try:
            with open(path, "rb") as file:
                total.update(f"{path}\0{hashlib.sha256(file.read()).hexdigest()}\n".encode())
        except OSError:  # gone since it was listed: another state than with it
            pass
    return total.hexdigest()[:16]


def sources(name):
    return digest(files_of(name))


def git(*words):
    try:
        done = subprocess.run(["git", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=20,
                              check=False)
        return done.stdout if done.returncode == 0 else ""
    except (OSError, subprocess.TimeoutExpired):
        return ""


def commit():
    """(commit, whether files differ from it): ('', False) if the project is not the root of a repository."""
    lines = git("rev-parse", "--show-prefix", "HEAD").splitlines()
    if len(lines) != 2 or lines[0]:
        return "", False
    return lines[1], bool(git("status", "--porcelain", "--untracked-files=no"))


def now():
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def program_sources(program):
    """What build/CONFIG/sim, or build/cover-CONFIG/sim, is made of: make builds it again when one of these is newer."""
    places = [path for path in tree(("rtl", "models", "tb")) if not path.startswith("tb/configs/") and path != "tb/speed.c"]
    tests = [f"tests/{name}" for name in sorted(os.listdir("tests")) if name.endswith((".c", ".h"))]
    config = os.path.basename(os.path.dirname(program)).removeprefix("cover-")
    own = f"tb/configs/{config}.mk"
    return [*places, *tests, *([own] if os.path.exists(own) else [])]


def outdated(programs):
    """'', or which of these programs is older than what it is made of."""
    for program in programs:
        try:
            built = os.path.getmtime(program)
        except OSError:
            return f"{program} is not there"
        for path in program_sources(program):
            if os.path.getmtime(path) > built:
                return f"{program} is older than {path}"
    return ""


class Measurement:
    """One result, from its beginning to its stamp. `begun`: the stamp of a measurement that goes on."""

    def __init__(self, name, programs=(), begun=None):
        self.name, self.programs = name, programs
        if begun is None:
            head, dirty = commit()
            begun = {"commit": head, "dirty": dirty, "sources": sources(name), "measured": now(), "mixed": ""}
        self.begun = begun

    def stamp(self):
        mixed = self.begun["mixed"] or outdated(self.programs)
        if not mixed and sources(self.name) != self.begun["sources"]:
            mixed = "the sources changed while it was measured"
        return {**self.begun, "mixed": mixed}


def of(result):
    """The stamp in a result, or None if it has none or one that nobody has written like that."""
    stamp = {key: result[key] for key in KEYS if isinstance(result.get(key), bool if key == "dirty" else str)}
    try:
        datetime.datetime.fromisoformat(stamp.get("measured", ""))
    except ValueError:
        return None
    return stamp if len(stamp) == len(KEYS) else None
