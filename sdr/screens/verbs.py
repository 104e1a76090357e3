"""The lead verbs: the same key is the same verb in the queue, the list, the card and on marked leads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from sdr.models.terms import Refused
from sdr.screens.asking import Choice
from sdr.screens.due_step import DueStep
from sdr.screens.planning import Planning
from sdr.screens.replying import Replying
from sdr.store.changes import Change

if TYPE_CHECKING:
    from sdr.rules.rubric import Rubric


class LeadVerbs(Planning, DueStep, Replying):
    """The verdicts, answers and the handoff, beside the verbs of planning, of the due step and of replies."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "accept", id="lead.accept", show=False),
        Binding("r", "reject", "reject (before contact)", id="lead.reject", show=False),
        Binding("d", "disqualify", "disqualify (after contact)", id="lead.disqualify", show=False),
        Binding("e", "do_step", "do the due step", id="lead.do", show=False),
        Binding("s", "skip", "skip the due step", id="lead.skip", show=False),
        Binding("i", "reply", "they replied", id="lead.reply", show=False),
        Binding("o", "answers", "rubric answers", id="lead.answers", show=False),
        Binding("h", "hand_off", "hand off", id="lead.hand_off", show=False),
        Binding("w", "give", "give to another rep", id="lead.give", show=False),
        Binding("I", "told", "told we have their data", id="lead.told", show=False),
    ]

    # --- one or two keys ---------------------------------------------------------------------------------------

    def action_accept(self) -> None:
        """Mine."""
        from sdr.desk import triage

        self.do(triage.accept)

    def action_reject(self) -> None:
        """Not a lead: a reason digit."""
        from sdr.desk import triage

        self._reasons("reject: why?", "reject", triage.reject)

    def action_disqualify(self) -> None:
        """A no after contact: a reason digit."""
        from sdr.desk import triage

        self._reasons("disqualify: why?", "disqualify", triage.disqualify)

    def _reasons(self, words: str, family: str, verb: Callable[..., Any]) -> None:
        from sdr.store.queries import playbook

        options = getattr(playbook.reasons(), family)
        choices = [Choice(str(one.digit), one.label, one.key) for one in options]
        self.ask(words, choices, lambda choice: self.do(verb, choice.value))

    def action_skip(self) -> None:
        """Skip the due touch: a reason digit."""
        from sdr.desk import touching
        from sdr.store.queries import playbook

        choices = [Choice(str(one.digit), one.label, one.key) for one in playbook.outcomes().skips]
        self.ask("skip this step: why?", choices, lambda choice: self.do(touching.skip, choice.value))

    def action_give(self) -> None:
        """To another rep: a digit."""
        from sdr.desk import triage

        choices = [Choice(str(n), one.name, one.id) for n, one in enumerate(self.desk.book.reps[:9], 1)]
        self.ask("give to", choices, lambda choice: self.do(triage.give, choice.value))

    def action_told(self) -> None:
        """They know that we have their data, and from where (GDPR Art. 14)."""
        from sdr.desk import telling

        self.do(telling.told, stay=True)

    # --- answers and handoff -----------------------------------------------------------------------------------

    def action_answers(self) -> None:
        """The most telling open question; a digit answers it and the next one comes."""
        card = self.current_card()
        if card is not None:
            self.ask_answers(dict(card.answers))

    def ask_answers(self, held: dict[str, str]) -> None:
        """Put the next open question of the rubric; any other key ends it and is heard."""
        from sdr.desk import triage
        from sdr.rules.rubric import next_question

        rubric = self.desk.book.rubric
        key = next_question(rubric, held) or next_unmet(rubric, held)
        criterion = rubric.criterion(key) if key else None
        if criterion is None:
            self.desk.tell("every question of the rubric is answered; the call asks again (c)", "dim")
            return
        choices = [Choice(str(level.digit), level.label, level.key) for level in criterion.levels]

        def answered(choice: Choice) -> None:
            self.do(triage.answer, {criterion.key: str(choice.value)}, stay=True)
            left = held | {criterion.key: str(choice.value)}
            if next_question(rubric, left):
                self.ask_answers(left)

        self.ask(criterion.question, choices, answered, loose=True)

    def action_hand_off(self) -> None:
        """Offer it to an account executive: the preview says who and why, Enter hands off."""
        lead_id = self.current_id()
        if lead_id is not None:
            self.run_worker(self._offer(lead_id, None), group="preview", exclusive=True)

    async def _offer(self, lead_id: int, ae_id: int | None) -> None:
        from sdr.desk import handing_off

        now = self.desk.now()

        def offer(session: Any, lead: int, moment: datetime) -> Change | Refused:
            return handing_off.hand_off(session, lead, moment, ae_id=ae_id)

        found = await asyncio.wrap_future(self.desk.store.rehearse(offer, lead_id, now))
        if isinstance(found, Refused):
            self.desk.tell(found.reason, "late")
            return
        self.confirm("hand off", lambda: self.do(offer), lines=[found.summary])


def next_unmet(rubric: Rubric, held: dict[str, str]) -> str | None:
    """The first must-have that its answer does not meet, when nothing is left to ask."""
    for criterion in rubric.criteria:
        level = criterion.level(held.get(criterion.key))
        if criterion.must_have and (level is None or not level.meets):
            return criterion.key
    return None
