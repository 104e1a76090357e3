"""Two desks on one file for a moment on each change; the full run is `python -m tests.reliability.hammer`."""

from pathlib import Path

from tests.reliability.hammer import hammer


def test_two_desks_on_one_file_lose_and_double_nothing(tmp_path: Path) -> None:
    found, complaints = hammer(tmp_path, 2, 3.0)
    assert complaints == []
    assert found.clean, found
    assert found.acts > 0
    assert found.seen > 0
