"""junit.xml of a regression, read back by somebody else's reader (junitparser) and by a schema (xmllint)."""

import json
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scripts"))
from regress_case import Case  # noqa: E402

SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's modules are there, and perhaps not in the python3 of the path
READER = """
import json, sys
import junitparser
suites = []
for suite in junitparser.JUnitXml.fromfile(sys.argv[1]):
    cases = [[case.classname, case.name, sorted(type(one).__name__ for one in case.result),
              [one.type for one in case.result], [one.message for one in case.result]] for case in suite]
    suites.append({"name": suite.name, "tests": suite.tests, "failures": suite.failures, "errors": suite.errors,
                   "skipped": suite.skipped, "time": suite.time, "cases": cases})
json.dump(suites, sys.stdout)
"""
KINDS = {"passed": [], "failed": ["Failure"], "skipped": ["Skipped"], "refused": ["Error"]}


class JUnit(Case):
    def run_everything(self):
        """Twice, so that what differs each time is known: passed, failed, crashed, skipped, refused, not repeatable."""
        for _ in range(2):
            status, text = self.regress("--test", "[!h]*", "--seeds", "6", "--evidence", "1", config="one,two")
            self.assertEqual(status, 1, text)
        return os.path.join(self.folder(), "junit.xml")

    def read_back(self, path):
        done = subprocess.run([SYSTEM_PYTHON, "-c", READER, path], stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout)

    def validate(self, path):
        done = subprocess.run(["xmllint", "--noout", "--schema", os.path.join(HERE, "junit.xsd"), path],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def test_another_reader_finds_what_the_results_say(self):
        suites = self.read_back(self.run_everything())
        flaky = {entry["job"] for entry in self.json(self.folder(), "run.json")["flaky_jobs"]}
        wanted, results = {}, self.lines()
        for result in results:
            unsteady = f"{result['config']} {result['name']} {result['seed']}" in flaky
            kinds = KINDS[result["result"]] + (["Failure"] if unsteady and result["result"] in ("passed", "skipped") else [])
            wanted[f"{result['config']}.{result['name']}", f"{result['name']} seed {result['seed']}"] = sorted(kinds)
        self.assertEqual({(classname, name): kinds for suite in suites for classname, name, kinds, _, _ in suite["cases"]}, wanted)
        self.assertEqual({result["result"] for result in results}, set(KINDS))  # nothing of it is untried
        self.assertTrue(flaky)
        self.assertEqual([suite["name"] for suite in suites], ["one", "two"])
        for suite in suites:
            kinds = [kind for case in suite["cases"] for kind in case[2]]
            self.assertEqual(suite["tests"], len(suite["cases"]))
            self.assertEqual((suite["failures"], suite["errors"], suite["skipped"]),
                             tuple(map(kinds.count, ("Failure", "Error", "Skipped"))))

    def test_a_failure_has_its_check_and_its_sentence(self):
        suites = self.read_back(self.run_everything())
        found = {}
        for _, _, _, types, messages in (case for suite in suites for case in suite["cases"]):
            for kind, message in zip(types, messages):
                found[kind] = found.get(kind, "") + message
        self.assertTrue({"event_lost", "crash", "refused", "not_repeatable"} <= set(found), found)
        self.assertIn("MSIX-PBA-11", found["event_lost"])
        self.assertIn("SIGSEGV", found["crash"])

    def test_the_schema_takes_it_and_nothing_else(self):
        path = self.run_everything()
        self.assertEqual(self.validate(path), (0, f"{path} validates\n"))
        text = self.read(path)
        broken = os.path.join(self.base, "broken.xml")
        for right, wrong in ((' tests="', ' test="'), ("failure", "fail"), ('failures="', 'failures="-'), ('name="one"', 'name=""')):
            self.assertIn(right, text)
            with open(broken, "w", encoding="utf-8") as file:
                file.write(text.replace(right, wrong))
            self.assertEqual(self.validate(broken)[0], 3, wrong)  # 3: well-formed, and not valid

    def test_what_xml_cannot_hold_does_not_break_it(self):
        program = os.path.join(self.build, "one", "sim")
        text = self.read(program)
        with open(program, "w", encoding="utf-8") as file:
            file.write(text.replace("lost (RACE-18)", r"<lost> & \"gone\" \x1b[1m\x00 \u00e4 (RACE-18)"))
        self.assertEqual(self.regress("--test", "fail_two")[0], 1)
        path = os.path.join(self.folder(), "junit.xml")
        self.assertEqual(self.validate(path)[0], 0)
        [[_, _, _, _, [message]]] = self.read_back(path)[0]["cases"]
        self.assertIn('<lost> & "gone" ?[1m? ä (RACE-18)', message)


if __name__ == "__main__":
    unittest.main()
