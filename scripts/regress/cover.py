"""Coverage files (coverage.dat of Verilator, which holds the functional bins too) added up, in any order."""

import re

from . import files

HEADER = "# SystemC::Coverage-3\n"
PART = "# counts "
FUNCTIONAL = "\1page\2v_functional/"


class Coverage:
    """Counts by point; what a point is stands in the line, and is not looked into."""

    def __init__(self):
        self.counts = {}
        self.zeros = set()  # whole lines
        self.parts = set()  # names of what counts once

    def add_file(self, path):
        """False if there is no such file."""
        text = files.read(path, None)
        for line in set((text or "").split("\n")) - self.zeros:  # most lines of most files are zeros
            if line.endswith(" 0") and line.startswith("C '"):
                self.zeros.add(line)
                self.counts.setdefault(line[:-2], 0)
            elif line.startswith(PART):
                self.parts.add(line[len(PART):])
            elif line.startswith("C '"):
                point, _, count = line.rpartition(" ")
                self.counts[point] = self.counts.get(point, 0) + int(count)
        return text is not None

    def add_part(self, name, path):
        """A file that counts once, however often it comes. Its name is written with the counts: both or neither."""
        if name not in self.parts:
            self.add_file(path)
            self.parts.add(name)

    def write(self, path):
        files.write(path, HEADER + "".join(f"{PART}{name}\n" for name in sorted(self.parts)) + "".join(f"{point} {count}\n" for point, count in sorted(self.counts.items())))

    def functional(self):
        """(bins reached, bins there are), the same bin in several configurations counted once."""
        reached = {}
        for point, count in self.counts.items():
            if FUNCTIONAL in point:
                name = re.search("\1o\2([^\1']*)", point)[1]
                reached[name] = reached.get(name, False) or count > 0
        return sum(reached.values()), len(reached)
