"""The card on screen: labelled lines, cut where room is short, wrapped under their label where there is plenty.

What the lines say is `sdr.screens.card`'s, which is loaded after the first frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from sdr.screens.lines import Part, cut_parts, styled

LABEL = 6  # cells of the word at the left
SPARE = 4  # rows that must be left over before lines are wrapped instead of cut

Line = Sequence[Part]


class CardView(Widget):
    """The card on screen. A new card redraws it without laying the screen out again."""

    DEFAULT_CSS = "CardView { height: auto; min-height: 9; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: list[Line] = []
        self._more: list[Line] = []

    def show(self, lines: list[Line], more: list[Line] | None = None) -> None:
        """Other words; `more` stands under them where there is room."""
        self._lines, self._more = lines, more or []
        self.refresh()

    def render(self) -> Content:
        """The lines: cut to the width where room is short, wrapped under their label where there is plenty."""
        width, room = self.content_size.width, max(1, self.content_size.height)
        if room < len(self._lines) + SPARE:
            return Content("\n").join(styled(cut_parts(line, width)) for line in self._lines[:room])
        rows = [row for line in self._lines for row in wrapped(line, width)]
        if self._more and len(rows) + SPARE < room:
            rows += [Content(""), *(styled(cut_parts(line, width)) for line in self._more)]
        return Content("\n").join(rows[:room])


def wrapped(line: Line, width: int) -> list[Content]:
    """One line as rows of at most `width` cells; what follows a label hangs under its first word."""
    if not line or len(line[0][0]) != LABEL or line[0][1] != "dim":
        return styled(line).wrap(max(width, 1))
    body = styled(line[1:]).wrap(max(width - LABEL, 1))
    return [styled(line[:1]) + row if n == 0 else Content(" " * LABEL) + row for n, row in enumerate(body)]
