"""Runs jobs in processes of this machine: a process takes many jobs, and what breaks is pinned to the job that broke it."""

import collections
import json
import os
import resource
import selectors
import shutil
import signal
import subprocess
import tempfile
import time

from . import files, signals

AHEAD = 4           # jobs that a process has at hand, so that it never waits for this program
SHORT_S = 0.05      # only jobs that are expected to end within this are handed out ahead
TICK_S = 0.2        # how often something is yielded at least
MOST_BYTES = 64 << 20  # of a file that a run alone may write: the log of what never ends
# Checks of runs that have not come to their end.
BROKEN = {"crash": "the program itself broke: simulator, bench or test", "hang": "the run did not come to an end",
          "killed": "something else ended the program: too little memory, a limit, a person"}
NOTHING_JUDGED = 2  # exit status of sim for a command line that cannot be


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def failure(job, check, text, wall_s):
    """The result of a run that could not give one itself."""
    return {"name": job.test, "config": job.config, "seed": job.seed, "result": "failed", "reason": "", "fault": "",
            "cycles": 0, "wall_s": round(wall_s, 6), "messages": 0, "log_hash": "",
            "error": {"check": check, "requirements": "", "time": 0, "text": text}}


def describe_end(status):
    """Why a process is over that should not be."""
    if -status in (signal.SIGKILL, signal.SIGTERM):
        return "killed", f"the program was ended from outside by signal {-status} ({signal_name(-status)})"
    if status < 0:
        return "crash", f"the program was ended by signal {-status} ({signal_name(-status)})"
    return "crash", f"the program ended by itself, with exit status {status}, in the middle of the run"


def last_lines(text, most):
    return " / ".join(line.strip() for line in text.splitlines()[-most:] if line.strip())


class Process:
    """One sim that reads jobs; `waiting` are those that it has not answered, the first is the one that it runs."""

    def __init__(self, program, covers, folder):
        self.program, self.covers, self.folder = program, covers, folder
        self.waiting = collections.deque()
        self.since, self.text, self.killed_for = 0.0, b"", None
        self.stderr = tempfile.TemporaryFile()
        try:
            # a session of its own: Ctrl-C on the terminal is for the runner, which ends its processes itself
            with signals.masked():
                self.process = subprocess.Popen(program.batch(covers), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                                stderr=self.stderr, start_new_session=True)
        except OSError as error:
            raise files.Refused(f"{program.path} cannot be started: {error.strerror}") from error
        os.set_blocking(self.process.stdout.fileno(), False)

    def cover_folder(self, job):
        return os.path.join(self.folder, job.folder())

    def give(self, job):
        if not self.waiting:
            self.since = time.monotonic()
        self.waiting.append(job)
        line = f"{job.test} {job.seed}{' ' + self.cover_folder(job) if self.covers else ''}\n"
        try:
            self.process.stdin.write(line.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its end is seen where it is read

    def read(self):
        """Answers that have come: [(job, result)], and whether the process is over."""
        try:
            more = self.process.stdout.read()
        except BlockingIOError:
            more = None
        self.text += more or b""
        *lines, self.text = self.text.split(b"\n")
        return [self._answer(line) for line in lines], more == b""

    def _answer(self, line):
        if not self.waiting:
            raise files.Refused(f"{self.program.path} printed what nobody has asked for: {line[:200]!r}")
        job = self.waiting.popleft()
        self.since = time.monotonic()
        try:
            result = json.loads(line)
        except ValueError as error:
            raise files.Refused(f"{self.program.path} did not print JSON for {job}: {line[:200]!r}") from error
        return job, {**result, "config": job.config, "build": self.program.build}

    def error_text(self):
        self.stderr.seek(0)
        return self.stderr.read().decode("utf-8", "replace")

    def kill(self):
        """The job that it runs is too late, if it has not just answered."""
        self.killed_for = self.waiting[0] if self.waiting else None
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def close(self):
        """Ends it, if it has not, and waits for it. Returns the exit status."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        status = self.process.wait()
        self.process.stdout.close()
        self.stderr.close()
        return status


class Launcher:
    """Jobs in the given order, `processes` at a time."""

    def __init__(self, programs, processes, wall_limit, folder, coverage=None, expected=None):
        self.programs, self.processes, self.wall_limit, self.coverage = programs, processes, wall_limit, coverage
        self.scratch = os.path.join(folder, "scratch")
        self.expected = dict(expected or {})  # (config, test): seconds
        self.todo = collections.deque()
        self.slots = [{} for _ in range(processes)]  # in each the processes by configuration, one of them at work
        self.selector = selectors.DefaultSelector()

    def run(self, todo):
        """Yields (job, result) for each job, in any order, and None now and then. Closing it ends everything."""
        self.todo.extend(todo)
        os.makedirs(self.scratch, exist_ok=True)
        try:
            while self._feed():
                for key, _ in self.selector.select(TICK_S):
                    yield from self._hear(*key.data)
                self._judge_time()
                yield None
        finally:
            self._end()

    @staticmethod
    def rest():
        """What comes behind a run that was left early: nothing, its processes have ended with it."""
        return ()

    def _feed(self):
        """Gives each slot what it may have. False if there is nothing left, to give or to wait for."""
        for index, slot in enumerate(self.slots):
            while self.todo and self._may_take(slot, self.todo[0]):
                job = self.todo.popleft()
                if job.config not in slot:
                    slot[job.config] = Process(self.programs[job.config], self.coverage is not None, self.scratch)
                    self.selector.register(slot[job.config].process.stdout, selectors.EVENT_READ, (index, job.config))
                slot[job.config].give(job)
        return any(process.waiting for slot in self.slots for process in slot.values())

    def _may_take(self, slot, job):
        busy = next((process for process in slot.values() if process.waiting), None)
        if busy is None:
            return True
        short = self.expected.get((job.config, job.test), SHORT_S) < SHORT_S
        return short and busy is slot.get(job.config) and len(busy.waiting) < AHEAD

    def _hear(self, index, config):
        process = self.slots[index][config]
        answers, over = process.read()
        for job, result in answers:
            self.expected.setdefault((job.config, job.test), result.get("wall_s", 0.0))
            with signals.held():  # Ctrl-C comes before or behind both: a run that is resumed would count it twice
                if self.coverage is not None:
                    self._take_coverage(process.cover_folder(job))
                yield job, result
        if over:
            yield from self._bury(index, config)

    def _take_coverage(self, folder):
        self.coverage.add_file(os.path.join(folder, "cover.dat"))
        shutil.rmtree(folder, ignore_errors=True)

    def _bury(self, index, config):
        """A process is over: the job that it ran has failed, the others go back to the front of the queue."""
        process = self.slots[index].pop(config)
        self.selector.unregister(process.process.stdout)
        said = last_lines(process.error_text(), 3)
        status = process.close()
        if not process.waiting:
            return
        if status == NOTHING_JUDGED:
            raise files.Refused(f"{' '.join(process.program.batch())}: {said or 'exit status 2'}")
        late = process.killed_for
        job = None if late and late != process.waiting[0] else process.waiting.popleft()
        self.todo.extendleft(reversed(process.waiting))
        if job is None:
            return
        check, text = describe_end(status)
        if late:
            check, text = "hang", f"the run was not over after {self.wall_limit:g} s (limit of the runner, --wall-limit)"
        elif said:
            text += f": {said}"
        yield job, {**failure(job, check, text, time.monotonic() - process.since), "build": process.program.build}

    def _judge_time(self):
        for slot in self.slots:
            for process in slot.values():
                if process.waiting and time.monotonic() - process.since > self.wall_limit and not process.killed_for:
                    process.kill()

    def _end(self):
        for slot in self.slots:
            for process in slot.values():
                if process.waiting:
                    process.kill()
                process.close()
            slot.clear()
        self.selector.close()
        shutil.rmtree(self.scratch, ignore_errors=True)


def run_one(command, wall_limit, cancelled=lambda: False):
    """One command on its own: (exit status, what it printed, whether the wall limit has ended it)."""
    with tempfile.TemporaryFile() as to:
        process = subprocess.Popen(command, stdout=to, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                   start_new_session=True)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
        end, late = time.monotonic() + wall_limit, False
        while process.poll() is None:
            late = time.monotonic() > end
            if late or cancelled():
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                break
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                pass
        to.seek(0)
        return process.returncode, to.read().decode("utf-8", "replace"), late
