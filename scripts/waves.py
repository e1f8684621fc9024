#!/usr/bin/env python3
"""Runs one test with waves and shows them in GTKWave, or pictures them without a display.

    scripts/waves.py show --config default --test NAME [--seed N] [--at CLOCK] [--arguments='MORE FOR SIM']
    scripts/waves.py shot ...                            writes out/shot.png
    scripts/waves.py show --file run.fst                 shows what is there already

Without --at the window begins before the first event, or else before the first TLP. The save file is made from
waves/msix.gtkw.in for the signals that the wave file has, because their names carry their widths.
"""

import argparse
import glob
import os
import re
import shlex
import subprocess
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

NS_A_CLOCK = 10
BEFORE, AFTER = 12, 48  # clocks shown on each side of the place
PICTURE = "1600x1100"
TOP = "top."

# GTKWave's trace flags, hexadecimal: hex 2, decimal 4, bin 8, right-justified 20, blank 200, collapsed 1000, closed group
# 400000, group begin 800000, group end 1000000, process filter 4000, transaction filter 10000000.
FORMAT = {"hex": "@22", "dec": "@24", "bin": "@28"}
FOLD, FOLD_END, BLANK = "@c00200", "@1401200", "@200"


def signals(wave_file):
    """Full name with range, by name without, of everything in the file; and the clock of the first event or TLP."""
    names, codes, scope = {}, {}, []
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
            elif line == event:
                vcd.terminate()
                return names, time // NS_A_CLOCK
            elif line == tlp and first_tlp is None:
                first_tlp = time // NS_A_CLOCK
    return names, first_tlp or 0


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


def save_file(names, template):
    bits_filter = f"^>1 {os.path.abspath('build/waves/bits_filter')}"
    # the process filter stands here too because GTKWave 3.3.118 loads none once there is a transaction filter
    lines = ["[*] made by scripts/waves.py from waves/msix.gtkw.in", "[signals_width] 220", "[sst_expanded] 0",
             bits_filter]
    fold = ""
    for line in template:
        word, _, rest = line.strip().partition(" ")
        if not word or word.startswith("#"):
            continue
        name, _, alias = rest.partition(" ")
        if word == "heading":
            lines += [BLANK, f"-{rest}"]
        elif word == "fold":
            fold = rest
            lines += [FOLD, f"-{fold}"]
        elif word == "end":
            lines += [FOLD_END, f"-{fold}"]
        elif word in ("tlps", "port"):
            parts = ("tvalid", "tready", "tlast", "tkeep", "tdata") if word == "tlps" else ("valid", "ready", "vector")
            lines += transaction(names, *rest.split(), parts)
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
    for old in [wave_file, *glob.glob(f"out/waves/{options.config}.*.fst")]:
        if os.path.exists(old):
            os.remove(old)
    command = [f"build/{options.config}/sim", options.test, "--waves", wave_file]
    if options.seed:
        command += ["--seed", options.seed]
    command += shlex.split(options.arguments)
    print(" ".join(command), flush=True)
    status = subprocess.run(command, check=False).returncode
    if status != 2 and glob.glob(f"out/waves/{options.config}.*.fst"):
        sys.exit(f"waves.py: TEST must name one test; '{options.test}' matches several")
    if status == 2 or not os.path.exists(wave_file):
        sys.exit("waves.py: the run left no waves")
    return wave_file


def show(options, wave_file):
    names, first = signals(wave_file)
    if not any(name.startswith(TOP) for name in names):
        sys.exit(f"waves.py: {wave_file} holds no signals below '{TOP}'")
    with open("waves/msix.gtkw.in", encoding="utf-8") as template:
        text = save_file(names, template)
    view = re.sub(r"\.fst$", "", wave_file) + ".gtkw"
    with open(view, "w", encoding="utf-8") as file:
        file.write(text)
    at = first if options.at is None else options.at
    # the rising edge of a clock, where its handshakes count
    place = {"WAVES_FROM": max(0, at - BEFORE) * NS_A_CLOCK, "WAVES_TO": (at + AFTER) * NS_A_CLOCK,
             "WAVES_AT": at * NS_A_CLOCK + NS_A_CLOCK // 2}
    command = ["gtkwave", "--rcfile", "waves/gtkwaverc", "--script", "waves/place.tcl", wave_file, view]
    if options.what == "shot":
        place["WAVES_PNG"] = "out/shot.png"
        if os.path.exists("out/shot.png"):
            os.remove("out/shot.png")
        command.insert(1, "--nomenus")
        command = ["xvfb-run", "-a", "-s", f"-screen 0 {PICTURE}x24", *command]
    environment = {**os.environ, **{name: str(value) for name, value in place.items()}}
    done = subprocess.run(command, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0 or (options.what == "shot" and not os.path.exists("out/shot.png")):
        sys.exit(f"waves.py: GTKWave failed\n{done.stdout}")
    if options.what == "shot":
        print(f"out/shot.png shows clocks {max(0, at - BEFORE)} to {at + AFTER}")


def clock(text):
    if not text.isdigit():
        sys.exit(f"waves.py: AT takes the number of a clock, not '{text}'")
    return int(text)


def main():
    parser = argparse.ArgumentParser(description="shows the waves of one test")
    parser.add_argument("what", choices=("show", "shot"))
    parser.add_argument("--config", default="default")
    parser.add_argument("--test", default="")
    parser.add_argument("--seed", default="")
    parser.add_argument("--at", type=clock, metavar="CLOCK")
    parser.add_argument("--arguments", default="")
    parser.add_argument("--file")
    options = parser.parse_args()
    if options.what == "show" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        sys.exit("waves.py: there is no display; `make shot` with the same variables writes a picture")
    show(options, options.file or simulate(options))


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:  # a file that cannot be written, a quotation that does not end
        sys.exit(f"waves.py: {error}")
