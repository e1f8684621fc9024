"""The runner through a job array, with sbatch, squeue and scancel that this test brings along."""

import os
import sys
import unittest

from regress_case import Case

SBATCH = """#!PYTHON -SsE
import os, subprocess, sys
place = os.path.dirname(os.path.abspath(__file__))
words = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
number = len([name for name in os.listdir(place) if name.startswith("array-")]) + 1
first, last = map(int, words["--array"].split("-"))
with open(f"{place}/array-{number}", "w") as to:
    for index in range(first, last + 1):
        if index == 2 and number in DYING:  # its node dies before it has begun
            continue
        done = subprocess.Popen(["sh", "-c", words["--wrap"]], env={**os.environ, "SLURM_ARRAY_TASK_ID": str(index)},
                                stdout=open(words["--output"].replace("%a", str(index)), "w"), stderr=subprocess.STDOUT,
                                start_new_session=True)
        to.write(f"{done.pid}\\n")
print(number)
"""
SQUEUE = """#!PYTHON -SsE
import os, sys
place = os.path.dirname(os.path.abspath(__file__))
number = [word.split("=")[1] for word in sys.argv[1:] if word.startswith("--jobs=")][0]
for pid in open(f"{place}/array-{number}").read().split():
    try:
        state = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0]
    except OSError:
        state = "Z"
    if state != "Z":
        print(number)
"""


class Slurm(Case):
    def cluster(self, dying):
        place = os.path.join(self.base, "bin")
        os.makedirs(place)
        for name, text in (("sbatch", SBATCH.replace("DYING", dying)), ("squeue", SQUEUE), ("scancel", "#!/bin/sh\n")):
            with open(os.path.join(place, name), "w", encoding="utf-8") as file:
                file.write(text.replace("PYTHON", sys.executable))
            os.chmod(os.path.join(place, name), 0o755)
        path = os.environ["PATH"]
        os.environ["PATH"] = f"{place}:{path}"
        self.addCleanup(os.environ.__setitem__, "PATH", path)

    def array(self, *more):
        return self.regress("--test", "*_[otm][nwi]*", "--seeds", "10", "--launcher", "slurm", "--tasks", "3", *more, config="one,two")

    def test_an_array_gives_what_this_machine_gives(self):
        self.cluster("()")
        status, text = self.array("--evidence", "1", "--cover")
        self.assertEqual(status, 1, text)
        there, coverage = self.outcomes(), self.read(self.folder(), "cover.dat")
        self.regress("--test", "*_[otm][nwi]*", "--seeds", "10", "--evidence", "1", "--cover", config="one,two")
        self.assertEqual(there, self.outcomes())
        self.assertEqual(coverage, self.read(self.folder(), "cover.dat"))
        self.assertEqual(len(there), 80)

    def test_a_node_that_dies_loses_nothing(self):
        self.cluster("(1,)")
        status, text = self.array("--evidence", "0")
        self.assertEqual(status, 1, text)
        self.assertEqual(len(self.outcomes()), 80)

    def test_a_cluster_that_never_works_is_named(self):
        self.cluster("(1, 2, 3)")
        status, text = self.array("--evidence", "0")
        self.assertEqual(status, 1)  # what ran has failures
        self.assertIn("jobs have no result after 3 job arrays", text)

    def test_without_slurm_it_says_so(self):
        path = os.environ["PATH"]
        os.environ["PATH"] = os.path.join(self.base, "nothing")
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        status, text = self.regress("--test", "pass_one", "--launcher", "slurm")
        self.assertEqual(status, 3)
        self.assertIn("sbatch", text)


if __name__ == "__main__":
    unittest.main()
