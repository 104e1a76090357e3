"""When a place is open, when a clock runs out, where a delay lands: outside cases, then every zone there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sdr.models.terms import zone_of
from sdr.rules import calendar
from sdr.rules.calendar import (
    STANDARD,
    Calendar,
    CalendarError,
    Hours,
    Length,
    Span,
    add_business_days,
    add_working,
    close_of,
    day_close,
    delayed,
    due,
    holidays_of,
    is_open,
    landing,
    local_time,
    next_open,
    opening,
    working_between,
)
from sdr.rules.clock_changes import micros

NEVER = Hours(((),) * 7)
ALWAYS = Hours.parse("mon-sun 00:00-24:00")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def there(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


# --- outside cases -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ("2024-01-01 10:00", "1h", "2024-01-01 11:00"),  # F1
        ("2024-01-01 16:00", "2h", "2024-01-02 10:00"),  # F2
        ("2024-01-01 09:00", "8h", "2024-01-01 17:00"),  # a whole day ends with the day, not the next morning
        ("2024-01-01 16:59:30", "90s", "2024-01-02 09:01"),
        ("2024-01-01 17:00", "5m", "2024-01-02 09:05"),  # the end of a window is outside it
        ("2024-01-06 11:00", "1h", "2024-01-08 10:00"),  # arrives on Saturday: starts on Monday
        ("2024-01-06 11:00", "0m", "2024-01-08 09:00"),
        ("2024-01-06 11:00", "1bd", "2024-01-09 09:00"),
        ("2024-01-05 10:00", "3bd", "2024-01-10 10:00"),
        ("2024-01-05 10:00", "1d", "2024-01-08 09:00"),
        ("2024-01-01 10:00", "2w", "2024-01-15 10:00"),
        ("2024-01-01 10:00", "40h", "2024-01-08 10:00"),
    ],
)
def test_response_clock(start: str, length: str, expected: str) -> None:
    assert due(Calendar(), utc(start), Length.parse(length)) == utc(expected)


@pytest.mark.parametrize(
    ("a", "b", "seconds"),
    [
        ("2024-01-12 10:00", "2024-01-16 12:00", 36_000),  # F3, with the holiday below
        ("2024-01-08 10:00", "2024-01-08 12:00", 7_200),  # F4
        ("2024-01-13 10:00", "2024-01-14 18:00", 0),  # F4
        ("2024-01-08 12:00", "2024-01-08 10:00", -7_200),
        ("2023-12-29 16:00", "2024-01-02 10:00", 3_600 + 8 * 3_600 + 3_600),  # over the year's end
    ],
)
def test_working_seconds_between(a: str, b: str, seconds: int) -> None:
    cal = Calendar(closed=frozenset({date(2024, 1, 15)}))
    assert working_between(cal, utc(a), utc(b)) == seconds


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ("2024-01-05 10:00", "3d", "2024-01-08 10:00"),  # G3: Friday + 3d is Monday
        ("2024-01-04 10:00", "2d", "2024-01-08 09:00"),  # G3: Thursday + 2d is Saturday, so Monday's opening
        ("2024-01-05 10:00", "3bd", "2024-01-10 10:00"),  # G4
        ("2024-01-06 10:00", "0d", "2024-01-08 09:00"),  # G2
        ("2024-01-05 10:00", "1bd", "2024-01-08 10:00"),  # G16
        ("2024-01-01 10:00", "2h", "2024-01-01 12:00"),
        ("2024-01-01 16:30", "2h", "2024-01-02 09:00"),  # elapsed, unlike a response clock
        ("2024-01-01 10:00", "1w", "2024-01-08 10:00"),
    ],
)
def test_cadence_delay(start: str, length: str, expected: str) -> None:
    assert delayed(Calendar(), utc(start), Length.parse(length)) == utc(expected)


def test_a_closed_day_moves_business_days_but_not_calendar_days() -> None:
    cal = Calendar(closed=frozenset({date(2024, 1, 8)}))
    assert add_business_days(cal, date(2024, 1, 5), 1) == date(2024, 1, 9)
    assert add_business_days(cal, date(2024, 1, 8), 0) == date(2024, 1, 9)
    assert delayed(cal, utc("2024-01-05 10:00"), Length(3, "d")) == utc("2024-01-09 09:00")


# --- clock changes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ("2026-03-27 10:00", "3d", "2026-03-30 10:00"),  # the local time is kept, 71 real hours
        ("2026-10-23 10:00", "3d", "2026-10-26 10:00"),
        ("2026-03-28 02:30", "1d", "2026-03-29 03:30"),  # 02:30 does not exist that night
        ("2026-10-24 02:30", "1d", "2026-10-25 02:30"),  # comes twice: the first
        ("2026-03-29 01:30", "2h", "2026-03-29 04:30"),  # hours elapse
    ],
)
def test_delays_across_a_clock_change(start: str, length: str, expected: str) -> None:
    cal = Calendar(ALWAYS, "Europe/Madrid")
    found = delayed(cal, there(start, "Europe/Madrid"), Length.parse(length))
    assert found == there(expected, "Europe/Madrid")
    assert found.isoformat() == there(expected, "Europe/Madrid").isoformat()


def test_a_zero_delay_in_the_hour_that_comes_twice_stays_where_it_is() -> None:
    second = there("2026-10-25 02:30", "Europe/Madrid", fold=1)
    found = delayed(Calendar(ALWAYS, "Europe/Madrid"), second, Length(0, "d"))
    assert found is not None
    assert found.timestamp() == second.timestamp()


def test_from_the_second_coming_of_an_hour_to_a_night_that_skips_it() -> None:
    second = there("2026-10-25 02:30", "Europe/Madrid", fold=1)
    found = landing(Calendar(ALWAYS, "Europe/Madrid"), second, Length(154, "d"))
    assert found == there("2027-03-28 03:30", "Europe/Madrid")


def test_a_day_of_24_hours_on_the_clock_has_23_or_25_to_work() -> None:
    cal = Calendar(ALWAYS, "Europe/Madrid")
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-07-01", 24)):
        midnight = there(f"{day} 00:00", "Europe/Madrid")
        close = close_of(cal, midnight)
        assert close is not None
        assert working_between(cal, midnight, close) == hours * 3600
        assert close.time() == time(0)


def test_a_window_inside_the_repeated_hour_opens_twice() -> None:
    cal = Calendar(Hours.parse("sun 02:15-02:45"), "Europe/Madrid")
    first, again = (there("2026-10-25 02:15", "Europe/Madrid", fold) for fold in (0, 1))
    assert next_open(cal, first - timedelta(days=1)) == first
    between = next_open(cal, first.astimezone(UTC) + timedelta(minutes=30))
    assert between is not None
    assert between.timestamp() == again.timestamp()


def test_time_runs_forward_while_the_wall_clock_goes_back() -> None:
    first, again = there("2026-10-25 02:50", "Europe/Madrid"), there("2026-10-25 02:10", "Europe/Madrid", fold=1)
    cal = Calendar(ALWAYS, "Europe/Madrid")
    assert working_between(cal, first, again) == 20 * 60
    assert working_between(cal, first, again.replace(microsecond=500_000)) == 20 * 60  # whole seconds


def test_two_windows_inside_the_repeated_hour_open_in_the_order_of_real_time() -> None:
    cal = Calendar(Hours.parse("sun 02:05-02:20,02:30-02:45"), "Europe/Madrid")
    at, seen = there("2026-10-25 00:00", "Europe/Madrid"), []
    for _ in range(4):
        opening = next_open(cal, at)
        assert opening is not None
        close = close_of(cal, opening)
        assert close is not None
        seen.append((opening.minute, opening.fold))
        at = close
    assert seen == [(5, 0), (30, 0), (5, 1), (30, 1)]


def test_the_first_and_last_hours_of_a_year_are_open_in_every_zone() -> None:
    for zone in ("Pacific/Kiritimati", "Asia/Tokyo", "UTC", "Pacific/Pago_Pago"):
        for text in ("2026-01-01 00:00", "2026-12-31 23:59"):
            assert is_open(Calendar(ALWAYS, zone), there(text, zone))


def test_a_window_that_ends_at_midnight_closes_its_own_day() -> None:
    late = Calendar(Hours.parse("mon-sun 08:00-12:00,20:00-24:00"))
    assert day_close(late, utc("2026-03-02 09:00")) == utc("2026-03-03 00:00")
    assert day_close(Calendar(ALWAYS), utc("2026-03-02 09:00")) == utc("2026-03-03 00:00")


def test_a_day_that_a_zone_skipped_is_never_open() -> None:
    """Samoa went from 29 to 31 December 2011, crossing the date line."""
    cal = Calendar(ALWAYS, "Pacific/Apia")
    before = there("2011-12-29 23:59:59", "Pacific/Apia")
    assert working_between(cal, before, before.astimezone(UTC) + timedelta(seconds=2)) == 2
    weekdays = Calendar(Hours.parse("fri 09:00-17:00"), "Pacific/Apia")
    assert next_open(weekdays, before) == there("2012-01-06 09:00", "Pacific/Apia")


# --- no working day, far ends ---------------------------------------------------------------------------------


def test_no_working_day_is_none_not_a_loop() -> None:
    shut = Calendar(NEVER)
    now = utc("2026-01-01 10:00")
    assert next_open(shut, now) is None
    assert add_working(shut, now, 60) is None
    assert add_business_days(shut, now.date(), 1) is None
    assert due(shut, now, Length(1, "h")) is None
    assert delayed(shut, now, Length(1, "bd")) is None
    assert working_between(shut, now, now + timedelta(days=4000)) == 0
    assert close_of(shut, now) is None


def test_closed_for_years_is_none() -> None:
    shut = Calendar(closed=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(1100)))
    assert next_open(shut, utc("2026-01-01 10:00")) is None


def test_more_work_than_a_hundred_years_hold_is_none() -> None:
    assert add_working(Calendar(), utc("2026-01-01 10:00"), 10**12) is None
    assert add_business_days(Calendar(), date(2026, 1, 1), 10**6) is None


def test_counting_backward_is_refused_in_words() -> None:
    with pytest.raises(CalendarError, match="forward"):
        add_working(Calendar(), utc("2026-01-01 10:00"), -1)
    with pytest.raises(CalendarError, match="forward"):
        add_business_days(Calendar(), date(2026, 1, 1), -1)


def test_the_lunch_break_closes_the_window_but_not_the_day() -> None:
    cal = Calendar(Hours.parse("mon-fri 09:00-12:00,13:00-17:00"))
    morning = utc("2026-03-02 11:00")
    assert close_of(cal, morning) == utc("2026-03-02 12:00")
    assert day_close(cal, morning) == utc("2026-03-02 17:00")
    assert day_close(cal, utc("2026-03-02 12:30")) is None
    assert add_working(cal, morning, 7200) == utc("2026-03-02 14:00")
    assert next_open(cal, utc("2026-03-02 12:00")) == utc("2026-03-02 13:00")


# --- reading hours, lengths, holidays -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Mon-Fri 9:00-17:00", "mon,tue,wed,thu,fri 09:00-17:00"),
        ("mon – fri 09:00 – 17:00", "mon-fri 09:00-17:00"),
        ("fri-mon 10:00-11:00", "fri,sat,sun,mon 10:00-11:00"),
        ("mon 09:00-12:00; mon 11:00-17:00", "monday 09:00-17:00"),
        ("mon 12:00-17:00,09:00-12:00", "mon 09:00-17:00"),
        ("mon 09:00-17:00; mon 10:00-11:00", "mon 09:00-17:00"),
        ("mon 22:00-24:00; mon 09:00-10:00", "mon 09:00-10:00,22:00-24:00"),
        ("wed,fri 08:00-18:00;tue 8:00-9:00", "tue 08:00-09:00; wed 08:00-18:00; fri 08:00-18:00"),
    ],
)
def test_ways_to_write_the_same_hours(text: str, same: str) -> None:
    assert Hours.parse(text) == Hours.parse(same)


def test_hours_are_read_to_the_weekday_and_minute() -> None:
    week = Hours.parse("wed,fri 08:00-18:30").week
    assert [len(spans) for spans in week] == [0, 0, 1, 0, 1, 0, 0]
    assert week[2] == (Span(time(8), time(18, 30)),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mon-fri",
        "09:00-17:00",
        "mo 09:00-17:00",
        "mon-xyz 09:00-17:00",
        "mon- 09:00-17:00,",
        "mon 17:00-09:00",
        "mon 09:00-09:00",
        "mon 09:60-10:00",
        "mon 09:00-25:00",
        "mon 9-17",
        "mon 09:00-17:00;",
        "mon ٠٩:٠٠-١٧:٠٠",
    ],
)
def test_hours_that_make_no_sense_say_how_to_write_them(text: str) -> None:
    with pytest.raises(CalendarError, match=r" .*[.]$"):
        Hours.parse(text)


def test_hours_built_by_hand_must_be_in_order() -> None:
    late_first = (Span(time(13), time(17)), Span(time(9), time(12)))
    with pytest.raises(CalendarError):
        Hours((late_first, *((),) * 6))
    with pytest.raises(CalendarError):
        Hours(((),) * 6)


@pytest.mark.parametrize("text", ["90s", "15m", "4h", "3d", "3bd", "2w", "0d"])
def test_lengths_read_and_print_alike(text: str) -> None:
    assert str(Length.parse(f" {text.upper()} ")) == text


@pytest.mark.parametrize("text", ["", "3", "d", "-3d", "3.5h", "3 months", "3y", "٣d", "99999999w", "3d4h"])
def test_lengths_that_make_no_sense(text: str) -> None:
    with pytest.raises(CalendarError):
        Length.parse(text)


def test_holidays_are_known_by_country_and_region() -> None:
    assert date(2026, 7, 4) in holidays_of("us", [2026])
    assert date(2026, 1, 6) in holidays_of("DE", [2026], "BY")
    assert date(2026, 1, 6) not in holidays_of("DE", [2026])
    assert {day.year for day in holidays_of("ES", range(2025, 2028))} == {2025, 2026, 2027}


@pytest.mark.parametrize(("country", "region"), [("XX", None), ("DE", "nowhere"), ("", None), ("[/]", None)])
def test_an_unknown_country_is_refused_without_repeating_it(country: str, region: str | None) -> None:
    with pytest.raises(CalendarError, match="ISO codes") as refusal:
        holidays_of(country, [2026], region)
    assert "[/]" not in str(refusal.value)


# --- every zone, every clock change ---------------------------------------------------------------------------

ZONES = sorted(name for name in available_timezones() if "/" in name or name == "UTC")


def _changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The days of `year` before the end of which the offset of `zone` is another one."""
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(366)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return [day for day, a, b in zip(days, offsets, offsets[1:], strict=False) if a != b]


WALLS = st.datetimes(datetime.fromisoformat("1975-01-01"), datetime.fromisoformat("2037-01-01"))


@st.composite
def moments(draw: st.DrawFn, zone: str) -> datetime:
    """A moment in any year, or, as likely, within three days of a clock change of `zone`."""
    near, year = draw(st.booleans()), draw(st.integers(1975, 2036))
    changes = _changes(ZoneInfo(zone), year) if near else []
    if changes:
        moment = draw(st.sampled_from(changes)) + timedelta(seconds=draw(st.integers(-3 * 86_400, 3 * 86_400)))
    else:
        moment = draw(WALLS).replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone))


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    week = []
    for _ in range(7):
        marks = sorted(draw(st.sets(st.integers(0, 96), max_size=4)))
        marks = marks[: len(marks) // 2 * 2]
        week.append(
            tuple(
                Span(time(a // 4, a % 4 * 15), time(b // 4 % 24, b % 4 * 15))
                for a, b in zip(marks[::2], marks[1::2], strict=True)
            )
        )
    return Hours(tuple(week))


@st.composite
def places(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    zone = draw(st.sampled_from(ZONES))
    moment = draw(moments(zone))
    offsets = draw(st.frozensets(st.integers(-3, 10), max_size=4))
    closed = frozenset(moment.date() + timedelta(days=n) for n in offsets)
    return Calendar(draw(hours()), zone, closed), moment


def clock_says_open(cal: Calendar, moment: datetime) -> bool:
    """The definition, written again from the wall clock alone."""
    wall = moment.astimezone(ZoneInfo(cal.zone)).replace(tzinfo=None)
    if wall.date() in cal.closed:
        return False
    midnight = datetime.combine(wall.date(), time())
    for span in cal.hours.week[wall.weekday()]:
        end = datetime.combine(wall.date(), span.end)
        if span.end == time(0):
            end += timedelta(days=1)
        if midnight <= datetime.combine(wall.date(), span.start) <= wall < end:
            return True
    return False


@given(places())
def test_open_is_what_the_wall_clock_says(place: tuple[Calendar, datetime]) -> None:
    cal, moment = place
    start = moment.astimezone(UTC).replace(second=0, microsecond=0)
    for quarter in range(-96, 97):
        at = start + timedelta(minutes=15 * quarter)
        assert is_open(cal, at) == clock_says_open(cal, at), at.astimezone(ZoneInfo(cal.zone))


@given(places(), st.booleans())
def test_an_opening_by_the_wall_clock_is_the_one_of_the_years_index(
    place: tuple[Calendar, datetime], local: bool
) -> None:
    cal, moment = place
    moment = moment.astimezone(zone_of(cal.zone) if local else UTC)
    found = opening(cal, moment)
    at_once = moment.astimezone(zone_of(cal.zone))
    assert found == calendar._opening(cal, micros(moment), at_once)
    if found is not None:
        ends = [calendar._opening(cal, micros(moment), at_once)[each] for each in (0, 1)]
        assert [each.fold for each in found] == [each.fold for each in ends]
        assert (found[0] is moment) == (local and is_open(cal, moment))


@given(places())
def test_working_seconds_are_the_open_seconds(place: tuple[Calendar, datetime]) -> None:
    """Hours and clock changes fall on whole minutes in these years, so counting minutes is exact."""
    cal, moment = place
    start = moment.astimezone(UTC).replace(second=0, microsecond=0)
    minutes = [start + timedelta(minutes=n) for n in range(0, 2 * 1440)]
    opened = 60 * sum(clock_says_open(cal, minute) for minute in minutes)
    assert working_between(cal, start, start + timedelta(days=2)) == opened


@given(places())
def test_next_open_is_open_never_earlier_and_nothing_is_open_before_it(
    place: tuple[Calendar, datetime],
) -> None:
    cal, moment = place
    found = next_open(cal, moment)
    if found is None:
        assert not any(cal.hours.week)
        return
    assert found.astimezone(UTC) >= moment.astimezone(UTC)
    assert clock_says_open(cal, found)
    assert working_between(cal, moment, found) == 0
    assert next_open(cal, found) == found
    close, last = close_of(cal, found), day_close(cal, found)
    assert close is not None
    assert last is not None
    assert found.astimezone(UTC) < close.astimezone(UTC) <= last.astimezone(UTC)
    assert working_between(cal, found, close) == (close.astimezone(UTC) - found.astimezone(UTC)) // timedelta(seconds=1)


@given(places(), st.integers(0, 1_000_000))
def test_adding_and_measuring_working_time_agree(place: tuple[Calendar, datetime], seconds: int) -> None:
    cal, moment = place
    found = add_working(cal, moment, seconds)
    if found is None:
        assert not any(cal.hours.week)
        return
    assert working_between(cal, moment, found) == seconds
    if seconds:  # the earliest such time: a second before, the work is not yet done
        assert working_between(cal, moment, found.astimezone(UTC) - timedelta(seconds=1)) < seconds


@given(places(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_working_time_adds_up(place: tuple[Calendar, datetime], near: int, far: int) -> None:
    cal, moment = place
    assume(any(cal.hours.week))
    start = moment.astimezone(UTC).replace(microsecond=0)
    middle, end = start + timedelta(seconds=near), start + timedelta(seconds=near + far)
    whole = working_between(cal, start, end)
    assert working_between(cal, start, middle) + working_between(cal, middle, end) == whole
    assert working_between(cal, end, start) == -whole


@given(places(), st.integers(0, 400), st.sampled_from(["s", "m", "h", "d", "bd", "w"]))
def test_delays_land_open_and_never_before_the_start(place: tuple[Calendar, datetime], count: int, unit: str) -> None:
    cal, moment = place
    for rule in (due, delayed):
        found = rule(cal, moment, Length(count, unit))
        if found is None:
            assert not any(cal.hours.week)
            continue
        assert found.astimezone(UTC) >= moment.astimezone(UTC)
        closes = rule is due and unit in ("s", "m", "h")  # such a clock may run out at the closing itself
        assert closes or is_open(cal, found)


@given(places(), st.integers(1, 400))
def test_day_delays_keep_the_wall_time(place: tuple[Calendar, datetime], count: int) -> None:
    cal, moment = place
    found = landing(cal, moment, Length(count, "d"))
    assert found is not None
    wanted = datetime.combine(moment.date() + timedelta(days=count), moment.time())
    wall = found.replace(tzinfo=None, fold=0)
    exists = wanted.replace(tzinfo=ZoneInfo(cal.zone)).astimezone(UTC).astimezone(ZoneInfo(cal.zone))
    assert wall == wanted or exists.replace(tzinfo=None, fold=0) != wanted  # moved only if it does not exist
    assert wall >= wanted


@given(places(), st.integers(0, 60))
def test_business_days_count_what_they_skip(place: tuple[Calendar, datetime], n: int) -> None:
    cal, moment = place
    assume(any(cal.hours.week))
    start = moment.date()
    found = add_business_days(cal, start, n)
    assert found is not None
    days = [start + timedelta(days=k) for k in range((found - start).days + 1)]
    working = [day for day in days if cal.hours.week[day.weekday()] and day not in cal.closed]
    assert working[-1] == found
    assert len([day for day in working if day > start]) == n or (n == 0 and working == [found])


@given(st.sampled_from(ZONES), WALLS)
def test_local_time_is_real(zone: str, wall: datetime) -> None:
    found = local_time(zone, wall.date(), wall.time())
    assert found.replace(tzinfo=None, fold=0) >= wall
    assert found.astimezone(UTC).astimezone(ZoneInfo(zone)).isoformat() == found.isoformat()


def test_standard_hours_are_forty() -> None:
    monday = utc("2026-03-02 00:00")
    assert working_between(Calendar(STANDARD), monday, monday + timedelta(days=7)) == 40 * 3600
