"""What a failed run has left, read for the wave view: where it failed, about which vector, what happened before.

A failed run is a folder or a pair of files:

    NAME.fst    the waveform, whole or a window around the failure
    NAME.log    what was seen on all streams (sim --log)
    NAME.json or result.json   the line of the run with its error (sim --json)
    evidence.json              of the regression runner, if it made the folder
"""

import glob
import json
import os
import re
import textwrap

import files

NS_A_CLOCK = 10
BAR0 = 0x4080000000     # where the bench places it
ENTRY_BYTES, FIELDS = 16, ("address", "upper address", "data", "mask")
WIDTH, SENTENCE_ROWS, PAST_ROWS = 92, 4, 3  # of the sentence in the view; rows of it, and of what came before
CLASSES = {"event": "darkgreen", "message": "darkslategray", "clear": "gray24", "write": "royalblue4", "failure": "red4"}


class NotFound(Exception):
    """With a sentence."""


def edge(clock):
    """Time of the rising edge of a clock, where its handshakes count."""
    return clock * NS_A_CLOCK + NS_A_CLOCK // 2


# --- finding ---

def result_beside(wave):
    """The line with an error that belongs to a waveform, or None."""
    folder, name = os.path.split(wave)
    for path in (os.path.join(folder, re.sub(r"\.fst$", ".json", name)), os.path.join(folder, "result.json")):
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    result = json.loads(line)
                except ValueError:
                    continue
                if isinstance(result, dict) and isinstance(result.get("error"), dict):
                    return result
    return None


def evidence_time(wave, time):
    """The clock that the regression runner took for the failure: of runs that differ, the first that does."""
    clock = read_evidence(wave).get(os.path.basename(wave)[:-4] + "_time")
    return clock if isinstance(clock, int) else time


def read_evidence(wave):
    facts = files.read_json(os.path.join(os.path.dirname(wave), "evidence.json"))
    return facts if isinstance(facts, dict) else {}


def size(wave):
    """The cut scenario of a run before the whole; then fewest operations, then fewest clocks: the first is what the summary of
    a problem calls its smallest run."""
    facts = read_evidence(wave)
    whole = result_beside(os.path.join(os.path.dirname(wave), "run.fst")) or {}
    return (os.path.basename(wave) != "short.fst", facts.get("operations", float("inf")), whole.get("cycles") or float("inf"),
            facts.get("seed", 0), wave)


def failed_waves(folder):
    """Waveforms of failed runs at or below a folder, the smallest first."""
    found = glob.glob(os.path.join(glob.escape(folder), "**", "*.fst"), recursive=True)
    return sorted((wave for wave in found if result_beside(wave)), key=size)


def problems(run):
    """(folder, waves) of each problem of a regression that has left some, the one with most failures first."""
    info = files.read_json(os.path.join(run, "run.json"))
    order = info.get("buckets", []) if isinstance(info, dict) else []  # none: of a run that was broken off
    folders = sorted(glob.glob(os.path.join(glob.escape(run), "failures", "*", "")))
    rank = {name: place for place, name in enumerate(order)}
    folders.sort(key=lambda folder: rank.get(os.path.basename(os.path.dirname(folder)), len(rank)))
    for folder in folders:
        waves = failed_waves(folder)
        if waves:
            yield os.path.dirname(folder), waves


def latest(out="out"):
    """The waveform of the failure that was seen last: the first problem of a regression, or a run of `make waves`."""
    failures = [path for path in glob.glob(f"{out}/regress/*/failures") if not os.path.islink(os.path.dirname(path))]
    for place in sorted([*failures, *glob.glob(f"{out}/waves/*.fst")], key=os.path.getmtime, reverse=True):
        if place.endswith(".fst"):
            found = [place] if result_beside(place) else []
        else:
            found = next((waves for _, waves in problems(os.path.dirname(place))), [])
        if found:
            return found[0]
    raise NotFound("no failed run has left waves below out/regress or out/waves; `make waves TEST=...` makes some")


def others(wave):
    """The other problems of the regression that a waveform belongs to."""
    folder = os.path.dirname(os.path.dirname(wave))
    run = os.path.dirname(os.path.dirname(folder))
    return [one for one, _ in problems(run) if one != folder] if os.path.basename(os.path.dirname(folder)) == "failures" else []


def find(what):
    """The waveform that FAIL names: latest, a folder, or a file beside its .log and .json."""
    if what == "latest":
        return latest()
    if os.path.isdir(what):
        found = failed_waves(what)
        if not found:
            raise NotFound(f"{what} holds no waveform with the result of a failed run beside it")
        return found[0]
    wave = re.sub(r"\.\w+$", "", what) + ".fst"
    if not os.path.exists(wave):
        raise NotFound(f"there is no {wave}")
    if not result_beside(wave):
        raise NotFound(f"beside {wave} there is no result of a failed run (NAME.json or result.json)")
    return wave


# --- the log ---

class Seen:
    """One line of the log: its clock, a kind (event, message, clear, write, other), the vector or None, a text."""

    def __init__(self, clock, direction, what, table=None):
        self.clock, self.kind, self.vector, self.text = clock, "other", None, what
        vector = re.search(r"\bvector (\d+)$", what)
        if direction in ("event", "clear") and vector:
            self.kind, self.vector = direction, int(vector[1])
        elif direction == "dev -> host" and vector:
            self.kind, self.vector = "message", int(vector[1])
        elif direction == "host -> dev" and what.startswith("MWr") and table:
            self._table_write(what, *table)
        elif direction == "reset":
            self.kind = "reset"

    def _table_write(self, what, first, nvec):
        match = re.match(r"MWr +\d+ ([0-9A-F]+) len (\d+) .* data ([0-9A-F ]+?)(?: \.\.)?$", what)
        offset = int(match[1], 16) - first if match else -1
        if not 0 <= offset < nvec * ENTRY_BYTES:
            return
        field = offset % ENTRY_BYTES // 4
        values = match[3].split()[:len(FIELDS) - field]
        self.kind, self.vector = "write", offset // ENTRY_BYTES
        self.text = ", ".join(f"{name} = {'unmasked' if value.endswith('0') else 'masked'}" if name == "mask" else
                              f"{name} = {value}" for name, value in zip(FIELDS[field:], values)).replace("mask = ", "")


def read_log(path, table=None):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [re.match(r" *(\d+)  (\S.*?) *$", line) for line in file]
    parts = [(int(line[1]), re.split(r" {2,}", line[2], maxsplit=1)) for line in lines if line]
    return [Seen(clock, words[0], words[-1] if len(words) > 1 else "", table) for clock, words in parts]


# --- the failure ---

class Failure:
    """Where a run failed and what is worth a marker. Clocks; None: there was none."""

    def __init__(self, wave, parameters):
        result = result_beside(wave)
        error = result["error"]
        self.wave, self.config = wave, str(result.get("config", "default"))
        self.check = str(error.get("check") or "failure")
        self.requirements, self.text = str(error.get("requirements", "")), str(error.get("text", ""))
        self.time = evidence_time(wave, int(error.get("time", 0)))
        named = re.search(r"\bvector (\d+)", self.text)
        self.vector = int(error.get("vector", -1))
        if self.vector < 0:
            self.vector = int(named[1]) if named else None
        values = parameters(self.config)
        self.table = (BAR0 + values["TABLE_OFFSET"], values["NVEC"]) if values else None
        self.log = read_log(re.sub(r"\.fst$", ".log", wave), self.table)
        self.message = self._message()
        self.event = self._event()

    def _of(self, kind):
        return [seen for seen in self.log if seen.kind == kind and self.vector in (None, seen.vector)]

    def _message(self):
        """The last one up to the failure, or if there is none the first behind it."""
        of = self._of("message")
        before = [seen for seen in of if seen.clock <= self.time]
        return before[-1] if before else of[0] if of else None

    def _event(self):
        """The last one up to the failure and in front of the message: one behind it is not what it announced."""
        end = self.log.index(self.message) if self.message and self.message.clock <= self.time else len(self.log)
        before = [seen for seen in self._of("event") if seen.clock <= self.time and self.log.index(seen) < end]
        return before[-1] if before else None

    def letters(self):
        """{letter: (clock, name)}: A the event, B the message, C the rule that broke."""
        found = {"A": self.event, "B": self.message}
        rows = {letter: (seen.clock, f"{seen.kind} {seen.vector}") for letter, seen in found.items() if seen}
        return {**rows, "C": (self.time, self.check)}

    def markers(self):
        """[(letter, clock, label)]; what lies in the clock of the failure shares its marker."""
        letters = self.letters()
        shared = "".join(letter for letter, (clock, _) in letters.items() if clock == self.time)
        apart = [(letter, clock, letter) for letter, (clock, _) in letters.items() if clock != self.time]
        return [*apart, ("C", self.time, shared)]

    def window(self, before=40, after=30, most=64):
        """From the event, if it is not too far away, to some clocks behind the failure."""
        start = self.time - before
        for seen in (self.event, self.message):
            if seen and self.time - most <= seen.clock <= self.time:
                start = min(start, seen.clock - 4)
        return max(0, start), self.time + after

    def concerning(self):
        """What happened to the vector, and resets; without a vector all events and messages."""
        kinds = ("event", "message", "clear", "write")
        return [seen for seen in self.log
                if seen.kind == "reset" or (seen.kind in kinds and self.vector in (None, seen.vector)
                                            and (self.vector is not None or seen.kind != "write"))]

    def past(self):
        """Lines for waves/story_filter, in some rows: what happened to the vector."""
        letters = {seen: letter for letter, seen in (("A", self.event), ("B", self.message)) if seen}
        lines, until = [], [-1] * PAST_ROWS
        for seen in self.concerning():
            row = until.index(min(until))  # the one that has had the longest to be read
            name = seen.kind if self.vector is not None or seen.vector is None else f"{seen.kind} {seen.vector}"
            text = f"{name}: {seen.text}" if seen.kind == "write" else name
            mark = f"{letters[seen]}: " if seen in letters else ""
            lines.append(f"{row} {edge(seen.clock)} {CLASSES.get(seen.kind, 'gray24')} {mark}{text}, clock {seen.clock}")
            until[row] = seen.clock
        return lines

    def verdict(self, start):
        """The same for the rule: its sentence from clock `start` to the failure, where there is room for it."""
        head = f"{self.check} [{self.requirements}], clock {self.time}"
        sentences = textwrap.wrap(" ".join(self.text.split()), WIDTH, break_long_words=True)[:SENTENCE_ROWS]
        broken = edge(self.time)
        lines = []
        for row, line in enumerate([head, *sentences]):
            lines += [f"{row} {edge(start)} gray24 {line}"] if start < self.time else []
            shown = f"C: {self.check}" if row == 0 and start < self.time else line if start >= self.time else ""
            lines += [f"{row} {broken} {CLASSES['failure']} {shown}".rstrip()]
        return lines
