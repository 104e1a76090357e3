"""The rep's calendar file, read back by the icalendar library: moves, ends and returns as a program sees them."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from icalendar import Event as Read

from sdr.desk.calling import call
from sdr.desk.triage import accept, disqualify, snooze
from sdr.exchange.calendar_files import Event, write_calendar
from sdr.exchange.day_calendar import write_calendar_file
from sdr.exchange.folders import ExportFailed
from sdr.models.terms import ms
from sdr.store.changes import Edit
from tests.desks import MONDAY, Desk, begin, write

LATER = MONDAY + timedelta(days=1, hours=3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "out" / "calendar.ics"


def promise(desk: Desk, due: datetime = LATER, kind: str = "callback", **more: object) -> int:
    lead = desk.new_lead()
    given = {"lead_id": lead, "kind": kind, "due_at": ms(due), "made_at": ms(MONDAY), "zone": "Europe/Madrid"}
    return begin(desk.store, "promise", **(given | more))


def written(desk: Desk, file: Path) -> bytes:
    write_calendar_file(desk.store, file, desk.clock())
    raw = file.read_bytes()
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    return raw


def events(desk: Desk, file: Path) -> dict[str, Read]:
    """Every event by its name, which no other has."""
    found = [one for one in Calendar.from_ical(written(desk, file)).walk("VEVENT") if isinstance(one, Read)]
    named = {str(one["uid"]): one for one in found}
    assert len(named) == len(found)
    return named


def test_a_promise_keeps_its_name_and_its_number_rises_with_every_change(desk: Desk, file: Path) -> None:
    number = promise(desk, kind="meeting")
    uid, numbers = f"promise-{number}@desk", []

    def look() -> Read:
        found = events(desk, file)[uid]
        numbers.append(int(found["sequence"]))
        return found

    first = look()
    assert first.decoded("dtstart") == LATER
    assert first.decoded("dtend") == LATER + timedelta(minutes=30)
    assert str(first["status"]) == "CONFIRMED"
    write(desk.store, Edit.set("promise", number, due_at=ms(LATER + timedelta(hours=2)), sequence=1))
    assert look().decoded("dtstart") == LATER + timedelta(hours=2)
    write(desk.store, Edit.set("promise", number, dropped_at=ms(MONDAY)))
    assert str(look()["status"]) == "CANCELLED"
    desk.store.undo().result(10)
    assert str(look()["status"]) == "CONFIRMED"
    assert numbers == sorted(set(numbers))


def test_what_a_rep_does_reaches_the_calendar(desk: Desk, file: Path) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    desk.act(call, lead, "callback", next_at=LATER)
    [uid] = [name for name in events(desk, file) if name.startswith("promise-")]
    assert str(events(desk, file)[uid]["summary"]) == "Call Ana Ruiz (Acme Pumps)"
    desk.act(disqualify, lead, "no-budget")
    assert str(events(desk, file)[uid]["status"]) == "CANCELLED"


@pytest.mark.parametrize(
    ("due", "more", "listed"),
    [
        (timedelta(days=-3), {}, True),  # still to be kept, however late
        (timedelta(days=-3), {"kept_at": ms(MONDAY)}, False),
        (timedelta(days=-3), {"dropped_at": ms(MONDAY)}, False),
        (timedelta(hours=-2), {"kept_at": ms(MONDAY)}, True),  # today's day is told whole
        (timedelta(days=40), {}, True),
    ],
)
def test_promises_that_are_open_or_of_today_and_later_are_told(
    desk: Desk, file: Path, due: timedelta, more: dict[str, object], listed: bool
) -> None:
    number = promise(desk, MONDAY + due, **more)
    assert (f"promise-{number}@desk" in events(desk, file)) == listed


def test_todays_touches_are_tentative_and_leave_the_time_free(desk: Desk, file: Path) -> None:
    today, tomorrow = desk.new_lead(name="Ana"), desk.new_lead(name="Bo", email="bo@other.example")
    for lead in (today, tomorrow):
        desk.act(accept, lead)
    desk.act(snooze, tomorrow, MONDAY + timedelta(days=2))
    [(uid, event)] = events(desk, file).items()
    assert uid == f"touch-{today}-2026-03-02@desk"
    assert (str(event["status"]), str(event["transp"])) == ("TENTATIVE", "TRANSPARENT")
    assert event.decoded("dtstart") == datetime.fromtimestamp((desk.lead(today).due_at or 0) / 1000, UTC)
    assert "Ana (Acme Pumps)" in str(event["summary"])


def test_a_second_run_writes_nothing_whatever_the_hour(desk: Desk, file: Path) -> None:
    promise(desk)
    first = write_calendar_file(desk.store, file, desk.clock())
    assert (first.state.value, first.rows, stat.S_IMODE(file.stat().st_mode)) == ("new", 1, 0o600)
    desk.clock.pass_(hours=3)
    assert write_calendar_file(desk.store, file, desk.clock()).state.value == "unchanged"


def test_nothing_to_keep_is_an_empty_calendar(desk: Desk, file: Path) -> None:
    assert events(desk, file) == {}


def test_a_folder_that_cannot_be_is_a_sentence(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportFailed):
        write_calendar_file(desk.store, tmp_path / "file" / "calendar.ics", desk.clock())


# --- behaviour.md J, by a second reader ----------------------------------------------------------------------------

HARD = ["123456789 " * 10, "a,b;c\\d\ne", "\\n", "é" * 80, "日" * 40, "DTSTART:19700101T000000Z", "BEGIN:VEVENT\r\nX:1"]


@pytest.mark.parametrize("text", HARD)
def test_j1_j2_hard_words_come_back_from_another_reader(text: str) -> None:
    event = Event("1@desk", MONDAY, MONDAY + timedelta(hours=1), text, text, text)
    raw = write_calendar([event], MONDAY)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    [found] = Calendar.from_ical(raw).walk("VEVENT")
    one_line = " ".join(text.replace("\r\n", "\n").split("\n")).strip()
    assert str(found["summary"]) == one_line
    assert str(found["description"]) == text.replace("\r\n", "\n").strip()
    assert found.decoded("dtstart") == MONDAY


@pytest.mark.parametrize("hostile", ["Ana\r\nSTATUS:CANCELLED", "END:VEVENT", "Ruiz, Ana; Bo"])
def test_a_hostile_name_is_only_a_name(desk: Desk, file: Path, hostile: str) -> None:
    number = promise(desk)
    lead = desk.store.read(lambda db: db.execute("SELECT lead_id FROM promise").fetchone()[0]).result(10)
    write(desk.store, Edit.set("lead", lead, name=hostile))
    found = events(desk, file)
    assert list(found) == [f"promise-{number}@desk"]
    assert str(found[f"promise-{number}@desk"]["status"]) == "CONFIRMED"


def test_a_touch_that_is_due_moves_with_its_lead(desk: Desk, file: Path) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    before = int(next(iter(events(desk, file).values()))["sequence"])
    desk.act(snooze, lead, MONDAY + timedelta(hours=5))
    [event] = events(desk, file).values()
    assert int(event["sequence"]) > before
    assert event.decoded("dtstart") == MONDAY + timedelta(hours=5)
