"""The document of the figures: written from what was measured, sizes and figures added to those that are there."""

from pathlib import Path
from typing import Any

import pytest

from bench.table import keep


def found(name: str, leads: int, desk: float, *, met: bool = True) -> dict[str, Any]:
    side = {"p50": 2.0, "p95": 2.0, "p99": 3.0, "max": 4.0, "n": 9, "peak_mib": 36.0}
    limits = [
        {"of": "ratio", "most": 2.0, "found": desk / 2, "met": met, "moonshot": False},
        {"of": "peak_mib", "most": 60, "found": 41.0, "met": True, "moonshot": True},
    ]
    return {"name": name, "says": "a thing", "unit": "ms", "leads": leads, "floor": side, "ratio": desk / 2,
            "desk": side | {"p50": desk, "peak_mib": 41.0}, "bar": 2.0, "met": met, "limits": limits}  # fmt: skip


def rows(document: Path) -> list[list[str]]:
    lines = [line for line in document.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_sizes_measured_on_their_own_stand_together_with_their_growth(tmp_path: Path) -> None:
    document = tmp_path / "figures.md"
    keep(document, [found("start", 100_000, 6.0, met=False)])
    keep(document, [found("start", 10_000, 3.0), found("mark", 10_000, 3.0)])
    assert [(row[0], row[1], row[3], row[6], row[10]) for row in rows(document)] == [
        ("start", "10,000", "3", "1.50", ""),
        ("start", "100,000", "6", "3.00", "2.00"),
        ("mark", "10,000", "3", "1.50", ""),
    ]
    assert [row[7:10] for row in rows(document)[:2]] == [
        ["ratio ≤ 2 met", "peak mib ≤ 60 (41) met", "41 (36) MiB"],
        ["ratio ≤ 2 **not met**", "peak mib ≤ 60 (41) met", "41 (36) MiB"],
    ]


def test_what_the_machine_may_add_stands_beside_the_limit(tmp_path: Path) -> None:
    document = tmp_path / "figures.md"
    one = found("next-lead", 10_000, 3.0)
    one["limits"] = [{"of": "p99", "most": 16.0, "found": 16.5, "added": 0.84, "met": True, "moonshot": False}]
    keep(document, [one])
    assert rows(document)[0][7] == "p99 ≤ 16 + 0.84 met"
    assert "p99 of those" in document.read_text(encoding="utf-8")


def test_a_figure_measured_again_takes_the_place_of_the_older(tmp_path: Path) -> None:
    document = tmp_path / "figures.md"
    keep(document, [found("start", 10_000, 3.0)])
    keep(document, [found("start", 10_000, 5.0)])
    assert [(row[0], row[3]) for row in rows(document)] == [("start", "5")]


def test_other_work_on_the_machine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "figures.md"
    monkeypatch.setattr("bench.table.os.cpu_count", lambda: 2)
    monkeypatch.setattr("bench.table.os.getloadavg", lambda: (1.0, 9.0, 9.0))
    keep(document, [found("start", 10_000, 3.0)])
    assert "Other work" not in document.read_text(encoding="utf-8")
    monkeypatch.setattr("bench.table.os.getloadavg", lambda: (8.0, 9.0, 9.0))
    keep(document, [found("start", 100_000, 3.0)])
    assert "Other work ran beside it (up to 4.0 programs a core)" in document.read_text(encoding="utf-8")
