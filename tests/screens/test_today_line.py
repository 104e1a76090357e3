"""The line where today ends: it is drawn in the list, no row of it; no key, click or mark ever meets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sdr.models.terms import ms
from sdr.screens.lead_order import LeadOrder
from sdr.screens.lead_table import LeadTable
from tests.desks import Desk, open_desk
from tests.screens.desk_app import driving
from tests.screens.dump import screen_lines
from tests.screens.test_lead_table import Lists, arrow

WORDS = "today ends here"


def rule(app: Lists) -> int | None:
    """The line of the screen with the rule."""
    lines = [at for at, line in enumerate(screen_lines(app)) if WORDS in line]
    assert len(lines) < 2
    return lines[0] if lines else None


def test_lines_and_rows_answer_each_other() -> None:
    order = LeadOrder([1, 2, 3])
    assert [order.row_at(y) for y in range(4)] == [0, 1, 2, 3]
    order.gap = 1
    assert order.height == 4
    assert [order.row_at(y) for y in range(5)] == [0, None, 1, 2, 3]
    assert [order.row_at(order.y_of(row)) for row in range(3)] == [0, 1, 2]


async def test_the_cursor_passes_over_it_both_ways() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.part(3, WORDS)
        await pilot.pause()
        assert rule(app) == 2
        for key, lead, line in (("j", 2, 1), ("j", 3, 3), ("j", 4, 4), ("k", 3, 3), ("k", 2, 1)):
            await pilot.press(key)
            assert (app.table.current, arrow(app)) == (lead, line)
        await pilot.press("end")
        assert app.table.current == 50
        assert arrow(app) == 23
        assert app.table.below == 0
        await pilot.press("home")
        assert (arrow(app), rule(app), app.table.below) == (0, 2, 27)


async def test_it_comes_and_goes_without_the_cursor_leaving_its_place() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown", "pagedown")
        lead, line = app.table.current, arrow(app)
        for part in (3, lead, 40, None):
            app.table.part(part, WORDS)
            await pilot.pause()
            assert (app.table.current, arrow(app)) == (lead, line)
        assert rule(app) is None


async def test_a_click_on_it_is_none_on_a_row_and_one_under_it_finds_its_row() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.part(3, WORDS)
        await pilot.click(LeadTable, offset=(10, 2))
        assert app.table.current == 1
        await pilot.click(LeadTable, offset=(10, 3))
        assert app.table.current == 3


async def test_it_stays_above_its_lead_when_others_leave_and_goes_with_a_new_order() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.part(5, WORDS)
        app.table.drop([1, 2])
        await pilot.pause()
        assert rule(app) == 2
        assert " 5 " in screen_lines(app)[3]
        app.table.drop([5])
        await pilot.pause()
        assert " 6 " in screen_lines(app)[3]
        app.table.replace(range(50, 0, -1))
        await pilot.pause()
        assert rule(app) is None


async def test_rows_under_it_are_drawn_anew_where_they_stand() -> None:
    app = Lists(range(1, 11))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.part(3, WORDS)
        await pilot.pause()
        app.table.supply({9: app.words([4])[4]})
        app.table.mark([9])
        await pilot.pause()
        assert "Name 4" in screen_lines(app)[9]
        assert screen_lines(app)[9].startswith("+")


@pytest.mark.parametrize("width", [60, 80, 200])
async def test_it_is_as_wide_as_the_list_and_never_wider(width: int) -> None:
    app = Lists(range(1, 4))
    async with app.run_test(size=(width, 24)) as pilot:
        app.table.part(2, "[/] " + WORDS + " " * 9 + "x" * 300 if width == 60 else WORDS)
        await pilot.pause()
        assert all(len(line) <= width for line in screen_lines(app))
        assert "──" in screen_lines(app)[1]


# --- the queue -------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Nine minutes before the rep's hours end, with five calls of four minutes waiting."""
    opened = open_desk(tmp_path)
    opened.clock.now = opened.clock.now.replace(hour=16) - timedelta(minutes=9)
    now = ms(opened.clock())
    for number in range(5):
        opened.new_lead(
            name=f"Lead {number}", email=f"l{number}@acme.example", phone=f"+3460000010{number}", state="working",
            next_kind="call", queue_band=6, due_at=now - 3_600_000, close_at=now + number * 60_000 + 3_600_000,
        )  # fmt: skip
    yield opened
    opened.store.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_queue_shows_where_today_ends(desk: Desk, size: tuple[int, int]) -> None:
    async with driving(desk, size) as driven:
        rows = [line[:80] for line in driven.lines()[2:9]]
        assert ["Lead 0" in rows[0], "Lead 1" in rows[1], WORDS in rows[2], "Lead 2" in rows[3]] == [True] * 4
        await driven.press("j", "j")
        assert "▶ Lead 2" in driven.lines()[5]
        await driven.press("X")
        assert "5 marked" in driven.text()


async def test_what_is_dealt_with_lets_more_fit_and_a_split_has_no_line(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("d", "1")
        lines = [line for line in driven.lines() if "Lead" in line[:12] or WORDS in line]
        assert WORDS in lines[2]
        await driven.press("tab", "tab")
        assert WORDS not in driven.text()
        await driven.press("shift+tab", "shift+tab")
        assert WORDS in driven.text()


async def test_where_everything_fits_or_nothing_there_is_none(desk: Desk) -> None:
    desk.clock.pass_(hours=-4)
    async with driving(desk) as driven:
        assert WORDS not in driven.text()
    desk.clock.pass_(hours=9)
    async with driving(desk) as driven:
        assert WORDS not in driven.text()


async def test_the_drips_say_how_much_does_not_fit(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "d")
        assert "3 of the queue do not fit" in driven.lines()[0]
