"""Figures of the other measurements (coverage, bugs, mutants, speed), in the database that has the results of all runs."""

import os
import sys

from . import files, history


def remember(path):
    """Adds the numbers of a flat result with its stamp (provenance.py) to history.db beside it, under its name."""
    result = files.read_json(path, {})
    numbers = {key: value for key, value in result.items() if isinstance(value, (int, float)) and not isinstance(value, bool)}
    if "measured" in result:  # else nobody knows what of
        source = os.path.basename(path).removesuffix(".json")
        try:
            history.History(os.path.join(os.path.dirname(path), "history.db")).append_figures(
                result["measured"], result["commit"], result["dirty"], source, numbers)
        except files.Refused as refused:  # the result itself is written
            print(f"{path} is in no trend: {refused}", file=sys.stderr)
