"""The results as they lie on disk. Nothing is computed that was not measured; what is missing is None."""

import functools
import os
import urllib.parse

import provenance
import signoff
from regress import buckets, explain, files, history, info, jobs, store

KEPT = ("name", "config", "seed", "result", "reason", "cycles", "messages", "error")


class Results:
    """`folder` is out/ or its like, `page` the file that the report becomes."""

    def __init__(self, folder, page):
        self.folder, self.place = folder, os.path.dirname(os.path.abspath(page))
        self.history = history.History(os.path.join(folder, "history.db"))
        self.head, self.dirty = provenance.commit()
        self.origins = signoff.Results(folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def json(self, *names):
        """What a file holds, or None if it is not there or is no JSON."""
        return files.read_json(self.path(*names))

    def origin(self, name):
        """(when and of which commit out/NAME is, why it is not of the sources that are here now); None if it is not there."""
        result, absent, stale = self.origins.get(f"out/{name}")
        if result:
            return f"{result['measured'][:16].replace('T', ' ')}, {result['commit'][:7]}{'+' if result['dirty'] else ''}", stale
        return ("time and commit unknown", absent) if os.path.exists(self.path(name)) else None

    def href(self, path):
        """A link that still holds when the folder is moved with the report in it; None if that is not so."""
        target = os.path.abspath(path)
        inside = os.path.commonpath([os.path.abspath(self.folder), self.place]) == self.place
        return urllib.parse.quote(os.path.relpath(target, self.place)) if inside and os.path.exists(target) else None

    # --- the last regression ---

    @functools.cached_property
    def run_folder(self):
        try:
            return info.find(self.folder, "latest")
        except files.Usage:
            return None

    @functools.cached_property
    def run(self):
        """run.json, or None."""
        try:
            return info.read(self.run_folder) if self.run_folder else None
        except files.Usage:
            return None

    @functools.cached_property
    def results(self):
        """Its results, without the long lists in them."""
        return store.read(self.run_folder, lambda result: {key: result[key] for key in KEPT if key in result})

    @functools.cached_property
    def problems(self):
        """[(name, folder, results, the smallest first)], the problem with most failures first."""
        failed = [result for result in self.results if result["result"] == "failed"] if self.run else []
        found = []
        for name, members in buckets.group(failed).items():
            folder = os.path.join(self.run_folder, "failures", name)
            found.append((name, folder, buckets.group(members, explain.sizes(folder))[name]))
        return found

    def with_result(self, name):
        return [result for result in self.results if result["result"] == name]


def seeds(numbers):
    """'1 to 20, 37': runs of numbers."""
    parts, ordered = [], sorted(set(numbers))
    for index, value in enumerate(ordered):
        if index and value == ordered[index - 1] + 1:
            parts[-1][1] = value
        else:
            parts.append([value, value])
    texts = [text for a, b in parts for text in ([f"{a} to {b}"] if b > a + 1 else sorted({str(a), str(b)}, key=int))]
    return ", ".join(texts[:6]) + (f" and {len(texts) - 6} more" if len(texts) > 6 else "")


def by_config(results):
    """{configuration: its results}"""
    found = {}
    for result in results:
        found.setdefault(result["config"], []).append(result)
    return dict(sorted(found.items()))


def job_text(result):
    job = jobs.of_result(result)
    return f"{job.config} {job.test} seed {job.seed}"
