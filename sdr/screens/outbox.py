"""The outbox: what waits to leave, a channel at a time, and what left with its file and time.

Enter lets it leave: mails, letters and postcards as files (all of them, or the marked ones), a LinkedIn or text
message as sent by hand. Until then `u` takes back what put it here, and `d` drops it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from typing import ClassVar

from textual import events, work
from textual.binding import Binding, BindingType

from sdr.desk import outgoing
from sdr.exchange.folders import ExportFailed
from sdr.exchange.outbox import FILED, Left, why_not, write_outbox
from sdr.models.terms import Channel, ms
from sdr.screens import outbox_rows as words
from sdr.screens.columns import Cells
from sdr.screens.lead_table import LeadTable
from sdr.screens.lines import Key, Part
from sdr.screens.outbox_by_hand import LEFT, ByHand
from sdr.store.queries import messages
from sdr.store.queries.messages import Group, Waiting

GROUPS = range(1, 10)


class OutboxScreen(ByHand):
    """The messages of one channel, and the batches that left."""

    columns = words.COLUMNS
    under: ClassVar[int] = 5
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(digit), f"group({digit})", f"channel {digit}", id=f"outbox.group_{digit}", show=False)
            for digit in GROUPS
        ),
        Binding("tab", "next_group", "next channel", id="outbox.next", show=False),
        Binding("x", "mark", "mark", id="outbox.mark", show=False),
        Binding("X", "mark_all", "mark all", id="outbox.mark_all", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.groups: tuple[Group, ...] = ()
        self.held: dict[int, str] = {}
        self.writing = False
        self.reading = True  # until the first rows are there
        self.ahead: list[Callable[[], None]] = []  # what was typed meanwhile

    # --- reading -----------------------------------------------------------------------------------------------

    def refresh_rows(self) -> None:
        """Read the outbox again."""
        self._look()

    def _look(self, wanted: str = "") -> None:
        self.reading = True
        self._read(wanted)

    @work(group="outbox", exclusive=True)
    async def _read(self, wanted: str = "") -> None:
        store, now = self.desk.store, ms(self.desk.now())
        try:
            self.groups = await asyncio.wrap_future(store.view("outbox", messages.groups, now))
            self.batches = await asyncio.wrap_future(store.view("outbox", messages.batches))
            shown = self._chosen(wanted or self.shown)
            channel = shown if shown != LEFT else None
            listed = await asyncio.wrap_future(store.view("outbox", messages.waiting, channel)) if channel else ()
        except (CancelledError, asyncio.CancelledError):
            return
        self.found = {one.message.id: one for one in sorted(listed, key=lambda one: not one.leaves(now))}
        self.held = {}
        rows = self._batch_rows() if shown == LEFT else {key: self._cells(one) for key, one in self.found.items()}
        if shown != self.shown:
            self.shown = shown
            self.table.show(rows, rows)
        self.table.mark(self.table.marked - rows.keys(), False)
        self.put(rows)
        self._ask_gate()
        self.reading = False
        while self.ahead and not self.reading:
            self.ahead.pop(0)()

    def _chosen(self, wanted: str) -> str:
        """The group on the screen: the one wanted if there is one, else the first in which something may leave."""
        known = [group.channel for group in self.groups]
        if wanted in known or (wanted == LEFT and self.batches):
            return wanted
        ready = [group.channel for group in self.groups if group.leaving]
        return next(iter([*ready, *known]), LEFT)

    def _batch_rows(self) -> dict[int, Cells]:
        now, zone = self.desk.now(), self.desk.rep.zone
        return {key: words.batch_cells(one, now, zone, self.signs) for key, one in enumerate(self.batches, 1)}

    def _cells(self, one: Waiting) -> Cells:
        held = one.message.id in self.held
        return words.cells(one, self.desk.now(), self.desk.rep.zone, self.signs, held=held)

    @work(group="gate", exclusive=True)
    async def _ask_gate(self) -> None:
        """What the gate says of the current message, so that it is known before Enter."""
        one = self.current
        if one is None:
            return
        reading = self.desk.store.view("gate", why_not, one, self.sender, self.desk.now())
        try:
            no = await asyncio.wrap_future(reading)
        except (CancelledError, asyncio.CancelledError):
            return
        before = self.held.get(one.message.id)
        if no is not None:
            self.held[one.message.id] = no
        if no != before and one.message.id in self.found:
            self.table.supply({one.message.id: self._cells(one)})
            self.draw()

    def on_lead_table_highlighted(self, message: LeadTable.Highlighted) -> None:
        """Another message is current."""
        self._ask_gate()

    # --- drawing -----------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """The channels with what waits, and the message under the cursor."""
        head: list[Part] = [("outbox", "now")]
        for digit, (key, word, count) in enumerate(self._places(), 1):
            look = "now" if key == self.shown else "dim"
            head += [("  ", ""), (f"{digit} {word} {count:,}", look)]
        marked = len(self.table.marked)
        self.head(head, [(f"{marked} marked", "now")] if marked else "")
        if self.shown == LEFT:
            self._draw_left()
        elif (one := self.current) is not None:
            group = next((each for each in self.groups if each.channel == self.shown), None)
            held = self.held.get(one.message.id)
            self.below(*words.under(one, group, held, self.desk.now(), self.desk.rep))

    def _draw_left(self) -> None:
        batch = self.current_batch
        if batch is None:
            self.below("nothing waits here, and nothing has left yet", "", [("e", "now"), (
                " on a due step writes its message into the outbox", "dim")])  # fmt: skip
            return
        self.below(*words.under_batch(batch, self.folder, self.desk.now(), self.desk.rep.zone))

    def _places(self) -> list[tuple[str, str, int]]:
        """The groups as the first line has them: what they are, their word and how many."""
        waiting = [(group.channel, words.word_of(group.channel), group.count) for group in self.groups]
        return [*waiting, (LEFT, LEFT, sum(one.count for one in self.batches))] if self.batches else waiting

    def keys(self) -> Sequence[Key]:
        """What fits the channel on the screen."""
        digits: tuple[Key, ...] = (("1-9", "channel"),) if len(self._places()) > 1 else ()
        if self.current is None:
            return (*digits, *((("y", "copy path"),) if self.current_batch else ()), ("g q", "queue"))
        now = ms(self.desk.now())
        count = len(self.table.marked) or sum(one.leaves(now) for one in self.found.values())
        ends: tuple[Key, ...] = (("d", "drop"), *digits, ("x", "mark"))
        if self.shown == Channel.EMAIL:
            return (("Enter", f"write {count:,} to files"), ("o", "open one"), ("s", "I sent it"), *ends)
        if self.shown in FILED:
            return (("Enter", f"print {count:,}"), ("E", "address"), *ends)
        return (("Enter", "sent"), ("y", "copy text"), ("o", "open link"), *ends)

    # --- choosing ----------------------------------------------------------------------------------------------

    def action_group(self, digit: int) -> None:
        """The channel of this digit."""
        if self.reading:
            self.ahead.append(lambda: self.action_group(digit))
            return
        places = self._places()
        if digit <= len(places):
            self._look(places[digit - 1][0])

    def action_next_group(self) -> None:
        """The next channel, from the last to the first."""
        places = [key for key, _word, _count in self._places()]
        if places:
            self._look(places[(places.index(self.shown) + 1) % len(places)] if self.shown in places else places[0])

    def action_mark(self) -> None:
        """Pick the message out, and on to the next."""
        one = self.current
        if one is not None:
            self.table.mark([one.message.id], one.message.id not in self.table.marked)
            self.table.action_step(1)
            self._marked()

    def action_mark_all(self) -> None:
        """Pick all out; all picked already: none."""
        every = self.found.keys()
        self.table.mark(every, not every <= self.table.marked)
        self._marked()

    def _marked(self) -> None:
        self.draw()
        self.show_keys()

    def action_back(self) -> None:
        """Esc: let go of the marks, then of the screen."""
        if self.table.marked:
            self.table.mark(tuple(self.table.marked), False)
            self._marked()
        else:
            super().action_back()

    # --- leaving -----------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Enter before the list is there to hear it."""
        if event.key == "enter" and self.reading:
            event.stop()
            self.ahead.append(self.on_lead_table_chosen)

    def on_lead_table_none_chosen(self) -> None:
        """Enter before the first rows are there."""
        if self.reading:
            self.ahead.append(self.on_lead_table_chosen)

    def on_lead_table_chosen(self) -> None:
        """Enter: the channel's messages (or the marked ones) leave."""
        if self.reading:
            self.ahead.append(self.on_lead_table_chosen)
            return
        if self.current is None or self.writing:
            return
        if self.shown not in FILED:
            self.action_sent()
            return
        self.writing = True
        channel, marked = Channel(self.shown), tuple(key for key in self.found if key in self.table.marked)
        self.desk.tell(f"writing {words.word_of(channel)}{self.signs.cut}")
        self.app.run_worker(self._write(channel, marked or None), group="export")  # on the app: closing stops nothing

    async def _write(self, channel: Channel, ids: tuple[int, ...] | None) -> None:
        leads = frozenset(one.message.lead_id for one in self.found.values())
        store, now = self.desk.store, self.desk.now()
        try:
            left = await asyncio.to_thread(write_outbox, store, self.folder, channel, self.sender, now, ids)
        except ExportFailed as fault:
            self.desk.tell(str(fault), "late")
            return
        finally:
            self.writing = False
        self.desk.tell(*self._told(left, channel))
        self.desk.changed.publish(leads)

    def _told(self, left: Left, channel: Channel) -> tuple[str, str]:
        """What a batch did, and its look."""
        done = f"{outgoing.said(channel, left.count)} written"
        if left.left_out:
            first = left.left_out[0]
            more = f" (and {len(left.left_out) - 1} more)" if len(left.left_out) > 1 else ""
            return f"{done} · {first.name} stays: {first.reason}{more}", "late"
        if not left.count:
            return "nothing may leave yet: it waits for their hours", "soon"
        return f"{self.signs.done} {done} · {left.files[-1].path.name} in {left.files[-1].path.parent}", ""
