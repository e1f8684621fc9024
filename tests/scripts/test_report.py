"""Unit tests of the report: a page that is whole, self-contained and escaped, with the figures of the files and no others."""

import base64
import contextlib
import hashlib
import importlib.util
import io
import os
import re
import sys
import unittest
import urllib.parse
from unittest import mock

import report_case
from report_case import EVIL, ReportCase
import files
import gates
import signoff
from regress import history
from report import charts, collect, failures, markup, ran

# By its place, since the package has its name.
SPEC = importlib.util.spec_from_file_location("report_script", os.path.join(report_case.page.HERE, "..", "report.py"))
script = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(script)


def verdict(state, name="a gate"):
    return signoff.Verdict(name, "what `it` is", "failed == 0", "out/test.json", "make test", state, "failed 0", "2026-01-02T03:04", "abc",
                           "" if state == "holds" else f"why {EVIL}")


class Whole(ReportCase):
    """Pages with everything, and with nothing."""

    def pages(self):
        yield self.make()
        self.fill()
        yield self.make()

    def test_is_well_formed_and_leads_nowhere_else(self):
        for found in self.pages():
            self.assertEqual(found.wrong, [])
            self.assertEqual(len(found.ids), len(set(found.ids)))
            for link in found.links:
                if link.startswith("#"):
                    self.assertIn(link[1:], found.ids)
                else:
                    self.assertTrue(os.path.exists(os.path.join(self.results, urllib.parse.unquote(link))), link)
            self.assertFalse([(tag, name) for tag, name, _ in found.attributes if name in ("src", "srcset", "style", "action")
                              or name.startswith("on")])
            self.assertNotRegex(found.source, r"https?://|@import|url\(")

    def test_has_one_script_which_is_allowed(self):
        for found in self.pages():
            self.assertEqual(len(found.scripts), 1)
            digest = base64.b64encode(hashlib.sha256(found.scripts[0].encode()).digest()).decode()
            policy = next(value for tag, name, value in found.attributes if tag == "meta" and name == "content" and "default-src" in value)
            self.assertEqual(policy, f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'")

    def test_results_are_text_whatever_they_say(self):
        self.fill()
        found = self.make(judge=lambda **_: [verdict("fails", f"gate {EVIL}")])
        self.assertNotIn(EVIL, found.source)
        for section in ("gates", "failures", "holes", "mutation"):
            self.assertIn(EVIL, found.section(section))

    def test_characters_that_html_does_not_have(self):
        self.assertEqual(markup.write(markup.el("p", "a\0b\x1b", title="\0")), '<p title="?">a?b?</p>')


class Missing(ReportCase):
    def test_nothing_is_there(self):
        found = self.make()
        for section, command in (("failures", "make regress"), ("flaky", "make regress"), ("ran", "make regress"), ("ran", "make test"),
                                 ("ran", "make repeat"), ("ran", "make fuzz"), ("coverage", "make cover"), ("holes", "make cover"),
                                 ("plan", "make vplan"), ("mutation", "make bugs"), ("mutation", "make mutants"),
                                 ("speed", "make bench"), ("speed", "make regress")):
            text = found.section(section)
            self.assertIn("missing", text, section)
            self.assertIn(command, text, section)
        for section in ("failures", "flaky", "coverage", "holes", "plan", "speed"):  # no figure that nobody has measured
            self.assertNotRegex(found.section(section), r"\d")
        self.assertIn("There is no regression.", found.section("top"))
        self.assertIn("Not done", self.verdict)

    def test_a_broken_result_takes_its_section_alone(self):
        self.fill()
        self.leave("vplan_rows.json", {"rows": [{"level": "M"}]})
        files.write(os.path.join(self.results, "bench.json"), "{")
        with contextlib.redirect_stderr(io.StringIO()) as said:
            found = self.make()
        self.assertEqual(found.wrong, [])
        self.assertIn("not readable", found.section("plan"))
        self.assertIn("not readable", found.section("failures"))  # its links lead to the plan
        self.assertIn("missing", found.section("speed"))
        self.assertIn("98.76 %", found.section("coverage"))
        self.assertIn("Verification plan: KeyError", said.getvalue())

    def test_no_run_that_was_judged_is_no_good_news(self):
        self.run_jobs("one skip_all 1")
        self.assertIn("nothing passed", self.make().section("failures"))


class Figures(ReportCase):
    def setUp(self):
        super().setUp()
        self.fill()

    def test_the_regression(self):
        text = self.make().section("ran")
        self.assertIn("8 of 8", text)
        self.assertIn("one 6 2 3 1 0 4 1, 2, 5", text)  # jobs, passed, failed, skipped, refused, tests, seeds
        self.assertIn("all 8 3 4 1 0 6", text)
        self.assertIn("skip_all (one)", text)
        run = self.json(self.folder(), "run.json")
        for figure in (run["run"], run["tools"]["verilator"], run["tools"]["cc"], run["machine"]["system"]):
            self.assertIn(figure, text)
        self.assertIn("3,210 passed", text)
        self.assertIn("unit 536 0 0 15", text)

    def test_the_top_names_the_last_regression(self):
        self.assertIn("3 jobs passed, 4 failed for 3 reasons , 1 skipped.", self.make().section("top"))

    def test_problems_with_their_evidence(self):
        found = self.make()
        text = found.section("failures")
        self.assertIn("4 runs failed for 3 reasons", text)
        self.assertIn("event_lost 2 runs: vector 11 at 0x1000: lost", text)
        names = [id_ for id_ in found.ids if id_.startswith("problem-")]
        self.assertEqual([name.rsplit("-", 1)[0] for name in names], ["problem-event_lost", "problem-crash", "problem-msg_masked"])
        text = found.section(names[0])
        self.assertIn("RACE-18 PBA read / message after unmask", text)
        self.assertIn("one fail_two seed 1", text)
        self.assertIn("/one/sim --test fail_two --seed 1", text)
        self.assertIn("make waves FAIL=", text)
        self.assertIn("the failure, clock 100", text)
        self.assertIn("All 2 runs", text)
        text = found.section(names[2])
        self.assertIn("Minimal scenario: 15 of 9 operations", text)
        self.assertIn("event 1", text)
        self.assertIn("the program itself broke", found.section(names[1]))
        evidence = [link for link in found.links if link.endswith("short.fst")]
        self.assertEqual(len(evidence), 1)

    def test_evidence_that_differs_from_the_run(self):
        problem = next(name for name in os.listdir(os.path.join(self.folder(), "failures")) if name.startswith("event_lost"))
        path = os.path.join(self.folder(), "failures", problem, "one-fail_two-1", "evidence.json")
        files.write_json(path, {**self.json(path), "repeated": False, "outcome": "passed", "run_difference": [["one"], ["other"]]})
        text = self.make().section(f"problem-{problem}")
        self.assertIn("not repeatable Alone in a process this run gave: passed.", text)
        self.assertIn("a one b other", text)
        os.remove(path)
        self.assertIn("one-fail_two-2", self.make().source)  # the next run that has evidence speaks for them

    def test_many_problems(self):
        with mock.patch.object(failures, "SHOWN", 1):
            found = self.make()
        self.assertEqual(found.wrong, [])
        self.assertEqual(len([id_ for id_ in found.ids if id_.startswith("problem-")]), 1)
        self.assertEqual(len([link for link in found.links if link.endswith("summary.txt") and "failures" in link]), 3)

    def test_requirements_lead_to_their_rows(self):
        found = self.make()
        self.assertIn("#RACE-18", found.links)
        self.assertIn("#MSIX-PBA-11", found.links)
        self.assertNotIn("#FC-99", found.links)  # no row has it

    def test_coverage_holes_and_waivers(self):
        found = self.make()
        self.assertIn("missed 98.76 % 100 % 80 1 9", found.section("coverage"))
        self.assertIn("reached 97.00 % 95 % 97 3 0", found.section("coverage"))
        self.assertIn("1 measurement", found.section("coverage"))
        text = found.section("holes")
        self.assertIn("2 holes", text)
        self.assertIn("line rtl/a.sv:12 toggle", text)
        self.assertIn("1 waiver for 9 points", text)
        self.assertIn("unreachable because", text)

    def test_the_plan(self):
        found = self.make()
        text = found.section("plan")
        self.assertIn("all 4 3 1 1 1 1", text)  # rows, mandatory, evident, deferred, not claimed, missing
        self.assertIn("MSIX-PBA-11 M evident", found.section("MSIX-PBA-11"))
        self.assertIn("event_lost 4,321 mask_* 3 tests, 15 race.x.* 8 of 9, 1 waived", found.section("MSIX-PBA-11"))
        self.assertIn("MSIX-PBA-12: no test 'gone' has run", found.section("MSIX-PBA-12"))
        self.assertIn("deferred, LONG READS: not yet", found.section("RACE-18"))
        self.assertIn("Pending bits and masking", text)

    def test_bugs_mutants_and_speed(self):
        found = self.make()
        text = found.section("mutation")
        for part in ("1 of 2, 50 %", "326 of 327, 99.6 %", "14 of 341, 9 proven by SAT", "Survived 1", "survived",
                     "by a neighbour", "event_lost 300"):
            self.assertIn(part, text)
        self.assertLess(text.index("const0"), text.index("inv $a"))  # what survived comes first
        text = found.section("speed")
        self.assertIn("Clocks from an event to tx, idle 4 5", text)
        self.assertIn("1,461,860", text)
        self.assertIn("0.577", text)
        self.assertIn("one fail_two", text)

    def test_runs_that_differ(self):
        for _ in range(2):
            self.run_jobs("one flaky_all 1")
        text = self.make().section("flaky")
        self.assertIn("one flaky_all 1", text)
        self.assertIn("other traffic", text)
        self.assertNotIn("none", text)

    def test_where_the_figures_come_from(self):
        for section, name in (("coverage", "cover"), ("mutation", "bugs"), ("mutation", "mutants"), ("speed", "bench")):
            text = self.make().section(section)
            self.assertIn(f"out/{name}.json , 2026-01-02 03:04, ccccccc", text)
            self.assertNotIn("stale", text)
        self.sources = "others"
        self.assertIn("ccccccc stale", self.make().section("coverage"))
        self.leave("bench.json", report_case.BENCH)
        self.assertIn("time and commit unknown stale", self.make().section("speed"))

    def test_links_hold_only_beside_the_results(self):
        found = self.make(os.path.join(self.base, "elsewhere", "report.html"))
        self.assertFalse([link for link in found.links if not link.startswith("#")])
        self.assertIn("results.jsonl", found.section("ran"))
        found = self.make(os.path.join(self.base, "report.html"))
        self.assertTrue(all(os.path.exists(os.path.join(self.base, link)) for link in found.links if not link.startswith("#")))


class Verdicts(ReportCase):
    def sentence(self, *states):
        self.page = self.make(judge=lambda **_: [verdict(state, f"gate {n}") for n, state in enumerate(states)])
        return self.verdict

    def test_sentences(self):
        self.assertEqual(self.sentence("holds", "holds"), "Done: all 2 gates hold.")
        self.assertEqual(self.sentence("holds", "stale"), "Not done: 1 of 2 gates hold; 1 is stale.")
        self.assertEqual(self.sentence("fails", "fails", "missing", "stale", "holds"),
                         "Not done: 1 of 5 gates hold; 2 fail, 1 is missing, 1 is stale.")

    def test_what_does_not_hold_comes_first(self):
        self.sentence("holds", "stale", "holds", "missing", "fails")
        self.assertEqual(re.findall(r"gate (\d)", self.page.section("gates")), ["4", "3", "1", "0", "2"])
        self.assertTrue(self.page.section("sections").startswith("Gates 3 Failures Flaky"))

    def test_without_gates_there_is_no_verdict(self):
        def broken(**_):
            raise gates.Broken("tests/signoff.txt:3: nonsense")

        found = self.make(judge=broken)
        self.assertEqual(self.verdict, "No verdict: tests/signoff.txt:3: nonsense.")
        self.assertIn("nonsense", found.section("gates"))

    def test_gates_are_those_of_the_folder(self):
        self.leave("repeat.json", {"seeds": 1, "runs": 3, "different_or_failed": 0, "configs": 1, "configs_exist": 5, **report_case.STAMP})
        self.sources = "others"
        text = self.make(judge=signoff.judge).section("gates")
        self.assertIn("stale seeds 1, different_or_failed 0", text)
        self.assertIn(os.path.join(self.results, "cover.json") + " is not there", text)


class CommandLine(ReportCase):
    def report(self, *words):
        """(exit status, standard output, standard error)."""
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err, \
                mock.patch.object(sys, "argv", ["report.py", *words]):
            try:
                status = script.main()
            except SystemExit as end:
                status = end.code
        return status, out.getvalue(), err.getvalue()

    def test_path_and_verdict(self):
        os.makedirs(self.results)
        status, out, err = self.report("--results", self.results)
        path = os.path.join(self.results, "report.html")
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, f"^{re.escape(path)}: Not done: .* hold; .*\n$")
        self.assertTrue(self.read(path).startswith("<!DOCTYPE html>"))
        status, out, _ = self.report("--results", self.results, "--out", os.path.join(self.base, "new", "a.html"))
        self.assertEqual(status, 0)
        self.assertTrue(os.path.exists(os.path.join(self.base, "new", "a.html")))

    def test_refusals(self):
        status, _, err = self.report("--results", os.path.join(self.base, "none"))
        self.assertEqual(status, 2)
        self.assertIn("there is no folder", err)
        os.makedirs(os.path.join(self.results, "report.html"))
        status, out, err = self.report("--results", self.results)
        self.assertEqual((status, out), (1, ""))
        self.assertIn("report.html cannot be written", err)


class Parts(ReportCase):
    def test_figures_are_remembered_with_where_they_are_from(self):
        path = os.path.join(self.results, "cover.json")
        for value, time in ((1.5, "2026-01-01T00:00:00+00:00"), (2.5, "2026-01-02T00:00:00+00:00"), (3.5, "2026-01-02T00:00:00+00:00")):
            self.leave("cover.json", {**report_case.STAMP, "line": value, "word": "x", "measured": time})
            report_case.figures.remember(path)
        self.leave("cover.json", {"line": 7})  # nobody knows what of
        report_case.figures.remember(path)
        known = history.History(os.path.join(self.results, "history.db"))
        self.assertEqual(known.figures("cover"), {"line": [("2026-01-01T00:00:00+00:00", "c" * 40, 0, 1.5),
                                                           ("2026-01-02T00:00:00+00:00", "c" * 40, 0, 3.5)]})
        self.assertEqual([value for *_, value in known.figures("cover", 1)["line"]], [3.5])
        self.assertEqual(known.figures("bench"), {})

    def test_seeds(self):
        self.assertEqual(collect.seeds([3, 1, 2, 9, 2, 11]), "1 to 3, 9, 11")
        self.assertEqual(collect.seeds(range(0, 40, 2)), "0, 2, 4, 6, 8, 10 and 14 more")
        self.assertEqual(collect.seeds([]), "")

    def test_numbers(self):
        self.assertEqual([markup.number(value) for value in (None, 0, 1234567, 0.57731, 12345.6, 100.0, 99.999)],
                         ["-", "0", "1,234,567", "0.5773", "12,346", "100", "100"])

    def test_shares_are_rounded_down(self):
        self.assertEqual(markup.ratio(1999, 2000), "99.9 %")
        self.assertEqual(markup.ratio(0, 0), "-")

    def test_bars_and_trends_are_to_scale(self):
        bar = markup.write(charts.bar(50, 75, width=200))
        self.assertIn('width="100.0"', bar)
        self.assertIn("short", bar)
        self.assertIn('aria-label="50 %, target 75 %"', bar)
        trend = charts.trend("x", [("2026-01-01", 10.0), ("2026-01-02", 20.0), ("2026-01-03", 15.0)], " %", target=30)
        ys = [float(dot.get("cy")) for dot in trend.iter("circle")]
        self.assertAlmostEqual(ys[0] - ys[1], 2 * (ys[0] - ys[2]), delta=0.2)
        self.assertIn("15 %", markup.write(trend))
        one = charts.trend("x", [("2026-01-01", 10.0)])
        self.assertEqual(len(list(one.iter("circle"))), 1)

    def test_columns_show_every_failure(self):
        drawn = charts.columns([("20260101-1", "01-01", 5000, 0), ("20260102-1", "01-02", 4999, 1)])
        failed = [rect for rect in drawn.iter("rect") if rect.get("class") == "failed"]
        self.assertEqual(len(failed), 1)
        self.assertGreaterEqual(float(failed[0].get("height")), 2)
        self.assertIn("✗ 1", markup.write(drawn))

    def test_planted_faults_are_in_the_table_of_regressions_alone(self):
        rows = [(f"2026010{day}-1", "abc", 5, 5, 0, 0, 0, 1.0, 10, None, None, "complete", options)
                for day, options in enumerate(("", "--policy FILE", "--policy FILE --fault-as-bug x"), 1)]
        shown = ran.trend(mock.Mock(**{"history.trend.return_value": rows}))
        chart = next(part for part in shown if part.tag == "svg" or part.find(".//svg") is not None)
        self.assertIn("01-02", markup.write(chart))
        self.assertNotIn("01-03", markup.write(chart))
        self.assertIn("20260103-1", markup.write(shown[-1]))


if __name__ == "__main__":
    unittest.main()
