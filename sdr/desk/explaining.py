"""Why an item of the queue stands where it stands: the queue's row turned into the words of `sdr.rules.why`."""

from __future__ import annotations

from datetime import datetime

from sdr.models.terms import Band, NextKind, at
from sdr.rules.money import spoken_money
from sdr.rules.triage import Segment, chance
from sdr.rules.why import Situation, Why, why_words
from sdr.store.queries.queue import LATER, Item

TOUCHES = frozenset({NextKind.CALL, NextKind.EMAIL, NextKind.LINKEDIN, NextKind.LETTER, NextKind.OTHER})


def place_of(city: str | None, zone: str) -> str:
    """What a time is said with: the prospect's city, else the city of their zone."""
    return city or zone.rpartition("/")[2].replace("_", " ")


def why(item: Item, now: datetime) -> Why:
    """The why line of a queue item at `now`, short for the list and long for the card."""
    kind = NextKind(item.kind)
    likely = chance(Segment(item.grade, kind, max(1, item.touch_no))) if kind in TOUCHES else None
    return why_words(
        Situation(
            band=None if item.band == LATER else Band(item.band),
            kind=kind,
            zone_now=now.astimezone(at(0, item.zone).tzinfo),
            due_at=at(item.due_at, item.zone),
            place=place_of(item.city, item.zone),
            close_at=at(item.close_at, item.zone) if item.close_at else None,
            respond_by=at(item.respond_by, item.zone) if item.respond_by and kind not in TOUCHES else None,
            source=item.source or "",
            grade=item.grade,
            touch_no=item.touch_no,
            touch_of=item.touch_of,
            chance=likely,
            spent=spoken_money(item.cost_minor, item.currency) if item.cost_minor else "",
            note=item.note or "",
        )
    )
