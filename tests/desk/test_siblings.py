"""One answers, the colleagues are left in peace: paused in the same act, asked about once, resumed together."""

from __future__ import annotations

import pytest

from sdr.desk.calling import call
from sdr.desk.drip import enroll, pause, resume, touch
from sdr.desk.replies import reply
from sdr.desk.siblings import MARK, resume_account
from sdr.desk.triage import accept
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.queries import leads, playbook
from tests.desk.calls import GOOD, assert_journal_holds, assert_owed_or_closed, table
from tests.desks import MONDAY, Desk, begin, dump


def account_of(desk: Desk, count: int, **fields: object) -> list[int]:
    """An account with `count` people, all in the drip; the first is Ana, with the highest score last."""
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps")
    found = []
    for number in range(count):
        given = {
            "name": "Ana Ruiz" if number == 0 else f"Person {number}", "email": f"p{number}@acme.example",
            "phone": f"+3460000000{number}", "account_id": account, "score": number,
        }  # fmt: skip
        lead = desk.new_lead(**(given | fields))
        desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
        found.append(lead)
    return found


def drips(desk: Desk) -> dict[int, rows.Enrollment]:
    return {one.lead_id: one for one in table(desk, rows.Enrollment, "enrollment")}


def test_an_answer_pauses_everybody_else_at_the_account_and_asks_once(desk: Desk) -> None:
    ana, *others = account_of(desk, 5)
    before = dump(desk.store)
    done = desk.act(reply, ana, "interested")
    assert done.summary.endswith("· 4 colleagues paused")
    for other in others:
        drip = drips(desk)[other]
        assert (drip.state, drip.paused_until, drip.why) == ("paused", None, f"{MARK}Ana Ruiz, interested")
        assert_owed_or_closed(desk, other)
        assert desk.lead(other).next_note == "Ana Ruiz answered: go on with 4? (p)"
        assert [one.text for one in desk.store.read(leads.events, other).result(5)] == [drip.why]
    due = {other: at(desk.lead(other).due_at or 0).date() for other in others}
    soon = [other for other in others if due[other].isoformat() == "2026-03-03"]
    assert soon == [others[-1]]  # the worthiest carries the question, on the next business day
    assert all((due[other] - MONDAY.date()).days >= 14 for other in others if other not in soon)
    refused = desk.try_(pause, others[0], None)
    assert isinstance(refused, Refused)
    assert_journal_holds(desk)
    desk.store.undo().result(10)
    assert dump(desk.store) == before


@pytest.mark.parametrize("which", [1, 3])
def test_p_on_any_of_them_resumes_them_together(desk: Desk, which: int) -> None:
    people = account_of(desk, 4)
    desk.act(reply, people[0], "question")
    before = dump(desk.store)
    done = desk.act(resume, people[which])
    assert done.summary == "Acme Pumps: 3 drips resumed"
    for other in people[1:]:
        assert (drips(desk)[other].state, drips(desk)[other].why) == ("active", None)
        assert desk.lead(other).next_kind == "mail"
    desk.store.undo().result(10)
    assert dump(desk.store) == before
    desk.act(resume_account, people[0])  # asked of who answered, too
    refused = desk.try_(resume_account, people[0])
    assert isinstance(refused, Refused)
    assert refused.rule == "drip.none-paused"


def test_what_waited_for_a_colleague_is_not_sent_but_done_again_afterwards(desk: Desk) -> None:
    ana, leo = account_of(desk, 2)
    desk.clock.now = at(desk.lead(leo).due_at or 0)
    desk.act(touch, leo, None)  # a mail, into the outbox
    assert drips(desk)[leo].step_no == 2
    desk.act(reply, ana, "interested")
    assert [one.state for one in table(desk, rows.Message, "message")] == ["dropped"]
    assert drips(desk)[leo].step_no == 1
    desk.clock.pass_(days=1)
    desk.act(resume, leo)
    assert (desk.lead(leo).next_kind, desk.lead(leo).next_note) == ("mail", "Mail: why I called")


def test_a_second_answer_does_not_ask_again_unless_who_carried_the_question_gave_it(desk: Desk) -> None:
    ana, bo, leo, eva = account_of(desk, 4)
    desk.act(reply, ana, "interested")
    assert at(desk.lead(eva).due_at or 0).day == 3
    stood = desk.lead(leo)
    assert "colleague" not in desk.act(reply, bo, "no").summary
    assert desk.lead(leo) == stood
    desk.act(reply, eva, "question")
    assert (desk.lead(leo).next_note, at(desk.lead(leo).due_at or 0).day) == ("Person 3 answered: go on? (p)", 3)


def test_promises_stand_pauses_of_the_reps_own_too_and_a_raised_hand_is_still_answered(desk: Desk) -> None:
    ana, promised, paused, hot = account_of(desk, 4)
    desk.act(pause, paused, None)
    source = desk.source(name="form", type="hand-raiser")
    account = desk.lead(ana).account_id
    hand = desk.new_lead(
        name="Zoe", email="zoe@acme.example", phone="+34611111111", source_id=source, account_id=account,
        respond_by=ms(desk.clock()) + 300_000, queue_band=0,
    )  # fmt: skip
    desk.act(accept, hand)
    desk.act(call, promised, "callback")
    stood = {one: desk.lead(one) for one in (promised, paused, hand)}
    rest = drips(desk)[paused]
    desk.act(reply, ana, "interested")
    assert {one: desk.lead(one) for one in stood} == stood
    assert drips(desk)[paused] == rest
    assert drips(desk)[hand].state == "active"
    assert drips(desk)[promised].why == f"{MARK}Ana Ruiz, interested"
    assert drips(desk)[hot].state == "paused"


@pytest.mark.parametrize(
    ("act", "softens"),
    [
        (lambda d, one: d.act(reply, one, "someone-else", name="Paula Gil"), True),
        (lambda d, one: d.act(reply, one, "no"), True),
        (lambda d, one: d.act(reply, one, "not-now"), True),
        (lambda d, one: d.act(call, one, "qualified", answers=GOOD), True),
        (lambda d, one: d.act(call, one, "callback"), True),
        (lambda d, one: d.act(call, one, "no-answer"), False),
        (lambda d, one: d.act(call, one, "do-not-call"), False),
        (lambda d, one: d.act(reply, one, "out-of-office"), False),
        (lambda d, one: d.act(reply, one, "bounce"), False),
        (lambda d, one: d.act(reply, one, "unsubscribe"), False),
    ],
)
def test_which_acts_soften(desk: Desk, act: object, softens: bool) -> None:
    ana, leo = account_of(desk, 2)
    act(desk, ana)  # type: ignore[operator]
    assert (drips(desk)[leo].state == "paused") is softens


def test_without_an_account_nobody_is_a_colleague(desk: Desk) -> None:
    ana, leo = account_of(desk, 2, account_id=None)
    desk.act(reply, ana, "interested")
    assert drips(desk)[leo].state == "active"


@pytest.mark.parametrize(("scope", "value"), [("domain", "acme.example"), ("account", None)])
def test_who_unsubscribes_for_all_stops_all(desk: Desk, scope: str, value: str | None) -> None:
    ana, bo, leo = account_of(desk, 3)
    before = dump(desk.store)
    done = desk.act(reply, ana, "unsubscribe", scope=scope, text="stop it, all of you")
    assert "nobody at a" in done.summary.lower()
    held = {(one.channel, one.scope, one.value, one.wording) for one in table(desk, rows.Suppression, "suppression")}
    wanted = value or str(desk.lead(ana).account_id)
    assert ("email", scope, wanted, "stop it, all of you") in held
    assert [one.state for one in drips(desk).values()] == ["stopped"] * 3
    for other in (bo, leo):
        assert_owed_or_closed(desk, other)
        refused = desk.try_(touch, other, "email")
        assert isinstance(refused, Refused)
        assert refused.rule == "consent.blocked"
    wishes = dump(desk.store)["suppression"]
    desk.store.undo().result(10)
    after = dump(desk.store)
    assert {**after, "event": before["event"]} == before | {"suppression": wishes}


def test_many_colleagues_are_one_question(desk: Desk) -> None:
    people = account_of(desk, 9)
    desk.act(reply, people[0], "interested")
    desk.clock.now = at(desk.lead(people[-1]).due_at or 0)
    due = [one for one in people[1:] if (desk.lead(one).due_at or 0) <= ms(desk.clock())]
    assert due == [people[-1]]
