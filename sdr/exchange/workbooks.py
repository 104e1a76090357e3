"""XLSX workbooks as rows of text.

Nothing is opened before `archives.check` has measured it. The sheet is the visible one with the most rows of
data unless named. Numbers come as a rep typed them: 14155550100.0 is text "14155550100"; dates are ISO text,
also in the 1904 system; a formula gives its value and an error cell is blank.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdr.exchange.archives import check
from sdr.exchange.tables import UnreadableFile

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_NAME_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, opened. `others` names all sheets of the workbook; `notes` are warnings."""

    name: str
    others: tuple[str, ...]
    notes: tuple[str, ...]
    _held: Any

    def rows(self) -> Iterator[list[str]]:
        """Every row from the sheet's first, blank ones included: the n-th is row n of the sheet."""
        for row in self._held.iter_rows():
            yield [_text(value) for value in row]


def open_sheet(source: Path | bytes, wanted: str | None = None) -> Sheet:
    """The sheet `wanted`, or the visible one with the most rows; raises `UnreadableFile`."""
    from python_calamine import CalamineError, CalamineWorkbook

    errors = check(source)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_content(source)))
        held, notes = _chosen(book, wanted)
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(
            "The workbook is damaged, or protected by a password.",
            "Open it in a spreadsheet program and save it again as XLSX or CSV.",
        ) from error
    if errors:
        notes += (f"{errors:,} cells hold an error such as #REF! and are read as blank.",)
    return Sheet(held.name, _tables(book), notes, held)


def _tables(book: CalamineWorkbook) -> tuple[str, ...]:
    from python_calamine import SheetTypeEnum

    return tuple(m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet)


def _content(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def _chosen(book: CalamineWorkbook, wanted: str | None) -> tuple[CalamineSheet, tuple[str, ...]]:
    from python_calamine import SheetVisibleEnum

    tables = _tables(book)
    if wanted is not None:
        return _named(book, tables, wanted), ()
    shown = {m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible}
    visible = [name for name in tables if name in shown]
    if not visible:
        raise UnreadableFile("The workbook has no visible sheet with cells.", "Name a hidden one with --sheet.")
    sheets = [book.get_sheet_by_name(name) for name in visible]
    notes: tuple[str, ...] = ()
    if hidden := len(tables) - len(visible):
        notes += (f"{hidden} hidden sheets were not read; --sheet NAME reads one.",)
    if len(sheets) > 1:
        notes += (f"Of {len(sheets)} visible sheets only the one with the most rows was read.",)
    return max(sheets, key=_data_rows) if len(sheets) > 1 else sheets[0], notes


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
