"""Touches kept apart and days not overfull, whichever verb plans or does a touch; each stop kept as an event."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from sdr.desk import bulk, dialling, touching, wishes
from sdr.desk.calling import call
from sdr.desk.enrolling import enroll
from sdr.desk.outgoing import sent
from sdr.desk.replies import reply
from sdr.desk.triage import accept, nurture
from sdr.models.terms import Channel, NextKind, Refused, at, ms
from sdr.rules.capacity import USUAL_PACE
from sdr.store import rows
from sdr.store.changes import Applied, Edit
from sdr.store.queries import playbook
from tests.desk.calls import assert_journal_holds, in_state, table
from tests.desks import MONDAY, Desk, begin, dump, write

HOUR = timedelta(hours=1)


def standard(desk: Desk) -> int:
    return desk.store.read(playbook.cadence).result(10)[0]


def touched(desk: Desk, lead: int, ago: timedelta, **fields: object) -> None:
    given: dict[str, object] = {"channel": "linkedin", "rep_id": desk.lead(lead).owner_id}
    begin(desk.store, "touch", lead_id=lead, at=ms(desk.clock() - ago), human=1, outcome="done", **(given | fields))


def events(desk: Desk, kind: str) -> list[dict[str, Any]]:
    found = table(desk, rows.Event, "event", f"kind='{kind}'")
    return [{"text": one.text, "lead": one.lead_id, **json.loads(one.detail or "{}")} for one in found]


def calls_a_day(desk: Desk, count: int) -> None:
    write(desk.store, Edit.set("rep", desk.store.read(playbook.rep).result(10).id, daily_calls=count))


def people(desk: Desk, count: int, **fields: object) -> list[int]:
    return [
        desk.new_lead(name=f"Lead {n}", email=f"lead{n}@firm{n}.example", phone=f"+346{n:08}", **fields)
        for n in range(count)
    ]


def days_of(desk: Desk) -> dict[date, int]:
    """How many planned touches stand on which of the rep's days."""
    leads = table(desk, rows.Lead, "lead", "next_kind IN ('call', 'mail', 'linkedin')")
    return dict(sorted(Counter(at(one.due_at, "Europe/Madrid").date() for one in leads).items()))


def all_of(desk: Desk, leads: Sequence[int], verb: Any, *args: object) -> list[Applied | Refused]:
    now = desk.clock()
    return desk.store.write_many(lambda session: bulk.many(session, leads, verb, args, now)).result(10)


MON, TUE, WED = (MONDAY.date() + timedelta(days=n) for n in range(3))

# --- a stop by the gap is an event -----------------------------------------------------------------------------------


def at_mail(desk: Desk) -> int:
    lead = desk.new_lead()
    desk.act(enroll, lead, standard(desk), at_step=2)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    return lead


def test_a_touch_inside_the_gap_is_stopped_with_an_event_that_says_by_what(desk: Desk) -> None:
    bea = begin(desk.store, "rep", name="Bea", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
    lead = at_mail(desk)
    touched(desk, lead, HOUR, rep_id=bea, channel="letter")
    before = desk.lead(lead)
    no = desk.try_(touching.touch, lead, None)
    assert isinstance(no, Refused)
    assert (no.rule, no.set_by) == ("drip.gap", "the drip")
    [kept] = events(desk, "gate")
    assert kept == {
        "text": no.reason, "lead": lead, "rule": "drip.gap", "rules": ["drip.gap"], "policy": "2026-03-01.2",
        "decision": "stop", "channel": "email", "who": "Ana",
        "inputs": {
            "zones": ["Europe/Madrid"], "local_time": "2026-03-03T10:00+01:00", "gap": "4h",
            "touched": {"channel": "letter", "at": "2026-03-03T09:00+01:00", "by": "Bea"},
        },
    }  # fmt: skip
    assert desk.lead(lead) == before
    assert table(desk, rows.Touch, "touch", "channel='email'") == ()
    desk.act(touching.touch, lead, None, because="Bea asked me to")
    [passed] = events(desk, "overridden")
    assert (passed["rule"], passed["text"]) == ("drip.gap", "Bea asked me to")
    assert_journal_holds(desk)


def test_a_dial_inside_the_gap_is_an_event_and_a_reason_passes_it_and_is_kept_with_the_call(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    touched(desk, lead, HOUR)
    no = desk.try_(dialling.refuse, lead)
    assert isinstance(no, Refused)
    assert no.rule == "drip.gap"
    assert [one["rule"] for one in events(desk, "gate")] == ["drip.gap"]
    assert desk.store.read(dialling.passable, lead, desk.clock()).result(10)
    assert desk.store.read(dialling.dial, lead, desk.clock(), "she wants it now").result(10) is None
    before = dump(desk.store)
    desk.act(call, lead, "no-answer", because="she wants it now")
    assert [one["text"] for one in events(desk, "overridden")] == ["she wants it now"]
    desk.store.undo().result(10)
    assert dump(desk.store) == before
    desk.act(call, lead, "no-answer")  # told of afterwards, without a reason
    assert [one["rule"] for one in events(desk, "gate")] == ["drip.gap", "drip.gap"]


def test_a_block_is_not_passed_when_dialling_and_a_reason_for_it_is_not_kept(desk: Desk) -> None:
    lead = desk.new_lead()
    night = MONDAY.replace(hour=22)
    assert not desk.store.read(dialling.passable, lead, night).result(10)
    desk.clock.now = night
    desk.act(call, lead, "no-answer", because="I felt like it")
    assert events(desk, "overridden") == []
    assert [one["rule"] for one in events(desk, "gate")] == ["hours.closed"]


def test_a_no_of_the_gate_to_a_paired_mail_and_to_what_is_sent_by_hand_is_an_event(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(touching.touch, lead, None)
    [message] = table(desk, rows.Message, "message")
    begin(desk.store, "suppression", channel="email", scope="email", value="ana@acme.example", at=ms(MONDAY))
    assert isinstance(desk.try_(sent, [message.id]), Refused)
    assert [one["rule"] for one in events(desk, "gate")] == ["suppressed.email"]
    desk.clock.pass_(hours=5)
    desk.act(call, lead, "voicemail", mail=True)
    assert [one["channel"] for one in events(desk, "gate")] == ["email", "email"]


# --- beside the plan -------------------------------------------------------------------------------------------------


def test_beside_the_plan_a_touch_inside_the_gap_is_stopped_in_a_drip_and_outside_of_one(desk: Desk) -> None:
    lead = desk.new_lead()
    touched(desk, lead, HOUR, channel="call")
    no = desk.try_(touching.touch, lead, "linkedin")
    assert isinstance(no, Refused)
    assert (no.rule, "1 h ago by you: call" in no.reason) == ("drip.gap", True)
    assert [one["rule"] for one in events(desk, "gate")] == ["drip.gap"]
    desk.act(touching.touch, lead, "linkedin", because="as we agreed")
    desk.clock.pass_(hours=5)
    desk.act(touching.touch, lead, "email")


@pytest.mark.parametrize("how", ["wrote", "talks"])
def test_whoever_wrote_is_answered_at_once_and_of_whoever_talks_with_us_it_is_only_said(desk: Desk, how: str) -> None:
    lead = in_state(desk, "talking") if how == "talks" else desk.new_lead()
    if how == "wrote":
        touched(desk, lead, HOUR)
        desk.act(reply, lead, "question", text="how much?")
    ruling = desk.store.read(touching.ruling, desk.lead(lead), Channel.EMAIL, desk.clock()).result(10)
    said = [rule.level.value for rule in ruling.decision.rules if rule.id == "drip.gap"]
    assert said == (["warn"] if how == "talks" else [])
    desk.act(touching.touch, lead, "email")


@pytest.mark.parametrize("hours", [1, 3, 5])
def test_what_is_done_beside_the_drip_puts_its_next_step_behind_the_gap(desk: Desk, hours: int) -> None:
    lead = at_mail(desk)
    due = desk.lead(lead).due_at or 0
    desk.clock.now = at(due) - timedelta(hours=hours)
    desk.act(touching.touch, lead, "linkedin")
    assert desk.lead(lead).due_at == max(due, ms(desk.clock()) + 4 * 3_600_000)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    desk.act(touching.touch, lead, None)  # and there it may be done


def test_a_dial_of_the_reps_own_does_so_too(desk: Desk) -> None:
    lead = at_mail(desk)
    desk.act(call, lead, "no-answer")
    assert (desk.lead(lead).next_kind, desk.lead(lead).due_at) == ("mail", ms(desk.clock()) + 4 * 3_600_000)


# --- accepting plans as enrolling does -------------------------------------------------------------------------------


@pytest.mark.parametrize("ago", [timedelta(minutes=1), HOUR, 4 * HOUR])
def test_an_accepted_leads_first_touch_waits_for_the_gap_after_anybodys(desk: Desk, ago: timedelta) -> None:
    lead, twin = desk.new_lead(), desk.new_lead(name="A. Ruiz")
    touched(desk, twin, ago)
    desk.act(accept, lead)
    assert desk.lead(lead).due_at == max(ms(desk.clock()), ms(desk.clock() - ago + 4 * HOUR))
    assert desk.store.read(dialling.dial, lead, at(desk.lead(lead).due_at or 0)).result(10) is None


def test_accepted_one_by_one_or_all_at_once_no_day_holds_more_than_the_rep_does(desk: Desk) -> None:
    calls_a_day(desk, 5)
    found = people(desk, 12)
    for lead in found:
        desk.act(accept, lead)
    assert days_of(desk) == {MON: 5, TUE: 5, WED: 2}
    for _ in found:
        desk.store.undo().result(10)
    before = dump(desk.store)
    preview = desk.store.read(bulk.preview, found, accept, (), desk.clock()).result(10)
    assert (preview.takes, preview.refused) == (12, ())
    [done] = all_of(desk, found, accept)
    assert isinstance(done, Applied)
    assert done.summary == "accept: 12 leads"
    assert days_of(desk) == {MON: 5, TUE: 5, WED: 2}
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_accepting_lands_where_enrolling_into_the_same_drip_does(desk: Desk) -> None:
    calls_a_day(desk, 2)
    one, two, three = people(desk, 3)
    desk.act(enroll, one, standard(desk))
    desk.act(enroll, two, standard(desk))
    desk.act(enroll, three, standard(desk))
    put = desk.lead(three)
    desk.store.undo().result(10)
    desk.act(accept, three)
    now = desk.lead(three)
    assert (now.due_at, now.next_note, now.touch_no, now.touch_of) == (
        put.due_at, put.next_note, put.touch_no, put.touch_of,
    )  # fmt: skip
    assert at(now.due_at or 0, "Europe/Madrid").date() == TUE


def test_the_worthier_are_accepted_first_and_a_running_clock_waits_for_nothing(desk: Desk) -> None:
    calls_a_day(desk, 1)
    plain, better = people(desk, 2)
    write(desk.store, Edit.set("lead", better, rank=90))
    all_of(desk, [plain, better], accept)
    assert (desk.lead(better).due_at or 0) < (desk.lead(plain).due_at or 0)
    hot = desk.new_lead(
        name="Hot", email="hot@h.example", phone="+34699999999", source_id=desk.source(name="web", type="hand-raiser"),
        queue_band=0, respond_by=ms(desk.clock()) + 300_000,
    )  # fmt: skip
    desk.act(accept, hot)
    assert at(desk.lead(hot).due_at or 0, "Europe/Madrid").date() == MON


def test_what_finds_no_room_is_never_refused_for_it(desk: Desk) -> None:
    """Capacity puts off; it shuts nothing, so it leaves no event of the gate."""
    calls_a_day(desk, 1)
    for lead in people(desk, 30):
        desk.act(accept, lead)
    assert max(days_of(desk).values()) == 1
    assert events(desk, "gate") == []


def test_a_drip_that_slept_is_not_doubled_by_accepting(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    desk.act(nurture, lead, desk.clock() + timedelta(days=30))
    begin(
        desk.store, "enrollment", lead_id=lead, cadence_id=standard(desk), state="active", step_no=0,
        enrolled_at=ms(MONDAY), track="negative",
    )  # fmt: skip
    desk.act(accept, lead)
    assert [one.state for one in table(desk, rows.Enrollment, "enrollment")] == ["stopped", "stopped", "active"]


# --- skipping ----------------------------------------------------------------------------------------------------


def test_a_skip_goes_on_on_a_day_with_room_one_by_one_or_all_at_once(desk: Desk) -> None:
    calls_a_day(desk, 9)
    found = people(desk, 7)
    all_of(desk, found, accept)
    calls_a_day(desk, 1)
    a_day = int(
        USUAL_PACE.minutes_of(NextKind.CALL) // USUAL_PACE.minutes_of(NextKind.EMAIL)
    )  # mails that the time of one call holds
    all_of(desk, found, touching.skip, "other")  # each one's mail is a business day later
    at_once = days_of(desk)
    assert max(at_once.values()) == a_day < len(found)
    assert min(at_once) == TUE
    desk.store.undo().result(10)
    for lead in found:
        desk.act(touching.skip, lead, "other")
    assert days_of(desk) == at_once


def test_a_bulk_act_keeps_what_the_gate_refused_beside_what_it_did(desk: Desk) -> None:
    one, other = people(desk, 2)
    desk.act(wishes.opt_out, other, "linkedin")
    done = all_of(desk, [one, other], touching.touch, "linkedin")
    assert [one.summary for one in done if isinstance(one, Applied)] == [
        "1 refused by the gate", "touch: 1 leads, 1 refused",
    ]  # fmt: skip
    assert [(event["rule"], event["lead"]) for event in events(desk, "gate")] == [("suppressed.person", other)]
    desk.store.undo().result(10)
    assert table(desk, rows.Touch, "touch") == ()
    assert len(events(desk, "gate")) == 1  # undo passes over it
    [no] = all_of(desk, [other], touching.touch, "linkedin")
    assert isinstance(no, Refused)
    assert no.rule == "bulk.nothing"
    assert len(events(desk, "gate")) == 2
