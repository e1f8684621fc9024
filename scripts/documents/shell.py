"""A shell that lives as long as a page: variables, folders and files of one command are there for the next."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

import make_environment

END = "end of the command that was run"
COLUMNS = 250
OF_MAKE = ("CONFIG", "TEST", "SEED", "WAVES", "ARGS", "AT", "FAIL")
ADDRESS = "https://git.example.org/msix-tb.git"
EDITOR_LIMIT_S = 5


class Late(Exception):
    """A command took too long."""


def environment(folder):
    """Nothing of the make that runs the tests; `git clone` of the address in the pages finds the folder."""
    env = make_environment.clean(*OF_MAKE)
    env.update(LC_ALL="C.UTF-8", TERM="dumb", PAGER="cat", GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1",
               GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0=f"url.{folder}.insteadOf", GIT_CONFIG_VALUE_0=ADDRESS)
    for who in ("AUTHOR", "COMMITTER"):
        env.update({f"GIT_{who}_NAME": "Reader", f"GIT_{who}_EMAIL": "reader@example.org"})
    return env


def read_until(fd, ended, limit_s):
    """Bytes from fd until `ended` says so, or nothing more comes."""
    text, deadline = b"", time.monotonic() + limit_s
    while not ended(text):
        ready, _, _ = select.select([fd], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise Late(text.decode("utf-8", "replace"))
        try:
            more = os.read(fd, 65536)
        except OSError:  # a terminal whose other side is gone
            break
        if not more:
            break
        text += more
    return text.decode("utf-8", "replace")


class Shell:
    def __init__(self, folder, env):
        self.env = env
        self.script = tempfile.NamedTemporaryFile("w", suffix=".sh", encoding="utf-8")
        self.bash = subprocess.Popen(["bash", "--noprofile", "--norc"], cwd=folder, env=env, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def run(self, command, limit_s):
        """What was printed on both streams, and the exit status."""
        self.script.seek(0)
        self.script.truncate()
        self.script.write(command + "\n")
        self.script.flush()
        self.bash.stdin.write(f". {self.script.name} </dev/null; printf '\\n{END}: %d\\n' $?\n".encode())
        self.bash.stdin.flush()
        mark = f"\n{END}: ".encode()
        text = read_until(self.bash.stdout.fileno(), lambda text: mark in text and text.endswith(b"\n"), limit_s)
        text, _, status = text.rpartition(mark.decode())
        return text, int(status or -1)

    def folder(self):
        return self.run("pwd", 10)[0].strip()

    def talk(self, command, answers, limit_s):
        """The same on a terminal: each answer is typed at a prompt `NUMBER> `, then the end of the input."""
        folder = self.folder()
        child, fd = pty.fork()
        if child == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "-c", command], self.env)
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
        try:
            text = read_until(fd, at_prompt, limit_s)
            for answer in answers:
                type_in(fd, answer.encode() + b"\n")
                text += read_until(fd, at_prompt, limit_s)
            type_in(fd, b"\x04")
            text += read_until(fd, lambda _: False, limit_s)
        finally:
            os.close(fd)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return text.replace("\r", "").replace("^D", ""), status

    def close(self):
        try:
            os.killpg(self.bash.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.bash.wait()
        with contextlib.suppress(BrokenPipeError):
            self.bash.stdin.close()
        self.bash.stdout.close()
        self.script.close()


def at_prompt(text):
    last = text.rsplit(b"\n", 1)[-1].strip(b"\r")
    return last.endswith(b"> ") and last[:-2].isdigit()


def type_in(fd, keys):
    """When the line editor listens: what comes earlier the terminal echoes as well."""
    deadline = time.monotonic() + EDITOR_LIMIT_S
    while termios.tcgetattr(fd)[3] & termios.ICANON and time.monotonic() < deadline:
        time.sleep(0.001)
    os.write(fd, keys)
