"""Calling from any screen that shows leads: `c` rings, the panel takes the keys, what came of it is one act.

Before it rings, the gate is asked; a number that may not ring is refused with the reason. A qualified call with a
meeting writes the call and the handoff in one transaction, each a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from sdr.desk import calling, gate, handing_off, messages
from sdr.models.terms import Refused
from sdr.screens.call_panel import CallPanel
from sdr.screens.call_values import CallEnded
from sdr.screens.dialling import dial
from sdr.screens.verbs import LeadVerbs
from sdr.store.changes import Change
from sdr.store.queries import leads, playbook
from sdr.store.session import Reader, Session


@dataclass(frozen=True, slots=True)
class Ready:
    """What a call needs before it rings."""

    card: leads.Card
    refused: Refused | None
    script: tuple[str, ...]


def ready(db: Reader, lead_id: int, now: datetime) -> Ready | None:
    """The card, whether it may ring, and the script of the call."""
    card = leads.card(db, lead_id)
    return Ready(card, gate.dial(db, lead_id, now), messages.script_of(db, lead_id)) if card else None


class Calls(LeadVerbs):
    """A screen that can call the lead under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "call", "call", id="lead.call", show=False)]

    def over(self) -> Iterable[Widget]:
        """The call, over everything, while there is one."""
        yield CallPanel(signs=self.signs)

    @property
    def panel(self) -> CallPanel:
        """The call."""
        return self.query_one(CallPanel)

    def action_call(self) -> None:
        """Ring the lead under the cursor.

        The one read a handler waits for (about a millisecond): the keys typed behind `c` are the call's already.
        """
        lead_id = self.current_id()
        if lead_id is None or self.panel.calling:
            return
        found = self.desk.store.read(ready, lead_id, self.desk.now()).result()
        if found is None:
            return
        if found.refused is not None:
            self.desk.tell(found.refused.reason, "late")
            return
        self.panel.begin(
            found.card, self.desk.book.rubric, playbook.objections(), self.desk.now, self.call_ended,
            script=found.script, dial=self._dial,
        )  # fmt: skip

    def _dial(self, number: str) -> None:
        if wrong := dial(self.app, self.desk.setting.dial, number):
            self.desk.tell(wrong, "soon")

    def call_ended(self, ended: CallEnded) -> None:
        """Write how the call ended, and on to the next lead."""
        now = self.desk.now()

        def story(session: Session) -> Iterator[Change | Refused]:
            done = calling.call(session, ended.lead_id, ended.outcome, now, **ended.noted())
            yield done
            if ended.hand_off and isinstance(done, Change):
                yield handing_off.hand_off(session, ended.lead_id, now, meeting_at=ended.meeting_at)

        future = self.desk.store.write_many(story)
        self.desk.follow(future, refused=lambda: self.back_to(ended.lead_id))
        if not ended.stay:
            self.move_on()
