"""All commands of the documents, the long ones included: a test a page that has some."""

import glob
import os
import subprocess
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TOOL = os.path.join("scripts", "doc_commands.py")


def ask(*words):
    done = subprocess.run([sys.executable, TOOL, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


class Pages(unittest.TestCase):
    def test_all_commands(self):
        pages = ["README.md", *sorted(os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, "docs", "*.md")))]
        long = [page for page in pages if ": full: " in ask("--list", page)[1]]
        self.assertTrue(long)
        for page in long:
            with self.subTest(page=page):
                status, text = ask("--full", page)
                self.assertEqual(status, 0, text)


if __name__ == "__main__":
    unittest.main()
