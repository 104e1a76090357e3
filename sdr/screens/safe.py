"""The one door through which foreign text reaches the screen.

A lead's name is somebody else's text: it may hold markup that runs actions and bytes that drive the terminal.
`safe` gives widgets a `Content` that is shown letter by letter; `SafeLines` is the last guard, on every drawn line.
"""

from __future__ import annotations

import re
from itertools import islice

from rich.segment import Segment
from rich.text import Text
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from sdr.rules.text import clean

LONGEST = 2_000  # characters: a megabyte in one widget took seconds to draw
MOST_LINES = 50  # and a megabyte of newlines more than forty


def shown(text: str) -> str:
    """`text` cleaned and cut to what one widget may show; a cut ends in `…`."""
    part = clean(text[: LONGEST + 1], lines=True)
    lines = list(islice(part.split("\n"), MOST_LINES + 1))
    if len(part) <= LONGEST and len(lines) <= MOST_LINES:
        return part
    return "\n".join(lines[:MOST_LINES])[: LONGEST - 1] + "…"


def safe(text: str, style: str = "") -> Content:
    """Foreign `text` for any widget but a Tree or a Select's prompt: literal, cleaned and cut."""
    return Content.styled(shown(text), style) if style else Content(shown(text))


def safe_text(text: str) -> Text:
    """Foreign `text` for the widgets that draw with Rich (DataTable, Tree): literal, cleaned, cut, one line."""
    return Text(shown(text).replace("\n", " "), end="", no_wrap=True)


class SafeLines(LineFilter):
    """Takes every control and direction sign out of every drawn line, wherever the text came from.

    Each has width 0 for Rich, so columns keep their place. Textual calls line filters internal: the terminal
    tests are the guard when its version moves.
    """

    BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        bad = self.BAD
        if not any(bad.search(text) for text, _style, control in segments if not control):
            return segments
        return [
            segment if segment.control else Segment(bad.sub("", segment.text), segment.style) for segment in segments
        ]
