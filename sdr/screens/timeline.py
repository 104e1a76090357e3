"""A lead's timeline on screen: entries that scroll under a cursor, each opened to show what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from sdr.screens.card_view import Line
from sdr.screens.columns import GUTTER
from sdr.screens.entries import Told, entry_lines
from sdr.screens.lines import parts
from sdr.screens.look import LOOKS, UNICODE, Marks
from sdr.store.queries.leads import Entry, FieldEdit, Words


class Timeline(ScrollView, can_focus=True):
    """The entries, a cursor on one. `Opened` asks the screen for an entry's edits; `open` shows them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"timeline--current", *(f"timeline--{look}" for look in LOOKS)}
    DEFAULT_CSS = """
    Timeline {
        height: 1fr;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & > .timeline--current { background: $now-row; text-style: bold; }
        & > .timeline--now { color: $now; }
        & > .timeline--dim { color: $dim; }
        & > .timeline--late { color: $late; }
        & > .timeline--soon { color: $soon; }
        & > .timeline--done { color: $done; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", "next", id="timeline.down", show=False),
        Binding("k,up", "step(-1)", "previous", id="timeline.up", show=False),
        Binding("pagedown", "turn(1)", "a page down", id="timeline.page_down", show=False),
        Binding("pageup", "turn(-1)", "a page up", id="timeline.page_up", show=False),
        Binding("home", "top", "newest", id="timeline.top", show=False),
        Binding("end", "bottom", "oldest", id="timeline.bottom", show=False),
        Binding("enter", "open", "what it changed", id="timeline.open", show=False),
    ]

    class Opened(Message):
        """The edits of this act are wanted."""

        def __init__(self, step: int) -> None:
            self.step = step
            super().__init__()

    def __init__(self, *, signs: Marks = UNICODE, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.signs = signs
        self.entries: Sequence[Entry] = ()
        self.cursor = 0
        self._words: dict[int, tuple[Words, ...]] = {}
        self._open: dict[int, tuple[FieldEdit, ...]] = {}
        self._about = ("", "UTC", datetime.fromtimestamp(0, UTC))
        self._lines: list[tuple[int, Line]] = []

    def show(self, entries: Sequence[Entry], words: Sequence[Words], name: str, zone: str, now: datetime) -> None:
        """Other entries; the cursor stays on its act. `name` is left out of the summaries, `zone` is the rep's."""
        current = self.entries[self.cursor].step if self.entries else None
        self.entries, self._about = entries, (name, zone, now)
        self._words = {step: tuple(w for w in words if w.step == step) for step in {w.step for w in words}}
        self.cursor = next((n for n, entry in enumerate(entries) if entry.step == current), 0)
        self._lay_out()

    def open(self, step: int, edits: tuple[FieldEdit, ...]) -> None:
        """Show what act `step` changed under its entry."""
        self._open[step] = edits
        self._lay_out()
        self._keep_in_sight()

    def action_open(self) -> None:
        """Open the entry under the cursor, or close it."""
        if not self.entries:
            return
        step = self.entries[self.cursor].step
        if self._open.pop(step, None) is None:
            self.post_message(self.Opened(step))
        else:
            self._lay_out()

    def action_step(self, entries: int) -> None:
        """To the next entry; a long one is scrolled through first."""
        first, last = self._rows_of(self.cursor)
        top, page = self.scroll_offset.y, max(1, self.scrollable_content_region.height)
        if entries > 0 and last >= top + page and first <= top:
            self.scroll_to(y=top + 1, animate=False, force=True)
        elif entries < 0 and first < top:
            self.scroll_to(y=top - 1, animate=False, force=True)
        else:
            self._go(self.cursor + entries)

    def action_turn(self, pages: int) -> None:
        """A page on: the cursor to the entry at that place."""
        first, _last = self._rows_of(self.cursor)
        row = max(0, min(first + pages * self.scrollable_content_region.height, len(self._lines) - 1))
        self._go(self._lines[row][0] if self._lines else 0)

    def action_top(self) -> None:
        """The newest act."""
        self._go(0)

    def action_bottom(self) -> None:
        """The oldest act."""
        self._go(len(self.entries) - 1)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; a second one opens."""
        row = self.scroll_offset.y + event.y
        if row < len(self._lines):
            self._go(self._lines[row][0])
            if event.chain > 1:
                self.action_open()

    def on_resize(self) -> None:
        """Another width wraps anew."""
        self._lay_out()
        self._keep_in_sight()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def _go(self, entry: int) -> None:
        self.cursor = max(0, min(entry, len(self.entries) - 1))
        self._keep_in_sight()
        self.refresh()

    def _rows_of(self, entry: int) -> tuple[int, int]:
        rows = [row for row, (owner, _line) in enumerate(self._lines) if owner == entry]
        return (rows[0], rows[-1]) if rows else (0, 0)

    def _keep_in_sight(self) -> None:
        first, last = self._rows_of(self.cursor)
        top, page = self.scroll_offset.y, max(1, self.scrollable_content_region.height)
        if first < top or last - first >= page:
            self.scroll_to(y=first, animate=False, force=True)
        elif last >= top + page:
            self.scroll_to(y=last - page + 1, animate=False, force=True)

    def _lay_out(self) -> None:
        width = max(20, self.scrollable_content_region.width - GUTTER)
        name, zone, now = self._about
        self._lines = [
            (place, line)
            for place, entry in enumerate(self.entries)
            for line in entry_lines(
                Told(entry, self._words.get(entry.step, ()), self._open.get(entry.step), name, zone, now),
                width,
                self.signs,
            )
        ]
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, row = self.scrollable_content_region.width, self.scroll_offset.y + y
        if row >= len(self._lines):
            return Strip.blank(width, self._style("", False))
        owner, line = self._lines[row]
        # Only the first line of the current entry is lit: what was said or changed in it is read, not chosen.
        current = owner == self.cursor and (row == 0 or self._lines[row - 1][0] != owner)
        mark = self.signs.now if current else " "
        pieces = [Segment(f" {mark} ", self._style("now", current))]
        pieces += [Segment(text, self._style(look, current)) for text, look in parts(line)]
        return Strip(pieces).adjust_cell_length(width, self._style("", current))

    def _style(self, look: str, current: bool) -> Style:
        style = self.rich_style
        for part, wanted in ((look, bool(look)), ("current", current)):
            if wanted:
                style += self.get_component_rich_style(f"timeline--{part}", partial=True)
        return style
