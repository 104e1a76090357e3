"""One lead of a list as a row: its mark by state, and the words of its columns."""

from __future__ import annotations

from datetime import datetime

from sdr.models.terms import Band, LeadState, at, ms
from sdr.rules.spoken import ago
from sdr.screens.columns import Cells
from sdr.screens.look import Marks
from sdr.store.queries.listing import Listed

LOST = (LeadState.REJECTED, LeadState.DISQUALIFIED, LeadState.LOST)
WON = (LeadState.QUALIFIED, LeadState.OFFERED, LeadState.ACCEPTED, LeadState.OPPORTUNITY, LeadState.WON)


def cells(row: Listed, now: datetime, signs: Marks) -> Cells:
    """Name, account, state, source, last touch (or arrival), grade."""
    mark, look = mark_of(row, ms(now), signs)
    closed = "dim" if row.state in LOST else ""
    texts = (row.name, row.company or "", row.state, row.source or "", last_words(row, now), row.grade)
    return Cells(texts, (closed, closed, look if look == "late" else "dim", "dim", "dim", "dim"), mark, look)


def mark_of(row: Listed, now: int, signs: Marks) -> tuple[str, str]:
    """The row's mark and its look at `now` (ms UTC): lost, late, returned, due, won, or later."""
    if row.state in LOST:
        return signs.no, "dim"
    due = row.due_at is not None and row.due_at <= now
    if due and row.band in (Band.HOT, Band.PROMISE):
        return signs.late, "late"
    if row.band == Band.RETURNED:
        return signs.returned, "soon"
    if row.state in WON:
        return signs.done, "done"
    return (signs.due, "") if due else (signs.later, "dim")


def last_words(row: Listed, now: datetime) -> str:
    """What was done last and how long ago; of an untouched lead, when it came."""
    if row.last_at is not None:
        return f"{row.last_kind or 'touch'} {ago(at(row.last_at), now)}"
    return f"came {ago(at(row.arrived_at), now)}"
