"""What a regression says about itself, so that a part of one never passes for the whole at sign-off."""

import os
import unittest

from regress_case import Case
from regress import reports
import files
import gates
import provenance


def result(test, seed, verdict="passed", config="one"):
    return {"name": test, "config": config, "seed": seed, "result": verdict}


class RandomSeeds(unittest.TestCase):
    def test_the_test_with_fewest_counts(self):
        results = [result("random_a", seed) for seed in range(9)] + [result("random_b", seed) for seed in range(4)]
        self.assertEqual(reports.random_seeds(results), 4)
        self.assertEqual(reports.random_seeds([*results, result("random_a", 1, config="two")]), 1)

    def test_a_seed_counts_once_and_only_if_it_passed(self):
        results = [result("random_a", 1), result("random_a", 1), result("random_a", 2, "failed"), result("random_a", 3, "refused")]
        self.assertEqual(reports.random_seeds(results), 1)
        self.assertEqual(reports.random_seeds([*results, result("random_b", 1, "refused")]), 0)

    def test_directed_and_skipped_tests_do_not_count(self):
        results = [result("random_a", 1), result("random_a", 2), result("b", 1), result("random_c", 1, "skipped")]
        self.assertEqual(reports.random_seeds(results), 2)

    def test_a_configuration_without_any_has_none(self):
        self.assertEqual(reports.random_seeds([result("random_a", 1), result("b", 1, config="two")]), 0)
        self.assertEqual(reports.random_seeds([]), 0)


class Selection(Case):
    def figures(self, *words, config="one,two"):
        self.regress(*words, "--evidence", "0", "--wall-limit", "4", config=config)
        return self.json(self.results, "regress.json")

    def fails(self, name, figures):
        """Whether the gate of tests/signoff.txt fails."""
        [gate] = [gate for gate in gates.read()[0] if gate.name == name]
        return not gate.holds(figures)

    def test_a_whole_one(self):
        figures = self.figures("--seeds", "2")
        self.assertEqual((figures["tests_run"], figures["tests_exist"]), (18, 20))  # one in each configuration is refused
        self.assertEqual((figures["state"], figures["jobs"], figures["planned"]), ("complete", 40, 40))
        self.assertEqual(figures["random_seeds"], 2)
        self.assertEqual(figures["configs"], 2)
        whole = {**figures, "tests_run": 20, "configs_exist": 2}
        self.assertFalse(self.fails("regression is whole", whole) or self.fails("regression is over", whole))
        self.assertTrue(self.fails("regression is whole", figures))
        self.assertTrue(self.fails("regression passes", figures))
        run = self.json(self.folder(), "run.json")
        self.assertEqual(provenance.of(run), provenance.of(figures))
        self.assertEqual((run["exist"], run["random_seeds"], run["tests_run"]), ({"one": 10, "two": 10}, 2, 18))

    def test_some_tests_or_configurations(self):
        figures = {**self.figures("--test", "pass_*"), "configs_exist": 2}
        self.assertEqual((figures["test_pattern"], figures["tests_run"], figures["tests_exist"]), ("pass_*", 4, 20))
        self.assertTrue(self.fails("regression is whole", figures))
        self.assertEqual(figures["random_seeds"], 0)
        figures = {**self.figures("--test", "pass_*", config="one"), "configs_exist": 2}
        self.assertTrue(self.fails("regression is whole", {**figures, "tests_run": figures["tests_exist"]}))

    def test_a_shard_a_rerun_and_a_stopped_one(self):
        figures = {**self.figures("--shard", "1/9", "--seeds", "1"), "configs_exist": 2}
        self.assertEqual(figures["shard"], "1/9")
        self.assertTrue(self.fails("regression is whole", figures))
        self.figures("--test", "*_two", "--seeds", "9")
        figures = {**self.figures("--rerun"), "configs_exist": 2}
        self.assertTrue(self.fails("regression is whole", figures))
        figures = self.figures("--test", "random_*", "--seeds", "500", "--max-fail", "3")
        self.assertEqual(figures["state"], "stopped")
        self.assertTrue(self.fails("regression is over", {**figures, "planned": figures["jobs"]}))
        self.assertTrue(self.fails("regression is over", {**figures, "state": "complete"}))

    def test_arguments_and_programs_of_another_kind(self):
        figures = self.figures("--test", "pass_*", "--sim-args=--no-shrink 1")
        self.assertEqual(figures["sim_args"], "--no-shrink 1")
        self.assertTrue(self.fails("of this block", {**figures, "build": "build"}))
        self.assertTrue(self.fails("of this block", {**figures, "sim_args": ""}))  # a build of its own
        self.assertFalse(self.fails("of this block", {**figures, "sim_args": "", "build": "build"}))


class Origin(Case):
    def test_programs_older_than_their_sources(self):
        for config, when in (("one", 1e9), ("two", 2e9)):
            os.utime(os.path.join(self.build, config, "sim"), (when, when))
        self.regress("--test", "pass_*", config="two")
        self.assertEqual(self.json(self.results, "regress.json")["mixed"], "")
        self.regress("--test", "pass_*", config="one,two")
        self.assertIn("one/sim is older than ", self.json(self.results, "regress.json")["mixed"])

    def test_merged_parts(self):
        parts = [os.path.join(self.base, f"part{index}") for index in (1, 2)]
        for index, part in enumerate(parts, 1):
            self.regress("--test", "pass_*", "--seeds", "4", "--shard", f"{index}/2", "--out", part, config="one,two")
        self.regress("--merge", *parts)
        merged = self.json(self.results, "regress.json")
        infos = [self.json(part, "run.json") for part in parts]
        self.assertEqual((merged["sources"], merged["mixed"], merged["shard"]), (infos[0]["sources"], "", ""))
        self.assertEqual(merged["measured"], min(info["measured"] for info in infos))
        self.assertEqual((merged["tests_run"], merged["tests_exist"]), (4, 20))
        self.spoil(parts[1], infos[1], sources="other")
        self.regress("--merge", *parts)
        self.assertEqual(self.json(self.results, "regress.json")["mixed"], "its parts are of different sources")
        self.spoil(parts[1], infos[1], mixed="something")
        self.regress("--merge", *parts)
        self.assertEqual(self.json(self.results, "regress.json")["mixed"], "something")
        self.spoil(parts[1], infos[1], build="build/other")
        status, text = self.regress("--merge", *parts)
        self.assertEqual(status, 2)
        self.assertIn("of the programs of different folders", text)

    @staticmethod
    def spoil(part, info, **changes):
        files.write_json(os.path.join(part, "run.json"), {**info, **changes})


if __name__ == "__main__":
    unittest.main()
