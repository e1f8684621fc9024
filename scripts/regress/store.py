"""Results as they come in: a line each, on disk before anything else happens, in a file that is renamed at the end."""

import fcntl
import json
import os

from . import files, jobs, signals

FILE = "results.jsonl"


def read_lines(path, start=0, keep=lambda result: result):
    """(results from byte `start` on, where whole lines end); one that was being written when the machine died is none. `keep`:
    what to have of each, where there are many."""
    results, good = [], start
    try:
        with open(path, "rb") as file:
            file.seek(start)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                try:
                    results.append(keep(json.loads(line)))
                except ValueError:
                    break
                good += len(line)
    except OSError:
        pass
    return results, good


def read(folder, keep=lambda result: result):
    """All results of a run, finished or not."""
    path = os.path.join(folder, FILE)
    return read_lines(path if os.path.exists(path) else path + ".part", keep=keep)[0]


def same(one, other):
    """Whether two runs of one job agree: the verdict, and all that was seen on all ports."""
    return one["result"] == other["result"] and one.get("log_hash", "") == other.get("log_hash", "")


class Store:
    """Results of a run by job; each counts once, the first that comes."""

    def __init__(self, folder):
        self.path = os.path.join(folder, FILE)
        self.part = self.path + ".part"
        self.results = {}
        self.conflicts = []  # of one job: two results that differ
        if os.path.exists(self.path):
            os.replace(self.path, self.part)
        self.file = open(self.part, "ab")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with this program, however that ends
        except BlockingIOError as error:
            raise files.Usage(f"{folder}: a runner is at work there") from error
        known, good = read_lines(self.part)
        self.file.truncate(good)
        for result in known:
            self._keep(result)

    def _keep(self, result):
        """False if this job was there already."""
        job = jobs.of_result(result)
        kept = self.results.get(job)
        if kept is None:
            self.results[job] = {key: value for key, value in result.items() if key != "evaluated"}
        elif not same(kept, result):
            self.conflicts.append((kept, result))
        return kept is None

    def add(self, result):
        """Kept and written, or neither: Ctrl-C waits until both are done. False if this job was there already."""
        with signals.held():
            if not self._keep(result):
                return False
            self.file.write(json.dumps(result).encode() + b"\n")
            self.file.flush()
            return True

    def close(self):
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        os.replace(self.part, self.path)

    def sum(self, what):
        return sum(result.get(what, 0) for result in self.results.values())

    def with_result(self, name):
        return [result for result in self.results.values() if result["result"] == name]
