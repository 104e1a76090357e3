"""Finding doubles is measured against the truth, and the desk misses nothing that the small program beside it finds."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from bench import doubles, doubles_floor, doubles_table, imported
from bench.doubles import Score, Truth, judged
from bench.generate import TWIN

TRUTH = Truth([0, 1, 0, 2, 1, 0], ["first", "first", "exact", TWIN, "typo", "moved"])


def test_pairs_are_judged_by_kind_and_twins_are_counted() -> None:
    assert sorted(TRUTH.pairs()) == [(0, 2), (0, 5), (1, 4), (2, 5)]
    found = judged("x", [(0, 2), (1, 4), (3, 4), (0, 1)], TRUTH, 1.5, 10)
    assert (found.precision, found.recall, found.f1, found.twins) == (0.5, 0.5, 0.5, 1)
    assert {kind: score.recall for kind, score in found.kinds.items()} == {
        "exact": 1.0, "typo": 1.0, "moved": 0.0, "reformatted": 0.0, "partial": 0.0,
    }  # fmt: skip
    # Two people taken for one count to the row that came again: here the misspelled one.
    assert (found.kinds["typo"], found.kinds["exact"]) == (Score(0.5, 1.0, pytest.approx(2 / 3)), Score(1.0, 1.0, 1.0))
    assert judged("x", [], TRUTH, 0, 0).f1 == 0


def test_the_document_tells_every_list_program_and_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubles_table, "version", lambda name: "1.2")
    programs = [
        judged(name, told, TRUTH, 1.5, 10)
        for name, told in (("floor", [(0, 2)]), ("desk", [(0, 2), (1, 4)]), ("splink", [(0, 2), (1, 4), (0, 5)]))
    ]
    beside = ("joined", "joined_precision", "joined_twins", "asked_twins", "asked", "recall_with_asked")
    programs[1].beside = dict.fromkeys(beside, 0.5)
    text = doubles_table.document(1_000, {"Plain": programs, "Hard": programs[:2]})
    assert "python -m bench.doubles --size 100k --peers --write docs/doubles.md" in text
    assert "splink 1.2, recordlinkage 1.2: 1,000 rows each." in text
    assert "| desk | 1.0000 | 0.5000 | 0.6667 | 0 | 1.5 s | 10 MiB |" in text
    whole = "1.000 / 1.000 / **1.000**"
    assert f"| typo | 0.000 / 0.000 / **0.000** | {whole} | {whole} |" in text
    assert "precision 0.5000 (at least 0.999: **not met**)" in text
    assert text.count("F1 at least that of splink (0.8571): **not met**.") == 1
    assert text.index("## Plain") < text.index("## Hard")


def test_a_document_without_the_peers_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr("sys.argv", ["doubles", "--write", "docs/doubles.md"])
    with pytest.raises(SystemExit):
        doubles.main()
    assert "add --peers" in capsys.readouterr().err


def test_peers_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr("sys.argv", ["doubles", "--peers", "--size", "1k"])
    monkeypatch.setattr(doubles, "find_spec", lambda name: None if name == "splink" else name)
    with pytest.raises(SystemExit):
        doubles.main()
    assert 'splink not installed: pip install "sdr-desk[bench]"' in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # newer Pythons warn of it beside threads
@pytest.mark.parametrize("hard", [False, True])
def test_the_desk_finds_what_the_floor_finds_and_joins_nobody_wrongly(tmp_path: Path, hard: bool) -> None:
    source, truth = doubles.listed("1k", hard, tmp_path)
    found = doubles.of_the_desk(source, truth, tmp_path)
    assert found.f1 > 0.85
    assert found.beside["joined_precision"] == 1
    assert found.beside["joined_twins"] == 0
    told = json.loads((tmp_path / "desk.json").read_bytes())
    known = {pair for rows in told["leads"].values() for pair in combinations(sorted(rows), 2)}
    for word in ("one", "asked"):
        known |= set(doubles._between(told["leads"], told[word]))
    right = doubles_floor.pairs(source) & set(truth.pairs())
    assert len(right) > 80
    assert right - known == set()


def test_a_list_is_imported_once_and_anew_when_it_changed_or_was_not_finished(tmp_path: Path) -> None:
    source, _ = doubles.listed("1k", False, tmp_path)
    old = tmp_path / f"{source.stem}-0001-deadbeef"
    old.mkdir()
    made = imported.home(source, tmp_path)
    written = (made / "desk.db").stat().st_mtime_ns  # reading it is no writing
    assert not old.exists()
    assert imported.home(source, tmp_path) == made
    assert (made / "desk.db").stat().st_mtime_ns == written
    for left in (made, made.with_name(f"{made.name}.part")):  # a file that was spoiled, an import that was stopped
        made.rename(left)
        (left / "desk.db").write_bytes(b"no desk")
        assert imported.home(source, tmp_path) == made
        assert (made / "desk.db").read_bytes()[:15] == b"SQLite format 3"
    assert [found.name for found in tmp_path.iterdir() if found.is_dir()] == [made.name]
