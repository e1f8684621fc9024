"""What the Makefile says to words that it does not know."""

import os
import subprocess
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


sys.path.insert(0, os.path.join(ROOT, "scripts"))
import make_environment  # noqa: E402
import repeat  # noqa: E402


def make(*words):
    done = subprocess.run(["make", *words], cwd=ROOT, env=make_environment.clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, check=False)
    return done.returncode, done.stdout


class Words(unittest.TestCase):
    def test_a_mistyped_variable_is_refused(self):
        status, text = make("-n", "help", "SEDS=5")
        self.assertEqual(status, 2)
        self.assertIn("there is no variable 'SEDS'; there are: CONFIG TEST SEED", text)
        self.assertEqual(make("-n", "help", "SEEDS=5", "-j1")[0], 0)

    def test_variables_of_the_second_build_are_known(self):
        status, text = make("-n", "help", *repeat.OTHER_LEVELS)
        self.assertEqual(status, 0, text)

    def test_a_configuration_that_is_not_there_is_refused(self):
        self.assertIn("there is no configuration 'smal'", make("-n", "sim", "CONFIG=smal")[1])

    def test_arguments_of_a_regression_are_looked_at_first(self):
        status, text = make("regress-arguments", "SEEDS=abc")
        self.assertEqual(status, 2)
        self.assertIn('a number from 1 on, not "abc"', text)
        self.assertEqual(make("regress-arguments", "SEEDS=5", "CONFIG=small", "PROFILE=nightly")[0], 0)


if __name__ == "__main__":
    unittest.main()
