"""The filter language as SQL over `lead` (joined with `source`): every value is a bound parameter.

Text fields match the beginning of the folded value. Words are asked of a row's own key and of its notes, the same
way the search index cuts them, so that a walk and the index find the same leads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sdr.models.terms import Band, ms
from sdr.rules.filter_times import RANGE
from sdr.rules.filtering import ME, NOBODY, Filter, Op, Span, Term, resolve
from sdr.rules.searching import Condition, conditions
from sdr.store.queries.matching import AT_HAND, match_of
from sdr.store.queries.queue import Narrowed, Typed

_TEXT = {
    "source": "source.name",
    "account": "lead.company",
    "company": "lead.company",
    "country": "lead.country",
    "region": "lead.region",
    "city": "lead.city",
    "title": "lead.title",
    "industry": "lead.industry",
    "grade": "lead.grade",
    "owner": "(SELECT name FROM rep WHERE rep.id = lead.owner_id)",
    "campaign": "lead.campaign",
    "seniority": "lead.seniority",
    "department": "lead.department",
    "reason": "lead.reason",
    "email": "lead.email",
    "phone": "ltrim(lead.phone, '+')",
}
_TIME = {"arrived": "lead.arrived_at", "due": "lead.due_at", "touched": "lead.last_at"}
_HAS = {"due": "lead.due_at", "touched": "lead.last_at", "owner": "lead.owner_id"}
_MINE = "lead.owner_id = (SELECT min(id) FROM rep)"
_OWNERS = {ME: _MINE, NOBODY: "lead.owner_id IS NULL"}
_IS = {
    "open": "lead.queue_band IS NOT NULL",
    "mine": _MINE,
    "due": "lead.due_at <= :now",
    "late": """(lead.queue_band IN (0, 1) AND lead.due_at < :now OR lead.queue_band = 6 AND lead.close_at <= :now
      OR lead.queue_band = 7 AND lead.due_at < :now - 86400000)""",
    # The due touch of a running drip is a day late and must be done before the ones behind it can come.
    "stalled": """(lead.queue_band IS NOT NULL AND lead.due_at < :now - 86400000
      AND lead.next_kind IN ('call', 'mail', 'linkedin', 'letter', 'touch')
      AND EXISTS (SELECT 1 FROM enrollment JOIN cadence ON cadence.id = enrollment.cadence_id
        WHERE enrollment.lead_id = lead.id AND enrollment.state = 'active'
        AND holds_up(cadence.text, enrollment.step_no, enrollment.track)))""",
    # Exactly one touch, no verdict, nothing scheduled: only the question what then is left (product.md 4.2). Most
    # leads fail at their own row, so that few touches are looked up.
    "one-and-done": """lead.state IN ('working', 'talking') AND lead.next_kind IN ('triage', 'complete')
      AND (SELECT count(*) FROM (SELECT 1 FROM touch WHERE lead_id = lead.id AND skipped = 0 LIMIT 2)) = 1
      AND NOT EXISTS (SELECT 1 FROM enrollment WHERE lead_id = lead.id AND state = 'active')
      AND NOT EXISTS (SELECT 1 FROM promise WHERE lead_id = lead.id AND kept_at IS NULL AND dropped_at IS NULL)""",
    "unanswered": "lead.respond_by < :now AND lead.first_touch_at IS NULL AND lead.queue_band IS NOT NULL",
}


# Notes are few beside leads, and most leads have none: their own index says so without a look at the events.
_NOTED = """EXISTS (SELECT 1 FROM event INDEXED BY event_words
  WHERE event.lead_id = lead.id AND event.search_key IS NOT NULL AND instr(' ' || event.search_key, {0}))"""


class _Writer:
    """Collects parameters."""

    def __init__(self, now: int) -> None:
        self.args: dict[str, Any] = {"now": now}

    def bind(self, value: object) -> str:
        name = f"f{len(self.args)}"
        self.args[name] = value
        return f":{name}"


def narrowed(wanted: Filter, now: datetime, zone: str) -> Narrowed:
    """`wanted` at `now`; days begin in `zone`, the rep's."""
    writer = _Writer(ms(now))
    terms = resolve(wanted, now, zone)
    typed = conditions([term.values[0] for term in wanted.terms if _is_typed(term)])
    rest = " AND ".join(_condition(writer, term) for term in terms if isinstance(term, Span) or not _is_typed(term))
    words = " AND ".join(_found(writer, condition) for condition in typed)
    sql = " AND ".join(filter(None, (words, rest)))
    return Narrowed(sql, tuple(writer.args.items()), _bands(wanted), _typed(typed, words) if typed else None, rest)


def _typed(wanted: tuple[Condition, ...], words: str) -> Typed:
    phrases = [phrase for condition in wanted for way in condition for phrase in way]
    match, near = match_of(wanted), match_of(wanted, cut=AT_HAND)
    together = words if any(" " in phrase for phrase in phrases) else ""
    return Typed(match, near, together if match == near else words, together, phrases[0])


def _bands(wanted: Filter) -> frozenset[Band]:
    """The classes of the queue in which a lead can pass `wanted`: the rest is not worth looking through."""
    left = frozenset(Band)
    for term in wanted.terms:
        if term.negated:
            continue
        if term.field == "band":
            left &= {_band_named(value) for value in term.values}
        elif term.field == "is" and term.values == ("late",):
            left &= {Band.HOT, Band.PROMISE, Band.CLOSING, Band.DUE}
    return left


def _band_named(word: str) -> Band:
    return Band[word.upper().replace("-", "_")]


def _is_typed(term: Term) -> bool:
    return term.field == "text" and not term.negated


def _condition(writer: _Writer, term: Term | Span) -> str:
    sql = _span(writer, term) if isinstance(term, Span) else _term(writer, term)
    return f"NOT coalesce({sql}, 0)" if term.negated else f"({sql})"


def _found(writer: _Writer, condition: Condition) -> str:
    """Whether a lead's row, or one of its notes, has what was typed."""
    ways = (" AND ".join(_stands(writer.bind(f" {phrase}")) for phrase in way) for way in condition)
    return f"({' OR '.join(f'({way})' for way in ways)})"


def _stands(phrase: str) -> str:
    return f"(instr(' ' || lead.search_key, {phrase}) OR {_NOTED.format(phrase)})"


def _span(writer: _Writer, span: Span) -> str:
    column = _TIME[span.field]
    ranges = []
    for start, end in span.ranges:
        bounds = [f"{column} >= {writer.bind(start)}"] if start is not None else []
        bounds += [f"{column} < {writer.bind(end)}"] if end is not None else []
        ranges.append(" AND ".join(bounds) or "1")
    return " OR ".join(f"({one})" for one in ranges)


def _term(writer: _Writer, term: Term) -> str:
    if term.field == "text":
        return " AND ".join(_found(writer, one) for one in conditions(term.values)) or "0"
    if term.field == "score":
        return " OR ".join(_number(writer, "lead.score", term, value) for value in term.values)
    if term.field == "is":
        return " OR ".join(_IS[value] for value in term.values)
    if term.field == "has":
        return " OR ".join(f"coalesce({_HAS.get(value, f'lead.{value}')}, '') <> ''" for value in term.values)
    if term.field == "state":
        return f"lead.state IN ({','.join(writer.bind(value) for value in term.values)})"
    if term.field == "band":
        return f"lead.queue_band IN ({','.join(str(int(_band_named(value))) for value in term.values)})"
    if term.field == "tag":
        marks = " OR ".join(_begins(writer, "json_each.value", value) for value in term.values)
        return f"EXISTS (SELECT 1 FROM json_each(coalesce(lead.tags, '[]')) WHERE {marks})"
    known = _OWNERS if term.field == "owner" else {}
    return " OR ".join(known.get(value) or _begins(writer, _TEXT[term.field], value) for value in term.values)


def _number(writer: _Writer, column: str, term: Term, value: str) -> str:
    first, _, last = value.partition(RANGE)
    if last:
        return f"{column} BETWEEN {writer.bind(int(first))} AND {writer.bind(int(last))}"
    return f"{column} {'=' if term.op is Op.IS else term.op.value} {writer.bind(int(first))}"


def _begins(writer: _Writer, column: str, value: str) -> str:
    return f"substr(folded({column}), 1, {len(value)}) = {writer.bind(value)}"
