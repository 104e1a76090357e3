"""Tables that leave the desk: CSV and XLSX in which no cell can run.

Foreign text is the content; a spreadsheet takes text that begins with `= + - @` for a formula. The profiles are
never mixed: `sheet` defuses such cells for people, `crm` refuses them for machines, XLSX types every cell as text.
"""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from traceback import clear_frames
from typing import TYPE_CHECKING

from sdr.exchange.folders import ExportFailed, Filled, RefusedRow
from sdr.exchange.pages import Page, Row, csv_lines, may_begin, packed, paged, unpacked
from sdr.exchange.pages import count as rows_of
from sdr.rules.text import TRIGGERS, clean, neutral

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL_LIMIT = 32_767  # characters of a cell, counted in UTF-16 units: the XLSX form's limit
ROW_LIMIT = 1_048_576  # rows of a worksheet with its header
CUT_MARK = "… [cut]"

_INERT_PHONE = re.compile(r"\+?[0-9][0-9 ().-]*")
_FIRST = bytes({trigger.encode()[0] for trigger in TRIGGERS})  # what a cell that may run begins with
_NOT_XML = re.compile("[\ufffe\uffff]")
_SAMPLED = 200  # rows looked at for column widths
_NARROWEST, _WIDEST = 8, 48


class CsvProfile(StrEnum):
    """Who a CSV file is for: a person's spreadsheet, or a CRM's import."""

    SHEET = "sheet"
    CRM = "crm"


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row], profile: CsvProfile) -> Filled:
    """Write a CSV file, every field quoted, lines ended CRLF, UTF-8.

    `sheet`: with a byte order mark, and `'` before each cell that begins with a trigger or with `'`
    (`rules.text.plain` takes it off again). `crm`: no mark and no prefix; a row with a cell that begins with a
    trigger is left out and reported, unless the cell is a phone number (OWASP CSV injection; ASVS 1.2.10).
    """
    return write_pages(path, header, paged(rows), profile)


def write_pages(path: Path, header: Sequence[str], pages: Iterable[Page], profile: CsvProfile) -> Filled:
    """As `write_csv`, of rows that are pages already."""
    refused: list[RefusedRow] = []
    seen = 0
    with path.open("wb") as file:
        file.write(codecs.BOM_UTF8 if profile is CsvProfile.SHEET else b"")
        file.write(csv_lines(packed([[neutral(label) for label in header]])))
        for page in pages:
            first, seen = seen, seen + rows_of(page)
            if may_begin(page, _FIRST):
                page = _safe(header, unpacked(page), profile, first, refused)
            file.write(csv_lines(page))
    return Filled(seen - len(refused), tuple(refused))


def _safe(
    header: Sequence[str], rows: Sequence[Row], profile: CsvProfile, first: int, refused: list[RefusedRow]
) -> Page:
    """The rows defused, or without those that were `refused`; `first` is the index of the first."""
    if profile is CsvProfile.SHEET:
        return packed([[neutral(_said(cell)) for cell in row] for row in rows])
    return packed(_harmless(header, rows, first, refused))


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Row]) -> Filled:
    """Write a workbook of one sheet in which every cell is text, so nothing runs and phones keep their plus.

    Control characters are cleaned; a cell past `CELL_LIMIT` is cut and ends in `CUT_MARK`. The header is bold and
    stays in sight. Equal rows give equal bytes. More than `ROW_LIMIT` lines raise `ExportFailed`.
    """
    from xlsxwriter.exceptions import FileCreateError

    # Packed in memory: on a full disk the library would leave a half-open archive that complains when collected.
    whole = BytesIO()
    # The library's own work files hold the rows too: they stay in the same private folder, and go with it.
    with tempfile.TemporaryDirectory(prefix=".", suffix=".part", dir=path.parent) as work:
        try:
            with _workbook(whole, work) as book:
                count = _fill_sheet(book, header, rows)
        except FileCreateError as fault:
            # The half-open archive in there closes now, while what it is packed in stands; later it would complain.
            clear_frames(fault.__traceback__)
            clear_frames(fault.args[0].__traceback__)
            raise fault.args[0] from None  # the OSError inside, which says what the disk said
    path.write_bytes(whole.getbuffer())
    return Filled(count)


def _workbook(whole: BytesIO, work: str) -> Workbook:
    from xlsxwriter import Workbook

    book = Workbook(
        whole,
        {
            "constant_memory": True,
            "tmpdir": work,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001  # the clock would change the bytes
    return book


def _fill_sheet(book: Workbook, header: Sequence[str], rows: Iterable[Row]) -> int:
    """Fill a new sheet and give the number of data rows."""
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "num_format": "@"})
    waiting = iter(rows)
    sample = list(islice(waiting, _SAMPLED))
    text = book.add_format({"num_format": "@"})
    for column, width in enumerate(_widths(header, sample)):
        sheet.set_column(column, column, width, text)
    sheet.freeze_panes(1, 0)
    for column, label in enumerate(header):
        sheet.write_string(0, column, _cell(label), bold)
    return _fill_rows(sheet, len(header), chain(sample, waiting), text)


def _fill_rows(sheet: Worksheet, width: int, rows: Iterable[Row], look: Format) -> int:
    count = 0
    for count, row in enumerate(rows, start=1):
        if count >= ROW_LIMIT:
            raise ExportFailed(
                f"The workbook was not written: a sheet holds {ROW_LIMIT - 1:,} rows; export fewer days, or CSV."
            )
        text = str.strip if _clean_already(row) else _cell
        for column, cell in enumerate(row):
            if value := text(cell):  # type: ignore[arg-type]
                sheet.write_string(count, column, value, look)  # without one the library looks for the column's
    if count and width:
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_column(width)}{count + 1}"})
    return count


def _column(number: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(number - 1))


def _widths(header: Sequence[str], sample: Sequence[Row]) -> Iterator[int]:
    """A width in characters for each column, from the header and the longest first line of the sample."""
    for column, label in enumerate(header):
        cells = (_said(row[column])[:200].partition("\n")[0] for row in sample if column < len(row))
        yield min(_WIDEST, max(_NARROWEST, len(label) + 2, *(len(cell) + 1 for cell in cells), 0))


def _clean_already(row: Row) -> bool:
    """Whether the cells of this row only want trimming, as in nearly every row; told of all of them at once."""
    try:
        every = "".join(row)  # type: ignore[arg-type]
    except TypeError:  # a cell that is no text
        return False
    return every.isascii() and every.isprintable() and len(every) * 2 <= CELL_LIMIT and "</r>" not in every


def _cell(value: object) -> str:
    """`value` as the text of an XLSX cell: cleaned, legal in XML, cut at the form's limit."""
    if type(value) is str and value.isascii() and value.isprintable() and len(value) * 2 <= CELL_LIMIT:
        text = value.strip()  # as nearly every cell is: nothing to clean
    else:
        text = _cut(_NOT_XML.sub("\ufffd", clean(_said(value), lines=True)))
    # XlsxWriter writes text between <r> and </r> as raw XML, where a hostile cell could carry a formula.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _cut(text: str) -> str:
    if len(text) * 2 <= CELL_LIMIT or len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return text
    room = (CELL_LIMIT - len(CUT_MARK)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT_MARK


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _harmless(header: Sequence[str], rows: Iterable[Row], first: int, refused: list[RefusedRow]) -> list[Row]:
    """The rows a CRM may take; the others are added to `refused`, named by their first unfit column."""
    fit: list[Row] = []
    for index, row in enumerate(rows, start=first):
        unfit = next((column for column, cell in enumerate(row) if _may_run(_said(cell))), None)
        if unfit is None:
            fit.append(row)
        else:
            reason = "begins with a character that a spreadsheet would run; correct the field and export again"
            refused.append(RefusedRow(index, header[unfit], reason, _names(header, row)))
    return fit


def _names(header: Sequence[str], row: Row) -> str:
    """What stands under the labels that end in "name", as every program calls those of people and companies."""
    named = (_said(cell) for label, cell in zip(header, row, strict=False) if label.lower().endswith("name"))
    return clean(" ".join(filter(None, named)))


def _may_run(cell: str) -> bool:
    return neutral(cell) != cell and not cell.startswith("'") and not _INERT_PHONE.fullmatch(cell)
