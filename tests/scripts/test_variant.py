"""Unit tests of scripts/variant.py: how long a broken block is waited for."""

import argparse
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
import variant  # noqa: E402


class Limit(unittest.TestCase):
    def test_nobody_is_killed_by_impatience(self):
        self.assertEqual(variant.limit("120"), 120)
        self.assertEqual(variant.limit("500.5"), 500.5)
        for text in ("119", "0.1", "-1", "nan", "soon", ""):
            with self.assertRaises(argparse.ArgumentTypeError):
                variant.limit(text)


if __name__ == "__main__":
    unittest.main()
