"""One screen of the desk in an app of its own, for tests: what it opens is noted instead of opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from sdr.screens.host import Host, Setting
from sdr.screens.look import UNICODE
from tests.desks import Desk
from tests.screens.idle import settled


class OneRoom(Host):
    """The app around one screen."""

    def __init__(self, desk: Desk, room: Screen[None], exports: Path) -> None:
        super().__init__(Setting(desk.store, desk.clock, UNICODE, exports, exports))
        self.desk = desk
        self.room = room
        self.opened: list[tuple[str, dict[str, Any]]] = []
        self.copied = ""

    def on_mount(self) -> None:
        """The room is in front from the start."""
        self.push_screen(self.room)

    def open_place(self, place: str, **about: Any) -> None:
        """Note what would be opened."""
        self.opened.append((place, about))

    def copy_to_clipboard(self, text: str) -> None:
        """Keep what would be copied."""
        self.copied = text


async def settle(pilot: Pilot[None]) -> None:
    """Wait until the app has nothing left to do."""
    assert isinstance(pilot.app, OneRoom)
    await settled(pilot.app, pilot.app.desk.store)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after another, each when the one before is done."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
