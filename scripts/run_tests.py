#!/usr/bin/env python3
"""Runs groups of tests in parallel, prints each failure in full, a table, and one closing line with the sum.

    scripts/run_tests.py [--jobs N] GROUP ...

    build   the programs (no test of its own; what does not build counts as failed)
    lint    the steps of scripts/lint.py
    unit    the programs of tests/unit
    sim     all tests in every configuration
    fault   every planted fault of `sim --list-faults`, in the default configuration

A group without a single test is a failure. The figures go to out/test.json.
"""

import argparse
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys
import time

import lint  # enters the project's folder

TIME_LIMIT_S = 900
GROUPS = ("build", "lint", "unit", "sim", "fault")


class Job:
    """One thing to run: `function` returns (passed, failed, skipped, text to show if it failed)."""

    def __init__(self, group, name, function):
        self.group, self.name, self.function = group, name, function
        self.passed = self.failed = self.skipped = 0
        self.seconds = 0.0
        self.text = ""

    def run(self):
        start = time.monotonic()
        self.passed, self.failed, self.skipped, self.text = self.function()
        self.seconds = time.monotonic() - start
        return self


def execute(command):
    """Exit status and what was printed."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              text=True, errors="replace", timeout=TIME_LIMIT_S)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        text = late.stdout.decode("utf-8", "replace") if late.stdout else ""
        return 1, f"{text}\nended after {TIME_LIMIT_S} s"
    except OSError as error:
        return 1, str(error)


def verdict(status, text, counts, command):
    """Counts that contradict the exit status, or that are missing, make a failure."""
    passed, failed, skipped = counts or (0, 0, 0)
    if status != 0 or counts is None:
        failed = max(failed, 1)
    if passed + failed == 0 and skipped == 0:
        failed, text = 1, text + "no test ran\n"
    return passed, failed, skipped, f"$ {' '.join(command)}\n{text}" + f"exit status {status}\n"


def run_build(jobs):
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "-k", f"-j{jobs}", "--output-sync=target", "programs"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", env=environment)
    return 0, int(done.returncode != 0), 0, done.stdout


def run_lint(step):
    text = step()
    return int(not text), int(bool(text)), 0, text


def run_unit(program):
    status, text = execute([program])
    passed = re.search(r"^\[  PASSED  \] (\d+) test", text, re.M)
    failed = re.findall(r"^\[  FAILED  \] (\d+) test", text, re.M)
    skipped = re.findall(r"^\[  SKIPPED \] (\d+) test", text, re.M)
    counts = (int(passed[1]), sum(map(int, failed)), sum(map(int, skipped))) if passed else None
    return verdict(status, text, counts, [program])


def run_sim(command):
    status, text = execute(command)
    counts = re.search(r"^(\d+) passed, (\d+) failed, (\d+) skipped\s*\Z", text, re.M)
    return verdict(status, text, tuple(map(int, counts.groups())) if counts else None, command)


def run_fault(name):
    passed, failed, skipped, text = run_sim(["build/default/sim", "--fault", name])
    if passed == 0 and failed == 0:  # a fault whose test was skipped proves nothing
        failed, skipped = 1, 0
    return passed, failed, skipped, text


def unit_jobs():
    sources = sorted(glob.glob("tests/unit/test_*.c"))
    for source in sources:
        program = f"build/common/{source[:-2]}"
        yield Job("unit", os.path.basename(program)[5:], lambda program=program: run_unit(program))


def sim_jobs():
    for config in sorted(lint.configurations(), key=lambda config: -lint.parameters(config)["NVEC"]):
        yield Job("sim", config, lambda config=config: run_sim([f"build/{config}/sim"]))


def fault_jobs():
    status, text = execute(["build/default/sim", "--list-faults"])
    names = [line.split()[0] for line in text.splitlines() if line.strip()] if status == 0 else []
    for name in names:
        yield Job("fault", name, lambda name=name: run_fault(name))


def lint_jobs():
    for name, step in lint.all_steps().items():
        yield Job("lint", name, lambda step=step: run_lint(step))


def run_group(group, jobs):
    makers = {"build": lambda: [Job("build", "programs", lambda: run_build(jobs))],
              "lint": lint_jobs, "unit": unit_jobs, "sim": sim_jobs, "fault": fault_jobs}
    todo = list(makers[group]())
    if not todo:
        todo = [Job(group, "none", lambda: (0, 1, 0, f"there is no test in the group '{group}'\n"))]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(job.run) for job in todo]):
            job = future.result()
            if job.failed:
                print(f"--- {job.group} {job.name} FAILED\n{job.text.rstrip()}\n", flush=True)
    return todo


def print_table(results):
    print(f"{'group':<8}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}  longest")
    for group, (jobs, seconds) in results.items():
        longest = max(jobs, key=lambda job: job.seconds)
        print(f"{group:<8}{total(jobs, 'passed'):>8}{total(jobs, 'failed'):>8}{total(jobs, 'skipped'):>9}{seconds:>9.1f}"
              f"  {longest.name} {longest.seconds:.1f}")
    for group, (jobs, _) in results.items():
        failed = [job.name for job in jobs if job.failed]
        if failed:
            print(f"failed in {group}: {' '.join(failed)}")


def total(jobs, what):
    return sum(getattr(job, what) for job in jobs)


def write_json(results, everything, seconds):
    figures = {what: total(everything, what) for what in ("passed", "failed", "skipped")}
    figures["wall_s"] = round(seconds, 1)
    for group, (jobs, group_seconds) in results.items():
        figures.update({f"{group}_{what}": total(jobs, what) for what in ("passed", "failed", "skipped")})
        figures[f"{group}_wall_s"] = round(group_seconds, 1)
    os.makedirs("out", exist_ok=True)
    with open("out/test.json", "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=1)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description="runs groups of tests")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("groups", nargs="+", choices=GROUPS)
    options = parser.parse_args()
    start = time.monotonic()
    results = {}
    for group in options.groups:
        print(f"{group} ...", flush=True)
        group_start = time.monotonic()
        jobs = run_group(group, options.jobs)
        results[group] = jobs, time.monotonic() - group_start
    everything = [job for jobs, _ in results.values() for job in jobs]
    write_json(results, everything, time.monotonic() - start)
    print_table(results)
    passed, failed, skipped = (total(everything, what) for what in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
