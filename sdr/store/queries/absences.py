"""Days on which nobody works here: the whole company's closures, and one rep's time off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sdr.store import rows
from sdr.store.queries.reading import every
from sdr.store.session import Reader

MOST_DAYS = 3_660  # of one absence: a slip in a year must not fill the memory


def overlapping(db: Reader, rep_id: int | None, first: date, last: date) -> tuple[rows.Absence, ...]:
    """Absences of the rep and of the whole company that touch `first` to `last` (both included), earliest first.

    Without a rep: the company's alone.
    """
    sql = "SELECT * FROM absence WHERE (rep_id IS NULL OR rep_id=?) AND to_day>=? AND from_day<=? ORDER BY from_day, id"
    return every(db, rows.Absence, sql, (rep_id, first.isoformat(), last.isoformat()))


def closed_days(db: Reader, rep_id: int | None, first: date, last: date, *, uncovered: bool = False) -> frozenset[date]:
    """The days from `first` to `last` (both included) on which the company is closed or the rep is away.

    `uncovered` leaves out absences in which somebody else does the rep's touches.
    """
    found = overlapping(db, rep_id, first, last)
    counted = (one for one in found if one.cover_id is None or not uncovered)
    return frozenset(day for one in counted for day in _days(one, first, last))


def own(db: Reader, rep_id: int) -> tuple[rows.Absence, ...]:
    """Every absence of a rep, the newest first."""
    return every(db, rows.Absence, "SELECT * FROM absence WHERE rep_id=? ORDER BY from_day DESC, id DESC", (rep_id,))


def to_give_back(db: Reader, today: date) -> tuple[rows.Absence, ...]:
    """The absences of this desk's rep that a colleague covered, that ended before `today` and are not marked yet."""
    sql = """SELECT * FROM absence WHERE rep_id=(SELECT min(id) FROM rep) AND cover_id IS NOT NULL AND label IS NULL
      AND to_day < ? ORDER BY from_day"""
    return every(db, rows.Absence, sql, (today.isoformat(),))


def covered_leads(db: Reader, one: rows.Absence) -> tuple[rows.Lead, ...]:
    """The open leads that went to a colleague for this absence and are still theirs."""
    sql = """SELECT lead.* FROM event JOIN lead ON lead.id=event.lead_id
      WHERE event.at=:at AND event.kind='covered' AND json_extract(event.detail, '$.absence')=:id
      AND lead.owner_id=:cover AND lead.queue_band IS NOT NULL ORDER BY lead.rank DESC, lead.due_at, lead.id"""
    return every(db, rows.Lead, sql, {"at": one.made_at, "id": str(one.id), "cover": one.cover_id})


def days_of(one: rows.Absence) -> frozenset[date]:
    """The days of an absence."""
    return frozenset(_days(one, date.fromisoformat(one.from_day), date.fromisoformat(one.to_day)))


def _days(one: rows.Absence, first: date, last: date) -> Iterator[date]:
    start = max(first, date.fromisoformat(one.from_day))
    end = min(last, date.fromisoformat(one.to_day))
    for number in range(min((end - start).days + 1, MOST_DAYS)):
        yield start + timedelta(days=number)
