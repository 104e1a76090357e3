"""Two leads that are one person: found, compared, joined without loss, and taken apart again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sdr.desk import triage, wishes
from sdr.desk.comparing import compared
from sdr.desk.merging import merge
from sdr.desk.suspecting import twin
from sdr.desk.unmerging import unmerge
from sdr.models.terms import Refused, ms
from sdr.store import rebuilding, rows, sweeping
from sdr.store.queries import leads, playbook
from tests.desk.calls import table
from tests.desks import MONDAY, Desk, begin, dump

CLOSED = {"next_kind": None, "due_at": None, "queue_band": None}


def twin_of(desk: Desk, lead: int) -> int | None:
    assert sweeping.keep_up(desk.store)
    found = desk.store.read(twin, lead).result(5)
    return found.id if found else None


def test_the_surest_double_is_suggested(desk: Desk) -> None:
    lead = desk.new_lead()
    assert twin_of(desk, lead) is None
    desk.new_lead(name="Zoe Zen", email="zoe@zen.example", company="Zen", phone="+34600000009")
    assert twin_of(desk, lead) is None
    phone = desk.new_lead(name="A. Other", email="other@else.example", company="Else")
    assert twin_of(desk, lead) == phone
    same = desk.new_lead(name="Anna R", email="anna@acme.example", email_2="ana@acme.example", phone="")
    assert twin_of(desk, lead) == same


@pytest.mark.parametrize(
    ("name", "company", "is_double"),
    [
        ("Ruiz Ana", "ACME Pumps, Inc.", True),
        ("A. Ruiz", "Acme Pumps", True),
        ("Ana Ruis", "Acme Pumps", True),
        ("Ana Ruiz", None, True),
        ("Ana Ruiz", "Other", False),
        ("Ben Okafor", "Acme Pumps", False),
    ],
)
def test_a_name_suggests_only_with_its_company(desk: Desk, name, company, is_double) -> None:
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps")
    same = account if company and company.lower().startswith("acme") else None
    lead = desk.new_lead(account_id=account)
    first, last = name.split()
    named = {"name": name, "first_name": first, "last_name": last}
    other = desk.new_lead(**named, email=None, phone="", company=company, account_id=same)
    assert (twin_of(desk, lead) == other) is is_double


def test_the_difference_is_shown_field_by_field(desk: Desk) -> None:
    lead = desk.new_lead()
    other = desk.new_lead(name="Anna Ruiz", email="anna@acme.example", title=None, phone="")
    found = desk.store.read(compared, other, lead).result(5)
    assert (found.stays.lead.id, found.goes.lead.id) == (lead, other)
    lines = {line.word: (line.stays, line.goes, line.open) for line in found.lines if line.differs}
    assert lines == {
        "name": ("Ana Ruiz", "Anna Ruiz", True), "title": ("operations director", "", False),
        "email": ("ana@acme.example", "anna@acme.example", True), "phone": ("+34600000001", "", False),
    }  # fmt: skip
    swapped = desk.store.read(compared, other, lead, other).result(5)
    assert (swapped.stays.lead.id, swapped.lines[0].stays) == (other, "Anna Ruiz")
    assert desk.store.read(compared, lead, lead).result(5) is None


@pytest.mark.parametrize(
    ("one", "other", "first_stays"),
    [
        ({"state": "new"}, {"state": "lost", **CLOSED}, True),
        ({"state": "lost", **CLOSED}, {"state": "inquiry"}, False),
        ({"state": "talking"}, {"state": "working"}, True),
        ({"state": "working"}, {"state": "qualified"}, False),
        ({"state": "new", "score": 10}, {"state": "new", "score": 20}, False),
        ({"state": "new"}, {"state": "new"}, True),
        ({"recorded_at": ms(MONDAY)}, {"recorded_at": ms(MONDAY) - 1}, False),
    ],
)
def test_who_stays(desk: Desk, one, other, first_stays) -> None:
    a = desk.new_lead(**one)
    b = desk.new_lead(email="b@acme.example", **other)
    done = desk.act(merge, a, b)
    assert done.lead == (a if first_stays else b)
    assert desk.lead(a).id == desk.lead(b).id == done.lead


def test_won_is_never_merged_away(desk: Desk) -> None:
    a, b = desk.new_lead(state="won", **CLOSED), desk.new_lead(state="won", email="b@acme.example", **CLOSED)
    assert isinstance(desk.try_(merge, a, b), Refused)
    assert isinstance(desk.try_(merge, a, a), Refused)


def test_the_rep_says_whose_value_stands(desk: Desk) -> None:
    stays = desk.new_lead(city="Madrid", country="ES", linkedin="linkedin.com/in/ana")
    goes = desk.new_lead(
        name="Anna Reyes", first_name="Anna", last_name="Reyes", email="anna@acme.example", phone="+34912345678",
        title="CEO", city="Lyon", country="FR", zone="Europe/Paris", state="inquiry", next_kind="complete",
    )  # fmt: skip
    words = ("name", "title", "email", "phone", "place", "linkedin")
    desk.act(merge, goes, stays, keep={**dict.fromkeys(words, goes), "company": stays})
    found = desk.lead(stays)
    assert (found.name, found.title, found.email, found.email_2, found.city, found.zone, found.linkedin) == (
        "Anna Reyes", "CEO", "anna@acme.example", "ana@acme.example", "Lyon", "Europe/Paris", "linkedin.com/in/ana",
    )  # fmt: skip
    assert [one["e164"] for one in json.loads(found.phones)] == ["+34912345678", "+34600000001"]
    assert found.phone == "+34912345678"


def test_a_third_address_is_not_lost_to_a_choice(desk: Desk) -> None:
    stays = desk.new_lead(email_2="ana@home.example")
    goes = desk.new_lead(name="Anna", email="anna@acme.example", state="inquiry", next_kind="complete")
    refused = desk.try_(merge, stays, goes, keep={"email": goes})
    assert isinstance(refused, Refused)
    assert refused.rule == "merge.addresses"
    assert desk.try_(merge, stays, goes, keep={"shoe": goes}).rule == "merge.field"


def test_who_stays_may_be_said_and_goes_on_from_where_the_other_was(desk: Desk) -> None:
    new = desk.new_lead()
    worked = desk.new_lead(name="Anna", email="anna@acme.example", phone="")
    desk.act(triage.accept, worked)
    drip = desk.store.read(leads.enrollment, worked).result(5)
    was = desk.lead(worked)
    before = dump(desk.store)
    assert desk.act(merge, new, worked, stays=new).lead == new
    found = desk.lead(new)
    assert (found.state, found.next_kind, found.due_at, found.touch_of) == (
        "working", was.next_kind, was.due_at, was.touch_of,
    )  # fmt: skip
    assert desk.store.read(leads.enrollment, new).result(5).id == drip.id
    desk.act(unmerge, worked)
    after = dump(desk.store)
    assert after.pop("apart") != before.pop("apart")
    assert after == before


def test_a_won_lead_is_not_made_to_go(desk: Desk) -> None:
    won, new = desk.new_lead(state="won", **CLOSED), desk.new_lead(name="Anna", email="anna@acme.example")
    assert desk.try_(merge, won, new, stays=new).reason == "Ana Ruiz is won; won leads are never merged away"
    assert desk.act(merge, new, won).lead == won


def test_what_was_merged_is_one_already(desk: Desk) -> None:
    stays, goes = desk.new_lead(), desk.new_lead(name="Anna", email="anna@acme.example")
    assert desk.try_(merge, stays, stays).rule == "merge.same"
    desk.act(merge, stays, goes)
    assert desk.try_(merge, stays, goes).rule == "merge.already"


def test_a_wish_that_is_brought_along_takes_effect(desk: Desk) -> None:
    goes = desk.new_lead(name="Anna", email="anna@acme.example", phone="")
    stays = desk.new_lead(state="working", next_kind="call")
    desk.act(wishes.opt_out, goes, "all")
    desk.act(merge, stays, goes)
    found = desk.lead(stays)
    assert (found.id, found.state, found.next_kind) == (stays, "disqualified", None)
    desk.act(unmerge, goes)
    assert desk.lead(stays).state == "disqualified"


def test_nothing_is_lost_and_blanks_erase_nothing(desk: Desk) -> None:
    stays = desk.new_lead(title=None, city=None, tags='["vip"]')
    goes = desk.new_lead(
        name="Anna", email="anna@acme.example", phone="+34912345678", title="CEO", company=None, city="Sevilla",
        tags='["hot"]', said="leaks at three sites", state="inquiry", next_kind="complete",
    )  # fmt: skip
    desk.act(triage.note, goes, "met at the booth")
    desk.act(triage.answer, goes, {"budget": "yes", "role": "none"})
    desk.act(triage.answer, stays, {"role": "decider"})
    desk.act(merge, goes, stays)
    found = desk.lead(stays)
    assert (found.email, found.email_2, found.title, found.company, found.city, found.said) == (
        "ana@acme.example", "anna@acme.example", "CEO", "Acme Pumps", "Sevilla", "leaks at three sites",
    )  # fmt: skip
    assert [one["e164"] for one in json.loads(found.phones)] == ["+34600000001", "+34912345678"]
    assert json.loads(found.tags) == ["hot", "vip"]
    assert desk.store.read(leads.answers, stays).result(5) == {"budget": "yes", "role": "decider"}
    assert [one.text for one in desk.store.read(leads.events, stays).result(5)] == ["met at the booth"]
    assert found.known == 2
    gone = desk.store.read(
        lambda db: db.execute("SELECT state, alias_of, queue_band FROM lead WHERE id=?", (goes,)).fetchone()
    )
    assert gone.result(5) == ("merged", stays, None)


def test_a_no_and_a_promise_go_along(desk: Desk) -> None:
    stays, goes = desk.new_lead(), desk.new_lead(name="Anna", email="anna@acme.example")
    due = ms(desk.clock() + timedelta(days=1))
    promise = begin(
        desk.store, "promise", lead_id=goes, kind="callback", due_at=due, made_at=ms(MONDAY), zone="Europe/Madrid"
    )
    begin(desk.store, "suppression", lead_id=goes, channel="email", scope="person", value=str(goes), at=ms(MONDAY))
    desk.act(merge, stays, goes)
    found = desk.lead(stays)
    assert (found.next_kind, found.due_at) == ("promise", due)
    assert desk.store.read(leads.open_promise, stays).result(5).id == promise
    assert {one.channel for one in desk.store.read(leads.suppressions, found).result(5)} == {"email"}


def test_a_merge_is_taken_back_at_any_later_time(desk: Desk) -> None:
    stays, goes = desk.new_lead(), desk.new_lead(name="Anna", email="anna@acme.example", phone="")
    desk.act(triage.accept, goes)
    desk.act(triage.answer, goes, {"budget": "yes"})
    third = desk.new_lead(name="Ana R.", email="ana.r@acme.example")
    desk.act(merge, goes, third)
    before = dump(desk.store)
    step = desk.act(merge, stays, goes)
    assert desk.lead(third).id == desk.lead(stays).id == goes
    alias = desk.store.read(lambda db: db.execute("SELECT alias_of FROM lead WHERE id=?", (third,)).fetchone())
    assert alias.result(5) == (goes,)
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
    desk.new_lead(name="somebody else", email=None, phone="")
    desk.store.undo(step.step).result(5)
    after = dump(desk.store)
    after["lead"] = [row for row in after["lead"] if row[2] != "somebody else"]
    assert after == before
    assert desk.store.exclusively(rebuilding.differences).result(10) == []


def test_a_chain_of_merges_leads_straight_to_the_last_survivor(desk: Desk) -> None:
    third = desk.new_lead(name="A. Ruiz", email="a@acme.example")
    second = desk.new_lead(name="Anna", email="anna@acme.example", state="working", next_kind="call")
    first = desk.new_lead(state="talking", next_kind="call")
    desk.act(merge, second, third)
    desk.act(merge, first, second)
    found = desk.store.read(
        lambda db: db.execute("SELECT id, alias_of FROM lead WHERE alias_of IS NOT NULL").fetchall()
    )
    assert dict(found.result(5)) == {second: first, third: first}
    assert desk.store.exclusively(rebuilding.differences).result(10) == []


def test_what_waits_what_was_allowed_and_past_drips_go_along_and_come_back(desk: Desk) -> None:
    stays, goes = desk.new_lead(phone="", title=None), desk.new_lead(name="Anna", email="anna@acme.example")
    cadence = desk.store.read(playbook.cadence).result(5)[0]
    drip = begin(
        desk.store, "enrollment", lead_id=goes, cadence_id=cadence, state="paused", step_no=2, enrolled_at=ms(MONDAY),
        paused_until=ms(MONDAY), why="asked", track="positive", product="pumps",
    )  # fmt: skip
    mail = {"channel": "email", "text": "hello", "address": "anna@acme.example", "made_at": ms(MONDAY)}
    sent = begin(desk.store, "message", lead_id=goes, state="sent", **mail)
    waits = begin(desk.store, "message", lead_id=goes, state="ready", enrollment_id=drip, step_no=2, **mail)
    touch = begin(
        desk.store, "touch", lead_id=goes, channel="email", at=ms(MONDAY), enrollment_id=drip, step_no=2,
        message_id=waits,
    )  # fmt: skip
    allowed = begin(desk.store, "permission", lead_id=goes, basis="interest", consent="express", set_at=ms(MONDAY))
    before = dump(desk.store)
    desk.act(merge, stays, goes)
    assert {(one.id, one.lead_id, one.state) for one in table(desk, rows.Message, "message")} == {
        (sent, stays, "sent"), (waits, stays, "dropped"),
    }  # fmt: skip
    [found] = table(desk, rows.Enrollment, "enrollment")
    assert (found.lead_id, found.state, found.why, found.track, found.product) == (
        stays, "stopped", "merged", "positive", "pumps",
    )  # fmt: skip
    assert [(one.id, one.lead_id, one.skipped) for one in table(desk, rows.Touch, "touch")] == [(touch, stays, 1)]
    assert [(one.id, one.lead_id) for one in table(desk, rows.Permission, "permission")] == [(allowed, stays)]
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
    desk.store.undo().result(5)
    assert dump(desk.store) == before


def test_of_two_permissions_the_survivors_stands_and_its_blanks_are_filled(desk: Desk) -> None:
    stays, goes = desk.new_lead(), desk.new_lead(name="Anna", email="anna@acme.example", phone="", title=None)
    begin(desk.store, "permission", lead_id=stays, consent="implied", set_at=ms(MONDAY))
    begin(desk.store, "permission", lead_id=goes, consent="express", basis="interest", set_at=ms(MONDAY))
    desk.act(merge, stays, goes)
    mine, other = table(desk, rows.Permission, "permission")
    assert (mine.lead_id, mine.consent, mine.basis) == (stays, "implied", "interest")
    assert other.lead_id == goes
