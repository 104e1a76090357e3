"""The rest that a drip's text asks for at its end: no touch, no drip, until its date (behaviour.md G18)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sdr.desk import dialling, touching
from sdr.desk.cadences import load_cadence
from sdr.desk.calling import call
from sdr.desk.enrolling import enroll, enroll_many, preview
from sdr.desk.replies import reply
from sdr.desk.touching import skip
from sdr.desk.triage import accept
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.queries import playbook
from tests.desk.calls import assert_journal_holds, assert_owed_or_closed, table
from tests.desks import Desk, dump

# The no-contact ladder: +1 d, +3 d, +6 d, then rest 30 d.
LADDER = """
name = "No-contact ladder"
version = 1
rest = "30d"
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


def loaded(desk: Desk, text: str = LADDER) -> int:
    desk.act(load_cadence, text)
    return max(one.id for one in desk.store.read(playbook.cadences).result(10))


def gone_through(desk: Desk, cadence: int, **fields: object) -> int:
    """A lead who was taken through the whole drip; the clock stands on its last touch."""
    lead = desk.new_lead(**fields)
    desk.act(enroll, lead, cadence)
    for _ in range(3):
        desk.clock.now = at(desk.lead(lead).due_at or 0)
        desk.act(skip, lead, "other")
    return lead


def refusal(desk: Desk, verb: object, *args: object) -> Refused:
    no = desk.try_(verb, *args)  # type: ignore[arg-type]
    assert isinstance(no, Refused), no
    return no


def test_after_the_last_step_they_rest_and_then_the_verdict_is_asked(desk: Desk) -> None:
    lead = gone_through(desk, loaded(desk))
    assert f"{desk.clock():%a %d %b}" == "Thu 12 Mar"  # 3, 6 and 12 March
    now = desk.lead(lead)
    assert (now.next_kind, now.next_note) == ("triage", "rested 30d: verdict?")
    assert at(now.due_at or 0, "Europe/Madrid").strftime("%a %d %b %H:%M") == "Mon 13 Apr 09:00"  # 11 is a Saturday
    assert [one.state for one in table(desk, rows.Enrollment, "enrollment")] == ["finished"]
    assert_owed_or_closed(desk, lead)


@pytest.mark.parametrize("who", ["lead", "twin"])
def test_enrolling_earlier_is_refused_with_the_date_and_then_it_is_not(desk: Desk, who: str) -> None:
    cadence = loaded(desk)
    lead = gone_through(desk, cadence)
    rested = desk.new_lead(name="A. Ruiz") if who == "twin" else lead
    desk.clock.pass_(days=20)
    before = dump(desk.store)
    for verb, args in ((enroll, (rested, cadence)), (enroll_many, ([rested], cadence))):
        assert "rests until Sat 11 Apr" in refusal(desk, verb, *args).reason
    no = refusal(desk, enroll, rested, cadence)
    assert (no.rule, no.set_by) == ("drip.rest", "the drip “No-contact ladder”")
    assert no.reason.endswith("30d after “No-contact ladder”; enrol then")
    assert isinstance(desk.store.read(preview, rested, cadence, desk.clock()).result(10), Refused)
    if who == "twin":
        assert refusal(desk, accept, rested).rule == "drip.rest"
    assert dump(desk.store) == before
    desk.clock.pass_(days=10)
    desk.act(enroll, rested, cadence)


def test_nobody_touches_them_meanwhile_without_a_typed_reason_and_each_no_is_an_event(desk: Desk) -> None:
    lead = gone_through(desk, loaded(desk))
    desk.clock.pass_(days=12)
    assert refusal(desk, touching.touch, lead, "linkedin").rule == "drip.rest"
    assert refusal(desk, dialling.refuse, lead).rule == "drip.rest"
    kept = [json.loads(one.detail) for one in table(desk, rows.Event, "event", "kind='gate'")]
    assert [(one["rule"], one["channel"], one["inputs"]["rest"]) for one in kept] == [
        ("drip.rest", "linkedin", "30d"), ("drip.rest", "call", "30d"),
    ]  # fmt: skip
    desk.act(touching.touch, lead, "linkedin", because="she asked at the fair")
    assert_journal_holds(desk)


def test_who_writes_is_answered_at_once_and_may_be_enrolled(desk: Desk) -> None:
    cadence = loaded(desk)
    lead = gone_through(desk, cadence)
    desk.clock.pass_(days=5)
    desk.act(reply, lead, "question", text="how much?")
    desk.act(touching.touch, lead, "email")


def test_who_raises_a_hand_anew_is_accepted_at_once(desk: Desk) -> None:
    gone_through(desk, loaded(desk))
    desk.clock.pass_(days=5)
    hot = desk.new_lead(
        name="A. Ruiz", source_id=desk.source(name="web", type="hand-raiser"), queue_band=0,
        respond_by=ms(desk.clock()) + 300_000,
    )  # fmt: skip
    desk.act(accept, hot)


def test_a_drip_that_was_answered_or_has_no_rest_leaves_nobody_resting(desk: Desk) -> None:
    cadence = loaded(desk)
    lead = desk.new_lead()
    desk.act(enroll, lead, cadence)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    desk.act(call, lead, "interested")
    desk.clock.pass_(hours=5)
    desk.act(touching.touch, lead, "linkedin")
    plain = loaded(desk, LADDER.replace('rest = "30d"\n', "").replace("No-contact", "Short"))
    other = gone_through(desk, plain, name="Leo Paz", email="leo@b.example", phone="+34600000002")
    assert desk.lead(other).next_note == "drip finished: verdict?"
    desk.act(enroll, other, cadence)


def test_the_preview_of_a_lead_has_the_end_of_the_rest(desk: Desk) -> None:
    found = desk.store.read(preview, desk.new_lead(), loaded(desk), desk.clock()).result(10)
    assert not isinstance(found, Refused)
    assert found.rests_until == found.dates[-1].due_at + timedelta(days=30)  # by the clock there


def test_a_rest_is_looked_up_by_index(desk: Desk) -> None:
    from sdr.desk.resting import resting

    lead = desk.lead(desk.new_lead())
    asked: list[tuple[str, object]] = []

    def look(db: object) -> list[str]:
        class Listening:
            def execute(self, sql: str, args: object = (), /) -> object:
                asked.append((sql, args))
                return db.execute(sql, args)  # type: ignore[attr-defined]

        resting(Listening(), lead, desk.clock())  # type: ignore[arg-type]
        plans = (db.execute(f"EXPLAIN QUERY PLAN {sql}", args).fetchall() for sql, args in asked)  # type: ignore
        return [step[3] for plan in plans for step in plan]

    scans = [step for step in desk.store.read(look).result(10) if step.startswith("SCAN")]
    assert not [step for step in scans if step.split()[1] in ("lead", "touch", "enrollment", "event")]
