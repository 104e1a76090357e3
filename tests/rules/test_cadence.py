"""The drip: outside cases, faults named by line, and what holds for every cadence, zone and enrollment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sdr
from sdr.models.terms import Channel
from sdr.rules.cadence import Cadence, Planned, PlaybookError, Step, arrival, next_touch, parse_cadence, plan
from sdr.rules.calendar import Calendar, Hours, Length, close_of, is_open, landing, working_between

HEAD = 'name = "Test"\nversion = 1\n'
DEFAULT = (Path(sdr.__file__).parent / "playbook" / "cadence.toml").read_text(encoding="utf-8")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def drip(*delays: str, window: str = "", gap: str = "0m") -> Cadence:
    extra = f'window = "{window}"\n' if window else ""
    steps = [f'[[step]]\nname = "s"\nchannel = "call"\ndelay = "{delay}"\n{extra}' for delay in delays]
    return parse_cadence(HEAD + f'minimum_gap = "{gap}"\n' + "".join(steps))


def times(planned: tuple[Planned, ...]) -> list[datetime]:
    return [touch.due_at for touch in planned]


# --- outside cases -------------------------------------------------------------------------------------------


def test_a_landing_on_sunday_waits_for_mondays_opening() -> None:
    """G1."""
    planned = plan(drip("0d", "3d", "3d", window="mon-fri 09:00-18:00"), utc("2026-03-02 17:00"), Calendar())
    assert times(planned) == [utc("2026-03-02 17:00"), utc("2026-03-05 17:00"), utc("2026-03-09 09:00")]
    assert planned[2].moved_from == utc("2026-03-08 17:00")
    assert [touch.moved_from for touch in planned[:2]] == [None, None]
    assert "not a working day" in planned[2].why
    assert {touch.close_at.hour for touch in planned} == {18}


@pytest.mark.parametrize(
    ("start", "delay", "expected"),
    [
        ("2026-03-07 12:00", "0d", "2026-03-09 09:00"),  # G2: enrolled on Saturday
        ("2026-03-06 10:00", "3d", "2026-03-09 10:00"),  # G3
        ("2026-03-05 10:00", "2d", "2026-03-09 09:00"),  # G3
        ("2026-03-06 10:00", "3bd", "2026-03-11 10:00"),  # G4
        ("2026-03-06 10:00", "1bd", "2026-03-09 10:00"),  # G16
        ("2026-03-06 16:00", "2h", "2026-03-09 09:00"),
    ],
)
def test_where_a_step_lands(start: str, delay: str, expected: str) -> None:
    assert times(plan(drip(delay), utc(start), Calendar())) == [utc(expected)]


def test_a_holiday_moves_the_step_and_says_so() -> None:
    cal = Calendar(closed=frozenset({date(2026, 3, 9)}))
    (touch,) = plan(drip("3d"), utc("2026-03-06 10:00"), cal)
    assert touch.due_at == utc("2026-03-10 09:00")
    assert touch.moved_from == utc("2026-03-09 10:00")
    assert touch.why == "3d after enrolling, moved to the next opening: a closed day"


def test_business_days_are_the_prospects_not_the_windows() -> None:
    """Three business days after Friday is Wednesday, also for a step that is only done on Thursdays."""
    (touch,) = plan(drip("3bd", window="thu 09:00-17:00"), utc("2026-03-06 10:00"), Calendar())
    assert touch.moved_from == utc("2026-03-11 10:00")
    assert touch.due_at == utc("2026-03-12 09:00")


# --- what really happened ------------------------------------------------------------------------------------


def test_a_late_step_shifts_the_rest_and_nothing_catches_up() -> None:
    cadence = drip("0d", "2bd", "2bd")
    touch = next_touch(cadence, 1, utc("2026-03-12 11:15"), Calendar())  # it was due on the 2nd
    assert touch is not None
    assert (touch.step.number, touch.due_at) == (2, utc("2026-03-16 11:15"))
    assert touch.why == "2bd after step 1"


def test_after_the_last_step_there_is_none() -> None:
    assert next_touch(drip("0d"), 1, utc("2026-03-02 09:00"), Calendar()) is None


def test_no_open_hours_is_no_touch() -> None:
    never = Calendar(Hours(((),) * 7))
    assert plan(drip("0d"), utc("2026-03-02 09:00"), never) == ()
    assert plan(drip("1bd"), utc("2026-03-02 09:00"), never) == ()


def test_the_minimum_gap_holds_between_touches_but_not_before_the_first() -> None:
    planned = plan(drip("0m", "10m", gap="2h"), utc("2026-03-02 09:00"), Calendar())
    assert times(planned) == [utc("2026-03-02 09:00"), utc("2026-03-02 11:00")]
    assert planned[1].why == "10m after step 1, kept 2h apart"


def test_earliest_holds_a_touch_back() -> None:
    touch = next_touch(drip("0d", "1bd"), 1, utc("2026-03-02 09:00"), Calendar(), utc("2026-03-05 18:00"))
    assert touch is not None
    assert touch.due_at == utc("2026-03-06 09:00")
    assert touch.moved_from == utc("2026-03-03 09:00")
    assert touch.why == "1bd after step 1, held until it is allowed, moved to the next opening: outside the hours"


def test_the_lunch_break_does_not_end_the_day_of_a_touch() -> None:
    (touch,) = plan(drip("0d", window="mon-fri 09:00-12:00,13:00-16:00"), utc("2026-03-02 09:30"), Calendar())
    assert touch.close_at == utc("2026-03-02 16:00")


def test_dates_are_in_the_prospects_zone_across_a_clock_change() -> None:
    cal = Calendar(zone="America/New_York")
    start = datetime(2026, 3, 6, 14, 30, tzinfo=ZoneInfo("America/New_York"))
    planned = plan(drip("0d", "3d"), start.astimezone(UTC), cal)
    assert [touch.due_at.isoformat() for touch in planned] == [
        "2026-03-06T14:30:00-05:00",
        "2026-03-09T14:30:00-04:00",
    ]


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    zone = ZoneInfo("Europe/Madrid")
    second = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=1)
    always = Calendar(Hours.parse("mon-sun 00:00-24:00"), "Europe/Madrid")
    touch = next_touch(drip("0m", "0m"), 1, second - timedelta(days=2), always, second)
    assert touch is not None
    assert touch.due_at.timestamp() == second.timestamp()


# --- the shipped drip ----------------------------------------------------------------------------------------


def test_the_default_drip_is_eight_touches_on_three_channels_over_fifteen_business_days() -> None:
    cadence, cal = parse_cadence(DEFAULT), Calendar()
    assert len(cadence.steps) == 8
    assert {step.channel for step in cadence.steps} == {Channel.CALL, Channel.EMAIL, Channel.LINKEDIN}
    assert all(step.template and step.blocking for step in cadence.steps)
    for start in ("2026-03-02 09:00", "2026-03-03 11:20", "2026-03-06 16:10", "2026-03-07 12:00"):
        planned = plan(cadence, utc(start), cal)
        first, last = planned[0].due_at, planned[-1].due_at
        days = (last.date() - first.date()).days
        assert sum((first + timedelta(days=n)).weekday() < 5 for n in range(days + 1)) == 15


def test_the_default_drip_calls_at_once_then_alternates_halves_of_the_day() -> None:
    planned = plan(parse_cadence(DEFAULT), utc("2026-03-02 09:10"), Calendar())
    calls = [touch.due_at for touch in planned if touch.step.channel is Channel.CALL]
    assert calls[0] == utc("2026-03-02 09:10")
    assert [call.hour < 12 for call in calls] == [True, False, True, False]


# --- reading -------------------------------------------------------------------------------------------------


def test_what_is_not_said_has_a_default() -> None:
    text = HEAD + '[[step]]\nname = "a"\nchannel = "call"\ndelay = "0m"\n'
    text += '[[step]]\nname = "b"\nchannel = "email"\ndelay = "1bd"\nwindow = "tue 10:00-11:00"\nblocking = false\n'
    call, mail = parse_cadence(text).steps
    assert call == Step(1, "a", Channel.CALL, Length(0, "m"), None, True, True, None)
    window = Hours.parse("tue 10:00-11:00")
    assert mail == Step(2, "b", Channel.EMAIL, Length(1, "bd"), window, False, False, None)
    assert parse_cadence(text).minimum_gap == Length(1, "h")


STEP = '[[step]]\nname = "a"\nchannel = "call"\ndelay = "0m"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no steps"),
        (HEAD, "no steps"),
        (HEAD + "step = 3\n", '"step" must be a list of tables'),
        ('name = "x"\n' + STEP, '"version" must be a whole number'),
        ('name = "x"\nversion = true\n' + STEP, '"version" must be a whole number'),
        ('name = "x"\nversion = 0\n' + STEP, '"version" must be a whole number'),
        ("version = 1\n" + STEP, '"name"'),
        (HEAD + 'minimum_gap = "soon"\n' + STEP, '"minimum_gap": The length "soon"'),
        (HEAD + "windows = 1\n" + STEP, '"windows" is not a field here'),
        (HEAD + STEP + STEP.replace('"call"', '"pigeon"'), 'step number 2, line 9: "channel" must be one of'),
        (HEAD + STEP + STEP.replace('"0m"', '"3 moons"'), 'line 10: "delay": The length "3 moons"'),
        (HEAD + STEP + STEP.replace('"0m"', "3"), 'line 10: "delay" must be a text'),
        (HEAD + STEP.replace('delay = "0m"\n', ""), 'line 3: "delay"'),
        (HEAD + STEP.replace('"a"', '" "'), 'line 4: "name"'),
        (HEAD + STEP + 'window = "mon 17:00-09:00"\n', 'line 7: "window": The hours'),
        (HEAD + STEP + 'blocking = "no"\n', '"blocking" must be true or false'),
        (HEAD + STEP + "colour = 1\n", '"colour" is not a field here'),
        (HEAD + "[[step\n", "line 3"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(PlaybookError) as fault:
        parse_cadence(text)
    assert said in str(fault.value)
    assert str(fault.value).endswith(".")
    assert not str(fault.value).endswith("..")


# --- every cadence, zone and enrollment -----------------------------------------------------------------------

ZONES = sorted(available_timezones())
WINDOWS = ["mon-fri 09:00-17:00", "wed,fri 08:00-18:00", "mon-sun 00:00-24:00", "sun 01:00-04:00", "tue 23:00-24:00"]


@st.composite
def cadences(draw: st.DrawFn) -> Cadence:
    lengths = st.builds(Length, st.integers(0, 30), st.sampled_from(["s", "m", "h", "d", "bd", "w"]))
    base = drip(*["0m"] * draw(st.integers(1, 5)))
    windows = st.none() | st.sampled_from(WINDOWS).map(Hours.parse)
    posted = st.none() | lengths
    steps = tuple(
        step._replace(delay=draw(lengths), window=draw(windows), lead_time=draw(posted)) for step in base.steps
    )
    return base._replace(steps=steps, minimum_gap=draw(lengths))


STARTS = st.datetimes(datetime.fromisoformat("2011-12-01"), datetime.fromisoformat("2036-01-01"))
CLOSED = st.frozensets(st.dates(date(2011, 12, 1), date(2036, 12, 31)), max_size=5)


@st.composite
def places(draw: st.DrawFn) -> Calendar:
    """Any zone, with holidays, closures and time off: some at random, and some right where touches land."""
    near = draw(STARTS).date()
    close = {near + timedelta(days=draw(st.integers(0, 40))) for _ in range(draw(st.integers(0, 8)))}
    hours, zone = draw(st.sampled_from(WINDOWS).map(Hours.parse)), draw(st.sampled_from(ZONES))
    return Calendar(hours, zone, draw(CLOSED) | close)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A place and a start, as often as not within days of a clock change or a closed date there."""
    cal, start = draw(places()), draw(STARTS)
    if cal.closed and draw(st.booleans()):
        start = datetime.combine(min(cal.closed), start.time()) - timedelta(days=draw(st.integers(0, 9)))
    return cal, start.replace(tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(cadences(), entries())
def test_a_touch_is_never_in_the_past_outside_its_window_on_a_closed_day_or_too_near(
    cadence: Cadence, entry: tuple[Calendar, datetime]
) -> None:
    cal, start = entry
    planned = plan(cadence, start, cal)
    assert [touch.step for touch in planned] == list(cadence.steps)
    before = start
    for touch in planned:
        window = cal.within(touch.step.window)
        due = touch.due_at.astimezone(UTC)
        posted = cadence.steps[touch.step.number - 2] if touch.step.number > 1 else None
        counted = arrival(posted, before, cal) if posted else before
        assert counted is not None
        wanted = landing(cal, counted, touch.step.delay)
        assert wanted is not None
        assert touch.due_at.astimezone(ZoneInfo(cal.zone)).date() not in cal.closed
        assert due >= wanted.astimezone(UTC) >= before.astimezone(UTC)
        assert is_open(window, touch.due_at)
        # In UTC: by the wall clock a window that ends as a clock goes forward would be left through the gap.
        assert close_of(window, touch.close_at.astimezone(UTC) - timedelta(microseconds=1)) == touch.close_at
        assert due < touch.close_at.astimezone(UTC)
        assert (touch.moved_from is None) == (due == wanted.astimezone(UTC))
        if touch.step.number > 1:
            gap = landing(cal, before, cadence.minimum_gap)
            assert gap is not None
            assert due >= gap.astimezone(UTC)
            wanted = max(wanted, gap, key=datetime.timestamp)
        assert working_between(window, wanted, touch.due_at) == 0  # the first chance, not a later one
        before = touch.due_at


@given(cadences(), entries(), st.integers(0, 10**7))
def test_earliest_is_obeyed(cadence: Cadence, entry: tuple[Calendar, datetime], later: int) -> None:
    cal, start = entry
    now = start + timedelta(seconds=later)
    touch = next_touch(cadence, 0, start, cal, earliest=now)
    assert touch is not None
    assert touch.due_at.astimezone(UTC) >= now
