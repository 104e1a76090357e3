"""What a day holds, and work spread over days: never more than fits, the worthier first, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import NextKind
from sdr.rules.capacity import HORIZON, Diary, Job, day_holds, minutes_of, place, spread

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
    assert (minutes_of(NextKind.CALL), minutes_of(NextKind.LETTER), minutes_of(NextKind.OTHER)) == (4.0, 1.0, 3.0)


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
