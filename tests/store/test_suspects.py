"""Keeping the pairs up with the journal: by slices or in one sweep, the same pairs, and never a walk of a table."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sdr.desk.merging import merge
from sdr.desk.suspecting import tell_apart
from sdr.models.terms import ms
from sdr.rules.likeness import person
from sdr.store import suspects, sweeping
from sdr.store.changes import Change, Edit
from sdr.store.lanes import CALM, WriteLane
from sdr.store.queries import doubles, kin
from sdr.store.session import Session
from sdr.store.store import Store
from tests.desks import MONDAY, Desk, open_desk

SWITCHBOARD = "+34910000000"


def pairs(desk: Desk) -> dict[tuple[int, int], int]:
    """Every pair asked about after catching up, with its score."""
    sweeping.catch_up(desk.store)
    return {(one.a, one.b): one.score for one in desk.store.read(doubles.pairs, 1_000).result(10)}


def other(desk: Desk, **fields: Any) -> int:
    """A lead that shares nothing with the usual one."""
    given = {"name": "Zoe Zen", "first_name": "Zoe", "last_name": "Zen", "email": "z@zen.example", "company": "Zen",
             "phone": "+34600000009"}  # fmt: skip
    return desk.new_lead(**(given | fields))


def test_a_double_is_found_when_it_comes_and_when_it_is_made_one(desk: Desk) -> None:
    ana = desk.new_lead()
    zoe = other(desk)
    assert pairs(desk) == {}
    again = desk.new_lead(first_name="A.", name="A. Ruiz", email=None, phone="")
    assert list(pairs(desk)) == [(ana, again)]
    change = Edit.set("lead", zoe, first_name="Ana", last_name="Ruiz", name="Ana Ruiz", company="Acme Pumps")
    desk.act(lambda session, now: Change("fill", "filled", ms(now), (change,), zoe))
    assert set(pairs(desk)) == {(ana, again), (ana, zoe), (zoe, again)}
    desk.store.undo().result(10)
    assert list(pairs(desk)) == [(ana, again)]


def test_what_was_merged_or_told_apart_goes_and_comes_back(desk: Desk) -> None:
    ana, again, third = desk.new_lead(), desk.new_lead(email=None), desk.new_lead(email="a.ruiz@acme.example")
    whole = pairs(desk)
    assert set(whole) == {(ana, again), (ana, third), (again, third)}
    desk.act(tell_apart, ana, again)
    assert set(pairs(desk)) == {(ana, third), (again, third)}
    desk.act(merge, ana, third)
    assert set(pairs(desk)) == set()
    assert desk.store.read(lambda db: db.execute("SELECT count(*) FROM suspect").fetchone()[0]).result(10) == 0
    desk.store.undo().result(10)
    desk.store.undo().result(10)
    assert pairs(desk) == whole


def test_a_common_key_says_nothing(desk: Desk) -> None:
    for number in range(kin.MANY):
        other(desk, first_name=f"P{number}", last_name=f"Q{number}", name=f"P{number} Q{number}",
              email=f"p{number}@gmail.com", company=None, phone=SWITCHBOARD)  # fmt: skip
    ana = desk.new_lead(phone=SWITCHBOARD, company=None, email="info@acme.example")
    assert pairs(desk) == {}
    me = person(first="Ana", last="Ruiz", numbers=(SWITCHBOARD,), emails=("info@acme.example",))
    assert desk.store.read(kin.kin, ana, me).result(10) == set()


def crowd(desk: Desk, count: int) -> None:
    """As many leads in one act, every fifth of them an earlier one again in some way."""

    def verb(session: Session) -> Change:
        rep = session.execute("SELECT id FROM rep").fetchone()[0]
        return Change("crowd", "a crowd", ms(MONDAY), (_one(session.new_id(), rep, n) for n in range(count)))

    desk.store.write(verb).result(60)


def _one(lead_id: int, rep: int, number: int) -> Edit:
    who = number - 7 if number % 5 == 0 and number > 7 else number
    first, last = f"Name{who % 97}", f"Last{who}"
    if who != number:
        first, last = ((first, f"{last}x"), (last, first), (first[:1], last))[number % 3]
    phone = f"+34600{who:06d}" if who % 2 else SWITCHBOARD
    return Edit.new(
        "lead", lead_id, state="new", name=f"{first} {last}", first_name=first, last_name=last, phone=phone,
        company=f"Firm {who % 41}", zone="Europe/Madrid", zone_from="address", owner_id=rep, arrived_at=ms(MONDAY),
        recorded_at=ms(MONDAY), next_kind="triage", due_at=ms(MONDAY), queue_band=5,
        email=f"{number}@gmail.com" if number % 3 else None,
    )  # fmt: skip


def emptied(store: Store) -> None:
    """Throw the caches away."""
    tables = ("looked", "lead_block", "suspect")
    store.computed(lambda db: [db.execute(f"DELETE FROM {table}") for table in tables] and None).result(10)


def test_slices_and_sweeps_find_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(desk, 300)
    sliced = pairs(desk)
    assert len(sliced) > 40
    monkeypatch.setattr(suspects, "BULK", 10)
    monkeypatch.setattr(sweeping, "AT_ONCE", 20)
    monkeypatch.setattr(sweeping, "READ", 30)
    emptied(desk.store)
    assert pairs(desk) == sliced
    crowd(desk, 150)  # everybody of the second crowd is a double of one in the first
    swept = pairs(desk)
    assert len(swept) > len(sliced) + 100
    emptied(desk.store)
    assert pairs(desk) == swept


def test_a_slice_is_short_and_the_rep_comes_between_two(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(desk, suspects.SLICE * 3)
    ids: list[int] = []
    look_up = suspects.look_up
    monkeypatch.setattr(suspects, "look_up", lambda db, some: (ids.append(len(some)), look_up(db, some)))
    assert desk.store.computed(suspects.look).result(10)
    lead = desk.new_lead()
    while desk.store.computed(suspects.look).result(10):
        pass
    assert len(ids) >= 4
    assert max(ids) <= suspects.SLICE
    assert desk.store.read(suspects.behind).result(10) == 0
    assert desk.lead(lead).name == "Ana Ruiz"


def test_an_idle_desk_looks_by_itself(desk: Desk) -> None:
    ana, again = desk.new_lead(), desk.new_lead(email=None)

    def idle(writer: Any) -> None:
        while writer.idle():
            pass

    desk.store._lane.put(idle).result(10)
    assert [(one.a, one.b) for one in desk.store.read(doubles.pairs, 10).result(10)] == [(ana, again)]


def test_a_key_waits_for_a_few_slices_alone(desk: Desk) -> None:
    crowd(desk, suspects.SLICE * (sweeping.FEW + 1))
    assert not sweeping.keep_up(desk.store)
    assert sweeping.keep_up(desk.store)
    assert desk.store.read(suspects.behind).result(10) == 0


def test_a_look_that_fails_leaves_everything_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.new_lead()
    desk.new_lead(email=None)

    def broken(db: sqlite3.Connection, found: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(suspects, "keep", broken)
    with pytest.raises(RuntimeError, match="planted"):
        desk.store.computed(suspects.look).result(10)
    monkeypatch.undo()
    assert len(pairs(desk)) == 1


def test_candidates_and_slices_are_read_by_index(desk: Desk) -> None:
    crowd(desk, 50)
    heard: list[tuple[str, Any]] = []

    class Ear:
        def __init__(self, db: sqlite3.Connection) -> None:
            self.db = db

        def execute(self, sql: str, args: Any = ()) -> sqlite3.Cursor:
            heard.append((sql, args))
            return self.db.execute(sql, args)

        def executemany(self, sql: str, args: Any) -> sqlite3.Cursor:
            given = list(args)
            heard.extend((sql, one) for one in given[:1])
            return self.db.executemany(sql, given)

    def plans(work: Callable[[Any], object], db: sqlite3.Connection) -> list[str]:
        work(Ear(db))
        return [row[3] for sql, args in heard for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", args)]

    found = desk.store.computed(lambda db: plans(suspects.look, db)).result(10)
    assert len(heard) > 100
    scanned = {line.split()[1] for line in found if line.startswith("SCAN")}
    assert scanned <= {"given", "CONSTANT", "looked"}  # lists given to the query, and a row for each desk that wrote


def test_a_key_never_leads_to_the_lead_itself(desk: Desk) -> None:
    crowd(desk, 100)
    sweeping.catch_up(desk.store)

    def everybody(db: sqlite3.Connection) -> list[tuple[int, set[int]]]:
        from sdr.store.queries.persons import filed_after

        return [(lead, kin.kin(db, lead, one)) for lead, one, _ in filed_after(db, 0, 1_000)]

    found = desk.store.read(everybody).result(10)
    assert len(found) == 100
    assert not [lead for lead, others in found if lead in others]
    by_lead = dict(found)
    assert all(lead in by_lead[one] for lead, others in found for one in others)
    assert any(by_lead.values())


def test_the_look_at_other_programs_does_not_keep_the_desk_from_being_idle() -> None:
    idle, opened = threading.Event(), SimpleNamespace(db=sqlite3.connect(":memory:", check_same_thread=False))
    lane = WriteLane(lambda: opened, lambda writer: idle.set(), idle_after=3_600)
    lane.put(lambda writer: None)
    for _ in range(CALM):
        lane.put(lambda writer: None, quiet=True)
    assert idle.wait(10)
    lane.close(lambda writer: None)


def test_a_sweep_is_left_at_any_slice_and_nothing_waits_for_a_closed_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk(tmp_path)
    crowd(desk, 120)
    whole = pairs(desk)
    monkeypatch.setattr(suspects, "BULK", 10)
    for last in range(1, 12, 3):
        emptied(desk.store)
        left = iter(range(last))
        with pytest.raises(StopIteration):
            sweeping.catch_up(desk.store, lambda looked, left=left: next(left) and None)
    assert pairs(desk) == whole
    desk.store.close()
    for asked in (desk.store.read(suspects.behind), desk.store.computed(suspects.look)):
        with pytest.raises(CancelledError):
            asked.result(10)
