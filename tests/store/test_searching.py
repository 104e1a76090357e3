"""Search: everything a lead is found by, the order, and a price that does not grow with what matches."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdr.desk import merging, triage
from sdr.models.terms import ms
from sdr.rules.filtering import FilterError, parse
from sdr.store import connection, migrating, rebuilding, tables
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, listing, playbook, queue, searching
from sdr.store.queries.narrowing import narrowed
from sdr.store.queries.queue import Narrowed
from tests.desks import MONDAY, Desk, applied, open_desk, write

HOUR = 3_600_000
HOSTILE = [
    '"',
    '""',
    "*",
    "a*",
    "^a",
    "a AND b",
    "OR",
    "NOT a",
    "NEAR(a b)",
    "{x}:a",
    "a:b",
    "-",
    "(",
    "a'b",
    "\\",
    "%",
]


def asked(text: str) -> Narrowed:
    return narrowed(parse(text), MONDAY, "Europe/Madrid")


def found(desk: Desk, text: str) -> list[int]:
    return list(desk.store.read(listing.found, 10, asked(text)).result(10).ids)


def sound(desk: Desk) -> bool:
    """Whether the search index agrees with the leads and their notes, and the state with the journal."""
    check = "INSERT INTO lead_search(lead_search, rank) VALUES ('integrity-check', 1)"
    desk.store.exclusively(lambda db: db.execute(check).fetchall()).result(10)
    return desk.store.exclusively(rebuilding.differences).result(10) == []


# --- what finds a lead -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "wój", "WOJ", "woj", "łukasz", "lukasz w", "w luk", "wis ope", "direc", "luk@wislak", "wislak.example",
        "EXT-7", '"operations director"', "+48 512", "48512345", "512 345", "512-345-678", "(512) 345 678",
        "0048512345678", "0512345678", "5678", "345678", "leak", "three SITES luk", "王", "芳", "-nobody luk",
    ],
)  # fmt: skip
def test_a_lead_is_found_by_any_part_in_any_order(desk: Desk, text: str) -> None:
    lead = desk.new_lead(
        name="Łukasz Wójcik 王芳", company="Wiślak", title="Operations director", email="luk@wislak.example",
        external_id="EXT-7", phone="+48512345678",
    )  # fmt: skip
    desk.new_lead(name="Bo Smith", company="Acme", title="CFO", email="bo@acme.example", phone="+34600000009")
    desk.act(triage.note, lead, "leaks at three sites")
    assert found(desk, text) == [lead]


@pytest.mark.parametrize("text", ["ójc", "director x", '"director operations"', "12345678", "567", "leak -luk"])
def test_what_does_not_stand_there_does_not_find_it(desk: Desk, text: str) -> None:
    lead = desk.new_lead(name="Łukasz Wójcik", company="Wiślak", title="Operations director", phone="+48512345678")
    desk.act(triage.note, lead, "leaks at three sites")
    assert found(desk, text) == ([lead] if text == "12345678" else [])  # the last eight digits do


def test_a_note_finds_its_lead_as_long_as_it_stands(desk: Desk) -> None:
    ana, bo = (
        desk.new_lead(name="Ana Ruiz", email=None),
        desk.new_lead(name="Bo Lee", phone="+34600000002", email="bo@b.example"),
    )
    desk.act(triage.note, ana, "Budget in Autumn")
    desk.act(triage.note, bo, "their own words", said=True)
    assert (found(desk, "autumn"), found(desk, "ana budget"), found(desk, "own words bo")) == ([ana], [ana], [bo])
    assert sound(desk)
    for _ in range(2):
        desk.store.undo().result(10)
    assert (found(desk, "autumn"), found(desk, "own words")) == ([], [])
    assert sound(desk)
    desk.store.redo().result(10)
    assert found(desk, "autumn") == [ana]
    write(desk.store, Edit.set("lead", ana, name="Zoë Ruiz"))
    assert (found(desk, "zoe autumn"), found(desk, "ana")) == ([ana], [])
    assert sound(desk)


def test_notes_of_new_leads_in_one_act_in_any_order(desk: Desk) -> None:
    rep = desk.lead(desk.new_lead(name="Ana Ruiz")).owner_id

    def verb(session) -> Change:
        lead, note = session.new_id(), session.new_id()
        about = {"lead_id": lead, "at": 1, "rep_id": rep}
        fields = {
            "state": "lost",
            "name": "Cy Lee",
            "zone": "UTC",
            "zone_from": "rep",
            "arrived_at": 1,
            "recorded_at": 1,
        }
        edits = (
            Edit.new("event", note, kind="note", text="before its lead", **about),
            Edit.new("lead", lead, **fields),
            Edit.new("event", session.new_id(), kind="note", text="after its lead", **about),
            Edit.new("event", session.new_id(), kind="mail", text="of another kind", **about),
        )
        return Change("make", "made", 1, edits, lead)

    lead = applied(desk.store.write(verb).result(10)).lead
    assert (found(desk, "after cy before"), found(desk, "another")) == ([lead], [])
    assert sound(desk)
    desk.store.undo().result(10)
    assert found(desk, "cy") == []
    assert sound(desk)


def test_a_merged_lead_is_not_shown_and_its_words_find_who_stands_for_it(desk: Desk) -> None:
    stays = desk.new_lead(name="Ana Ruiz", email="ana@new.example", state="working", next_kind="call", score=50)
    goes = desk.new_lead(name="Ana R", email="ana@old.example", phone="+34600000002")
    desk.act(triage.note, goes, "met at the booth")
    desk.act(merging.merge, stays, goes)
    for text in ("ana@old.example", "ana", "booth", "600 000 002", "old state:working"):
        assert found(desk, text) == [stays], text
    assert found(desk, "old state:new") == []
    assert desk.store.read(leads.named, "Ana R").result(10)[0].id == stays
    assert sound(desk)
    desk.store.undo().result(10)
    assert sorted(found(desk, "ana")) == sorted([stays, goes])
    assert found(desk, "booth") == [goes]
    assert sound(desk)


# --- the order -------------------------------------------------------------------------------------------------------


def lead(desk: Desk, name: str, **fields: object) -> int:
    number = desk.store.read(lambda db: db.execute("SELECT count(*) FROM lead").fetchone()[0]).result(10)
    given = {"email": f"x{number}@x.example", "phone": f"+3461{number:07d}", "company": "Ruiz Pumps", "title": None}
    return desk.new_lead(name=name, **(given | fields))


def closed(arrived: int) -> dict[str, object]:
    ended = {"state": "rejected", "next_kind": None, "due_at": None, "queue_band": None}
    return ended | {"arrived_at": ms(MONDAY) - arrived * HOUR}


def test_names_first_then_the_order_of_the_queue_then_the_newest_of_the_closed(desk: Desk) -> None:
    old, new = lead(desk, "Old Closed", **closed(2)), lead(desk, "New Closed", **closed(1))
    due, worth = lead(desk, "Due", queue_band=7, rank=90), lead(desk, "Of Worth", queue_band=5, rank=90)
    less, hot = lead(desk, "Of Less", queue_band=5, rank=10), lead(desk, "Hot", queue_band=0)
    name, gone = lead(desk, "Ana Ruiz", queue_band=7), lead(desk, "Ruizdael", **closed(9))
    assert found(desk, "ruiz") == [name, gone, hot, worth, less, due, new, old]
    assert found(desk, "pumps ruiz") == [hot, worth, less, due, name, new, old, gone]


@pytest.fixture
def crowd(desk: Desk) -> Desk:
    """Leads of every kind, several of each word."""
    for number in range(40):
        name, company = ("Ana Smith", "Bo Smithers", "Cy Lee", "Ana Lee")[number % 4], ("Acme", "Acmena")[number % 2]
        fields = closed(number % 7) if number % 5 == 0 else {"queue_band": 5 + number % 3, "rank": number * 37 % 100}
        lead(desk, f"{name} {number}", company=company, city=("Madrid", "Lyon")[number % 3 % 2], **fields)
    return desk


SMALL = {"FEW": 3, "MANY": 12, "ROWS": 8, "WALK": 20, "SAMPLE": 4, "RARE": 1}
TEXTS = [
    "a",
    "an",
    "smi",
    "smith",
    "smithers",
    "acme",
    "acmena ana",
    "lee city:madrid",
    "x",
    "cy state:working",
    "example",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "bounds", [SMALL, SMALL | {"MANY": 2}, SMALL | {"RARE": 9}, SMALL | {"ROWS": 900, "WALK": 900}]
)
def test_all_ways_of_reading_find_the_same_in_the_same_order(
    crowd: Desk, monkeypatch: pytest.MonkeyPatch, text: str, bounds: dict[str, int]
) -> None:
    monkeypatch.setattr(searching, "FEW", 0)
    ranked = list(crowd.store.read(searching.everything, asked(text)).result(10))
    for name, most in bounds.items():
        monkeypatch.setattr(searching, name, most)
    wanted = asked(text)
    page, whole = crowd.store.read(searching.first, 5, wanted).result(10)
    every = list(crowd.store.read(searching.everything, wanted).result(10))
    assert every == ranked
    assert len(set(every)) == len(every)
    if whole:
        assert sorted(page) == sorted(every)
        return
    assert len(page) <= 5
    assert set(page) <= set(every)
    if bounds["ROWS"] == 900:  # far enough for a page of open leads
        opened = [one for one in every if crowd.lead(one).queue_band is not None]
        assert list(page[: len(opened)]) == every[:5][: len(opened)]


@pytest.mark.parametrize("block", [False, True])
@pytest.mark.parametrize("text", [*TEXTS, "band:new smith", '"smith acme"', "ana -lee", "is:late smi", "nobody"])
def test_the_queue_finds_by_the_index_what_a_look_at_every_lead_finds(crowd: Desk, text: str, block: bool) -> None:
    for days in (-2, 0, 2):
        moment = MONDAY + timedelta(days=days)
        now, wanted = ms(moment), narrowed(parse(text), moment, "Europe/Madrid")
        assert wanted.typed is not None
        ways = (queue.ids, searching.waiting)
        looked, by_index = (
            crowd.store.read(way, now, narrowed=wanted, until=now + 9 * HOUR, block=block).result(10) for way in ways
        )
        assert by_index == looked
    assert bool(by_index) == (text not in ("nobody", "cy state:working", '"smith acme"'))


# --- foreign text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_the_signs_of_the_index_mean_nothing(desk: Desk, text: str) -> None:
    ana = desk.new_lead(name=f"Ana {text} Ruiz")
    try:
        wanted = asked(text)
    except FilterError:
        return
    kept = desk.store.read(listing.found, 10, wanted).result(10)
    assert ana in kept.ids or wanted.typed is not None
    assert found(desk, f"ana ruiz {json.dumps(text)}" if '"' not in text and "\\" not in text else "ana ruiz") == [ana]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=80),
    st.lists(st.sampled_from([*HOSTILE, "ana", "acme", " ", "600", "+34", "-", "王", "\ud800", "\x00"])).map(" ".join),
))  # fmt: skip
@pytest.mark.parametrize("few", [1_500, 0])
def test_any_text_is_searched_for_or_refused(crowd: Desk, few: int, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "FEW", few)
        try:
            wanted = asked(text)
        except FilterError:
            return
        crowd.store.read(listing.found, 10, wanted).result(10)
        if wanted.typed:
            crowd.store.read(searching.first, 10, wanted).result(10)


# --- the price -------------------------------------------------------------------------------------------------------

MANY = 60_000
INVENT = f"""
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {MANY})
INSERT INTO lead (id, state, name, zone, zone_from, owner_id, arrived_at, recorded_at, next_kind, due_at, queue_band,
  rank, city, search_key)
SELECT (7 << 32) + 1000 + n, iif(n % 4, 'new', 'lost'), 'Lead ' || n, 'UTC', 'rep', (SELECT min(id) FROM rep), n, n,
  iif(n % 4, 'triage', NULL), iif(n % 4, n, NULL), iif(n % 4, 5 + n % 3, NULL), n * 7919 % 100, 'City ' || n % 50,
  'lead ' || n || ' anders' || (n % 977) || iif(n % 5, ' acme', ' acmena') || iif(n % 4000, '', ' smithers') FROM n
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("large")
    open_desk(folder).store.close()
    db = connection.connect(folder / "desk.db")
    db.execute("BEGIN")
    db.execute(INVENT)
    db.execute("INSERT INTO lead_search(lead_search) VALUES ('rebuild')")
    db.execute("COMMIT")
    yield db
    db.close()


class Meter:
    """Counts the steps of SQLite's machine, in hundreds: a proof of how far a read goes on any machine."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.steps = 0

    def __enter__(self) -> Meter:
        def count() -> int:
            self.steps += 1
            return 0

        self.db.set_progress_handler(count, 100)
        return self

    def __exit__(self, *_fault: object) -> None:
        self.db.set_progress_handler(None, 100)


BOUND = 12_000  # hundreds of steps: a scan of the 60,000 takes more than twice as many


@pytest.mark.parametrize(
    "text", [word[:size] for word in ("acmena", "anders", "smithers", "leader") for size in range(1, 7)]
)
def test_the_first_page_has_a_price_whatever_matches(large: sqlite3.Connection, text: str) -> None:
    with Meter(large) as meter:
        page = listing.first(large, 60, asked(text))
    assert len(page.rows) == (0 if text in ("leade", "leader") else 15 if text.startswith("s") else 60)
    assert meter.steps < BOUND, f"{text} took {meter.steps}"


@pytest.mark.parametrize(
    "text", ["acme anders1", "city:city", 'city:"city 7"', "city:nowhere", "acme city:nowhere", "-acme"]
)
def test_so_has_that_of_a_filter(large: sqlite3.Connection, text: str) -> None:
    with Meter(large) as meter:
        listing.first(large, 60, asked(text))
    assert meter.steps < BOUND, f"{text} took {meter.steps}"


def test_a_read_of_all_that_match_is_seen_by_the_meter(large: sqlite3.Connection) -> None:
    with Meter(large) as meter:
        every = listing.ids(large, asked("lead"))
    assert len(every) == MANY
    assert meter.steps > BOUND


def test_reading_all_can_be_interrupted(large: sqlite3.Connection) -> None:
    large.set_progress_handler(lambda: large.interrupt() or 0, 1_000)
    try:
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            listing.ids(large, asked("lead"))
    finally:
        large.set_progress_handler(None, 1_000)


def planned(db: sqlite3.Connection, read: Callable[[], object]) -> list[str]:
    """How SQLite goes about all that `read` asks."""
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    read()
    db.set_trace_callback(None)
    asked_once = [one for one in dict.fromkeys(statements) if one.startswith("SELECT")]
    return [row[3] for one in asked_once for row in db.execute(f"EXPLAIN QUERY PLAN {one}")]


@pytest.mark.parametrize("text", ["a", "smithers", "acmena ander", "nobody"])
def test_the_queue_looks_at_no_lead_for_what_the_index_tells(large: sqlite3.Connection, text: str) -> None:
    plans = planned(large, lambda: searching.waiting(large, ms(MONDAY), narrowed=asked(text)))
    read = [step for step in plans if step.startswith(("SCAN lead", "SEARCH lead")) and "lead_search" not in step]
    assert read
    assert [step for step in read if "COVERING INDEX" not in step] == []


def test_the_walks_go_by_their_indexes(large: sqlite3.Connection) -> None:
    plans = planned(
        large, lambda: [listing.first(large, 60, asked(one)) for one in ("a", "acme", "smithe", "an city:x")]
    )
    scans = [step for step in plans if step.startswith("SCAN lead") and "INDEX" not in step]
    assert scans == []
    assert any("lead USING COVERING INDEX lead_queue_rank" in step for step in plans)
    assert any("event USING INDEX event_words" in step for step in plans)


# --- files from before -----------------------------------------------------------------------------------------------


def test_a_file_from_before_is_found_by_everything_and_still_equals_its_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = migrating.shipped()
    with monkeypatch.context() as patch:
        patch.setattr(migrating, "shipped", lambda: [path for path in known if path.name < "0004"])
        migrating.migrate(db := connection.connect(tmp_path / "desk.db"))
    db.executescript(
        """INSERT INTO rep VALUES (1, 'Ana', NULL, 'UTC', 'mon-fri 09:00-17:00', NULL, 45, 2);
        INSERT INTO lead (id, state, name, company, email, phones, zone, zone_from, arrived_at, recorded_at, search_key)
          VALUES (2, 'lost', 'Łukasz O''Brien', '王芳 & Co', 'l@b.example', '[{"e164":"+48512345678"}]', 'UTC', 'rep',
            1, 1, 'old');
        INSERT INTO event (id, lead_id, kind, at, text) VALUES (3, 2, 'note', 1, 'LEAKS, at ｔｈｒｅｅ sites'),
          (4, 2, 'note', 1, '!'), (5, 2, 'mail', 1, 'said');"""
    )
    migrating.migrate(db)
    tables.learn(db)
    for table in ("lead", "event"):
        for row in db.execute(f"SELECT * FROM {table}").fetchall():
            kept = dict(zip(tables.columns(table), row, strict=True))
            assert tables.complete(table, kept) == kept
    for text in ("lukasz", "obri", "o brien", "芳", "512345", "5678", "three leaks"):
        assert list(listing.ids(db, asked(text))) == ([] if text == "obri" else [2]), text
    db.close()


def pieces(db: sqlite3.Connection) -> int:
    """Of how many pieces (segments, whose number is in the upper bits of a page's) the index is."""
    return int(db.execute("SELECT count(DISTINCT id >> 37) FROM lead_search_data WHERE id > 10").fetchone()[0])


def rest(writer: Any) -> None:
    """What an idle desk does in two minutes."""
    for _ in range(60):
        while writer.idle():
            pass


def written_while_resting(writer: Any) -> int:
    before = writer.db.total_changes
    rest(writer)
    return int(writer.db.total_changes - before)


def test_pieces_of_the_index_are_joined_by_an_idle_desk_and_not_by_a_key(desk: Desk) -> None:
    lead = desk.new_lead(name="Ana Ruiz")
    desk.store._lane.put(rest).result(10)
    count = partial(desk.store._lane.put, lambda writer: pieces(writer.db))
    before = count().result(10)
    for number in range(25):
        desk.act(triage.note, lead, f"pump{number} wanted")
    desk.store.undo().result(10)
    assert count().result(10) == before + 2 * 26  # what went and what came, and no act joined any
    desk.store._lane.put(rest).result(10)
    assert count().result(10) < 5
    assert desk.store._lane.put(written_while_resting).result(10) == 0
    assert found(desk, "pump23") == [lead]
    assert found(desk, "pump24") == []
    assert sound(desk)


@pytest.mark.parametrize(("many", "left"), [(20, range(1, 5)), (1_000, range(6, 100))])
def test_what_a_whole_list_leaves_is_joined_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, many: int, left: range
) -> None:
    monkeypatch.setattr(tables, "MANY_PIECES", many)
    small = "INSERT INTO lead_search(lead_search, rank) VALUES ('hashsize', 2000)"  # bytes of words that make a piece
    desk.store._lane.put(lambda writer: writer.db.execute(small)).result(10)
    owner = desk.store.read(playbook.rep).result(10).id
    row = {
        "state": "new", "zone": "UTC", "zone_from": "rep", "arrived_at": 1, "recorded_at": 1, "owner_id": owner,
        "next_kind": "triage", "due_at": 1, "queue_band": 5,
    }  # fmt: skip
    write(desk.store, *(Edit.new("lead", number, name=f"Ana pump{number}", **row) for number in range(1, 200)))
    assert desk.store._lane.put(lambda writer: pieces(writer.db)).result(10) in left
    assert found(desk, "pump77") == [77]
    assert sound(desk)


def test_pieces_do_not_gather_for_ever_where_nobody_rests(desk: Desk) -> None:
    lead = desk.new_lead()
    for number in range(150):
        desk.act(triage.note, lead, f"pump{number} wanted")
    assert desk.store._lane.put(lambda writer: pieces(writer.db)).result(10) < 100
    assert found(desk, "pump149") == [lead]


def test_an_index_made_anew_is_joined_as_the_one_before(desk: Desk) -> None:
    config = "SELECT k, v FROM lead_search_config ORDER BY k"
    before = desk.store.read(lambda db: db.execute(config).fetchall()).result(10)
    assert ("automerge", 0) in before
    desk.store.exclusively(lambda db: rebuilding.repair(db, [])).result(10)
    assert desk.store.read(lambda db: db.execute(config).fetchall()).result(10) == before
