"""Unit tests of scripts/block.py: which sources a block of another folder is made of."""

import os
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
import block  # noqa: E402
import make_environment  # noqa: E402


class Sources(unittest.TestCase):
    def folder(self, *files, name="mine"):
        outer = tempfile.TemporaryDirectory()
        self.addCleanup(outer.cleanup)
        path = os.path.join(outer.name, name)
        os.mkdir(path)
        for file in files:
            with open(os.path.join(path, file), "w", encoding="utf-8"):
                pass
        return path

    def test_without_a_folder_all_of_rtl_the_package_first(self):
        files = block.sources()
        self.assertEqual(files[0], "rtl/msix_pkg.sv")
        self.assertEqual(sorted(files), sorted(f"rtl/{name}" for name in os.listdir("rtl") if name.endswith(".sv")))

    def test_a_file_replaces_its_namesake_and_its_assertions(self):
        mine = self.folder("msix_core.sv", "helper.sv", "my_pkg.sv", "notes.txt")
        files = block.sources(mine + "/")
        self.assertEqual(files[:2], [f"{mine}/my_pkg.sv", "rtl/msix_pkg.sv"])
        self.assertEqual(set(files) - set(block.sources()), {f"{mine}/{name}" for name in ("msix_core.sv", "helper.sv", "my_pkg.sv")})
        self.assertEqual(set(block.sources()) - set(files), {"rtl/msix_core.sv", "rtl/msix_core_sva.sv"})

    def test_what_cannot_be_used_is_said(self):
        for path, sentence in ((self.folder(), "no *.sv"), ("/nowhere", "no folder"), (self.folder("a.sv", name="small"), "is taken"),
                               (self.folder("a.sv", name="common"), "is taken"),
                               (self.folder("a.sv", name="repeat"), "is taken"),
                               (self.folder("a.sv", name="my core"), "blanks")):
            with self.assertRaises(block.Unusable) as wrong:
                block.sources(path)
            self.assertIn(sentence, str(wrong.exception))

    def make(self, *words):
        environment = make_environment.clean()
        done = subprocess.run(["make", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=environment, check=False)
        return done.returncode, done.stdout

    def test_the_environment_chooses_neither_policy_nor_folder(self):
        with unittest.mock.patch.dict(os.environ, {"POLICY": "other.policy", "FOLDER": "other", "RTL_FLAGS": "other.flags"}):
            status, text = self.make("-n", "sim", "CONFIG=small")
        self.assertEqual(status, 0, text)
        self.assertIn("build/small/sim", text)
        self.assertNotIn("other", text)

    def test_make_says_so_too(self):
        for words, sentence in ((["sim", "BLOCK=/nowhere"], "there is no folder '/nowhere'"),
                                (["sim", f"BLOCK={self.folder('a.sv', name='my core')}"], "blanks"),
                                (["cover", "BLOCK=tests/second_core"], "not for 'cover'"),
                                (["build/small/sim", "BLOCK=tests/second_core"], "not for 'build/small/sim'")):
            status, text = self.make(*words)
            self.assertEqual(status, 2, text)
            self.assertIn(sentence, text)


if __name__ == "__main__":
    unittest.main()
