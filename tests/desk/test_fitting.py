"""What of the queue fits into the rest of the day: by the rep's own minutes, promises first, never a day off."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from sdr.desk import fitting, workload
from sdr.desk.calling import call
from sdr.desk.triage import accept, reject
from sdr.models.terms import NextKind, ms
from sdr.rules.capacity import ENOUGH_ACTS
from sdr.store.changes import Edit
from sdr.store.queries import acts, enrolled, playbook, queue
from sdr.store.session import Reader
from tests.desks import Desk, begin, plans_of, write

HOUR = 3_600_000


def waiting(desk: Desk, count: int, kind: str = "call", band: int = 6, due: int = -HOUR) -> list[int]:
    now = ms(desk.clock())
    given = {"state": "working", "next_kind": kind, "queue_band": band, "due_at": now + due}
    return [
        desk.new_lead(
            name=f"{kind} {number}", email=f"{kind}{number}@acme.example", phone=f"+346{band}0000{number:03}",
            close_at=now + 7 * HOUR if kind == "call" else None, **given,
        )
        for number in range(count)
    ]  # fmt: skip


def today(desk: Desk) -> fitting.Today:
    return desk.store.read(fitting.whole, desk.clock()).result(10)


def evening(desk: Desk, minutes: int) -> None:
    """So many minutes before the rep's hours end, at 17:00 in Madrid."""
    desk.clock.now = desk.clock.now.replace(hour=16, minute=0) - timedelta(minutes=minutes)


def test_calls_of_four_minutes_fit_until_the_hours_end(desk: Desk) -> None:
    evening(desk, 13)
    leads = waiting(desk, 5)
    found = today(desk)
    order = tuple(desk.store.read(queue.ids, ms(desk.clock())).result(10))
    assert found.minutes == 13
    assert found.fits == tuple(order[:3])
    assert (found.over, found.left_out) == (order[3], 2)
    assert set(order) == set(leads)


def test_everything_fits_a_quiet_day(desk: Desk) -> None:
    leads = waiting(desk, 3)
    found = today(desk)
    assert (set(found.fits), found.over, found.left_out, found.minutes) == (set(leads), None, 0, 420)


def test_a_promise_of_this_afternoon_has_its_time_put_aside(desk: Desk) -> None:
    evening(desk, 20)
    promised = waiting(desk, 1, "promise", 1, due=HOUR // 4)
    calls = waiting(desk, 5)
    found = today(desk)
    assert set(found.fits) == {*promised, *desk.store.read(queue.ids, ms(desk.clock())).result(10)[:3]}
    assert found.left_out == 2
    assert found.over in calls


@pytest.mark.parametrize("rest", ["closure", "night", "weekend"])
def test_nothing_fits_where_nobody_works(desk: Desk, rest: str) -> None:
    if rest == "closure":
        begin(desk.store, "absence", rep_id=None, from_day="2026-03-02", to_day="2026-03-02", made_at=0)
    else:
        desk.clock.pass_(hours=10 if rest == "night" else 24 * 5)
    leads = waiting(desk, 2)
    found = today(desk)
    assert (found.minutes, found.fits, found.left_out) == (0, (), 2)
    assert found.over in leads


def test_the_screen_looks_no_further_than_a_day_holds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "AHEAD", 4)
    evening(desk, 9)
    waiting(desk, 6)
    assert len(desk.store.read(fitting.today, desk.clock()).result(10).fits) == 2


# --- the rep's own minutes -------------------------------------------------------------------------------------


def calls_made(desk: Desk, count: int, minutes: float) -> None:
    for number in range(count):
        lead = desk.new_lead(email=f"own{number}@b.example", phone=f"+346099990{number:02}", state="working",
                             next_kind="call", queue_band=6)  # fmt: skip
        desk.clock.pass_(minutes=minutes)
        desk.act(call, lead, "no-answer")


def test_a_quick_reps_day_holds_more_of_the_same(desk: Desk) -> None:
    calls_made(desk, ENOUGH_ACTS + 1, 2)
    pace = desk.store.read(workload.own_pace, desk.clock()).result(10)
    assert pace.own == {NextKind.CALL: 2.0}
    days = desk.store.read(workload.workdays, desk.clock()).result(10)
    assert days.diary.capacity(date(2026, 3, 3)) == 45 * 2.0
    evening(desk, 13)
    waiting(desk, 9)
    found = today(desk)
    assert (found.minutes, len(found.fits)) == (13, 6)


def test_what_was_taken_back_is_no_sample(desk: Desk) -> None:
    calls_made(desk, ENOUGH_ACTS, 2)
    desk.store.undo().result(10)
    assert desk.store.read(workload.own_pace, desk.clock()).result(10).own == {}


def test_old_acts_are_forgotten_and_kinds_told_apart(desk: Desk) -> None:
    for number in range(ENOUGH_ACTS):
        lead = desk.new_lead(email=f"v{number}@b.example", phone=f"+346099991{number:02}")
        desk.clock.pass_(minutes=0.5)
        desk.act(reject, lead, "fake") if number % 2 else desk.act(accept, lead)
    seen = desk.store.read(acts.lately, 0, ms(desk.clock())).result(10)
    assert {"accept", "reject"} <= {one.verb for one in seen}
    assert NextKind.TRIAGE in desk.store.read(workload.own_pace, desk.clock()).result(10).own
    desk.clock.pass_(weeks=7)
    assert desk.store.read(workload.own_pace, desk.clock()).result(10).own == {}


@pytest.mark.parametrize("calls", [0, 1, 3, 10])
@pytest.mark.parametrize("overdue", [0, 2, 3, 9, 60])
@pytest.mark.parametrize("moved", [0, 2])
def test_a_day_is_as_full_when_only_what_fills_it_is_counted(desk: Desk, calls: int, overdue: int, moved: int) -> None:
    write(desk.store, Edit.set("rep", desk.store.read(playbook.rep).result(10).id, daily_calls=calls))
    late = [*waiting(desk, overdue), *waiting(desk, overdue, "letter", 7), *waiting(desk, 2, "mail", 7, 30 * HOUR)]
    moving = [desk.lead(lead) for lead in late[:moved]]

    def day(db: Reader, *, whole: bool) -> workload.Workdays:
        return workload.workdays(db, desk.clock(), moving=moving, to_be_told=whole)

    short, whole = (desk.store.read(partial(day, whole=whole)).result(10) for whole in (False, True))
    for later in range(3):
        date_ = short.today + timedelta(days=later)
        for minutes in (0.5, 1, 2, 4, 30, 500):
            there = short.diary, whole.diary
            assert len({diary.fits(date_, minutes) for diary in there}) == 1, (later, minutes)
            assert len({diary.room(date_) for diary in there}) == 1


def test_how_full_a_day_is_is_read_from_the_index_alone(desk: Desk) -> None:
    def planned(db: Reader) -> object:
        return enrolled.planned(db, 1, 5, 10, 100)

    plans = desk.store.read(lambda db: plans_of(db, planned)).result(10)
    assert any("COVERING INDEX lead_queue_due (queue_band=? AND due_at>? AND due_at<?)" in step for step in plans)
