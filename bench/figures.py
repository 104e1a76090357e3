"""What a figure is: the least code that does the work, the desk doing it, and how far apart they may be."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

MARKS = 10_000  # writes that are timed one by one


@dataclass(frozen=True, slots=True)
class Data:
    """What every measurement is given: the invented list, its truth, and a folder of its own to write in."""

    rows: int
    csv: Path
    truth: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Measured:
    """Times of one thing done again and again, in milliseconds, and the peak memory while doing it.

    `beside` names what else was found out on the way, each with its unit in its name.
    """

    samples: tuple[float, ...]
    peak_mib: float
    beside: Mapping[str, float] = field(default_factory=dict)

    def quantile(self, part: float) -> float:
        """The sample below which `part` (0 to 1) of the samples lie: 0.5 is the median, 1 the longest."""
        ranked = sorted(self.samples)
        return ranked[min(len(ranked) - 1, int(part * len(ranked)))]

    def summary(self) -> dict[str, float]:
        """The figures printed, in milliseconds and MiB."""
        named = {"p50": statistics.median(self.samples), "p95": self.quantile(0.95), "p99": self.quantile(0.99)}
        named |= {"max": max(self.samples), "n": len(self.samples), "peak_mib": self.peak_mib, **self.beside}
        return {key: round(value, 3) for key, value in named.items()}


Measurement = Callable[[Data], Measured]


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that `of` (a key of the desk's summary, or `ratio`) may be; `floors`: times the floor's median.

    `beside` is a key of the desk's summary that may come on top: what the machine took, measured in the same run.
    A bar is to be held; a moonshot is what the work could reach, and is told beside it.
    """

    of: str
    most: float
    floors: bool = False
    moonshot: bool = False
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. The desk's median may be at most `bar` times the floor's, of the same run."""

    name: str
    says: str
    floor: Measurement
    desk: Measurement | None  # None: nothing of the desk is connected here yet
    bar: float | None  # None: held by its limits alone
    moonshot: float | None = None  # of the ratio
    limits: tuple[Limit, ...] = ()
    unit: str = "ms"  # of the samples

    def every_limit(self) -> tuple[Limit, ...]:
        """The bar, the moonshot and the other limits, as limits."""
        named = ((self.bar, False), (self.moonshot, True))
        return (*(Limit("ratio", most, moonshot=far) for most, far in named if most is not None), *self.limits)


@dataclass(frozen=True, slots=True)
class Judged:
    """A limit with what was found: `most`, `found` and what the machine may have `added`, in the unit of `of`."""

    of: str
    most: float
    found: float
    moonshot: bool
    added: float = 0.0

    @property
    def met(self) -> bool:
        """Whether what was found keeps within the limit."""
        return self.found <= self.most + self.added


def judged(figure: Figure, floor: Measured, desk: Measured) -> tuple[Judged, ...]:
    """Every limit of `figure` held against the two sides of one run."""
    found = desk.summary() | {"ratio": ratio(floor, desk) or 0.0}
    middle = statistics.median(floor.samples)
    return tuple(
        Judged(
            one.of, one.most * middle if one.floors else one.most, found[one.of], one.moonshot,
            found[one.beside] if one.beside else 0.0,
        )
        for one in figure.every_limit()
    )  # fmt: skip


def pooled(rounds: Iterable[Measured]) -> Measured:
    """All samples of several rounds as one; of what was found beside them, the median."""
    every = list(rounds)
    beside = {key: statistics.median(one.beside[key] for one in every) for key in every[0].beside}
    samples = tuple(chain.from_iterable(one.samples for one in every))
    return Measured(samples, max(one.peak_mib for one in every), beside)


def ratio(floor: Measured, desk: Measured | None) -> float | None:
    """The desk's median over the floor's; `None` without a desk, or where the floor is nothing."""
    below = statistics.median(floor.samples)
    return statistics.median(desk.samples) / below if desk and below > 0 else None


def in_child(work: Callable[[], Iterable[float]]) -> Measured:
    """The times that `work` gives, run in a process of its own so that its peak memory is its own."""
    times, peak_mib = told_by_child(work)
    return Measured(tuple(times), peak_mib)


def told_by_child(work: Callable[[], Iterable[Any]]) -> tuple[list[Any], float]:
    """What `work` gives, as JSON carries it, and the peak memory in MiB of the process that it ran in.

    Whatever loads the desk runs so: what this process holds is counted in the memory of every child that comes after.
    """
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
    return json.loads(said), used.ru_maxrss / 1024
