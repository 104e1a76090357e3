"""What an out-of-office answer says, for the lead it came from: until when, in which words, and who stands in."""

from __future__ import annotations

from datetime import datetime, time
from typing import NamedTuple

from sdr.models.terms import ms, zone_of
from sdr.rules.out_of_office import Certainty, back_on
from sdr.rules.stand_in import StandIn, stand_in
from sdr.store import rows

MONTH_FIRST = frozenset({"US", "PH", "PR"})  # where 3/12 is the twelfth of March


class Away(NamedTuple):
    """`until` is the beginning of the day they are back, in their zone and never past; `words` say how it was read."""

    until: datetime | None
    words: str
    stands_in: StandIn | None


NOTHING = Away(None, "", None)


def read(lead: rows.Lead, text: str | None, now: datetime) -> Away:
    """What `text` says; without a text, or with one that says nothing, nothing."""
    if not text:
        return NOTHING
    zone = zone_of(lead.zone)
    found = back_on(text, now.astimezone(zone).date(), month_first=lead.country in MONTH_FIRST)
    own = frozenset(address for address in (lead.email, lead.email_2) if address)
    person = stand_in(text, but=own)
    if found is None:
        return Away(None, "", person)
    until = max(datetime.combine(found.day, time(), zone), now, key=ms)
    surely = "" if found.certainty is Certainty.SAID else "probably "
    words = f"{surely}back {found.day:%a} {found.day.day} {found.day:%b} (“{found.phrase}”)"
    return Away(until, words, person)
