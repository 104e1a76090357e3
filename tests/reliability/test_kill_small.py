"""A dozen kills on each change; the full run is `python -m tests.reliability.kill --points 200`."""

import sqlite3
from pathlib import Path

from tests.reliability.checking import Found, Told, check
from tests.reliability.kill import Point, live, run

SEED = 20_260_302


def test_a_dozen_kills_lose_nothing() -> None:
    acked, found = run(12, SEED, 2)
    assert not found, found
    assert acked > 40


def test_acknowledging_before_the_commit_is_found_out() -> None:
    _acked, found = run(4, SEED, 2, control=True)
    assert len(found.lost) >= 2  # a commit may be of what is computed while idle, which acknowledges nothing


def killed(folder: Path, told: Told) -> None:
    """A desk whose worker was killed in the middle of a day, and is whole."""
    for seed in range(SEED, SEED + 9):
        live(folder, Point(seed, "file", 120), told)
        assert not check(folder, told)
        if told.files:
            return
    raise AssertionError("nine mornings, and no export among them")


def test_the_check_sees_a_half_import_a_lost_row_and_a_half_file(tmp_path: Path) -> None:
    told = Told()
    killed(tmp_path, told)
    file = next(path for path in sorted(tmp_path.glob("exports/*/*")) if path.name in told.files)
    file.write_bytes(file.read_bytes()[:-3])
    with sqlite3.connect(tmp_path / "desk.db") as db:
        db.execute("DELETE FROM lead WHERE id = (SELECT id FROM lead WHERE state='new' ORDER BY id DESC LIMIT 1)")
    found: Found = check(tmp_path, told)
    assert [file.name in line for line in found.torn] == [False, True], found
    assert "batches do not hold" in found.torn[0]
    assert "not what the journal folds to (lead)" in found.bad[0]
    assert "search index" in found.bad[1]
