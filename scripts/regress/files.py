"""Files that are whole or not there."""

import json
import os


class Refused(Exception):
    """Something is missing or broken that is neither the block's fault nor the test's: exit status 3."""


class Usage(Exception):
    """The command line asks for what cannot be: exit status 2."""


def write(path, text):
    """Under a temporary name first, so that a reader never sees half of it."""
    part = f"{path}.part"
    with open(part, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(part, path)


def write_json(path, value):
    write(path, json.dumps(value, indent=1) + "\n")


def read_json(path, default=None):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return default


def read(path, default=""):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return default
