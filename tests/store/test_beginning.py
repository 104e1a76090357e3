"""A new desk begins, whatever a program that was killed at its beginning has left behind."""

import os
from pathlib import Path

import pytest

from sdr.store import beginning
from tests.desks import a_rep, open_store


def test_what_a_killed_program_of_our_number_left_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / f"desk.db.{os.getpid()}.new").write_bytes(b"half a desk")
    store = open_store(tmp_path)
    a_rep(store)
    store.close()


def test_a_desk_that_stands_has_its_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_part: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "unlink", killed)  # the first thing after the desk is there
    with pytest.raises(KeyboardInterrupt):
        open_store(tmp_path)
    assert (tmp_path / "desk.db").exists()
    assert beginning.reserve(tmp_path / "desk.db").stat().st_size == beginning.RESERVE
