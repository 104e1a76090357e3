"""Replies on a real file: eight kinds from every state, the drip that stops, addresses that are never used again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sdr.desk.calling import call
from sdr.desk.drip import enroll, touch
from sdr.desk.replies import reply
from sdr.desk.triage import accept
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.queries import playbook
from tests.desk.calls import STATES, assert_journal_holds, assert_owed_or_closed, in_state, table
from tests.desks import Desk, dump

KINDS = [one.key for one in playbook.outcomes().replies]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_reply_from_every_state_leaves_a_next_step_and_can_be_taken_back(
    desk: Desk, kind: str, state: str
) -> None:
    lead = in_state(desk, state)
    before, stood = dump(desk.store), desk.lead(lead)
    done = desk.try_(reply, lead, kind, text="their words", name="Paula Gil")
    if isinstance(done, Refused):
        assert (state, done.rule) == ("offered", "handoff.offered")
        assert kind in ("not-now", "no")
        return
    assert_owed_or_closed(desk, lead, stood)
    assert_journal_holds(desk)
    wishes = dump(desk.store)["suppression"]
    desk.store.undo().result(10)
    assert dump(desk.store) == before | {"suppression": wishes}  # what somebody asked for stays
    assert_journal_holds(desk)


def at_mail(desk: Desk, **fields: object) -> int:
    """A lead whose next step is the drip's second touch, a mail; each but the first is another person."""
    number = len(table(desk, rows.Lead, "lead"))
    other = {"name": f"Leo Paz {number}", "email": f"leo{number}@acme.example", "phone": f"+3460000100{number}"}
    lead = desk.new_lead(**((other if number else {}) | fields))
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
    return lead


def events(desk: Desk) -> list[str]:
    return [one.kind for one in table(desk, rows.Event, "event")]


def test_an_interested_reply_is_to_be_answered_in_five_minutes_of_the_reps_time(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(reply, lead, "interested", text="tell me more")
    now = desk.lead(lead)
    assert (now.state, now.next_kind, now.queue_band, now.said) == ("talking", "reply", 2, "tell me more")
    assert now.due_at == ms(desk.clock()) + 300_000
    assert now.contacted_at == ms(desk.clock())
    assert now.engagement == 40
    assert events(desk) == ["replied"]
    assert table(desk, rows.Enrollment, "enrollment")[0].state == "stopped"


def test_a_question_waits_for_its_answer_and_the_answer_for_a_call(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(reply, lead, "2")
    assert (desk.lead(lead).next_kind, desk.lead(lead).due_at) == ("reply", ms(desk.clock()))
    assert table(desk, rows.Enrollment, "enrollment")[0].state == "paused"
    desk.act(touch, lead, None, text="our pumps do 40 bar")
    now = desk.lead(lead)
    assert now.next_kind == "call"
    assert at(now.due_at or 0, "Europe/Madrid").strftime("%a") == "Wed"


def test_an_answered_reply_of_a_qualified_lead_leads_back_to_the_handoff(desk: Desk) -> None:
    lead = in_state(desk, "qualified")
    desk.act(reply, lead, "question")
    assert desk.lead(lead).next_kind == "reply"
    desk.act(touch, lead, None)
    assert desk.lead(lead).next_kind == "handoff"


def test_out_of_office_is_no_reply_and_resumes_when_they_are_back(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(reply, lead, "out-of-office", until=datetime(2026, 3, 14, 12, tzinfo=UTC))  # a Saturday
    now = desk.lead(lead)
    assert (now.state, now.next_kind) == ("working", "mail")
    assert at(now.due_at or 0, "Europe/Madrid").strftime("%F %H:%M") == "2026-03-16 09:00"
    assert events(desk) == ["out-of-office"]
    assert now.contacted_at is None
    assert now.engagement == 0
    desk.clock.now = at(now.due_at or 0)
    desk.act(touch, lead, None)
    assert table(desk, rows.Enrollment, "enrollment")[0].state == "active"


def test_out_of_office_never_brings_a_later_step_forward(desk: Desk) -> None:
    lead = at_mail(desk)
    stood = desk.lead(lead)
    desk.act(reply, lead, "out-of-office", until=desk.clock() + timedelta(hours=1))
    assert desk.lead(lead).due_at == stood.due_at


def test_a_hot_lead_that_is_away_waits_until_it_is_back(desk: Desk) -> None:
    source = desk.source(name="form", type="hand-raiser")
    lead = desk.new_lead(source_id=source, respond_by=ms(desk.clock()) + 300_000, queue_band=0)
    desk.act(accept, lead)
    desk.act(reply, lead, "out-of-office")
    now = desk.lead(lead)
    assert now.queue_band != 0
    assert (now.due_at or 0) > ms(desk.clock() + timedelta(days=5))


def test_not_now_sleeps_and_no_is_final_with_a_reason(desk: Desk) -> None:
    lead, other = at_mail(desk), at_mail(desk, email="bo@acme.example")
    desk.act(reply, lead, "not-now", until=datetime(2026, 9, 1, 9, tzinfo=UTC))
    assert (desk.lead(lead).state, desk.lead(lead).due_at) == ("nurture", ms(datetime(2026, 9, 1, 9, tzinfo=UTC)))
    desk.act(reply, other, "no")
    assert (desk.lead(other).state, desk.lead(other).reason) == ("disqualified", "no-need")
    third = at_mail(desk, email="cy@acme.example")
    desk.act(reply, third, "no", reason="chose-rival")
    assert desk.lead(third).reason == "chose-rival"


def test_unsubscribing_replaces_the_mail_that_was_due_in_the_same_write(desk: Desk) -> None:
    lead = at_mail(desk, email_2="ana@home.example")
    twin = desk.new_lead(name="Ana R.")
    done = desk.act(reply, lead, "unsubscribe", text="stop it")
    now = desk.lead(lead)
    assert (now.next_kind, now.email) == ("call", "ana@acme.example")
    assert done.summary == "Ana Ruiz: never mailed again · next call Wed 14:10 Madrid"
    held = {(one.channel, one.scope, one.value) for one in table(desk, rows.Suppression, "suppression")}
    assert held == {
        ("email", "person", str(lead)), ("email", "email", "ana@acme.example"), ("email", "email", "ana@home.example"),
    }  # fmt: skip
    for who in (lead, twin):  # the address is blocked, whoever's record holds it
        refused = desk.try_(touch, who, "email")
        assert isinstance(refused, Refused)
        assert refused.rule == "consent.blocked"


def test_unsubscribing_is_kept_when_the_matter_is_closed(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "wrong-person")
    desk.act(reply, lead, "unsubscribe")
    assert desk.lead(lead).state == "disqualified"
    assert table(desk, rows.Suppression, "suppression")
    closed = desk.try_(reply, lead, "interested")
    assert isinstance(closed, Refused)
    assert closed.rule == "lead.closed"


@pytest.mark.parametrize("kind", ["unsubscribe", "bounce"])
def test_a_lead_not_read_yet_stays_to_be_read(desk: Desk, kind: str) -> None:
    lead = desk.new_lead()
    desk.act(reply, lead, kind)
    assert (desk.lead(lead).state, desk.lead(lead).next_kind) == ("new", "triage")


def test_a_named_colleague_becomes_a_lead(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(reply, lead, "someone-else", name="Paula Gil")
    assert [one.state for one in table(desk, rows.Lead, "lead", "name='Paula Gil'")] == ["new"]
    assert desk.lead(lead).next_kind == "call"
    desk.act(reply, at_mail(desk, email="bo@acme.example"), "someone-else")  # nobody named: just that
    assert len(table(desk, rows.Lead, "lead")) == 3


def test_a_bounced_address_gives_way_to_the_second_and_then_to_another_channel(desk: Desk) -> None:
    lead = at_mail(desk, email_2="ana@home.example")
    desk.act(reply, lead, "bounce")
    now = desk.lead(lead)
    assert (now.email, now.email_2, now.next_kind) == ("ana@home.example", None, "mail")
    desk.act(reply, lead, "bounce")
    now = desk.lead(lead)
    assert (now.email, now.next_kind, now.next_note) == (None, "linkedin", "LinkedIn: connect")
    assert [one.text for one in table(desk, rows.Event, "event")] == [
        "ana@acme.example bounced", "ana@home.example bounced",
    ]  # fmt: skip
    refused = desk.try_(reply, lead, "bounce")
    assert isinstance(refused, Refused)
    assert refused.rule == "reply.address"


def test_what_is_refused(desk: Desk) -> None:
    lead = desk.new_lead()
    for kind, more, rule in (
        ("waved", {}, "reply.kind"),
        ("no", {"reason": "bad hair"}, "reply.reason"),
        ("not-now", {"until": datetime(2026, 3, 1, tzinfo=UTC)}, "date.past"),
    ):
        done = desk.try_(reply, lead, kind, **more)
        assert isinstance(done, Refused)
        assert done.rule == rule
