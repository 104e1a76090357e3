"""How a call, a reply or a due touch can end, as data: what each outcome does to lead, drip and next date.

The rows come from the playbook; this module reads them and refuses rows that would leave an open lead without a
next step. The dates themselves are the calendar's, the touches the drip's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from sdr.models.terms import OPEN_STATES, LeadState, NextKind, Option
from sdr.rules.cadence_text import Track
from sdr.rules.playbook_text import PlaybookError, Table, read, refuse_twins

PHASES = ("ring", "wrap")
CONTACTS = ("attempt", "answer", "contact", "connection", "conversation")  # product.md 4.3, each implies those before
DRIPS = ("keep", "pause", "stop")
NEXTS = (
    "other-half", "two-business-days", "edge", "two-hours", "five-minutes", "preset", "promise", "now", "none",
)  # fmt: skip
ASKS = ("date", "reason", "name")
SUPPRESSIONS = ("call", "email", "all")
TRACKS = (Track.POSITIVE.value, Track.NEGATIVE.value)
# Days after which one who does not answer is dialled again, and the rest when they never did (behaviour.md G18).
LADDER = (1, 3, 6)
REST = 30
_EFFECT = (
    "key", "digit", "label", "state", "drip", "next", "next_kind", "suppress", "positive", "needs_confirm",
    "asks", "reason", "word", "track", "softens",
)  # fmt: skip
# The way a lead goes forward in the rep's hands; an outcome never sends it back along it.
_FORWARD = (LeadState.INQUIRY, LeadState.NEW, LeadState.WORKING, LeadState.TALKING, LeadState.QUALIFIED)


class OutcomeError(PlaybookError):
    """An outcome list that cannot be used; the text names the outcome and the fault."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome or a reply does.

    `state` None leaves the lead where it is. `next` names the rule of the next date; with "none" an open lead
    keeps the step it has. `next_kind` None keeps the kind. `suppress` is a channel ("call", "email") or "all",
    for the person. `reason` is the disqualify reason it stands for; `asks` what one more key must say. `track` is
    the reactive row of steps its drip turns to, where it has one; `softens` pauses the drips of their colleagues.
    """

    key: str
    digit: int
    label: str
    state: LeadState | None
    drip: str
    next: str
    next_kind: NextKind | None
    suppress: str | None
    positive: bool
    needs_confirm: bool
    asks: str | None
    reason: str | None
    word: str
    track: str | None
    softens: bool

    def state_after(self, now: LeadState) -> LeadState:
        """The state of a lead that was `now`: forward only, so that a no-answer keeps a talking lead talking."""
        if self.state is None:
            return now
        if self.state not in _FORWARD or now == LeadState.NURTURE:
            return self.state
        if now not in _FORWARD:
            return now
        return max(now, self.state, key=_FORWARD.index)


@dataclass(frozen=True, slots=True)
class Outcome(Effect):
    """The disposition of one dial. `mail` is the message that goes with it.

    With `ladder`, outside a drip, repeated dials without an answer come at `LADDER` and then rest for `REST` days.
    """

    phase: str
    contact: str
    strikes_number: bool
    needs_note: bool
    mail: str | None
    ladder: bool


@dataclass(frozen=True, slots=True)
class Reply(Effect):
    """A kind of incoming reply. Only those that `answers` count as replies in the figures."""

    strikes_address: bool
    answers: bool


class Outcomes(NamedTuple):
    """The playbook's lists, each in the order of its digits."""

    ring: tuple[Outcome, ...]
    wrap: tuple[Outcome, ...]
    replies: tuple[Reply, ...]
    skips: tuple[Option, ...]

    def by_key(self, key: str) -> Outcome | None:
        """The outcome of a call with this key."""
        return next((outcome for outcome in self.ring + self.wrap if outcome.key == key), None)

    def by_digit(self, phase: str, digit: int) -> Outcome | None:
        """The outcome under `digit` while ringing ("ring") or after the talk ("wrap")."""
        rows = self.ring if phase == "ring" else self.wrap
        return next((outcome for outcome in rows if outcome.digit == digit), None)

    def reply(self, word: str) -> Reply | None:
        """The reply with this key or digit."""
        return next((reply for reply in self.replies if word in (reply.key, str(reply.digit))), None)

    def skip(self, word: str) -> Option | None:
        """The reason for a skip with this key or digit."""
        return next((skip for skip in self.skips if word in (skip.key, str(skip.digit))), None)


def rung(unanswered: int) -> int:
    """The days until the next dial after this many in a row (from 1) that nobody answered."""
    return LADDER[unanswered - 1] if unanswered <= len(LADDER) else REST


def parse_outcomes(text: str) -> Outcomes:
    """The outcome, reply and skip lists that a TOML `text` holds. Raises `OutcomeError`."""
    top = read(text, "outcomes.toml", OutcomeError)
    top.only("outcome", "reply", "skip")
    outcomes, replies = top.tables("outcome", "outcome"), top.tables("reply", "reply")
    skips = top.tables("skip", "skip reason")
    refuse_twins(outcomes, "key")
    for phase in PHASES:
        refuse_twins((row for row in outcomes if row.values.get("phase") == phase), "digit")
    for rows in (replies, skips):
        refuse_twins(rows, "key", "digit")
    calls = sorted(map(_outcome, outcomes), key=lambda outcome: outcome.digit)
    return Outcomes(
        tuple(outcome for outcome in calls if outcome.phase == "ring"),
        tuple(outcome for outcome in calls if outcome.phase == "wrap"),
        tuple(sorted(map(_reply, replies), key=lambda reply: reply.digit)),
        tuple(sorted(map(_skip, skips), key=lambda skip: skip.digit)),
    )


def _outcome(row: Table) -> Outcome:
    row.only(*_EFFECT, "phase", "contact", "strikes_number", "needs_note", "mail", "ladder")
    return Outcome(
        **_effect(row),
        phase=row.one_of("phase", PHASES),
        contact=row.one_of("contact", CONTACTS),
        strikes_number=row.flag("strikes_number"),
        needs_note=row.flag("needs_note"),
        mail=row.optional_key("mail"),
        ladder=row.flag("ladder"),
    )


def _reply(row: Table) -> Reply:
    row.only(*_EFFECT, "strikes_address", "answers")
    counts = row.flag("answers") if "answers" in row.values else True
    return Reply(**_effect(row), strikes_address=row.flag("strikes_address"), answers=counts)


def _skip(row: Table) -> Option:
    row.only("key", "digit", "label")
    return Option(row.number("digit", 1, 9), row.key(), row.text("label", most=40))


def _effect(row: Table) -> dict[str, Any]:
    """The fields of an `Effect` by name."""
    state, kind = row.optional_word("state", LeadState), row.optional_word("next_kind", NextKind)
    following = row.one_of("next", NEXTS)
    _refuse_dead_ends(row, state, kind, following)
    return {
        "key": row.key(),
        "digit": row.number("digit", 1, 9),
        "label": row.text("label", most=40),
        "state": state,
        "drip": row.one_of("drip", DRIPS),
        "next": following,
        "next_kind": kind,
        "suppress": row.one_of("suppress", SUPPRESSIONS) if "suppress" in row.values else None,
        "positive": row.flag("positive"),
        "needs_confirm": row.flag("needs_confirm"),
        "asks": row.one_of("asks", ASKS) if "asks" in row.values else None,
        "reason": row.optional_key("reason"),
        "word": row.text("word", most=40),
        "track": row.one_of("track", TRACKS) if "track" in row.values else None,
        "softens": row.flag("softens"),
    }


def _refuse_dead_ends(row: Table, state: LeadState | None, kind: NextKind | None, following: str) -> None:
    if state is None:
        return
    if state in OPEN_STATES and (kind is None or following == "none"):
        raise row.fault(f"it leaves the lead {state} without a next step; give next and next_kind")
    if state not in OPEN_STATES and (kind is not None or following != "none"):
        raise row.fault(f'it closes the lead as {state}, so next must be "none" without a next_kind')
    if state == LeadState.DISQUALIFIED and "reason" not in row.values and row.values.get("asks") != "reason":
        raise row.fault('it disqualifies without a reason; give "reason" or asks = "reason"')
