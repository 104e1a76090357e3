"""What a key waits for must not grow with the file: reads, and acts with their `u`, on a small and a larger desk.

Counted are steps of SQLite's machine, not time: they are the same on every machine, however busy. Ten times the leads
may cost a few levels of a B-tree more, never ten times as much.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import desks, verbs
from bench.figures import Data
from bench.filling import FIRST, NOW

SIZES = (500, 5_000)
MOST = 2.0  # times as many steps on ten times the leads,
LEVELS = 1_000  # and these besides, for deeper trees
GRAIN = 10  # steps counted at a time
STEPS_OF_A_ROW = 30
KEYS = 10  # under which a lead is filed, about
DOUBLES = "candidates for a double"
SOME = 20  # leads of which each read is asked, spread over the list

LATER = 90  # days on, when every clock has run out and nothing was done
_DAY = 86_400_000
_STAMP = int(NOW.timestamp() * 1000)


class Count:
    """How many steps SQLite took while it was counted."""

    steps = 0

    def add(self) -> None:
        """Some more; the progress handler of a connection."""
        self.steps += GRAIN


@contextmanager
def counted(db: sqlite3.Connection) -> Iterator[Count]:
    """Count the steps that statements on `db` take."""
    count = Count()
    db.set_progress_handler(count.add, GRAIN)
    try:
        yield count
    finally:
        db.set_progress_handler(None, GRAIN)


def _reads() -> dict[str, Callable[[Any, list[int]], object]]:
    """What the screens ask for on a key, each of `SOME` leads or once."""
    from sdr.desk import enrolling
    from sdr.screens.ringing import ready
    from sdr.store.queries import day, deliveries, kin, leads, listing, persons, queue

    def candidates(db: Any, some: list[int]) -> object:
        return [kin.kin(db, lead, one) for lead, one in persons.persons(db, some).items()]

    def quiet_day(db: Any, _some: list[int]) -> object:
        start = _STAMP + LATER * _DAY
        files = deliveries.activity(db, "later", start, start + _DAY)
        return day.closing(db, start, start + _DAY), deliveries.handoff_ids(db, "later", start, start + _DAY), [*files]

    def dates(db: Any, some: list[int]) -> object:
        (drip,) = db.execute("SELECT min(id) FROM cadence").fetchone()
        return [enrolling.preview(db, lead, drip, NOW) for lead in some]

    return {
        "what a call begins with": lambda db, some: [ready(db, lead, NOW, None) for lead in some],
        "the dates of a drip": dates,
        "the end of a quiet day": quiet_day,
        "queue page": lambda db, _some: queue.page(db, _STAMP, 60, until=_STAMP),
        "rows scrolled to": lambda db, some: queue.items(db, _STAMP, tuple(some)),
        "lead cards": lambda db, some: leads.cards(db, some),
        "all leads, a page": lambda db, _some: listing.page(db, 60),
        "a lead by name": lambda db, _some: leads.named(db, FIRST),
        DOUBLES: candidates,
    }


def _steps(folder: Path) -> dict[str, int]:
    from sdr.store import sweeping

    found: dict[str, int] = {}
    with closing(desks.opened(folder)) as store:
        sweeping.catch_up(store)
        some = store.read(lambda db: [row[0] for row in db.execute("SELECT id FROM lead ORDER BY id")]).result()
        some = some[:: len(some) // SOME][:SOME]
        for name, read in _reads().items():
            found[name] = store.read(partial(_counted_read, read=read, some=some)).result()
        for verb, lead in store.read(_verbs).result():
            found[f"{verb.name}, and back"] = store._lane.put(partial(_and_back, verb.on(lead))).result()
    return found


def _verbs(db: Any) -> list[tuple[verbs.Verb, int]]:
    return [(verb, verbs.leads_of(db, verb.kind)[0]) for verb in verbs.verbs(db)]


def _and_back(act: Callable[[Any], object], writer: Any) -> int:
    """The steps of an act that is written and taken back."""
    from sdr.models.terms import Refused

    with counted(writer.db) as count:
        done = writer.act(act), writer.undo(None)
    if refused := [one for one in done if isinstance(one, Refused)]:
        raise RuntimeError(f"what was to be counted was refused: {refused[0]}")
    return count.steps


def _counted_read(db: Any, read: Callable[[Any, list[int]], object], some: list[int]) -> int:
    with counted(db) as count:
        read(db, some)
    return count.steps


@dataclass(frozen=True, slots=True)
class Grown:
    """One thing counted: its steps on the small desk and on the larger one, and the most it may take there."""

    name: str
    small: int
    large: int
    most: float

    @property
    def too_far(self) -> bool:
        """Whether it grows with the file."""
        return self.large > self.most


def grown(folder: Path) -> list[Grown]:
    """Everything a key waits for, counted on both desks."""
    from sdr.store.queries import kin

    # Of a key at most so many leads are looked at; the small desk has fewer.
    bounded = {DOUBLES: SOME * KEYS * kin.MANY * STEPS_OF_A_ROW}
    small, large = (_steps(desks.home(Data(rows, folder, folder, folder))) for rows in SIZES)
    return [Grown(name, steps, large[name], MOST * steps + bounded.get(name, LEVELS)) for name, steps in small.items()]
