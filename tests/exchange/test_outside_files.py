"""Files that nobody here wrote: other products' fixtures and exports, read as their authors meant them."""

import json

import pytest

from sdr.exchange.reading import BadRecord, Record, open_table
from tests.shared_data import folder


def cells(table):
    return [row.cells for row in table if isinstance(row, Record)]


def bad(table):
    return [row for row in table if isinstance(row, BadRecord)]


def test_the_three_byte_order_marks_give_equal_records():
    tables = [
        open_table(folder("salesforce_dataloader", f"csvtext_BOM_{n}.csv")) for n in ("UTF8", "UTF16LE", "UTF16BE")
    ]
    assert {table.header for table in tables} == {("column1", "column2", "column3")}
    first, *others = [cells(table) for table in tables]
    assert len(first) == 2
    assert all(other == first for other in others)


def test_csv_spectrum_equals_its_json():
    seen = 0
    for path in sorted(folder("csv_spectrum", "csvs").glob("*.csv")):
        if path.stem == "location_coordinates":
            continue  # its JSON is another record
        table = open_table(path)
        expected = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_bytes())
        assert [dict(zip(table.header, row, strict=True)) for row in cells(table)] == expected, path.stem
        assert bad(table) == []
        seen += 1
    assert seen == 11


@pytest.mark.parametrize(
    ("name", "rows", "delimiter", "columns"),
    [
        ("01-facebook-leads-standard.csv", 5, ",", 6),
        ("05-excel-export.csv", 3, ",", 7),
        ("09-duplicate-headers.csv", 2, ",", 6),
        ("11-international-names.csv", 4, ",", 5),
        ("14-blank-rows.csv", 2, ",", 4),
        ("16-messy-formatting.csv", 3, ",", 4),
        ("24-salesforce-style.csv", 3, ",", 8),
        ("25-hubspot-export.csv", 3, ",", 8),
        ("european-semicolon.csv", 2, ";", 5),
        ("hubspot-export.csv", 3, ",", 8),
    ],
)
def test_lead_files_in_ad_crm_and_excel_shapes(name, rows, delimiter, columns):
    table = open_table(folder("groweasy", name))
    assert (len(cells(table)), table.delimiter, len(table.header), bad(table)) == (rows, delimiter, columns, [])


def test_the_messy_file():
    first, _, third = cells(open_table(folder("groweasy", "16-messy-formatting.csv")))
    assert first == (' John "Johnny" Doe ', "john@messy.com", " 555-0900 ", " Acme, Inc. ")
    assert [cell.strip() for cell in third] == ["", "spaces@test.com", "555-0902", "Gamma"]


def test_the_loaders_fixtures():
    accounts = cells(open_table(folder("salesforce_dataloader", "accountsForInsert.csv")))
    assert accounts[3][3] == "    4 leading spaces and 2 trailing spaces  "
    quotes = cells(open_table(folder("salesforce_dataloader", "csvEscapedQuotes.csv")))
    assert [row[0] for row in quotes] == ['"The Best" Account', 'The "Best" Account']


def test_formula_payloads_are_read_unchanged():
    path = folder("csv_injection", "csv-payload.txt")
    table = open_table(path)
    assert [*table.header, *(row[0] for row in cells(table))] == path.read_text().splitlines()


def test_the_people_file():
    table = open_table(folder("fake_people", "fake_people_dev.csv"))
    assert (len(cells(table)), bad(table)) == (499, [])
