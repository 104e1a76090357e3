"""Acting on leads: on the current one at once, on marked ones after a preview; and asking for a date.

A screen that shows leads says which lead is current and which are marked. One lead: the verb is written and the
cursor moves on. Marked leads: a preview with the refusals first, then one act.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from sdr.screens.asking import Choice
from sdr.screens.host import COMES_WITHIN
from sdr.screens.room import Room

if TYPE_CHECKING:
    from sdr.desk.bulk import Preview
    from sdr.rules.calendar import Calendar
    from sdr.store.queries import leads

DATES = ("later today", "tomorrow", "next week", "next month", "next quarter", "half a year", "next year")


class Acting(Room):
    """A screen whose leads can be acted on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("full_stop", "repeat", "repeat the last verb", id="lead.repeat", show=False),
    ]

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
        """A verb was refused: the cursor returns to its lead."""

    def unmark(self) -> None:
        """The marked leads have been dealt with."""

    # --- acting ------------------------------------------------------------------------------------------------

    def do(self, verb: Callable[..., Any], *args: Any, stay: bool = False) -> None:
        """`verb` on the marked leads after a preview, else on the current one; `args` follow the lead."""
        marked = list(self.marked_ids())
        if marked:
            self.desk.hold(COMES_WITHIN)
            self.run_worker(self._preview(marked, verb, args), group="preview", exclusive=True)
            return
        lead_id = self.current_id()
        if lead_id is None:
            self.desk.tell("there is no lead here to act on", "soon")
            return
        self.desk.last_verb = (verb, args)
        self._write(verb, lead_id, args)
        if not stay:
            self.move_on()

    def _write(self, verb: Callable[..., Any], lead_id: int, args: tuple[Any, ...]) -> None:
        future = self.desk.store.write(verb, lead_id, *args, self.desk.now())
        self.desk.follow(future, refused=lambda: self.back_to(lead_id))

    async def _preview(self, marked: list[int], verb: Callable[..., Any], args: tuple[Any, ...]) -> None:
        from sdr.desk import bulk

        now = self.desk.now()
        found = await asyncio.wrap_future(self.desk.store.read(bulk.preview, marked, verb, args, now))
        self._ask_for_many(marked, verb, args, found)
        self.desk.has_come()

    def _ask_for_many(self, marked: list[int], verb: Callable[..., Any], args: tuple[Any, ...], found: Preview) -> None:
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
        from sdr.desk import bulk

        now = self.desk.now()
        future = self.desk.store.write_many(lambda session: bulk.many(session, marked, verb, args, now))
        self.desk.follow(future, lambda _done: self.unmark())

    def action_repeat(self) -> None:
        """The last verb again, on this lead."""
        if self.desk.last_verb is None:
            self.desk.tell("no verb to repeat yet", "soon")
        else:
            self.do(self.desk.last_verb[0], *self.desk.last_verb[1])

    def ask_why(self, then: Callable[[str], None]) -> None:
        """Ask for the reason that passes a stop of the gate."""

        def reasoned(why: str) -> str | None:
            if not why:
                return "a stop is passed by a reason; Esc leaves it"
            then(why)
            return None

        self.ask_line("why all the same", reasoned)

    # --- dates -------------------------------------------------------------------------------------------------

    def ask_date(
        self,
        words: str,
        then: Callable[[datetime], None],
        *,
        lines: Sequence[str] = (),
        proposed: datetime | None = None,
        more: Sequence[tuple[Choice, Callable[[], None]]] = (),
    ) -> None:
        """Ask for a date digit; every choice shows the real date in the prospect's hours.

        `lines` stand above the question, Enter gives the `proposed` date, `more` are answers that lead elsewhere.
        """
        from sdr.rules.dates import preset, spoken

        now, cal = self.desk.now(), self._calendar()
        choices = []
        for digit, label in enumerate(DATES, 1):
            moment = preset(digit, now, cal.zone, cal.hours, cal.closed)
            if moment is not None:
                real = spoken(moment, now)
                told = real if real.startswith(label) else f"{label} {real}"
                choices.append(Choice(str(digit), told, moment))
        choices.append(Choice("9", "type a date"))
        elsewhere = {choice.key: leads for choice, leads in more}

        def chosen(choice: Choice) -> None:
            if isinstance(choice.value, datetime):
                then(choice.value)
            elif choice.key in elsewhere:
                elsewhere[choice.key]()
            else:
                self._typed_date(words, cal, then)

        enter = None if proposed is None else Choice("enter", "", proposed)
        self.ask(words, [*choices, *(choice for choice, _ in more)], chosen, lines=lines, enter=enter)

    def _calendar(self) -> Calendar:
        """The days and hours of the lead under the cursor that are none of our days off; without one the rep's."""
        from sdr.desk import steps

        card, rep, now = self.current_card(), self.desk.rep, self.desk.now()
        if card is None:
            return steps.prospect_calendar(rep.country, rep.zone, now)
        here = next((one for one in self.desk.book.reps if one.id == card.lead.owner_id), rep)
        return steps.calendar_with(card.lead, here, card.days_off, now)

    def _typed_date(self, words: str, cal: Calendar, then: Callable[[datetime], None]) -> None:
        from sdr.rules.dates import phrase

        def typed(text: str) -> str | None:
            moment = phrase(text, self.desk.now(), cal.zone, cal.hours, cal.closed)
            if moment is None:
                return "not a date; write next tue 3pm, +3bd or 2026-06-01"
            then(moment)
            return None

        self.ask_line(f"{words} (next tue 3pm, +3bd, 2026-06-01)", typed)
