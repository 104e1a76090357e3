"""The prospecting block: when it is on, across clock changes, and how much of it went into prospecting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.hours import CalendarError
from sdr.rules.prospecting import LONGEST, Prospected, ends_at, prospected, read_block, spans_on

MADRID = "Europe/Madrid"
MONDAY = date(2026, 3, 2)
START = datetime(2026, 3, 2, 8, tzinfo=UTC)  # 09:00 in Madrid
BLOCK = read_block("09:00-10:30")


@pytest.mark.parametrize(
    ("clock", "end"),
    [("07:59", None), ("08:00", "10:30"), ("09:29", "10:30"), ("09:30", None), ("20:00", None)],
)
def test_it_is_on_from_its_start_until_its_end(clock: str, end: str | None) -> None:
    now = datetime.fromisoformat(f"2026-03-02T{clock}:00+00:00")
    found = ends_at(BLOCK, MADRID, now)
    assert (f"{found:%H:%M}" if found else None) == end


@pytest.mark.parametrize(("text", "days"), [("09:00-10:30", 7), ("mon-thu 09:00-10:30", 4), ("fri 08:00-09:00", 1)])
def test_it_is_written_for_each_day_or_for_some(text: str, days: int) -> None:
    block = read_block(text)
    week = [MONDAY + timedelta(days=n) for n in range(7)]
    assert sum(bool(spans_on(block, MADRID, day)) for day in week) == days


@pytest.mark.parametrize("text", ["", "morning", "10:30-09:00", "9", "25:00-26:00", "mon 9-10"])
def test_what_is_no_hours_is_said(text: str) -> None:
    with pytest.raises(CalendarError):
        read_block(text)


def test_the_hour_that_is_lost_in_spring_is_not_counted() -> None:
    spans = spans_on(read_block("01:00-04:00"), MADRID, date(2026, 3, 29))
    assert prospected(spans, []).of == 120


def minutes(*touches: tuple[int, bool]) -> Prospected:
    return prospected(
        spans_on(BLOCK, MADRID, MONDAY), [(START + timedelta(minutes=at), new) for at, new in touches]
    )  # fmt: skip


def test_each_touch_took_the_time_since_the_one_before() -> None:
    assert minutes() == Prospected(0, 90, 0)
    assert minutes((5, True), (12, True)) == Prospected(12, 90, 2)
    assert minutes((5, True), (12, False), (15, True)) == Prospected(8, 90, 2)


def test_only_the_block_counts_and_a_gap_is_no_work() -> None:
    assert minutes((-3, True), (95, True)) == Prospected(0, 90, 0)
    assert minutes((80, True)) == Prospected(int(LONGEST.total_seconds()) // 60, 90, 1)


@given(st.lists(st.tuples(st.integers(-30, 200), st.booleans())))
def test_never_more_than_the_block(found: list[tuple[int, bool]]) -> None:
    used = minutes(*sorted(found))
    assert 0 <= used.minutes <= used.of == 90
    assert used.touches <= sum(new for _, new in found)
