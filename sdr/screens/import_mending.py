"""Rows that cannot come in, mended where they stand: Enter on the guilty cell, type, Enter, and the row is judged anew.

What is typed stands over the file's own cells until Backspace; the file itself is never written. Back on the import
the whole file is looked at again, and the mended rows come in with the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.exchange import alone
from sdr.exchange.alone import Judged
from sdr.exchange.intake import Plan
from sdr.exchange.rows_read import Seen
from sdr.exchange.tables import UnreadableFile
from sdr.exchange.verdicts import REJECT, Verdict
from sdr.screens.columns import Cells, Column
from sdr.screens.import_rows import RowsScreen
from sdr.screens.lines import Key, Part

BECOMES = {
    Verdict.CREATED: "mended: new",
    Verdict.UPDATED: "mended: updates",
    Verdict.KNOWN: "mended: known",
    Verdict.MERGED: "mended: joins",
    Verdict.REJECTED: "still bad",
}
SHOWN = 60  # characters of a cell


class MendingScreen(RowsScreen):
    """The bad rows; under them the cell that Enter changes."""

    columns: ClassVar[Sequence[Column]] = (
        Column("line", "line", 6, "right", keep=4),
        Column("name", "name", 15, keep=9),
        Column("company", "company", 12, keep=5),
        Column("verdict", "verdict", 15, keep=8),
        Column("why", "why", None, keep=7),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "cell(-1)", "the cell before", id="mending.left", show=False),
        Binding("right,l", "cell(1)", "the cell after", id="mending.right", show=False),
        Binding("d", "drop", "drop this cell, the rest moves left", id="mending.drop", show=False),
    ]

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, "bad")
        self.renewed: dict[int, Judged] = {}
        self.at = 0
        self._of: int | None = None

    def on_lead_table_highlighted(self, message: Any) -> None:
        """On another row its guilty cell is current."""
        if self.row is not None and self.row != self._of:
            self._of = self.row
            self.at = alone.guilty(self.plan, self._seen(self.row), self.home)
        super().on_lead_table_highlighted(message)

    @property
    def home(self) -> str | None:
        """Where numbers without a plus are dialled from."""
        return self.plan.options.country or self.desk.book.rep.country

    def _seen(self, row: int) -> Seen:
        return self.renewed[row].seen if row in self.renewed else self.plan.row(row)

    def _held(self, row: int) -> list[str]:
        """The cells as they stand, as many as there are columns at least; a judgement may still be under way."""
        found = self.plan.row(row)
        cells = self.plan.table.mended.get(found.line, found.cells)
        return [*cells, *[""] * (len(self.plan.table.header) - len(cells))]

    def _column(self, at: int) -> str:
        header = self.plan.table.header
        return header[at] if at < len(header) else f"cell {at + 1}, which has no column"

    # --- mending -----------------------------------------------------------------------------------------------

    def action_cell(self, step: int) -> None:
        """Another cell of the row."""
        if self.row is not None:
            self.at = (self.at + step) % len(self._held(self.row))
            self.draw()

    def on_lead_table_chosen(self) -> None:
        """Enter changes the cell."""
        if (row := self.row) is None:
            return

        held, at = self._held(row), min(self.at, len(self._held(row)) - 1)

        def typed(text: str) -> None:
            self._mend(row, (*held[:at], text.strip(), *held[at + 1 :]))

        self.ask_line(self._column(at)[:SHOWN], typed, value=held[at].strip())

    def action_drop(self) -> None:
        """For a row that a stray comma cut in two: the cells after it move to the left."""
        if self.row is not None:
            held = self._held(self.row)
            self._mend(self.row, (*held[: self.at], *held[self.at + 1 :]))

    def _mend(self, row: int, cells: tuple[str, ...]) -> None:
        """Keep the cells over those of the file; the row is judged at once."""
        line = self.plan.row(row).line
        self.plan.table.mended[line] = cells
        self._judge(row, line, cells)

    def action_unsay(self) -> None:
        """The cells of the file again."""
        if self.row is None:
            return
        self.plan.table.mended.pop(self.plan.row(self.row).line, None)
        self.renewed.pop(self.row, None)
        self.plan.verdicts.said.pop(self.row, "")
        self._show_row(self.row)

    @work(group="renewing")
    async def _judge(self, row: int, line: int, cells: tuple[str, ...]) -> None:
        def look(query: Any, *args: Any) -> Any:
            return self.desk.store.read(query, *args).result()

        try:
            good = [one.seen for one in self.renewed.values() if one.verdict != Verdict.REJECTED]
            found = await asyncio.to_thread(alone.judged, look, self.plan, line, cells, self.desk.now(), good)
        except UnreadableFile as fault:
            self.desk.tell(fault.message, "late")
            return
        if self.plan.table.mended.get(line) == cells:  # nothing else was typed meanwhile
            self.renewed[row] = found
            self._show_row(row)

    # --- drawing -----------------------------------------------------------------------------------------------

    def _cells(self, row: int) -> Cells:
        if row not in self.renewed:
            return super()._cells(row)
        seen, verdict, joins = self.renewed[row]
        why = seen.reason or (f"one with line {joins}" if joins else "")
        good = verdict != Verdict.REJECTED
        name = str(seen.values.get("name") or seen.values.get("email") or "".join(seen.cells[:1]))
        texts = (str(seen.line), name, str(seen.values.get("company") or ""), BECOMES[verdict], why)
        look = "done" if good else "late"
        return Cells(texts, ("dim", "", "dim", look, "dim"), self.signs.done if good else self.signs.no, look)

    def draw(self) -> None:
        """How many, the cell that Enter changes with what is wrong, and the whole row."""
        good = sum(one.verdict != Verdict.REJECTED for one in self.renewed.values())
        self.head([("bad rows", "now"), (f"   {len(self.rows):,}", "")], f"{good:,} mended" if good else "")
        if self.row is None:
            self.below("")
            return
        seen, held = self._seen(self.row), self._held(self.row)
        self.at = min(self.at, len(held) - 1)
        cell: list[Part] = [
            (f"{self._column(self.at)[:SHOWN]}   ", "now"),
            (held[self.at].strip()[:SHOWN] or "(blank)", ""),
            (f"   {self.at + 1} of {len(held)}", "dim"),
        ]
        why: list[Part] = [("why    ", "dim"), (seen.reason or self._well(self.row), "soon")]
        row: list[Part] = [("row    ", "dim"), (" · ".join(one.strip() for one in seen.cells if one.strip()), "dim")]
        self.below(cell, why, row)

    def _well(self, row: int) -> str:
        """What is to be said of a row that could come in."""
        if self.plan.verdicts.said.get(row) == REJECT:
            return "you left it out; Backspace takes that back"
        joins = self.renewed[row].joins if row in self.renewed else None
        return f"the same person as line {joins}: they come in as one" if joins else "nothing is wrong with it now"

    def keys(self) -> Sequence[Key]:
        """What can be done to a cell."""
        return (("Enter", "mend the cell"), ("← →", "another cell"), ("d", "drop it"), ("Backspace", "as it was"),
                ("r", "leave it out"), ("Esc", "back"))  # fmt: skip
