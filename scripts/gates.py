"""The list of gates, tests/signoff.txt: what must hold before the block is called done. Its form is explained there.

A condition is `KEY OP VALUE` with OP one of == != >= <= > <. On the left may stand a sum of keys, on the right a number,
a key, or a text in quotes. A key alone is shown, and asks nothing.
"""

import operator
import re

PATH = "tests/signoff.txt"
SOURCES = "sources"  # the result of gates that are judged by the sources themselves, at that moment
OPERATORS = {"==": operator.eq, "!=": operator.ne, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
KEY = r"[a-z]\w*"
CONDITION = re.compile(rf'({KEY}(?: \+ {KEY})*)(?: (==|!=|>=|<=|>|<) (?:(-?\d+(?:\.\d+)?)|({KEY})|"([^"]*)"))?')


class Broken(Exception):
    """The file of gates cannot be read: a sentence with its place."""


class Missing(Exception):
    """A result does not have what a condition asks for."""


def value_of(result, key):
    if key not in result:
        raise Missing(f"there is no '{key}' in it")
    if isinstance(result[key], (list, dict)) or result[key] is None:
        raise Missing(f"'{key}' is neither a number nor a text")
    return result[key]


def show(value):
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


class Condition:
    def __init__(self, match):
        self.text, self.keys, self.operator = match[0], match[1].split(" + "), match[2]
        self.number = float(match[3]) if match[3] else None
        self.key, self.quoted = match[4], match[5]

    def wanted(self, result):
        if self.key:
            return value_of(result, self.key)
        return self.quoted if self.number is None else self.number

    def holds(self, result):
        values = [value_of(result, key) for key in self.keys]
        if not self.operator:
            return True
        wanted = self.wanted(result)
        if any(isinstance(value, str) != isinstance(wanted, str) for value in values):
            raise Missing(f"'{self.text}' compares a number with a text")
        found = values[0] if len(values) == 1 else sum(values)
        return OPERATORS[self.operator](found, wanted)

    def figures(self, result):
        """What it looked at: `killed 327 + equivalent 14` and `total 341`."""
        sides = [self.keys, [self.key]] if self.key else [self.keys]
        return [" + ".join(f"{key} {show(value_of(result, key))}" for key in keys) for keys in sides]


class Gate:
    """One line: `result` is a file of out/ or SOURCES, `command` makes it anew."""

    def __init__(self, name, result, conditions, meaning, command):
        self.name, self.result, self.conditions, self.meaning, self.command = name, result, conditions, meaning, command

    @property
    def wanted(self):
        return ", ".join(condition.text for condition in self.conditions if condition.operator)

    def holds(self, result):
        return all([condition.holds(result) for condition in self.conditions])  # each is looked at, so that no key is missing

    def figure(self, result):
        """Each once."""
        return ", ".join(dict.fromkeys(text for condition in self.conditions for text in condition.figures(result)))


def parse_gate(line, commands):
    """ValueError with what is wrong."""
    columns = [column.strip() for column in line.split("|")]
    if len(columns) != 4 or not all(columns):
        raise ValueError("expected NAME | RESULT | CONDITION, ... | IN WORDS")
    name, result, text, meaning = columns
    if result != SOURCES and result not in commands:
        raise ValueError(f"no line above says how {result} is made: 'RESULT: COMMAND'")
    conditions = []
    for part in text.split(","):
        match = CONDITION.fullmatch(" ".join(part.split()))
        if not match:
            raise ValueError(f"'{part.strip()}' is no condition such as 'failed == 0' or 'caught + excused == total'")
        conditions.append(Condition(match))
    gate = Gate(name, result, conditions, meaning, commands.get(result, ""))
    if not gate.wanted:
        raise ValueError(f"'{name}' asks nothing")
    return gate


def read(path=PATH):
    """(gates, {result: command}), both in the order of the file."""
    commands, gates = {}, {}
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Broken(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        try:
            if not line.strip() or line.startswith("#"):
                continue
            made = re.fullmatch(r"(out/[\w-]+\.json): +(\S.*)", line.strip())
            if made and "|" not in line:
                if made[1] in commands:
                    raise ValueError(f"{made[1]} is made in two ways")
                commands[made[1]] = made[2]
                continue
            gate = parse_gate(line, commands)
            if gate.name in gates:
                raise ValueError(f"there are two gates '{gate.name}'")
            gates[gate.name] = gate
        except ValueError as wrong:
            raise Broken(f"{path}:{number}: {wrong}") from wrong
    if not gates:
        raise Broken(f"{path}: there is no gate in it")
    return list(gates.values()), commands


def least(result, keys, path=PATH):
    """{key: number} of the conditions `key >= number` about a result; each of these keys must have one."""
    found = {condition.keys[0]: condition.number for gate in read(path)[0] if gate.result == result
             for condition in gate.conditions if condition.operator == ">=" and condition.number is not None}
    for key in keys:
        if key not in found:
            raise Broken(f"{path}: no gate says '{key} >= NUMBER' of {result}")
    return {key: found[key] for key in keys}
