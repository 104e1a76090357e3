"""Catching up on a real file: spread by value within what fits, dropped by rule, shown before and taken back whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sdr.desk.calling import call
from sdr.desk.catching_up import Plan, catch_up, overdue, planned, told
from sdr.desk.enrolling import enroll, enroll_many
from sdr.desk.triage import accept
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.changes import Edit
from tests.desk.calls import assert_journal_holds, in_state, table
from tests.desk.test_enrolling import calls_a_day, days_of, people, standard
from tests.desks import Desk, dump, write

THURSDAY = date(2026, 3, 12)


def plan_of(desk: Desk, leads: list[int]) -> Plan:
    return desk.store.read(planned, leads, desk.clock()).result(10)


def late(desk: Desk, count: int, a_day: int = 5) -> list[int]:
    """So many calls that were due ten days ago; it is Thursday 12 March, 09:30 in Madrid."""
    calls_a_day(desk, 500)
    found = people(desk, count)
    desk.act(enroll_many, found, standard(desk))
    desk.clock.now = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
    calls_a_day(desk, a_day)
    return found


def test_the_overdue_are_spread_by_value_within_what_fits(desk: Desk) -> None:
    found = late(desk, 12)
    write(desk.store, Edit.set("lead", found[11], rank=95))
    assert set(desk.store.read(overdue, desk.clock()).result(10)) == set(found)
    plan = plan_of(desk, found)
    friday, monday = THURSDAY + timedelta(1), THURSDAY + timedelta(4)
    assert [(one.day, one.touches, one.taken, one.holds) for one in plan.days] == [
        (THURSDAY, 5, 20, 20), (friday, 5, 20, 20), (monday, 2, 8, 20),
    ]  # fmt: skip
    before = dump(desk.store)
    done = desk.act(catch_up, found)
    assert done.summary == "caught up: 12 touches over 3 days until Mon 16 Mar, 0 dropped"
    assert days_of(desk) == {THURSDAY: 5, friday: 5, monday: 2}
    assert at(desk.lead(found[11]).due_at or 0).date() == THURSDAY
    assert desk.store.read(overdue, desk.clock()).result(10) == ()
    assert {desk.lead(lead).snoozes for lead in found} == {0}  # nobody put them off
    assert_journal_holds(desk)
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_what_stands_on_a_day_already_leaves_less_room(desk: Desk) -> None:
    found = late(desk, 3, a_day=2)
    write(desk.store, Edit.set("lead", found[0], due_at=ms(datetime(2026, 3, 12, 13, tzinfo=UTC))))
    plan = plan_of(desk, found[1:])
    assert [(one.day, one.touches) for one in plan.days] == [(THURSDAY, 1), (THURSDAY + timedelta(1), 1)]


def test_late_in_the_day_only_what_is_left_of_it_is_filled(desk: Desk) -> None:
    found = late(desk, 4)
    desk.clock.now = datetime(2026, 3, 12, 15, 51, tzinfo=UTC)  # nine minutes before five
    assert [(one.day.day, one.touches) for one in plan_of(desk, found).days] == [(12, 2), (13, 2)]


def test_a_mail_whose_next_step_has_come_due_is_dropped(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(enroll, lead, standard(desk), at_step=2)  # the mail; LinkedIn follows a business day later
    desk.clock.now = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
    plan = plan_of(desk, [lead])
    assert [(drop.step.name, drop.reason) for _lead, drop in plan.dropped] == [("Mail: why I called", "out-of-date")]
    desk.act(catch_up, [lead])
    now = desk.lead(lead)
    assert (now.next_note, now.touch_no, at(now.due_at or 0).date()) == (
        "LinkedIn: connect", 3, THURSDAY + timedelta(1),
    )  # fmt: skip
    [made] = table(desk, rows.Touch, "touch")
    assert (made.skipped, made.human, made.step_no, made.outcome, made.channel) == (1, 0, 2, "out-of-date", "email")


def test_a_mail_that_is_only_just_late_is_kept(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(enroll, lead, standard(desk), at_step=2)
    desk.clock.now = at(desk.lead(lead).due_at or 0) + timedelta(hours=3)
    plan = plan_of(desk, [lead])
    assert plan.dropped == ()
    desk.act(catch_up, [lead])
    assert desk.lead(lead).next_note == "Mail: why I called"


CALLS = """
name = "Two calls"
version = 1
[[step]]
name = "First"
channel = "call"
delay = "0m"
[[step]]
name = "Last"
channel = "call"
delay = "1d"
"""


@pytest.mark.parametrize(("step", "snoozes", "dropped"), [(2, 3, True), (2, 2, False), (1, 3, False)])
def test_the_last_call_put_off_three_times_is_dropped(desk: Desk, step: int, snoozes: int, dropped: bool) -> None:
    from tests.desk.test_enrolling import loaded

    lead = desk.new_lead()
    desk.act(enroll, lead, loaded(desk, CALLS), at_step=step)
    write(desk.store, Edit.set("lead", lead, snoozes=snoozes))
    desk.clock.now = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
    desk.act(catch_up, [lead])
    [drip] = table(desk, rows.Enrollment, "enrollment")
    now = desk.lead(lead)
    assert (drip.state, now.next_kind) == (("finished", "triage") if dropped else ("active", "call"))
    assert len(table(desk, rows.Touch, "touch", "skipped=1")) == int(dropped)


def test_promises_new_leads_and_what_is_not_due_stay(desk: Desk) -> None:
    promised = desk.new_lead()
    desk.act(accept, promised)
    desk.act(call, promised, "callback", next_at=desk.clock() + timedelta(hours=2))
    new = desk.new_lead(name="Bo", email="bo@b.example")
    later = desk.new_lead(name="Cy", email="cy@c.example", phone="+34600000003")
    desk.act(enroll, later, standard(desk), at_step=8)
    desk.clock.pass_(hours=3)
    stood = [desk.lead(lead) for lead in (promised, new, later)]
    found = plan_of(desk, [promised, new, later])
    assert [name for name, _why in found.left] == ["Ana Ruiz", "Bo", "Cy"]
    assert found.items == ()
    no = desk.try_(catch_up, [promised, new, later])
    assert isinstance(no, Refused)
    assert (no.rule, "promise" in no.reason) == ("catch-up.nothing", True)
    assert [desk.lead(lead) for lead in (promised, new, later)] == stood
    assert list(told(found)) == [
        "stays: Ana Ruiz, promise is not for a plan to move",
        "stays: Bo, triage is not for a plan to move",
        "stays: Cy, its touch is not due yet",
    ]


def test_with_nothing_to_do_it_says_so(desk: Desk) -> None:
    assert desk.store.read(overdue, desk.clock()).result(10) == ()
    no = desk.try_(catch_up, [])
    assert isinstance(no, Refused)
    assert no.reason == "nothing to catch up: nothing is overdue"


def test_the_lines_are_few_however_many_there_are(desk: Desk) -> None:
    found = late(desk, 30, a_day=1)
    lines = list(told(plan_of(desk, found), most=3))
    assert lines == [
        "Thu 12 Mar: 1 touch, 4 of 4 min taken", "Fri 13 Mar: 1 touch, 4 of 4 min taken",
        "Mon 16 Mar: 1 touch, 4 of 4 min taken", "and 27 days more",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["inquiry", "new", "talking", "qualified", "offered", "nurture"])
def test_no_state_is_left_without_a_next_step(desk: Desk, state: str) -> None:
    lead = in_state(desk, state)
    desk.clock.pass_(days=90)
    desk.try_(catch_up, [lead])
    now = desk.lead(lead)
    assert (now.state, now.next_kind is not None, now.due_at is not None) == (state, True, True)
