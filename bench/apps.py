"""The smallest Textual programs that do what the desk does: paint one line; list leads with a detail pane.

They are floors, so they do the least: no keys but `j` and `k`, no columns, no colour. Started as
`python -c "from bench.apps import hello; hello()"`, with the database in BENCH_DB.
"""

from __future__ import annotations

import os
import sqlite3

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static


class Hello(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        yield Static("lead 00000001")


class Leads(ScrollView, can_focus=True):
    """Leads by id, a line each, read when drawn."""

    BINDINGS = [("j", "move(1)", "next"), ("k", "move(-1)", "back")]  # noqa: RUF012  # Textual reads it from the class

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__()
        self.db, self.at = db, 0
        self.virtual_size = Size(80, db.execute("SELECT max(id) FROM lead").fetchone()[0])

    def lead(self, line: int) -> tuple[str, ...]:
        """The words of one lead."""
        return tuple(
            self.db.execute("SELECT id, name, email, phone, company FROM lead WHERE id = ?", (line + 1,)).fetchone()
        )

    def render_line(self, y: int) -> Strip:
        line = self.scroll_offset.y + y
        key, name, _, phone, company = self.lead(line)
        here = ">" if line == self.at else " "
        return Strip([Segment(f"{here} lead {key:08d} {name[:20]} {phone} {company}"[:70])]).adjust_cell_length(
            self.size.width
        )

    def action_move(self, by: int) -> None:
        before, self.at = self.at, self.at + by
        top, height = int(self.scroll_offset.y), self.size.height
        if not top <= self.at < top + height:  # a page at a time: the fewest lines to paint
            self.scroll_to(y=self.at if by > 0 else self.at - height + 1, animate=False, immediate=True)
        for line in (before, self.at):
            self.refresh(Region(0, line - self.scroll_offset.y, self.size.width, 1))
        key, *words = self.lead(self.at)
        self.app.query_one(Static).update(f"detail {key:08d}\n" + "\n".join(words), layout=False)


class ListApp(App[None]):
    """The list above, one lead's words below."""

    CSS = "Leads { height: 1fr } Static { height: 8 }"

    def compose(self) -> ComposeResult:
        yield Leads(sqlite3.connect(os.environ["BENCH_DB"]))
        yield Static("detail 00000001", markup=False)


def hello() -> None:
    """Run the one line."""
    Hello().run()


def leads() -> None:
    """Run the list."""
    ListApp().run()
