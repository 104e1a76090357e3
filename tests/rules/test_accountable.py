"""Whose move it is: exactly one name, whatever the state."""

import pytest

from sdr.models.terms import LeadState
from sdr.rules.handoff import accountable


@pytest.mark.parametrize("state", LeadState)
@pytest.mark.parametrize("ae", [None, "Kim"])
@pytest.mark.parametrize("overdue", [False, True])
def test_every_state_has_one_accountable_name(state: LeadState, ae: str | None, overdue: bool) -> None:
    assert accountable(state, "Ana", ae, overdue=overdue) in {"Ana", ae} - {None}


@pytest.mark.parametrize(
    ("state", "overdue", "name"),
    [
        (LeadState.NEW, False, "Ana"),
        (LeadState.QUALIFIED, False, "Ana"),
        (LeadState.OFFERED, False, "Kim"),
        (LeadState.OFFERED, True, "Ana"),
        (LeadState.ACCEPTED, True, "Kim"),
        (LeadState.WON, False, "Kim"),
        (LeadState.REJECTED, False, "Ana"),
    ],
)
def test_an_unanswered_offer_falls_back_to_the_rep(state: LeadState, overdue: bool, name: str) -> None:
    assert accountable(state, "Ana", "Kim", overdue=overdue) == name
