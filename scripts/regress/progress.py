"""What is seen while jobs run: one live line on a terminal, else a line now and then."""

import shutil
import time

PLAIN_EVERY_S = 10
LIVE_EVERY_S = 0.2
BAR = 20


def clock(seconds):
    seconds = int(seconds + 0.5)
    if seconds >= 3600:
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{seconds // 60}:{seconds % 60:02}"


def columns():
    """Of the terminal: a line that goes on in the next row cannot be taken back."""
    return shutil.get_terminal_size().columns


class Progress:
    """`weight` says how long a job is expected to take; only the proportion counts."""

    def __init__(self, to, terminal, todo, weight, done=0):
        self.to, self.terminal, self.weight = to, terminal, weight
        self.total, self.done, self.before, self.failed = len(todo) + done, done, done, 0
        self.weight_left = self.weight_all = sum(map(weight, todo))
        self.begin = self.shown = time.monotonic()

    def count(self, job, failed):
        self.done += 1
        self.failed += failed
        self.weight_left -= self.weight(job)

    def text(self):
        elapsed = max(time.monotonic() - self.begin, 1e-6)
        rate = (self.done - self.before) / elapsed
        worked = self.weight_all - self.weight_left
        left = elapsed * self.weight_left / worked if worked > 0 else 0
        share = self.done / self.total if self.total else 1
        failures = f"{self.failed} failed" if self.failed else "none failed"
        bar = f"[{'#' * int(BAR * share):<{BAR}}] " if self.terminal else ""
        return f"{bar}{self.done}/{self.total} {100 * share:.0f} %  {rate:.0f} jobs/s  {clock(left)} left  {failures}"

    def tick(self):
        now = time.monotonic()
        if now - self.shown < (LIVE_EVERY_S if self.terminal else PLAIN_EVERY_S):
            return
        self.shown = now
        self.to.write(f"\r\033[K{self.text()[:columns() - 1]}" if self.terminal else f"{self.text()}\n")
        self.to.flush()

    def say(self, text):
        """A line of its own above the live line."""
        self.to.write(f"\r\033[K{text}\n" if self.terminal else f"{text}\n")
        self.to.flush()
        self.shown = 0 if self.terminal else self.shown

    def end(self):
        if self.terminal:
            self.to.write("\r\033[K")
            self.to.flush()
