"""What a Textual screen shows, as plain lines: for golden texts and for questions about columns."""

from typing import Any

from textual.app import App


def screen_text(app: App[Any]) -> str:
    """The lines of the screen of `app`, without colours and without the blanks at their ends."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def screen_lines(app: App[Any]) -> list[str]:
    """`screen_text`, a string a line."""
    return screen_text(app).split("\n")
