"""`sim --interactive` by pipe and on a terminal: exact answers, errors with their lines, exit status, what is saved."""

import os
import pty
import random
import re
import select
import subprocess
import tempfile
import time
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SIM = os.path.join(ROOT, "build", "small", "sim")
PROGRAM = "program 3 0xFEE00000 0x33\nenable 1\nfence\n"


def session(text, *words, data=None):
    """Exit status, answers behind the greeting, and what stands on stderr."""
    done = subprocess.run([SIM, "--interactive", *words], input=data or text.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, check=False)
    return done.returncode, done.stdout.decode().split("\n", 1)[-1], done.stderr.decode()


def timeless(text):
    """Answers without clocks and tags, which are the block's affair."""
    text = re.sub(r"^ *\d+  (?=\S)", "T  ", text, flags=re.M)
    return re.sub(r"\b(clock|tag) [0-9a-f]+", r"\1 N", text)


class Pipe(unittest.TestCase):
    maxDiff = None

    def answers(self, text, expected, *words, status=0):
        got, out, err = session(text, *words)
        self.assertEqual((timeless(out), err, got), (expected, "", status))

    def test_an_event_becomes_a_message(self):
        out = session(PROGRAM + "step 1\n")[1]
        before = timeless(out)
        self.answers(PROGRAM + "step 1\nevent 3\nrun message 3\npeek table 3\n", before +
                     "T  event        vector 3\n"
                     "T  dev -> host  MWr  32 00FEE00000 len 1 be F/0 req 01:00.0 tag N tc 0 attr -- data 00000033"
                     "  message vector 3\n"
                     "clock N\n"
                     "entry 3: address 00000000FEE00000 data 00000033 mask 0; 1 messages seen\n")

    def test_looking_costs_no_clock(self):
        looks = "".join(f"{look}\n" for look in ("peek table 3", "peek mask 3", "peek pending 3", "model 3", "history 3",
                                                "peek credits", "peek controls", "tlps 4", "list", "help"))
        log, seen = (session(PROGRAM + text + "event 3\nrun message\ntlps 1\n")[1].splitlines()[-1] for text in ("", looks))
        self.assertEqual(log, seen)

    def test_masked_and_pending(self):
        got, out, err = session(PROGRAM + "mask 3\nfence\nevent 3\nstep 20\npeek pending 3\npending 3\npeek mask 3\n"
                                "peek pending 3\nmodel 3\n")
        self.assertEqual((got, err), (0, ""))
        for line in ("vector 3: pending 1 by the model, one state is left\n",
                     "vector 3: the block's pending bit reads 1\n", "vector 3: mask 1\n",
                     "pending 1, 0 messages on their way\n"):
            self.assertIn(line, out)

    def test_what_holds_a_message_back(self):
        self.assertIn("vector 0: mask 1; MSI-X Enable is 0; Function Mask is 1; Bus Master Enable is 0\n",
                      session("control 0 1\nbus-master 0\nfence\npeek mask 0\n")[1])

    def test_controls_of_host_and_pins(self):
        out = session("control 1 1\nstep 1\npeek controls\nfence\npeek controls\n")[1]
        self.assertEqual(re.findall(r"at the pins:   MSI-X Enable (\d)", out), ["0", "1"])
        self.assertIn("last written:  MSI-X Enable 1, Function Mask 1, Bus Master Enable 1, Memory Space Enable 1, "
                      "BAR0 0000004080000000\n", out)

    def test_credits_of_both_directions(self):
        out = session("credits frozen\ndma 0x20000000 4 0x1\nsettle\ndma 0x20000000 4 0x1\nstep 30\npeek credits\n")[1]
        self.assertRegex(out, r"what the block sends:\n  PH +limit +\d+, +\d+ left\n  PD ")
        self.assertRegex(out, r"what the host sends:\n  PH +limit +\d+, +\d+ left\n  PD .*\n  NPH .*\n  NPD ")

    def test_conditions_that_do_not_come(self):
        self.answers("run event 3 within 7\nrun message within 2\n",
                     "it did not come in 7 clocks\nclock N\nit did not come in 2 clocks\nclock N\n")

    def test_run_until_a_clock(self):
        self.assertEqual(session("run time 300\n")[1], "clock 300\n")
        self.assertEqual(session("run time 300\nrun time 3\n")[::2], (2, "line 2: clock 3 has passed: it is 300\n"))

    def test_run_until_a_completion(self):
        out = timeless(session("read table 0 control\nrun completion\n")[1])
        self.assertRegex(out, r"MRd .*\nT  dev -> host  CplD .* data 00000001\nclock N\n$")

    def test_undefined_operations_are_left_out(self):
        self.answers("unmask 2\nstep\n", "left out, because it is not defined in this state: unmask 2\nclock N\n")

    def test_errors_have_their_lines_and_the_session_goes_on(self):
        text = ("# comment\n\nbogus\nstep x\nrun\nrun away\nrun time\nrun message 9\nrun failure never\nevent 3 at 5\n"
                "peek table 5\nwaves stop\nnext\nsave /none/s.scn\nseed 2\nstep 1 2 3 4 5 6 7\nquit now\nstep 2\n")
        got, out, err = session(text)
        self.assertEqual((got, timeless(out)), (2, "clock N\n"))
        self.assertEqual(err, """\
line 3: there is no operation "bogus"; help lists all
line 4: N is a number from 0 to 4294967295, not "x"
line 5: run takes event|message [VECTOR] [within N]
line 6: there is nothing like "away" to wait for: event, message, completion, time, failure
line 7: time takes a CLOCK
line 8: VECTOR is a number from 0 to 4, not "9"
line 9: "never" stands where nothing or `within N` may stand
line 10: event: behind "at" stands +1 to +1000 clocks from now, not "5"
line 11: VECTOR is a number from 0 to 4, not "5"
line 12: waves stop: none is being written
line 13: there is no scenario: start with --replay FILE
line 14: save: cannot write the scenario /none/s.scn: No such file or directory
line 15: the seed is 1 already; start with --seed 2
line 16: there is no operation "step 1"; help lists all
line 17: quit takes nothing
""")

    def test_garbage_is_refused_and_does_not_hang(self):
        got, _, err = session("", data=random.Random(1).randbytes(1 << 16) + b"\n" + b"a" * 5000 + b"\nstep\0 7\nevent")
        self.assertEqual(got, 2)
        self.assertIn("a line has at most 1000 characters", err)
        self.assertRegex(err, r"line \d+: event: VECTOR is a number, not \"\"\n$")

    def test_quit_ends_it(self):
        self.assertEqual(session("quit\nbogus\n"), (0, "", ""))

    def test_help_lists_commands_and_operations(self):
        out = session("help\n")[1]
        for word in ("step [N]", "peek pending VECTOR", "event VECTOR [at +N]", "write table VECTOR FIELD VALUE"):
            self.assertIn(f"  {word} ", out)
        self.assertEqual(session("help pba64\n")[1].count("\n"), 1)

    def test_command_lines_that_contradict(self):
        for words in (("--test", "x"), ("--json", "x"), ("--shrink", "x"), ("--waves", "x")):
            self.assertEqual(session("", *words)[::2], (2, f"sim: --interactive and {words[0]} contradict each other\n"))
        for option in ("--fault", "--fault-as-bug"):  # one that a test is not told of is the same here
            self.assertEqual(session("", option, "none_such")[::2], (2, 'sim: there is no fault "none_such"\n'))


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def test_what_is_saved_plays_the_same_traffic(self):
        text = (PROGRAM + "event 3\nstep 3\nmask 3\nevent 3 at +2\nevent 2\nrun message 3\npending 3\nstep 4\n"
                f"dma 0x20000000 4 0x1\nrun message 2 within 50\nsave {self.path('s.scn')}\n")
        self.assertEqual(session(text, "--log", self.path("1.log"))[::2], (0, ""))
        subprocess.run([SIM, "--replay", self.path("s.scn"), "--log", self.path("2.log")], check=True,
                       stdout=subprocess.DEVNULL)
        first = self.read("1.log")
        self.assertGreater(first.count("\n"), 15)
        self.assertTrue(self.read("2.log").startswith(first))
        again = f"--log {self.path('3.log')}".split()
        with open(self.path("s.scn"), encoding="utf-8") as file:
            self.assertEqual(session(file.read(), *again)[::2], (0, ""))
        self.assertEqual(self.read("3.log"), first)

    def test_a_scenario_is_played_one_by_one(self):
        with open(self.path("s.scn"), "w", encoding="utf-8") as file:
            file.write("seed 7\n" + PROGRAM + "event 3\nwait 20\nevent 2\nwait 20\n")
        got, out, err = session("next\nlist 2\nnext message 3\nnext all\nnext\n", "--replay", self.path("s.scn"))
        played = [line for line in out.splitlines() if re.match(r"\d+: |\d+ of|all ", line)]
        self.assertEqual((got, err), (0, ""))
        self.assertEqual(played, ["1: program 3 0xFEE00000 0x33", "2: enable 1", "3: fence", "1 of 7 have been played",
                                  "2: enable 1", "3: fence", "4: event 3", "5: wait 20", "6: event 2", "7: wait 20",
                                  "all 7 operations have been played"])

    def test_a_failure_stops_the_run_and_is_the_exit_status(self):
        text = PROGRAM + f"event 3\nrun failure\nstep 2\nsave {self.path('s.scn')}\n"
        got, out, err = session(text, "--fault", "msg_data")
        self.assertEqual((got, err), (1, ""))
        self.assertEqual(len(re.findall(r"^FAILED in clock \d+: msg_\w+ \[", out, re.M)), 1)
        self.assertRegex(self.read("s.scn"), r"^# by hand, 5 vectors \(configuration small\): fails msg_")

    def test_waves_are_started_and_stopped(self):
        first, second = self.path("1.fst"), self.path("2.fst")
        text = f"step 10\nwaves start {first}\nwaves start {second}\nstep 10\nwaves stop\nwaves start {second}\nstep 5\n"
        got, _, err = session(text)
        self.assertEqual((got, err), (2, f"line 3: waves start: {first} is being written; `waves stop` ends it\n"))
        for wave in (first, second):
            self.assertGreater(os.path.getsize(wave), 300)
        self.assertEqual(session("waves start /none/w.fst\n")[::2], (2, "line 1: waves start: cannot write /none/w.fst\n"))


class Terminal(unittest.TestCase):
    """On a terminal there is a prompt with the clock, and lines can be edited and fetched again."""

    def test_prompt_editing_and_history(self):
        try:
            child, terminal = pty.fork()
        except OSError as error:
            self.skipTest(f"no pseudo terminal here: {error}")
        if child == 0:
            os.environ["TERM"] = "vt100"
            os.execv(SIM, [SIM, "--interactive"])
        text = b""

        def wait_for(pattern):
            nonlocal text
            end = time.monotonic() + 30
            while not re.search(pattern, text):
                self.assertLess(time.monotonic(), end, text)
                if select.select([terminal], [], [], 0.2)[0]:
                    text += os.read(terminal, 4096)

        try:
            wait_for(rb"\d+> ")
            start = int(re.findall(rb"(\d+)> ", text)[-1])
            os.write(terminal, b"stepx\x7f 7\n")  # the wrong letter goes
            wait_for(rb"\b%d> " % (start + 7))
            os.write(terminal, b"\x1b[A\n")  # the line before, again
            wait_for(rb"\b%d> " % (start + 14))
            os.write(terminal, b"st\t 2\n")  # step and stall-dma begin so: nothing is added
            wait_for(rb"there is no operation")
            os.write(terminal, b"ste\t 2\n")
            wait_for(rb"\b%d> " % (start + 16))
            os.write(terminal, b"step 4000000000\n")
            wait_for(rb"step 4000000000\r\n")
            time.sleep(0.1)
            os.write(terminal, b"\x03")  # ends the step, not the session
            wait_for(rb"C\d{3,}> ")
            os.write(terminal, b"quit\n")
            while True:
                try:
                    if not os.read(terminal, 4096):
                        break
                except OSError:  # the other end is closed
                    break
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 2)
        finally:
            os.close(terminal)


if __name__ == "__main__":
    unittest.main()
