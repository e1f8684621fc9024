"""What is left of a run: JUnit XML, figures, the summary for people."""

import os
import textwrap
import xml.etree.ElementTree as xml

import provenance

from . import explain, files, jobs

PLACE = 100  # columns
BAD = "\0\1\2\3\4\5\6\7\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"
CLEAN = str.maketrans(dict.fromkeys(BAD, "?"))


# --- JUnit ---

def _case(parent, result, flaky, replay):
    case = xml.SubElement(parent, "testcase", classname=f"{result['config']}.{result['name']}",
                          name=f"{result['name']} seed {result['seed']}", time=f"{result['wall_s']:.6f}")
    if result["result"] == "skipped":
        xml.SubElement(case, "skipped", message=result["reason"].translate(CLEAN))
    elif result["result"] == "failed":
        error = result["error"]
        node = xml.SubElement(case, "failure", type=error["check"] or "failure",
                              message=f"{explain.headline(result)} {error['text']}".translate(CLEAN))
        node.text = f"{explain.clock(result)}\nreplay: {replay(result)}\n"
    elif result["result"] == "refused":
        xml.SubElement(case, "error", type="refused", message=result["reason"].translate(CLEAN))
    if jobs.of_result(result) in flaky and result["result"] not in ("failed", "refused"):
        xml.SubElement(case, "failure", type="not_repeatable", message=flaky[jobs.of_result(result)])


def junit(path, run, results, flaky, replay):
    """A suite a configuration, a case a job."""
    suites = xml.Element("testsuites", name=run)
    for config in sorted({result["config"] for result in results}):
        here = sorted((r for r in results if r["config"] == config), key=jobs.of_result)
        suite = xml.SubElement(
            suites, "testsuite", name=config, tests=str(len(here)),
            failures=str(sum(r["result"] == "failed" or (jobs.of_result(r) in flaky and r["result"] != "refused") for r in here)),
            errors=str(sum(r["result"] == "refused" for r in here)),
            skipped=str(sum(r["result"] == "skipped" for r in here)), time=f"{sum(r.get('wall_s', 0) for r in here):.3f}")
        for result in here:
            _case(suite, {"wall_s": 0.0, "reason": "", **result}, flaky, replay)
    xml.indent(suites)
    files.write(path, '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(suites, encoding="unicode") + "\n")


# --- figures ---

def figures(store, flaky, wall_s, cpu_s, coverage=None):
    """The flat object of out/regress.json."""
    bins, bins_total = coverage.functional() if coverage else (None, None)
    counts = {name: len(store.with_result(name)) for name in ("passed", "failed", "skipped", "refused")}
    flat = {"jobs": len(store.results), **counts, "flaky": len(flaky), "wall_s": round(wall_s, 2), "cpu_s": round(cpu_s, 2),
            "cycles": store.sum("cycles"), "messages": store.sum("messages")}
    return {**flat, "bins": bins, "bins_total": bins_total} if coverage else flat


def random_seeds(results):
    """Seeds passed of the random test that has fewest, in any configuration; tests that are skipped with every seed do not
    count. 0 if a configuration has none."""
    passed, least = {}, {}
    for result in results:
        if jobs.is_random(result["name"]) and result["result"] != "skipped":
            seeds = passed.setdefault((result["config"], result["name"]), set())
            seeds.update([result["seed"]] if result["result"] == "passed" else [])
    for (config, _), seeds in passed.items():
        least[config] = min(len(seeds), least.get(config, len(seeds)))
    configs = {result["config"] for result in results}
    return min((least.get(config, 0) for config in configs), default=0)


def selection(info, store):
    """What tells a whole regression from a part of one, and where it comes from; flat, for out/regress.json."""
    results = store.results.values()
    judged = {(result["config"], result["name"]) for result in results if result["result"] != "refused"}
    words = {key: info.get(key, "") for key in ("run", "state", "profile", "test_pattern", "sim_args", "shard", "build")}
    return {**words, "configs": len({config for config, _ in judged}), "configs_exist": info.get("configs_exist", 0),
            "tests_run": len(judged), "tests_exist": sum(info.get("exist", {}).values()), "random_seeds": random_seeds(results),
            **(provenance.of(info) or {})}


# --- summary ---

def problem(number, folder, name, results, operations):
    """Three lines a bucket."""
    first = results[0]
    job = jobs.of_result(first)
    size = count(operations, "operation") if operations is not None else explain.clock(first)
    runs = "1 run" if len(results) == 1 else f"{len(results)} runs"
    sentence = textwrap.shorten(first["error"]["text"], 2 * PLACE, placeholder=" ...", break_on_hyphens=False)
    return [f"{number:>3}. {explain.headline(first)}: {runs}, smallest {job.config} {job.test} seed {job.seed}" + (f" ({size})" if size else ""),
            *textwrap.wrap(sentence, PLACE, initial_indent="     ", subsequent_indent="     ", break_on_hyphens=False),
            f"     {os.path.join(folder, 'failures', name, 'summary.txt')}"]


def count(number, what):
    return f"{number} {what}" + ("" if number == 1 else "s")


def summary(folder, info, flat, told, flaky, unfinished):
    """The text that ends a run; `told` is what explain.write_all has written, `unfinished` why not all was run."""
    rate = flat["jobs"] / flat["wall_s"] if flat["wall_s"] else 0
    lines = [f"{flat['jobs']} of {info['jobs']} jobs in {flat['wall_s']:.1f} s ({rate:.0f}/s, {flat['cpu_s']:.1f} s of CPU): "
             f"{flat['passed']} passed, {flat['failed']} failed, {flat['skipped']} skipped; "
             f"{flat['cycles']:,} clocks, {flat['messages']:,} messages"]
    if "bins" in flat:
        lines.append(f"functional coverage: {flat['bins']} of {flat['bins_total']} bins: {os.path.join(folder, 'cover.dat')}")
    if told:
        lines.append(f"{count(len(told), 'problem')}:")
        for number, (name, results, operations) in enumerate(told, 1):
            lines += problem(number, folder, name, results, operations)
    if flaky:
        lines.append(f"{count(len(flaky), 'run')} not repeatable (same program, same seed, another outcome):")
        lines += [f"     {job}: {text}" for job, text in list(flaky.items())[:10]]
    if flat["refused"]:
        lines.append(f"{count(flat['refused'], 'job')} could not be judged, see {os.path.join(folder, 'results.jsonl')}")
    if unfinished:
        lines.append(unfinished)
    lines.append(f"results: {folder}/  (summary.txt, results.jsonl, junit.xml{', failures/' if told else ''})")
    return "\n".join(lines) + "\n"
