"""A list of leads that opens at once and stays quick at a million rows; one widget, and its keys, hence long.

The table holds the ids of all rows in order, and the words of only those near the screen. It never reads: it asks
with `RowsWanted`, and the screen answers with `supply`. The cursor is a lead, not a line, so a new order keeps the
rep where they were. A rule may part the rows (`part`): it is no row, the cursor passes over it. Cells are plain words
with a look; nothing in them is markup. Borders, padding and opacity are not drawn: put a list in something that has
them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from sdr.screens.columns import Cells, Column
from sdr.screens.held import Held
from sdr.screens.lead_order import LeadOrder
from sdr.screens.lead_row import RowPen
from sdr.screens.look import LOOKS, UNICODE, Marks

ROWS_HELD = 500  # rows of words kept: a dozen screens, half a megabyte
STRIPS_HELD = 256  # rows kept as drawn: a few screens; with what Textual keeps in each, one takes kilobytes
AHEAD = 2  # rows drawn with each step, of those that come in sight later: more than a step brings
RULE = (0, False, False)  # where the strip of the rule is kept: no lead has the id 0


class LeadTable(ScrollView, can_focus=True):
    """The list. Ids are 63-bit lead ids; lines are row numbers from 0."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lead-table--current",
        *(f"lead-table--{look}" for look in LOOKS),
    }
    DEFAULT_CSS = """
    LeadTable {
        height: 1fr;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        scrollbar-size: 0 0;
        & > .lead-table--current { background: $now-row; text-style: bold; }
        & > .lead-table--now { color: $now; }
        & > .lead-table--dim { color: $dim; }
        & > .lead-table--late { color: $late; }
        & > .lead-table--soon { color: $soon; }
        & > .lead-table--done { color: $done; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", "next", id="table.down", show=False),
        Binding("k,up", "step(-1)", "previous", id="table.up", show=False),
        Binding("pagedown", "page(1)", "a page down", id="table.page_down", show=False),
        Binding("pageup", "page(-1)", "a page up", id="table.page_up", show=False),
        Binding("home", "top", "first", id="table.top", show=False),
        Binding("end", "bottom", "last", id="table.bottom", show=False),
        Binding("enter", "choose", "open", id="table.choose", show=False),
    ]

    class _Told(Message):
        def __init__(self, table: LeadTable, lead_id: int) -> None:
            self.table = table
            self.lead_id = lead_id
            super().__init__()

        @property
        def control(self) -> LeadTable:
            return self.table

    class Highlighted(_Told):
        """The cursor stands on another lead. Only the last of several matters."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LeadTable.Highlighted) and message.table is self.table

    class NoneChosen(Message):
        """Enter on a list without rows."""

    class Chosen(_Told):
        """The rep pressed Enter, or clicked twice."""

    class RowsWanted(Message):
        """These rows are missing: all that are near the screen, so a newer one replaces an older."""

        def __init__(self, table: LeadTable, ids: tuple[int, ...]) -> None:
            self.table = table
            self.ids = ids
            super().__init__()

        @property
        def control(self) -> LeadTable:
            return self.table

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LeadTable.RowsWanted) and message.table is self.table

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        signs: Marks = UNICODE,
        id: str | None = None,  # noqa: A002
        moved: Callable[[], None] | None = None,
    ) -> None:
        """`moved` is called in place of `Highlighted`, and at once: what it draws shares the key's frame."""
        super().__init__(id=id)
        self._moved = moved
        self.columns = tuple(columns)
        self.signs = signs
        self.marked: set[int] = set()
        self._order = LeadOrder()
        self._rows: Held[int, Cells] = Held(ROWS_HELD)
        self._strips: Held[tuple[int, bool, bool], Strip] = Held(STRIPS_HELD)
        self._asked: frozenset[int] = frozenset()
        self._drawn: tuple[tuple[Region, int], list[Strip]] | None = None  # the lines drawn last, and of what
        self._stale: set[int] = set()  # those of them that have changed since
        self._pen = RowPen(self.columns, signs, 0, self._style_of)
        self._looks: dict[tuple[str, bool], Style] = {}
        self._parted = ""
        self._steps: dict[str, int] | None = None  # rows by key, asked for when the first comes

    # --- what it holds -----------------------------------------------------------------------------------------

    @property
    def current(self) -> int | None:
        """The lead under the cursor, or None when the list is empty."""
        return self._order.current

    @property
    def line(self) -> int:
        """The row number of the cursor, from 0."""
        return self._order.line

    @property
    def count(self) -> int:
        """How many rows the list holds."""
        return len(self._order)

    @property
    def below(self) -> int:
        """How many rows lie under the last one on the screen: there is no scrollbar, a screen says `31 more`."""
        shown = self.scroll_offset.y + self.page
        gap = self._order.gap
        return max(0, self.count - shown + (gap is not None and gap < shown))

    @property
    def page(self) -> int:
        """How many rows the screen shows."""
        return max(1, self.size.height)

    def show(self, ids: Iterable[int], rows: Mapping[int, Cells]) -> None:
        """A new list: its first page of `ids` and their `rows`, the cursor on the first. `extend` brings the rest."""
        self._order = LeadOrder(ids)
        self.marked.clear()
        self._asked = frozenset()
        self._rows.clear()
        self._strips.clear()
        self._hold(rows)
        self.scroll_to(y=0, animate=False, force=True)
        self._counted()
        self._tell()

    def extend(self, ids: Iterable[int]) -> None:
        """More rows after the last; the cursor and the screen stay as they are."""
        empty = not self.count
        self._order.ids.extend(ids)
        self._counted()
        if empty:
            self._tell()

    def replace(self, ids: Iterable[int]) -> None:
        """Another order, or other rows. The cursor keeps its lead and its line of the screen.

        If the lead is gone, the cursor stands on the row that took its place. An `array("q")` is taken over.
        """
        lead, above = self.current, self._above
        self._order.replace(ids)
        self._asked = frozenset()
        self._counted()
        self._stay(above)
        if self.current != lead:
            self._tell()

    def part(self, lead: int | None, words: str = "") -> None:
        """A thin rule with a few words above the row of `lead`; without one, or with one not in the list, none.

        The cursor keeps its lead and, where the list is long enough, its line of the screen.
        """
        gap = None if lead is None else self._order.row_of(lead)
        if gap == self._order.gap and words == self._parted:
            return
        above, self._order.gap, self._parted = self._above, gap, words
        self._strips.discard(RULE)
        self._counted()
        self._stay(above)

    def drop(self, ids: Collection[int]) -> None:
        """Takes rows out; a cursor on one of them moves to the row that took its place."""
        lead, top = self.current, self.scroll_offset.y
        self._order.drop(frozenset(ids), range(max(0, top - self.page), top + 2 * self.page))
        self.marked.difference_update(ids)
        self._counted()
        self._keep_in_sight()
        if self.current != lead:
            self._tell()

    def supply(self, rows: Mapping[int, Cells]) -> None:
        """The words of rows asked for (others are welcome); lines on the screen are drawn anew."""
        self._hold(rows)
        self._redraw(rows.keys())

    def repaint(self, ids: Collection[int]) -> None:
        """These leads changed: forget their words and ask again; those on the screen stay readable meanwhile."""
        near = self._near(self.page)
        if len(ids) > ROWS_HELD:  # more than there are words of: all are forgotten
            shown = {lead: cells for lead in near if (cells := self._rows.get(lead)) is not None}
            self._rows.clear()
            self._strips.clear()
            self._hold(shown)
        else:
            for lead in set(ids).difference(near):
                self._rows.discard(lead)
                self._forget_strips(lead)
        if any(lead in ids for lead in near):
            self._ask(tuple(lead for lead in near if lead in ids or lead not in self._rows))

    def mark(self, ids: Iterable[int], on: bool = True) -> None:
        """Picks rows out, or lets go of them; `marked` holds the picked ids."""
        changed = set(ids)
        if on:
            self.marked |= changed
        else:
            self.marked -= changed
        self._redraw(changed)

    def move_to(self, lead: int) -> bool:
        """Puts the cursor on `lead`; False if it is not in the list."""
        row = self._order.row_of(lead)
        if row is not None:
            self._go(row)
        return row is not None

    def near_ids(self) -> array[int]:
        """The ids on the screen and a page on either side."""
        return self._near(self.page)

    def all_ids(self) -> array[int]:
        """A copy of the ids in order."""
        return self._order.ids[:]

    # --- keys and mouse ----------------------------------------------------------------------------------------

    def rows_of(self, key: str) -> int:
        """By how many rows `key`, or what the rep put in its place, moves the cursor; 0 when it does something else."""
        if self._steps is None:
            own = {"table.down": 1, "table.up": -1}
            bound = self.screen.active_bindings.items()
            self._steps = {key: own.get(one.binding.id or "", 0) for key, one in bound if one.node is self}
        return self._steps.get(key, 0)

    def action_step(self, rows: int) -> None:
        self._go(self.line + rows)

    def action_page(self, pages: int) -> None:
        self._go(self.line + pages * self.page)

    def action_top(self) -> None:
        self._go(0)

    def action_bottom(self) -> None:
        self._go(self.count - 1)

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self, self.current) if self.current is not None else self.NoneChosen())

    def on_click(self, event: events.Click) -> None:
        row = self._order.row_at(self.scroll_offset.y + event.y)
        if row is None or row >= self.count:
            return
        if row == self.line and event.chain > 1:
            self.action_choose()
        self._go(row)

    def _go(self, row: int) -> None:
        row = max(0, min(row, self.count - 1))
        if row == self.line or not self.count:
            return
        before, self._order.line = self.line, row
        self.refresh_line(self._order.y_of(before))
        self.refresh_line(self._order.y_of(row))
        self._keep_in_sight()
        self._tell()
        self.call_after_refresh(self._draw_ahead, row > before)

    @property
    def _above(self) -> int:
        """How many lines of the screen stand above the cursor's."""
        return self._order.y_of(self.line) - self.scroll_offset.y

    def _stay(self, above: int) -> None:
        """The cursor on the same line of the screen as before."""
        self.scroll_to(y=self._order.y_of(self.line) - above, animate=False, force=True)
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """At the edge the list goes on by half a page: what comes next is seen, and few keys draw every row anew."""
        y = self._order.y_of(self.line)
        if not 0 <= y - self.scroll_offset.y < self.page:
            self.scroll_to(y=y - self.page // 2, animate=False, force=True)

    def _tell(self) -> None:
        if self.current is None:
            return
        if self._moved is not None:
            self._moved()
        else:
            self.post_message(self.Highlighted(self, self.current))

    # --- rows --------------------------------------------------------------------------------------------------

    def _hold(self, rows: Mapping[int, Cells]) -> None:
        for lead, cells in rows.items():
            self._rows.put(lead, cells)
            self._forget_strips(lead)
        self._asked = self._asked.difference(rows)

    def _forget_strips(self, lead: int) -> None:
        for current in (False, True):
            for picked in (False, True):
                self._strips.discard((lead, current, picked))

    def _near(self, pages: int) -> array[int]:
        top = self.scroll_offset.y
        return self._order.ids[max(0, top - pages) : top + self.page + pages]

    def _want(self) -> None:
        """Asks for the words missing within half a page of the screen, and then for a page on either side."""
        close = [lead for lead in self._near(self.page // 2) if lead not in self._rows]
        if not self._asked.issuperset(close):
            self._ask(tuple(lead for lead in self._near(self.page) if lead not in self._rows))

    def _ask(self, ids: tuple[int, ...]) -> None:
        self._asked = frozenset(ids)
        self.post_message(self.RowsWanted(self, ids))

    # --- drawing -----------------------------------------------------------------------------------------------

    def _counted(self) -> None:
        self.virtual_size = Size(self.size.width, self._order.height)
        self.refresh()
        self._want()

    def _redraw(self, ids: Collection[int]) -> None:
        top = self.scroll_offset.y
        for y in range(top, top + self.page):
            row = self._order.row_at(y)
            if row is not None and row < self.count and self._order.ids[row] in ids:
                self.refresh(Region(0, y - top, self.size.width, 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self.is_mounted:
            self._want()

    def on_resize(self) -> None:
        self._keep_in_sight()
        self._want()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()
        self._strips.clear()
        self.refresh()

    def _set_dirty(self, *regions: Region) -> None:
        if regions:
            self._stale.update(y for region in regions for y in region.line_range)
        else:
            self._drawn = None
        super()._set_dirty(*regions)

    def render_lines(self, crop: Region) -> list[Strip]:
        # Textual's own way through borders, padding and tints costs three times as much, on each line scrolled by;
        # and with each frame it asks for every line, of which a step changes two.
        drawn_of = (crop, int(self.scroll_offset.y))
        if self._drawn is None or self._drawn[0] != drawn_of:
            self._drawn = drawn_of, self._lines(crop, crop.line_range)
        else:
            stale = sorted(self._stale.intersection(crop.line_range))
            for y, strip in zip(stale, self._lines(crop, stale), strict=True):
                self._drawn[1][y - crop.y] = strip
        self._stale.clear()
        return self._drawn[1]

    def _lines(self, crop: Region, lines: Iterable[int]) -> list[Strip]:
        self._cut_pen()
        top = self.scroll_offset.y
        strips = [self._row(top + y) for y in lines]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span == (0, self._pen.width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def _draw_ahead(self, down: bool) -> None:
        """Two rows of the half page that comes in sight next: the key that brings it would have to draw all of it."""
        if self.size.width != self._pen.width:  # what is drawn is of another width
            return
        top, half = self.scroll_offset.y, self.page // 2
        edge = top + self.page if down else top - half
        coming = map(self._order.row_at, range(edge, edge + half))
        leads = (self._order.ids[row] for row in coming if row is not None and 0 <= row < self.count)
        keys = ((lead, False, lead in self.marked) for lead in leads if lead in self._rows)
        for lead, _current, _picked in islice((key for key in keys if key not in self._strips), AHEAD):
            self._strip(lead, False)

    def render_line(self, y: int) -> Strip:
        self._cut_pen()
        return self._row(self.scroll_offset.y + y)

    def _cut_pen(self) -> None:
        if self.size.width != self._pen.width:
            self._pen = RowPen(self.columns, self.signs, self.size.width, self._style_of)
            self._strips.clear()

    def _row(self, y: int) -> Strip:
        row = self._order.row_at(y)
        if row is None:
            return self._rule()
        if row < self.count:
            return self._strip(self._order.ids[row], row == self.line)
        return Strip.blank(self._pen.width, self._style_of("", False))

    def _rule(self) -> Strip:
        strip = self._strips.get(RULE)
        if strip is None:
            strip = self._pen.rule(self._parted)
            self._strips.put(RULE, strip)
        return strip

    def _strip(self, lead: int, current: bool) -> Strip:
        key = (lead, current, lead in self.marked)
        strip = self._strips.get(key)
        if strip is None:
            cells = self._rows.get(lead)
            strip = self._pen.draw(cells, current, lead in self.marked)
            if cells is not None:
                self._strips.put(key, strip)
        return strip

    def _style_of(self, look: str, current: bool) -> Style:
        key = (look, current)
        if key not in self._looks:
            style = self.rich_style
            for part, wanted in ((look, bool(look)), ("current", current)):
                if wanted:
                    style += self.get_component_rich_style(f"lead-table--{part}", partial=True)
            self._looks[key] = style
        return self._looks[key]


__all__ = ["Cells", "Column", "LeadTable"]
