"""Lines to records by the `csv` module, never losing a row in silence.

Clean stretches go through at the speed of `csv`. Where something does not fit, each record is judged: one with
too many cells, a cell over 1 MiB or over 20 line breaks, or a quote that never closes is rejected alone, and
reading goes on at the *next line*, so what the open quote would have swallowed is read after all.

A short row is kept, filled up with blanks, if it has at least half of the columns or an e-mail address, a link
or a phone number in it: a rep's half-filled row is worth more than order. Otherwise it is rejected.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sdr.exchange.headers import EMAIL
from sdr.exchange.tables import BadRecord, Record, Row, Tally

if TYPE_CHECKING:
    from _csv import Reader

LARGEST_CELL = 1 << 20  # characters
MOST_BREAKS = 20
_FURTHEST = 2000  # lines that one record may span before its quote counts as never closed
STRAY = "rows had quotation marks inside a cell that were not doubled; they were read as well as possible"

_made = tuple.__new__  # a third of the time of calling Record, which matters once a row

_TELLING = re.compile(r"(?:\D*\d){7}|https?://|linkedin\.com", re.I)
_CLOSING = "expected after"  # the csv module's words for text after a closing quote
_TOO_LARGE = "larger than field limit"

UNCLOSED = "a quotation mark opens in this line and is never closed"
LARGE = "a cell is larger than 1 MiB"
BREAKS = f"a cell has more than {MOST_BREAKS} line breaks; perhaps a quotation mark is missing"


class Shape(NamedTuple):
    """How the lines of one file are cut: delimiter, spaces before quotes, number of columns."""

    delimiter: str
    spaced: bool
    width: int


def split(batches: Iterable[list[str]], shape: Shape, line: int, tally: Tally) -> Iterator[Row]:
    """The rows in `batches` of lines, the first of which is line number `line` of the file."""
    csv.field_size_limit(LARGEST_CELL)
    carried: list[str] = []
    for batch in batches:
        lines = carried + batch if carried else batch
        carried = []
        clean = _clean(lines, shape)
        if clean is not None:
            for number, row in enumerate(clean, line):
                if row and (row[0].strip() or any(map(str.strip, row))):
                    yield _made(Record, (number, tuple(row)))
            line += len(lines)
            continue
        walk = _Walk(lines, shape, line, tally)
        yield from walk.rows(final=False)
        line += walk.position
        carried = lines[walk.position :]
    yield from _Walk(carried, shape, line, tally).rows(final=True)


def _clean(lines: list[str], shape: Shape) -> list[list[str]] | None:
    """One full row a line, a blank line none, or None if any line needs judging."""
    try:
        rows = list(csv.reader(lines, delimiter=shape.delimiter, skipinitialspace=shape.spaced, strict=True))
    except csv.Error:
        return None
    if len(rows) != len(lines) or set(map(len, rows)) - {0, shape.width}:
        return None
    return rows


class _Walk:
    """Record by record through `lines`; `position` is the first line not dealt with."""

    def __init__(self, lines: list[str], shape: Shape, line: int, tally: Tally) -> None:
        self._lines = lines
        self._shape = shape
        self._line = line
        self._tally = tally
        self.position = 0

    def rows(self, *, final: bool) -> Iterator[Row]:
        """Every row; unless `final`, an open record at the end is left for the next batch."""
        while self.position < len(self._lines):
            begin = self.position
            stretch = self._lines[begin : begin + _FURTHEST]
            try:
                yield from self._stretch(begin, stretch)
            except csv.Error as error:
                cut = _CLOSING not in str(error) and _TOO_LARGE not in str(error)
                if cut and self.position > begin:
                    continue  # the stretch ended inside a record, or a quote is open: see from there
                if cut and len(stretch) < _FURTHEST and not final:
                    return
                yield from self._mended(str(error))

    def _stretch(self, begin: int, stretch: list[str]) -> Iterator[Row]:
        """The rows of `stretch`, the lines from `begin` on, up to a swallowed row; raises `csv.Error`."""
        width = self._shape.width
        reader = self._reader(stretch)
        for cells in reader:
            end = begin + reader.line_num
            if len(cells) == width and end - self.position == 1 and cells[0].strip():
                yield _made(Record, (self._line + self.position, tuple(cells)))
                self.position = end
            elif cells:
                yield from self._judged(cells, end)
                if self.position != end:
                    return  # read again from there
            else:  # an empty line
                self.position = end

    def _reader(self, lines: list[str], *, strict: bool = True, spaced: bool | None = None) -> Reader:
        blanks = self._shape.spaced if spaced is None else spaced
        return csv.reader(lines, delimiter=self._shape.delimiter, skipinitialspace=blanks, strict=strict)

    def _alone(self, line: str, *, strict: bool = True, spaced: bool | None = None) -> list[str] | None:
        """The cells of one `line` read by itself, or None if it cannot be."""
        try:
            return next(self._reader([line.rstrip("\r\n") + "\n"], strict=strict, spaced=spaced), [])
        except csv.Error:
            return None

    def _judged(self, cells: list[str], end: int) -> Iterator[Row]:
        """The row for `cells`, which came from the lines up to `end`; moves `position`."""
        begin, self.position = self.position, end
        number, width = self._line + begin, self._shape.width
        if not any(map(str.strip, cells)):
            return
        spans = end - begin
        broken = spans > MOST_BREAKS and any(_breaks(c) > MOST_BREAKS for c in cells)
        if spans > 1 and self._swallowed(cells, begin, end, doubtful=broken or len(cells) != width):
            self.position = begin + 1
            yield BadRecord(number, self._cells_of(begin), UNCLOSED)
        elif broken:
            yield BadRecord(number, tuple(cells), BREAKS)
        else:
            yield self._fitted(number, cells, self._lines[begin:end])

    def _fitted(self, number: int, cells: list[str], lines: list[str]) -> Row:
        width = self._shape.width
        if len(cells) > width and any(map(str.strip, cells[width:])):
            other = next(self._reader(lines, strict=False, spaced=not self._shape.spaced), [])
            if len(other) != width:
                reason = f"the row has {len(cells)} cells, the header {width}"
                return BadRecord(number, tuple(cells), reason)
            cells = other
        if len(cells) < width and not _worth_keeping(cells, width):
            return BadRecord(number, tuple(cells), f"the row has {len(cells)} of {width} cells and no address")
        return Record(number, tuple(cells[:width]) + ("",) * (width - len(cells)))

    def _swallowed(self, cells: list[str], begin: int, end: int, *, doubtful: bool) -> bool:
        """Whether a line after the first is a whole row by itself, so that a quote was left open.

        In a record that fits, such a line must also hold an e-mail address in the record's own place for it:
        honest notes have commas, and addresses too.
        """
        places = {at for at, cell in enumerate(cells) if EMAIL.match(cell.strip())}
        for line in self._lines[begin + 1 : end]:
            alone = self._alone(line) if line.count('"') % 2 == 0 else None
            if alone is None or len(alone) != self._shape.width or len(alone) < 2:
                continue
            if doubtful or any(EMAIL.match(alone[at].strip()) for at in places):
                return True
        return False

    def _mended(self, error: str) -> Iterator[Row]:
        """One line that `csv` refused: kept if its stray quotes do no harm, else rejected."""
        begin = self.position
        self.position += 1
        number, line = self._line + begin, self._lines[begin]
        cells = self._alone(line, strict=False)
        if cells is None or _TOO_LARGE in error:
            yield BadRecord(number, tuple(line.rstrip("\r\n").split(self._shape.delimiter)), LARGE)
        elif cells and cells[-1].endswith("\n"):
            yield BadRecord(number, self._cells_of(begin), UNCLOSED)
        else:
            self._tally[STRAY] += 1
            yield self._fitted(number, cells, [line])

    def _cells_of(self, index: int) -> tuple[str, ...]:
        cells = self._alone(self._lines[index], strict=False) or [self._lines[index]]
        return (*cells[:-1], cells[-1].rstrip("\r\n"))


def _breaks(cell: str) -> int:
    return cell.count("\n") or cell.count("\r")


def _worth_keeping(cells: list[str], width: int) -> bool:
    return 2 * len(cells) >= width or any(EMAIL.match(c.strip()) or _TELLING.match(c) for c in cells)
