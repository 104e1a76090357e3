"""The report of sources over every lead and touch, beside one count of the leads by source through their index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from bench.desks import home, opened
from bench.figures import Data, Measured, in_child
from bench.filling import NOW
from bench.floors import connected, database

LOOKS = 10
QUARTER = 91 * 24 * 3_600_000


def floor(data: Data) -> Measured:
    """Milliseconds of counting leads by source."""
    return in_child(lambda: _counted(data))


def _counted(data: Data) -> Iterator[float]:
    with closing(connected(database(data))) as db:
        for _ in range(LOOKS):
            yield _timed(lambda: db.execute("SELECT source, count(*) FROM lead GROUP BY source").fetchall())


def desk(data: Data) -> Measured:
    """Milliseconds of the whole report: what came, was touched, qualified, was taken, what it cost; of all time."""
    return in_child(lambda: _reported(data, 0))


def quarter(data: Data) -> Measured:
    """Milliseconds of the report of a quarter that begins in the middle of an hour."""
    return in_child(lambda: _reported(data, int(NOW.timestamp() * 1000) - 3 * QUARTER + 1_234_567))


def _reported(data: Data, start: int) -> Iterator[float]:
    from sdr.store.queries import sources

    end = start + QUARTER if start else sources.FOREVER
    store = opened(home(data))
    for _ in range(LOOKS):
        yield _timed(lambda: store.read(sources.report, start, end, hour_cost=4_000).result())
    store.close()


def _timed(work: Callable[[], Any]) -> float:
    before = time.perf_counter()
    work()
    return (time.perf_counter() - before) * 1000
