"""Speed of the block in clocks, and of the bench against the bare model."""

from . import charts, ran
from .markup import el, missing, number, origin, table

COMMAND = "make bench"
FIGURES = (("messages_per_clock", "Messages a clock, all vectors drained"), ("latency_clocks", "Clocks from an event to tx, idle"),
           ("tx_utilisation", "Use of tx, data and messages waiting"), ("bench_cycles_per_s", "Clocks a second, with the bench"),
           ("bare_cycles_per_s", "Clocks a second, the model alone"), ("bench_ratio", "Ratio of the two, typical load"),
           ("bench_ratio_saturated", "Ratio of the two, saturated load"))


def section(results):
    return [bench(results), trend(results), ran.slowest(results)]


def bench(results):
    found = results.json("bench.json")
    if not found:
        return missing("Speed has not been measured.", COMMAND)
    rows = [[title, *(figure(found.get(key + suffix)) for suffix in ("", "_max"))] for key, title in FIGURES]
    return [origin(results, "bench.json"), table(["Figure", "default", "max"], rows, numeric=(1, 2))]


def figure(value):
    return f"{value:.3f}" if isinstance(value, float) and value < 10 else number(value)


def trend(results):
    history = results.history.figures("bench")
    panels = [charts.trend(title, [(time, value) for time, _, _, value in history[key]])
              for key, title in (("bench_ratio", "Ratio, default"), ("bench_ratio_max", "Ratio, max"),
                                 ("bench_cycles_per_s", "Clocks a second, default")) if key in history]
    return el("div", panels, class_="panels") if panels else None
