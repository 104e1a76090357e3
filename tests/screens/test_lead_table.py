"""The list as a rep drives it: keys, mouse, new orders, late words, hostile names, a million rows."""

from array import array
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from sdr.screens.lead_row import RowPen
from sdr.screens.lead_table import AHEAD, ROWS_HELD, Cells, Column, LeadTable
from sdr.screens.terminal import LivingApp
from tests.screens.dump import screen_lines

GRID = (
    Column("name", "name", 19),
    Column("account", "account", 18),
    Column("why", "why"),
    Column("grade", "grade", 2, align="right"),
)


def row(lead: int) -> Cells:
    return Cells((f"Name {lead}", f"Acme {lead}", "call", "A2"), ("", "dim", "late", ""), mark="●")


class Lists(LivingApp):
    """One list; answers for words at once unless `silent`."""

    def __init__(self, ids: Iterable[int], rows: dict[int, Cells] | None = None) -> None:
        super().__init__()
        self.ids = list(ids)
        self.rows = rows
        self.silent = False
        self.told: list[tuple[str, int]] = []
        self.wanted: list[tuple[int, ...]] = []

    def compose(self) -> ComposeResult:
        yield LeadTable(GRID)

    def on_mount(self) -> None:
        first = self.ids[:50]
        self.table.show(first, self.words(first))
        self.table.focus()

    @property
    def table(self) -> LeadTable:
        return self.query_one(LeadTable)

    def words(self, ids: Iterable[int]) -> dict[int, Cells]:
        return {lead: row(lead) if self.rows is None else self.rows[lead] for lead in ids}

    def on_lead_table_highlighted(self, message: LeadTable.Highlighted) -> None:
        self.told.append(("highlighted", message.lead_id))

    def on_lead_table_chosen(self, message: LeadTable.Chosen) -> None:
        self.told.append(("chosen", message.lead_id))

    def on_lead_table_rows_wanted(self, message: LeadTable.RowsWanted) -> None:
        self.wanted.append(message.ids)
        if not self.silent:
            message.table.supply(self.words(message.ids))


def seen(app: Lists) -> list[int]:
    """The leads whose words are on the screen, from the top."""
    return [int(line[3:22].split()[1]) for line in screen_lines(app) if "Name" in line]


def arrow(app: Lists) -> int:
    """The line of the screen with the cursor."""
    lines = [at for at, line in enumerate(screen_lines(app)) if "▶" in line]
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(
    ("keys", "lead"),
    [
        ("j", 2),
        ("j j down", 4),
        ("j j k up", 1),
        ("up", 1),
        ("end", 50),
        ("end j", 50),
        ("end home", 1),
        ("pagedown", 25),
        ("pagedown pagedown pageup", 25),
        ("end pageup", 26),
    ],
)
async def test_keys_move_the_cursor_and_it_stays_in_sight(keys: str, lead: int) -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        assert app.table.current == lead
        assert app.told[-1] == ("highlighted", lead)
        assert f" {lead} " in screen_lines(app)[arrow(app)]


async def test_enter_and_double_click_choose() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "enter")
        assert app.told[-1] == ("chosen", 2)
        await pilot.click(LeadTable, offset=(10, 7))
        assert app.table.current == 8
        assert app.told[-1] == ("highlighted", 8)
        await pilot.click(LeadTable, offset=(10, 7), times=2)
        assert app.told[-1] == ("chosen", 8)


async def test_a_click_below_the_last_row_does_nothing() -> None:
    app = Lists([1, 2])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(LeadTable, offset=(10, 9))
        assert app.table.current == 1


async def test_a_new_order_keeps_lead_and_line_of_the_screen() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pagedown", "j", "j", *"kkkkkkk")
        before, lead = arrow(app), app.table.current
        told = len(app.told)
        app.table.replace(range(100, 0, -1))
        await pilot.pause()
        assert app.table.current == lead
        assert arrow(app) == before
        assert len(app.told) == told
        assert len(seen(app)) == 24


async def test_a_lead_that_is_gone_gives_its_place_to_the_next() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "j")
        app.table.drop([3])
        await pilot.pause()
        assert app.table.current == 4
        assert app.told[-1] == ("highlighted", 4)
        assert arrow(app) == 2
        assert seen(app)[:3] == [1, 2, 4]


async def test_dropping_all_leaves_an_empty_list_that_lives() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        app.table.drop(range(1, 51))
        await pilot.press("j", "k", "end", "pageup", "enter")
        assert app.table.current is None
        assert not seen(app)
        app.table.extend([7, 8])
        await pilot.pause()
        assert app.table.current == 7
        assert seen(app) == [7, 8]


async def test_missing_words_are_asked_for_a_page_ahead_and_shown_when_they_come() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.silent = True
        app.table.extend(range(51, 1001))
        await pilot.press("end")
        assert screen_lines(app)[arrow(app)].split() == ["▶", "…"]
        assert set(app.wanted[-1]) == set(range(1001 - 48, 1001))
        app.table.supply(app.words(app.wanted[-1]))
        await pilot.pause()
        assert seen(app) == list(range(977, 1001))
        asked = len(app.wanted)
        await pilot.press("up", "up")
        assert len(app.wanted) == asked


async def test_words_are_asked_for_before_their_line_is_seen() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.silent = True
        app.table.extend(range(51, 401))
        await pilot.press("pagedown", *"j" * 15)
        assert seen(app)[-1] == 48
        assert app.wanted[-1][0] == 51


async def test_at_the_edge_the_list_goes_on_by_half_a_page() -> None:
    app = Lists(range(1, 101))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.supply(app.words(range(51, 101)))
        await pilot.press(*"j" * 23)
        assert (seen(app)[0], seen(app)[-1]) == (1, 24)
        await pilot.press("j")
        assert (app.table.current, seen(app)[0], seen(app)[-1]) == (25, 13, 36)
        await pilot.press(*"k" * 13)
        assert (app.table.current, seen(app)[0], seen(app)[-1]) == (12, 1, 24)


async def test_whoever_goes_along_with_the_cursor_is_told_at_once_and_alone() -> None:
    along: list[int | None] = []

    class Along(Lists):
        def compose(self) -> ComposeResult:
            yield LeadTable(GRID, moved=lambda: along.append(self.table.current))

    app = Along(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "j")
        assert (along, app.told) == ([1, 2, 3], [])


async def test_paging_through_asks_ahead_of_the_rep() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.extend(range(51, 401))
        for _ in range(12):
            await pilot.press("pagedown")
            assert len(seen(app)) == 24
        assert len(app.wanted) <= 14


async def test_a_change_asks_again_and_keeps_the_old_words_till_then() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.silent = True
        app.table.repaint([2, 49])
        await pilot.pause()
        assert app.wanted == [(2,)]
        assert seen(app)[1] == 2
        app.table.supply({2: Cells(("Other name",))})
        await pilot.pause()
        assert "Other name" in screen_lines(app)[1]
        await pilot.press("end")
        assert 49 in app.wanted[-1]


async def test_marks() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.mark([1, 3])
        await pilot.pause()
        assert [line[:2] for line in screen_lines(app)[:3]] == ["+▶", " ●", "+●"]
        app.table.mark([1], on=False)
        app.table.drop([3])
        await pilot.pause()
        assert app.table.marked == set()
        assert not any(line.startswith("+") for line in screen_lines(app))


HOSTILE = [
    "Acme[/]",
    "[@click=app.quit]x[/]",
    "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m",
    "two\nlines\tand\rmore",
    "\u202eevil\u2066",
    "שלום עולם",
    "日本電気株式会社の長い名前",
    "e\u0301e\u0301e\u0301",
    "👨‍👩‍👧 and 👍🏽 ❤️",
    "🇪🇸",
    "नमस्ते",
    "\ud800x",
    "x" * 100_000,
    "\u200d\u200b\ufe0f",
    "",
]


async def test_hostile_names_stay_in_their_column_and_run_nothing() -> None:
    rows = {
        at: Cells((name, name, "why here", "Z9"), ("", "dim"), mark=name[:1] or " ") for at, name in enumerate(HOSTILE)
    }
    app = Lists(rows, rows)
    async with app.run_test(size=(80, 24)) as pilot:
        lines = screen_lines(app)[: len(HOSTILE)]
        for line in lines:
            assert cell_len(line.partition("why here")[0]) == 3 + 19 + 2 + 18 + 2
            assert cell_len(line.partition("Z9")[0]) == 3 + 19 + 2 + 18 + 2 + 31 + 2
            assert line.isprintable()
        assert lines[0][3:11] == "Acme[/] "
        for at in range(len(HOSTILE)):
            await pilot.click(LeadTable, offset=(4, at))
            assert app.table.current == at
        assert app.is_running


@pytest.mark.parametrize("columns", [60, 79, 80, 100, 160])
async def test_rows_fill_any_width(columns: int) -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.resize_terminal(columns, 30)
        await until(pilot, lambda: len(seen(app)) == 30)
        assert {cell_len(line) - columns for line in screen_lines(app)[:5]} == {-1}


async def until(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    for _ in range(100):
        if done():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to be")


async def test_a_cursor_move_draws_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdr.screens.lead_table.AHEAD", 0)  # nothing but what the key asks for
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        drawn: list[str] = []
        draw = app.table._pen.draw

        def counted(cells: Cells | None, current: bool, picked: bool) -> Strip:
            drawn.append(cells.texts[0] if cells else "")
            return draw(cells, current, picked)

        app.table._pen.draw = counted  # type: ignore[method-assign]
        await pilot.press("j")
        assert sorted(drawn) == ["Name 1", "Name 2"]


@pytest.mark.parametrize("key", ["j", "k"])
async def test_a_step_that_goes_on_by_half_a_page_finds_its_rows_drawn(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    draw = RowPen.draw

    def counted(pen: RowPen, cells: Cells | None, current: bool, picked: bool) -> Strip:
        drawn.append(current)
        return draw(pen, cells, current, picked)

    app = Lists(range(1, 1_000))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.extend(range(51, 400))
        if key == "k":
            await pilot.press("end")
        await pilot.pause()
        monkeypatch.setattr(RowPen, "draw", counted)
        tops, counts = [], []
        for _ in range(80):
            await pilot.press(key)
            await pilot.pause()
            tops.append(app.table.scroll_offset.y)
            counts.append(len(drawn))
    assert len(set(tops)) > 4
    # The rows that the cursor left and came to, and those of the half page to come: never half a page.
    assert max(after - before for before, after in pairwise(counts)) <= 2 + AHEAD


async def test_another_theme_is_worn_at_once() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        dark = app.table.render_line(0)
        app.theme = "desk-light"
        await pilot.pause()
        assert app.table.render_line(0).text == dark.text
        assert list(app.table.render_line(0)) != list(dark)


async def test_a_million_rows() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.replace(array("q", range(1, 1_000_001)))
        await pilot.press("end")
        assert seen(app)[-1] == 1_000_000
        await pilot.press("home")
        assert seen(app)[0] == 1
        assert app.table.move_to(654_321)
        await pilot.pause()
        assert 654_321 in seen(app)
        app.table.replace(array("q", range(1_000_000, 0, -1)))
        await pilot.pause()
        assert app.table.current == 654_321
        assert app.table.below == 1_000_000 - app.table.scroll_offset.y - 24
        assert not app.table.move_to(0)


async def test_words_held_are_bounded() -> None:
    app = Lists(range(1, 51))
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.extend(range(51, 3 * ROWS_HELD))
        app.table.supply(app.words(range(51, 3 * ROWS_HELD)))
        await pilot.press("end")
        assert len(seen(app)) == 24
        assert len(app.table._rows) <= ROWS_HELD
