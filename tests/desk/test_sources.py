"""What a source promised: price, owner and target are checked on the way in and undone like any act."""

from __future__ import annotations

import pytest

from sdr.desk.sources import set_source
from sdr.models.terms import Refused
from sdr.store import rebuilding
from sdr.store.queries import sources
from tests.desks import Desk, dump


def test_a_source_is_made_and_then_changed_by_its_name(desk: Desk) -> None:
    desk.act(set_source, "Hannover show", cost_minor=10500, currency="eur", target=0.2, owner="Kim")
    done = desk.act(set_source, "HANNOVER SHOW", target=0.25, department="marketing")
    [found] = desk.store.read(sources.listed).result(10)
    assert (found.name, found.cost_minor, found.currency, found.target) == ("Hannover show", 10500, "EUR", 0.25)
    assert (found.owner, found.department, found.type) == ("Kim", "marketing", "list")
    assert done.summary == "Hannover show: target, department"


def test_undoing_both_leaves_nothing(desk: Desk) -> None:
    before = dump(desk.store)
    desk.act(set_source, "webinar", cost_minor=100, respond_for="5m", starts_on="2026-01-01")
    desk.act(set_source, "webinar", type="inbound")
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
    desk.store.undo().result(10)
    desk.store.undo().result(10)
    assert dump(desk.store) == before


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"cost_minor": -1}, "source.cost"),
        ({"target": 20}, "source.target"),
        ({"currency": "dollars"}, "source.currency"),
        ({"currency": "1$2"}, "source.currency"),
        ({"type": "gift"}, "source.type"),
        ({"respond_for": "soon"}, "source.respond-for"),
        ({"ends_on": "31/03/2026"}, "source.dates"),
        ({"colour": "red"}, "source.field"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    desk: Desk, fields: dict[str, object], rule: str
) -> None:
    before = dump(desk.store)
    refused = desk.try_(set_source, "webinar", **fields)
    assert isinstance(refused, Refused)
    assert refused.rule == rule
    assert desk.try_(set_source, " \x00").rule == "source.name"
    assert dump(desk.store) == before
