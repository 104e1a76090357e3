"""What a source should hear of its leads in a stretch of time: counts, reasons by count, and what people said.

The quotes come with the words that would say who it was; taking those out is the digest's business.
"""

from __future__ import annotations

from typing import NamedTuple

from sdr.store.session import Reader


class Quote(NamedTuple):
    """What somebody said, with the words that would say who it was."""

    text: str
    names: tuple[str, ...]


class Heard(NamedTuple):
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
_WITHIN = ">= :start AND {0} < :end"
# The leads of which something was heard, each part by an index of its own: a day of a million leads is a day.
_NEAR = f"""WITH near(id, worked) AS MATERIALIZED (SELECT id, max(worked) FROM (
  SELECT id, 0 AS worked FROM lead WHERE arrived_at {_WITHIN.format("arrived_at")}
  UNION SELECT id, 0 FROM lead WHERE qualified_at {_WITHIN.format("qualified_at")}
  UNION SELECT id, 0 FROM lead WHERE closed_at {_WITHIN.format("closed_at")}
  UNION SELECT lead_id, skipped = 0 FROM touch WHERE at {_WITHIN.format("at")}) GROUP BY id)"""

Reasons = tuple[tuple[str, int], ...]


def heard(db: Reader, start: int, end: int, source_id: int | None = ALL) -> tuple[Heard, ...]:
    """What was heard of each source's leads between two times, or of one source (None: leads without one)."""
    args = {"start": start, "end": end, "source": source_id}
    only = "" if source_id == ALL else "WHERE lead.source_id IS :source"
    within = "BETWEEN :start AND :end - 1"
    sql = f"""{_NEAR} SELECT source_id, source.name, source.owner, sum(arrived_at {within}),
      sum(coalesce(qualified_at {within}, 0)), sum(worked) FROM near CROSS JOIN lead USING (id)
      LEFT JOIN source ON source.id = lead.source_id {only} GROUP BY 1 ORDER BY source.name COLLATE NOCASE"""
    reasons, quotes = _reasons(db, args), _quotes(db, args)
    return tuple(
        Heard(
            source_id=source,
            name=name or "no source",
            owner=owner,
            arrived=arrived,
            worked=worked,
            qualified=qualified,
            rejected=reasons.get((source, "rejected"), ()),
            disqualified=reasons.get((source, "disqualified"), ()),
            quotes=quotes.get(source, ()),
        )
        for source, name, owner, arrived, qualified, worked in db.execute(sql, args).fetchall()
    )


def _reasons(db: Reader, args: dict[str, int | None]) -> dict[tuple[int | None, str], Reasons]:
    sql = """SELECT source_id, state, coalesce(reason, 'no reason kept'), count(*) FROM lead
      WHERE state IN ('rejected', 'disqualified') AND closed_at >= :start AND closed_at < :end
      GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3"""
    found: dict[tuple[int | None, str], Reasons] = {}
    for source, state, reason, count in db.execute(sql, args):
        found[source, state] = (*found.get((source, state), ()), (reason, count))
    return found


def _quotes(db: Reader, args: dict[str, int | None]) -> dict[int | None, tuple[Quote, ...]]:
    sql = f"""SELECT source_id, text, {_NAMES} FROM (SELECT lead_id, text, row_number() OVER
        (PARTITION BY lead.source_id ORDER BY event.at DESC, event.id DESC) AS place
        FROM event JOIN lead ON lead.id = event.lead_id
        WHERE event.kind = 'said' AND event.at >= :start AND event.at < :end AND event.text <> '')
      JOIN lead ON lead.id = lead_id WHERE place <= {MOST_QUOTES} ORDER BY place"""
    found: dict[int | None, tuple[Quote, ...]] = {}
    for source, text, *names in db.execute(sql, args):
        found[source] = (*found.get(source, ()), Quote(text, tuple(word for word in names if word)))
    return found
