"""Many rows at once are written as if each had been written alone: same rows, same journal, same search index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdr.models.terms import ms
from sdr.store import journal, rebuilding
from sdr.store.changes import Change, Edit
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
