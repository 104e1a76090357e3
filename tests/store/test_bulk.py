"""Many rows at once are written as if each had been written alone: same rows, same journal, same search index."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdr.models.terms import ms
from sdr.store import bulk, journal, rebuilding, tallies
from sdr.store.changes import Change, Edit
from sdr.store.faults import Cancelled
from sdr.store.queries import leads
from sdr.store.session import Session
from sdr.store.store import Store
from tests.desks import MONDAY, a_rep, applied, dump, open_store

COUNT = journal.BULK + 50


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def crowd(owner: int, count: int):
    """A verb that begins `count` leads, each with a note and a tag, among other edits."""

    def verb(session: Session) -> Change:
        edits: list[Edit] = []
        for number in range(count):
            lead = session.new_id()
            edits.append(Edit.new(
                "lead", lead, state="new", name=f"Person{number} Crowd", zone="UTC", zone_from="rep", owner_id=owner,
                arrived_at=1, recorded_at=1, next_kind="triage", due_at=1, queue_band=5, **{"tag:many": True},
            ))  # fmt: skip
            if number % 3 == 0:
                edits.append(Edit.new("event", session.new_id(), lead_id=lead, kind="note", at=1, text="hello"))
        return Change("crowd", "many", ms(MONDAY), iter(edits))

    return verb


def told(store: Store) -> set[tuple[object, ...]]:
    """The kinds of operations that the journal has, by what they tell of which table."""
    sql = "SELECT kind, entity, about IS NULL, body FROM operation WHERE entity IN ('lead', 'event')"
    found = store.read(lambda db: db.execute(sql).fetchall()).result(10)
    bodies = [(*row[:3], json.loads(row[3])) for row in found]
    return {(*row, *sorted(body), *sorted(body["f"])) for *row, body in bodies}


def sound(store: Store) -> bool:
    """Whether the search index agrees with the leads, and the state with the journal."""
    check = "INSERT INTO lead_search(lead_search, rank) VALUES ('integrity-check', 1)"
    store.exclusively(lambda db: db.execute(check).fetchall()).result(10)
    return store.exclusively(lambda db: (rebuilding.differences(db), rebuilding.broken_digests(db))).result(20) == (
        [],
        [],
    )


def test_many_are_written_and_ended_as_one_is(tmp_path: Path) -> None:
    stories = []
    for count, acts in ((COUNT, 1), (1, COUNT)):
        store = open_store(tmp_path, name=f"{acts}.db")
        owner = a_rep(store)
        for _ in range(acts):
            applied(store.write(crowd(owner, count)).result(20))
        for _ in range(acts):
            applied(store.undo().result(20))
        stories.append(told(store))
        assert sound(store)
        store.close()
    many, one = stories
    assert many == one
    assert len(one) == 4


def test_many_that_are_called_off_leave_the_room_as_it_was(store: Store) -> None:
    def room(db: sqlite3.Connection) -> tuple[bool, int]:
        return gc.isenabled(), db.execute("PRAGMA cache_size").fetchone()[0]

    def called_off(session: Session) -> Change:
        def edits() -> Iterator[Edit]:
            yield from crowd(owner, 3_000)(session).edits
            inside.append(room(session._db))
            raise Cancelled

        return Change("crowd", "many", ms(MONDAY), edits())

    owner, inside = a_rep(store), list[tuple[bool, int]]()
    before, as_it_was = dump(store), store.exclusively(room).result(10)
    with pytest.raises(Cancelled):
        store.write(called_off).result(20)
    assert inside == [(False, bulk.BULK_CACHE)]
    assert store.exclusively(room).result(10) == as_it_was == (True, bulk.CACHE)
    assert dump(store) == before


def test_the_end_of_many_names_all_that_was_seen(store: Store) -> None:
    applied(store.write(crowd(a_rep(store), COUNT)).result(20))
    applied(store.undo().result(20))
    sql = """SELECT gone.body, begun.id FROM operation gone JOIN operation begun USING (entity_id)
      WHERE gone.kind='del' AND begun.kind IN ('new', 'event')"""
    for body, begun in store.read(lambda db: db.execute(sql).fetchall()).result(10):
        assert json.loads(body)["seen"] == [begun]


def test_many_are_found_then_gone_then_found(store: Store) -> None:
    owner = a_rep(store)
    before = dump(store)
    applied(store.write(crowd(owner, COUNT)).result(20))
    after = dump(store)
    assert len(store.read(leads.named, "crowd person1", 900).result(5)) == 1 + 10 + 100
    assert sound(store)
    applied(store.undo().result(20))
    assert dump(store) == before
    assert store.read(leads.named, "crowd").result(5) == ()
    assert sound(store)
    applied(store.redo().result(20))
    assert dump(store) == after
    assert sound(store)


def test_some_of_many_that_changed_since_end_by_their_whole_story(store: Store) -> None:
    owner = a_rep(store)
    before = dump(store)
    step = applied(store.write(crowd(owner, COUNT)).result(20))
    first = min(step.leads)
    rename = Change("name", "renamed", 1, (Edit.set("lead", first, name="Other"),))
    back = Change("name", "and back", 1, (Edit.set("lead", first, name="Person0 Crowd"),))
    for change in (rename, back):
        applied(store.write(lambda _session, change=change: change).result(5))
    applied(store.undo(step.step).result(20))
    assert {table: rows for table, rows in dump(store).items() if rows} == {t: r for t, r in before.items() if r}
    assert sound(store)


# --- a great many leads ----------------------------------------------------------------------------------------


def _schema(db: sqlite3.Connection) -> set[tuple[str, str, str]]:
    return set(db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master"))


def _begun(store: Store, many: int, fails: bool = False) -> list[int]:
    owner, ids = a_rep(store), list[int]()

    def verb(session: Session) -> Change:
        def edits() -> Iterator[Edit]:
            for number in range(many):
                ids.append(session.new_id())
                yield Edit.new(
                    "lead", ids[-1], state="new", name=f"Ada {number}", zone="UTC", zone_from="rep", owner_id=owner,
                    arrived_at=ms(MONDAY) + number * 600_000, recorded_at=ms(MONDAY), next_kind="triage",
                    due_at=ms(MONDAY), queue_band=5, email=f"ada{number}@acme.example", cost_minor=number % 3 or None,
                )  # fmt: skip
            if fails:
                raise ValueError("called off")

        return Change("import", "many", ms(MONDAY), edits(), begins=many)

    store.write(verb).result(60)
    return ids


def test_many_leads_leave_indexes_tallies_and_search_as_one_by_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MANY", 300)
    before = store.read(_schema).result(10)
    ids = _begun(store, 700)
    _begun(store, 300)  # fewer than there are: row by row
    assert store.read(_schema).result(10) == before
    assert store.read(tallies.wrong).result(10) == 0
    assert store.exclusively(rebuilding.differences).result(10) == []
    assert store.read(lambda db: db.execute("PRAGMA integrity_check").fetchone()[0]).result(10) == "ok"
    plan = "SELECT id FROM lead INDEXED BY lead_email WHERE email='ada699@acme.example'"
    assert {row[0] for row in store.read(lambda db: db.execute(plan).fetchall()).result(10)} >= {ids[699]}
    search = "SELECT count(*) FROM lead_search WHERE lead_search MATCH 'ada699'"
    assert store.read(lambda db: db.execute(search).fetchone()[0]).result(10) == 1


def test_many_leads_that_fail_leave_everything_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MANY", 300)
    before = store.read(_schema).result(10)
    with pytest.raises(ValueError, match="called off"):
        _begun(store, 3_000, fails=True)
    assert store.read(_schema).result(10) == before
    assert store.read(lambda db: db.execute("SELECT count(*) FROM lead").fetchone()[0]).result(10) == 0
    _begun(store, 400)
    assert store.read(tallies.wrong).result(10) == 0
