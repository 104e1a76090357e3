"""Keeping leads right by key: notes, copying, mending a field, adding one, merging a double, the history."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from sdr.models.terms import Refused
from sdr.screens.acting import Acting
from sdr.screens.asking import Asker, Choice
from sdr.store.changes import Change

if TYPE_CHECKING:
    from sdr.desk.one_line import Parsed


class Keeping(Acting):
    """The verbs that keep a lead's record right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "merge", "merge with its double", id="lead.merge", show=False),
        Binding("n", "note", "note", id="lead.note", show=False),
        Binding("y", "copy", "copy", id="lead.copy", show=False),
        Binding("v", "history", "history", id="lead.history", show=False),
        Binding("E", "edit", "fill in or mend", id="lead.edit", show=False),
        Binding("plus", "add", "add a lead", id="lead.add", show=False),
    ]

    def action_note(self) -> None:
        """A note; one that begins with a quotation mark is their own words."""
        self.ask_line("note (start with “ for their words)", self._noted)

    def _noted(self, text: str) -> str | None:
        from sdr.desk import triage

        if not text:
            return "an empty note says nothing; Esc leaves"
        said = text[0] in "\"“„«'"

        def note(session: Any, lead_id: int, now: datetime) -> Change | Refused:
            words = text.strip("\"“”„«»' ") if said else text
            return triage.note(session, lead_id, words, now, said=said)

        self.do(note, stay=True)
        return None

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
        """It and its likeliest double side by side; the verdict is given there."""
        if (lead_id := self.current_id()) is not None:
            self.run_worker(self._merge(lead_id), group="preview", exclusive=True)

    async def _merge(self, lead_id: int) -> None:
        from sdr.desk import suspecting
        from sdr.store import sweeping

        caught_up = await asyncio.to_thread(sweeping.keep_up, self.desk.store)
        found = await asyncio.wrap_future(self.desk.store.read(suspecting.double_of, lead_id))
        if found is None:
            later = "" if caught_up else "; not all leads are compared yet: g p does it"
            self.desk.tell(f"no double of this lead is known{later}", "soon")
        else:
            self.desk.open_place("doubles", pair=found)

    def action_edit(self) -> None:
        """Fill in or mend one field."""
        card = self.current_card()
        if card is None:
            return
        lead = card.lead
        fields = (("company", lead.company), ("title", lead.title), ("phone", lead.phone), ("email", lead.email),
                  ("name", lead.name), ("city", lead.city), ("country", lead.country), ("linkedin", lead.linkedin),
                  ("zone", lead.zone))  # fmt: skip
        choices = [
            Choice(str(n), f"{word} {value or '—'}", f"{word} {value or ''}")
            for n, (word, value) in enumerate(fields, 1)
        ]
        self.ask("fill in or mend", choices, self._edit_field)

    def _edit_field(self, choice: Choice) -> None:
        from sdr.desk import leads_kept

        word, _, value = str(choice.value).partition(" ")

        def typed(text: str) -> str | None:
            self.do(leads_kept.fill, {word: text}, stay=True)
            return None

        self.ask_line(word, typed, value=value)

    def action_add(self) -> None:
        """Quick add: one line or a pasted mail; what was understood is shown before it is kept."""
        self.ask_line("name, company, e-mail, phone, show:source", self._add, pasted=self._add_mail)

    def _add(self, text: str) -> str | None:
        from sdr.desk import leads_kept

        parsed = leads_kept.understood(text)
        if isinstance(parsed, Refused):
            return parsed.reason
        self._keep(parsed)
        return None

    def _add_mail(self, text: str) -> bool:
        """A mail that was pasted: its writer is the lead, and its words are the first note."""
        from sdr.exchange.mail_leads import is_mail, lead_of
        from sdr.screens.prompt import Prompt

        if not is_mail(text):
            return False
        parsed = lead_of(text)
        self.query_one(Prompt).close()
        if isinstance(parsed, Refused):
            self.desk.tell(f"{parsed.reason} {parsed.hint}".strip(), "late")
        else:
            self._keep(parsed)
        return True

    def _keep(self, parsed: Parsed) -> None:
        from sdr.desk import leads_kept

        self._ask_to_keep(parsed, leads_kept.spoken(parsed))
        self.run_worker(self._check(parsed), group="preview", exclusive=True)

    def _ask_to_keep(self, parsed: Parsed, lines: list[str]) -> None:
        from sdr.desk import leads_kept

        self.confirm("keep it", lambda: self.desk.act(leads_kept.add, parsed), lines=lines)

    async def _check(self, parsed: Parsed) -> None:
        """Say under what was understood whether somebody has it already, unless it was answered by then."""
        from sdr.desk import known_here, leads_kept

        asked = self.query_one(Asker).question
        known = await asyncio.wrap_future(self.desk.store.read(known_here.check, parsed, self.desk.now()))
        if known and asked is not None and self.query_one(Asker).question is asked:
            self._ask_to_keep(parsed, [*leads_kept.spoken(parsed), *(f"{self.signs.late} {words}" for words in known)])
