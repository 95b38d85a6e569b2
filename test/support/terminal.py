"""Runs the allot command at a pseudo-terminal, and replays what it wrote on a screen of its own."""
import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios

from simulated import ALLOT, ENVIRONMENT

SEQUENCE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")
PATIENCE = 60  # seconds without a word
OF_THE_TERMINAL = ("TERM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "COLUMNS")


class screen:
    """Understands what a plain terminal does: CR, LF, erasing to the end of the line, moving up, colours."""

    def __init__(self, width):
        self.width, self.lines, self.row, self.column = width, [""], 0, 0
        self.wraps, self.colours, self.unknown, self.pending = 0, set(), [], ""

    def feed(self, text):
        text = self.pending + text
        self.pending = ""
        while text:
            if text[0] == "\x1b":
                sequence = SEQUENCE.match(text)
                if sequence is None:
                    self.pending = text
                    return
                self.obey(sequence)
                text = text[sequence.end():]
            else:
                self.put(text[0])
                text = text[1:]

    def obey(self, sequence):
        numbers, letter = sequence.groups()
        if letter == "m":
            self.colours.add(numbers)
        elif letter == "K" and numbers in ("", "0"):
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif letter == "A":
            self.row = max(0, self.row - int(numbers or 1))
        else:
            self.unknown.append(sequence.group())

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.next_line()
        elif character < " ":
            self.unknown.append(character)
        else:
            if self.column == self.width:
                self.wraps += 1
                self.column = 0
                self.next_line()
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[:self.column] + character + line[self.column + 1:]
            self.column += 1

    def next_line(self):
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")


class run:
    """A command whose standard error is a terminal; `stdin` and `stdout` are, where they say so."""

    def __init__(self, *arguments, width=80, stdin=False, stdout=False, in_background=False, environment=None):
        self.screen = screen(width)
        self.text = ""
        self.master, slave = pty.openpty()
        self.resize(width)
        kept = {name: value for name, value in ENVIRONMENT.items() if name not in OF_THE_TERMINAL}
        command = [ALLOT, *map(str, arguments)]
        if in_background:
            command = ["bash", "-c", 'set -m; "$@" & wait $!', "bash", *command]
        self.process = subprocess.Popen(
            command, stdin=slave if stdin or in_background else subprocess.DEVNULL,
            stdout=slave if stdout else subprocess.DEVNULL, stderr=slave, start_new_session=True,
            preexec_fn=(lambda: fcntl.ioctl(2, termios.TIOCSCTTY, 0)) if in_background else None,
            env={**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})})
        os.close(slave)

    def resize(self, width):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        self.screen.width = width

    def type(self, text):
        os.write(self.master, text.encode())

    def chunks(self):
        """What it writes, as it comes, until it ends; each is on the screen already. A redraw begins a chunk, however
        many came at once."""
        rest = b""
        while True:
            if not select.select([self.master], [], [], PATIENCE)[0]:
                raise AssertionError("it hangs; the last it said: " + self.text[-500:])
            try:
                got = os.read(self.master, 65_536)
            except OSError:  # nobody has the other end open
                return
            rest += got
            # A character of several bytes may be cut.
            text = rest.decode(errors="ignore")
            rest = rest[len(text.encode()):]
            for chunk in re.split(r"(?=\r)", text):
                self.text += chunk
                self.screen.feed(chunk)
                yield chunk

    def end(self):
        """Takes what is left; returns the exit code."""
        for _ in self.chunks():
            pass
        return self.process.wait(timeout=60)


@contextlib.contextmanager
def at_terminal(*arguments, **options):
    """A `run` that is over at the end."""
    started = run(*arguments, **options)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.wait()
        os.close(started.master)
