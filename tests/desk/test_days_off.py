"""No touch, clock or snooze lands on a closure, a day off, a holiday of the rep, or one of the prospect's region."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sdr.desk import drip, sending_mail, spacing, steps, workload
from sdr.desk.calling import call
from sdr.desk.drip import enroll
from sdr.desk.triage import accept, disqualify, snooze
from sdr.models.terms import at, ms
from sdr.rules.calendar import is_open
from sdr.rules.hours import Length
from sdr.store.queries import absences, messages, playbook
from tests.desks import Desk, begin

TUESDAY = "2026-03-03"


def off(desk: Desk, first: str, last: str | None = None, *, rep: int | None = None, cover: int | None = None) -> int:
    days = {"from_day": first, "to_day": last or first, "made_at": 0}
    return begin(desk.store, "absence", rep_id=rep, cover_id=cover, **days)


def rep_of(desk: Desk) -> int:
    return desk.store.read(playbook.rep).result(10).id


def closed(desk: Desk, rep: int | None, *, uncovered: bool = False) -> set[str]:
    first, last = date(2026, 3, 2), date(2026, 3, 8)
    found = desk.store.read(absences.closed_days, rep, first, last, uncovered=uncovered).result(10)
    return {f"{day:%d}" for day in found}


def test_whose_days_are_closed(desk: Desk) -> None:
    rep = rep_of(desk)
    other = begin(
        desk.store, "rep", name="Bo", zone="UTC", hours="mon-fri 09:00-17:00", daily_calls=1, daily_qualified=1
    )
    off(desk, "2026-02-01", "2026-03-02")
    off(desk, "2026-03-04", "2026-03-05", rep=rep)
    off(desk, "2026-03-06", rep=rep, cover=other)
    off(desk, "2026-03-07", "2126-01-01", rep=other)
    assert closed(desk, None) == {"02"}
    assert closed(desk, rep) == {"02", "04", "05", "06"}
    assert closed(desk, rep, uncovered=True) == {"02", "04", "05"}
    assert closed(desk, other) == {"02", "07", "08"}


@pytest.mark.parametrize("whose", ["company", "rep"])
def test_a_drip_passes_over_days_off(desk: Desk, whose: str) -> None:
    off(desk, TUESDAY, "2026-03-04", rep=rep_of(desk) if whose == "rep" else None)
    lead = desk.new_lead()
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
    assert at(desk.lead(lead).due_at or 0) == datetime(2026, 3, 5, 9, tzinfo=UTC)


def test_a_day_that_is_covered_is_worked(desk: Desk) -> None:
    rep = rep_of(desk)
    other = begin(
        desk.store, "rep", name="Bo", zone="UTC", hours="mon-fri 09:00-17:00", daily_calls=1, daily_qualified=1
    )
    lead = desk.lead(desk.new_lead())
    for cover in (other, None):
        off(desk, TUESDAY, rep=rep, cover=cover)
        cal = desk.store.read(lambda db: steps.calendar_of(lead, desk.clock(), db)).result(10)
        assert (date(2026, 3, 3) in cal.closed) is (cover is None)


def test_another_call_and_a_snooze_pass_over_it_too(desk: Desk) -> None:
    off(desk, TUESDAY)
    lead = desk.new_lead()
    desk.act(accept, lead)
    desk.act(call, lead, "no-answer")
    assert at(desk.lead(lead).due_at or 0).day == 4
    desk.act(snooze, lead, datetime(2026, 3, 3, 12, tzinfo=UTC))
    assert at(desk.lead(lead).due_at or 0) == datetime(2026, 3, 4, 8, tzinfo=UTC)


def test_a_holiday_of_the_rep_is_no_day_for_a_touch_either(desk: Desk) -> None:
    """6 January is a holiday in Spain, where the rep works, and an ordinary Tuesday in London."""
    desk.clock.now = datetime(2026, 1, 5, 10, tzinfo=UTC)
    lead = desk.new_lead(country="GB", zone="Europe/London", city="London")
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
    assert at(desk.lead(lead).due_at or 0).day == 7


def test_a_regions_holiday_counts_for_its_prospects(desk: Desk) -> None:
    """Easter Monday is a holiday in Catalonia, not in all of Spain."""
    monday = date(2026, 4, 6)
    for region, held in (("Cataluña", True), ("Andalucía", False), (None, False)):
        lead = desk.lead(desk.new_lead(region=region, email=None, phone="", name=str(region)))
        assert (
            monday in desk.store.read(lambda db, one=lead: steps.calendar_of(one, desk.clock(), db)).result(10).closed
        ) is held


def test_a_response_clock_stands_still_on_days_off(desk: Desk) -> None:
    rep = desk.store.read(playbook.rep).result(10)
    monday = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # half past four in Madrid
    usual = steps.respond_by(rep, None, monday)
    away = steps.respond_by(rep, None, monday, frozenset({date(2026, 3, 3)}))
    assert usual is not None
    assert away is not None
    assert (usual.day, away.day) == (3, 4)
    off(desk, TUESDAY)
    from sdr.desk.mending import setting_of

    setting = desk.store.read(setting_of, desk.clock()).result(10)
    assert setting.respond_by(None, ms(monday)) == ms(away)


def in_a_drip(desk: Desk) -> int:
    lead = desk.new_lead()
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
    return lead


def test_a_paused_drip_wakes_on_no_day_off(desk: Desk) -> None:
    """Tuesday is closed, and so is Monday next week, when a drip paused without a date asks whether to go on."""
    until, open_ended = in_a_drip(desk), desk.new_lead(email="bo@b.example", phone="+34600000002", name="Bo")
    desk.act(enroll, open_ended, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
    usual = at(desk.lead(open_ended).due_at or 0)
    desk.act(drip.pause, open_ended, None)
    asks = at(desk.lead(open_ended).due_at or 0)
    desk.act(drip.resume, open_ended)
    assert usual < asks
    off(desk, f"{asks:%Y-%m-%d}")
    off(desk, TUESDAY)
    desk.act(drip.pause, open_ended, None)
    assert at(desk.lead(open_ended).due_at or 0).date() > asks.date()
    desk.act(drip.pause, until, datetime(2026, 3, 3, 9, tzinfo=UTC))
    assert at(desk.lead(until).due_at or 0).day == 4


def test_a_gap_in_business_days_does_not_count_them(desk: Desk) -> None:
    lead = desk.new_lead()
    begin(desk.store, "touch", lead_id=lead, channel="call", at=ms(desk.clock()), rep_id=rep_of(desk))

    def free() -> int:
        gap = Length.parse("1bd")
        found = desk.store.read(spacing.free_from, desk.lead(lead), gap, desk.clock()).result(10)
        assert found is not None
        return found.day

    assert free() == 3
    off(desk, TUESDAY)
    assert free() == 4
    soon = desk.store.read(spacing.too_soon, desk.lead(lead), Length.parse("1bd"), desk.clock()).result(10)
    assert soon is not None
    assert "free again Wed" in soon.reason


def test_what_is_put_off_lands_on_none(desk: Desk) -> None:
    lead = in_a_drip(desk)
    off(desk, TUESDAY)
    moment = datetime(2026, 3, 3, 9, tzinfo=UTC)
    days = desk.store.read(workload.workdays, desk.clock()).result(10)
    step = workload.put_at(desk.lead(lead), None, moment, days)
    assert step is not None
    assert step.due_at.day == 4


def test_no_mail_leaves_on_one(desk: Desk) -> None:
    lead = desk.new_lead()
    message = begin(
        desk.store, "message", lead_id=lead, channel="email", text="x", address="ana@acme.example", state="ready",
        made_at=ms(desk.clock()),
    )  # fmt: skip

    def leaves() -> bool:
        one = desk.lead(lead)
        found = desk.store.read(messages.message, message).result(10)
        assert found is not None
        hours = desk.store.read(lambda db: sending_mail.hours_of(db, found, one, desk.clock())).result(10)
        return is_open(hours, desk.clock())

    assert leaves()
    off(desk, "2026-03-02")
    assert not leaves()


def test_a_no_for_now_sleeps_until_a_day_that_is_worked(desk: Desk) -> None:
    leads = [desk.new_lead(state="working", email=f"{n}@acme.example", phone=f"+3460000001{n}") for n in range(2)]
    desk.act(disqualify, leads[0], "not-this-year")
    usual = at(desk.lead(leads[0]).due_at or 0)
    off(desk, f"{usual:%Y-%m-%d}")
    desk.act(disqualify, leads[1], "not-this-year")
    assert at(desk.lead(leads[1]).due_at or 0).date() > usual.date()
