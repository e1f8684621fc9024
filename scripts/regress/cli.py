"""The command line of the runner."""

import argparse
import fnmatch
import glob
import os
import re
import shlex
import sys
import types

from . import files, finish, history, info as run_info, jobs, merge, program, run, store

EXIT = "Exit status: 0 all passed, 1 failures, 2 wrong usage, 3 not all could be run or judged."


class Parser(argparse.ArgumentParser):
    """One sentence about what is wrong, instead of all options above it."""

    def error(self, message):
        self.exit(finish.USAGE, f"{self.prog}: {message}; --help lists all options\n")


def positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 on, not \"{text}\"")
    return int(text)


def natural(text):
    if not re.fullmatch("[0-9]+|0[xX][0-9a-fA-F]+", text):
        raise argparse.ArgumentTypeError(f"a number, not \"{text}\"")
    number = int(text, 16 if text[:2] in ("0x", "0X") else 10)
    if number > jobs.LAST_SEED:
        raise argparse.ArgumentTypeError(f"a number of 64 bits, not \"{text}\"")
    return number


def seconds(text):
    try:
        if 0 < float(text) < float("inf"):
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"seconds, more than 0, not \"{text}\"")


def parser():
    p = Parser(prog="regress.py", description="Runs configurations x tests x seeds, and explains what failed.",
               epilog=EXIT)
    what = p.add_argument_group("what is run")
    what.add_argument("--config", help="a configuration, several with commas, or all")
    what.add_argument("--test", metavar="GLOB", help="only tests whose name matches")
    what.add_argument("--profile", choices=jobs.PROFILES, help="how many seeds; quick by default")
    what.add_argument("--seeds", type=positive, metavar="N", help="seeds of every test, instead of those of the profile")
    what.add_argument("--first-seed", type=natural, metavar="N", help="of them (1)")
    what.add_argument("--shard", metavar="I/N", help="only the I-th of N parts, which are the same on every machine")
    what.add_argument("--run-jobs", metavar="FILE", help="the jobs of this file: lines CONFIG TEST SEED")
    what.add_argument("--rerun", nargs="?", const="latest", metavar="RUN", help="only what failed in a run (the last one)")
    what.add_argument("--resume", nargs="?", const="latest", metavar="RUN", help="go on with what is missing (the last run)")
    how = p.add_argument_group("how")
    how.add_argument("--jobs", type=positive, default=os.cpu_count(), metavar="N", help="processes at a time")
    how.add_argument("--max-fail", type=positive, metavar="N", help="stop after so many failures")
    how.add_argument("--wall-limit", type=seconds, default=120, metavar="S", help="seconds after which a run has hung (120)")
    how.add_argument("--evidence", type=natural, default=3, metavar="N", help="failed runs of a bucket that are done again (3)")
    how.add_argument("--policy", metavar="FILE", help="what the block chose; given to every run")
    how.add_argument("--sim-args", metavar="'ARGS'", help="further options of sim, such as '--fault-as-bug msg_ep'")
    how.add_argument("--cover", action="store_true", help="count functional coverage of all runs: cover.dat")
    how.add_argument("--launcher", choices=("local", "slurm"), help="where: on this machine (local, default), or a job array")
    how.add_argument("--tasks", type=positive, default=8, metavar="N", help="tasks of a job array (8)")
    instead = p.add_argument_group("instead of a run")
    instead.add_argument("--check", action="store_true", help="look at the arguments, and do nothing")
    instead.add_argument("--programs", action="store_true", help="print the programs that --rerun needs")
    instead.add_argument("--list-jobs", metavar="FILE", help="write the jobs to a file (-: print them)")
    instead.add_argument("--merge", nargs="+", metavar="DIR", help="make one run of the folders of several")
    instead.add_argument("--history", choices=("slowest", "flaky", "trend"), help="ask the results of all runs")
    where = p.add_argument_group("where")
    where.add_argument("--out", metavar="DIR", help="a part of a run: everything goes to this folder, nothing elsewhere")
    where.add_argument("--results", default="out", metavar="DIR", help="regress/, regress.json and history.db are there (out)")
    where.add_argument("--build", metavar="DIR", help="programs are DIR/CONFIG/sim (build)")
    return p


SEEDS = ("profile", "seeds", "first_seed")
CHOICE = ("config", "test", *SEEDS, "shard", "run_jobs", "rerun")
# What would be ignored otherwise: who goes on with a run, or has a list, has chosen already.
CONTRADICTIONS = {"resume": (*CHOICE, "sim_args", "cover", "out", "list_jobs"), "rerun": (*SEEDS, "run_jobs"), "run_jobs": SEEDS,
                  "merge": (*CHOICE, "sim_args", "cover", "launcher", "list_jobs")}


def refuse_contradictions(options):
    for one, others in CONTRADICTIONS.items():
        wrong = [f"--{name.replace('_', '-')}" for name in others if getattr(options, name)]
        if getattr(options, one) and wrong:
            raise files.Usage(f"--{one.replace('_', '-')} and {', '.join(wrong)} contradict each other")
    if options.programs and not options.rerun:
        raise files.Usage("--programs is for --rerun")
    if options.shard:
        jobs.parse_shard(options.shard)


def configurations(options):
    """Names; None: all, whichever these are."""
    if options.config in (None, "all"):
        return None
    names = [name for name in options.config.split(",") if name]
    for name in names:
        if not os.path.exists(f"tb/configs/{name}.mk") and not os.path.exists(f"{options.build}/{name}/sim"):
            raise files.Usage(f"there is no configuration \"{name}\"; there are: {', '.join(all_configurations())}")
    return names


def all_configurations():
    return sorted(os.path.basename(path)[:-3] for path in glob.glob("tb/configs/*.mk"))


def last_failures(folder):
    """What failed in a run. One that was itself only about failures has left those that it did not come to."""
    outcome = {jobs.of_result(result): result["result"] for result in store.read(folder)}
    failed = [job for job, result in outcome.items() if result == "failed"]
    if run_info.read(folder).get("rerun"):
        failed += [job for job in jobs.read_list(os.path.join(folder, "jobs.txt")) if outcome.get(job, "refused") == "refused"]
    return failed


def select(options, programs):
    """The jobs of a new run."""
    configs = configurations(options)
    if options.run_jobs or options.rerun:
        todo = jobs.read_list(options.run_jobs) if options.run_jobs else last_failures(options.rerun)
        todo = [job for job in todo if (configs is None or job.config in configs) and
                fnmatch.fnmatchcase(job.test, options.test or "*")]
        if options.run_jobs and not todo:
            raise files.Usage(f"{options.run_jobs} has no such job")
    else:
        tests = {config: programs(config).tests for config in configs or all_configurations()}
        first = 1 if options.first_seed is None else options.first_seed
        todo = jobs.plan(tests, options.profile or "quick", options.seeds, first, options.test)
        if not todo:
            raise files.Usage(f"no test of {options.config or 'all'} matches \"{options.test or '*'}\"")
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


def nothing_failed(options):
    state = run_info.read(options.rerun)["state"]
    if state != "complete":
        raise files.Refused(f"nothing of it failed in {options.rerun}, but that is {state}")
    print(f"nothing to do: nothing of it failed in {options.rerun}")
    return finish.PASSED


def start(options, sim_args):
    """A new run."""
    programs = program_maker(options.build, shlex.split(sim_args))
    todo = select(options, programs)
    configs = sorted({job.config for job in todo})
    if options.programs:
        print(*(f"{options.build}/{config}/sim" for config in configs))
        return finish.PASSED
    if options.list_jobs:
        sys.stdout.writelines(f"{job}\n" for job in todo) if options.list_jobs == "-" else jobs.write_list(options.list_jobs, todo)
        return finish.PASSED
    if options.rerun and not todo and not options.shard:
        return nothing_failed(options)
    needed = {config: programs(config) for config in configs}
    for one in needed.values():
        one.check_arguments()
    if options.launcher == "slurm":
        from . import slurm
        slurm.check()
    folder = options.out or run_info.new_folder(options.results)
    os.makedirs(folder, exist_ok=True)
    if os.path.exists(os.path.join(folder, run_info.FILE)):
        raise files.Usage(f"{folder} has a run already; --resume {folder} goes on with it")
    chosen = options.run_jobs or options.rerun or options.seeds
    info = run_info.make(os.path.basename(os.path.normpath(folder)), needed, todo, {
        "profile": "" if chosen else options.profile or "quick", "sim_args": sim_args, "cover": options.cover,
        "shard": options.shard or "", "test_pattern": options.test or "", "build": options.build, "part": bool(options.out),
        "rerun": bool(options.rerun), "launcher": options.launcher or "local"})
    jobs.write_list(os.path.join(folder, "jobs.txt"), todo)
    run_info.write(folder, info)
    if not todo:  # a shard may be empty; it is no run that anybody would look for
        print(f"no job falls to shard {options.shard}")
        finish.Finish(folder, info, None).end(store.Store(folder), "complete")
        return finish.PASSED
    if not options.out:
        run_info.set_latest(folder)
    return execute(folder, info, needed, todo, options)


def resume(options):
    folder = run_info.find(options.results, options.resume)
    info = run_info.read(folder)
    if options.build not in (None, info["build"]):
        raise files.Usage(f"{folder} is of the programs in {info['build']}, not of those in {options.build}")
    if policy_argument(options) not in info["sim_args"]:
        raise files.Usage(f"{folder} was run with another policy than {options.policy}")
    programs = program_maker(info["build"], shlex.split(info["sim_args"]))
    needed = {config: programs(config) for config in info["configs"]}
    changed = [config for config, one in needed.items() if one.build != info["builds"][config]]
    if changed:
        raise files.Usage(f"the programs of {', '.join(changed)} have changed since {folder}: their results do not belong "
                          "together; start a new run")
    before = info.get("launcher", "local")
    if before == "slurm" and options.launcher == "local":
        raise files.Usage(f"{folder} has job arrays that may still run; --launcher slurm goes on with them")
    if "slurm" in (before, options.launcher):
        from . import slurm
        slurm.check()
    options.launcher = options.launcher or before
    if options.launcher != before:
        run_info.write(folder, {**info, "launcher": options.launcher})
        info["launcher"] = options.launcher
    options.build, options.out = info["build"], folder if info["part"] else None
    return execute(folder, info, needed, jobs.read_list(os.path.join(folder, "jobs.txt")), options)


def execute(folder, info, programs, todo, options):
    return run.Run(folder, info, programs, todo, settings(options)).execute()


def policy_argument(options):
    return shlex.join(["--policy", options.policy]) if options.policy else ""


def sim_arguments(options):
    """Options of every run. A rerun has those that the failures had, if it is given no others."""
    if options.rerun:
        last = run_info.read(options.rerun)
        if options.build not in (None, last["build"]):
            raise files.Usage(f"the last run was of the programs in {last['build']}, not of those in {options.build}")
        options.build = last["build"]
        if options.sim_args is None:
            return last["sim_args"]
    return " ".join(part for part in (policy_argument(options), options.sim_args) if part)


def new_run(options):
    if options.rerun:
        options.rerun = run_info.find(options.results, options.rerun)
    sim_args = sim_arguments(options)
    options.build = options.build or "build"
    return start(options, sim_args)


def main(argv=None):
    options = parser().parse_args(argv)
    try:
        refuse_contradictions(options)
        if options.check:
            return finish.PASSED
        if options.history:
            print(history.show(os.path.join(options.results, "history.db"), options.history), end="")
            return finish.PASSED
        if options.merge:
            folder = options.out or run_info.new_folder(options.results)
            status = merge.merge(options.merge, folder, None if options.out else options.results, sys.stdout)
            if not options.out:
                run_info.set_latest(folder)
            return status
        return resume(options) if options.resume else new_run(options)
    except files.Usage as wrong:
        print(f"regress.py: {wrong}", file=sys.stderr)
        return finish.USAGE
    except (files.Refused, OSError) as broken:
        print(f"regress.py: {broken}", file=sys.stderr)
        return finish.REFUSED
    except KeyboardInterrupt:
        return finish.REFUSED
