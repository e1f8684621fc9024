"""Unit tests of scripts/gates.py and scripts/signoff.py: each state of a gate, each gate of tests/signoff.txt failing once, and
what must not pass for the whole."""

import contextlib
import io
import json
import os
import shutil
import sys
import unittest
from unittest import mock

from signoff_case import Case, ROOT
import files
import gates
import provenance
import run_tests
import signoff

FEW = """# text
out/test.json: make test
out/cover.json: true

all tests | out/test.json | passed > 0, failed == 0, skipped | every test
lines | out/cover.json | line >= 99.5 | lines of rtl/
open ends | sources | open_ends == 0 | nothing is left over
"""
# Results with which every gate of tests/signoff.txt holds. The tests below spoil them one by one.
GOOD = {
    "test": {"passed": 3000, "failed": 0, "skipped": 2, "lint_passed": 29, "lint_failed": 0, "fault_passed": 80, "fault_failed": 0},
    "test-full": {"passed": 20, "failed": 0, "skipped": 0},
    "vplan": {"rows": 340, "mandatory": 278, "evident": 268, "deferred": 10, "wrong": 0},
    "regress": {"passed": 9000, "failed": 0, "refused": 0, "skipped": 10, "flaky": 0, "state": "complete", "jobs": 9010,
                "planned": 9010, "tests_run": 1145, "tests_exist": 1145, "configs": 5, "configs_exist": 5, "sim_args": "",
                "build": "build", "random_seeds": 100},
    "cover": {"line": 100.0, "branch": 100.0, "toggle": 95.0, "functional": 100.0, "assertion": 100.0, "model_line": 95.0,
              "runs": 79, "runs_failed": 0, "waivers": 1, "waivers_unused": 0},
    "bugs": {"hand_total": 90, "hand_caught": 90, "hand_named": 89, "hand_unnamed": 1, "hand_named_exact": 51},
    "mutants": {"auto_total": 341, "auto_killed": 327, "auto_equivalent": 14, "auto_proven": 9,
                "auto_equivalent_percent": 4.1},
    "repeat": {"seeds": 100, "configs": 5, "configs_exist": 5, "runs": 2100, "different_or_failed": 0},
}


def spoilt(value, operator, wanted):
    """A value that the condition does not take, as near to it as it can be."""
    if isinstance(value, str):
        return value + "x"
    return {"==": value + 1, "!=": wanted, ">=": wanted - 0.01, "<=": wanted + 1, ">": wanted, "<": wanted}[operator]


class Gates(Case):
    def run_it(self, *words):
        """(exit status, what was printed)."""
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out), \
                mock.patch.object(sys, "argv", ["signoff.py", *words]):
            status = signoff.main()
        return status, out.getvalue()

    def states(self):
        return {verdict.name: verdict.state for verdict in signoff.judge()}

    def why(self, name="all tests"):
        [verdict] = [verdict for verdict in signoff.judge() if verdict.name == name]
        return f"{verdict.state}: {verdict.why}"


class States(Gates):
    def setUp(self):
        super().setUp()
        files.write(gates.PATH, FEW)
        os.utime(gates.PATH, (1e9, 1e9))
        self.result("test", passed=5, failed=0, skipped=1)
        self.result("cover", line=99.5)

    def test_all_hold(self):
        status, text = self.run_it()
        self.assertEqual(status, 0, text)
        self.assertRegex(text, r"(?m)^all tests +passed 5, failed 0, skipped 1 +passed > 0, failed == 0 +holds +\d{4}-\d\d-\d\d \d\d:\d\d$")
        self.assertTrue(text.endswith("\n3 of 3 gates hold\n"))
        figures = files.read_json("out/signoff.json")
        self.assertEqual([figures[key] for key in ("gates", "hold", "fail", "missing", "stale")], [3, 3, 0, 0, 0])

    def test_a_stamp_that_is_none_is_missing(self):
        good = files.read_json("out/test.json")
        for key, value in (("measured", None), ("measured", "yesterday"), ("commit", 5), ("dirty", "no"), ("mixed", None),
                           ("sources", [1])):
            files.write_json("out/test.json", {**good, key: value})
            self.assertEqual(self.why(), "missing: out/test.json does not say of which sources it is")

    def test_figures_that_cannot_be_written(self):
        os.makedirs("out/signoff.json")
        status, text = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn("3 of 3 gates hold\nsignoff: the figures are not written: ", text)

    def test_one_fails(self):
        for figures in ({"passed": 5, "failed": 1, "skipped": 0}, {"passed": 0, "failed": 0, "skipped": 9}):
            self.result("test", **figures)
            status, text = self.run_it()
            self.assertEqual(status, 1)
            self.assertEqual(self.states(), {"all tests": "fails", "lines": "holds", "open ends": "holds"})
            shown = ", ".join(f"{key} {value}" for key, value in figures.items())
            self.assertIn(f"all tests fails: {shown}, not passed > 0, failed == 0 (every test); `make test`\n"
                          "`make evidence` makes what is missing, stale or failed, one after the other\n2 of 3 gates hold\n", text)
        self.assertEqual(files.read_json("out/signoff.json")["fail"], 1)
        self.result("cover", line=99.49)
        self.assertEqual(self.states()["lines"], "fails")

    def test_missing_results_show_no_figure(self):
        os.remove("out/test.json")
        status, text = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn("all tests missing: out/test.json is not there; `make test`", text)
        self.assertRegex(text, r"(?m)^all tests +passed > 0, failed == 0 +MISSING$")
        for broken in ("{", "[1]", "null"):
            files.write("out/test.json", broken)
            self.assertIn("missing: out/test.json is no result", self.why())

    def test_missing_keys(self):
        self.result("test", passed=5, skipped=1)
        self.assertIn("missing: out/test.json: there is no 'failed' in it", self.why())
        self.result("test", passed=5, failed=0)  # one that is only shown
        self.assertIn("there is no 'skipped' in it", self.why())
        self.result("test", passed=5, failed="none", skipped=1)
        self.assertIn("compares a number with a text", self.why())
        self.result("test", passed=[5], failed=0, skipped=1)
        self.assertIn("neither a number nor a text", self.why())

    def test_a_result_of_unknown_sources_is_none(self):
        files.write_json("out/test.json", {"passed": 5, "failed": 0, "skipped": 1})
        self.assertIn("missing: out/test.json does not say of which sources it is", self.why())

    def test_a_result_of_other_sources_is_stale(self):
        files.write("tests/bugs/one.patch", "other\n")  # make test looks at it, coverage does not
        self.assertEqual(self.states(), {"all tests": "stale", "lines": "holds", "open ends": "holds"})
        os.utime("tests/bugs/one.patch", (2e9, 2e9))
        files.write("scripts/new.py", "new\n")
        os.utime("scripts/new.py", (2e9, 2e9))
        self.assertIn("stale: out/test.json: older than scripts/new.py and 1 more", self.why())
        self.assertEqual(self.run_it()[0], 1)
        files.write("rtl/a.sv", "other\n")
        self.assertEqual(self.states(), {"all tests": "stale", "lines": "stale", "open ends": "holds"})
        self.run_it()
        self.assertEqual(files.read_json("out/signoff.json")["stale"], 2)

    def test_a_source_that_is_gone_makes_it_stale(self):
        os.remove("models/m.c")
        self.assertIn("stale: out/test.json: it is of other sources", self.why())

    def test_a_failed_result_of_other_sources_is_stale_too(self):
        self.result("test", passed=5, failed=1, skipped=1)
        files.write("rtl/a.sv", "other\n")
        self.assertEqual(self.states()["all tests"], "stale")

    def test_a_mixed_result_is_stale(self):
        measurement = provenance.Measurement("test")
        files.write("rtl/a.sv", "other\n")
        files.write_json("out/test.json", {"passed": 5, "failed": 0, "skipped": 1, **measurement.stamp()})
        self.assertIn("stale: out/test.json: the sources changed while it was measured", self.why())

    def test_open_ends_are_counted_now(self):
        files.write("rtl/a.sv", "// TO" "DO\n// FIX" "ME\n")
        [verdict] = [verdict for verdict in signoff.judge() if verdict.name == "open ends"]
        self.assertEqual((verdict.state, verdict.figure), ("fails", "open_ends 2"))

    def test_make_goes_on_and_makes_what_does_not_hold(self):
        files.write(gates.PATH, FEW.replace("make test", "sh -c 'echo made >>out/log; exit 1'"))
        os.remove("out/test.json")
        status, text = self.run_it("--make", "--jobs", "1")
        self.assertEqual((status, files.read("out/log")), (1, "made\n"))
        self.assertRegex(text, r"=== out/test.json: exit status 1 after 0 s\n=== out/cover.json: its gates hold\ngate ")
        self.assertRegex(self.run_it("--make", "--all")[1], r"=== out/cover.json: exit status 0")

    def test_what_was_meant_for_make_evidence_is_not_handed_on(self):
        files.write(gates.PATH, FEW.replace("make test", "sh -c 'echo \"[$TEST$ARGS$MAKEFLAGS]\" >out/log'"))
        os.remove("out/test.json")
        with mock.patch.dict(os.environ, {"TEST": "a*", "ARGS": "--all", "MAKEFLAGS": "-j2"}):
            self.run_it("--make")
        self.assertEqual(files.read("out/log"), "[]\n")


class BrokenFiles(Gates):
    def test_each_is_refused_with_its_line(self):
        head = "# text\nout/test.json: make test\n"
        for line, sentence in (
                ("all | out/test.json | failed == 0", "expected NAME | RESULT"), ("all | out/test.json | failed == 0 |", "expected NAME"),
                ("all | out/x.json | failed == 0 | x", "no line above says how out/x.json is made"),
                ("all | out/test.json | failed = 0 | x", "'failed = 0' is no condition"),
                ("all | out/test.json | failed == __import__('os') | x", "is no condition"),
                ("all | out/test.json | failed == 0, | x", "'' is no condition"),
                ("all | out/test.json | failed | x", "'all' asks nothing"), ("words", "expected NAME"),
                ("out/test.json: make it", "made in two ways"),
                ("a | out/test.json | b == 0 | x\na | out/test.json | c == 0 | x", "two gates 'a'")):
            files.write(gates.PATH, f"{head}{line}\n")
            status, text = self.run_it()
            self.assertEqual(status, 2, line)
            self.assertRegex(text, r"^signoff: tests/signoff.txt:[34]: ")
            self.assertIn(sentence, text)

    def test_nothing_in_it_or_no_file(self):
        self.assertEqual(self.run_it(), (2, mock.ANY))
        files.write(gates.PATH, "# text\n")
        self.assertIn("there is no gate in it", self.run_it()[1])
        self.assertEqual(self.run_it("--make")[0], 2)
        self.assertFalse(os.path.exists(signoff.RESULT))

    def test_targets_of_coverage_come_from_the_gates(self):
        files.write(gates.PATH, FEW)
        self.assertEqual(gates.least("out/cover.json", ["line"]), {"line": 99.5})
        with self.assertRaisesRegex(gates.Broken, "no gate says 'branch >= NUMBER' of out/cover.json"):
            gates.least("out/cover.json", ["line", "branch"])


class RealGates(Gates):
    def setUp(self):
        super().setUp()
        shutil.copy(os.path.join(ROOT, gates.PATH), gates.PATH)
        self.list = gates.read()[0]
        self.good = json.loads(json.dumps(GOOD))
        self.write_all()

    def write_all(self):
        for name, figures in self.good.items():
            self.result(name, **figures)

    def test_all_can_hold(self):
        status, text = self.run_it()
        self.assertEqual(status, 0, text)
        self.assertTrue(all(len(line) <= 140 for line in text.splitlines()), text)

    def test_each_condition_makes_its_gate_fail(self):
        tried = set()
        for gate in self.list:
            for condition in gate.conditions if gate.result != gates.SOURCES else []:
                if not condition.operator:
                    continue
                name, key = os.path.basename(gate.result)[:-5], condition.keys[0]
                before = self.good[name][key]
                self.result(name, **{**self.good[name], key: spoilt(before, condition.operator, condition.wanted(self.good[name]))})
                states = self.states()
                self.assertEqual(states.pop(gate.name), "fails", condition.text)
                others = {one.name for one in self.list if key in " ".join(c.text for c in one.conditions).split()}
                self.assertEqual({name for name, state in states.items() if state != "holds"} - others, set(), condition.text)
                self.assertEqual(self.run_it()[0], 1)
                self.result(name, **self.good[name])
                tried.add(gate.name)
        self.assertEqual(self.run_it()[0], 0)
        self.assertEqual({gate.name for gate in self.list if gate.result != gates.SOURCES}, tried)

    def test_each_gate_of_the_sources_fails(self):
        for path, line, name in (("tests/cover_waivers.txt", "line rtl/a.sv:y unreachable:\n", "reasons of waivers"),
                                 ("tests/cover_waivers.txt", "line rtl/a.sv:y because: a reason\n", "reasons of waivers"),
                                 ("tests/bugs/equivalent.txt", "small 1 inv *cell Q 2\n", "reasons of mutants"),
                                 ("tests/bugs/equivalent.txt", "small 1 inv *cell Q 2: \n", "reasons of mutants"),
                                 ("models/m.c", "// TO" "DO\n", "open ends")):
            old = files.read(path)
            files.write(path, old + line)
            self.write_all()
            self.assertEqual({gate for gate, state in self.states().items() if state != "holds"}, {name}, line)
            files.write(path, old)
        self.assertEqual({gate.name for gate in self.list if gate.result == gates.SOURCES},
                         {"reasons of waivers", "reasons of mutants", "open ends"})

    def test_each_result_is_asked_for_and_stale_at_once(self):
        self.assertEqual({f"out/{name}.json" for name in GOOD}, set(gates.read()[1]))
        files.write("rtl/a.sv", "other\n")
        self.assertEqual({gate.name for gate in self.list if gate.result != gates.SOURCES},
                         {name for name, state in self.states().items() if state == "stale"})


class Parts(unittest.TestCase):
    def test_a_part_of_make_test_has_another_name(self):
        self.assertEqual(run_tests.result_name(run_tests.WHOLE), "test")
        for groups in (["lint"], ["sim", "vplan"], list(run_tests.WHOLE[:-1]), [*run_tests.WHOLE, "sizes"]):
            self.assertNotEqual(run_tests.result_name(groups), "test")
        self.assertEqual(run_tests.result_name(["full"]), "test-full")

    def test_the_whole_has_all_that_the_gates_ask_for(self):
        gate_keys = {key for gate in gates.read(os.path.join(ROOT, gates.PATH))[0] if gate.result == "out/test.json"
                     for condition in gate.conditions for key in condition.keys}
        groups = {key.split("_")[0] for key in gate_keys if "_" in key}
        self.assertTrue(groups and groups <= set(run_tests.WHOLE), groups)


if __name__ == "__main__":
    unittest.main()
