"""Real regressions through a real Slurm: the cluster of scripts/slurm_cluster.sh, of its own, with two nodes.

Whatever happens to nodes, controller and runner, the end is what this machine alone finds: each job once, the same
results, the same coverage.
"""

import glob
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

PLACE = "out/slurm-test"
CLUSTER = f"{PLACE}/cluster"
RUNNER = "scripts/regress.py"
PLAN = ("--config", "small", "--seeds", "2", "--cover", "--jobs", "1")
MASK_LOST = "--sim-args '--fault-as-bug mask_lost'"
LIMIT_S = 240  # of a run, which takes some 20 s, or 60 s with a node that dies


def cluster(*words, place=CLUSTER):
    return subprocess.run(["scripts/slurm_cluster.sh", *words, "--dir", place], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, timeout=120)


def processes(folder):
    """Command lines that name this folder: of daemons, nodes and jobs."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                line = file.read().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if folder in line:
            found.append(line)
    return found


def lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.endswith("\n")]
    except OSError:
        return []


def outcomes(folder):
    return sorted((r["config"], r["name"], r["seed"], r["result"], r["cycles"], r["log_hash"])
                  for r in lines(f"{folder}/results.jsonl"))


def coverage(folder):
    with open(f"{folder}/cover.dat", encoding="utf-8") as file:
        return [line for line in file if line.startswith("C '")]


class Slurm(unittest.TestCase):
    maxDiff = 2000
    impossible, alone = "", None

    @classmethod
    def setUpClass(cls):
        cluster("stop")
        shutil.rmtree(PLACE, ignore_errors=True)
        started = cluster("start", "--nodes", "2")
        if started.returncode == 3:
            cls.impossible = started.stderr.strip()
            return
        if started.returncode != 0:
            raise AssertionError(started.stderr)
        cls.addClassCleanup(cluster, "stop")
        os.environ["SLURM_CONF"] = started.stdout.strip().partition("=")[2]
        cls.addClassCleanup(os.environ.pop, "SLURM_CONF")
        done = subprocess.run(["make", "build/small/sim"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stdout)
        subprocess.run([RUNNER, *PLAN, "--jobs", "2", "--results", f"{PLACE}/alone"], stdout=subprocess.DEVNULL, check=False)
        cls.alone = f"{PLACE}/alone/regress/latest"

    def setUp(self):
        if self.impossible:  # here, so that each test is counted as skipped
            self.skipTest(self.impossible)
        self.results = f"{PLACE}/{self.id().rsplit('.', 1)[1]}"
        self.folder = f"{self.results}/regress/latest"

    def wait_until(self, condition):
        end = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), end, "did not happen within 60 s")
            time.sleep(0.05)

    def start(self, *words):
        return subprocess.Popen([RUNNER, *words, "--results", self.results, "--launcher", "slurm"], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def finish(self, runner, status=0):
        text = runner.communicate(timeout=LIMIT_S)[0]
        self.assertEqual(runner.returncode, status, text)
        return text

    def is_whole(self):
        """The run has what the run of this machine has."""
        self.assertEqual(outcomes(self.folder), outcomes(self.alone))
        self.assertEqual(coverage(self.folder), coverage(self.alone))

    def has_begun(self, array=1):
        """Waits until each task that runs has a result. Returns {node: folders of its tasks}."""
        base = f"{self.folder}/slurm/array-{array}"
        self.wait_until(lambda: os.path.exists(f"{base}/array.json"))
        with open(f"{base}/array.json", encoding="utf-8") as file:
            number = json.load(file)["array"]
        self.wait_until(lambda: len(glob.glob(f"{base}/part-*/results.jsonl.part")) >= 4)
        said = subprocess.run(["squeue", "-h", "-t", "R", "-j", number, "-o", "%K %N"], stdout=subprocess.PIPE, text=True, check=True)
        nodes = {}
        for task, node in (line.split() for line in said.stdout.splitlines()):
            nodes.setdefault(node, []).append(f"{base}/part-{task}")
        for part in sum(nodes.values(), []):
            self.wait_until(lambda part=part: lines(f"{part}/results.jsonl.part") or lines(f"{part}/results.jsonl"))
        return nodes

    def nothing_is_queued(self):
        said = subprocess.run(["squeue", "-h"], stdout=subprocess.PIPE, text=True, check=True)
        self.assertEqual(said.stdout, "")

    def test_an_array_gives_what_this_machine_gives(self):
        self.finish(self.start(*PLAN, "--tasks", "4"))
        self.assertGreater(len(outcomes(self.alone)), 300)
        self.is_whole()

    def test_a_node_that_dies_loses_nothing(self):
        self.addCleanup(cluster, "restart-node", "n1")
        runner = self.start(*PLAN, "--tasks", "4")
        dying = self.has_begun()["n1"]
        self.assertEqual(cluster("kill-node", "n1").returncode, 0)
        self.assertTrue([part for part in dying if not os.path.exists(f"{part}/results.jsonl")])  # it was in the middle
        self.finish(runner)
        self.is_whole()
        self.assertTrue(os.path.exists(f"{self.folder}/slurm/array-2"))

    def test_ctrl_c_ends_the_array_and_resume_goes_on(self):
        runner = self.start(*PLAN, "--tasks", "8")
        self.has_begun()
        self.wait_until(lambda: lines(f"{self.folder}/results.jsonl.part"))
        runner.send_signal(signal.SIGINT)
        self.assertIn("--resume", self.finish(runner, 3))
        self.nothing_is_queued()
        kept = outcomes(self.folder)
        self.assertTrue(kept)
        self.assertLessEqual(set(kept), set(outcomes(self.alone)))  # nothing that was ended counts as failed
        self.assertLess(len(kept), len(outcomes(self.alone)))
        self.finish(self.start("--resume", "--jobs", "1", "--tasks", "4"))
        self.is_whole()

    def test_a_runner_that_dies_goes_on_with_its_array(self):
        runner = self.start(*PLAN, "--tasks", "4")
        self.has_begun()
        runner.kill()
        runner.communicate()
        self.finish(self.start("--resume", "--jobs", "1", "--tasks", "4"))
        self.is_whole()
        self.assertFalse(os.path.exists(f"{self.folder}/slurm/array-2"))

    def test_a_controller_that_is_away_for_a_while_loses_nothing(self):
        runner = self.start(*PLAN, "--tasks", "8")  # half of them wait for the other half, and for the controller
        self.has_begun()
        submitted = os.stat(f"{self.folder}/slurm/array-1/array.json").st_mtime
        self.wait_until(lambda: os.stat(f"{CLUSTER}/state/job_state").st_mtime > submitted)
        self.assertEqual(cluster("kill-node", "controller").returncode, 0)
        first = f"{self.folder}/slurm/array-1/part-1/results.jsonl"
        self.wait_until(lambda: os.path.exists(first))  # tasks go on without it
        self.assertEqual(cluster("restart-node", "controller").returncode, 0)
        self.finish(runner)
        self.is_whole()

    def make(self, target, status, *words):
        done = subprocess.run(["make", target, "LAUNCHER=slurm", "JOBS=2", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, timeout=LIMIT_S)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def test_failures_are_explained_and_run_again(self):
        where = f"--results {self.results} --tasks 2"
        self.make("regress", 2, "CONFIG=small", "TEST=random_mixed", "SEEDS=12", f"ARGS={where} {MASK_LOST}")
        found = outcomes(self.folder)
        failed = [outcome for outcome in found if outcome[3] == "failed"]
        self.assertTrue(failed)
        self.assertLess(len(failed), len(found))
        with open(f"{self.folder}/run.json", encoding="utf-8") as file:
            problems = json.load(file)["buckets"]
        self.assertTrue(problems)
        for problem in problems:
            self.assertTrue(os.path.getsize(f"{self.folder}/failures/{problem}/summary.txt"))
            for name in ("run.fst", "run.log", "short.scn", "short.fst", "evidence.json"):
                there = glob.glob(f"{self.folder}/failures/{problem}/small-*/{name}")
                self.assertTrue(there and all(map(os.path.getsize, there)), name)
        self.make("rerun", 2, f"ARGS={where}")
        self.assertEqual(outcomes(self.folder), failed)

    def test_maxfail_ends_the_array(self):
        text = self.make("regress", 2, "CONFIG=small", "TEST=random_*", "SEEDS=40", "MAXFAIL=2",
                         f"ARGS=--results {self.results} --tasks 4 --evidence 0 {MASK_LOST}")
        self.assertIn("stopped after", text)
        self.nothing_is_queued()
        with open(f"{self.folder}/jobs.txt", encoding="utf-8") as file:
            jobs = len(file.readlines())
        self.assertLess(len(outcomes(self.folder)), jobs)
        self.finish(self.start("--resume", "--tasks", "2", "--evidence", "0"), 1)
        self.assertEqual(len({outcome[:3] for outcome in outcomes(self.folder)}), jobs)
        self.assertEqual(len(lines(f"{self.folder}/results.jsonl")), jobs)


class Cluster(unittest.TestCase):
    """The script itself, with a cluster beside the other one."""

    def setUp(self):
        self.addCleanup(self.cluster, "stop")
        started = self.cluster("start", "--nodes", "1")
        if started.returncode == 3:
            self.skipTest(started.stderr.strip())
        self.assertEqual(started.returncode, 0, started.stderr)

    @staticmethod
    def cluster(*words):
        return cluster(*words, place=f"{PLACE}/other")

    def test_started_twice_it_is_the_same(self):
        again = self.cluster("start")
        self.assertEqual((again.returncode, again.stdout), (0, f"export SLURM_CONF={os.path.abspath(PLACE)}/other/slurm.conf\n"))
        wrong = self.cluster("start", "--nodes", "2")
        self.assertEqual((wrong.returncode, wrong.stderr), (1, "slurm_cluster.sh: it runs, with other nodes; 'stop' ends it\n"))

    def test_stop_leaves_no_process(self):
        environment = {**os.environ, "SLURM_CONF": f"{PLACE}/other/slurm.conf"}
        mark = f"{os.path.abspath(PLACE)}/other/"
        subprocess.run(["sbatch", f"--output={mark}job.txt", "--wrap", f"touch {mark}runs; tail -f {mark}runs"], check=True, env=environment,
                       stdout=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not os.path.exists(f"{mark}runs"):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        self.assertTrue(processes(mark))
        for _ in range(2):  # nothing to stop is no mistake
            self.assertEqual(self.cluster("stop").returncode, 0)
        self.assertEqual(processes(mark), [])
        status = self.cluster("status")
        self.assertEqual((status.returncode, status.stderr), (1, "slurm_cluster.sh: the cluster does not run; 'start' starts it\n"))

    def test_a_pid_file_of_another_process_is_not_believed(self):
        self.cluster("stop")
        with open(f"{PLACE}/other/n1.pid", "w", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")
        self.assertEqual(self.cluster("start", "--nodes", "1").returncode, 0)  # and this process lives on
        self.assertIn("n1 idle", self.cluster("status").stdout)

    def test_wrong_words_are_named(self):
        for words, status, sentence in ((("kill-node", "n7"), 1, "there is no node 'n7'; there are: n1 controller"),
                                        (("start", "--nodes", "x"), 2, "--nodes takes a number"), (("begin",), 2, "kill-node NAME")):
            got = self.cluster(*words)
            self.assertEqual(got.returncode, status)
            self.assertIn(sentence, got.stderr)


if __name__ == "__main__":
    unittest.main()
