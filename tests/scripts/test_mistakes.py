"""docs/mistakes.md names the unit tests of its points, and all of them."""

import os
import re
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


class Mistakes(unittest.TestCase):
    def test_every_test_is_named_and_every_name_is_a_test(self):
        for kind, path in (("over", "tests/unit/test_over_assertion.c"), ("under", "tests/unit/test_under_checking.c")):
            named = re.findall(rf"`({kind}_\d\d_\w+)`", read("docs/mistakes.md"))
            run = re.findall(rf"\(({kind}_\d\d_\w+)\),", read(path))
            self.assertTrue(run)
            self.assertEqual(sorted(named), sorted(run))

    def test_every_point_has_a_row(self):
        points = re.findall(r"^\| (\d+) \|", read("docs/mistakes.md"), re.M)
        self.assertEqual([int(point) for point in points], [*range(1, 18), *range(1, 19)])


if __name__ == "__main__":
    unittest.main()
