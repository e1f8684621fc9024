"""A failed run again, alone, with everything that explains it: log, cut scenario, waveform around the failure."""

import itertools
import json
import os
import re
import shlex
import shutil

from . import cut, files, local, store

QUIET_CLOCKS = 32            # nothing on any stream for so long: the window may begin there
LEAST, MOST = 40, 3000       # clocks of the window before the failure
MARGIN, AFTER = 4, 30        # clocks before the quiet point is left, and after the failure
DIFFERENT_LINES = 3
NO_LIMIT_TEXT = "the run takes longer than the limit of its evidence"


class Cancelled(Exception):
    """The runner ends: what its processes gave then is no evidence."""


def clocks_of_log(text):
    return [int(match[1]) for match in re.finditer(r"^ *(\d+)  \S", text, re.M)]


def window(clocks, time):
    """(from, to): from the last quiet point before the failure to some clocks behind it."""
    start = time
    for clock in sorted((clock for clock in clocks if clock <= time), reverse=True):
        if start - clock > QUIET_CLOCKS:
            break
        start = clock
    start = min(start - MARGIN, time - LEAST)
    return max(start, time - MOST, 0), time + AFTER


def first_difference(one, other):
    """(clock, the lines of each log from there on, a few); None if there is none."""
    pairs = itertools.zip_longest(one.splitlines(), other.splitlines(), fillvalue="(over)")
    rest = list(itertools.dropwhile(lambda pair: pair[0] == pair[1], pairs))[:DIFFERENT_LINES]
    clocks = clocks_of_log("\n".join(line for pair in rest[:1] for line in pair))
    return (min(clocks, default=0), [a for a, _ in rest], [b for _, b in rest]) if rest else None


def first_result(path):
    results = store.read_lines(path)[0] or store.read_lines(path + ".part")[0]
    return next((result for result in results if "result" in result), None)


def operations(scenario):
    """How many operations a scenario has."""
    return sum(bool(line.strip()) and not line.startswith(("#", "seed")) for line in scenario.splitlines())


class Evidence:
    """Makes the folder of one failed run."""

    def __init__(self, program, job, result, folder, wall_limit, cancelled=lambda: False):
        self.program, self.job, self.result, self.folder = program, job, result, folder
        self.wall_limit, self.cancelled = wall_limit, cancelled
        self.facts = {"config": job.config, "test": job.test, "seed": job.seed, "check": result["error"]["check"],
                      "scenario": job.test in program.scenario_tests,
                      "replay": shlex.join(program.single(job))}

    def path(self, name):
        return os.path.join(self.folder, name)

    def collect(self):
        """Returns the facts, which are also in evidence.json; files that are named in it are there."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, exist_ok=True)
        again = self._run_again()
        self.facts["repeated"] = again is not None and store.same(self.result, again)
        self.facts["outcome"] = again["result"] if again else "nothing"
        if again and "error" in again:  # else there is no place to look at
            command = self.program.single(self.job)
            self._waves(command, "run", self._other_power_up(command, "run", again["error"]["time"]))
        if os.path.exists(self.path("short.scn")):
            self._short()
        self.facts["files"] = sorted(os.listdir(self.folder))
        files.write_json(self.path("evidence.json"), self.facts)
        return self.facts

    def _run_one(self, command):
        answer = local.run_one(command, self.wall_limit, self.cancelled)
        if self.cancelled():
            raise Cancelled
        return answer

    def _run(self, command, *more):
        return self._run_one([*command, "--out", self.folder, *more])

    def _run_again(self):
        """The run with log and cut scenario. What it gives, None if that is nothing."""
        shrink = ["--shrink", "short.scn", "--record", "whole.scn"] if self.facts["scenario"] else []
        status, text, late = self._run(self.program.single(self.job), "--log", "run.log", *shrink)
        files.write(self.path("output.txt"), text)
        if os.path.exists(self.path("run.log.part")):  # of a run that has not come to its end
            os.replace(self.path("run.log.part"), self.path("run.log"))
        again = first_result(self.path("result.json"))
        for left in ("result.json", "result.json.part"):
            if os.path.exists(self.path(left)):
                os.remove(self.path(left))
        if late or status < 0:
            check, sentence = ("hang", NO_LIMIT_TEXT) if late else local.describe_end(status)
            again = local.failure(self.job, check, sentence, 0)
            again["error"]["time"] = max(clocks_of_log(files.read(self.path("run.log"))), default=0)
            if check == "crash":
                self._cut_crash(status)
        if again:
            files.write(self.path("result.json"), json.dumps(again) + "\n")
        return again

    def _cut_crash(self, status):
        """The scenario was recorded before it was played; what still ends the program the same way is short.scn."""
        lines = files.read(self.path("whole.scn")).splitlines()
        head = [line for line in lines if line.startswith(("#", "seed"))]
        trial = self.path("trial.scn")

        def still(body):
            files.write(trial, "\n".join(head + body) + "\n")
            command = [self.program.path, "--replay", trial, *self.program.arguments, *self.program.no_shrink]
            return self._run_one(command)[0] == status

        body = [line for line in lines if line not in head]
        if body and still(body):
            still(cut.cut(body, still))  # so that the file has the shortest
            os.replace(trial, self.path("short.scn"))
        elif body:
            os.remove(trial)

    def _waves(self, command, name, time):
        """A waveform of the window; a run that crashes must be over with it before, else the file is not whole."""
        start, end = window(clocks_of_log(files.read(self.path(f"{name}.log"))), time)
        if self.facts["check"] in local.BROKEN:
            end = max(time - 1, start)
        self._run(command, *self.program.no_shrink, "--waves", f"{name}.fst", "--waves-window", f"{start}:{end}",
                  "--json", "ignored.json")
        for left in ("ignored.json", "ignored.json.part"):
            if os.path.exists(self.path(left)):
                os.remove(self.path(left))
        self.facts[f"{name}_window"] = [start, end]
        self.facts[f"{name}_time"] = time

    def _short(self):
        """The same for the cut scenario: its log, its waveform."""
        text = files.read(self.path("short.scn"))
        command = [self.program.path, "--replay", self.path("short.scn"), *self.program.arguments]
        self.facts.update(operations=operations(text), whole_operations=operations(files.read(self.path("whole.scn"))),
                          short_replay=shlex.join(command))
        _, said, _ = self._run(command, *self.program.no_shrink, "--log", "short.log", "--json", "short.json")
        files.write(self.path("short.txt"), said)
        short = first_result(self.path("short.json"))
        if short and "error" in short:
            self.facts["short_text"] = short["error"]["text"]
        if os.path.exists(self.path("short.log.part")):
            os.replace(self.path("short.log.part"), self.path("short.log"))
        if self.facts["check"] == "crash":
            self._waves(command, "short", max(clocks_of_log(files.read(self.path("short.log"))), default=0))
        elif short and "error" in short:
            self._waves(command, "short", self._other_power_up(command, "short", short["error"]["time"]))

    def _other_power_up(self, command, name, time):
        """If two runs differ by their power-up values alone: the log of the other one, and the clock where they part."""
        other = re.match(r"with (--power-up) (\d+) instead", self.result["error"]["text"])
        if self.facts["check"] != "power_up" or not other:
            return time
        self._run(command, *self.program.no_shrink, *other.groups(), "--log", f"{name}-other.log", "--json", f"{name}-other.json")
        parts = first_difference(*(files.read(self.path(f"{name}{end}.log")) for end in ("", "-other")))
        if not parts:
            return time
        self.facts[f"{name}_difference"] = parts[1:]
        return parts[0]


def short_replay(folder, facts):
    """The command for the cut scenario, which may have been copied since with all that is beside it."""
    words = shlex.split(facts["short_replay"])
    words[words.index("--replay") + 1] = os.path.join(folder, "short.scn")
    return shlex.join(words)


def read(folder):
    """{folder of a job: facts} of what was collected under a bucket."""
    found = {}
    for entry in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        facts = files.read_json(os.path.join(folder, entry, "evidence.json"))
        if facts:
            found[entry] = facts
    return found
