"""A terminal with a stopwatch: starts a program in a pty, presses its keys, and waits until given bytes come back.

Linux only: CPU time and memory of the program are read from /proc.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from types import TracebackType

from bench.figures import Measured

_SIZE = (40, 120)  # lines, columns
# Seconds without output between keys. Textual paints at most 60 times a second: a key within a frame of the one
# before would wait for the next tick, and the wait, not the work, would be measured.
_BREATH = 0.03
_QUIET = 0.5  # seconds without output after which a program has nothing more to do for what was pressed
_LONGEST = 30.0  # seconds of silence before the program counts as stuck; one that says how far it is may take longer
_BLOCK = 65_536

RUNS, PRESSES = 5, 100  # starts, and keys that are timed one by one
HELD, A_SECOND, HOLDS = 1_000, 1_000, 3  # rows of one hold (a tenth of the leads at most), keys a second, holds
LONG, WARM, TURNS = 1_250, 6, 4  # keys of one way, and ways there and back: 15,000 keys to warm up, and 10,000
UNHURRIED = 250  # keys a second that every program here keeps up with

# A program that does nothing but answer: what a key to it takes, it is the machine that takes.
_ANSWERING = """import os, tty
tty.setraw(0)
os.write(1, b"ready")
while os.read(0, 1):
    os.write(1, b"heard")"""

Marks = Callable[[int], bytes]  # what the screen shows after so many presses of `j`; 0: after the start


class Stuck(RuntimeError):
    """The program did not show what it should; the text ends with the last it wrote."""


class Terminal:
    """A program running in a pty; `first_frame_ms`, `press` and `hold` wait for marks in what it writes."""

    def __init__(self, command: Sequence[str], **environment: str) -> None:
        self.peak_mib = self.ended_cpu_ms = 0.0  # of the program, known once it has ended
        self.received = 0  # bytes it has written to the screen
        self.tail = b""  # the last of them
        self._started = time.perf_counter()
        self._pid, self._screen = pty.fork()
        if self._pid == 0:
            os.execvpe(command[0], list(command), os.environ | {"TERM": "xterm-256color"} | environment)
        fcntl.ioctl(self._screen, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))

    def first_frame_ms(self, mark: bytes) -> float:
        """Milliseconds from the start of the program until `mark` is on its way to the screen."""
        self._wait_for(mark)
        return (time.perf_counter() - self._started) * 1000

    def press(self, key: bytes, *marks: bytes) -> float:
        """Milliseconds from the key until one of `marks` comes back."""
        before = time.perf_counter()
        os.write(self._screen, key)
        self._wait_for(*marks)
        return (time.perf_counter() - before) * 1000

    def hold(self, key: bytes, times: int, a_second: int, mark: bytes) -> float:
        """Milliseconds from the last of `times` keys, sent at this rate as a held key is, until `mark` comes back."""
        began, sent, seen = time.perf_counter(), 0, b""
        while sent < times:
            due = min(times, int((time.perf_counter() - began) * a_second) + 1)
            os.write(self._screen, key * (due - sent))
            sent = due
            seen = seen[-len(mark) :] + self._read(0.001)
        released = time.perf_counter()
        self._wait_for(mark, seen=seen)
        return (time.perf_counter() - released) * 1000

    def settle(self, quiet_for: float = _QUIET) -> None:
        """Read until the program has written nothing for `quiet_for` seconds."""
        while self._read(quiet_for):
            pass

    def cpu_ms(self) -> float:
        """CPU milliseconds the program has used, in steps of ten."""
        words = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def memory_kib(self) -> int:
        """KiB of memory the program has to itself or shares, now."""
        status = Path(f"/proc/{self._pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def _read(self, patience: float) -> bytes:
        """What has come, at most `patience` seconds from now; nothing when nothing has or the program has ended."""
        if not select.select([self._screen], [], [], max(0.0, patience))[0]:
            return b""
        try:
            found = os.read(self._screen, _BLOCK)
        except OSError:  # Linux says so when the program has ended
            return b""
        self.received += len(found)
        self.tail = (self.tail + found)[-_BLOCK:]
        return found

    def _wait_for(self, *marks: bytes, seen: bytes = b"") -> None:
        while not any(mark in seen for mark in marks):
            found = self._read(_LONGEST)
            if not found:
                raise Stuck(f"{marks!r} never came; the last was {seen[-300:]!r}")
            seen = seen[-_BLOCK:] + found

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        os.kill(self._pid, signal.SIGKILL)
        used = os.wait4(self._pid, 0)[2]
        self.peak_mib, self.ended_cpu_ms = used.ru_maxrss / 1024, (used.ru_utime + used.ru_stime) * 1000
        os.close(self._screen)


def first_frames(command: Sequence[str], mark: bytes, **environment: str) -> Measured:
    """Milliseconds to the first frame, and the peak memory and the CPU milliseconds until then."""
    times, peaks, cpu = [], [], []
    for _ in range(RUNS):
        with Terminal(command, **environment) as terminal:
            times.append(terminal.first_frame_ms(mark))
        peaks.append(terminal.peak_mib)
        cpu.append(terminal.ended_cpu_ms)
    return Measured(tuple(times), max(peaks), {"cpu_ms": median(cpu)})


def key_times(command: Sequence[str], marks: Marks, **environment: str) -> Measured:
    """Milliseconds of each press of `j`, with the CPU milliseconds and the bytes to the screen of one key.

    `scheduler_ms` is the p99 of keys to a program that only answers, one before and one after each of these.
    """
    with Terminal(command, **environment) as terminal, Terminal((sys.executable, "-c", _ANSWERING)) as answering:
        terminal.first_frame_ms(marks(0))
        terminal.settle()
        answering.first_frame_ms(b"ready")
        cpu, received, times, answers = terminal.cpu_ms(), terminal.received, [], []
        for press in range(1, PRESSES + 1):
            answers.append(answering.press(b"x", b"heard"))
            times.append(terminal.press(b"j", marks(press)))
            answers.append(answering.press(b"x", b"heard"))
            terminal.settle(_BREATH)
        beside = {
            "scheduler_ms": Measured(tuple(answers), 0.0).quantile(0.99),
            "cpu_ms_a_key": (terminal.cpu_ms() - cpu) / PRESSES,
            "bytes_a_key": (terminal.received - received) / PRESSES,
        }
    return Measured(tuple(times), terminal.peak_mib, beside)


def keys_meanwhile(
    command: Sequence[str], marks: Marks, way: Sequence[tuple[bytes, bytes]], over: bytes, **environment: str
) -> Measured:
    """Milliseconds of each press of `j` while what the last key of `way` began goes on, until `over` is shown.

    `way` are keys, each with what the screen shows then; the last comes back to the list.
    """
    with Terminal(command, **environment) as terminal:
        terminal.first_frame_ms(marks(0))
        terminal.settle()
        for keys, mark in way:
            terminal.press(keys, mark)
        terminal.settle(_BREATH)
        times: list[float] = []
        while over not in terminal.tail:
            times.append(terminal.press(b"j", marks(len(times) + 1), over))
            terminal.settle(_BREATH)
    # The last may have waited for the end of it all, and be answered by it.
    return Measured(tuple(times[:-1] or times), terminal.peak_mib, {"keys": float(len(times))})


def held_lags(command: Sequence[str], marks: Marks, leads: int, **environment: str) -> Measured:
    """Milliseconds that a held `j` goes on after it is let go."""
    keys = min(HELD, leads // 10)
    with Terminal(command, **environment) as terminal:
        terminal.first_frame_ms(marks(0))
        terminal.settle()
        times = []
        for hold in range(1, HOLDS + 1):
            times.append(terminal.hold(b"j", keys, A_SECOND, marks(hold * keys)))
            terminal.settle()
    return Measured(tuple(times), terminal.peak_mib)


def memory_growth(command: Sequence[str], marks: Marks, leads: int, **environment: str) -> Measured:
    """Bytes of memory that one key leaves behind, going down and up the list.

    The first times fill what is kept and bounded, and the rooms that memory is given out from; they are not counted.
    Measured: what Python holds stands still after 5,000 keys (33.2 MiB in 25,000 objects, before and after 2,500 keys
    more), while those rooms come to their size until about 15,000: 208, 88, 21, 147 and 7 bytes a key in turns of
    2,500, then at most 15, and 0 to 10 after 25,000.
    """
    keys = min(LONG, leads // 5)
    with Terminal(command, **environment) as terminal:
        terminal.first_frame_ms(marks(0))
        terminal.settle()
        found = [_there_and_back(terminal, marks, keys) for _ in range(WARM + TURNS)][WARM - 1 :]
    a_key = ((after - before) * 1024 / (2 * keys) for before, after in itertools.pairwise(found))
    return Measured(tuple(a_key), terminal.peak_mib, {"keys": 2.0 * keys * TURNS})


def _there_and_back(terminal: Terminal, marks: Marks, keys: int) -> int:
    for key, until in ((b"j", keys), (b"k", 0)):
        terminal.hold(key, keys, UNHURRIED, marks(until))
        terminal.settle()
    return terminal.memory_kib()
