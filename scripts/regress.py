#!/usr/bin/env python3
"""The regression runner (`make regress`): configurations x tests x seeds, explained failures, shards, history.

    scripts/regress.py --help       all options; docs/regression.md explains them

The parts are modules of scripts/regress/.
"""

import os
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from regress import cli  # noqa: E402

if __name__ == "__main__":
    sys.exit(cli.main())
