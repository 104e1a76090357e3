"""Every pair of one sure reason merged at once, a stretch at a time. Each merge is an act of its own, and comes apart
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sdr.desk import merging, suspecting
from sdr.models.terms import Refused
from sdr.rules.likeness import SURE
from sdr.store.changes import Change
from sdr.store.queries.doubles import Pair
from sdr.store.session import Session

AT_ONCE = 200  # pairs of one transaction, so that a key pressed meanwhile is heard soon


def sure_reason(pair: Pair) -> str | None:
    """The reason for which pairs like this are merged without a look at each; `None` when each wants its look."""
    return pair.reasons[0] if len(pair.reasons) == 1 and pair.reasons[0] in SURE else None


def story(pairs: Iterable[Pair], now: datetime) -> Callable[[Session], Iterator[Change | Refused]]:
    """The merges of these pairs, one after the other; one that is no longer sure, or was dealt with, is passed over."""

    def told(session: Session) -> Iterator[Change | Refused]:
        for pair in pairs:
            if merging.still_two(session, pair.a, pair.b) and suspecting.likeness(session, pair.a, pair.b).sure:
                yield merging.merge(session, pair.a, pair.b, now)

    return told
