"""Words as they are typed, letter by letter: the first rows that FTS5 gives in any order beside the desk's best ones.

The words are those of the list itself: of every so-many-th row its first name, company and domain, from one letter
to six. The desk's side is a whole answer, filter parsed and rows read, on the thread that asks.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice

from bench.desks import home, opened
from bench.figures import Data, Measured, in_child
from bench.filling import NOW
from bench.floors import connected, database

SAMPLES, LONGEST, PAGE = 60, 6, 50


def floor(data: Data) -> Measured:
    """Milliseconds until the first `PAGE` ids of each beginning are there, as they come."""
    path = database(data)
    sql = f"SELECT rowid FROM lead_search WHERE lead_search MATCH ? LIMIT {PAGE}"
    return in_child(lambda: _floor(path, sql, data))


def _floor(path: object, sql: str, data: Data) -> Iterator[float]:
    with closing(connected(path)) as db:  # type: ignore[arg-type]
        yield from _timed(data, lambda word: db.execute(sql, (f'"{word}"*',)).fetchall())


def desk(data: Data) -> Measured:
    """Milliseconds until the desk has the best `PAGE` leads of each beginning, with their rows."""
    folder = home(data)

    def asked() -> Iterator[float]:
        from sdr.rules.filtering import parse
        from sdr.store.queries import listing
        from sdr.store.queries.narrowing import narrowed

        with closing(opened(folder)) as store:
            yield from _timed(
                data, lambda word: store.view("leads", listing.first, PAGE, narrowed(parse(word), NOW, "UTC")).result()
            )

    return in_child(asked)


def _timed(data: Data, ask: Callable[[str], object]) -> Iterator[float]:
    for word in _typed(data):
        before = time.perf_counter()
        ask(word)
        yield (time.perf_counter() - before) * 1000


def _typed(data: Data) -> Iterator[str]:
    with data.csv.open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.reader(file), 1, None, max(1, data.rows // SAMPLES)))
    for row in rows:
        for text in (row[0], row[5], row[6].rpartition("//")[2].removeprefix("www.")):
            words = "".join(char if char.isalnum() else " " for char in text).split()[:1]
            yield from (word[:size] for word in words for size in range(1, min(LONGEST, len(word)) + 1))
