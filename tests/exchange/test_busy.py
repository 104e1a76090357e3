"""Calendars of other programs: which times they take, and which they do not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sdr.exchange.busy import LARGEST, Found, busy_between

MADRID = ZoneInfo("Europe/Madrid")
MONDAY = datetime(2026, 3, 2, tzinfo=MADRID)


def found(path: Path, *events: str, days: float = 7, start: datetime = MONDAY) -> Found:
    """What `events` (their lines) take in the days from `start` on."""
    bodies = "\r\n".join(f"BEGIN:VEVENT\r\nUID:{n}@x\r\n{lines}\r\nEND:VEVENT" for n, lines in enumerate(events))
    (path / "own.ics").write_text(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{bodies}\r\nEND:VCALENDAR\r\n", newline=""
    )
    return busy_between([str(path / "own.ics")], start, start + timedelta(days=days), "Europe/Madrid")


def starts(told: Found) -> list[str]:
    assert told.faults == ()
    return [f"{one.start.astimezone(MADRID):%m-%d %H:%M}-{one.end.astimezone(MADRID):%H:%M}" for one in told.taken]


TEN = "DTSTART;TZID=Europe/Madrid:20260303T100000\r\nDTEND;TZID=Europe/Madrid:20260303T110000"


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        (TEN, ["03-03 10:00-11:00"]),
        ("DTSTART:20260303T090000Z\r\nDURATION:PT30M", ["03-03 10:00-10:30"]),
        ("DTSTART:20260303T100000\r\nDTEND:20260303T110000", ["03-03 10:00-11:00"]),  # no zone: the rep's own
        ("DTSTART;VALUE=DATE:20260304", ["03-04 00:00-00:00"]),
        ("DTSTART;VALUE=DATE:20260304\r\nDTEND;VALUE=DATE:20260306", ["03-04 00:00-00:00"]),
        (f"{TEN}\r\nSTATUS:CANCELLED", []),
        (f"{TEN}\r\nTRANSP:TRANSPARENT", []),
        (f"{TEN}\r\nTRANSP:OPAQUE", ["03-03 10:00-11:00"]),
        (f"{TEN}\r\nRRULE:FREQ=DAILY;COUNT=3", ["03-03 10:00-11:00", "03-04 10:00-11:00", "03-05 10:00-11:00"]),
        (f"{TEN}\r\nRRULE:FREQ=DAILY;UNTIL=20260304T090000Z", ["03-03 10:00-11:00", "03-04 10:00-11:00"]),
        (f"{TEN}\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;TZID=Europe/Madrid:20260304T100000",
         ["03-03 10:00-11:00", "03-05 10:00-11:00"]),
        ("DTSTART:20260401T100000Z\r\nDTEND:20260401T110000Z", []),
        ("DTSTART:20200101T100000Z\r\nDTEND:20200101T110000Z", []),
    ],
)  # fmt: skip
def test_which_times_an_event_takes(tmp_path: Path, lines: str, taken: list[str]) -> None:
    assert starts(found(tmp_path, lines)) == taken


def test_a_weekly_meeting_stays_at_ten_over_the_clock_change(tmp_path: Path) -> None:
    told = found(tmp_path, f"{TEN}\r\nRRULE:FREQ=WEEKLY", start=MONDAY + timedelta(days=21), days=14)
    assert starts(told) == ["03-24 10:00-11:00", "03-31 10:00-11:00"]


def test_a_single_date_that_was_moved_counts_where_it_went(tmp_path: Path) -> None:
    (tmp_path / "own.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
        f"BEGIN:VEVENT\r\nUID:1@x\r\n{TEN}\r\nRRULE:FREQ=DAILY;COUNT=2\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:1@x\r\nRECURRENCE-ID;TZID=Europe/Madrid:20260304T100000\r\n"
        "DTSTART;TZID=Europe/Madrid:20260304T150000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        newline="",
    )
    told = busy_between([str(tmp_path / "own.ics")], MONDAY, MONDAY + timedelta(days=7), "Europe/Madrid")
    assert starts(told) == ["03-03 10:00-11:00", "03-04 15:00-16:00"]


def test_touching_ends_do_not_meet(tmp_path: Path) -> None:
    eleven = datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert starts(found(tmp_path, TEN, start=eleven, days=1)) == []
    assert starts(found(tmp_path, TEN, start=eleven - timedelta(minutes=1), days=1)) == ["03-03 10:00-11:00"]
    assert starts(found(tmp_path, TEN, start=eleven - timedelta(hours=2), days=1 / 24)) == []


def test_a_title_is_one_clean_line(tmp_path: Path) -> None:
    [one] = found(tmp_path, f"{TEN}\r\nSUMMARY:Den\\ntist\u202e \x07" + "x" * 200).taken
    assert one.what.startswith("Den tist x")
    assert len(one.what) == 80
    assert found(tmp_path, TEN).taken[0].what == "busy"


@pytest.mark.parametrize(
    "content", [b"", b"no calendar", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR"]
)
def test_a_file_that_is_none_is_said_and_takes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.ics").write_bytes(content)
    told = busy_between([str(tmp_path / "own.ics")], MONDAY, MONDAY + timedelta(days=1), "Europe/Madrid")
    assert told.taken == ()
    assert all("cannot be read; name an .ics" in one for one in told.faults)


@pytest.mark.parametrize("lines", [f"{TEN}\r\nRRULE:FREQ=SECONDLY", "SUMMARY:no time"])
def test_an_event_that_makes_no_sense_is_said(tmp_path: Path, lines: str) -> None:
    assert len(found(tmp_path, lines).faults) == 1


def test_missing_large_and_folder_are_said(tmp_path: Path) -> None:
    large = tmp_path / "large.ics"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    paths = [str(large), str(tmp_path), str(tmp_path / "none.ics")]
    assert len(busy_between(paths, MONDAY, MONDAY + timedelta(days=1), "Europe/Madrid").faults) == 3
