"""The single lines of a screen fit their width, cut foreign text, and never lay the screen out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import ComposeResult

from sdr.screens.lines import HeadLine, KeyLine, ResultLine, Rule, cut_parts, fitting, length, parts
from sdr.screens.terminal import LivingApp
from tests.screens.dump import screen_lines

KEYS = [("c", "call"), ("e", "do step"), ("z", "snooze"), ("i", "reply"), ("o", "answers"), ("h", "hand off")]


class Lines(LivingApp):
    """All four lines, one under another."""

    def compose(self) -> ComposeResult:
        yield HeadLine(id="head")
        yield Rule(classes="rule")
        yield KeyLine(id="keys")
        yield ResultLine(id="result")


@pytest.mark.parametrize("width", [60, 80, 100])
async def test_the_lines_of_a_screen(width: int) -> None:
    app = Lines()
    async with app.run_test(size=(width, 24)) as pilot:
        app.query_one(HeadLine).show([("queue", ""), ("  !1 late", "late"), ("  new 12", "")], "calls 14/45")
        app.query_one(KeyLine).show(KEYS)
        app.query_one(ResultLine).show("✓ Lee: no answer", "done", tail="u undo")
        await pilot.pause()
        head, rule, keys, result = screen_lines(app)[:4]
        assert head == " queue  !1 late  new 12" + " " * (width - 24 - 11) + "calls 14/45"
        assert rule == " " + "─" * (width - 2)
        assert keys.startswith(" c call  e do step  z snooze")
        assert keys.endswith("  ?")
        assert result == " ✓ Lee: no answer · u undo"


async def test_foreign_text_is_shown_and_the_undo_is_never_cut() -> None:
    app = Lines()
    async with app.run_test(size=(60, 24)) as pilot:
        app.query_one(HeadLine).show("[@click=app.quit]x[/] \x1b[31m", "[/]")
        app.query_one(ResultLine).show("日本" * 100 + "[/]", "done", tail="u undo")
        await pilot.pause()
        head, _rule, _keys, result = screen_lines(app)[:4]
        assert head.startswith(" [@click=app.quit]x[/]  ")
        assert head.endswith("[/]")
        assert result.endswith("… · u undo")
        assert cell_len(result) <= 59
        await pilot.click(HeadLine)
        assert app.is_running


async def test_the_right_words_leave_before_the_left() -> None:
    app = Lines()
    async with app.run_test(size=(60, 24)) as pilot:
        app.query_one(HeadLine).show("where I am and what waits", "p" * 40)
        await pilot.pause()
        assert screen_lines(app)[0] == " where I am and what waits"


async def test_showing_other_words_lays_nothing_out() -> None:
    app = Lines()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = app.screen._layout_updates
        for line in (app.query_one(HeadLine), app.query_one(ResultLine)):
            line.show("other words")
        app.query_one(KeyLine).show(KEYS[:1])
        await pilot.pause()
        assert "other words" in screen_lines(app)[0]
        assert app.screen._layout_updates == before


@given(st.lists(st.tuples(st.text(max_size=12), st.sampled_from(["", "late"]))), st.integers(1, 60))
def test_cut_parts_fit_and_lose_nothing_that_fits(pieces: list[tuple[str, str]], width: int) -> None:
    cleaned = parts(pieces)
    kept = cut_parts(cleaned, width)
    assert length(kept) <= width
    if length(cleaned) <= width:
        assert kept == cleaned


@given(st.integers(1, 100))
def test_keys_are_shown_whole_from_the_most_useful_on(width: int) -> None:
    shown = KeyLine()
    shown.keys, shown.always = KEYS, [("?", "")]
    fitting = shown.fitting(width)
    assert fitting == [*KEYS[: len(fitting) - 1], ("?", "")]
    words = "  ".join(" ".join(filter(None, key)) for key in fitting)
    assert cell_len(words) <= width or len(fitting) == 1


@pytest.mark.parametrize(
    ("width", "said"),
    [(40, "1 all 75  2 open 46  3 won 5"), (28, "1 all 75  2 open 46  3 won 5"), (27, "1 all 75  2 open 46  …"),
     (21, "1 all 75  …"), (11, "1 all 75  …"), (4, "…")],
)  # fmt: skip
def test_units_that_do_not_fit_are_left_out_whole(width: int, said: str) -> None:
    units = [[(digit, "now"), (words, "")] for digit, words in (("1", " all 75"), ("2", " open 46"), ("3", " won 5"))]
    assert "".join(text for text, _ in fitting(units, width, "…")) == said
