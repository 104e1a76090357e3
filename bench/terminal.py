"""A terminal with a stopwatch: starts a program in a pty and times keys until given bytes come back."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence
from types import TracebackType

_SIZE = (40, 120)  # lines, columns
# Seconds without output between keys. Textual paints at most 60 times a second: a key within a frame of the one
# before would wait for the next tick, and the wait, not the work, would be measured.
_BREATH = 0.03
_LONGEST = 30.0  # seconds to wait for the bytes before the program counts as stuck


class Stuck(RuntimeError):
    """The program did not show what it should; the text ends with the last it wrote."""


class Terminal:
    """A program running in a pty; `first_frame_ms` and `press` wait for marks in what it writes."""

    def __init__(self, command: Sequence[str], **environment: str) -> None:
        self.peak_mib = 0.0  # of the program, known once it has ended
        self._started = time.perf_counter()
        self._pid, self._screen = pty.fork()
        if self._pid == 0:
            os.execvpe(command[0], list(command), os.environ | {"TERM": "xterm-256color"} | environment)
        fcntl.ioctl(self._screen, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))

    def first_frame_ms(self, mark: bytes) -> float:
        """Milliseconds from the start of the program until `mark` is on its way to the screen."""
        self._wait_for(mark)
        return (time.perf_counter() - self._started) * 1000

    def press(self, key: bytes, mark: bytes) -> float:
        """Milliseconds from the key until `mark` comes back."""
        before = time.perf_counter()
        os.write(self._screen, key)
        self._wait_for(mark)
        return (time.perf_counter() - before) * 1000

    def settle(self, quiet_for: float = 0.2) -> None:
        """Read until the program has written nothing for `quiet_for` seconds."""
        while select.select([self._screen], [], [], quiet_for)[0]:
            os.read(self._screen, 65_536)

    def _wait_for(self, mark: bytes) -> None:
        seen = b""
        until = time.perf_counter() + _LONGEST
        while mark not in seen:
            ready = select.select([self._screen], [], [], max(0.0, until - time.perf_counter()))[0]
            try:
                seen += os.read(self._screen, 65_536) if ready else b""
            except OSError:  # Linux says so when the program has ended
                ready = []
            if not ready:
                raise Stuck(f"{mark!r} never came; the last was {seen[-300:]!r}")

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        os.kill(self._pid, signal.SIGKILL)
        self.peak_mib = os.wait4(self._pid, 0)[2].ru_maxrss / 1024
        os.close(self._screen)


def first_frames(command: Sequence[str], mark: bytes, runs: int, **environment: str) -> tuple[list[float], float]:
    """Milliseconds to the first frame of `runs` starts, and the peak memory in MiB."""
    times, peaks = [], []
    for _ in range(runs):
        with Terminal(command, **environment) as terminal:
            times.append(terminal.first_frame_ms(mark))
        peaks.append(terminal.peak_mib)
    return times, max(peaks)


def key_times(
    command: Sequence[str], mark: Callable[[int], bytes], key: bytes, presses: int, **environment: str
) -> tuple[list[float], float]:
    """Milliseconds of each press; `mark(n)` is what the screen shows after press `n`, `mark(0)` after the start."""
    with Terminal(command, **environment) as terminal:
        terminal.first_frame_ms(mark(0))
        terminal.settle()
        times = []
        for press in range(1, presses + 1):
            times.append(terminal.press(key, mark(press)))
            terminal.settle(_BREATH)
    return times, terminal.peak_mib
