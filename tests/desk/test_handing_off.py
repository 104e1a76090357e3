"""Handing off: what must be there, who takes it and why, what comes back, and whose move it is at every moment."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from sdr.desk.handing_off import accountable, answer_handoff, hand_off, outcome, recall, set_ae
from sdr.desk.triage import accept, answer, disqualify, note
from sdr.models.terms import Band, Refused, at, ms
from sdr.store import rebuilding
from sdr.store.changes import Applied
from sdr.store.queries import handoffs, leads, playbook, queue
from tests.desks import MONDAY, Desk, dump
from tests.handovers import executive, newest, offered, qualified

MEETING = datetime(2026, 3, 5, 10, 0, tzinfo=MONDAY.tzinfo)


def test_a_qualified_lead_is_offered_with_a_clock_a_reason_and_a_brief(desk: Desk) -> None:
    executive(desk)
    lead = qualified(desk)
    desk.act(note, lead, "leaks at three sites", said=True)
    done = desk.act(hand_off, lead, meeting_at=MEETING)
    handoff, after = newest(desk, lead), desk.lead(lead)
    assert (handoff.state, handoff.meeting_at) == ("offered", ms(MEETING))
    # 10:00 in Madrid and four working hours
    assert at(handoff.respond_by, "Europe/Madrid").isoformat() == "2026-03-02T14:00:00+01:00"
    assert (after.state, after.next_kind, after.due_at) == ("offered", "answer", handoff.respond_by)
    assert after.qualified_at == ms(MONDAY)
    assert handoff.why_ae in done.summary
    for words in (
        "Ana Ruiz",
        "leaks at three sites",
        "yes, named",
        "meeting Thu 2026-03-05 11:00",
        "Kim Ode",
        "fewest open",
    ):
        assert words.casefold() in handoff.brief.casefold()
    promise = desk.store.read(leads.open_promise, lead).result(10)
    assert (promise.kind, promise.due_at) == ("meeting", ms(MEETING))
    assert desk.store.read(leads.enrollment, lead).result(10) is None


def test_what_is_missing_is_refused_by_name_with_the_way_out(desk: Desk) -> None:
    executive(desk)
    lead = desk.new_lead(company=None)

    desk.act(accept, lead)
    desk.act(answer, lead, {"decides": "self"})
    refused = desk.try_(hand_off, lead)
    assert isinstance(refused, Refused)
    assert refused.reason == "A handoff needs budget, stage and company first."
    assert " o " in refused.hint
    forced = desk.act(hand_off, lead, force=True)
    assert "without budget, stage, company" in forced.summary
    assert "handed over without budget, stage, company" in newest(desk, lead).brief


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"budget": "not-fixed", "decides": "named", "stage": "this-year"}, "handoff.verdict"),
        ({"budget": "yes", "decides": "nobody", "stage": "comparing"}, "handoff.must-haves"),
    ],
)
def test_too_few_points_are_refused(desk: Desk, answers: dict[str, str], rule: str) -> None:
    executive(desk)
    lead = qualified(desk)
    desk.act(answer, lead, {"role": "none", **answers})
    refused = desk.try_(hand_off, lead)
    assert isinstance(refused, Refused)
    assert refused.rule == rule


def test_a_lead_that_nobody_accepted_or_that_is_with_an_ae_is_refused(desk: Desk) -> None:
    executive(desk)
    assert desk.try_(hand_off, desk.new_lead()).rule == "handoff.state"
    handoff = offered(desk)
    assert desk.try_(hand_off, handoff.lead_id).rule == "handoff.offered"


def test_without_an_ae_the_way_to_name_one_is_said(desk: Desk) -> None:
    lead = qualified(desk)
    before = dump(desk.store)
    refused = desk.try_(hand_off, lead)
    assert isinstance(refused, Refused)
    assert "sdr aes set" in refused.hint
    assert dump(desk.store) == before


def test_the_least_loaded_of_the_territory_takes_it_and_the_rep_may_choose(desk: Desk) -> None:
    executive(desk, "Iri", territory="DE")
    kim = executive(desk, "Kim", territory="ES")
    ode = executive(desk, "Ode", territory="ES, PT")
    first = offered(desk, qualified(desk, name="A B", email="a@b.example"))
    second = offered(desk, qualified(desk, name="C D", email="c@d.example"))
    assert {first.ae_id, second.ae_id} == {kim, ode}
    chosen = offered(desk, qualified(desk, name="E F", email="e@f.example"), ae_id=ode)
    assert (chosen.ae_id, chosen.why_ae) == (ode, "chosen by the rep")
    assert desk.try_(hand_off, qualified(desk, name="G H", email="g@h.example"), ae_id=99).rule == "handoff.ae"


def test_somebody_away_starts_the_clock_when_back(desk: Desk) -> None:
    executive(desk, away_until=MONDAY + timedelta(days=2))
    handoff = offered(desk)
    assert handoff.respond_by == ms(MONDAY + timedelta(days=2, hours=4))
    assert "away" in handoff.why_ae


def test_an_accepted_lead_leaves_the_queue_and_can_come_back_with_undo(desk: Desk) -> None:
    executive(desk)
    handoff = offered(desk)
    done = desk.act(answer_handoff, handoff.id, "accept")
    after = desk.lead(handoff.lead_id)
    assert (after.state, after.next_kind, after.queue_band) == ("accepted", None, None)
    assert newest(desk, handoff.lead_id).answered_at == ms(MONDAY)
    assert desk.try_(answer_handoff, handoff.id, "accept").rule == "handoff.answered"
    undone = desk.store.undo(done.step).result(10)
    assert isinstance(undone, Applied)
    assert desk.lead(handoff.lead_id).state == "offered"


def test_a_return_needs_an_agreed_reason(desk: Desk) -> None:
    executive(desk)
    handoff = offered(desk)
    assert desk.try_(answer_handoff, handoff.id, "return").rule == "handoff.reason"
    assert desk.try_(answer_handoff, handoff.id, "return", reason="nonsense").rule == "handoff.reason"
    assert desk.try_(answer_handoff, handoff.id, "return", reason="9").rule == "handoff.note"
    assert desk.try_(answer_handoff, handoff.id, "perhaps").rule == "handoff.verdict"
    assert desk.try_(answer_handoff, 1, "accept").rule == "handoff.unknown"


def test_a_returned_lead_stands_on_top_with_the_reason_and_is_sent_again_in_one_act(desk: Desk) -> None:
    kim = executive(desk)
    executive(desk, "Iri")
    handoff = offered(desk)
    desk.clock.pass_(hours=1)
    desk.act(answer_handoff, handoff.id, "return", reason="need-unconfirmed", note="asks for a demo only")
    after = desk.lead(handoff.lead_id)
    assert (after.state, after.next_kind, after.queue_band) == ("working", "returned", Band.RETURNED)
    assert after.next_note == "need not confirmed: asks for a demo only"
    assert after.due_at == ms(desk.clock.now)
    items = desk.store.read(queue.page, ms(desk.clock.now), 5).result(10)
    assert (items[0].id, items[0].band) == (handoff.lead_id, Band.RETURNED)
    again = offered(desk, handoff.lead_id)
    assert (again.ae_id, again.why_ae) == (kim, "has this lead's history already")
    assert "returned before: need not confirmed" in again.brief
    desk.act(answer_handoff, again.id, "return", reason="timing")
    assert desk.lead(handoff.lead_id).next_note == "timing, returned before"


def test_a_lead_that_belongs_to_another_ae_goes_to_another(desk: Desk) -> None:
    kim, iri = executive(desk, "Kim"), executive(desk, "Iri")
    handoff = offered(desk)
    desk.act(answer_handoff, handoff.id, "return", reason="another-ae")
    assert {handoff.ae_id, offered(desk, handoff.lead_id).ae_id} == {kim, iri}


def test_a_hand_raiser_that_comes_back_is_a_returned_lead_not_a_hot_one(desk: Desk) -> None:
    executive(desk)
    source = desk.source(type="hand-raiser")
    handoff = offered(desk, qualified(desk, source_id=source, respond_by=ms(MONDAY)))
    desk.act(answer_handoff, handoff.id, "return", reason="timing")
    assert desk.lead(handoff.lead_id).queue_band == Band.RETURNED


def test_a_recalled_lead_is_qualified_again(desk: Desk) -> None:
    executive(desk)
    handoff = offered(desk)
    desk.act(recall, handoff.id)
    after = desk.lead(handoff.lead_id)
    assert (after.state, after.next_kind, after.queue_band) == ("qualified", "handoff", Band.RETURNED)
    assert newest(desk, handoff.lead_id).state == "recalled"
    desk.act(hand_off, handoff.lead_id)
    assert desk.try_(recall, handoff.id).rule == "handoff.answered"


@pytest.mark.parametrize(
    ("what", "state"),
    [("met", "accepted"), ("opportunity", "opportunity"), ("won", "won"), ("lost", "lost"), ("no-show", "qualified")],
)
def test_every_outcome_moves_handoff_and_lead(desk: Desk, what: str, state: str) -> None:
    executive(desk)
    handoff = offered(desk, meeting_at=MEETING)
    desk.act(answer_handoff, handoff.id, "accept")
    desk.clock.pass_(days=3)
    desk.act(outcome, handoff.id, what, at=MEETING)
    after = desk.lead(handoff.lead_id)
    assert (newest(desk, handoff.lead_id).state, after.state) == (what, state)
    assert (after.closed_at == ms(MEETING)) is (what in ("won", "lost"))
    promise = desk.store.read(lambda db: db.execute("SELECT kept_at, dropped_at FROM promise").fetchone()).result(10)
    assert promise == ((None, ms(MEETING)) if what == "no-show" else (ms(MEETING), None))
    assert desk.try_(recall, handoff.id).rule == "handoff.answered"


def test_a_no_show_is_rebooked_from_the_top_of_the_queue(desk: Desk) -> None:
    executive(desk)
    handoff = offered(desk, meeting_at=MEETING)
    desk.act(outcome, handoff.id, "no-show")
    after = desk.lead(handoff.lead_id)
    assert (after.next_kind, after.queue_band, after.next_note) == ("returned", 3, "no-show, rebook the meeting")
    again = offered(desk, handoff.lead_id, meeting_at=MEETING + timedelta(days=7))
    desk.act(outcome, again.id, "no-show")
    assert desk.lead(handoff.lead_id).next_note == "second no-show, rebook or end it"
    assert desk.try_(outcome, again.id, "abducted").rule == "handoff.outcome"


def test_a_lead_ended_since_is_not_brought_back_by_an_answer(desk: Desk) -> None:
    executive(desk)
    handoff = offered(desk)
    desk.act(disqualify, handoff.lead_id, "do-not-contact")
    assert desk.try_(answer_handoff, handoff.id, "accept").rule == "handoff.closed"


def test_somebody_is_accountable_at_every_moment(desk: Desk) -> None:
    executive(desk)
    handoff = offered(desk)
    listed = desk.store.read(handoffs.listed, None, ms(MONDAY)).result(10)
    assert [(one.accountable, one.overdue) for one in listed] == [("Kim Ode", False)]
    late = desk.store.read(handoffs.listed, "offered", handoff.respond_by + 1).result(10)
    assert [(one.accountable, one.overdue) for one in late] == [("Ana", True)]
    lead, rep = desk.lead(handoff.lead_id), desk.store.read(playbook.rep).result(10)
    ae = desk.store.read(handoffs.executive, "kim ode").result(10)
    assert accountable(lead, handoff, rep, ae) == "Kim Ode"
    assert accountable(lead, handoff, rep, ae, at(handoff.respond_by + 1)) == "Ana"
    desk.act(answer_handoff, handoff.id, "return", reason="timing")
    assert desk.store.read(handoffs.listed).result(10)[0].accountable == "Ana"


def test_unanswered_handoffs_are_listed_first_the_most_urgent_on_top(desk: Desk) -> None:
    executive(desk)
    made = [offered(desk, qualified(desk, name=f"P{n} Q", email=f"p{n}@q.example")) for n in range(4)]
    desk.clock.pass_(minutes=5)
    desk.act(answer_handoff, made[0].id, "accept")
    desk.clock.pass_(minutes=5)
    desk.act(answer_handoff, made[1].id, "return", reason="1")
    found = desk.store.read(handoffs.listed).result(10)
    assert [one.id for one in found] == [made[2].id, made[3].id, made[1].id, made[0].id]
    assert desk.store.read(handoffs.one_listed, made[3].id).result(10) == found[1]


Act = Callable[[Desk, int], Applied]
ACTS: dict[str, Act] = {
    "accept": lambda desk, one: desk.act(answer_handoff, one, "accept", note="thanks"),
    "return": lambda desk, one: desk.act(answer_handoff, one, "return", reason="timing"),
    "recall": lambda desk, one: desk.act(recall, one),
    "met": lambda desk, one: desk.act(outcome, one, "met"),
    "no-show": lambda desk, one: desk.act(outcome, one, "no-show"),
    "lost": lambda desk, one: desk.act(outcome, one, "lost", reason="chose a rival"),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_answer_undone_leaves_the_desk_as_before_and_the_journal_agrees(desk: Desk, name: str) -> None:
    executive(desk)
    handoff = offered(desk, meeting_at=MEETING)
    before = dump(desk.store)
    ACTS[name](desk, handoff.id)
    assert dump(desk.store) != before
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
    assert isinstance(desk.store.undo().result(10), Applied)
    assert dump(desk.store) == before


def test_a_handoff_undone_leaves_no_trace(desk: Desk) -> None:
    executive(desk)
    lead = qualified(desk)
    before = dump(desk.store)
    desk.act(hand_off, lead, meeting_at=MEETING)
    desk.store.undo().result(10)
    assert dump(desk.store) == before
    desk.store.redo().result(10)
    assert desk.lead(lead).state == "offered"
    assert desk.store.exclusively(rebuilding.differences).result(10) == []


def test_a_hostile_lead_cannot_bring_the_brief_alive(desk: Desk) -> None:
    executive(desk)
    hostile = "[x](http://evil.example) <script> | # `a` \x1b[31m"
    lead = qualified(desk, name=hostile, company="![](http://evil.example/p.png)")
    desk.act(note, lead, "=cmd()\n# heading\n<img src=x>", said=True)
    brief = offered(desk, lead).brief
    assert "\x1b" not in brief
    assert re.search(r"(?<!\\)[<>\[\]`!|]", brief) is None
    assert sum(line.startswith("#") for line in brief.splitlines()) == 1


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"hours": "sometimes"}, "ae.hours"),
        ({"zone": "Mars/Olympus"}, "ae.zone"),
        ({"capacity": -1}, "ae.capacity"),
        ({"shoe_size": 42}, "ae.field"),
    ],
)
def test_what_makes_no_sense_of_an_ae_is_refused(desk: Desk, fields: dict[str, object], rule: str) -> None:
    assert desk.try_(set_ae, "Kim", **fields).rule == rule
    assert desk.try_(set_ae, " ").rule == "ae.name"


def test_an_ae_is_changed_by_name_and_counts_what_is_open(desk: Desk) -> None:
    executive(desk, "Kim", capacity=3)
    desk.act(set_ae, "KIM", email="kim@us.example", capacity=0)
    assert isinstance(desk.try_(hand_off, qualified(desk)), Refused)
    desk.act(set_ae, "Kim", capacity=5)
    offered(desk, qualified(desk, name="X Y", email="x@y.example"))
    [one] = desk.store.read(handoffs.executives).result(10)
    assert (one.ae.name, one.ae.email, one.ae.capacity, one.open) == ("Kim", "kim@us.example", 5, 1)
