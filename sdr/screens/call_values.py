"""What a call stands on, what it may wait for, and what it ends in: plain values between the panel and its screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sdr.rules.calling import Outcomes
from sdr.rules.cards import Card
from sdr.rules.reasons import Reason
from sdr.rules.rubric import Rubric


class Phase(StrEnum):
    """Where the call stands."""

    RING = "ring"
    TALK = "talk"
    WRAP = "wrap"


class Asked(StrEnum):
    """What the call waits for beyond its phase."""

    DATE = "date"
    SLOT = "slot"
    REASON = "reason"
    CONFIRM = "confirm"
    NAME = "name"
    TYPED_DATE = "typed date"
    NOTE = "note"
    CARD = "card"
    MAIL = "mail"


TYPED = (Asked.NAME, Asked.TYPED_DATE, Asked.NOTE)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a call stands on. `dates` and `slots` are digit to moment; `usual` the digit that Enter means for each
    outcome that asks a date; `read_date` understands a typed one; `numbers` are those not struck out; `mails` are
    the lines of each mail that can go with an outcome, by its text's key."""

    lead_id: int
    rubric: Rubric
    outcomes: Outcomes
    reasons: tuple[Reason, ...]
    cards: tuple[Card, ...]
    numbers: tuple[str, ...]
    dates: Mapping[int, datetime]
    slots: Mapping[int, datetime]
    usual: Mapping[str, int]
    read_date: Callable[[str], datetime | None]
    mails: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_NOTED = (
    "answers", "said", "notes", "seconds", "landed", "blank", "cards", "next_at", "reason", "name", "number",
    "mail",
)  # fmt: skip


class CallEnded(NamedTuple):
    """How a call ended: what the screen writes. `hand_off` asks for the handoff right after, at `meeting_at`;
    `mail` sends the mail that goes with the outcome; `stay` keeps the cursor, because another number is offered."""

    lead_id: int
    outcome: str
    answers: Mapping[str, str]
    said: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: int
    landed: int
    blank: int
    cards: tuple[str, ...]
    number: str | None
    next_at: datetime | None = None
    reason: str | None = None
    name: str | None = None
    meeting_at: datetime | None = None
    hand_off: bool = False
    mail: bool = False
    stay: bool = False

    def noted(self) -> dict[str, Any]:
        """The keywords of `sdr.desk.calling.call`."""
        return {key: getattr(self, key) for key in _NOTED}
