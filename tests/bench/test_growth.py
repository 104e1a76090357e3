"""The short run of the benchmark that is part of every test run: it fails on growth alone, never on a slow machine."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench import growth


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # newer Pythons warn of it beside threads
def test_what_a_key_waits_for_does_not_grow_with_the_file(tmp_path: Path) -> None:
    found = growth.grown(tmp_path)
    assert len(found) > 5
    assert [one for one in found if one.too_far] == []


def test_a_scan_is_seen_as_growth_and_a_look_by_index_is_not() -> None:
    def steps(rows: int, sql: str) -> int:
        with closing(sqlite3.connect(":memory:")) as db:
            db.execute("CREATE TABLE lead (id INTEGER PRIMARY KEY, name TEXT)")
            db.executemany("INSERT INTO lead VALUES (?, ?)", ((row, f"Ana {row}") for row in range(rows)))
            with growth.counted(db) as count:
                db.execute(sql).fetchall()
            return count.steps

    def grows(sql: str) -> bool:
        small, large = (steps(rows, sql) for rows in growth.SIZES)
        return growth.Grown("it", small, large, growth.MOST * small + growth.LEVELS).too_far

    assert grows("SELECT id FROM lead WHERE name = 'Ana 7'")
    assert not grows("SELECT name FROM lead WHERE id = 7")
