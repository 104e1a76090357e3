"""The sample desk: full, true to the rules at any hour, of reserved names and numbers only, and always the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sdr.exchange.sample import fill
from sdr.exchange.sample_people import Crowd, Dice, sample
from sdr.models.terms import OPEN_STATES, Band, at, ms, zone_of
from sdr.store import rebuilding
from sdr.store.changes import Applied
from sdr.store.queries import playbook, queue, sources
from sdr.store.queries.queue import LATER
from sdr.store.store import Store
from tests.desks import Clock, dump, open_store

ZONE = "Europe/Madrid"
AFTERNOON = datetime.fromisoformat("2026-05-12T14:36:00+02:00")
HOURS = [
    AFTERNOON,
    datetime.fromisoformat("2026-05-16T23:10:00+02:00"),  # a Saturday night
    datetime.fromisoformat("2026-01-01T03:00:00+01:00"),  # New Year's night
    datetime.fromisoformat("2026-03-30T09:02:00+02:00"),  # two minutes into a day, after a clock change
    datetime.fromisoformat("2024-02-29T16:59:00+01:00"),
]

# Ranges that regulators keep for fiction: NANP, Ofcom, ARCEP, Bundesnetzagentur, PTS, ACMA, ComReg.
FICTION = re.compile(
    r"\+1\d{3}55501\d{2}|\+442079460\d{3}|\+441134960\d{3}|\+447700900\d{3}|\+3319900\d{4}|\+3346571\d{4}"
    r"|\+3363998\d{4}|\+493023125\d{3}|\+498999998\d{3}|\+468465004\d{2}|\+6125550\d{4}|\+3532091\d{5}"
)


def filled(folder: Path, now: datetime = AFTERNOON, count: int = 300) -> Store:
    """A desk with the sample on it."""
    store = open_store(folder, Clock(now))
    fill(store, now, count, zone=ZONE, country="ES")
    return store


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = filled(tmp_path_factory.mktemp("sample"))
    yield store
    store.close()


def asked(store: Store, sql: str, *args: object) -> list[tuple[Any, ...]]:
    return store.read(lambda db: db.execute(sql, args).fetchall()).result(30)


def bands(store: Store, now: datetime) -> dict[int, int]:
    """How many items each band of the queue holds."""
    end = ms(now.astimezone(zone_of(ZONE)).replace(hour=23, minute=59))
    found: dict[int, int] = {}
    for item in store.read(queue.page, ms(now), 1000, until=end).result(30):
        found[int(item.band)] = found.get(int(item.band), 0) + 1
    return found


def test_every_band_of_the_queue_has_something(desk: Store) -> None:
    found = bands(desk, AFTERNOON)
    for band in (Band.HOT, Band.PROMISE, Band.REPLY, Band.RETURNED, Band.NEW, Band.CLOSING, Band.DUE):
        assert found.get(band), band.name
    assert found.get(LATER)


@pytest.mark.parametrize("now", HOURS[1:], ids=lambda now: f"{now:%a %H:%M}")
def test_the_queue_is_rich_at_any_hour_and_nothing_happened_after_now(tmp_path: Path, now: datetime) -> None:
    store = filled(tmp_path, now, 120)
    found = bands(store, now)
    assert all(found.get(band) for band in (Band.HOT, Band.PROMISE, Band.RETURNED, Band.NEW, Band.DUE)), found
    assert asked(store, "SELECT count(*) FROM step WHERE at > ?", ms(now)) == [(0,)]
    assert store.exclusively(rebuilding.differences).result(30) == []
    store.close()


def test_no_open_lead_is_without_next_step_and_owner(desk: Store) -> None:
    marks = ",".join("?" * len(OPEN_STATES))
    sql = f"SELECT next_kind, due_at, queue_band, owner_id FROM lead WHERE state IN ({marks})"
    rows = asked(desk, sql, *sorted(OPEN_STATES))
    assert len(rows) > 100
    assert all(None not in row for row in rows)


def test_the_first_line_says_what_a_day_in_the_middle_looks_like(desk: Store) -> None:
    midnight = AFTERNOON.replace(hour=0, minute=0)
    counts = desk.read(queue.counts, ms(AFTERNOON), ms(midnight)).result(30)
    assert 12 <= counts.calls_done <= 20
    assert counts.qualified_done
    assert counts.hot == 3
    assert counts.late == 1
    assert counts.replies >= 3
    assert counts.returned >= 3
    assert counts.overdue


def test_clocks_run_and_promises_come(desk: Store) -> None:
    hot = [due for (due,) in asked(desk, "SELECT due_at FROM lead WHERE queue_band=0 ORDER BY due_at")]
    assert hot[0] < ms(AFTERNOON) < hot[1] <= ms(AFTERNOON + timedelta(minutes=3))
    sql = "SELECT due_at FROM lead WHERE next_kind='promise' AND due_at BETWEEN ? AND ? ORDER BY 1"
    near = [ms(AFTERNOON + timedelta(minutes=minutes)) for minutes in (-6, 8)]
    assert {row[0] for row in asked(desk, sql, near[0], near[1])} == set(near)


def test_every_state_of_leads_and_handoffs_is_met(desk: Store) -> None:
    states = {row[0] for row in asked(desk, "SELECT DISTINCT state FROM lead")}
    assert states >= {
        "inquiry", "new", "working", "talking", "qualified", "offered", "accepted", "opportunity", "won", "lost",
        "rejected", "disqualified", "nurture",
    }  # fmt: skip
    handoffs = {row[0] for row in asked(desk, "SELECT DISTINCT state FROM handoff")}
    assert handoffs >= {"offered", "accepted", "returned", "met", "no-show", "opportunity", "won", "lost"}
    assert len(asked(desk, "SELECT DISTINCT reason FROM lead WHERE state='rejected'")) >= 7
    assert len(asked(desk, "SELECT DISTINCT reason FROM lead WHERE state='disqualified'")) >= 5


def test_sources_have_prices_owners_targets_and_results(desk: Store) -> None:
    lines = desk.read(sources.report).result(30)
    named = [line.source for line in lines if line.source]
    assert len(named) == 5
    assert all(source.cost_minor and source.owner and source.target for source in named)
    assert any(line.source is None for line in lines)
    assert all(line.delivered for line in lines)


def test_somebody_came_twice(desk: Store) -> None:
    sql = "SELECT count(*) FROM lead WHERE phone IS NOT NULL GROUP BY phone HAVING count(*) > 1"
    assert asked(desk, sql) == [(2,)]


def test_no_address_or_number_could_be_somebodys(desk: Store) -> None:
    rows = asked(desk, "SELECT email, phone FROM lead")
    assert len(rows) >= 295
    assert all(email is None or email.endswith(".example") for email, _ in rows)
    assert [phone for _, phone in rows if phone and not FICTION.fullmatch(phone)] == []
    numbers = asked(desk, "SELECT DISTINCT number FROM call WHERE number IS NOT NULL")
    assert all(FICTION.fullmatch(number) for (number,) in numbers)


def test_every_number_the_sample_may_give_is_reserved() -> None:
    for place in sample()["place"]:
        for written in place["numbers"]:
            kind, shown = written.split(" ", 1)
            assert kind in ("landline", "mobile")
            for digit in "09":
                assert FICTION.fullmatch(re.sub(r"[ -]", "", shown).replace("x", digit)), written


def test_nobody_has_the_address_or_number_of_another_even_among_thousands() -> None:
    crowd = Crowd()
    people = [crowd.stranger(index) for index in range(4000)]
    phones = [person.phone.e164 for person in people if person.phone]
    assert len({person.email for person in people}) == len(people)
    assert len(set(phones)) == len(phones)


def test_zones_and_names_are_of_many_places(desk: Store) -> None:
    assert len(asked(desk, "SELECT DISTINCT zone FROM lead")) >= 12
    names = "".join(name for (name,) in asked(desk, "SELECT name FROM lead"))
    scripts = {unicodedata.name(letter).split()[0] for letter in names if letter.isalpha()}
    assert scripts >= {"LATIN", "GREEK", "CYRILLIC", "CJK"}
    assert {"ł", "ö", "é"} <= set(names)
    for (zone,) in asked(desk, "SELECT DISTINCT zone FROM lead"):
        assert at(0, zone)


def test_the_sample_is_taken_back_and_brought_again_act_by_act(tmp_path: Path) -> None:
    store = filled(tmp_path, count=60)
    assert store.exclusively(rebuilding.differences).result(30) == []
    before = dump(store)
    for _ in range(20):
        assert isinstance(store.undo().result(10), Applied)
    assert dump(store) != before
    for _ in range(20):
        assert isinstance(store.redo().result(10), Applied)
    assert dump(store) == before
    assert store.exclusively(rebuilding.differences).result(30) == []
    store.close()


def test_the_same_moment_gives_the_same_desk(tmp_path: Path) -> None:
    first, second = filled(tmp_path / "a", count=60), filled(tmp_path / "b", count=60)
    assert dump(first, without=()) == dump(second, without=())
    first.close()
    second.close()


def test_the_month_is_told_in_few_enough_acts(desk: Store) -> None:
    """Filling costs about two milliseconds an act; the demo must open at once."""
    (acts,) = asked(desk, "SELECT count(*) FROM step")[0]
    assert 900 < acts < 1700


@pytest.mark.parametrize("count", [20, 40])
def test_a_small_sample_works_too(tmp_path: Path, count: int) -> None:
    store = filled(tmp_path, count=count)
    assert asked(store, "SELECT count(*) FROM lead")[0][0] >= count - 2
    store.close()


def test_a_desk_in_use_is_left_alone(tmp_path: Path) -> None:
    store = filled(tmp_path, count=20)
    before = dump(store, without=())
    fill(store, AFTERNOON, 300)
    assert dump(store, without=()) == before
    assert store.read(playbook.rep).result(5).name == "Sam Reyes"
    store.close()


def test_dice_are_even_and_repeat() -> None:
    dice, again = Dice(5), Dice(5)
    rolled = [dice.below(10) for _ in range(5000)]
    assert rolled == [again.below(10) for _ in range(5000)]
    assert all(400 < rolled.count(face) < 600 for face in range(10))
