"""Handing over: what is missing by name, whom the lead goes to and why, and never to nobody."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import Refused
from sdr.rules.handoff import ACCEPT_WITHIN, Executive, choose_ae, missing, refusal
from sdr.rules.hours import Length
from sdr.rules.rubric import parse_rubric
from tests.rules.playbook_files import text

OWN = parse_rubric(text("rubric"))
NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
MET = {"budget": "not-fixed", "decides": "self", "stage": "this-year"}
ANA = {"name": "Ana Ruiz", "company": "Acme Pumps", "email": "ana@acme.example", "phone": None}
A, B, C, D = (Executive(n, name) for n, name in enumerate(("Ann", "Ben", "Cho", "Dee"), 1))

teams = st.lists(
    st.builds(
        Executive,
        st.integers(1, 6),
        st.sampled_from(["Ann", "Ben", "Cho"]),
        st.sampled_from(["", "ES, PT", "DE"]),
        st.sampled_from(["", "pumps"]),
        st.integers(0, 4),
        st.integers(0, 6),
        st.none() | st.sampled_from([NOW - timedelta(days=1), LATER]),
    ),
    max_size=6,
    unique_by=lambda ae: ae.id,
)


@pytest.mark.parametrize(
    ("answers", "fields", "names"),
    [
        (MET, {}, ()),
        (MET | {"budget": "no"}, {}, ("budget",)),
        ({}, {}, ("budget", "who decides", "stage")),
        (MET, {"email": " ", "phone": "+34600000000"}, ()),
        (MET, {"email": "", "company": None}, ("company", "e-mail or phone")),
        ({"decides": "self"}, {"name": ""}, ("budget", "stage", "name")),
    ],
)
def test_what_is_missing_is_named(answers, fields, names):
    assert missing(OWN, answers, ANA | fields) == names


def test_the_refusal_says_what_and_the_way_out():
    refused = refusal(("budget", "stage", "company"))
    assert refused.rule == "handoff.must-haves"
    assert refused.reason == "A handoff needs budget, stage and company first."
    assert refused.hint
    assert refusal(("budget",)).reason == "A handoff needs budget first."
    assert refusal(()) is None


def test_the_acceptance_clock_is_a_length():
    assert Length.parse(ACCEPT_WITHIN)


def shared_out(leads: int, team: list[Executive]) -> list[str]:
    """The names that `leads` leads go to, one after the other."""
    names = []
    for _ in range(leads):
        chosen = choose_ae(team, NOW).ae
        names.append(chosen.name)
        team = [ae._replace(open=ae.open + 1) if ae.id == chosen.id else ae for ae in team]
    return names


def test_fifty_leads_among_three_go_round():
    names = shared_out(50, [ae._replace(capacity=100) for ae in (A, B, C)])
    assert Counter(names) == {"Ann": 17, "Ben": 17, "Cho": 16}
    assert names[:6] == ["Ann", "Ben", "Cho", "Ann", "Ben", "Cho"]


def test_six_leads_among_four_go_round():
    assert shared_out(6, [A, B, C, D]) == ["Ann", "Ben", "Cho", "Dee", "Ann", "Ben"]


def test_the_load_is_measured_against_capacity():
    team = [A._replace(open=2, capacity=4), B._replace(open=4, capacity=20)]
    choice = choose_ae(team, NOW)
    assert (choice.ae.name, choice.why) == ("Ben", "fewest open (4 of 20 open)")


@pytest.mark.parametrize(
    ("team", "options", "name", "why"),
    [
        ([A, B._replace(open=10)], {"account_owner": 2}, "Ben", "owns the account"),
        ([A, B._replace(away_until=LATER)], {"account_owner": 2}, "Ann",
         "Ben owns the account but is away; fewest open (0 of 10 open)"),
        ([A, B._replace(territory="ES, PT", open=5)], {"places": ("es", "Madrid")}, "Ben",
         "this territory; fewest open (5 of 10 open)"),
        ([A._replace(territory="DE"), B._replace(open=9)], {"places": ("ES",)}, "Ben", "fewest open (9 of 10 open)"),
        ([A._replace(territory="DE"), B._replace(open=10)], {"places": ("ES",)}, "Ann",
         "nobody here covers this territory; fewest open (0 of 10 open)"),
        ([A, B._replace(skills="Pumps, valves", open=3)], {"needs": "pumps"}, "Ben",
         "knows pumps; fewest open (3 of 10 open)"),
        ([A._replace(open=12), B._replace(open=11)], {}, "Ben", "all are full, least loaded (11 of 10 open)"),
        ([A._replace(away_until=LATER), B._replace(away_until=NOW + timedelta(days=1))], {}, "Ben",
         "everybody is away; Ben is back first, Wed 09:00"),
        ([A._replace(away_until=NOW), B], {}, "Ann", "fewest open (0 of 10 open)"),
        ([A._replace(capacity=0), B._replace(open=9)], {"account_owner": 1}, "Ben", "fewest open (9 of 10 open)"),
    ],
)  # fmt: skip
def test_whom_it_goes_to_and_why(team, options, name, why):
    choice = choose_ae(team, NOW, **options)
    assert (choice.ae.name, choice.why) == (name, why)


def test_the_next_in_line_is_one_key_away():
    assert [ae.name for ae in choose_ae([A, B, C], NOW).others] == ["Ben", "Cho"]


@pytest.mark.parametrize("team", [[], [A._replace(capacity=0)]])
def test_only_a_team_that_takes_nothing_is_refused(team):
    refused = choose_ae(team, NOW)
    assert isinstance(refused, Refused)
    assert refused.rule == "handoff.no-ae"


@given(teams, st.none() | st.integers(1, 6), st.sampled_from([(), ("ES",), ("FR",)]), st.sampled_from(["", "pumps"]))
def test_somebody_always_takes_it_and_never_who_is_away_while_another_is_here(team, owner, places, needs):
    takers = [ae for ae in team if ae.capacity > 0]
    choice = choose_ae(team, NOW, account_owner=owner, places=places, needs=needs)
    if not takers:
        assert isinstance(choice, Refused)
        return
    here = [ae for ae in takers if ae.away_until is None or ae.away_until <= NOW]
    assert sorted(ae.id for ae in (choice.ae, *choice.others)) == sorted(ae.id for ae in takers)
    assert choice.why
    assert not here or choice.ae in here
    assert choice.ae.id == owner or not here or choice.ae.open < choice.ae.capacity or all(
        ae.open >= ae.capacity for ae in here
    )  # fmt: skip
