"""Two persons who were merged are taken apart again, whatever was done since."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdr.desk import permissions, triage, wishes
from sdr.desk.leads_kept import fill
from sdr.desk.merging import merge
from sdr.desk.setting_up import load_rubric
from sdr.desk.unmerging import unmerge
from sdr.models.terms import Refused, ms
from sdr.store import rebuilding, rows
from sdr.store.changes import Edit
from sdr.store.queries import leads, playbook
from sdr.store.queries.playbook import packaged
from tests.desk.calls import table
from tests.desks import MONDAY, Clock, Desk, begin, dump, open_desk, open_store, write

CLOSED = {"next_kind": None, "due_at": None, "queue_band": None}


def other(desk: Desk, **fields: object) -> int:
    """The record that will join: somebody else's address and number."""
    given = {"name": "Anna Reyes", "first_name": "Anna", "last_name": "Reyes", "email": "anna@acme.example"}
    return desk.new_lead(**(given | {"phone": "+34912345678"} | fields))


def whole(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every table but the verdicts that two are two."""
    found = dump(desk.store)
    found.pop("apart", None)
    return found


def sound(desk: Desk) -> bool:
    return desk.store.exclusively(rebuilding.differences).result(10) == []


def own(desk: Desk, lead: int) -> rows.Lead:
    """The lead's own row, merged or not."""
    return next(one for one in table(desk, rows.Lead, "lead") if one.id == lead)


def rich(desk: Desk, lead: int, drip: str = "active") -> None:
    """A past for a lead: a drip, a sent and a waiting message, a touch, a promise, a note, an answer, a permission."""
    cadence = desk.store.read(playbook.cadence).result(5)[0]
    made = {"channel": "email", "text": "hello", "address": "anna@acme.example", "made_at": ms(MONDAY)}
    drip = begin(desk.store, "enrollment", lead_id=lead, cadence_id=cadence, state=drip, enrolled_at=ms(MONDAY))
    begin(desk.store, "message", lead_id=lead, state="sent", **made)
    waits = begin(desk.store, "message", lead_id=lead, state="ready", enrollment_id=drip, step_no=2, **made)
    begin(
        desk.store, "touch", lead_id=lead, channel="email", at=ms(MONDAY), enrollment_id=drip, step_no=2,
        message_id=waits, outcome="done",
    )  # fmt: skip
    due = ms(desk.clock() + timedelta(days=1))
    begin(desk.store, "promise", lead_id=lead, kind="callback", due_at=due, made_at=ms(MONDAY), zone="Europe/Madrid")
    begin(desk.store, "permission", lead_id=lead, basis="consent", consent="express", set_at=ms(MONDAY))
    desk.act(triage.note, lead, "met at the booth")
    desk.act(triage.answer, lead, {"budget": "yes"})


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("days", [0, 40])
def test_merged_and_taken_apart_everything_is_as_it_was(desk: Desk, swapped, days) -> None:
    stays = desk.new_lead(title=None, city=None, **{"tag:vip": True}, state="working", next_kind="call")
    goes = other(desk, title="CEO", city="Sevilla", **{"tag:hot": True}, said="leaks", linkedin="linkedin.com/in/anna")
    rich(desk, goes)
    before = whole(desk)
    desk.act(merge, *((goes, stays) if swapped else (stays, goes)))
    assert whole(desk) != before
    desk.clock.pass_(days=days)
    done = desk.act(unmerge, goes)
    assert done.summary == "Anna Reyes is apart from Ana Ruiz again (Acme Pumps)"
    assert whole(desk) == before
    assert sound(desk)


def test_what_was_done_since_stays_and_what_nobody_changed_goes_back(desk: Desk) -> None:
    stays = desk.new_lead(title=None, city=None, phone="", score=99)
    goes = other(desk, title="CEO", city="Sevilla")
    desk.act(triage.answer, goes, {"budget": "yes", "role": "decider"})
    desk.act(merge, stays, goes)
    desk.clock.pass_(days=3)
    desk.act(triage.accept, stays)
    desk.act(fill, stays, {"title": "operations lead", "phone": "+34600999888"})
    desk.act(triage.note, stays, "prefers mornings")
    desk.act(triage.answer, stays, {"budget": "no", "stage": "comparing"})
    desk.clock.pass_(days=3)
    desk.act(unmerge, goes)
    mine, theirs = own(desk, stays), own(desk, goes)
    assert (mine.title, mine.city, mine.email, mine.email_2, mine.state) == (
        "operations lead", None, "ana@acme.example", None, "working",
    )  # fmt: skip
    assert [one["e164"] for one in json.loads(mine.phones)] == ["+34600999888"]
    assert mine.phone == "+34600999888"
    assert (theirs.title, theirs.city, theirs.phone, theirs.state, theirs.alias_of) == (
        "CEO", "Sevilla", "+34912345678", "new", None,
    )  # fmt: skip
    assert desk.store.read(leads.answers, goes).result(5) == {"budget": "yes", "role": "decider"}
    assert desk.store.read(leads.answers, stays).result(5) == {"budget": "no", "stage": "comparing"}
    assert (mine.known, theirs.known) == (2, 2)
    assert [one.text for one in desk.store.read(leads.events, stays).result(5)] == ["prefers mornings"]
    assert sound(desk)


def test_both_timelines_are_whole(desk: Desk) -> None:
    stays, goes = desk.new_lead(), other(desk, email="ana@acme.example", name="Ana Ruiz", phone="+34600000001")
    desk.act(triage.note, goes, "met at the booth")
    desk.act(merge, stays, goes)
    desk.act(triage.note, stays, "called back")
    whose = [(one.verb, one.whose) for one in desk.store.read(leads.timeline, stays).result(5)]
    assert whose == [("note", None), ("merge", None), ("note", "Ana Ruiz"), ("begin", "Ana Ruiz"), ("begin", None)]
    desk.act(unmerge, goes)
    desk.act(triage.note, goes, "her own again")
    mine, theirs = ([one.verb for one in desk.store.read(leads.timeline, lead).result(5)] for lead in (stays, goes))
    assert mine == ["unmerge", "note", "merge", "begin"]
    assert theirs == ["note", "unmerge", "merge", "note", "begin"]


def test_a_wish_is_never_lost(desk: Desk) -> None:
    stays, goes = desk.new_lead(), other(desk)
    desk.act(wishes.opt_out, goes, "linkedin", wording="not there")
    desk.act(merge, stays, goes)
    desk.act(wishes.opt_out, stays, "email", wording="no mail, please")
    desk.act(wishes.opt_out, stays, "letter", wording="no post either")
    desk.clock.pass_(days=3)
    desk.act(unmerge, goes)
    for lead in (stays, goes):
        held = desk.store.read(leads.suppressions, desk.lead(lead)).result(5)
        assert {one.channel for one in held} == {"email", "letter", "linkedin"}
    desk.act(wishes.lift, goes, "letter", "she wrote herself")
    held = desk.store.read(leads.suppressions, desk.lead(stays)).result(5)
    assert {one.channel for one in held} == {"email", "letter", "linkedin"}


def test_whoever_said_no_to_everything_since_comes_back_closed(desk: Desk) -> None:
    stays, goes = desk.new_lead(state="working", next_kind="call"), other(desk)
    rich(desk, goes)
    desk.act(merge, stays, goes)
    desk.act(wishes.opt_out, stays, "all", wording="leave me alone")
    desk.act(unmerge, goes)
    back = own(desk, goes)
    assert (back.state, back.next_kind, back.reason) == ("rejected", None, "do-not-contact")
    assert {one.state for one in table(desk, rows.Message, "message")} == {"sent", "dropped"}
    assert sound(desk)


def test_a_channel_shut_since_is_not_the_next_step_of_who_comes_back(desk: Desk) -> None:
    stays = desk.new_lead()
    goes = other(desk, state="working", next_kind="call", score=1)
    rich(desk, goes)
    desk.act(merge, goes, stays)
    assert desk.lead(stays).id == goes
    third = other(desk, name="A. Ruiz", email="a@acme.example", state="talking", next_kind="call")
    desk.act(merge, third, goes)
    desk.act(wishes.opt_out, third, "call")
    desk.act(unmerge, goes)
    back = own(desk, goes)
    assert (back.state, back.next_kind) == ("working", "triage")
    assert back.next_note == "asked for no call: go on? (p)"
    assert desk.store.read(leads.enrollment, goes).result(5).state == "paused"
    assert desk.lead(stays).id == goes


@pytest.mark.parametrize("first", ["inner", "outer"])
def test_a_chain_comes_apart_piece_by_piece(desk: Desk, first) -> None:
    inner = other(desk, name="A. Ruiz", email="a@acme.example", title="CEO", city="Sevilla", **{"tag:hot": True})
    desk.act(triage.note, inner, "inner's note")
    desk.act(triage.answer, inner, {"budget": "yes"})
    middle = other(desk, title=None, city=None, phone="", state="working", next_kind="call")
    last = desk.new_lead(title=None, city=None, phone="", state="talking", next_kind="call")
    desk.act(triage.answer, last, {"role": "decider"})
    desk.act(triage.answer, middle, {"role": "none"})
    before = whole(desk)
    desk.act(merge, middle, inner)
    between = whole(desk)
    desk.act(merge, last, middle)
    assert own(desk, last).title == own(desk, middle).title == "CEO"
    if first == "outer":
        desk.act(unmerge, middle)
        assert whole(desk) == between
        desk.act(unmerge, inner)
    else:
        desk.act(unmerge, inner)
        assert (own(desk, last).title, own(desk, middle).title, own(desk, last).tags) == (None, None, None)
        assert own(desk, middle).alias_of == last
        assert [one.text for one in desk.store.read(leads.events, inner).result(5)] == ["inner's note"]
        desk.act(unmerge, middle)
    assert whole(desk) == before
    assert sound(desk)


def test_others_who_joined_later_keep_what_is_theirs(desk: Desk) -> None:
    stays, goes = desk.new_lead(), other(desk)
    inner = other(desk, name="A. Ruiz", email="a@acme.example", phone="")
    desk.act(triage.note, inner, "inner's note")
    desk.act(merge, goes, inner)
    winner = desk.lead(goes).id
    loser = inner if winner == goes else goes
    desk.act(merge, stays, winner)
    desk.act(unmerge, loser)
    desk.act(merge, stays, loser)
    desk.act(unmerge, winner)
    assert own(desk, loser).alias_of == desk.lead(stays).id
    assert [one.lead_id for one in table(desk, rows.Event, "event")] == [desk.lead(stays).id]
    assert sound(desk)


def test_a_permission_changed_since_stays_and_the_old_one_goes_back(desk: Desk) -> None:
    stays, goes = desk.new_lead(), other(desk)
    begin(desk.store, "permission", lead_id=goes, consent="express", set_at=ms(MONDAY))
    desk.act(merge, stays, goes)
    desk.act(permissions.permit, stays, consent="implied-inquiry")
    desk.act(unmerge, goes)
    found = {one.lead_id: one.consent for one in table(desk, rows.Permission, "permission")}
    assert found == {stays: "implied-inquiry", goes: "express"}
    assert sound(desk)


def test_a_promise_kept_since_is_asked_about_and_not_promised_again(desk: Desk) -> None:
    stays = desk.new_lead()
    goes = other(desk, next_kind="promise", queue_band=1)
    due = ms(desk.clock() + timedelta(days=1))
    promise = begin(
        desk.store, "promise", lead_id=goes, kind="callback", due_at=due, made_at=ms(MONDAY), zone="Europe/Madrid"
    )
    desk.act(merge, stays, goes)
    assert own(desk, stays).next_kind == "promise"
    desk.act(triage.snooze, stays, desk.clock() + timedelta(days=2))
    desk.act(unmerge, goes)
    assert (own(desk, stays).next_kind, own(desk, goes).next_kind) == ("triage", "promise")
    desk.act(merge, stays, goes)
    write(desk.store, Edit.set("promise", promise, kept_at=ms(desk.clock())))
    desk.act(unmerge, goes)
    assert own(desk, goes).next_kind == "triage"


def test_taken_back_and_brought_again(desk: Desk) -> None:
    stays = desk.new_lead(title=None, state="working", next_kind="call")
    goes = other(desk, title="CEO")
    rich(desk, goes)
    states = [dump(desk.store)]
    for verb, args in ((merge, (stays, goes)), (unmerge, (goes,)), (merge, (stays, goes)), (unmerge, (goes,))):
        desk.act(verb, *args)
        states.append(dump(desk.store))
    for state in reversed(states[:-1]):
        desk.store.undo().result(5)
        assert dump(desk.store) == state
    for state in states[1:]:
        desk.store.redo().result(5)
        assert dump(desk.store) == state
    desk.store.undo().result(5)
    desk.act(unmerge, goes)
    assert whole(desk) == {name: found for name, found in states[0].items() if name != "apart"}
    assert sound(desk)


def test_who_comes_back_is_judged_by_the_rubric_in_force(desk: Desk) -> None:
    stays, goes = desk.new_lead(score=99), other(desk)
    desk.act(triage.answer, goes, {"role": "decider"})
    was = own(desk, goes)
    desk.act(merge, stays, goes)
    text = packaged("rubric.toml")
    desk.act(load_rubric, text.replace('name = "', 'name = "New ', 1))
    desk.act(unmerge, goes)
    back = own(desk, goes)
    assert back.rubric_id == desk.store.read(playbook.rubric).result(5)[0] != was.rubric_id
    assert (back.score, back.known) == (was.score, was.known)
    assert sound(desk)


def test_what_is_one_lead_is_not_taken_apart(desk: Desk) -> None:
    stays, goes = desk.new_lead(), other(desk)
    for lead in (stays, 99):
        assert isinstance(desk.try_(unmerge, lead), Refused)
    desk.act(merge, stays, goes)
    refused = desk.try_(unmerge, stays)
    assert refused == Refused("unmerge.apart", "Ana Ruiz is a lead of its own; there is nothing to take apart")
    desk.act(unmerge, goes)
    assert isinstance(desk.try_(unmerge, goes), Refused)


def test_it_works_after_a_restart_and_many_later_acts(tmp_path) -> None:
    clock = Clock()
    desk = open_desk(tmp_path, clock)
    stays = desk.new_lead(title=None, state="working", next_kind="call")
    goes = other(desk, title="CEO")
    rich(desk, goes)
    before = whole(desk)
    desk.act(merge, stays, goes)
    third = other(desk, name="Else", email="e@else.example", phone="+34600111222")
    for number in range(60):
        desk.act(triage.note, third, f"note {number}")
    desk.store.close()
    desk = Desk(open_store(tmp_path, clock), clock)
    desk.act(unmerge, goes)
    after = whole(desk)
    for name in ("lead", "event"):
        after[name] = [row for row in after[name] if third not in row[:2]]
    assert after == before
    desk.store.close()


ACTS = {
    "note": lambda desk, lead: desk.act(triage.note, lead, "a note"),
    "title": lambda desk, lead: desk.try_(fill, lead, {"title": "head of plants"}),
    "phone": lambda desk, lead: desk.try_(fill, lead, {"phone": "+34600999888"}),
    "answer": lambda desk, lead: desk.try_(triage.answer, lead, {"budget": "no"}),
    "accept": lambda desk, lead: desk.try_(triage.accept, lead),
    "nurture": lambda desk, lead: desk.try_(triage.nurture, lead, desk.clock() + timedelta(days=30)),
    "no": lambda desk, lead: desk.try_(wishes.opt_out, lead, "email"),
    "post": lambda desk, lead: desk.try_(wishes.opt_out, lead, "letter"),
    "never": lambda desk, lead: desk.try_(wishes.opt_out, lead, "all"),
    "back": lambda desk, lead: desk.store.undo().result(5),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.booleans()), max_size=6), late=st.booleans())
def test_whatever_was_done_in_between_both_are_whole(tmp_path_factory, acts, late) -> None:
    desk = open_desk(tmp_path_factory.mktemp("desk"))
    try:
        stays, goes = desk.new_lead(title=None, **{"tag:vip": True}), other(desk, title="CEO", **{"tag:hot": True})
        rich(desk, goes, "finished")
        theirs = {name: _of(desk, name, goes) for name in ("touch", "event", "handoff", "promise", "answer")}
        desk.act(merge, stays, goes)
        here = desk.lead(goes).id
        gone = goes if here == stays else stays
        for word, on_other in acts:
            desk.clock.pass_(hours=1 if late else 0)
            ACTS[word](desk, gone if on_other else here)
        if own(desk, gone).alias_of is None:  # the merge itself was taken back
            return
        desk.act(unmerge, gone)
        if gone == goes:
            assert {name: _of(desk, name, goes) for name in theirs} == theirs
        for lead in (stays, goes):
            found = own(desk, lead)
            assert found.alias_of is None
            assert (found.next_kind is None) == (found.state in ("rejected", "disqualified"))
        wished = [
            {one.channel for one in desk.store.read(leads.suppressions, own(desk, lead)).result(5)}
            for lead in (stays, goes)
        ]
        assert wished[0] == wished[1]
        assert sound(desk)
        desk.store.undo().result(5)
        assert own(desk, gone).alias_of == here
    finally:
        desk.store.close()


def _of(desk: Desk, name: str, lead: int) -> list[int]:
    sql = f"SELECT id FROM {name} WHERE lead_id=? ORDER BY id"
    return desk.store.read(lambda db: [row[0] for row in db.execute(sql, (lead,))]).result(5)
