"""The desk as a rep drives it, without a terminal: a real file, keys in, the screen's text out, no sleeping."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from sdr import config
from sdr.app import DeskApp, setting_of
from tests.desks import Clock, Desk, open_desk
from tests.screens.dump import screen_lines, screen_text
from tests.screens.idle import settled

GOLDEN = Path(__file__).with_name("golden")
UPDATE = "SDR_UPDATE_GOLDEN"  # set it to write the texts anew, then read the difference


class Driven:
    """An app under test: its desk, its keys, its screen."""

    def __init__(self, desk: Desk, app: DeskApp, pilot: Pilot[Any]) -> None:
        self.desk = desk
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys one after another, each when all that the one before did is done."""
        for key in keys:
            await self.app._press_keys([key])
            await self.settle()

    async def burst(self, *keys: str) -> None:
        """Press keys without waiting for anything between them; `settle` afterwards."""
        await self.app._press_keys(keys)

    async def type(self, text: str) -> None:
        """Type words without looking up, and wait until all they did is done."""
        await self.burst(*text)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste words, as the terminal does with a file that is dropped on it."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Until all that was begun is done."""
        await settled(self.app, self.desk.store)

    def text(self) -> str:
        """The screen as text."""
        return screen_text(self.app)

    def lines(self) -> list[str]:
        """The screen, a line a string."""
        return screen_lines(self.app)

    @property
    def place(self) -> str:
        """The class name of the screen in front."""
        return type(self.app.screen).__name__


def same_as_golden(text: str, name: str) -> None:
    """Asserts that `text` is the one kept as `golden/name.txt`; writes it when the switch is set."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get(UPDATE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    kept = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert text.rstrip("\n").split("\n") == kept, f"{path.name} differs; {UPDATE}=1 writes it anew"


@asynccontextmanager
async def driving(desk: Desk, size: tuple[int, int] = (80, 24), **set_: Any) -> AsyncIterator[Driven]:
    """The app on `desk`, whose file stays open afterwards; `set_` are fields of `Config`."""
    settings = config.Config(**set_)
    places = config.places(str(desk.store.path.parent))
    app = DeskApp(setting_of(desk.store, desk.clock, places, settings), settings, places)
    async with app.run_test(size=size) as pilot:
        driven = Driven(desk, app, pilot)
        await driven.settle()
        yield driven
        await driven.settle()


@asynccontextmanager
async def desk_app(
    folder: Path, size: tuple[int, int] = (80, 24), clock: Clock | None = None, **set_: Any
) -> AsyncIterator[Driven]:
    """The app on an empty desk in `folder`, closed at the end."""
    desk = open_desk(folder, clock)
    try:
        async with driving(desk, size, **set_) as driven:
            yield driven
    finally:
        desk.store.close()
