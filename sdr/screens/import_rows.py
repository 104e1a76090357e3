"""The rows of a file one by one, before they come in: the doubtful to walk and overrule, the bad with their reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.desk import known_here
from sdr.exchange.intake import Plan
from sdr.exchange.verdicts import CREATE, REJECT, SAME, Verdict
from sdr.screens.columns import Cells, Column
from sdr.screens.lead_table import LeadTable
from sdr.screens.lines import Key, Part
from sdr.screens.table_room import TableRoom

WORDS = {CREATE: "new, you say", SAME: "same, you say", REJECT: "out, you say"}


class RowsScreen(TableRoom):
    """`which` is "doubtful" or "bad". The rep's word stands over the desk's until it is taken back with Backspace."""

    columns: ClassVar[Sequence[Column]] = (
        Column("line", "line", 6, "right", keep=4),
        Column("name", "name", 18, keep=9),
        Column("company", "company", 16, keep=5),
        Column("verdict", "verdict", 13, keep=8),
        Column("why", "why", None, keep=7),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", f"say('{CREATE}')", "a new lead all the same", id="rows.new", show=False),
        Binding("m", f"say('{SAME}')", "the same person", id="rows.same", show=False),
        Binding("r", f"say('{REJECT}')", "leave it out", id="rows.out", show=False),
        Binding("backspace", "unsay", "as the desk thought", id="rows.unsay", show=False),
    ]

    def __init__(self, plan: Plan, which: str) -> None:
        super().__init__()
        self.plan = plan
        self.which = which
        self.whose: dict[int, str] = {}
        verdicts = plan.verdicts
        self.rows = verdicts.doubtful() if which == "doubtful" else verdicts.rows(Verdict.REJECTED)

    def refresh_rows(self) -> None:
        """Every row as it stands. There may be very many: only those in sight are worded."""
        self.put_ids([row + 1 for row in self.rows], {one: self._cells(one - 1) for one in self.table.near_ids()})

    def on_lead_table_rows_wanted(self, message: LeadTable.RowsWanted) -> None:
        """The words of rows that come to be seen."""
        self.table.supply({one: self._cells(one - 1) for one in message.ids})

    def on_lead_table_highlighted(self, message: LeadTable.Highlighted) -> None:
        """Whose the lead is that the row may be: asked when the cursor comes to it, and told without opening it."""
        double = self.plan.verdicts.doubles.get(self.row) if self.row is not None else None
        if double is not None and double.lead is not None and double.lead not in self.whose:
            self._ask_whose(double.lead)

    @work(group="whose")
    async def _ask_whose(self, lead: int) -> None:
        words = await asyncio.wrap_future(self.desk.store.read(known_here.lead_words, lead, self.desk.now()))
        self.whose[lead] = words
        self.draw()

    @property
    def row(self) -> int | None:
        """The row under the cursor, from 0."""
        return None if self.table.current is None else self.table.current - 1

    def action_say(self, word: str) -> None:
        """The rep's word on this row, and on to the next."""
        if self.row is None:
            return
        if word == SAME and self.row not in self.plan.verdicts.doubles:
            self.desk.tell("nobody here is known to be this person", "soon")
            return
        seen = self.plan.row(self.row)
        if word == CREATE and seen.reason:
            self.desk.tell(f"it cannot come in: {seen.reason}; Enter in the list of bad rows (x) mends it", "soon")
            return
        self.plan.verdicts.said[self.row] = word
        self._show_row(self.row)
        self.table.action_step(1)

    def action_unsay(self) -> None:
        """The desk's own verdict again."""
        if self.row is not None and self.plan.verdicts.said.pop(self.row, ""):
            self._show_row(self.row)

    def _show_row(self, row: int) -> None:
        self.table.supply({row + 1: self._cells(row)})
        self.draw()

    def _cells(self, row: int) -> Cells:
        seen, verdicts = self.plan.row(row), self.plan.verdicts
        said = verdicts.said.get(row)
        double = verdicts.doubles.get(row)
        why = seen.reason or (double.why if double else "") or "; ".join(seen.flaws)
        verdict = WORDS[said] if said else Verdict(verdicts.kinds[row]).word
        name = str(seen.values.get("name") or seen.values.get("email") or "".join(seen.cells[:1]))
        texts = (str(seen.line), name, str(seen.values.get("company") or ""), verdict, why)
        mark = self.signs.done if said else self.signs.guess if double else self.signs.no
        return Cells(texts, ("dim", "", "dim", "done" if said else "", "dim"), mark, "done" if said else "soon")

    def draw(self) -> None:
        """How many, and the whole row under the cursor."""
        said = len(self.plan.verdicts.said)
        self.head(
            [(f"{self.which} rows", "now"), (f"   {len(self.rows):,}", "")], f"{said:,} overruled" if said else ""
        )
        if self.row is None:
            self.below("")
            return
        seen = self.plan.row(self.row)
        double = self.plan.verdicts.doubles.get(self.row)
        row: list[Part] = [("row    ", "dim"), (" · ".join(cell.strip() for cell in seen.cells if cell.strip()), "")]
        whose = self.whose.get(double.lead, "") if double and double.lead else ""
        reason = seen.reason or (double.why if double else "")
        why: list[Part] = [("why    ", "dim"), (reason, "soon"), (f" · exists, {whose}" if whose else "", "")]
        flaws: list[Part] = [("flaws  ", "dim"), ("; ".join(seen.flaws) or "none", "dim")]
        self.below(row, why, flaws)

    def keys(self) -> Sequence[Key]:
        """What can be said of a row."""
        return (("a", "new all the same"), ("m", "same person"), ("r", "leave it out"), ("Backspace", "undo this"),
                ("Esc", "back"))  # fmt: skip
