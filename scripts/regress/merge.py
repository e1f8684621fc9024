"""Folders of several runs or shards made one: in any order the same, a job counted once."""

import json
import os
import shutil

from . import cover, files, finish, info as run_info, jobs, store


def canonical(results):
    """Of several results of one job the one to keep, whatever their order: a failure if there is any."""
    return min(results, key=lambda result: (result["result"] == "refused", result["result"] != "failed",
                                            json.dumps(result, sort_keys=True)))


def missing_shards(infos):
    """Sentences about shards that are not there."""
    have = {}
    for info in infos:
        if info.get("shard"):
            index, count = jobs.parse_shard(info["shard"])
            have.setdefault(count, set()).add(index)
    return [f"shard {index}/{count} is missing" for count, indices in sorted(have.items())
            for index in range(1, count + 1) if index not in indices]


def common_stamp(infos):
    """Of the earliest, unless they are of different sources."""
    first = min(infos, key=lambda info: info["started"])
    mixed = "its parts are of different sources" if len({info.get("sources") for info in infos}) > 1 else ""
    return {"measured": first.get("measured", ""), "dirty": any(info["dirty"] for info in infos),
            "mixed": mixed or next((info["mixed"] for info in infos if info.get("mixed")), "")}


def merged_info(name, infos, planned):
    first = min(infos, key=lambda info: info["started"])
    builds = {config: build for info in infos for config, build in sorted(info["builds"].items())}
    exist = {config: number for info in infos for config, number in info.get("exist", {}).items()}
    return {**first, **common_stamp(infos), "run": name, "exist": exist, "shard": "", "merged": sorted(info["run"] for info in infos), "jobs": len(planned),
            "configs": sorted({config for info in infos for config in info["configs"]}), "builds": builds,
            "tests": len({job.test for job in planned}), "seeds": len({job.seed for job in planned}),
            "wall_s": max(info["wall_s"] for info in infos), "cpu_s": round(sum(info["cpu_s"] for info in infos), 2),
            "cover": any(info["cover"] for info in infos), "part": False}


def copy_evidence(parts, folder):
    for part in parts:
        here = os.path.join(part, "failures")
        for name in sorted(os.listdir(here)) if os.path.isdir(here) else []:
            for entry in sorted(os.listdir(os.path.join(here, name))):
                source, target = (os.path.join(base, name, entry) for base in (here, os.path.join(folder, "failures")))
                if os.path.exists(os.path.join(source, "evidence.json")) and not os.path.exists(target):
                    shutil.copytree(source, target)


def add_coverage(parts):
    coverage = cover.Coverage()
    for part in parts:
        coverage.add_file(os.path.join(part, "cover.dat"))
    return coverage


def merge(parts, folder, results, to):
    """Writes the folder of the whole. Returns the exit status."""
    parts = sorted({os.path.realpath(part) for part in parts})
    infos = [run_info.read(part) for part in parts]
    if len({info["sim_args"] for info in infos}) > 1:
        raise files.Usage("these runs have different --sim-args: they are not parts of one")
    if len({info["build"] for info in infos}) > 1:
        raise files.Usage("these runs are of the programs of different folders (--build): they are not parts of one")
    found, planned = {}, set()
    for part in parts:
        planned.update(jobs.read_list(os.path.join(part, "jobs.txt")))
        for result in store.read(part):
            found.setdefault(jobs.of_result(result), []).append(result)
    os.makedirs(folder, exist_ok=True)
    whole = store.Store(folder)
    for job in sorted(found):
        kept = canonical(found[job])
        whole.add(kept)
        judged = [other for other in found[job] if other["result"] != "refused"]
        whole.conflicts += [(kept, other) for other in judged if kept["result"] != "refused" and not store.same(kept, other)]
    copy_evidence(parts, folder)
    jobs.write_list(os.path.join(folder, "jobs.txt"), sorted(planned))
    info = merged_info(os.path.basename(folder), infos, planned)
    end = finish.Finish(folder, info, results, to)
    absent = missing_shards(infos)
    lost = len(planned - set(found))
    if absent or lost:
        end.unfinished = "; ".join([*absent, *([f"{lost} jobs have no result"] if lost else [])])
    return end.end(whole, "incomplete" if end.unfinished else "complete", add_coverage(parts) if info["cover"] else None)
