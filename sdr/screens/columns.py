"""Columns of a list: where each stands, and a row of words laid out to the cell.

Widths are terminal cells, never characters. What does not fit is cut with `…`; columns that do not fit leave,
least kept first. Nothing here draws: the table styles the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

from sdr.rules.text import clean

GAP = 2  # empty cells between two columns
GUTTER = 3  # picked mark, row mark, one empty cell
MARGIN = 1  # empty cells at the right edge
FLEX_LEAST = 6  # a flexible column narrower than this says nothing
LONGEST = 400  # characters of one cell looked at: wider than any screen, so the rest cannot show

# Terminals disagree on the width of joined and tinted emoji. Without joiners, selectors and tints each sign
# has one width everywhere, and the columns after it stand.
_DISPUTED = re.compile("[\u200b\u200d\u2060\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


class Column(NamedTuple):
    """One column: `width` in cells, or None to share what is left; the lowest `keep` leaves first."""

    key: str
    label: str
    width: int | None = None
    align: Literal["left", "right"] = "left"
    keep: int = 5


class Cells(NamedTuple):
    """One row: plain `texts` (any foreign text is fine), a look for each, and the row's own mark.

    `looks` and `mark_look` are words of `look.LOOKS` ("", now, dim, late, soon, done); missing looks are plain.
    """

    texts: tuple[str, ...]
    looks: tuple[str, ...] = ()
    mark: str = " "
    mark_look: str = ""


def one_line(text: str) -> str:
    """`text` as it may stand in a row: clean, one line, and of one width in every terminal."""
    return _DISPUTED.sub("", clean(text[:LONGEST]))


def fit(text: str, width: int, align: str = "left", ellipsis: str = "…") -> str:
    """`text` in exactly `width` cells: cut with `ellipsis`, or padded on the side away from `align`."""
    taken = cell_len(text)
    if taken > width:
        sign = ellipsis if width > len(ellipsis) else ""
        return set_cell_size(text, width - len(sign)) + sign
    space = " " * (width - taken)
    return space + text if align == "right" else text + space


def lay_out(columns: Sequence[Column], width: int) -> tuple[int, ...]:
    """The width of each of `columns` in a line of `width` cells; 0 for a column that had to leave."""
    room = width - GUTTER - MARGIN
    shown = list(range(len(columns)))
    while len(shown) > 1 and _least(columns, shown) > room:
        shown.remove(min(shown, key=lambda place: (columns[place].keep, -place)))
    left = max(0, room - sum(columns[i].width or 0 for i in shown) - GAP * (len(shown) - 1))
    flexible = [i for i in shown if columns[i].width is None]
    widths = [0] * len(columns)
    for i in shown:
        widths[i] = columns[i].width or 0
    for nth, i in enumerate(flexible):
        share = left // (len(flexible) - nth)
        widths[i], left = share, left - share
    return tuple(widths)


def _least(columns: Sequence[Column], shown: Sequence[int]) -> int:
    return sum(columns[i].width or FLEX_LEAST for i in shown) + GAP * (len(shown) - 1)
