#!/usr/bin/env python3
"""Runs every command of the documents, and compares what comes out with what they show.

    scripts/doc_commands.py [--full] [PAGE ...]    README.md and docs/*.md by default
    scripts/doc_commands.py --update [PAGE ...]    writes what came out into the pages
    scripts/doc_commands.py --list [PAGE ...]      the commands, and how each is run

A page is one story, in a copy of the project that is removed afterwards; the out/ of one that failed is kept as
out/docs/PAGE. scripts/documents/forms.py says how a block is marked; docs/writing-documents.md explains it. Exit status: 0
all is right, 1 something is not, 2 wrong usage.
"""

import argparse
import functools
import glob
import os
import sys

from documents import forms, mentions, page as pages, story
from regress.files import Refused

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


@functools.lru_cache(None)
def read(path):
    return pages.Page(path)


def anchors(path):
    return {mentions.slug(heading) for heading in read(path).headings}


def show(path, steps):
    for step in steps:
        how = f"skipped: {step.skip}" if step.skip else "full" if step.full else "quick"
        print(f"{path}:{step.line}: {how}: {step.kind} {step.command or step.path}")


def examine(path, options):
    """The story of one page, played unless it is not understood."""
    tale = story.Story(path, options.full)
    page = read(path)
    try:
        steps = list(forms.steps(page))
    except forms.Wrong as wrong:
        tale.fail(wrong.line, str(wrong))
        return tale
    if options.list:
        show(path, steps)
        return tale
    made = {step.path for step in steps if step.kind == "file"}
    for line, text in mentions.check(page, mentions.Project(ROOT), anchors, made):
        tale.fail(line, text)
    if any(not step.skip for step in steps):
        tale.play(steps, ROOT)
    if options.update and tale.edits:
        story.update(path, tale.edits)
        print(f"{path}: {len(tale.edits)} outputs written anew; look at them before they are committed")
    return tale


def main():
    parser = argparse.ArgumentParser(description="Runs every command of the documents.")
    parser.add_argument("--full", action="store_true", help="also those that take long or need more tools")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--update", action="store_true", help="write what came out into the pages")
    what.add_argument("--list", action="store_true", help="only say what would be run")
    parser.add_argument("pages", nargs="*", metavar="PAGE")
    options = parser.parse_args()
    paths = [os.path.abspath(path) for path in options.pages]
    for path in paths:
        if not os.path.isfile(path):
            parser.error(f"there is no page {path}")
    os.chdir(ROOT)
    paths = [os.path.relpath(path) for path in paths] or ["README.md", *sorted(glob.glob("docs/*.md"))]
    failed = passed = skipped = 0
    for path in paths:
        tale = examine(path, options)
        if tale.failures or not options.list:
            for text in [*tale.failures, *(f"skipped {text}" for text in tale.skipped)]:
                print(text)
            later = f", {tale.later} wait for --full" if tale.later else ""
            print(f"{path}: {tale.run} commands run{later}", flush=True)
        passed += max(tale.run - len(tale.failures), 0) if tale.failures else tale.run + 1
        failed += len(tale.failures)
        skipped += len(tale.skipped)
    if not options.list:
        print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return failed != 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refused:
        print(f"doc_commands.py: {refused}", file=sys.stderr)
        sys.exit(2)
