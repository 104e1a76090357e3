"""XLSX: which sheet, what its cells say as text, and what is refused before it is opened."""

import datetime as dt
import io
import zipfile
import zlib

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange.archives import check
from sdr.exchange.reading import Record, UnreadableFile, open_table
from tests.shared_data import folder


def workbook(*sheets, hidden=(), date_1904=False):
    """Bytes of a workbook with `sheets` of (name, rows)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "date_1904": date_1904})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
        if name in hidden:
            sheet.hide()
    book.close()
    return out.getvalue()


PEOPLE = [("Name", "Phone"), ("Ana", 14155550100), ("Bob", "007")]


def test_numbers_dates_and_blanks_become_the_text_a_rep_typed(tmp_path):
    rows = [
        ("Name", "Phone", "Created", "Score", "Blank", "Yes"),
        ("Ana", 14155550100, dt.datetime.fromisoformat("2024-03-15"), 1.5, "", True),
        (),
        ("Bob", "+49 30 1", dt.datetime.fromisoformat("2024-03-15T09:30"), 0.1, "", False),
    ]
    path = tmp_path / "leads.csv"  # the name is not believed
    path.write_bytes(workbook(("People", rows)))
    table = open_table(path)
    assert (table.kind, table.header, table.header_row, table.encoding) == ("xlsx", rows[0], 1, "")
    assert list(table) == [
        Record(2, ("Ana", "14155550100", "2024-03-15", "1.5", "", "TRUE")),
        Record(4, ("Bob", "+49 30 1", "2024-03-15T09:30:00", "0.1", "", "FALSE")),
    ]


def test_the_1904_system():
    data = workbook(("A", [("Name", "Created"), ("Ana", dt.datetime.fromisoformat("2021-01-01"))]), date_1904=True)
    assert [row.cells for row in open_table(data)] == [("Ana", "2021-01-01")]


def test_the_visible_sheet_with_most_rows_is_read_and_another_on_request():
    many = [("Name", "Phone"), *[(f"H{n}", n) for n in range(9)]]
    data = workbook(("Cover", [("Leads of May",)]), ("People", PEOPLE), ("Old", many), hidden=("Old",))
    table = open_table(data)
    assert [row.cells[0] for row in table] == ["Ana", "Bob"]
    assert table.sheets == ("Cover", "People", "Old")
    assert len(table.warnings) == 2
    assert len(list(open_table(data, sheet="old"))) == 9
    with pytest.raises(UnreadableFile) as caught:
        open_table(data, sheet="June")
    assert '"People"' in caught.value.hint


def test_a_title_above_the_table_is_passed_over():
    table = open_table(workbook(("A", [("Leads of May",), (), *PEOPLE])))
    assert (table.header_row, table.header, table.preamble) == (3, ("Name", "Phone"), ("Leads of May",))
    assert [row.line for row in table] == [4, 5]


def test_formulas_give_values_and_errors_are_blank_and_counted():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("Name", "Score"))
    sheet.write_row(1, 0, ("Ana",))
    sheet.write_formula(1, 1, "=1+1", None, 2)
    sheet.write_row(2, 0, ("Bob",))
    sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
    book.close()
    table = open_table(out.getvalue())
    assert [row.cells for row in table] == [("Ana", "2"), ("Bob", "")]
    assert table.warnings == ("1 cells hold an error such as #REF! and are read as blank.",)


def test_cells_beside_the_table_are_left_out_aloud():
    wide = [(*PEOPLE[0],), *[(f"P{n}", n) for n in range(300)], ("Last", 1, "", "ask Tom")]
    table = open_table(workbook(("A", wide)))
    assert [row.cells for row in table][-1] == ("Last", "1")
    assert any("left out" in warning for warning in table.warnings)


def bomb(unpacked, *, lie=False):
    """A workbook with a sheet of `unpacked` zeros; `lie` declares it small."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * unpacked)
    data = out.getvalue()
    return data.replace(unpacked.to_bytes(4, "little"), (100).to_bytes(4, "little")) if lie else data


@pytest.mark.parametrize("lie", [False, True])
def test_a_zip_bomb_is_refused_whatever_size_it_declares(lie):
    with pytest.raises(UnreadableFile) as caught:
        open_table(bomb(50 << 20, lie=lie))
    assert "trap" in caught.value.message


def test_too_many_members_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(1000):
            archive.writestr(f"xl/media/{number}.png", b"")
    with pytest.raises(UnreadableFile) as caught:
        open_table(out.getvalue())
    assert "trap" in caught.value.message


def test_one_stray_cell_in_the_last_corner_does_not_end_the_program():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "Name")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(UnreadableFile) as caught:
        open_table(out.getvalue())
    assert "outside" in caught.value.message


@given(st.binary(max_size=300))
def test_random_bytes_after_an_archives_start_are_measured_or_refused(data):
    with pytest.raises(UnreadableFile):
        check(io.BytesIO(b"PK\x03\x04" + data))


@pytest.mark.parametrize("cut", [30, 200, 1000, 3000])
def test_a_cut_workbook_is_refused(cut):
    with pytest.raises(UnreadableFile):
        open_table(workbook(("A", PEOPLE))[:cut])


def test_damaged_bytes_in_a_member_are_refused():
    data = bytearray(workbook(("A", PEOPLE)))
    data[100:160] = zlib.compress(b"nonsense" * 9).ljust(60, b"\xff")[:60]
    with pytest.raises(UnreadableFile):
        open_table(bytes(data))


@pytest.mark.parametrize("member", ["content.xml", "word/document.xml"])
def test_other_archives_are_named(member):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, "<x/>")
    with pytest.raises(UnreadableFile) as caught:
        open_table(out.getvalue())
    assert "save it as" in caught.value.hint.lower()


def test_an_empty_sheet_is_a_table_of_no_rows():
    table = open_table(workbook(("A", [])))
    assert (table.header, list(table)) == ((), [])


# The outside files.


def test_the_outside_1904_workbook():
    table = open_table(folder("calamine_xlsx", "date_1904.xlsx"))
    assert [row.cells[0] for row in table][:2] == ["2021-01-01", "2021-01-02"]


def test_the_outside_workbooks():
    table = open_table(folder("calamine_xlsx", "any_sheets.xlsx"))
    assert len(list(table)) == 4
    assert "2 hidden sheets" in table.warnings[0]
    merged = open_table(folder("calamine_xlsx", "merged_range.xlsx"))
    assert merged.header[:4] == ("A1", "B1", "C1", "column 4")
    assert list(open_table(folder("calamine_xlsx", "empty_sheet.xlsx"))) == []
