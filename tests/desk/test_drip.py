"""The drip on a real file: touches done and skipped, pauses, what refuses, and that nothing is caught up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sdr.desk.cadences import load_cadence
from sdr.desk.calling import call
from sdr.desk.drip import enroll, pause, resume, skip, stop, touch
from sdr.desk.messages import script_of
from sdr.desk.triage import accept, nurture
from sdr.models.terms import Channel, Refused, at, ms
from sdr.store import rows
from sdr.store.queries import playbook
from tests.desk.calls import STATES, assert_journal_holds, assert_owed_or_closed, in_state, table
from tests.desks import Desk, dump

SHORT = """
name = "Two letters"
version = 1
[[step]]
name = "Letter"
channel = "letter"
delay = "1d"
blocking = false
[[step]]
name = "Hello"
channel = "linkedin"
delay = "3d"
personal = true
"""


def cadence_of(desk: Desk) -> int:
    return desk.store.read(playbook.cadence).result(10)[0]


def at_mail(desk: Desk, **fields: object) -> int:
    """A lead whose next step is the drip's second touch, a mail, already due."""
    lead = desk.new_lead(**fields)
    desk.act(enroll, lead, cadence_of(desk), at_step=2)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    return lead


def refused(desk: Desk, verb: object, *args: object, **more: object) -> Refused:
    before = dump(desk.store)
    done = desk.try_(verb, *args, **more)  # type: ignore[arg-type]
    assert isinstance(done, Refused), done
    assert dump(desk.store) == before
    return done


def test_enrolling_a_new_lead_accepts_it(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(enroll, lead, cadence_of(desk))
    now = desk.lead(lead)
    assert (now.state, now.next_kind, now.next_note, now.touch_no, now.touch_of) == (
        "working", "call", "First call", 1, 8,
    )  # fmt: skip
    assert now.owned_at == ms(desk.clock())


def test_a_done_mail_moves_the_drip_on_from_when_it_was_really_done(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.clock.now = datetime(2026, 3, 5, 10, tzinfo=UTC)  # two days late
    done = desk.act(touch, lead, None)
    now = desk.lead(lead)
    assert done.summary == "Ana Ruiz: Mail: why I called in the outbox · next linkedin tomorrow 11:00 Madrid"
    assert (now.next_kind, now.touch_no) == ("linkedin", 3)
    [made] = table(desk, rows.Touch, "touch")
    assert (made.channel, made.step_no, made.human, made.template) == ("email", 2, 0, "mail-introduction")
    assert now.first_touch_at is None  # a standard mail is nobody's answer


def test_a_personal_touch_answers_the_clock(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(touch, lead, None, text="I saw your new line in Vigo.", cost_minor=120)
    [made] = table(desk, rows.Touch, "touch")
    assert (made.human, made.cost_minor) == (1, 120)
    assert desk.lead(lead).first_touch_at == ms(desk.clock())
    assert [one.text for one in table(desk, rows.Event, "event")] == ["I saw your new line in Vigo."]


def test_a_touch_besides_the_drip_leaves_its_step_but_not_nearer_than_the_gap(desk: Desk) -> None:
    lead = at_mail(desk)
    stood = desk.lead(lead)
    desk.act(touch, lead, Channel.LINKEDIN)
    now = desk.lead(lead)
    assert (now.next_kind, now.next_note, now.queue_band) == (stood.next_kind, stood.next_note, stood.queue_band)
    assert now.due_at == ms(desk.clock() + timedelta(hours=4))
    [made] = table(desk, rows.Touch, "touch")
    assert (made.step_no, made.human) == (None, 1)


def test_unreachable_steps_are_passed_over(desk: Desk) -> None:
    lead = desk.new_lead(email=None)
    desk.act(accept, lead)
    desk.act(skip, lead, "other")
    assert desk.lead(lead).next_note == "LinkedIn: connect"


def test_the_end_of_the_drip_asks_for_a_verdict(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(enroll, lead, cadence_of(desk), at_step=8)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    desk.act(touch, lead, None)
    now = desk.lead(lead)
    assert (now.state, now.next_kind, now.next_note) == ("working", "triage", "drip finished: verdict?")
    assert (now.due_at or 0) > ms(desk.clock())
    [drip] = table(desk, rows.Enrollment, "enrollment")
    assert (drip.state, drip.step_no) == ("finished", 8)


def test_a_step_that_blocks_nothing_counts_from_when_it_was_due(desk: Desk) -> None:
    desk.act(load_cadence, SHORT)
    lead = desk.new_lead()
    short = max(one.id for one in desk.store.read(playbook.cadences).result(10))
    desk.act(enroll, lead, short)
    due = at(desk.lead(lead).due_at or 0)
    desk.clock.now = due + timedelta(days=2)
    desk.act(touch, lead, None)
    now = desk.lead(lead)
    assert now.next_kind == "linkedin"
    assert now.due_at == ms(due + timedelta(days=3))


@pytest.mark.parametrize("reason", ["1", "no-address", "2", "3", "4", "5", "other"])
def test_a_skip_has_a_reason_and_the_drip_goes_on(desk: Desk, reason: str) -> None:
    lead = at_mail(desk)
    desk.act(skip, lead, reason)
    [made] = table(desk, rows.Touch, "touch")
    assert (made.skipped, made.human, made.step_no) == (1, 0, 2)
    assert desk.lead(lead).next_kind == "linkedin"
    assert desk.lead(lead).first_touch_at is None


def test_a_step_outside_a_drip_that_is_skipped_asks_for_a_verdict(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "no-answer")
    desk.act(skip, lead, "other")
    assert desk.lead(lead).next_kind == "triage"


def test_a_pause_with_a_date_keeps_the_step_and_with_none_asks_next_week(desk: Desk) -> None:
    lead = at_mail(desk)
    day = datetime(2026, 3, 16, 10, tzinfo=UTC)
    desk.act(pause, lead, day)
    assert (desk.lead(lead).next_kind, desk.lead(lead).due_at) == ("mail", ms(day))
    paused = desk.try_(touch, lead, None)
    assert isinstance(paused, Refused)
    assert paused.rule == "drip.paused"
    assert [one.text for one in table(desk, rows.Event, "event")] == [paused.reason]
    desk.clock.now = day
    desk.act(touch, lead, None)  # the date has come: it runs again by itself
    assert table(desk, rows.Enrollment, "enrollment")[0].state == "active"
    desk.act(pause, lead, None)
    assert (desk.lead(lead).next_kind, desk.lead(lead).next_note) == ("triage", "drip paused: go on?")
    assert refused(desk, pause, lead, None).rule == "drip.paused"
    desk.act(resume, lead)
    now = desk.lead(lead)
    assert (now.next_kind, now.touch_no) == ("linkedin", 3)
    assert refused(desk, resume, lead).rule == "drip.active"


def test_a_stopped_drip_leaves_a_question(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(stop, lead)
    assert desk.lead(lead).next_kind == "triage"
    assert refused(desk, stop, lead).rule == "drip.none"
    assert refused(desk, pause, lead, None).rule == "drip.none"


@pytest.mark.parametrize("verb", [pause, resume, stop])
def test_a_promise_stands_whatever_becomes_of_the_drip(desk: Desk, verb: object) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    desk.act(call, lead, "callback", next_at=desk.clock() + timedelta(hours=30))
    stood = desk.lead(lead)
    args = [desk.clock() + timedelta(days=9)] if verb is pause else []
    desk.act(verb, lead, *args)  # type: ignore[arg-type]
    now = desk.lead(lead)
    assert (now.next_kind, now.due_at) == ("promise", stood.due_at)
    assert refused(desk, enroll, lead, cadence_of(desk)).rule == "drip.promised"


def test_what_cannot_be_enrolled(desk: Desk) -> None:
    default = cadence_of(desk)
    lead = at_mail(desk)
    assert refused(desk, enroll, lead, default).rule == "drip.same"
    assert refused(desk, enroll, lead, 12345).rule == "drip.unknown"
    assert refused(desk, enroll, lead, default, at_step=9).rule == "drip.step"
    assert refused(desk, enroll, in_state(desk, "qualified"), default).rule == "drip.qualified"
    assert refused(desk, enroll, in_state(desk, "offered"), default).rule == "handoff.offered"
    bare = desk.new_lead(state="inquiry", company=None, title=None, phone="")
    assert refused(desk, enroll, bare, default).rule == "triage.inquiry"


def test_another_drip_takes_the_place_of_the_first(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(load_cadence, SHORT)
    short = max(one.id for one in desk.store.read(playbook.cadences).result(10))
    before = dump(desk.store)
    desk.act(enroll, lead, short)
    first, second = table(desk, rows.Enrollment, "enrollment")
    assert (first.state, second.state) == ("stopped", "active")
    assert desk.lead(lead).next_kind == "letter"
    desk.store.undo().result(10)
    assert dump(desk.store) == before


@pytest.mark.parametrize(
    ("act", "rule"),
    [
        (lambda desk, lead: (touch, lead, "smoke"), "touch.channel"),
        (lambda desk, lead: (touch, lead, "call"), "touch.call"),
        (lambda desk, lead: (skip, lead, "tired"), "skip.reason"),
        (lambda desk, lead: (touch, desk.new_lead(), None), "touch.none"),
        (lambda desk, lead: (skip, desk.new_lead(), "other"), "touch.none"),
        (lambda desk, lead: (touch, desk.new_lead(email=None), "email"), "touch.unreachable"),
        (lambda desk, lead: (touch, in_state(desk, "working"), None), "touch.none"),
    ],
)
def test_touches_that_are_refused(desk: Desk, act: object, rule: str) -> None:
    lead = at_mail(desk)
    assert refused(desk, *act(desk, lead)).rule == rule  # type: ignore[operator, misc]


def test_the_gate_is_asked_at_the_moment_of_the_touch(desk: Desk) -> None:
    from sdr.desk.triage import suppression
    from tests.desks import write

    lead = at_mail(desk)
    held: list = []
    row = desk.lead(lead)

    def block(session: object) -> object:
        held.append(suppression(session, row, "email", "stop", desk.clock()))  # type: ignore[arg-type]
        return Refused("", "")

    desk.store.write(block).result(10)  # type: ignore[arg-type]
    write(desk.store, *held)
    no = desk.try_(touch, lead, None)
    assert isinstance(no, Refused)
    assert (no.rule, no.reason) == ("consent.blocked", "email blocked: asked on 3 Mar 2026 (“stop”)")
    assert desk.store.read(lambda db: db.execute("SELECT count(*) FROM touch").fetchone()[0]).result(10) == 0


def test_the_script_of_the_due_call_is_filled_in(desk: Desk) -> None:
    script = desk.store.read(script_of, at_mail(desk)).result(10)
    assert script[0].startswith('"Ana, this is Ana.')


@pytest.mark.parametrize("state", STATES)
def test_a_touch_besides_leaves_every_state_owed_and_can_be_taken_back(desk: Desk, state: str) -> None:
    lead = in_state(desk, state)
    before, stood = dump(desk.store), desk.lead(lead)
    desk.act(touch, lead, "linkedin")
    assert desk.lead(lead).state == state
    assert_owed_or_closed(desk, lead, stood)
    desk.store.undo().result(10)
    assert dump(desk.store) == before
    assert_journal_holds(desk)


def test_who_sleeps_is_woken_by_a_drip(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(nurture, lead, desk.clock() + timedelta(days=30))
    desk.act(enroll, lead, cadence_of(desk))
    assert desk.lead(lead).state == "working"
