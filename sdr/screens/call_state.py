"""A call from its first ring to its outcome, as keys hear it: a pure state machine, without a screen or a write.

RING: digits are outcomes without a talk, Enter means they are on the line. TALK: digits answer the question under
the cursor. WRAP: digits are outcomes. There is no way out without an outcome; what an outcome still needs (a date,
a reason, a name, Enter) is asked on the spot. Text is typed here too, so that keys of one burst never get lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sdr.desk.calling import not_agreed
from sdr.models.terms import LeadState, ms
from sdr.rules.calling import Outcome
from sdr.rules.cards import Card, matching
from sdr.rules.reasons import Reason
from sdr.screens.call_questions import Questions
from sdr.screens.call_values import Asked, CallEnded, Ground, Phase

TYPED = (Asked.NAME, Asked.TYPED_DATE, Asked.NOTE)
LONGEST = 2_000  # characters of one typed line


@dataclass(slots=True)
class CallState:
    """One call. `press` hears a key; `ended` holds the result once there is one. `hint` is what to say next."""

    ground: Ground
    questions: Questions
    phase: Phase = Phase.RING
    asked: Asked | None = None
    outcome: Outcome | None = None
    number_at: int = 0
    typed: str = ""
    shown_card: Card | None = None
    used: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    landed: int = 0
    blank: int = 0
    date: datetime | None = None
    reason: Reason | None = None
    name: str | None = None
    mail: bool = False
    hint: str = ""
    ended: CallEnded | None = None

    # --- what is so --------------------------------------------------------------------------------------------

    @property
    def number(self) -> str | None:
        """The number that rings."""
        return self.ground.numbers[self.number_at] if self.ground.numbers else None

    @property
    def offered(self) -> tuple[Outcome, ...]:
        """The outcomes under the digits now."""
        return self.ground.outcomes.ring if self.phase is Phase.RING else self.ground.outcomes.wrap

    @property
    def usual(self) -> int | None:
        """The date digit that Enter means."""
        return self.ground.usual.get(self.outcome.next) if self.outcome else None

    @property
    def found_cards(self) -> tuple[Card, ...]:
        """The objection cards that the letters so far may mean."""
        return matching(self.ground.cards, self.typed)

    # --- keys --------------------------------------------------------------------------------------------------

    def press(self, key: str, character: str | None, seconds: int) -> None:
        """Hear one key. `seconds` is how long the call has lasted."""
        self.hint = ""
        if self.asked in TYPED:
            self._type(key, character, seconds)
        elif self.asked is not None:
            self._answer(key, character, seconds)
        elif self.phase is Phase.RING:
            self._ring(key, character, seconds)
        elif self.phase is Phase.TALK:
            self._talk(key, character)
        else:
            self._wrap(key, character, seconds)

    def paste(self, text: str) -> None:
        """Pasted text belongs to the line being typed, if there is one."""
        if self.asked in TYPED:
            self.typed = (self.typed + " ".join(text.split()))[:LONGEST]

    def _ring(self, key: str, character: str | None, seconds: int) -> None:
        if key == "enter":
            self.phase = Phase.TALK
        elif key == "tab" and len(self.ground.numbers) > 1:
            self.number_at = (self.number_at + 1) % len(self.ground.numbers)
        elif key == "escape":
            first = self.ground.outcomes.ring[0]
            self.hint = f"no way out without an outcome: {first.digit} {first.label} · Enter they are on the line"
        elif not self._noting(character):
            self._choose(character, seconds)

    def _talk(self, key: str, character: str | None) -> None:
        if key == "space":
            self.phase = Phase.WRAP
        elif key == "escape":
            self._leave_talk()
        elif key in ("down", "j"):
            self.questions.skip()
        elif key in ("up", "k"):
            self.questions.back()
        elif character == "b":
            self.blank += 1
        elif character == "B":
            self.landed += 1
        elif not self._noting(character) and (digit := _digit(character)) is not None:
            self._take_answer(digit)

    def _wrap(self, key: str, character: str | None, seconds: int) -> None:
        if key == "escape":
            self.phase = Phase.TALK
        elif not self._noting(character):
            self._choose(character, seconds)

    def _noting(self, character: str | None) -> bool:
        """The keys that work in every phase: a note, an objection card."""
        if character == "n":
            self.asked, self.typed = Asked.NOTE, ""
        elif character == ";":
            self.asked, self.typed, self.shown_card = Asked.CARD, "", None
        else:
            return False
        return True

    def _take_answer(self, digit: int) -> None:
        if self.questions.current is None:
            self.hint = "every question is answered: k goes back to one, Space ends the talk"
        elif not self.questions.answer(digit):
            self.hint = f"{digit} is no answer to this question"

    def _leave_talk(self) -> None:
        if self.shown_card is not None:
            self.shown_card = None
        else:
            self.phase = Phase.RING

    # --- the outcome -------------------------------------------------------------------------------------------

    def _choose(self, character: str | None, seconds: int) -> None:
        digit = _digit(character)
        chosen = next((one for one in self.offered if one.digit == digit), None)
        if chosen is None:
            return
        if (
            chosen.state is LeadState.QUALIFIED
            and (no := not_agreed(self.ground.rubric, self.questions.held)) is not None
        ):
            self.hint = f"{no.reason.partition(';')[0]} · Esc back to the questions"
            return
        self.outcome, self.date, self.reason, self.name = chosen, None, None, None
        if chosen.needs_note and not self.notes:
            self.asked, self.typed = Asked.NOTE, ""
            return
        self._ask_or_end(seconds)

    def _ask_or_end(self, seconds: int) -> None:
        """Ask what the outcome still needs, in the order date, reason, name, Enter; else the call has ended."""
        chosen = self.outcome
        assert chosen is not None
        if chosen.asks == "date":
            self.asked = Asked.SLOT if chosen.state is LeadState.QUALIFIED else Asked.DATE
        elif chosen.asks in ("reason", "name"):
            self.asked, self.typed = Asked(chosen.asks), ""
        elif chosen.needs_confirm:
            self.asked = Asked.CONFIRM
        elif chosen.mail in self.ground.mails:
            self.asked = Asked.MAIL
        else:
            self._end(seconds)

    def _answer(self, key: str, character: str | None, seconds: int) -> None:
        """A key while something is asked with digits, letters or Enter."""
        digit = _digit(character)
        if key == "escape":
            self.asked, self.outcome = None, None
        elif self.asked is Asked.CARD:
            self._letter(character)
        elif self.asked is Asked.REASON:
            self._reasoned(digit, seconds)
        elif self.asked is Asked.MAIL:
            if key == "enter" or digit == 0:
                self.mail = key == "enter"
                self._end(seconds)
        elif self.asked is Asked.CONFIRM:
            if key == "enter":
                self._end(seconds)
        else:
            self._dated(key, digit, seconds)

    def _reasoned(self, digit: int | None, seconds: int) -> None:
        self.reason = next((one for one in self.ground.reasons if one.digit == digit), None)
        if self.reason is not None and self.reason.suppress:
            self.asked = Asked.CONFIRM
        elif self.reason is not None:
            self._end(seconds)

    def _dated(self, key: str, digit: int | None, seconds: int) -> None:
        """A date digit ends the call; a meeting slot is only chosen, since the handoff leaves the building."""
        assert self.outcome is not None
        slot = self.asked is Asked.SLOT
        if digit == 9:
            self.asked, self.typed = Asked.TYPED_DATE, ""
        elif slot and digit == 0:
            self.date = None
        elif slot and digit is not None:
            self.date = self.ground.slots.get(digit, self.date)
        elif slot and key == "enter":
            self._end(seconds)
        elif not slot and (key == "enter" or digit in self.ground.dates):
            chosen = self.usual if key == "enter" else digit
            self.date = self.ground.dates.get(chosen or 0)
            self._end(seconds)

    def _letter(self, character: str | None) -> None:
        if not character or not character.isalpha():
            return
        if not matching(self.ground.cards, self.typed + character):
            self.hint = f"no card begins with “{self.typed}{character}”"
            return
        self.typed += character
        found = self.found_cards
        if len(found) == 1:
            self.shown_card, self.asked, self.typed = found[0], None, ""
            if found[0].key not in self.used:
                self.used.append(found[0].key)

    def _type(self, key: str, character: str | None, seconds: int) -> None:
        if key == "escape":
            back = {Asked.TYPED_DATE: Asked.SLOT if self._qualifies() else Asked.DATE}
            self.asked, self.typed = back.get(self.asked) if self.asked else None, ""
            if self.asked is None:
                self.outcome = None
        elif key == "enter":
            self._typed(self.typed.strip(), seconds)
        elif key == "backspace":
            self.typed = self.typed[:-1]
        elif key == "ctrl+u":
            self.typed = ""
        elif character and character.isprintable():
            self.typed = (self.typed + character)[:LONGEST]

    def _typed(self, text: str, seconds: int) -> None:
        if self.asked is Asked.NOTE:
            self._note(text, seconds)
        elif self.asked is Asked.NAME:
            self.name = text
            if text:
                self._end(seconds)
            else:
                self.hint = "whom? type the colleague's name, or Esc"
        else:
            self._typed_date(text, seconds)

    def _typed_date(self, text: str, seconds: int) -> None:
        moment = self.ground.read_date(text)
        if moment is None:
            self.hint = "not a date; write next tue 3pm, +3bd or 2026-06-01"
            return
        self.date, self.typed = moment, ""
        if self._qualifies():
            self.asked = Asked.SLOT
        else:
            self._end(seconds)

    def _note(self, text: str, seconds: int) -> None:
        """A note; one that begins with a quotation mark is their own words."""
        self.asked, self.typed = None, ""
        if text and text[0] in "\"“„«'":
            self.said.append(text.strip("\"“”„«»' "))
        elif text:
            self.notes.append(text)
        if self.outcome is not None:  # the outcome had asked for it
            self._ask_or_end(seconds)

    def _qualifies(self) -> bool:
        return self.outcome is not None and self.outcome.state is LeadState.QUALIFIED

    def _end(self, seconds: int) -> None:
        chosen = self.outcome
        assert chosen is not None
        qualifies = self._qualifies()
        self.asked = None
        self.ended = CallEnded(
            self.ground.lead_id,
            chosen.key,
            dict(self.questions.answers),
            tuple(one for one in self.said if one),
            tuple(self.notes),
            seconds,
            self.landed,
            self.blank,
            tuple(self.used),
            self.number,
            next_at=None if qualifies else self.date,
            reason=self.reason.key if self.reason else None,
            name=self.name,
            meeting_at=self.date if qualifies else None,
            hand_off=qualifies,
            mail=self.mail,
            stay=chosen.strikes_number and len(self.ground.numbers) > 1,
        )


def _digit(character: str | None) -> int | None:
    return int(character) if character and len(character) == 1 and character in "0123456789" else None


def seconds_between(start: datetime, now: datetime) -> int:
    """Whole seconds a call has lasted; never negative, also when a clock is set back."""
    return max(0, (ms(now) - ms(start)) // 1000)
