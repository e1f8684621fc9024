"""The runner with the real program: what passes, what a bug of the block leaves as evidence, what a last clock does."""

import os
import unittest

from regress_case import ROOT, Case

PROGRAM = "build/small/sim"


class Real(Case):
    def setUp(self):
        super().setUp()
        self.build = os.path.join(ROOT, "build")
        self.assertTrue(os.path.exists(PROGRAM), f"`make {PROGRAM}` comes first")

    def run_small(self, *more):
        return self.regress(*more, config="small")

    def buckets(self):
        folder = os.path.join(self.folder(), "failures")
        return {name: self.read(folder, name, "summary.txt") for name in sorted(os.listdir(folder))}

    def evidence(self, bucket):
        folder = os.path.join(self.folder(), "failures", bucket)
        for entry in sorted(os.listdir(folder)):
            if os.path.isdir(os.path.join(folder, entry)):
                yield os.path.join(folder, entry), self.json(folder, entry, "evidence.json")

    def test_passes_twice_the_same(self):
        for _ in range(2):
            status, text = self.run_small("--test", "random_[mq]*", "--seeds", "3", "--cover")
            self.assertEqual(status, 0, text)
        self.assertEqual(len(self.outcomes()), 15)
        self.assertRegex(text, r"functional coverage: [1-9]\d+ of \d+ bins")

    def test_a_bug_is_explained(self):
        status, text = self.run_small("--test", "random_[mq]*", "--seeds", "3", "--sim-args", "--fault-as-bug mask_lost")
        self.assertEqual(status, 1, text)
        self.assertNotIn("not repeatable", text)
        masked = next(name for name in self.buckets() if name.startswith("msg_masked"))
        summary = self.buckets()[masked]
        for part in ("MSIX-PBA-06  ", "Minimal scenario", "--replay ", "--fault-as-bug mask_lost", "short.fst", "possible: ", "message vector"):
            self.assertIn(part, summary)
        cut = [facts for _, facts in self.evidence(masked) if "operations" in facts]
        self.assertTrue(cut and all(0 < facts["operations"] < 30 for facts in cut))
        for folder, facts in self.evidence(masked):
            self.assertTrue(facts["repeated"])
            for name in facts["files"]:
                self.assertGreater(os.path.getsize(os.path.join(folder, name)), 0, name)
            start, end = facts["run_window"]
            self.assertTrue(start < facts["run_time"] < end)

    def test_runs_that_differ_by_power_up_are_compared(self):
        self.run_small("--test", "random_quiet", "--sim-args", "--fault-as-bug power_up_leak")
        [(name, summary)] = self.buckets().items()
        self.assertIn("Where the two runs part", summary)
        [(_, facts)] = self.evidence(name)
        self.assertGreater(facts["run_time"], 0)

    def test_a_run_has_a_last_clock(self):
        status, text = self.run_small("--test", "random_q*", "--seeds", "2", "--sim-args=--limit 300")
        self.assertEqual(status, 1)
        self.assertIn("1 problem:", text)
        self.assertIn("come to clock 300 and is not over", text)


if __name__ == "__main__":
    unittest.main()
