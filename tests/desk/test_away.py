"""Time off on a real file: covered or waiting, one act, and no wall of overdue at the return."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from sdr.desk.away import away, cancel, come_back, day_meant, planned
from sdr.desk.calling import call
from sdr.desk.catching_up import catch_up, overdue
from sdr.desk.drip import touch
from sdr.desk.enrolling import enroll, enroll_many
from sdr.desk.triage import accept, nurture
from sdr.models.terms import NextKind, Refused, at, ms
from sdr.rules.capacity import USUAL_PACE
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import absences, playbook
from tests.desk.calls import assert_journal_holds, table
from tests.desk.test_enrolling import calls_a_day, days_of, people, standard
from tests.desks import Desk, begin, dump, write

# The clock stands on Monday 2 March 2026, 10:00 in Madrid; the week off is the one after.
OFF = (date(2026, 3, 9), date(2026, 3, 13))
BACK = date(2026, 3, 16)


def bea(desk: Desk) -> int:
    return begin(desk.store, "rep", name="Bea", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")


def refused(desk: Desk, *args: object) -> Refused:
    before = dump(desk.store)
    done = desk.try_(*args)  # type: ignore[arg-type]
    assert isinstance(done, Refused), done
    assert dump(desk.store) == before
    return done


def working(desk: Desk, count: int) -> list[int]:
    """So many leads in the drip, whose second touch is due in the week off."""
    found = people(desk, count)
    desk.act(enroll_many, found, standard(desk))
    for lead in found:
        desk.clock.now = max(desk.clock.now, at(desk.lead(lead).due_at or 0))
        write(desk.store, Edit.set("lead", lead, due_at=ms(datetime(2026, 3, 10, 8, tzinfo=UTC))))
    desk.clock.now = datetime(2026, 3, 6, 16, tzinfo=UTC)
    return found


def test_without_cover_what_is_due_waits_behind_the_return_spread_over_days(desk: Desk) -> None:
    calls_a_day(desk, 4)
    found = working(desk, 10)
    later = desk.new_lead(name="Later", email="later@l.example", phone="+34600000077")
    desk.act(enroll, later, standard(desk), at_step=8)
    write(desk.store, Edit.set("lead", later, due_at=ms(datetime(2026, 4, 7, 8, tzinfo=UTC))))
    before = dump(desk.store)
    done = desk.act(away, *OFF, None)
    assert done.summary == "away Mon 9 Mar to Fri 13 Mar, back Mon 16 Mar: 10 touches moved behind it, 10 drips paused"
    days = days_of(desk)
    days.pop(date(2026, 4, 7))
    assert days == {BACK: 4, BACK + timedelta(1): 4, BACK + timedelta(2): 2}
    states = {one.lead_id: (one.state, one.paused_until) for one in table(desk, rows.Enrollment, "enrollment")}
    midnight = ms(datetime(2026, 3, 15, 23, tzinfo=UTC))  # of Monday, in Madrid
    assert {states[lead] for lead in found} == {("paused", midnight)}
    assert states[later] == ("active", None)
    assert_journal_holds(desk)
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_back_the_drips_run_by_themselves(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(enroll, lead, standard(desk), at_step=2)
    desk.clock.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    desk.act(away, *OFF, None)
    no = desk.try_(touch, lead, None)
    assert isinstance(no, Refused)
    assert no.rule == "drip.paused"
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    assert desk.clock.now.date() == BACK
    desk.act(touch, lead, None)
    assert table(desk, rows.Enrollment, "enrollment")[0].state == "active"


def test_what_is_overdue_when_it_begins_goes_with_it(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(enroll, lead, standard(desk))
    desk.clock.now = datetime(2026, 3, 5, 10, tzinfo=UTC)  # three days late
    desk.act(away, date(2026, 3, 5), date(2026, 3, 6), None)
    assert at(desk.lead(lead).due_at or 0).date() == date(2026, 3, 9)


def test_the_weekend_and_the_holiday_behind_it_count_to_the_return(desk: Desk) -> None:
    plan = desk.store.read(planned, date(2026, 3, 30), date(2026, 4, 2), None, desk.clock()).result(10)
    assert not isinstance(plan, Refused)
    assert plan.returns == date(2026, 4, 6)  # Good Friday in between


def test_promises_stay_and_are_named(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    promised = datetime(2026, 3, 10, 14, 30, tzinfo=UTC)
    desk.act(call, lead, "callback", next_at=promised)
    plan = desk.store.read(planned, *OFF, None, desk.clock()).result(10)
    assert not isinstance(plan, Refused)
    assert [one.id for one in plan.promises] == [lead]
    done = desk.act(away, *OFF, None)
    assert done.summary.endswith("1 promise stays")
    assert desk.lead(lead).due_at == ms(promised)


def test_a_sleeper_wakes_after_the_return(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(nurture, lead, datetime(2026, 3, 11, 9, tzinfo=UTC))
    desk.act(away, *OFF, None)
    assert (desk.lead(lead).next_kind, at(desk.lead(lead).due_at or 0).date()) == ("wake", BACK)


def test_clocks_that_would_run_out_meanwhile_wait_and_those_of_new_leads_do_not_run(desk: Desk) -> None:
    from sdr.desk.steps import days_off, respond_by

    source = desk.source(name="web", type="hand-raiser", respond_for="2bd")
    friday = ms(datetime(2026, 3, 6, 9, tzinfo=UTC))
    lead = desk.new_lead(
        source_id=source, arrived_at=friday, respond_by=ms(datetime(2026, 3, 10, 9, tzinfo=UTC)), queue_band=0,
        due_at=ms(datetime(2026, 3, 10, 9, tzinfo=UTC)),
    )  # fmt: skip
    desk.clock.now = datetime(2026, 3, 6, 15, tzinfo=UTC)
    desk.act(away, *OFF, None)
    tuesday = datetime(2026, 3, 17, 9, tzinfo=UTC)
    assert (desk.lead(lead).respond_by, desk.lead(lead).due_at) == (ms(tuesday), ms(tuesday))
    arrived = datetime(2026, 3, 11, 9, tzinfo=UTC)

    def clock_of(db: object) -> datetime | None:
        row = rows.Source(*db.execute("SELECT * FROM source").fetchone())  # type: ignore[attr-defined]
        rep = playbook.rep(db)  # type: ignore[arg-type]
        return respond_by(rep, row, arrived, days_off(db, rep.id, arrived))  # type: ignore[arg-type]

    due = desk.store.read(clock_of).result(10)
    assert due is not None
    assert due.astimezone(UTC) > datetime(2026, 3, 16, 8, tzinfo=UTC)


def test_a_colleague_covers_and_it_comes_back(desk: Desk) -> None:
    found = working(desk, 3)
    kept = desk.new_lead(name="Kept", email="kept@k.example", phone="+34600000077")
    colleague = bea(desk)
    mine = desk.lead(found[0]).owner_id
    before = dump(desk.store)
    done = desk.act(away, *OFF, colleague)
    assert done.summary == "away Mon 9 Mar to Fri 13 Mar, back Mon 16 Mar: 3 leads with Bea meanwhile"
    assert {desk.lead(lead).owner_id for lead in found} == {colleague}
    assert desk.lead(kept).owner_id == mine
    assert {one.state for one in table(desk, rows.Enrollment, "enrollment")} == {"active"}
    told = table(desk, rows.Event, "event", "kind='covered'")
    assert {one.text for one in told} == {"with Bea until Mon 16 Mar, then back to Ana"}
    assert refused(desk, come_back).rule == "away.none"  # not yet
    desk.clock.now = datetime(2026, 3, 16, 8, tzinfo=UTC)
    again = desk.act(come_back)
    assert again.summary == "back: 3 leads given back, 3 touches planned anew"
    assert {desk.lead(lead).owner_id for lead in found} == {mine}
    assert {at(desk.lead(lead).due_at or 0).date() for lead in found} == {BACK}  # nobody had called them
    assert refused(desk, come_back).rule == "away.none"
    assert_journal_holds(desk)
    for _ in range(2):
        desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_what_the_colleague_was_given_for_good_stays_theirs(desk: Desk) -> None:
    from sdr.desk.triage import give

    found, colleague = working(desk, 2), bea(desk)
    third = begin(desk.store, "rep", name="Cy", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
    desk.act(away, *OFF, colleague)
    desk.act(give, found[0], third)
    desk.clock.now = datetime(2026, 3, 16, 8, tzinfo=UTC)
    desk.act(come_back)
    assert desk.lead(found[0]).owner_id == third
    assert desk.lead(found[1]).owner_id not in (third, colleague)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("covered", [False, True])
def test_called_off_it_comes_back_at_once(desk: Desk, covered: bool, begun: bool) -> None:
    found, colleague = working(desk, 2), bea(desk)
    mine = desk.lead(found[0]).owner_id
    desk.act(away, *OFF, colleague if covered else None)
    [held] = table(desk, rows.Absence, "absence")
    if begun:
        desk.clock.now = datetime(2026, 3, 11, 8, tzinfo=UTC)
    desk.act(cancel, held.id)
    assert {desk.lead(lead).owner_id for lead in found} == {mine}
    assert {one.state for one in table(desk, rows.Enrollment, "enrollment")} == {"active"}
    left = table(desk, rows.Absence, "absence")
    assert [one.to_day for one in left] == (["2026-03-10"] if begun else [])
    if not covered or begun:  # what was moved, or is overdue with the colleague, is planned from today
        assert {at(desk.lead(lead).due_at or 0).date() for lead in found} <= {
            desk.clock().date(), desk.clock().date() + timedelta(3)
        }  # fmt: skip
    assert refused(desk, cancel, held.id).rule == "away.unknown"


@pytest.mark.parametrize(
    ("days", "rule"),
    [
        ((OFF[1], OFF[0]), "away.days"),
        ((date(2026, 2, 2), date(2026, 2, 6)), "away.past"),
        ((date(2026, 3, 9), date(2027, 3, 10)), "away.long"),
        ((date(2026, 3, 12), date(2026, 3, 20)), "away.twice"),
    ],
)
def test_days_that_cannot_be(desk: Desk, days: tuple[date, date], rule: str) -> None:
    desk.act(away, *OFF, None)
    assert refused(desk, away, *days, None).rule == rule


def test_who_cannot_cover(desk: Desk) -> None:
    me, colleague = desk.store.read(playbook.rep).result(10).id, bea(desk)
    begin(desk.store, "absence", rep_id=colleague, from_day="2026-03-13", to_day="2026-03-20", made_at=1)
    for wrong, words in ((me, "yourself"), (12345, "no such rep"), (colleague, "Bea is away too, until Fri 20 Mar")):
        no = refused(desk, away, *OFF, wrong)
        assert (no.rule, words in no.reason) == ("away.cover", True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-14", date(2026, 3, 14)), ("tomorrow", date(2026, 3, 3)), ("sat", date(2026, 3, 7)),
        ("today", date(2026, 3, 2)), ("2025-01-01", date(2025, 1, 1)), ("soon", None), ("", None),
    ],
)  # fmt: skip
def test_days_as_typed(desk: Desk, text: str, day: date | None) -> None:
    assert day_meant(text, desk.clock(), "Europe/Madrid") == day


def test_a_week_away_and_back_to_a_sane_queue(desk: Desk) -> None:
    """Sixty leads in the drip at a pace of ten calls a day: no day after the return holds more than fits."""
    calls_a_day(desk, 10)
    found = people(desk, 60)
    desk.act(enroll_many, found, standard(desk))
    for day in range(2, 7):  # a working week: whatever is due is done
        desk.clock.now = datetime(2026, 3, day, 15, tzinfo=UTC)
        for lead in found:
            now = desk.lead(lead)
            if (now.due_at or 0) <= ms(desk.clock()):
                _done(desk, lead, now.next_kind or "")
    desk.act(away, *OFF, None)
    asleep = [desk.lead(lead) for lead in found]
    assert all((one.due_at or 0) >= ms(datetime(2026, 3, 16, tzinfo=UTC)) - 3_600_000 for one in asleep)
    desk.clock.now = datetime(2026, 3, 16, 8, tzinfo=UTC)
    minutes: Counter[date] = Counter()
    for lead in found:
        now = desk.lead(lead)
        assert (now.due_at or 0) >= ms(datetime(2026, 3, 15, 23, tzinfo=UTC))  # nothing is overdue
        minutes[at(now.due_at or 0, "Europe/Madrid").date()] += USUAL_PACE.minutes_of(NextKind(now.next_kind or ""))
    assert max(minutes.values()) <= 40
    off = desk.store.read(absences.closed_days, None, *OFF).result(10)
    assert not off  # of the company: the days are the rep's alone


def _done(desk: Desk, lead: int, kind: str) -> None:
    if kind == "call":
        desk.act(call, lead, "no-answer")
    else:
        desk.act(touch, lead, None, text="I saw your new line in Vigo.")


def test_what_was_left_undone_before_it_is_all_that_is_overdue_at_the_return_and_one_plan_spreads_it(
    desk: Desk,
) -> None:
    """The rep says when: by Z, or on the marked ones by z 8 (product.md 3.6); nothing moves by itself."""
    calls_a_day(desk, 4)
    undone = people(desk, 6)
    desk.act(enroll_many, undone, standard(desk))
    meanwhile = [
        desk.new_lead(name=f"Due {n}", email=f"due{n}@d{n}.example", phone=f"+3491000000{n}") for n in range(3)
    ]
    desk.act(enroll_many, meanwhile, standard(desk))
    for lead in meanwhile:
        write(desk.store, Edit.set("lead", lead, due_at=ms(datetime(2026, 3, 10, 8, tzinfo=UTC))))
    desk.clock.now = datetime(2026, 3, 6, 16, tzinfo=UTC)  # Friday evening, for the week to come
    desk.act(away, *OFF, None)
    desk.clock.now = datetime(2026, 3, 16, 8, tzinfo=UTC)
    late = desk.store.read(overdue, desk.clock()).result(10)
    assert set(late) == set(undone)
    desk.act(catch_up, late)
    assert max(days_of(desk).values()) <= 4
    assert desk.store.read(overdue, desk.clock()).result(10) == ()
