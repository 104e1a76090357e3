"""The card on screen: labelled lines, cut where room is short, wrapped under their label where there is plenty.

What the lines say is `sdr.screens.card`'s, which is loaded after the first frame. Rows are laid out when a card is
shown and only those that differ are drawn: this is on the path of every `j`. Borders are not drawn: put a rule beside
the card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from sdr.screens.lines import Part, cut_parts, length, parts
from sdr.screens.look import LOOKS

LABEL = 6  # cells of the word at the left
SPARE = 4  # rows that must be left over before lines are wrapped instead of cut
_WORD = re.compile(r"[^ ]+ *| +")

Line = Sequence[Part]


class CardView(Widget):
    """The card on screen. A new card redraws its changed rows and never lays the screen out again."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"card-view--{look}" for look in LOOKS}
    DEFAULT_CSS = """
    CardView {
        height: auto; min-height: 9; padding: 0 1;
        & > .card-view--now { color: $now; }
        & > .card-view--dim { color: $dim; }
        & > .card-view--late { color: $late; }
        & > .card-view--soon { color: $soon; }
        & > .card-view--done { color: $done; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: list[Line] = []
        self._more: list[Line] = []
        self._rows: list[list[Part]] = []
        self._looks: dict[str, Style] = {}
        self._drawn: tuple[Region, list[Strip]] | None = None  # the lines drawn last, and of which region
        self._stale: set[int] = set()  # those of them that have changed since

    def show(self, lines: list[Line], more: list[Line] | None = None) -> None:
        """Other words; `more` stands under them where there is room."""
        self._lines, self._more = lines, more or []
        self._lay_out()

    def on_resize(self, _event: events.Resize) -> None:
        """Another width wraps other rows."""
        self._lay_out()

    def _lay_out(self) -> None:
        before, self._rows = self._rows, list(self._laid_out())
        none: list[Part] = []
        pairs = enumerate(zip_longest(before, self._rows, fillvalue=none))
        changed = [Region(0, y, self._reach(old, new), 1) for y, (old, new) in pairs if old != new]
        if changed:
            self.refresh(*changed)

    def _reach(self, *rows: list[Part]) -> int:
        """How many cells of a row to draw anew for these words of it: not the blanks behind them.

        All of it where not every letter is one cell: a terminal that counts these otherwise would leave old words.
        """
        if any(length(row) != sum(len(text) for text, _look in row) for row in rows):
            return self.content_size.width
        return max(1, *(length(row) for row in rows))

    def _laid_out(self) -> Iterator[list[Part]]:
        """The rows: cut to the width where room is short, wrapped under their label where there is plenty."""
        width, room = self.content_size.width, max(1, self.content_size.height)
        lines = [parts(line) for line in self._lines]
        if room < len(lines) + SPARE:
            yield from (cut_parts(line, width) for line in lines[:room])
            return
        rows = [row for line in lines for row in wrapped(line, width)]
        if self._more and len(rows) + SPARE < room:
            rows += [[], *(cut_parts(parts(line), width) for line in self._more)]
        yield from rows[:room]

    def notify_style_update(self) -> None:
        """Other colours."""
        super().notify_style_update()
        self._looks.clear()

    def _set_dirty(self, *regions: Region) -> None:
        if regions:
            above = self.styles.padding.top
            self._stale.update(above + y for region in regions for y in region.line_range)
        else:
            self._drawn = None
        super()._set_dirty(*regions)

    def render_lines(self, crop: Region) -> list[Strip]:
        # Textual's own way through borders, padding and tints costs several times as much, on the path of every `j`.
        if self._drawn is None or self._drawn[0] != crop:
            self._drawn = crop, self._strips(crop, crop.line_range)
        else:
            stale = sorted(self._stale.intersection(crop.line_range))
            for y, strip in zip(stale, self._strips(crop, stale), strict=True):
                self._drawn[1][y - crop.y] = strip
        self._stale.clear()
        return self._drawn[1]

    def _strips(self, crop: Region, lines: Iterable[int]) -> list[Strip]:
        strips = [self.render_line(y - self.styles.padding.top) for y in lines]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span == (0, self.outer_size.width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """One row with the padding beside it, which has the look of the words next to it: fewer pieces to send."""
        row = self._rows[y] if 0 <= y < len(self._rows) else []
        words, looks = [text for text, _look in row] or [""], [look for _text, look in row] or [""]
        words[0] = " " * self.styles.padding.left + words[0]
        segments = [Segment(text, self._style_of(look)) for text, look in zip(words, looks, strict=True)]
        return Strip(segments).adjust_cell_length(self.outer_size.width, self._style_of(""))

    def _style_of(self, look: str) -> Style:
        if look not in self._looks:
            own = self.get_component_rich_style(f"card-view--{look}", partial=True) if look else Style.null()
            self._looks[look] = self.rich_style + own
        return self._looks[look]


def wrapped(line: Line, width: int) -> list[list[Part]]:
    """One line as rows of at most `width` cells; what follows a label hangs under its first word."""
    labelled = bool(line) and len(line[0][0]) == LABEL and line[0][1] == "dim"
    hang: list[Part] = [(" " * LABEL, "")] if labelled else []
    rows: list[list[Part]] = [list(line[:1]) if labelled else []]
    taken = length(rows[0])
    for word, look in _words(line[1:] if labelled else line):
        if taken + cell_len(word.rstrip()) > width and rows[-1] not in ([], hang):
            rows.append(list(hang))
            taken = length(hang)
        rows[-1].append((word, look))
        taken += cell_len(word)
    return [_joined(cut_parts(_bare(row), width)) for row in rows]


def _words(line: Line) -> Iterator[Part]:
    """The words of a line, each with the blanks behind it."""
    for text, look in line:
        yield from ((word, look) for word in _WORD.findall(text))


def _bare(row: list[Part]) -> list[Part]:
    """A row without the blanks behind its last word."""
    return [*row[:-1], *((text.rstrip(), look) for text, look in row[-1:])]


def _joined(row: list[Part]) -> list[Part]:
    """Words that look alike as one piece: a third of what is drawn and sent for each of them is its look."""
    alike = groupby(row, key=lambda part: part[1])
    return [("".join(text for text, _look in found), look) for look, found in alike]
