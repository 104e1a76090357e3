"""Every screen by name: what `g` and the palette open. A screen is imported when it is first opened."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from textual.screen import Screen

# name: (module, class, what the constructor is given besides what the caller says)
SCREENS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "triage": ("sdr.screens.queue", "QueueScreen", {"split": 1}),
    "leads": ("sdr.screens.leads", "LeadsScreen", {}),
    "history": ("sdr.screens.history", "HistoryScreen", {}),
    "handoffs": ("sdr.screens.handoffs", "HandoffsScreen", {}),
    "drips": ("sdr.screens.drips", "DripsScreen", {}),
    "drip": ("sdr.screens.drip_steps", "DripScreen", {}),
    "sources": ("sdr.screens.sources", "SourcesScreen", {}),
    "doubles": ("sdr.screens.doubles", "DoublesScreen", {}),
    "texts": ("sdr.screens.texts", "TextsScreen", {}),
    "text": ("sdr.screens.one_text", "TextScreen", {}),
    "import": ("sdr.screens.importing", "ImportScreen", {}),
    "day": ("sdr.screens.day", "DayScreen", {}),
    "outbox": ("sdr.screens.outbox", "OutboxScreen", {}),
    "mailbox": ("sdr.screens.mailbox", "MailboxScreen", {}),
    "help": ("sdr.screens.help", "HelpScreen", {}),
    "palette": ("sdr.screens.palette", "PaletteScreen", {}),
}


def screen_of(place: str, about: Mapping[str, Any]) -> Screen[Any] | None:
    """The screen called `place`; `None` for the queue, which is home and always there."""
    if place == "queue":
        return None
    module, name, given = SCREENS[place]
    made: Screen[Any] = getattr(import_module(module), name)(**given, **about)
    return made
