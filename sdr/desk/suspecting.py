"""Who may be whom: the likeliest double of one lead, and the rep's word that two leads are two persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sdr.models.terms import Refused, ms
from sdr.rules.likeness import ASKED, Likeness
from sdr.rules.likeness import likeness as of_persons
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import doubles, leads, playbook
from sdr.store.queries.kin import kin
from sdr.store.queries.persons import persons
from sdr.store.session import Reader, Session


def twin(db: Reader, lead_id: int) -> rows.Lead | None:
    """The lead that is most likely the same person as this one, of those that the index of doubles has by now; `None`
    when none is worth asking about."""
    lead = leads.lead(db, lead_id)
    me = persons(db, [lead.id]).get(lead.id) if lead is not None else None
    if lead is None or me is None:
        return None
    found = persons(db, kin(db, lead.id, me))
    rated = [(of_persons(me, other).score, -one) for one, other in found.items()]
    score, other = max((one for one in rated if not doubles.told_apart(db, lead.id, -one[1])), default=(0, 0))
    return leads.lead(db, -other) if score >= ASKED else None


def double_of(db: Reader, lead_id: int) -> doubles.Pair | None:
    """A lead and its likeliest double as a pair to be looked at; `None` when none is worth asking about."""
    other = twin(db, lead_id)
    lead = leads.lead(db, lead_id)
    if other is None or lead is None:
        return None
    found = likeness(db, lead.id, other.id)
    return doubles.Pair(min(lead.id, other.id), max(lead.id, other.id), found.score, found.reasons)


def likeness(db: Reader, a: int, b: int) -> Likeness:
    """How likely two leads are one person, and why."""
    found = persons(db, [a, b])
    return of_persons(found[a], found[b])


def tell_apart(session: Session, a: int, b: int, now: datetime) -> Change | Refused:
    """Two leads are two persons, says the rep: they are not asked about again."""
    one, other = leads.lead(session, a), leads.lead(session, b)
    if one is None or other is None:
        return Refused("apart.unknown", "one of the two leads is not here")
    if one.id == other.id:
        return Refused("apart.same", f"{one.name} is one lead")
    if doubles.told_apart(session, one.id, other.id) is not None:
        return Refused("apart.told", f"{one.name} and {other.name} are two persons already")
    edits = tuple(apart_edits(session, one.id, other.id, now))
    return Change("apart", f"{one.name} and {other.name} are two persons", ms(now), edits, one.id)


def apart_edits(session: Session, a: int, b: int, now: datetime) -> Iterator[Edit]:
    """The verdict that two leads are two persons, where it was not given yet."""
    if doubles.told_apart(session, a, b) is None:
        first, second = sorted((a, b))
        rep = playbook.rep(session).id
        yield Edit.new("apart", session.new_id(), a_id=first, b_id=second, at=ms(now), rep_id=rep)
