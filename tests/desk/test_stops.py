"""What stops a drip, in one act that one `u` takes back: answers, absence, tracks, mails, calls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sdr.desk.cadences import load_cadence
from sdr.desk.calling import call
from sdr.desk.drip import enroll, skip, touch
from sdr.desk.replies import reply
from sdr.desk.triage import accept, disqualify, nurture
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.changes import Applied
from sdr.store.queries import playbook
from sdr.store.queries.playbook import outcomes
from tests.desk.calls import assert_journal_holds, assert_owed_or_closed, table
from tests.desks import MONDAY, Desk, begin, dump

TRACKS = """
name = "Two ways"
version = 1
[[step]]
name = "Hello"
channel = "email"
delay = "0m"
template = "mail-introduction"
[[step]]
name = "Second mail"
channel = "email"
delay = "3d"
template = "mail-case"
[[step]]
name = "Send the case"
channel = "email"
delay = "1d"
track = "positive"
template = "mail-case"
[[step]]
name = "Ask for a day"
channel = "call"
delay = "2d"
track = "positive"
[[step]]
name = "Still not the time?"
channel = "email"
delay = "0m"
track = "negative"
template = "mail-goodbye"
"""
THREAD = """
name = "Thread"
version = 1
[[step]]
name = "First mail"
channel = "email"
delay = "0m"
template = "mail-introduction"
[[step]]
name = "Nudge"
channel = "email"
delay = "1d"
needs = 1
template = "mail-case"
[[step]]
name = "Nudge again"
channel = "email"
delay = "1d"
needs = 2
template = "mail-case"
[[step]]
name = "Case"
channel = "email"
delay = "1d"
needs = 1
alone = "mail-case"
template = "mail-case"
[[step]]
name = "Call"
channel = "call"
delay = "1d"
"""


def in_drip(desk: Desk, text: str | None = None, **fields: object) -> int:
    """A lead whose drip's first touch is due now."""
    lead = desk.new_lead(**fields)
    if text is None:
        desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
    else:
        desk.act(load_cadence, text)
        desk.act(enroll, lead, max(one.id for one in desk.store.read(playbook.cadences).result(10)))
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    return lead


def drip_of(desk: Desk, lead: int) -> rows.Enrollment:
    return table(desk, rows.Enrollment, "enrollment", f"lead_id={lead}")[-1]


def waits(desk: Desk, lead: int, **fields: object) -> int:
    """A message of `lead` in the outbox."""
    given: dict[str, object] = {"channel": "email", "address": "ana@acme.example"}
    return begin(
        desk.store, "message", lead_id=lead, text="hello", state="ready", made_at=ms(MONDAY), **(given | fields)
    )


def state_of(desk: Desk, message: int) -> str:
    return str(table(desk, rows.Message, "message", f"id={message}")[0].state)


# --- the outbox --------------------------------------------------------------------------------------------------

HALTING = ["interested", "question", "not-now", "no", "unsubscribe", "someone-else"]


@pytest.mark.parametrize("kind", HALTING)
def test_an_answer_empties_their_outbox_in_the_same_act_and_undo_fills_it_again(desk: Desk, kind: str) -> None:
    lead, other = in_drip(desk), desk.new_lead(name="Leo Paz", email="leo@acme.example", phone="")
    desk.act(touch, lead, None)  # a mail, into the outbox
    [mine] = table(desk, rows.Message, "message")
    letter = waits(desk, lead, channel="letter", address="Calle 1")
    theirs = waits(desk, other, address="leo@acme.example")
    before = dump(desk.store)
    desk.act(reply, lead, kind, text="their words", name="Paula Gil")
    assert state_of(desk, mine.id) == "dropped"
    assert state_of(desk, letter) == "dropped"
    assert state_of(desk, theirs) == "ready"
    [sent] = table(desk, rows.Touch, "touch")
    assert (sent.skipped, sent.outcome) == (1, "dropped")  # it did not happen, so it is not counted
    assert drip_of(desk, lead).state in ("stopped", "paused")
    assert_journal_holds(desk)
    wishes = dump(desk.store)["suppression"]
    desk.store.undo().result(10)
    assert dump(desk.store) == before | {"suppression": wishes}  # what somebody asked for stays


def test_an_address_that_is_never_mailed_again_is_not_mailed_under_another_record(desk: Desk) -> None:
    lead, twin = desk.new_lead(), desk.new_lead(name="A. Ruiz", phone="")
    message = waits(desk, twin)
    desk.act(reply, lead, "unsubscribe")
    assert state_of(desk, message) == "dropped"


def test_while_they_are_away_messages_wait_and_letters_go(desk: Desk) -> None:
    lead = in_drip(desk)
    mail, letter = waits(desk, lead), waits(desk, lead, channel="letter", address="Calle 1")
    desk.act(reply, lead, "out-of-office", text="back on 16 March")
    held = {one.id: (one.state, one.not_before) for one in table(desk, rows.Message, "message")}
    assert held == {mail: ("ready", desk.lead(lead).due_at), letter: ("ready", None)}


def test_what_waits_for_an_address_that_bounced_goes_to_the_other_one_or_not_at_all(desk: Desk) -> None:
    lead = in_drip(desk, email_2="ana@home.example")
    message = waits(desk, lead)
    desk.act(reply, lead, "bounce")
    assert table(desk, rows.Message, "message")[0].address == "ana@home.example"
    desk.act(reply, lead, "bounce")
    assert state_of(desk, message) == "dropped"


@pytest.mark.parametrize(
    ("outcome", "drops"),
    [("no-answer", False), ("gatekeeper", False), ("callback", True), ("not-now", True), ("wrong-person", True),
     ("interested", True), ("do-not-contact", True)],
)  # fmt: skip
def test_a_talk_empties_the_outbox_and_a_dial_without_one_leaves_it(desk: Desk, outcome: str, drops: bool) -> None:
    lead = in_drip(desk)
    message = waits(desk, lead)
    desk.act(call, lead, outcome)
    assert (state_of(desk, message) == "dropped") is drops


@pytest.mark.parametrize("verb", [lambda d, one: d.act(disqualify, one, "2"),
                                  lambda d, one: d.act(nurture, one, d.clock() + timedelta(days=30))])  # fmt: skip
def test_a_verdict_empties_the_outbox(desk: Desk, verb: object) -> None:
    lead = in_drip(desk)
    desk.act(call, lead, "gatekeeper")
    message = waits(desk, lead)
    verb(desk, lead)  # type: ignore[operator]
    assert state_of(desk, message) == "dropped"


# --- away --------------------------------------------------------------------------------------------------------


def test_the_return_date_and_the_stand_in_are_read_from_what_the_mailbox_wrote(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps")
    lead = in_drip(desk, account_id=account)
    before = dump(desk.store)
    text = "I am away, back on 12 March. Please contact Bo Lind, bo@acme.example, +34 600 111 222."
    done = desk.act(reply, lead, "out-of-office", text=text)
    now = desk.lead(lead)
    assert at(now.due_at or 0, "Europe/Madrid").strftime("%F %H:%M") == "2026-03-12 09:00"
    assert drip_of(desk, lead).paused_until == now.due_at
    assert "back Thu 12 Mar (“back on 12 March”)" in done.summary
    assert "Bo Lind stands in" in done.summary
    [bo] = table(desk, rows.Lead, "lead", "name='Bo Lind'")
    assert (bo.email, bo.phone, bo.account_id, bo.state) == ("bo@acme.example", "+34600111222", account, "new")
    assert (now.contacted_at, now.engagement) == (None, 0)
    kinds = {(one.lead_id, one.kind) for one in table(desk, rows.Event, "event")}
    assert kinds == {(lead, "out-of-office"), (lead, "referral"), (bo.id, "referral")}
    desk.act(reply, lead, "out-of-office", text=text)  # the same again: nobody is begun twice
    assert len(table(desk, rows.Lead, "lead", "name='Bo Lind'")) == 1
    for _ in range(2):
        desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_a_date_by_hand_wins_over_the_text_and_without_any_it_is_next_week(desk: Desk) -> None:
    lead = in_drip(desk)
    desk.act(reply, lead, "out-of-office", text="back on 12 March", until=desk.clock() + timedelta(days=20))
    assert (desk.lead(lead).due_at or 0) > ms(desk.clock() + timedelta(days=19))
    other = in_drip(desk, name="Leo Paz", email="leo@acme.example", phone="")
    desk.act(reply, other, "out-of-office", text="I am out of the office.")
    assert (desk.lead(other).due_at or 0) < ms(desk.clock() + timedelta(days=10))


def test_the_twelfth_of_march_is_written_as_they_write_it_there(desk: Desk) -> None:
    lead = in_drip(desk, country="US", zone="America/New_York")
    desk.act(reply, lead, "out-of-office", text="returning 3/12")
    assert at(desk.lead(lead).due_at or 0, "America/New_York").strftime("%F") == "2026-03-12"


# --- reactive tracks ---------------------------------------------------------------------------------------------


def test_interest_turns_the_drip_to_its_positive_steps_once_they_are_answered(desk: Desk) -> None:
    lead = in_drip(desk, TRACKS)
    before = dump(desk.store)
    desk.act(reply, lead, "interested", text="tell me")
    assert desk.lead(lead).next_kind == "reply"
    turned = drip_of(desk, lead)
    assert (turned.state, turned.track, turned.step_no, turned.why) == ("active", "positive", 0, "interested")
    desk.act(touch, lead, None, text="here it is")
    now = desk.lead(lead)
    assert (now.next_kind, now.next_note, now.touch_no, now.touch_of) == ("mail", "Send the case", 1, 2)
    desk.clock.now = at(now.due_at or 0)
    desk.act(touch, lead, None)
    assert (desk.lead(lead).next_note, desk.lead(lead).touch_no) == ("Ask for a day", 2)
    for _ in range(3):
        desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_interest_on_a_call_goes_on_with_the_positive_steps_at_once(desk: Desk) -> None:
    lead = in_drip(desk, TRACKS)
    desk.act(call, lead, "interested")
    assert (desk.lead(lead).next_note, drip_of(desk, lead).track) == ("Send the case", "positive")
    assert desk.lead(lead).state == "talking"


def test_a_promised_call_first_then_the_positive_steps(desk: Desk) -> None:
    lead = in_drip(desk, TRACKS)
    promised = desk.clock() + timedelta(days=1)
    desk.act(call, lead, "callback", next_at=promised)
    waiting = drip_of(desk, lead)
    assert (waiting.state, waiting.track, waiting.paused_until) == ("paused", "positive", ms(promised))
    desk.clock.now = promised
    desk.act(call, lead, "no-answer")
    assert desk.lead(lead).next_note == "Send the case"


@pytest.mark.parametrize("kind", ["not-now", "no"])
def test_not_now_comes_back_with_the_negative_steps_on_the_chosen_date(desk: Desk, kind: str) -> None:
    lead = in_drip(desk, TRACKS)
    until = desk.clock() + timedelta(days=90)
    reason = {"reason": "not-this-year"} if kind == "no" else {}
    desk.act(reply, lead, kind, until=until, **reason)
    now, drip = desk.lead(lead), drip_of(desk, lead)
    assert (now.state, now.next_kind, now.next_note) == ("nurture", "mail", "Still not the time?")
    assert ms(until) <= (now.due_at or 0) < ms(until + timedelta(days=4))
    assert (drip.state, drip.track) == ("active", "negative")


def test_a_final_no_and_a_drip_without_tracks_just_stop(desk: Desk) -> None:
    lead, other = in_drip(desk, TRACKS), in_drip(desk, name="Leo Paz", email="leo@acme.example", phone="")
    desk.act(reply, lead, "no")
    assert (drip_of(desk, lead).state, drip_of(desk, lead).track) == ("stopped", "main")
    desk.act(reply, other, "interested")
    assert (drip_of(desk, other).state, drip_of(desk, other).track) == ("stopped", "main")


# --- skipping ----------------------------------------------------------------------------------------------------


def test_a_skipped_mail_takes_its_replies_with_it_or_they_stand_alone(desk: Desk) -> None:
    lead = in_drip(desk, THREAD)
    done = desk.act(skip, lead, "out-of-date")
    assert "“Nudge” falls away with it · “Nudge again” falls away with it · “Case” goes out on its own" in done.summary
    now = desk.lead(lead)
    assert (now.next_note, drip_of(desk, lead).step_no) == ("Case", 3)
    desk.clock.now = at(now.due_at or 0)
    desk.act(touch, lead, None)
    [sent] = table(desk, rows.Message, "message")
    assert (sent.subject, sent.reply_to) == ("A case like yours", None)
    assert desk.lead(lead).next_note == "Call"


def test_what_was_sent_is_replied_to_as_planned(desk: Desk) -> None:
    lead = in_drip(desk, THREAD)
    desk.act(touch, lead, None)
    assert desk.lead(lead).next_note == "Nudge"
    done = desk.act(skip, lead, "other")
    assert "“Nudge again” falls away with it" in done.summary
    assert "Case" not in done.summary
    assert desk.lead(lead).next_note == "Case"


# --- the mail that goes with a call --------------------------------------------------------------------------------


def test_a_voicemail_and_its_mail_are_one_act(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    before = dump(desk.store)
    done = desk.act(call, lead, "voicemail", mail=True)
    assert done.summary.startswith("Ana Ruiz: voicemail left · next call ")
    assert done.summary.endswith(" · mail in the outbox")
    dial, mail = sorted(table(desk, rows.Touch, "touch"), key=lambda one: one.channel)
    assert (dial.channel, dial.step_no, mail.channel, mail.step_no, mail.enrollment_id, mail.human) == (
        "call", 1, "email", None, None, 0,
    )  # fmt: skip
    [message] = table(desk, rows.Message, "message")
    assert (message.id, message.template, message.state, message.address, message.enrollment_id) == (
        mail.message_id, "after-voicemail", "ready", "ana@acme.example", None,
    )  # fmt: skip
    assert "{" not in message.text
    due = at(desk.lead(lead).due_at or 0, "Europe/Madrid")
    assert (desk.lead(lead).next_kind, due.strftime("%a")) == ("call", "Wed")  # two business days on
    assert_journal_holds(desk)
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_a_mail_that_cannot_go_does_not_lose_the_call(desk: Desk) -> None:
    lead, silent = desk.new_lead(email=None), desk.new_lead(name="Leo Paz", email="leo@acme.example")
    done = desk.act(call, lead, "voicemail", mail=True)
    assert "no mail: Ana Ruiz has no e-mail address" in done.summary
    desk.act(reply, silent, "unsubscribe")
    assert " · no mail: email blocked" in desk.act(call, silent, "voicemail", mail=True).summary
    assert table(desk, rows.Message, "message") == ()
    assert len(table(desk, rows.Call, "call")) == 2


def test_no_mail_goes_with_an_outcome_that_has_none_or_unasked(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "no-answer", mail=True)
    desk.act(call, lead, "voicemail")
    assert table(desk, rows.Message, "message") == ()


# --- the ladder of dials (G18) -------------------------------------------------------------------------------------


def test_outside_a_drip_a_dial_nobody_answers_comes_again_after_1_3_and_6_days_and_then_rests_30(desk: Desk) -> None:
    lead, days, notes = desk.new_lead(), [], []
    for _ in range(5):
        before = desk.clock()
        desk.act(call, lead, "no-answer")
        now = desk.lead(lead)
        days.append((at(now.due_at or 0).date() - before.date()).days)
        notes.append(now.next_note)
        desk.clock.now = at(now.due_at or 0)
    # Mon +1 Tue, +3 Fri, +6 Thu, +30 Sat, moved to Mon: 32; then +30 is a Wednesday.
    assert days == [1, 3, 6, 32, 30]
    assert notes == [None, None, None, "rested 30 days after 4 calls", "rested 30 days after 5 calls"]
    assert_owed_or_closed(desk, lead)


def test_each_dial_of_the_ladder_is_in_the_other_half_of_the_day(desk: Desk) -> None:
    lead, halves = desk.new_lead(), []
    for _ in range(4):
        desk.act(call, lead, "no-answer")
        due = at(desk.lead(lead).due_at or 0, "Europe/Madrid")
        halves.append(due.hour < 13)
        desk.clock.now = due
    assert halves == [False, True, False, True]


def test_somebody_who_answered_begins_at_the_foot_of_the_ladder_and_a_voicemail_has_its_own_first_date(
    desk: Desk,
) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "voicemail")
    assert at(desk.lead(lead).due_at or 0).strftime("%a") == "Wed"
    desk.act(call, lead, "no-answer")
    assert at(desk.lead(lead).due_at or 0).strftime("%a") == "Thu"  # three days from Monday
    desk.clock.pass_(days=1)
    desk.act(call, lead, "gatekeeper")
    desk.clock.pass_(hours=1)
    desk.act(call, lead, "no-answer")
    assert at(desk.lead(lead).due_at or 0).strftime("%a") == "Wed"  # the next day again


def test_a_busy_line_is_not_on_the_ladder(desk: Desk) -> None:
    lead = desk.new_lead()
    for _ in range(3):
        desk.act(call, lead, "no-answer")
    desk.act(call, lead, "busy")
    assert (desk.lead(lead).due_at or 0) - ms(desk.clock()) == 2 * 3_600_000
    assert [one.key for one in outcomes().ring if one.ladder] == ["no-answer", "voicemail"]


def test_every_refusal_leaves_no_trace(desk: Desk) -> None:
    lead = in_drip(desk)
    before = dump(desk.store)
    for more, rule in (
        ({"kind": "interested", "scope": "account"}, "reply.scope"),
        ({"kind": "unsubscribe", "scope": "everybody"}, "reply.scope"),
        ({"kind": "unsubscribe", "scope": "account"}, "reply.scope"),
    ):
        done = desk.try_(reply, lead, more.pop("kind"), **more)
        assert isinstance(done, Refused)
        assert done.rule == rule
    assert dump(desk.store) == before


def test_nobody_speaks_for_all_of_a_public_mail_host(desk: Desk) -> None:
    lead = in_drip(desk, email="ana@gmail.com")
    refused = desk.try_(reply, lead, "unsubscribe", scope="domain")
    assert isinstance(refused, Refused)
    assert isinstance(desk.try_(reply, lead, "unsubscribe"), Applied)
