"""What the tests of sign-off share: a project of a few files in a temporary folder, and results in its out/."""

import os
import shutil
import sys
import tempfile
import unittest

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import files  # noqa: E402
import provenance  # noqa: E402

SOURCES = {
    "Makefile": "all:\n", "rtl/a.sv": "module a; endmodule\n", "models/m.c": "int m;\n", "tb/main.c": "int main;\n",
    "tb/speed.c": "int speed;\n", "tb/configs/one.mk": "NVEC := 1\n", "tests/test_a.c": "int a;\n",
    "tests/scripts/test_x.py": "x = 1\n", "tests/bugs/one.patch": "patch\n", "scripts/cover.py": "cover = 1\n",
    "tests/bugs/equivalent.txt": "# text\nsmall 1 inv *cell Q 1: a reason\n",
    "tests/cover_waivers.txt": "# text\nline rtl/a.sv:x unreachable: a reason\n",
}


class Case(unittest.TestCase):
    def setUp(self):
        before, self.base = os.getcwd(), os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.base)
        self.addCleanup(os.chdir, before)
        os.chdir(self.base)
        for path, text in SOURCES.items():
            files.write(path, text)
            os.utime(path, (1e9, 1e9))

    @staticmethod
    def result(name, **figures):
        """out/NAME.json, measured now."""
        files.write_json(f"out/{name}.json", {**figures, **provenance.Measurement(name).stamp()})
