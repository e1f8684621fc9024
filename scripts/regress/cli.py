"""The command line of the runner."""

import argparse
import glob
import os
import re
import shlex
import sys
import types

from . import files, finish, history, info as run_info, jobs, merge, program, run, store

EXIT = "Exit status: 0 all passed, 1 failures, 2 wrong usage, 3 not all could be run or judged."


def positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 on, not \"{text}\"")
    return int(text)


def natural(text):
    if not re.fullmatch("[0-9]+|0[xX][0-9a-fA-F]+", text):
        raise argparse.ArgumentTypeError(f"a number, not \"{text}\"")
    return int(text, 16 if text[:2] in ("0x", "0X") else 10)


def parser():
    p = argparse.ArgumentParser(prog="regress.py", description="Runs configurations x tests x seeds, and explains what failed.",
                                epilog=EXIT)
    what = p.add_argument_group("what is run")
    what.add_argument("--config", default="all", help="a configuration, several with commas, or all")
    what.add_argument("--test", default="", metavar="GLOB", help="only tests whose name matches")
    what.add_argument("--profile", default="quick", choices=jobs.PROFILES, help="how many seeds; quick by default")
    what.add_argument("--seeds", type=positive, metavar="N", help="seeds of every test, instead of those of the profile")
    what.add_argument("--first-seed", type=natural, default=1, metavar="N")
    what.add_argument("--shard", metavar="I/N", help="only the I-th of N parts, which are the same on every machine")
    what.add_argument("--run-jobs", metavar="FILE", help="the jobs of this file: lines CONFIG TEST SEED")
    what.add_argument("--rerun", action="store_true", help="only what failed in the last run")
    what.add_argument("--resume", nargs="?", const="latest", metavar="RUN", help="go on with what is missing (the last run)")
    how = p.add_argument_group("how")
    how.add_argument("--jobs", type=positive, default=os.cpu_count(), metavar="N", help="processes at a time")
    how.add_argument("--max-fail", type=positive, metavar="N", help="stop after so many failures")
    how.add_argument("--wall-limit", type=float, default=120, metavar="S", help="seconds after which a run has hung (120)")
    how.add_argument("--evidence", type=natural, default=3, metavar="N", help="failed runs of a bucket that are done again (3)")
    how.add_argument("--policy", metavar="FILE", help="what the block chose; given to every run")
    how.add_argument("--sim-args", metavar="'ARGS'", help="further options of sim, such as '--fault-as-bug msg_ep'")
    how.add_argument("--cover", action="store_true", help="count functional coverage of all runs: cover.dat")
    how.add_argument("--launcher", choices=("local", "slurm"), help="where: on this machine (local, default), or a job array")
    how.add_argument("--tasks", type=positive, default=8, metavar="N", help="tasks of a job array (8)")
    instead = p.add_argument_group("instead of a run")
    instead.add_argument("--check", action="store_true", help="look at the arguments, and do nothing")
    instead.add_argument("--list-jobs", metavar="FILE", help="write the jobs to a file (-: print them)")
    instead.add_argument("--merge", nargs="+", metavar="DIR", help="make one run of the folders of several")
    instead.add_argument("--history", choices=("slowest", "flaky", "trend"), help="ask the results of all runs")
    where = p.add_argument_group("where")
    where.add_argument("--out", metavar="DIR", help="a part of a run: everything goes to this folder, nothing elsewhere")
    where.add_argument("--results", default="out", metavar="DIR", help="regress/, regress.json and history.db are there (out)")
    where.add_argument("--build", default="build", metavar="DIR", help="programs are DIR/CONFIG/sim (build)")
    return p


def configurations(text):
    known = sorted(os.path.basename(path)[:-3] for path in glob.glob("tb/configs/*.mk"))
    return known if text == "all" else [name for name in text.split(",") if name]


def select(options, programs):
    """The jobs of a new run."""
    if options.run_jobs:
        todo = jobs.read_list(options.run_jobs)
    elif options.rerun:
        folder = run_info.find(options.results, "latest")
        todo = [jobs.of_result(result) for result in store.read(folder) if result["result"] == "failed"]
        if not todo:
            raise files.Usage(f"nothing failed in the last run, {folder}")
    else:
        tests = {config: programs(config).tests for config in configurations(options.config)}
        todo = jobs.plan(tests, options.profile, options.seeds, options.first_seed, options.test)
        if not todo:
            raise files.Usage(f"no test of {options.config} matches \"{options.test}\"")
    if options.shard:
        todo = [job for job in todo if jobs.in_shard(job, *jobs.parse_shard(options.shard))]
    return list(dict.fromkeys(todo))


def program_maker(build, arguments):
    made = {}

    def make(config):
        if config not in made:
            made[config] = program.Program(build, config, arguments)
        return made[config]
    return make


def settings(options):
    return types.SimpleNamespace(processes=options.jobs, wall_limit=options.wall_limit, max_fail=options.max_fail,
                                 evidence=options.evidence, results=options.results, whole=not options.out,
                                 launcher=options.launcher, tasks=options.tasks, build=options.build)


def start(options, sim_args):
    """A new run."""
    programs = program_maker(options.build, shlex.split(sim_args))
    todo = select(options, programs)
    if options.list_jobs:
        sys.stdout.writelines(f"{job}\n" for job in todo) if options.list_jobs == "-" else jobs.write_list(options.list_jobs, todo)
        return finish.PASSED
    needed = {config: programs(config) for config in sorted({job.config for job in todo})}
    folder = options.out or run_info.new_folder(options.results)
    os.makedirs(folder, exist_ok=True)
    if os.path.exists(os.path.join(folder, run_info.FILE)):
        raise files.Usage(f"{folder} has a run already; --resume {folder} goes on with it")
    info = run_info.make(os.path.basename(os.path.normpath(folder)), needed, todo, {
        "profile": "" if options.run_jobs or options.rerun or options.seeds else options.profile, "sim_args": sim_args,
        "cover": options.cover, "shard": options.shard or "", "test_pattern": options.test, "build": options.build,
        "part": bool(options.out), "launcher": options.launcher or "local"})
    jobs.write_list(os.path.join(folder, "jobs.txt"), todo)
    run_info.write(folder, info)
    if not options.out:
        run_info.set_latest(folder)
    if not todo:  # a shard may be empty
        print(f"no job falls to shard {options.shard}")
        files.write(os.path.join(folder, store.FILE), "")
        run_info.write(folder, {**info, "state": "complete", "finished": run_info.now()})
        return finish.PASSED
    return execute(folder, info, needed, todo, options)


def resume(options):
    folder = run_info.find(options.results, options.resume)
    info = run_info.read(folder)
    programs = program_maker(info["build"], shlex.split(info["sim_args"]))
    needed = {config: programs(config) for config in info["configs"]}
    changed = [config for config, one in needed.items() if one.build != info["builds"][config]]
    if changed:
        raise files.Usage(f"the programs of {', '.join(changed)} have changed since {folder}: their results do not belong "
                          "together; start a new run")
    before = info.get("launcher", "local")
    if before == "slurm" and options.launcher == "local":
        raise files.Usage(f"{folder} has job arrays that may still run; --launcher slurm goes on with them")
    options.launcher = options.launcher or before
    if options.launcher != before:
        run_info.write(folder, {**info, "launcher": options.launcher})
        info["launcher"] = options.launcher
    options.build, options.out = info["build"], folder if info["part"] else None
    return execute(folder, info, needed, jobs.read_list(os.path.join(folder, "jobs.txt")), options)


def execute(folder, info, programs, todo, options):
    one = run.Run(folder, info, programs, todo, settings(options))
    where = f"slurm, {options.tasks} tasks of " if options.launcher == "slurm" else ""
    print(f"{folder}: {len(todo)} jobs, {len(one.todo)} to run: {info['tests']} tests, {', '.join(info['configs'])}; "
          f"{where}{options.jobs} processes" + (f"; sim {info['sim_args']}" if info["sim_args"] else ""), flush=True)
    return one.execute()


def sim_arguments(options):
    """Options of every run. A rerun has those that the failures had, if it is given no others."""
    if options.rerun:
        last = run_info.read(run_info.find(options.results, "latest"))
        if last["build"] != options.build:
            raise files.Usage(f"the last run was of the programs in {last['build']}, not of those in {options.build}")
        if options.sim_args is None:
            return last["sim_args"]
    policy = shlex.join(["--policy", options.policy]) if options.policy else ""
    return " ".join(part for part in (policy, options.sim_args) if part)


def main(argv=None):
    options = parser().parse_args(argv)
    if options.check:
        return finish.PASSED
    try:
        if options.history:
            print(history.show(os.path.join(options.results, "history.db"), options.history), end="")
            return finish.PASSED
        if options.merge:
            folder = options.out or run_info.new_folder(options.results)
            status = merge.merge(options.merge, folder, None if options.out else options.results, sys.stdout)
            if not options.out:
                run_info.set_latest(folder)
            return status
        return resume(options) if options.resume else start(options, sim_arguments(options))
    except files.Usage as wrong:
        print(f"regress.py: {wrong}", file=sys.stderr)
        return finish.USAGE
    except (files.Refused, OSError) as broken:
        print(f"regress.py: {broken}", file=sys.stderr)
        return finish.REFUSED
    except KeyboardInterrupt:
        return finish.REFUSED
