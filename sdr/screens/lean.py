"""What a drawn line would leave behind is not kept: memory stands still however long somebody walks a list.

Measured on Textual 8.2.8 and Rich 14: a line that is drawn whole was kept in a cache of its own, a ring that lives
until Python looks for such; of text with wide characters the last 16,000 pieces that were ever cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from rich.segment import Segment
from textual.strip import Strip


@cache
def keep_little() -> None:
    """Once in a program, before it draws."""
    parted = Strip.divide

    def divide(self: Strip, cuts: Iterable[int]) -> Sequence[Strip]:
        ends = [cut for cut in cuts if cut <= self.cell_length]
        return [self] if ends == [self.cell_length] else parted(self, ends)

    pieces = vars(Segment)["_split_cells"].__func__
    setattr(Strip, "divide", divide)  # noqa: B010  a method, to mypy
    setattr(Segment, "_split_cells", classmethod(getattr(pieces, "__wrapped__", pieces)))  # noqa: B010  not public
