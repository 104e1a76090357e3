"""`sdr day` and `sdr export`: four lists, one summary, and files that a second run leaves alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.commands.conftest import QUALIFYING, Sdr, Stocked


@pytest.fixture
def worked(sdr: Sdr, stocked: Stocked) -> Stocked:
    """A day with a call and a handoff behind it."""
    answers = [word for answer in QUALIFYING for word in ("--answer", answer)]
    sdr("call", stocked.ana, "qualified", *answers)
    sdr("handoff", stocked.ana)
    return stocked


def test_the_day_has_four_lists_and_a_summary(sdr: Sdr, worked: Stocked) -> None:
    ran = sdr("day", "--json")
    assert ran.json.keys() == {
        "date", "untouched", "promises", "unanswered", "unsynced", "untold", "summary", "today",
        "prospecting",
    }  # fmt: skip
    assert ran.json["date"] == "2026-03-02"
    assert [one["lead"] for one in ran.json["unanswered"]] == [worked.ana]
    counts = ran.json["summary"]
    assert (counts["calls"], counts["talks"], counts["qualified"], counts["handed_off"]) == (1, 1, 1, 1)
    assert "1 call " in sdr("day").out
    assert sdr("day", "--date", "yesterday", "--json").json["summary"]["calls"] == 0


def test_an_export_is_whole_and_a_second_writes_nothing(sdr: Sdr, worked: Stocked, home: Path) -> None:
    first = sdr("export", "--json").json
    assert first.keys() >= {"dir", "files", "new", "changed", "unchanged"}
    assert (first["new"], first["changed"]) == (2, 0)
    for file in first["files"]:
        path = Path(file["path"])
        assert path.is_relative_to(home)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
    second = sdr("export", "--json").json
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, 2)
    assert {one["state"] for one in second["files"]} == {"unchanged"}


def test_an_export_elsewhere_as_json(sdr: Sdr, worked: Stocked, tmp_path: Path) -> None:
    done = sdr("export", "--profile", "json", "--to", str(tmp_path / "out"), "--all", "--json").json
    assert Path(done["dir"]).is_relative_to(tmp_path / "out")
    assert any(one["path"].endswith("json.json") and one["rows"] == 1 for one in done["files"])


def test_the_brief_of_the_offer_is_the_brief_of_the_export(sdr: Sdr, worked: Stocked) -> None:
    sdr("handoff", "recall", sdr("handoffs", "--json").json[0]["handoff"])
    brief = sdr("handoff", worked.ana, "--json").json["brief_file"]
    states = {one["path"]: one["state"] for one in sdr("export", "--json").json["files"]}
    assert states[brief] == "unchanged"


@pytest.mark.parametrize("words", ["day --date soon", "export --date x", "export --profile fax"])
def test_days_and_profiles_that_are_none(sdr: Sdr, words: str) -> None:
    assert sdr(*words.split(), "--json").code == 2


def test_a_folder_that_cannot_be_used(sdr: Sdr, worked: Stocked, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = sdr("export", "--to", str(tmp_path / "file"), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "export.failed")
