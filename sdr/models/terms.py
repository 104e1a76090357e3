"""The field's words as enums and frozen values: stdlib only, so that every layer may speak them.

Times are aware `datetime`s in rules and verbs and whole milliseconds UTC in the file (`ms`, `at`). Ids are
63-bit integers, `replica << 32 | n`, written as strings in JSON.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo


def ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware `moment`."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return round(moment.timestamp() * 1000)


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The zone called `name`; unknown names raise `zoneinfo.ZoneInfoNotFoundError`."""
    return ZoneInfo(name)


def at(stored: int, zone: str = "UTC") -> datetime:
    """The aware time of `stored` milliseconds UTC, shown in `zone`."""
    return datetime.fromtimestamp(stored / 1000, zone_of(zone))


class LeadState(StrEnum):
    """Where a lead stands. `OPEN` states must have a next step and an owner."""

    INQUIRY = "inquiry"
    NEW = "new"
    WORKING = "working"
    TALKING = "talking"
    QUALIFIED = "qualified"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    OPPORTUNITY = "opportunity"
    WON = "won"
    LOST = "lost"
    REJECTED = "rejected"
    DISQUALIFIED = "disqualified"
    NURTURE = "nurture"
    MERGED = "merged"


# Open: the rep (or, when offered, the AE) owes a next step; nurture sleeps until its date, which is one.
OPEN_STATES = frozenset(
    {
        LeadState.INQUIRY,
        LeadState.NEW,
        LeadState.WORKING,
        LeadState.TALKING,
        LeadState.QUALIFIED,
        LeadState.OFFERED,
        LeadState.NURTURE,
    }
)


class NextKind(StrEnum):
    """What the next step of a lead is. The value is the word shown to the rep."""

    TRIAGE = "triage"  # read it and decide
    COMPLETE = "complete"  # an inquiry: name what is missing
    CALL = "call"
    EMAIL = "mail"
    LINKEDIN = "linkedin"
    LETTER = "letter"
    OTHER = "touch"
    PROMISE = "promise"  # a callback at an exact time
    MEETING = "meeting"  # a meeting to confirm
    REPLY = "reply"  # they wrote; answer
    RETURNED = "returned"  # the AE sent it back, or a no-show
    HANDOFF = "handoff"  # qualified, to be offered
    ANSWER = "answer"  # offered; the AE owes an answer
    WAKE = "wake"  # nurture: look again


class Band(IntEnum):
    """The queue's bands, in the order they are worked (product.md 3.3)."""

    HOT = 0
    PROMISE = 1
    REPLY = 2
    RETURNED = 3
    BLOCK = 4
    NEW = 5
    CLOSING = 6
    DUE = 7
    CATCH_UP = 8
    PROSPECTING = 9


class Channel(StrEnum):
    """How a touch reaches the person."""

    CALL = "call"
    EMAIL = "email"
    LINKEDIN = "linkedin"
    SMS = "sms"
    LETTER = "letter"
    POSTCARD = "postcard"
    PARCEL = "parcel"
    EVENT = "event"
    CUSTOM = "custom"


class SourceType(StrEnum):
    """What kind of lead a source brings; it sets the response clock."""

    HAND_RAISER = "hand-raiser"
    INBOUND = "inbound"
    LIST = "list"


class HandoffState(StrEnum):
    """Where a handoff stands between the rep and the account executive."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    EXPIRED = "expired"
    RECALLED = "recalled"
    MET = "met"
    NO_SHOW = "no-show"
    OPPORTUNITY = "opportunity"
    WON = "won"
    LOST = "lost"


class Confidence(StrEnum):
    """Where a prospect's time zone comes from, surest first."""

    EXPLICIT = "explicit"
    ADDRESS = "address"
    PHONE = "phone"
    COMPANY = "company"
    REP = "rep"  # nothing known: the rep's own zone, a guess


class Refused(NamedTuple):
    """A verb that does not act says so with this value; nothing foreseeable raises."""

    rule: str  # short id, e.g. "handoff.must-haves"
    reason: str  # one sentence for the rep, with the way out
    set_by: str = "the desk"
    hint: str = ""


class Option(NamedTuple):
    """One digit of a fixed list (reasons, outcomes, replies…): `digit`, stable `key`, `label` shown."""

    digit: int
    key: str
    label: str
