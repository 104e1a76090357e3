"""The drips by keys: their numbers and the leads behind them, the steps with real dates, who stands before which."""

from __future__ import annotations

from pathlib import Path

from sdr.desk.cadences import load_cadence
from sdr.desk.drip import enroll, pause, skip
from sdr.desk.replies import reply
from sdr.screens.drip_steps import DripScreen
from sdr.screens.drips import DripsScreen
from sdr.store.queries import playbook
from sdr.store.queries.playbook import packaged
from tests.desks import Desk
from tests.screens.desk_app import driving
from tests.screens.dump import screen_lines, screen_text
from tests.screens.one_room import OneRoom, press, settle


def enrolled(desk: Desk, number: int, *, drip: int = 0, step: int = 1) -> int:
    lead = desk.new_lead(name=f"P{number}", email=f"p{number}@acme{number}.example", phone=f"+3460000{number:04}")
    desk.act(enroll, lead, desk.store.read(playbook.cadences).result(10)[drip].id, at_step=step)
    return lead


def numbers(desk: Desk) -> dict[str, int]:
    """Three inside the standard drip (two due today, one paused), one finished, one who replied."""
    found = {"first": enrolled(desk, 1), "second": enrolled(desk, 2), "mail": enrolled(desk, 3, step=2)}
    desk.act(pause, found["mail"], None)
    found["done"] = enrolled(desk, 4, step=8)
    desk.act(skip, found["done"], "other")
    found["replied"] = enrolled(desk, 5)
    desk.act(reply, found["replied"], "interested")
    return found


async def test_each_drip_has_its_numbers(desk: Desk, tmp_path: Path) -> None:
    numbers(desk)
    app = OneRoom(desk, DripsScreen(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
        assert lines[0].startswith(" drips  3 inside  2 due today")
        assert lines[0].rstrip().endswith("3 in force")
        assert lines[3].split()[1:] == ["Standard", "drip", "1", "8", "3", "2", "1", "1", "1"]
        assert lines[5].split() == ["After", "the", "fair", "1", "8", "0", "0", "0", "0", "0"]
        text = screen_text(app)
        assert "4 call, 3 email, 1 linkedin" in text
        assert "1 inside 3  2 due 2  3 paused 1  4 finished 1  5 replied 1" in text
        await press(pilot, "j")
        assert "4 call, 3 email; 2 when positive; 1 when negative" in screen_text(app)
        assert "nobody was in it yet" in screen_text(app)
        assert max(len(line) for line in screen_lines(app)) <= 80


async def test_every_digit_opens_the_leads_behind_its_number(desk: Desk, tmp_path: Path) -> None:
    found = numbers(desk)
    app = OneRoom(desk, DripsScreen(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "1", "2", "3", "4", "5", "j", "1")
        assert [(about["title"], set(about["ids"])) for _place, about in app.opened] == [
            ("Standard drip · inside", {found["first"], found["second"], found["mail"]}),
            ("Standard drip · due today", {found["first"], found["second"]}),
            ("Standard drip · paused", {found["mail"]}),
            ("Standard drip · finished", {found["done"]}),
            ("Standard drip · replied", {found["replied"]}),
        ]


async def test_the_steps_show_the_dates_of_an_enrolment_now_and_who_is_before_them(desk: Desk, tmp_path: Path) -> None:
    found = numbers(desk)
    app = OneRoom(desk, DripScreen("Standard drip"), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
        assert lines[0].startswith(" Standard drip version 1  3 inside")
        assert lines[0].rstrip().endswith("dates: Madrid")
        assert lines[3].split()[-6:] == ["0m", "Mon", "2", "Mar", "10:00", "2"]
        assert lines[4].split()[-6:] == ["1bd", "Tue", "3", "Mar", "10:00", "1"]
        assert "P1, P2" in screen_text(app)
        await press(pilot, "enter", "j", "enter", "j", "enter")
        assert [(place, about["title"], about["ids"]) for place, about in app.opened] == [
            ("leads", "Standard drip · before step 1", (found["first"], found["second"])),
            ("leads", "Standard drip · before step 2", (found["mail"],)),
        ]
        assert "1bd after step 2" in screen_text(app)
        assert "nobody stands before this step" in screen_text(app)
        assert max(len(line) for line in screen_lines(app)) <= 80


async def test_what_a_step_sends_and_which_rule_holds(desk: Desk, tmp_path: Path) -> None:
    app = OneRoom(desk, DripScreen("After the fair"), tmp_path)
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "j")
        assert "postcard-fair, €0.95, 2bd in the post" in screen_text(app)
        assert "the next does not wait for it" in screen_text(app)
        await press(pilot, *"jjjjj")
        assert "mon-fri 13:30-17:00" in screen_text(app)


async def test_hostile_names_and_older_versions(desk: Desk, tmp_path: Path) -> None:
    lead = desk.new_lead(name="[/] [@click=app.quit]x[/] \x1b[31m")
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0])
    desk.act(load_cadence, packaged("cadence.toml").replace("Third call", "[/] call"))
    for room, words in ((DripsScreen(), "1 of those inside keep"), (DripScreen("Standard drip"), "(1 in an older")):
        app = OneRoom(desk, room, tmp_path)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert words in screen_text(app)


async def test_a_drip_that_is_gone_says_so(desk: Desk, tmp_path: Path) -> None:
    app = OneRoom(desk, DripScreen("Nobody's"), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "no longer in force" in screen_text(app)
        await press(pilot, "enter")
        assert app.opened == []


async def test_there_by_g_d_and_down_to_the_leads_and_back(desk: Desk) -> None:
    numbers(desk)
    async with driving(desk) as driven:
        await driven.press("g", "d")
        assert driven.place == "DripsScreen"
        await driven.press("enter")
        assert driven.place == "DripScreen"
        await driven.press("enter")
        assert driven.place == "LeadsScreen"
        assert "before step 1  2 leads" in driven.text()
        await driven.press("escape", "escape")
        assert driven.place == "DripsScreen"
