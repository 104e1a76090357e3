"""Into a drip on a real file: dates shown are dates kept, one drip a person, touches apart, days not overfull."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from sdr.desk import bulk
from sdr.desk.cadences import load_cadence
from sdr.desk.drip import pause, pause_all, resume_all, skip, stop, touch
from sdr.desk.enrolling import Many, Preview, enroll, enroll_many, preview, preview_many
from sdr.desk.triage import accept, nurture
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.changes import Applied
from sdr.store.queries import enrolled, playbook
from tests.desk.calls import in_state, table
from tests.desks import Desk, begin, dump, write

LADDER = """
name = "No-contact ladder"
version = 1
product = "pumps"
[[step]]
name = "First"
channel = "call"
delay = "1d"
[[step]]
name = "Second"
channel = "call"
delay = "3d"
[[step]]
name = "Third"
channel = "call"
delay = "6d"
"""
VALVES = LADDER.replace("No-contact ladder", "Valves").replace("pumps", "valves")
FRIDAY, SATURDAY = datetime(2026, 3, 6, 9, tzinfo=UTC), datetime(2026, 3, 7, 12, tzinfo=UTC)


def standard(desk: Desk) -> int:
    return desk.store.read(playbook.cadence).result(10)[0]


def loaded(desk: Desk, text: str) -> int:
    desk.act(load_cadence, text)
    return max(one.id for one in desk.store.read(playbook.cadences).result(10))


def people(desk: Desk, count: int, **fields: object) -> list[int]:
    """So many leads who are all somebody else."""
    return [
        desk.new_lead(name=f"Lead {n}", email=f"lead{n}@firm{n}.example", phone=f"+346{n:08}", **fields)
        for n in range(count)
    ]


def refused(desk: Desk, *args: object, **more: object) -> Refused:
    before = dump(desk.store)
    done = desk.try_(*args, **more)  # type: ignore[arg-type]
    assert isinstance(done, Refused), done
    assert dump(desk.store) == before
    return done


def shown(desk: Desk, lead: int, cadence: int, **more: object) -> Preview:
    found = desk.store.read(preview, lead, cadence, desk.clock(), **more).result(10)
    assert isinstance(found, Preview), found
    return found


def days_of(desk: Desk) -> Counter[date]:
    """How many first touches stand on which of the rep's days."""
    return Counter(at(one.due_at, "Europe/Madrid").date() for one in table(desk, rows.Lead, "lead", "due_at > 0"))


# --- the dates ---------------------------------------------------------------------------------------------------


def test_the_ladder_on_real_days_weekends_moved(desk: Desk) -> None:
    desk.clock.now = FRIDAY
    found = shown(desk, desk.new_lead(), loaded(desk, LADDER))
    assert [f"{one.due_at:%a %d %b %H:%M}" for one in found.dates] == [
        "Mon 09 Mar 09:00", "Thu 12 Mar 09:00", "Wed 18 Mar 09:00",
    ]  # fmt: skip
    assert found.dates[0].moved_from is not None


def test_enrolled_on_a_saturday_the_first_step_waits_for_monday(desk: Desk) -> None:
    desk.clock.now = SATURDAY
    lead = desk.new_lead()
    assert f"{shown(desk, lead, standard(desk)).dates[0].due_at:%a %H:%M}" == "Mon 09:00"
    desk.act(enroll, lead, standard(desk))
    assert at(desk.lead(lead).due_at or 0) == datetime(2026, 3, 9, 8, tzinfo=UTC)


def test_what_is_shown_is_what_happens(desk: Desk) -> None:
    lead, cadence = desk.new_lead(), loaded(desk, LADDER)
    dates = [ms(one.due_at) for one in shown(desk, lead, cadence).dates]
    desk.act(enroll, lead, cadence)
    kept = []
    for _ in dates:
        kept.append(desk.lead(lead).due_at)
        desk.clock.now = at(kept[-1] or 0)
        desk.act(skip, lead, "other")
    assert kept == dates


def test_steps_that_cannot_reach_the_lead_are_named(desk: Desk) -> None:
    found = shown(desk, desk.new_lead(email=None), standard(desk))
    assert found.passed == ("Mail: why I called", "Mail: a case like theirs", "Mail: shall I close your file?")
    assert len(found.dates) == 5


def test_a_preview_says_no_where_enrolling_does(desk: Desk) -> None:
    lead = in_state(desk, "offered")
    found = desk.store.read(preview, lead, standard(desk), desk.clock()).result(10)
    assert isinstance(found, Refused)
    assert found.rule == refused(desk, enroll, lead, standard(desk)).rule == "handoff.offered"


# --- again, and at any step -------------------------------------------------------------------------------------------


def test_again_at_any_step_with_its_history(desk: Desk) -> None:
    lead, cadence = desk.new_lead(), standard(desk)
    desk.act(enroll, lead, cadence, at_step=2)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    desk.act(touch, lead, None)
    assert refused(desk, enroll, lead, cadence).rule == "drip.same"
    assert refused(desk, enroll, lead, cadence, at_step=3).rule == "drip.same"  # there it is
    desk.act(enroll, lead, cadence, at_step=6)
    assert (desk.lead(lead).touch_no, desk.lead(lead).next_note) == (6, "Third call, morning")
    desk.act(stop, lead)
    desk.act(enroll, lead, cadence)
    assert desk.lead(lead).touch_no == 1
    assert [one.state for one in table(desk, rows.Enrollment, "enrollment")] == ["stopped", "stopped", "active"]
    assert [one.step_no for one in table(desk, rows.Touch, "touch")] == [2]


# --- one drip a person --------------------------------------------------------------------------------------------


def test_another_product_line_is_refused_by_name_and_date_the_same_one_moves_over(desk: Desk) -> None:
    lead, pumps, valves = desk.new_lead(), loaded(desk, LADDER), loaded(desk, VALVES)
    desk.act(enroll, lead, pumps)
    desk.clock.pass_(days=1)
    no = refused(desk, enroll, lead, valves)
    assert (no.rule, "No-contact ladder” (pumps) since 2 Mar 2026" in no.reason) == ("drip.product", True)
    other = loaded(desk, LADDER.replace("No-contact ladder", "Pumps, short"))
    desk.act(enroll, lead, other)
    assert [one.product for one in table(desk, rows.Enrollment, "enrollment")] == ["pumps", "pumps"]
    desk.act(stop, lead)
    desk.act(enroll, lead, valves)  # nothing runs any more


@pytest.mark.parametrize(
    "twin", [{"email": "ana@acme.example"}, {"email": "x@y.example", "email_2": "ana@acme.example"}]
)
def test_a_person_with_two_records_counts_once(desk: Desk, twin: dict[str, object]) -> None:
    cadence = standard(desk)
    desk.act(enroll, desk.new_lead(source_id=desk.source(name="Hannover")), cadence)
    no = refused(desk, enroll, desk.new_lead(**twin), cadence)
    assert no.rule == "drip.elsewhere"
    assert "same address as “Ana Ruiz” (Hannover), in “Standard drip” since 2 Mar 2026; merge" in no.reason
    assert refused(desk, enroll, desk.new_lead(**twin), loaded(desk, VALVES)).rule == "drip.elsewhere"


@pytest.mark.parametrize("how", ["running", "paused"])
def test_accepting_another_record_of_somebody_in_a_drip_is_refused_by_name(desk: Desk, how: str) -> None:
    first = desk.new_lead(name="Ana R.", source_id=desk.source(name="Hannover"))
    desk.act(accept, first)
    if how == "paused":
        desk.act(pause, first, None)
    other = desk.new_lead(email="x@y.example", email_2="ana@acme.example")
    before = dump(desk.store)
    no = refused(desk, accept, other)
    assert (no.rule, no.hint) == ("drip.elsewhere", f"sdr merge {first} {other}")
    assert no.reason == "same address as “Ana R.” (Hannover), in “Standard drip” since 2 Mar 2026; merge them (m)"
    assert dump(desk.store) == before
    desk.act(nurture, first, desk.clock() + timedelta(days=90))  # its drip ends with that
    desk.act(accept, other)


def test_two_people_at_an_office_address_may_both_be_in_a_drip(desk: Desk) -> None:
    office = {"email": "info@acme.example", "phone": ""}
    desk.act(accept, desk.new_lead(**office))
    desk.act(accept, desk.new_lead(**office, name="Ben Okafor"))
    assert refused(desk, accept, desk.new_lead(**office, name="BEN  okafor")).rule == "drip.elsewhere"


def test_a_persons_records_are_found_by_index(desk: Desk) -> None:
    lead = desk.lead(desk.new_lead(email="info@acme.example", email_2="ana@acme.example"))
    heard: list[str] = []

    class Ear:
        def __init__(self, db) -> None:
            self.db = db

        def execute(self, sql, args=()):
            heard.extend(row[3] for row in self.db.execute(f"EXPLAIN QUERY PLAN {sql}", args))
            return self.db.execute(sql, args)

    found = desk.store.read(lambda db: enrolled.same_person(Ear(db), lead, by_phone=True)).result(10)
    assert found == (lead.id,)
    assert heard
    assert not [step for step in heard if step.startswith("SCAN lead")]


def test_two_records_of_one_person_accepted_together_are_accepted_once(desk: Desk) -> None:
    found = [desk.new_lead(), desk.new_lead(), desk.new_lead(email="ben@b.example")]
    now = desk.clock()
    [done] = desk.store.write_many(lambda session: bulk.many(session, found, accept, (), now)).result(10)
    assert isinstance(done, Applied)
    assert done.summary == "accept: 2 leads, 1 refused"
    [(_, why)] = desk.store.read(bulk.preview, found[1:2], accept, (), desk.clock()).result(10).refused
    assert "merge them (m)" in why


def test_a_closed_twin_is_nobodys_hindrance(desk: Desk) -> None:
    twin = desk.new_lead()
    desk.act(enroll, twin, standard(desk))
    desk.act(nurture, twin, desk.clock() + timedelta(days=90))  # its drip ends with that
    desk.act(enroll, desk.new_lead(), standard(desk))


# --- touches apart -----------------------------------------------------------------------------------------------


def touched(desk: Desk, lead: int, when: datetime, **fields: object) -> None:
    """A touch of a lead at some time, by the rep unless said."""
    given: dict[str, object] = {"channel": "linkedin", "rep_id": desk.lead(lead).owner_id}
    begin(desk.store, "touch", lead_id=lead, at=ms(when), human=1, outcome="done", **(given | fields))


@pytest.mark.parametrize(
    "as_", [{}, {"email": "other@acme.example"}, {"phone": "+34600000009"}, {"alias": True}]
)  # the same address, the same mobile number, or merged
def test_the_first_touch_waits_for_the_gap_after_anybodys(desk: Desk, as_: dict[str, object]) -> None:
    lead = desk.new_lead()
    if as_.pop("alias", False):
        twin = desk.new_lead(state="merged", alias_of=lead, email=None, phone="", next_kind=None, due_at=None,
                             queue_band=None, closed_at=1)  # fmt: skip
    else:
        twin = desk.new_lead(name="A. Ruiz", **as_)
    touched(desk, twin, desk.clock() - timedelta(hours=1))
    desk.act(enroll, lead, standard(desk))
    assert desk.lead(lead).due_at == ms(desk.clock() + timedelta(hours=3))  # four after it


@pytest.mark.parametrize(
    ("twin", "hours"),
    [
        ({"email": "b@firm.example", "phone": "+34910000000"}, 1),  # somebody else
        ({"name": "Bo Diaz", "email": "b@firm.example", "phone_type": "fixed"}, 1),  # the firm's line
        ({}, 4),  # long enough ago
    ],
)
def test_what_is_no_hindrance(desk: Desk, twin: dict[str, object], hours: int) -> None:
    lead = desk.new_lead()
    touched(desk, desk.new_lead(**twin), desk.clock() - timedelta(hours=hours))
    desk.act(enroll, lead, standard(desk))
    assert desk.lead(lead).due_at == ms(desk.clock())


def test_doing_a_touch_inside_the_gap_is_refused_naming_the_other(desk: Desk) -> None:
    bea = begin(desk.store, "rep", name="Bea", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
    lead = desk.new_lead()
    desk.act(enroll, lead, standard(desk), at_step=2)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    twin = desk.new_lead(name="A. Ruiz")
    touched(desk, twin, desk.clock() - timedelta(minutes=90), rep_id=bea, channel="call")
    no = desk.try_(touch, lead, None)
    assert isinstance(no, Refused)
    assert (no.rule, no.reason) == (
        "drip.gap",
        "Ana Ruiz was touched 1 h ago by Bea: call (as A. Ruiz); free again 12:30 Madrid, z puts it off",
    )
    desk.clock.pass_(hours=2, minutes=30)
    desk.act(touch, lead, None)


def test_a_call_of_the_drip_does_not_ring_inside_the_gap_but_the_reps_own_does(desk: Desk) -> None:
    from sdr.desk.dialling import dial

    lead, cadence = desk.new_lead(), standard(desk)
    desk.act(enroll, lead, cadence)
    assert desk.store.read(dial, lead, desk.clock()).result(10) is None
    twin = desk.new_lead(name="A. Ruiz")
    touched(desk, twin, desk.clock() - timedelta(minutes=5))
    no = desk.store.read(dial, lead, desk.clock()).result(10)
    assert isinstance(no, Refused)
    assert no.rule == "drip.gap"
    assert desk.store.read(dial, twin, desk.clock()).result(10) is None  # in no drip: the rep's own choice


def test_the_drips_own_call_is_no_hindrance_to_the_next_number(desk: Desk) -> None:
    from sdr.desk.calling import call
    from sdr.desk.dialling import dial

    numbers = [{"e164": f"+3460000000{n}", "type": "mobile", "raw": "", "struck": None} for n in (1, 2)]
    lead = desk.new_lead(phones=json.dumps(numbers))
    desk.act(enroll, lead, standard(desk))
    desk.act(call, lead, "wrong-number")
    desk.clock.pass_(minutes=1)
    assert (desk.lead(lead).next_kind, desk.lead(lead).phone) == ("call", "+34600000002")
    no = desk.store.read(dial, lead, desk.clock()).result(10)
    assert no is None or no.rule != "drip.gap"


# --- the same account ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["talking", "qualified", "offered", "accepted"])
def test_a_colleague_in_talks_wants_a_second_yes(desk: Desk, state: str) -> None:
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps")
    open_ = {} if state != "accepted" else {"next_kind": None, "due_at": None, "queue_band": None, "closed_at": 1}
    desk.new_lead(name="Bo Diaz", email="bo@acme.example", account_id=account, state=state, last_at=ms(FRIDAY), **open_)
    lead = desk.new_lead(account_id=account)
    no = refused(desk, enroll, lead, standard(desk))
    assert no.rule == "drip.colleague"
    assert no.reason.startswith("Bo Diaz of Acme Pumps is ")
    assert "last 6 Mar 2026" in no.reason
    warned = shown(desk, lead, standard(desk)).warning
    assert warned is not None
    assert warned.rule == no.rule
    found = desk.store.read(preview_many, [lead], standard(desk), desk.clock()).result(10)
    assert isinstance(found, Many)
    assert found.refused == (("Ana Ruiz", no.reason),)
    desk.act(enroll, lead, standard(desk), anyway=True)


# --- what fits a day ----------------------------------------------------------------------------------------------


def calls_a_day(desk: Desk, count: int) -> None:
    from sdr.store.changes import Edit

    rep = desk.store.read(playbook.rep).result(10)
    write(desk.store, Edit.set("rep", rep.id, daily_calls=count))


def test_many_are_spread_so_that_no_day_holds_more_calls_than_the_rep_makes(desk: Desk) -> None:
    calls_a_day(desk, 5)
    found, cadence = people(desk, 12), standard(desk)
    plan = desk.store.read(preview_many, found, cadence, desk.clock()).result(10)
    assert isinstance(plan, Many)
    monday = date(2026, 3, 2)
    assert plan.days == ((monday, 5), (monday + timedelta(1), 5), (monday + timedelta(2), 2))
    assert (plan.takes, plan.refused) == (12, ())
    before = dump(desk.store)
    done = desk.act(enroll_many, found, cadence)
    assert done.summary == "in “Standard drip”: 12 leads"
    assert tuple(sorted(days_of(desk).items())) == plan.days
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_the_worthier_come_first(desk: Desk) -> None:
    calls_a_day(desk, 1)
    plain, better = people(desk, 2)
    from sdr.store.changes import Edit

    write(desk.store, Edit.set("lead", better, rank=90))
    desk.act(enroll_many, [plain, better], standard(desk))
    assert (desk.lead(better).due_at or 0) < (desk.lead(plain).due_at or 0)


def test_a_day_already_full_sends_one_more_to_the_next_and_a_running_clock_waits_for_nothing(desk: Desk) -> None:
    calls_a_day(desk, 3)
    first, cadence = people(desk, 3), standard(desk)
    desk.act(enroll_many, first, cadence)
    late = desk.new_lead()
    desk.act(enroll, late, cadence)
    assert at(desk.lead(late).due_at or 0) == datetime(2026, 3, 3, 8, tzinfo=UTC)
    hot = desk.new_lead(
        name="Hot", email="hot@h.example", phone="+34699999999", source_id=desk.source(name="web", type="hand-raiser"),
        queue_band=0, respond_by=ms(desk.clock()) + 300_000,
    )  # fmt: skip
    desk.act(enroll, hot, cadence)
    assert (desk.lead(hot).due_at, desk.lead(hot).queue_band) == (ms(desk.clock()) + 300_000, 0)


def test_a_day_off_takes_none(desk: Desk) -> None:
    rep = desk.store.read(playbook.rep).result(10)
    begin(desk.store, "absence", rep_id=rep.id, from_day="2026-03-02", to_day="2026-03-04", made_at=1)
    lead = desk.new_lead()
    desk.act(enroll, lead, standard(desk))
    assert at(desk.lead(lead).due_at or 0).date() == date(2026, 3, 5)


def test_the_same_person_marked_twice_enters_once(desk: Desk) -> None:
    twice = [desk.new_lead(), desk.new_lead(name="A. Ruiz")]
    found = desk.store.read(preview_many, twice, standard(desk), desk.clock()).result(10)
    assert isinstance(found, Many)
    assert (found.takes, [name for name, _why in found.refused]) == (1, ["A. Ruiz"])
    done = desk.act(enroll_many, twice, standard(desk))
    assert done.summary == "in “Standard drip”: 1 lead, 1 refused"


def test_nobody_to_enrol_is_refused_with_the_reason(desk: Desk) -> None:
    no = refused(desk, enroll_many, [in_state(desk, "offered")], standard(desk))
    assert (no.rule, "account executive" in no.reason) == ("bulk.nothing", True)
    assert refused(desk, enroll_many, [], standard(desk)).rule == "bulk.nothing"


# --- all of mine --------------------------------------------------------------------------------------------------


def test_all_of_mine_wait_for_a_date_and_come_back_spread(desk: Desk) -> None:
    calls_a_day(desk, 4)
    found, cadence = people(desk, 10), standard(desk)
    desk.act(enroll_many, found, cadence)
    before = dump(desk.store)
    until = datetime(2026, 3, 16, 8, tzinfo=UTC)
    done = desk.act(pause_all, until)
    assert done.summary == "10 drips paused until Mon 16 Mar, 10 touches moved behind it"
    monday = date(2026, 3, 16)
    assert days_of(desk) == {monday: 4, monday + timedelta(1): 4, monday + timedelta(2): 2}
    assert {(one.state, one.paused_until) for one in table(desk, rows.Enrollment, "enrollment")} == {
        ("paused", ms(until))
    }
    assert refused(desk, pause_all, until).rule == "drip.none"
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_all_go_on_within_what_fits_a_day(desk: Desk) -> None:
    calls_a_day(desk, 4)
    desk.act(enroll_many, people(desk, 6), standard(desk))
    desk.act(pause_all, datetime(2026, 5, 4, 8, tzinfo=UTC))
    done = desk.act(resume_all)
    assert done.summary == "6 drips go on"
    assert days_of(desk) == {date(2026, 3, 2): 4, date(2026, 3, 3): 2}
    assert {one.state for one in table(desk, rows.Enrollment, "enrollment")} == {"active"}
    assert refused(desk, resume_all).rule == "drip.none"


def test_all_of_mine_leaves_those_of_others_and_a_promise_where_they_are(desk: Desk) -> None:
    bea = begin(desk.store, "rep", name="Bea", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
    mine, theirs = people(desk, 2)
    from sdr.desk.calling import call
    from sdr.store.changes import Edit

    desk.act(enroll_many, [mine, theirs], standard(desk))
    write(desk.store, Edit.set("lead", theirs, owner_id=bea))
    desk.act(call, mine, "callback", next_at=desk.clock() + timedelta(hours=26))
    stood = desk.lead(mine)
    desk.act(resume_all)
    assert desk.lead(mine).due_at == stood.due_at
    desk.act(pause_all, datetime(2026, 3, 16, 8, tzinfo=UTC))
    assert (desk.lead(mine).next_kind, desk.lead(mine).due_at) == ("promise", stood.due_at)
    states = {one.lead_id: one.state for one in table(desk, rows.Enrollment, "enrollment")}
    assert states == {mine: "paused", theirs: "active"}
    assert refused(desk, pause_all, desk.clock()).rule in ("date.past", "drip.none")


def test_a_passed_date_pauses_nothing(desk: Desk) -> None:
    desk.act(enroll, desk.new_lead(), standard(desk))
    assert refused(desk, pause_all, desk.clock() - timedelta(days=1)).rule == "date.past"


def test_pausing_one_still_keeps_its_step(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(enroll, lead, standard(desk))
    desk.act(pause, lead, datetime(2026, 3, 16, 8, tzinfo=UTC))
    assert desk.lead(lead).due_at == ms(datetime(2026, 3, 16, 8, tzinfo=UTC))
