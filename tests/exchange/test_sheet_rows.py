"""A workbook is, byte by byte, what the library writes of the same cells one by one."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from sdr.exchange.sheets import write_xlsx
from sdr.rules.text import clean

HEADER = ["Name", "Company & Co", "<Notes>"]
KEPT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=9)
TEXT = st.sampled_from(
    [
        "",
        "",
        "Ruiz",
        " Ruiz ",
        "a < b",
        "R&D",
        'say "hi"',
        "_x0041_",
        "_x005F_x0041_",
        "x_x00",
        "one\ntwo",
        "</row>",
        "é",
    ]
)
ROWS = st.lists(st.lists(TEXT | KEPT, min_size=1, max_size=3), max_size=6)


def by_the_library(rows: list[list[str]]) -> bytes:
    whole = BytesIO()
    with Workbook(whole, {"constant_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
        bold, text = (book.add_format({**bold, "num_format": "@"}) for bold in ({"bold": True}, {}))
        sheet = book.add_worksheet()
        for column, label in enumerate(HEADER):
            widest = max([len(row[column].partition("\n")[0]) for row in rows if column < len(row)], default=0)
            sheet.set_column(column, column, min(48, max(8, len(label) + 2, widest + 1)), text)
        sheet.freeze_panes(1, 0)
        for column, label in enumerate(HEADER):
            sheet.write_string(0, column, label, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if value := clean(cell, lines=True):
                    sheet.write_string(number, column, value)
        if rows:
            sheet.ignore_errors({"number_stored_as_text": f"A1:C{len(rows) + 1}"})
    return whole.getvalue()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(ROWS)
def test_the_bytes_are_the_librarys(tmp_path: Path, rows: list[list[str]]) -> None:
    write_xlsx(tmp_path / "x.xlsx", HEADER, rows)
    assert (tmp_path / "x.xlsx").read_bytes() == by_the_library(rows)


def test_a_page_of_rows_and_a_blank_end_are_the_librarys_too(tmp_path: Path) -> None:
    rows = [[f"Lead {number}", "é & " * (number % 3), ""] for number in range(400)] + [["", "", ""]] * 3
    assert write_xlsx(tmp_path / "x.xlsx", HEADER, iter(rows)).rows == 403
    assert (tmp_path / "x.xlsx").read_bytes() == by_the_library(rows)


def test_a_row_with_more_cells_than_the_header_is_not_cut(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="more cells than its header"):
        write_xlsx(tmp_path / "x.xlsx", HEADER, [["a", "b", "c", "d"]])
    assert not (tmp_path / "x.xlsx").exists()
