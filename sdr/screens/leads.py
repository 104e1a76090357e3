"""All leads, newest first, searched as you type; or the rows behind a number.

Every letter of the search reads the first page again, and behind it the rest; an older answer never overwrites a
newer one. A verdict does not take its lead out of this list: the row stays and says what became of it.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence, Set
from concurrent.futures import CancelledError
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from sdr.models.terms import at, ms
from sdr.rules.filtering import FilterError, parse
from sdr.rules.spoken import counted
from sdr.screens.card import Shown, lines_of
from sdr.screens.card_view import CardView
from sdr.screens.columns import Cells, Column
from sdr.screens.host import Said
from sdr.screens.lead_list import FILLING, LOOKING, LeadList
from sdr.screens.lead_table import LeadTable
from sdr.screens.lines import Key, Part, Rule, WordsLine
from sdr.screens.listed import cells
from sdr.screens.prompt import Mend, Prompt
from sdr.screens.still import Ground
from sdr.store.changes import Applied
from sdr.store.queries import leads, listing
from sdr.store.queries.listing import Found, Listed, Opened
from sdr.store.queries.narrowing import narrowed
from sdr.store.queries.queue import EVERYTHING, Narrowed

COLUMNS = (
    Column("name", "name", 18, keep=9),
    Column("account", "account", None, keep=7),
    Column("state", "state", 12, keep=8),
    Column("source", "source", None, keep=4),
    Column("last", "last", 11, keep=6),
    Column("grade", "grade", 3, "right", keep=5),
)
FIRST_PAGE = 60
HELD = 4_000  # rows kept for the mark and the words of a lead


class LeadsScreen(LeadList):
    """Every lead. `ids` shows only these, in this order, under `title`: the rows behind a number."""

    CSS_PATH = "leads.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (the base declares it so)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "step(-1)", "previous lead", id="leads.previous", show=False),
        Binding("right_square_bracket", "step(1)", "next lead", id="leads.next", show=False),
        Binding("x", "mark", "mark", id="leads.mark", show=False),
        Binding("X", "mark_all", "mark all shown", id="leads.mark_all", show=False),
        Binding("slash", "filter", "search as you type", id="leads.filter", show=False),
        Binding("R", "reread", "read the list again", id="leads.reread", show=False),
        Binding("W", "write", "write the list to a file", id="leads.write", show=False),
    ]

    def __init__(self, ids: tuple[int, ...] | None = None, title: str = "") -> None:
        super().__init__()
        self.among = ids
        self.title_words = title or ("all" if ids is None else "rows behind")
        self.filter_text = ""
        self.total: int | None = None if ids is None else len(ids)
        self.rows: dict[int, Listed] = {}
        self.whole = False  # whether the table has all ids: the first page comes first
        self.opened: Opened | None = None
        self._typed = ""
        self._fault: FilterError | None = None

    def body(self) -> ComposeResult:
        """The list with how much more there is; the card beside it where there is room."""
        with Ground(id="work"):
            with Ground(id="left"):
                yield LeadTable(COLUMNS, signs=self.signs, id="list")
                yield WordsLine(id="more", signs=self.signs)
            yield Rule(id="between", signs=self.signs)
            yield CardView(id="card")

    def on_mount(self) -> None:
        """The first page is on the first frame; the ids of the rest follow."""
        if self.among is None:
            first = self.desk.store.view("leads", listing.page, FIRST_PAGE).result()
            self._show(Found(array("q", (row.id for row in first)), first, False))
        self._count()
        self._again()

    # --- reading -----------------------------------------------------------------------------------------------

    def _narrowed(self) -> Narrowed:
        if not self.filter_text:
            return EVERYTHING
        return narrowed(parse(self.filter_text), self.desk.now(), self.desk.rep.zone)

    def _again(self, keep: bool = True) -> None:
        """The list anew, the cursor on its lead when it is still there (`keep`), else at the top."""
        self.workers.cancel_group(self, FILLING)
        if keep and self.table.count:
            self._fill()
        else:
            self._search()

    @work(group=LOOKING, exclusive=True)
    async def _search(self) -> None:
        """The first leads of another list; the rest follows."""
        asked = FIRST_PAGE, self._narrowed(), self.among
        try:
            found = await asyncio.wrap_future(self.desk.store.view("leads", listing.first, *asked))
        except (CancelledError, asyncio.CancelledError):
            return
        self.whole = found.whole
        self._show(found)
        if self.whole:
            self._there()
        else:
            self._draw()
            self._fill()

    @work(group=FILLING, exclusive=True)
    async def _fill(self) -> None:
        """All leads of the list."""
        asked = FIRST_PAGE, self._narrowed(), self.among
        try:
            found = await asyncio.wrap_future(self.desk.store.behind("leads", listing.found, *asked))
        except (CancelledError, asyncio.CancelledError):
            return
        self.whole = True
        self._replace(found)
        self._there()

    def _there(self) -> None:
        """The cursor on the lead that somebody wants, and the lines said anew."""
        wanted, self.wanted = self.wanted, None
        if wanted is not None:
            self.table.move_to(wanted)
            self.desk.has_come()
        self._draw()

    @work(group="count", exclusive=True)
    async def _count(self) -> None:
        """How many leads there are, of which the search leaves some."""
        if self.among is None:
            self.total = await asyncio.wrap_future(self.desk.store.read(listing.total))
        self._draw_head()

    def _show(self, found: Found) -> None:
        self.rows = {row.id: row for row in found.rows}
        self.table.show(found.ids, {row.id: self._cells(row) for row in found.rows})
        self._follow()

    def _replace(self, found: Found) -> None:
        top = self.table.scroll_offset.y
        near = found.ids[max(0, top - self.table.page) : top + 2 * self.table.page]
        self.rows |= {row.id: row for row in found.rows}
        self.table.replace(found.ids)
        self.table.supply({row.id: self._cells(row) for row in found.rows})
        self.table.repaint(near)
        self._follow()

    def refresh_rows(self) -> None:
        """The whole list again, the cursor on its lead."""
        self._again()

    def returned(self, done: Applied) -> None:
        """Here a lead stands whatever becomes of it: the cursor goes there before the list has been read again."""
        if done.lead is not None and self.table.move_to(done.lead):
            self.refresh_rows()
            self.desk.has_come()
        else:
            super().returned(done)

    def on_lead_table_rows_wanted(self, message: LeadTable.RowsWanted) -> None:
        """Rows near the screen are missing: read them."""
        self._supply(message.ids)

    @work(group="supply", exclusive=True)
    async def _supply(self, ids: tuple[int, ...]) -> None:
        try:
            found = await asyncio.wrap_future(self.desk.store.view("rows", listing.rows, ids))
        except (CancelledError, asyncio.CancelledError):
            return
        self._take(found)

    def _take(self, found: Sequence[Listed]) -> None:
        if len(self.rows) > HELD:
            self.rows.clear()
        self.rows |= {row.id: row for row in found}
        self.table.supply({row.id: self._cells(row) for row in found})

    def on_changed(self, changed: Set[int]) -> None:
        """Changed leads are said anew where they stand; leads that came or went change the list."""
        self._changed(changed)

    @work(group="changed")
    async def _changed(self, changed: Set[int]) -> None:
        near = tuple(lead for lead in self.table.near_ids() if lead in changed)
        self._take(await asyncio.wrap_future(self.desk.store.read(listing.rows, near)))
        self.table.repaint(changed)
        total = await asyncio.wrap_future(self.desk.store.read(listing.total))
        if self.among is None and total != self.total:
            self.total = total
            self._again()
        self._follow()

    # --- the card ----------------------------------------------------------------------------------------------

    def on_lead_table_highlighted(self, message: LeadTable.Highlighted) -> None:
        """Another lead is now: its card follows."""
        self._follow()

    def on_lead_table_chosen(self, message: LeadTable.Chosen) -> None:
        """Enter opens the lead's history."""
        self.action_history()

    @work(group="card", exclusive=True)
    async def _follow(self) -> None:
        current = self.table.current
        try:
            self.opened = (
                None
                if current is None
                else await asyncio.wrap_future(
                    self.desk.store.view("card", listing.opened, current, ms(self.desk.now()))
                )
            )
        except (CancelledError, asyncio.CancelledError):
            return
        self._draw()
        self.show_keys()

    # --- drawing -----------------------------------------------------------------------------------------------

    def _cells(self, row: Listed) -> Cells:
        return cells(row, self.desk.now(), self.signs)

    def _draw(self) -> None:
        self._draw_head()
        self.draw_more()
        view, opened = self.query_one("#card", CardView), self.opened
        if opened is None:
            view.show([])
            return
        view.show(lines_of(Shown(opened.card, opened.item, self.desk.book.rubric, self.desk.now(), self.signs)))

    def _draw_head(self) -> None:
        left: list[Part] = [(self.title_words, "now")]
        if self.total is not None:
            left.append((f"  {self.total:,} {'lead' if self.total == 1 else 'leads'}", ""))
            if self.filter_text:
                found = f"{self.table.count:,} {'match' if self.whole else 'so far'}"
                left.append((f" {self.signs.dot} {found}", ""))
        self.head(left, self._search_words())

    def _search_words(self) -> list[Part]:
        """The search as it stands; what cannot be read is marked from the place of its fault."""
        text = self._typed
        if self._fault is not None:
            place = self._fault.position
            return [(f"/{text[:place]}", "now"), (text[place:] or self.signs.cut, "late")]
        return [(f"/{text}", "now")] if text else []

    def draw_more(self) -> None:
        words: list[Part] = []
        if not self.table.count:
            words = self._nothing()
        elif self.table.below:
            words.append((f"{self.signs.cut} {self.table.below:,} more", "dim"))
        if self.table.marked:
            words.append((f"   {len(self.table.marked):,} marked", "now"))
        self.query_one("#more", WordsLine).show(words)

    def _nothing(self) -> list[Part]:
        if self.filter_text and not self.whole:
            return [("none among the newest, looking on ", "dim"), (self.signs.cut, "dim")]
        if self.filter_text:
            return [
                ("nothing matches ", ""),
                (self.filter_text, "now"),
                (f" {self.signs.dot} Esc drops the search", "dim"),
            ]
        if self.total:
            return []
        return [("no leads yet   ", ""), ("g i", "now"), (" import a file of leads   ", "dim"), ("+", "now"),
                (" add one", "dim")]  # fmt: skip

    def keys(self) -> Sequence[Key]:
        """Looking first, then the verbs."""
        if not self.filter_text and not self.total:
            return (("/", "search"), ("+", "add"), ("g i", "import"))
        first = (
            ("/", "search"),
            ("Enter", "history"),
            ("a", "accept"),
            ("r", "reject"),
            ("c", "call"),
            ("z", "snooze"),
        )
        return (*first, ("x", "mark"), ("X", "all"), ("W", "as a file"), (":", "all verbs"))

    # --- searching ---------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Search: words, or the filter language; every letter narrows the list."""
        before = self.filter_text

        def live(text: str) -> None:
            # Esc sends an empty line after the prompt has gone: the search is again what it was.
            self._look_for(text if self.query_one(Prompt).display else before)

        self.ask_line("/", self._kept, value=before, live=live)

    def _look_for(self, text: str) -> None:
        """Narrow to `text`, or to what of it stands before a fault, which is said."""
        self._typed, self._fault = text, None
        try:
            parse(text)
        except FilterError as fault:
            self._fault = fault
            text = text[: fault.position].rpartition(" ")[0]
        self.say(Said(self._fault.message, "soon") if self._fault else Said())
        if text != self.filter_text and _readable(text):
            self.filter_text = text
            self._again(keep=False)
        self._draw_head()

    def _kept(self, text: str) -> str | None:
        self._look_for(text)
        return None if self._fault is None else Mend.at(self._fault.position)

    def action_back(self) -> None:
        """Esc: let go of marks, then of the search, then of the screen."""
        if self.call_off():
            return
        if self.table.marked:
            self.unmark()
        elif self.filter_text:
            self._look_for("")
        else:
            super().action_back()

    def action_reread(self) -> None:
        """The list as it is now."""
        self.refresh_rows()

    # --- as a file -------------------------------------------------------------------------------------------------

    def action_write(self) -> None:
        """The marked leads, or the whole list, as a table for a spreadsheet, in the folder of exports."""
        ids = array("q", self.marked_ids()) or self.table.all_ids()
        if not (self.whole or self.table.marked):
            self.desk.tell("the list is still being read; once more in a moment", "soon")
        elif not ids:
            self.desk.tell("there is nobody in this list", "soon")
        else:
            self.desk.tell(f"writing {counted(len(ids), 'lead')}{self.signs.cut}")
            self.app.run_worker(self._write_file(ids), group="list")  # on the app: a screen that closes stops nothing

    async def _write_file(self, ids: Sequence[int]) -> None:
        from sdr.exchange.crm_columns import Profile
        from sdr.exchange.folders import ExportFailed
        from sdr.exchange.list_export import export_list

        def look(query: Any, *args: Any) -> Any:
            return self.desk.store.read(query, *args).result()

        now = at(ms(self.desk.now()), self.desk.rep.zone)
        try:
            done = await asyncio.to_thread(export_list, look, ids, Profile.SHEET, self.desk.setting.exports, now)
        except ExportFailed as fault:
            self.desk.tell(str(fault), "late")
            return
        told = (counted(done.rows, "lead"), done.path.name, str(done.path.parent))
        self.desk.tell(f"{self.signs.done} {f' {self.signs.dot} '.join(told)}")

    # --- what the verbs ask ------------------------------------------------------------------------------------

    def current_card(self) -> leads.Card | None:
        """The card under the cursor, if it is the right one already."""
        return self.opened.card if self.opened is not None and self.opened.card.lead.id == self.table.current else None


def _readable(text: str) -> bool:
    try:
        parse(text)
    except FilterError:
        return False
    return True
