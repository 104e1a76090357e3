"""One sheet of a workbook as rows of text, read by a process of its own that may not grow or run for ever.

The library that reads workbooks ends its process when memory runs out, and a small workbook can ask for any amount:
one long string named by a million cells, a row with the number four thousand million. So it works in a child with
bounds of its own (safety.md 2.4), which gives its rows to us through a pipe; whatever becomes of it is a sentence.
The sheet is the visible one with the most rows of data unless named.
"""

from __future__ import annotations

import datetime as dt
import marshal
import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from sdr.exchange.archives import BOMB, DAMAGED, SAVE_AGAIN
from sdr.exchange.tables import UnreadableFile

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MOST_MEMORY = 3 << 30  # bytes of address space: a million rows of twenty columns take one and a half
MOST_SECONDS = 120  # of the processor
MOST_TEXT = 512 << 20  # characters that are given on
AT_ONCE = 500  # rows
_NAME_SHOWN = 40


def main(wanted: str | None = None) -> None:
    """The child: a workbook on standard input, its sheet on standard output as marshalled values.

    ("sheet", name, names of all sheets, warnings), then ("rows", rows) as often as needed, then ("end",); at any point
    ("refused", sentence, hint) instead.
    """
    _bounded()
    out = sys.stdout.buffer
    try:
        for value in _sheet(sys.stdin.buffer, wanted):
            marshal.dump(value, out)
    except UnreadableFile as fault:
        marshal.dump(("refused", fault.message, fault.hint), out)
    except MemoryError:
        marshal.dump(("refused", BOMB, SAVE_AGAIN), out)


def _bounded() -> None:
    """Memory and time end here for this process and for no other."""
    import resource

    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sheet(file: BinaryIO, wanted: str | None) -> Iterator[Any]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        file.seek(0)
        book = CalamineWorkbook.from_filelike(file)
        held, notes = _chosen(book, wanted)
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(DAMAGED, SAVE_AGAIN) from error
    yield "sheet", held.name, _tables(book), notes
    said = 0
    rows = ([_text(value) for value in row] for row in held.iter_rows())
    while chunk := list(islice(rows, AT_ONCE)):
        said += sum(len(text) for row in chunk for text in row)
        if said > MOST_TEXT:
            raise UnreadableFile(BOMB, SAVE_AGAIN)
        yield "rows", chunk
    yield ("end",)


def _tables(book: CalamineWorkbook) -> tuple[str, ...]:
    from python_calamine import SheetTypeEnum

    return tuple(m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet)


def _chosen(book: CalamineWorkbook, wanted: str | None) -> tuple[CalamineSheet, tuple[str, ...]]:
    from python_calamine import SheetVisibleEnum

    tables = _tables(book)
    if wanted is not None:
        return _named(book, tables, wanted), ()
    shown = {m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible}
    visible = [name for name in tables if name in shown]
    if not visible:
        raise UnreadableFile("The workbook has no visible sheet with cells.", "Name a hidden one with --sheet.")
    notes: tuple[str, ...] = ()
    if hidden := len(tables) - len(visible):
        notes += (f"{hidden} hidden sheets were not read; --sheet NAME reads one.",)
    if len(visible) > 1:
        notes += (f"Of {len(visible)} visible sheets only the one with the most rows was read.",)
    return _fullest(book, visible), notes


def _fullest(book: CalamineWorkbook, names: list[str]) -> CalamineSheet:
    """The first of the sheets with the most rows of data; never more than two are held at once."""
    best = book.get_sheet_by_name(names[0])
    most = _data_rows(best) if len(names) > 1 else 0
    for name in names[1:]:
        other = book.get_sheet_by_name(name)
        if (count := _data_rows(other)) > most:
            best, most = other, count
    return best


def _named(book: CalamineWorkbook, names: tuple[str, ...], wanted: str) -> CalamineSheet:
    for name in names:
        if name.strip().casefold() == wanted.strip().casefold():
            return book.get_sheet_by_name(name)
    shown = ", ".join(f'"{_shown(name)}"' for name in names[:10])
    raise UnreadableFile("The workbook has no sheet of that name.", f"It has {shown}.")


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)[:_NAME_SHOWN]


def _data_rows(sheet: CalamineSheet) -> int:
    return sum(any(value != "" for value in row) for row in sheet.iter_rows())


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)
