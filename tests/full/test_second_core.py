"""The bench on another block, tests/second_core: everything passes there, and its bugs are found as well."""

import glob
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, "scripts")
import block  # noqa: E402
import make_environment  # noqa: E402
import variant  # noqa: E402

BLOCK = "tests/second_core"
POLICY = f"{BLOCK}/policy"
CONFIGURATIONS = ["default", "max", "min", "odd", "small"]
SEEDS = 15  # of every random test in every configuration

# Planted faults that need a promise which this core does not give.
NO_PROMISE = {
    "msg_late": "there is no latency to be missed",
    "table_mixed_qword": "the halves of a QWORD may differ",
    "msg_starved": "in its test the fault waits for more messages than the core sends there",
}

# Bugs of the core: file, text, what it becomes; the checks of which one must fail first.
BUGS = {
    "mask_not_checked_in_offer": (
        "plain_core.sv", "assign wanted = may_send & pending_q[place_q] & ~masked_q[place_q];",
        "assign wanted = may_send & pending_q[place_q];", {"msg_masked"}),
    "stale_fetch": (
        "plain_core.sv", "assign touched = store & (row == place_q);", "assign touched = store & (row != row);",
        {"msg_fields"}),
    "event_lost_in_fetch": (
        "plain_core.sv", "if (rise &&", "if (rise && state_q != Fetch &&", {"event_lost", "test_expectation", "pba_value"}),
    "bit_falls_with_the_fetch": (
        "plain_core.sv", "if (commit) pending_q[place_q] <= 1'b0;", "if (state_q == Check) pending_q[place_q] <= 1'b0;",
        {"event_lost", "test_expectation", "pba_value", "pba_early_clear"}),
    "enable_not_checked_in_offer": (
        "plain_core.sv", "assign wanted = may_send & ", "assign wanted = ", {"msg_disabled", "msg_masked", "msg_bus_master", "test_expectation"}),
    "bit_stays_behind_the_grant": (
        "plain_core.sv", "if (commit) pending_q[place_q] <= 1'b0;", "if (commit && place_q != '0) pending_q[place_q] <= 1'b0;",
        {"msg_cause", "msg_duplicate", "test_expectation"}),
    "scan_begins_at_the_top": (
        "plain_core.sv", "if (commit) place_q <= (place_q == '0) ? LastRow : place_q - RowW'(1);",
        "if (commit) place_q <= LastRow;", {"msg_fairness", "test_expectation"}),
    "enables_of_the_lower_word": (
        "msix_core.sv", ".reg_bytes(upper ? bus_be_i[7:4] : bus_be_i[3:0])", ".reg_bytes(bus_be_i[3:0])",
        {"table_value", "table_mask_value", "test_expectation", "event_lost"}),
    "table_not_filled": (
        "plain_core.sv", "data_mem[row]    <= 32'hFFFF_FFFF;", "", {"power_up"}),
    "function_reset_forgotten": (
        "msix_core.sv", ".reset(~rst_n | soft_rst_i)", ".reset(~rst_n)", {"test_expectation", "flr_stale", "pba_value", "msg_cause"}),
}


def execute(command, limit_s=3000):
    environment = make_environment.clean()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                          errors="replace", env=environment, timeout=limit_s, check=False)
    return done.returncode, done.stdout


class Regression(unittest.TestCase):
    def regress(self, *more):
        with tempfile.TemporaryDirectory() as results:
            status, text = execute(["make", "regress", f"BLOCK={BLOCK}", f"ARGS=--results {results}", *more])
            self.assertEqual(status, 0, text)
            with open(f"{results}/regress.json", encoding="utf-8") as file:
                sums = json.load(file)
        self.assertEqual(sums["failed"], 0, text)
        return sums

    def test_every_test_in_every_configuration(self):
        sums = self.regress()
        self.assertEqual((sums["tests_run"], sums["configs"]), (sums["tests_exist"], len(CONFIGURATIONS)))

    def test_many_seeds(self):
        sums = self.regress("TEST=random_*", f"SEEDS={SEEDS}", "SEED=1000")
        self.assertEqual(sums["passed"], sums["jobs"])
        self.assertGreater(sums["jobs"], 10 * SEEDS * len(CONFIGURATIONS))


class Faults(unittest.TestCase):
    """The checks fail on this core as they do on the other."""

    def test_planted_faults_are_found_by_their_own_check(self):
        sim = "build/second_core/default/sim"
        status, text = execute(["make", f"BLOCK={BLOCK}", sim])
        self.assertEqual(status, 0, text)
        names = [line.split()[0] for line in execute([sim, "--list-faults"])[1].splitlines()]
        self.assertGreater(len(names), 100)
        missed = {name for name in names if execute([sim, "--fault", name, "--policy", POLICY])[0] != 0}
        self.assertEqual(missed, set(NO_PROMISE))


class Bugs(unittest.TestCase):
    """Each is a copy of the core outside of the project, with one bug, and no assertion to help."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def copy(self, name):
        """The folder of the core with this bug."""
        file, old, new, _ = BUGS[name]
        folder = shutil.copytree(BLOCK, f"{self.folder}/{name}")
        with open(f"{folder}/{file}", encoding="utf-8") as source:
            text = source.read()
        self.assertEqual(text.count(old), 1, f"{name}: {file} has changed")
        with open(f"{folder}/{file}", "w", encoding="utf-8") as source:
            source.write(text.replace(old, new))
        return folder

    def test_bugs_of_the_core_are_found(self):
        bench = variant.Bench(f"{self.folder}/bench")
        for name in BUGS:
            with self.subTest(name):
                sim = variant.build_sim(bench, f"{self.folder}/build/{name}", "small", block.sources(self.copy(name)))
                failure = variant.first_failure(sim, ["--policy", POLICY], 300)
                self.assertIsNotNone(failure, "nothing failed")
                self.assertIn(failure["check"], BUGS[name][3], failure)

    def test_a_folder_outside_of_the_project_is_explained(self):
        name = "bit_falls_with_the_fetch"
        folder, results = self.copy(name), f"{self.folder}/results"
        self.addCleanup(shutil.rmtree, f"build/{name}")
        self.addCleanup(os.remove, f"build/common/block_{name}.flags")
        status, text = execute(["make", "regress", f"BLOCK={folder}", "CONFIG=small", "TEST=random_m*", "SEEDS=5",
                                f"ARGS=--results {results}"])
        self.assertEqual(status, 2, text)
        summary = "".join(pathlib.Path(path).read_text(encoding="utf-8")
                          for path in glob.glob(f"{results}/regress/latest/failures/*/summary.txt"))
        self.assertIn("Minimal scenario", summary)
        self.assertRegex(summary, rf"build/{name}/small/sim --replay \S+ --policy {folder}/policy\n")


if __name__ == "__main__":
    unittest.main()
