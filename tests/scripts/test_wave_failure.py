"""The wave view of a failed run: what is read from log and result, where the markers stand, what is folded."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import wave_failure  # noqa: E402
import waves  # noqa: E402

LOG = """\
     clock  direction    what
         0  reset
        20  host -> dev  MWr  64 4080000038 len 2 be F/F req 00:00.0 tag 00 tc 0 attr -- data 00000033 00000000
        22  host -> dev  MWr  64 408000000C len 1 be F/0 req 00:00.0 tag 00 tc 0 attr -- data 00000001
        30  event        vector 3
        31  event        vector 2
        36  dev -> host  MWr  32 00FEE00000 len 1 be F/0 req 01:00.0 tag 00 tc 0 attr -- data 00000033  message vector 3
        36  event        vector 3
        40  dev -> host  MWr  32 0020000000 len 4 be F/F req 01:00.0 tag 00 tc 0 attr -- data 78E6E2CA  dma
        44  clear        vector 3
"""
PARAMETERS = {"NVEC": 5, "TABLE_OFFSET": 0}
NAMES = {f"top.{name}": f"top.{name}{span}" for name, span in (
    ("clk", ""), ("rst_n", ""), ("fc_ph", "[7:0]"), ("msix_top.u_core.pend_q", "[4:0]"), ("err_ur", ""))}


class Place(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = folder.name

    def write(self, path, text):
        path = os.path.join(self.out, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def failed(self, wave, result="{name}.json", time=36, log=LOG, cycles=0, **error):
        """A waveform (empty), its log and its result."""
        error = {"check": "msg_cause", "requirements": "EDGE-01", "time": time, "vector": 3,
                 "text": "vector 3 sent a message", **error}
        name = wave[:-4]
        line = json.dumps({"name": "some_test", "config": "small", "result": "failed", "cycles": cycles, "error": error})
        self.write(result.format(name=name), line + "\n{\"checks\": {}}\n")
        self.write(f"{name}.log", log)
        return self.write(wave, "")

    def failure(self, **error):
        return wave_failure.Failure(self.failed("waves/small.fst", **error), lambda config: PARAMETERS)


class Find(Place):
    def test_nothing_is_a_sentence(self):
        with self.assertRaisesRegex(wave_failure.NotFound, "no failed run"):
            wave_failure.latest(self.out)
        with self.assertRaisesRegex(wave_failure.NotFound, "there is no"):
            wave_failure.find(os.path.join(self.out, "none.log"))
        with self.assertRaisesRegex(wave_failure.NotFound, "holds no waveform"):
            wave_failure.find(self.out)

    def test_a_run_that_passed_is_none(self):
        wave = self.write("waves/small.fst", "")
        self.write("waves/small.json", '{"name": "t", "result": "passed"}\n{broken\n17\n')
        with self.assertRaisesRegex(wave_failure.NotFound, "no result of a failed run"):
            wave_failure.find(wave)

    def test_log_or_json_name_the_wave_as_well(self):
        wave = self.failed("waves/small.fst")
        for name in ("small.fst", "small.log", "small.json"):
            self.assertEqual(wave_failure.find(os.path.join(self.out, "waves", name)), wave)

    def test_latest_of_buckets_and_single_runs(self):
        single = self.failed("waves/small.fst")
        run = "regress/1/failures/msg_cause/small.random.7"
        whole = self.failed(f"{run}/run.fst", result=f"{run}/result.json")
        os.utime(single, (1000, 1000))
        self.assertEqual(wave_failure.latest(self.out), whole)
        short = self.failed(f"{run}/short.fst")
        self.assertEqual(wave_failure.latest(self.out), short)
        self.assertEqual(wave_failure.find(os.path.join(self.out, "regress/1/failures/msg_cause")), short)
        os.utime(single, (1e10, 1e10))
        self.assertEqual(wave_failure.latest(self.out), single)

    def test_the_smallest_run_of_a_problem_has_fewest_operations_then_fewest_clocks(self):
        waves = {}
        for name, operations, cycles in (("a", 7, 90), ("b", 6, 300), ("c", 6, 80), ("d", None, 5)):
            run = f"regress/3/failures/msg_cause/{name}"
            waves[name] = self.failed(f"{run}/run.fst", result=f"{run}/result.json", cycles=cycles)
            if operations:
                waves[name] = self.failed(f"{run}/short.fst", cycles=1)
                self.write(f"{run}/evidence.json", f'{{"operations": {operations}}}')
        order = wave_failure.failed_waves(os.path.join(self.out, "regress/3"))
        self.assertEqual(order[:3], [waves[name] for name in "cba"])
        self.assertEqual(order[-1], waves["d"])

    def test_latest_of_a_run_is_its_first_problem_and_the_others_are_named(self):
        waves = {name: self.failed(f"regress/2/failures/{name}/small.random.7/short.fst") for name in ("a_rare", "b_first", "c_second")}
        self.write("regress/2/failures/d_without_waves/summary.txt", "")
        self.assertEqual(wave_failure.latest(self.out), waves["a_rare"])  # nothing says which
        self.write("regress/2/run.json", '{"buckets": ["d_without_waves", "b_first", "c_second", "a_rare"]}')
        self.assertEqual(wave_failure.latest(self.out), waves["b_first"])
        self.assertEqual([os.path.basename(folder) for folder in wave_failure.others(waves["b_first"])], ["c_second", "a_rare"])
        self.assertEqual(wave_failure.others(self.failed("waves/small.fst")), [])


class Read(Place):
    def test_event_in_front_of_the_message(self):
        failure = self.failure()
        self.assertEqual(failure.letters(), {"A": (30, "event 3"), "B": (36, "message 3"), "C": (36, "msg_cause")})
        self.assertEqual(failure.markers(), [("A", 30, "A"), ("C", 36, "BC")])

    def test_a_failure_behind_the_last_event(self):
        self.assertEqual(self.failure(time=43).letters()["A"], (30, "event 3"))

    def test_the_clock_of_the_regression_runner(self):
        self.write("waves/evidence.json", '{"small_time": 31, "run_time": 5}')
        self.assertEqual(self.failure(time=0).time, 31)
        self.write("waves/evidence.json", "[broken")
        self.assertEqual(self.failure(time=7).time, 7)

    def test_no_vector_means_any(self):
        failure = self.failure(vector=-1, text="something moved", time=35)
        self.assertEqual((failure.vector, failure.letters()["A"]), (None, (31, "event 2")))
        self.assertEqual(self.failure(vector=-1).vector, 3)  # by its sentence

    def test_no_log_leaves_the_rule(self):
        failure = self.failure(log="")
        self.assertEqual(failure.markers(), [("C", 36, "C")])
        self.assertEqual(failure.past(), [])

    def test_garbage_in_the_log_is_passed_over(self):
        failure = self.failure(log="\0\0\n   x\n12\n 13  \n 30  event        vector 3\n 99999999999  what\n")
        self.assertEqual(failure.letters()["A"], (30, "event 3"))

    def test_the_window_holds_the_event_if_it_is_near(self):
        far = LOG.replace("        36  ", "       436  ")
        self.assertEqual(self.failure().window(before=2), (26, 66))
        self.assertEqual(self.failure(time=436, log=far).window(), (396, 466))

    def test_past_of_the_vector(self):
        past = self.failure().past()
        self.assertEqual(past[1:], ["1 205 royalblue4 write: data = 00000033, unmasked, clock 20",
                                    "2 305 darkgreen A: event, clock 30", "0 365 darkslategray B: message, clock 36",
                                    "1 365 darkgreen event, clock 36", "2 445 gray24 clear, clock 44"])

    def test_verdict_leads_to_the_failure(self):
        verdict = self.failure().verdict(10)
        self.assertEqual(verdict, ["0 105 gray24 msg_cause [EDGE-01], clock 36", "0 365 red4 C: msg_cause",
                                   "1 105 gray24 vector 3 sent a message", "1 365 red4"])
        self.assertEqual(self.failure().verdict(36)[1], "1 365 red4 vector 3 sent a message")


class Window(unittest.TestCase):
    def test_inside_of_what_the_file_holds(self):
        failure, options = type("F", (), {"time": 50, "window": lambda self: (10, 80)})(), type("O", (), {"at": None})()
        self.assertEqual(waves.place(options, failure, 0, 5), (10, 80, 50))
        self.assertEqual(waves.place(options, failure, 30, 5), (30, 80, 50))
        self.assertEqual(waves.place(options, failure, 200, 5), (200, 260, 50))
        self.assertEqual(waves.place(options, None, 0, 5), (0, 53, 5))


class View(Place):
    TEMPLATE = ["story", "group state", "bit msix_top.u_core.pend_q pending", "end", "group credits",
                "for credit_* no_failure", "dec fc_ph", "end", "group errors", "for cpl_*", "bin err_ur", "end"]

    def lines(self, failure):
        return waves.save_file(NAMES, self.TEMPLATE, failure, os.path.join(self.out, "view"), 0).splitlines()

    def test_markers_and_cursor(self):
        lines = self.lines(self.failure())
        self.assertIn("*0.0 365 305 -1 365 " + " ".join(["-1"] * 23), lines)
        self.assertIn("[markername] CBC", lines)

    def test_only_what_matters_is_open(self):
        def opened(failure):
            lines = self.lines(failure)
            return [line[1:] for flag, line in zip(lines, lines[1:]) if flag == waves.OPEN]

        self.assertEqual(opened(self.failure()), ["state"])
        self.assertEqual(opened(self.failure(check="credit_posted")), ["state", "credits"])
        self.assertEqual(opened(None), ["credits"])  # nothing is left in the other
        lines = self.lines(self.failure())
        self.assertEqual(lines.count(waves.FOLD), lines.count(waves.FOLD_END))

    def test_the_bit_of_the_vector(self):
        self.assertIn("+{vector 3 pending} (1)top.msix_top.u_core.pend_q[4:0]", self.lines(self.failure()))
        for failure in (None, self.failure(vector=7)):
            self.assertNotIn("pending}", "".join(self.lines(failure)))


@unittest.skipUnless(shutil.which("gtkwave") and shutil.which("xvfb-run"), "there is no GTKWave or no Xvfb")
class Picture(Place):
    """A real failed run, with a policy that the block does not follow, and the picture of it."""

    def test_a_failed_run_is_pictured(self):
        policy = self.write("policy", "record_while_disabled = no\n")
        wave, log, result = (os.path.join(self.out, f"small.{end}") for end in ("fst", "log", "json"))
        command = ["build/small/sim", "race_event_with_enable", "--policy", policy, "--waves", wave, "--log", log,
                   "--json", result]
        self.assertEqual(subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode, 1)
        png = os.path.join(self.out, "shot.png")
        done = subprocess.run([sys.executable, "scripts/waves.py", "shot", "--fail", wave, "--png", png], cwd=ROOT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"clock \d+: msg_cause \[.*\n  marker A: clock \d+, event \d+\n  marker B: ")
        with open(png, "rb") as file:
            self.assertEqual(file.read(4), b"\x89PNG")

    def test_x_and_z_do_not_keep_it(self):
        """Of another simulator: every signal unknown, floating, or half of it."""
        wires = (("clk", 1), ("rst_n", 1), ("tx_tvalid", 1), ("tx_tready", 1), ("tx_tlast", 1), ("tx_tkeep", 4),
                 ("tx_tdata", 128), ("evt_valid", 1), ("evt_ready", 1), ("evt_vector", 11), ("fc_ph", 8))
        names = [(chr(ord("A") + i), name, width) for i, (name, width) in enumerate(wires)]
        lines = ["$timescale 1ns $end", "$scope module top $end"]
        lines += [f"$var wire {width} {code} {name}{f' [{width - 1}:0]' if width > 1 else ''} $end" for code, name, width in names]
        lines += ["$scope module msix_top $end", "$scope module u_core $end", "$var wire 70 Z pend_q [69:0] $end",
                  "$upscope $end", "$upscope $end", "$upscope $end", "$enddefinitions $end"]
        for clock, level in enumerate("xzx10x1z01" * 4):
            lines += [f"#{10 * clock}", "0A", *(f"b{level * (width // 2 + 1)}x {code}" if width > 1 else f"{level}{code}"
                                               for code, _, width in names[1:]), f"b{level}x{level * 60} Z", f"#{10 * clock + 5}", "1A"]
        vcd = self.write("x.vcd", "\n".join(lines) + "\n#500\n")
        wave, png = (os.path.join(self.out, f"x.{end}") for end in ("fst", "png"))
        subprocess.run(["vcd2fst", vcd, wave], check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run([sys.executable, "scripts/waves.py", "shot", "--file", wave, "--png", png], cwd=ROOT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertGreater(os.path.getsize(png), 10000)


if __name__ == "__main__":
    unittest.main()
