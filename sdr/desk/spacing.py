"""Touches kept apart: the least time since any touch of a person by anyone (product.md 3.9, rule 3).

Anyone is any rep, any drip, and any record of that person. Planning puts a touch behind the gap; doing one inside it
is refused, with the touch that stands in the way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sdr.desk import steps
from sdr.desk.triage import when
from sdr.models.terms import Refused, at, ms
from sdr.rules.calendar import landing
from sdr.rules.hours import Length
from sdr.rules.spoken import ago
from sdr.store import rows
from sdr.store.queries import enrolled, playbook
from sdr.store.queries.enrolled import Touched
from sdr.store.session import Reader

_DAYS = {"d": 1, "bd": 1, "w": 7}
_WEEKS_OFF = 21  # days that closed days may add to a gap that is counted in business days


def free_from(db: Reader, lead: rows.Lead, gap: Length, now: datetime) -> datetime | None:
    """When the gap after the newest touch of this person ends; None when it has."""
    found = _newest(db, lead, gap, now, None)
    return _end(db, lead, found, gap, now) if found else None


def too_soon(db: Reader, lead: rows.Lead, gap: Length, now: datetime, *, but: int | None = None) -> Refused | None:
    """Why a touch of this person would come too soon after another; `but` is the enrollment it belongs to.

    Touches of that enrollment do not count: they were planned apart, and a mail may go with a voicemail.
    """
    found = _newest(db, lead, gap, now, but)
    end = _end(db, lead, found, gap, now) if found else None
    if found is None or end is None:
        return None
    who = "you" if found.rep_id == playbook.rep(db).id else found.rep or "somebody"
    record = f" (as {found.name})" if found.lead_id != lead.id and found.name != lead.name else ""
    since = f"{ago(at(found.at), now)} ago"
    return Refused(
        "drip.gap",
        f"{lead.name} was touched {since} by {who}: {found.channel}{record}; free again {when(lead, end, now)}, "
        "z puts it off",
        "the drip",
    )


def _newest(db: Reader, lead: rows.Lead, gap: Length, now: datetime, but: int | None) -> Touched | None:
    if gap.count == 0:
        return None
    seconds = gap.seconds
    days = gap.count * _DAYS.get(gap.unit, 0)
    back = timedelta(seconds=seconds) if seconds is not None else timedelta(days=days * 2 + _WEEKS_OFF)
    people = enrolled.same_person(db, lead, by_phone=True)
    return enrolled.last_touch(db, people, ms(now - back), but=but)


def _end(db: Reader, lead: rows.Lead, found: Touched, gap: Length, now: datetime) -> datetime | None:
    end = landing(steps.calendar_of(lead, now, db), at(found.at), gap)
    return end if end is not None and ms(end) > ms(now) else None
