"""One run from its jobs to its reports."""

import concurrent.futures
import os
import resource
import shutil
import signal
import sys
import time

import provenance

from . import buckets, cover, evidence, explain, files, finish, history, info as run_info, jobs, local, progress, signals, store


def order(todo, durations, failing):
    """Failed last time first, then the longest; what was never seen counts as long. Jobs of about the same length stand
    together by configuration, so that a process is not left for another."""
    def key(job):
        wall = durations.get((job.config, job.test))
        size = int(wall * 1000).bit_length() if wall is not None else 99
        return tuple(job) not in failing, -size, job
    return sorted(todo, key=key)


def interrupt(*_):
    raise KeyboardInterrupt


class Run:
    """`settings`: processes, wall_limit, max_fail, evidence (runs a bucket), results (out/, None: a part of a run)."""

    def __init__(self, folder, info, programs, todo, settings):
        self.folder, self.info, self.programs, self.settings, self.to = folder, info, programs, settings, sys.stdout
        self.store = store.Store(folder)
        self.finish = finish.Finish(folder, info, settings.results if settings.whole else None)
        database = history.History(os.path.join(settings.results, "history.db"))
        self.durations = database.durations()
        self.todo = order([job for job in todo if self.store.results.get(job, {"result": "refused"})["result"] == "refused"],
                          self.durations, database.failing())
        for job in self.todo:
            self.store.results.pop(job, None)
        self.coverage = cover.Coverage() if info["cover"] else None
        if self.coverage:
            self.coverage.add_file(os.path.join(folder, "cover.dat"))
        self.collected, self.waiting, self.cancelled = {}, {}, False
        self.pool = concurrent.futures.ThreadPoolExecutor(settings.processes)

    def launcher(self):
        if self.settings.launcher == "slurm":
            from . import slurm
            return slurm.Launcher(self.programs, self.settings, self.info, self.folder, self.coverage,
                                  self.progress.say)
        return local.Launcher(self.programs, self.settings.processes, self.settings.wall_limit, self.folder, self.coverage,
                              self.durations)

    def execute(self):
        """Runs what is missing. Returns the exit status."""
        begin = time.monotonic()
        before = {number: signal.getsignal(number) for number in signals.ENDING}
        usual = max(self.durations.values(), default=1.0)
        self.progress = progress.Progress(self.to, self.to.isatty(), self.todo, lambda job: self.durations.get(
            (job.config, job.test), usual), done=len(self.store.results))
        state = "complete"
        try:  # from the line on that says what runs, an end that is asked for leaves reports
            for number in before:
                signal.signal(number, interrupt)
            self._announce()
            state = self._loop()
            self._smallest()
            self._wait_for_evidence()
        except KeyboardInterrupt:
            state = "interrupted"
            self.finish.unfinished = "interrupted; `scripts/regress.py --resume` runs the rest"
        except files.Refused as refused:
            state = "broken"
            self.finish.unfinished = f"broken off: {refused}"
        for number in before:  # from here on everything is short
            signal.signal(number, signal.SIG_IGN)
        self.cancelled = True
        self.pool.shutdown(wait=True, cancel_futures=True)
        self._take_evidence()
        self.progress.end()
        self.info["wall_s"] = round(self.info["wall_s"] + time.monotonic() - begin, 2)
        self.info["cpu_s"] = round(self.info["cpu_s"] + cpu_seconds(), 2)
        if provenance.of(self.info):
            self.info.update(provenance.Measurement("regress", run_info.paths(self.programs), provenance.of(self.info)).stamp())
        status = self.finish.end(self.store, state, self.coverage)
        for number, handler in before.items():
            signal.signal(number, handler)
        return status

    def _announce(self):
        info, settings = self.info, self.settings
        where = f"slurm, {settings.tasks} tasks of " if settings.launcher == "slurm" else ""
        self.progress.say(f"{self.folder}: {info['jobs']} jobs, {len(self.todo)} to run: {info['tests']} tests, "
                          f"{', '.join(info['configs'])}; {where}{settings.processes} processes"
                          + (f"; sim {info['sim_args']}" if info["sim_args"] else ""))
        if settings.whole:
            finish.announce(settings.results, info["run"])

    def _loop(self):
        launcher = self.launcher()
        results = launcher.run(self.todo)
        flushed = time.monotonic()
        try:
            for answer in results:
                if answer:
                    self._take(*answer)
                    if self.settings.max_fail and self.progress.failed >= self.settings.max_fail:
                        self.finish.unfinished = f"stopped after {self.progress.failed} failures (--max-fail)"
                        return "stopped"
                self.progress.tick()
                self._take_evidence()
                if self.coverage and time.monotonic() - flushed > 10:  # so that a kill loses little
                    self.coverage.write(os.path.join(self.folder, "cover.dat"))
                    flushed = time.monotonic()
        finally:
            results.close()
            for answer in launcher.rest():
                self._take(*answer)
        return "complete"

    def _take(self, job, result):
        if not self.store.add(result):
            return
        failed = result["result"] == "failed"
        self.progress.count(job, failed)
        if result["result"] == "refused":
            self.progress.say(f"refused  {job}: {result['reason']}")
        if not failed:
            return
        name = buckets.name(result)
        if name not in self.collected:
            error = result["error"]
            self.progress.say(f"FAILED   {job}{explain.where(result)}: {explain.headline(result)}\n"
                              + explain.fold(error["text"], "         "))
        self._collect(job, result)

    # --- evidence ---

    def _collect(self, job, result, also_beyond=False):
        """Runs it again in the background, if its bucket has not enough of that."""
        name = buckets.name(result)
        had = self.collected.setdefault(name, set())
        if job in had or (len(had) >= self.settings.evidence and not also_beyond):
            return
        had.add(job)
        work = evidence.Evidence(self.programs[job.config], job, result, os.path.join(self.folder, "failures", name, job.folder()),
                                 self.settings.wall_limit, lambda: self.cancelled)
        self.waiting[self.pool.submit(work.collect)] = (name, job, work.folder)

    def _take_evidence(self):
        for future in [future for future in self.waiting if future.done()]:
            name, job, folder = self.waiting.pop(future)
            try:
                facts = future.result()
            except (concurrent.futures.CancelledError, evidence.Cancelled):
                shutil.rmtree(folder, ignore_errors=True)
                continue
            except OSError as error:
                self.progress.say(f"no evidence of {job}: {error}")
                continue
            if not facts["repeated"]:
                self.finish.flaky[job] = f"failed in the run, alone in a process: {facts['outcome']}" + (
                    ", with other traffic" if facts["outcome"] == "failed" else "")
            explain.write_all(os.path.join(self.folder, "failures"), [
                result for result in self.store.with_result("failed") if buckets.name(result) == name])

    def _smallest(self):
        """Of each bucket the run with the fewest clocks is done again too."""
        if not self.settings.evidence:
            return
        for results in buckets.group(self.store.with_result("failed")).values():
            self._collect(jobs.of_result(results[0]), results[0], also_beyond=True)

    def _wait_for_evidence(self):
        if self.waiting:
            self.progress.say(f"{len(self.waiting)} failed runs are done again for their evidence")
        while self.waiting:
            concurrent.futures.wait(self.waiting, 0.2, concurrent.futures.FIRST_COMPLETED)
            self._take_evidence()


def cpu_seconds():
    """Of this program and of all that it has run."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
