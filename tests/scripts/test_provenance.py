"""Unit tests of scripts/provenance.py: what a result depends on, and when it is of no one state of it."""

import os
import subprocess
import unittest

from signoff_case import Case, ROOT
import files
import provenance


class Sources(Case):
    def changes(self, path, text="other\n"):
        """Names of the results whose hash depends on a file."""
        names = ["test", "test-full", *provenance.SOURCES]
        before = {name: provenance.sources(name) for name in names}
        old = files.read(path, None)
        files.write(path, text)
        changed = {name for name in names if provenance.sources(name) != before[name]}
        if old is None:
            os.remove(path)
        else:
            files.write(path, old)
        self.assertEqual(before, {name: provenance.sources(name) for name in names})  # contents count, not times
        return changed

    def test_what_programs_are_made_of_counts_for_all(self):
        everything = {"test", "test-full", *provenance.SOURCES}
        for path in ("rtl/a.sv", "rtl/new.sv", "models/m.c", "tb/configs/one.mk", "tests/test_a.c", "Makefile"):
            self.assertEqual(self.changes(path), everything, path)

    def test_the_rest_counts_where_it_matters(self):
        tests = {"test", "test-full"}
        self.assertEqual(self.changes("tests/scripts/test_x.py"), tests)
        self.assertEqual(self.changes("tests/bugs/one.patch"), tests | {"bugs"})
        self.assertEqual(self.changes("tests/bugs/equivalent.txt"), tests | {"bugs", "mutants"})
        self.assertEqual(self.changes("tests/cover_waivers.txt"), tests | {"cover", "vplan"})
        self.assertEqual(self.changes("scripts/cover.py"), tests | {"cover", "vplan"})
        self.assertEqual(self.changes("scripts/regress/new.py"), tests | {"regress"})
        self.assertEqual(self.changes("tests/signoff.txt"), tests)
        self.assertEqual(self.changes("docs/vplan.csv"), tests | {"vplan"})

    def test_prose_and_what_is_made_do_not_count(self):
        for path in ("docs/design.md", "README.md", "out/x.json", "build/x", "rtl/.a.sv.swp", "rtl/a.sv~", "tests/__pycache__/a.pyc"):
            self.assertEqual(self.changes(path), set(), path)

    def test_a_name_is_part_of_it(self):
        before = provenance.sources("regress")
        os.rename("rtl/a.sv", "rtl/b.sv")
        self.assertNotEqual(provenance.sources("regress"), before)

    def test_every_source_that_is_named_exists(self):
        os.chdir(ROOT)
        for name in ("test", *provenance.SOURCES):
            for place in provenance.of_result(name)[0]:
                self.assertTrue(os.path.exists(place), f"{name}: {place}")
            if name in provenance.SOURCES:  # who measures is part of what was measured
                self.assertTrue([path for path in provenance.files_of(name) if path.startswith("scripts/")], name)


class Stamps(Case):
    def test_one_state(self):
        stamp = provenance.Measurement("cover").stamp()
        self.assertEqual((stamp["commit"], stamp["dirty"], stamp["mixed"]), ("", False, ""))
        self.assertRegex(stamp["measured"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")
        self.assertEqual(stamp["sources"], provenance.sources("cover"))

    def test_sources_that_change_meanwhile(self):
        measurement = provenance.Measurement("cover")
        files.write("rtl/a.sv", "other\n")
        stamp = measurement.stamp()
        self.assertIn("changed while it was measured", stamp["mixed"])
        self.assertNotEqual(stamp["sources"], provenance.sources("cover"))  # those of the beginning

    def test_a_measurement_that_goes_on_is_of_its_first_state(self):
        begun = provenance.Measurement("cover").begun
        self.assertEqual(provenance.Measurement("cover", begun=begun).stamp(), begun)
        files.write("rtl/a.sv", "other\n")
        self.assertIn("changed", provenance.Measurement("cover", begun=begun).stamp()["mixed"])

    def test_programs_that_are_older_than_what_they_are_made_of(self):
        for program in ("build/one/sim", "build/cover-one/sim"):
            self.check_program(program)

    def check_program(self, program):
        self.assertIn("is not there", provenance.Measurement("cover", [program]).stamp()["mixed"])
        files.write(program, "program\n")
        os.utime(program, (2e9, 2e9))
        self.assertEqual(provenance.Measurement("cover", [program]).stamp()["mixed"], "")
        for path, counts in (("rtl/a.sv", True), ("tb/main.c", True), ("tb/configs/one.mk", True), ("tests/test_a.c", True),
                             ("tb/speed.c", False), ("tests/scripts/test_x.py", False), ("Makefile", False)):
            os.utime(path, (2e9 + 1, 2e9 + 1))
            self.assertEqual(path in provenance.Measurement("cover", [program]).stamp()["mixed"], counts, path)
            os.utime(path, (1e9, 1e9))

    def test_an_incomplete_stamp_is_none(self):
        stamp = provenance.Measurement("cover").stamp()
        self.assertEqual(provenance.of({**stamp, "passed": 1}), stamp)
        del stamp["sources"]
        self.assertIsNone(provenance.of(stamp))


class Commits(Case):
    def git(self, *words):
        who = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        subprocess.run(["git", *words], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **who})

    def test_commit_and_whether_files_differ_from_it(self):
        self.assertEqual(provenance.commit(), ("", False))
        self.git("init", "-q")
        self.assertEqual(provenance.commit(), ("", False))
        self.git("add", ".")
        self.git("commit", "-q", "-m", "first")
        head, dirty = provenance.commit()
        self.assertRegex(head, "^[0-9a-f]{40}$")
        self.assertFalse(dirty)
        files.write("rtl/a.sv", "other\n")
        self.assertEqual(provenance.commit(), (head, True))

    def test_a_repository_around_the_project_is_not_its_own(self):
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "first")
        os.chdir("tests")
        self.assertEqual(provenance.commit(), ("", False))


if __name__ == "__main__":
    unittest.main()
