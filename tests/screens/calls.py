"""A call for tests: a ground without a file, and keys as a rep presses them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sdr.rules.cards import parse_cards
from sdr.screens.call_questions import Questions
from sdr.screens.call_state import CallState
from sdr.screens.call_values import Ground
from sdr.store.queries import playbook

RUBRIC = playbook.parsed_rubric(playbook.packaged("rubric.toml"))
CARDS = parse_cards(playbook.packaged("objections.toml"))
DAYS = {digit: datetime(2026, 3, digit + 2, 9, 40, tzinfo=UTC) for digit in range(1, 8)}
SLOTS = {digit: datetime(2026, 3, 3, 9 + digit, tzinfo=UTC) for digit in range(1, 4)}
TYPED = datetime(2026, 6, 1, 9, tzinfo=UTC)
NAMED = {" ": "space", ";": "semicolon", "“": "left_double_quotation_mark", "?": "question_mark"}
SPECIAL = ("enter", "escape", "space", "tab", "up", "down", "backspace", "ctrl+u")


def a_call(known: dict[str, str] | None = None, *, numbers: tuple[str, ...] = ("+34600000001",)) -> CallState:
    """A call that rings. `june` is the one date that can be typed."""
    ground = Ground(
        lead_id=7,
        rubric=RUBRIC,
        outcomes=playbook.outcomes(),
        reasons=playbook.reasons().disqualify,
        cards=CARDS,
        numbers=numbers,
        dates=DAYS,
        slots=SLOTS,
        usual={"promise": 2, "preset": 5},
        read_date=lambda text: TYPED if text == "june" else None,
    )
    return CallState(ground, Questions(RUBRIC, known or {}))


def press(state: CallState, *keys: str, seconds: int = 60) -> CallState:
    """Press named keys, and the letters of anything else; nothing is heard after the end."""
    for key in keys:
        for one in [key] if key in SPECIAL else list(key):
            if state.ended is None:
                state.press(NAMED.get(one, one), " " if one == "space" else one if len(one) == 1 else None, seconds)
    return state


def ended(state: CallState) -> Any:
    """How it ended."""
    assert state.ended is not None
    return state.ended
