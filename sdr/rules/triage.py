"""What to look at first: the inquiry gate, the response clock, the queue's band and the worth of a minute.

Reading the reasons for a verdict is `sdr.rules.reasons`; the words that explain the order are `sdr.rules.why`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from typing import NamedTuple

from sdr.models.terms import OPEN_STATES, Band, LeadState, NextKind, SourceType
from sdr.rules.economics import ENOUGH

QUALIFIERS = ("company", "title", "phone")

# Of leads of a grade that are worked, the share that qualifies, until the desk has its own count. A planning guess
# within the usual 10-25 % of inquiries that become leads sales will take (product.md 4.7).
PRIORS = {"A": 0.20, "B": 0.12, "C": 0.06, "D": 0.02}
ENGAGED = {"1": 1.25, "2": 1.0, "3": 0.8, "?": 1.0}
FADING = 0.9  # each further touch without an answer leaves this much of the chance

MINUTES = {
    NextKind.CALL: 4.0,
    NextKind.PROMISE: 6.0,
    NextKind.EMAIL: 2.0,
    NextKind.REPLY: 3.0,
    NextKind.RETURNED: 3.0,
    NextKind.HANDOFF: 2.0,
    NextKind.TRIAGE: 0.5,
    NextKind.COMPLETE: 2.0,
    NextKind.LINKEDIN: 2.0,
    NextKind.LETTER: 1.0,
}
OTHER_MINUTES = 3.0
VALUE = 500_000  # minor units: what a qualified lead is taken to be worth where nobody said

# Ranks are even steps of the logarithm between these, minor units a minute: each is about 12 % more than the last.
_LEAST, _MOST = 10.0, 1_000_000.0

_BANDS = {
    NextKind.TRIAGE: Band.NEW,
    NextKind.COMPLETE: Band.NEW,
    NextKind.PROMISE: Band.PROMISE,
    NextKind.MEETING: Band.PROMISE,
    NextKind.REPLY: Band.REPLY,
    NextKind.RETURNED: Band.RETURNED,
    NextKind.ANSWER: Band.RETURNED,  # shows once the executive's clock has run out
    NextKind.HANDOFF: Band.RETURNED,  # a qualified lead that nobody offers is a gap like a returned one
    NextKind.CALL: Band.CLOSING,
}


class Segment(NamedTuple):
    """What the worth of a lead's next step depends on.

    `touch_no` counts from 1; `value` is what a qualified lead of this source brings, minor units; `qualified` of
    `judged` are our own matured cases of this grade and touch.
    """

    grade: str
    kind: NextKind
    touch_no: int = 1
    value: int = VALUE
    qualified: int = 0
    judged: int = 0
    minutes: float | None = None


def missing_qualifiers(fields: Mapping[str, str | None]) -> tuple[str, ...]:
    """What an inquiry lacks to be a lead, by name; empty when it is one.

    A name and an e-mail address are not a lead yet: company, title or phone must be known too, any of them.
    """
    for name in QUALIFIERS:
        if (known := fields.get(name)) and known.strip():
            return ()
    return QUALIFIERS


def response_target(source_type: SourceType) -> str:
    """The response clock of a kind of source, a length of the rep's working time, unless the source has its own."""
    return {SourceType.HAND_RAISER: "5m", SourceType.INBOUND: "1h", SourceType.LIST: "1bd"}[source_type]


def band_of(
    kind: NextKind, source_type: SourceType | None, state: LeadState, *, clock_running: bool = False
) -> Band | None:
    """The static class of an open lead in the queue (product.md 3.3); None when nothing is owed.

    A hand-raiser is hot until the first touch: as inquiry or new, and later while `clock_running`. A call is
    `CLOSING`; whether its window closes today, and whether anything is due yet, is asked of the time by the queue.
    """
    if state not in OPEN_STATES:
        return None
    untouched = state in (LeadState.INQUIRY, LeadState.NEW) or clock_running
    if source_type == SourceType.HAND_RAISER and untouched:
        return Band.HOT
    return _BANDS.get(kind, Band.DUE)


def chance(segment: Segment) -> float:
    """The chance that this touch leads to a qualified lead; never 0 or 1.

    Our own share once `ENOUGH` cases are judged, else the grade's prior, fading with every touch.
    """
    if segment.judged >= ENOUGH:
        return min(max(segment.qualified, 0.5), segment.judged - 0.5) / segment.judged
    letter, engaged = segment.grade[:1], segment.grade[1:2]
    prior = PRIORS.get(letter, PRIORS["C"]) * ENGAGED.get(engaged, 1.0)
    return max(prior * float(FADING ** max(segment.touch_no - 1, 0)), 0.001)


def rank(segment: Segment) -> int:
    """The expected value per minute of a lead's next step as 0 (least) to 99.

    P(qualify | grade, touch) · value ÷ minutes of this kind (product.md 3.3), on a logarithmic scale, so that
    near-equal work shares a rank and is taken by due time.
    """
    minutes = segment.minutes or MINUTES.get(segment.kind, OTHER_MINUTES)
    worth = min(max(chance(segment) * segment.value / minutes, _LEAST), _MOST)
    return round(99 * log10(worth / _LEAST) / log10(_MOST / _LEAST))
