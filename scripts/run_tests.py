#!/usr/bin/env python3
"""Runs groups of tests in parallel, prints each failure in full, a table, and one closing line with the sum.

    scripts/run_tests.py [--jobs N] GROUP ...

    build     the programs (no test of its own; what does not build counts as failed)
    lint      the steps of scripts/lint.py
    unit      the programs of tests/unit
    sim       all tests in every configuration
    fault     every planted fault of `sim --list-faults`, in the default configuration
    vplan     docs/vplan.csv against what the group sim has left in out/results
    scripts   the unit tests of tests/scripts
    scenario  record and replay of every profile in every configuration, and scenarios of planted faults cut short
    docs      the quick commands of README.md and docs/*.md (scripts/doc_commands.py)
    quick     the random runs of tests/quick_seeds.txt, which hold the functional coverage of many (scripts/rank.py)
    sizes     enumeration, boundary and drain tests with tables of all sizes of scripts/sizes.py; builds them
    two_sizes the same with the two that `make test` builds
    second_core  all tests on the block of tests/second_core in two configurations, and some planted faults; builds it
    full      tests/full, one module after the other: each may use the whole machine, and take long
    liberal   300 seeds of the device that takes any legal choice, and each of its illegal ones

and test, which stands for all groups of `make test`. A group without a single test is a failure. The figures of `make test`
go to out/test.json, those of other groups to out/test-GROUP-....json, so that a part never passes for the whole.
"""

import argparse
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys
import time

import block
import files
import lint  # enters the project's folder
import make_environment
import provenance
import sizes
import vplan

TIME_LIMIT_S = 900
FULL_LIMIT_S = 3600
WHOLE = ("build", "lint", "unit", "scripts", "sim", "vplan", "fault", "scenario", "docs", "quick", "two_sizes",
         "second_core", "liberal")  # make test
GROUPS = (*WHOLE, "sizes", "full")
RESULTS = "out/results"
# Planted faults whose generated scenario is cut down, to at most so many operations within so many seconds.
SHRUNK = ("msg_overtakes_dma", "msg_masked", "event_elsewhere", "pba_early", "pba_zero", "dma_dropped", "mask_lost",
          "bus_master_lost", "function_mask_lost", "csr_enables")
# What depends on the size of the table: enumeration, boundaries of table and PBA, drains.
SIZE_TESTS = ("message_control_reads_table_size", "structures_fit_the_sized_bar", "table_*", "space_past_the_last_entry*",
              "one_event_gives_one_message_on_every_vector", "vectors_beside_word_boundaries_send_alone",
              "events_past_the_table_do_nothing", "pending_bit_stands_at_its_place", "all_*", "unmasking_*", "*_drain*",
              "undefined_write_past_the_last_bit_reads_zero", "every_address_bit_is_decoded", "the_bar_ends_where_it_says",
              "function_mask_clear_sends_each_vector_once", "random_corners")
TWO_SIZES = (3, 33)
MISJUDGED = "out/scenario/misjudged.policy"
SHRUNK_OPERATIONS, SHRUNK_SECONDS, SHRUNK_SEEDS = 12, 10, 100


class Job:
    """One thing to run: `function` returns (passed, failed, skipped, text to show if it failed)."""

    def __init__(self, group, name, function):
        self.group, self.name, self.function = group, name, function
        self.passed = self.failed = self.skipped = 0
        self.seconds = 0.0
        self.text = ""

    def run(self):
        start = time.monotonic()
        self.passed, self.failed, self.skipped, self.text = self.function()
        self.seconds = time.monotonic() - start
        return self


def execute(command, limit_s=TIME_LIMIT_S):
    """Exit status and what was printed."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              text=True, errors="replace", timeout=limit_s)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        text = late.stdout.decode("utf-8", "replace") if late.stdout else ""
        return 1, f"{text}\nended after {limit_s} s"
    except OSError as error:
        return 1, str(error)


def verdict(status, text, counts, command):
    """Counts that contradict the exit status, or that are missing, make a failure."""
    passed, failed, skipped = counts or (0, 0, 0)
    if status != 0 or counts is None:
        failed = max(failed, 1)
    if passed + failed == 0 and skipped == 0:
        failed, text = 1, text + "no test ran\n"
    return passed, failed, skipped, f"$ {' '.join(command)}\n{text}" + f"exit status {status}\n"


def run_build(jobs, targets=("programs",)):
    environment = make_environment.clean()
    text = []
    with subprocess.Popen(["make", "-k", f"-j{jobs}", "--output-sync=target", *targets], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", env=environment) as make:
        for line in make.stdout:
            text.append(line)
            if re.match(r"  build/[\w-]+/(sim|liberal)$", line):  # a line a configuration: something happens
                print(line, end="", flush=True)
    return 0, int(make.returncode != 0), 0, "".join(text)


def run_lint(step):
    text = step()
    return int(not text), int(bool(text)), 0, text


def run_unit(program):
    status, text = execute([program])
    passed = re.search(r"^\[  PASSED  \] (\d+) test", text, re.M)
    failed = re.findall(r"^\[  FAILED  \] (\d+) test", text, re.M)
    skipped = re.findall(r"^\[  SKIPPED \] (\d+) test", text, re.M)
    counts = (int(passed[1]), sum(map(int, failed)), sum(map(int, skipped))) if passed else None
    return verdict(status, text, counts, [program])


def run_sim(command):
    status, text = execute(command)
    counts = re.search(r"^(\d+) passed, (\d+) failed, (\d+) skipped\s*\Z", text, re.M)
    return verdict(status, text, tuple(map(int, counts.groups())) if counts else None, command)


def run_fault(name):
    passed, failed, skipped, text = run_sim(["build/default/sim", "--fault", name])
    if passed and not re.search(rf"^fault    {name}: .*(caught by the check|broke nothing)", text, re.M):
        passed, failed, text = 0, 1, text + "no line says which check caught it\n"
    if passed == 0 and failed == 0:  # a fault whose test was skipped proves nothing
        failed, skipped = 1, 0
    return passed, failed, skipped, text


def tests_of(path):
    """The lines of `sim --json` that are tests."""
    with open(path, encoding="utf-8") as file:
        return [line for line in map(json.loads, file) if "name" in line]


def run_replay(config, name):
    """Recorded and replayed, clock by clock the same: as the hash of the log says."""
    place = f"out/scenario/{config}-{name}"
    play = [f"build/{config}/sim", "--test", name, "--seed", "7", "--record", f"{place}.scn", "--json", f"{place}.1.json"]
    again = [f"build/{config}/sim", "--replay", f"{place}.scn", "--json", f"{place}.2.json"]
    for command in (play, again):
        passed, _, skipped, text = run_sim(command)
        if passed != 1:
            return (0, 0, 1, text) if skipped else (0, 1, 0, text)
    first, second = (tests_of(f"{place}.{i}.json")[0] for i in (1, 2))
    same = (first["log_hash"], first["cycles"]) == (second["log_hash"], second["cycles"])
    return int(same), int(not same), 0, f"$ {' '.join(play)}\n$ {' '.join(again)}\n{first}\n{second}\n"


def operations(path):
    """Lines of a scenario that are operations."""
    with open(path, encoding="utf-8") as file:
        return [line for line in file if line.strip() and not line.startswith(("#", "seed"))]


def run_shrink(fault):
    """The first seed in which the fault is found by its own check: cut short it must still be."""
    scenario = f"out/scenario/{fault}.scn"
    search = ["build/default/sim", "--profile", "mixed", "--fault", fault, "--seed"]
    seed = next((seed for seed in map(str, range(1, SHRUNK_SEEDS + 1)) if run_sim([*search, seed])[0]), None)
    if seed is None:
        return 0, 1, 0, f"{fault} is not found by its own check in seeds 1 to {SHRUNK_SEEDS}\n"
    start = time.monotonic()
    passed, _, _, text = run_sim([*search, seed, "--shrink", scenario])
    seconds = time.monotonic() - start
    left = operations(scenario) if passed else []
    if not passed or len(left) > SHRUNK_OPERATIONS or seconds > SHRUNK_SECONDS:
        return 0, 1, 0, f"{text}{len(left)} operations are left after {seconds:.1f} s:\n{''.join(left)}"
    return run_sim(["build/default/sim", "--replay", scenario, "--fault", fault])


def run_failing(words):
    """A run of a block that the policy misjudges: the text of a run with one failure, else None."""
    command = ["build/default/sim", *words, "--policy", MISJUDGED]
    status, text = execute(command)
    return f"$ {' '.join(command)}\n{text}" if status == 1 and "0 passed, 1 failed" in text else None


def run_unasked():
    """A random scenario that fails is cut unasked, the file stands beside the log, and the printed line fails likewise."""
    log = "out/scenario/unasked.log"
    short, whole = f"{log}.short.scn", "out/scenario/unasked.scn"
    with open(MISJUDGED, "w", encoding="utf-8") as file:
        file.write("keep_on_disable = no  # it keeps them\n")
    remove(short)
    text = run_failing(["--test", "random_mixed", "--no-shrink", "--log", log]) or ""
    if not text or os.path.exists(short):
        return 0, 1, 0, f"{text}--no-shrink: no failure, or {short} was written\n"
    text = run_failing(["--test", "random_mixed", "--log", log, "--record", whole]) or ""
    line = re.search(r"shrunk: 800 operations cut to (\d+) in \d+ runs: (build/default/sim .*)$", text, re.M)
    check = re.search(r"^FAILED .*: (\w+)$", text, re.M)
    if not line or not check or f"--replay {short}" not in line[2] or int(line[1]) != len(operations(short)):
        return 0, 1, 0, f"{text}no line that names {short} and the command\n"
    if int(line[1]) > SHRUNK_OPERATIONS:
        return 0, 1, 0, f"{text}{line[1]} operations are left\n"
    status, again = execute(line[2].split())
    if status != 1 or f"FAILED   replay: {check[1]}" not in again or "operations matter" not in again:
        return 0, 1, 0, f"{text}$ {line[2]}\n{again}is not the same failure, cut to its end\n"
    with open(short, encoding="utf-8") as file:
        first = file.read()
    remove(short)
    run_failing(["--replay", whole, "--log", log])
    return same_operations(first, short)


def same_operations(first, path):
    """A recorded scenario is cut to the same as the generated one: the effort is bounded by runs, not by time."""
    left = operations(path) if os.path.exists(path) else []
    wanted = [line + "\n" for line in first.splitlines() if line and not line.startswith(("#", "seed"))]
    return int(left == wanted), int(left != wanted), 0, f"replayed, it is cut to other operations:\n{''.join(left)}not\n{first}"


def remove(path):
    if os.path.exists(path):
        os.remove(path)


def run_refusal(words, status, sentence):
    """Exit status and sentence of a command line that is wrong."""
    command = ["build/default/sim", *words]
    got, text = execute(command)
    right = got == status and sentence in text
    return int(right), int(not right), 0, f"$ {' '.join(command)}\n{text}exit status {got}, not {status}: {sentence}\n"


def run_list():
    """Names at the margin, everything within 100 columns."""
    _, text = execute(["build/default/sim", "--list"])
    lines = text.splitlines()
    right = lines and all(len(line) <= 100 for line in lines) and "random_mixed" in lines
    return int(bool(right)), int(not right), 0, text


def run_broken_off():
    """A file that can't be written in mid-session ends it with status 2; what was judged before is told."""
    log = "out/scenario/broken_off.log"
    os.makedirs("out/scenario/broken_off.table_qwords_are_distinct_downwards.log", exist_ok=True)
    command = ["build/default/sim", "table_?words_are_distinct_*", "--log", log]
    status, text = execute(command)
    right = status == 2 and "1 passed, 0 failed, 0 skipped" in text and "sim: cannot" in text
    return int(right), int(not right), 0, f"$ {' '.join(command)}\n{text}exit status {status}\n"


def scenario_jobs():
    os.makedirs("out/scenario", exist_ok=True)
    broken = "out/scenario/broken.scn"
    with open(broken, "w", encoding="utf-8") as file:
        file.write("# the third line is wrong\nfence\nevent 3 at 5\n")
    _, text = execute(["build/default/sim", "--list-profiles"])
    for config in sorted(lint.configurations()):
        for name in [line.split()[0] for line in text.splitlines()]:
            yield Job("scenario", f"{config}_{name}", lambda config=config, name=name: run_replay(config, f"random_{name}"))
    for fault in SHRUNK:
        yield Job("scenario", f"shrink_{fault}", lambda fault=fault: run_shrink(fault))
    yield Job("scenario", "unasked", run_unasked)
    yield Job("scenario", "list", run_list)
    yield Job("scenario", "broken_off", run_broken_off)
    yield Job("scenario", "help", lambda: run_refusal(["-h"], 0, "--fault"))
    for name, words, sentence in (("broken_file", ["--replay", broken], f"{broken}:3: event: behind"),
                                  ("missing_file", ["--replay", "out/scenario/none.scn"], "cannot read the scenario"),
                                  ("unknown_profile", ["--profile", "mixd"], "there is no profile"),
                                  ("nothing_to_record", ["--test", "race_*", "--record", broken], "plays a scenario")):
        yield Job("scenario", name, lambda words=words, sentence=sentence: run_refusal(words, 2, sentence))


def quick_jobs():
    with open("tests/quick_seeds.txt", encoding="utf-8") as file:
        for config, test, seed, _ in (line.split() for line in file if not line.startswith("#")):
            command = [f"build/{config}/sim", "--test", test, "--seed", seed]
            yield Job("quick", f"{config}_{test}_{seed}", lambda command=command: run_sim(command))


def run_size(nvec, pattern):
    """Some tests with a table of this size; the results must name the program that was built for it."""
    config = sizes.configuration(nvec)
    results = f"out/sizes/{config}.{pattern.strip('*')}.json"
    passed, failed, skipped, text = run_sim([f"build/{config}/sim", pattern, "--json", results])
    if failed == 1 and "sim: nothing was tried: all" in text:  # a boundary that this size does not have
        return 0, 0, 1, text
    if failed == 0 and {test["config"] for test in tests_of(results)} != {config}:
        return 0, 1, 0, f"{text}{results} is not about {config}\n"
    return passed, failed, skipped, text


def sizes_jobs(group, chosen):
    os.makedirs("out/sizes", exist_ok=True)
    for nvec in chosen:
        for pattern in SIZE_TESTS:
            yield Job(group, f"{nvec}_{pattern.strip('*')}",
                      lambda nvec=nvec, pattern=pattern: run_size(nvec, pattern))


def build_sizes(jobs):
    """Programs of all sizes first: the sims of one size are several jobs."""
    job = Job("sizes", "programs", lambda: run_build(jobs, [f"build/{sizes.configuration(n)}/sim" for n in sizes.SIZES]))
    return job.run()


def run_liberal(words):
    command = ["build/liberal/liberal", *words]
    status, text = execute(command)
    counts = re.search(r"^(\d+) passed, (\d+) failed\s*\Z", text, re.M)
    return verdict(status, text, (*map(int, counts.groups()), 0) if counts else None, command)


def liberal_jobs():
    for name, words in (("legal", ["--seeds", "1..300"]), ("illegal", ["--illegal", "all"])):
        yield Job("liberal", name, lambda words=words: run_liberal(words))


def unit_jobs():
    sources = sorted(glob.glob("tests/unit/test_*.c"))
    for source in sources:
        program = f"build/common/{source[:-2]}"
        yield Job("unit", os.path.basename(program)[5:], lambda program=program: run_unit(program))


def sim_jobs():
    os.makedirs(RESULTS, exist_ok=True)
    for path in glob.glob(f"{RESULTS}/*"):  # nothing of an older run is evidence
        os.remove(path)
    files.write_json(f"{RESULTS}/{vplan.STAMP}", provenance.Measurement("vplan").begun)
    for config in sorted(lint.configurations(), key=lambda config: -lint.parameters(config)["NVEC"]):
        left = f"{RESULTS}/{config}"
        command = [f"build/{config}/sim", "--json", f"{left}.json", "--cover", f"{left}.dat"]
        yield Job("sim", config, lambda command=command: run_sim(command))


def run_vplan():
    """A mandatory row with evidence has passed, a deferred one is skipped, each sentence is a failure."""
    status, text = execute(["scripts/vplan.py", "--results", RESULTS])
    counts = re.search(r"^(\d+) of (\d+) mandatory rows have evidence, (\d+) are deferred\s*\Z", text, re.M)
    if not counts:
        return 0, 1, 0, text
    evident, mandatory, deferred = map(int, counts.groups())
    return evident, max(mandatory - evident - deferred, int(status != 0)), deferred, text


def run_scripts(folder, module, limit_s):
    status, text = execute([sys.executable, "-m", "unittest", "discover", "-v", "-s", folder, "-p", module], limit_s)
    return verdict(status, text, counts_of_unittest(text), [module])


def counts_of_unittest(text):
    """Of its closing lines. Several parts of one test may fail, and what is skipped as a class is not among those that ran:
    there is never less than no test that passed."""
    ends = re.findall(r"^Ran (\d+) tests? in \S+\n\n(?:OK|FAILED)(?: \((.*)\))?$", text, re.M)
    if not ends:
        return None
    more = {name: int(number) for name, number in re.findall(r"([a-z][a-z ]*)=(\d+)", ends[-1][1])}
    failed = sum(more.get(name, 0) for name in ("failures", "errors", "unexpected successes"))
    skipped = more.get("skipped", 0)
    return max(int(ends[-1][0]) - failed - skipped, 0), failed, skipped


def scripts_jobs(group="scripts", limit_s=TIME_LIMIT_S):
    for path in sorted(glob.glob(f"tests/{group}/test_*.py")):
        module = os.path.basename(path)
        yield Job(group, module[5:-3], lambda module=module: run_scripts(f"tests/{group}", module, limit_s))


def docs_jobs():
    for page in ["README.md", *sorted(glob.glob("docs/*.md"))]:
        yield Job("docs", os.path.basename(page)[:-3], lambda page=page: run_sim(["scripts/doc_commands.py", page]))


def fault_jobs():
    status, text = execute(["build/default/sim", "--list-faults"])
    names = [line.split()[0] for line in text.splitlines() if line.strip()] if status == 0 else []
    for name in names:
        yield Job("fault", name, lambda name=name: run_fault(name))


def lint_jobs():
    for name, step in lint.all_steps().items():
        yield Job("lint", name, lambda step=step: run_lint(step))


def all_sizes_jobs(jobs):
    built = build_sizes(jobs)
    return [built] if built.failed else list(sizes_jobs("sizes", sizes.SIZES))


def second_core_jobs(jobs):
    """The second core, which has its own policy and its own programs."""
    sims = {config: f"build/{block.name(lint.EXAMPLE)}/{config}/sim" for config in lint.EXAMPLE_CONFIGS}
    built = Job("second_core", "programs", lambda: run_build(jobs, [f"BLOCK={lint.EXAMPLE}", *sims.values()])).run()
    if built.failed:
        return [built]
    policy = ["--policy", f"{lint.EXAMPLE}/{block.POLICY}"]
    commands = {config: [sim, *policy] for config, sim in sims.items()}
    commands.update((fault, [sims["small"], *policy, "--fault", fault]) for fault in SHRUNK)
    return [Job("second_core", name, lambda command=command: run_sim(command)) for name, command in commands.items()]


def run_group(group, jobs):
    makers = {"build": lambda: [Job("build", "programs", lambda: run_build(jobs))],
              "lint": lint_jobs, "unit": unit_jobs, "scripts": scripts_jobs, "sim": sim_jobs,
              "vplan": lambda: [Job("vplan", "plan", run_vplan)], "fault": fault_jobs, "scenario": scenario_jobs,
              "docs": docs_jobs, "quick": quick_jobs, "liberal": liberal_jobs,
              "sizes": lambda: all_sizes_jobs(jobs), "two_sizes": lambda: sizes_jobs("two_sizes", TWO_SIZES),
              "second_core": lambda: second_core_jobs(jobs), "full": lambda: scripts_jobs("full", FULL_LIMIT_S)}
    todo = list(makers[group]())
    if not todo:
        todo = [Job(group, "none", lambda: (0, 1, 0, f"there is no test in the group '{group}'\n"))]
    with concurrent.futures.ThreadPoolExecutor(1 if group == "full" else jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(job.run) for job in todo]):
            job = future.result()
            if job.failed:
                print(f"--- {job.group} {job.name} FAILED\n{job.text.rstrip()}\n", flush=True)
    return todo


def print_table(results):
    print(f"{'group':<10}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}  longest")
    for group, (jobs, seconds) in results.items():
        longest = max(jobs, key=lambda job: job.seconds)
        print(f"{group:<10}{total(jobs, 'passed'):>8}{total(jobs, 'failed'):>8}{total(jobs, 'skipped'):>9}{seconds:>9.1f}"
              f"  {longest.name} {longest.seconds:.1f}")
    for group, (jobs, _) in results.items():
        failed = [job.name for job in jobs if job.failed]
        if failed:
            print(f"failed in {group}: {' '.join(failed)}")


def reasons(text):
    """Why something was skipped, as unittest, sim, or the tester of the documents say it; else the last line."""
    text = re.sub(r"\nexit status \d+\s*\Z", "", text)
    for pattern in r"(?:^|\.\.\. )skipped (['\"])(?P<why>.*)\1$", r"^\d+ skipped: (?P<why>.*)$", r"^skipped (?P<why>.*)$":
        found = [match["why"] for match in re.finditer(pattern, text, re.M)]
        if found:
            return found
    return text.splitlines()[-1:] or ["no reason is given"]


def print_skipped(results):
    for group, (jobs, _) in results.items():
        for job in jobs:
            for reason in dict.fromkeys(reasons(job.text)) if job.skipped else ():
                print(f"skipped in {group} {job.name}: {reason}")


def total(jobs, what):
    return sum(getattr(job, what) for job in jobs)


def result_name(groups):
    return "test" if tuple(groups) == WHOLE else "test-" + "-".join(groups)


def write_json(results, everything, seconds, measurement):
    figures = {what: total(everything, what) for what in ("passed", "failed", "skipped")}
    figures["wall_s"] = round(seconds, 1)
    for group, (jobs, group_seconds) in results.items():
        figures.update({f"{group}_{what}": total(jobs, what) for what in ("passed", "failed", "skipped")})
        figures[f"{group}_wall_s"] = round(group_seconds, 1)
    files.write_json(f"out/{measurement.name}.json", {**figures, **measurement.stamp()})


def main():
    parser = argparse.ArgumentParser(description="runs groups of tests")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("groups", nargs="+", choices=(*GROUPS, "test"))
    options = parser.parse_args()
    groups = WHOLE if options.groups == ["test"] else options.groups
    programs = [f"build/{config}/sim" for config in lint.configurations()] if "full" in groups else ()  # `test` builds them
    start, measurement = time.monotonic(), provenance.Measurement(result_name(groups), programs)
    results = {}
    for group in groups:
        print(f"{group} ...", flush=True)
        group_start = time.monotonic()
        jobs = run_group(group, options.jobs)
        results[group] = jobs, time.monotonic() - group_start
    everything = [job for jobs, _ in results.values() for job in jobs]
    print_skipped(results)
    print_table(results)
    written = True
    try:
        write_json(results, everything, time.monotonic() - start, measurement)
    except OSError as error:
        written = False
        print(f"run_tests.py: the figures are not written: {error}")
    passed, failed, skipped = (total(everything, what) for what in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return failed != 0 or passed == 0 or not written


if __name__ == "__main__":
    sys.exit(main())
