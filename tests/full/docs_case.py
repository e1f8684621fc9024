"""All commands of some pages, the long ones included; a page without long ones is complete in `make test`."""

import glob
import os
import subprocess
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
APART = ("docs/coverage.md", "docs/mutants.md")  # each takes so long that it has a module of its own


def ask(*words):
    done = subprocess.run([sys.executable, "scripts/doc_commands.py", *words], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


def has_long(page):
    return ": full: " in ask("--list", page)[1]


def pages():
    return [page for page in ("README.md", *sorted(glob.glob("docs/*.md", root_dir=ROOT))) if has_long(page)]


class Case(unittest.TestCase):
    def plays(self, page):
        with self.subTest(page=page):
            status, text = ask("--full", page)
            self.assertEqual(status, 0, text)
