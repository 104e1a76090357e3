"""The report of sources: every rate with its evidence, every number with the rows behind it, no scan for one source."""

from __future__ import annotations

import pytest

from sdr.desk.handing_off import answer_handoff
from sdr.models.terms import ms
from sdr.store.queries import sources
from tests.desks import MONDAY, Desk, begin
from tests.handovers import executive, offered, qualified

DAY = 86_400_000


def closed(desk: Desk, count: int, **fields: object) -> None:
    """Leads that ended, or at least left the queue."""
    for number in range(count):
        desk.new_lead(name=f"P{number} {fields.get('state')}", email=None, **fields)


def stand(desk: Desk) -> int:
    """A source with 40 leads: 4 good, 20 rejected, 10 disqualified, 5 open, 1 merged."""
    source = desk.source(name="Hannover show")
    touched = {"first_touch_at": ms(MONDAY) + 38 * 60_000, "closed_at": ms(MONDAY)}
    over = {"next_kind": None, "due_at": None, "queue_band": None, "source_id": source}
    closed(desk, 4, **over, **touched, state="accepted")
    closed(desk, 12, **over, state="rejected", reason="duplicate", closed_at=ms(MONDAY))
    closed(desk, 8, **over, **touched, state="rejected", reason="wrong-market")
    closed(desk, 10, **over, **touched, state="disqualified", reason="no-need")
    closed(desk, 4, source_id=source)
    closed(desk, 1, source_id=source, grade="A2")
    survivor = desk.new_lead()
    closed(desk, 1, **over, state="merged", alias_of=survivor)
    return source


def test_a_line_says_what_was_delivered_and_what_came_of_it(desk: Desk) -> None:
    source = stand(desk)
    line = desk.store.read(sources.report_one, source).result(10)
    assert (line.delivered, line.still_open, line.merged) == (40, 5, 1)
    assert (line.touched.numerator, line.touched.denominator) == (22, 27)
    assert (line.qualified.numerator, line.qualified.denominator) == (4, 34)
    assert line.qualified.verdict == "early"  # 5 to 27 % cannot tell half of 20 % from its double
    assert line.rejected == (("duplicate", 12), ("wrong-market", 8))
    assert line.disqualified == (("no-need", 10),)
    assert (line.cost.outlay, line.cost.minor) == (40 * 10500, 105_000)
    assert line.lacks == ()
    assert desk.store.read(sources.pace, source).result(10) == sources.Pace(38, 1)


def test_every_number_opens_as_many_rows_as_it_says(desk: Desk) -> None:
    source = stand(desk)
    line = desk.store.read(sources.report_one, source).result(10)
    counts = {
        "delivered": line.delivered,
        "touched": line.touched.numerator,
        "untouched": line.touched.denominator - line.touched.numerator,
        "judged": line.qualified.denominator,
        "qualified": line.qualified.numerator,
        "open": line.still_open,
        "rejected": 20,
        "disqualified": 10,
        "merged": line.merged,
        "offered": 0,
        "accepted": 0,
        "rejected:duplicate": 12,
        "disqualified:no-need": 10,
        "rejected:none such": 0,
    }
    found = {which: len(desk.store.read(sources.rows_behind, source, which).result(10)) for which in counts}
    assert found == counts
    with pytest.raises(KeyError):
        desk.store.read(sources.rows_behind, source, "1=1").result(10)


def test_leads_without_a_source_are_a_row_of_their_own(desk: Desk) -> None:
    source = stand(desk)
    report = desk.store.read(sources.report).result(10)
    assert [(line.id, line.name, line.delivered) for line in report] == [
        (source, "Hannover show", 40),
        (None, "no source", 1),
    ]
    assert report[1].lacks == ("source",)
    assert len(desk.store.read(sources.rows_behind, None, "delivered").result(10)) == 1
    assert desk.store.read(sources.report_one, 99).result(10) is None


def test_what_was_never_agreed_is_said(desk: Desk) -> None:
    begin(desk.store, "source", name="list")
    [line] = desk.store.read(sources.report).result(10)
    assert line.lacks == ("price", "target")
    assert line.qualified.verdict is None
    assert (line.cost.is_loss, line.cost.outlay) == (True, 0)


def test_a_cohort_is_by_the_leads_own_time(desk: Desk) -> None:
    source = desk.source()
    closed(desk, 3, source_id=source, arrived_at=ms(MONDAY) - DAY)
    closed(desk, 2, source_id=source)
    [line] = desk.store.read(sources.report, ms(MONDAY), ms(MONDAY) + DAY).result(10)
    assert line.delivered == 2
    assert len(desk.store.read(sources.rows_behind, source, "delivered", 0, ms(MONDAY)).result(10)) == 3


def test_accepted_of_offered_and_what_touches_and_time_cost(desk: Desk) -> None:
    executive(desk)
    source = desk.source(cost_minor=1000)
    first = offered(desk, qualified(desk, source_id=source))
    offered(desk, qualified(desk, source_id=source, name="B B", email="b@b.example"))
    desk.act(answer_handoff, first.id, "accept")
    begin(desk.store, "touch", lead_id=first.lead_id, channel="letter", at=ms(MONDAY), cost_minor=150)
    begin(desk.store, "touch", lead_id=first.lead_id, channel="call", at=ms(MONDAY))
    line = desk.store.read(sources.report_one, source, hour_cost=6000).result(10)
    assert (line.accepted.numerator, line.accepted.denominator) == (1, 2)
    assert line.minutes == 5  # a letter 1, a call 4
    assert line.cost.outlay == 2 * 1000 + 150 + 500
    assert (line.cost.minor, line.cost_accepted.minor) == (1325, 2650)
    assert [len(desk.store.read(sources.rows_behind, source, w).result(10)) for w in ("offered", "accepted")] == [2, 1]


def test_a_source_that_is_not_worth_its_minutes_has_a_ceiling_below_nothing(desk: Desk) -> None:
    source = desk.source(cost_minor=0)
    for number in range(3):
        lead = desk.new_lead(name=f"N {number}", source_id=source, state="rejected", next_kind=None, due_at=None,
                             queue_band=None, reason="fake")  # fmt: skip
        begin(desk.store, "touch", lead_id=lead, channel="call", at=ms(MONDAY))
    line = desk.store.read(sources.report_one, source, hour_cost=6000).result(10)
    assert line.ceiling < 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: sources.report_one(db, 1),
        lambda db: sources.pace(db, 1),
        *(lambda db, w=which: sources.rows_behind(db, 1, w) for which in sources.BEHIND),
    ],
)
def test_no_question_about_one_source_scans_the_leads(desk: Desk, ask) -> None:
    desk.source()

    class Watched:
        def __init__(self, db: object) -> None:
            self.db, self.plans = db, []

        def execute(self, sql: str, args: object = ()) -> object:
            plan = self.db.execute(f"EXPLAIN QUERY PLAN {sql}", args).fetchall()
            self.plans += [row[3] for row in plan]
            return self.db.execute(sql, args)

    def run(db: object) -> list[str]:
        watched = Watched(db)
        ask(watched)
        return watched.plans

    plans = desk.store.read(run).result(10)
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN lead")] == []
