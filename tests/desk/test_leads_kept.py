"""One lead by hand: what a line says, what is kept of it, and what a later word mends."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.desk import triage
from sdr.desk.leads_kept import Parsed, add, fill, spoken, understood
from sdr.models.terms import Band, LeadState, NextKind, Refused, ms
from sdr.store import rebuilding
from sdr.store.queries import leads, sources
from tests.desks import Desk, begin, dump

LINE = "Ana Ruiz, Acme Pumps, ana@acme.example, +34 600 000 000, show:Hannover"


def line(text: str) -> Parsed:
    parsed = understood(text)
    assert isinstance(parsed, Parsed), parsed
    return parsed


def added(desk: Desk, text: str):
    done = desk.act(add, line(text))
    return desk.lead(done.lead)


@pytest.mark.parametrize(
    ("text", "cells", "source", "channel"),
    [
        (
            LINE,
            {"name": "Ana Ruiz", "company": "Acme Pumps", "email": "ana@acme.example", "phone": "+34 600 000 000"},
            "Hannover",
            "show",
        ),
        ("ana@acme.example", {"email": "ana@acme.example"}, None, None),
        ("+34 600 000 000, Ana", {"phone": "+34 600 000 000", "name": "Ana"}, None, None),
        ('Ana, "Acme, Inc.", director, likes tea', {
            "name": "Ana", "company": "Acme, Inc.", "title": "director", "notes": "likes tea"}, None, None),
        ("Ana; city: Madrid; #vip; tag:hot; source:webinar May", {
            "name": "Ana", "city": "Madrid", "tags": "vip, hot"}, "webinar May", None),
        ("Ana, a@b.example, c@d.example", {
            "name": "Ana", "email": "a@b.example", "email_2": "c@d.example"}, None, None),
        ("Ana, https://www.linkedin.com/in/ana, acme.example", {
            "name": "Ana", "linkedin": "https://www.linkedin.com/in/ana", "website": "acme.example"}, None, None),
    ],
)  # fmt: skip
def test_a_line_is_understood_piece_by_piece(text, cells, source, channel) -> None:
    parsed = line(text)
    assert (dict(parsed.cells), parsed.source, parsed.channel) == (cells, source, channel)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nobody is named"),
        (" , ;", "nobody is named"),
        ("show:Hannover", "nobody is named"),
        ("Ana, ana@", "nothing after the @"),
        ("Ana, ana@acme", "e-mail"),
        ("Ana, country:Atlantis", "country is not known"),
    ],
)
def test_a_line_that_names_nobody_or_lies_is_refused(text, says) -> None:
    found = understood(text)
    assert isinstance(found, Refused)
    assert says in found.reason


@given(st.text(max_size=80))
def test_any_line_is_understood_or_refused(text) -> None:
    found = understood(text)
    if isinstance(found, Parsed):
        assert spoken(found)
    else:
        assert found.reason


def test_what_was_understood_is_shown_before_it_is_kept() -> None:
    assert spoken(line(LINE)) == [
        "name      Ana Ruiz",
        "company   Acme Pumps",
        "email     ana@acme.example",
        "phone     +34 600 00 00 00",
        "source    Hannover (show)",
    ]


def test_one_line_is_a_whole_lead(desk: Desk) -> None:
    lead = added(desk, LINE)
    assert (lead.state, lead.next_kind, lead.queue_band, lead.due_at) == ("new", "triage", Band.NEW, ms(desk.clock()))
    assert (lead.first_name, lead.last_name, lead.phone, lead.phone_type) == ("Ana", "Ruiz", "+34600000000", "mobile")
    assert json.loads(lead.phones)[0]["shown"] == "+34 600 00 00 00"
    assert (lead.country, lead.zone, lead.zone_from) == ("ES", "Europe/Madrid", "phone")
    assert lead.respond_by == ms(desk.clock()) + 3_600_000  # inbound: an hour of working time
    source = desk.store.read(leads.source, lead.source_id).result(5)
    assert (source.name, source.channel, source.type) == ("Hannover", "show", "inbound")
    account = desk.store.read(leads.card, lead.id).result(5).account
    assert (account.name, account.domain, account.name_key) == ("Acme Pumps", "acme.example", "acme pumps")


def test_a_name_and_an_address_are_an_inquiry_until_a_qualifier_is_known(desk: Desk) -> None:
    lead = added(desk, "Ana Ruiz, ana@gmail.com")
    assert (lead.state, lead.next_kind, lead.account_id) == ("inquiry", NextKind.COMPLETE, None)
    before = dump(desk.store)
    done = desk.act(fill, lead.id, {"title": "Directora de Operaciones"})
    after = desk.lead(lead.id)
    assert (after.state, after.next_kind, after.seniority, after.department) == (
        "new", "triage", "director", "operations",
    )  # fmt: skip
    assert "a lead now" in done.summary
    assert after.fit > lead.fit
    desk.store.undo().result(5)
    assert dump(desk.store) == before


def test_colleagues_share_the_account_of_their_domain_or_name(desk: Desk) -> None:
    first = added(desk, "Ana, Acme GmbH, ana@acme.example")
    second = added(desk, "Ben, ben@mail.acme.example")
    third = added(desk, "Cem, ACME")
    other = added(desk, "Dan, Acme, dan@acme.test.example")
    assert first.account_id == second.account_id == third.account_id is not None
    assert other.account_id != first.account_id or other.email.endswith("acme.example")


def test_an_account_known_by_name_learns_its_domain(desk: Desk) -> None:
    first = added(desk, "Ana, Borel SA")
    second = added(desk, "Ben, Borel, ben@borel.example")
    assert first.account_id == second.account_id
    assert desk.store.read(leads.card, first.id).result(5).account.domain == "borel.example"


def test_an_address_that_is_here_is_refused_and_may_be_forced(desk: Desk) -> None:
    lead = added(desk, LINE)
    before = dump(desk.store)
    refused = desk.try_(add, line("Anna Ruiz, ANA@ACME.example"))
    assert isinstance(refused, Refused)
    assert refused.reason == "Anna Ruiz exists: owned by Ana, state new"
    assert dump(desk.store) == before
    done = desk.act(add, line("Anna Ruiz, ANA@ACME.example").forced())
    assert done.lead != lead.id


def test_a_local_number_is_dialled_from_the_reps_country(desk: Desk) -> None:
    assert added(desk, "Ana, 912 345 678").phone == "+34912345678"
    refused = desk.try_(add, line("Ben, 555-0101"))
    assert isinstance(refused, Refused)
    assert "country code" in refused.reason


def test_adding_is_taken_back_whole(desk: Desk) -> None:
    before = dump(desk.store)
    added(desk, f"{LINE}, director, note:leaks at three sites, #vip")
    after = dump(desk.store)
    desk.store.undo().result(5)
    assert dump(desk.store) == before
    desk.store.redo().result(5)
    assert dump(desk.store) == after
    assert desk.store.exclusively(rebuilding.differences).result(10) == []


@pytest.mark.parametrize(
    ("typed", "column", "value"),
    [
        ({"company": " Acme  "}, "company", "Acme"),
        ({"email": "ANA@Acme.example"}, "email", "ana@acme.example"),
        ({"phone": "600 111 222"}, "phone", "+34600111222"),
        ({"country": "Deutschland"}, "country", "DE"),
        ({"zone": "PST"}, "zone", "America/Los_Angeles"),
        ({"name": "Ruiz, Ana María"}, "name", "Ana María Ruiz"),
        ({"title": ""}, "title", None),
        ({"linkedin": "linkedin.com/in/ana"}, "linkedin", "linkedin.com/in/ana"),
    ],
)
def test_what_is_typed_is_normalised_and_replaces(desk: Desk, typed, column, value) -> None:
    lead = desk.new_lead(email="old@acme.example")
    desk.act(fill, lead, typed)
    assert getattr(desk.lead(lead), column) == value


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": "ana@acme"}, "e-mail"),
        ({"phone": "12"}, "too short"),
        ({"zone": "Mars/Olympus"}, "time zone is not known"),
        ({"colour": "red"}, "no “colour”"),
        ({"email": "ana@acme.example"}, "has that already"),
        ({"email": "taken@acme.example"}, "another lead's"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(desk: Desk, typed, says) -> None:
    desk.new_lead(name="Ben", email="taken@acme.example", phone="")
    lead = desk.new_lead()
    before = dump(desk.store)
    refused = desk.try_(fill, lead, typed)
    assert isinstance(refused, Refused)
    assert says in refused.reason
    assert dump(desk.store) == before


def test_what_is_written_beside_a_name_stays_as_a_note(desk: Desk) -> None:
    lead = added(desk, "Ann Smith (EMEA lead), Acme, ann@acme.example")
    desk.act(fill, lead.id, {"name": "Ann Smyth [/APAC]"})
    assert desk.lead(lead.id).name == "Ann Smyth"
    notes = [one.text for one in desk.store.read(leads.events, lead.id).result(5)]
    assert sorted(notes) == ["name as written: Ann Smith (EMEA lead)", "name as written: Ann Smyth [/APAC]"]


def test_a_new_number_comes_first_and_the_old_ones_stay(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(fill, lead, {"phone": "+34 912 345 678"})
    found = desk.lead(lead)
    assert (found.phone, found.phone_type) == ("+34912345678", "landline")
    assert [one["e164"] for one in json.loads(found.phones)] == ["+34912345678", "+34600000001"]


def test_a_hand_raisers_line_is_hot(desk: Desk) -> None:
    begin(desk.store, "source", name="website", type="hand-raiser")
    lead = added(desk, "Ana, Acme, ana@acme.example, web:website")
    assert (lead.queue_band, lead.due_at) == (Band.HOT, lead.respond_by)
    assert desk.store.read(sources.by_name, "WEBSITE").result(5).id == lead.source_id
    desk.act(triage.accept, lead.id)
    assert desk.lead(lead.id).state == LeadState.WORKING
