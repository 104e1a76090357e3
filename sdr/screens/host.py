"""What every screen stands on: the store, the clock, one way to act, and one signal that says what changed.

A key's handler never awaits the store. `act` queues the write in the order the keys came and a worker on the
app waits for it, so that a screen that closes drops nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Set
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from textual import events
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.signal import Signal

from sdr.models.terms import Refused
from sdr.rules.sender import NOBODY, Sender
from sdr.screens.held_keys import HeldKeys
from sdr.screens.look import Marks
from sdr.store.changes import Applied
from sdr.store.faults import Cancelled, Unusable
from sdr.store.queries import reps
from sdr.store.rep import Rep
from sdr.store.store import Store

if TYPE_CHECKING:
    from sdr.rules.hours import Hours
    from sdr.rules.mailbox import Mailbox
    from sdr.store.queries.playbook import Book

COMES_WITHIN = 1.0  # seconds that keys wait for what they are about: twice what the queue of a million leads takes


def _no_mailbox(_own: str) -> Mailbox | Refused:
    return Refused("mail.off", "mail is off")


def _no_password(_box: Mailbox) -> str | Refused:
    return Refused("mail.password", "there is no password")


class Setting(NamedTuple):
    """What the app gives its screens: the open file, the clock, where files go, how to dial, which marks.

    `sender` is who writes, `open_link` the command for mail and web links, `hour_cost` what an hour of the rep costs
    in minor units, `busy` the rep's own calendar files, `prospecting` the hours in which new people come first;
    `mailbox` gives the rep's own (of their address), `password` its word, which is held and shown nowhere.
    """

    store: Store
    clock: Callable[[], datetime]
    signs: Marks
    exports: Path
    rejects: Path
    dial: tuple[str, ...] = ()
    demo: bool = False
    sender: Sender = NOBODY
    open_link: tuple[str, ...] = ()
    hour_cost: int = 0
    busy: tuple[str, ...] = ()
    prospecting: Hours | None = None
    mailbox: Callable[[str], Mailbox | Refused] = _no_mailbox
    password: Callable[[Mailbox], str | Refused] = _no_password


class Said(NamedTuple):
    """What the last line says: words, their look, and the way back."""

    words: str = ""
    look: str = ""
    tail: str = ""


@runtime_checkable
class TakesKeys(Protocol):
    """A widget that, while it has the focus, hears keys before any binding (also those pressed before it had it)."""

    def take_key(self, event: events.Key) -> bool:
        """Use the key; false leaves it to the bindings."""
        ...


@runtime_checkable
class TakesPastes(Protocol):
    """A widget that takes what was pasted before it had the focus."""

    def take_paste(self, text: str) -> None:
        """Use what was pasted, lines and all."""
        ...


@runtime_checkable
class Speaks(Protocol):
    """A screen with a last line."""

    def say(self, said: Said) -> None:
        """Show `said` on the last line."""
        ...

    def returned(self, done: Applied) -> None:
        """An act was taken back or brought again: show its rows as they are, and say when they are (`has_come`)."""
        ...


class Host(HeldKeys):
    """The app as screens know it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "take back", id="app.undo", show=False),
        Binding("U", "redo", "bring again", id="app.redo", show=False),
        Binding("ctrl+q", "quit", "leave the desk", id="app.quit", show=False),
    ]

    def __init__(self, setting: Setting, **look: Any) -> None:
        super().__init__(**look)
        self.setting = setting
        self.changed: Signal[Set[int]] = Signal(self, "changed")
        self.said = Said()
        self.rep: Rep = setting.store.read(reps.rep).result()
        self._book: Book | None = None
        self._loader = ThreadPoolExecutor(1, "desk-loader")
        self.last_verb: tuple[Callable[..., Any], tuple[Any, ...]] | None = None  # what `.` does again, on any screen
        self.own_keys = False  # whether the rep changed any key

    @property
    def store(self) -> Store:
        """The open file."""
        return self.setting.store

    def now(self) -> datetime:
        """The program's time."""
        return self.setting.clock()

    # --- acting ------------------------------------------------------------------------------------------------

    def act(self, verb: Callable[..., Any], *args: Any, then: Callable[[Applied], None] | None = None) -> None:
        """Write `verb(session, *args, now)`; its result or refusal is said, and `then` called when it is on disk."""
        self.follow(self.store.write(verb, *args, self.now()), then)

    def follow(
        self,
        future: Future[Any],
        then: Callable[[Applied], None] | None = None,
        refused: Callable[[], None] | None = None,
    ) -> None:
        """Wait for a queued write (of one act or several) on the app, say what came of it, publish what changed."""
        self.run_worker(self._settle(future, then, refused), group="acts")

    async def _settle(
        self,
        future: Future[Any],
        then: Callable[[Applied], None] | None,
        refused: Callable[[], None] | None,
    ) -> None:
        try:
            done = await asyncio.wrap_future(future)
        except Cancelled:
            self.tell("called off; nothing was written", "soon")
            return
        except sqlite3.Error as fault:
            self.tell(f"not written: the file says “{fault}”; run sdr doctor", "late")
            return
        except Unusable as fault:
            self.tell(f"{fault.message}; {fault.hint}", "late")
            return
        found = done if isinstance(done, list) else [done]
        applied = [one for one in found if isinstance(one, Applied)]
        no = next((one for one in found if isinstance(one, Refused)), None)
        if applied:
            first, *others = (one.leads for one in applied)
            self.changed.publish(frozenset(first).union(*others) if others else first)
        if no is not None:
            self.tell(no.reason, "late")
            if refused is not None:
                refused()
        elif applied:
            self.tell(f"{self.setting.signs.done} {applied[-1].summary}", tail="u undo")
            if then is not None:
                then(applied[-1])

    def tell(self, words: str, look: str = "", tail: str = "") -> None:
        """Say something on the last line of the screen in front."""
        self.said = Said(words, look, tail)
        if isinstance(self.screen, Speaks):
            self.screen.say(self.said)

    @property
    def book(self) -> Book:
        """The playbook in force; `read_book` has it ready soon after the first frame, which does without."""
        if self._book is None:
            from sdr.store.queries import playbook

            self._book = self.store.read(playbook.book).result()
        return self._book

    async def load(self, module: str) -> Any:
        """A module, loaded beside the keys; all on one thread, because the memory each thread works in is kept."""
        return await asyncio.get_running_loop().run_in_executor(self._loader, import_module, module)

    async def read_book(self) -> None:
        """Read the playbook: soon after the start, and when it changed."""
        module = await self.load("sdr.store.queries.playbook")
        self._book = await asyncio.wrap_future(self.store.read(module.book))

    def open_place(self, place: str, **about: Any) -> None:
        """Open the screen called `place`; the app knows the screens."""
        raise NotImplementedError

    def action_undo(self) -> None:
        """Take back the newest act."""
        self._turn(self.store.undo())

    def action_redo(self) -> None:
        """Bring again what was taken back last."""
        self._turn(self.store.redo())

    def _turn(self, future: Future[Any]) -> None:
        self.hold(COMES_WITHIN)
        self.follow(future, self._returned, self.has_come)

    def _returned(self, done: Applied) -> None:
        if isinstance(self.screen, Speaks):
            self.screen.returned(done)
        else:
            self.has_come()

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        """As Textual's; a key for a screen that is only coming, or just left, finds nothing there and is let go."""
        try:
            return await super()._dispatch_action(namespace, action_name, params)
        except NoMatches:
            if getattr(namespace, "complete", True) and not getattr(namespace, "left", False):
                raise
            return True

    # --- keys --------------------------------------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        # Textual runs the `_on_key` of every class in turn: the bindings follow by themselves unless prevented.
        taker = self.focused if self.screen_stack else None  # a desk that was left hears nothing more
        if isinstance(taker, TakesKeys) and taker.take_key(event):
            event.stop()
            event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        taker = self.focused
        if isinstance(taker, TakesPastes):
            taker.take_paste(event.text)
