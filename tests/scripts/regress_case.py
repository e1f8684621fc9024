"""What the tests of the runner share: a folder with fake programs, and the runner called in this process."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "scripts"))
from regress import cli  # noqa: E402

RUNNER = os.path.join(ROOT, "scripts", "regress.py")


class Case(unittest.TestCase):
    def setUp(self):
        self.base = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.base)
        self.results, self.build = os.path.join(self.base, "out"), os.path.join(self.base, "build")
        os.chdir(ROOT)
        for config in ("one", "two"):
            os.makedirs(os.path.join(self.build, config))
            self.make_program(os.path.join(self.build, config, "sim"))

    @staticmethod
    def make_program(path):
        with open(os.path.join(HERE, "fake_sim.py"), encoding="utf-8") as source, open(path, "w", encoding="utf-8") as to:
            to.write(f"#!{sys.executable} -SsE\n" + source.read())  # starts quickly
        os.chmod(path, 0o755)

    def words(self, *more, config="one"):
        chosen = {"--resume", "--merge"} & set(more)  # these take no choice
        return ["--results", self.results, "--build", self.build, "--jobs", "2", *([] if chosen else ["--config", config]), *more]

    def regress(self, *more, config="one"):
        """(exit status, what was printed)."""
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            try:
                status = cli.main(self.words(*more, config=config))
            except SystemExit as end:
                status = end.code
        return status, out.getvalue()

    def start(self, *more, **keywords):
        return subprocess.Popen([sys.executable, RUNNER, *self.words(*more)], stdout=subprocess.PIPE, text=True,
                                stderr=subprocess.STDOUT, **keywords)

    def folder(self, run="latest"):
        return os.path.realpath(os.path.join(self.results, "regress", run))

    def lines(self, folder=None):
        with open(os.path.join(folder or self.folder(), "results.jsonl"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def outcomes(self, folder=None):
        """{(config, test, seed): (result, log_hash)}; each job must be there once."""
        lines = self.lines(folder)
        found = {(r["config"], r["name"], r["seed"]): (r["result"], r.get("log_hash")) for r in lines}
        self.assertEqual(len(found), len(lines))
        return found

    def read(self, *path):
        with open(os.path.join(*path), encoding="utf-8") as file:
            return file.read()

    def json(self, *path):
        return json.loads(self.read(*path))
