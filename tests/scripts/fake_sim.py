#!/usr/bin/env python3
"""A program with the command line of sim that does, by the name of the test, what a regression must survive."""

import json
import os
import signal
import sys
import time

TESTS = ["pass_one", "pass_two", "fail_two", "crash_third", "hang_second", "leave_third", "flaky_all", "skip_all",
         "refuse_all", "random_mixed"]


def outcome(test, seed):
    """(result, error): breaks instead where the test says so."""
    if test == "crash_third" and seed == 3:
        print("fake: about to crash", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if test == "random_mixed" and seed == 1013:
        os.kill(os.getpid(), signal.SIGABRT)
    if test == "hang_second" and seed == 2 or os.environ.get("FAKE_TROUBLE") == "late":
        time.sleep(1000)
    if os.environ.get("FAKE_TROUBLE") == "killed":  # by no fault of its own
        os.kill(os.getpid(), signal.SIGKILL)
    if test == "leave_third" and seed == 3:
        os._exit(0)
    if test == "skip_all":
        return "skipped", None
    if test == "fail_two" and seed <= 2:
        return "failed", error("event_lost", "MSIX-PBA-11, RACE-18", f"vector {seed * 11} at 0x{seed * 4096:X}: lost (RACE-18)")
    if test == "random_mixed" and seed % 5 == 0:
        return "failed", error("msg_masked", "MSIX-PBA-06", f"vector {seed} sent DEAD{seed:04X}")
    return "passed", None


def error(check, requirements, text):
    return {"check": check, "requirements": requirements, "time": 100, "text": text}


def line(config, test, seed):
    result, wrong = outcome(test, seed)
    value = {"name": test, "config": config, "seed": seed, "result": result, "reason": "no" if result == "skipped" else "",
             "fault": "", "cycles": 1000 + seed, "wall_s": 0.001, "messages": 3, "evaluated": {"event_lost": 1},
             "log_hash": f"{time.time_ns() if test == 'flaky_all' else hash((len(test), seed)) & 0xFFFF:016x}"}
    return {**value, "error": wrong} if wrong else value


def write(folder, name, text):
    os.makedirs(folder or ".", exist_ok=True)
    with open(os.path.join(folder or ".", name), "w", encoding="utf-8") as file:
        file.write(text)


def batch(config, options):
    for text in sys.stdin:
        test, seed, *folder = text.split()
        if test == "refuse_all":
            value = {"name": test, "seed": int(seed), "result": "refused", "reason": "not today"}
        else:
            value = line(config, test, int(seed))
        if folder and "--cover" in options:
            write(folder[0], options["--cover"], "# head\nC '\1page\2v_functional/bins\1o\2a' 1\n"
                  f"C '\1page\2v_functional/bins\1o\2b' {int(seed) % 2}\nC '\1page\2v_functional/bins\1o\2c' 0\n")
        print(json.dumps(value), flush=True)


def single(config, options):
    folder, seed = options.get("--out"), int(options.get("--seed", "1"))
    if "--log" in options:
        write(folder, options["--log"], "clock direction what\n  5  event  vector 1\n 90  rx  MWr\n100  tx  MWr\n")
    if "--record" in options:
        write(folder, options["--record"], "seed 1\n" + "wait 1\n" * 9 + ("boom\n" if seed == 1013 else ""))
    test = options.get("--test", "random_mixed")
    if os.environ.get("FAKE_SLOW"):
        write(folder, "slow", "")
        time.sleep(1000)
    if "--replay" in options:
        with open(options["--replay"], encoding="utf-8") as file:
            if "boom" in file.read():
                os.kill(os.getpid(), signal.SIGABRT)
    value = line(config, test, 5 if "--replay" in options else seed)
    if folder or "--json" in options:
        write(folder, options.get("--json", "result.json"), json.dumps(value) + "\n")
    if "--shrink" in options and "error" in value:
        write(folder, options["--shrink"], "# cut\nseed 1\n" + "event 1\n" * (20 - seed))
    if "--waves" in options:
        write(folder, options["--waves"], options["--waves-window"])
    if "error" in value:
        print(f"FAILED   {test}\n{test}, clock 100: x\n    entry 1: mask 1\n    last on all streams:\n    y\n  replay: z")
    return value["result"] == "failed"


def main():
    config = os.path.basename(os.path.dirname(os.path.abspath(sys.argv[0])))
    words = sys.argv[1:]
    if "--list" in words:
        print("\n".join(f"{name}\n    ENV-01" for name in TESTS))
    elif "--list-profiles" in words:
        print("mixed   of everything")
    elif "--help" in words:
        print("--no-shrink")
    elif "--wrong" in words:
        print("sim: unknown option --wrong", file=sys.stderr)
        return 2
    else:
        words = [word for word in words if word != "--no-shrink"]
        options = dict(zip(words[::2], words[1::2]))
        return batch(config, options) if "--batch" in options else single(config, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
