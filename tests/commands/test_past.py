"""`sdr undo`, `redo`, `history`: every step with its values before and after, and the way back."""

from __future__ import annotations

from tests.commands.conftest import Sdr, Stocked

STEP = {"step", "at", "by", "summary", "undone", "edits"}


def test_the_journal_tells_who_did_what_and_what_it_was_before(sdr: Sdr, stocked: Stocked) -> None:
    sdr("accept", stocked.ana)
    newest = sdr("history", stocked.ana, "--json").json[0]
    assert newest.keys() >= STEP
    assert (newest["by"], newest["undone"], newest["at"]) == ("ana", False, "2026-03-02T10:00:00+01:00")
    lead = next(edit for edit in newest["edits"] if edit["entity"] == "lead")
    assert (lead["id"], lead["kind"]) == (stocked.ana, "set")
    assert (lead["before"]["state"], lead["fields"]["state"]) == ("new", "working")


def test_the_journal_of_a_lead_is_its_own(sdr: Sdr, stocked: Stocked) -> None:
    sdr("accept", stocked.ana)
    told = sdr("history", stocked.bo, "--json").json
    assert all("accepted" not in step["summary"] for step in told)
    assert len(sdr("history", "--limit", "2", "--json").json) == 2


def test_undo_and_redo_several(sdr: Sdr, stocked: Stocked) -> None:
    sdr("accept", stocked.ana)
    sdr("note", stocked.ana, "x")
    back = sdr("undo", "2", "--json")
    assert back.code == 0
    assert [step["kind"] for step in back.json] == ["undo", "undo"]
    assert all(step.keys() >= STEP for step in back.json)
    assert sdr("show", stocked.ana, "--json").json["state"] == "new"
    taken = {step["summary"]: step["undone"] for step in sdr("history", "--json").json if step["kind"] == "act"}
    assert sum(taken.values()) == 2
    again = sdr("redo", "2", "--json")
    assert (again.code, len(again.json)) == (0, 2)
    assert sdr("show", stocked.ana, "--json").json["state"] == "working"


def test_what_cannot_be_redone_is_refused(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("redo", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "undo.nothing")


def test_undo_beyond_the_beginning_says_how_far_it_came(sdr: Sdr, stocked: Stocked) -> None:
    acts = sum(step["kind"] == "act" for step in sdr("history", "--json").json)
    ran = sdr("undo", "99", "--json")
    assert ran.code == 1
    assert len(ran.json) == acts
    assert "nothing" in ran.err
    assert sdr("undo", "0").code == 2


def test_undo_over_several_runs_brings_back_the_first_day(sdr: Sdr, stocked: Stocked) -> None:
    before = sdr("queue", "--json").json
    for words in (("accept",), ("call", "no-answer"), ("snooze", "3"), ("reply", "not-now")):
        word, *rest = words
        assert sdr(word, stocked.ana, *rest).code == 0
    assert sdr("undo", "4").code == 0
    assert sdr("queue", "--json").json == before
