"""What reading a file gives: a table with its header, then records, or rows that could not be used.

`Record` and `BadRecord` are named tuples, not dataclasses: a file has a hundred thousand of them, and they cost
half as much to make. Cells are the file's own text, untrimmed; cleaning is not done here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

BLANKED = "cells hold a word for nothing and were read as blank"


class UnreadableFile(Exception):
    """A file that cannot be read at all. `message` and `hint` are sentences and hold no text of the file."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Record(NamedTuple):
    """One row, exactly as wide as the header. `line` is its first line in the file (or row of the sheet), from 1."""

    line: int
    cells: tuple[str, ...]


class BadRecord(NamedTuple):
    """A row that cannot be used: its line from 1, its cells as far as they could be told, and why in words."""

    line: int
    cells: tuple[str, ...]
    reason: str


Row = Record | BadRecord


class Tally(Counter[str]):
    """How often each harmless repair was made while reading; the keys are the ends of sentences."""

    def sentences(self) -> tuple[str, ...]:
        return tuple(f"{count:,} {what}." for what, count in self.items() if count)


@dataclass(slots=True)
class Reach:
    """How far the reading under way has come: `read` of `size`, bytes of a file or rows of a sheet."""

    size: int
    read: int = 0


@dataclass(slots=True)
class Table:
    """An opened file. Iterating reads it (again) from its start and yields every row that is not blank.

    `kind` is "csv" or "xlsx"; `encoding` and `delimiter` are "" for a workbook. `assumed` is True when the
    encoding is a guess. `header_row` is the 1-based line of the header, 0 when there is none and the names
    are invented. `rejects` is True for a file of rejected rows that we wrote ourselves. `blanks` are words in lower
    case that the rep says stand for nothing: a cell that is such a word is read as empty. `mended` are cells that the
    rep typed instead, by line. Warnings about the contents are complete once an iteration has ended. Iterating raises
    `UnreadableFile` if a line never ends.
    """

    kind: str
    encoding: str
    assumed: bool
    delimiter: str
    header_row: int
    header: tuple[str, ...]
    preamble: tuple[str, ...]
    sheets: tuple[str, ...]
    rejects: bool
    _rows: Callable[[Tally], Iterator[Row]] = field(repr=False)
    _reach: Reach = field(default_factory=lambda: Reach(0))
    _notes: tuple[str, ...] = ()
    _tally: Tally = field(default_factory=Tally)
    blanks: frozenset[str] = field(default=frozenset(), init=False)
    mended: dict[int, tuple[str, ...]] = field(default_factory=dict, init=False)
    _first: list[tuple[str, ...]] = field(default_factory=list, init=False, repr=False)  # what a sample found
    _looked: int = field(default=0, init=False)  # rows it looked at

    def __iter__(self) -> Iterator[Row]:
        self._tally = Tally()
        rows = self._rows(self._tally)
        if self.mended:
            rows = (self.fitted(row.line, self.mended[row.line]) if row.line in self.mended else row for row in rows)
        return self._blanked(rows) if self.blanks else rows

    def fitted(self, line: int, cells: tuple[str, ...]) -> Row:
        """`cells` that the rep typed as the row of this line, blanks added; bad if more of them hold a word."""
        width = len(self.header)
        if any(map(str.strip, cells[width:])):
            return BadRecord(line, cells, f"the row has {len(cells)} cells, the header {width}")
        return Record(line, (cells + ("",) * width)[:width])

    def only(self, row: Row) -> Table:
        """A table like this one of one row."""
        one = replace(self, _rows=lambda tally: iter((row,)))
        one.blanks = self.blanks
        return one

    def raw(self) -> Iterator[Row]:
        """Every row with all of its words."""
        return self._rows(Tally())

    def _blanked(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            cells = self._without(row.cells)
            if cells != row.cells:
                self._tally[BLANKED] += sum(map(str.__ne__, cells, row.cells))
                row = row._replace(cells=cells)
            yield row

    def _without(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        return tuple("" if cell.strip().casefold() in self.blanks else cell for cell in cells)

    def sample(self, count: int = 200) -> list[tuple[str, ...]]:
        """The cells of the first `count` good rows; for guesses, the mapping screen and the preview."""
        if self._looked < count:
            self._first = [row.cells for row in islice(self._rows(Tally()), count) if isinstance(row, Record)]
            self._looked = count
        return [self._without(cells) for cells in self._first[:count]] if self.blanks else self._first[:count]

    @property
    def share(self) -> float:
        """How much of the file the reading under way has read, from 0 to 1."""
        return self._reach.read / self._reach.size if self._reach.size else 0.0

    @property
    def reading(self) -> Callable[[Tally], Iterator[Row]]:
        """What reads the rows when it is called."""
        return self._rows

    @property
    def repairs(self) -> Tally:
        """What the last iteration repaired."""
        return self._tally

    @property
    def reach(self) -> int:
        """How far the reading under way has come, in bytes of a file or rows of a sheet."""
        return self._reach.read

    def was_read(self, reach: int, repairs: Tally) -> None:
        """Somebody else read the rows so far, and made these repairs."""
        self._reach.read, self._tally = reach, repairs

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about the file, then about what the last iteration repaired."""
        return self._notes + self._tally.sentences()
