"""What is kept as it was drawn is given up whenever it would be drawn otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import ComposeResult

from sdr.screens.lines import WordsLine
from sdr.screens.still import Ground, Still
from sdr.screens.terminal import LivingApp
from tests.screens.desk_app import desk_app
from tests.screens.dump import screen_lines


class Standing(LivingApp):
    """A line on the ground; `drawn` counts how often the line was made anew."""

    drawn = 0

    def compose(self) -> ComposeResult:
        app = self

        class Counted(WordsLine):
            def render_line(self, y: int) -> object:  # type: ignore[override]
                app.drawn += 1
                return super().render_line(y)

        with Ground():
            yield Counted(id="one")
            yield WordsLine(id="two")


def said(app: Standing, line: str, words: str) -> None:
    app.query_one(f"#{line}", WordsLine).show(words)


async def test_a_line_is_not_drawn_again_because_its_neighbour_is() -> None:
    app = Standing()
    async with app.run_test(size=(60, 20)) as pilot:
        said(app, "one", "stays")
        await pilot.pause()
        before = app.drawn
        for number in range(5):
            said(app, "two", f"changes {number}")
            await pilot.pause()
        assert app.drawn == before
        assert [line.strip() for line in screen_lines(app)[:2]] == ["stays", "changes 4"]


@pytest.mark.parametrize(
    "change",
    [
        lambda app: said(app, "one", "other words"),
        lambda app: setattr(app, "theme", "desk-light"),
        lambda app: app.query_one(Ground).set_styles("background: red;"),
        lambda app: app.query_one("#one").set_styles("color: red;"),
        lambda app: app.query_one("#one").set_styles("width: 10;"),
    ],
    ids=["words", "theme", "ground", "colour", "width"],
)
async def test_whatever_changes_it_is_drawn(change: Callable[[Standing], None]) -> None:
    app = Standing()
    async with app.run_test(size=(60, 20)) as pilot:
        said(app, "one", "some words")
        await pilot.pause()
        before = app.screen._compositor.render_strips()
        change(app)
        await pilot.pause()
        shown = app.screen._compositor.render_strips()
        assert shown != before
        for widget in app.query(Still):
            widget._drawn_lines = None
        assert app.screen._compositor.render_strips() == shown


async def test_another_size_of_the_terminal_is_filled() -> None:
    app = Standing()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert {strip.cell_length for strip in app.screen._compositor.render_strips()} == {80}


async def test_what_stands_on_the_ground_has_its_place(tmp_path: Path) -> None:
    async with desk_app(tmp_path) as driven:
        driven.desk.new_lead()
        await driven.press("R")
        assert "why   new" in driven.text()  # the card under the list
        assert driven.app.screen.layers[:2] == ("base", "asking")
