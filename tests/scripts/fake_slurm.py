#!/usr/bin/env python3
"""sbatch, squeue, scancel and sinfo by the name it is called by, for arrays of tasks on this machine.

Task 2 of array N comes to the end that the file end-N beside this program names: `none` (its node dies before it has
begun), `half` (in mid-run: half of the results are there, no coverage). `late` is for all tasks: the results are there
when sbatch returns, but the tasks end only when squeue is asked for the second time.
"""

import json
import os
import shutil
import signal
import subprocess
import sys

PLACE = os.path.dirname(os.path.abspath(__file__))
WORDS = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)


def read(name):
    try:
        with open(os.path.join(PLACE, name), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    with open(os.path.join(PLACE, path), "w", encoding="utf-8") as file:
        file.write(text)


def start(index, script):
    output = WORDS["--output"].replace("%a", str(index))
    with open(output, "w", encoding="utf-8") as to:
        return subprocess.Popen(["sh", "-c", script], env={**os.environ, "SLURM_ARRAY_TASK_ID": str(index)}, stdout=to,
                                stderr=subprocess.STDOUT, start_new_session=True)


def show_some(index, share):
    """Runs a task elsewhere, and shows its results alone, as one that has not ended."""
    base = os.path.dirname(WORDS["--output"])
    start(index, WORDS["--wrap"].replace("/part-", "/late-")).wait()
    here, there = (os.path.join(base, f"{name}-{index}") for name in ("late", "part"))
    os.makedirs(there)
    with open(os.path.join(here, "results.jsonl"), encoding="utf-8") as file:
        lines = file.readlines()
    write(os.path.join(there, "results.jsonl.part"), "".join(lines[:int(len(lines) * share)]))
    with open(os.path.join(here, "run.json"), encoding="utf-8") as file:
        write(os.path.join(there, "run.json"), json.dumps({**json.load(file), "state": "running"}))
    return here


def show_all(here):
    there = here.replace("/late-", "/part-")
    shutil.rmtree(there)
    shutil.copytree(here, there)


def sbatch():
    number = len([name for name in os.listdir(PLACE) if name.startswith("array-")]) + 1
    first, last = map(int, WORDS["--array"].split("-"))
    end, lines = read(f"end-{number}"), []
    for index in range(first, last + 1):
        if end == "late":
            lines.append(f"late {show_some(index, 1)}")
        elif index == 2 and end == "half":
            show_some(index, 0.5)
        elif index != 2 or end != "none":
            lines.append(f"pid {start(index, WORDS['--wrap']).pid}")
    write(f"array-{number}", "\n".join(lines))
    print(number)


def lives(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def squeue():
    number = WORDS["--jobs"]
    lines = [line.split() for line in read(f"array-{number}").splitlines()]
    if any(what == "asked" for what, _ in lines):
        for _, folder in lines:
            show_all(folder)
        write(f"array-{number}", "")
    elif any(what == "late" for what, _ in lines):
        write(f"array-{number}", "".join(f"asked {folder}\n" for _, folder in lines))
        print(number)
    elif any(lives(pid) for _, pid in lines):
        print(number)


def scancel():
    for what, pid in (line.split() for line in read(f"array-{sys.argv[1]}").splitlines()):
        if what == "pid" and lives(pid):
            os.kill(int(pid), signal.SIGTERM)


{"sbatch": sbatch, "squeue": squeue, "scancel": scancel, "sinfo": lambda: None}[os.path.basename(sys.argv[0])]()
