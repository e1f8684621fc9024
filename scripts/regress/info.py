"""run.json: what a run was, for whoever reads its folder."""

import datetime
import functools
import glob
import os
import platform
import subprocess

import provenance

from . import files

FILE = "run.json"
NEEDED = ("run", "commit", "dirty", "started", "jobs", "configs", "builds", "build", "sim_args", "cover", "part", "wall_s", "cpu_s")


@functools.lru_cache(maxsize=None)
def first_line(*command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=20, check=False)
        return done.stdout.splitlines()[0].strip() if done.returncode == 0 and done.stdout else ""
    except (OSError, subprocess.TimeoutExpired):
        return ""


def paths(programs):
    return [p.path for _, p in sorted(programs.items())]


def make(run, programs, jobs, settings):
    """`settings` are the options that a --resume needs again."""
    stamp = provenance.Measurement("regress", paths(programs)).begun
    return {"run": run, "state": "running", **stamp, "started": provenance.now(), "finished": None,
            "jobs": len(jobs), "configs": sorted(programs), "configs_exist": len(glob.glob("tb/configs/*.mk")),
            "exist": {config: len(p.tests) for config, p in sorted(programs.items())}, "tests": len({job.test for job in jobs}),
            "seeds": len({job.seed for job in jobs}), "builds": {config: p.build for config, p in sorted(programs.items())},
            "machine": {"cores": os.cpu_count(), "system": platform.platform(terse=True)},
            "tools": {"verilator": first_line("verilator", "--version"), "cc": first_line("cc", "--version"),
                      "python": platform.python_version()},
            "wall_s": 0.0, "cpu_s": 0.0, **settings}


def new_folder(results):
    """A folder for a new run in out/regress, named by time and commit."""
    commit = first_line("git", "rev-parse", "--short=7", "HEAD")
    base = os.path.join(results, "regress", datetime.datetime.now().strftime("%Y%m%d-%H%M%S") + (f"-{commit}" if commit else ""))
    for number in range(1, 1000):
        folder = base if number == 1 else f"{base}-{number}"
        try:
            os.makedirs(folder)
            return folder
        except FileExistsError:
            pass
    raise files.Refused(f"cannot make a folder for the run: {base}")


def set_latest(folder):
    """The link `latest` beside it; renamed into place, so that there is always one."""
    link = os.path.join(os.path.dirname(folder), "latest")
    part = f"{link}.{os.getpid()}"
    os.symlink(os.path.basename(folder), part)
    os.replace(part, link)


def find(results, run):
    """Folder of a run by name or path; what is none is refused."""
    for folder in (os.path.join(results, "regress", run), run):
        if os.path.exists(os.path.join(folder, FILE)):
            return os.path.normpath(os.path.join(os.path.dirname(folder), os.readlink(folder))) \
                if os.path.islink(folder) else folder
    raise files.Usage(f"there is no run \"{run}\" in {os.path.join(results, 'regress')}")


def read(folder):
    info = files.read_json(os.path.join(folder, FILE))
    if not info:
        raise files.Usage(f"{folder} is no folder of a run: {FILE} is missing")
    absent = [key for key in NEEDED if key not in info] if isinstance(info, dict) else NEEDED
    if absent:
        raise files.Usage(f"{os.path.join(folder, FILE)} is broken: it does not say {', '.join(absent)}")
    return info


def write(folder, info):
    files.write_json(os.path.join(folder, FILE), info)
