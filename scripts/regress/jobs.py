"""What is run: a job is one test with one seed in one configuration."""

import fnmatch
import hashlib
from typing import NamedTuple

from . import files

# Seeds of directed tests, seeds of random tests; `quick` adds the ranked runs of tests/quick_seeds.txt.
PROFILES = {"quick": (1, 1), "nightly": (5, 100), "soak": (20, 2000)}
LAST_SEED = 2**64 - 1
QUICK_SEEDS = "tests/quick_seeds.txt"


class Job(NamedTuple):
    config: str
    test: str
    seed: int

    def __str__(self):
        return f"{self.config} {self.test} {self.seed}"

    def folder(self):
        """A name for files of this job."""
        return f"{self.config}-{self.test}-{self.seed}"


def of_result(result):
    return Job(result["config"], result["name"], result["seed"])


def parse(line):
    words = line.split()
    if len(words) != 3 or not words[2].isdecimal() or int(words[2]) > LAST_SEED:
        raise files.Usage(f"expected a job CONFIG TEST SEED, not \"{line.strip()}\"")
    return Job(words[0], words[1], int(words[2]))


def read_list(path):
    try:
        with open(path, encoding="utf-8") as file:
            return [parse(line) for line in file if line.strip() and not line.startswith("#")]
    except OSError as error:
        raise files.Usage(f"cannot read the list of jobs {path}: {error.strerror}") from error


def write_list(path, jobs):
    files.write(path, "".join(f"{job}\n" for job in jobs))


def in_shard(job, index, count):
    """Whether this job belongs to shard `index` (from 1) of `count`: the same on every machine."""
    return int.from_bytes(hashlib.sha256(str(job).encode()).digest()[:8], "big") % count == index - 1


def parse_shard(text):
    index, _, count = text.partition("/")
    if not index.isdecimal() or not count.isdecimal() or not 1 <= int(index) <= int(count):
        raise files.Usage(f"--shard takes I/N with I from 1 to N, not \"{text}\"")
    return int(index), int(count)


def is_random(test):
    return test.startswith("random_")


def plan(tests, profile, seeds=None, first=1, pattern=""):
    """Jobs of a profile; `tests` has the names of each configuration. `seeds` replaces the numbers of the profile."""
    directed, random = (seeds, seeds) if seeds else PROFILES[profile]
    tests = {config: [name for name in names if not pattern or fnmatch.fnmatchcase(name, pattern)]
             for config, names in tests.items()}
    jobs = {Job(config, test, seed): None for config, names in tests.items() for test in names
            for seed in range(first, min(first + (random if is_random(test) else directed), LAST_SEED + 1))}
    if profile == "quick" and not seeds:
        jobs.update((job, None) for job in ranked() if job.test in tests.get(job.config, ()))
    return list(jobs)


def ranked():
    """The random runs that hold the functional coverage of many (scripts/rank.py)."""
    for line in files.read(QUICK_SEEDS).splitlines():
        words = line.split()
        if words and not line.startswith("#"):
            yield Job(words[0], words[1], int(words[2]))
