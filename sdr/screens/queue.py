"""The queue: the home screen, one ordered list of all that waits, one item that is now, its card beside or under it.
Long, because home is one screen: reading, painting, its keys and what it says belong to one cursor.

The list never moves under the cursor: what arrives or changes place is said (`3 moved · R`), not done. Leads that
are dealt with leave; a taken-back one returns to its place with the cursor on it.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Iterable, Sequence, Set
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from sdr.models.terms import ms, zone_of
from sdr.screens.card_view import CardView, Line
from sdr.screens.cards_ahead import CardsAhead
from sdr.screens.columns import Cells
from sdr.screens.held import Held
from sdr.screens.host import Said
from sdr.screens.lead_list import FILLING, LOOKING
from sdr.screens.lead_table import ROWS_HELD, LeadTable
from sdr.screens.lines import Key, Part, Rule, WordsLine, length
from sdr.screens.queue_today import TodayInQueue
from sdr.screens.queue_words import COLUMNS, cells_of, keys_for, nothing, pace_bar, waiting
from sdr.screens.still import Ground
from sdr.store.queries import queue
from sdr.store.queries.queue import EVERYTHING, LATER, Counts, Item, Narrowed

if TYPE_CHECKING:
    from sdr.store.queries import leads

# Tab walks these: a word for the first line and its filter.
SPLITS = (
    ("queue", ""),
    ("new", "band:new,hot"),
    ("calls", "band:closing,promise"),
    ("post and mail", "band:due"),
    ("overdue", "is:late"),
)
FIRST_PAGE = 60
MANY = 500  # that changed at once from which not each is asked for by itself


class QueueScreen(TodayInQueue):
    """The rep's one list."""

    after = ("sdr.store.queries.playbook", "sdr.screens.card", *TodayInQueue.after)

    CSS_PATH = "queue.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-broad")]  # noqa: RUF012 (the base declares it so)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "step(-1)", "previous lead", id="queue.previous", show=False),
        Binding("right_square_bracket", "step(1)", "next lead", id="queue.next", show=False),
        Binding("x", "mark", "mark", id="queue.mark", show=False),
        Binding("X", "mark_all", "mark all shown", id="queue.mark_all", show=False),
        Binding("slash", "filter", "filter", id="queue.filter", show=False),
        Binding("tab", "split(1)", "next split", id="queue.split", show=False),
        Binding("shift+tab", "split(-1)", "previous split", id="queue.split_back", show=False),
        Binding("R", "reorder", "put in order", id="queue.reorder", show=False),
        Binding("exclamation_mark", "hottest", "the hottest item", id="queue.hottest", show=False),
        Binding("apostrophe", "was", "back to where I was", id="queue.was", show=False),
    ]

    def __init__(self, split: int = 0) -> None:
        super().__init__()
        self.items: Held[int, Item] = Held(ROWS_HELD)
        self.card: leads.Card | None = None
        self.ahead = CardsAhead()
        self.counts: Counts | None = None
        self.filter_text = SPLITS[split][1]
        self.split = split
        self.moved = 0
        self.place: int | None = None
        self._unsettled: set[int] = set()  # of a great many that changed, and may have left the queue
        self._behind = False  # whether the card is to be drawn behind the keys that wait

    def body(self) -> ComposeResult:
        """The list, how much more there is, the card, and the timeline where there is room."""
        with Ground(id="work"):
            with Ground(id="left"):
                yield LeadTable(COLUMNS, signs=self.signs, id="list", moved=self._go_along)
                yield WordsLine(id="more", signs=self.signs)
            yield Rule(id="between", signs=self.signs)
            yield CardView(id="card")
            yield Rule(id="beyond", signs=self.signs)
            yield CardView(id="past")

    def on_mount(self) -> None:
        """The first page is on the first frame; the rest follows."""
        self.reload(self._page().result())
        self.set_interval(15, self._tick)

    def came_over(self) -> None:
        """The card has its words now."""
        self.run_worker(self.desk.read_book(), group="book")
        self.run_worker(self.draw_today(), group="line")
        self._follow()

    # --- reading -----------------------------------------------------------------------------------------------

    def _narrowed(self) -> Narrowed:
        if not self.filter_text:
            return EVERYTHING
        from sdr.rules.filtering import parse
        from sdr.store.queries.narrowing import narrowed

        return narrowed(parse(self.filter_text), self.desk.now(), self.desk.rep.zone)

    def _times(self) -> tuple[int, int]:
        local = self.desk.now().astimezone(zone_of(self.desk.rep.zone))
        end = local.replace(hour=23, minute=59, second=59)
        return ms(self.desk.now()), ms(end)

    def _asked(self) -> tuple[int, dict[str, Any]]:
        """At what time the list is asked for, and what of it."""
        now, end = self._times()
        return now, {"narrowed": self._narrowed(), "until": end, "block": self.block}

    def _page(self) -> Any:
        self.look_at_block()
        now, asked = self._asked()
        return self.desk.store.view("queue", queue.page, now, FIRST_PAGE, **asked)

    async def _whole(self, view: str) -> array[int]:
        """The ids of the whole list; a later question of the same `view` calls an earlier one off."""
        now, asked = self._asked()
        read: Callable[..., array[int]] = queue.ids
        if asked["narrowed"].typed is not None:
            from sdr.store.queries import searching

            read = searching.waiting
        return await asyncio.wrap_future(self.desk.store.behind(view, read, now, **asked))

    def reload(self, found: Sequence[Item], rest: array[int] | None = None) -> None:
        """A new list from its first page; the `rest` is read where it is not known."""
        self.items.clear()
        self._remember(found)
        self.ahead.clear()
        self.moved = 0
        self.table.show([item.id for item in found], {item.id: self.cells(item) for item in found})
        self._follow()
        self._rest(rest)
        if not found:
            self.card = None
            self._draw_card()
            self.show_keys()

    @work(group=FILLING, exclusive=True)
    async def _rest(self, known: array[int] | None) -> None:
        """The ids of everything after the first page, and what the first line counts."""
        try:
            held = self.table.count
            more = known if known is not None else (await self._whole("rest"))[held:]
        except (CancelledError, asyncio.CancelledError):
            return
        if more:
            self.table.extend(more)
        self.show_keys()
        self.run_worker(self._count(), group="count", exclusive=True)

    async def _count(self) -> None:
        now = self.desk.now().astimezone(zone_of(self.desk.rep.zone))
        start = ms(now.replace(hour=0, minute=0, second=0, microsecond=0))
        self.counts = await asyncio.wrap_future(self.desk.store.behind("counts", queue.counts, ms(now), start))
        self.draw_head()
        await self.draw_today()

    def refresh_rows(self) -> None:
        """The whole list again, the cursor on its lead, or on the one that somebody wants."""
        self._read_again()

    @work(group="reload", exclusive=True)
    async def _read_again(self) -> None:
        before = self.table.current
        self.look_at_block()
        try:
            ids = await self._whole("rest")
        except (CancelledError, asyncio.CancelledError):
            return
        self.moved = 0
        self.ahead.clear()
        self.card = None
        self.table.replace(ids)
        self.table.repaint(ids[: self.table.page * 3])
        wanted, self.wanted = self.wanted, None
        if wanted is not None:
            if self.table.current == before:  # the rep has not gone on meanwhile
                self.table.move_to(wanted)
            self.desk.has_come()
        self._follow()
        if not ids:
            self._draw_card()
            self.show_keys()
        await self._count()

    def on_lead_table_rows_wanted(self, message: LeadTable.RowsWanted) -> None:
        """Rows near the screen are missing: read them."""
        self._supply(message.ids)

    @work(group="supply", exclusive=True)
    async def _supply(self, ids: tuple[int, ...]) -> None:
        try:
            found = await asyncio.wrap_future(
                self.desk.store.view("rows", queue.items, ms(self.desk.now()), ids, block=self.block)
            )
        except (CancelledError, asyncio.CancelledError):
            return
        self._remember(found)
        self.table.supply({item.id: self.cells(item) for item in found})
        if self.table.current in ids:
            self._draw_card()

    def _remember(self, found: Iterable[Item]) -> None:
        for item in found:
            self.items.put(item.id, item)

    # --- the card ----------------------------------------------------------------------------------------------

    def on_lead_table_chosen(self, message: LeadTable.Chosen) -> None:
        """Enter opens the lead's history."""
        self.action_history()

    def _go_along(self) -> None:
        """Another lead is current: its card is drawn now, or, while more keys wait (one is held), once behind those."""
        self.card = self.ahead.get(self.table.current or 0) or self.card  # what a key typed ahead is about
        if not self.app.message_queue_size:
            self._follow()
        elif not self._behind:
            self._behind = True
            self.app.call_later(self._catch_up)

    def _catch_up(self) -> None:
        self._behind = False
        if not self.left:
            self._follow()

    def _follow(self) -> None:
        """The card of the lead under the cursor: at once when it was read ahead."""
        current = self.table.current
        if current is None or not self.complete:
            return
        card = self.ahead.get(current)
        if card is not None:
            self.card = card
            self._draw_card()
            self.show_keys()
        wanted = self.ahead.wanted(self.table.near_ids(), current)
        if wanted:
            self._read_ahead(wanted)

    @work(group="card", exclusive=True)
    async def _read_ahead(self, wanted: tuple[int, ...]) -> None:
        from sdr.store.queries import leads

        try:
            self.ahead.put(await asyncio.wrap_future(self.desk.store.view("card", leads.cards, wanted)))
        except (CancelledError, asyncio.CancelledError):
            return
        if self.card is None or self.card.lead.id != self.table.current:
            self.card = self.ahead.get(self.table.current or 0)
            self._draw_card()
            self.show_keys()

    def _draw_card(self) -> None:
        card, view = self.card, self.query_one("#card", CardView)
        more: list[Line] = []
        if not self.complete or (card is None and self.table.count):
            return
        from sdr.screens.card import Shown, lines_of, timeline_lines

        if card is None:
            view.show(nothing(self.filter_text))
        else:
            shown = Shown(card, self.items.get(card.lead.id), self.desk.book.rubric, self.desk.now(), self.signs)
            view.show(lines_of(shown))
            more = timeline_lines(card, self.desk.now())
        self.query_one("#past", CardView).show(more)
        self.draw_more()

    # --- drawing -----------------------------------------------------------------------------------------------

    def cells(self, item: Item) -> Cells:
        """An item as a row of the list."""
        return cells_of(item, self.desk.now(), self.signs)

    def draw_head(self) -> None:
        """The split, what waits, today's pace."""
        if self.counts is None:
            return
        c, rep = self.counts, self.desk.rep
        bar = pace_bar(c.calls_done, rep.daily_calls, self.signs.full, self.signs.empty)
        right: list[Part] = [("calls ", "dim"), (f"{c.calls_done}/{rep.daily_calls} ", ""), (bar, "done")]
        if c.qualified_done:
            right.append((f"  quals {c.qualified_done}/{rep.daily_qualified}", ""))
        left: list[Part] = [(f"/{self.filter_text}" if self._typed() else SPLITS[self.split][0], "now")]
        room = self.size.width - 4 - length(right)
        for said in (*self.prospecting_words(), *waiting(c, self.signs)):  # what does not fit whole is left out
            if length(left) + length(said) <= room:
                left += said
        self.head(left, right)

    def _typed(self) -> bool:
        return bool(self.filter_text) and self.filter_text != SPLITS[self.split][1]

    def draw_more(self) -> None:
        words: list[Part] = []
        if self.table.below:
            words.append((f"{self.signs.cut} {self.table.below:,} more", "dim"))
        if self.table.marked:
            words.append((f"   {len(self.table.marked):,} marked", "now"))
        if self.moved:
            words += [(f"   {self.moved} moved · ", "soon"), ("R", "now"), (" puts them in order", "dim")]
        elif self.turned:
            words += [(f"   {self.turned} · ", "soon"), ("R", "now"), (" puts the list in its order", "dim")]
        self.query_one("#more", WordsLine).show(words)

    def keys(self) -> Sequence[Key]:
        """Most useful first, by what the current lead needs."""
        return keys_for(self.card.lead.state if self.card is not None else None)

    def _tick(self) -> None:
        """Clocks run: the words of the rows on screen and the card are said anew."""
        near = [item for lead in self.table.near_ids() if (item := self.items.get(lead)) is not None]
        self.table.supply({item.id: self.cells(item) for item in near})
        self._draw_card()
        self.run_worker(self._count(), group="count", exclusive=True)

    # --- what changed ------------------------------------------------------------------------------------------

    def on_changed(self, changed: Set[int]) -> None:
        """Leads dealt with leave the list, others are said anew; nothing else moves."""
        self._changed(changed)

    @work(group="changed")
    async def _changed(self, changed: Set[int]) -> None:
        self.ahead.clear()
        few = len(changed) <= MANY
        held = tuple(changed if few else (lead for lead in self.items if lead in changed))
        now, _ = self._times()
        found = await asyncio.wrap_future(self.desk.store.read(queue.items, now, held, block=self.block))
        staying = {item.id: item for item in found if self._belongs(item)}
        self.table.drop([lead for lead in held if lead not in staying])
        here = set(self.table.all_ids()) if len(changed) > 1 else None
        self.moved += sum(1 for lead in staying if here is not None and lead not in here)
        self._remember(staying.values())
        self.table.supply({lead: self.cells(item) for lead, item in staying.items()})
        if self.card is not None and self.card.lead.id in changed:
            self.card = None
        if not few:
            self._unsettled.update(changed)
            self._settle()
        self._dropped()
        await self._count()

    @work(group="settle", exclusive=True)
    async def _settle(self) -> None:
        """Of a great many that changed those dealt with leave the list, when no more of them come: nobody waits."""
        try:
            ids = await self._whole("settle")
        except (CancelledError, asyncio.CancelledError):
            return
        self._unsettled.difference_update(ids)
        self.table.drop([lead for lead in self.table.all_ids() if lead in self._unsettled])
        self._unsettled.clear()
        self._dropped()

    def _dropped(self) -> None:
        """Rows left the list: the card follows, and where none is left says so."""
        self._follow()
        if not self.table.count:
            self.card = None
            self._draw_card()
            self.show_keys()

    def _belongs(self, item: Item) -> bool:
        """Whether a changed lead still has its place in today's list."""
        before = self.items.get(item.id)
        if item.band == LATER:
            return False
        return before is None or item.band == before.band or item.due_at <= ms(self.desk.now())

    # --- verbs of the list -------------------------------------------------------------------------------------

    def current_card(self) -> leads.Card | None:
        """The card under the cursor, if it is the right one already."""
        return self.card if self.card is not None and self.card.lead.id == self.table.current else None

    def action_filter(self) -> None:
        """Narrow the list with the filter language."""
        self.ask_line("/", self._filtered, value=self.filter_text if self._typed() else "")

    def _filtered(self, text: str) -> str | None:
        from sdr.rules.filtering import FilterError, parse
        from sdr.screens.prompt import Mend

        try:
            parse(text)
        except FilterError as fault:
            self.say(Said(fault.message, "soon"))
            return Mend.at(fault.position)
        self.say(Said())
        self.filter_text = text or SPLITS[self.split][1]
        self._again()
        return None

    def action_split(self, step: int) -> None:
        """The next split of the list."""
        self.split = (self.split + step) % len(SPLITS)
        self.filter_text = SPLITS[self.split][1]
        self._again()

    def action_reorder(self) -> None:
        """Everything in its order again; the cursor keeps its lead."""
        self.refresh_rows()

    @work(group=LOOKING, exclusive=True)
    async def _again(self) -> None:
        try:
            if self._typed():
                self.query_one("#more", WordsLine).show([(f"looking{self.signs.cut}", "dim")])
                await self._narrow()
            else:
                self.reload(await asyncio.wrap_future(self._page()))
        except (CancelledError, asyncio.CancelledError):
            return
        self.draw_head()

    async def _narrow(self) -> None:
        """What the rep's own filter leaves. How deep that lies nobody knows: it is looked for behind the keys."""
        self.look_at_block()
        store, (now, asked) = self.desk.store, self._asked()
        if asked["narrowed"].typed is None:
            self.reload(await asyncio.wrap_future(store.behind("rest", queue.page, now, FIRST_PAGE, **asked)))
            return
        from sdr.store.queries import searching

        ids = await self._whole("rest")
        items = await asyncio.wrap_future(
            store.view("queue", searching.page_of, ids, now, FIRST_PAGE, block=self.block)
        )
        self.reload(items, ids[FIRST_PAGE:])

    def action_hottest(self) -> None:
        """To the top of the queue; ' comes back to this very spot."""
        self.place = self.table.current
        self._jump()

    @work(group="jump", exclusive=True)
    async def _jump(self) -> None:
        now, end = self._times()
        found = await asyncio.wrap_future(self.desk.store.read(queue.page, now, 1, until=end, block=self.block))
        if found and not self.table.move_to(found[0].id):
            self.filter_text, self.split = "", 0
            self.reload(await asyncio.wrap_future(self._page()))
            self.table.move_to(found[0].id)

    def action_was(self) -> None:
        """Back to the lead I came from."""
        if self.place is None or not self.table.move_to(self.place):
            self.desk.tell("no place to go back to", "soon")

    def action_back(self) -> None:
        """Esc: let go of marks, then of the filter; the queue is home."""
        if self.call_off():
            return
        if self.table.marked:
            self.unmark()
        elif self.filter_text:
            self.filter_text, self.split = "", 0
            self._again()
