"""A bucket of failures as plain text, for somebody who has a minute."""

import functools
import os
import re
import textwrap

from . import buckets, evidence, files, jobs, local

REQUIREMENTS = "docs/requirements.md"
WIDTH = 110
LAST_LINES, MOST_MEMBERS, MOST_OPERATIONS = 14, 20, 40


@functools.lru_cache(maxsize=None)
def requirements(path=REQUIREMENTS):
    """{ID: what it says} from the rows `| ID | L | rule | source |`."""
    return {match[1]: match[2].strip() for match in re.finditer(
        rf"^\| *({buckets.ID}) *\| *[MRPUD] *\| *([^|]*)\|", files.read(path), re.M)}


def cited(result):
    """IDs that a failure names: those of its sentence first, they are nearer."""
    error = result["error"]
    named = re.findall(rf"\b{buckets.ID}\b", error["text"]) + re.findall(rf"\b{buckets.ID}\b", error["requirements"])
    return list(dict.fromkeys(named))


def fold(text, indent="  "):
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False,
                         break_on_hyphens=False)


def headline(result):
    error = result["error"]
    ids = f" [{error['requirements']}]" if error["requirements"] else ""
    return f"{error['check'] or 'failure'}{ids}"


def meaning(result):
    """A line a requirement: what was broken."""
    known = requirements()
    lines = [fold(f"{name}  {known.get(name, 'not in ' + REQUIREMENTS)}", "  ") for name in cited(result)]
    check = result["error"]["check"]
    return lines or [f"  {local.BROKEN.get(check, 'no requirement is named')}"]


def history(output):
    """What sim prints between the sentence and the commands: the vector's past, what was still possible."""
    lines, inside = [], False
    for line in output.splitlines():
        if re.match(r"  (replay|shrunk|shrink|waves):", line):
            break
        if inside and (line.startswith("    ")):
            lines.append("  " + line.strip())
        inside = inside or re.match(r"\S+, clock \d+: ", line) is not None
    end = next((number for number, line in enumerate(lines) if "last on all streams" in line), len(lines))
    return lines[:end]


def last_tlps(log, time):
    """The lines of a log up to the failure, and what followed."""
    lines = [(int(match[1]), line) for line in log.splitlines()[1:] if (match := re.match(r" *(\d+)  ", line))]
    before = [line for clock, line in lines if clock <= time][-LAST_LINES:]
    after = [line for clock, line in lines if clock > time][:4]
    return [f"  {line}" for line in before] + [f"  {'-' * 10}  the failure, clock {time}"] + [f"  {line}" for line in after]


def clock(result):
    """Of the failure; a run that has not come to its end could not say it."""
    return "" if result["error"]["check"] in local.BROKEN else f"clock {result['error']['time']}"


def where(result):
    """The same behind the name of a run."""
    return f", {clock(result)}" if clock(result) else ""


def paragraph(title, lines):
    return [title, *lines, ""] if lines else []


def commands(folder, facts):
    """How to have it again, and how to see it."""
    replay = [f"  {evidence.short_replay(folder, facts)}"] if "short_replay" in facts else []
    replay.append(f"  {facts['replay']}")
    waves = [f"  make waves FAIL={os.path.join(folder, name + '.fst')}   (has clocks {start} to {end})"
             for name in ("short", "run") if f"{name}.fst" in facts.get("files", ())
             for start, end in [facts[f"{name}_window"]]]
    return replay, waves


def fails_in(facts):
    """How the minimal scenario fails: in another clock, with another vector."""
    return [fold(f"fails in clock {facts['short_time']}: {facts['short_text']}")] if "short_text" in facts else []


def scenario(folder, facts):
    """The minimal scenario, or why there is none."""
    if "operations" not in facts:
        why = "it could not be cut; output.txt says more" if facts.get("scenario") else "only random tests are scenarios"
        return paragraph("Minimal scenario", [f"  none: {why}"])
    lines = [line for line in files.read(os.path.join(folder, "short.scn")).splitlines() if line.strip()]
    if len(lines) > MOST_OPERATIONS:
        lines = lines[:MOST_OPERATIONS] + [f"... {len(lines) - MOST_OPERATIONS} more lines"]
    return paragraph(f"Minimal scenario ({facts['operations']} of {facts['whole_operations']} operations, "
                     f"{os.path.join(folder, 'short.scn')})", [*(f"  {line}" for line in lines), *fails_in(facts)])


def example(folder, facts):
    """Everything about one run that was done again."""
    name = "short" if "short_time" in facts else "run"
    output = files.read(os.path.join(folder, "short.txt" if name == "short" else "output.txt"))
    replay, waves = commands(folder, facts)
    return [
        *([] if facts["repeated"] else
          [fold(f"Alone in a process this run gave: {facts['outcome']}. It is not the same run each time, which is a "
                "failure of its own: look for what is not initialised, or for what one run leaves to the next.", ""), ""]),
        *scenario(folder, facts),
        *paragraph("Replay", replay),
        *paragraph("Waves", waves),
        *paragraph("What the bench knew", history(output)),
        *paragraph("Where the two runs part: (a) with one power-up value, (b) with the other",
                   [f"  {which} {line}" for which, lines in zip("ab", facts.get(f"{name}_difference", ())) for line in lines]),
        *paragraph("Last TLPs and events" + (" of the minimal scenario" if name == "short" else ""),
                   last_tlps(files.read(os.path.join(folder, f"{name}.log")), facts[f"{name}_time"])
                   if f"{name}_time" in facts else []),
    ]


def members(results):
    rows = [f"  {jobs.of_result(result)}{where(result)}" for result in results[:MOST_MEMBERS]]
    more = len(results) - MOST_MEMBERS
    return rows + ([f"  ... and {more} more, in results.jsonl"] if more > 0 else [])


def sizes(folder):
    """{job: operations left} of what was cut down under a bucket."""
    return {jobs.Job(facts["config"], facts["test"], facts["seed"]): facts["operations"]
            for facts in evidence.read(folder).values() if "operations" in facts}


def bucket(folder, results):
    """The text of summary.txt; `results` are sorted, the smallest first."""
    facts = evidence.read(folder)
    smallest = next((result for result in results if jobs.of_result(result).folder() in facts), results[0])
    job, error = jobs.of_result(smallest), smallest["error"]
    runs = "1 run fails" if len(results) == 1 else f"{len(results)} runs fail"
    lines = [f"{headline(smallest)}: {runs} like this", "", fold(error["text"]), "",
             "What was broken", *meaning(smallest), "",
             f"Smallest: {job.config} {job.test} seed {job.seed}{where(smallest)}", ""]
    entry = job.folder()
    if entry in facts:
        lines += example(os.path.join(folder, entry), facts[entry])
    lines += paragraph(f"All {len(results)} runs, the smallest first" if len(results) > 1 else "", members(results)
                       if len(results) > 1 else [])
    return "\n".join(lines).rstrip() + "\n"


def write_all(folder, failed):
    """failures/BUCKET/summary.txt for each bucket. Returns [(name, results, operations of the smallest or None)]."""
    told = []
    for name in buckets.group(failed):
        path = os.path.join(folder, name)
        os.makedirs(path, exist_ok=True)
        operations = sizes(path)
        results = buckets.group([result for result in failed if buckets.name(result) == name], operations)[name]
        files.write(os.path.join(path, "summary.txt"), bucket(path, results))
        told.append((name, results, operations.get(jobs.of_result(results[0]))))
    return told
