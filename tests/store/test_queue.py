"""The queue's order is that of product.md 3.3, total and stable, and every read of it goes by an index."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from sdr.models.terms import Band, ms
from sdr.rules.filtering import parse
from sdr.store import connection
from sdr.store.queries import queue
from sdr.store.queries.narrowing import narrowed
from tests.desks import MONDAY, Desk

NOW = ms(MONDAY)
HOUR = 3_600_000


def lead(
    desk: Desk, name: str, band: int, due: int = 0, *, close: int | None = None, rank: int = 50, **more: object
) -> int:
    kind = {0: "triage", 1: "promise", 2: "reply", 3: "returned", 5: "triage", 6: "call", 7: "mail"}[band]
    given = {"name": name, "queue_band": band, "due_at": NOW + due, "close_at": close and NOW + close, "rank": rank}
    return desk.new_lead(next_kind=kind, state="working" if band > 5 else "new", **given, **more)


def names(desk: Desk, **more: object) -> list[str]:
    return [item.name for item in desk.store.read(queue.page, NOW, 100, **more).result(5)]


def test_bands_come_in_their_order(desk: Desk) -> None:
    lead(desk, "mail", 7, -HOUR)
    lead(desk, "call closing", 6, -HOUR, close=HOUR)
    lead(desk, "new", 5, -HOUR)
    lead(desk, "returned", 3, -HOUR)
    lead(desk, "reply", 2, -HOUR)
    lead(desk, "promise", 1, 5 * 60_000)
    lead(desk, "hot", 0, 2 * 60_000)
    assert names(desk) == ["hot", "promise", "reply", "returned", "new", "call closing", "mail"]
    bands = [item.band for item in desk.store.read(queue.page, NOW, 100).result(5)]
    assert bands == [Band.HOT, Band.PROMISE, Band.REPLY, Band.RETURNED, Band.NEW, Band.CLOSING, Band.DUE]


def test_inside_a_band_the_order_is_its_own(desk: Desk) -> None:
    lead(desk, "hot later", 0, 9 * 60_000)
    lead(desk, "hot late", 0, -60_000)
    lead(desk, "closes at five", 6, -HOUR, close=2 * HOUR)
    lead(desk, "closes at four", 6, -2 * HOUR, close=HOUR)
    lead(desk, "new of little worth", 5, -HOUR, rank=10)
    lead(desk, "new of worth, younger", 5, -HOUR, rank=90)
    lead(desk, "new of worth, older", 5, -2 * HOUR, rank=90)
    assert names(desk) == [
        "hot late", "hot later", "new of worth, older", "new of worth, younger", "new of little worth",
        "closes at four", "closes at five",
    ]  # fmt: skip


def test_what_is_not_due_waits_and_shows_as_later_today(desk: Desk) -> None:
    lead(desk, "in an hour", 7, HOUR)
    lead(desk, "tomorrow", 7, 30 * HOUR)
    lead(desk, "promised this afternoon", 1, 3 * HOUR)
    lead(desk, "call after one", 6, 2 * HOUR, close=6 * HOUR)
    assert names(desk) == []
    found = desk.store.read(queue.page, NOW, 100, until=NOW + 12 * HOUR).result(5)
    assert [(item.name, item.band) for item in found] == [
        ("in an hour", queue.LATER), ("call after one", queue.LATER), ("promised this afternoon", queue.LATER),
    ]  # fmt: skip


def test_a_missed_call_comes_back_among_the_due_by_worth(desk: Desk) -> None:
    lead(desk, "missed yesterday", 6, -26 * HOUR, close=-20 * HOUR, rank=60)
    lead(desk, "better mail", 7, -HOUR, rank=80)
    lead(desk, "lesser mail", 7, -HOUR, rank=40)
    assert names(desk) == ["better mail", "missed yesterday", "lesser mail"]


def random_desk(desk: Desk, n: int, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(n):
        band = chance.choice([0, 1, 2, 3, 5, 6, 7])
        due = chance.randrange(-48, 48) * HOUR // 4
        lead(desk, f"lead {number}", band, due, close=due + 7 * HOUR if band == 6 else None, rank=chance.randrange(100))


def test_the_order_is_total_and_stable_and_pages_agree_with_the_ids(desk: Desk) -> None:
    random_desk(desk, 120, seed=4)
    until = NOW + 14 * HOUR
    ids = desk.store.read(queue.ids, NOW, until=until).result(5)
    assert len(ids) == len(set(ids)) > 40
    assert ids == desk.store.read(queue.ids, NOW, until=until).result(5)
    paged: list[int] = []
    while len(paged) < len(ids):
        page = desk.store.read(queue.page, NOW, 7, offset=len(paged), until=until).result(5)
        assert page
        paged += [item.id for item in page]
    assert paged == list(ids)
    bands = [item.band for item in desk.store.read(queue.page, NOW, 500, until=until).result(5)]
    assert bands == sorted(bands)


def test_items_by_id_show_the_band_they_have_in_the_queue(desk: Desk) -> None:
    random_desk(desk, 80, seed=9)
    until = NOW + 14 * HOUR
    walked = {item.id: item.band for item in desk.store.read(queue.page, NOW, 500, until=until).result(5)}
    by_id = {item.id: item.band for item in desk.store.read(queue.items, NOW, tuple(walked)).result(5)}
    assert by_id == walked


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", ["ana"]),
        ("ruiz acme", ["ana"]),
        ("city:kra", ["tomasz"]),
        ("city:KRAKÓW", ["tomasz"]),
        ("-city:kra", ["ana"]),
        ("state:new", ["ana", "tomasz"]),
        ("state:won", []),
        ("source:web", ["ana"]),
        ("score>=40", ["tomasz"]),
        ("score:60..64", ["tomasz"]),
        ("score:65..90,-5..10", ["ana"]),
        ("has:phone", ["ana", "tomasz"]),
        ("-has:phone", []),
        ("is:open is:due", ["ana", "tomasz"]),
        ("arrived:today", ["ana", "tomasz"]),
        ("arrived<today", []),
        ("#show", ["tomasz"]),
        ("-#show", ["ana"]),
        ('company:"acme pu"', ["ana"]),
        ("owner:ana", ["ana", "tomasz"]),
        ("'; DROP TABLE lead; --", []),
    ],
)
def test_the_filter_language_narrows_the_queue(desk: Desk, text: str, found: list[str]) -> None:
    source = desk.source(name="webinar April")
    lead(desk, "ana", 5, -HOUR, source_id=source, company="Acme Pumps", city="Madrid", email="ruiz@acme.example")
    tags = {"tag:show": True}
    lead(desk, "tomasz", 5, -HOUR, company="Wiślak", city="Kraków", email="t@wislak.example", score=64, **tags)
    wanted = narrowed(parse(text), MONDAY, "Europe/Madrid")
    assert sorted(names(desk, narrowed=wanted)) == found


def plans(path: Path, run: object) -> list[str]:
    """The query plan of every statement that `run(db)` executes."""
    db = connection.connect(path)
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    run(db)  # type: ignore[operator]
    db.set_trace_callback(None)
    found = [
        row[3]
        for statement in dict.fromkeys(statements)
        if statement.lstrip().upper().startswith(("SELECT", "WITH"))
        for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]
    db.close()
    return found


def scans(found: list[str]) -> list[str]:
    """Steps of a plan that walk a whole big table, or sort."""
    big = ("SCAN lead", "SCAN operation", "SCAN touch", "SCAN call", "SCAN event", "SCAN answer")
    return [step for step in found if (step.startswith(big) and "INDEX" not in step) or "TEMP B-TREE FOR ORDER" in step]


def test_the_first_page_reads_by_index(desk: Desk, tmp_path: Path) -> None:
    random_desk(desk, 60, seed=1)
    found = plans(tmp_path / "desk.db", lambda db: queue.page(db, NOW, 40, until=NOW + 14 * HOUR))
    assert len(found) > 8
    assert scans(found) == []


def test_all_ids_of_the_queue_are_read_from_the_indexes_alone(desk: Desk, tmp_path: Path) -> None:
    random_desk(desk, 60, seed=1)
    found = plans(tmp_path / "desk.db", lambda db: queue.ids(db, NOW, until=NOW + 14 * HOUR))
    assert scans(found) == []
    # `USING INDEX` without `COVERING` reads the row: a million of them are a gigabyte.
    assert [step for step in found if step.startswith("SEARCH lead") and "COVERING" not in step] == []


def test_what_the_first_line_counts_reads_by_index(desk: Desk, tmp_path: Path) -> None:
    random_desk(desk, 60, seed=1)
    found = plans(tmp_path / "desk.db", lambda db: queue.counts(db, NOW, NOW - 9 * HOUR))
    assert scans(found) == []


def test_the_card_reads_by_index(desk: Desk, tmp_path: Path) -> None:
    from sdr.store.queries import leads

    ana = desk.new_lead(source_id=desk.source())
    found = plans(tmp_path / "desk.db", lambda db: leads.card(db, ana))
    assert [step for step in scans(found) if "ORDER" not in step] == []
    # What a source brought is kept, not counted: a source may have brought a tenth of all leads.
    assert [step for step in found if "(source_id=?" in step and " lead " in step] == []


def test_a_planted_scan_is_seen(desk: Desk, tmp_path: Path) -> None:
    found = plans(tmp_path / "desk.db", lambda db: db.execute("SELECT id FROM lead WHERE title='x'").fetchall())
    assert scans(found)
    with pytest.raises(sqlite3.OperationalError):
        plans(tmp_path / "desk.db", lambda db: db.execute("SELECT nothing FROM lead").fetchall())


# --- the prospecting block -------------------------------------------------------------------------------------


def test_in_the_block_new_people_and_calls_come_before_answers(desk: Desk) -> None:
    for name, band in (("mail", 7), ("call", 6), ("new", 5), ("returned", 3), ("reply", 2), ("hot", 0)):
        lead(desk, name, band, -HOUR, close=HOUR if band == 6 else None)
    lead(desk, "promise", 1, 5 * 60_000)
    lead(desk, "missed call", 6, -26 * HOUR, close=-20 * HOUR)
    assert names(desk, block=True) == ["hot", "promise", "new", "call", "reply", "returned", "missed call", "mail"]
    found = desk.store.read(queue.page, NOW, 100, block=True).result(5)
    assert [item.band for item in found[2:4]] == [Band.BLOCK, Band.BLOCK]
    assert sorted(names(desk)) == sorted(names(desk, block=True))


def test_in_the_block_ids_items_and_work_agree_with_the_page(desk: Desk) -> None:
    random_desk(desk, 80, seed=6)
    until = NOW + 14 * HOUR
    page = desk.store.read(queue.page, NOW, 500, until=until, block=True).result(5)
    order = tuple(item.id for item in page)
    assert tuple(desk.store.read(queue.ids, NOW, until=until, block=True).result(5)) == order
    items = {item.id: item.band for item in desk.store.read(queue.items, NOW, order, block=True).result(5)}
    assert items == {item.id: item.band for item in page}
    work = desk.store.read(queue.loads, NOW, until, 500, block=True).result(5)
    assert [(one.id, one.band) for one in work] == [(item.id, item.band) for item in page]


def test_the_block_reads_by_index(desk: Desk, tmp_path: Path) -> None:
    random_desk(desk, 60, seed=1)
    found = plans(tmp_path / "desk.db", lambda db: queue.page(db, NOW, 40, until=NOW + 14 * HOUR, block=True))
    assert len(found) > 8
    assert scans(found) == []
