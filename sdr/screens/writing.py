"""A text of several lines to write in, on any screen: Esc ends it, and keys typed before it had the focus are heard."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea


class Finished(Message):
    """Esc was pressed: the text stands as it is."""


class Words(TextArea):
    """Where a text is written. Its lines wrap; Tab leaves no mark in a message."""

    DEFAULT_CSS = """
    Words { padding: 0; height: 1fr; }
    Words, Words:focus { border: none; background: $background; color: $foreground; }
    Words .text-area--cursor-line { background: $background; }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(text, id=id, show_line_numbers=False)

    def take_key(self, event: events.Key) -> bool:
        """A key pressed in the same burst as the one that opened this is part of the text."""
        if event.key == "escape":
            self.post_message(Finished())
        elif event.key == "enter":
            self.insert("\n")
        elif event.is_printable and event.character:
            self.insert(event.character)
        else:
            return False
        return True

    async def _on_key(self, event: events.Key) -> None:
        # The base class hears the other keys by itself: Textual runs the handlers of both.
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(Finished())
