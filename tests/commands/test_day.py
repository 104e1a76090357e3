"""`sdr queue`, `next`, `show`: the keys a script relies on, and a table that fits the terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from sdr.rules.text import width
from tests.commands.conftest import Sdr, Stocked
from tests.desks import Desk

ITEM = {
    "lead", "name", "account", "band", "kind", "due_at", "zone", "local_time", "grade", "score", "source", "why",
    "fits_today",
}  # fmt: skip
CARD = {
    "id", "name", "email", "phone", "phone_type", "title", "account", "source", "state", "owner", "accountable",
    "next_step", "answers", "score", "enrollment", "suppressed", "zone", "arrived_at", "respond_by", "timeline",
}  # fmt: skip


def test_the_queue_as_json_has_every_key_and_times_of_the_prospect(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("queue", "--json")
    assert ran.code == 0
    assert [item["lead"] for item in ran.json] == [stocked.ana, stocked.bo]
    for item in ran.json:
        assert item.keys() >= ITEM
        assert item["band"] == 5
        assert item["kind"] == "triage"
        assert datetime.fromisoformat(item["due_at"]).isoformat() == "2026-03-02T10:00:00+01:00"
    assert ran.json[1]["zone"] == "Europe/Warsaw"


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_table_fits_the_terminal_by_cells(sdr: Sdr, stocked: Stocked, columns: int, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = sdr("queue").out.splitlines()
    assert lines[0].split() == ["lead", "name", "account", "why", "grade"]
    assert any("Wiślak" in line for line in lines)
    if columns >= 80:
        assert max(width(line) for line in lines) <= columns


@pytest.mark.parametrize(
    ("wanted", "count"),
    [("state:new", 2), ("city:madrid", 1), ("zielinski", 1), ("is:late", 0), ("-city:madrid", 1), ("", 2)],
)
def test_the_filter_is_that_of_the_list(sdr: Sdr, stocked: Stocked, wanted: str, count: int) -> None:
    assert len(sdr("queue", "--filter", wanted, "--json").json) == count


def test_pages_of_a_filter_by_words_are_the_pages_of_its_list(sdr: Sdr, stocked: Stocked) -> None:
    def asked(*more: str) -> list[str]:
        return [one["lead"] for one in sdr("queue", "--filter", "example", *more, "--json").json]

    whole = asked()
    assert len(whole) == 2
    assert [*asked("--limit", "1"), *asked("--limit", "1", "--offset", "1")] == whole
    assert asked("--offset", "2") == asked("--limit", "0") == []


def test_a_filter_that_cannot_be_read_points_at_its_place(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("queue", "--filter", "state:new foo:1")
    assert ran.code == 2
    shown, mark, sentence = ran.err.splitlines()
    assert shown[mark.index("^") :].startswith("foo")
    assert "foo" in sentence
    assert sdr("queue", "--filter", "foo:1", "--json").json["error"]["code"] == "filter.unclear"
    assert "nothing in it to look for" in sdr("leads", "--filter", " ( &").err


def test_limit_and_offset_walk_the_queue(sdr: Sdr, stocked: Stocked) -> None:
    assert [one["lead"] for one in sdr("queue", "--limit", "1", "--json").json] == [stocked.ana]
    assert [one["lead"] for one in sdr("queue", "--offset", "1", "--json").json] == [stocked.bo]
    assert sdr("queue", "--limit", "0", "--json").json == []
    assert sdr("queue", "--limit", "-1").code == 2


def test_the_card_has_every_key(sdr: Sdr, stocked: Stocked) -> None:
    card = sdr("show", stocked.ana, "--json").json
    assert card.keys() >= CARD
    assert card["source"] | {"name": "webinar", "cost": "105.00", "currency": "USD"} == card["source"]
    assert card["next_step"].keys() >= {"kind", "due_at", "local_time", "why"}
    assert card["score"].keys() >= {"fit", "engagement", "known", "total", "grade", "verdict", "parts", "would"}
    assert all(part.keys() == {"axis", "label", "points", "why"} for part in card["score"]["parts"])
    assert card["timeline"][0].keys() >= {"step", "at", "by", "summary", "undone"}
    assert (card["owner"], card["accountable"]) == ("Ana", "Ana")


def test_points_of_the_parts_add_up_to_the_score(sdr: Sdr, stocked: Stocked) -> None:
    sdr("answer", stocked.ana, "budget=yes", "role=influencer")
    score = sdr("show", stocked.ana, "--json").json["score"]
    for axis, total in (("answers", "total"), ("fit", "fit"), ("engagement", "engagement")):
        assert sum(part["points"] for part in score["parts"] if part["axis"] == axis) == score[total]
    assert score["total"] == 30


def test_next_is_the_card_of_the_head(sdr: Sdr, stocked: Stocked) -> None:
    assert sdr("next", "--json").json == sdr("show", stocked.ana, "--json").json
    assert "Ana Ruiz" in sdr("next").out


def test_nothing_due_is_said(sdr: Sdr) -> None:
    assert sdr("queue", "--json").json == []
    assert sdr("next", "--json").json is None
    assert "nothing is due" in sdr("queue").out


@pytest.mark.parametrize("words", ["ana@acme.example", "ANA@ACME.EXAMPLE", "Ruiz", "acme pumps", "ana operations"])
def test_a_lead_is_named_by_address_or_words(sdr: Sdr, stocked: Stocked, words: str) -> None:
    assert sdr("show", words, "--json").json["id"] == stocked.ana


@pytest.mark.parametrize("words", ["nobody", "no@where.example", "99999", "9" * 40, "²", "", "'\"*("])
def test_a_lead_that_is_not_there_ends_in_exit_2(sdr: Sdr, stocked: Stocked, words: str) -> None:
    ran = sdr("show", words, "--json")
    assert ran.code == 2
    assert ran.json["error"]["code"] == "lead.unknown"


def test_several_leads_are_listed(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("show", "operations")
    assert ran.code == 2
    assert stocked.ana in ran.err
    assert stocked.bo in ran.err


def test_each_item_says_whether_it_fits_today(
    sdr: Sdr, filling: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = filling()
    for number in range(4):
        desk.new_lead(name=f"Lead {number}", email=f"l{number}@acme.example", phone=f"+3460000010{number}")
    desk.store.close()
    listed = sdr("queue", "--json").json
    assert [item["fits_today"] for item in listed] == [True] * 4
    assert sdr("day", "--json").json["today"] == {
        "minutes_left": 420, "fits": 4, "does_not_fit": 0, "first_over": None,
    }  # fmt: skip
    monkeypatch.setenv("SDR_NOW", "2026-03-02T16:59:00+01:00")
    listed = sdr("queue", "--json").json
    assert [item["fits_today"] for item in listed] == [True, True, False, False]
    assert [item["fits_today"] for item in sdr("queue", "--offset", "2", "--json").json] == [False, False]
    told = sdr("day", "--json").json["today"]
    assert (told["fits"], told["does_not_fit"], told["first_over"]["name"]) == (2, 2, listed[2]["name"])
    assert "1 min of today left: 2 fit, 2 do not" in sdr("day").out
    assert sdr("day", "--date", "yesterday", "--json").json["today"] is None


def test_the_prospecting_block_orders_the_queue_and_is_measured(
    sdr: Sdr, home: Path, filling: Callable[[], Desk]
) -> None:
    desk = filling()
    desk.new_lead(name="Reply", state="working", next_kind="reply", queue_band=2)
    new = str(desk.new_lead(name="New", email="new@acme.example", phone="+34600000009"))
    desk.store.close()
    assert [item["name"] for item in sdr("queue", "--json").json] == ["Reply", "New"]
    assert sdr("day", "--json").json["prospecting"] is None
    (home / "config.toml").write_text('[rep]\nprospecting = "09:00-10:30"\n', encoding="utf-8")
    listed = sdr("queue", "--json").json
    assert [(item["name"], item["band"]) for item in listed] == [("New", 4), ("Reply", 2)]
    assert "prospecting now" in listed[0]["why"]
    assert sdr("next", "--json").json["name"] == "New"
    assert sdr("call", new, "no-answer").code == 0
    told = sdr("day", "--json").json["prospecting"]
    assert told == {"block": "09:00-10:30", "minutes": 30, "of": 90, "touches": 1}
    assert "prospecting 09:00-10:30: 30 of 90 minutes, 1 touch" in sdr("day").out


@pytest.mark.parametrize("value", ['"morning"', '"10:30-09:00"', "9", "true", "[]"])
def test_a_block_that_cannot_be_read_is_said(sdr: Sdr, home: Path, value: str) -> None:
    home.mkdir()
    (home / "config.toml").write_text(f"[rep]\nprospecting = {value}\n", encoding="utf-8")
    ran = sdr("queue")
    assert ran.code != 0
    assert "[rep] prospecting is hours like 09:00-10:30" in ran.err


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ("state:new foo:1", ["state:new foo:1", "          ^"]),
        ("田中\ncity:", ["田中 city:", "          ^"]),
        (f"{'acme ' * 40}due:7d", [f"{'acme ' * 11}due:7d"[-64:], None]),
    ],
)
def test_the_mark_of_a_mistake_stands_under_it(sdr: Sdr, stocked: Stocked, wanted: str, lines: list[str]) -> None:
    typed, mark = sdr("queue", "--filter", wanted).err.splitlines()[:2]
    assert typed.strip() == lines[0].strip()
    assert len(typed) < 130
    if lines[1] is not None:
        assert mark == f"  {lines[1]}"
