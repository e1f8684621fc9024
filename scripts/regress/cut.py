"""A scenario that ends the program itself, made short: sim cuts only what it survives."""

import time

MOST_TRIALS, MOST_SECONDS = 300, 30


def cut(lines, still, most_trials=MOST_TRIALS, most_seconds=MOST_SECONDS):
    """The lines without which `still(lines)` is not true any more: pieces of half the list, then smaller ones."""
    trials, end = 0, time.monotonic() + most_seconds
    size = max(1, len(lines) // 2)
    while size:
        start, gone = 0, False
        while start < len(lines):
            if trials == most_trials or time.monotonic() > end:
                return lines
            trials += 1
            shorter = lines[:start] + lines[start + size:]
            if still(shorter):
                lines, gone = shorter, True
            else:
                start += size
        size = size if gone and size == 1 else size // 2
    return lines
