"""Exported tables: nothing in them runs, everything in them comes back."""

import csv
import errno
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sdr.exchange.folders import ExportFailed, Filled, Outbound
from sdr.exchange.sheets import CELL_LIMIT, CUT_MARK, CsvProfile, write_csv, write_xlsx
from sdr.rules.text import clean, neutral, plain
from tests.shared_data import folder

HEADER = ["Last name", "Company", "Phone"]
RUNS = ["=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1", "＋1", "－1", "＠x"]
SHEET, CRM = CsvProfile.SHEET, CsvProfile.CRM
anywhere = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def raw(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def cells(path: Path) -> list[list[str]]:
    """The workbook's cells as calamine, which shares nothing with the writer, reads them."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert all(isinstance(cell, str) for row in rows for cell in row)
    return [[str(cell) for cell in row] for row in rows]


def xml_of(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def payloads() -> list[str]:
    return folder("csv_injection", "csv-payload.txt").read_text().splitlines()


def test_k5_a_file_for_spreadsheets_has_a_mark_quotes_and_crlf(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, ["Name"], [["Žofie"], [None], [7]], SHEET)
    assert path.read_bytes() == '\ufeff"Name"\r\n"Žofie"\r\n""\r\n"7"\r\n'.encode()


@pytest.mark.parametrize("value", RUNS)
def test_k1_a_cell_that_would_run_is_disarmed_and_comes_back(tmp_path: Path, value: str) -> None:
    write_csv(tmp_path / "x.csv", HEADER, [[value, "", ""]], SHEET)
    cell = raw(tmp_path / "x.csv")[1][0]
    assert cell == "'" + value
    assert plain(cell) == value


def test_k1_text_with_a_trigger_inside_is_untouched(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", HEADER, [["text with = in middle", "a@b.example", "1-2"]], SHEET)
    assert raw(tmp_path / "x.csv")[1] == ["text with = in middle", "a@b.example", "1-2"]


def test_k4_the_payloads_are_harmless_in_every_form(tmp_path: Path) -> None:
    rows = [[payload, "Acme", ""] for payload in payloads()]
    write_csv(tmp_path / "sheet.csv", HEADER, rows, SHEET)
    write_xlsx(tmp_path / "book.xlsx", HEADER, rows)
    kept = write_csv(tmp_path / "crm.csv", HEADER, rows, CRM)
    defused = [line[0] for line in raw(tmp_path / "sheet.csv")[1:]]
    assert [plain(cell) for cell in defused] == payloads()
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in defused)
    assert [row[0] for row in cells(tmp_path / "book.xlsx")[1:]] == payloads()
    assert "<f" not in xml_of(tmp_path / "book.xlsx")
    assert [refusal.row for refusal in kept.refused] == [1, 2, 3, 4, 5]
    assert raw(tmp_path / "crm.csv")[1:] == [[payloads()[0], "Acme", ""]]


@pytest.mark.parametrize("profile", [SHEET, CRM])
def test_k6_commas_quotes_and_line_ends_survive(tmp_path: Path, profile: CsvProfile) -> None:
    row = ["Smith, Jr.", 'Acme, "Inc."', "one\ntwo"]
    write_csv(tmp_path / "x.csv", HEADER, [row], profile)
    write_xlsx(tmp_path / "x.xlsx", HEADER, [row])
    assert raw(tmp_path / "x.csv")[1] == cells(tmp_path / "x.xlsx")[1] == row


@pytest.mark.parametrize("phone", ["+14155550100", "+44 20 7946 0958", "+1 (415) 555-0100", "415.555.0100"])
def test_a_crm_gets_phones_as_they_are(tmp_path: Path, phone: str) -> None:
    filled = write_csv(tmp_path / "x.csv", HEADER, [["Ruiz", "Acme", phone]], CRM)
    assert (filled.rows, filled.refused) == (1, ())
    assert raw(tmp_path / "x.csv")[1][2] == phone
    assert not (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("value", [*RUNS, "+1+cmd|' /C calc'!A0", "+", "-5", "+1\n"])
def test_a_crm_row_that_would_run_is_left_out_and_named(tmp_path: Path, value: str) -> None:
    filled = write_csv(tmp_path / "x.csv", HEADER, [["Ruiz", "", ""], ["Smith", value, ""]], CRM)
    [refusal] = filled.refused
    assert (filled.rows, refusal.row, refusal.column) == (1, 1, "Company")
    assert value not in refusal.reason or len(value) < 3
    assert raw(tmp_path / "x.csv") == [HEADER, ["Ruiz", "", ""]]


def test_a_crm_never_gets_a_prefix(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", HEADER, [["'t Hooft", "", ""]], CRM)
    assert raw(tmp_path / "x.csv")[1][0] == "'t Hooft"


CELL = st.text(st.characters(exclude_categories=["Cs"])) | st.text("='+-@\t\r\n\x00\"，＝,; a", max_size=6)


@anywhere
@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_every_sheet_cell_comes_back_and_none_runs(tmp_path: Path, rows: list[list[str]]) -> None:
    write_csv(tmp_path / "x.csv", ["a", "b"], rows, SHEET)
    read = raw(tmp_path / "x.csv")[1:]
    assert [[plain(cell) for cell in row] for row in read] == rows
    assert all(cell[:1] == "'" or neutral(cell) == cell for row in read for cell in row)


@anywhere
@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_a_crm_row_is_either_written_as_it_is_or_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    filled = write_csv(tmp_path / "x.csv", ["a", "b"], rows, CRM)
    out = {refusal.row for refusal in filled.refused}
    assert raw(tmp_path / "x.csv")[1:] == [row for index, row in enumerate(rows) if index not in out]
    assert filled.rows + len(out) == len(rows)


XLSX_CELL = st.text(max_size=12) | st.sampled_from(
    ["_x0041_", "_x000D_", "<r>", "</r>", "<f>1</f>", "&amp;", "]]>", "\ufffe\uffff"]
)


@settings(anywhere, max_examples=40)
@given(st.lists(st.lists(XLSX_CELL, min_size=2, max_size=2), min_size=1, max_size=6))
def test_every_workbook_cell_is_text_and_comes_back(tmp_path: Path, rows: list[list[str]]) -> None:
    write_xlsx(tmp_path / "x.xlsx", ["a", "b"], rows)
    read = cells(tmp_path / "x.xlsx")[1:]
    padded = [[*row, "", ""][:2] for row in read] + [["", ""]] * (len(rows) - len(read))
    illegal = str.maketrans("\ufffe\uffff", "\ufffd\ufffd")
    assert padded == [[clean(cell, lines=True).translate(illegal) for cell in row] for row in rows]
    assert not re.search("<f[ >/]", xml_of(tmp_path / "x.xlsx"))


def test_raw_xml_in_a_cell_stays_text(tmp_path: Path) -> None:
    """XlsxWriter writes a string between <r> and </r> unescaped; a formula could ride in on it."""
    attack = '<r><t>x</t></r></is></c><c r="B2"><f>1+1</f></c><c r="C2" t="inlineStr"><is><r><t>y</t></r>'
    write_xlsx(tmp_path / "x.xlsx", HEADER, [[attack, "", ""]])
    assert "<f>" not in xml_of(tmp_path / "x.xlsx")
    assert cells(tmp_path / "x.xlsx")[1][0].strip() == attack


@pytest.mark.parametrize("value", ["+14155550100", "0049", "=1+1", "https://acme.example", "1e5", "12"])
def test_a_workbook_turns_nothing_into_a_number_link_or_formula(tmp_path: Path, value: str) -> None:
    write_xlsx(tmp_path / "x.xlsx", HEADER, [["", "", value]])
    assert cells(tmp_path / "x.xlsx")[1][2] == value
    assert "<hyperlink" not in xml_of(tmp_path / "x.xlsx")


def test_the_header_is_bold_and_stays_in_sight(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "x.xlsx", HEADER, [["Ruiz", "Acme " * 40, "1"]])
    xml = xml_of(tmp_path / "x.xlsx")
    assert re.search(r'<pane ySplit="1" [^>]*state="frozen"', xml)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        assert b"<b/>" in book.read("xl/styles.xml")
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([0-9.]+)"', xml)]
    assert widths[0] < widths[1] < 60


@pytest.mark.parametrize(("letter", "units"), [("x", 1), ("é", 1), ("😀", 2)])
def test_a_cell_past_the_limit_is_cut_with_a_mark(tmp_path: Path, letter: str, units: int) -> None:
    fits = CELL_LIMIT // units
    write_xlsx(tmp_path / "x.xlsx", HEADER, [[letter * fits, letter * (fits + 1), ""]])
    whole, cut = cells(tmp_path / "x.xlsx")[1][:2]
    assert whole == letter * fits
    assert cut.endswith(letter + CUT_MARK)
    assert CELL_LIMIT - 2 < len(cut.encode("utf-16-le")) // 2 <= CELL_LIMIT


def test_equal_rows_give_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["Ruiz", "Acme", "+1"]] * 3
    write_xlsx(tmp_path / "a.xlsx", HEADER, rows)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    write_xlsx(tmp_path / "b.xlsx", HEADER, iter(rows))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in book.read("docProps/core.xml")


Writer = Callable[[Path, Iterable[Sequence[object]]], Filled]
WRITERS: dict[str, Writer] = {
    "day-sheet.csv": lambda path, rows: write_csv(path, HEADER, rows, SHEET),
    "day-crm.csv": lambda path, rows: write_csv(path, HEADER, rows, CRM),
    "day.xlsx": lambda path, rows: write_xlsx(path, HEADER, rows),
}


@pytest.mark.parametrize("name", WRITERS)
def test_rows_that_break_off_leave_nothing_behind(tmp_path: Path, name: str) -> None:
    def breaking() -> Iterator[list[str]]:
        yield from [["Ruiz", "Acme", "+1"]] * 500
        raise OSError(errno.ENOSPC, "No space left on device")

    outbound = Outbound(tmp_path)
    with pytest.raises(ExportFailed, match=f"^{name} was not written: the disk is full"):
        outbound.write(name, lambda part: WRITERS[name](part, breaking()))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_day_is_written_once(tmp_path: Path, name: str) -> None:
    def written(phone: str) -> str:
        return Outbound(tmp_path).write(name, lambda part: WRITERS[name](part, [["Ruiz", "Acme", phone]])).state

    assert [written("1"), written("1"), written("2")] == ["new", "unchanged", "changed"]
    assert [path.name for path in tmp_path.iterdir()] == [name]


SMALL_DISK = """
import resource, sys
from pathlib import Path
from tests.exchange.test_sheets import HEADER, WRITERS, ExportFailed, Outbound
outbound = Outbound(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for name, writer in WRITERS.items():
    try:
        outbound.write(name, lambda part: writer(part, ([hex(n**9), "Acme", n] for n in range(3_000))))
    except ExportFailed as failure:
        print(failure)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file sizes there")
def test_a_disk_that_takes_no_more_gives_one_sentence_a_file_and_no_noise(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SMALL_DISK, str(tmp_path)], capture_output=True, text=True, check=True)
    assert [line.split(" was not written: ")[0] for line in done.stdout.splitlines()] == list(WRITERS)
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_workbooks_own_work_files_stay_in_the_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o500)
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere / "absent"))
    assert write_xlsx(tmp_path / "x.xlsx", HEADER, [["Ruiz", "Acme", "1"]]).rows == 1


def test_more_rows_than_a_sheet_holds_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdr.exchange.sheets.ROW_LIMIT", 3)
    assert write_xlsx(tmp_path / "x.xlsx", HEADER, [["a"]] * 2).rows == 2
    with pytest.raises(ExportFailed, match="a sheet holds 2 rows"):
        write_xlsx(tmp_path / "x.xlsx", HEADER, [["a"]] * 3)
