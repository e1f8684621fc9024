"""Results of all runs in one SQLite database: what takes long, what failed last, what is not the same each time."""

import contextlib
import os
import sqlite3

from . import files

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, commit_id TEXT, dirty INTEGER, started TEXT, state TEXT,
    jobs INTEGER, passed INTEGER, failed INTEGER, skipped INTEGER, flaky INTEGER, cycles INTEGER, messages INTEGER,
    wall_s REAL, cpu_s REAL, bins INTEGER, bins_total INTEGER, sim_args TEXT);
CREATE TABLE IF NOT EXISTS results (run TEXT, commit_id TEXT, build TEXT, args TEXT, config TEXT, test TEXT, seed TEXT,
    result TEXT, cycles INTEGER, wall_s REAL, log_hash TEXT, error TEXT, bucket TEXT,
    PRIMARY KEY (config, test, seed, run)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS durations (config TEXT, test TEXT, wall_s REAL, PRIMARY KEY (config, test)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failing (config TEXT, test TEXT, seed TEXT, PRIMARY KEY (config, test, seed)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS figures (time TEXT, commit_id TEXT, dirty INTEGER, source TEXT, key TEXT, value REAL,
    PRIMARY KEY (source, key, time)) WITHOUT ROWID;
"""
# The limit of the runner, and who kills a program, say nothing about the run: it may well pass elsewhere.
FLAKY = """
SELECT one.config, one.test, one.seed, one.result, one.run, other.result, other.run FROM results one JOIN results other
    ON one.config = other.config AND one.test = other.test AND one.seed = other.seed
WHERE one.build = other.build AND one.args = other.args AND {which}
    AND NOT (one.bucket GLOB 'hang-*' OR one.bucket GLOB 'killed-*' OR other.bucket GLOB 'hang-*' OR other.bucket GLOB 'killed-*')
    AND (one.result <> other.result OR (one.log_hash <> other.log_hash AND one.log_hash <> '' AND other.log_hash <> ''))
ORDER BY one.config, one.test, one.seed, other.run"""


TREND = ["run", "commit", "jobs", "passed", "failed", "skipped", "flaky", "seconds", "clocks", "bins", "of", "state",
         "options of sim"]


def columns_of_runs(database):
    return [column[1] for column in database.execute("PRAGMA table_info(runs)")]


def add_sim_args(database):
    """To a database that is older than this column; another program may be doing the same."""
    if "sim_args" in columns_of_runs(database):
        return
    with database:
        database.execute("BEGIN IMMEDIATE")
        if "sim_args" not in columns_of_runs(database):
            database.execute("ALTER TABLE runs ADD COLUMN sim_args TEXT")
            database.execute("UPDATE runs SET sim_args = (SELECT args FROM results WHERE results.run = runs.run LIMIT 1)")


class History:
    """Seeds are text: they have 64 bits without sign."""

    def __init__(self, path):
        self.path = path

    @contextlib.contextmanager
    def _open(self):
        os.makedirs(os.path.dirname(self.path) or ".", exist_ok=True)
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=60)) as database:
                database.executescript(SCHEMA)
                add_sim_args(database)
                with database:  # one transaction: a run is in it wholly or not at all
                    yield database
        except sqlite3.Error as error:
            raise files.Refused(f"{self.path} cannot be used: {error}; moved away, a new one is begun") from error

    def _rows(self, query, *values):
        if not os.path.exists(self.path):
            return []
        with self._open() as database:
            return database.execute(query, values).fetchall()

    def durations(self):
        return {(config, test): wall for config, test, wall in self._rows("SELECT * FROM durations")}

    def failing(self):
        """Jobs that failed when they ran last: {(config, test, seed)}."""
        return {(config, test, int(seed)) for config, test, seed in self._rows("SELECT * FROM failing")}

    def append(self, info, results, bucket_of):
        """Adds the results of a run; what was there of this run is replaced."""
        rows = [(info["run"], info["commit"], r.get("build", ""), info["sim_args"], r["config"], r["name"],
                 str(r["seed"]), r["result"], r["cycles"], r["wall_s"], r["log_hash"], r.get("error", {}).get("text", ""),
                 bucket_of(r) if "error" in r else "") for r in results]
        jobs = [(row[4], row[5], row[6]) for row in rows]
        with self._open() as database:
            database.executemany(f"INSERT OR REPLACE INTO results VALUES ({','.join('?' * 13)})", rows)
            database.execute("INSERT OR REPLACE INTO durations SELECT config, test, avg(wall_s) FROM results "
                             "WHERE run = ? AND result = 'passed' GROUP BY config, test", (info["run"],))
            database.executemany("DELETE FROM failing WHERE config = ? AND test = ? AND seed = ?", jobs)
            database.executemany("INSERT INTO failing VALUES (?, ?, ?)",
                                 [job for job, row in zip(jobs, rows) if row[7] == "failed"])

    def append_run(self, row):
        """One line about the run as a whole: a dictionary with the columns of the table."""
        with self._open() as database:
            names = columns_of_runs(database)
            database.execute(f"INSERT OR REPLACE INTO runs VALUES ({','.join('?' * len(names))})",
                             [row.get(name) for name in names])

    def append_figures(self, time, commit, dirty, source, numbers):
        """What another program than the runner has measured: {key: number}."""
        with self._open() as database:
            database.executemany("INSERT OR REPLACE INTO figures VALUES (?, ?, ?, ?, ?, ?)",
                                 [(time, commit, dirty, source, key, value) for key, value in numbers.items()])

    def figures(self, source, most=40):
        """{key: [(time, commit, dirty, value)]} of the last measurements, the oldest first."""
        found = {}
        for key, *row in self._rows("SELECT key, time, commit_id, dirty, value FROM figures WHERE source = ? AND time IN (SELECT "
                                    "DISTINCT time FROM figures WHERE source = ? ORDER BY time DESC LIMIT ?) ORDER BY time",
                                    source, source, most):
            found.setdefault(key, []).append(tuple(row))
        return found

    def flaky(self, run=None):
        """Runs of the same job by the same program with another outcome: rows config, test, seed, result, run, and
        result and run of the other; of one run against all older ones, or of all."""
        which = "one.run = ? AND other.run <> one.run" if run else "one.run > other.run"
        return self._rows(FLAKY.format(which=which), *([run] if run else []))

    def slowest(self, most=20):
        """config, test, average seconds, average clocks, runs."""
        return self._rows("SELECT config, test, avg(wall_s), avg(cycles), count(*) FROM results WHERE result <> 'skipped' "
                          "GROUP BY config, test ORDER BY avg(wall_s) DESC LIMIT ?", most)

    def trend(self, most=20):
        """The last runs, the oldest first: the columns of TREND. A + behind the commit: files differed from it."""
        return self._rows("SELECT * FROM (SELECT run, substr(commit_id, 1, 9) || iif(dirty, '+', ''), jobs, passed, failed, "
                          "skipped, flaky, wall_s, cycles, bins, bins_total, state, ifnull(sim_args, '') FROM runs "
                          "ORDER BY started DESC LIMIT ?) ORDER BY run", most)


def table(head, rows):
    """Columns as wide as they must be; numbers to the right."""
    def text(value):
        if value is None:
            return "-"
        return f"{value:.4g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:,.0f}" \
            if isinstance(value, float) else str(value)

    cells = [head] + [[text(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells)]
    right = [bool(rows) and isinstance(value, (int, float)) for value in (rows[0] if rows else head)]
    return "".join("  ".join(cell.rjust(width) if is_right else cell.ljust(width)
                             for cell, width, is_right in zip(line, widths, right)).rstrip() + "\n" for line in cells)


def show(path, what):
    """Text for `--history`."""
    history = History(path)
    if not os.path.exists(path):
        return f"there is no history yet: {path}\n"
    if what == "slowest":
        return table(["configuration", "test", "seconds", "clocks", "runs"], history.slowest())
    if what == "trend":
        return table(TREND, history.trend())
    rows = history.flaky()
    if not rows:
        return "none: the same program and seed always gave the same run\n"
    return table(["configuration", "test", "seed", "result", "in run", "but", "in run"], rows)
