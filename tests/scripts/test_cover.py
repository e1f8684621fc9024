"""Unit tests of scripts/cover.py: points, percentages, waivers."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
import cover  # noqa: E402


def line(kind="line", file="rtl/a.sv", number=7, column=3, comment="block", hierarchy="top.a", count=0, page="a__pi1", lines=""):
    keys = {"f": file, "l": number, "n": column, "page": f"v_{kind}/{page}", "o": comment, "S": lines, "h": hierarchy}
    return "C '" + "".join(f"\1{key}\2{value}" for key, value in keys.items() if value != "") + f"' {count}\n"


class Points(unittest.TestCase):
    def read(self, *texts):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, str(index)) for index in range(len(texts))]
            for path, text in zip(paths, texts):
                with open(path, "w", encoding="utf-8") as file:
                    file.write("# SystemC::Coverage-3\n" + text)
            return cover.read_points(paths)

    def test_instances_and_parameters_of_a_line_are_one_point(self):
        counts, _ = self.read(line(count=2), line(count=0, page="a__pi9", hierarchy="top.b") + line(count=3, hierarchy="c"))
        self.assertEqual(counts, {("line", "rtl/a.sv", 7, 3, "block"): 5})

    def test_columns_comments_and_types_tell_points_apart(self):
        counts, _ = self.read(line() + line(column=4) + line(kind="branch", comment="if") + line(kind="branch", comment="else"))
        self.assertEqual(len(counts), 4)

    def test_assertions_and_unknown_types_are_left_out(self):
        counts, _ = self.read(line(file="rtl/a_sva.sv") + line(kind="user") + line(kind="other") + "# C '' 1\n" + "C broken\n")
        self.assertEqual(counts, {})

    def test_triggers_of_assertions_are_points_by_name(self):
        trigger = dict(kind="user", file="rtl/a_sva.sv", comment="queue_fits_reached")
        counts, _ = self.read(line(**trigger, hierarchy="top.a") + line(**trigger, hierarchy="top.b"))
        self.assertEqual(counts, {("assertion", "rtl/a_sva.sv", 7, 3, "queue_fits_reached"): 0})
        percent, holes, _ = cover.judge(counts, [])
        self.assertEqual(percent["assertion"], 0.0)
        self.assertEqual([cover.hole_name(point) for point in holes], ["assertion  rtl/a_sva.sv:queue_fits"])
        counts, _ = self.read(line(**trigger), line(**trigger, count=3))
        self.assertEqual(cover.judge(counts, [])[0]["assertion"], 100.0)

    def test_lines_of_a_block(self):
        _, lines = self.read(line(lines="7,9-11"))
        self.assertEqual(list(lines.values()), [[7, 9, 10, 11]])
        _, lines = self.read(line())
        self.assertEqual(list(lines.values()), [[7]])


class Percentages(unittest.TestCase):
    def test_never_rounded_up(self):
        self.assertEqual(cover.percentage(99999, 100000), 99.99)
        self.assertEqual(cover.percentage(3, 3), 100.0)
        self.assertEqual(cover.percentage(2, 3), 66.66)

    def test_nothing_at_all_is_not_full(self):
        self.assertEqual(cover.percentage(0, 0), 0.0)
        percent, _, _ = cover.judge({}, [])
        self.assertEqual(set(percent.values()), {0.0})

    def test_points_are_covered_or_holes_or_waived(self):
        counts = {("toggle", "rtl/a.sv", 1, 2, f"bus[{bit}]"): bit % 2 for bit in range(7)}
        waivers = cover.parse_waivers("toggle rtl/a.sv:bus[0] unsupported: no bus\n")
        percent, holes, waived = cover.judge(counts, waivers)
        found = cover.count_points(counts, percent, holes, waived, {"toggle": 95.0, "line": 100.0})
        self.assertEqual(found["toggle"], {"percent": 50.0, "target": 95.0, "points": 7, "covered": 3, "holes": 3, "waived": 1})
        self.assertEqual(found["line"], {"percent": 0.0, "target": 100.0, "points": 0, "covered": 0, "holes": 0, "waived": 0})

    def test_types_are_apart(self):
        counts = {("line", "rtl/a.sv", 1, 0, "block"): 1, ("line", "rtl/a.sv", 2, 0, "block"): 0,
                  ("functional", "functional", 1, 0, "x.y"): 4}
        percent, holes, waived = cover.judge(counts, [])
        self.assertEqual((percent["line"], percent["functional"]), (50.0, 100.0))
        self.assertEqual((len(holes), len(waived)), (1, 0))


class Waivers(unittest.TestCase):
    counts = {("branch", "rtl/a.sv", 5, 2, "else"): 0, ("branch", "rtl/a.sv", 5, 2, "if"): 1,
              ("toggle", "rtl/a.sv", 1, 2, "bus[3]"): 0, ("toggle", "rtl/a.sv", 1, 2, "bus[4]"): 0,
              ("functional", "functional", 3, 0, "race.event_mask.+1"): 0}

    def judge(self, text):
        waivers = cover.parse_waivers(text)
        return (*cover.judge(self.counts, waivers), waivers)

    def test_a_waived_hole_is_neither_hit_nor_missed(self):
        percent, holes, waived, _ = self.judge("branch rtl/a.sv:5:else unreachable: by construction\n")
        self.assertEqual(percent["branch"], 100.0)
        self.assertEqual(len(holes), 3)
        self.assertEqual(waived, [("branch", "rtl/a.sv", 5, 2, "else")])

    def test_wildcards_and_brackets(self):
        _, holes, _, _ = self.judge("toggle rtl/a.sv:bus[*] unsupported: no bus\nfunctional race.event_mask.* external: later\n")
        self.assertEqual([hole[0] for hole in holes], ["branch"])

    def test_what_is_covered_needs_no_waiver(self):
        _, _, _, waivers = self.judge("branch rtl/a.sv:5:if unreachable: it is reached\n# a comment\n\n")
        self.assertEqual([w.used for w in waivers], [0])

    def test_source_text_without_blanks_and_comment(self):
        self.assertEqual(cover.source_line("scripts/../tests/scripts/none.sv", 3), "")
        self.assertEqual(cover.source_line("tests/scripts/test_cover.py", 1),
                         '"""Unittestsofscripts/cover.py:points,percentages,waivers."""')

    def test_broken_lines_are_refused(self):
        for text in ("branch rtl/a.sv:5 unreachable", "branch rtl/a.sv:5 because: I say so", "lines rtl/a.sv external: x",
                     "branch rtl/a.sv:5 external:   "):
            with self.assertRaises(ValueError, msg=text):
                cover.parse_waivers(text)


class Holes(unittest.TestCase):
    def test_bits_are_told_together(self):
        holes = [("toggle", "rtl/a.sv", 1, 2, f"bus[{bit}]") for bit in range(4)] + [("line", "rtl/a.sv", 9, 1, "block")]
        self.assertEqual(cover.shorten(holes), ["toggle     rtl/a.sv:1:bus[*]  (4)", "line       rtl/a.sv:9:block"])


if __name__ == "__main__":
    unittest.main()
