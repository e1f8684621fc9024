"""The runner through a job array, with sbatch, squeue and scancel that this test brings along (fake_slurm.py)."""

import os
import shutil
import sys
import unittest
import unittest.mock

from regress_case import HERE, Case
from regress import program, slurm


class Slurm(Case):
    def cluster(self, *ends):
        """How the arrays end that are submitted: the first, the second, ..."""
        place = os.path.join(self.base, "bin")
        os.makedirs(place)
        for name in ("sbatch", "squeue", "scancel", "sinfo"):
            with open(os.path.join(HERE, "fake_slurm.py"), encoding="utf-8") as source:
                text = source.read()
            with open(os.path.join(place, name), "w", encoding="utf-8") as to:
                to.write(f"#!{sys.executable} -SsE\n" + text)
            os.chmod(os.path.join(place, name), 0o755)
        for number, end in enumerate(ends, 1):
            with open(os.path.join(place, f"end-{number}"), "w", encoding="utf-8") as file:
                file.write(end)
        self.enterContext(unittest.mock.patch.dict(os.environ, PATH=f"{place}:{os.environ['PATH']}"))
        for name in ("POLL_S", "ASK_S"):
            self.enterContext(unittest.mock.patch.object(slurm, name, 0.05))

    def jobs(self, *more):
        return self.regress("--test", "*_[otm][nwi]*", "--seeds", "10", *more, config="one,two")

    def array(self, *more):
        return self.jobs("--launcher", "slurm", "--tasks", "3", *more)

    def counts(self):
        """The coverage of the last run."""
        return [line for line in self.read(self.folder(), "cover.dat").splitlines() if line.startswith("C '")]

    def as_this_machine(self, evidence="0"):
        """The last run has what a run on this machine has."""
        there, coverage = self.outcomes(), self.counts()
        self.assertEqual(len(there), 80)
        self.jobs("--evidence", evidence, "--cover")
        self.assertEqual(there, self.outcomes())
        self.assertEqual(coverage, self.counts())

    def test_an_array_gives_what_this_machine_gives(self):
        self.cluster()
        status, text = self.array("--evidence", "1", "--cover")
        self.assertEqual(status, 1, text)
        self.as_this_machine("1")

    def test_coverage_that_comes_behind_the_last_result_counts(self):
        self.cluster("late")
        status, text = self.array("--evidence", "0", "--cover")
        self.assertEqual(status, 1, text)
        self.as_this_machine()

    def test_a_node_that_dies_loses_nothing(self):
        self.cluster("none")
        status, text = self.array("--evidence", "0")
        self.assertEqual(status, 1, text)
        self.assertEqual(len(self.outcomes()), 80)

    def test_a_node_that_dies_in_mid_run_loses_no_coverage(self):
        self.cluster("half")
        status, text = self.array("--evidence", "0", "--cover")
        self.assertEqual(status, 1, text)
        self.as_this_machine()

    def test_what_comes_twice_is_compared(self):
        self.cluster("half")
        status, text = self.regress("--test", "flaky_all", "--seeds", "20", "--launcher", "slurm", "--tasks", "2", "--cover")
        self.assertEqual(status, 1)
        self.assertRegex(text, "[1-9] runs? not repeatable")
        self.assertEqual(len(self.outcomes()), 20)

    def test_what_was_stopped_goes_on_and_counts_once(self):
        self.cluster("half", "late")
        status, text = self.array("--evidence", "0", "--cover", "--max-fail", "1")
        self.assertEqual(status, 1, text)
        self.assertIn("stopped after", text)
        for _ in range(2):  # the second time nothing is left to do
            status, text = self.regress("--resume", "--evidence", "0", "--tasks", "3")
            self.assertEqual(status, 1, text)
            self.assertIn("80 of 80 jobs", text)
        status, text = self.regress("--resume", "--launcher", "local")
        self.assertEqual(status, 2)
        self.assertIn("--launcher slurm goes on with them", text)
        self.as_this_machine()

    def test_a_refused_job_is_reported_and_tried_again(self):
        self.cluster()
        status, text = self.regress("--test", "refuse_all", "--launcher", "slurm")
        self.assertEqual(status, 3)
        self.assertIn("not today", text)
        self.assertIn("1 jobs, 1 to run", self.regress("--resume")[1])
        self.assertTrue(os.path.exists(os.path.join(self.folder(), "slurm", "array-2")))

    def test_a_cluster_that_never_works_is_named(self):
        self.cluster("none", "none", "none")
        status, text = self.array("--evidence", "0")
        self.assertEqual(status, 1)  # what ran has failures
        self.assertIn("jobs have no result after 3 job arrays", text)

    def test_a_task_that_cannot_run_is_quoted(self):
        self.cluster()
        with unittest.mock.patch.object(slurm, "RUNNER", os.path.join(self.base, "none.py")):
            status, text = self.array()
        self.assertEqual(status, 3)
        self.assertRegex(text, "80 jobs have no result after 3 job arrays; one printed: .*No such file")

    def test_a_task_that_takes_no_arguments_is_quoted(self):
        self.cluster()
        with unittest.mock.patch.object(program.Program, "check_arguments"):  # here they are taken
            status, text = self.array("--sim-args=--wrong 1")
        self.assertEqual(status, 3)
        self.assertRegex(text, "after 3 job arrays; one printed: .*unknown option --wrong")

    def test_another_program_on_the_nodes_is_refused(self):
        self.cluster()
        other = shutil.copytree(self.build, os.path.join(self.base, "other"))
        with open(os.path.join(other, "one", "sim"), "a", encoding="utf-8") as file:
            file.write("# newer\n")
        init = slurm.Launcher.__init__

        def elsewhere(launcher, *arguments):
            init(launcher, *arguments)
            launcher.settings.build = other
        with unittest.mock.patch.object(slurm.Launcher, "__init__", elsewhere):
            status, text = self.array()
        self.assertIn(status, (1, 3))  # the other configuration may have had failures before
        self.assertIn("has run another", text)

    def test_without_slurm_it_says_so(self):
        with unittest.mock.patch.dict(os.environ, PATH=os.path.join(self.base, "nothing")):
            status, text = self.regress("--test", "pass_one", "--launcher", "slurm")
        self.assertEqual(status, 3)
        self.assertIn("needs Slurm's commands", text)
        self.assertFalse(os.path.exists(self.results))

    def test_without_a_controller_it_says_so(self):
        self.cluster()
        with unittest.mock.patch.object(slurm, "slurm", return_value=(1, "", "resolve: failed\nsinfo: no such host")):
            status, text = self.regress("--test", "pass_one", "--launcher", "slurm")
        self.assertEqual(status, 3)
        self.assertIn("no Slurm answers here: sinfo: no such host; SLURM_CONF", text)
        self.assertFalse(os.path.exists(self.results))


if __name__ == "__main__":
    unittest.main()
