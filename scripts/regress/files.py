"""Files of a run, which are whole or not there, and what goes wrong with them."""

from files import read, read_json, write, write_json  # noqa: F401  of scripts/, for the modules here


class Refused(Exception):
    """Something is missing or broken that is neither the block's fault nor the test's: exit status 3."""


class Usage(Exception):
    """The command line asks for what cannot be: exit status 2."""
