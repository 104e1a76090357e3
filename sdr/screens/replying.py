"""They wrote: which of the eight kinds, and the one more key that some of them need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sdr.models.terms import Refused
from sdr.screens.asking import Choice
from sdr.screens.keeping import Keeping
from sdr.store.changes import Change

if TYPE_CHECKING:
    from sdr.desk.absence import Away

Reply = Callable[..., Change | Refused]


class Replying(Keeping):
    """The verb behind `i`."""

    def action_reply(self) -> None:
        """They wrote: what kind of reply."""
        from sdr.store.queries import playbook

        choices = [Choice(str(one.digit), one.label, one) for one in playbook.outcomes().replies]
        self.ask("they replied", choices, self._replied)

    def _replied(self, choice: Choice) -> None:
        from sdr.desk import replies

        kind: Any = choice.value

        def reply(session: Any, lead_id: int, more: dict[str, Any], now: datetime) -> Change | Refused:
            return replies.reply(session, lead_id, kind.key, now, **more)

        if kind.key == replies.AWAY:
            self._out_of_office(kind.label, reply)
        elif kind.asks == "date":
            self.ask_date(kind.label, lambda until: self.do(reply, {"until": until}))
        elif kind.asks == "name":
            self.ask_line(f"{kind.label}: name", lambda name: self._named(reply, name))
        elif kind.suppress:
            self._for_whom(kind.label, reply)
        elif kind.needs_confirm:
            self.confirm(kind.label, lambda: self.do(reply, {}))
        else:
            self.do(reply, {})

    def _named(self, reply: Reply, name: str) -> str | None:
        self.do(reply, {"name": name or None})
        return None

    # --- away --------------------------------------------------------------------------------------------------

    def _out_of_office(self, label: str, reply: Reply) -> None:
        """When they are back: a digit, or 0 and their own words, which are read."""
        read = Choice("0", "paste their answer")
        self.ask_date(
            f"{label}: back when?", lambda until: self.do(reply, {"until": until}),
            more=((read, lambda: self._their_words(label, reply)),),
        )  # fmt: skip

    def _their_words(self, label: str, reply: Reply) -> None:
        def typed(text: str) -> str | None:
            from sdr.desk import absence

            card = self.current_card()
            if card is None:
                return None
            found = absence.read(card.lead, text, self.desk.now())
            if found.until is None and found.stands_in is None:
                return "no date of return and no stand-in is in it; Esc, then the date by a digit"
            self._proposed(label, reply, text, found)
            return None

        self.ask_line("their answer", typed)

    def _proposed(self, label: str, reply: Reply, text: str, found: Away) -> None:
        """What was read, to be said yes to; a digit gives another date."""
        words = [found.words] if found.words else []
        if (person := found.stands_in) is not None:
            reach = " · ".join(part for part in (person.email, person.phone) if part)
            words.append(f"{person.name} stands in{f' ({reach})' if reach else ''}: a new lead")
        self.ask_date(
            f"{label}{': Enter takes it' if found.until else ': back when?'}",
            lambda until: self.do(reply, {"until": until, "text": text}),
            lines=words, proposed=found.until,
        )  # fmt: skip

    # --- never again -------------------------------------------------------------------------------------------

    def _for_whom(self, label: str, reply: Reply) -> None:
        """Enter: this person; a digit: everybody at their domain or account."""
        from sdr.rules.identity import company_domain

        card = self.current_card()
        person = Choice("1", "this person", "person")
        choices = [person]
        domain = company_domain(card.lead.email, None) if card else None
        if domain is not None:
            choices.append(Choice("2", f"everybody at {domain}", "domain"))
        if card is not None and card.lead.account_id is not None:
            choices.append(Choice("3", f"everybody at {card.lead.company or 'this account'}", "account"))
        self.ask(
            f"{label}: never mailed again", choices, lambda choice: self.do(reply, {"scope": choice.value}),
            enter=person,
        )  # fmt: skip
