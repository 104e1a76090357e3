"""The Textual app: which screens there are, the keys a rep changed, the store's life, and the watch on other desks.

The first frame loads no ORM: the models are loaded on the writer's thread right after it.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from textual.screen import Screen

from sdr.config import (
    Config,
    Places,
    dial_command,
    hour_cost,
    mail_command,
    mailbox,
    mailbox_password,
    prospecting,
    sender,
)
from sdr.models.terms import zone_of
from sdr.screens.fault import Fault
from sdr.screens.host import Host, Said, Setting
from sdr.screens.look import BASE_STYLES, HOME_STYLES, marks
from sdr.store.store import Store

WATCH_EVERY = 1.0  # seconds between looks at what another desk wrote
ALL_OVER = 2.0  # seconds after the first frame when all has come that stays: Python need not search it for rings


def setting_of(
    store: Store, clock: Callable[[], datetime], places: Places, config: Config, *, demo: bool = False
) -> Setting:
    """What the screens are given."""
    signs = marks(config.marks == "ascii")
    return Setting(
        store, clock, signs, places.exports, places.rejects, dial_command(config), demo,
        sender=sender(config), open_link=mail_command(config), hour_cost=hour_cost(config), busy=config.busy,
        prospecting=prospecting(config), mailbox=partial(mailbox, config), password=mailbox_password,
    )  # fmt: skip


class DeskApp(Host):
    """The desk."""

    TITLE = "sdr"
    # A default screen does not get its own style sheet; a mode for it would have all styles read three times.
    CSS_PATH: ClassVar[Any] = [BASE_STYLES, HOME_STYLES]

    def __init__(self, setting: Setting, config: Config, places: Places) -> None:
        super().__init__(setting, theme=config.theme)
        self.config = config
        self.places = places
        self._looking = False
        if setting.demo:
            self.said = Said("invented leads, thrown away when you leave: try any key · ? shows them", "dim")

    def get_default_screen(self) -> Screen[Any]:
        """The queue is home."""
        from sdr.screens.queue import QueueScreen

        return QueueScreen()

    def on_mount(self) -> None:
        """Put on the rep's keys; after the first frame load what writing needs, and watch the file."""
        self.own_keys = bool(self.config.keys or self.config.profile)
        if self.own_keys:
            self._put_on_keys()
        self.call_after_refresh(self._settled)

    def _put_on_keys(self) -> None:
        from sdr.screens.keymap import chosen

        self.set_keymap(chosen(self.config.profile, self.config.keys))
        self.call_after_refresh(self._mind_keys)

    def _mind_keys(self) -> None:
        """Say on the last line what cannot work in the rep's keys."""
        from sdr.screens.keymap import every_screen, wrong

        found = wrong(self.config.profile, self.config.keys, every_screen(type(self)))
        if found:
            self.tell(f"{found[0]}{f' (and {len(found) - 1} more)' if len(found) > 1 else ''}", "late")

    def _settled(self) -> None:
        gc.freeze()
        gc.enable()
        self.store.warm()
        self.set_timer(ALL_OVER, gc.freeze)
        self.set_interval(WATCH_EVERY, self._watch)
        self.run_worker(self._welcome(), group="welcome")

    async def _welcome(self) -> None:
        """After time off that a colleague covered, what they had comes back."""
        absences = await self.load("sdr.store.queries.absences")
        today = self.now().astimezone(zone_of(self.rep.zone)).date()
        if await asyncio.wrap_future(self.store.read(absences.to_give_back, today)):
            away = await self.load("sdr.desk.away")
            self.act(away.come_back)
        elif not self.said.words:
            await self._mind_notices()

    async def _mind_notices(self) -> None:
        """Who must be told that we have their data, said once while the day is young; the day's end lists them."""
        telling = await self.load("sdr.desk.telling")
        found = await asyncio.wrap_future(self.store.read(telling.untold, self.now()))
        if found.ids and not self.said.words:
            self.tell(*telling.reminder(found, self.rep.zone))

    def _watch(self) -> None:
        """Look again, unless a look is under way: one that is given up takes its news with it."""
        if not self._looking:
            self._looking = True
            self.run_worker(self._look(), group="watch")

    async def _look(self) -> None:
        try:
            changed = await asyncio.wrap_future(self.store.elsewhere())
        finally:
            self._looking = False
        if changed:
            self.changed.publish(changed)

    def open_place(self, place: str, **about: Any) -> None:
        """Open the screen called `place`."""
        from sdr.screens.places import screen_of

        screen = screen_of(place, about)
        if screen is None:
            while len(self.screen_stack) > 1:
                self.pop_screen()
            return
        self.push_screen(screen)

    def record_fault(self, fault: Fault) -> str:
        """Keep a fault in the rep's own log folder, without the words of any lead."""
        self.places.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.places.logs / f"fault-{fault.id}.txt"
        path.touch(mode=0o600)
        path.write_text(fault.trail, encoding="utf-8")
        return str(path)
