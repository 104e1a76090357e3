"""Wishes not to be contacted hold from the write that records them, outlive import, merge and undo, and are lifted
by name with a note; and what makes contact lawful is noted for a lead or for its whole list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sdr.desk import gate, permissions, triage, wishes
from sdr.desk.calling import call
from sdr.desk.merging import merge
from sdr.desk.replies import reply
from sdr.models.terms import Channel, Refused, ms
from sdr.rules.consent import Level
from sdr.store import rows
from sdr.store.queries import leads
from sdr.store.queries import permissions as facts
from tests.desk.calls import assert_journal_holds, assert_owed_or_closed, table
from tests.desks import MONDAY, Desk, begin
from tests.exchange.bringing import brought

CSV = "Name,Email,Phone,Company\nAna Ruiz,ana@acme.example,+34 600 00 00 01,Acme Pumps\n"


def level(desk: Desk, lead: int, channel: str) -> Level:
    return desk.store.read(gate.allowed, desk.lead(lead), Channel(channel), desk.clock()).result(10).level


def held(desk: Desk) -> set[tuple[str, str, str]]:
    return {(one.channel, one.scope, one.value) for one in table(desk, rows.Suppression, "suppression")}


def refused(desk: Desk, verb: object, *args: object, **more: object) -> str:
    done = desk.try_(verb, *args, **more)  # type: ignore[arg-type]
    assert isinstance(done, Refused), done
    return done.rule


# --- writing a wish down ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [*wishes.CHANNELS])
@pytest.mark.parametrize("accepted", [False, True])
def test_a_wish_holds_from_its_own_write_and_leaves_a_next_step(desk: Desk, channel: str, accepted: bool) -> None:
    lead = desk.new_lead(email_2="ana@home.example")
    if accepted:
        desk.act(triage.accept, lead)
    before = desk.lead(lead)
    done = desk.act(wishes.opt_out, lead, channel, wording="leave me alone")
    assert done.summary.startswith("Ana Ruiz: never again ")
    shut = {each for each in Channel if level(desk, lead, each) is Level.BLOCK}
    also = {"all": set(Channel), "call": {Channel.CALL, Channel.SMS}}
    assert shut == also.get(channel, {channel})
    assert_owed_or_closed(desk, lead, before)
    assert desk.lead(lead).state == ({"all": "disqualified" if accepted else "rejected"}.get(channel, before.state))
    assert {one[0] for one in held(desk)} == {channel}
    assert refused(desk, wishes.opt_out, lead, channel) == "consent.kept"
    assert_journal_holds(desk)


def test_a_wish_about_calls_drops_the_callback_and_the_call_that_was_next(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(call, lead, "callback", next_at=desk.clock() + timedelta(days=1))
    desk.act(wishes.opt_out, lead, "call")
    assert desk.lead(lead).next_kind == "mail"
    assert desk.store.read(leads.open_promise, lead).result(10) is None
    assert ("call", "number", "+34600000001") in held(desk)


def test_a_wish_outside_the_next_step_leaves_it_where_it_is(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(triage.accept, lead)
    before = desk.lead(lead)
    desk.act(wishes.opt_out, lead, "letter")
    assert desk.lead(lead) == before


@pytest.mark.parametrize(("scope", "covers"), [("account", (True, True, False)), ("domain", (True, False, True))])
def test_a_whole_company_or_domain_is_covered_in_one_write(desk: Desk, scope: str, covers: tuple[bool, ...]) -> None:
    account = begin(desk.store, "account", name="Acme", name_key="acme")
    people = [
        desk.new_lead(account_id=account),
        desk.new_lead(account_id=account, email="b@other.example"),
        desk.new_lead(email="c@mail.acme.example"),
    ]
    done = desk.act(wishes.opt_out, people[0], "all", scope=scope)
    assert done.summary.endswith("never again on any channel · 2 leads")
    assert tuple(level(desk, one, "letter") is Level.BLOCK for one in people) == covers
    assert tuple(desk.lead(one).state == "rejected" for one in people) == covers
    newcomer = desk.new_lead(account_id=account, email="d@acme.example")
    assert level(desk, newcomer, "call") is Level.BLOCK


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        ("acme.example", ("b@acme.example", "b@eu.mail.acme.example", "B@ACME.example"), ("b@notacme.example",)),
        ("acme.example", (), ("acme@example.example", "b@acme.example.example", "example@acme.test", None)),
        ("acme-pumps.co.uk", ("b@acme-pumps.co.uk",), ("b@acme.pumps.co.uk", "b@pumps.co.uk", "co@acme-pumps.uk")),
        ("münchen.example", ("b@münchen.example", "b@post.münchen.example"), ("b@munchen.example",)),
        ("7.example", ("b@7.example",), ("b@77.example",)),
    ],
)
def test_a_domain_is_all_addresses_that_end_in_it(desk: Desk, domain: str, inside: tuple, outside: tuple) -> None:
    asked = desk.new_lead(email=f"ana@{domain}")
    people = [desk.new_lead(email=email) for email in (*inside, *outside)]
    found = desk.store.read(facts.covered, "domain", domain).result(10)
    assert [lead.id for lead in found] == [asked, *people[: len(inside)]]


@pytest.mark.parametrize(
    ("fields", "channel", "scope", "rule"),
    [
        ({}, "fax", "person", "channel.unknown"),
        ({}, "email", "planet", "consent.scope"),
        ({}, "email", "account", "consent.account"),
        ({"email": None}, "email", "domain", "consent.domain"),
        ({"email": "ana@gmail.com"}, "email", "domain", "consent.domain"),
    ],
)
def test_a_wish_that_makes_no_sense(desk: Desk, fields: dict[str, object], channel: str, scope: str, rule: str) -> None:
    assert refused(desk, wishes.opt_out, desk.new_lead(**fields), channel, scope=scope) == rule
    assert held(desk) == set()


# --- what it outlives ------------------------------------------------------------------------------------------------

SAID = {
    "email": lambda desk, lead: desk.act(reply, lead, "unsubscribe", text="stop"),
    "call": lambda desk, lead: desk.act(call, lead, "do-not-call"),
    "all": lambda desk, lead: desk.act(call, lead, "do-not-contact"),
    "letter": lambda desk, lead: desk.act(wishes.opt_out, lead, "letter"),
}


@pytest.mark.parametrize("channel", [*SAID])
def test_a_wish_outlives_undo_redo_and_undo(desk: Desk, channel: str) -> None:
    lead = desk.new_lead()
    before = desk.lead(lead)
    SAID[channel](desk, lead)
    wished, on = held(desk), "email" if channel == "all" else channel
    taken = desk.store.undo().result(10)
    assert taken.summary.endswith("the wish stays, sdr lift takes it back")
    assert desk.lead(lead) == before
    assert (held(desk), level(desk, lead, on)) == (wished, Level.BLOCK)
    desk.store.redo().result(10)
    assert (held(desk), level(desk, lead, on)) == (wished, Level.BLOCK)
    desk.store.undo().result(10)
    assert (held(desk), level(desk, lead, on)) == (wished, Level.BLOCK)
    assert_journal_holds(desk)


def test_a_wish_outlives_the_undo_of_what_came_before_and_after_it(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(triage.note, lead, "before")
    desk.act(wishes.opt_out, lead, "linkedin")
    desk.act(triage.note, lead, "after")
    for _ in range(3):
        desk.store.undo().result(10)
    assert table(desk, rows.Event, "event") == ()
    assert level(desk, lead, "linkedin") is Level.BLOCK


@pytest.mark.parametrize("channel", [*SAID])
def test_a_wish_outlives_the_import_of_the_same_person(desk: Desk, channel: str) -> None:
    brought(desk, CSV)
    (lead,) = table(desk, rows.Lead, "lead")
    SAID[channel](desk, lead.id)
    wished = held(desk)
    brought(desk, CSV.replace("Pumps", "Pumps Ltd"))
    on = "email" if channel == "all" else channel
    for one in table(desk, rows.Lead, "lead", "alias_of IS NULL"):
        assert level(desk, one.id, on) is Level.BLOCK
    assert wished <= held(desk)


@pytest.mark.parametrize("channel", ["email", "call", "all"])
def test_a_wish_meets_the_same_person_who_comes_as_somebody_new(desk: Desk, channel: str) -> None:
    """By another desk's file, say: another record with the same number and address."""
    SAID[channel](desk, desk.new_lead())
    again = desk.new_lead(name="A. Ruiz")
    assert level(desk, again, "email" if channel == "all" else channel) is Level.BLOCK


@pytest.mark.parametrize("channel", [*SAID])
@pytest.mark.parametrize("goes", [False, True])
def test_a_wish_outlives_a_merge_and_its_undo(desk: Desk, channel: str, goes: bool) -> None:
    lead, other = desk.new_lead(), desk.new_lead(name="Anna", email="anna@home.example", phone="+34600000007")
    if goes:  # the one who said no joins the other, who stands higher
        desk.act(triage.accept, other)
    SAID[channel](desk, lead)
    on = "email" if channel == "all" else channel
    desk.act(merge, lead, other)
    assert level(desk, lead, on) is Level.BLOCK
    assert level(desk, other, on) is Level.BLOCK
    desk.store.undo().result(10)
    assert level(desk, lead, on) is Level.BLOCK
    assert level(desk, other, on) is not Level.BLOCK


# --- lifting ---------------------------------------------------------------------------------------------------------


def test_lifting_names_what_it_lifts_needs_a_note_and_stays_on_record(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(reply, lead, "unsubscribe", text="stop")
    desk.act(wishes.opt_out, lead, "letter")
    assert refused(desk, wishes.lift, lead, "email", "  ") == "consent.note"
    assert refused(desk, wishes.lift, lead, "linkedin", "note") == "consent.nothing"
    done = desk.act(wishes.lift, lead, "email", "she wrote on 2 March that she wants the newsletter")
    assert done.summary == (
        "Ana Ruiz: lifted no email (person, 2026-03-02 “stop”); no email (email ana@acme.example, 2026-03-02 “stop”)"
    )
    assert level(desk, lead, "email") is Level.WARN
    assert level(desk, lead, "letter") is Level.BLOCK
    (event,) = table(desk, rows.Event, "event", "kind='lifted'")
    assert event.text is not None
    assert event.text.startswith("she wrote on 2 March that she wants the newsletter (lifted: no email (person")
    kinds = desk.store.read(lambda db: [row[0] for row in db.execute("SELECT kind FROM operation")]).result(10)
    assert kinds.count("lift") == 2
    desk.store.undo().result(10)
    assert level(desk, lead, "email") is Level.BLOCK
    assert_journal_holds(desk)


def test_lifting_an_account_names_the_company(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme", name_key="acme")
    lead = desk.new_lead(account_id=account)
    desk.act(wishes.opt_out, lead, "all", scope="account")
    assert "no all (account Acme Pumps, 2026-03-02" in desk.act(wishes.lift, lead, "all", "their counsel").summary
    assert held(desk) == set()


# --- permissions -----------------------------------------------------------------------------------------------------


def test_a_leads_own_note_wins_over_its_lists_field_by_field(desk: Desk) -> None:
    source = desk.source(name="fair")
    lead, other = desk.new_lead(source_id=source), desk.new_lead(email="b@x.example")
    assert desk.store.read(facts.in_force, desk.lead(lead)).result(10) is None
    desk.act(permissions.permit_source, "Fair", basis="consent", subscriber="corporate", listed_at=MONDAY)
    desk.act(permissions.permit, lead, basis="legitimate-interest", basis_note="their job is pumps")
    found = desk.store.read(facts.in_force, desk.lead(lead)).result(10)
    assert (found.basis, found.basis_note) == ("legitimate-interest", "their job is pumps")
    assert (found.subscriber, found.listed_at, found.set_by) == ("corporate", ms(MONDAY), "Ana")
    assert desk.store.read(facts.in_force, desk.lead(other)).result(10) is None
    desk.act(permissions.permit, lead, basis=None, basis_note=None)
    assert desk.store.read(facts.in_force, desk.lead(lead)).result(10).basis == "consent"
    desk.store.undo().result(10)
    assert desk.store.read(facts.in_force, desk.lead(lead)).result(10).basis == "legitimate-interest"
    assert_journal_holds(desk)


def test_data_of_a_list_was_obtained_when_the_lead_came_unless_said(desk: Desk) -> None:
    listed = desk.new_lead(source_id=desk.source(name="bought"), arrived_at=ms(MONDAY - timedelta(days=26)))
    asked = desk.new_lead(
        source_id=desk.source(name="form", type="inbound"), arrived_at=ms(MONDAY - timedelta(days=40))
    )

    def said(lead: int) -> list[str]:
        found = desk.store.read(gate.allowed, desk.lead(lead), Channel.LETTER, desk.clock()).result(10)
        return [rule.reason for rule in found.decision.rules if rule.id == "gdpr.notice"]

    assert said(asked) == []
    assert said(listed)[0].startswith("Their data was obtained on 2026-02-04")
    desk.act(permissions.permit, listed, obtained_at=MONDAY - timedelta(days=3))
    assert said(listed) == []
    desk.act(permissions.permit, listed, obtained_at=MONDAY - timedelta(days=90))
    assert "that was due by" in said(listed)[0]
    desk.act(permissions.permit_source, "bought", informed_at=MONDAY)
    assert said(listed) == []


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({}, "permission.nothing"),
        ({"colour": "red"}, "permission.field"),
        ({"basis": "because"}, "permission.basis"),
        ({"subscriber": "robot"}, "permission.subscriber"),
        ({"consent": "nodded"}, "permission.consent"),
        ({"basis": "legitimate-interest"}, "permission.note"),
        ({"informed_at": MONDAY + timedelta(days=1)}, "date.ahead"),
    ],
)
def test_a_permission_that_makes_no_sense(desk: Desk, told: dict[str, object], rule: str) -> None:
    lead = desk.new_lead()
    assert refused(desk, permissions.permit, lead, **told) == rule
    assert table(desk, rows.Permission, "permission") == ()
    assert refused(desk, permissions.permit_source, "nobody's", **told) == "source.unknown"


def test_a_consent_may_end_later_than_today(desk: Desk) -> None:
    lead = desk.new_lead()
    done = desk.act(permissions.permit, lead, consent="express", consent_until=MONDAY + timedelta(days=30))
    assert done.summary == "Ana Ruiz: consent express, consent until 2026-04-01"
