"""The gate's random states in small; `python -m tests.reliability.gate` has a hundred thousand."""

from __future__ import annotations

from sdr.models.terms import Channel
from sdr.rules.consent import Level
from tests.reliability import gate


def test_nobody_who_said_no_is_touched_and_one_wish_more_opens_nothing() -> None:
    found = gate.look(2_000, seed=11)
    assert found.wrong == []
    assert found.covered > 150
    assert min(found.levels[level] for level in Level) > 50


def test_the_states_reach_every_channel_and_the_pace_can_be_measured() -> None:
    made = [one for one, _ in zip(gate.states(3), range(300), strict=False)]
    assert {channel for _, channel, *_ in made} == set(Channel)
    assert gate.pace(200, seed=3) > 0
