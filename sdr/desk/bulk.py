"""One verb on many leads: one act, one undo; each lead's own gates hold, and refusals are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sdr.desk import touching, triage, workload
from sdr.desk.one_drip import TWICE
from sdr.models.terms import Refused, ms
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import enrolled, leads
from sdr.store.session import Session

# Verbs that put a touch on a day with room: each lead takes from the same days, the worthiest first.
_SHARING: tuple[Callable[..., Change | Refused], ...] = (triage.accept, touching.skip)


class Preview(NamedTuple):
    """What a verb would do to the marked leads: how many it takes, examples, and whom it refuses and why."""

    takes: int
    examples: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Found:
    """What a verb comes to: its changes, whom it refuses and why, and the events that keep these refusals."""

    changes: list[Change]
    refused: list[tuple[str, str]]
    events: list[Edit]


def many(
    session: Session, lead_ids: Sequence[int], verb: Callable[..., Change | Refused], args: Sequence[Any], now: datetime
) -> Iterator[Change | Refused]:
    """`verb(session, lead, *args, now)` for every lead that allows it, as one act; what the gate refused stands
    before it as a step of its own, which undo passes over."""
    found = _each(session, lead_ids, verb, args, now)
    no = None
    if not found.changes:
        reason = found.refused[0][1] if found.refused else "no leads are marked"
        no = Refused("bulk.nothing", f"nothing to do for these {len(lead_ids)}: {reason}")
    if found.events:
        words = f"{len(found.events)} refused by the gate"
        yield Change("gate", words, ms(now), tuple(found.events), kind="out", refused=no)
    elif no is not None:
        yield no
    if found.changes:
        edits = tuple(edit for change in found.changes for edit in change.edits)
        left = f", {len(found.refused)} refused" if found.refused else ""
        verb_name = found.changes[0].verb
        yield Change(verb_name, f"{verb_name}: {len(found.changes)} leads{left}", ms(now), edits)


def preview(
    db: Any, lead_ids: Sequence[int], verb: Callable[..., Change | Refused], args: Sequence[Any], now: datetime
) -> Preview:
    """What `many` would do, without doing it."""
    found = _each(Session(db, 0, 0), lead_ids, verb, args, now)
    return Preview(len(found.changes), tuple(change.summary for change in found.changes[:3]), tuple(found.refused))


def _each(
    session: Session, lead_ids: Sequence[int], verb: Callable[..., Change | Refused], args: Sequence[Any], now: datetime
) -> _Found:
    found, more = _Found([], [], []), {}
    if verb in _SHARING:
        held = [lead for one in lead_ids if (lead := leads.lead(session, one)) is not None]
        lead_ids = [lead.id for lead in sorted(held, key=lambda one: -one.rank)]
        more = {"days": workload.days_at_work(session, held, now)}
    taken: set[int] = set()  # every record of those who enter a drip by this act
    for lead_id in lead_ids:
        done = TWICE if lead_id in taken else verb(session, lead_id, *args, now, **more)
        if verb is triage.accept and isinstance(done, Change):
            taken.update(enrolled.same_person(session, _known(session, lead_id)))
        no = done if isinstance(done, Refused) else done.refused
        if isinstance(done, Change):
            (found.changes.append(done) if no is None else found.events.extend(done.edits))
        if no is not None:
            lead = leads.lead(session, lead_id)
            found.refused.append((lead.name if lead else "a lead", no.reason))
    return found


def _known(session: Session, lead_id: int) -> rows.Lead:
    lead = leads.lead(session, lead_id)
    assert lead is not None  # a verb has just changed it
    return lead
