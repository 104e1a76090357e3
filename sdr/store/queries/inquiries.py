"""Who raised a hand, when, and through which source: one lookup for many leads."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from sdr.store.queries.reading import every
from sdr.store.session import Reader

RAISED = "raised-hand"  # the kind of such an event; the rubric gives points for it


class Raised(NamedTuple):
    """A hand that a lead raised: `at` in ms UTC, `source` by name."""

    lead: int
    at: int
    source: str | None


def raised(db: Reader, leads: Collection[int]) -> tuple[Raised, ...]:
    """The hands that these leads raised since they came in."""
    sql = """SELECT event.lead_id, event.at, event.detail FROM json_each(?) AS given CROSS JOIN event
      ON event.lead_id = given.value WHERE event.kind=?"""
    return every(db, Raised, sql, (json.dumps(list(leads)), RAISED))
