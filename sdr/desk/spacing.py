"""Touches kept apart: the least time since any touch of a person by anyone (product.md 3.9, rule 3).

Anyone is any rep, any drip, and any record of that person. Planning puts a touch behind the gap; doing one inside it
is a stop of the gate, which names the touch that stands in the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sdr.desk import facts, gate, steps
from sdr.desk.gate import Ruling
from sdr.models.terms import LeadState, Refused, at, ms
from sdr.rules.calendar import landing
from sdr.rules.consent import Level, Rule
from sdr.rules.hours import Length
from sdr.rules.spoken import ago
from sdr.store import rows
from sdr.store.queries import enrolled, playbook
from sdr.store.queries.enrolled import Touched
from sdr.store.session import Reader

if TYPE_CHECKING:
    from sdr.desk.onward import Drip

IN_TALKS = (LeadState.TALKING, LeadState.QUALIFIED, LeadState.OFFERED)
_DAYS = {"d": 1, "bd": 1, "w": 7}
_WEEKS_OFF = 21  # days that closed days may add to a gap that is counted in business days


def free_from(db: Reader, lead: rows.Lead, gap: Length, now: datetime) -> datetime | None:
    """When the gap after the newest touch of this person ends; None when it has."""
    found = _newest(db, lead, gap, now, None)
    return _end(db, lead, found, gap, now) if found else None


def of_step(
    db: Reader, lead: rows.Lead, found: Ruling, drip: Drip, now: datetime, because: str | None = None
) -> Ruling:
    """What the gate `found`, with the gap before the due touch of `drip`.

    Touches of that very enrollment do not count: they were planned apart, and a mail may go with a voicemail.
    """
    soon = too_soon(db, lead, drip.cadence.minimum_gap, now, but=drip.row.id)
    return found if soon is None else _joined(found, soon, Level.STOP, because)


def beside(
    db: Reader, lead: rows.Lead, found: Ruling, drip: Drip | None, now: datetime, because: str | None = None
) -> Ruling:
    """What the gate `found`, with the gap before a touch that no drip planned; it keeps apart from every other.

    Outside of a drip the gap is that of the drip a new lead gets. An answer to whoever wrote waits for nothing, and
    of whoever is talking with us it is said only.
    """
    if facts.invited(db, lead):
        return found
    cadence = drip.cadence if drip is not None else playbook.cadence(db)[1]
    soon = too_soon(db, lead, cadence.minimum_gap, now)
    level = Level.WARN if lead.state in IN_TALKS else Level.STOP
    return found if soon is None else _joined(found, soon, level, because)


class Soon(NamedTuple):
    """A touch that stands in the way: in words, until when, and what that was found by."""

    reason: str
    until: datetime
    inputs: Mapping[str, Any]


def _joined(found: Ruling, soon: Soon, level: Level, because: str | None) -> Ruling:
    no = Refused("drip.gap", soon.reason, "the drip", "a typed reason passes it: sdr touch … --because")
    return gate.joined(found, Rule(no.rule, level, no.reason, soon.until, passes=True), no, because, **soon.inputs)


def too_soon(db: Reader, lead: rows.Lead, gap: Length, now: datetime, *, but: int | None = None) -> Soon | None:
    """The touch after which one now would come too soon; `but` leaves those of one enrollment out."""
    found = _newest(db, lead, gap, now, but)
    end = _end(db, lead, found, gap, now) if found else None
    if found is None or end is None:
        return None
    who = "you" if found.rep_id == playbook.rep(db).id else found.rep or "somebody"
    record = f" (as {found.name})" if found.lead_id != lead.id and found.name != lead.name else ""
    reason = (
        f"{lead.name} was touched {ago(at(found.at), now)} ago by {who}: {found.channel}{record}; "
        f"free again {steps.when(lead, end, now)}, z puts it off"
    )
    before = {"channel": found.channel, "at": at(found.at, lead.zone).isoformat(timespec="minutes"), "by": found.rep}
    return Soon(reason, end, {"gap": str(gap), "touched": before})


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
