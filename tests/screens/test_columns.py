"""Rows are laid out to the cell, whatever the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from sdr.screens.columns import GAP, GUTTER, MARGIN, Column, fit, lay_out, one_line

WORDS = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("日本👩‍💻🇪🇸e\u0301ש\u200d\ufe0f🏽한")), max_size=40)


@pytest.mark.parametrize(
    ("text", "width", "align", "fitted"),
    [
        ("Ada", 5, "left", "Ada  "),
        ("12", 5, "right", "   12"),
        ("Atelier, Dupré", 8, "left", "Atelier…"),
        ("日本電気", 6, "left", "日本 …"),
        ("日本電気", 8, "left", "日本電気"),
        ("x" * 9, 1, "left", "x"),
        ("abc", 0, "left", ""),
    ],
)
def test_fit(text: str, width: int, align: str, fitted: str) -> None:
    assert fit(text, width, align) == fitted


@given(WORDS, st.integers(0, 30), st.sampled_from(["left", "right"]))
def test_fit_takes_exactly_its_cells(text: str, width: int, align: str) -> None:
    assert cell_len(fit(one_line(text), width, align)) == width


@given(WORDS)
def test_one_line_is_one_line_of_undisputed_width(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert cell_len(line) == sum(map(cell_len, line))


GRID = (
    Column("name", "name", 19),
    Column("account", "account", 18, keep=4),
    Column("why", "why"),
    Column("grade", "grade", 2, keep=9),
)


@pytest.mark.parametrize(
    ("width", "widths"),
    [(80, (19, 18, 31, 2)), (100, (19, 18, 51, 2)), (55, (19, 18, 6, 2)), (54, (19, 0, 25, 2)), (10, (0, 0, 0, 2))],
)
def test_columns_share_what_is_left_and_the_least_kept_leaves(width: int, widths: tuple[int, ...]) -> None:
    assert lay_out(GRID, width) == widths


@given(st.integers(40, 300), st.integers(1, 4))
def test_flexible_columns_fill_the_line_evenly(width: int, count: int) -> None:
    widths = lay_out([Column(str(n), "") for n in range(count)], width)
    assert sum(widths) + GAP * (count - 1) + GUTTER + MARGIN == width
    assert max(widths) - min(widths) <= 1
