"""A real desk file for tests: opened in a temporary folder, with a clock the test moves by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sdr.models.terms import ms
from sdr.store.changes import Applied, Change, Edit
from sdr.store.session import Session
from sdr.store.store import Store

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """Wall time that stands still until it is told to move."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **lengths: float) -> datetime:
        """Let time pass and say what time it is."""
        self.now += timedelta(**lengths)
        return self.now


def replicas(first: int = 7) -> Iterator[int]:
    """Replica numbers that a test can foresee."""
    return count(first)


def open_store(folder: Path, clock: Clock | None = None, *, first: int = 7, name: str = "desk.db") -> Store:
    """The store on `folder/name`."""
    numbers = replicas(first)
    return Store(folder / name, clock=clock or Clock(), draw=lambda: next(numbers), actor="ana")


def applied(result: object) -> Applied:
    """What a write's future held, which must have been applied."""
    assert isinstance(result, Applied), result
    return result


def write(store: Store, *edits: Edit, verb: str = "test", summary: str = "an act", lead: int | None = None) -> Applied:
    """Write `edits` as one act."""
    change = Change(verb, summary, ms(MONDAY), edits, lead)
    return applied(store.write(lambda _session: change).result(10))


def begin(store: Store, table: str, **fields: object) -> int:
    """A new entity, alone in its act; its id."""
    made: list[int] = []

    def verb(session: Session) -> Change:
        made.append(session.new_id())
        return Change("begin", f"new {table}", ms(MONDAY), (Edit.new(table, made[0], **fields),))

    applied(store.write(verb).result(10))
    return made[0]


def a_rep(store: Store) -> int:
    """A rep to own leads."""
    return begin(
        store, "rep", name="Ana", zone="Europe/Madrid", hours="mon-fri 09:00-17:00", daily_calls=45, daily_qualified=2
    )


def a_lead(store: Store, owner: int, **fields: object) -> int:
    """A new lead with the next step that an open lead must have."""
    given: dict[str, object] = {
        "state": "new", "name": "Ada Okafor", "zone": "Africa/Lagos", "zone_from": "address", "arrived_at": ms(MONDAY),
        "recorded_at": ms(MONDAY), "owner_id": owner, "next_kind": "triage", "due_at": ms(MONDAY), "queue_band": 5,
    }  # fmt: skip
    return begin(store, "lead", **(given | fields))


def dump(store: Store, *, without: tuple[str, ...] = ("step",)) -> dict[str, list[tuple[object, ...]]]:
    """Every state table as rows, to compare before and after."""
    from sdr.store import tables

    wanted = [table for table in tables.STATE if table not in without]
    return store.read(lambda db: {t: db.execute(f"SELECT * FROM {t} ORDER BY id").fetchall() for t in wanted}).result(
        10
    )
