"""Fit and engagement: who a lead is and what they did, as points, and the grade made of both.

The weights are the `[fit]` and `[engagement]` tables of the rubric. Grades read as in HubSpot: the letter is fit,
the digit engagement, A1 the best. Neither counts towards the rubric's threshold; they order the queue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sdr.rules.playbook_text import Table, refuse_twins
from sdr.rules.text import folded

WORD_FIELDS = ("title", "seniority", "department", "industry", "country")
SURE_FROM = 0.25  # a grade that rests on a smaller share of what could be known shows "?"
_GAPS = re.compile(r"[\W_]+")
_HALF_LIFE = re.compile(r"([1-9][0-9]{0,3})(h|d|w)")
_HOURS = {"h": 1, "d": 24, "w": 168}


class Facts(NamedTuple):
    """What is known of a lead before anybody asks. Blank texts and None are "not known"."""

    title: str | None = None
    seniority: str | None = None
    department: str | None = None
    employees: int | None = None
    industry: str | None = None
    country: str | None = None


class Event(NamedTuple):
    """Something the person did. `at` is an aware time."""

    kind: str
    at: datetime


class Part(NamedTuple):
    """One contribution to a score: `axis` is "answers", "fit" or "engagement"; `why` what it rests on."""

    axis: str
    label: str
    points: int
    why: str


class FitRule(NamedTuple):
    """Points for one fact: `pattern` finds whole words in it, or it is at least `least` (employees)."""

    field: str
    label: str
    points: int
    pattern: re.Pattern[str] | None
    least: int


class Act(NamedTuple):
    """What an act of the person is worth when fresh; half of it is left after `half_life` hours."""

    kind: str
    label: str
    points: int
    half_life: int


class Grading(NamedTuple):
    """The weights of fit, by the fact they look at, and of engagement, and the inclusive bounds of A, B, C and 1, 2."""

    rules: Mapping[str, tuple[FitRule, ...]]
    acts: tuple[Act, ...]
    letters: tuple[int, int, int]
    levels: tuple[int, int]


def parse_grading(top: Table) -> Grading:
    """The `[fit]` and `[engagement]` tables of a rubric's top table; both may be absent."""
    fit, engagement = top.table("fit", "fit"), top.table("engagement", "engagement")
    fit.only("a", "b", "c", "rule")
    engagement.only("high", "some", "act")
    letters = (fit.number("a", 0, 999, 70), fit.number("b", 0, 999, 45), fit.number("c", 0, 999, 20))
    levels = (engagement.number("high", 0, 999, 40), engagement.number("some", 0, 999, 12))
    if not letters[0] > letters[1] > letters[2]:
        raise fit.fault('the bounds must fall from "a" to "c"')
    if not levels[0] > levels[1]:
        raise engagement.fault('"high" must be more than "some"')
    acts = engagement.tables("act", "act")
    refuse_twins(acts, "kind")
    rules: dict[str, tuple[FitRule, ...]] = {}
    for rule in map(_rule, fit.tables("rule", "rule")):
        rules[rule.field] = (*rules.get(rule.field, ()), rule)
    return Grading(rules, tuple(_act(table) for table in acts), letters, levels)


def _rule(table: Table) -> FitRule:
    table.only("field", "label", "any", "least", "points")
    field = table.one_of("field", (*WORD_FIELDS, "employees"))
    label, points = table.text("label", most=40), table.number("points", -100, 100)
    if field == "employees":
        return FitRule(field, label, points, None, table.number("least", 0, 10_000_000))
    words = [re.escape(_words(word)) for word in table.words("any")]
    if not words:
        raise table.fault('"any" must list the words to look for')
    return FitRule(field, label, points, re.compile(rf"\b(?:{'|'.join(words)})\b"), 0)


def _act(table: Table) -> Act:
    table.only("kind", "label", "points", "half_life")
    found = _HALF_LIFE.fullmatch(table.text("half_life"))
    if found is None:
        raise table.fault('"half_life" must be a length like 12h, 7d or 2w')
    hours = int(found[1]) * _HOURS[found[2]]
    return Act(table.key("kind"), table.text("label", most=40), table.number("points", 0, 100), hours)


def fit_parts(grading: Grading, facts: Facts) -> tuple[Part, ...]:
    """The fit of `facts`: the first rule of each field that matches."""
    parts = [_fit_part(rules, getattr(facts, field)) for field, rules in grading.rules.items()]
    return tuple([part for part in parts if part is not None])


def fit_points(grading: Grading, field: str, value: str | int | None) -> int:
    """The points of one fact: what `fit_parts` says of `field` when it is `value`."""
    part = _fit_part(grading.rules[field], value)
    return part.points if part else 0


def _fit_part(rules: tuple[FitRule, ...], value: str | int | None) -> Part | None:
    if value is None or value == "":
        return None
    words = _words(value) if isinstance(value, str) else ""
    for rule in rules:
        if _matches(rule, value, words):
            return Part("fit", rule.label, rule.points, rule.field)
    return None


def _matches(rule: FitRule, value: str | int, words: str) -> bool:
    if rule.pattern is not None:
        return rule.pattern.search(words) is not None
    return isinstance(value, int) and value >= rule.least


def _words(text: str) -> str:
    return _GAPS.sub(" ", folded(text)).strip()


def engagement_parts(grading: Grading, events: Iterable[Event], now: datetime) -> tuple[Part, ...]:
    """What is left at `now` of each kind of act: Σ points · ½^(age ÷ half-life), each act to a whole point.

    Acts after `now` do not count yet, so the engagement of any past day can be computed again.
    """
    ages: dict[str, list[float]] = {}
    for event in events:
        if event.at <= now:
            ages.setdefault(event.kind, []).append((now - event.at).total_seconds() / 3600)
    parts = (_act_part(act, ages[act.kind]) for act in grading.acts if act.kind in ages)
    return tuple(part for part in parts if part.points)


def _act_part(act: Act, ages: list[float]) -> Part:
    points = sum(round(act.points * 0.5 ** (age / act.half_life)) for age in ages)
    times = "once" if len(ages) == 1 else f"{len(ages)} times"
    last = int(min(ages) // 24)
    return Part("engagement", act.label, points, f"{times}, {f'{last} d ago' if last else 'today'}")


def to_bound(grading: Grading, employees: int | None) -> int | None:
    """`employees` brought down to the next bound that the grading knows: between bounds nothing changes."""
    if not employees:
        return employees
    bounds = [rule.least for rule in grading.rules.get("employees", ())]
    return max((bound for bound in bounds if bound <= employees), default=1)


def letter(grading: Grading, fit: int) -> str:
    """The letter of `fit` points, A to D; bounds are inclusive."""
    return next((name for name, bound in zip("ABC", grading.letters, strict=True) if fit >= bound), "D")


def level(grading: Grading, engagement: int) -> int:
    """The digit of `engagement` points, 1 (most) to 3; bounds are inclusive."""
    high, some = grading.levels
    return 1 if engagement >= high else 2 if engagement >= some else 3


def grade(grading: Grading, fit: int, engagement: int, facts: Facts, answered: int, of: int) -> str:
    """Letter and digit, "A2"; the digit gives way to "?" while too little is known to trust it.

    Known is the share of fit's facts and the rubric's `of` questions that have a value. What is not known is not
    held against a lead: an untrusted grade is C or better.
    """
    known = sum([getattr(facts, field) not in (None, "") for field in grading.rules]) + answered
    return graded(grading, fit, engagement, known, of=of)


def graded(grading: Grading, fit: int, engagement: int, known: int, *, of: int) -> str:
    """`grade` by how many facts and answers are `known`."""
    if known >= SURE_FROM * (len(grading.rules) + of):
        return f"{letter(grading, fit)}{level(grading, engagement)}"
    return f"{letter(grading, max(fit, grading.letters[2]))}?"
