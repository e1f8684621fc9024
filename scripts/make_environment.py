"""The environment for a make, or a command that starts one, that is not a part of the make that has started the script."""

import os

OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


def clean(*more):
    """Without what make hands on to its children, and without `more`: variables that were meant for the outer make."""
    return {name: value for name, value in os.environ.items() if name not in (*OF_MAKE, *more)}
