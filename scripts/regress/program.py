"""build/CONFIG/sim as seen from outside."""

import functools
import hashlib
import shlex
import subprocess

from . import files

WRONG_USAGE = 2  # exit status of sim


class Program:
    """The program of one configuration, with the options that all of its runs have."""

    def __init__(self, build, config, arguments=()):
        self.path, self.config, self.arguments = f"{build}/{config}/sim", config, list(arguments)
        try:
            with open(self.path, "rb") as file:
                self.build = hashlib.sha256(file.read()).hexdigest()[:16]
        except OSError as error:
            raise files.Refused(f"{self.path} is not there: {error.strerror}; `make {self.path}` builds it") from error

    def check_arguments(self):
        """The options of all runs, before there is a run: with them it reads an empty list of jobs."""
        if self.arguments:
            done = subprocess.run(self.batch(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
                                  stdin=subprocess.DEVNULL, check=False)
            if done.returncode == WRONG_USAGE:
                raise files.Usage(f"{shlex.join(self.arguments)}: {done.stdout.strip()}")

    def ask(self, option):
        try:
            done = subprocess.run([self.path, option], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  stdin=subprocess.DEVNULL, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise files.Refused(f"{self.path} {option}: {error}") from error
        if done.returncode != 0:
            raise files.Refused(f"{self.path} {option} ended with status {done.returncode}: {done.stdout.strip()}")
        return done.stdout

    @functools.cached_property
    def tests(self):
        """Names: the first word of each line that begins at the margin."""
        return [line.split()[0] for line in self.ask("--list").splitlines() if line[:1].strip()]

    @functools.cached_property
    def scenario_tests(self):
        """Names of the tests that play a generated scenario, which can be cut down."""
        return {f"random_{line.split()[0]}" for line in self.ask("--list-profiles").splitlines() if line[:1].strip()}

    @functools.cached_property
    def no_shrink(self):
        """What keeps a failing run from cutting its scenario down; nothing, if it does so only when asked."""
        return ["--no-shrink"] if "--no-shrink" in self.ask("--help") else []

    def batch(self, covers=False):
        """The command that reads jobs from standard input."""
        return [self.path, "--batch", "-", *self.no_shrink, *(["--cover", "cover.dat"] if covers else []), *self.arguments]

    def single(self, job):
        """The command of one run, as a person would type it."""
        return [self.path, "--test", job.test, "--seed", str(job.seed), *self.arguments]
