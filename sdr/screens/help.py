"""The keys that work on the screen below, under headings, as they are bound now."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from sdr.screens.card_view import Line
from sdr.screens.columns import fit
from sdr.screens.keys_here import Verb, grouped, verbs_of
from sdr.screens.lines import Key, styled
from sdr.screens.room import PLACES, Room

LEAST = 36  # cells of a column
BETWEEN = 2  # cells between two


class HelpScreen(Room):
    """What every key does on the screen this was opened from."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll(1)", "down", id="help.down", show=False),
        Binding("k,up", "scroll(-1)", "up", id="help.up", show=False),
    ]

    def body(self) -> ComposeResult:
        """One text in columns, which scrolls."""
        with VerticalScroll(id="sheet", can_focus=False):
            yield Static(id="keys_here", markup=False)

    def on_mount(self) -> None:
        """Read the keys of the screen below."""
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else self
        self._verbs = verbs_of(below)
        self.head([("keys here", "now")], [(f"{len(self._verbs)} verbs", "dim")])
        self._draw()

    def on_resize(self) -> None:
        """As many columns as fit."""
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        width = self.app.size.width - 3
        self.query_one("#keys_here", Static).update(sheet(blocks_of(self._verbs), width))

    def keys(self) -> Sequence[Key]:
        """How to read on and how to leave."""
        return (("j k", "scroll"), (":", "every verb, to search and run"), ("Esc", "close"))

    def action_scroll(self, lines: int) -> None:
        """A line up or down."""
        self.query_one("#sheet", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_palette(self) -> None:
        """Every verb of the screen below, not of this sheet."""
        self.action_back()
        self.app.call_later(self.desk.open_place, "palette")

    def action_help(self) -> None:
        """The key that opened it closes it."""
        self.action_back()


def blocks_of(verbs: Sequence[Verb]) -> list[list[Line]]:
    """A heading and its verbs, a verb a line; the places stand under Go."""
    blocks: list[list[Line]] = []
    for group, members in grouped(verbs).items():
        block: list[Line] = [[(group, "now")], *(_row(" ".join(verb.keys), verb.words) for verb in members)]
        go = next((verb.keys[0] for verb in members if verb.id == "go.menu"), None)
        if go is not None:
            block += [_row(f"{go} {place.key}", place.label) for place in PLACES]
        blocks.append([*block, []])
    return blocks


def _row(keys: str, words: str) -> Line:
    return [(f" {fit(keys, 9) if cell_len(keys) <= 9 else keys} ", ""), (words, "dim")]


def sheet(blocks: Sequence[Sequence[Line]], width: int) -> Content:
    """The blocks in as many columns as `width` cells hold, as short as they can be without breaking a block."""
    across = max(1, (width + BETWEEN) // (LEAST + BETWEEN))
    down = max((len(block) for block in blocks), default=1)
    while len(columns := _columns(blocks, down)) > across:
        down += 1
    room = (width + BETWEEN) // len(columns) - BETWEEN
    rows = zip_longest(*columns, fillvalue=())
    return Content("\n").join(_joined(row, room) for row in rows)


def _columns(blocks: Sequence[Sequence[Line]], down: int) -> list[list[Line]]:
    """The blocks in columns of at most `down` lines (the empty line after a block may fall off)."""
    columns: list[list[Line]] = [[]]
    for block in blocks:
        if columns[-1] and len(columns[-1]) + len(block) - 1 > down:
            columns.append([])
        columns[-1] += block
    return columns


def _joined(row: Sequence[Line], room: int) -> Content:
    found = Content("")
    for line in row:
        words = styled(line)
        found += words.truncate(room, ellipsis=True).pad_right(max(0, room - words.cell_length) + BETWEEN)
    return found
