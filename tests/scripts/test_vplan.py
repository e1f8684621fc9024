"""Unit tests of scripts/vplan.py: what counts as evidence."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
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

    def test_the_plan_has_every_requirement_once(self):
        self.assertEqual(self.ids(vplan.read_plan(), vplan.read_requirements()), "")


if __name__ == "__main__":
    unittest.main()
