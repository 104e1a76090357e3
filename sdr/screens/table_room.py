"""A screen that is one short table with a few lines under it: handoffs, sources, the day's end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from sdr.screens.columns import GAP, GUTTER, Cells, Column, fit, lay_out
from sdr.screens.lead_table import LeadTable
from sdr.screens.lines import Line, Part, Rule, WordsLine, styled
from sdr.screens.look import Marks
from sdr.screens.room import Room


class ColumnHeads(Line):
    """What the columns of the table under it hold; over a table without rows, what the screen says of that."""

    DEFAULT_CSS = "ColumnHeads { padding: 0; }"

    def __init__(self, columns: Sequence[Column], *, signs: Marks) -> None:
        super().__init__(id="heads", signs=signs)
        self.columns = columns
        self.instead = ""

    def over(self, instead: str) -> None:
        """The rows under it changed; `instead` is said where there are none."""
        self.instead = instead
        self.refresh()

    def render(self) -> Content:
        """The labels, each where its column stands in the table under it."""
        table = self.screen.query_one("#list", LeadTable)
        if not table.count:
            return styled([(" " * GUTTER + self.instead, "")])
        room = table.scrollable_content_region.width
        widths = lay_out(self.columns, room or self.content_size.width)
        shown = [(column, width) for column, width in zip(self.columns, widths, strict=True) if width]
        words = (" " * GAP).join(fit(column.label, width, column.align) for column, width in shown)
        return styled([(" " * GUTTER + words, "dim")])


class TableRoom(Room):
    """The frame of such a screen. Its rows have ids of any kind; `draw` fills it."""

    columns: ClassVar[Sequence[Column]] = ()
    under: ClassVar[int] = 3  # lines under the table

    def body(self) -> ComposeResult:
        """Heads, rows, a rule, the lines about the current row."""
        yield ColumnHeads(self.columns, signs=self.signs)
        yield LeadTable(self.columns, signs=self.signs, id="list")
        yield Rule(signs=self.signs)
        for number in range(self.under):
            yield WordsLine(id=f"under-{number}", signs=self.signs)

    @property
    def table(self) -> LeadTable:
        """The rows."""
        return self.query_one("#list", LeadTable)

    def on_mount(self) -> None:
        """Read what there is."""
        self.refresh_rows()

    def on_changed(self, leads: Set[int]) -> None:
        """Anything may have moved a number."""
        self.refresh_rows()

    def put(self, rows: dict[int, Cells]) -> None:
        """These rows, in order; the cursor keeps its row when it is still there."""
        self.put_ids(rows, rows)

    def put_ids(self, ids: Iterable[int], rows: Mapping[int, Cells]) -> None:
        """As `put`, of rows whose words are known, and of others that are asked for when they come to be seen."""
        if self.table.count:
            self.table.replace(ids)
            self.table.supply(rows)
        else:
            self.table.show(ids, rows)
        self.query_one(ColumnHeads).over(self.nothing())
        self.draw()
        self.show_keys()

    def nothing(self) -> str:
        """What stands in place of the heads while the table has no rows."""
        return ""

    def draw(self) -> None:
        """The first line and the lines under the table; screens say theirs."""

    def below(self, *lines: Sequence[Part] | str) -> None:
        """The lines under the table."""
        for number in range(self.under):
            self.query_one(f"#under-{number}", WordsLine).show(lines[number] if number < len(lines) else "")

    def on_lead_table_highlighted(self, message: LeadTable.Highlighted) -> None:
        """Another row is current."""
        self.draw()
        self.show_keys()
