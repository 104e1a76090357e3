"""What a stretch of time heard of its leads: by source, with reasons and quotes, and read by index."""

from __future__ import annotations

from sdr.models.terms import ms
from sdr.store.queries import hearing
from tests.desks import MONDAY, Desk, begin, steps

DAY = 86_400_000
NOON = ms(MONDAY)


def a_touch(desk: Desk, lead: int, at: int, skipped: int = 0) -> None:
    begin(desk.store, "touch", lead_id=lead, channel="email", at=at, skipped=skipped)


def test_each_source_hears_of_its_own(desk: Desk) -> None:
    fair = begin(desk.store, "source", name="Fair", type="list", currency="EUR", owner="Kim")
    old, day = NOON - 9 * DAY, (NOON - DAY, NOON + DAY)
    gone = {"arrived_at": old, "next_kind": None, "due_at": None, "queue_band": None, "closed_at": NOON}
    come = desk.new_lead(name="Come", source_id=fair)
    worked = desk.new_lead(name="Worked", source_id=fair, arrived_at=old)
    qualified = desk.new_lead(name="Qualified", source_id=fair, arrived_at=old, state="qualified", qualified_at=NOON)
    for reason in ("no-budget", "no-budget", "not-our-market"):
        desk.new_lead(name="Gone", source_id=fair, state="rejected", reason=reason, **gone)
    desk.new_lead(name="Nobody's", state="disqualified", reason="left", **gone)
    desk.new_lead(name="Long ago", source_id=fair, arrived_at=old, qualified_at=old, state="qualified")
    for lead, skipped in ((worked, 0), (worked, 0), (come, 1)):
        a_touch(desk, lead, NOON, skipped)
    for number in range(5):
        begin(desk.store, "event", lead_id=qualified, kind="said", at=NOON + number, text=f"said {number}")
    begin(desk.store, "event", lead_id=qualified, kind="said", at=NOON + 9, text="")
    begin(desk.store, "event", lead_id=come, kind="note", at=NOON + 9, text="a note is ours")
    found = {one.name: one for one in desk.store.read(hearing.heard, *day).result(10)}
    assert set(found) == {"Fair", "no source"}
    of_fair = found["Fair"]
    assert (of_fair.owner, of_fair.arrived, of_fair.worked, of_fair.qualified) == ("Kim", 1, 1, 1)
    assert of_fair.rejected == (("no-budget", 2), ("not-our-market", 1))
    assert of_fair.disqualified == ()
    assert [quote.text for quote in of_fair.quotes] == ["said 4", "said 3", "said 2"]
    assert "Qualified" in of_fair.quotes[0].names
    nobodys = found["no source"]
    assert (nobodys.source_id, nobodys.arrived, nobodys.disqualified) == (None, 0, (("left", 1),))
    assert desk.store.read(hearing.heard, *day, None).result(10) == (nobodys,)
    assert desk.store.read(hearing.heard, *day, fair).result(10) == (of_fair,)
    assert desk.store.read(hearing.heard, NOON + 2 * DAY, NOON + 3 * DAY).result(10) == ()


def test_a_day_does_not_read_the_other_leads(desk: Desk) -> None:
    found = steps(desk, lambda db: hearing.heard(db, NOON, NOON + DAY))
    assert not [step for step in found if step.startswith(("SCAN lead", "SCAN touch", "SCAN event"))]
    for index in ("lead_arrived", "lead_qualified", "lead_ended"):
        assert any(index in step for step in found), index
