#!/usr/bin/env python3
"""Runs one test with waves and shows them in GTKWave, or pictures them without a display.

    scripts/waves.py show --config default --test NAME [--seed N] [--at CLOCK] [--arguments='MORE FOR SIM']
    scripts/waves.py shot ...                            writes out/shot.png
    scripts/waves.py show --file run.fst                 shows what is there already
    scripts/waves.py show --fail latest                  the failure that was seen last; also a folder or a file of one

Of a run that failed it shows the clock of the failure, with markers on the event, the message and the broken rule; else
the first event, or the first TLP. --at names another clock. The save file is made from
waves/msix.gtkw.in for the signals that the wave file has, because their names carry their widths.
"""

import argparse
import datetime
import fnmatch
import glob
import json
import os
import re
import shlex
import subprocess
import sys

import files
import wave_failure

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

NS_A_CLOCK = 10
BEFORE, AFTER = 12, 48  # clocks shown on each side of the place
PICTURE, SHOT_SECONDS = "1600x980", 120
TOP = "top."

# GTKWave's trace flags, hexadecimal: hex 2, decimal 4, bin 8, right-justified 20, blank 200, collapsed 1000, closed group
# 400000, group begin 800000, group end 1000000, process filter 4000, transaction filter 10000000.
FORMAT = {"hex": "@22", "dec": "@24", "bin": "@28"}
FOLD, FOLD_END, OPEN, OPEN_END, BLANK = "@c00200", "@1401200", "@800200", "@1000200", "@200"


def parameters(config):
    """Numbers of a build configuration, {} if it is none of ours."""
    path = f"tb/configs/{os.path.basename(config)}.mk"
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return {name: int(value, 0) for name, value in re.findall(r"^(\w+)\s*:=\s*(\S+)", file.read(), re.M)}


def signals(wave_file):
    """Full name with range, by name without, of everything in the file; its first clock; that of the first event or TLP."""
    names, codes, scope, begin = {}, {}, [], None
    first_tlp, event, tlp, time = None, None, None, 0
    with subprocess.Popen(["fst2vcd", wave_file], stdout=subprocess.PIPE, text=True, errors="replace") as vcd:
        for line in vcd.stdout:
            if line.startswith("$scope"):
                scope.append(line.split()[2])
            elif line.startswith("$upscope"):
                scope.pop()
            elif line.startswith("$var"):
                _, _, _, code, name, *span = line.split()
                path = ".".join([*scope, name])
                names[path] = path + re.sub(r"^\[(\d+):\1\]$", r"[\1]", span[0].replace("$end", ""))
                codes[path] = code
            elif line.startswith("$enddefinitions"):
                event, tlp = (f"1{codes.get(TOP + name)}\n" for name in ("evt_valid", "tx_tvalid"))
            elif line.startswith("#"):
                time = int(line[1:])
                begin = time // NS_A_CLOCK if begin is None else begin
            elif line == event:
                vcd.terminate()
                return names, begin, time // NS_A_CLOCK
            elif line == tlp and first_tlp is None:
                first_tlp = time // NS_A_CLOCK
    return names, begin or 0, first_tlp or begin or 0


def transaction(names, title, rows, prefix, parts):
    wires = [names[TOP + name] for name in ("clk", "rst_n", *(f"{prefix}_{part}" for part in parts)) if TOP + name in names]
    if f"{TOP}{prefix}_{parts[0]}" not in names:
        return []
    return ["@10000022", f'[transaction_args] "{title} {rows}"', f"^<1 {os.path.abspath('build/waves/tlp_filter')}",
            f"#{{{title}}} {' '.join(wires)}", BLANK, *["-"] * (int(rows) - 1)]


def signal(names, flags, name, alias):
    full = names.get(TOP + name)
    if full is None:
        return []
    return [*flags, f"+{{{alias}}} {full}" if alias else full]


def bit(names, name, alias, vector):
    """One bit of a wide value; the viewer counts them from the left."""
    full = names.get(TOP + name, "")
    span = re.search(r"\[(\d+):(\d+)\]$", full)
    if vector is None or not span or not int(span[2]) <= vector <= int(span[1]):
        return []
    return [FORMAT["bin"], f"+{{vector {vector} {alias}}} ({int(span[1]) - vector}){full}"]


def story_trace(title, rows, path):
    return ["@10000022", f'[transaction_args] "{title} {rows} {path}"',
            f"^<1 {os.path.abspath('build/waves/story_filter')}", f"#{{{title}}} {TOP}clk {TOP}rst_n", BLANK,
            *["-"] * (rows - 1)]


def story(failure, base, start):
    """Two traces, and the files that they are read from."""
    lines = []
    about = "vectors" if failure.vector is None else f"vector_{failure.vector}"
    for name, title, boxes in (("rule", "failure", failure.verdict(start)), ("past", about, failure.past())):
        path = f"{base}.{name}.story"
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in boxes)
        rows = 1 + max((int(line.split()[0]) for line in boxes), default=0)
        lines += story_trace(title, rows, path)
    return lines


class Groups:
    """Groups that are open or folded; the end of one says the same as its beginning."""

    def __init__(self, failure):
        self.failure, self.stack, self.wanted = failure, [], {}

    def begin(self, title, folded):
        self.stack.append((title, folded))
        return [FOLD if folded else OPEN, f"-{title}"]

    def end(self, lines):
        """The lines with the end; a group without a signal goes."""
        title, folded = self.stack.pop()
        if lines[-2:] == [FOLD if folded else OPEN, f"-{title}"]:
            return lines[:-2]
        return [*lines, FOLD_END if folded else OPEN_END, f"-{title}"]

    def concerns(self, title):
        """Does the check that failed need this group open?"""
        checks = self.wanted.get(title)
        about = self.failure.check if self.failure else "no_failure"
        return checks is None or any(fnmatch.fnmatch(about, check) for check in checks)

    def learn(self, template):
        title = ""
        for line in template:
            word, _, rest = line.strip().partition(" ")
            if word == "group":
                title = rest
            elif word == "for":
                self.wanted[title] = rest.split()


def markers(failure):
    """The cursor at the failure, and a named marker each; 26 there are."""
    if failure is None:
        return []
    times = {letter: wave_failure.edge(clock) for letter, clock, _ in failure.markers()}
    letters = [times.get(chr(ord("A") + i), -1) for i in range(26)]
    return [f"*0.0 {wave_failure.edge(failure.time)} {' '.join(map(str, letters))}",
            *(f"[markername] {letter}{label}" for letter, _, label in failure.markers() if label != letter)]


def save_file(names, template, failure=None, base="out/waves/view", start=0):
    bits_filter = f"^>1 {os.path.abspath('build/waves/bits_filter')}"
    # the process filter stands here too because GTKWave 3.3.118 loads none once there is a transaction filter
    lines = ["[*] made by scripts/waves.py from waves/msix.gtkw.in", *markers(failure), "[signals_width] 220",
             "[sst_expanded] 0", bits_filter]
    template = list(template)
    groups = Groups(failure)
    groups.learn(template)
    for line in template:
        word, _, rest = line.strip().partition(" ")
        name, _, alias = rest.partition(" ")
        if not word or word.startswith("#") or word == "for":
            continue
        if word == "group":
            lines += groups.begin(rest, not groups.concerns(rest))
        elif word == "fold":
            lines += groups.begin(rest, True)
        elif word == "end":
            lines = groups.end(lines)
        elif word == "story":
            lines += story(failure, base, start) if failure else []
        elif word == "bit":
            lines += bit(names, name, alias, failure.vector if failure else None)
        elif word in ("tlps", "port"):
            parts = ("tvalid", "tready", "tlast", "tkeep", "tdata") if word == "tlps" else ("valid", "ready", "vector")
            title, rows, prefix = rest.rsplit(" ", 2)
            lines += transaction(names, title, rows, prefix, parts)
        elif word == "bits" and ":" in names.get(TOP + name, ""):
            lines += signal(names, ["@4022", bits_filter], name, alias)
        elif word in FORMAT or word == "bits":  # a single bit
            lines += signal(names, [FORMAT.get(word, FORMAT["bin"])], name, alias)
        else:
            sys.exit(f"waves.py: waves/msix.gtkw.in: '{word}' is not known")
    return "\n".join(lines) + "\n"


def simulate(options):
    """Runs the test; its verdict does not matter here. Returns the wave file."""
    if not options.test:
        sys.exit("waves.py: name one test, for example: make waves TEST=one_event_gives_one_message_on_every_vector")
    os.makedirs("out/waves", exist_ok=True)
    wave_file = f"out/waves/{options.config}.fst"
    left = {name: re.sub("fst$", name, wave_file) for name in ("log", "json")}
    for old in [wave_file, *left.values(), *glob.glob(f"out/waves/{options.config}.*.fst")]:
        if os.path.exists(old):
            os.remove(old)
    command = [f"{options.build}/{options.config}/sim", options.test, "--waves", wave_file, "--log", left["log"], "--json", left["json"]]
    if options.seed:
        command += ["--seed", options.seed]
    command += shlex.split(options.arguments)
    print(" ".join(command), flush=True)
    status = subprocess.run(command, check=False).returncode
    if status != 2 and glob.glob(f"out/waves/{options.config}.*.fst"):
        sys.exit(f"waves.py: TEST must name one test; '{options.test}' matches several")
    if status == 2 or not os.path.exists(wave_file):
        sys.exit("waves.py: the run left no waves")
    clocks = max((json.loads(line).get("cycles", 0) for line in files.read(left["json"]).splitlines()), default=0)
    if options.at is not None and options.at > clocks:
        sys.exit(f"waves.py: the run is over in clock {clocks}, AT={options.at} is behind that")
    return wave_file


def place(options, failure, begin, first):
    """Clocks from, to, and of the cursor. A failure in front of what the file holds is shown by its beginning."""
    if options.at is not None:
        return max(0, options.at - BEFORE), options.at + AFTER, options.at
    if failure and failure.time >= begin:
        start, end = failure.window()
        return max(start, begin), end, failure.time
    if failure:
        return begin, begin + BEFORE + AFTER, failure.time
    return max(0, first - BEFORE), first + AFTER, first


def tell(failure, wave_file):
    made = datetime.datetime.fromtimestamp(os.path.getmtime(wave_file)).strftime("%Y-%m-%d %H:%M")
    print(f"{wave_file} of {made}" + "".join(f"\n  another problem of that run: FAIL={other}" for other in
                                            wave_failure.others(wave_file)))
    print(f"clock {failure.time}: {failure.check} [{failure.requirements}] {failure.text}")
    for letter, (clock, name) in failure.letters().items():
        print(f"  marker {letter}: clock {clock}, {name}")


def show(options, wave_file):
    names, begin, first = signals(wave_file)
    if not any(name.startswith(TOP) for name in names):
        sys.exit(f"waves.py: {wave_file} holds no signals below '{TOP}'")
    failure = wave_failure.Failure(wave_file, parameters) if wave_failure.result_beside(wave_file) else None
    base = re.sub(r"\.fst$", "", wave_file)
    start, end, at = place(options, failure, begin, first)
    with open("waves/msix.gtkw.in", encoding="utf-8") as template:
        text = save_file(names, template, failure, base, start)
    with open(f"{base}.gtkw", "w", encoding="utf-8") as file:
        file.write(text)
    if failure:
        tell(failure, wave_file)
    environment = {**os.environ, "WAVES_FROM": str(start * NS_A_CLOCK), "WAVES_TO": str(end * NS_A_CLOCK),
                   "WAVES_AT": str(wave_failure.edge(at))}
    command = ["gtkwave", "--rcfile", "waves/gtkwaverc", "--script", "waves/place.tcl", wave_file, f"{base}.gtkw"]
    if options.what == "shot":
        environment["WAVES_PNG"] = options.png
        if os.path.exists(options.png):
            os.remove(options.png)
        command = ["xvfb-run", "-a", "-s", f"-screen 0 {PICTURE}x24", "gtkwave", "--nomenus", *command[1:]]
    limit = SHOT_SECONDS if options.what == "shot" else None
    try:
        done = subprocess.run(command, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        sys.exit(f"waves.py: GTKWave has made no picture in {limit} s")
    if done.returncode != 0 or (options.what == "shot" and not os.path.exists(options.png)):
        sys.exit(f"waves.py: GTKWave failed\n{done.stdout}")
    if options.what == "shot":
        print(f"{options.png} shows clocks {start} to {end} of {wave_file}")


def clock(text):
    if not text.isdigit():
        sys.exit(f"waves.py: AT takes the number of a clock, not '{text}'")
    return int(text)


def main():
    parser = argparse.ArgumentParser(description="shows the waves of one test")
    parser.add_argument("what", choices=("show", "shot"))
    parser.add_argument("--build", default="build", metavar="DIR")
    parser.add_argument("--config", default="default")
    parser.add_argument("--test", default="")
    parser.add_argument("--seed", default="")
    parser.add_argument("--at", type=clock, metavar="CLOCK")
    parser.add_argument("--arguments", default="")
    parser.add_argument("--file")
    parser.add_argument("--png", default="out/shot.png")
    parser.add_argument("--fail", metavar="latest|FOLDER|FILE")
    options = parser.parse_args()
    if options.what == "show" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        sys.exit("waves.py: there is no display; `make shot` with the same variables writes a picture")
    show(options, options.file or (wave_failure.find(options.fail) if options.fail else simulate(options)))


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, wave_failure.NotFound) as error:  # a file that cannot be written, a quotation that does not end
        sys.exit(f"waves.py: {error}")
