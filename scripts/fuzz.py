#!/usr/bin/env python3
"""Runs the fuzzer of a configuration, turns what it finds into scenarios, and writes out/fuzz.json. docs/fuzzing.md

    scripts/fuzz.py --config small --seconds 60             searches, from tests/corpus and what was found before
    scripts/fuzz.py --config small --fault pba_early        the same with a planted fault: how quickly is it found?
    scripts/fuzz.py --config small --merge                  puts the least that covers as much into tests/corpus

Exit status 0 only if something ran and nothing failed.
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import time

import files
import provenance

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

CORPUS = "tests/corpus"
RUN_LIMIT_S, MEMORY_MB, MOST_BYTES = 20, 2048, 512
ARTIFACTS = ("crash-", "timeout-", "leak-", "oom-")


def final_stats(text):
    """Executions and size of the corpus, from what libFuzzer has printed; a run that has crashed prints them as well."""
    execs = re.findall(r"^stat::number_of_executed_units:\s*(\d+)", text, re.M)
    corpus = re.findall(r"\bcorp: (\d+)/", text)
    return int(execs[-1]) if execs else 0, int(corpus[-1]) if corpus else 0


def sentences(text):
    """What says why a run has ended."""
    return re.findall(r"^(?:fuzz: .*|.*ERROR: (?:AddressSanitizer|libFuzzer|LeakSanitizer): .*)$", text, re.M)


def folder(config, *parts):
    path = os.path.join("out/fuzz", config, *parts)
    os.makedirs(path, exist_ok=True)
    return path


def start(options, number, place, found):
    """One fuzzer; several of them share what they find through the folder. Its text goes to a file."""
    environment = dict(os.environ)
    environment.pop("FUZZ_FAULT", None)
    if options.fault:
        environment["FUZZ_FAULT"] = options.fault
    command = [f"build/fuzz/{options.config}/fuzz", f"-max_total_time={options.seconds}", f"-timeout={RUN_LIMIT_S}",
               f"-rss_limit_mb={MEMORY_MB}", f"-max_len={MOST_BYTES}", f"-seed={options.seed + number}", "-reload=1",
               "-len_control=0", "-use_counters=0",
               "-print_final_stats=1", f"-artifact_prefix={found}/", place] + ([] if options.empty else [CORPUS])
    log = f"{found}/log.{number}"
    with open(log, "w", encoding="utf-8") as out:
        return log, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                     env=environment)


def wait(processes):
    """Until all have ended; after the first failure the others are stopped."""
    while any(process.poll() is None for _, process in processes):
        if any(process.poll() not in (None, 0) for _, process in processes):
            for _, process in processes:
                if process.poll() is None:
                    process.terminate()
            break
        time.sleep(0.1)
    for _, process in processes:
        process.wait()


def explain(options, artifact):
    """The scenario of an artifact, and what the simulator says about it; both stay beside the artifact."""
    scenario, short = f"{artifact}.scn", f"{artifact}.short.scn"
    done = subprocess.run([f"build/fuzz/{options.config}/fuzz", "--scenario", artifact, scenario])
    if done.returncode != 0:
        return
    replay = [f"build/{options.config}/sim", "--replay", scenario] + (["--fault", options.fault] if options.fault else [])
    print(f"\n{artifact}\n$ {' '.join(replay)}", flush=True)
    try:
        done = subprocess.run([*replay, "--shrink", short], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=10 * RUN_LIMIT_S)
        print(done.stdout.rstrip())
    except subprocess.TimeoutExpired:
        print(f"does not end within {10 * RUN_LIMIT_S} s")


def search(options):
    # what a planted fault lets in, or a search from nothing, must not become the start of an honest search
    place = folder(options.config, "corpus-apart" if options.fault or options.empty else "corpus")
    found = folder(options.config, "found")
    for old in glob.glob(f"{found}/*") + (glob.glob(f"{place}/*") if options.empty or options.fault else []):
        os.remove(old)
    begin = time.monotonic()
    processes = [start(options, number, place, found) for number in range(options.jobs)]
    wait(processes)
    seconds = time.monotonic() - begin
    texts = []
    for log, _ in processes:
        with open(log, encoding="utf-8", errors="replace") as file:
            texts.append(file.read())
    execs = sum(final_stats(text)[0] for text in texts)
    corpus = max(final_stats(text)[1] for text in texts)
    artifacts = sorted(path for path in glob.glob(f"{found}/*") if os.path.basename(path).startswith(ARTIFACTS))
    for text in texts:
        for line in sentences(text)[:3]:
            print(line)
    for artifact in artifacts:
        explain(options, artifact)
    broken = not artifacts and (execs == 0 or any(process.returncode not in (0, -15) for _, process in processes))
    if broken:
        print("\n".join(texts[0].splitlines()[-20:]))
    return {"execs": execs, "seconds": round(seconds, 1), "failures": len(artifacts) + broken, "corpus": corpus}


def merge(options):
    """The smallest inputs that reach each branch that all reach (not: as often), from tests/corpus and what was found since."""
    fresh = folder(options.config, "merged")
    for old in glob.glob(f"{fresh}/*"):
        os.remove(old)
    done = subprocess.run([f"build/fuzz/{options.config}/fuzz", "-merge=1", "-use_counters=0", f"-max_len={MOST_BYTES}", fresh, CORPUS,
                           folder(options.config, "corpus")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    inputs = sorted(glob.glob(f"{fresh}/*"))
    if done.returncode != 0 or not inputs:
        print("fuzz.py: the corpus could not be merged", file=sys.stderr)
        return 1
    for old in glob.glob(f"{CORPUS}/*"):
        os.remove(old)
    for path in inputs:
        shutil.copy(path, CORPUS)
    print(f"{len(inputs)} inputs, {sum(map(os.path.getsize, inputs))} bytes in {CORPUS}")
    return 0


def main():
    parser = argparse.ArgumentParser(description="coverage-guided search for stimulus that fails a check")
    parser.add_argument("--config", default="small")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", help="a planted fault of `sim --list-faults`")
    parser.add_argument("--empty", action="store_true", help="begin with nothing: neither tests/corpus nor earlier finds")
    parser.add_argument("--merge", action="store_true", help="put what is needed into tests/corpus")
    options = parser.parse_args()
    if options.merge:
        return merge(options)
    measurement = provenance.Measurement("fuzz")
    figures = search(options)
    files.write_json("out/fuzz.json", {**figures, "config": options.config, "fault": options.fault or "", **measurement.stamp()})
    rate = figures["execs"] / max(figures["seconds"], 0.1)
    print(f"{figures['execs']} scenarios in {figures['seconds']} s ({rate:.0f} a second), {figures['corpus']} in the "
          f"corpus, {figures['failures']} failed")
    return figures["failures"] != 0


if __name__ == "__main__":
    sys.exit(main())
