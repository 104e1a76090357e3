"""The day's end by keys: lists that open their leads, a reason for what is left, files that appear once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sdr.models.terms import ms
from sdr.screens.day import DayScreen
from tests.desks import MONDAY, Desk, begin
from tests.handovers import executive, offered
from tests.screens.desk_app import driving
from tests.screens.dump import screen_lines, screen_text
from tests.screens.one_room import OneRoom, press, settle


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "exports"


def app_of(desk: Desk, out: Path) -> OneRoom:
    return OneRoom(desk, DayScreen(), out)


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.rglob("*.*"))


def late(desk: Desk, name: str = "Chen, Li") -> int:
    return desk.new_lead(name=name, respond_by=ms(MONDAY - timedelta(minutes=41)))


async def test_with_nothing_left_enter_exports_and_a_second_time_nothing_is_new(desk: Desk, out: Path) -> None:
    lead = desk.new_lead()
    touch = begin(desk.store, "touch", lead_id=lead, channel="call", at=ms(MONDAY), outcome="no-answer")
    begin(desk.store, "call", touch_id=touch, lead_id=lead, outcome="no-answer", contact="attempt", at=ms(MONDAY))
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
        assert lines[0].startswith(" day's end   Mon 2 Mar 2026")
        assert lines[0].endswith("nothing left")
        assert "1 call · 0 talks · 0 mails · 0 letters" in screen_text(app)
        await press(pilot, "enter")
        assert "1 new, 0 changed, 0 unchanged" in screen_lines(app)[-1]
        assert "summary.txt" in names(out)
        await press(pilot, "enter")
        assert "0 new, 0 changed, 1 unchanged" in screen_lines(app)[-1]


async def test_a_list_with_something_left_is_current_and_enter_opens_its_leads(desk: Desk, out: Path) -> None:
    executive(desk)
    handoff = offered(desk)
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert screen_lines(app)[0].endswith("1 thing left")
        assert "Ana Ruiz (4 h left)" in screen_text(app)
        await press(pilot, "enter")
        assert app.opened == [("leads", {"ids": (handoff.lead_id,), "title": "handoffs unanswered"})]
        assert names(out) == []


async def test_what_is_left_is_explained_by_one_digit_and_kept(desk: Desk, out: Path) -> None:
    lead = late(desk)
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Chen, Li (no source, 41 min over)" in screen_text(app)
        await press(pilot, "x")
        assert "1 left: why" in screen_text(app)
        assert names(out) == []
        await press(pilot, "1")
        assert "summary.txt" in names(out)
        said = desk.store.read(lambda db: db.execute("SELECT summary FROM step WHERE verb='close-day'").fetchall())
        assert said.result(10) == [("2026-03-02 closed with 1 left: first thing tomorrow",)]
        assert desk.lead(lead).state == "new"


async def test_the_lists_follow_what_is_done_elsewhere(desk: Desk, out: Path) -> None:
    from sdr.desk.triage import reject

    lead = late(desk)
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.act(reject, lead, "fake")
        await settle(pilot)
        assert screen_lines(app)[0].endswith("nothing left")


async def test_the_summary_is_copied_and_names_no_lead(desk: Desk, out: Path) -> None:
    late(desk, "[/] \x1b[31mSecret")
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "[/] Secret" in screen_text(app)
        await press(pilot, "y")
        assert len(app.copied.splitlines()) == 5
        assert "Secret" not in app.copied
        assert "1 untouched past their clock" in app.copied


async def test_the_files_can_be_for_a_crm(desk: Desk, out: Path) -> None:
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "2", "enter")
        assert "handoffs-2026-03-02-salesforce.csv" in names(out)


async def test_a_folder_that_cannot_be_written_is_said(desk: Desk, out: Path) -> None:
    out.write_text("in the way")
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert "was not written" in screen_lines(app)[-1]
        out.unlink()
        await press(pilot, "enter")
        assert "summary.txt" in names(out)


async def test_who_must_be_told_that_we_have_their_data_is_on_the_list_until_it_is_noted(desk: Desk) -> None:
    arrived = ms(MONDAY - timedelta(days=27))
    lead = desk.new_lead(name="[/] Ada", source_id=desk.source(), arrived_at=arrived)
    async with driving(desk) as driven:
        assert "1 person is to be told that we have their data, the first by 5 Mar: g x" in driven.lines()[-1]
        await driven.press("g", "x")
        assert "not told we have their data" in driven.text()
        assert "[/] Ada (by 5 Mar)" in driven.text()
        assert driven.lines()[0].endswith("1 thing left")
        await driven.press("enter", "I")
        assert driven.lines()[-1].startswith(" ✓ [/] Ada: informed at 2026-03-02")
        await driven.press("escape")
        assert driven.lines()[0].endswith("nothing left")
        await driven.press("u")
        assert driven.lines()[0].endswith("1 thing left")
    assert desk.lead(lead).state == "new"
