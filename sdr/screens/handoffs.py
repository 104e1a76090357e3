"""The handoffs: who has to answer by when, what came back, and the keys for the account executive's side.

Unanswered ones stand first. When a clock has run out the rep covers, and the row says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import CancelledError
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.desk.handing_off import OUTCOMES, answer_handoff, outcome, recall
from sdr.desk.team import set_ae
from sdr.models.terms import at, ms
from sdr.rules.spoken import ago, spoken
from sdr.screens.asking import Choice
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Key, Part
from sdr.screens.table_room import TableRoom
from sdr.store.queries import handoffs, playbook
from sdr.store.queries.handoffs import Listed

LATE = "late"


class HandoffsScreen(TableRoom):
    """Every handoff with its clock and whose move it is."""

    columns: ClassVar[Sequence[Column]] = (
        Column("lead", "lead", 17, keep=9),
        Column("account", "account", None, keep=3),
        Column("stands", "how it stands", 20, keep=8),
        Column("ae", "to", 11, keep=5),
        Column("move", "whose move", 10, keep=6),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accepted", "the AE accepted it", id="handoff.accepted", show=False),
        Binding("r", "returned", "the AE sent it back", id="handoff.returned", show=False),
        Binding("R", "recall", "take it back from the AE", id="handoff.recall", show=False),
        Binding("o", "outcome", "what became of it", id="handoff.outcome", show=False),
        Binding("y", "copy", "copy the brief", id="handoff.copy", show=False),
        Binding("plus", "name_ae", "name an account executive", id="handoff.name_ae", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, Listed] = {}

    @property
    def current(self) -> Listed | None:
        """The handoff under the cursor."""
        return self.found.get(self.table.current or 0)

    def refresh_rows(self) -> None:
        """Read the list again."""
        self._read()

    @work(group="handoffs", exclusive=True)
    async def _read(self) -> None:
        try:
            found = await asyncio.wrap_future(
                self.desk.store.view("handoffs", handoffs.listed, None, ms(self.desk.now()))
            )
        except (CancelledError, asyncio.CancelledError):
            return
        self.found = {one.id: one for one in found}
        self.put({one.id: self._cells(one) for one in found})

    # --- drawing -----------------------------------------------------------------------------------------------

    def _cells(self, one: Listed) -> Cells:
        mark, look = self._mark(one)
        texts = (one.lead, one.company or "", self._stands(one), one.ae, one.accountable)
        return Cells(texts, ("", "dim", look if look == LATE else "", "dim", ""), mark, look)

    def _mark(self, one: Listed) -> tuple[str, str]:
        if one.overdue:
            return self.signs.late, LATE
        if one.state == "offered":
            return self.signs.due, "soon"
        if one.state in ("returned", "recalled", "no-show"):
            return self.signs.returned, "soon"
        return (self.signs.no, "dim") if one.state == "lost" else (self.signs.done, "done")

    def _stands(self, one: Listed) -> str:
        now, zone = self.desk.now(), self.desk.rep.zone
        if one.overdue:
            return f"{ago(at(one.respond_by), now)} without answer"
        if one.state == "offered":
            return f"by {spoken(at(one.respond_by, zone), now)}"
        if one.state == "accepted" and one.meeting_at and one.meeting_at > ms(now):
            return f"meets {spoken(at(one.meeting_at, zone), now)}"
        return f"{one.state} {ago(at(one.closed_at or one.answered_at or one.offered_at), now)} ago"

    def draw(self) -> None:
        """How many wait, and everything about the current one."""
        waiting = [one for one in self.found.values() if one.state == "offered"]
        late = sum(one.overdue for one in waiting)
        head: list[Part] = [("handoffs", "now"), (f"  {len(waiting)} unanswered", "")]
        self.head([*head, (f"  {self.signs.late}{late} late", LATE)] if late else head, f"{len(self.found)} in all")
        one = self.current
        if one is None:
            self.below("nothing is handed off yet", [("h", "now"), (" hands off the lead under the cursor", "dim")])
            return
        why: list[Part] = [("to     ", "dim"), (f"{one.ae}: {one.why_ae}", "")]
        self.below([(one.lead, "now"), (f" · {one.company or 'no company'} · lead is {one.lead_state}", "")], why,
                   [("next   ", "dim"), (self._move(one), LATE if one.overdue else "")])  # fmt: skip

    def _move(self, one: Listed) -> str:
        if one.overdue:
            return f"{one.accountable} covers: remind {one.ae}, or take it back with R"
        reason = playbook.reasons().find("returned", one.reason or "")
        because = [reason.label if reason else one.reason or "", one.note or ""]
        words = ", ".join(word for word in because if word)
        return f"{one.accountable}{f' · {words}' if words else ''}"

    def action_name_ae(self) -> None:
        """A new account executive, who takes handoffs from now on."""

        def named(name: str) -> str | None:
            if not name:
                return "an account executive needs a name; Esc leaves"
            self.desk.act(set_ae, name)
            return None

        self.ask_line("name of the account executive", named)

    def keys(self) -> Sequence[Key]:
        """What fits the state of the current one."""
        one = self.current
        if one is None:
            return (("g q", "queue"),)
        rest: tuple[Key, ...] = (("Enter", "lead"), ("y", "copy brief"))
        if one.state == "offered":
            return (("a", "accepted"), ("r", "returned"), ("R", "take back"), ("o", "what came of it"), *rest)
        if one.state == "accepted":
            return (("o", "what came of it"), ("r", "returned"), ("R", "take back"), *rest)
        return (("o", "what came of it"), *rest) if one.state in ("met", "opportunity") else rest

    # --- verbs -------------------------------------------------------------------------------------------------

    def action_accepted(self) -> None:
        """The AE took it."""
        if self.current is not None:
            self.desk.act(answer_handoff, self.current.id, "accept")

    def action_returned(self) -> None:
        """The AE sent it back: why."""
        one = self.current
        if one is None:
            return
        choices = [Choice(str(reason.digit), reason.label, reason.key) for reason in playbook.reasons().returned]
        self.ask(f"why did {one.ae} send it back", choices, lambda chosen: self._return(one.id, str(chosen.value)))

    def _return(self, handoff_id: int, key: str) -> None:
        reason = playbook.reasons().find("returned", key)
        if reason is None or not reason.needs_note:
            self.desk.act(partial(answer_handoff, reason=key), handoff_id, "return")
            return

        def noted(text: str) -> str | None:
            if not text:
                return "say what is wrong"
            self.desk.act(partial(answer_handoff, reason=key, note=text), handoff_id, "return")
            return None

        self.ask_line("what is wrong", noted)

    def action_recall(self) -> None:
        """Back to the rep, as long as the AE has not met the lead."""
        if self.current is not None:
            self.desk.act(recall, self.current.id)

    def action_outcome(self) -> None:
        """What became of it."""
        one = self.current
        if one is None:
            return
        choices = [Choice(str(digit), word, word) for digit, word in enumerate(OUTCOMES, 1)]
        self.ask(f"what became of {one.lead}", choices, lambda chosen: self.desk.act(outcome, one.id, chosen.value))

    def action_copy(self) -> None:
        """The brief, to remind somebody with."""
        if self.current is not None:
            self._copy(self.current)

    @work(group="copy")
    async def _copy(self, one: Listed) -> None:
        row = await asyncio.wrap_future(self.desk.store.read(handoffs.by_id, one.id))
        if row is not None:
            self.app.copy_to_clipboard(row.brief)
            self.desk.tell(f"{self.signs.done} the brief of {one.lead} is copied")

    def on_lead_table_chosen(self) -> None:
        """Enter opens the lead's history."""
        if self.current is not None:
            self.desk.open_place("history", lead=self.current.lead_id)
