"""Tallies equal the count of the rows, whatever was done, and the report is the same by tallies and by rows."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sdr.desk import merging, touching, triage
from sdr.models.terms import Channel, ms
from sdr.store import tallies
from sdr.store.changes import Edit
from sdr.store.queries import leads as queries
from sdr.store.queries import sources
from sdr.store.store import Store
from tests.desks import MONDAY, Desk, applied, begin, write
from tests.handovers import executive

HOUR = 3_600_000


def wrong(store: Store) -> int:
    return store.exclusively(tallies.wrong).result(10)


def lived(desk: Desk, seed: int, acts: int = 60) -> list[int]:
    """A desk with some leads of three sources after many acts of all kinds, some of them taken back."""
    chance = random.Random(seed)
    origins = [desk.source(name=f"source {number}", cost_minor=chance.choice((None, 900))) for number in range(2)]
    leads = [
        desk.new_lead(
            name=f"Person {number} Ruiz", email=f"p{number}@firm{number}.example", phone=f"+346000001{number:02d}",
            source_id=chance.choice((*origins, None)), cost_minor=chance.choice((None, 250)),
            arrived_at=ms(MONDAY) - chance.randrange(72) * HOUR // 2,
            respond_by=chance.choice((None, ms(MONDAY) + chance.randrange(9) * HOUR // 2)),
        )
        for number in range(12)
    ]  # fmt: skip
    for _ in range(acts):
        _one(desk, chance, leads, origins)
        desk.clock.pass_(minutes=chance.randrange(1, 90))
    return leads


def _one(desk: Desk, chance: random.Random, leads: list[int], origins: list[int]) -> None:
    there = [lead for lead in leads if desk.store.read(queries.lead, lead).result(10)]  # undo may take one back
    lead = chance.choice(there)
    match chance.randrange(10):
        case 0:
            desk.try_(triage.accept, lead)
        case 1:
            desk.try_(triage.reject, lead, str(chance.randrange(1, 6)))
        case 2:
            desk.try_(touching.touch, lead, chance.choice((Channel.EMAIL, Channel.LINKEDIN)))
        case 3:
            desk.store.undo().result(10)
        case 4:
            desk.store.redo().result(10)
        case 5:
            desk.try_(merging.merge, lead, chance.choice(there))
        case 6:
            write(desk.store, Edit.set("lead", lead, source_id=chance.choice((*origins, None))))
        case 7:
            state = chance.choice(("offered", "accepted", "met", "returned"))
            brief = {"why_ae": "territory", "brief": "", "ae_id": executive(desk)}
            begin(desk.store, "handoff", lead_id=lead, state=state, offered_at=1, respond_by=2, **brief)
        case 8:
            sql = "SELECT id FROM handoff ORDER BY id DESC LIMIT 1"
            for (handoff,) in desk.store.read(lambda db: db.execute(sql).fetchall()).result(10):
                write(desk.store, Edit.set("handoff", handoff, state=chance.choice(("accepted", "expired", "won"))))
        case _:
            at = ms(desk.clock())
            cost = chance.choice((None, 110))
            begin(desk.store, "touch", lead_id=lead, channel="letter", at=at, cost_minor=cost)


@pytest.mark.parametrize("seed", range(6))
def test_tallies_equal_the_rows_after_any_acts(desk: Desk, seed: int) -> None:
    lived(desk, seed)
    assert wrong(desk.store) == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_report_is_the_same_by_tallies_and_by_rows(desk: Desk, seed: int) -> None:
    lived(desk, seed)
    chance = random.Random(seed)

    def by_rows(db: Any, start: int, end: int) -> dict[int | None, Any]:
        found: dict[int | None, Any] = {}
        args = {"start": start, "end": end}
        sources._add_states(db, sources._COHORT, args, found)
        sources._add_work(db, sources._COHORT, args, found)
        sources._add_handoffs(db, sources._COHORT, args, found)
        return found

    def by_tallies(db: Any, start: int, end: int) -> dict[int | None, Any]:
        return sources._sums(db, {"start": start, "end": end})

    for _ in range(40):
        start = ms(MONDAY) - chance.randrange(40 * HOUR)
        end = start + chance.choice((1, HOUR // 3, HOUR, 5 * HOUR + 7, 60 * HOUR))
        for bounds in ((start, end), (start // HOUR * HOUR, sources.FOREVER), (0, end)):
            tallied = desk.store.read(by_tallies, *bounds).result(10)
            counted = desk.store.read(by_rows, *bounds).result(10)
            assert tallied == counted, bounds


@pytest.mark.parametrize("seed", range(3))
def test_what_became_of_a_sources_leads_is_what_counting_them_gives(desk: Desk, seed: int) -> None:
    lived(desk, seed)
    sql = """SELECT source_id, sum(state NOT IN ('rejected', 'disqualified')), count(*) FROM lead
      WHERE source_id IS NOT NULL AND state NOT IN ('inquiry', 'new', 'working', 'talking', 'nurture', 'merged')
      GROUP BY 1"""
    counted = desk.store.read(lambda db: db.execute(sql).fetchall()).result(10)
    assert counted
    for source, good, judged in counted:
        assert desk.store.read(queries.track_record, source).result(10) == (good, judged)


def test_a_tally_that_is_wrong_is_found_and_counted_again(desk: Desk) -> None:
    lived(desk, 1, acts=5)
    desk.store.exclusively(lambda db: db.execute("UPDATE tally SET leads = leads + 1")).result(10)
    assert wrong(desk.store) > 0
    desk.store.exclusively(tallies.count_again).result(10)
    assert wrong(desk.store) == 0


def test_a_touch_kept_before_its_lead_is_counted_with_it(desk: Desk) -> None:
    lead = 7 << 32 | 900
    rep = desk.store.read(lambda db: db.execute("SELECT min(id) FROM rep").fetchone()[0]).result(10)
    touch = Edit.new("touch", lead + 1, lead_id=lead, channel="email", at=ms(MONDAY))
    row = Edit.new(
        "lead", lead, state="new", name="Late Row", zone="UTC", zone_from="rep", arrived_at=ms(MONDAY),
        recorded_at=ms(MONDAY), owner_id=rep, next_kind="triage", due_at=ms(MONDAY), queue_band=5,
    )  # fmt: skip
    write(desk.store, touch, row)
    assert wrong(desk.store) == 0
    assert desk.store.read(lambda db: db.execute("SELECT sum(touches) FROM tally_work").fetchone()[0]).result(10) == 1
    applied(desk.store.undo().result(10))
    assert wrong(desk.store) == 0


def test_a_lead_that_changes_is_counted_without_a_temporary_table(desk: Desk) -> None:
    explained = "EXPLAIN UPDATE lead SET state = 'rejected' WHERE id = 1"
    steps = desk.store.exclusively(lambda db: db.execute(explained).fetchall()).result(10)
    begins = [place for place, step in enumerate(steps) if step[1] == "Init"]
    (first,) = (place for place in begins if "tally_change" in str(steps[place][5]))
    counting = [step[1] for step in steps[first : min(place for place in (*begins, len(steps)) if place > first)]]
    assert counting.count("IdxInsert") >= 2
    assert "OpenEphemeral" not in counting


def test_the_report_reads_no_lead_of_whole_hours(desk: Desk) -> None:
    looked: list[str] = []

    def traced(db: Any) -> None:
        db.set_trace_callback(looked.append)
        sources.report(db, ms(MONDAY) - 48 * HOUR, ms(MONDAY))
        db.set_trace_callback(None)

    desk.store.read(traced).result(10)
    assert looked
    assert not [sql for sql in looked if "FROM lead" in sql]
