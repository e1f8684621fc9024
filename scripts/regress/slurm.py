"""Runs jobs as one Slurm job array: each task is this runner on a shard of the list, in a folder that all nodes see.

The results are read while they are written. If the array is over and jobs are missing, because a node has died, another
array runs these; what came twice counts once. A run that is resumed goes on with the arrays that it has.
"""

import os
import re
import shlex
import subprocess
import sys
import time

from . import files, info as run_info, jobs, signals, store

POLL_S = 1.0    # between two looks at what the tasks have written
ASK_S = 5.0     # between two questions to the controller
LAST_S = 10.0   # how long tasks that have nothing left to tell are waited for
CANCEL_S = 40.0  # how long tasks are waited for that were told to end; Slurm kills after KillWait, 30 s by default
ROUNDS = 3
RUNNER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "regress.py")


def slurm(*command):
    # a user's own taste of squeue would hide what is asked for
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SQUEUE_")}
    try:
        # a session of its own: Ctrl-C on the terminal is for the runner, which needs the answer
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
                              start_new_session=True, env=environment)
    except subprocess.TimeoutExpired:
        return 1, "", "no answer within 120 s"
    except OSError as error:
        raise files.Refused(f"{command[0]}: {error.strerror}; `--launcher slurm` needs Slurm's commands") from error
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def check():
    """Asked before there is a run: does a controller answer?"""
    status, _, wrong = slurm("sinfo", "--noheader")
    if status != 0:
        why = wrong.splitlines()[-1] if wrong else f"exit status {status}"
        raise files.Refused(f"no Slurm answers here: {why}; SLURM_CONF names a configuration, and scripts/slurm_cluster.sh starts a "
                            "cluster to try")


class Part:
    """What a task writes: results while it runs, the state and the coverage when it ends."""

    def __init__(self, folder, shard):
        self.folder, self.shard, self.place = folder, shard, 0
        self.given_up = os.path.join(folder, "given-up")

    def news(self):
        """Results that were written since it was asked last."""
        path = os.path.join(self.folder, store.FILE)
        results, self.place = store.read_lines(path if os.path.exists(path) else path + ".part", self.place)
        return results

    def info(self):
        """run.json of a task that has ended by itself, else None."""
        info = files.read_json(os.path.join(self.folder, run_info.FILE))
        return info if info and info["state"] != "running" and not os.path.exists(self.given_up) else None

    def give_up(self):
        """Its node is dead: should it end after all, that is not looked at, because others do its work."""
        os.makedirs(self.folder, exist_ok=True)
        files.write(self.given_up, "")


class Array:
    """A folder array-N: jobs.txt, array.json, and part-1, part-2, ..."""

    def __init__(self, folder, again=False):
        self.folder, self.again = folder, again  # again: it is of an earlier try
        said = files.read_json(os.path.join(folder, "array.json"))
        self.number, tasks = said["array"], said["tasks"]
        self.parts = [Part(os.path.join(folder, f"part-{index}"), (index, tasks)) for index in range(1, tasks + 1)]
        self.asked = float("-inf")

    def is_over(self, ask_s):
        """All tasks have ended, or Slurm says that none is left. A controller may be away for a while."""
        if all(part.info() for part in self.parts):
            return True
        if time.monotonic() - self.asked < ask_s:
            return False
        self.asked = time.monotonic()
        status, said, wrong = slurm("squeue", "--noheader", "--format=%i", f"--jobs={self.number}")
        return not said if status == 0 else "Invalid job id" in wrong

    def last_words(self):
        """What a task printed last that has not done its work."""
        for part in self.parts:
            said = files.read(os.path.join(self.folder, f"{part.shard[0]}.txt")).splitlines()
            said = [line for line in said if line.strip() and not line.startswith("results: ")]
            if said and (part.info() or {}).get("state") != "complete":
                return f"; one printed: {said[-1]}"
        return ""


class Launcher:
    """`settings`: processes (of a task), tasks (of an array), wall_limit, results, build."""

    def __init__(self, programs, settings, info, folder, coverage, say):
        self.programs, self.settings, self.info, self.coverage, self.say = programs, settings, info, coverage, say
        self.folder = os.path.join(os.path.abspath(folder), "slurm")
        self.missing = {}  # jobs without a result
        self.owed = {}     # jobs whose result is there, but whose coverage has died with a node
        self.array = None

    def run(self, todo):
        """Yields (job, result) for each job, and None now and then, as local.Launcher does."""
        self.missing = dict.fromkeys(todo)
        for folder in map(self._path, range(1, self._arrays() + 1)):
            if os.path.exists(os.path.join(folder, "array.json")):  # else it was never submitted
                self.array = Array(folder, again=True)
                yield from self._listen()
        for _ in range(ROUNDS):
            if not self.missing and not self.owed:
                return
            self._submit(list({**self.missing, **self.owed}))
            yield from self._listen()
        if self.missing or self.owed:
            words = self.last.last_words()
            lost = f"{len(self.missing)} jobs have no result" if self.missing else f"{len(self.owed)} jobs have no coverage"
            raise files.Refused(f"{lost} after {ROUNDS} job arrays{words}; see {self.folder}")

    def rest(self):
        """When run() was left before its end: ends the array, and yields what it has brought until then."""
        if not self.array:
            return
        slurm("scancel", self.array.number)
        end = time.monotonic() + CANCEL_S
        while not (over := self.array.is_over(POLL_S)) and time.monotonic() < end:
            time.sleep(POLL_S)
        for part in self.array.parts:
            part.place = 0  # the last that was read may not have been taken
        yield from self._news()
        self._settle(over)

    def _path(self, number):
        return os.path.join(self.folder, f"array-{number}")

    def _arrays(self):
        there = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        return max((int(name[6:]) for name in there if re.fullmatch("array-[0-9]+", name)), default=0)

    def _submit(self, todo):
        base = self._path(self._arrays() + 1)
        os.makedirs(base)
        jobs.write_list(os.path.join(base, "jobs.txt"), todo)
        tasks = min(self.settings.tasks, len(todo))
        command = [sys.executable, RUNNER, "--run-jobs", f"{base}/jobs.txt", "--jobs", str(self.settings.processes),
                   "--build", os.path.abspath(self.settings.build), "--wall-limit", str(self.settings.wall_limit), "--evidence", "0",
                   "--results", os.path.abspath(self.settings.results), f"--sim-args={self.info['sim_args']}",
                   *(["--cover"] if self.info["cover"] else [])]
        task = "$SLURM_ARRAY_TASK_ID"
        # exec: what Slurm starts is the runner, so that a signal to end reaches it, and not a shell alone
        script = f"exec {shlex.join(command)} --shard {task}/{tasks} --out {shlex.quote(base)}/part-{task}"
        with signals.held():  # an array that nobody knows would run on
            status, said, wrong = slurm(
                "sbatch", "--parsable", f"--array=1-{tasks}", f"--job-name=regress-{self.info['run']}", "--no-requeue",
                f"--cpus-per-task={self.settings.processes}", f"--output={base}/%a.txt", f"--chdir={os.getcwd()}",
                f"--wrap={script}")
            if status != 0:
                raise files.Refused(f"sbatch: {wrong or said}")
            files.write_json(os.path.join(base, "array.json"), {"array": said.split(";")[0], "tasks": tasks})
            self.array = Array(base)
        again = ", which the arrays before have left undone" if self._arrays() > 1 else ""
        self.say(f"slurm job {self.array.number}: {tasks} tasks for {len(todo)} jobs{again}")

    def _listen(self):
        """Results of all parts, until the array is over or has nothing more to tell."""
        told, over = None, False
        while not over:
            over = self.array.is_over(ASK_S)  # asked first: what was written before its end is read below
            yield from self._news()
            yield None
            if not self.missing and not self.coverage:
                told = told or time.monotonic()
                if time.monotonic() - told > LAST_S:
                    slurm("scancel", self.array.number)
                    break
            if not over:
                time.sleep(POLL_S)
        self._settle(True)

    def _news(self):
        for part in self.array.parts:
            for result in part.news():
                job = jobs.of_result(result)
                refused = result["result"] == "refused"
                if job not in self.missing and job not in self.owed:
                    continue  # jobs that are owed go to the store again, which compares
                if refused and self.array.again:  # a run that is resumed tries it again
                    continue
                if not refused and result["build"] != self.programs[job.config].build:
                    raise files.Refused(f"{part.folder} has run another {self.programs[job.config].path} than the one here")
                yield job, result
                self.missing.pop(job, None)

    def _settle(self, over):
        """Counts what ended, and gives up what is dead. With coverage, jobs of a dead part have to be run again."""
        with signals.held():
            for part in self.array.parts:
                info = part.info()
                if info:
                    self._count(part, info)
                elif over:
                    part.give_up()
                    if self.coverage:
                        todo = jobs.read_list(os.path.join(self.array.folder, "jobs.txt"))
                        self.owed.update((job, None) for job in todo if jobs.in_shard(job, *part.shard))
            self.last, self.array = self.array, None

    def _count(self, part, info):
        name = os.path.relpath(part.folder, self.folder)
        if name not in self.info.setdefault("counted_tasks", []):
            self.info["counted_tasks"].append(name)
            self.info["cpu_s"] += info["cpu_s"]
        if self.coverage:
            self.coverage.add_part(f"{name} of {self.info['run']}", os.path.join(part.folder, "cover.dat"))
        if self.owed:
            for result in store.read(part.folder):
                self.owed.pop(jobs.of_result(result), None)
