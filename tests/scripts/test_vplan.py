"""Unit tests of scripts/vplan.py: what counts as evidence."""

import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
import lint  # noqa: E402
import vplan  # noqa: E402

CHECKS = {"checks": {"msg_masked": {}, "pba_value": {}}}


def run(name, result="passed", checks=("msg_masked",)):
    return {"name": name, "result": result, "evaluated": {check: 1 for check in checks}}


def row(requirement="RACE-01", level="M", checks="msg_masked", tests="mask_*", bins="", note=""):
    return dict(requirement=requirement, level=level, checks=checks, tests=tests, bins=bins, note=note)


def judged(one, lines=(), bins=None, exists=lambda feature: False, **more):
    evidence = vplan.Evidence([CHECKS, *lines], bins or {})
    wrong = vplan.judge([one], {one["requirement"]: one["level"]}, evidence, exists=exists, **more)
    return " ".join(text for _, text in wrong)


class Evidence(unittest.TestCase):
    def test_a_passed_test_that_evaluated_the_check(self):
        self.assertEqual(judged(row(), [run("mask_holds")]), "")

    def test_a_check_that_was_evaluated_elsewhere_only(self):
        text = judged(row(), [run("mask_holds", checks=()), run("other")])
        self.assertIn("was not evaluated in its tests", text)

    def test_failed_skipped_and_absent_tests(self):
        self.assertIn("has failed", judged(row(), [run("mask_holds", "failed")]))
        self.assertIn("has failed", judged(row(), [run("mask_holds"), run("mask_holds", "failed")]))
        self.assertIn("no test", judged(row(), [run("mask_holds", "skipped")]))
        self.assertEqual(judged(row(), [run("mask_holds"), run("mask_holds", "skipped")]), "")

    def test_unknown_check_and_bin(self):
        self.assertIn("there is no check", judged(row(checks="msg_maskd"), [run("mask_holds")]))
        self.assertIn("there is no bin", judged(row(bins="race.x.*"), [run("mask_holds")], {"race.y.1": 3}))

    def test_bins_are_hit_or_waived(self):
        bins = {"race.x.1": 2, "race.x.2": 0}
        self.assertIn("1 of 2 bins", judged(row(bins="race.x.*"), [run("mask_holds")], bins))
        self.assertEqual(judged(row(bins="race.x.*"), [run("mask_holds")], bins, waived={"race.x.2"}), "")

    def test_mandatory_rows_need_both(self):
        self.assertIn("needs checks and tests", judged(row(tests=""), [run("mask_holds")]))
        self.assertIn("needs checks and tests", judged(row(checks=""), [run("mask_holds")]))
        self.assertEqual(judged(row(level="P", checks="", tests="")), "")


class WrittenRows(unittest.TestCase):
    """What out/vplan_rows.json says of a row."""

    def rows(self, *plan, lines=(), bins=None, waived=()):
        evidence = vplan.Evidence([CHECKS, *lines], bins or {})
        wrong = vplan.judge(plan, {"RACE-01": "M", "RACE-02": "P", "RACE-03": "M"}, evidence, waived, exists=lambda feature: False)
        return vplan.rows(plan, evidence, waived, wrong)

    def test_counts_of_runs_evaluations_and_bins(self):
        lines = [run("mask_a"), run("mask_a"), run("mask_b", "failed"), run("mask_b"), run("mask_c", "skipped"), run("other")]
        found = self.rows(row(tests="mask_* other", bins="race.x.* race.y"), lines=lines,
                          bins={"race.x.1": 3, "race.x.2": 0, "race.x.3": 0, "race.y": 1}, waived={"race.x.2", "race.y"})["rows"][0]
        self.assertEqual(found["tests"], [{"name": "mask_*", "tests": 2, "passed": 3, "failed": 1},
                                          {"name": "other", "tests": 1, "passed": 1, "failed": 0}])
        self.assertEqual(found["checks"], [{"name": "msg_masked", "evaluated": 5}])
        self.assertEqual(found["bins"], [{"name": "race.x.*", "bins": 3, "hit": 1, "waived": 1},
                                         {"name": "race.y", "bins": 1, "hit": 1, "waived": 0}])
        self.assertEqual(found["state"], "missing")
        self.assertEqual(len(found["wrong"]), 2)  # the test that failed, the bin that was not hit

    def test_states(self):
        plan = [row("RACE-01"), row("RACE-02", "P", checks="", tests="", note="undefined"),
                row("RACE-03", checks="", tests="", note="deferred:MSI later")]
        found = self.rows(*plan, lines=[run("mask_a")])
        self.assertEqual([one["state"] for one in found["rows"]], ["evident", "not claimed", "deferred"])
        self.assertEqual(found["wrong"], [])
        found = self.rows(row("RACE-09", checks="", tests="x"))
        self.assertEqual(found["rows"][0]["state"], "missing")
        self.assertEqual(len(found["wrong"]), 4)  # no such requirement, and three without a row


class Deferred(unittest.TestCase):
    def test_a_feature_that_is_missing(self):
        self.assertEqual(judged(row(checks="", tests="", note="deferred:FLR later")), "")

    def test_a_feature_that_exists_or_is_unknown(self):
        self.assertIn("by now", judged(row(note="deferred:FLR later"), exists=lambda feature: True))
        self.assertIn("no feature", judged(row(note="deferred:FLRX later"), exists=vplan.feature_exists))
        self.assertIn("names a feature", judged(row(note="deferred:FLR")))


class Rows(unittest.TestCase):
    def ids(self, plan, requirements):
        return " ".join(vplan.judge_ids(plan, requirements))

    def test_ids(self):
        self.assertEqual(self.ids([row()], {"RACE-01": "M"}), "")
        self.assertIn("no such requirement", self.ids([row("RACE-99")], {}))
        self.assertIn("two rows", self.ids([row(), row()], {"RACE-01": "M"}))
        self.assertIn("has no row", self.ids([], {"RACE-01": "M"}))
        self.assertIn("its level is M", self.ids([row(level="P")], {"RACE-01": "M"}))

    def test_what_is_wrong_with_no_row_is_counted(self):
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(vplan.table([row()], [(None, "RACE-02: has no row")])["wrong"], 1)
            self.assertEqual(vplan.table([row()], [])["wrong"], 0)

    def test_a_configuration_without_results_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            for config in lint.configurations():
                open(f"{folder}/{config}.json", "w", encoding="utf-8").close()
            self.assertEqual(vplan.absent(folder), [])
            os.remove(f"{folder}/odd.json")
            self.assertEqual(vplan.absent(folder), [(None, f"there are no results of the configuration odd in {folder}")])

    def test_the_plan_has_every_requirement_once(self):
        self.assertEqual(self.ids(vplan.read_plan(), vplan.read_requirements()), "")


if __name__ == "__main__":
    unittest.main()
