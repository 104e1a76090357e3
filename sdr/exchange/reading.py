"""Opening a file of leads: CSV, TSV and the like in any encoding, or XLSX, told apart by content, not by name.

`open_table` reads the head, shows what it guessed, and streams the rest while the table is iterated. Nothing is
written, nothing is cleaned, and a row is never lost in silence: it is a `Record` or a `BadRecord`. Blank rows
are skipped and not counted. Standard input is passed as bytes.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sdr.exchange import rejects
from sdr.exchange.decoding import line_batches
from sdr.exchange.headers import column_names, header_at, used_width
from sdr.exchange.opening import Source, source_of
from sdr.exchange.sniffing import Guess, sample_records, sniff, without_first_line
from sdr.exchange.splitting import LARGE, LARGEST_CELL, Shape, split
from sdr.exchange.tables import BadRecord, Reach, Record, Row, Table, Tally, UnreadableFile

__all__ = ["BadRecord", "Record", "Table", "UnreadableFile", "open_table"]

HEAD = 256 << 10  # bytes looked at for the guesses
MOST_COLUMNS = 4096
BESIDE = "cells to the right of the last named column were left out"
_AS_CSV = "Save it as CSV (UTF-8) or XLSX from the program it came from."
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3\0", "a database"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a text document"),
)
_OLE = b"\xd0\xcf\x11\xe0"
_CONTROLS = re.compile("[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_PREAMBLE_SHOWN = 200  # characters of a line
_LOOK_AT_ROWS = 200


def open_table(source: Path | bytes, *, encoding: str | None = None, sheet: str | None = None) -> Table:
    """The table in `source`; `encoding` and `sheet` overrule the guesses.

    Raises `UnreadableFile` with a sentence for a file that is no table: empty, binary, too large, protected.
    A file with a header and nothing else is a table of no rows.
    """
    named = source_of(source)
    with named.opened() as file:
        head = file.read(HEAD)
        # A hole of NULs would be read to its end in vain: such a head is refused below.
        more = _beyond_ascii(file) if head.isascii() and b"\0" not in head else b""
    if head.startswith(b"PK\x03\x04"):
        return _workbook(named, sheet)
    _refuse_known(head)
    return _text(named, head, sniff(head, encoding=encoding, more=more))


def _beyond_ascii(file: BinaryIO) -> bytes:
    """The first later block with bytes beyond ASCII, from the start of a line."""
    while block := file.read(1 << 20):
        if not block.isascii():
            return block[block.find(b"\n") + 1 :]
    return b""


def _refuse_known(head: bytes) -> None:
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise UnreadableFile("The workbook is protected by a password.", "Save it without one.")
        raise UnreadableFile(
            "The file is an old Excel workbook (.xls) or another old Office document.",
            "Save it as XLSX or as CSV (UTF-8).",
        )
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise UnreadableFile(f"The file is {what}, not a table.", _AS_CSV)


@dataclass(frozen=True, slots=True)
class TextRows:
    """How the rows of a text file are read: plain values, so that another process can read the very same rows.

    `body` is how many lines stand above the first row.
    """

    source: Source
    guess: Guess
    body: int
    shape: Shape
    reach: Reach

    def __call__(self, tally: Tally) -> Iterator[Row]:
        """Every row that is not blank, from the first; repairs are counted in `tally`."""
        with self.source.stream(self.reach) as file:
            file.read(self.guess.bom)
            batches = line_batches(file, self.guess.encoding, tally)
            yield from split(_without_first(batches, self.body), self.shape, self.body + 1, tally)


def _text(source: Source, head: bytes, guess: Guess) -> Table:
    top = _top(_start(head, guess), guess)
    body = top.last + guess.sep_line
    reach = Reach(source.size)
    shape = Shape(guess.delimiter, guess.spaced_quotes, len(top.header))

    at = top.first + guess.sep_line if top.first else 0
    bare = Table(
        kind="csv",
        encoding=guess.encoding,
        assumed=guess.assumed,
        delimiter=guess.delimiter,
        header_row=at,
        header=top.header,
        preamble=top.preamble,
        sheets=(),
        rejects=False,
        _rows=TextRows(source, guess, body, shape, reach),
        _reach=reach,
    )
    return rejects.recognised(bare)


def _start(head: bytes, guess: Guess) -> str:
    """The decoded head without its `sep=` line; refuses what is empty or no text."""
    text = codecs.getincrementaldecoder(guess.encoding)("replace").decode(head[guess.bom :])
    if guess.sep_line:
        text = without_first_line(text)
    if not text.strip(" \t\r\n\0\ufeff"):
        raise UnreadableFile("The file is empty.", "Export it again, and look at it in a text editor.")
    odd = len(_CONTROLS.findall(text))
    if text.count("\0") > 0.3 * len(text) or odd > 0.05 * len(text):
        raise UnreadableFile("The file is binary, not a table of text.", _AS_CSV)
    return text.replace("\0", "")


class _Top(NamedTuple):
    """What stands above the data: the header's first and last line (0: none), its names, the lines before."""

    first: int
    last: int
    header: tuple[str, ...]
    preamble: tuple[str, ...]


def _top(text: str, guess: Guess) -> _Top:
    records = sample_records(text, guess.delimiter, spaced=guess.spaced_quotes)
    if not records:
        raise UnreadableFile("The file has no rows that can be read.", _AS_CSV)
    rows = [record.cells for record in records]
    at, _ = header_at(rows)
    if at < 0:
        width = Counter(map(len, rows)).most_common(1)[0][0]
        return _Top(0, 0, column_names([""] * _bounded(width)), ())
    chosen = records[at]
    names = chosen.cells[: _bounded(used_width(chosen.cells, rows[at + 1 :]))]
    before = list(islice(io.StringIO(text, newline=""), chosen.first - 1))
    preamble = tuple(line.strip()[:_PREAMBLE_SHOWN] for line in before if line.strip())
    return _Top(chosen.first, chosen.last, column_names(names), preamble)


def _bounded(width: int) -> int:
    if width > MOST_COLUMNS:
        raise UnreadableFile(
            f"The file has more than {MOST_COLUMNS:,} columns, so it is not a list of leads.",
            "Export only the columns that say something of a lead.",
        )
    return width


def _without_first(batches: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    for batch in batches:
        yield batch[count:]
        count = max(0, count - len(batch))


def _workbook(source: Source, wanted: str | None) -> Table:
    from sdr.exchange.workbooks import open_sheet

    sheet = open_sheet(source, wanted)
    look = list(islice(((n, row) for n, row in enumerate(sheet.rows(), 1) if any(row)), _LOOK_AT_ROWS))
    cells = [row for _, row in look]
    at, _ = header_at(cells)
    width = used_width(cells[at] if at >= 0 else [""] * len(cells[0]), cells) if cells else 0
    _bounded(width)
    names = cells[at][:width] if at >= 0 and cells else [""] * width
    header_row = look[at][0] if at >= 0 and cells else 0
    reach = Reach(len(sheet))
    bare = Table(
        kind="xlsx",
        encoding="",
        assumed=False,
        delimiter="",
        header_row=header_row,
        header=column_names(names),
        preamble=tuple(" ".join(row).strip()[:_PREAMBLE_SHOWN] for row in cells[: max(at, 0)]),
        sheets=sheet.others,
        rejects=False,
        _rows=lambda tally: _sheet_rows(sheet.rows(), header_row, width, tally, reach),
        _reach=reach,
        _notes=sheet.notes,
    )
    return rejects.recognised(bare)


def _sheet_rows(rows: Iterator[list[str]], header_row: int, width: int, tally: Tally, reach: Reach) -> Iterator[Row]:
    for number, cells in enumerate(rows, 1):
        reach.read = number
        if number <= header_row or not any(map(str.strip, cells)):
            continue
        tally[BESIDE] += sum(bool(cell.strip()) for cell in cells[width:])
        kept = tuple(cell.replace("\0", "") for cell in cells[:width])
        if max(map(len, kept)) > LARGEST_CELL:
            yield BadRecord(number, kept, LARGE)
        elif any(map(str.strip, kept)):
            yield Record(number, kept)
