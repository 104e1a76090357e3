"""Calling from any screen that shows leads: `c` rings, the panel takes the keys, what came of it is one act.

Before it rings, the gate is asked; a number that may not ring is refused with the reason, and where the gate only
stops it, the rep's own reason is asked for and kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from sdr.models.terms import at
from sdr.screens.verbs import LeadVerbs

if TYPE_CHECKING:
    from sdr.screens.call_panel import CallPanel
    from sdr.screens.call_values import CallEnded


class Calls(LeadVerbs):
    """A screen that can call the lead under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "call", "call", id="lead.call", show=False)]
    after: ClassVar[tuple[str, ...]] = (
        "sdr.screens.ringing", "sdr.screens.call_panel", "sdr.screens.dialling", "sdr.screens.composing",
    )  # fmt: skip

    def over(self) -> Iterable[Widget]:
        """The call, over everything, while there is one."""
        from sdr.screens.call_panel import CallPanel

        yield from super().over()
        yield CallPanel(signs=self.signs)

    @property
    def panel(self) -> CallPanel:
        """The call."""
        from sdr.screens.call_panel import CallPanel

        return self.query_one(CallPanel)

    def action_call(self) -> None:
        """Ring the lead under the cursor."""
        lead_id = self.current_id()
        if lead_id is not None and self.complete and not self.panel.calling:
            self._ring(lead_id, None)

    def _ring(self, lead_id: int, because: str | None) -> None:
        """Ring, or say why not; what only stops the dial is passed by the reason `because`, which is asked for.

        The one read a handler waits for (a few milliseconds): the keys typed behind `c` are the call's already.
        """
        from sdr.desk.dialling import refuse
        from sdr.screens.ringing import ready
        from sdr.store.queries import playbook

        found = self.desk.store.read(ready, lead_id, self.desk.now(), because).result()
        if found is None:
            return
        if found.refused is not None:
            self.desk.act(refuse, lead_id)  # says the same, and keeps it as an event
            if found.stopped:
                self.ask_why(lambda why: self._ring(lead_id, why))
            return
        self.panel.begin(
            found.card, found.cal, self.desk.book.rubric, playbook.objections(), self.desk.now,
            lambda ended: self.call_ended(ended, because),
            script=found.script, dial=self._dial, mails=found.mails,
        )  # fmt: skip

    def _dial(self, number: str) -> None:
        from sdr.screens.dialling import dial

        if wrong := dial(self.app, self.desk.setting.dial, number):
            self.desk.tell(wrong, "soon")

    def call_ended(self, ended: CallEnded, because: str | None = None) -> None:
        """Write how the call ended, with the reason it rang all the same, and on to the next lead."""
        from sdr.screens.ringing import story_of

        future = self.desk.store.write_many(story_of(ended, self.desk.now(), because))
        minding = self.desk.setting.busy and (ended.next_at or ended.meeting_at)
        then = (lambda _done: self._mind_calendar(ended.lead_id)) if minding else None
        self.desk.follow(future, then, refused=lambda: self.back_to(ended.lead_id))
        if not ended.stay:
            self.move_on()

    def _mind_calendar(self, lead_id: int) -> None:
        """Say it when what was just promised meets something in the rep's own calendar."""
        self.app.run_worker(self._met(lead_id), group="calendar", exclusive=True)

    async def _met(self, lead_id: int) -> None:
        from sdr.exchange.busy import colliding
        from sdr.exchange.day_calendar import LENGTHS
        from sdr.store.queries import leads

        promise = await asyncio.wrap_future(self.desk.store.read(leads.open_promise, lead_id))
        if promise is None:
            return
        due, zone, said = at(promise.due_at), self.desk.rep.zone, self.desk.said
        words, fault = await asyncio.to_thread(colliding, self.desk.setting.busy, due, LENGTHS[promise.kind], zone)
        if told := f"you have {words} then" if words else fault:
            self.desk.tell(f"{told} {self.signs.dot} {said.words}", "soon", said.tail)
