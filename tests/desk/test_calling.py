"""Calls on a real file: every outcome from every state, refusals, numbers, promises, the drip, and the way back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sdr.desk.calling import call
from sdr.desk.dialling import dial
from sdr.desk.drip import enroll
from sdr.desk.triage import accept
from sdr.models.terms import LeadState, Refused, at, ms
from sdr.store import rows
from sdr.store.queries import leads, playbook
from tests.desk.calls import GOOD, STATES, assert_journal_holds, assert_owed_or_closed, in_state, table
from tests.desks import Desk, begin, dump

MORE = {"answers": GOOD, "reason": "no-budget", "name": "Paula Gil"}  # whatever an outcome may ask for
OUTCOMES = [one.key for one in (*playbook.outcomes().ring, *playbook.outcomes().wrap)]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_from_every_state_leaves_a_next_step_and_can_be_taken_back(
    desk: Desk, outcome: str, state: str
) -> None:
    lead = in_state(desk, state)
    before, stood = dump(desk.store), desk.lead(lead)
    done = desk.try_(call, lead, outcome, seconds=31, said=["leaks at three sites"], **MORE)
    if isinstance(done, Refused):
        assert state == "offered"
        assert done.rule == "handoff.offered"
        assert dump(desk.store) == before
        return
    assert_owed_or_closed(desk, lead, stood)
    assert_journal_holds(desk)
    assert len(table(desk, rows.Call, "call", f"lead_id={lead}")) == len(before_calls(before, lead)) + 1
    wishes = dump(desk.store)["suppression"]
    desk.store.undo().result(10)
    assert dump(desk.store) == before | {"suppression": wishes}  # what somebody asked for stays
    assert_journal_holds(desk)
    desk.store.redo().result(10)
    assert_owed_or_closed(desk, lead, stood)
    assert dump(desk.store)["suppression"] == wishes


def before_calls(before: dict, lead: int) -> list:
    return [row for row in before["call"] if row[2] == lead]


def test_no_answer_is_tried_again_in_the_other_half_of_the_next_day(desk: Desk) -> None:
    lead = desk.new_lead()
    done = desk.act(call, lead, "no-answer")
    now = desk.lead(lead)
    assert done.summary == "Ana Ruiz: no answer · next call tomorrow 14:10 Madrid"
    assert (now.state, now.next_kind) == ("working", "call")
    assert at(now.due_at or 0, "Europe/Madrid").strftime("%a %H:%M") == "Tue 14:10"
    assert now.close_at == ms(datetime(2026, 3, 3, 17, tzinfo=ZoneInfo("Europe/Madrid")))


def test_the_first_dial_answers_the_clock_once_and_contact_counts_from_the_person(desk: Desk) -> None:
    source = desk.source(name="form", type="hand-raiser")
    lead = desk.new_lead(source_id=source, respond_by=ms(desk.clock()) + 300_000, queue_band=0)
    first = desk.clock()
    desk.act(call, lead, "no-answer")
    assert desk.lead(lead).queue_band != 0
    desk.clock.pass_(days=1)
    desk.act(call, lead, "gatekeeper")
    assert desk.lead(lead).contacted_at is None
    desk.clock.pass_(days=1)
    desk.act(call, lead, "interested")
    now = desk.lead(lead)
    assert now.first_touch_at == ms(first)
    assert now.contacted_at == ms(desk.clock())
    desk.clock.pass_(days=3)
    desk.act(call, lead, "hung-up")
    assert desk.lead(lead).contacted_at == now.contacted_at


def test_what_was_noted_during_the_call_is_kept(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(
        call, lead, "interested", answers={"budget": "yes", "decides": "together"}, said=["leaks at three sites"],
        notes=["send case"], seconds=95, landed=2, blank=1, cards=["price"],
    )  # fmt: skip
    [made] = table(desk, rows.Call, "call")
    assert (made.contact, made.seconds, made.landed, made.blank, made.cards) == (
        "conversation", 95, 2, 1, '["price"]',
    )  # fmt: skip
    assert made.number == "+34600000001"
    [touch] = table(desk, rows.Touch, "touch")
    assert (touch.channel, touch.human, touch.outcome) == ("call", 1, "interested")
    kinds = [(one.kind, one.text) for one in table(desk, rows.Event, "event")]
    assert kinds == [("said", "leaks at three sites"), ("note", "send case"), ("talked", None)]
    now = desk.lead(lead)
    assert (now.said, now.score, now.known) == ("leaks at three sites", 40, 2)
    assert now.engagement == 40  # talked with us, in this very act


def test_an_answer_is_corrected_by_the_next_call(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "interested", answers={"budget": "no"})
    desk.act(call, lead, "interested", answers={"budget": "yes"})
    assert desk.store.read(leads.answers, lead).result(10) == {"budget": "yes"}
    assert desk.lead(lead).score == 20


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "more", "rule", "words"),
    [
        ("sang", {}, "call.outcome", "list"),
        ("not-a-fit", {}, "call.reason", "reason"),
        ("not-a-fit", {"reason": "bad hair"}, "call.reason", "reason"),
        ("referral", {"name": "  "}, "call.name", "name"),
        ("not-now", {"next_at": datetime(2026, 3, 1, 9, tzinfo=UTC)}, "date.past", "has passed"),
        ("no-answer", {"answers": {"shoe": "42"}}, "rubric.criterion", "shoe"),
        ("no-answer", {"answers": {"budget": "maybe"}}, "rubric.level", "maybe"),
        ("qualified", {}, "rubric.must-haves", "budget, who decides, stage missing"),
        ("qualified", {"answers": GOOD | {"budget": "no"}}, "rubric.must-haves", "budget missing"),
        ("qualified", {"answers": {"budget": "yes", "decides": "self", "stage": "planned"}}, "rubric.points", "64 of"),
        ("qualified", {"answers": GOOD | {"stage": "bought"}}, "rubric.must-haves", "stage"),
    ],
)
def test_what_is_refused_and_leaves_no_trace(desk: Desk, outcome: str, more: dict, rule: str, words: str) -> None:
    lead = desk.new_lead()
    before = dump(desk.store)
    done = desk.try_(call, lead, outcome, **more)
    assert isinstance(done, Refused)
    assert done.rule == rule
    assert words in done.reason
    assert dump(desk.store) == before


def test_without_a_number_there_is_no_call_unless_one_is_given(desk: Desk) -> None:
    lead = desk.new_lead(phone="")
    refused = desk.try_(call, lead, "no-answer")
    assert isinstance(refused, Refused)
    assert refused.rule == "call.no-number"
    desk.act(call, lead, "no-answer", number="+34911111111")
    assert desk.lead(lead).next_kind == "mail"  # nothing to dial next time


def test_a_closed_lead_is_not_called(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "wrong-person")
    refused = desk.try_(call, lead, "no-answer")
    assert isinstance(refused, Refused)
    assert refused.rule == "lead.closed"


# --- never again -----------------------------------------------------------------------------------------------


def test_who_asked_never_to_be_called_cannot_be_called(desk: Desk) -> None:
    lead, colleague = desk.new_lead(), desk.new_lead(name="Leo Paz", email="leo@acme.example")
    desk.act(accept, lead)
    desk.act(call, lead, "do-not-call", said=["take me off"])
    now = desk.lead(lead)
    assert (now.state, now.next_kind) == ("working", "mail")
    for who in (lead, colleague):  # the colleague shares the number
        refused = desk.try_(call, who, "no-answer")
        assert isinstance(refused, Refused)
        assert refused.reason == "call blocked: asked on 2 Mar 2026 (“take me off”)"
        assert desk.store.read(dial, who, desk.clock()).result(10) == refused
    held = table(desk, rows.Suppression, "suppression")
    assert {(one.channel, one.scope, one.value) for one in held} == {
        ("call", "person", str(lead)),
        ("call", "number", "+34600000001"),
    }


def test_without_calls_and_mail_the_rep_decides(desk: Desk) -> None:
    lead = desk.new_lead(email=None)
    desk.act(call, lead, "do-not-call")
    assert desk.lead(lead).next_kind == "triage"


def test_do_not_contact_closes_and_blocks_everything(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    desk.act(call, lead, "do-not-contact")
    now = desk.lead(lead)
    assert (now.state, now.reason) == ("disqualified", "do-not-contact")
    [drip] = table(desk, rows.Enrollment, "enrollment")
    assert drip.state == "stopped"
    assert {one.channel for one in table(desk, rows.Suppression, "suppression")} == {"all"}


def test_do_not_contact_is_kept_even_while_the_lead_is_with_the_account_executive(desk: Desk) -> None:
    lead = in_state(desk, "offered")
    desk.act(call, lead, "do-not-contact")
    assert desk.lead(lead).state == "offered"
    refused = desk.try_(call, lead, "no-answer")
    assert isinstance(refused, Refused)
    assert refused.rule == "consent.call"


@pytest.mark.parametrize(("hour", "shut"), [(8, True), (9, False), (19, False), (20, True)])
def test_a_phone_rings_only_in_calling_hours_there(desk: Desk, hour: int, shut: bool) -> None:
    lead = desk.new_lead()
    moment = datetime(2026, 3, 3, hour, tzinfo=ZoneInfo("Europe/Madrid"))
    found = desk.store.read(dial, lead, moment).result(10)
    assert isinstance(found, Refused) is shut


# --- numbers ---------------------------------------------------------------------------------------------------


def listed(*numbers: str) -> str:
    return json.dumps([{"e164": one, "type": "mobile", "raw": one, "struck": None} for one in numbers])


def test_a_wrong_number_is_struck_and_the_next_one_rings_at_once(desk: Desk) -> None:
    lead = desk.new_lead(phones=listed("+34600000001", "+34911111111"))
    done = desk.act(call, lead, "wrong-number")
    now = desk.lead(lead)
    assert now.phone == "+34911111111"
    assert (now.next_kind, now.due_at) == ("call", ms(desk.clock()))
    assert done.summary == "Ana Ruiz: wrong number, struck out · next call now"
    assert [one["struck"] for one in json.loads(now.phones or "")] == ["2026-03-02", None]
    desk.act(call, lead, "wrong-number")
    now = desk.lead(lead)
    assert now.phone is None
    assert now.next_kind == "mail"
    assert all(one["struck"] for one in json.loads(now.phones or ""))


def test_the_last_wrong_number_leaves_the_drip_to_its_other_channels(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    desk.act(call, lead, "wrong-number")
    now = desk.lead(lead)
    assert (now.next_kind, now.next_note, now.touch_no) == ("mail", "Mail: why I called", 2)


def test_without_any_address_left_the_rep_decides(desk: Desk) -> None:
    lead = desk.new_lead(email=None)
    desk.act(call, lead, "wrong-number")
    assert desk.lead(lead).next_kind == "triage"


def test_another_number_that_is_wrong_does_not_touch_the_first(desk: Desk) -> None:
    lead = desk.new_lead(phones=listed("+34600000001", "+34911111111"))
    desk.act(call, lead, "wrong-number", number="+34911111111")
    now = desk.lead(lead)
    assert now.phone == "+34600000001"
    assert now.next_kind == "call"


# --- promises --------------------------------------------------------------------------------------------------


def promise(desk: Desk, lead: int, hours: float = 24) -> datetime:
    moment = desk.clock() + timedelta(hours=hours)
    desk.act(call, lead, "callback", next_at=moment)
    return moment


def test_a_callback_stands_at_its_exact_time_before_everything_but_running_clocks(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    moment = promise(desk, lead, 5.25)  # 15:15, and it would stand in the evening too
    now = desk.lead(lead)
    assert (now.next_kind, now.due_at, now.queue_band, now.state) == ("promise", ms(moment), 1, "talking")
    [made] = table(desk, rows.Promise, "promise")
    assert (made.kind, made.due_at, made.zone) == ("callback", ms(moment), "Europe/Madrid")
    [drip] = table(desk, rows.Enrollment, "enrollment")
    assert (drip.state, drip.step_no, drip.paused_until) == ("paused", 1, ms(moment))


@pytest.mark.parametrize(("before", "outcome", "kept"), [
    (0, "no-answer", True), (-30, "no-answer", True), (10, "no-answer", True), (11, "no-answer", False),
    (180, "interested", True),
])  # fmt: skip
def test_a_promise_is_kept_at_its_time_or_by_reaching_them(desk: Desk, before: int, outcome: str, kept: bool) -> None:
    lead = desk.new_lead()
    moment = promise(desk, lead)
    desk.clock.now = moment - timedelta(minutes=before)
    desk.act(call, lead, outcome)
    [made] = table(desk, rows.Promise, "promise")
    assert made.kept_at == (ms(desk.clock()) if kept else None)
    now = desk.lead(lead)
    assert (now.next_kind == "promise") is not kept
    if not kept:
        assert now.due_at == ms(moment)


def test_a_new_promise_ends_the_one_before(desk: Desk) -> None:
    lead = desk.new_lead()
    promise(desk, lead)
    desk.clock.pass_(hours=1)
    promise(desk, lead, 48)
    first, second = table(desk, rows.Promise, "promise")
    assert first.kept_at == ms(desk.clock())  # they were reached
    assert (second.kept_at, second.dropped_at) == (None, None)
    desk.clock.pass_(hours=1)
    desk.act(call, lead, "wrong-person")
    assert table(desk, rows.Promise, "promise")[1].dropped_at  # a closed lead owes nobody a call


def test_a_promise_nobody_can_keep_is_dropped(desk: Desk) -> None:
    lead = desk.new_lead()
    promise(desk, lead)
    desk.act(call, lead, "do-not-call")
    [made] = table(desk, rows.Promise, "promise")
    assert made.dropped_at
    assert desk.lead(lead).next_kind == "mail"


# --- the drip --------------------------------------------------------------------------------------------------


def test_a_call_step_nobody_answers_is_dialled_twice_more_then_the_drip_goes_on(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    seen = []
    for _ in range(3):
        desk.act(call, lead, "no-answer")
        now = desk.lead(lead)
        seen.append((now.next_kind, now.touch_no))
        desk.clock.now = at(now.due_at or 0)
    assert seen == [("call", 1), ("call", 1), ("mail", 2)]
    assert {one.step_no for one in table(desk, rows.Touch, "touch")} == {1}


def test_a_dial_between_two_touches_leaves_the_next_one(desk: Desk) -> None:
    lead = desk.new_lead()
    cadence = desk.store.read(playbook.cadence).result(10)[0]
    desk.act(enroll, lead, cadence, at_step=2)  # a mail, tomorrow
    stood = desk.lead(lead)
    desk.act(call, lead, "no-answer")
    now = desk.lead(lead)
    assert (now.next_kind, now.due_at, now.touch_no) == (stood.next_kind, stood.due_at, 2)


def test_a_promised_call_nobody_answers_brings_the_drip_back(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    desk.clock.now = promise(desk, lead)
    desk.act(call, lead, "no-answer")
    now = desk.lead(lead)
    assert now.next_kind == "mail"
    [drip] = table(desk, rows.Enrollment, "enrollment")
    assert (drip.state, drip.step_no) == ("active", 1)


def test_a_date_of_the_reps_own_wins_and_lands_in_their_hours(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    sunday = datetime(2026, 3, 8, 12, tzinfo=UTC)
    desk.act(call, lead, "no-answer", next_at=sunday)
    now = desk.lead(lead)
    assert at(now.due_at or 0, "Europe/Madrid").strftime("%a %H:%M") == "Mon 09:00"
    assert now.next_kind == "call"


def test_the_last_call_of_a_drip_ends_in_a_question_not_in_nothing(desk: Desk) -> None:
    lead = desk.new_lead(email=None)
    cadence = desk.store.read(playbook.cadence).result(10)[0]
    desk.act(enroll, lead, cadence, at_step=7)
    for _ in range(3):
        desk.clock.now = at(desk.lead(lead).due_at or 0)
        desk.act(call, lead, "no-answer")
    now = desk.lead(lead)
    assert (now.state, now.next_kind, now.next_note) == ("working", "triage", "drip finished: verdict?")
    [drip] = table(desk, rows.Enrollment, "enrollment")
    assert drip.state == "finished"


# --- verdicts --------------------------------------------------------------------------------------------------


def test_qualified_is_to_be_handed_off_at_once(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    done = desk.act(call, lead, "qualified", answers=GOOD)
    now = desk.lead(lead)
    assert (now.state, now.next_kind, now.due_at) == ("qualified", "handoff", ms(desk.clock()))
    assert now.qualified_at == ms(desk.clock())
    assert now.verdict == "qualified"
    assert done.summary == "Ana Ruiz: qualified · hand off now"
    [drip] = table(desk, rows.Enrollment, "enrollment")
    assert drip.state == "stopped"


def test_answers_of_earlier_calls_count(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "interested", answers={"budget": "yes", "decides": "self"})
    desk.act(call, lead, "qualified", answers={"stage": "comparing", "role": "decider"})
    assert desk.lead(lead).state == "qualified"


def test_a_handoff_that_is_owed_stands_after_one_more_dial(desk: Desk) -> None:
    lead = in_state(desk, "qualified")
    desk.act(call, lead, "no-answer")
    assert desk.lead(lead).next_kind == "handoff"


def test_not_now_sleeps_until_the_chosen_date(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "not-now")
    usual = desk.lead(lead)
    assert (usual.state, usual.next_kind) == ("nurture", "wake")
    assert at(usual.due_at or 0, "Europe/Madrid").strftime("%Y-%m-%d") == "2026-04-07"  # the first Tuesday of April
    desk.act(call, lead, "not-now", next_at=datetime(2026, 6, 2, 9, tzinfo=UTC))
    assert desk.lead(lead).due_at == ms(datetime(2026, 6, 2, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("reason", "state"), [("no-budget", "disqualified"), ("2", "disqualified"), ("not-this-year", "nurture")]
)
def test_not_a_fit_has_a_reason_and_later_is_not_never(desk: Desk, reason: str, state: str) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "not-a-fit", reason=reason)
    now = desk.lead(lead)
    assert now.state == state
    assert now.reason in ("no-budget", "not-this-year")


def test_a_reason_that_says_never_again_blocks(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "not-a-fit", reason="do-not-contact")
    assert table(desk, rows.Suppression, "suppression")


def test_a_referral_makes_the_colleague_a_lead_of_the_same_account(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps")
    lead = desk.new_lead(account_id=account, source_id=desk.source())
    desk.act(accept, lead)
    done = desk.act(call, lead, "referral", name="Paula Gil")
    now = desk.lead(lead)
    assert (now.state, now.next_kind) == ("talking", "call")
    [found] = (one for one in table(desk, rows.Lead, "lead") if one.name == "Paula Gil")
    assert (found.state, found.next_kind, found.due_at) == ("new", "triage", ms(desk.clock()))
    shared = ("company", "account_id", "source_id", "country", "zone", "owner_id")
    assert [getattr(found, key) for key in shared] == [getattr(now, key) for key in shared]
    assert (found.first_name, found.last_name, found.email, found.phone) == ("Paula", "Gil", None, None)
    told = {(one.lead_id, one.text) for one in table(desk, rows.Event, "event", "kind='referral'")}
    assert told == {(lead, "named Paula Gil"), (found.id, "named by Ana Ruiz")}
    assert {lead, found.id} <= done.leads
    assert [one.id for one in desk.store.read(leads.named, "paula gil").result(10)] == [found.id]


def test_states_only_go_forward(desk: Desk) -> None:
    lead = in_state(desk, "talking")
    desk.act(call, lead, "no-answer")
    assert desk.lead(lead).state == LeadState.TALKING
