#!/usr/bin/env python3
"""Makes small random changes of the netlist of rtl/ and lets the bench find them: out/mutants.json, out/mutants_rows.json.

    scripts/mutants.py [--jobs N] [--count N] [--config NAME] [--seed N] [--fresh] [ID ...]    ID: mutants to try alone

Yosys elaborates rtl/ in a configuration, flattens it and applies `--count` mutations, each behind one value of a new
input `mutsel`; Verilator builds one program of it. Value 0 is the unchanged design and has to pass all tests first.

A mutant is killed if a test fails, or if the run does not end in time. Tests that killed much so far go first, each in
a process of its own; a mutant that survives them meets all tests, and two power-ups that must agree. What survives is
given to a SAT solver, which may prove that no run can tell it from the design (equivalence.py). The others are listed
with their source lines. tests/bugs/equivalent.txt names those that no test can kill, each with a reason; its lines are

    CONFIG SEED MODE CELL PORT BIT: reason

with `*` allowed in every word (as in file names). Results are kept in build/mutants and used again while netlist and
bench are the same; for another bench the test that killed a mutant is tried first. Exit status 0 if all are killed,
proven or named.
"""

import argparse
import collections
import concurrent.futures
import fnmatch
import json
import os
import re
import sys
import threading
import time

import equivalence
import files
import lint  # enters the project's folder
import provenance
import variant
from regress import figures as history

FOLDER = "build/mutants"
EQUIVALENT = "tests/bugs/equivalent.txt"
SELECT_BITS = 16
MODES = ("inv", "const0", "const1", "cnot0", "cnot1")
FRONT = 12  # tests that are tried alone before all of them
BROAD = ("random_mix_of_everything", "random_back_pressure", "random_function_controls",
         "alternating_writes_and_reads_at_full_rate", "interleaved_data_and_events_keep_order",
         "undefined_partial_writes_follow_byte_enables", "credit_counters_wrap")


def yosys(script, file):
    with open(file, "w", encoding="utf-8") as stream:
        stream.write("\n".join(script) + "\n")
    variant.execute(["yosys", "-q", "-s", file])


def elaborate(config):
    parameters = [f"-set {name} {value}" for name, value in lint.parameters(config).items()]
    read = [f"read_verilog -sv {' '.join(lint.rtl(assertions=False))}", f"chparam {' '.join(parameters)} msix_top",
            "hierarchy -top msix_top", "proc", "flatten", "rename -top msix_top"]
    memories = ["opt -full", "memory -nordff -nomap"]
    # Registers that only ever hold what reset gives them go, which needs a start value for a while.
    constants = ["setundef -init -zero", "opt -full", "setattr -unset init w:*"]
    narrow = ["wreduce", "peepopt", "opt -full -fine", "wreduce", "opt -full -fine", "clean -purge"]
    return read + memories + constants + narrow


def is_no_pin(cell, port, index):
    """Clock, enable and resets of a read port of a memory that has no clock: nothing is there, and Yosys stops at a change."""
    clocked = cell.get("parameters", {}).get("RD_CLK_ENABLE", "")
    return port in ("RD_CLK", "RD_EN", "RD_ARST", "RD_SRST") and clocked[::-1][index:index + 1] == "0"


def unchanged(file):
    """(mode, cell, port, bit) of changes that are none: to outputs that nothing reads, of constants to themselves, of pins
    that are none."""
    with open(file, encoding="utf-8") as stream:
        module = json.load(stream)["modules"]["msix_top"]
    used = {bit for port in module["ports"].values() if port["direction"] == "output" for bit in port["bits"]}
    for cell in module["cells"].values():
        for port, bits in cell["connections"].items():
            if cell["port_directions"][port] == "input":
                used.update(bits)
    none = set()
    for name, cell in module["cells"].items():
        for port, bits in cell["connections"].items():
            for index, bit in enumerate(bits):
                if (cell["port_directions"][port] == "output" and bit not in used) or is_no_pin(cell, port, index):
                    none.update((mode, name, port, str(index)) for mode in MODES)
                elif bit in ("0", "1"):
                    none.add((f"const{bit}", name, port, str(index)))
    return none


def mutation_list(folder, config, seed, count):
    """The lines `mutate -mode ...` that Yosys proposes, without doubles and without those that nothing can see."""
    yosys(elaborate(config) + [f"write_ilang {folder}/base.il", f"write_json {folder}/base.json",
                               f"mutate -list {count} -seed {seed} -o {folder}/list.txt"], f"{folder}/list.ys")
    none = unchanged(f"{folder}/base.json")
    with open(f"{folder}/list.txt", encoding="utf-8") as stream:
        lines = dict.fromkeys(stream.read().splitlines())
    mutants = [(Mutant(0, line), line) for line in lines]
    return [line for mutant, line in mutants if (mutant.mode, mutant.cell.lstrip("\\"), mutant.port, mutant.bit) not in none]


class Mutant:
    def __init__(self, number, line):
        self.number, self.line = number, line
        option = dict(re.findall(r"-(mode|cell|port|portbit|ctrlbit|wire|wirebit) (\S+)", line))
        self.mode, self.cell, self.port, self.bit = (option[name] for name in ("mode", "cell", "port", "portbit"))
        self.bit_of = f" if {option['ctrlbit']}" if "ctrlbit" in option else ""
        self.wire = f"{option.get('wire', '')}[{option.get('wirebit', '')}]" if "wire" in option else ""
        sources = re.findall(r"-src (\S+)", line)
        inner = [source for source in sources if not re.search(r"msix_top\.sv|rx_path\.sv|tx_path\.sv", source)]
        self.source = (inner or sources or ["?"])[0]

    def words(self):
        return f"{self.mode} {self.cell} {self.port} {self.bit}"

    def __str__(self):
        return f"{self.number:>4} {self.source:<34} {self.words()}{self.bit_of} {self.wire}"


def build(bench, folder, config, lines, digest):
    """One program with all mutants behind mutsel."""
    kept = files.read_json(f"{folder}/netlist.json", {})
    sim = f"{folder}/sim"
    if kept.get("digest") == digest and os.path.exists(sim):
        return sim
    script = [f"read_ilang {folder}/base.il"]
    for number, line in enumerate(lines, 1):
        script.append(re.sub(r" -(src|wire|wirebit) \S+", "", line).replace(
            "mutate ", f"mutate -ctrl mutsel {SELECT_BITS} {number} ", 1))
    yosys(script + ["opt_clean", f"write_verilog -noattr {folder}/netlist.v"], f"{folder}/mutate.ys")
    variant.build_sim(bench, folder, config, [f"{folder}/netlist.v"], parameters=False, defines=["-DDUT_MUTANTS"],
                      optimise="-O2")
    files.write_json(f"{folder}/netlist.json", {"digest": digest})
    return sim


class Killer:
    """Knows which tests kill most, and tries a mutant."""

    def __init__(self, sim, limit, kills):
        self.sim, self.limit = sim, limit
        self.kills = collections.Counter(kills)
        self.lock = threading.Lock()
        names = [line for line in variant.execute([sim, "--list"]).splitlines() if not line.startswith(" ")]
        self.tests = {line.split()[0] for line in names}

    def first_tests(self, own):
        with self.lock:
            order = [name for name, _ in self.kills.most_common(FRONT)] + list(BROAD)
        return [name for name in dict.fromkeys(([own] if own else []) + order) if name in self.tests]

    def run(self, mutant, arguments):
        return variant.first_failure(self.sim, arguments, self.limit, {"MUTANT": str(mutant.number)})

    def kill(self, mutant, own):
        """The failure, or None if the mutant survives everything."""
        for name in self.first_tests(own):
            failure = self.run(mutant, ["--test", name, "--power-up", "1"])
            if failure:
                break
        else:
            failure = self.run(mutant, ["--power-up", "1"]) or self.run(mutant, ["--test", BROAD[0]])
        if failure and failure["test"]:
            with self.lock:
                self.kills[failure["test"]] += 1
        return failure


def parse_equivalent(line):
    """(configuration, seed, pattern, reason) of a line; ValueError for one that has not all of them."""
    match = re.fullmatch(r"(\S+) +(\S+) +(\S+ +\S+ +\S+ +\S+): +(\S.*)", line.strip())
    if not match:
        raise ValueError(f"{EQUIVALENT}: expected 'CONFIG SEED MODE CELL PORT BIT: reason', not '{line.strip()}'")
    return match.groups()


def equivalents(config, seed):
    """Patterns of mutants that cannot be killed, with their reasons."""
    patterns = []
    with open(EQUIVALENT, encoding="utf-8") as stream:
        for line in stream:
            if line.strip() and not line.startswith("#"):
                where, of_seed, rest, reason = parse_equivalent(line)
                if fnmatch.fnmatchcase(config, where) and fnmatch.fnmatchcase(str(seed), of_seed):
                    patterns.append((" ".join(rest.split()), reason))
    return patterns


def equivalent_reason(mutant, patterns):
    def plain(text):  # brackets and backslashes of cell names are no wildcards
        return text.replace("[", "(").replace("]", ")").replace("\\", "/")
    words = plain(mutant.words())
    return next((reason for pattern, reason in patterns if fnmatch.fnmatchcase(words, plain(pattern))), "")


def prove_equivalence(mutants, folder, jobs):
    """{number: k} of those that a SAT solver cannot tell from the design; what was proven before is kept."""
    base = f"{folder}/base.il"
    digests = {mutant.number: variant.digest(("file", base), ("file", equivalence.__file__), mutant.line)
               for mutant in mutants}
    kept = files.read_json(f"{folder}/proofs.json", {})

    def one(mutant):
        digest = digests[mutant.number]
        if digest not in kept:
            kept[digest] = equivalence.prove(base, mutant.line, f"{folder}/proof{mutant.number}")
        return mutant.number, kept[digest]

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        proven = dict(pool.map(one, mutants))
    files.write_json(f"{folder}/proofs.json", {digest: kept[digest] for digest in digests.values()})
    return {number: steps for number, steps in proven.items() if steps}


def why_equivalent(mutant, proofs, patterns):
    """What excuses a mutant that survived, or ''."""
    if mutant.number in proofs:
        return f"proven (SAT, k-induction {proofs[mutant.number]})"
    reason = equivalent_reason(mutant, patterns)
    return f"reason: {reason}" if reason else ""


def report(mutants, results, proofs, patterns, seconds):
    killed = [mutant for mutant in mutants if results[str(mutant.number)]["check"]]
    alive = [mutant for mutant in mutants if not results[str(mutant.number)]["check"]]
    excused = [mutant for mutant in alive if why_equivalent(mutant, proofs, patterns)]
    for mutant in killed:
        if equivalent_reason(mutant, patterns):
            print(f"wrong: {EQUIVALENT} calls this one equivalent, but it is killed by "
                  f"{results[str(mutant.number)]['test']}: {mutant}")
    checks = collections.Counter(results[str(mutant.number)]["check"] for mutant in killed)
    print("killed by: " + ", ".join(f"{name} {number}" for name, number in checks.most_common()))
    for mutant in alive:
        why = why_equivalent(mutant, proofs, patterns)
        print(f"equivalent {mutant}\n           {why}" if why else f"SURVIVED {mutant}")
        if mutant.number in proofs and equivalent_reason(mutant, patterns):
            print(f"           {EQUIVALENT} need not name it")
    print(f"{len(mutants)} mutants: {len(killed)} killed, {len(excused)} equivalent, {len(proofs)} of them proven, "
          f"{len(alive) - len(excused)} survived, in {seconds:.0f} s")
    return {"auto_total": len(mutants), "auto_killed": len(killed), "auto_equivalent": len(excused),
            "auto_proven": len(proofs), "auto_equivalent_percent": round(100 * len(excused) / max(len(mutants), 1), 1)}


def rows(mutants, results, proofs, patterns):
    """What the report shows beside the figures."""
    check_of = {mutant: results[str(mutant.number)]["check"] for mutant in mutants}
    return {"killed_by": collections.Counter(filter(None, check_of.values())), "alive": [
        {"mutant": mutant.words() + mutant.bit_of, "source": mutant.source, "why": why_equivalent(mutant, proofs, patterns)}
        for mutant, check in check_of.items() if not check]}


def main():
    parser = argparse.ArgumentParser(description="tries random changes of the netlist against the bench")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--count", type=int, default=345)
    parser.add_argument("--config", default="small", choices=lint.configurations())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=variant.limit, default=variant.LIMIT_S, help="seconds for one run")
    parser.add_argument("--fresh", action="store_true", help="use no result of an earlier run")
    parser.add_argument("ids", nargs="*", type=int)
    options = parser.parse_args()
    start, measurement = time.monotonic(), provenance.Measurement("mutants")
    folder = f"{FOLDER}/{options.config}"
    os.makedirs(folder, exist_ok=True)
    bench = variant.Bench(FOLDER)
    lines = mutation_list(folder, options.config, options.seed, options.count)
    digest = variant.digest(bench.digest, ("file", f"{folder}/base.il"), *lines, f"tb/configs/{options.config}.mk")
    sim = build(bench, folder, options.config, lines, digest)
    mutants = [Mutant(number, line) for number, line in enumerate(lines, 1)]
    plain = variant.first_failure(sim, [], 10 * options.limit, {"MUTANT": "0"})
    if plain:
        print(f"the netlist itself fails {plain['test']}: {plain['check']}: {plain['text']}")
        return 1
    print(f"{folder}/sim: the netlist without a mutant passes all tests; {len(mutants)} mutants", flush=True)

    kept = {} if options.fresh else files.read_json(f"{folder}/results.json", {})
    same = kept.get("digest") == digest
    old = kept.get("results", {}) if kept.get("lines") == variant.digest(*lines) else {}
    killer = Killer(sim, options.limit, kept.get("kills", {}))
    results = {}

    def one(mutant):
        number = str(mutant.number)
        if same and old.get(number, {}).get("check", "?") != "?" and number not in map(str, options.ids):
            return number, old[number]
        failure = killer.kill(mutant, old.get(number, {}).get("test"))
        return number, failure or {"test": "", "check": "", "requirements": [], "text": ""}

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for count, (number, result) in enumerate(pool.map(one, mutants), 1):
            results[number] = result
            if not result["check"]:
                print(f"  alive {mutants[int(number) - 1]}", flush=True)
            if count % 20 == 0 or count == len(mutants):
                hints = old if same else {name: {**value, "check": "?"} for name, value in old.items()}
                keep = {**hints, **results}
                files.write_json(f"{folder}/results.json", {"digest": digest, "lines": variant.digest(*lines),
                                                            "results": keep, "kills": dict(killer.kills)})
                alive = sum(not value["check"] for value in results.values())
                print(f"{count}/{len(mutants)}, alive {alive}, {time.monotonic() - start:.0f} s", flush=True)
    alive = [mutant for mutant in mutants if not results[str(mutant.number)]["check"]]
    proofs = prove_equivalence(alive, folder, options.jobs)
    patterns = equivalents(options.config, options.seed)
    figures = report(mutants, results, proofs, patterns, time.monotonic() - start)
    files.write_json("out/mutants_rows.json", rows(mutants, results, proofs, patterns))
    figures.update(auto_wall_s=round(time.monotonic() - start), auto_config=options.config, auto_seed=options.seed)
    files.write_json("out/mutants.json", {**files.read_json("out/mutants.json", {}), **figures, **measurement.stamp()})
    history.remember("out/mutants.json")
    return figures["auto_killed"] + figures["auto_equivalent"] != figures["auto_total"]


if __name__ == "__main__":
    sys.exit(main())
