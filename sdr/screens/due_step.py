"""Doing the due step of a lead: a call rings, a message is shown to be sent on, anything else is confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from sdr.models.terms import NextKind, Refused
from sdr.screens.keeping import Keeping
from sdr.screens.lines import KeyLine

if TYPE_CHECKING:
    from sdr.store import rows


class DueStep(Keeping):
    """A screen on which `e` does what is due."""

    def over(self) -> Iterable[Widget]:
        """The message of a due step, over the foot of the screen, while it is looked at."""
        from sdr.screens.composing import Composer

        yield from super().over()
        yield Composer(signs=self.signs)

    def show_keys(self) -> None:
        """Those of the message while there is one."""
        super().show_keys()
        if not self.complete or self.left:
            return
        from sdr.screens.composing import Composer

        composer = self.query_one(Composer)
        if composer.display:
            self.query_one("#keys", KeyLine).show(composer.keys(), ())

    def action_do_step(self) -> None:
        """Do the due step: a call rings, any other is shown and Enter does it; marked leads get theirs in one act."""
        if self.marked_ids():
            from sdr.desk import touching

            self.do(touching.touch, None)
            return
        lead = self._current_lead()
        if lead is None or lead.next_kind is None:
            self.desk.tell("nothing is due on this lead", "soon")
            return
        kind = NextKind(lead.next_kind)
        if kind in (NextKind.CALL, NextKind.PROMISE, NextKind.MEETING):
            self.action_call()
        elif kind is NextKind.HANDOFF:
            self.action_hand_off()
        elif kind in (NextKind.EMAIL, NextKind.LINKEDIN, NextKind.LETTER, NextKind.OTHER):
            self._write_it(lead.id, kind)
        else:
            self.desk.tell(f"{kind.value}: a accept · r reject · c call", "soon")

    def _current_lead(self) -> rows.Lead | None:
        """The lead under the cursor; read now when its card is on its way, as right after an act."""
        from sdr.store.queries import leads

        card, lead_id = self.current_card(), self.current_id()
        if card is not None or lead_id is None:
            return card.lead if card else None
        return self.desk.store.read(leads.lead, lead_id).result()

    def _write_it(self, lead_id: int, kind: NextKind) -> None:
        """The message of the due step, to send on with Enter.

        The handler waits for this one read, as `c` does: the keys typed behind `e` are the message's already.
        """
        from sdr.desk import composing, touching
        from sdr.screens.composing import Composer

        draft = self.desk.store.read(composing.draft_of, lead_id, self.desk.now()).result()
        if draft is None:
            self.confirm(f"{kind.value} done", lambda: self.do(touching.touch, None))
        elif self.complete:
            self.query_one(Composer).open(draft, self._added)

    def _added(self, said: Any, stop: Refused | None) -> None:
        """What the rep added goes with the touch; a stop of the gate is passed by a typed reason."""
        from sdr.screens.composing import go, with_reason

        if stop is None:
            self.do(go, said)
        else:
            self.ask_why(lambda why: self.do(go, with_reason(said, why)))

    def action_call(self) -> None:
        """Ring; screens with a call panel override this."""

    def action_hand_off(self) -> None:
        """Offer it; screens with the verbs of leads override this."""
