"""Digits, phrases, default next dates and how times are said: tables, then any text, zone and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdr.rules.calendar import STANDARD, Calendar, CalendarError, Hours, add_business_days, is_open
from sdr.rules.dates import ago, next_date, other_half, phrase, preset, spoken

ZONE = "Europe/Madrid"
HERE = ZoneInfo(ZONE)
CAL = Calendar(zone=ZONE)
NEVER = Hours(((),) * 7)


def at(text: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


THURSDAY = at("2026-03-05 11:20")

# --- digits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digit", "expected"),
    [
        (1, "2026-03-05 14:10"),
        (2, "2026-03-06 09:40"),
        (3, "2026-03-10 09:40"),  # Tuesday 09:40, as the designs show it
        (4, "2026-04-07 09:40"),
        (5, "2026-04-07 09:40"),
        (6, "2026-09-07 09:40"),  # the 5th is a Saturday
        (7, "2027-01-05 09:40"),
    ],
)
def test_date_digits(digit: int, expected: str) -> None:
    assert preset(digit, THURSDAY, ZONE) == at(expected)


@pytest.mark.parametrize("digit", [-1, 0, 8, 9, 10])
def test_digits_that_are_not_dates(digit: int) -> None:
    assert preset(digit, THURSDAY, ZONE) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-05 08:00", "2026-03-05 14:10"),
        ("2026-03-05 12:59", "2026-03-05 14:10"),
        ("2026-03-05 13:00", "2026-03-06 09:00"),  # the other half is over: the next opening
        ("2026-03-05 18:00", "2026-03-06 09:00"),
        ("2026-03-06 16:00", "2026-03-09 09:00"),
        ("2026-03-07 10:00", "2026-03-09 09:00"),  # Saturday has no later
    ],
)
def test_later_today(now: str, expected: str) -> None:
    assert preset(1, at(now), ZONE) == at(expected)


@pytest.mark.parametrize(
    ("now", "digit", "expected"),
    [
        ("2026-03-06 10:00", 2, "2026-03-09 09:40"),  # tomorrow is Saturday
        ("2026-03-08 10:00", 3, "2026-03-10 09:40"),  # Sunday: next week starts tomorrow
        ("2026-03-09 10:00", 3, "2026-03-17 09:40"),
        ("2026-12-15 10:00", 4, "2027-01-05 09:40"),
        ("2026-12-15 10:00", 5, "2027-01-05 09:40"),
        ("2026-03-31 10:00", 5, "2026-04-07 09:40"),
        ("2026-08-31 10:00", 6, "2027-03-01 09:40"),  # 28 February 2027 is a Sunday
    ],
)
def test_digits_over_weekends_and_years(now: str, digit: int, expected: str) -> None:
    assert preset(digit, at(now), ZONE) == at(expected)


def test_digits_obey_hours_holidays_and_zone() -> None:
    assert preset(2, THURSDAY, ZONE, closed=frozenset({date(2026, 3, 6)})) == at("2026-03-09 09:40")
    short = Hours.parse("mon-fri 10:00-11:00")
    assert preset(2, THURSDAY, ZONE, short) == at("2026-03-06 10:05")
    siesta = Hours.parse("mon-fri 09:00-12:00,15:00-17:00")
    assert preset(1, THURSDAY, ZONE, siesta) == at("2026-03-05 15:00")
    assert preset(2, at("2026-03-05 23:30"), "Asia/Tokyo") == at("2026-03-09 09:40", "Asia/Tokyo")
    assert preset(1, THURSDAY, ZONE, NEVER) is None
    assert preset(2, THURSDAY, ZONE, NEVER) is None


# --- default next dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "now", "expected"),
    [
        ("other-half", "2026-03-05 11:20", "2026-03-06 14:10"),
        ("other-half", "2026-03-05 15:00", "2026-03-06 09:40"),
        ("other-half", "2026-03-06 15:00", "2026-03-09 09:40"),
        ("two-business-days", "2026-03-05 11:20", "2026-03-09 14:10"),
        ("edge", "2026-03-05 11:20", "2026-03-06 16:30"),
        ("edge", "2026-03-05 15:00", "2026-03-06 09:00"),
        ("two-hours", "2026-03-05 11:20", "2026-03-05 13:20"),
        ("two-hours", "2026-03-05 15:00", "2026-03-06 09:00"),
        ("five-minutes", "2026-03-05 11:20", "2026-03-05 11:25"),
        ("now", "2026-03-05 18:20", "2026-03-06 09:00"),
        ("preset:3", "2026-03-05 11:20", "2026-03-10 09:40"),
    ],
)
def test_default_next_dates(rule: str, now: str, expected: str) -> None:
    assert next_date(rule, at(now), CAL) == at(expected)


@pytest.mark.parametrize("rule", ["none", "preset", "promise"])
def test_rules_whose_date_the_rep_gives(rule: str) -> None:
    assert next_date(rule, THURSDAY, CAL) is None


@pytest.mark.parametrize("rule", ["", "soon", "preset:8", "preset:x", "preset:", "edge:3"])
def test_an_unknown_rule_is_refused_in_words(rule: str) -> None:
    with pytest.raises(CalendarError, match="other-half"):
        next_date(rule, THURSDAY, CAL)


def test_no_working_day_has_no_next_date() -> None:
    for rule in ("other-half", "edge", "two-hours", "preset:3"):
        assert next_date(rule, THURSDAY, Calendar(NEVER, ZONE)) is None


# --- phrases -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow", "2026-03-06 09:00"),
        ("  ToMorrow  9:30 ", "2026-03-06 09:30"),
        ("day after tomorrow", "2026-03-09 09:00"),
        ("today", "2026-03-05 11:20"),
        ("today 3pm", "2026-03-05 15:00"),
        ("15:30", "2026-03-05 15:30"),
        ("3 pm", "2026-03-05 15:00"),
        ("12pm", "2026-03-05 12:00"),
        ("noon", "2026-03-05 12:00"),
        ("10:00", "2026-03-06 10:00"),  # over for today
        ("20:00", "2026-03-06 09:00"),  # outside the hours
        ("afternoon", "2026-03-05 14:10"),
        ("eod", "2026-03-05 16:30"),
        ("tomorrow eod", "2026-03-06 16:30"),
        ("fri", "2026-03-06 09:00"),
        ("thu", "2026-03-12 09:00"),  # today's opening is over
        ("thu 3pm", "2026-03-05 15:00"),
        ("on thursday at 9am", "2026-03-12 09:00"),
        ("next tue 3pm", "2026-03-10 15:00"),
        ("next fri", "2026-03-13 09:00"),
        ("sat", "2026-03-09 09:00"),
        ("mon afternoon", "2026-03-09 14:10"),
        ("next week", "2026-03-10 09:00"),
        ("next month", "2026-04-07 09:00"),
        ("next quarter", "2026-04-07 09:00"),
        ("next year", "2027-01-05 09:00"),
        ("+3bd", "2026-03-10 09:00"),
        ("+3bd 14:00", "2026-03-10 14:00"),
        ("in 2 business days", "2026-03-09 09:00"),
        ("in 2 weeks", "2026-03-19 09:00"),
        ("2w", "2026-03-19 09:00"),
        ("in a week", "2026-03-12 09:00"),
        ("+3d", "2026-03-09 09:00"),
        ("in 3 months", "2026-06-05 09:00"),
        ("1 year", "2027-03-05 09:00"),
        ("+2h", "2026-03-05 13:20"),
        ("in 30 minutes", "2026-03-05 11:50"),
        ("end of month", "2026-03-31 09:00"),
        ("eow", "2026-03-06 09:00"),
        ("eoq", "2026-03-31 09:00"),
        ("end of the year", "2026-12-31 09:00"),
        ("q1", "2027-01-01 09:00"),
        ("q2", "2026-04-01 09:00"),
        ("q2 2027", "2027-04-01 09:00"),
        ("2026-06-01", "2026-06-01 09:00"),
        ("2026-06-01 14:30", "2026-06-01 14:30"),
        ("2026-06-01T14:30", "2026-06-01 14:30"),
        ("3 feb", "2027-02-03 09:00"),
        ("Feb 3, 2027", "2027-02-03 09:00"),
        ("fri 5 june", "2026-06-05 09:00"),
        ("june 2027", "2027-06-01 09:00"),
        ("the 20th", "2026-03-20 09:00"),
        ("the 2nd", "2026-04-02 09:00"),
        ("31st", "2026-03-31 09:00"),
        ("13/4", "2026-04-13 09:00"),
        ("4/4", "2026-04-06 09:00"),
        ("29 feb", "2028-02-29 09:00"),
    ],
)
def test_phrases(text: str, expected: str) -> None:
    assert phrase(text, THURSDAY, ZONE) == at(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "blah",
        "soon",
        "10",
        "03/04",  # March or April?
        "3.4.",
        "2020-01-01",
        "q1 2020",
        "2026-13-45",
        "9999-12-31",
        "25:00",
        "13pm",
        "0am",
        "10:75",
        "31 apr",
        "fri june",
        "5 june 10h",
        "tomorrow blah",
        "blah 10:00",
        "1:21234567890121234567890122026the nan",
        "tomorrow\x00",
        "明日",
        "tomorrow " * 20,
    ],
)
def test_phrases_that_are_not_understood(text: str) -> None:
    assert phrase(text, THURSDAY, ZONE) is None


def test_the_end_of_a_period_rolls_over_when_its_last_business_day_is_past() -> None:
    assert phrase("eom", at("2026-05-30 10:00"), ZONE) == at("2026-06-30 09:00")  # Saturday; the 29th is gone
    assert phrase("eow", at("2026-03-06 10:00"), ZONE) == at("2026-03-13 09:00")
    assert phrase("eom", at("2026-02-10 10:00"), ZONE, closed=frozenset({date(2026, 2, 27)})) == at("2026-02-26 09:00")


def test_a_phrase_is_read_on_the_prospects_day() -> None:
    late = at("2026-03-05 23:30")  # already Friday in Tokyo
    assert phrase("tomorrow", late, "Asia/Tokyo") == at("2026-03-09 09:00", "Asia/Tokyo")
    assert phrase("today", late, "Asia/Tokyo") == at("2026-03-06 09:00", "Asia/Tokyo")


def test_a_timed_phrase_keeps_its_time_on_the_next_business_day() -> None:
    assert phrase("tomorrow 15:30", at("2026-03-06 10:00"), ZONE) == at("2026-03-09 15:30")


# --- said back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-03-05 14:30", "14:30"),
        ("2026-03-05 09:05", "09:05"),
        ("2026-03-06 09:40", "tomorrow 09:40"),
        ("2026-03-11 14:10", "Wed 14:10"),
        ("2026-03-12 14:10", "Thu 12 Mar"),
        ("2026-05-21 10:00", "Thu 21 May"),
        ("2026-03-04 10:00", "Wed 4 Mar"),
        ("2027-02-03 10:00", "3 Feb 2027"),
        ("2025-12-31 10:00", "31 Dec 2025"),
    ],
)
def test_spoken(moment: str, said: str) -> None:
    assert spoken(at(moment), THURSDAY) == said


def test_spoken_is_in_the_zone_of_the_time_itself() -> None:
    assert spoken(at("2026-03-06 09:40", "Asia/Tokyo"), at("2026-03-05 23:30")) == "09:40"
    assert spoken(at("2027-01-01 09:40", "Asia/Tokyo"), at("2026-12-31 10:00")) == "tomorrow 09:40"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 min"),
        (59, "0 min"),
        (6 * 60 + 59, "6 min"),
        (59 * 60 + 59, "59 min"),
        (3600, "1 h"),
        (86_399, "23 h"),
        (86_400, "1 d"),
        (13 * 86_400, "13 d"),
        (14 * 86_400, "2 w"),
        (36 * 86_400, "5 w"),
    ],
)
def test_ago(seconds: int, said: str) -> None:
    assert ago(THURSDAY - timedelta(seconds=seconds), THURSDAY) == said
    assert ago(THURSDAY + timedelta(seconds=seconds), THURSDAY) == said


def test_ago_across_a_clock_change_counts_real_time() -> None:
    assert ago(at("2026-03-28 12:00"), at("2026-03-29 12:00")) == "23 h"


# --- any text, zone and hours ---------------------------------------------------------------------------------

WINDOWS = ["mon-fri 09:00-17:00", "wed,fri 08:00-18:00", "mon-sun 00:00-24:00", "sun 01:00-04:00", "tue 23:00-24:00"]
HOURS = st.sampled_from([STANDARD, *map(Hours.parse, WINDOWS)])
ZONES = st.sampled_from(["UTC", ZONE, "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana"])
WALLS = st.datetimes(datetime.fromisoformat("2008-01-01"), datetime.fromisoformat("2036-01-01"))
NOWS = WALLS.map(lambda wall: wall.replace(tzinfo=UTC))
VOCABULARY = """
    today tomorrow next end of month week eod eow q1 q4 fri tue june 3 12 31 29/2 2027 +3bd +2h in 2 weeks a at
    3pm 15:30 9:00 noon morning afternoon the 15th 2026-06-01 am - + / . : 00:00 99 feb day after
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.lists(WORDS, max_size=5).map(" ".join) | st.text(max_size=30)


@given(TEXTS, NOWS, ZONES, HOURS)
@example("1:30", at("2026-10-25 02:10").astimezone(UTC), ZONE, Hours.parse("mon-sun 00:00-24:00"))
def test_any_text_is_none_or_an_open_time_not_past(text: str, now: datetime, zone: str, hours: Hours) -> None:
    found = phrase(text, now, zone, hours)
    if found is not None:
        assert found.astimezone(UTC) >= now
        assert is_open(Calendar(hours, zone), found)
        assert str(found.tzinfo) == zone


@given(st.integers(1, 7), NOWS, ZONES, HOURS)
def test_every_digit_lands_open_and_later(digit: int, now: datetime, zone: str, hours: Hours) -> None:
    found = preset(digit, now, zone, hours)
    assert found is not None
    assert found.astimezone(UTC) > now or digit == 1
    assert found.astimezone(UTC) >= now
    assert is_open(Calendar(hours, zone), found)


@given(NOWS, ZONES)
def test_digits_come_in_order(now: datetime, zone: str) -> None:
    tomorrow, week, half = (preset(digit, now, zone) for digit in (2, 3, 6))
    month, quarter, year = (preset(digit, now, zone) for digit in (4, 5, 7))
    assert tomorrow is not None
    assert week is not None
    assert half is not None
    assert month is not None
    assert quarter is not None
    assert year is not None
    assert tomorrow <= week < half
    assert month <= quarter <= year


@given(NOWS, ZONES, HOURS, st.sampled_from(["other-half", "two-business-days", "edge", "two-hours", "now"]))
def test_every_rule_lands_open_and_not_past(now: datetime, zone: str, hours: Hours, rule: str) -> None:
    cal = Calendar(hours, zone)
    found = next_date(rule, now, cal)
    assert found is not None
    assert found.astimezone(UTC) >= now
    assert is_open(cal, found)


@given(NOWS, ZONES)
def test_the_other_half_is_the_other_half_of_the_next_business_day(now: datetime, zone: str) -> None:
    cal, local = Calendar(zone=zone), now.astimezone(ZoneInfo(zone))
    found = other_half(now, cal)
    assert found is not None
    assert found.date() == add_business_days(cal, local.date(), 1)
    assert (found.hour < 13) != (local.hour < 13)
