"""What a day holds, and work spread over days: never more than fits, the worthier first, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import NextKind
from sdr.rules.capacity import (
    ENOUGH_ACTS,
    HORIZON,
    LONGEST_ACT,
    USUAL_PACE,
    Act,
    Diary,
    Job,
    Pace,
    day_holds,
    fitting,
    pace_of,
    place,
    spread,
)

MONDAY = date(2026, 3, 2)


def weekdays(minutes: float) -> Callable[[date], float]:
    return lambda day: minutes if day.weekday() < 5 else 0.0


@pytest.mark.parametrize(
    ("calls", "open_minutes", "held"),
    [(45, 480, 180), (45, 120, 120), (0, 480, 480), (-3, 60, 60), (45, 0, 0), (1, 480, 4)],
)
def test_a_day_holds_the_calls_of_the_rep_and_never_more_than_its_hours(
    calls: int, open_minutes: float, held: float
) -> None:
    assert day_holds(calls, open_minutes) == held


def test_minutes_are_those_of_the_kind() -> None:
    assert tuple(map(USUAL_PACE.minutes_of, (NextKind.CALL, NextKind.LETTER, NextKind.OTHER))) == (4.0, 1.0, 3.0)


def test_a_full_day_sends_the_next_item_to_the_next_open_day() -> None:
    diary = Diary(weekdays(8))
    friday = MONDAY + timedelta(days=4)
    jobs = [Job(key, 4, 50, friday) for key in range(4)]
    assert list(spread(jobs, diary).values()) == [friday, friday, MONDAY + timedelta(7), MONDAY + timedelta(7)]


def test_what_a_day_held_before_counts() -> None:
    diary = Diary(weekdays(10), lambda day: 8.0 if day == MONDAY else 0.0)
    assert place(Job(1, 4, 0, MONDAY), diary) == MONDAY + timedelta(1)
    assert place(Job(2, 2, 0, MONDAY), diary) == MONDAY
    assert diary.room(MONDAY) == 0


def test_an_item_too_long_for_any_day_stands_alone_on_one() -> None:
    diary = Diary(weekdays(5))
    placed = spread([Job(1, 1, 90, MONDAY), Job(2, 60, 50, MONDAY), Job(3, 1, 10, MONDAY)], diary)
    assert placed == {1: MONDAY, 2: MONDAY + timedelta(1), 3: MONDAY}


def test_an_item_that_never_can_be_done_has_no_day_and_takes_none() -> None:
    diary = Diary(weekdays(5))
    assert place(Job(1, 1, 50, MONDAY, lambda _day: None), diary) is None
    assert diary.taken(MONDAY) == 0


def test_a_rep_without_any_working_day_keeps_the_first_day() -> None:
    assert place(Job(1, 1, 50, MONDAY), Diary(lambda _day: 0.0)) == MONDAY


def test_an_item_that_can_be_done_later_than_the_horizon_only_keeps_its_day() -> None:
    far = MONDAY + HORIZON + timedelta(days=1)
    assert place(Job(1, 1, 50, MONDAY, lambda day: max(day, far)), Diary(weekdays(5))) == far


WORK = st.lists(
    st.tuples(st.sampled_from([0.5, 1, 2, 3, 4, 6, 30]), st.integers(0, 99), st.integers(0, 9)), max_size=60
)
CLOSED = st.frozensets(st.integers(0, 40), max_size=20)


def landing_off(closed: frozenset[int]) -> Callable[[date], date]:
    def lands(day: date) -> date:
        while (day - MONDAY).days in closed:
            day += timedelta(days=1)
        return day

    return lands


@given(WORK, st.integers(4, 60), CLOSED, st.data())
def test_spreading(work: list[tuple[float, int, int]], holds: int, shut: frozenset[int], data: st.DataObject) -> None:
    """All placed, on a day they can be, none over its day's minutes but a lone long one, the worthier not later."""
    theirs = [landing_off(data.draw(st.sampled_from([frozenset(), shut]))) for _ in work]
    jobs = [
        Job(key, minutes, rank, MONDAY + timedelta(days=since), lands)
        for key, ((minutes, rank, since), lands) in enumerate(zip(work, theirs, strict=True))
    ]
    placed = spread(jobs, Diary(weekdays(holds)))
    assert placed.keys() == {job.key for job in jobs}
    used: Counter[date] = Counter()
    for job in jobs:
        day = placed[job.key]
        assert day is not None
        assert day >= job.since
        assert job.lands(day) == day
        assert day.weekday() < 5
        used[day] += job.minutes  # type: ignore[assignment]
    for day, minutes in used.items():
        alone = sum(1 for where in placed.values() if where == day) == 1
        assert minutes <= holds or alone
    for high in jobs:
        for low in jobs:
            there, here = placed[low.key], placed[high.key]
            assert there is not None
            assert here is not None
            could = there >= high.since and high.lands(there) == there
            if high.rank > low.rank and high.minutes <= low.minutes <= holds and could:
                assert here <= there


# --- the rep's own pace ----------------------------------------------------------------------------------------

MINUTE = 60_000


def run(kind: NextKind | None, gaps: list[float], start: int = 0, seconds: int = 0) -> list[Act]:
    """Acts of one kind, each so many minutes after the one before; the first stands at `start`."""
    acts, at = [Act(start, None)], start
    for gap in gaps:
        at += round(gap * MINUTE)
        acts.append(Act(at, kind, seconds))
    return acts


def test_own_minutes_are_the_median_of_the_gaps() -> None:
    pace = pace_of(run(NextKind.CALL, [2.0, 3.0, 7.0] * ENOUGH_ACTS))
    assert pace.minutes_of(NextKind.CALL) == 3.0
    assert pace.minutes_of(NextKind.EMAIL) == USUAL_PACE.minutes_of(NextKind.EMAIL)


@pytest.mark.parametrize(("count", "own"), [(ENOUGH_ACTS - 1, False), (ENOUGH_ACTS, True)])
def test_too_few_acts_say_nothing(count: int, own: bool) -> None:
    assert (NextKind.CALL in pace_of(run(NextKind.CALL, [1.0] * count)).own) is own


def test_a_break_is_no_work_and_a_call_after_it_took_as_long_as_it_lasted() -> None:
    lunch = [LONGEST_ACT + 1] * ENOUGH_ACTS
    assert pace_of(run(NextKind.EMAIL, lunch)).own == {}
    assert pace_of(run(NextKind.CALL, lunch, seconds=360)).own == {NextKind.CALL: 6.0}
    assert pace_of(run(NextKind.CALL, [1.0] * ENOUGH_ACTS, seconds=360)).own == {NextKind.CALL: 6.0}


def test_what_was_done_in_one_moment_shares_the_time_before_it() -> None:
    acts = [Act(0, None), *(Act(10 * MINUTE, NextKind.LETTER) for _ in range(ENOUGH_ACTS))]
    assert pace_of(acts).own == {NextKind.LETTER: 10 / ENOUGH_ACTS}
    hundreds = [Act(0, None), *(Act(MINUTE, NextKind.LETTER) for _ in range(600))]
    assert pace_of(hundreds).own == {NextKind.LETTER: 0.1}


@given(
    st.lists(st.tuples(st.integers(0, 10**10), st.sampled_from([*NextKind, None]), st.integers(0, 9_000)), max_size=80)
)
def test_no_work_takes_no_time(found: list[tuple[int, NextKind | None, int]]) -> None:
    pace = pace_of(Act(*one) for one in sorted(found, key=lambda one: one[0]))
    assert all(minutes > 0 for minutes in pace.own.values())


def test_nobody_who_did_nothing_has_a_pace_of_their_own() -> None:
    assert pace_of([]) == USUAL_PACE


def test_a_quicker_rep_needs_less_of_the_day_for_the_same_calls() -> None:
    assert day_holds(45, 480, Pace({NextKind.CALL: 2.0})) == 90


@pytest.mark.parametrize(
    ("work", "minutes", "fits"),
    [([4, 4, 4], 12, 3), ([4, 4, 4], 11.9, 2), ([], 10, 0), ([5], 0, 0), ([20, 1], 10, 0), ([1], -3, 0)],
)
def test_what_fits_is_done_in_order_until_the_time_is_up(work: list[float], minutes: float, fits: int) -> None:
    assert fitting(work, minutes) == fits
