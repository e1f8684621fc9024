#!/usr/bin/env python3
"""Draws docs/side_band.svg: an interrupt on a side-band wire, and one as a message, against the data that they announce.

    scripts/timeline.py [--sim build/default/sim] [--out docs/side_band.svg]

Runs the two tests of tests/test_side_band.c and draws the first round of each from its TLP log: the clocks in which the
device logic handed its data writes over, in which they and the message began on tx, and in which the interrupt handler ran.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

WIRE_TEST = "side_band_interrupt_overtakes_its_data"
MESSAGE_TEST = "message_instead_of_a_side_band_finds_its_data"
LINE = re.compile(r"\s*(\d+)\s+(dma write|dev -> host|event)\s+(.*)")
WRITES = 3  # of a round

LEFT, RIGHT, CLOCK = 138, 196, 29  # pixels: names, room for the last label, a clock
PANEL, LANE, BOX = 214, 48, 26
STYLE = """
  text { font: 13px 'DejaVu Sans', Arial, sans-serif; fill: #222 }
  .title { font-weight: bold; font-size: 15px }
  .small { font-size: 11px; fill: #555 }
  .in { text-anchor: middle }
  .lane { stroke: #bbb } .tick { stroke: #ddd }
  .data { fill: #d6e4f5; stroke: #3465a4 } .message { fill: #fde9b8; stroke: #b07d00 }
  .way { stroke: #3465a4; stroke-dasharray: 3 3; fill: none } .call { stroke: #b07d00; stroke-width: 2; fill: none }
  .halo { stroke: #fff; stroke-width: 5; paint-order: stroke }
  .good { fill: #2e7d32 } .bad { fill: #c62828 }
"""


class Round:
    """Clocks of the first round of a run."""

    def __init__(self, log):
        self.handed, self.sent, self.event, self.message = [], [], None, None
        for line in log:
            match = LINE.match(line)
            if not match:
                continue
            clock, stream, what = int(match[1]), match[2], match[3]
            if stream == "dma write" and len(self.handed) == WRITES:
                break  # the next round
            if stream == "dma write":
                self.handed.append(clock)
            elif stream == "event" and self.event is None:
                self.event = clock
            elif stream == "dev -> host" and what.endswith("  dma"):
                self.sent.append(clock)
            elif stream == "dev -> host" and " message vector " in what:
                self.message = clock
        if len(self.sent) < WRITES or self.event is None:
            sys.exit("timeline: the log does not hold a whole round")

    def last(self):
        return max(self.sent + [self.message or 0])


def run(sim, test, folder):
    log = os.path.join(folder, f"{test}.log")
    done = subprocess.run([sim, "--test", test, "--power-up", "1", "--log", log], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"timeline: {test} did not pass\n{done.stdout}")
    with open(log, encoding="utf-8") as lines:
        return Round(lines)


def box(x, y, name, text):
    return (f'<rect class="{name}" x="{x - 13}" y="{y - BOX // 2}" width="26" height="{BOX}" rx="3"/>'
            f'<text class="in" x="{x}" y="{y + 5}">{text}</text>')


def panel(top, title, r, first, last):
    """One run: three lanes, and above them what it is."""
    at = lambda clock: LEFT + (clock - first) * CLOCK
    lane = [top + 52 + LANE * i for i in range(3)]
    handler = r.event if r.message is None else r.message
    late = sum(clock >= handler for clock in r.sent)
    out = [f'<text class="title" x="16" y="{top + 16}">{title}</text>']
    for clock in range(first, last + 1):
        if clock % 5 == 0:
            out.append(f'<path class="tick" d="M{at(clock)} {top + 30}V{lane[2] + 20}"/>'
                       f'<text class="small in" x="{at(clock)}" y="{lane[2] + 34}">{clock}</text>')
    for y, name in zip(lane, ("device logic", "tx of the block", "software")):
        out.append(f'<path class="lane" d="M{LEFT - 14} {y}H{at(last) + 14}"/><text x="16" y="{y + 5}">{name}</text>')
    for handed, sent in zip(r.handed, r.sent):
        out.append(f'<path class="way" d="M{at(handed)} {lane[0]}L{at(sent)} {lane[1]}"/>')
    if r.message is None:
        # past what is on tx in the same clock
        beside = at(r.event) + 20
        out.append(f'<path class="call" d="M{at(r.event)} {lane[0]}V{lane[0] + 20}H{beside}V{lane[2] - 20}H{at(r.event)}V{lane[2]}"/>'
                   f'<text class="small" x="{beside + 5}" y="{lane[1] + 26}">wire</text>')
    else:
        out.append(f'<path class="way" d="M{at(r.event)} {lane[0]}L{at(r.message)} {lane[1]}"/>'
                   f'<path class="call" d="M{at(r.message)} {lane[1]}V{lane[2]}"/>')
    for i, (handed, sent) in enumerate(zip(r.handed, r.sent)):
        out += [box(at(handed), lane[0], "data", f"D{i + 1}"), box(at(sent), lane[1], "data", f"D{i + 1}")]
    out.append(box(at(r.event), lane[0], "message", "E"))
    if r.message is not None:
        out.append(box(at(r.message), lane[1], "message", "M"))
    words = f"handler reads: {late} of {WRITES} writes not there" if late else f"handler reads: all {WRITES} writes there"
    out.append(f'<circle class="{"bad" if late else "good"}" cx="{at(handler)}" cy="{lane[2]}" r="7"/>'
               f'<text class="halo {"bad" if late else "good"}" x="{at(handler) + 15}" y="{lane[2] + 5}">{words}</text>')
    return "\n".join(out)


def draw(wire, message):
    first = min(wire.handed + message.handed) - 1
    last = max(wire.last(), message.last()) + 1
    width = LEFT + (last - first) * CLOCK + RIGHT
    height = 2 * PANEL + 30
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<style>{STYLE}</style>", f'<rect width="{width}" height="{height}" fill="#fff"/>',
        panel(12, "An interrupt on a side-band wire", wire, first, last),
        panel(12 + PANEL, "The same traffic, the interrupt as an MSI-X message", message, first, last),
        f'<text class="small" x="16" y="{height - 12}">D1 to D3: data writes, at their last beat from the device logic and '
        'at their first beat on tx. E: the event. M: the message. Numbers are clocks.</text>', "</svg>", ""])


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sim", default="build/default/sim", help="the program that runs the tests")
    parser.add_argument("--out", default="docs/side_band.svg", help="the picture")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        picture = draw(run(options.sim, WIRE_TEST, folder), run(options.sim, MESSAGE_TEST, folder))
    with open(options.out, "w", encoding="utf-8") as file:
        file.write(picture)


if __name__ == "__main__":
    main()
