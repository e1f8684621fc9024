"""Builds `sim` programs around other RTL than rtl/: a patched copy, or a netlist. Shared by bugs.py and mutants.py.

The bench itself is linked once into one object (class Bench), so that a rebuild next door does not disturb a run, and
so that its digest says whether a result still holds. Variants are built without assertions and without waves: the
bench alone has to notice.
"""

import argparse
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time

import lint  # enters the project's folder
import make_environment

VERILATE = ["--cc", "-O3", "--x-initial", "unique", "--x-assign", "unique", "--top-module", "msix_top", "--prefix",
            "Vmsix_top"]
RUNTIME = "build/common/verilated/Vruntime__ALL.a"
LIMIT_S = 120  # for one run
REQUIREMENT = r"[A-Z][A-Z-]*-\d+[a-z]?"


class BuildError(Exception):
    """What a tool printed."""


def execute(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, errors="replace", check=False, **options)
    if done.returncode != 0:
        raise BuildError(f"$ {' '.join(command)}\n{done.stdout}")
    return done.stdout


def digest(*parts):
    """Of strings, and of the contents of files given as ('file', name)."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, tuple):
            with open(part[1], "rb") as file:
                part = file.read()
        else:
            part = part.encode()
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()


class Bench:
    """Everything of a `sim` but the design, in one object file."""

    def __init__(self, folder):
        clean = make_environment.clean()
        execute(["make", "build/default/sim"], env=clean)
        os.makedirs(folder, exist_ok=True)
        self.object = f"{folder}/bench.o"
        tests = [f"build/common/{source[:-2]}.o" for source in sorted(glob.glob("tests/*.c"))]
        execute(["gcc", "-r", "-o", self.object + ".new", "build/common/tb/main.o", *tests,
                 "build/common/library.a"])
        os.replace(self.object + ".new", self.object)
        self.runtime = f"{folder}/runtime.a"
        shutil.copyfile(RUNTIME, self.runtime)
        self.digest = digest(("file", self.object), ("file", "tb/dut_verilator.cpp"), ("file", "tb/dut.h"),
                             ("file", __file__))


def numbers(config, prefix):
    return [f"{prefix}{name}={value}" for name, value in lint.parameters(config).items()]


def build_sim(bench, folder, config, sources, parameters=True, defines=(), optimise="-O1"):
    """folder/sim for the design in `sources`. `parameters`: the sources still take those of the configuration."""
    model = f"{folder}/model"
    shutil.rmtree(model, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    values = numbers(config, "-G") if parameters else []
    text = f"{os.getcwd()}/tb/dut_text.h"
    execute(["verilator", *VERILATE, "-Wno-fatal", "-Wno-lint", "-Wno-style", "-CFLAGS", f"-include {text}", *values,
             "-Mdir", model, *sources])
    execute(["make", "-s", "-C", model, "-f", "Vmsix_top.mk", f"OPT_FAST={optimise}", "OPT_SLOW=-O0",
             "Vmsix_top__ALL.a"])
    root = execute(["verilator", "--getenv", "VERILATOR_ROOT"]).strip()
    execute(["g++", "-O1", "-std=gnu++17", "-Itb", f"-I{model}", "-isystem", f"{root}/include", "-include", text,
             *numbers(config, "-DCFG_"), f'-DCFG_CONFIG_NAME="{config}"', *defines, "-c", "-o", f"{folder}/dut.o",
             "tb/dut_verilator.cpp"])
    execute(["g++", "-o", f"{folder}/sim", bench.object, f"{folder}/dut.o", f"{model}/Vmsix_top__ALL.a", bench.runtime,
             "-ledit", "-lz", "-lm", "-pthread", "-latomic"])
    shutil.rmtree(model)
    return f"{folder}/sim"


def limit(text):
    """For --limit: who is not waited for counts as killed, so that less than usual would make figures better."""
    try:
        if float(text) >= LIMIT_S:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"seconds, {LIMIT_S} at least, not '{text}'")


def failed_result(file):
    """The first failed test among the JSON lines that are there so far, or None."""
    for name in (file + ".part", file):  # the first becomes the second when the run ends
        try:
            with open(name, encoding="utf-8") as stream:
                lines = stream.readlines()
        except FileNotFoundError:
            continue
        for line in lines:
            if line.endswith("\n") and json.loads(line).get("result") == "failed":
                return json.loads(line)
    return None


def describe(result):
    error = result["error"]
    requirements = re.findall(REQUIREMENT, error["requirements"])
    if error["check"] == "test_expectation":  # the text is led by the row that the expectation stands for
        requirements = re.findall(f"^{REQUIREMENT}", error["text"]) or requirements
    return {"test": result["name"], "check": error["check"], "requirements": requirements, "text": error["text"]}


def first_failure(sim, arguments, time_limit, environment=None):
    """
    Runs sim, and ends it at the first test that fails. Returns None if all passed, else a dictionary with `test`,
    `check`, `requirements` (a list) and `text`. A run that takes longer than the limit fails by 'time_limit', one that
    dies by 'crash'.
    """
    with tempfile.TemporaryDirectory() as folder:
        file, last, late = f"{folder}/result", "", threading.Event()
        command = [sim, *arguments, "-v", "--no-shrink", "--json", file]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              env={**os.environ, **(environment or {})}) as process:

            def end():
                late.set()
                process.kill()

            alarm = threading.Timer(time_limit, end)
            alarm.start()
            for raw in process.stdout:
                last = raw.decode("utf-8", "replace").strip() or last
                if last.startswith("FAILED "):
                    while not failed_result(file) and process.poll() is None:
                        time.sleep(0.002)  # the JSON line follows
                    process.kill()
                    break
            status = process.wait()
            alarm.cancel()
        result = failed_result(file)
    if result:
        return describe(result)
    if late.is_set():
        return {"test": "", "check": "time_limit", "requirements": [], "text": f"no end in {time_limit} s; {last}"}
    if status != 0:
        return {"test": "", "check": "crash", "requirements": [], "text": f"exit status {status}; {last}"}
    return None
