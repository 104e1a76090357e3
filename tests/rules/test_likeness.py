"""Two records: how likely one person, why, and under which keys they meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.likeness import ASKED, ONE, Person, blocks, likeness, person, sure

ANA = person(
    first="Ana", last="Ruiz", company="Acme Pumps, Inc.", emails=("ana.ruiz@acme.example",), numbers=("+34600000001",),
    website="https://www.acme.example", title="CFO", city="Madrid",
)  # fmt: skip
BARE = ANA._replace(emails=(), numbers=(), domain="", title="", city="")
SWITCHBOARD = ("+34910000000",)


@pytest.mark.parametrize(
    ("changed", "least", "reason"),
    [
        ({"emails": ("ana.ruiz@acme.example",), "first": "x", "last": "y"}, 100, "same e-mail"),
        ({"first": "ruiz", "last": "ana"}, ONE, "first and last name swapped"),
        ({"first": "a"}, ONE, "same last name and initial"),
        ({"last": "ruis"}, ONE, "similar name"),
        ({"first": "ana maria"}, ONE, "similar name"),
        ({"firm": "acme pmups"}, ONE, "similar company"),
        ({"firm": "globex", "domain": "globex.example", "numbers": ANA.numbers}, ONE, "same phone"),
        ({"firm": "globex", "profile": "linkedin.com/in/ana"}, ONE, "same profile"),
        ({"firm": ""}, ASKED, "same name"),
        ({"last": ""}, ASKED, "the one name that is known"),
    ],
)
def test_a_double_is_known_by_what_it_shares(changed: dict[str, object], least: int, reason: str) -> None:
    other = BARE._replace(**changed)
    one = ANA._replace(profile=other.profile)
    found = likeness(one, other)
    assert found.score >= least, found
    assert reason in found.reasons


@pytest.mark.parametrize(
    "changed",
    [
        {"firm": "globex"},
        {"firm": "", "city": "madrid", "title": "cfo"},
        {"firm": "globex", "city": "madrid", "title": "cfo"},
        {"first": "eva", "numbers": SWITCHBOARD, "city": "madrid", "title": "cfo"},
        {"first": "mario", "last": "olsen", "numbers": SWITCHBOARD, "domain": "acme.example"},
        {"firm": "acme pumps 17"},
    ],
)
def test_neither_a_name_nor_a_switchboard_makes_two_people_one(changed: dict[str, object]) -> None:
    one = ANA._replace(numbers=SWITCHBOARD, firm="acme pumps 18" if "17" in str(changed) else ANA.firm)
    assert likeness(one, BARE._replace(**changed)).score < ONE


def test_twins_are_asked_about_and_never_sure() -> None:
    eva = ANA._replace(first="eva", emails=("eva.ruiz@acme.example",), numbers=SWITCHBOARD)
    found = likeness(ANA._replace(numbers=SWITCHBOARD), eva)
    assert ASKED <= found.score < ONE
    assert not found.sure
    assert "same last name, another first name" in found.reasons


def test_an_office_address_or_a_shared_domain_is_nobodys_own() -> None:
    office, bob = ANA._replace(emails=("info@acme.example",)), ANA._replace(first="bob", last="kent")
    assert not sure(office, bob._replace(emails=office.emails))
    assert likeness(office, bob._replace(emails=office.emails)).score < ASKED
    one = person(first="Ana", last="Ruiz", emails=("ana@gmail.com",))
    assert one.domain == ""
    assert likeness(one, person(first="Bob", last="Kent", emails=("bob@gmail.com",))).score == 0


def test_an_outside_id_counts_within_its_own_system() -> None:
    here, there = (person(first="A", last="B", external_id="7", system=system) for system in ("hubspot", "salesforce"))
    assert not sure(here, there)
    assert sure(here, person(first="C", last="D", external_id=" 7", system="hubspot")) == "same outside id"


def test_a_name_that_was_never_parted_is_compared_in_its_parts() -> None:
    assert person(first=None, last=None, name="Jean-Luc O’Brien").last == "obrien"
    assert person(first="Jean Luc", last="OBrien") == person(first="Jean-Luc", last="O'Brien")


words = st.text(st.characters(codec="utf-8"), max_size=12)
maybe = st.one_of(st.none(), words)
names = st.one_of(maybe, st.sampled_from(["A", "R.", "Ana", "Ana Maria", "Ruiz", "Ruis", "Ana Ruiz", "伟", "王"]))
people = st.builds(
    person, first=names, last=names, name=maybe, company=maybe, city=maybe, title=maybe, external_id=maybe,
    linkedin=maybe, emails=st.lists(st.sampled_from(["a.b@x.example", "ab@gmail.com", "info@x.example"]), max_size=2)
    .map(tuple), numbers=st.lists(st.sampled_from(["+34600000001", "+34600000002"]), max_size=2).map(tuple),
)  # fmt: skip


@given(people, people)
def test_likeness_is_symmetric_and_within_bounds(a: Person, b: Person) -> None:
    found = likeness(a, b)
    assert found == likeness(b, a)
    assert 0 <= found.score <= 100
    assert found.reasons or found.score == 0


@given(people)
def test_a_record_is_itself_unless_it_says_no_more_than_a_name(one: Person) -> None:
    named = one._replace(first=one.first or "ana", last=one.last or "ruiz")
    told = named.firm or named.domain or named.numbers or named.emails or named.profile or named.outside
    assert (likeness(named, named).score >= ONE) is bool(told)
    assert likeness(named._replace(firm="acme"), named._replace(firm="acme")).score == 100


@given(people)
def test_equal_records_meet_under_every_key(one: Person) -> None:
    assert blocks(one) == blocks(one._replace())
    assert len(set(blocks(one))) == len(blocks(one)) or len(set(one.numbers)) < len(one.numbers)
