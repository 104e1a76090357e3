"""What every list of leads does the same: the lead under the cursor, marks, one step on, back to a lead."""

from __future__ import annotations

from collections.abc import Sequence

from sdr.screens.calls import Calls
from sdr.screens.lead_table import LeadTable


class LeadList(Calls):
    """A screen with a `LeadTable` called `#list`."""

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
        self.table.mark(self.table.all_ids(), not self.table.marked)
        self.draw_more()
