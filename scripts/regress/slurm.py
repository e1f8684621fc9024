"""Runs jobs as one Slurm job array: each task is this runner on a shard of the list, in a folder that all nodes see.

The results are read while they are written. If the array is over and jobs are missing, because a node has died, another
array runs these; what came twice counts once.
"""

import os
import shlex
import subprocess
import sys
import time

from . import files, jobs, store

POLL_S = 1.0
ROUNDS = 3
RUNNER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "regress.py")


def slurm(*command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise files.Refused(f"{command[0]}: {error.strerror if isinstance(error, OSError) else error}") from error
    return done.returncode, done.stdout.strip(), done.stderr.strip()


class Launcher:
    """`settings`: processes (of a task), tasks (of the array), wall_limit, results, build."""

    def __init__(self, programs, settings, info, folder, coverage=None):
        self.programs, self.settings, self.info, self.coverage = programs, settings, info, coverage
        self.folder, self.array = os.path.join(os.path.abspath(folder), "slurm"), ""

    def run(self, todo):
        """Yields (job, result) for each job, and None now and then, as local.Launcher does."""
        missing, parts = dict.fromkeys(todo), []
        try:
            for number in range(1, ROUNDS + 1):
                parts += self._submit(number, list(missing))
                yield from self._listen(parts, missing)
                if not missing:
                    return
            raise files.Refused(f"{len(missing)} jobs have no result after {ROUNDS} job arrays; see {self.folder}")
        finally:
            if missing and self.array:
                slurm("scancel", self.array)
            for part in parts if self.coverage is not None else []:
                self.coverage.add_file(os.path.join(part, "cover.dat"))

    def _submit(self, number, todo):
        """Returns the folders of the tasks."""
        base = os.path.join(self.folder, f"array-{number}")
        os.makedirs(base, exist_ok=True)
        jobs.write_list(os.path.join(base, "jobs.txt"), todo)
        tasks = min(self.settings.tasks, len(todo))
        command = [sys.executable, RUNNER, "--run-jobs", f"{base}/jobs.txt", "--jobs", str(self.settings.processes),
                   "--build", os.path.abspath(self.settings.build), "--wall-limit", str(self.settings.wall_limit), "--evidence", "0",
                   "--results", os.path.abspath(self.settings.results), f"--sim-args={self.info['sim_args']}",
                   *(["--cover"] if self.info["cover"] else [])]
        task = "$SLURM_ARRAY_TASK_ID"
        status, said, wrong = slurm(
            "sbatch", "--parsable", f"--array=1-{tasks}", f"--job-name=regress-{self.info['run']}", "--no-requeue",
            f"--cpus-per-task={self.settings.processes}", f"--output={base}/%a.txt", f"--chdir={os.getcwd()}",
            f"--wrap={shlex.join(command)} --shard {task}/{tasks} --out {shlex.quote(base)}/part-{task}")
        if status != 0:
            raise files.Refused(f"sbatch: {wrong or said}")
        self.array = said.split(";")[0]
        return [f"{base}/part-{index}" for index in range(1, tasks + 1)]

    def _listen(self, parts, missing):
        """Results of all parts until all are there, or the array is over."""
        over = False
        while missing and not over:
            over = self._is_over()  # asked first: what was written before its end is read below
            for part in parts:
                for result in store.read(part):
                    job = jobs.of_result(result)
                    if job in missing and result["result"] != "refused":
                        del missing[job]
                        yield job, result
            yield None
            if missing and not over:
                time.sleep(POLL_S)

    def _is_over(self):
        status, said, wrong = slurm("squeue", "--noheader", "--format=%i", f"--jobs={self.array}")
        if status != 0 and "Invalid job id" not in wrong:
            return False  # the controller may be away for a while
        return not said
