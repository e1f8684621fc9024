"""Proves by SAT that a mutant of a netlist behaves as the original, in every run that begins with a clock of reset.

Both begin with the same registers and memories, whatever these hold. So they part for the first time in a clock in which
an end of the combinational logic differs: an output of the design, or an input of a register or of a memory. It is
enough to show that no end ever differs while both are in one state. The proof keeps one copy of the registers, doubles
the logic that the mutation reaches, compares its ends, and is a k-induction by the command 'sat' of Yosys: no difference
in the first k clocks, of which the first one is reset; and none behind any k clocks without one.

Memories are cut out: what they are asked is an end, what they answer is free. That proves less, and nothing wrong.
What is not proven may still be equivalent: by what the host never does, or by values that registers never hold.
"""

import copy
import json
import os
import re

import files
import variant

SELECT = "mutsel"
STEPS = 3  # the largest k
SECONDS = 60  # for one proof
MEMORY = re.compile(r"\$mem")
REGISTER = re.compile(r"\$_?\w*(dff|ff|latch|sr)\w*$", re.IGNORECASE)


def is_end(cell):
    return bool(MEMORY.match(cell["type"]) or REGISTER.match(cell["type"]))


def wires(cell, direction):
    return [bit for port, bits in cell["connections"].items() if cell["port_directions"][port] == direction for bit in bits]


def fresh_bits(module, count):
    """Numbers for new wires."""
    used = [bit for net in (*module["netnames"].values(), *module["ports"].values()) for bit in net["bits"]]
    used += [bit for cell in module["cells"].values() for bits in cell["connections"].values() for bit in bits]
    first = 1 + max(bit for bit in used if isinstance(bit, int))
    return list(range(first, first + count))


def reached(module, start):
    """The cells, up to the ends, that the bits `start` lead to, and the bits that these drive."""
    readers = {}
    for name, cell in module["cells"].items():
        for bit in () if is_end(cell) else wires(cell, "input"):
            readers.setdefault(bit, set()).add(name)
    cells, driven, left = set(), set(), list(start)
    while left:
        for name in readers.get(left.pop(), set()) - cells:
            cells.add(name)
            new = wires(module["cells"][name], "output")
            driven.update(new)
            left += new
    return cells, driven


def reconnect(cell, other):
    cell["connections"] = {port: [other.get(bit, bit) for bit in bits] for port, bits in cell["connections"].items()}


def double(module):
    """Ties `mutsel` to 0; a second copy of what it reaches has it at 1. Leaves one output, `differs`: some end of the
    two is not the same. Returns the number of ends that are compared."""
    select = module["ports"].pop(SELECT)["bits"]
    module["netnames"].pop(SELECT, None)
    names, driven = reached(module, select)
    driven = sorted(driven)
    twin = dict(zip(driven, fresh_bits(module, len(driven))))
    ends = {bit for cell in module["cells"].values() if is_end(cell) for bit in wires(cell, "input")}
    ends |= {bit for port in module["ports"].values() if port["direction"] == "output" for bit in port["bits"]}
    ends = sorted(ends & set(driven))
    for name in sorted(names):
        other = copy.deepcopy(module["cells"][name])
        reconnect(other, {**twin, **dict.fromkeys(select, "0"), select[0]: "1"})
        module["cells"][f"twin:{name}"] = other
    for cell in module["cells"].values():
        reconnect(cell, dict.fromkeys(select, "0"))
    module["ports"] = {name: port for name, port in module["ports"].items() if port["direction"] == "input"}
    compare(module, ends or ["0"], [twin[bit] for bit in ends] or ["0"])
    return len(ends)


def compare(module, left, right):
    out = fresh_bits(module, 1)
    width = {"A_WIDTH": len(left), "B_WIDTH": len(right), "Y_WIDTH": 1, "A_SIGNED": 0, "B_SIGNED": 0}
    module["cells"]["compare"] = {"type": "$ne", "parameters": {name: format(n, "032b") for name, n in width.items()},
                                  "attributes": {}, "port_directions": {"A": "input", "B": "input", "Y": "output"},
                                  "connections": {"A": left, "B": right, "Y": out}}
    add_port(module, "differs", "output", out)


def add_port(module, name, direction, bits):
    module["ports"][name] = {"direction": direction, "bits": bits}
    module["netnames"][name] = {"hide_name": 0, "bits": bits, "attributes": {}}


def cut_memories(module):
    for number, (name, cell) in enumerate(sorted(module["cells"].items())):
        if MEMORY.match(cell["type"]):
            del module["cells"][name]
            add_port(module, f"memory_{number}", "input", wires(cell, "output"))


def run(script, file):
    with open(file, "w", encoding="utf-8") as stream:
        stream.write("\n".join(script) + "\n")
    return variant.execute(["yosys", "-s", file])


def holds(folder, top, steps):
    """Is `differs` 0 in these steps? Their first state is any. ('sat -tempinduct' is not used: in Yosys 0.23 its base case
    accepts what is false from the second step on.)"""
    text = run([f"read_json {folder}/double.json", f"hierarchy -top {top}", "opt_clean",
                f"sat {steps} -prove differs 0 -timeout {SECONDS}"], f"{folder}/prove.ys")
    return "SAT proof finished - no model found: SUCCESS!" in text


def prove(base, line, folder, top="msix_top"):
    """The k that proves that the mutation `line` ('mutate -mode ...') of the netlist `base` (RTLIL) makes no difference;
    0 if there is no proof. Works in `folder`."""
    os.makedirs(folder, exist_ok=True)
    line = re.sub(r" -(src|wire|wirebit) \S+", "", line).replace("mutate ", f"mutate -ctrl {SELECT} 2 1 ", 1)
    run([f"read_ilang {base}", line, "dffunmap", f"write_json {folder}/mutant.json"], f"{folder}/mutant.ys")
    design = files.read_json(f"{folder}/mutant.json", {})
    double(design["modules"][top])
    cut_memories(design["modules"][top])
    files.write_json(f"{folder}/double.json", design)
    for steps in range(1, STEPS + 1):
        if not holds(folder, top, f"-seq {steps} -set-at 1 rst_n 0"):
            return 0
        behind = " ".join(f"-set-at {step} differs 0" for step in range(1, steps + 1))
        if holds(folder, top, f"-seq {steps + 1} {behind} -prove-skip {steps}"):
            return steps
    return 0
