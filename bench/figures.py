"""What a figure is: the least code that does the work, the desk doing it, and how far apart they may be."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Data:
    """What every measurement is given: the invented list, its truth, and a folder of its own to write in."""

    rows: int
    csv: Path
    truth: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Measured:
    """Times of one thing done again and again, in milliseconds, and the peak memory while doing it."""

    samples: tuple[float, ...]
    peak_mib: float

    def quantile(self, part: float) -> float:
        """The sample below which `part` (0 to 1) of the samples lie: 0.5 is the median, 1 the longest."""
        ranked = sorted(self.samples)
        return ranked[min(len(ranked) - 1, int(part * len(ranked)))]

    def summary(self) -> dict[str, float]:
        """The figures printed, in milliseconds and MiB."""
        named = {"p50": statistics.median(self.samples), "p95": self.quantile(0.95), "p99": self.quantile(0.99)}
        named |= {"max": max(self.samples), "n": len(self.samples), "peak_mib": self.peak_mib}
        return {key: round(value, 3) for key, value in named.items()}


Measurement = Callable[[Data], Measured]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. The desk's median may be at most `bar` times the floor's, of the same run."""

    name: str
    says: str
    floor: Measurement
    desk: Measurement | None  # None: nothing of the desk is connected here yet
    bar: float


def pooled(rounds: Iterable[Measured]) -> Measured:
    """All samples of several rounds as one."""
    every = list(rounds)
    return Measured(tuple(chain.from_iterable(one.samples for one in every)), max(one.peak_mib for one in every))


def ratio(floor: Measured, desk: Measured | None) -> float | None:
    """The desk's median over the floor's."""
    return statistics.median(desk.samples) / statistics.median(floor.samples) if desk else None


def in_child(work: Callable[[], Iterable[float]]) -> Measured:
    """The times that `work` gives, run in a process of its own so that its peak memory is its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(writing, "w") as out:
                json.dump(list(work()), out)
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError("a measurement failed; its own message stands above")
    return Measured(tuple(json.loads(said)), used.ru_maxrss / 1024)
