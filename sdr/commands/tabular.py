"""Lines for a person: aligned columns, cut by terminal cells, never by characters."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence

from sdr.rules.text import clean, cut, width

GAP = "  "
LEAST = 8  # cells that a column keeps, however narrow the terminal


def terminal_width() -> int:
    """Cells of a line: the terminal's, else 80."""
    return shutil.get_terminal_size().columns


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]], most: Sequence[int], total: int) -> Iterator[str]:
    """`rows` under `head` in at most `total` cells a line. `most` bounds each column; 0 takes what room is left."""
    texts = [[clean(cell) for cell in row] for row in (head, *rows)]
    natural = [max(width(cell) for cell in column) for column in zip(*texts, strict=True)]
    wide = [min(size, limit) if limit else size for size, limit in zip(natural, most, strict=True)]
    for index in (index for index, limit in enumerate(most) if not limit):
        others = sum(wide) - wide[index] + len(GAP) * (len(wide) - 1)
        wide[index] = min(natural[index], max(LEAST, total - others))
    for row in texts:
        yield GAP.join(_padded(cell, size) for cell, size in zip(row, wide, strict=True)).rstrip()


def _padded(text: str, cells: int) -> str:
    shown = cut(text, cells)
    return shown + " " * (cells - width(shown))
