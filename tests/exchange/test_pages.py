"""Rows set aside come back as they were, and become the CSV that the library writes."""

from __future__ import annotations

import csv
from io import StringIO
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange import pages

CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.text('",\r\n\x1e\x1f\x00a', max_size=5)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=6)


def written(rows: list[list[object]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


@given(ROWS)
def test_a_page_is_its_rows_and_the_librarys_csv(rows: list[list[str]]) -> None:
    page = pages.packed(rows)
    assert [list(row) for row in pages.unpacked(page)] == rows
    assert pages.count(page) == len(rows)
    assert pages.csv_lines(page) == written(rows)  # type: ignore[arg-type]


@given(st.lists(st.lists(CELL | st.none() | st.integers(), min_size=1, max_size=3), min_size=1, max_size=4))
def test_cells_that_are_no_text_are_written_as_the_library_writes_them(rows: list[list[object]]) -> None:
    assert pages.csv_lines(pages.packed(rows)) == written(rows)


def test_rows_are_paged_in_order_and_none_is_lost() -> None:
    rows = [[str(number)] for number in range(2 * pages.SIZE + 1)]
    found = list(pages.paged(iter(rows)))
    assert [pages.count(page) for page in found] == [pages.SIZE, pages.SIZE, 1]
    assert list(chain.from_iterable(map(pages.unpacked, found))) == rows
    assert isinstance(found[0], bytes)
