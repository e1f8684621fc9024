"""Whole runs of the regression runner with programs that crash, hang, differ and fail on purpose."""

import contextlib
import os
import re
import shutil
import signal
import time
import unittest
import unittest.mock
import xml.etree.ElementTree as xml

from regress_case import Case
from regress import cover, files, history


class Runs(Case):
    def test_all_passed(self):
        status, text = self.regress("--test", "pass_*", "--seeds", "10", config="one,two")
        self.assertEqual(status, 0, text)
        self.assertEqual(len(self.outcomes()), 40)
        self.assertIn("40 passed, 0 failed, 0 skipped", text)
        figures = self.json(self.results, "regress.json")
        self.assertEqual((figures["jobs"], figures["passed"], figures["failed"], figures["messages"]), (40, 40, 0, 120))
        self.assertEqual(self.json(self.folder(), "run.json")["state"], "complete")

    def test_skips_are_no_failures_but_nothing_else_is_no_success(self):
        self.assertEqual(self.regress("--test", "[ps]*_[oa][nl]*", "--seeds", "2")[0], 0)
        self.assertEqual(self.regress("--test", "skip_all")[0], 3)

    def test_failures_are_grouped_explained_and_done_again(self):
        status, text = self.regress("--test", "*_two", "--seeds", "9", config="one,two")
        self.assertEqual(status, 1)
        self.assertIn("32 passed, 4 failed", text)
        self.assertIn("1 problem:", text)
        [bucket] = [entry for entry in os.listdir(os.path.join(self.folder(), "failures"))]
        summary = self.read(self.folder(), "failures", bucket, "summary.txt")
        for part in ("event_lost [MSIX-PBA-11, RACE-18]: 4 runs fail like this", "vector 11 at 0x1000: lost", "  RACE-18  ",
                     "fail_two --seed 1", "What the bench knew", "entry 1: mask 1", "rx  MWr", "run.fst"):
            self.assertIn(part, summary)
        evidence = os.path.join(self.folder(), "failures", bucket, "one-fail_two-1")
        self.assertEqual(self.read(evidence, "run.fst"), "60:130")
        self.assertIn("  none: only random tests are scenarios", summary)
        self.assertTrue(self.json(evidence, "evidence.json")["repeated"])
        cases = xml.parse(os.path.join(self.folder(), "junit.xml")).getroot()
        self.assertEqual([suite.get("failures") for suite in cases], ["2", "2"])
        self.assertEqual(len(cases.findall(".//testcase")), 36)
        self.assertIn("MSIX-PBA-11", cases.find(".//failure").get("message"))

    def test_the_smallest_scenario_is_first(self):
        status, _ = self.regress("--test", "random_*", "--seeds", "20", "--evidence", "9")
        self.assertEqual(status, 1)
        [bucket] = os.listdir(os.path.join(self.folder(), "failures"))
        summary = self.read(self.folder(), "failures", bucket, "summary.txt")
        self.assertIn("4 runs fail", summary)  # seeds 5, 10, 15, 20 with 15, 10, 5 and no operation left
        self.assertRegex(summary, r"Smallest: one random_mixed seed 20\b")
        self.assertIn("Minimal scenario (0 of 9 operations", summary)

    def test_evidence_is_limited(self):
        self.regress("--test", "random_*", "--seeds", "50", "--evidence", "2", "--first-seed", "5")
        [bucket] = os.listdir(os.path.join(self.folder(), "failures"))
        self.assertIn(len(os.listdir(os.path.join(self.folder(), "failures", bucket))), (3, 4))  # summary, two, the smallest
        self.assertIn("10 runs fail like this", self.read(self.folder(), "failures", bucket, "summary.txt"))

    def test_a_crash_a_hang_and_an_early_end_fail_their_own_job_only(self):
        status, text = self.regress("--test", "*_[tso][hewn][ico]*", "--seeds", "8", "--wall-limit", "3")
        self.assertEqual(status, 1)
        outcomes = self.outcomes()
        self.assertEqual(len(outcomes), 8 * 5)
        failed = sorted(job[1:] for job, (verdict, _) in outcomes.items() if verdict == "failed")
        self.assertEqual(failed, [("crash_third", 3), ("fail_two", 1), ("fail_two", 2), ("hang_second", 2), ("leave_third", 3)])
        self.assertIn("signal 11 (SIGSEGV): fake: about to crash", text)
        self.assertIn("not over after 3 s", text)
        self.assertIn("exit status 0, in the middle of the run", text)
        self.assertIn("4 problems", text)

    def test_the_scenario_of_a_crash_is_cut_too(self):
        status, text = self.regress("--test", "random_mixed", "--first-seed", "1013", "--seeds", "1")
        self.assertEqual(status, 1)
        self.assertIn("SIGABRT", text)
        self.assertIn("(1 operation)", text)
        [bucket] = os.listdir(os.path.join(self.folder(), "failures"))
        self.assertIn("  boom\n\n", self.read(self.folder(), "failures", bucket, "summary.txt"))

    def test_who_is_killed_or_too_late_is_not_held_against_later_runs(self):
        for trouble, words in ("late", "not over after"), ("killed", "from outside by signal 9 (SIGKILL)"):
            with unittest.mock.patch.dict(os.environ, FAKE_TROUBLE=trouble):
                status, text = self.regress("--test", "pass_one", "--evidence", "0", "--wall-limit", "3")
                self.assertEqual(status, 1, text)
                self.assertIn(words, text)
        self.assertEqual(self.regress("--test", "pass_one")[0], 0)
        self.assertIn("none: the same program", self.regress("--history", "flaky")[1])

    def test_stops_after_so_many_failures(self):
        status, text = self.regress("--test", "random_*", "--seeds", "500", "--max-fail", "3", "--evidence", "0")
        self.assertEqual(status, 1)
        self.assertIn("stopped after 3 failures", text)
        self.assertLess(len(self.lines()), 60)

    def test_rerun_is_what_failed(self):
        self.regress("--test", "*_two", "--seeds", "9", "--evidence", "0")
        status, _ = self.regress("--rerun")
        self.assertEqual(status, 1)
        self.assertEqual(sorted(self.outcomes()), [("one", "fail_two", 1), ("one", "fail_two", 2)])
        self.assertEqual(self.regress("--rerun", "--programs")[1], f"{self.build}/one/sim\n")
        self.regress("--test", "pass_*")
        status, text = self.regress("--rerun")
        self.assertEqual(status, 0)
        self.assertIn("nothing of it failed in ", text)

    def test_rerun_does_not_lose_what_it_did_not_come_to(self):
        self.regress("--test", "*_t[wh]*", "--seeds", "9", "--evidence", "0")
        first, failed = os.path.basename(self.folder()), 4
        for _ in range(2):  # each ends at its first failure
            self.assertEqual(self.regress("--rerun", "--max-fail", "1", "--jobs", "1", "--evidence", "0")[0], 1)
        self.assertIn(f"{failed} jobs, {failed} to run", self.regress("--rerun", "--evidence", "0")[1])
        self.regress("--test", "pass_*")
        self.assertIn(f"{failed} jobs, {failed} to run", self.regress("--rerun", first, "--evidence", "0")[1])
        self.assertIn("2 jobs, 2 to run", self.regress("--rerun", first, "--test", "fail_*", "--evidence", "0")[1])

    def test_rerun_is_of_the_same_programs(self):
        self.regress("--test", "*_two", "--evidence", "0")
        status, text = self.regress("--rerun", "--build", "elsewhere")
        self.assertEqual(status, 2)
        self.assertIn("the last run was of the programs in", text)

    def test_the_policy_of_a_block_is_given_to_every_run_and_kept(self):
        self.regress("--test", "*_two", "--evidence", "0", "--policy", "some/policy", "--sim-args", "--limit 5")
        self.assertEqual(self.json(self.folder(), "run.json")["sim_args"], "--policy some/policy --limit 5")
        self.regress("--rerun", "--evidence", "0")
        self.assertEqual(self.json(self.folder(), "run.json")["sim_args"], "--policy some/policy --limit 5")

    def test_a_job_that_differs_from_run_to_run_is_an_error(self):
        self.assertEqual(self.regress("--test", "flaky_all")[0], 0)
        status, text = self.regress("--test", "flaky_all")
        self.assertEqual(status, 1)
        self.assertIn("1 run not repeatable", text)
        self.assertIn("one flaky_all 1: other traffic", text)
        self.assertEqual(self.json(self.results, "regress.json")["flaky"], 1)
        self.assertIn("not_repeatable", self.read(self.folder(), "junit.xml"))
        self.assertIn("flaky_all", self.regress("--history", "flaky")[1])

    def test_a_broken_description_of_a_run_is_refused(self):
        self.regress("--test", "fail_two", "--evidence", "0")
        for text, why in (("{", "is missing"), ('{"run": "r"}', "run.json is broken: it does not say commit, dirty, "),
                          ("[1]", "run.json is broken: it does not say run, ")):
            with open(os.path.join(self.folder(), "run.json"), "w", encoding="utf-8") as file:
                file.write(text)
            for words in (["--resume"], ["--rerun"], ["--merge", self.folder()]):
                status, said = self.regress(*words)
                self.assertEqual(status, 2, said)
                self.assertIn(why, said)

    def test_a_broken_database_is_refused_before_anything_is_run(self):
        os.makedirs(self.results)
        with open(os.path.join(self.results, "history.db"), "w", encoding="utf-8") as file:
            file.write("no database" * 100)
        for words in (("--test", "pass_one"), ("--history", "trend")):
            status, text = self.regress(*words)
            self.assertEqual(status, 3)
            self.assertIn("history.db cannot be used: file is not a database; moved away, a new one is begun", text)

    def test_a_database_that_breaks_meanwhile_takes_no_report_but_the_run_is_not_whole(self):
        with unittest.mock.patch.object(history.History, "append", side_effect=files.Refused("history.db is broken")):
            status, text = self.regress("--test", "pass_one")
        self.assertEqual(status, 3)
        self.assertIn("1 passed, 0 failed", text)
        self.assertIn("history.db is broken", self.read(self.folder(), "summary.txt"))
        self.assertEqual(self.json(self.results, "regress.json")["state"], "broken")

    def test_coverage_is_added_up(self):
        status, text = self.regress("--test", "pass_*", "--seeds", "10", "--cover")
        self.assertEqual(status, 0)
        self.assertIn("functional coverage: 2 of 3 bins", text)
        self.assertIn("a' 20\n", self.read(self.folder(), "cover.dat"))
        self.assertIn("b' 10\n", self.read(self.folder(), "cover.dat"))
        self.assertNotIn("scratch", os.listdir(self.folder()))

    def test_ctrl_c_does_not_part_a_result_from_its_coverage(self):
        add, paths = cover.Coverage.add_file, []

        def interrupted(coverage, path):
            add(coverage, path)
            paths.append(path)
            if len(paths) == 5:
                signal.raise_signal(signal.SIGINT)
        with unittest.mock.patch.object(cover.Coverage, "add_file", interrupted):
            self.assertEqual(self.regress("--test", "pass_*", "--seeds", "10", "--cover")[0], 3)
        self.assertIn(f"a' {len(self.lines())}\n", self.read(self.folder(), "cover.dat"))
        self.assertEqual(self.regress("--resume")[0], 0)
        self.assertIn("a' 20\n", self.read(self.folder(), "cover.dat"))

    def test_wrong_usage_and_what_cannot_run(self):
        for status, words, sentence in (
                (2, ["--test", "none_*"], "no test of one matches"), (2, ["--seeds", "0"], "number from 1 on"),
                (2, ["--shard", "4/3"], "--shard takes I/N"), (2, ["--resume"], "there is no run"), (2, ["--what"], "unrecognized"),
                (2, ["--run-jobs", "/none"], "cannot read the list"), (2, ["--profile", "x"], "invalid choice"),
                (2, ["--run-jobs", "/dev/null"], "/dev/null has no such job"), (2, ["--wall-limit", "0"], "seconds, more than 0"),
                (2, ["--first-seed", "18446744073709551616"], "a number of 64 bits"),
                (2, ["--rerun", "--seeds", "2"], "--rerun and --seeds contradict each other"),
                (2, ["--resume", "--config", "one"], "--resume and --config contradict each other"),
                (2, ["--test", "pass_*", "--sim-args=--wrong 1"], "--wrong 1: sim: unknown option --wrong"),
                (3, ["--test", "refuse_all"], "1 job could not be judged")):
            with self.subTest(words):
                got, text = self.regress(*words)
                self.assertEqual(got, status, text)
                self.assertIn(sentence, text)
        self.assertEqual(self.regress(config="three")[0], 2)
        self.assertEqual(len(os.listdir(os.path.join(self.results, "regress"))), 2)  # of the one that ran, and `latest`

    def test_a_queue_that_ends_a_job_does_not_look_like_a_crash(self):
        runner = self.start("--test", "hang_second", "--seeds", "2")
        sim = self.child(runner.pid, "--batch")
        with open(f"/proc/{sim}/status", encoding="utf-8") as file:
            blocked = int(dict(line.split(":", 1) for line in file)["SigBlk"], 16)
        self.assertTrue(blocked >> signal.SIGTERM - 1 & 1)  # Slurm sends it to all processes of a task
        runner.terminate()
        self.assertIn("0 failed", runner.communicate(timeout=60)[0])
        self.assertEqual(runner.returncode, 3)

    def child(self, parent, word):
        """A child with this word in its command line."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for pid in self.read(f"/proc/{parent}/task/{parent}/children").split():
                with contextlib.suppress(OSError):  # it is over
                    if word in self.read(f"/proc/{pid}/cmdline").split("\0"):
                        return pid
            time.sleep(0.01)
        raise AssertionError(f"no child with {word}")


class Parts(Case):
    def test_shards_merged_are_the_whole(self):
        words = ["--test", "[pfr]*_*[tmo]*", "--seeds", "20", "--evidence", "1", "--cover"]
        self.regress(*words, config="one,two")
        whole, figures = self.outcomes(), self.json(self.results, "regress.json")
        coverage = self.read(self.folder(), "cover.dat")
        parts = [os.path.join(self.base, f"part{index}") for index in (1, 2, 3)]
        for index, part in enumerate(parts, 1):
            self.regress(*words, "--shard", f"{index}/3", "--out", part, config="one,two")
        self.assertEqual(sum(len(self.lines(part)) for part in parts), len(whole))
        for order in (parts, [*parts[::-1], parts[1]]):
            status, text = self.regress("--merge", *order)
            self.assertEqual(status, 1, text)
            self.assertEqual(self.outcomes(), whole)
            self.assertEqual(self.read(self.folder(), "cover.dat"), coverage)
            merged = self.json(self.results, "regress.json")
            own = dict.fromkeys(("wall_s", "cpu_s", "run", "measured"))
            self.assertEqual({**merged, **own}, {**figures, **own})
        self.assertTrue(any(name.endswith("evidence.json") for _, _, names in os.walk(self.folder()) for name in names))
        status, text = self.regress("--merge", *parts[:2])
        self.assertIn("shard 3/3 is missing", text)

    def test_lists_of_jobs_can_be_run_elsewhere(self):
        path = os.path.join(self.base, "jobs.txt")
        self.assertEqual(self.regress("--test", "pass_*", "--seeds", "3", "--list-jobs", path)[0], 0)
        self.assertEqual(len(self.read(path).splitlines()), 6)
        self.assertEqual(self.regress("--run-jobs", path)[0], 0)
        self.assertEqual(len(self.lines()), 6)
        self.assertIn("one pass_one 1\n", self.regress("--test", "pass_*", "--list-jobs", "-")[1])

    def test_a_part_leaves_nothing_elsewhere(self):
        self.regress("--test", "pass_*", "--out", os.path.join(self.base, "part"))
        self.assertFalse(os.path.exists(self.results))
        status, text = self.regress("--test", "pass_*", "--out", os.path.join(self.base, "part"))
        self.assertEqual(status, 2)
        self.assertIn("has a run already", text)


    def test_an_empty_shard_is_a_part_too(self):
        parts = [os.path.join(self.base, f"part{index}") for index in (1, 2)]
        texts = []
        for index, part in enumerate(parts, 1):
            status, text = self.regress("--test", "pass_one", "--shard", f"{index}/2", "--out", part)
            self.assertEqual(status, 0, text)
            self.assertTrue(os.path.exists(os.path.join(part, "junit.xml")))
            texts.append(text)
        self.assertIn("no job falls to shard", "".join(texts))
        self.assertEqual(self.regress("--merge", *parts)[0], 0)
        self.assertEqual(len(self.lines()), 1)

    def test_a_merged_run_names_its_own_files(self):
        part = os.path.join(self.base, "part")
        self.regress("--test", "random_mixed", "--seeds", "5", "--out", part)
        moved = shutil.move(part, os.path.join(self.base, "elsewhere"))  # as what a CI server hands on
        self.regress("--merge", moved)
        [bucket] = os.listdir(os.path.join(self.folder(), "failures"))
        summary = self.read(self.folder(), "failures", bucket, "summary.txt")
        replayed = re.search("--replay (\\S+)", summary)[1]
        self.assertTrue(os.path.exists(replayed), replayed)
        self.assertIn(self.folder(), os.path.realpath(replayed))


class Interrupted(Case):
    def test_an_end_that_comes_with_the_first_line_leaves_reports(self):
        for number in signal.SIGINT, signal.SIGTERM:
            runner = self.start("--test", "hang_second", "--seeds", "2", start_new_session=True)
            self.assertIn("2 jobs, 2 to run", runner.stdout.readline())
            os.killpg(runner.pid, number)
            self.assertIn("interrupted; ", runner.communicate(timeout=60)[0])
            self.assertEqual(self.json(self.folder(), "run.json")["state"], "interrupted")
            self.assertTrue(os.path.exists(os.path.join(self.folder(), "junit.xml")))

    def test_a_second_runner_in_one_folder_is_refused(self):
        runner = self.start("--test", "hang_second", "--seeds", "2", start_new_session=True)
        self.assertIn("2 jobs, 2 to run", runner.stdout.readline())
        status, text = self.regress("--resume")
        self.assertEqual(status, 2)
        self.assertIn("a runner is at work there", text)
        self.assertEqual(self.json(self.folder(), "run.json")["state"], "running")
        os.killpg(runner.pid, signal.SIGINT)
        self.assertIn("interrupted; ", runner.communicate(timeout=60)[0])

    def test_figures_of_an_older_run_are_not_those_of_one_that_was_killed(self):
        self.regress("--test", "pass_*")
        runner = self.start("--test", "hang_second", "--seeds", "2", start_new_session=True)
        self.until(lambda: "has not ended" in self.json(self.results, "regress.json")["state"])
        os.killpg(runner.pid, signal.SIGKILL)
        runner.communicate(timeout=60)
        self.assertEqual(self.json(self.results, "regress.json")["passed"], 2)
        self.assertIn("has not ended", self.json(self.results, "regress.json")["state"])

    def test_evidence_that_ctrl_c_breaks_off_is_none(self):
        runner = self.start("--test", "random_mixed", "--seeds", "5", start_new_session=True, env={**os.environ, "FAKE_SLOW": "1"})
        failures = os.path.join(self.results, "regress", "latest", "failures")
        self.until(lambda: os.path.isdir(failures) and any("slow" in names for _, _, names in os.walk(failures)))
        os.killpg(runner.pid, signal.SIGINT)
        text = runner.communicate(timeout=60)[0]
        self.assertEqual(runner.returncode, 1)
        self.assertNotIn("not repeatable", text)
        [bucket] = os.listdir(failures)
        self.assertEqual(os.listdir(os.path.join(failures, bucket)), ["summary.txt"])

    def until(self, happened):
        end = time.monotonic() + 60
        while not happened():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def interrupt(self, number):
        process = self.start("--test", "[ph]*", "--seeds", "300", start_new_session=True)
        part = os.path.join(self.results, "regress", "latest", "results.jsonl.part")
        self.until(lambda: os.path.exists(part) and os.path.getsize(part) > 20000)
        os.killpg(process.pid, number)
        text, _ = process.communicate(timeout=60)
        return process.returncode, text

    def go_on(self):
        """The rest runs, and nothing runs twice; the one that hangs is a failure by the limit of the runner."""
        status, text = self.regress("--resume", "--wall-limit", "3", "--evidence", "0")
        self.assertEqual(status, 1)
        self.assertEqual(len(self.outcomes()), 900)
        self.assertIn("899 passed, 1 failed", text)

    def test_ctrl_c_leaves_reports_and_resume_goes_on(self):
        status, text = self.interrupt(signal.SIGINT)
        self.assertEqual(status, 3, text)
        self.assertIn("interrupted; `scripts/regress.py --resume` runs the rest", text)
        before = self.outcomes()
        self.assertTrue(0 < len(before) < 900)
        self.assertEqual(self.json(self.folder(), "run.json")["state"], "interrupted")
        self.assertEqual(len(xml.parse(os.path.join(self.folder(), "junit.xml")).findall(".//testcase")), len(before))
        self.go_on()
        self.assertTrue(before.items() <= self.outcomes().items())

    def test_even_a_killed_runner_loses_nothing(self):
        self.assertEqual(self.interrupt(signal.SIGKILL)[0], -signal.SIGKILL)
        self.go_on()

    def test_another_program_does_not_go_on(self):
        self.interrupt(signal.SIGINT)
        with open(os.path.join(self.build, "one", "sim"), "a", encoding="utf-8") as file:
            file.write("# built again\n")
        status, text = self.regress("--resume")
        self.assertEqual(status, 2)
        self.assertIn("have changed since", text)


if __name__ == "__main__":
    unittest.main()
