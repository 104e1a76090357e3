"""The lead verbs: the same key is the same verb in the queue, the list, the card and on marked leads.

A screen that shows leads mixes this in and says which lead is current and which are marked. One lead: the verb
is written at once and the cursor moves on. Marked leads: a preview with the refusals first, then one act.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from sdr.desk import bulk, drip, handing_off, leads_kept, messages, replies, touching, triage
from sdr.desk.steps import calendar_of
from sdr.models.terms import NextKind, Refused
from sdr.rules.dates import phrase, preset, spoken
from sdr.rules.rubric import Rubric, next_question
from sdr.screens.asking import Choice
from sdr.screens.room import Room
from sdr.store.changes import Applied, Change
from sdr.store.queries import leads, playbook

DATES = ("later today", "tomorrow", "next week", "next month", "next quarter", "half a year", "next year")


class LeadVerbs(Room):
    """A screen whose leads can be acted on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "accept", id="lead.accept", show=False),
        Binding("r", "reject", "reject (before contact)", id="lead.reject", show=False),
        Binding("d", "disqualify", "disqualify (after contact)", id="lead.disqualify", show=False),
        Binding("e", "do_step", "do the due step", id="lead.do", show=False),
        Binding("s", "skip", "skip the due step", id="lead.skip", show=False),
        Binding("z", "snooze", "snooze", id="lead.snooze", show=False),
        Binding("i", "reply", "they replied", id="lead.reply", show=False),
        Binding("o", "answers", "rubric answers", id="lead.answers", show=False),
        Binding("h", "hand_off", "hand off", id="lead.hand_off", show=False),
        Binding("l", "drip", "put into a drip", id="lead.drip", show=False),
        Binding("p", "pause", "pause or resume the drip", id="lead.pause", show=False),
        Binding("m", "merge", "merge with its double", id="lead.merge", show=False),
        Binding("w", "give", "give to another rep", id="lead.give", show=False),
        Binding("n", "note", "note", id="lead.note", show=False),
        Binding("y", "copy", "copy", id="lead.copy", show=False),
        Binding("v", "history", "history", id="lead.history", show=False),
        Binding("E", "edit", "fill in or mend", id="lead.edit", show=False),
        Binding("plus_sign", "add", "add a lead", id="lead.add", show=False),
        Binding("full_stop", "repeat", "repeat the last verb", id="lead.repeat", show=False),
    ]
    last_verb: tuple[Callable[..., Any], tuple[Any, ...]] | None = None

    # --- what the screen says ----------------------------------------------------------------------------------

    def current_card(self) -> leads.Card | None:
        """The card of the lead under the cursor, when it has been read."""
        raise NotImplementedError

    def current_id(self) -> int | None:
        """The lead under the cursor."""
        raise NotImplementedError

    def marked_ids(self) -> Sequence[int]:
        """The marked leads, in the order of the list."""
        return ()

    def move_on(self) -> None:
        """The verdict is given: on to the next lead."""

    def back_to(self, lead_id: int) -> None:
        """A verb was refused or taken back: the cursor returns to its lead."""

    def unmark(self) -> None:
        """The marked leads have been dealt with."""

    # --- acting ------------------------------------------------------------------------------------------------

    def do(self, verb: Callable[..., Any], *args: Any, stay: bool = False) -> None:
        """`verb` on the marked leads after a preview, else on the current one; `args` follow the lead."""
        marked = list(self.marked_ids())
        if marked:
            self.run_worker(self._preview(marked, verb, args), group="preview", exclusive=True)
            return
        lead_id = self.current_id()
        if lead_id is None:
            self.desk.tell("there is no lead here to act on", "soon")
            return
        type(self).last_verb = (verb, args)
        self._write(verb, lead_id, args)
        if not stay:
            self.move_on()

    def _write(self, verb: Callable[..., Any], lead_id: int, args: tuple[Any, ...]) -> None:
        future = self.desk.store.write(verb, lead_id, *args, self.desk.now())
        self.desk.follow(future, refused=lambda: self.back_to(lead_id))

    async def _preview(self, marked: list[int], verb: Callable[..., Any], args: tuple[Any, ...]) -> None:
        now = self.desk.now()
        found = await asyncio.wrap_future(self.desk.store.read(bulk.preview, marked, verb, args, now))
        lines = [f"  {self.signs.done} {text}" for text in found.examples]
        if found.takes > len(found.examples):
            lines.append(f"  {self.signs.cut} and {found.takes - len(found.examples)} more")
        lines += [f"  {self.signs.no} {name}: {reason}" for name, reason in found.refused[:4]]
        if len(found.refused) > 4:
            lines.append(f"  {self.signs.no} and {len(found.refused) - 4} more refused")
        if not found.takes:
            self.desk.tell(f"refused for all {len(marked)}: {found.refused[0][1]}", "late")
            return
        self.confirm(
            f"do it for {found.takes} of {len(marked)}", lambda: self._do_many(marked, verb, args), lines=lines
        )

    def _do_many(self, marked: list[int], verb: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.desk.act(bulk.many, marked, verb, args, then=lambda _done: self.unmark())

    def action_repeat(self) -> None:
        """The last verb again, on this lead."""
        if self.last_verb is None:
            self.desk.tell("no verb to repeat yet", "soon")
        else:
            self.do(self.last_verb[0], *self.last_verb[1])

    def action_undo(self) -> None:
        """Take back the newest act and go to its lead."""
        self.desk.follow(self.desk.store.undo(), self._returned)

    def action_redo(self) -> None:
        """Bring again what was taken back, and go to its lead."""
        self.desk.follow(self.desk.store.redo(), self._returned)

    def _returned(self, done: Applied) -> None:
        self.refresh_rows()
        if done.lead is not None:
            self.back_to(done.lead)

    # --- one or two keys ---------------------------------------------------------------------------------------

    def action_accept(self) -> None:
        """Mine."""
        self.do(triage.accept)

    def action_reject(self) -> None:
        """Not a lead: a reason digit."""
        self._reasons("reject: why?", "reject", triage.reject)

    def action_disqualify(self) -> None:
        """A no after contact: a reason digit."""
        self._reasons("disqualify: why?", "disqualify", triage.disqualify)

    def _reasons(self, words: str, family: str, verb: Callable[..., Any]) -> None:
        options = getattr(playbook.reasons(), family)
        choices = [Choice(str(one.digit), one.label, one.key) for one in options]
        self.ask(words, choices, lambda choice: self.do(verb, choice.value))

    def action_skip(self) -> None:
        """Skip the due touch: a reason digit."""
        choices = [Choice(str(one.digit), one.label, one.key) for one in playbook.outcomes().skips]
        self.ask("skip this step: why?", choices, lambda choice: self.do(touching.skip, choice.value))

    def action_snooze(self) -> None:
        """Later: a date digit."""
        self.ask_date("snooze until", lambda until: self.do(triage.snooze, until))

    def action_reply(self) -> None:
        """They wrote: what kind of reply."""
        choices = [Choice(str(one.digit), one.label, one) for one in playbook.outcomes().replies]
        self.ask("they replied", choices, self._replied)

    def _replied(self, choice: Choice) -> None:
        kind: Any = choice.value

        def reply(session: Any, lead_id: int, more: dict[str, Any], now: datetime) -> Change | Refused:
            return replies.reply(session, lead_id, kind.key, now, **more)

        if kind.asks == "date":
            self.ask_date(kind.label, lambda until: self.do(reply, {"until": until}))
        elif kind.asks == "name":
            self.ask_line(f"{kind.label}: name", lambda name: self._named(reply, name))
        elif kind.needs_confirm:
            self.confirm(kind.label, lambda: self.do(reply, {}))
        else:
            self.do(reply, {})

    def _named(self, reply: Callable[..., Any], name: str) -> str | None:
        self.do(reply, {"name": name or None})
        return None

    def action_pause(self) -> None:
        """Pause the drip, or resume a paused one."""
        card = self.current_card()
        paused = card is not None and card.enrollment is not None and card.enrollment.state == "paused"
        if paused:
            self.do(drip.resume)
        else:
            self.do(drip.pause, None)

    def action_drip(self) -> None:
        """Into a drip: a digit."""
        choices = [Choice(str(n), one.name, one.id) for n, one in enumerate(self.desk.book.cadences, 1)]
        self.ask("into which drip?", choices, lambda choice: self.do(drip.enroll, choice.value))

    def action_give(self) -> None:
        """To another rep: a digit."""
        choices = [Choice(str(n), one.name, one.id) for n, one in enumerate(self.desk.book.reps[:9], 1)]
        self.ask("give to", choices, lambda choice: self.do(triage.give, choice.value))

    def action_note(self) -> None:
        """A note; one that begins with a quotation mark is their own words."""
        self.ask_line("note (start with “ for their words)", self._noted)

    def _noted(self, text: str) -> str | None:
        if not text:
            return "an empty note says nothing; Esc leaves"
        said = text[0] in "\"“„«'"

        def note(session: Any, lead_id: int, now: datetime) -> Change | Refused:
            words = text.strip("\"“”„«»' ") if said else text
            return triage.note(session, lead_id, words, now, said=said)

        self.do(note, stay=True)
        return None

    # --- dates -------------------------------------------------------------------------------------------------

    def ask_date(self, words: str, then: Callable[[datetime], None]) -> None:
        """Ask for a date digit; every choice shows the real date in the prospect's hours."""
        card = self.current_card()
        zone = card.lead.zone if card else self.desk.book.rep.zone
        closed = calendar_of(card.lead, self.desk.now()).closed if card else frozenset()
        now = self.desk.now()
        choices = []
        for digit, label in enumerate(DATES, 1):
            moment = preset(digit, now, zone, closed=closed)
            if moment is not None:
                real = spoken(moment, now)
                told = real if real.startswith(label) else f"{label} {real}"
                choices.append(Choice(str(digit), told, moment))
        choices.append(Choice("9", "type a date"))

        def chosen(choice: Choice) -> None:
            if isinstance(choice.value, datetime):
                then(choice.value)
            else:
                self._typed_date(words, zone, then)

        self.ask(words, choices, chosen)

    def _typed_date(self, words: str, zone: str, then: Callable[[datetime], None]) -> None:
        def typed(text: str) -> str | None:
            moment = phrase(text, self.desk.now(), zone)
            if moment is None:
                return "not a date; write next tue 3pm, +3bd or 2026-06-01"
            then(moment)
            return None

        self.ask_line(f"{words} (next tue 3pm, +3bd, 2026-06-01)", typed)

    # --- answers and handoff -----------------------------------------------------------------------------------

    def action_answers(self) -> None:
        """The most telling open question; a digit answers it and the next one comes."""
        card = self.current_card()
        if card is not None:
            self.ask_answers(dict(card.answers))

    def ask_answers(self, held: dict[str, str]) -> None:
        """Put the next open question of the rubric; any other key ends it and is heard."""
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
        now = self.desk.now()

        def offer(session: Any, lead: int, moment: datetime) -> Change | Refused:
            return handing_off.hand_off(session, lead, moment, ae_id=ae_id)

        found = await asyncio.wrap_future(self.desk.store.rehearse(offer, lead_id, now))
        if isinstance(found, Refused):
            self.desk.tell(found.reason, "late")
            return
        self.confirm("hand off", lambda: self.do(offer), lines=[found.summary])

    # --- looking and keeping -----------------------------------------------------------------------------------

    def action_history(self) -> None:
        """What happened to this lead."""
        if (lead_id := self.current_id()) is not None:
            self.desk.open_place("history", lead=lead_id)

    def action_copy(self) -> None:
        """Copy one thing to the clipboard."""
        card = self.current_card()
        if card is None:
            return
        lead = card.lead
        things = (("phone", lead.phone), ("e-mail", lead.email), ("name", lead.name), ("company", lead.company),
                  ("linkedin", lead.linkedin))  # fmt: skip
        choices = [Choice(str(n), f"{word} {value}", value) for n, (word, value) in enumerate(things, 1) if value]
        self.ask("copy", choices, self._copied)

    def _copied(self, choice: Choice) -> None:
        self.app.copy_to_clipboard(str(choice.value))
        self.desk.tell(f"{self.signs.done} copied {choice.label}")

    def action_merge(self) -> None:
        """Join it with the record it doubles; the difference is shown first."""
        if (lead_id := self.current_id()) is not None:
            self.run_worker(self._merge(lead_id), group="preview", exclusive=True)

    async def _merge(self, lead_id: int) -> None:
        twin = await asyncio.wrap_future(self.desk.store.read(leads_kept.twin, lead_id))
        if twin is None:
            self.desk.tell("no double of this lead is known", "soon")
            return
        lines = await asyncio.wrap_future(self.desk.store.read(leads_kept.difference, lead_id, twin.id))
        self.confirm(f"merge into {twin.name}", lambda: self.do(leads_kept.merge, twin.id), lines=lines)

    def action_edit(self) -> None:
        """Fill in or mend one field."""
        card = self.current_card()
        if card is None:
            return
        lead = card.lead
        fields = (("company", lead.company), ("title", lead.title), ("phone", lead.phone), ("email", lead.email),
                  ("name", lead.name), ("city", lead.city), ("country", lead.country), ("linkedin", lead.linkedin),
                  ("zone", lead.zone))  # fmt: skip
        choices = [Choice(str(n), f"{word} {value or '—'}", (word, value)) for n, (word, value) in enumerate(fields, 1)]
        self.ask("fill in or mend", choices, self._edit_field)

    def _edit_field(self, choice: Choice) -> None:
        word, value = choice.value  # type: ignore[misc]

        def typed(text: str) -> str | None:
            self.do(leads_kept.fill, {word: text}, stay=True)
            return None

        self.ask_line(str(word), typed, value=value or "")  # type: ignore[has-type]

    def action_add(self) -> None:
        """Quick add: one line, what was understood is shown before it is kept."""
        self.ask_line("name, company, e-mail, phone, show:source", self._add)

    def _add(self, text: str) -> str | None:
        parsed = leads_kept.understood(text)
        if isinstance(parsed, Refused):
            return parsed.reason
        self.confirm("keep it", lambda: self.desk.act(leads_kept.add, parsed), lines=leads_kept.spoken(parsed))
        return None

    def action_do_step(self) -> None:
        """Do the due step: a call rings, any other is shown and Enter does it."""
        card = self.current_card()
        if card is None or card.lead.next_kind is None:
            self.desk.tell("nothing is due on this lead", "soon")
            return
        kind = NextKind(card.lead.next_kind)
        if kind in (NextKind.CALL, NextKind.PROMISE, NextKind.MEETING):
            self.action_call()
        elif kind is NextKind.HANDOFF:
            self.action_hand_off()
        elif kind in (NextKind.EMAIL, NextKind.LINKEDIN, NextKind.LETTER, NextKind.OTHER):
            self.run_worker(self._show_touch(card.lead.id, kind), group="preview", exclusive=True)
        else:
            self.desk.tell(f"{kind.value}: a accept · r reject · c call", "soon")

    async def _show_touch(self, lead_id: int, kind: NextKind) -> None:
        lines = await asyncio.wrap_future(self.desk.store.read(messages.text_of, lead_id))
        self.confirm(f"{kind.value} done", lambda: self.do(touching.touch, None), lines=lines)

    def action_call(self) -> None:
        """Ring; screens with a call panel override this."""


def next_unmet(rubric: Rubric, held: dict[str, str]) -> str | None:
    """The first must-have that its answer does not meet, when nothing is left to ask."""
    for criterion in rubric.criteria:
        level = criterion.level(held.get(criterion.key))
        if criterion.must_have and (level is None or not level.meets):
            return criterion.key
    return None
