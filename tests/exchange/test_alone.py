"""A mended row is judged at once: against the desk, the rows of its file, and what else was mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange import shelf as shelves
from sdr.exchange.alone import Judged, judged
from sdr.exchange.intake import Plan
from sdr.exchange.shelf import Shelf
from sdr.exchange.verdicts import Verdict
from tests.desks import Desk
from tests.exchange.bringing import looking, planned

FILE = """ID,Name,Email,Company
7,Ana Ruiz,ana@acme.example,Acme
8,Bo Lind,bo(at)lind.example,Lind
9,Eva Office,info@acme.example,Acme
10,Cy Young,cy(at)young.example,Young
"""


@pytest.fixture
def made(desk: Desk) -> Plan:
    return planned(desk, FILE)


def mended(desk: Desk, made: Plan, line: int, *cells: str, others: tuple[Judged, ...] = ()) -> Judged:
    return judged(looking(desk), made, line, cells, desk.clock(), [one.seen for one in others])


@pytest.mark.parametrize(
    ("cells", "verdict", "joins"),
    [
        (("8", "Bo Lind", "bo@lind.example", "Lind"), Verdict.CREATED, None),
        (("8", "Bo Lind", "ANA@acme.example", "Lind"), Verdict.MERGED, 2),
        (("7", "Bo Lind", "bo@lind.example", "Lind"), Verdict.MERGED, 2),
        (("8", "Bo Lind", "info@acme.example", "Lind"), Verdict.CREATED, None),
        (("8", "eva office", "info@acme.example", "Lind"), Verdict.MERGED, 4),
        (("8", "Bo Lind", "still none", "Lind"), Verdict.REJECTED, None),
        (("10", "Bo Lind", "bo@lind.example", "Lind"), Verdict.CREATED, None),  # that row does not come in
    ],
)
def test_a_mended_row_is_held_against_the_rows_of_its_file(
    desk: Desk, made: Plan, cells: tuple[str, ...], verdict: Verdict, joins: int | None
) -> None:
    found = mended(desk, made, 3, *cells)
    assert (found.verdict, found.joins) == (verdict, joins)


def test_and_against_what_else_was_mended(desk: Desk, made: Plan) -> None:
    first = mended(desk, made, 3, "8", "Bo Lind", "bo@lind.example", "Lind")
    again = mended(desk, made, 3, "8", "Bo Lind", "bo@lind.example", "Lind", others=(first,))
    assert again.verdict is Verdict.CREATED  # a row is not its own double
    second = mended(desk, made, 5, "10", "Cy Young", "bo@lind.example", "Young", others=(first,))
    assert (second.verdict, second.joins) == (Verdict.MERGED, 3)


def test_who_is_on_the_desk_is_said_first(desk: Desk, made: Plan) -> None:
    desk.new_lead(email="ana@acme.example")
    assert mended(desk, made, 3, "8", "Bo Lind", "ana@acme.example", "Lind").verdict is not Verdict.MERGED


@given(st.lists(st.lists(st.text(max_size=6), max_size=4), max_size=12), st.text(max_size=6), st.integers(8, 40))
def test_a_shelf_finds_every_row_that_holds_a_text(rows: list[list[str]], text: str, piece: int) -> None:
    kept = Shelf()
    kept.add(rows)
    before, shelves.PIECE = shelves.PIECE, piece
    try:
        found = list(kept.holding(text))
    finally:
        shelves.PIECE = before
    assert {number for number, row in enumerate(rows) if text in row} <= set(found)
    assert found == sorted(set(found))
