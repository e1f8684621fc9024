"""Signals that ask a program to end, at moments when they would leave something half done."""

import contextlib
import signal

ENDING = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def held():
    """What comes in the meantime is answered at the end. By handlers, as a mask holds them from this thread alone."""
    came = []
    before = {number: signal.signal(number, lambda *got: came.append(got[0])) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came[:1]:
            signal.raise_signal(number)


@contextlib.contextmanager
def masked():
    """What is started in the meantime never gets SIGTERM: a queue that ends a job sends it to all of its processes."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
