"""Days off as a prospect elsewhere sees them, regions and their holidays, and dates with hours of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.calendar import STANDARD, Calendar, Hours, add_business_days, is_open, next_open, opening
from sdr.rules.closures import dates_there
from sdr.rules.public_holidays import holidays_of, region_of

WEDNESDAY = date(2026, 3, 4)
ZONES = ["UTC", "Europe/Madrid", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland", "Pacific/Kiritimati"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("there", "dates"),
    [
        ("Europe/Madrid", {4}),
        ("Europe/London", {4}),
        ("America/New_York", {4}),
        ("America/Los_Angeles", {3, 4}),  # their Tuesday from 15:00 on is our Wednesday
        ("Asia/Tokyo", {4}),
        ("Pacific/Auckland", {4, 5}),
    ],
)
def test_a_day_off_here_is_one_or_two_days_there(there: str, dates: set[int]) -> None:
    found = dates_there(frozenset({WEDNESDAY}), "Europe/Madrid", there, STANDARD)
    assert {day.day for day in found} == dates


@given(
    st.sets(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=4).map(frozenset),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01")),
)
def test_no_opening_there_falls_into_a_day_off_here(
    days: frozenset[date], here: str, there: str, wall: datetime
) -> None:
    cal = Calendar(STANDARD, there, dates_there(days, here, there, STANDARD))
    found = next_open(cal, wall.replace(tzinfo=UTC))
    assert found is not None
    assert found.astimezone(ZoneInfo(here)).date() not in days


@pytest.mark.parametrize(
    ("country", "region", "code"),
    [
        ("DE", "BY", "BY"), ("DE", "Bayern", "BY"), ("DE", "bavaria", "BY"), ("DE", "DE-BY", "BY"),
        ("ES", "Cataluña", "CT"), ("ES", "catalonia", "CT"), ("US", "California", "CA"), ("GB", "Scotland", "SCT"),
        ("DE", "Atlantis", None), ("XX", "Bayern", None), ("DE", "", None), (None, "Bayern", None), ("DE", None, None),
    ],
)  # fmt: skip
def test_a_region_by_any_name(country: str | None, region: str | None, code: str | None) -> None:
    assert region_of(country, region) == code


def test_a_region_has_holidays_of_its_own() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in holidays_of("DE", [2026], "BY")
    assert epiphany not in holidays_of("DE", [2026])


def test_a_date_may_have_hours_of_its_own() -> None:
    hours = Hours.parse("mon-fri 09:00-17:00; 2026-12-24 09:00-12:00; 2026-12-26 10:00-11:00; 2026-12-31 closed")
    cal = Calendar(hours)
    assert is_open(cal, utc("2026-12-24 11:59"))
    assert not is_open(cal, utc("2026-12-24 12:00"))
    assert next_open(cal, utc("2026-12-25 18:00")) == utc("2026-12-26 10:00")  # a Saturday
    assert add_business_days(cal, date(2026, 12, 30), 1) == date(2027, 1, 1)
    assert not is_open(Calendar(hours, closed=frozenset({date(2026, 12, 26)})), utc("2026-12-26 10:30"))
    assert opening(cal, utc("2026-12-24 08:00")) == (utc("2026-12-24 09:00"), utc("2026-12-24 12:00"))


def test_only_a_date_that_has_passed_never_opens() -> None:
    assert next_open(Calendar(Hours.parse("2020-05-01 09:00-17:00")), utc("2026-01-01 00:00")) is None
    assert add_business_days(Calendar(Hours.parse("2020-05-01 closed")), date(2020, 1, 1), 1) is None


@given(st.datetimes(datetime.fromisoformat("2015-01-01"), datetime.fromisoformat("2035-01-01")), st.sampled_from(ZONES))
def test_an_opening_ends_with_its_day(wall: datetime, zone: str) -> None:
    cal = Calendar(Hours.parse("mon-sat 08:30-12:00,13:00-19:00"), zone)
    found = opening(cal, wall.replace(tzinfo=UTC))
    assert found is not None
    opens, ends = found
    assert is_open(cal, opens)
    assert is_open(cal, ends - timedelta(seconds=1))
    assert not is_open(cal, ends)
    assert opens.date() == (ends - timedelta(seconds=1)).date()
