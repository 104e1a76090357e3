"""One row of a list of leads as a drawn strip: marks, then the cells of each column, each in its look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from sdr.screens.columns import GAP, Cells, Column, fit, lay_out, one_line
from sdr.screens.look import Marks

WAITING = Cells(("…",), ("dim",))  # a row whose words are not here yet

Run = tuple[str, str]  # words and their look
StyleOf = Callable[[str, bool], Style]  # of a look, on the current row or not


class RowPen:
    """Draws rows `width` cells wide. `style_of` gives the style of a look."""

    def __init__(self, columns: Sequence[Column], signs: Marks, width: int, style_of: StyleOf) -> None:
        self.columns = columns
        self.signs = signs
        self.width = width
        self.style_of = style_of
        self.widths = lay_out(columns, width)

    def draw(self, cells: Cells | None, current: bool, picked: bool) -> Strip:
        """The row of `cells`, or of words still waited for; exactly `width` cells whatever they hold."""
        cells = cells or WAITING
        mark, mark_look = (self.signs.now, "now") if current else (one_line(cells.mark), cells.mark_look)
        picked_sign = self.signs.picked if picked else " "
        runs = [(picked_sign, "now"), (fit(mark, 1) + " ", mark_look), *self._words(cells)]
        pieces = [Segment(text, self.style_of(look, current)) for text, look in joined(runs)]
        return Strip(pieces).adjust_cell_length(self.width, self.style_of("", current))

    def rule(self, words: str) -> Strip:
        """A thin rule across the list with a few words at its beginning; it is no row and has no mark."""
        sign = self.signs.rule
        head = fit(f"  {sign * 2} {one_line(words)} ", self.width).rstrip()
        text = f"{head} {sign * self.width}"[: max(0, self.width - 1)]
        return Strip([Segment(text, self.style_of("dim", False))]).adjust_cell_length(
            self.width, self.style_of("", False)
        )

    def _words(self, cells: Cells) -> Iterable[Run]:
        texts = (*cells.texts, *[""] * (len(self.columns) - len(cells.texts)))
        looks = (*cells.looks, *[""] * len(self.columns))
        for column, text, look, width in zip(self.columns, texts, looks, self.widths, strict=False):
            if width:
                yield fit(one_line(text), width, column.align, self.signs.cut) + " " * GAP, look


def joined(runs: Iterable[Run]) -> list[Run]:
    """`runs` with neighbours of one look as one, blanks with whichever: half the bytes a screen sends."""
    merged: list[Run] = []
    for text, look in runs:
        before, last = merged[-1] if merged else ("", "")
        if merged and (look == last or text.isspace() or before.isspace()):
            merged[-1] = (before + text, last if text.isspace() else look)
        else:
            merged.append((text, look))
    return merged
