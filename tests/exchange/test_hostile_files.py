"""Files that mean harm, or that change under the reader: a sentence or a reason a row, in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sdr.exchange.opening import piped
from sdr.exchange.reading import UnreadableFile, open_table
from tests.desks import open_desk
from tests.exchange.bringing import brought, only
from tests.exchange.hostile import CASES, HEAD, book, sheet, text

TRAP, DAMAGED, WIDE, LONG = "it may be a trap", "damaged", "more than 4,096 columns", "more than 8 million characters"
BECOMES: dict[str, str | tuple[int, int]] = {
    "one_string_in_every_cell": TRAP,
    "shared_strings_that_pack_too_well": TRAP,
    "a_cell_in_the_last_corner": "far outside its table",
    "a_column_without_end": TRAP,
    "a_row_number_without_end": TRAP,
    "a_last_row_without_places": TRAP,
    "a_million_cells_without_places": TRAP,
    "a_dimension_that_lies": (1, 0),
    "empty_rows_before_the_last": (2, 0),
    "entities_of_entities": DAMAGED,
    "an_entity_of_another_file": DAMAGED,
    "a_string_that_is_not_there": DAMAGED,
    "an_archive_in_the_archive": (1, 0),
    "a_line_without_end": LONG,
    "a_line_of_commas": LONG,
    "a_line_of_kanji": LONG,
    "a_million_columns": WIDE,
    "a_million_columns_without_a_name": (1, 0),
    "rows_far_wider_than_the_header": (0, 20),
    "a_million_blank_lines": (1, 0),
    "a_quote_in_every_line": (0, 20_000),
    "nothing_but_quotes": (0, 1),
    "a_cell_of_a_million_lines": (59_999, 2),
    "a_hole_of_nothing": "NUL characters",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What one process of little memory said of every file."""
    folder = tmp_path_factory.mktemp("hostile")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.exchange.hostile", str(folder)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return {found["name"]: found for found in map(json.loads, ran.stdout.splitlines())}


def test_every_file_is_expected_to_become_something() -> None:
    assert BECOMES.keys() == CASES.keys()


@pytest.mark.parametrize("name", BECOMES)
def test_it_is_refused_in_a_sentence_or_read_row_by_row(told: dict[str, dict[str, object]], name: str) -> None:
    becomes = BECOMES[name]
    if isinstance(becomes, str):
        assert becomes in str(told[name]["refused"])
    else:
        assert (told[name].get("rows"), told[name].get("bad")) == becomes, told[name]


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        list(open_table(path))
    return f"{caught.value.message} {caught.value.hint}"


def test_a_sparse_file_of_ten_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    assert "larger than 2 GB" in refusal(path)


def test_a_sparse_file_that_is_small_enough_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.write(b"Name,Email\nAna,a@b.example\n")
        file.truncate(1 << 30)
    assert "binary" in refusal(path)


def test_a_pipe_a_folder_and_a_device_are_named_without_waiting_for_them(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "a pipe, not a file" in refusal(tmp_path / "pipe.csv")
    assert "sdr import -" in refusal(tmp_path / "pipe.csv")
    assert "a folder" in refusal(tmp_path)
    assert "a device" in refusal(Path("/dev/zero"))


def test_names_that_name_nothing(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.csv")
    assert "no such file" in refusal(tmp_path / "a\0b.csv")
    assert "cannot be opened" in refusal(tmp_path / ("x" * 300))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read(tmp_path: Path) -> None:
    path = tmp_path / "private.csv"
    path.write_text("Name,Email\nAna,a@b.example\n")
    path.chmod(0)
    assert "may not read" in refusal(path)


ROWS = b"".join(b"Ana %d,a%d@b.example\n" % (n, n) for n in range(40_000))


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"Late,late@b.example\n")


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(100)


def replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(b"Email,Name\n" + ROWS)
    other.replace(path)


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("change", [grown, cut, replaced, gone])
@pytest.mark.parametrize("midway", [False, True], ids=["before", "midway"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, change: object, midway: bool) -> None:
    path = tmp_path / "live.csv"
    path.write_bytes(b"Name,Email\n" + ROWS)
    table = open_table(path)
    assert callable(change)
    rows = iter(table)
    if midway:
        next(rows)
    change(path)
    if midway and change in (replaced, gone):
        assert sum(1 for _ in rows) == 39_999  # the file we hold is whole, whoever took its name
        rows = iter(table)  # but the name is another's by now
    with pytest.raises(UnreadableFile) as caught:
        list(rows)
    assert caught.value.message in ("The file changed while it was read.", "There is no such file.")


def test_a_pipe_that_is_closed_or_has_no_end() -> None:
    class Endless:
        def read(self, size: int) -> bytes:
            return bytes(size)

    for stream, says in ((None, "closed"), (Endless(), "512 MB")):
        with pytest.raises(UnreadableFile) as caught:
            piped(stream)
        assert says in caught.value.message


def test_cells_of_control_characters_come_out_as_a_name(tmp_path: Path) -> None:
    words = "A_x0000_\u202ena\u200b _x001B_[31mRuiz"
    row = f'<row r="2">{text("A2", words)}{text("B2", "ana@acme.example")}</row>'
    desk = open_desk(tmp_path)
    try:
        brought(desk, book(sheet(HEAD + row)))
        assert only(desk).name == "Ana Ruiz"
    finally:
        desk.store.close()
