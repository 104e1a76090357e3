"""A large act is taken back and brought again a page at a time: same journal, same rows, as often as one likes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import Refused, ms
from sdr.store import bulk, journal, rebuilding, tallies, undoing
from sdr.store.changes import Change, Edit
from sdr.store.store import Store
from sdr.store.touched import Touched
from tests.desks import MONDAY, a_lead, a_rep, applied, dump, open_store
from tests.store.test_bulk import COUNT, crowd, sound

IDS = st.integers(0, 1 << 13) | st.integers(7 << 32, (7 << 32) + 9_000) | st.integers(0, (1 << 62) - 1)


@given(st.lists(IDS), st.lists(IDS))
def test_the_leads_of_an_act_are_a_set(some: list[int], asked: list[int]) -> None:
    touched = Touched(some)
    assert touched == {*some}
    assert len(touched) == len({*some})
    assert sorted(touched) == sorted({*some})
    assert [one in touched for one in asked] == [one in {*some} for one in asked]
    assert touched & {*asked} == {*some} & {*asked}
    touched.update(asked)
    assert touched == {*some, *asked}
    assert "3" not in touched


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def rounds(store: Store) -> None:
    """Taken back, brought again, three times over."""
    for way in (store.undo, store.redo) * 3:
        applied(way().result(30))


def test_many_come_and_go_again_and_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "PAGE", 100)
    applied(store.write(crowd(a_rep(store), COUNT)).result(20))
    before = dump(store)
    rounds(store)
    assert dump(store) == before
    assert sound(store)


def test_every_end_and_return_names_the_heads_of_all_fields(store: Store) -> None:
    applied(store.write(crowd(a_rep(store), COUNT)).result(20))
    rounds(store)
    sql = "SELECT id, entity_id, kind, body FROM operation WHERE entity IN ('lead', 'event') ORDER BY id"
    before: dict[int, list[tuple[int, journal.Body]]] = {}
    returned = 0
    for op, entity, kind, text in store.read(lambda db: db.execute(sql).fetchall()).result(10):
        body, told = json.loads(text), before.setdefault(entity, [])
        heads = {field: [number for number, _ in held] for field, held in journal.heads_of(told).items()}
        if kind == "del":
            assert body["seen"] == sorted({number for held in heads.values() for number in held})
            assert body["p"] == {"_deleted": heads.get("_deleted", [])}
        elif told:
            returned += 1
            assert body["p"] == heads
            assert body["f"].keys() == heads.keys()
        told.append((op, body))
    assert returned > 3 * COUNT


def test_a_great_many_leads_brought_again_leave_indexes_and_tallies_sound(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MANY", 200)
    applied(store.write(crowd(a_rep(store), COUNT)).result(20))
    before = store.read(lambda db: set(db.execute("SELECT name, sql FROM sqlite_master"))).result(5)
    rounds(store)
    assert store.read(lambda db: set(db.execute("SELECT name, sql FROM sqlite_master"))).result(5) == before
    assert store.read(tallies.wrong).result(10) == 0
    assert store.read(lambda db: db.execute("PRAGMA integrity_check").fetchone()[0]).result(10) == "ok"
    assert sound(store)


@pytest.mark.parametrize("at", [0, COUNT // 2, COUNT - 1])
def test_one_lead_of_many_that_changed_since_refuses_all_and_nothing_is_written(
    store: Store, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(undoing, "PAGE", 100)
    step = applied(store.write(crowd(a_rep(store), COUNT)).result(20))
    applied(store.undo().result(20))
    applied(store.redo().result(20))
    lead = sorted(step.leads)[at]
    change = Change("name", "renamed", 1, (Edit.set("lead", lead, name="Other"),))
    applied(store.write(lambda _session: change).result(5))
    before = dump(store)
    refused = store.undo(step.step).result(20)
    assert isinstance(refused, Refused)
    assert refused.rule == "undo.changed-since"
    assert "renamed" in refused.reason
    assert dump(store) == before


def test_a_lead_that_was_changed_then_ended_then_returned_is_changed_all_the_same(store: Store) -> None:
    step = applied(store.write(crowd(a_rep(store), COUNT)).result(20))
    lead = sorted(step.leads)[1]  # one without a note
    for edit in (Edit.set("lead", lead, name="Other"), Edit.drop("lead", lead)):
        change = Change("change", "changed", 1, (edit,))
        last = applied(store.write(lambda _session, change=change: change).result(5))
    applied(store.undo(last.step).result(5))
    refused = store.undo(step.step).result(20)
    assert isinstance(refused, Refused)
    assert refused.rule == "undo.changed-since"


def test_an_act_that_changed_and_began_many_goes_back_and_forth(store: Store) -> None:
    owner = a_rep(store)
    old = [a_lead(store, owner, name=f"Old {number}", **{"tag:fair": True}) for number in range(30)]
    begins = crowd(owner, COUNT)

    def verb(session: object) -> Change:
        edits = [*begins(session).edits]
        renamed = [Edit.set("lead", lead, name=f"New {lead}", **{"tag:met": True}) for lead in old]
        ended = [Edit.drop("lead", lead) for lead in old[20:]]
        return Change("crowd", "many", ms(MONDAY), [*renamed[:10], *edits[:200], *ended, *edits[200:]])

    before = dump(store)
    applied(store.write(verb).result(20))
    after = dump(store)
    assert after != before
    for _ in range(2):
        applied(store.undo().result(20))
        assert dump(store) == before
        applied(store.redo().result(20))
        assert dump(store) == after
    assert sound(store)
    assert store.exclusively(rebuilding.differences).result(10) == []
