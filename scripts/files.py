"""Files that are whole or not there: for whatever scripts leave behind."""

import json
import os


def write(path, text):
    """Under a temporary name first, so that a reader never sees half of it. Makes the folder."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
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
