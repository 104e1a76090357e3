"""A real desk file for tests: opened in a temporary folder, with a clock the test moves by hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

from sdr.desk.setting_up import Newcomer, set_up
from sdr.models.terms import ms
from sdr.store import rows
from sdr.store.beginning import reserve
from sdr.store.changes import Applied, Change, Edit
from sdr.store.queries import leads, playbook
from sdr.store.replica import side_file
from sdr.store.session import Reader, Session
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


class Desk:
    """A set-up desk for tests of verbs: the store, the clock, and short ways to act and look."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def act(self, verb: Callable[..., object], *args: object, **more: object) -> Applied:
        """Do a verb, which must not be refused."""
        return applied(self.try_(verb, *args, **more))

    def try_(self, verb: Callable[..., object], *args: object, **more: object) -> object:
        """Do a verb and say what came of it."""
        return self.store.write(verb, *args, self.clock(), **more).result(10)

    def lead(self, lead_id: int) -> rows.Lead:
        """The lead as it stands."""
        found = self.store.read(leads.lead, lead_id).result(10)
        assert found is not None
        return found

    def source(self, **fields: object) -> int:
        """A source of leads."""
        given: dict[str, object] = {"name": "webinar", "type": "list", "cost_minor": 10500, "target": 0.2}
        return begin(self.store, "source", **(given | fields))

    def new_lead(self, **fields: object) -> int:
        """A new lead in Madrid with phone and mail, owned by the rep."""
        rep = self.store.read(playbook.rep).result(10)
        phone = str(fields.pop("phone", "+34600000001") or "")
        listed = [{"e164": phone, "type": "mobile", "raw": phone, "struck": None}] if phone else []
        given: dict[str, object] = {
            "name": "Ana Ruiz", "first_name": "Ana", "last_name": "Ruiz", "title": "operations director",
            "email": "ana@acme.example", "phone": phone or None, "phone_type": "mobile" if phone else None,
            "phones": json.dumps(listed), "company": "Acme Pumps", "country": "ES", "city": "Madrid",
            "zone": "Europe/Madrid", "zone_from": "address",
        }  # fmt: skip
        return a_lead(self.store, rep.id, **(given | fields))


class Planned:
    """Says how each statement would be run, and runs it."""

    def __init__(self, db: Reader) -> None:
        self._db, self.steps = db, list[str]()

    def execute(self, sql: str, args: Any = (), /) -> Any:
        self.steps += [str(row[3]) for row in self._db.execute(f"EXPLAIN QUERY PLAN {sql}", args)]
        return self._db.execute(sql, args)


def steps(desk: Desk, read: Callable[[Reader], object]) -> list[str]:
    """How SQLite goes about what `read` asks: the steps of its plans, in order."""

    def told(db: Reader) -> list[str]:
        found = Planned(db)
        read(found)
        return found.steps

    return desk.store.read(told).result(10)


class Laid(NamedTuple):
    """A set-up desk as its files hold it when it is closed."""

    file: bytes
    replica: dict[str, int]  # the side file (`sdr.store.replica`), whose inode is another in every copy
    reserve: int


def open_desk(folder: Path, clock: Clock | None = None) -> Desk:
    """A desk in `folder`, set up for a rep in Madrid."""
    clock = clock or Clock()
    _lay(folder, _set_up(clock()))
    return Desk(open_store(folder, clock), clock)


def plans_of(db: Any, read: Callable[[Any], object]) -> list[str]:
    """The steps by which the file answers what `read` asks of it."""
    found: list[str] = []

    class Watched:
        def execute(self, sql: str, args: object = ()) -> object:
            found.extend(str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", args))
            return db.execute(sql, args)

    read(Watched())
    return found


@cache
def _set_up(now: datetime) -> Laid:
    """A desk that is set up at `now`: made once, for every test that wants a copy of it."""
    with TemporaryDirectory() as place:
        store = open_store(Path(place), Clock(now))
        newcomer = Newcomer("Ana", "Europe/Madrid", "mon-fri 09:00-17:00", country="ES")
        applied(store.write(set_up, newcomer, now).result(10))
        store.close()
        note = json.loads(side_file(store.path).read_text())
        return Laid(store.path.read_bytes(), note, reserve(store.path).stat().st_size)


def _lay(folder: Path, laid: Laid) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "desk.db"
    with _private(path) as file:
        file.write(laid.file)
        note = {**laid.replica, "inode": os.fstat(file.fileno()).st_ino}
    with _private(side_file(path)) as file:
        file.write(json.dumps(note).encode())
    with _private(reserve(path)) as file:
        file.truncate(laid.reserve)


def _private(path: Path) -> BinaryIO:
    return open(path, "xb", opener=partial(os.open, mode=0o600))
