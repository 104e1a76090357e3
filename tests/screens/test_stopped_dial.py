"""A dial that the gate stops: by `c` the reason why all the same is asked for, kept with the call, and taken back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sdr.desk.triage import accept
from sdr.models.terms import ms
from sdr.store import rows
from tests.desk.calls import table
from tests.desks import MONDAY, Desk, begin, dump
from tests.screens.desk_app import driving

SIZES = [(80, 24), (120, 40)]
PHONE = "+34910000001"


def at_night(desk: Desk, kind: str = "landline") -> int:
    """A lead whose line may be called only with a reason, for it is ten at night there."""
    desk.clock.now = MONDAY.replace(hour=21)
    listed = json.dumps([{"e164": PHONE, "type": kind, "raw": PHONE, "struck": None}])
    return desk.new_lead(phone=PHONE, phone_type=kind, phones=listed)


def events(desk: Desk, kind: str) -> list[str | None]:
    return [one.text for one in table(desk, rows.Event, "event", f"kind='{kind}'")]


@pytest.mark.parametrize("size", SIZES)
async def test_a_stopped_dial_asks_why_and_rings_with_the_reason(desk: Desk, size: tuple[int, int]) -> None:
    at_night(desk)
    async with driving(desk, size) as driven:
        await driven.press("c")
        text = driven.text()
        assert "It is 22:00 in Europe/Madrid" in text
        assert "why all the same" in text
        assert not driven.app.screen.panel.calling  # type: ignore[attr-defined]
        await driven.press("enter")
        assert "a stop is passed by a reason; Esc leaves it" in driven.text()
        await driven.type("she asked for ten")
        before = dump(desk.store)
        await driven.press("enter", "1")
        assert [one.outcome for one in table(desk, rows.Call, "call")] == ["no-answer"]
        assert events(desk, "overridden") == ["she asked for ten"]
        await driven.press("u")
        assert dump(desk.store) == before


async def test_keys_typed_ahead_are_the_reason_and_then_the_call(desk: Desk) -> None:
    at_night(desk)
    async with driving(desk) as driven:
        await driven.burst("c", *"asked", "enter", "1")
        await driven.settle()
        assert events(desk, "overridden") == ["asked"]
        assert [one.outcome for one in table(desk, rows.Call, "call")] == ["no-answer"]


async def test_esc_leaves_it_with_the_no_on_record(desk: Desk) -> None:
    at_night(desk)
    async with driving(desk) as driven:
        await driven.press("c", "escape")
        assert "why all the same" not in driven.text()
        assert table(desk, rows.Call, "call") == ()
        assert len(events(desk, "gate")) == 1


async def test_a_block_asks_nothing(desk: Desk) -> None:
    at_night(desk, "mobile")
    async with driving(desk) as driven:
        await driven.press("c")
        assert "It is 22:00 in Europe/Madrid" in driven.text()
        assert "why all the same" not in driven.text()
        assert len(events(desk, "gate")) == 1


async def test_a_call_and_a_mail_inside_the_gap_ask_why_too(desk: Desk) -> None:
    lead = desk.new_lead()
    desk.act(accept, lead)
    rep = desk.lead(lead).owner_id
    begin(
        desk.store, "touch", lead_id=lead, channel="linkedin", at=ms(MONDAY - timedelta(hours=1)), human=1,
        outcome="done", rep_id=rep,
    )  # fmt: skip
    async with driving(desk) as driven:
        await driven.press("c")
        assert "was touched 1 h ago by you: linkedin" in driven.text()
        await driven.type("he said now")
        await driven.press("enter", "1")
    assert events(desk, "overridden") == ["he said now"]
