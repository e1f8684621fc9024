"""The programs that GTKWave starts: whatever comes, they answer, and they end with their input."""

import os
import random
import subprocess
import tempfile
import unittest

WAVES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", "waves")
SECONDS = 20
QUERY = b'$comment args "%s" $end\n$var wire 1 1 clk $end\n$enddefinitions $end\n#0\n01\n#5\n11\n$comment data_end 0x1 $end\n'


def answer(program, data):
    done = subprocess.run([os.path.join(WAVES, program)], input=data, stdout=subprocess.PIPE, timeout=SECONDS, check=False)
    return done.returncode, done.stdout


class Garbage(unittest.TestCase):
    def test_bytes_of_any_kind(self):
        for seed in range(20):
            data = random.Random(seed).randbytes(20000)
            lines = data.count(b"\n") + (not data.endswith(b"\n"))
            status, out = answer("bits_filter", data)
            self.assertEqual((status, out.count(b"\n")), (0, lines))  # a line for a line, or GTKWave waits
            for program in ("tlp_filter", "story_filter"):
                self.assertEqual(answer(program, data + b"\n" + QUERY % b"tx 2")[0], 0)

    def test_every_query_is_answered(self):
        for program in ("tlp_filter", "story_filter"):
            for junk in (b"", b"\0\0\0\n", b"#" + b"9" * 40 + b"\n", b"b" + b"x" * 100000 + b" 1\n", b"$var wire 4294967295 1 clk\n",
                         b"$var wire 0 0 x\n", b"b 1\n", b"b101\n", b"1\n", b"z4000000000\n"):
                status, out = answer(program, 3 * (junk + QUERY % b"tx 2"))
                self.assertEqual((status, out.count(b"$finish\n")), (0, 3), (program, junk[:40]))
                self.assertTrue(out.startswith(b"$name tx\n"))

    def test_the_end_in_the_middle_of_a_query(self):
        for program in ("tlp_filter", "story_filter", "bits_filter"):
            for end in range(0, len(QUERY), 7):
                self.assertEqual(answer(program, (QUERY % b"tx 2")[:end])[0], 0)
            self.assertEqual(answer(program, b"")[:2], (0, b""))

    def test_rows_are_limited(self):
        for args in (b"tx 4000000000", b"tx 0", b"tx -1", b"tx", b""):
            for program in ("tlp_filter", "story_filter"):
                status, out = answer(program, QUERY % args)
                self.assertEqual((status, out.count(b"$finish\n")), (0, 1))
                self.assertLessEqual(out.count(b"$name"), 16)


class Bits(unittest.TestCase):
    def test_x_and_z(self):
        self.assertEqual(answer("bits_filter", b"0\r\n8x\nzz\nx\n1Z\n")[1], b"-\nx0-3 7\nz\nx\nz0-3 4\n")

    def test_a_value_that_is_too_wide(self):
        self.assertEqual(answer("bits_filter", b"f" * 100000 + b"\n1\n")[1], b"too wide\n0\n")


class Story(unittest.TestCase):
    def story(self, text, args="vector_3 2"):
        with tempfile.NamedTemporaryFile(suffix=".story") as file:
            file.write(text)
            file.flush()
            return answer("story_filter", QUERY % f"{args} {file.name}".encode())

    def test_boxes_in_rows(self):
        status, out = self.story(b"0 105 darkgreen A: event, clock 10\n1 200 gray24 the rule\n1 300 red4\n")
        self.assertEqual((status, out), (0, b"$name vector 3\n#0\n#105 ?darkgreen?A: event, clock 10\n"
                                            b"$next\n$name +\n#0\n#200 ?gray24?the rule\n#300\n$finish\n"))

    def test_what_is_no_box_is_passed_over(self):
        out = self.story(b"\nnonsense\n0 x red4 y\n0 50 red4 b\n0 40 red4 back in time\n\xff\0\n0 60\n" + b"0 70 a " + b"w" * 99999)[1]
        self.assertTrue(out.startswith(b"$name vector 3\n#0\n#50 ?red4?b\n#70 ?a?www"))
        self.assertLess(len(out), 20000)
        self.assertTrue(out.endswith(b"$next\n$name +\n#0\n$finish\n"))

    def test_no_file(self):
        self.assertEqual(answer("story_filter", QUERY % b"a 1 /none"), (0, b"$name a\n#0\n$finish\n"))


if __name__ == "__main__":
    unittest.main()
