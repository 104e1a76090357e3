"""A person is in one drip, however many records stand for them: whoever begins one is told of the record that is.

It asks by address and by what was merged; a number or a name that two share says nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence

from sdr.models.terms import Refused, at
from sdr.store import rows
from sdr.store.queries import enrolled
from sdr.store.session import Reader

TWICE = Refused("drip.elsewhere", "the same person is marked twice; merge them (m)")


def elsewhere(db: Reader, lead: rows.Lead, people: Sequence[int]) -> Refused | None:
    """The drip, running or paused, that this person is in as another record, with that record's name and source.

    `people` are the ids of all records of the person, the lead's own among them.
    """
    held = enrolled.live(db, [one for one in people if one != lead.id])
    if held is None:
        return None
    record = f"“{held.name}”" + (f" ({held.source})" if held.source else "")
    since = day_of(lead, held.enrolled_at)
    reason = f"same address as {record}, in “{held.cadence}” since {since}; merge them (m)"
    return Refused("drip.elsewhere", reason, hint=f"sdr merge {held.lead_id} {lead.id}")


def day_of(lead: rows.Lead, stored: int) -> str:
    """A stored moment (ms UTC) as a day where the lead is."""
    day = at(stored, lead.zone)
    return f"{day.day} {day:%b %Y}"
