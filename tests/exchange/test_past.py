"""A team's past: states, times, owners and executives of leads that were worked elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sdr.exchange.past import state_of
from sdr.models.terms import LeadState, ms
from sdr.store import rebuilding, rows
from sdr.store.queries import leads, sources
from tests.desks import Desk, dump
from tests.exchange.bringing import brought, everybody

HEADER = (
    "Name,Email,Company,State,Owner,AE,Created,contacted_at,qualified_at,offered_at,accepted_at,won_at,lost_at,Reason\n"
)
LINES = """New one,new@a.example,A,New,,,2026-01-05,,,,,,,
Worked,worked@a.example,A,Working - Contacted,Bo Lind,,2026-01-05,2026-01-06,,,,,,
Good,good@a.example,A,Qualified,,,2026-01-05,2026-01-06,2026-01-07,,,,,
With,with@a.example,A,offered,,Eva Exec,2026-01-05,2026-01-06,2026-01-07,2026-01-08,,,,
Taken,taken@a.example,A,accepted,,Eva Exec,2026-01-05,2026-01-06,2026-01-07,2026-01-08,2026-01-09,,,
Won,won@a.example,A,Closed Won,,Eva Exec,2026-01-05,2026-01-06,2026-01-07,2026-01-08,2026-01-09,2026-02-01,,
Lost,lost@a.example,A,Closed Lost,,Eva Exec,2026-01-05,2026-01-06,2026-01-07,2026-01-08,2026-01-09,,2026-02-01,price
Bad,bad@a.example,A,rejected,,,2026-01-05,,,,,,,duplicate
Later,later@a.example,A,Nurturing,,,2026-01-05,2026-01-06,,,,,,
"""
STATES = ["new", "working", "qualified", "offered", "accepted", "won", "lost", "rejected", "nurture"]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"state": "Open - Not Contacted"}, LeadState.NEW),
        ({"state": "Working - Contacted"}, LeadState.WORKING),
        ({"state": "Closed - Converted"}, LeadState.ACCEPTED),
        ({"state": "Closed - Not Converted"}, LeadState.DISQUALIFIED),
        ({"state": "IN_PROGRESS"}, LeadState.WORKING),
        ({"state": "Unqualified"}, LeadState.DISQUALIFIED),
        ({"state": "SQL"}, LeadState.QUALIFIED),
        ({"state": "Kontaktiert"}, LeadState.WORKING),
        ({"state": "purple"}, LeadState.NEW),
        ({}, LeadState.NEW),
        ({"qualified_at": 1, "contacted_at": 1}, LeadState.QUALIFIED),
        ({"won_at": 1, "lost_at": 1}, LeadState.WON),
    ],
)
def test_the_word_tells_the_state_else_the_furthest_time(values: dict[str, object], state: LeadState) -> None:
    assert state_of(values) == state


def test_states_and_times_stand_as_they_were(desk: Desk) -> None:
    before = dump(desk.store)
    report = brought(desk, HEADER + LINES, source="before", history=True)
    assert report.created == 9
    found = {one.name: one for one in everybody(desk)}
    assert [one.state for one in found.values()] == STATES
    won = found["Won"]
    local = timedelta(hours=1)  # dates are midnights of the rep's Madrid
    assert won.qualified_at == ms(datetime(2026, 1, 7, tzinfo=UTC) - local)
    assert won.closed_at == ms(datetime(2026, 2, 1, tzinfo=UTC) - local)
    assert (found["Lost"].reason, found["Bad"].reason) == ("price", "duplicate")
    assert (
        found["Worked"].first_touch_at == found["Worked"].contacted_at == ms(datetime(2026, 1, 6, tzinfo=UTC) - local)
    )
    assert found["Worked"].next_note == "from before: what next?"
    assert found["Later"].next_kind == "wake"
    assert (found["Later"].due_at or 0) > ms(desk.clock() + timedelta(days=150))
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_owners_and_executives_are_those_of_the_file(desk: Desk) -> None:
    brought(desk, HEADER + LINES, history=True)
    found = {one.name: one for one in everybody(desk)}
    names = dict(desk.store.read(lambda db: db.execute("SELECT id, name FROM rep").fetchall()).result(5))
    assert names[found["Worked"].owner_id] == "Bo Lind"
    assert names[found["Good"].owner_id] == "Ana"
    executives = desk.store.read(lambda db: db.execute("SELECT name FROM ae").fetchall()).result(5)
    assert executives == [("Eva Exec",)]
    handed = [desk.store.read(leads.live_handoff, one.id).result(5) for one in found.values()]
    assert [one.state for one in handed if isinstance(one, rows.Handoff)] == ["offered", "accepted", "won", "lost"]


def test_reports_are_right_from_the_first_day(desk: Desk) -> None:
    brought(desk, HEADER + LINES, source="before", history=True)
    line = next(one for one in desk.store.read(sources.report).result(5) if one.name == "before")
    assert line.delivered == 9
    assert (line.qualified.numerator, line.qualified.denominator) == (5, 6)
    assert line.accepted.numerator >= 2


def test_the_past_twice_is_the_past_once(desk: Desk) -> None:
    brought(desk, HEADER + LINES, history=True)
    before = dump(desk.store)
    again = brought(desk, HEADER + LINES, history=True)
    assert (again.known, again.created, again.updated) == (9, 0, 0)
    assert dump(desk.store) == before
