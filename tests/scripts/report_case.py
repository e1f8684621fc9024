"""What the tests of the report share: results as the runner and the measuring scripts leave them, and a reader of the page."""

import html.parser
import os
import shutil
import tempfile
from unittest import mock

from regress_case import Case
import files
import provenance
import signoff
from regress import figures
from report import page

VOID = {"meta", "input", "br", "wbr", "link", "img", "hr"}
EVIL = "<script>alert('1 & 2')</script>"
JOBS = ["one pass_one 1", "one pass_one 2", "one fail_two 1", "one fail_two 2", "one skip_all 1", "one random_mixed 5",
        "two pass_two 1", "two crash_third 3"]
STAMP = {"commit": "c" * 40, "dirty": False, "sources": "x", "measured": "2026-01-02T03:04:05+00:00", "mixed": ""}
PLAN = {"wrong": [], "rows": [
    {"requirement": "MSIX-PBA-11", "level": "M", "state": "evident", "wrong": [], "note": "",
     "checks": [{"name": "event_lost", "evaluated": 4321}], "tests": [{"name": "mask_*", "tests": 3, "passed": 15, "failed": 0}],
     "bins": [{"name": "race.x.*", "bins": 9, "hit": 8, "waived": 1}]},
    {"requirement": "MSIX-PBA-12", "level": "M", "state": "missing", "wrong": ["MSIX-PBA-12: no test 'gone' has run"], "note": "",
     "checks": [], "tests": [{"name": "gone", "tests": 0, "passed": 0, "failed": 0}], "bins": []},
    {"requirement": "RACE-18", "level": "M", "state": "deferred", "wrong": [], "note": "deferred:LONG_READS not yet", "checks": [],
     "tests": [], "bins": []},
    {"requirement": "RACE-39", "level": "U", "state": "not claimed", "wrong": [], "note": "undefined; not tried", "checks": [],
     "tests": [], "bins": []}]}
POINTS = {"types": {"line": {"percent": 98.76, "target": 100.0, "points": 90, "covered": 80, "holes": 1, "waived": 9},
                    "toggle": {"percent": 97.0, "target": 95.0, "points": 100, "covered": 97, "holes": 3, "waived": 0}},
          "holes": ["line       rtl/a.sv:12:", f"toggle     rtl/a.sv:7:{EVIL}[*]  (3)"],
          "waivers": [{"type": "line", "place": "rtl/b.sv:x[*]", "tag": "unreachable", "reason": f"because {EVIL}", "points": 9}]}
GATE = signoff.Verdict("lines", "of `rtl/`", "line >= 100", "out/cover.json", "make cover", "fails", "line 98.76")
BUGS = {"hand_total": 2, "hand_caught": 1, "hand_named": 1, "hand_named_exact": 0}
BUG_ROWS = [
    {"bug": "blind_1", "what": f"a bit is wrong {EVIL}", "breaks": ["RACE-18"], "verdict": "caught", "named": "neighbour",
     "config": "small", "check": "event_lost", "requirements": ["MSIX-PBA-11"], "test": "mask_x"},
    {"bug": "blind_2", "what": "another", "breaks": ["FC-99"], "verdict": "SURVIVED", "named": "", "config": "small odd", "check": "",
     "requirements": [], "test": ""}]
MUTANTS = {"auto_total": 341, "auto_killed": 326, "auto_equivalent": 14, "auto_proven": 9, "auto_wall_s": 480}
MUTANT_ROWS = {"killed_by": {"event_lost": 300, "progress": 26}, "alive": [
    {"mutant": "inv $a A 0", "source": "rtl/a.sv:1", "why": "proven (SAT, k-induction 1)"},
    {"mutant": "const0 $b B 1", "source": "rtl/b.sv:2", "why": ""}]}
BENCH = {"messages_per_clock": 1, "latency_clocks": 4, "bench_cycles_per_s": 1461860.135, "bench_ratio": 0.5773,
         "messages_per_clock_max": 1, "latency_clocks_max": 5, "bench_ratio_max": 0.61}
TEST = {"passed": 3210, "failed": 0, "skipped": 5, "wall_s": 95.3, "unit_passed": 536, "unit_failed": 0, "unit_skipped": 0,
        "unit_wall_s": 15.0}


class Page(html.parser.HTMLParser):
    """A page as its tags: which are not closed, ids, links, text of each element that has an id."""

    def __init__(self, text):
        super().__init__()
        self.source, self.open, self.wrong = text, [], []
        self.ids, self.links, self.attributes, self.scripts, self.styles, self.text = [], [], [], [], [], {}
        self.feed(text)
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag, _ in self.open]

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value) for name, value in attrs]
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if "href" in found:
            self.links.append(found["href"])
        if tag == "wbr":  # is no blank
            self.text.update({id_: self.text[id_][:-1] for _, id_ in self.open if id_ in self.text})
        if tag not in VOID:
            self.open.append((tag, found.get("id")))

    def handle_endtag(self, tag):
        if self.open and self.open[-1][0] == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")

    def handle_data(self, data):
        tag = self.open[-1][0] if self.open else ""
        {"script": self.scripts, "style": self.styles}.get(tag, []).append(data)
        for _, id_ in self.open:
            if id_ and tag not in ("script", "style"):
                self.text[id_] = self.text.get(id_, "") + data + " "

    def section(self, id_):
        """Its text, blanks made one."""
        return " ".join(self.text.get(id_, "").split())


class ReportCase(Case):
    sources = STAMP["sources"]
    template = tempfile.TemporaryDirectory()  # the runs of JOBS, once for all tests

    @staticmethod
    def make_program(path):
        """One sentence of its failures is evil."""
        Case.make_program(path)
        files.write(path, files.read(path).replace("lost (RACE-18)", f"lost {EVIL} (RACE-18)"))
        os.chmod(path, 0o755)

    def fill(self):
        """Everything that the report reads. The runner makes what is its own."""
        ran = os.path.join(self.template.name, "out")
        if not os.path.exists(ran):
            self.run_jobs(*JOBS)
            os.rename(self.results, ran)
        shutil.copytree(ran, self.results, symlinks=True, dirs_exist_ok=True)
        for name, value in (("test", TEST), ("cover", {kind: found["percent"] for kind, found in POINTS["types"].items()}),
                            ("bugs", BUGS), ("mutants", MUTANTS), ("bench", BENCH)):
            self.leave(f"{name}.json", {**value, **STAMP})
            figures.remember(os.path.join(self.results, f"{name}.json"))
        for name, value in (("cover_points", POINTS), ("bugs_rows", BUG_ROWS), ("mutants_rows", MUTANT_ROWS), ("vplan_rows", PLAN)):
            self.leave(f"{name}.json", value)

    def run_jobs(self, *jobs):
        path = os.path.join(self.base, "jobs")
        files.write(path, "\n".join(jobs) + "\n")
        self.regress("--run-jobs", path, config="one,two")

    def leave(self, name, value):
        files.write_json(os.path.join(self.results, name), value)

    def make(self, path=None, judge=lambda **_: [GATE]):
        """The page, parsed."""
        os.makedirs(self.results, exist_ok=True)
        with mock.patch.object(signoff, "judge", judge), mock.patch.object(provenance, "sources", lambda name: self.sources):
            text, self.verdict = page.make(self.results, path or os.path.join(self.results, "report.html"))
        return Page(text)
