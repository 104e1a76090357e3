"""Who may be whom: the pairs worth asking about, best first, without those that were merged or told apart."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from sdr.desk.merging import merge
from sdr.desk.suspecting import tell_apart
from sdr.models.terms import Refused
from sdr.store import rebuilding, suspects
from sdr.store.queries import doubles
from sdr.store.replica import LOW
from tests.desks import Desk


def suspect(desk: Desk, *pairs: tuple[int, int, int]) -> None:
    """Put pairs (a, b, score) into the cache, and let nobody be looked up again."""
    told = [(min(a, b), max(a, b), score, json.dumps(["same name"])) for a, b, score in pairs]

    def put(db: sqlite3.Connection) -> None:
        db.executemany("INSERT OR REPLACE INTO suspect VALUES (?,?,?,?)", told)
        suspects.mark(db, {replica: replica << 32 | LOW for replica in suspects.newest_of_each(db)})

    desk.store.computed(put).result(10)


def crowd(desk: Desk, count: int) -> list[int]:
    """As many leads, each another person."""
    return [desk.new_lead(name=f"Person {n}", email=f"p{n}@acme.example", phone="") for n in range(count)]


def asked(desk: Desk, limit: int = 100) -> list[tuple[int, int]]:
    """The pairs asked about, in order."""
    return [(one.a, one.b) for one in desk.store.read(doubles.pairs, limit).result(10)]


def test_the_likeliest_comes_first_and_every_pair_is_reached_page_by_page(desk: Desk) -> None:
    a, b, c, d, e = crowd(desk, 5)
    suspect(desk, (a, b, 60), (c, a, 90), (b, c, 60), (d, e, 60), (e, a, 45))

    def walk(size: int) -> Iterator[tuple[int, int, int]]:
        after = None
        while page := desk.store.read(doubles.pairs, size, after).result(10):
            yield from (one.place for one in page)
            after = page[-1].place

    best_first = [(90, a, c), (60, a, b), (60, b, c), (60, d, e), (45, a, e)]
    for size in (1, 2, 3, 10):
        assert list(walk(size)) == best_first
    assert desk.store.read(doubles.pairs, 1).result(10)[0].reasons == ("same name",)


def test_a_pair_told_apart_is_not_asked_again_until_that_is_taken_back(desk: Desk) -> None:
    a, b, c = crowd(desk, 3)
    suspect(desk, (a, b, 80), (b, c, 70))
    desk.act(tell_apart, b, a)
    assert asked(desk) == [(b, c)]
    assert isinstance(desk.try_(tell_apart, a, b), Refused)
    assert isinstance(desk.try_(tell_apart, a, a), Refused)
    assert isinstance(desk.try_(tell_apart, a, 999), Refused)
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
    desk.store.undo().result(10)
    assert asked(desk) == [(a, b), (b, c)]


def test_merged_leads_are_not_asked_about(desk: Desk) -> None:
    a, b, c = crowd(desk, 3)
    suspect(desk, (a, b, 80), (b, c, 70), (a, c, 60))
    desk.act(merge, a, b)
    assert len(asked(desk)) == 1
    desk.store.undo().result(10)
    assert len(asked(desk)) == 3


def test_an_import_taken_back_takes_its_suspects_along(desk: Desk) -> None:
    a, b, c = crowd(desk, 3)
    suspect(desk, (a, c, 80), (b, c, 70), (a, b, 60))
    desk.act(tell_apart, a, c)
    desk.store.undo().result(10)
    desk.store.undo().result(10)  # lead c was never there
    assert asked(desk) == [(a, b)]
    left = desk.store.read(lambda db: db.execute("SELECT count(*) FROM suspect").fetchone()).result(10)
    assert left == (1,)


def test_the_list_is_read_by_its_index(desk: Desk) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []

    class Ear:
        def __init__(self, db) -> None:
            self.db = db

        def execute(self, sql, args=()):
            asked.append((sql, args))
            return self.db.execute(sql, args)

    def plans(db) -> list[str]:
        doubles.pairs(Ear(db), 10, (50, 1, 2))
        return [row[3] for sql, args in asked for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", args)]

    found = desk.store.read(plans).result(10)
    assert len(found) >= 6
    assert not [line for line in found if line.startswith("SCAN") or "TEMP B-TREE" in line]
