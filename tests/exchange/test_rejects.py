"""The file of rejected rows: nothing runs, nothing is lost, and it can be imported again."""

import csv
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange.reading import BadRecord, Record, open_table
from sdr.exchange.rejects import write_rejects

HEADER = ("Name", "Phone", "Notes")
BAD = [
    (("=1+1", "+49 30 1", "'quoted"), "no e-mail, phone or name"),
    (("Ana", "", "line one\nline two"), "the row has 2 cells, the header 3"),
]


def test_the_form_of_the_file(tmp_path):
    path = tmp_path / "rejects.csv"
    assert write_rejects(path, HEADER, BAD) == 2
    data = path.read_bytes()
    assert data.startswith(b'\xef\xbb\xbf"Name","Phone","Notes","reason"\r\n')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines(keepends=True)))
    assert rows[1] == ["'=1+1", "'+49 30 1", "''quoted", "not imported: no e-mail, phone or name"]
    with pytest.raises(FileExistsError):
        write_rejects(path, HEADER, BAD)


def test_read_again_it_has_the_original_columns_and_cells(tmp_path):
    path = tmp_path / "rejects.csv"
    write_rejects(path, HEADER, BAD)
    table = open_table(path)
    assert (table.rejects, table.header) == (True, HEADER)
    assert [row.cells for row in table] == [cells for cells, _ in BAD]


def test_a_long_row_loses_no_cell_and_is_rejected_until_it_is_mended(tmp_path):
    path = tmp_path / "rejects.csv"
    write_rejects(path, HEADER, [(("Ana", "1", "Acme", "Inc.", "x"), "too long"), (("Bob",), "no address")])
    table = open_table(path)
    assert table.header == HEADER
    first, second = table
    assert isinstance(first, BadRecord)
    assert first.cells == ("Ana", "1", "Acme", "Inc.", "x")
    assert second == Record(3, ("Bob", "", ""))


def test_a_reason_column_of_ones_own_stays(tmp_path):
    table = open_table("Name,Email,reason\nAna,a@b.example,'+ no budget\n".encode("utf-8-sig"))
    assert (table.rejects, table.header[-1]) == (False, "reason")
    assert [row.cells[2] for row in table] == ["'+ no budget"]
    path = tmp_path / "rejects.csv"
    write_rejects(path, table.header, [(("Ana", "", "no budget"), "no address")])
    again = open_table(path)
    assert again.header == table.header
    assert [row.cells for row in again] == [("Ana", "", "no budget")]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
            st.sampled_from(["=cmd", "+1", "-1", "@a", "'", "''", "'=", "＝1", "\tx", "plain", ""]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_every_cell_comes_back(tmp_path_factory, rows):
    rows = [(f"{name}x", risky) for name, risky in rows]
    path = tmp_path_factory.mktemp("rejects") / "r.csv"
    write_rejects(path, ("Name", "Email"), [(row, "why") for row in rows])
    assert [row.cells for row in open_table(path)] == rows
