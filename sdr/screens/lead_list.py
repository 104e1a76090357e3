"""What every list of leads does the same: the lead under the cursor, marks, one step on, back to a lead.

While another list is looked for, keys wait: what is typed behind a filter is about the leads that it leaves. Marking
all waits until they all are known.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.worker import Worker

from sdr.screens.asking import Asker
from sdr.screens.calls import Calls
from sdr.screens.held_keys import AllHere
from sdr.screens.lead_table import LeadTable
from sdr.store.changes import Applied

LOOKING, FILLING = "again", "rest"  # groups of workers: for the first page of another list, for all of it


class LeadList(Calls):
    """A screen with a `LeadTable` called `#list`."""

    wanted: int | None = None  # the lead the cursor goes to when the list has been read again
    _marks_all = False  # once all are known

    @property
    def hears(self) -> bool:
        """Not while another list is looked for, but in a line that is being typed."""
        return super().hears and (not (self._marks_all or self._under_way(LOOKING)) or self._asks())

    def _asks(self) -> bool:
        return bool(self.query_one("#prompt").display) or self.query_one(Asker).question is not None

    def _under_way(self, group: str) -> bool:
        return any(one.node is self and one.group == group and not one.is_finished for one in self.workers)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What waited for a list is heard."""
        if event.worker.is_finished and event.worker.group in (LOOKING, FILLING):
            if self._marks_all and not self._under_way(FILLING):
                self._mark_all()
            self.app.post_message(AllHere())

    @property
    def table(self) -> LeadTable:
        """The list."""
        return self.query_one("#list", LeadTable)

    def draw_more(self) -> None:
        """Say again how much more there is and how much is marked."""
        raise NotImplementedError

    def current_id(self) -> int | None:
        """The lead under the cursor."""
        return self.table.current

    def marked_ids(self) -> Sequence[int]:
        """Marked leads in the order of the list."""
        marked = self.table.marked
        return [lead for lead in self.table.all_ids() if lead in marked] if marked else []

    def move_on(self) -> None:
        """To the next lead, at once: keys typed in one burst are about one lead after the other."""
        self.table.action_step(1)

    def back_to(self, lead_id: int) -> None:
        """The cursor on this lead again."""
        self.table.move_to(lead_id)

    def returned(self, done: Applied) -> None:
        """An act was taken back or brought again: the cursor goes to its lead once the list has been read again."""
        self.wanted = done.lead
        self.refresh_rows()
        if done.lead is None:
            self.desk.has_come()

    def unmark(self) -> None:
        """No lead is marked."""
        self.table.mark(list(self.table.marked), False)
        self.draw_more()

    def action_step(self, rows: int) -> None:
        """The next or previous lead."""
        self.table.action_step(rows)

    def action_mark(self) -> None:
        """Mark or let go of this lead, and on to the next."""
        if (lead := self.table.current) is not None:
            self.table.mark([lead], lead not in self.table.marked)
            self.table.action_step(1)
            self.draw_more()

    def action_mark_all(self) -> None:
        """Mark all that the list shows, or let go of all."""
        self._marks_all = True
        if not self._under_way(FILLING):
            self._mark_all()

    def _mark_all(self) -> None:
        self._marks_all = False
        self.table.mark(self.table.all_ids(), not self.table.marked)
        self.draw_more()

    def call_off(self) -> bool:
        """Let marking all be while it waits for the whole list; whether it did."""
        waited, self._marks_all = self._marks_all, False
        return waited
