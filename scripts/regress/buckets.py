"""Failures grouped by cause: the check, the requirements, and the sentence without what differs from run to run."""

import hashlib
import re

from . import jobs

ID = r"[A-Z][A-Za-z0-9]*(?:-[A-Z]+)*-\d+[a-z]?"  # of a requirement
# Hexadecimal with 0x, with h, with a digit or eight long, and then what digits are left.
NOISE = re.compile(rf"(?P<keep>\b{ID}\b)|\b0x[0-9A-Fa-f]+\b|\b[0-9A-Fa-f]+h\b|\b[0-9A-F]*\d[0-9A-F]*\b|\b[0-9A-F]{{8,}}\b|\d+")
LISTS = re.compile(r"N(?:(?:, | |-|\.\.|:)N)+")


def normalise(text):
    """Numbers, addresses, vectors and lists of them are N; requirement IDs stay."""
    text = NOISE.sub(lambda match: match["keep"] or "N", text)
    return " ".join(LISTS.sub("N", text).split())


def cause(result):
    """What failures of one bucket have in common."""
    error = result.get("error", {})
    return error.get("check", ""), error.get("requirements", ""), normalise(error.get("text", ""))


def name(result):
    """Folder of the bucket: the check, and a hash of the whole cause."""
    check, requirements, text = cause(result)
    digest = hashlib.sha256("\n".join((check, requirements, text)).encode()).hexdigest()[:6]
    return f"{re.sub('[^a-z0-9_]+', '_', check.lower()) or 'failure'}-{digest}"


def group(results, operations=None):
    """{name: results}, the bucket with most failures first; in each the smallest first: operations left, then clocks."""
    operations = operations or {}
    grouped = {}
    for result in results:
        grouped.setdefault(name(result), []).append(result)

    def size(result):
        job = jobs.of_result(result)
        return operations.get(job, float("inf")), result["cycles"] or float("inf"), job

    for members in grouped.values():
        members.sort(key=size)
    return dict(sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0])))
