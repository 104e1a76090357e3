"""`sdr rubric` and `sdr source`: shown, checked with line and fault, loaded as a new version, signed, agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdr.store.queries.playbook import packaged
from tests.commands.conftest import Sdr

SOURCE = {"name", "channel", "programme", "cost", "currency", "target", "owner", "department"}


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.toml"
    path.write_text(packaged("rubric.toml").replace("threshold = 75", "threshold = 80"))
    return path


def test_the_rubric_is_shown_with_every_level(sdr: Sdr) -> None:
    shown = sdr("rubric", "show", "--json").json
    assert shown.keys() >= {"version", "signed", "criteria"}
    assert shown["signed"] == {"sales": None, "marketing": None}
    assert [item["key"] for item in shown["criteria"]] == ["budget", "decides", "role", "seen", "stage"]
    assert shown["criteria"][0]["levels"][0] == {
        "digit": 1, "key": "yes", "label": "yes, named", "points": 20, "meets": True, "knock_out": None,
    }  # fmt: skip
    assert "not signed yet" in sdr("rubric", "show").out


def test_signing_by_both_sides(sdr: Sdr) -> None:
    assert sdr("rubric", "sign", "--as", "sales", "--by", "K. Ode").code == 0
    signed = sdr("rubric", "sign", "--as", "marketing", "--by", "M. Iri", "--json").json["signed"]
    assert {side: name.split(",")[0] for side, name in signed.items()} == {"sales": "K. Ode", "marketing": "M. Iri"}
    assert sdr("rubric", "sign", "--as", "nobody", "--by", "X").code == 2
    assert sdr("rubric", "sign", "--as", "sales", "--by", " ").code == 2


def test_a_draft_is_checked_and_loaded_as_the_next_version(sdr: Sdr, draft: Path) -> None:
    assert sdr("rubric", "check", str(draft), "--json").json["ok"] is True
    assert sdr("rubric", "show", "--json").json["version"] == 1
    loaded = sdr("rubric", "load", str(draft), "--json").json
    assert (loaded["version"], loaded["threshold"]) == (2, 80)
    again = sdr("rubric", "load", str(draft), "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "rubric.same")


def test_a_fault_is_named_with_its_line_and_nothing_changes(sdr: Sdr, draft: Path) -> None:
    draft.write_text(draft.read_text().replace("meets = true", "meats = true"))
    line = draft.read_text().split("[[criterion]]")[0].count("\n") + 1
    checked = sdr("rubric", "check", str(draft), "--json")
    assert (checked.code, checked.json["ok"], checked.json["faults"][0]["line"]) == (1, False, line)
    assert "meats" in checked.json["error"]["message"]
    assert sdr("rubric", "load", str(draft)).code == 2
    assert sdr("rubric", "show", "--json").json["version"] == 1


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff", b"not = [toml"])
def test_files_that_are_no_rubric(sdr: Sdr, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "odd.toml"
    if content is not None:
        path.write_bytes(content)
    ran = sdr("rubric", "load", str(path), "--json")
    assert ran.code == 2
    assert ran.json["error"]["message"]


def test_a_source_with_what_was_agreed(sdr: Sdr) -> None:
    made = sdr(
        "source", "set", "Hannover show", "cost=1,204.50", "currency=eur", "target=20%", "owner=Kim",
        "department=marketing", "type=hand-raiser", "channel=event", "programme=Hannover 2026", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert made.json[0].keys() >= SOURCE
    assert made.json == sdr("source", "list", "--json").json
    told = {key: made.json[0][key] for key in ("cost", "currency", "target", "owner", "channel")}
    assert told == {"cost": "1204.50", "currency": "EUR", "target": 0.2, "owner": "Kim", "channel": "event"}


def test_a_source_is_changed_under_any_case_and_blank_takes_away(sdr: Sdr) -> None:
    sdr("source", "set", "Webinar", "cost=105", "owner=Kim")
    changed = sdr("source", "set", "webinar", "owner=", "--json").json
    assert (changed[0]["name"], changed[0]["owner"], changed[0]["cost"]) == ("Webinar", None, "105.00")
    assert sdr("undo").code == 0
    assert sdr("source", "list", "--json").json[0]["owner"] == "Kim"


@pytest.mark.parametrize(
    ("fields", "code"),
    [("cost=much", 2), ("cost=-5", 2), ("target=lots", 2), ("colour=red", 2), ("cost", 2), ("target=300%", 1),
     ("type=gift", 1), ("currency=euros", 1), ("starts_on=soon", 1)],
)  # fmt: skip
def test_what_makes_no_sense_of_a_source_is_refused(sdr: Sdr, fields: str, code: int) -> None:
    ran = sdr("source", "set", "webinar", fields, "--json")
    assert ran.code == code
    assert ran.json["error"]["message"]
    assert sdr("source", "list", "--json").json == []


def test_a_draft_is_tried_on_every_lead_and_changes_nothing(sdr: Sdr, draft: Path) -> None:
    sdr("add", "Ana Ruiz, Acme Pumps, ana@acme.example")
    levels = [item["levels"][0] for item in sdr("rubric", "show", "--json").json["criteria"]]
    keys = [item["key"] for item in sdr("rubric", "show", "--json").json["criteria"]]
    sdr("answer", "ana@acme.example", *(f"{key}={level['key']}" for key, level in zip(keys, levels, strict=True)))
    best = sum(level["points"] for level in levels)
    draft.write_text(
        packaged("rubric.toml")
        .replace("threshold = 75", f"threshold = {best}")
        .replace("points = 20, meets = true", "points = 10, meets = true", 1)
        .replace("points = 15,", "points = 40,", 1)
    )
    before = sdr("show", "ana@acme.example", "--json").json["score"]
    tried = sdr("rubric", "try", str(draft), "--json").json
    assert tried["scored"] == 1
    assert tried["before"]["verdicts"] == {"qualified": 1}
    assert [(one["before"], one["after"]) for one in tried["flips"]] == [("qualified", "not yet")]
    assert tried["down"] == {"leads": 1, "judged": 0, "qualified": 0}
    assert "1 would qualify no more" in sdr("rubric", "try", str(draft)).out
    assert sdr("show", "ana@acme.example", "--json").json["score"] == before
    assert sdr("rubric", "show", "--json").json["version"] == 1


def test_loading_says_how_many_leads_it_judged(sdr: Sdr, draft: Path) -> None:
    sdr("add", "Ana Ruiz, Acme Pumps, ana@acme.example")
    draft.write_text(packaged("rubric.toml").replace("points = 30", "points = 3"))
    loaded = sdr("rubric", "load", str(draft), "--json").json
    assert loaded["judged"] == 1
    assert loaded["changed"] == 0  # nobody has answered anything yet
    assert sdr("doctor", "--rebuild", "--json").code == 0
