"""`sdr aes`, `handoff`, `handoffs`: the offer with its clock and brief, the answer, the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import QUALIFYING, Sdr, Stocked

OFFER = {"handoff", "lead", "ae", "why_ae", "respond_by", "brief_file"}
LISTED = {
    "handoff", "lead", "ae", "state", "offered_at", "respond_by", "answered_at", "reason", "accountable",
}  # fmt: skip
APPLIED = {"applied", "unknown", "refused"}


@pytest.fixture
def offered(sdr: Sdr, stocked: Stocked) -> str:
    """The number of a running handoff of Ana to Lena."""
    sdr("accept", stocked.ana)
    sdr("answer", stocked.ana, *QUALIFYING)
    ran = sdr("handoff", stocked.ana, "--json")
    assert ran.code == 0, ran.err
    return str(ran.json["handoff"])


def test_an_offer_has_a_clock_a_reason_and_a_brief(sdr: Sdr, stocked: Stocked) -> None:
    sdr("accept", stocked.ana)
    sdr("answer", stocked.ana, *QUALIFYING)
    ran = sdr("handoff", stocked.ana, "--meeting", "2026-03-04T11:00", "--json")
    assert ran.json.keys() >= OFFER
    assert (ran.json["lead"], ran.json["ae"]) == (stocked.ana, "Lena")
    assert ran.json["respond_by"] > "2026-03-02T10:00:00+01:00"
    brief = Path(ran.json["brief_file"])
    assert "Acme Pumps" in brief.read_text()
    assert brief.stat().st_mode & 0o077 == 0
    assert "acme" not in brief.name
    card = sdr("show", stocked.ana, "--json").json
    assert (card["state"], card["accountable"], card["handoff"]["state"]) == ("offered", "Lena", "offered")


def test_an_offer_without_the_must_haves_names_them(sdr: Sdr, stocked: Stocked) -> None:
    sdr("accept", stocked.ana)
    ran = sdr("handoff", stocked.ana, "--json")
    assert ran.code == 1
    assert ran.json.keys() >= OFFER
    assert ran.json["handoff"] is None
    assert ran.json["error"]["code"] == "handoff.must-haves"
    assert "budget" in ran.json["error"]["message"]
    forced = sdr("handoff", stocked.ana, "--force", "--to", "lena", "--json")
    assert (forced.code, forced.json["ae"]) == (0, "Lena")


def test_the_rep_may_choose_the_executive(sdr: Sdr, stocked: Stocked) -> None:
    sdr("aes", "set", "Max", "capacity=0")
    sdr("accept", stocked.ana)
    assert sdr("handoff", stocked.ana, "--force", "--to", "Zed").code == 2
    assert sdr("handoff", stocked.ana, "--force", "--to", "max", "--json").json["ae"] == "Max"


def test_accepted_and_then_won(sdr: Sdr, offered: str, stocked: Stocked) -> None:
    ran = sdr("handoff", "answer", offered, "accept", "--json")
    assert ran.json.keys() >= APPLIED
    assert (ran.code, ran.json["applied"], ran.json["unknown"], ran.json["refused"]) == (0, 1, 0, 0)
    assert sdr("handoff", "outcome", offered, "won", "--at", "2026-03-02T09:00", "--json").json["applied"] == 1
    listed = sdr("handoffs", "--json").json
    assert listed[0].keys() >= LISTED
    assert listed[0]["state"] == "won"
    assert sdr("show", stocked.ana, "--json").json["state"] == "won"


def test_returned_with_a_reason_it_is_on_top_of_the_queue(sdr: Sdr, offered: str, stocked: Stocked) -> None:
    ran = sdr("handoff", "answer", offered, "return", "--reason", "2", "--note", "no budget line", "--json")
    assert (ran.code, ran.json["applied"]) == (0, 1)
    head = sdr("next", "--json").json
    assert (head["id"], head["state"], head["accountable"]) == (stocked.ana, "working", "Ana")
    assert sdr("handoffs", "--state", "returned", "--json").json[0]["reason"]


def test_recalled_and_offered_again(sdr: Sdr, offered: str, stocked: Stocked) -> None:
    assert sdr("handoff", "recall", offered, "--json").json["applied"] == 1
    assert sdr("show", stocked.ana, "--json").json["next_step"]["kind"] == "handoff"
    assert sdr("handoff", stocked.ana).code == 0


def test_refusals_on_the_way_back(sdr: Sdr, offered: str) -> None:
    lacking = sdr("handoff", "answer", offered, "return", "--json")
    assert (lacking.code, lacking.json["refused"], lacking.json["error"]["code"]) == (1, 1, "handoff.reason")
    sdr("handoff", "recall", offered)
    again = sdr("handoff", "recall", offered, "--json")
    assert (again.code, again.json["applied"]) == (1, 0)


@pytest.mark.parametrize(
    "words",
    [("answer", "99", "accept"), ("answer", "x", "accept"), ("recall", "99"), ("outcome", "99", "won"),
     ("nobody",), ("answer",), ()],
)  # fmt: skip
def test_handoffs_that_are_not_there(sdr: Sdr, stocked: Stocked, words: tuple[str, ...]) -> None:
    assert sdr("handoff", *words).code == 2


def test_words_of_the_way_back_that_mean_nothing(sdr: Sdr, offered: str) -> None:
    assert sdr("handoff", "answer", offered, "maybe").code == 2
    assert "wrong" in sdr("handoff", "answer", offered, "return", "--reason", "nope").err
    assert sdr("handoff", "outcome", offered, "danced").code == 2
    assert sdr("handoffs", "--state", "odd").code == 2


def test_the_executives(sdr: Sdr) -> None:
    assert sdr("aes", "--json").json == []
    made = sdr("aes", "set", "Lena", "capacity=3", "territory=ES,PT", "away=2026-03-09", "--json")
    assert made.code == 0, made.err
    assert made.json == sdr("aes", "--json").json
    assert made.json[0].keys() >= {"name", "capacity", "open", "away_until"}
    assert (made.json[0]["capacity"], made.json[0]["open"]) == (3, 0)
    assert made.json[0]["away_until"].startswith("2026-03-09")
    assert sdr("aes", "set", "lena", "away=", "--json").json[0]["away_until"] is None
    assert "Lena" in sdr("aes").out


@pytest.mark.parametrize(("field", "code"), [("capacity=many", 2), ("shoe=42", 2), ("away=never", 2), ("zone=Mars", 1)])
def test_what_makes_no_sense_of_an_executive(sdr: Sdr, field: str, code: int) -> None:
    assert sdr("aes", "set", "Lena", field).code == code
    assert sdr("aes", "--json").json == []
