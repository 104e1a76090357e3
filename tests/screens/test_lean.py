"""What a drawn line leaves behind is not kept, and lines are cut as before."""

from __future__ import annotations

import gc

import pytest
from rich.segment import Segment
from textual.strip import Strip

from sdr.screens.lean import keep_little


@pytest.fixture(autouse=True)
def lean() -> None:
    keep_little()


def test_a_line_that_is_drawn_whole_goes_when_it_is_let_go() -> None:
    gc.collect()
    for number in range(50):
        strip = Strip([Segment(f"row {number:02d}")])
        assert list(strip.divide([6])) == [strip]
    del strip
    assert gc.collect() == 0


@pytest.mark.parametrize("text", ["row 01", "日本語", "a日b", "e\u0301e"])
@pytest.mark.parametrize("cuts", [[2, 6], [1, 3, 6], [6, 9], [3], []])
def test_a_line_is_cut_as_it_was(text: str, cuts: list[int]) -> None:
    strip = Strip([Segment(text), Segment("  ")]).adjust_cell_length(6)
    found = [part.text for part in strip.divide(cuts)]
    ends = [cut for cut in cuts if cut <= 6]
    assert [Strip([Segment(words)]).cell_length for words in found] == [
        end - start for start, end in zip([0, *ends], ends, strict=False)
    ]


def test_wide_pieces_are_not_kept() -> None:
    pieces = vars(Segment)["_split_cells"].__func__
    assert not hasattr(pieces, "cache_info")
    assert Segment("日本").split_cells(2) == (Segment("日"), Segment("本"))
