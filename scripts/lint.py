#!/usr/bin/env python3
"""The lint steps: a name and a function each, which returns what it has to complain about ('' if nothing).

    scripts/lint.py [NAME ...]    runs the steps whose names contain one of these; all by default
    scripts/lint.py --block DIR   the RTL steps of another block, in every configuration
"""

import argparse
import glob
import os
import re
import subprocess
import sys

import block

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

EXAMPLE, EXAMPLE_CONFIGS = "tests/second_core", ("odd", "small")  # another block, docs/your-own-rtl.md
C_DIRECTORIES = ("models", "tb", "tests", "tests/unit", "tests/fuzz", "tests/liberal", "waves")

# Parameters on top of the default configuration that the block must refuse, and what its sentence names.
ILLEGAL = {
    "no_vector": ({"NVEC": 0}, "NVEC"),
    "too_many_vectors": ({"NVEC": 2049, "BAR0_SIZE_LOG2": 17, "PBA_OFFSET": 0x10000, "CSR_OFFSET": 0x11000}, "NVEC"),
    "stream_of_3_dw": ({"DATA_DW": 3}, "DATA_DW"),
    "payload_of_1024": ({"MPS_MAX": 1024}, "MPS_MAX"),
    "pba_in_table": ({"PBA_OFFSET": 0x100}, "overlap"),
    "table_in_csr_page": ({"CSR_OFFSET": 0}, "CSR_OFFSET"),
    "bar_too_small": ({"BAR0_SIZE_LOG2": 13}, "BAR0"),
    "table_not_aligned": ({"TABLE_OFFSET": 4}, "TABLE_OFFSET"),
    "too_many_msi": ({"MSI_VECTORS_LOG2": 6}, "MSI_VECTORS_LOG2"),
    "intx_pin_5": ({"INTX_PIN": 5}, "INTX_PIN"),
    "soft_reset_of_2": ({"NO_SOFT_RESET": 2}, "NO_SOFT_RESET"),
    "vendor_of_17_bits": ({"VENDOR_ID": 0x10000}, "number"),
}


def run(*command):
    """Exit status and everything printed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return done.returncode, done.stdout


def complaint(*command):
    status, text = run(*command)
    return text or f"exit status {status}, nothing printed" if status else ""


def configurations():
    return sorted(os.path.basename(path)[:-3] for path in glob.glob("tb/configs/*.mk"))


def parameters(config):
    with open(f"tb/configs/{config}.mk", encoding="utf-8") as file:
        return {name: int(value, 0) for name, value in re.findall(r"^(\w+)\s*:=\s*(\S+)", file.read(), re.M)}


def rtl(assertions, folder=None):
    return [path for path in block.sources(folder) if assertions or not path.endswith("_sva.sv")]


def verilator(values, folder=None):
    numbers = [f"-G{name}={value}" for name, value in values.items()]
    return ["verilator", "--lint-only", "--assert", "-Wall", "--top-module", "msix_top", *numbers, *rtl(True, folder)]


def verilator_step(config, folder=None):
    return complaint(*verilator(parameters(config), folder))


def yosys_step(config, folder=None):
    # not `hierarchy -chparam`: Yosys 0.23 stops at an assertion of its own when a package is there
    numbers = " ".join(f"-set {name} {value}" for name, value in parameters(config).items())
    script = (f"read_verilog -sv -defer {' '.join(rtl(False, folder))}; chparam {numbers} msix_top; "
              "hierarchy -check -top msix_top; proc; check -assert")
    return complaint("yosys", "-q", "-p", script)


def illegal_step(name):
    changes, word = ILLEGAL[name]
    status, text = run(*verilator({**parameters("default"), **changes}))
    if status == 0:
        return f"{changes} was accepted"
    if not re.search(rf"^%(Error|Warning-USERERROR).*{word}", text, re.M):
        return f"{changes} was refused, but not with a sentence that names {word}:\n{text}"
    return ""


def c_files(*endings):
    return sorted(path for folder in C_DIRECTORIES for ending in endings for path in glob.glob(f"{folder}/*{ending}"))


def clang_format_step():
    return complaint("clang-format", "--dry-run", "-Werror", "--ferror-limit=3", *c_files(".c", ".h"))


def cppcheck_step():
    include = [f"-I{folder}" for folder in C_DIRECTORIES]
    return complaint("cppcheck", "--std=c11", "--enable=warning,style,performance,portability", "--inline-suppr", "-q",
                     "--suppressions-list=scripts/cppcheck.txt", "--error-exitcode=1", *include, *c_files(".c"))


def citations_step():
    return complaint(sys.executable, "scripts/check_citations.py")


def sources():
    """Path and text of every file that people write."""
    for folder, folders, files in os.walk("."):
        folders[:] = sorted(set(folders) - {".git", "build", "out", "__pycache__", "corpus"})
        for name in sorted(files):
            path = os.path.relpath(os.path.join(folder, name))
            with open(path, "rb") as file:
                data = file.read()
            if b"\0" not in data:
                yield path, data.decode("utf-8", "replace")


def lines_with(pattern, wanted=lambda path: True):
    found = []
    for path, text in sources():
        if wanted(path):
            found += [f"{path}:{n}: {line.strip()}" for n, line in enumerate(text.splitlines(), 1)
                      if re.search(pattern, line)]
    return "\n".join(found)


def boundaries_step():
    """Who may know whom: tests -> tb -> models, waves -> models, and Verilator behind tb/dut.h only."""
    may = {"models": ["models"], "tb": ["tb", "models"], "waves": ["waves", "models"],
           "tests": ["tests", "tb", "models"], "tests/fuzz": ["tests/fuzz", "tb", "models"],
           "tests/liberal": ["tests/liberal", "tb", "models"],
           "tests/unit": ["tests/unit", "tests", "tb", "models", "waves"]}
    found = []
    for path in c_files(".c", ".h", ".cpp"):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if path.endswith(".cpp") and not path.startswith("tb/dut_"):
            found.append(f"{path}: C++ belongs into tb/dut_*.cpp only")
        for name in re.findall(r'^\s*#\s*include\s*[<"]([^">]+)', text, re.M):
            home = [folder for folder in C_DIRECTORIES if os.path.exists(f"{folder}/{name}")]
            if home and home[0] not in may[os.path.dirname(path)]:
                found.append(f"{path}: includes {name} of {home[0]}/")
            if re.search(r"verilated|Vmsix", name) and not path.startswith("tb/dut_"):
                found.append(f"{path}: includes {name}; only tb/dut_*.cpp knows the simulator")
    for path in glob.glob("rtl/*.sv") + glob.glob(f"{EXAMPLE}/*.sv"):
        with open(path, encoding="utf-8") as file:
            names = re.findall(r"^(?:module|package)\s+(\w+)", file.read(), re.M)
        if names != [os.path.basename(path)[:-3]]:
            found.append(f"{path}: holds {names}; one module a file, named as the file")
    return "\n".join(found)


def covers_step():
    """Each assertion has the cover of its trigger, by name, or `make cover` could not say that it was never tried."""
    found = []
    for path in sorted(glob.glob("rtl/*_sva.sv")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        asserts, covers = (re.findall(rf"^ *(\w+) : {word}\b", text, re.M) for word in ("assert", "cover"))
        wanted = {f"{name}_reached" for name in asserts}
        found += [f"{path}: no cover {name}" for name in sorted(wanted - set(covers))]
        found += [f"{path}: {name} covers no assertion" for name in sorted(set(covers) - wanted)]
    return "\n".join(found)


def tests_step():
    """Each test is run, once, by the name of its variable."""
    with open("tests/all_tests.c", encoding="utf-8") as file:
        listed = re.findall(r"^ +&(\w+),$", file.read(), re.M)
    defined, found = [], [f"tests/all_tests.c: {name} is listed twice" for name in {*listed} if listed.count(name) > 1]
    for path in sorted(glob.glob("tests/test_*.c")):
        with open(path, encoding="utf-8") as file:
            tests = re.findall(r'^const struct test (\w+)(?: = \{\n +\.name = "(.*)")?', file.read(), re.M)
        for test, name in tests:
            defined.append(test)
            if name != test:
                found.append(f"{path}: the name of {test} is \"{name}\"")
            if test not in listed:
                found.append(f"{path}: {test} is not listed in tests/all_tests.c, so nobody runs it")
    return "\n".join(sorted(found) + [f"tests/all_tests.c: no {name} found" for name in listed if name not in defined])


def open_ends_step():
    return lines_with(r"\b(TO" r"DO|FIX" r"ME)\b")


def white_space_step():
    return lines_with(r"[ \t]+$|\r", lambda path: not path.endswith((".md", ".png", ".patch")))


def rtl_steps(folder=None, chosen=None):
    """Yosys and Verilator in the chosen configurations, or in all, the largest first."""
    largest = sorted(chosen or configurations(), key=lambda config: -parameters(config)["NVEC"])
    return {f"{tool}_{config}": lambda step=step, config=config: step(config, folder)
            for tool, step in (("yosys", yosys_step), ("verilator", verilator_step)) for config in largest}


def all_steps():
    steps = rtl_steps()
    steps.update((f"{name}_of_{block.name(EXAMPLE)}", step) for name, step in rtl_steps(EXAMPLE, EXAMPLE_CONFIGS).items())
    steps.update((f"refuses_{name}", lambda name=name: illegal_step(name)) for name in ILLEGAL)
    steps.update({"clang_format": clang_format_step, "cppcheck": cppcheck_step, "boundaries": boundaries_step,
                  "citations": citations_step, "covers": covers_step, "tests": tests_step,
                  "open_ends": open_ends_step, "white_space": white_space_step})
    return steps


def main():
    options = argparse.ArgumentParser(description="runs the lint steps")
    options.add_argument("--block", metavar="DIR", help="the RTL steps of another block, in every configuration")
    options.add_argument("words", nargs="*", metavar="NAME", help="only steps whose names contain one of these")
    chosen = options.parse_args()
    failed = 0
    for name, step in (rtl_steps(chosen.block) if chosen.block else all_steps()).items():
        if chosen.words and not any(part in name for part in chosen.words):
            continue
        text = step()
        failed += text != ""
        print(f"{'FAIL' if text else 'ok  '} {name}" + (f"\n{text}" if text else ""))
    return failed != 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except block.Unusable as wrong:
        sys.exit(f"lint.py: {wrong}")
