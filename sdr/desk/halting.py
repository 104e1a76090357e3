"""What halts with a lead: the messages that still wait in the outbox. Undo brings them back with everything else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sdr.desk import outgoing
from sdr.models.terms import Channel, ms
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import siblings
from sdr.store.session import Session

LIVE = (Channel.EMAIL, Channel.LINKEDIN, Channel.SMS)  # somebody who is away would miss it


def dropped(
    session: Session, lead_id: int, now: datetime, *, channel: str = "all", addresses: Collection[str] = ()
) -> Iterator[Edit]:
    """The waiting messages of a lead are not sent: those of `channel`, `all` for every one.

    `addresses` are blocked for everybody, so what waits for them under another record goes, too.
    """
    for one in siblings.waiting(session, lead_id, addresses):
        if channel in ("all", one.channel):
            yield from outgoing.drop_edits(session, one, now)


def held(session: Session, lead_id: int, until: datetime) -> Iterator[Edit]:
    """The waiting messages of somebody who is away leave when they are back; letters lie there anyway."""
    for one in siblings.waiting(session, lead_id):
        if one.channel in LIVE and (one.not_before or 0) < ms(until):
            yield Edit.set("message", one.id, not_before=ms(until))


def readdressed(session: Session, lead: rows.Lead, other: str | None, now: datetime) -> Iterator[Edit]:
    """The waiting mails to an address that bounced go to the `other` one, or not at all."""
    for one in siblings.waiting(session, lead.id):
        if one.channel == Channel.EMAIL and one.address == lead.email:
            if other is None:
                yield from outgoing.drop_edits(session, one, now)
            else:
                yield Edit.set("message", one.id, address=other)


def first_step(session: Session, drip: rows.Enrollment) -> int:
    """The step after which a drip goes on when its waiting messages are dropped: they were not sent, so they come."""
    of_drip = [one.step_no for one in siblings.waiting(session, drip.lead_id) if one.enrollment_id == drip.id]
    return min([number - 1 for number in of_drip if number], default=drip.step_no)
