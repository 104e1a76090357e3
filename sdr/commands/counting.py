"""How far long work is, said on stderr while a person looks on: how many, how fast, how long yet.

A few times a second at most, always over the same line, which is gone when the work is done. Nothing is written when
stderr is no terminal.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Progress = Callable[[int, int], None]  # how many are done, of how many (0: nobody knows)

EVERY = 0.3  # seconds between two sayings: more often would flicker


class Count:
    """The line. `share` says how much of the work is done, from 0 to 1, where nobody knows how many there are."""

    def __init__(
        self, what: str, out: TextIO, *, clock: Callable[[], float], share: Callable[[], float] | None = None
    ) -> None:
        self._what, self._out, self._clock, self._share = what, out, clock, share
        self._since = self._said = clock()
        self._done = 0
        self._width = 0

    def __call__(self, done: int, of: int) -> None:
        """So many are done; fewer than before means that another stretch of work began."""
        now = self._clock()
        if done < self._done:
            self._since = now
        self._done = done
        if now - self._said < EVERY:
            return
        self._said = now
        line = self._line(done, of, max(now - self._since, EVERY))
        self._out.write("\r" + line.ljust(self._width))
        self._out.flush()
        self._width = len(line)

    def _line(self, done: int, of: int, seconds: float) -> str:
        words = [f"{done:,} of {of:,} {self._what}" if of else f"{done:,} {self._what}", f"{done / seconds:,.0f}/s"]
        share = done / of if of else self._share() if self._share is not None else 0.0
        if share > 0:
            words.append(f"{seconds * max(0.0, 1 - share) / share:,.0f} s left")
        return "  ".join(words)

    def close(self) -> None:
        """The line is gone."""
        if self._width:
            self._out.write("\r" + " " * self._width + "\r")
            self._out.flush()


@contextmanager
def counting(what: str, share: Callable[[], float] | None = None) -> Iterator[Progress]:
    """Counts `what` on stderr while a person looks on."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    count = Count(what, sys.stderr, clock=time.perf_counter, share=share)
    try:
        yield count
    finally:
        count.close()
