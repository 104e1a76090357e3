"""The card of one lead: who, from where, why now, what is known, what was said, what happened, what comes next.

Pure lines first (`lines_of`), so that the same words stand beside the list, under it and in the history.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from sdr.desk.explaining import place_of, why
from sdr.desk.whose import firm_words, tells
from sdr.models.terms import Confidence, LeadState, NextKind, at
from sdr.rules.dates import ago, spoken
from sdr.rules.economics import one_in
from sdr.rules.money import spoken_money
from sdr.rules.rubric import Rubric
from sdr.rules.triage import missing_qualifiers
from sdr.screens.card_view import LABEL, Line
from sdr.screens.lines import Part
from sdr.screens.look import Marks
from sdr.store import rows
from sdr.store.queries.leads import Card
from sdr.store.queries.queue import Item

TIE = "\u00a0"  # a blank at which no line is broken
FEW = 10  # below this a share is said as its counts


class Shown(NamedTuple):
    """What the card needs besides the lead: its item in the queue (if it is there), the rubric, the time, the marks."""

    card: Card
    item: Item | None
    rubric: Rubric
    now: datetime
    signs: Marks


def lines_of(shown: Shown) -> list[Line]:
    """The card's lines, most telling first; empty facts take no line."""
    found = [_who(shown), _source(shown), _firm(shown), _blocked(shown), _why(shown), _asks(shown), _said(shown)]
    return [line for line in (*found, _reach(shown), _last(shown), _next(shown)) if line]


def _labelled(label: str, *parts: Part) -> Line:
    return [(label.ljust(LABEL), "dim"), *parts]


def _who(shown: Shown) -> Line:
    lead, account = shown.card.lead, shown.card.account
    size = f", {account.employees} people" if account and account.employees else ""
    local = shown.now.astimezone(at(0, lead.zone).tzinfo)
    guess = shown.signs.guess if lead.zone_from == Confidence.REP else ""
    where = f"({guess}{place_of(lead.city, lead.zone)} {local:%H:%M}{size})"
    rest = " · ".join(word for word in (lead.title, lead.company) if word)
    return [(lead.name, "now"), (f" · {rest} " if rest else " ", ""), (where, "dim")]


def _source(shown: Shown) -> Line:
    lead, source = shown.card.lead, shown.card.source
    words = [source.name if source else "no source"]
    if source and source.cost_minor:
        words.append(spoken_money(source.cost_minor, source.currency))
    good, judged = shown.card.qualified_of
    if judged:
        enough = good and judged >= FEW
        words.append(f"{one_in(good / judged)} qualified" if enough else f"{good} of {judged} qualified")
    grade = f"   {lead.grade} · known {lead.known}/{lead.known_of} · score {lead.score}" if lead.known_of else ""
    return [(" · ".join(words), ""), (grade, "dim")]


def _firm(shown: Shown) -> Line:
    lead, firm = shown.card.lead, shown.card.firm
    if firm is None or not tells(firm, lead.owner_id):
        return []
    name = shown.card.account.name if shown.card.account else lead.company or "the company"
    return _labelled("firm", (firm_words(name, firm, shown.now), "soon" if firm.owner_id != lead.owner_id else ""))


def _why(shown: Shown) -> Line:
    if shown.item is None:
        state = shown.card.lead.state
        reason = f", {shown.card.lead.reason}" if shown.card.lead.reason else ""
        return _labelled("state", (f"{state}{reason}", ""))
    return _labelled("why", (why(shown.item, shown.now).long, ""))


def _asks(shown: Shown) -> Line:
    lead = shown.card.lead
    if lead.state == LeadState.INQUIRY:
        missing = missing_qualifiers({"company": lead.company, "title": lead.title, "phone": lead.phone})
        if missing:
            return _labelled("needs", (f"{', '.join(missing)} · an inquiry until one is known (E)", "soon"))
    parts: list[Part] = []
    for criterion in shown.rubric.criteria:
        level = criterion.level(shown.card.answers.get(criterion.key))
        if level is None:
            parts.append((f"{_together(criterion.label)}{TIE}?   ", "dim" if not criterion.must_have else ""))
        else:
            good = shown.signs.done if level.meets or not criterion.must_have else shown.signs.no
            parts.append((f"{_together(criterion.label)}{TIE}{good}{TIE}{_together(level.short)}   ", ""))
    return _labelled("ask", *parts)


def _together(words: str) -> str:
    """Words that a line break must not part."""
    return words.replace(" ", TIE)


def _said(shown: Shown) -> Line:
    said = shown.card.lead.said
    return _labelled("said", (f"“{said}”", "")) if said else []


def _blocked(shown: Shown) -> Line:
    blocks = [
        f"{'any channel' if one.channel == 'all' else one.channel}: {one.wording or 'asked not to'}"
        f" ({spoken(at(one.at, shown.card.lead.zone), shown.now)})"
        for one in shown.card.suppressions
    ]
    return _labelled("never", (f"{shown.signs.no} {' · '.join(blocks)}", "late")) if blocks else []


def _reach(shown: Shown) -> Line:
    lead = shown.card.lead
    ways = [phone_words(lead), lead.email or "no e-mail"]
    if lead.linkedin:
        ways.append("linkedin")
    return _labelled("reach", (" · ".join(ways), "" if lead.phone or lead.email else "soon"))


def phone_words(lead: rows.Lead) -> str:
    """The number that would be dialled, as its country writes it, with its type."""
    if lead.phone is None:
        return "no phone"
    listed = json.loads(lead.phones or "[]")
    written = next((one.get("shown") for one in listed if one["e164"] == lead.phone), None)
    return f"{written or lead.phone} {lead.phone_type or ''}".rstrip()


def _last(shown: Shown) -> Line:
    acts = [
        f"{entry.summary.partition(': ')[2] or entry.summary} {ago(at(entry.at), shown.now)}"
        for entry in shown.card.timeline
        if not entry.undone
    ][:2]
    return _labelled("last", (" · ".join(acts), "dim")) if acts else []


def _next(shown: Shown) -> Line:
    lead = shown.card.lead
    if lead.next_kind is None or lead.due_at is None:
        return []
    due = at(lead.due_at, lead.zone)
    overdue = due <= shown.now
    when = "now" if overdue else f"{spoken(due, shown.now)} {place_of(lead.city, lead.zone)}"
    words = {NextKind.TRIAGE: "read it and decide", NextKind.COMPLETE: "find what is missing"}
    kind = NextKind(lead.next_kind)
    step = f" · touch {lead.touch_no} of {lead.touch_of}" if lead.touch_of and kind in _TOUCHES else ""
    note = f" ({lead.next_note})" if lead.next_note and kind in _TOUCHES else ""
    return _labelled("next", (f"{words.get(kind, kind.value)} {when}{step}{note}", ""))


_TOUCHES = frozenset({NextKind.CALL, NextKind.EMAIL, NextKind.LINKEDIN, NextKind.LETTER, NextKind.OTHER})


def timeline_lines(card: Card, now: datetime) -> list[Line]:
    """What happened to a lead, newest first, as lines."""
    return [
        [
            (f"{ago(at(entry.at), now):>6} ", "dim"),
            (entry.summary.partition(": ")[2] or entry.summary, "dim" if entry.undone else ""),
        ]
        for entry in card.timeline
    ]
