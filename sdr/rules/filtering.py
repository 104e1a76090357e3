"""The one filter language of the lists, of work on what they leave, and of the command: docs/filter.md is this text.

It parses; the store compiles to SQL.

acme pumps            every word begins one of name, company, title, address, number or note, in any order
"acme pumps"          these words together
600 00 00 01          a number from its start, abroad or at home, however it is written; or its last four digits
city:madrid           the field begins with the value (case and accents do not matter)
state:new,working     any of the values; quotes keep blanks and commas: company:"Acme, Inc."
score>=50  score<20   numbers: > >= < <= and : for equal
score:50..80          from one number to another, both included
arrived>2026-01-01    times: a date, a moment (2026-01-01T09:30), today, tomorrow, yesterday, now,
due:today  due<+3d    or a distance from now: -2h, +3d, -2w; `:` means "on that day"
touched:friday        a weekday: of due the next one, of the others the last one; today is one of its own
due:..friday          from one time to another, both included; an end may be left out: arrived:-7d..
owner:me              yours; owner:nobody is nobody's; else a name begins with the value
#tag                  the same as tag:tag
is:open               open mine late due unanswered; stalled: steps of its drip wait behind an overdue one;
                      one-and-done: a single touch, no verdict, and nothing planned
has:phone             the field is filled; -has:touched was never touched
-state:lost  -acme    a minus before any term: not
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sdr.models.terms import Band, LeadState, zone_of
from sdr.rules.filter_times import RANGE, between, bounds, flaw_of
from sdr.rules.text import folded

TEXTS = (
    "source",
    "account",
    "company",
    "country",
    "region",
    "city",
    "title",
    "industry",
    "grade",
    "owner",
    "campaign",
    "seniority",
    "department",
    "tag",
    "reason",
    "email",
    "phone",
)
NUMBERS = ("score",)
TIMES = ("arrived", "due", "touched")
# Fields with a closed list of values; a prefix of one is enough.
CHOICES = {
    "state": tuple(LeadState),
    "band": tuple(band.name.lower().replace("_", "-") for band in Band),
    "is": ("open", "mine", "late", "due", "unanswered", "stalled", "one-and-done"),
    "has": (
        "phone", "email", "linkedin", "title", "company", "website", "country", "city", "due", "campaign", "touched",
        "owner",
    ),
}  # fmt: skip
FIELDS = (*CHOICES, *TEXTS, *NUMBERS, *TIMES)
LONGEST = 2_000  # characters of a filter
MOST_TERMS, MOST_VALUES = 60, 60  # conditions of a filter, and values of one

_TERM = re.compile(
    r'(?P<minus>-?)(?:(?P<hash>#)|(?P<field>[A-Za-z_]+)(?P<op>:?(?:>=|<=|>|<)|:))?(?P<rest>(?:"[^"]*"|[^\s"])*)'
)
_VALUE = re.compile(r'(?:"[^"]*"|[^,"])+')
ME, NOBODY = "me", "nobody"  # owners who are not looked for by name
_NUMBERS = re.compile(r"-?[0-9]{1,9}(\.\.-?[0-9]{1,9})?")


class Op(StrEnum):
    """How a term compares."""

    IS = ":"
    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="


class Term(NamedTuple):
    """One condition. `field` is one of `FIELDS`, or "text" for words; any of `values` will do.

    Values of text fields are folded prefixes, of "text" folded words or phrases, of `CHOICES` the full words;
    numbers are digits (two of them with `RANGE` between), times as typed (`resolve` turns them into `Span`s).
    """

    field: str
    op: Op
    values: tuple[str, ...]
    negated: bool = False


class Span(NamedTuple):
    """A time condition in milliseconds UTC: inside any of `ranges`, each from (included) to (excluded)."""

    field: str
    ranges: tuple[tuple[int | None, int | None], ...]
    negated: bool = False


class Filter(NamedTuple):
    """All terms must hold; no terms is everything."""

    terms: tuple[Term, ...] = ()


class FilterError(ValueError):
    """A filter that cannot be read; `position` counts its characters from 0."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position
        self.message = message


def parse(text: str) -> Filter:
    """The terms of `text`; raises `FilterError` with the place and, where one is near, the word meant."""
    if len(text) > LONGEST:
        raise FilterError(LONGEST, f"the filter is longer than {LONGEST:,} characters: shorten it")
    terms: list[Term] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        found = _TERM.match(text, position)
        assert found  # every part of it may be empty
        if found.end() == position or text[found.end() : found.end() + 1] == '"':
            raise _fault(found.end(), 'the quote has no end: add "')
        if len(terms) == MOST_TERMS:
            raise _fault(position, f"there are more than {MOST_TERMS} conditions: shorten it")
        terms.append(_term(found))
        position = found.end()
    return Filter(tuple(term for term in terms if term.values))


def _fault(position: int, message: str) -> FilterError:
    return FilterError(position, f"at character {position + 1}, {message}")


def _near(word: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=2, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(known)}"


def _term(found: re.Match[str]) -> Term:
    negated, start = bool(found["minus"]), found.start("rest")
    values = _values(found["rest"]) if found["field"] else (_unquoted(found["rest"]),)
    if not any(values) and (negated or found["hash"] or found["field"]):
        raise _fault(start, "a value is missing")
    if not found["field"]:
        kept = tuple(value for value in map(folded, values) if value)
        return Term("tag" if found["hash"] else "text", Op.IS, kept, negated)
    field, op = found["field"].lower(), Op(found["op"].lstrip(":") or ":")
    if field not in FIELDS:
        raise _fault(found.start("field"), f"no field is called “{field}”: {_near(field, FIELDS)}")
    if op is not Op.IS and field not in (*NUMBERS, *TIMES):
        raise _fault(found.start("op"), f"{field} has no more or less: write {field}:value")
    if len(values) > MOST_VALUES:
        raise _fault(start, f"there are more than {MOST_VALUES} values: shorten it")
    if op is not Op.IS and (len(values) > 1 or RANGE in values[0]):
        raise _fault(start, f"{field}{op} takes one value")
    return Term(field, op, _checked(field, values, start), negated)


def _unquoted(value: str) -> str:
    return value.replace('"', "").strip()


def _values(rest: str) -> tuple[str, ...]:
    return tuple(value for value in map(_unquoted, _VALUE.findall(rest)) if value)


def _checked(field: str, values: tuple[str, ...], start: int) -> tuple[str, ...]:
    """The values as the store wants them; raises `FilterError` for one that cannot be."""
    if field in CHOICES:
        chosen = [choice for value in values for choice in _chosen(field, value.lower(), start)]
        return tuple(dict.fromkeys(chosen))
    if field in NUMBERS:
        wrong = next((value for value in values if not _NUMBERS.fullmatch(value)), None)
        if wrong is not None:
            raise _fault(start, f"{field} takes a whole number, like {field}>50 or {field}:50..80")
        return tuple(RANGE.join(str(int(number)) for number in value.split(RANGE)) for value in values)
    if field in TIMES:
        if fault := next(filter(None, (flaw_of(field, value.lower()) for value in values)), ""):
            raise _fault(start, fault)
        return tuple(value.lower() for value in values)
    if not all(map(folded, values)):
        raise _fault(start, "a value is missing")
    return tuple(map(folded, values))


def _chosen(field: str, value: str, start: int) -> list[str]:
    known = CHOICES[field]
    if field == "band" and value.isascii() and value.isdigit() and int(value) < len(known):
        return [known[int(value)]]
    chosen = [value] if value in known else [str(choice) for choice in known if choice.startswith(value)]
    if not chosen:
        raise _fault(start, f"{field} cannot be “{value[:20]}”: {_near(value, known)}")
    return chosen


def resolve(wanted: Filter, now: datetime, zone: str) -> tuple[Term | Span, ...]:
    """The terms with times as `Span`s: days are those of `zone` (the rep's), distances count from `now`."""
    return tuple(_span(term, now, zone) if term.field in TIMES else term for term in wanted.terms)


def _span(term: Term, now: datetime, zone: str) -> Span:
    local = now.astimezone(zone_of(zone))
    return Span(term.field, tuple(_range(term.field, term.op, value, local) for value in term.values), term.negated)


def _range(field: str, op: Op, value: str, local: datetime) -> tuple[int | None, int | None]:
    """`>` a day is after its end, `>=` from its start; a moment is its own start and end, but `:` takes its day."""
    if RANGE in value:
        return between(field, value, local)
    start, end = bounds(field, value, local, whole_day=op is Op.IS)
    match op:
        case Op.IS:
            return start, end
        case Op.MORE:
            return end, None
        case Op.AT_LEAST:
            return start, None
        case Op.LESS:
            return None, start
        case Op.AT_MOST:
            return None, end
