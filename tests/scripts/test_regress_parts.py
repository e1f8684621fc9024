"""Unit tests of the parts of the regression runner: jobs, buckets, results, coverage, windows, history, words."""

import concurrent.futures
import io
import os
import sqlite3
import unittest
import unittest.mock

from regress_case import Case
from regress import buckets, cover, cut, evidence, explain, files, history, jobs, merge, progress, run, store


def result(test="t", seed=1, verdict="passed", check="c", text="x", config="one", **more):
    value = {"name": test, "config": config, "seed": seed, "result": verdict, "cycles": 10, "wall_s": 0.1, "messages": 1,
             "log_hash": "a", "build": "b", **more}
    error = {"check": check, "requirements": "ENV-01", "time": 5, "text": text}
    return {**value, "error": error} if verdict == "failed" else value


class Jobs(unittest.TestCase):
    tests = {"one": ["a", "random_b"], "two": ["a"]}

    def test_profiles_tell_directed_from_random_tests(self):
        plan = jobs.plan(self.tests, "nightly")
        self.assertEqual(sum(job.test == "a" for job in plan), 2 * jobs.PROFILES["nightly"][0])
        self.assertEqual(sum(job.test == "random_b" for job in plan), jobs.PROFILES["nightly"][1])

    def test_seeds_patterns_and_first_seed(self):
        plan = jobs.plan(self.tests, "quick", seeds=3, first=7, pattern="a*")
        self.assertEqual(sorted({job.seed for job in plan}), [7, 8, 9])
        self.assertEqual({job.test for job in plan}, {"a"})

    def test_quick_has_the_ranked_runs(self):
        plan = jobs.plan({"small": ["random_mixed", "random_clear", "random_corners", "random_drain", "random_registers"]}, "quick")
        ranked = [job for job in jobs.ranked() if job.config == "small"]
        self.assertTrue({job for job in ranked if job.test in {one.test for one in plan}} <= set(plan))
        self.assertEqual(len(plan), len(set(plan)))

    def test_shards_are_a_partition_and_stable(self):
        plan = jobs.plan(self.tests, "quick", seeds=50)
        parts = [[job for job in plan if jobs.in_shard(job, index, 3)] for index in (1, 2, 3)]
        self.assertEqual(sorted(sum(parts, [])), sorted(plan))
        self.assertTrue(all(len(part) > 30 for part in parts))
        self.assertTrue(jobs.in_shard(jobs.Job("small", "random_mixed", 7), 1, 3))  # for ever

    def test_broken_lists_and_shards_are_refused(self):
        for text in ("a b", "a b c", "a b -1", "a b 1 2"):
            self.assertRaises(files.Usage, jobs.parse, text)
        for text in ("0/3", "4/3", "1", "a/b", "1/"):
            self.assertRaises(files.Usage, jobs.parse_shard, text)


class Buckets(unittest.TestCase):
    def test_numbers_addresses_vectors_are_not_the_cause(self):
        one = "the completion of tag 0Ah, vector 12 at 40800000C0: FEEDBEEF, allowed 0x10 or 12-31 (MSIX-PBA-11)"
        two = "the completion of tag 08h, vector 3 at 00000000FEE00000: 00000001, allowed 0xFF or 1, 2, 3 (MSIX-PBA-11)"
        self.assertEqual(buckets.normalise(one), buckets.normalise(two))
        self.assertIn("(MSIX-PBA-11)", buckets.normalise(one))

    def test_words_checks_and_requirements_are(self):
        names = {buckets.name(result(verdict="failed", **more)) for more in (
            {"text": "vector 1 reads 0 (TLP-05)"}, {"text": "vector 1 reads 0 (TLP-06)"}, {"text": "vector 1 sends 0 (TLP-05)"},
            {"text": "vector 1 reads 0 (TLP-05)", "check": "d"})}
        self.assertEqual(len(names), 4)

    def test_most_failures_first_and_in_them_the_smallest(self):
        failed = [result(seed=seed, verdict="failed", text="a lot", cycles=100 - seed) for seed in (1, 2, 3)]
        failed += [result("u", verdict="failed", text="once")]
        grouped = buckets.group(failed, {jobs.Job("one", "t", 2): 4})
        self.assertEqual([len(results) for results in grouped.values()], [3, 1])
        self.assertEqual([r["seed"] for r in next(iter(grouped.values()))], [2, 3, 1])  # cut first, then fewest clocks


class Results(Case):
    def test_a_torn_line_is_no_result_and_the_next_one_is_whole(self):
        one = store.Store(self.base)
        one.add(result(seed=1))
        with open(one.part, "ab") as file:
            file.write(b'{"name": "t", "conf')
        one.file.close()
        again = store.Store(self.base)
        self.assertTrue(again.add(result(seed=2)))
        again.close()
        self.assertEqual([r["seed"] for r in self.lines(self.base)], [1, 2])

    def test_a_job_counts_once_and_disagreement_is_kept(self):
        one = store.Store(self.base)
        self.assertTrue(one.add(result()))
        self.assertFalse(one.add(result()))
        self.assertEqual(one.conflicts, [])
        self.assertFalse(one.add(result(verdict="failed")))
        self.assertEqual(len(one.conflicts), 1)
        one.close()
        self.assertEqual(len(self.lines(self.base)), 1)

    def test_of_duplicates_the_same_is_kept_in_any_order(self):
        three = [result(), result(verdict="failed"), result(wall_s=0.05), {"result": "refused", "name": "t", "config": "one", "seed": 1}]
        self.assertEqual(merge.canonical(three), merge.canonical(three[::-1]))
        self.assertEqual(merge.canonical(three)["result"], "failed")

    def test_coverage_adds_up_in_any_order(self):
        texts = ["C '\1page\2v_functional/b\1o\2x' 1\nC '\1page\2v_functional/b\1o\2y' 0\n",
                 "# head\nC '\1page\2v_functional/b\1o\2x' 2\nC '\1page\2v_line/b\1o\2x' 5\nC '\1page\2v_functional/b\1o\2y' 0\n"]
        written = []
        for order in (texts, texts[::-1]):
            coverage = cover.Coverage()
            for number, text in enumerate(order):
                files.write(os.path.join(self.base, str(number)), text)
                self.assertTrue(coverage.add_file(os.path.join(self.base, str(number))))
            coverage.write(os.path.join(self.base, "all"))
            written.append(self.read(self.base, "all"))
            self.assertEqual(coverage.functional(), (1, 2))
        self.assertEqual(*written)
        self.assertIn("x' 3", written[0])
        self.assertFalse(coverage.add_file(os.path.join(self.base, "none")))


class Evidence(unittest.TestCase):
    def test_the_window_begins_at_the_last_quiet_point(self):
        busy = [10, 20, *range(500, 700, 10)]
        self.assertEqual(evidence.window(busy, 690), (500 - evidence.MARGIN, 690 + evidence.AFTER))

    def test_it_has_some_clocks_at_least_and_not_too_many(self):
        self.assertEqual(evidence.window([100], 100)[0], 100 - evidence.LEAST)
        self.assertEqual(evidence.window(range(9000), 8999)[0], 8999 - evidence.MOST)
        self.assertEqual(evidence.window([], 5)[0], 0)

    def test_the_first_difference_of_two_logs(self):
        one, other = "head\n  5  rx  a\n 10  tx  b\n", "head\n  5  rx  a\n  8  tx  c\n 10  tx  b\n"
        self.assertEqual(evidence.first_difference(one, other), (8, [" 10  tx  b", "(over)"], ["  8  tx  c", " 10  tx  b"]))
        self.assertIsNone(evidence.first_difference(one, one))

    def test_a_cut_list_keeps_what_matters(self):
        lines = [str(number) for number in range(100)]
        self.assertEqual(cut.cut(lines, lambda some: {"3", "77"} <= set(some)), ["3", "77"])
        self.assertEqual(len(cut.cut(lines, lambda some: "5" in some, most_trials=1)), 100)

    def test_operations_are_lines(self):
        self.assertEqual(evidence.operations("# text\nseed 5\n\nevent 1\nwait 3\n"), 2)


class Words(unittest.TestCase):
    def test_requirements_have_their_meaning(self):
        lines = explain.meaning(result(verdict="failed", text="vector 1 (MSIX-PBA-06)"))
        self.assertRegex(lines[0], r"^  MSIX-PBA-06  \w+")
        self.assertRegex(lines[1], r"^  ENV-01  \w+")

    def test_the_last_tlps_end_at_the_failure(self):
        log = "clock direction what\n" + "".join(f"{clock:10}  rx  MWr {clock}\n" for clock in range(0, 300, 10))
        lines = explain.last_tlps(log, 200)
        self.assertIn("clock 200", lines[explain.LAST_LINES])
        self.assertEqual(len(lines), explain.LAST_LINES + 1 + 4)
        self.assertIn("MWr 240", lines[-1])

    def test_time_left(self):
        self.assertEqual([progress.clock(s) for s in (5, 65, 3661)], ["0:05", "1:05", "1:01:01"])

    def test_the_live_line_is_no_longer_than_the_terminal(self):
        to = io.StringIO()
        live = progress.Progress(to, True, [jobs.Job("one", "a", 1)], lambda job: 1.0)
        live.shown = 0  # long ago
        with unittest.mock.patch.object(progress, "columns", return_value=40):
            live.tick()
        self.assertEqual(len(to.getvalue().removeprefix("\r\033[K")), 39)


class History(Case):
    info = {"run": "r1", "commit": "c", "sim_args": "", "started": "1"}

    def setUp(self):
        super().setUp()
        self.history = history.History(os.path.join(self.base, "h", "history.db"))

    def append(self, run, *results):
        self.history.append({**self.info, "run": run}, results, buckets.name)

    def test_failed_last_time_and_longest_first(self):
        self.append("r1", result("short", wall_s=0.01), result("long", wall_s=1.0), result("short", 2, "failed"))
        todo = [jobs.Job("one", "short", 1), jobs.Job("one", "long", 1), jobs.Job("one", "short", 2), jobs.Job("one", "new", 1)]
        ordered = run.order(todo, self.history.durations(), self.history.failing())
        self.assertEqual([(job.test, job.seed) for job in ordered], [("short", 2), ("new", 1), ("long", 1), ("short", 1)])
        self.append("r2", result("short", 2))
        self.assertEqual(self.history.failing(), set())

    def test_another_verdict_or_traffic_of_the_same_program_is_flaky(self):
        self.append("r1", result(seed=1), result(seed=2), result(seed=3), result(seed=4), result(seed=2 ** 64 - 1))
        self.append("r2", result(seed=1), result(seed=2, verdict="failed"), result(seed=3, log_hash="z"),
                    result(seed=4, log_hash="z", build="other"), result(seed=2 ** 64 - 1, log_hash="z"))
        self.assertEqual({row[2] for row in self.history.flaky("r2")}, {"2", "3", str(2 ** 64 - 1)})
        self.assertEqual(len(self.history.flaky()), 3)
        self.assertEqual(history.show(self.history.path, "flaky").count("\n"), 4)

    def test_appending_again_replaces(self):
        self.append("r1", result())
        self.append("r1", result())
        self.assertEqual(self.history.slowest()[0][4], 1)

    def test_a_history_without_options_is_still_read(self):
        os.makedirs(os.path.dirname(self.history.path))
        with sqlite3.connect(self.history.path) as database:
            database.executescript(history.SCHEMA.replace(", sim_args TEXT", ""))
            database.execute("INSERT INTO runs (run, started) VALUES ('r1', '1'), ('r2', '2')")
            database.execute("INSERT INTO results (run, args, config, test, seed) VALUES ('r1', '--fault x', 'one', 't', '1')")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:  # all at once
            list(pool.map(lambda name: self.history.append_run({"run": name, "started": name}), ("r3", "r4", "r5", "r6")))
        self.assertEqual([row[-1] for row in self.history.trend()], ["--fault x"] + 5 * [""])

    def test_tables(self):
        self.assertIn("no history yet", history.show(self.history.path, "trend"))
        self.history.append_run({"run": "r1", "jobs": 3, "started": "1", "commit_id": "abc", "bins": None})
        self.history.append_run({"run": "r2", "jobs": 4, "started": "2", "commit_id": "def", "dirty": True, "sim_args": "--fault x"})
        text = history.show(self.history.path, "trend")
        self.assertRegex(text, r"r1 +abc +3")
        self.assertRegex(text, r"r2 +def\+ +4 .* --fault x\n")
        self.assertIn("none:", history.show(self.history.path, "flaky"))


if __name__ == "__main__":
    unittest.main()
