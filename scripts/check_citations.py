#!/usr/bin/env python3
"""Every requirement that is cited anywhere exists, and every test cites one.

    scripts/check_citations.py              complains as FILE:LINE: what is wrong; exit status 1 if anything is
    scripts/check_citations.py --uncited    lists the requirements that no test cites, by area; exit status as above

Requirements are the rows `| ID | L |` of docs/requirements.md. Citations are looked for in tests/, models/, tb/, rtl/,
waves/, docs/ and README.md, in any of the forms
    TLP-02   TLP-02/03   TLP-03/-07   TLP-02, -05   TLP-02 and -05   TLP-01..14   TLP-01..TLP-06   EDGE-02a
where a number without a prefix belongs to the prefix before it. A test is a `struct test` in tests/*.c; its member
`requirements` must cite at least one.
"""

import collections
import glob
import os
import re
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

LIST = "docs/requirements.md"
FOLDERS = ("tests", "models", "tb", "rtl", "waves", "docs")
ENDINGS = (".c", ".h", ".cpp", ".sv", ".md", ".mk")
PREFIXES = ("ENV", "MSIX-CAP", "MSIX-TBL", "MSIX-PBA", "TLP", "EDGE", "RACE", "ORD", "MMIO", "CFG", "MSI", "INTX", "FC",
            "HOST", "OPT")
PREFIX = "|".join(PREFIXES)
NUMBER = r"\d+[a-z]?(?![0-9A-Za-z_])"
# One ID with whatever follows it in the forms above; a bare number needs its own sign in front.
CITATION = re.compile(rf"(?<![A-Za-z0-9_-])({PREFIX})-({NUMBER})"
                      rf"((?:\.\.(?:(?:{PREFIX})-)?{NUMBER}|/-?{NUMBER}|(?:,? and|,| or) -{NUMBER})*)")
PART = re.compile(rf"(\.\.|/|,? and |, ?| or )-?(?:({PREFIX})-)?({NUMBER})")
ROW = re.compile(r"\| ([A-Z]+(?:-[A-Z]+)?-\d+[a-z]?) \| (\w+) \|")
TEST = re.compile(r"^(?:static )?const struct test (\w+)(\[\])? = \{(.*?)^\};", re.M | re.S)
REQUIREMENTS = re.compile(r"\.requirements\s*=\s*((?:\"[^\"]*\"\s*)+)")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def area_and_number(requirement):
    prefix, number = requirement.rsplit("-", 1)
    return PREFIXES.index(prefix), int(re.match(r"\d+", number)[0]), number


def span(prefix, first, last):
    """first..last without its ends, at the width of `first`."""
    low, high = (int(re.match(r"\d+", number)[0]) for number in (first, last))
    return [f"{prefix}-{number:0{len(first)}}" for number in range(low + 1, high)]


def cited(text):
    """Offset and ID of each citation in the text, lists and ranges taken apart."""
    for match in CITATION.finditer(text):
        prefix, last = match[1], match[2]
        yield match.start(), f"{prefix}-{last}"
        for sign, other, number in PART.findall(match[3]):
            if sign == "..":
                yield from ((match.start(), requirement) for requirement in span(prefix, last, number))
            prefix, last = other or prefix, number
            yield match.start(), f"{prefix}-{last}"


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def known_requirements(wrong):
    known = {}
    for number, line in enumerate(read(LIST).splitlines(), 1):
        row = ROW.match(line)
        if row is None:
            continue
        if row[2] not in "MRPUD":
            wrong.append(f"{LIST}:{number}: {row[1]} has level {row[2]}; M, R, P, U and D are known")
        if row[1] in known:
            wrong.append(f"{LIST}:{number}: {row[1]} is listed a second time")
        known[row[1]] = row[2]
    return known


def files():
    yield from (path for path in ("README.md",) if os.path.exists(path))
    for top in FOLDERS:
        for folder, folders, names in os.walk(top):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(ENDINGS))


def check_tests(wrong):
    """Number of tests, and the requirements that they cite."""
    tests, by_tests = 0, set()
    for path in sorted(glob.glob("tests/*.c")):
        text = read(path)
        for test in TEST.finditer(text):
            tests += 1
            found = [requirement for member in REQUIREMENTS.findall(test[3]) for _, requirement in cited(member)]
            by_tests.update(found)
            if not found:
                wrong.append(f"{path}:{line_of(text, test.start())}: test {test[1]} cites no requirement")
    return tests, by_tests


def print_uncited(known, by_tests):
    areas = collections.defaultdict(list)
    for requirement in sorted(set(known) - by_tests, key=area_and_number):
        areas[requirement.rsplit("-", 1)[0]].append(requirement.rsplit("-", 1)[1])
    for area, numbers in areas.items():
        print(f"{area:8}  {' '.join(numbers)}")


def main():
    if sys.argv[1:] not in ([], ["--uncited"]):
        print("check_citations.py: no argument, or --uncited", file=sys.stderr)
        return 2
    wrong = []
    known = known_requirements(wrong) if os.path.exists(LIST) else {}
    if not known:
        wrong.append(f"{LIST}:1: no row with a requirement is here")
    citations = 0
    for path in files():
        text = read(path)
        for offset, requirement in cited(text):
            citations += 1
            if requirement not in known:
                wrong.append(f"{path}:{line_of(text, offset)}: {requirement} is not a requirement of {LIST}")
    tests, by_tests = check_tests(wrong)
    if tests == 0:
        wrong.append("tests/all_tests.c:1: no test is defined in tests/*.c")
    by_tests &= set(known)
    if sys.argv[1:]:
        print_uncited(known, by_tests)
    for line in wrong:
        print(line)
    print(f"citations: {citations}, to a list of {len(known)} requirements in {LIST}; {tests} tests cite {len(by_tests)}; "
          f"{len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
