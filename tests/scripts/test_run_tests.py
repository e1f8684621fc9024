"""Unit tests of scripts/run_tests.py: what is counted of the tests of a module."""

import os
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
import run_tests  # noqa: E402


class Counts(unittest.TestCase):
    def run_module(self, text):
        """(passed, failed, skipped, what was printed) of a module with this text."""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "test_it.py"), "w", encoding="utf-8") as file:
                file.write("import sys, unittest\n" + textwrap.dedent(text))
            return run_tests.run_scripts(folder, "test_it.py", 60)

    def counts(self, text):
        return self.run_module(text)[:3]

    def test_reasons_of_what_is_skipped(self):
        text = self.run_module("""
            class A(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise unittest.SkipTest("no 'tool'")
                def test_one(self): pass
            class B(unittest.TestCase):
                def test_two(self): print("in the middle of the line"); self.skipTest('needs "x"')
            """)[3]
        self.assertEqual(run_tests.reasons(text), ["no 'tool'", 'needs "x"'])
        self.assertEqual(run_tests.reasons(""), ["no reason is given"])
        self.assertEqual(run_tests.reasons("no pin\n0 passed, 0 failed, 1 skipped\nexit status 1\n"), ["0 passed, 0 failed, 1 skipped"])
        self.assertEqual(run_tests.reasons("1 skipped: no such vector\n5 passed, 0 failed, 1 skipped\n"), ["no such vector"])
        self.assertEqual(run_tests.reasons("skipped README.md:3: make waves: a window\n"), ["README.md:3: make waves: a window"])
        self.assertEqual(run_tests.reasons("rows\n2 are deferred\n"), ["2 are deferred"])

    def test_each_outcome(self):
        self.assertEqual(self.counts("""
            class A(unittest.TestCase):
                def test_passes(self): pass
                def test_fails(self): self.fail("no")
                def test_breaks(self): raise ValueError
                def test_skips(self): self.skipTest("no tool")
                @unittest.expectedFailure
                def test_was_expected_to_fail(self): self.fail("known")
            """), (2, 2, 1))

    def test_parts_of_one_test_that_fail_take_nothing_from_others(self):
        self.assertEqual(self.counts("""
            class A(unittest.TestCase):
                def test_parts(self):
                    for i in range(3):
                        with self.subTest(i=i):
                            self.fail("no")
            """), (0, 3, 0))

    def test_a_class_that_is_skipped_takes_nothing_from_others(self):
        self.assertEqual(self.counts("""
            class A(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise unittest.SkipTest("no tool")
                def test_one(self): pass
            class B(unittest.TestCase):
                def test_two(self): self.skipTest("no tool")
            """), (0, 0, 2))

    def test_what_a_test_prints_is_not_counted(self):
        self.assertEqual(self.counts("""
            class A(unittest.TestCase):
                def test_prints(self): print("Ran 50 tests in 1s\\nskipped=8, failures=7", file=sys.stderr)
            """), (1, 0, 0))

    def test_no_test_and_no_module_are_failures(self):
        self.assertEqual(self.counts("")[:2], (0, 1))
        self.assertEqual(self.counts("import there_is_no_such_module")[:2], (0, 1))
        self.assertEqual(self.counts("sys.exit(0)")[:2], (0, 1))


if __name__ == "__main__":
    unittest.main()
