"""Rows set aside as one text a page: what goes out as CSV is made of it at once, not cell by cell.

A page keeps its cells exactly; it makes none of them harmless, that is the table writer's work (`sheets`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice

Row = Sequence[object]  # None is an empty cell; anything else is written as str() says it
Page = bytes | list[list[object]]  # UTF-8; rows whose cells could not be told apart in it are kept as they are

SIZE = 250  # rows; what is looked for in a page at once is looked for in few rows when it is found
_CELL, _ROW = b"\x1f", b"\x1e"  # the characters made for it; text that came through the door has none
_FOUND = b"\0"


def paged(rows: Iterable[Row]) -> Iterator[Page]:
    """The rows as pages."""
    waiting = iter(rows)
    while block := list(islice(waiting, SIZE)):
        yield packed(block)


def packed(rows: Sequence[Row]) -> Page:
    """Rows of at least one cell each as a page."""
    between = _CELL.decode()
    try:
        text = _ROW.join([between.join(row).encode() for row in rows])  # type: ignore[arg-type]
    except (TypeError, UnicodeEncodeError):  # a cell that is no text, or none that can be written
        return [list(row) for row in rows]
    cells = sum(map(len, rows))
    told_apart = text.count(_CELL) == cells - len(rows) and text.count(_ROW) == len(rows) - 1
    return text if told_apart else [list(row) for row in rows]


def unpacked(page: Page) -> Sequence[Row]:
    """The rows of a page."""
    if not isinstance(page, bytes):
        return page
    return [row.split(_CELL.decode()) for row in page.decode().split(_ROW.decode())]


def count(page: Page) -> int:
    """How many rows a page has."""
    return page.count(_ROW) + 1 if isinstance(page, bytes) else len(page)


def holds(page: Page, characters: bytes) -> bool:
    """Whether one of these (ASCII) may stand in the page; what it puts between cells is none of them."""
    if not isinstance(page, bytes):
        return True
    return len(page.translate(None, characters.translate(None, _CELL + _ROW))) < len(page)


def may_begin(page: Page, first: bytes) -> bool:
    """Whether a cell of the page may begin with one of these bytes of UTF-8; all are looked for at once."""
    if not isinstance(page, bytes):
        return True
    told = (_CELL + page).translate(bytes.maketrans(_ROW + first, _CELL + _FOUND * len(first)))
    return _CELL + _FOUND in told


def csv_lines(page: Page) -> bytes:
    """The page as CSV in UTF-8, every field quoted, lines ended CRLF; what `csv.writer` writes, and sooner."""
    if isinstance(page, bytes):
        doubled = page.replace(b'"', b'""').replace(_CELL, b'","').replace(_ROW, b'"\r\n"')
        return b'"%b"\r\n' % doubled
    lines = StringIO(newline="")
    csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(page)
    return lines.getvalue().encode()
