"""A promise that meets the rep's own calendar is said at once; no date on offer is a day on which nobody works here."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdr.desk.triage import accept
from sdr.models.terms import at
from sdr.store.queries import leads
from tests.desks import Desk, begin
from tests.screens.desk_app import driving

TAKEN = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSUMMARY:[/] Dentist\r\n"
    "DTSTART:20260303T080000Z\r\nDTEND:20260303T160000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


async def promised(desk: Desk, *busy: str) -> str:
    """The last line after a callback was promised for tomorrow."""
    lead = desk.new_lead()
    desk.act(accept, lead)
    async with driving(desk, (120, 40), busy=busy) as driven:
        await driven.press("c", "enter", "space", "2", "2")
        assert desk.store.read(leads.open_promise, lead).result(10) is not None
        return driven.lines()[-1]


async def test_a_promise_that_meets_a_meeting_is_said_and_can_be_taken_back(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "own.ics").write_text(TAKEN, newline="")
    last = await promised(desk, str(tmp_path / "own.ics"))
    assert last.startswith(" you have [/] Dentist 09:00-17:00 then")
    assert "u undo" in last


async def test_a_free_time_says_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "own.ics").write_text(TAKEN.replace("20260303", "20260410"), newline="")
    assert "you have" not in await promised(desk, str(tmp_path / "own.ics"))


async def test_a_calendar_that_cannot_be_read_is_said(desk: Desk, tmp_path: Path) -> None:
    assert "cannot be read" in await promised(desk, str(tmp_path / "none.ics"))


@pytest.fixture
def closed(desk: Desk) -> None:
    """The company is closed tomorrow, which is Tuesday 3 March."""
    begin(desk.store, "absence", rep_id=None, from_day="2026-03-03", to_day="2026-03-03", made_at=0)


@pytest.mark.usefixtures("closed")
async def test_the_dates_to_choose_from_leave_out_a_closure(desk: Desk) -> None:
    desk.act(accept, desk.new_lead())
    async with driving(desk, (120, 40)) as driven:
        await driven.press("z")
        assert "2 tomorrow Wed" in driven.text()
        await driven.press("9", *"tomorrow", "enter")
        assert "snoozed to Wed" in driven.lines()[-1]


@pytest.mark.usefixtures("closed")
async def test_a_call_promises_no_day_on_which_nobody_is_here(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    async with driving(desk, (120, 40)) as driven:
        await driven.press("c", "enter", "space", "2", "2")
    promise = desk.store.read(leads.open_promise, lead).result(10)
    assert promise is not None
    assert at(promise.due_at).day == 4
