"""What Tab makes of a path that was begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdr.exchange.nearby import completed


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("le", "leads-2026-0"),  # as far as both agree
        ("leads-2026-03", "leads-2026-03.csv"),
        ("show", "shows/"),
        ("shows/", "shows/spring.xlsx"),
        ("x", "x"),
        ("nowhere/x", "nowhere/x"),
        (".h", ".hidden.csv"),
        ("pic", "pic"),  # no file of leads
        ("", ""),
    ],
)
def test_a_path_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, whole: str) -> None:
    for name in ("leads-2026-03.csv", "leads-2026-04.tsv", "picture.png", ".hidden.csv", "shows/spring.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    assert completed(typed) == whole
    assert completed(f"{tmp_path}/{typed}") == f"{tmp_path}/{whole}"


def test_a_stranger_s_home_is_left_as_it_is() -> None:
    assert completed("~nobody-by-this-name/x") == "~nobody-by-this-name/x"
