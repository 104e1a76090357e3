"""Foreign text in every kind of widget is shown letter by letter, runs nothing and ends nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.widgets import Button, Checkbox, DataTable, Label, OptionList, Static
from textual.widgets.option_list import Option

from sdr.screens.safe import LONGEST, MOST_LINES, SafeLines, safe, safe_text, shown
from tests.screens.dump import screen_text

HOSTILE = [
    "Acme[/]",
    "Acme [/EMEA]",
    "Acme [bold",
    "[0] Acme",
    "[a=b",
    "[@click=app.quit]x[/]",
    "[@click=app.x('] A",
    "[link=https://example.com]x[/link]",
    "\\[red]",
    "[$primary]x",
    "trailing \\",
]
CONTROL = "\x1b]52;c;aGk=\x1b\\\x1b[31m\x9b32m\x9d0;t\x9c\x00\x7f\u202e\u2066\u200f\u2028\ufeff\x08\x07"
BLACK = Color(0, 0, 0)


class Slots(App[None]):
    """One widget of each kind that takes text, holding `name`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.lead_name = name

    def compose(self) -> ComposeResult:
        name = safe(self.lead_name)
        yield Static(name)
        yield Label(name)
        yield Button(name)
        yield Checkbox(name)
        yield OptionList(name, Option(name))
        yield DataTable()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_column(safe_text(self.lead_name))
        table.add_row(safe_text(self.lead_name))
        self.notify(self.lead_name, markup=False)


@pytest.mark.parametrize("name", HOSTILE)
async def test_every_slot_shows_the_name_as_it_is(name: str) -> None:
    app = Slots(name)
    async with app.run_test(size=(100, 50)) as pilot:
        await pilot.pause()
        assert screen_text(app).count(name) >= 8
        await pilot.click(Static)
        await pilot.click(Label)
        assert app.is_running
        assert app.return_value is None


@given(st.text(max_size=80))
def test_safe_is_the_cleaned_text_and_never_markup(text: str) -> None:
    assert safe(text).plain == shown(text) == safe(text, "bold").plain
    assert not safe(text).spans
    assert safe_text(text).plain == shown(text).replace("\n", " ")


@given(st.text())
def test_nothing_shown_drives_a_terminal(text: str) -> None:
    assert not SafeLines.BAD.search(shown(CONTROL + text + CONTROL))


@pytest.mark.parametrize(
    ("text", "longest", "lines"),
    [("x" * 3_000, LONGEST, 1), ("y\n" * 1_000_000, LONGEST, MOST_LINES), ("z", 1, 1), ("a\nb", 3, 2)],
)
def test_what_is_shown_is_bounded(text: str, longest: int, lines: int) -> None:
    part = shown(text)
    assert len(part) <= longest
    assert part.count("\n") + 1 == lines
    assert part.endswith("…") == (part != text)


def test_the_filter_takes_the_signs_and_keeps_the_rest() -> None:
    bold = Style(bold=True)
    control = Segment(CONTROL, None, [(ControlType.BELL,)])  # Textual's own: a cursor move, a bell
    segments = [Segment(f"a{CONTROL}b", bold), control, Segment("日本 👩‍💻", None)]
    drawn = SafeLines().apply(segments, BLACK)
    assert drawn[0].text == "a]52;c;aGk=\\[31m32m0;tb"
    assert drawn[0].style == bold
    assert drawn[1:] == segments[1:]
