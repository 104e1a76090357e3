"""Who is worked and asks again, by a typed line or a file: the drip breaks, the clock runs, and once is enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sdr.desk.calling import call
from sdr.desk.drip import enroll
from sdr.desk.leads_kept import add, understood
from sdr.desk.triage import nurture
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.changes import Applied
from sdr.store.queries import playbook
from tests.desk.calls import assert_journal_holds, table
from tests.desks import Desk, begin, dump
from tests.exchange.bringing import brought

LINE = "Ana Ruiz, ana@acme.example, show:Hannover"


def in_drip(desk: Desk, **fields: object) -> int:
    """A lead from a bought list, in the middle of its drip, a mail of it waiting in the outbox."""
    source = desk.source(name="bought list", type="list")
    lead = desk.new_lead(source_id=source, **fields)
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0])
    desk.act(call, lead, "no-answer")
    begin(
        desk.store, "message", lead_id=lead, channel="email", text="x", address="ana@acme.example", state="ready",
        made_at=ms(desk.clock()),
    )  # fmt: skip
    desk.clock.pass_(days=1)
    return lead


def typed(desk: Desk, line: str = LINE) -> object:
    parsed = understood(line)
    assert not isinstance(parsed, Refused)
    return desk.try_(add, parsed)


def assert_asked(desk: Desk, lead: int, source: str, minutes: int) -> None:
    now = desk.lead(lead)
    assert (now.next_kind, now.queue_band, now.next_note) == ("call", 0, f"asked again: {source}")
    assert now.respond_by == now.due_at == ms(desk.clock() + timedelta(minutes=minutes))
    [drip] = table(desk, rows.Enrollment, "enrollment")
    assert (drip.state, drip.why) == ("stopped", f"inquiry: {source}")
    assert [one.state for one in table(desk, rows.Message, "message")] == ["dropped"]
    [event] = table(desk, rows.Event, "event", "kind='raised-hand'")
    assert (event.lead_id, event.detail) == (lead, source)
    assert now.engagement == 50
    assert_journal_holds(desk)


def test_a_typed_line_breaks_the_drip_and_opens_the_clock(desk: Desk) -> None:
    lead = in_drip(desk)
    before = dump(desk.store)
    done = typed(desk, f"{LINE}, phone: +34 600 999 888")
    assert isinstance(done, Applied)
    assert done.summary == "Ana Ruiz: asked again through Hannover · answer by 11:00"
    assert_asked(desk, lead, "Hannover", 60)
    assert "+34600999888" in (desk.lead(lead).phones or "")
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_the_first_dial_answers_it(desk: Desk) -> None:
    lead = in_drip(desk)
    typed(desk)
    desk.act(call, lead, "no-answer")
    assert desk.lead(lead).queue_band != 0


def test_somebody_asleep_wakes(desk: Desk) -> None:
    lead = in_drip(desk)
    desk.act(nurture, lead, desk.clock() + timedelta(days=60))
    typed(desk)
    assert (desk.lead(lead).state, desk.lead(lead).queue_band) == ("working", 0)


def test_a_promise_stands_and_the_drip_breaks_all_the_same(desk: Desk) -> None:
    lead = in_drip(desk)
    desk.act(call, lead, "callback")
    stood = desk.lead(lead)
    typed(desk)
    now = desk.lead(lead)
    assert (now.next_kind, now.due_at, now.queue_band) == ("promise", stood.due_at, 1)
    assert table(desk, rows.Enrollment, "enrollment")[0].state == "stopped"


@pytest.mark.parametrize("fields", [{"state": "new"}, {"state": "offered", "next_kind": "answer"},
                                    {"state": "rejected", "next_kind": None, "due_at": None, "queue_band": None,
                                     "closed_at": 1}])  # fmt: skip
def test_who_is_not_worked_is_here_already(desk: Desk, fields: dict) -> None:
    desk.new_lead(**fields)
    refused = typed(desk)
    assert isinstance(refused, Refused)
    assert refused.rule == "lead.exists"


@pytest.mark.parametrize("line", ["Ana Ruiz, ana@acme.example", "Ana Ruiz, ana@acme.example, source:bought list"])
def test_no_hand_is_raised_by_a_list_or_by_nothing(desk: Desk, line: str) -> None:
    in_drip(desk)
    refused = typed(desk, line)
    assert isinstance(refused, Refused)
    assert refused.rule == "lead.exists"


# --- by a file -----------------------------------------------------------------------------------------------------


def file(desk: Desk, text: str, **options: object) -> dict[str, int]:
    """Bring a file in; its counts."""
    report = brought(desk, text, **options)
    return {"created": report.created, "updated": report.updated, "known": report.known}


FORM = "Name,Email,Company\nAna Ruiz,ana@acme.example,Acme Pumps\n"


def test_a_file_of_hand_raisers_breaks_the_drip_once(desk: Desk) -> None:
    lead = in_drip(desk)
    before = dump(desk.store)
    assert file(desk, FORM, source="contact form", type="hand-raiser") == {
        "created": 0, "updated": 1, "known": 0,
    }  # fmt: skip
    assert_asked(desk, lead, "contact form", 5)
    after = dump(desk.store)
    assert file(desk, FORM, source="contact form", type="hand-raiser")["known"] == 1
    assert dump(desk.store) == after
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_a_list_breaks_nothing(desk: Desk) -> None:
    lead = in_drip(desk)
    stood = desk.lead(lead)
    assert file(desk, FORM, source="another list", type="list")["known"] == 1
    assert desk.lead(lead) == stood


def test_the_file_somebody_came_by_is_no_inquiry_but_new_words_or_a_later_day_are(desk: Desk) -> None:
    options = {"source": "contact form", "type": "inbound"}
    file(desk, FORM, **options)
    [lead] = (one.id for one in table(desk, rows.Lead, "lead"))
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0])
    desk.clock.pass_(days=1)
    assert file(desk, FORM, **options)["known"] == 1
    noted = FORM.replace("Company", "Company,Notes").replace("Pumps", "Pumps,please call me")
    assert file(desk, noted, **options)["updated"] == 1
    assert file(desk, noted, **options)["known"] == 1
    assert desk.lead(lead).queue_band == 0
    day = desk.clock().date()
    dated = FORM.replace("Company", "Company,Created").replace("Pumps", f"Pumps,{day:%Y-%m-%d} 08:15")
    mapping = ["Created=arrived_at"]
    first = file(desk, dated, pairs=mapping, **options)
    second = file(desk, dated, pairs=mapping, **options)
    assert (first["known"], second["known"]) == (1, 1)  # before the last one: an old row
    desk.clock.now = datetime(2026, 3, 5, 10, tzinfo=UTC)
    later = dated.replace(f"{day:%Y-%m-%d}", "2026-03-05")
    assert file(desk, later, pairs=mapping, **options)["updated"] == 1
    assert file(desk, later, pairs=mapping, **options)["known"] == 1
    hands = table(desk, rows.Event, "event", "kind='raised-hand'")
    assert [at(one.at).day for one in hands] == [3, 5]


def test_the_past_of_a_team_raises_no_hand(desk: Desk) -> None:
    lead = in_drip(desk)
    stood = desk.lead(lead)
    file(desk, FORM, source="contact form", type="hand-raiser", history=True)
    assert desk.lead(lead) == stood
