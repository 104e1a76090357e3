"""Sources held to what was agreed: what they delivered, what came of it, what it cost, and the rows behind each number.

Cohorts are by the lead's own time (`arrived_at`, ms UTC, end excluded). Leads without a source are a row of their
own. A lead that was merged away was delivered and paid for, and has no verdict. What the rates and costs mean is
`sdr.rules.economics`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sdr.models.terms import Channel, NextKind
from sdr.rules.economics import Cost, Rate, cost_per_qualified, price_ceiling, rate
from sdr.rules.triage import MINUTES, OTHER_MINUTES, VALUE
from sdr.store import rows
from sdr.store.queries.handoffs import TAKEN
from sdr.store.queries.reading import every, one
from sdr.store.session import Reader
from sdr.store.tallies import HOUR

FOREVER = 1 << 62  # an end that is none
NO_SOURCE = "no source"
GOOD = ("qualified", "offered", "accepted", "opportunity", "won", "lost")
_KIND = {
    Channel.CALL: NextKind.CALL,
    Channel.EMAIL: NextKind.EMAIL,
    Channel.LINKEDIN: NextKind.LINKEDIN,
    Channel.LETTER: NextKind.LETTER,
    Channel.POSTCARD: NextKind.LETTER,
}
_ARRIVED = "lead INDEXED BY lead_arrived"  # few at either end of a cohort, whatever else the planner might prefer
_COHORT = "lead.arrived_at >= :start AND lead.arrived_at < :end"


class Line(NamedTuple):
    """One source of the report.

    `touched` is of the leads that were to be touched (not rejected unread, not merged); `qualified` of those with
    a verdict, judged by the target; `accepted` of those offered. `cost` is what one qualified lead cost with
    touches and the rep's `minutes`, `ceiling` the most a lead is worth, both in minor units of `currency`.
    `lacks` names what was never agreed.
    """

    id: int | None
    name: str
    source: rows.Source | None
    delivered: int
    touched: Rate
    qualified: Rate
    still_open: int
    merged: int
    accepted: Rate
    cost: Cost
    cost_accepted: Cost
    currency: str
    minutes: int
    ceiling: int
    rejected: tuple[tuple[str, int], ...]
    disqualified: tuple[tuple[str, int], ...]
    lacks: tuple[str, ...]


class Pace(NamedTuple):
    """Our side of a source: median minutes to the first touch (None: none yet), grade-A leads never touched."""

    first_touch: int | None
    untouched_a: int


@dataclass(slots=True)
class _Sums:
    """What is added up about one source while the report is read."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: {"rejected": Counter(), "disqualified": Counter()})
    touched: int = 0
    unread: int = 0
    spend: int = 0
    touch_cost: int = 0
    minutes: float = 0
    offered: int = 0
    accepted: int = 0


def listed(db: Reader) -> tuple[rows.Source, ...]:
    """Every source, by name."""
    return every(db, rows.Source, "SELECT * FROM source ORDER BY name COLLATE NOCASE")


def by_name(db: Reader, name: str) -> rows.Source | None:
    """The source of this name, whatever its case."""
    return one(db, rows.Source, "SELECT * FROM source WHERE name=? COLLATE NOCASE", (name.strip(),))


def report(db: Reader, start: int = 0, end: int = FOREVER, *, hour_cost: int = 0) -> tuple[Line, ...]:
    """A line for each source that has leads in the cohort or was named; "no source" last.

    `hour_cost` is what an hour of the rep costs, minor units; 0 leaves the rep's time out of the money.
    """
    sums = _sums(db, {"start": start, "end": end})
    known: list[rows.Source | None] = [*listed(db)]
    if None in sums:
        known.append(None)
    return tuple(_line(source, sums.get(source.id if source else None, _Sums()), hour_cost) for source in known)


def report_one(
    db: Reader, source_id: int | None, start: int = 0, end: int = FOREVER, *, hour_cost: int = 0
) -> Line | None:
    """The line of one source (None: the leads without one), or `None` when there is no such source."""
    source = one(db, rows.Source, "SELECT * FROM source WHERE id=?", (source_id,))
    if source is None and source_id is not None:
        return None
    sums = _sums(db, {"start": start, "end": end, "source": source_id})
    return _line(source, sums.get(source_id, _Sums()), hour_cost)


def _sums(db: Reader, args: dict[str, Any]) -> dict[int | None, _Sums]:
    """Whole hours are added up from their tallies, what lies outside of them at either end from the rows."""
    first, last = -(-args["start"] // HOUR), min(args["end"], FOREVER) // HOUR
    found: dict[int | None, _Sums] = {}
    only = {"source": args["source"]} if "source" in args else {}
    if first < last:
        _add_tallies(db, {"first": first, "last": last, **only}, found)
    ends = (
        ((args["start"], first * HOUR), (last * HOUR, args["end"])) if first < last else ((args["start"], args["end"]),)
    )
    which = f"{_COHORT}{' AND lead.source_id IS :source' if only else ''}"
    for start, end in ends:
        if start < end < FOREVER:
            _add_states(db, which, {"start": start, "end": end, **only}, found)
            _add_work(db, which, {"start": start, "end": end, **only}, found)
            _add_handoffs(db, which, {"start": start, "end": end, **only}, found)
    return found


def _add_tallies(db: Reader, args: dict[str, Any], found: dict[int | None, _Sums]) -> None:
    of = "hour >= :first AND hour < :last" + (" AND source_id = coalesce(:source, 0)" if "source" in args else "")
    sql = f"""SELECT source_id, state, reason, touched, sum(leads), sum(tally.cost)
        + (sum(leads) - sum(priced)) * coalesce(source.cost_minor, 0)
      FROM tally LEFT JOIN source ON source.id = source_id WHERE {of} GROUP BY 1, 2, 3, 4 HAVING sum(leads)"""
    for source_id, state, reason, touched, count, spend in db.execute(sql, args):
        _count_state(found.setdefault(source_id or None, _Sums()), state, reason, touched, count, spend)
    sql = f"""SELECT source_id, channel, sum(touches), sum(cost) FROM tally_work WHERE {of}
      GROUP BY 1, 2 HAVING sum(touches)"""
    for source_id, channel, count, cost in db.execute(sql, args):
        _count_work(found.setdefault(source_id or None, _Sums()), channel, count, cost)
    sql = f"""SELECT source_id, sum(offered), sum(accepted) FROM tally_handed WHERE {of}
      GROUP BY 1 HAVING sum(offered)"""
    for source_id, offered, accepted in db.execute(sql, args):
        _count_handed(found.setdefault(source_id or None, _Sums()), offered, accepted)


def _add_states(db: Reader, where: str, args: dict[str, Any], found: dict[int | None, _Sums]) -> None:
    sql = f"""SELECT source_id, state, lead.reason, first_touch_at IS NOT NULL, count(*),
      sum(coalesce(lead.cost_minor, source.cost_minor, 0))
      FROM {_ARRIVED} LEFT JOIN source ON source.id = lead.source_id WHERE {where} GROUP BY 1, 2, 3, 4"""
    for source_id, *counted in db.execute(sql, args):
        _count_state(found.setdefault(source_id, _Sums()), *counted)


def _count_state(sums: _Sums, state: str, reason: str | None, touched: int, count: int, spend: int) -> None:
    sums.states[state] += count
    sums.spend += spend
    if state in sums.reasons:
        sums.reasons[state][reason or "no reason kept"] += count
    if state != "merged":
        sums.touched += count if touched else 0
        sums.unread += count if state == "rejected" and not touched else 0


def _add_work(db: Reader, where: str, args: dict[str, Any], found: dict[int | None, _Sums]) -> None:
    sql = f"""SELECT lead.source_id, touch.channel, count(*), sum(coalesce(touch.cost_minor, 0))
      FROM {_ARRIVED} CROSS JOIN touch ON touch.lead_id = lead.id WHERE {where} AND touch.skipped=0 GROUP BY 1, 2"""
    for source_id, *counted in db.execute(sql, args):
        _count_work(found.setdefault(source_id, _Sums()), *counted)


def _count_work(sums: _Sums, channel: str, count: int, cost: int) -> None:
    kind = _KIND.get(Channel(channel)) if channel in set(Channel) else None
    sums.minutes += count * (MINUTES[kind] if kind else OTHER_MINUTES)
    sums.touch_cost += cost


def _add_handoffs(db: Reader, where: str, args: dict[str, Any], found: dict[int | None, _Sums]) -> None:
    taken = ",".join(f"'{state}'" for state in TAKEN)
    sql = f"""SELECT lead.source_id, count(DISTINCT lead.id),
      count(DISTINCT CASE WHEN handoff.state IN ({taken}) THEN lead.id END)
      FROM {_ARRIVED} CROSS JOIN handoff ON handoff.lead_id = lead.id WHERE {where} GROUP BY 1"""
    for source_id, offered, accepted in db.execute(sql, args):
        _count_handed(found.setdefault(source_id, _Sums()), offered, accepted)


def _count_handed(sums: _Sums, offered: int, accepted: int) -> None:
    sums.offered += offered
    sums.accepted += accepted


def _line(source: rows.Source | None, sums: _Sums, hour_cost: int) -> Line:
    good = sum(sums.states[state] for state in GOOD)
    judged = good + sums.states["rejected"] + sums.states["disqualified"]
    delivered = sums.states.total()
    merged, minutes = sums.states["merged"], round(sums.minutes)
    outlay = {"touches": sums.touch_cost, "minutes": minutes, "hour_cost": hour_cost}
    share = good / judged if judged else 0.0
    return Line(
        id=source.id if source else None,
        name=source.name if source else NO_SOURCE,
        source=source,
        delivered=delivered,
        touched=rate(sums.touched, delivered - merged - sums.unread),
        qualified=rate(good, judged, source.target if source else None),
        still_open=delivered - judged - merged,
        merged=merged,
        accepted=rate(sums.accepted, sums.offered),
        cost=cost_per_qualified(sums.spend, good, **outlay),
        cost_accepted=cost_per_qualified(sums.spend, sums.accepted, **outlay),
        currency=source.currency if source else "USD",
        minutes=minutes,
        ceiling=price_ceiling(share, VALUE, sums.minutes / delivered if delivered else 0, hour_cost / 60),
        rejected=tuple(sums.reasons["rejected"].most_common()),
        disqualified=tuple(sums.reasons["disqualified"].most_common()),
        lacks=_lacks(source),
    )


def _lacks(source: rows.Source | None) -> tuple[str, ...]:
    if source is None:
        return ("source",)
    wanted = (("price", source.cost_minor), ("target", source.target))
    return tuple(word for word, value in wanted if value is None)


# --- the rows behind a number ----------------------------------------------------------------------------------

_HANDED = "EXISTS (SELECT 1 FROM handoff WHERE handoff.lead_id = lead.id{})"
_WHICH = {
    "delivered": "1",
    "touched": "first_touch_at IS NOT NULL AND state <> 'merged'",
    "untouched": "first_touch_at IS NULL AND state NOT IN ('merged', 'rejected')",
    "judged": f"state IN {(*GOOD, 'rejected', 'disqualified')}",
    "qualified": f"state IN {GOOD}",
    "open": f"state NOT IN {(*GOOD, 'rejected', 'disqualified', 'merged')}",
    "rejected": "state = 'rejected'",
    "disqualified": "state = 'disqualified'",
    "merged": "state = 'merged'",
    "offered": _HANDED.format(""),
    "accepted": _HANDED.format(f" AND handoff.state IN {tuple(str(state) for state in TAKEN)}"),
}
BEHIND = tuple(_WHICH)


def rows_behind(db: Reader, source_id: int | None, which: str, start: int = 0, end: int = FOREVER) -> tuple[int, ...]:
    """The leads behind a number of a source's line, newest first; `which` is one of `BEHIND`.

    `rejected:KEY` and `disqualified:KEY` are those with that reason. An unknown word raises `KeyError`.
    """
    family, _colon, reason = which.partition(":")
    because = " AND coalesce(reason, 'no reason kept') = :reason" if reason else ""
    sql = f"""SELECT id FROM lead WHERE source_id IS :source AND {_COHORT} AND {_WHICH[family]}{because}
      ORDER BY arrived_at DESC, id DESC"""
    args = {"source": source_id, "start": start, "end": end, "reason": reason}
    return tuple(row[0] for row in db.execute(sql, args))


def pace(db: Reader, source_id: int | None, start: int = 0, end: int = FOREVER) -> Pace:
    """How quickly we were there for a source's leads."""
    args = {"source": source_id, "start": start, "end": end}
    where = f"FROM lead WHERE source_id IS :source AND {_COHORT} AND state <> 'merged'"
    waited = sorted(
        row[0] for row in db.execute(f"SELECT first_touch_at - arrived_at {where} AND first_touch_at IS NOT NULL", args)
    )
    best = f"SELECT count(*) {where} AND first_touch_at IS NULL AND grade GLOB 'A*' AND queue_band IS NOT NULL"
    missed = int(db.execute(best, args).fetchone()[0])
    return Pace(max(0, waited[(len(waited) - 1) // 2]) // 60_000 if waited else None, missed)
