"""Keys that come faster than the screen: what walks a list is heard at once, and presses that wait are one move.

Textual hands a key from widget to widget up the tree, a message each, before any binding is looked for. For the keys
that walk the list in front this way is left out: nobody on it wants them, and it is half of what such a key costs. A
burst of one key stands in the queue as a single message; wherever it is not a step after all, it is pressed as often
as it was. No key overtakes another: while one is on the long way, those behind it take it too.

Nor does one overtake the Enter, Esc or Tab that ends a line: behind it may be a verb, about what the line led to.
What comes back from the long way while the screen in front does not hear waits for it: until all of it is there, as
the letters of a path are no verbs of the screen that will ask for it; or until a filter has left its leads, as the
next verb is about these. Esc calls that off, and what was typed behind it. What is typed behind `u` is about the lead
that comes back, and behind a verb on marked leads about the question that follows: it waits, though not for long.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from sdr.screens.terminal import LivingApp


@runtime_checkable
class Walked(Protocol):
    """A widget with a cursor that keys move by rows."""

    def rows_of(self, key: str) -> int:
        """By how many rows `key` moves the cursor; 0 when it does something else."""
        ...

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        ...


class Arrived(Message):
    """Goes up from the widget that was given a key, behind it: when it is here, the key was here or was used."""

    def __init__(self, begun: Widget) -> None:
        self.begun = begun
        super().__init__()


class AllHere(Message):
    """A screen that did not hear does now: all of it is there, or the list that was looked for."""


class HeldKeys(LivingApp):
    """An app in which a held key never lags behind the hand."""

    def __init__(self, **look: Any) -> None:
        super().__init__(**look)
        self._newest: events.Key | None = None  # the step that waits behind all other messages
        self._presses: dict[events.Key, int] = {}  # of those that wait, how often each was pressed
        self._under_way: list[Widget] = []  # where keys began the long way that they may still be on
        self._early: list[events.Key | events.Paste] = []  # what came before the screen heard
        self._line: Widget | None = None  # a line whose end (Enter, Esc, Tab) is under way
        self._behind: list[events.Key | events.Paste] = []  # what was typed behind that
        self._coming: Timer | None = None  # how long keys wait for a lead that comes back

    def post_message(self, message: Message) -> bool:
        """As Textual's; one step more in the same direction joins the one that waits."""
        if not isinstance(message, events.Key) or message.is_forwarded:
            self._newest = None
            return super().post_message(message)
        if self._newest is not None and self._newest.key == message.key:
            self._presses[self._newest] += 1
            return True
        self._newest = message if self._rows_of(message) else None
        if self._newest is not None:
            self._presses[message] = 1
        return super().post_message(message)

    def hold(self, longest: float) -> None:
        """What is typed from now on is about something that is coming: until it `has_come`, or so many seconds."""
        if self._coming is not None:
            self._coming.stop()
        self._coming = self.set_timer(longest, self.has_come)

    def has_come(self) -> None:
        """It is there, or will not come."""
        if self._coming is not None:
            self._coming.stop()
            self._coming = None
            self.post_message(AllHere())

    async def on_event(self, event: events.Event) -> None:
        """As Textual's; keys that would overtake others, or that nobody hears yet, wait."""
        if not isinstance(event, (events.Key, events.Paste)) or _leaves(event):
            await self._hear(event)
        elif not self.screen_stack:
            return  # the desk is left
        elif self._calls_off(event):
            self._early.clear()
            self._behind.clear()
            await self._hear(event)
        elif event.is_forwarded:
            self._early.append(event)
            await self.on_all_here()
        else:
            self._behind.append(event)
            await self._go_on()

    async def _hear(self, event: events.Event) -> None:
        """As Textual's `on_event`; what walks the list in front does so at once."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._newest = None
        presses, rows = self._presses.pop(event, 1), self._rows_of(event)
        self._under_way = [widget for widget in self._under_way if widget.is_attached]
        if rows and isinstance(self.focused, Walked) and self._hears and not self._under_way:
            self.focused.action_step(rows * presses)
            return
        for _ in range(presses):
            await self._the_long_way(event.copy())

    async def on_all_here(self) -> None:
        """The first of what came too early is heard, and the next behind what it led to: perhaps another screen."""
        if self._early and self._hears:
            await super().on_event(self._early.pop(0))
            if self._early:
                self.call_next(self.on_all_here)
            elif self._behind:
                self.call_next(self._go_on)

    @property
    def _hears(self) -> bool:
        return self._coming is None and self._is_here

    @property
    def _is_here(self) -> bool:
        return bool(self.screen_stack) and getattr(self.screen, "hears", True)

    def _calls_off(self, event: events.Key | events.Paste) -> bool:
        """Whether it is Esc on a screen that is there and looks for a list."""
        escapes = isinstance(event, events.Key) and event.key == "escape"
        return escapes and not self._is_here and getattr(self.screen, "complete", False)

    async def _the_long_way(self, event: events.Key) -> None:
        begun = self.focused or self.screen
        await super().on_event(event)
        if event.is_forwarded and begun.post_message(Arrived(begun)):
            self._under_way.append(begun)
            if event.key in getattr(begun, "ends", ()):
                self._line = begun

    async def on_arrived(self, message: Arrived) -> None:
        """No key that was given to this widget is under way any more, but those given later."""
        if message.begun in self._under_way:  # not if it was taken off the screen meanwhile
            self._under_way.remove(message.begun)
        if message.begun is self._line and message.begun not in self._under_way:
            self._line = None
            await self._go_on()

    async def _go_on(self) -> None:
        """The first that waits behind others is heard once these are, and the next behind what it led to."""
        if self._line is not None and not self._line.is_attached:
            self._line = None
        if self._behind and self._line is None and not self._early and self.screen_stack:
            await self._hear(self._behind.pop(0))
            if self._behind:
                self.call_next(self._go_on)

    def _rows_of(self, event: events.Key) -> int:
        walked = None if self.too_small or not self.screen_stack else self.focused
        return walked.rows_of(event.key) if isinstance(walked, Walked) else 0


def _leaves(event: events.Key | events.Paste) -> bool:
    """Whether it is the way out of the desk, for which no screen need be there."""
    return isinstance(event, events.Key) and event.key in ("ctrl+q", "ctrl+z")
