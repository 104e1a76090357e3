"""Enrol, pause, resume, stop, away and catch-up as commands: JSON keys, exit codes, refusals with the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import Sdr, Stocked
from tests.desk.test_enrolling import LADDER, VALVES, calls_a_day, loaded, people
from tests.desks import Clock, Desk, begin, open_store

DATE = {"step", "name", "channel", "at", "local_time", "moved_from", "why"}
CALL_OFF = "2026-03-09", "2026-03-13"


@pytest.fixture
def drips(home: Path, filling: Callable[[], Desk]) -> Callable[..., None]:
    """Put these cadences, so many leads and a colleague on the desk, which begins with that or is there already."""

    def fill(*texts: str, leads: int = 0, calls: int = 45) -> None:
        clock = Clock()
        desk = Desk(open_store(home, clock), clock) if (home / "desk.db").exists() else filling()
        for text in texts:
            loaded(desk, text)
        people(desk, leads)
        calls_a_day(desk, calls)
        begin(desk.store, "rep", name="Bea", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
        desk.store.close()

    return fill


def test_enrol_and_what_comes_next(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("enroll", stocked.ana, "standard", "--json")
    assert ran.code == 0
    assert {"summary", "next_step"} <= set(ran.json)
    assert ran.json["summary"] == "Ana Ruiz: in “Standard drip” · next call now"
    assert ran.json["next_step"]["kind"] == "call"
    again = sdr("enroll", stocked.ana, "Standard drip", "--json")
    assert (again.code, again.json["refused"]["rule"]) == (1, "drip.same")
    later = sdr("enroll", stocked.ana, "Standard drip", "--at-step", "6", "--json")
    assert later.json["next_step"]["note"] == "Third call, morning"


def test_a_dry_run_gives_the_dates_and_enrols_nobody(sdr: Sdr, stocked: Stocked, drips: Callable[..., None]) -> None:
    drips(LADDER)
    ran = sdr("enroll", stocked.bo, "no-contact", "--dry-run", "--json")
    assert ran.code == 0
    assert [set(one) for one in ran.json] == [DATE] * 3
    assert [(one["step"], one["channel"], one["local_time"]) for one in ran.json] == [
        (1, "call", "2026-03-03T10:00:00+01:00"), (2, "call", "2026-03-06T10:00:00+01:00"),
        (3, "call", "2026-03-12T10:00:00+01:00"),
    ]  # fmt: skip
    assert sdr("show", stocked.bo, "--json").json["enrollment"] is None
    lines = sdr("enroll", stocked.bo, "no-contact", "--dry-run").out.splitlines()
    assert len(lines) == 4
    assert "First" in lines[1]


def test_names_that_mean_no_drip_and_steps_there_are_not(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("enroll", stocked.ana, "nonsense", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "drip.unknown")
    assert "Standard drip" in ran.json["error"]["message"]
    assert sdr("enroll", stocked.ana, " ").code == 2
    assert sdr("enroll", "nobody@x.example", "Standard drip").code == 2
    assert (
        sdr("enroll", stocked.ana, "Standard drip", "--at-step", "40", "--json").json["refused"]["rule"] == "drip.step"
    )
    assert sdr("enroll", stocked.ana, "Standard drip", "--at-step", "0").code == 2


def test_another_product_line_is_refused_and_a_dry_run_says_so_too(
    sdr: Sdr, stocked: Stocked, drips: Callable[..., None]
) -> None:
    drips(LADDER, VALVES)
    assert sdr("enroll", stocked.ana, "No-contact ladder").code == 0
    for more in ((), ("--dry-run",)):
        ran = sdr("enroll", stocked.ana, "Valves", *more, "--json")
        assert (ran.code, ran.json["error"]["code"]) == (1, "drip.product")
        assert "since 2 Mar 2026" in ran.json["error"]["message"]
    assert sdr("stop", stocked.ana).code == 0
    assert sdr("enroll", stocked.ana, "Valves").code == 0


def test_a_colleague_in_talks_wants_anyway(sdr: Sdr, filling: Callable[[], Desk]) -> None:
    desk = filling()
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps")
    desk.new_lead(name="Bo Diaz", email="bo@acme.example", account_id=account, state="talking")
    lead = str(desk.new_lead(account_id=account))
    desk.store.close()
    ran = sdr("enroll", lead, "Standard drip", "--json")
    assert (ran.code, ran.json["refused"]["rule"], "--anyway" in ran.json["error"]["hint"]) == (
        1,
        "drip.colleague",
        True,
    )
    shown = sdr("enroll", lead, "Standard drip", "--dry-run", "--json")
    assert (shown.code, len(shown.json)) == (1, 8)  # the dates, and a word of warning
    assert "Bo Diaz of Acme Pumps is in talks" in shown.err
    assert sdr("enroll", lead, "Standard drip", "--anyway").code == 0


def test_pause_resume_and_stop_one(sdr: Sdr, stocked: Stocked) -> None:
    sdr("enroll", stocked.ana, "Standard drip")
    ran = sdr("pause", stocked.ana, "--until", "2026-03-16", "--json")
    assert (ran.code, ran.json["next_step"]["due_at"]) == (0, "2026-03-16T09:00:00+01:00")
    assert sdr("resume", stocked.ana, "--json").json["summary"].startswith("Ana Ruiz: drip resumed")
    assert sdr("resume", stocked.ana, "--json").json["refused"]["rule"] == "drip.active"
    assert sdr("pause", stocked.ana, "--until", "someday").code == 2
    assert sdr("stop", stocked.ana, "--json").json["next_step"]["kind"] == "triage"
    assert sdr("stop", stocked.ana, "--json").json["refused"]["rule"] == "drip.none"


def test_all_of_mine_and_one_undo(sdr: Sdr, stocked: Stocked) -> None:
    for lead in (stocked.ana, stocked.bo):
        sdr("enroll", lead, "Standard drip")
    ran = sdr("pause", "--all", "--until", "2026-03-16", "--json")
    assert (ran.code, ran.json["summary"]) == (0, "2 drips paused until Mon 16 Mar, 2 touches moved behind it")
    assert sdr("resume", "--all", "--json").json["leads"] == 2
    ran = sdr("resume", "--all", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "drip.none")
    sdr("undo", "2")
    assert sdr("show", stocked.ana, "--json").json["enrollment"]["state"] == "active"
    assert sdr("pause", "--all").code == 2
    assert sdr("pause").code == 2
    assert sdr("resume", stocked.ana, "--all").code == 2


def test_away_without_cover(sdr: Sdr, stocked: Stocked, drips: Callable[..., None]) -> None:
    sdr("enroll", stocked.ana, "Standard drip", "--at-step", "2")  # a mail on Tuesday
    shown = sdr("away", "--from", "2026-03-03", "--to", "2026-03-06", "--dry-run", "--json")
    assert shown.json["moved"] == 1
    assert sdr("away", "--list", "--json").json == []
    ran = sdr("away", "--from", "tomorrow", "--to", "fri", "--json")
    assert ran.code == 0
    assert {key: ran.json[key] for key in ("moved", "covered", "paused", "from", "to", "returns", "promises")} == {
        "moved": 1, "covered": 0, "paused": 1, "from": "2026-03-03", "to": "2026-03-06", "returns": "2026-03-09",
        "promises": [],
    }  # fmt: skip
    assert sdr("show", stocked.ana, "--json").json["next_step"]["due_at"].startswith("2026-03-09")
    [held] = sdr("away", "--list", "--json").json
    assert (held["from"], held["to"], held["cover"]) == ("2026-03-03", "2026-03-06", None)
    assert "2026-03-03 to 2026-03-06" in sdr("away", "--list").out
    assert sdr("away", "--from", "2026-03-05", "--json").json["error"]["code"] == "away.twice"
    ran = sdr("away", "--cancel", held["id"], "--json")
    assert (ran.code, ran.json["summary"]) == (0, "time off called off: 0 leads given back, 1 touch planned anew")
    assert sdr("away", "--list").out.strip() == "no time off is noted"


def test_a_colleague_covers_and_the_leads_come_back(
    sdr: Sdr, stocked: Stocked, drips: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    drips()
    sdr("enroll", stocked.ana, "Standard drip", "--at-step", "2")
    assert sdr("away", "--from", "2026-03-03", "--cover", "Nobody").code == 2
    assert sdr("away", "--from", "2026-03-03", "--cover", "Ana", "--json").json["error"]["code"] == "away.cover"
    ran = sdr("away", "--from", "2026-03-03", "--to", "2026-03-06", "--cover", "bea", "--json")
    assert (ran.json["covered"], ran.json["moved"], ran.json["paused"], ran.json["cover"]) == (1, 0, 0, "Bea")
    assert sdr("show", stocked.ana, "--json").json["owner"] == "Bea"
    assert sdr("away", "--back", "--json").json["error"]["code"] == "away.none"
    monkeypatch.setenv("SDR_NOW", "2026-03-09T09:00:00+01:00")
    assert sdr("away", "--back", "--json").json["returned"] == 1
    card = sdr("show", stocked.ana, "--json").json
    assert (card["owner"], card["next_step"]["due_at"][:10]) == ("Ana", "2026-03-09")


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        ((), "away.unclear", 2),
        (("--from", "someday"), "date.unclear", 2),
        (("--from", "2026-03-03", "--list"), "away.unclear", 2),
        (("--cancel", "x"), "away.unknown", 2),
        (("--cancel", "99"), "away.unknown", 1),
        (("--from", "2026-03-06", "--to", "2026-03-03"), "away.days", 1),
        (("--from", "2025-03-06"), "away.past", 1),
    ],
)
def test_time_off_that_makes_no_sense(
    sdr: Sdr, stocked: Stocked, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    ran = sdr("away", *words, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (exit_code, code)


def test_catching_up_shows_then_does(sdr: Sdr, drips: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    drips(leads=5, calls=500)
    found = [one["lead"] for one in sdr("queue", "--json").json]
    for lead in found:
        sdr("enroll", lead, "Standard drip")
    drips(calls=2)
    monkeypatch.setenv("SDR_NOW", "2026-03-12T09:30:00+01:00")
    shown = sdr("catch-up", "--dry-run", "--json")
    assert shown.code == 0
    assert (shown.json["moved"], shown.json["dropped"], shown.json["left"], shown.json["summary"]) == (5, [], [], None)
    assert [(one["day"], one["touches"], one["minutes"], one["holds"]) for one in shown.json["days"]] == [
        ("2026-03-12", 2, 8, 8), ("2026-03-13", 2, 8, 8), ("2026-03-16", 1, 4, 8),
    ]  # fmt: skip
    ran = sdr("catch-up", "--json")
    assert ran.json["summary"] == "caught up: 5 touches over 3 days until Mon 16 Mar, 0 dropped"
    again = sdr("catch-up", "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "catch-up.nothing")
    one = sdr("catch-up", found[0], "--dry-run")
    assert one.code == 0
    assert "Thu 12 Mar: " in one.out or "stays: " in one.out
