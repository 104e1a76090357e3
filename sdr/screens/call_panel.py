"""The call over the whole screen: it rings, they talk, it is wrapped up. The panel writes nothing; when the call has
ended it goes away and tells the screen how (`CallEnded`), in the same breath, so that the next key is the list's.

Like every question of the desk it is always there and only shown when asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from types import MappingProxyType

from textual import events
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from sdr.desk.explaining import place_of
from sdr.desk.onward import USUAL
from sdr.models.terms import zone_of
from sdr.rules.calendar import Calendar, add_business_days, local_time, next_open
from sdr.rules.cards import Card as ObjectionCard
from sdr.rules.dates import phrase, preset
from sdr.rules.rubric import Rubric
from sdr.screens.call_lines import Shown, lines_of
from sdr.screens.call_questions import Questions
from sdr.screens.call_state import CallState, seconds_between
from sdr.screens.call_values import CallEnded, Ground
from sdr.screens.lines import styled
from sdr.screens.look import UNICODE, Marks
from sdr.store import rows
from sdr.store.queries import leads, playbook

NOT_OURS = frozenset({"ctrl+q", "ctrl+z", "ctrl+c"})
NO_MAILS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
MEETINGS = (time(10), time(14))  # when meetings are proposed, in the prospect's zone


class CallPanel(Widget, can_focus=True):
    """One call at a time. `begin` shows it; `on_end` gets how it ended, after the panel has gone."""

    DEFAULT_CSS = """
    CallPanel {
        display: none; overlay: screen; constrain: inside; width: 100vw; height: 100vh; padding: 0 1;
        background: $background; color: $foreground; text-wrap: nowrap; text-overflow: clip;
    }
    """

    def __init__(self, *, signs: Marks = UNICODE, id: str = "call") -> None:  # noqa: A002
        super().__init__(id=id)
        self.signs = signs
        self.state: CallState | None = None
        self._card: leads.Card | None = None
        self._now: Callable[[], datetime] | None = None
        self._began: datetime | None = None
        self._on_end: Callable[[CallEnded], None] | None = None
        self._dial: Callable[[str], None] | None = None
        self._script: Sequence[str] = ()
        self._back: Widget | None = None
        self._clock: Timer | None = None

    @property
    def calling(self) -> bool:
        """Whether a call is on."""
        return self.state is not None

    def on_mount(self) -> None:
        """The timer runs only while a call is on screen."""
        self._clock = self.set_interval(1, self.refresh, pause=not self.calling)

    def begin(
        self,
        card: leads.Card,
        cal: Calendar,
        rubric: Rubric,
        objections: tuple[ObjectionCard, ...],
        now: Callable[[], datetime],
        on_end: Callable[[CallEnded], None],
        *,
        script: Sequence[str] = (),
        dial: Callable[[str], None] | None = None,
        mails: Mapping[str, tuple[str, ...]] = NO_MAILS,
    ) -> None:
        """Ring `card`'s lead, touched by `cal`; `now` tells the time, `dial` hears each number that rings."""
        self._card, self._now, self._on_end, self._dial, self._script = card, now, on_end, dial, script
        self._began = now()
        ground = replace(ground_of(card, cal, rubric, objections, self._began), mails=mails)
        self.state = CallState(ground, Questions(rubric, card.answers))
        self._back = self.screen.focused
        self.display = True
        self.screen.set_focus(self, scroll_visible=False)
        if self._clock is not None:
            self._clock.reset()
            self._clock.resume()
        self.refresh(layout=True)
        self._ring()

    def take_key(self, event: events.Key) -> bool:
        """Every key but the way out of the program belongs to the call."""
        if self.state is None or self._now is None or self._began is None or event.key in NOT_OURS:
            return False
        number = self.state.number
        self.state.press(event.key, event.character, seconds_between(self._began, self._now()))
        if self.state.number != number:
            self._ring()
        if self.state.ended is not None:
            self._end(self.state.ended)
        else:
            self.refresh()
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes into the line that is typed."""
        if self.state is not None:
            event.stop()
            self.state.paste(event.text)
            self.refresh()

    def _ring(self) -> None:
        if self._dial is not None and self.state is not None and self.state.number is not None:
            self._dial(self.state.number)

    def _end(self, ended: CallEnded) -> None:
        on_end = self._on_end
        self.state = None
        self.display = False
        if self._clock is not None:
            self._clock.pause()
        back = self._back if self._back is not None and self._back.is_attached else None
        self.screen.set_focus(back, scroll_visible=False)
        if on_end is not None:
            on_end(ended)

    def render(self) -> Content:
        """The whole screen."""
        if self.state is None or self._card is None or self._now is None or self._began is None:
            return Content("")
        lead, now = self._card.lead, self._now()
        shown = Shown(
            who=f" {self.signs.dot} ".join(word for word in (lead.name, lead.company) if word),
            number=number_words(lead, self.state.number),
            place=place_of(lead.city, lead.zone),
            zone_now=now.astimezone(zone_of(lead.zone)),
            seconds=seconds_between(self._began, now),
            said=lead.said or "",
            script=self._script,
            signs=self.signs,
        )
        width, height = self.app.size.width - 2, self.app.size.height
        return Content("\n").join(styled(line) for line in lines_of(self.state, shown, width, height))


def ground_of(
    card: leads.Card, cal: Calendar, rubric: Rubric, objections: tuple[ObjectionCard, ...], now: datetime
) -> Ground:
    """What a call with this lead at `now` stands on: its numbers, its dates by `cal`, the playbook."""
    lead = card.lead
    dates = {digit: preset(digit, now, cal.zone, cal.hours, cal.closed) for digit in range(1, 8)}
    return Ground(
        lead_id=lead.id,
        rubric=rubric,
        outcomes=playbook.outcomes(),
        reasons=playbook.reasons().disqualify,
        cards=objections,
        numbers=numbers_of(lead),
        dates={digit: moment for digit, moment in dates.items() if moment is not None},
        slots=slots_of(cal, now),
        usual=USUAL,
        read_date=lambda text: phrase(text, now, cal.zone, cal.hours, cal.closed),
    )


def numbers_of(lead: rows.Lead) -> tuple[str, ...]:
    """The numbers that may ring, the lead's own first; struck ones never."""
    listed = [one["e164"] for one in json.loads(lead.phones or "[]") if not one.get("struck")]
    return tuple(dict.fromkeys(([lead.phone] if lead.phone else []) + listed))


def number_words(lead: rows.Lead, number: str | None) -> str:
    """A number as its country writes it, with its type."""
    listed = json.loads(lead.phones or "[]")
    found: dict[str, str] = next((one for one in listed if one["e164"] == number), {})
    return f"{found.get('shown') or number or 'no number'} {found.get('type') or ''}".rstrip()


def slots_of(cal: Calendar, now: datetime) -> Mapping[int, datetime]:
    """Three meetings to propose, from the next business day on, in the prospect's hours."""
    day, found = now.astimezone(zone_of(cal.zone)).date(), []
    for _ in range(2):
        business = add_business_days(cal, day, 1)
        if business is None:
            break
        day = business
        found += [next_open(cal, local_time(cal.zone, day, clock)) for clock in MEETINGS]
    moments = dict.fromkeys(moment for moment in found if moment is not None)
    return dict(enumerate(list(moments)[:3], 1))
