"""A few spoiled files in every run of the tests; `python -m tests.reliability.files` brings in as many as you like."""

from __future__ import annotations

from tests.reliability.files import run


def test_spoiled_files_end_in_a_sentence_or_in_rows_that_add_up() -> None:
    found = run(40, 20_260_302)
    assert not found.wrong, found.wrong
    assert found.files == 40
    assert found.rows["created"] > 40  # most of a spoiled file is still read
    assert {0, 1, 2} <= found.codes.keys()
