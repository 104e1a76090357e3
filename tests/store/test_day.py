"""The day's end: four lists that say what is left, and the counts of what was done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sdr.desk.delivering import Delivered, record_delivery
from sdr.desk.handing_off import answer_handoff
from sdr.desk.triage import nurture, reject
from sdr.models.terms import Refused, ms
from sdr.store import rebuilding
from sdr.store.queries import day, deliveries
from sdr.store.session import Reader
from tests.desks import MONDAY, Desk, begin, dump, steps
from tests.handovers import executive, offered

MINUTE = 60_000
START = ms(MONDAY) - 9 * 60 * MINUTE
END = START + 24 * 60 * MINUTE
EVENING = START + 18 * 60 * MINUTE


def summary(desk: Desk, now: int = EVENING) -> day.Summary:
    return desk.store.read(day.summary, START, END, now).result(10)


def call(desk: Desk, lead: int, outcome: str, contact: str, at: int = ms(MONDAY)) -> int:
    touch = begin(desk.store, "touch", lead_id=lead, channel="call", at=at, outcome=outcome)
    begin(desk.store, "call", touch_id=touch, lead_id=lead, outcome=outcome, contact=contact, at=at)
    return touch


def test_a_quiet_desk_has_nothing_left(desk: Desk) -> None:
    found = summary(desk)
    assert (found.left, found.best, found.worst) == (0, None, None)
    assert found.counts == day.Counts(0, 0, 0, 0, 0, 0)


def test_untouched_leads_past_their_clock_are_left_until_a_verdict(desk: Desk) -> None:
    late = desk.new_lead(name="Chen, Li", respond_by=EVENING - 41 * MINUTE)
    desk.new_lead(name="In time", respond_by=EVENING + MINUTE)
    desk.new_lead(name="Touched", respond_by=EVENING - MINUTE, first_touch_at=EVENING - MINUTE)
    found = summary(desk).untouched
    assert found.ids == (late,)
    assert (found.first[0].name, found.first[0].at) == ("Chen, Li", EVENING - 41 * MINUTE)
    desk.act(reject, late, "fake")
    assert summary(desk).untouched.ids == ()


def test_a_lead_put_to_sleep_is_not_left(desk: Desk) -> None:
    late = desk.new_lead(respond_by=EVENING - MINUTE)
    desk.store.write(nurture, late, MONDAY.replace(month=9), MONDAY).result(10)
    assert summary(desk).left == 0


def test_broken_promises_are_left_once_each(desk: Desk) -> None:
    lead = desk.new_lead(state="talking", next_kind="promise", queue_band=1, due_at=EVENING - MINUTE)
    other = desk.new_lead(name="B", state="talking", next_kind="promise", queue_band=1, due_at=EVENING - 2 * MINUTE)
    for due, kept in ((EVENING - MINUTE, None), (EVENING - 5 * MINUTE, None), (EVENING + MINUTE, None)):
        begin(desk.store, "promise", lead_id=lead, kind="callback", due_at=due, made_at=START, zone="UTC", kept_at=kept)
    begin(desk.store, "promise", lead_id=desk.new_lead(name="C"), kind="callback", due_at=EVENING - MINUTE,
          made_at=START, zone="UTC", kept_at=EVENING)  # fmt: skip
    assert summary(desk).promises.ids == (lead, other)


def test_handoffs_are_left_until_they_are_answered(desk: Desk) -> None:
    executive(desk)
    handoff = offered(desk)
    found = summary(desk)
    assert found.unanswered.ids == (handoff.lead_id,)
    assert (found.counts.handed_off, found.counts.qualified) == (1, 1)
    desk.act(answer_handoff, handoff.id, "accept")
    assert summary(desk).unanswered.ids == ()


def test_what_did_not_go_out_yesterday_is_left_and_today_is_not(desk: Desk) -> None:
    lead = desk.new_lead()
    old = call(desk, lead, "no-answer", "attempt", START - 60 * MINUTE)
    call(desk, lead, "no-answer", "attempt")
    call(desk, desk.new_lead(name="Long ago"), "no-answer", "attempt", START - 8 * 24 * 60 * MINUTE)
    assert summary(desk).unsynced.ids == (lead,)
    desk.act(record_delivery, "2026-03-02", [Delivered("touch", old, "x")])
    assert summary(desk).unsynced.ids == ()
    refused = call(desk, lead, "busy", "attempt", ms(MONDAY) - MINUTE)  # before the export that left it out
    assert summary(desk).unsynced.ids == (lead,)
    desk.clock.pass_(hours=1)
    desk.act(record_delivery, "2026-03-02", [Delivered("touch", refused, "x")])
    assert summary(desk).unsynced.ids == (lead,)  # the other call of today was before this export too


def test_counts_are_of_the_day_alone(desk: Desk) -> None:
    lead = desk.new_lead()
    call(desk, lead, "no-answer", "attempt")
    call(desk, lead, "qualified", "conversation")
    call(desk, lead, "qualified", "conversation", END)
    for channel, at, skipped in (("email", START, 0), ("email", START, 1), ("letter", END - 1, 0), ("email", END, 0)):
        begin(desk.store, "touch", lead_id=lead, channel=channel, at=at, skipped=skipped)
    assert summary(desk).counts == day.Counts(calls=2, talks=1, qualified=1, handed_off=0, mails=1, letters=1)


@pytest.mark.parametrize("end", [EVENING, EVENING + 20 * MINUTE, END])
def test_a_day_that_is_over_is_told_by_counts_as_by_its_lists(desk: Desk, end: int) -> None:
    for number, due in enumerate((START, EVENING - MINUTE, EVENING, EVENING + 10 * MINUTE, END - 1, END)):
        desk.new_lead(name=f"Clock {number}", respond_by=due)
        desk.new_lead(name=f"Touched {number}", respond_by=due, first_touch_at=START)
    desk.new_lead(name="No clock")
    waits = desk.new_lead(name="Promised", state="talking", next_kind="promise", queue_band=1, due_at=START)
    for due in (START, EVENING):
        begin(desk.store, "promise", lead_id=waits, kind="callback", due_at=due, made_at=START, zone="UTC")
    executive(desk)
    offered(desk)
    lists = summary(desk, end)
    assert desk.store.read(day.closing, START, end).result(10).remaining == lists.remaining
    assert lists.remaining == day.Remaining(len(lists.untouched.ids), 1, 1)
    assert lists.remaining.untouched >= 2


def test_the_end_of_a_day_costs_what_was_done_in_it(desk: Desk) -> None:
    exported: dict[str, Callable[[Reader], object]] = {
        "closing": lambda db: day.closing(db, START, END),
        "handoffs": lambda db: deliveries.handoff_ids(db, "2026-03-02", START, END),
        "touches": lambda db: list(deliveries.activity(db, "2026-03-02", START, END)),
    }
    for name, read in exported.items():
        found = steps(desk, read)
        big = ("lead", "touch", "call", "handoff", "promise", "delivery", "tally_clock")
        assert not [step for step in found if step.startswith(tuple(f"SCAN {table}" for table in big))], name
        # Neither every waiting lead, nor everything that ever went out.
        assert not [step for step in found if "lead_unanswered (respond_by<?)" in step], name
        assert not [step for step in found if step.endswith("delivery_one (kind=?)")], name
        assert not [step for step in found if "promise_due" in step], name
    assert "USE TEMP B-TREE FOR ORDER BY" not in _of_the_day(steps(desk, exported["touches"]))
    assert any("handoff_moved (<expr>>?)" in step for step in steps(desk, exported["handoffs"]))


def _of_the_day(found: list[str]) -> list[str]:
    """The steps by which the touches of the day themselves are read."""
    first = next(place for place, step in enumerate(found) if "touch_at (at>? AND at<?)" in step)
    last = next(place for place, step in enumerate(found) if place > first and step.startswith("SEARCH touch"))
    return found[first:last]


def test_a_lead_that_qualified_on_the_phone_and_was_handed_off_counts_once(desk: Desk) -> None:
    executive(desk)
    handoff = offered(desk)
    assert summary(desk).counts.qualified == 1
    for at in (START, START + MINUTE, END):
        call(desk, handoff.lead_id, "qualified", "conversation", at)
    call(desk, desk.new_lead(name="By phone"), "qualified", "conversation")
    assert (summary(desk).counts.qualified, summary(desk).counts.handed_off) == (2, 1)


def test_the_best_source_is_that_whose_talks_qualified_and_the_worst_the_one_that_took_most(desk: Desk) -> None:
    for name, talks, good in (("webinar", 2, 2), ("list", 3, 0), ("show", 2, 1), ("fair", 1, 0)):
        source = desk.source(name=name)
        for number in range(talks):
            lead = desk.new_lead(name=f"{name} {number}", source_id=source)
            call(desk, lead, "no-answer", "attempt")
            call(desk, lead, "qualified" if number < good else "not-now", "conversation")
    found = summary(desk)
    assert (found.best, found.worst) == (day.SourceDay("webinar", 2, 2), day.SourceDay("list", 0, 3))


def test_what_went_out_is_noted_once_and_undo_passes_over_it(desk: Desk) -> None:
    lead = desk.new_lead()
    before = dump(desk.store)
    desk.act(record_delivery, "2026-03-02", [Delivered("touch", 5, "a"), Delivered("handoff", 5, "b")])
    assert isinstance(desk.try_(record_delivery, "2026-03-02", [Delivered("touch", 5, "a")]), Refused)
    desk.act(record_delivery, "2026-03-02", [Delivered("touch", 5, "c")])
    desk.act(record_delivery, "2026-03-03", [Delivered("touch", 5, "c")])
    rows = dump(desk.store)["delivery"]
    assert sorted(row[1:5] for row in rows) == [
        ("handoff", 5, "2026-03-02", "b"), ("touch", 5, "2026-03-02", "c"), ("touch", 5, "2026-03-03", "c"),
    ]  # fmt: skip
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
    desk.store.undo().result(10)
    assert (
        desk.store.read(lambda db: db.execute("SELECT 1 FROM lead WHERE id=?", (lead,)).fetchone()).result(10) is None
    )
    assert dump(desk.store)["delivery"] == rows
    assert before["delivery"] == []


@pytest.mark.parametrize("name", day.LISTS)
def test_no_list_scans_the_leads(desk: Desk, name: str) -> None:
    args = {"now": EVENING, "since": START, "sent": START}
    sql = day.LISTS[name]
    named = {key: value for key, value in args.items() if f":{key}" in sql}
    plan = desk.store.read(lambda db: db.execute(f"EXPLAIN QUERY PLAN {sql}", named).fetchall()).result(10)
    assert plan
    assert [row[3] for row in plan if row[3].startswith("SCAN lead")] == []
    if name == "untouched":  # after a bought list these are as many as the list
        assert [row[3] for row in plan if "lead" in row[3]] == [
            "SEARCH lead USING COVERING INDEX lead_unanswered (respond_by<?)"
        ]
