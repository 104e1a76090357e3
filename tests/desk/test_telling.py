"""Who is to be told within a month that we have their data (GDPR Art. 14): a task in time, not a warning too late."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sdr.desk import telling
from sdr.desk.permissions import permit, permit_source
from sdr.desk.triage import reject
from sdr.models.terms import ms
from sdr.store.queries.day import Left
from tests.desks import MONDAY, Desk
from tests.store.test_queue import plans


def came(desk: Desk, days: int, **fields: object) -> int:
    """A lead of a list, so many days ago."""
    at = ms(MONDAY - timedelta(days=days))
    number = desk.store.read(lambda db: db.execute("SELECT count(*) FROM lead").fetchone()[0]).result(10)
    given = {"source_id": source(desk), "email": f"l{number}@acme.example", "phone": f"+34600009{number:03}"}
    return desk.new_lead(arrived_at=at, **(given | fields))


def source(desk: Desk, name: str = "list", kind: str = "list") -> int:
    found = desk.store.read(lambda db: db.execute("SELECT id FROM source WHERE name=?", (name,)).fetchone()).result(10)
    return found[0] if found else desk.source(name=name, type=kind)


def untold(desk: Desk) -> Left:
    return desk.store.read(telling.untold, desk.clock()).result(10)


@pytest.mark.parametrize(("days", "task"), [(24, False), (25, True), (29, True), (31, True), (59, True), (61, False)])
def test_from_the_twenty_fifth_day_it_is_a_task(desk: Desk, days: int, task: bool) -> None:
    lead = came(desk, days)
    assert untold(desk).ids == ((lead,) if task else ())


def test_the_soonest_due_first_with_the_day_it_is_due(desk: Desk) -> None:
    later, sooner = came(desk, 25), came(desk, 28)
    found = untold(desk)
    assert found.ids == (sooner, later)
    assert found.first[0].at == ms(MONDAY + timedelta(days=2))
    assert telling.reminder(found, "Europe/Madrid") == (
        "2 people are to be told that we have their data, the first by 4 Mar: g x", "soon",
    )  # fmt: skip


def test_only_where_the_law_holds_and_who_did_not_give_their_data_themselves(desk: Desk) -> None:
    came(desk, 26, country="US", zone="America/New_York")
    came(desk, 26, country=None)
    came(desk, 26, source_id=None)
    came(desk, 26, source_id=source(desk, "form", "hand-raiser"))
    british = came(desk, 26, country="GB", zone="Europe/London")
    assert untold(desk).ids == (british,)


def test_a_day_that_was_noted_counts_instead_of_the_arrival(desk: Desk) -> None:
    new, web = came(desk, 1), came(desk, 40, source_id=source(desk, "form", "hand-raiser"))
    for lead, days in ((new, 27), (web, 26)):
        desk.act(permit, lead, obtained_at=MONDAY - timedelta(days=days))
    assert untold(desk).ids == (new, web)


def test_told_is_told_for_one_and_for_a_whole_source_and_taken_back(desk: Desk) -> None:
    one, other = came(desk, 26), came(desk, 27)
    desk.act(telling.told, one)
    assert untold(desk).ids == (other,)
    desk.act(permit_source, "list", informed_at=MONDAY)
    assert untold(desk).ids == ()
    desk.store.undo().result(10)
    desk.store.undo().result(10)
    assert untold(desk).ids == (other, one)


def test_who_is_closed_is_used_no_more(desk: Desk) -> None:
    desk.act(reject, came(desk, 26), "fake")
    assert untold(desk).ids == ()


@pytest.mark.parametrize("policy", ["off", "nonsense"])
def test_a_policy_that_does_not_ask_or_cannot_be_read_gives_no_task(desk: Desk, policy: str) -> None:
    from sdr.store.queries import playbook

    came(desk, 26)
    text = playbook.packaged("policy.toml")
    rule = '[rules.gdpr-notice]\nlevel = "warn"'
    assert rule in text
    own = text.replace(rule, rule.replace("warn", "off")) if policy == "off" else "["
    Path(desk.store.path).with_name("policy.toml").write_text(own, encoding="utf-8")
    assert untold(desk).ids == ()


def test_it_is_found_by_the_index_of_arrivals(desk: Desk) -> None:
    came(desk, 26)
    found = plans(Path(desk.store.path), lambda db: telling.untold(db, desk.clock()))
    assert any("lead_arrived" in step for step in found)
    assert not [step for step in found if step.startswith("SCAN lead")]
