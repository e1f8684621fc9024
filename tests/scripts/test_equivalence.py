"""Unit tests of scripts/equivalence.py: what counts as proven; and of what mutants.py makes of it."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
import equivalence  # noqa: E402
import mutants  # noqa: E402

GATE = r"\$and #(.A_SIGNED(0), .B_SIGNED(0), .A_WIDTH(2), .B_WIDTH(2), .Y_WIDTH(2))"
DESIGN = f"""
module top(input clk, input rst_n, input [1:0] a, input [1:0] b, output [1:0] plain, output hidden, output in_reset,
           output never, output reg [1:0] kept, output [1:0] stored);
  {GATE} g_plain (.A(a), .B(b), .Y(plain));

  wire [1:0] absorbed;
  {GATE} g_hidden (.A(a), .B(b), .Y(absorbed));
  assign hidden = a[0] | absorbed[0];

  wire [1:0] held;
  {GATE} g_reset (.A(a), .B(b), .Y(held));
  assign in_reset = held[0] & ~rst_n;

  reg [1:0] state;  // 2 leads to 3, and nothing leads to 2
  always @(posedge clk) state <= rst_n & (state == 2) ? 2'd3 : 2'd0;
  wire [1:0] seldom;
  {GATE} g_never (.A(a), .B(b), .Y(seldom));
  assign never = seldom[0] & rst_n & (state == 3);

  wire [1:0] next;
  {GATE} g_kept (.A(a), .B(b), .Y(next));
  always @(posedge clk) if (!rst_n) kept <= 0; else kept <= next;

  reg [1:0] ram [0:3];
  wire [1:0] address, answer = ram[address];
  {GATE} g_address (.A(a), .B(b), .Y(address));
  {GATE} g_answer (.A(answer), .B(2'b01), .Y(stored));
  always @(posedge clk) ram[a] <= b;
endmodule
"""


class Proofs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        with open(f"{cls.folder.name}/top.v", "w", encoding="utf-8") as file:
            file.write(DESIGN)
        script = f"read_verilog -icells {cls.folder.name}/top.v; proc; memory -nordff -nomap; write_ilang {cls.folder.name}/base.il"
        subprocess.run(["yosys", "-q", "-p", script], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def prove(self, cell, port="Y", bit=0, mode="inv"):
        line = f"mutate -mode {mode} -module top -cell {cell} -port {port} -portbit {bit} -src top.v:1"
        return equivalence.prove(f"{self.folder.name}/base.il", line, f"{self.folder.name}/work", top="top")

    def test_what_an_output_or_a_register_shows_is_not_proven(self):
        self.assertEqual(self.prove("g_plain"), 0)
        self.assertEqual(self.prove("g_plain", port="A", mode="const1"), 0)
        self.assertEqual(self.prove("g_kept"), 0)

    def test_logic_that_absorbs_the_change(self):
        self.assertEqual(self.prove("g_hidden", mode="const0"), 1)
        self.assertEqual(self.prove("g_hidden", mode="const1"), 0)
        self.assertEqual(self.prove("g_hidden", bit=1), 1)  # nothing reads this bit

    def test_what_shows_in_reset_is_not_proven(self):
        self.assertEqual(self.prove("g_reset"), 0)

    def test_states_that_cannot_be_reached_take_more_clocks(self):
        self.assertEqual(self.prove("g_never"), 2)

    def test_what_a_memory_is_asked_shows_and_what_it_answers_may_be_absorbed(self):
        self.assertEqual(self.prove("g_address"), 0)
        self.assertEqual(self.prove("g_answer", port="A", bit=1), 1)
        self.assertEqual(self.prove("g_answer", port="A", bit=0), 0)


class Double(unittest.TestCase):
    def test_only_what_the_change_reaches_is_doubled(self):
        def gate(a, b, y, kind="$and"):
            return {"type": kind, "port_directions": {"A": "input", "B": "input", "Y": "output"},
                    "connections": {"A": [a], "B": [b], "Y": [y]}}
        register = {"type": "$dff", "port_directions": {"D": "input", "CLK": "input", "Q": "output"},
                    "connections": {"D": [6], "CLK": [2], "Q": [7]}}
        ports = {"clk": ("input", [2]), "a": ("input", [3]), "mutsel": ("input", [4, 5]), "y": ("output", [8])}
        module = {"ports": {name: {"direction": way, "bits": bits} for name, (way, bits) in ports.items()}, "netnames": {},
                  "cells": {"changed": gate(3, 4, 6), "register": register, "behind": gate(7, 3, 8)}}
        self.assertEqual(equivalence.double(module), 1)
        self.assertEqual(set(module["cells"]), {"changed", "twin:changed", "register", "behind", "compare"})
        self.assertEqual(module["cells"]["changed"]["connections"]["B"], ["0"])
        self.assertEqual(module["cells"]["twin:changed"]["connections"]["B"], ["1"])
        self.assertEqual(module["cells"]["compare"]["connections"]["A"], [6])
        self.assertEqual({name for name, port in module["ports"].items() if port["direction"] == "output"}, {"differs"})


class Excuses(unittest.TestCase):
    MUTANT = mutants.Mutant(7, "mutate -mode inv -cell $g$a.sv:3 -port Y -portbit 0 -src a.sv:3")

    def why(self, proofs, patterns):
        return mutants.why_equivalent(self.MUTANT, proofs, patterns)

    def test_a_proof_comes_before_a_reason(self):
        self.assertEqual(self.why({}, []), "")
        self.assertEqual(self.why({}, [("inv *a.sv:3* Y 0", "seen by nobody")]), "reason: seen by nobody")
        self.assertEqual(self.why({7: 2}, [("inv *a.sv:3* Y 0", "seen by nobody")]), "proven (SAT, k-induction 2)")
        self.assertEqual(self.why({8: 1}, []), "")

    def test_figures(self):
        lines = ["mutate -mode inv -cell c -port Y -portbit %d" % bit for bit in range(4)]
        each = [mutants.Mutant(number, line) for number, line in enumerate(lines, 1)]
        results = {str(number): {"test": "", "check": "msg_known" if number == 1 else ""} for number in range(1, 5)}
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            figures = mutants.report(each, results, {2: 1}, [("inv c Y 2", "why")], 0)
        self.assertEqual(figures, {"auto_total": 4, "auto_killed": 1, "auto_equivalent": 2, "auto_proven": 1,
                                   "auto_equivalent_percent": 50.0})
        for wanted in ("proven (SAT, k-induction 1)", "reason: why", "SURVIVED    4"):
            self.assertIn(wanted, text.getvalue())
        rows = mutants.rows(each, results, {2: 1}, [("inv c Y 2", "why")])
        self.assertEqual(rows["killed_by"], {"msg_known": 1})
        self.assertEqual([row["why"] for row in rows["alive"]], ["proven (SAT, k-induction 1)", "reason: why", ""])


class Pins(unittest.TestCase):
    def test_read_ports_without_a_clock_have_no_reset_to_break(self):
        memory = {"parameters": {"RD_CLK_ENABLE": "01"}}  # port 0 is clocked, port 1 is not
        self.assertFalse(mutants.is_no_pin(memory, "RD_SRST", 0))
        self.assertTrue(mutants.is_no_pin(memory, "RD_SRST", 1))
        self.assertFalse(mutants.is_no_pin(memory, "RD_DATA", 1))
        self.assertFalse(mutants.is_no_pin({}, "RD_SRST", 0))


if __name__ == "__main__":
    unittest.main()
