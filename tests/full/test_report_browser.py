"""The report in Debian's Chromium: links, filters, dark and light, narrow windows, print."""

import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scripts"))
from report_case import PLAN, ReportCase  # noqa: E402
from browser import Browser  # noqa: E402
import files  # noqa: E402

# Pixels from the lower edge of the way through, which stays in sight.
TOP = """
const bottom = document.querySelector('nav').getBoundingClientRect().bottom;
return Math.round(document.querySelector(arguments[0]).getBoundingClientRect().top - bottom);
"""
SHOWN = "return [...document.querySelectorAll('#plan-table tr[id]')].filter((row) => row.checkVisibility()).map((row) => row.id)"
LUMA = """
const parts = getComputedStyle(document.querySelector(arguments[0]))[arguments[1]].match(/[\\d.]+/g).map(Number);
const linear = parts.slice(0, 3).map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
"""
WIDER = """
return [...document.querySelectorAll('body *')].filter((one) => !one.closest('pre, svg'))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5 || one.matches('.wide') && one.scrollWidth > one.clientWidth)
  .map((one) => one.outerHTML.slice(0, 120));
"""


class Report(ReportCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser().__enter__()
        cls.addClassCleanup(cls.browser.__exit__)

    def setUp(self):
        super().setUp()
        self.fill()
        self.plan()
        self.path = os.path.join(self.results, "report.html")
        files.write(self.path, self.make().source)
        self.browser.look(1280)
        self.browser.open(self.path)

    def plan(self):
        """Rows enough to scroll."""
        long = {"name": "a_test_with_a_name_that_is_as_long_as_the_longest_of_them", "tests": 1, "passed": 5, "failed": 0}
        many = [{**PLAN["rows"][0], "requirement": f"ORD-{number:02}", "tests": [long, long]} for number in range(1, 34)]
        self.leave("vplan_rows.json", {**PLAN, "rows": PLAN["rows"] + many})

    def tearDown(self):
        self.assertEqual(self.browser.console(), [])

    def shown(self):
        return self.browser.run(SHOWN)

    def test_every_link_of_the_page_leads_to_its_place(self):
        links = self.browser.run("return [...document.querySelectorAll('a[href^=\"#\"]')].map((link) => link.getAttribute('href'))")
        self.assertGreater(len(links), 15)
        self.browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for link in dict.fromkeys(links):
            self.browser.run("scrollTo(0, 0); location.hash = ''")
            self.browser.run("document.querySelector(`a[href='${arguments[0]}']`).click()", link)
            self.assertEqual(self.browser.run("return location.hash"), link)
            at_end = self.browser.run("return Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight")
            self.assertTrue(at_end or 0 <= self.browser.run(TOP, link) <= 60, link)

    def test_links_to_files_open_them(self):
        self.browser.click(".problem a[href$='summary.txt']")
        self.assertIn("lost", self.browser.run("return document.body.textContent"))
        self.assertTrue(self.browser.run("return location.pathname").endswith("summary.txt"))

    def test_filters_of_the_plan(self):
        everything = self.shown()
        self.assertEqual(len(everything), 37)
        self.assertEqual(self.browser.run("return document.getElementById('found').textContent"), "37 of 37 rows")
        self.browser.type("#find", "ord-0")
        self.assertEqual(self.shown(), [f"ORD-{number:02}" for number in range(1, 10)])
        self.assertEqual(self.browser.run("return document.getElementById('found').textContent"), "9 of 37 rows (ord-0)")
        self.assertFalse(self.browser.run("return document.getElementById('area-RACE').checkVisibility()"))
        self.browser.type("#find", " longest 7")  # all words, of any column
        self.assertEqual(self.shown(), ["ORD-07"])
        self.browser.click("#plan-filter button")
        self.assertEqual(self.shown(), everything)

    def test_states_areas_and_levels(self):
        self.browser.type("#find-state", "missing")
        self.assertEqual(self.shown(), ["MSIX-PBA-12"])
        self.browser.click("#plan-filter button")
        self.browser.type("#find-area", "RACE")
        self.assertEqual(self.shown(), ["RACE-18", "RACE-39"])
        self.browser.type("#find-level", "undefined")
        self.assertEqual(self.shown(), ["RACE-39"])
        self.browser.click("#plan-filter button")
        self.assertEqual(len(self.shown()), 37)

    def test_a_link_to_a_hidden_row_shows_it(self):
        self.browser.type("#find-state", "missing")
        self.assertEqual(self.shown(), ["MSIX-PBA-12"])
        self.browser.click(".problem a[href='#RACE-18']")
        self.assertIn("RACE-18", self.shown())
        self.assertTrue(0 <= self.browser.run(TOP, "#RACE-18") <= 60)

    def test_without_scripts_everything_is_seen(self):
        self.browser.command("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.browser.open(self.path)
            self.assertEqual(len(self.shown()), 37)
            self.assertFalse(self.browser.run("return document.getElementById('plan-filter').checkVisibility()"))
        finally:
            self.browser.command("Emulation.setScriptExecutionDisabled", value=False)

    def test_dark_and_light_can_be_read(self):
        for scheme in ("light", "dark"):
            self.browser.look(1280, scheme=scheme)
            paper = self.browser.run(LUMA, "body", "backgroundColor")
            self.assertEqual(paper < 0.1, scheme == "dark")
            for selector in ("body", "h1", "nav a", ".under", ".note", ".state.good", ".state.bad", ".state.old", ".state.none", "summary"):
                ink = self.browser.run(LUMA, selector, "color")
                contrast = (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05)
                self.assertGreaterEqual(contrast, 4.5, f"{selector}, {scheme}")

    def test_nothing_is_wider_than_the_window(self):
        for width in (1280, 1024):
            self.browser.look(width)
            self.browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            self.assertEqual(self.browser.run(WIDER), [], f"{width} pixels")

    def test_print_has_everything_on_light_paper(self):
        self.browser.look(1280, scheme="dark", media="print")
        self.assertGreater(self.browser.run(LUMA, "body", "backgroundColor"), 0.9)
        for selector in ("#find", "#plan-filter button"):
            self.assertFalse(self.browser.run("return document.querySelector(arguments[0]).checkVisibility()", selector))
        self.browser.look(1280)
        path = os.path.join(self.base, "report.pdf")
        self.browser.print(path)
        text = subprocess.run(["pdftotext", "-layout", path, "-"], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertGreater(text.count("\f"), 2)
        for inside in ("a bit is wrong", "because <script>", "entry 1: mask 1", "pass_one"):  # of what is folded on the screen
            self.assertIn(inside, text)
        self.assertEqual(len(set(re.findall(r"ORD-\d\d", text))), 33)


if __name__ == "__main__":
    unittest.main()
