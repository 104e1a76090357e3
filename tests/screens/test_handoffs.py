"""The handoffs by keys: what is on the screen and what is in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sdr.screens.handoffs import HandoffsScreen
from tests.desks import Desk, open_desk
from tests.handovers import executive, newest, offered, qualified
from tests.screens.dump import screen_lines, screen_text
from tests.screens.one_room import OneRoom, press, settle

HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31m"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    executive(opened, "Kim Ode")
    yield opened
    opened.store.close()


def app_of(desk: Desk, tmp_path: Path) -> OneRoom:
    return OneRoom(desk, HandoffsScreen(), tmp_path)


async def test_an_empty_list_says_what_would_fill_it(desk: Desk, tmp_path: Path) -> None:
    app = app_of(desk, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "nothing is handed off yet" in screen_text(app)
        await press(pilot, "a", "r", "R", "o", "y", "enter")
        assert app.opened == []


async def test_each_row_has_its_clock_and_whose_move_it_is(desk: Desk, tmp_path: Path) -> None:
    offered(desk)
    desk.clock.pass_(hours=5)
    offered(desk, qualified(desk, name=HOSTILE, company="日本" * 30, email="b@b.example"))
    app = app_of(desk, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
        assert lines[0].startswith(" handoffs  2 unanswered  !1 late")
        assert lines[0].endswith("2 in all")
        assert lines[2].split() == ["lead", "account", "how", "it", "stands", "to", "whose", "move"]
        assert "Ana Ruiz" in lines[3]
        assert "1 h without answer" in lines[3]
        assert lines[3].rstrip().endswith("Ana")
        assert "by tomorrow" in lines[4]
        assert lines[4].rstrip().endswith("Kim Ode")
        assert "Ana covers: remind Kim Ode, or take it back with R" in screen_text(app)


async def test_accepted_by_one_key_and_taken_back_by_another(desk: Desk, tmp_path: Path) -> None:
    handoff = offered(desk)
    app = app_of(desk, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert " a accepted  r returned  R take back" in screen_text(app)
        await press(pilot, "a")
        assert newest(desk, handoff.lead_id).state == "accepted"
        assert screen_lines(app)[-1].startswith(" ✓ Ana Ruiz: accepted by Kim Ode")
        await press(pilot, "u")
        assert newest(desk, handoff.lead_id).state == "offered"


async def test_returned_by_a_key_and_the_digit_of_the_reason(desk: Desk, tmp_path: Path) -> None:
    handoff = offered(desk)
    app = app_of(desk, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("r", "2")
        await settle(pilot)
        assert newest(desk, handoff.lead_id).reason == "need-unconfirmed"
        assert "need not confirmed" in screen_text(app)


async def test_the_reason_other_asks_for_words(desk: Desk, tmp_path: Path) -> None:
    handoff = offered(desk)
    app = app_of(desk, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "r", "9", "enter")
        assert newest(desk, handoff.lead_id).state == "offered"
        assert "say what is wrong" in screen_text(app)
        await press(pilot, "h", "m", "enter")
        assert (newest(desk, handoff.lead_id).reason, newest(desk, handoff.lead_id).note) == ("other", "hm")


@pytest.mark.parametrize(("digit", "state"), [("1", "met"), ("2", "no-show"), ("4", "won")])
async def test_what_became_of_it_by_a_digit(desk: Desk, tmp_path: Path, digit: str, state: str) -> None:
    handoff = offered(desk)
    app = app_of(desk, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "o", digit)
        assert newest(desk, handoff.lead_id).state == state


async def test_recall_copy_and_the_leads_history(desk: Desk, tmp_path: Path) -> None:
    first = offered(desk)
    second = offered(desk, qualified(desk, name="B B", email="b@b.example"))
    app = app_of(desk, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "j", "enter")
        assert app.opened == [("history", {"lead": second.lead_id})]
        await press(pilot, "k", "y", "R")
        assert app.copied == first.brief
        assert newest(desk, first.lead_id).state == "recalled"
        assert newest(desk, second.lead_id).state == "offered"
