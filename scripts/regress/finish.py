"""The end of a run or of a merge: evidence into words, results into files, everything into one exit status."""

import os
import sys

import provenance

from . import buckets, explain, files, history, info as run_info, jobs, reports

PASSED, FAILED, USAGE, REFUSED = 0, 1, 2, 3


def describe_older(row):
    _, _, _, result, _, other, run = row
    return f"{result} now, {other} in {run}" if result != other else f"other traffic than in {run} (log_hash)"


def replay_of(build, sim_args):
    arguments = f" {sim_args}" if sim_args else ""
    return lambda result: f"{build}/{result['config']}/sim --test {result['name']} --seed {result['seed']}{arguments}"


def announce(results, run):
    """Until this run has ended, and if it never ends, the figures of the one before it are not those of the last."""
    path = os.path.join(results, "regress.json")
    figures = files.read_json(path)
    if figures:
        files.write_json(path, {**figures, "state": f"{run} has not ended"})


class Finish:
    """`results` is out/, or None for a part of a run, which leaves nothing outside its own folder."""

    def __init__(self, folder, info, results, to=None):
        self.folder, self.info, self.results, self.to = folder, info, results, to or sys.stdout
        self.flaky = {}  # job: sentence
        self.unfinished = ""

    def end(self, store, state, coverage=None):
        """Writes everything. Returns the exit status."""
        for one, other in store.conflicts:
            self.flaky[jobs.of_result(one)] = f"{one['result']} and {other['result']}, or other traffic"
        store.close()
        info = self.info
        if self.results and not self._in_database(self._remember, store):
            state = "broken"
        info.update(state=state, finished=provenance.now())
        told = explain.write_all(os.path.join(self.folder, "failures"), store.with_result("failed"))
        if coverage:
            coverage.write(os.path.join(self.folder, "cover.dat"))
        flat = reports.figures(store, self.flaky, info["wall_s"], info["cpu_s"], coverage)
        selected = reports.selection(info, store)
        info.update(flat, jobs=info["jobs"], tests_run=selected["tests_run"], random_seeds=selected["random_seeds"],
                    buckets=[name for name, _, _ in told],
                    flaky_jobs=[{"job": str(job), "text": text} for job, text in self.flaky.items()])
        reports.junit(os.path.join(self.folder, "junit.xml"), info["run"], store.results.values(), self.flaky,
                      replay_of(info["build"], info["sim_args"]))
        run_info.write(self.folder, info)
        text = reports.summary(self.folder, info, flat, told, self.flaky, self.unfinished)
        files.write(os.path.join(self.folder, "summary.txt"), text)
        if self.results:
            files.write_json(os.path.join(self.results, "regress.json"), {**flat, "planned": info["jobs"], **selected})
            self._in_database(self._database().append_run, {**flat, "run": info["run"], "commit_id": info["commit"],
                                                            "dirty": info["dirty"], "started": info["started"], "state": state,
                                                            "sim_args": info["sim_args"]})
        self.to.write(text)
        self.to.flush()
        return self.status(flat)

    def _database(self):
        return history.History(os.path.join(self.results, "history.db"))

    def _in_database(self, act, what):
        """Whether that was done. A broken database takes no report from a run, but then nobody has held it against older ones."""
        try:
            act(what)
            return True
        except files.Refused as refused:
            self.unfinished = "; ".join(filter(None, dict.fromkeys([self.unfinished, str(refused)])))
            return False

    def _remember(self, store):
        """Into the database; what an older run of the same program says otherwise is an error of its own."""
        judged = [result for result in store.results.values() if result["result"] != "refused"]
        self._database().append(self.info, judged, buckets.name)
        for row in self._database().flaky(self.info["run"]):
            self.flaky.setdefault(jobs.Job(row[0], row[1], int(row[2])), describe_older(row))

    def status(self, flat):
        if flat["failed"] or self.flaky:
            return FAILED
        return REFUSED if self.unfinished or flat["refused"] or flat["passed"] == 0 else PASSED
