"""Planning by key: into a drip with its real dates shown first, pauses, putting off, catching up, time off.

What is shown before Enter is worked out in the background; until it is there a question stands that only Esc
answers, so that no key typed ahead is heard as another verb.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from sdr.models.terms import Refused, zone_of
from sdr.screens.asking import Asker, Choice, Question
from sdr.screens.keeping import Keeping
from sdr.screens.planning_words import away_lines, catch_up_lines, dates_of, many_lines, warned
from sdr.store.changes import Applied, Change

if TYPE_CHECKING:
    from sdr.desk.enrolling import Many, Preview

CATCH_UP = Choice("8", "spread over days with room", "catch-up")
WEEK = timedelta(days=6)


class Planning(Keeping):
    """The verbs that say when something is done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "snooze", "snooze", id="lead.snooze", show=False),
        Binding("l", "drip", "put into a drip", id="lead.drip", show=False),
        Binding("p", "pause", "pause or resume the drip", id="lead.pause", show=False),
        Binding("P", "drip_more", "pause until, stop, all", id="lead.drip_more", show=False),
        Binding("Z", "catch_up", "catch up (overdue)", id="plan.catch_up", show=False),
        Binding("T", "away", "away: time off (pto)", id="plan.away", show=False),
    ]

    # --- into a drip -------------------------------------------------------------------------------------------

    def action_drip(self) -> None:
        """Into a drip: a digit, then its real dates."""
        choices = [Choice(str(n), one.name, one.id) for n, one in enumerate(self.desk.book.cadences, 1)]
        self.ask("into which drip?", choices, lambda choice: self._drip(int(str(choice.value))))

    def _drip(self, cadence_id: int) -> None:
        from sdr.desk import enrolling

        marked = list(self.marked_ids())
        if marked:
            self._look(
                f"looking at {len(marked):,} leads", enrolling.preview_many, marked, cadence_id, self.desk.now(),
                then=lambda found: self._drip_many(marked, cadence_id, found),
            )  # fmt: skip
        elif (lead_id := self.current_id()) is None:
            self.desk.tell("there is no lead here to act on", "soon")
        else:
            self._show_dates(lead_id, cadence_id, None)

    def _show_dates(self, lead_id: int, cadence_id: int, at_step: int | None) -> None:
        """All dates of the drip for this lead; Enter enrols, a digit begins at that step."""
        from sdr.desk import enrolling

        now = self.desk.now()
        found: Preview | Refused = self.desk.store.read(
            enrolling.preview, lead_id, cadence_id, now, at_step=at_step
        ).result()  # a few lookups: the keys typed behind the digit are its answer already
        if isinstance(found, Refused):
            self.desk.tell(found.reason, "late")
            return
        lines, choices = dates_of(found, now, self.signs)
        yes = Choice("enter", "enrol")
        begin = " from there" if at_step else ""
        words = f"Enter: enrol {found.lead.name}{begin} · a digit: begin at that step · Esc: not now"

        def chosen(choice: Choice) -> None:
            if choice is not yes:
                self._show_dates(lead_id, cadence_id, int(choice.key))
            elif found.warning is not None:
                enrol = lambda: self._enrol(cadence_id, at_step, anyway=True)  # noqa: E731
                self.confirm("enrol all the same", enrol, lines=warned(found.warning, self.signs))
            else:
                self._enrol(cadence_id, at_step)

        self.ask(words, choices, chosen, lines=lines, enter=yes)

    def _enrol(self, cadence_id: int, at_step: int | None, *, anyway: bool = False) -> None:
        def enrol(session: Any, lead_id: int, drip: int, now: datetime) -> Change | Refused:
            from sdr.desk import enrolling

            return enrolling.enroll(session, lead_id, drip, now, at_step=at_step, anyway=anyway)

        self.do(enrol, cadence_id)

    def _drip_many(self, marked: list[int], cadence_id: int, found: Many | Refused) -> None:
        from sdr.desk import enrolling

        if isinstance(found, Refused):
            self.desk.tell(found.reason, "late")
        elif not found.takes:
            self.desk.tell(f"refused for all {len(marked)}: {found.refused[0][1]}", "late")
        else:
            self.confirm(
                f"enrol {found.takes} of {len(marked)} into “{found.cadence.name}”",
                lambda: self.desk.act(enrolling.enroll_many, marked, cadence_id, then=self._dealt_with),
                lines=many_lines(found, self.signs),
            )

    # --- pauses ------------------------------------------------------------------------------------------------

    def action_pause(self) -> None:
        """Pause the drip, or resume a paused one."""
        from sdr.desk import drip

        card = self.current_card()
        paused = card is not None and card.enrollment is not None and card.enrollment.state == "paused"
        if paused:
            self.do(drip.resume)
        else:
            self.do(drip.pause, None)

    def action_drip_more(self) -> None:
        """What else there is to do with this drip, or with all of them."""
        from sdr.desk import drip

        ways: dict[str, Callable[[], None]] = {
            "1": lambda: self.ask_date("the drip waits until", lambda until: self.do(drip.pause, until)),
            "2": lambda: self.do(drip.stop),
            "3": lambda: self.ask_date("all drips wait until", self._pause_all),
            "4": lambda: self.desk.act(drip.resume_all, then=self._dealt_with),
        }
        words = ("it waits until a date", "it ends", "all of mine wait until a date", "all of mine go on")
        choices = [Choice(key, label) for key, label in zip(ways, words, strict=True)]
        self.ask("the drip", choices, lambda choice: ways[choice.key]())

    def _pause_all(self, until: datetime) -> None:
        from sdr.desk import drip

        self.desk.act(drip.pause_all, until, then=self._dealt_with)

    # --- later -------------------------------------------------------------------------------------------------

    def action_snooze(self) -> None:
        """Later: a date digit; 8 spreads it over days with room."""
        from sdr.desk import triage

        self.ask_date("snooze until", lambda until: self.do(triage.snooze, until), more=((CATCH_UP, self._spread),))

    def _spread(self) -> None:
        """The marked leads, or this one, as a catch-up plan."""
        lead_id = self.current_id()
        wanted = list(self.marked_ids()) or ([lead_id] if lead_id is not None else [])
        self._plan(wanted)

    def action_catch_up(self) -> None:
        """Everything of the rep's that is overdue, as a catch-up plan."""
        from sdr.desk import catching_up

        self._look("looking for what is overdue", catching_up.overdue, self.desk.now(), then=self._plan)

    def _plan(self, wanted: Sequence[int]) -> None:
        from sdr.desk import catching_up

        def shown(plan: catching_up.Plan) -> None:
            if not plan.items:
                why = plan.left[0][1] if plan.left else "nothing is overdue"
                self.desk.tell(f"nothing to catch up: {why}", "soon")
                return
            words = f"do so: {len(plan.items)} to new days, {len(plan.dropped)} dropped"
            keep = lambda: self.desk.act(catching_up.catch_up, list(wanted), then=self._dealt_with)  # noqa: E731
            self.confirm(words, keep, lines=catch_up_lines(plan, self.signs))

        self._look(f"looking at {len(wanted):,} leads", catching_up.planned, wanted, self.desk.now(), then=shown)

    def _dealt_with(self, _done: Applied) -> None:
        self.unmark()
        self.refresh_rows()

    # --- time off ----------------------------------------------------------------------------------------------

    def action_away(self) -> None:
        """Time off: from, to, who covers; what follows is shown before Enter."""
        from sdr.desk import away

        today = self.desk.now().astimezone(zone_of(self.desk.rep.zone)).date()
        monday = today + timedelta(days=7 - today.weekday())
        days = (("today", today), ("tomorrow", today + timedelta(days=1)), ("next week", monday))
        held = self.desk.store.read(away.to_come, self.desk.now()).result()
        off = [Choice("0", f"call off {away.said(held[0])}", held[0].id)] if held else []
        self._ask_day("away from", days, self._away_to, more={one: lambda: self._call_off(held[0].id) for one in off})

    def _call_off(self, absence_id: int) -> None:
        from sdr.desk import away

        self.confirm("call it off", lambda: self.desk.act(away.cancel, absence_id, then=self._dealt_with))

    def _away_to(self, first: date) -> None:
        friday = first + timedelta(days=(4 - first.weekday()) % 7)
        days = (("that day", first), ("its Friday", friday), ("a week", first + WEEK), ("two weeks", first + 2 * WEEK))
        self._ask_day("and back after", days, lambda last: self._away_cover(first, last))

    def _away_cover(self, first: date, last: date) -> None:
        others = [one for one in self.desk.book.reps if one.id != self.desk.rep.id][:8]
        choices = [
            Choice("1", "nobody: the drips wait"),
            *(Choice(str(n), one.name, one.id) for n, one in enumerate(others, 2)),
        ]
        self.ask("who does what is due meanwhile?", choices, lambda choice: self._away(first, last, choice.value))

    def _away(self, first: date, last: date, cover: object) -> None:
        from sdr.desk import away

        def shown(plan: away.Plan | Refused) -> None:
            if isinstance(plan, Refused):
                self.desk.tell(plan.reason, "late")
                return
            go = lambda: self.desk.act(away.away, first, last, cover, then=self._dealt_with)  # noqa: E731
            self.confirm("away", go, lines=away_lines(plan, self.desk.now(), self.signs))

        self._look("looking at what is due", away.planned, first, last, cover, self.desk.now(), then=shown)

    def _ask_day(
        self,
        words: str,
        days: Sequence[tuple[str, date]],
        then: Callable[[date], None],
        more: dict[Choice, Callable[[], None]] | None = None,
    ) -> None:
        """Ask for a day of the rep: a digit, or 9 to type one."""
        from sdr.desk.away import day_meant
        from sdr.desk.replanning import day_words

        others = more or {}
        choices = [Choice(str(n), f"{word} {day_words(day)}", day) for n, (word, day) in enumerate(days, 1)]
        choices += [Choice("9", "type a day"), *others]

        def typed(text: str) -> str | None:
            day = day_meant(text, self.desk.now(), self.desk.rep.zone)
            if day is None:
                return "not a day; write 2026-08-03, tomorrow, next mon or +2w"
            self.call_later(then, day)  # the line gives the focus back first
            return None

        def chosen(choice: Choice) -> None:
            if choice in others:
                others[choice]()
            elif isinstance(choice.value, date):
                then(choice.value)
            else:
                self.ask_line(f"{words} (2026-08-03, tomorrow, next mon, +2w)", typed)

        self.ask(words, choices, chosen)

    # --- looking first -----------------------------------------------------------------------------------------

    def _look(self, words: str, query: Callable[..., Any], *args: Any, then: Callable[[Any], None]) -> None:
        """Read what is to be shown, with a question in its place until it is there; Esc leaves it."""
        waiting = Question(f"{words} {self.signs.cut} · Esc: not now", ())
        self.query_one(Asker).ask(waiting, lambda _choice: None)
        self.run_worker(self._looked(waiting, query, args, then), group="preview", exclusive=True)

    async def _looked(
        self, waiting: Question, query: Callable[..., Any], args: tuple[Any, ...], then: Callable[[Any], None]
    ) -> None:
        found = await asyncio.wrap_future(self.desk.store.read(query, *args))
        asker = self.query_one(Asker)
        if asker.question is waiting:  # else it was left
            asker.close()
            then(found)
