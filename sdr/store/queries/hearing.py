"""What a source should hear of its leads in a stretch of time: counts, reasons by count, and what people said.

The quotes come with the words that would say who it was; taking those out is the digest's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sdr.store.session import Reader


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, with the words that would say who it was."""

    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a source's leads in a stretch of time; reasons as (key, count), most first."""

    source_id: int | None
    name: str
    owner: str | None
    arrived: int
    worked: int
    qualified: int
    rejected: tuple[tuple[str, int], ...]
    disqualified: tuple[tuple[str, int], ...]
    quotes: tuple[Quote, ...]


ALL = -1  # of `heard`: every source that something was heard of
MOST_QUOTES = 3
_NAMES = "lead.name, lead.first_name, lead.last_name, lead.company, lead.email"


def heard(db: Reader, start: int, end: int, source_id: int | None = ALL) -> tuple[Heard, ...]:
    """What was heard of each source's leads between two times, or of one source (None: leads without one)."""
    args = {"start": start, "end": end, "source": source_id}
    only = "" if source_id == ALL else " AND lead.source_id IS :source"
    within = "BETWEEN :start AND :end - 1"
    sql = f"""SELECT source_id, source.name, source.owner, sum(arrived_at {within}),
      sum(coalesce(qualified_at {within}, 0)) FROM lead LEFT JOIN source ON source.id = lead.source_id
      WHERE (arrived_at {within} OR qualified_at {within} OR closed_at {within} OR lead.id IN
        (SELECT lead_id FROM touch WHERE at {within})){only} GROUP BY 1 ORDER BY source.name COLLATE NOCASE"""
    return tuple(_heard(db, row, args | {"source": row[0]}) for row in db.execute(sql, args).fetchall())


def _heard(db: Reader, row: Any, args: dict[str, int | None]) -> Heard:
    return Heard(
        source_id=row[0],
        name=row[1] or "no source",
        owner=row[2],
        arrived=row[3],
        worked=_worked(db, args),
        qualified=row[4],
        rejected=_reasons(db, "rejected", args),
        disqualified=_reasons(db, "disqualified", args),
        quotes=_quotes(db, args),
    )


def _worked(db: Reader, args: dict[str, int | None]) -> int:
    sql = """SELECT count(DISTINCT touch.lead_id) FROM touch JOIN lead ON lead.id = touch.lead_id
      WHERE touch.at >= :start AND touch.at < :end AND touch.skipped = 0 AND lead.source_id IS :source"""
    return int(db.execute(sql, args).fetchone()[0])


def _reasons(db: Reader, state: str, args: dict[str, int | None]) -> tuple[tuple[str, int], ...]:
    sql = f"""SELECT coalesce(reason, 'no reason kept'), count(*) FROM lead WHERE source_id IS :source
      AND state = '{state}' AND closed_at >= :start AND closed_at < :end GROUP BY 1 ORDER BY 2 DESC, 1"""
    return tuple((row[0], row[1]) for row in db.execute(sql, args))


def _quotes(db: Reader, args: dict[str, int | None]) -> tuple[Quote, ...]:
    sql = f"""SELECT event.text, {_NAMES} FROM event JOIN lead ON lead.id = event.lead_id
      WHERE event.kind = 'said' AND event.at >= :start AND event.at < :end AND lead.source_id IS :source
      AND event.text <> '' ORDER BY event.at DESC, event.id DESC LIMIT {MOST_QUOTES}"""
    return tuple(Quote(row[0], tuple(word for word in row[1:] if word)) for row in db.execute(sql, args))
