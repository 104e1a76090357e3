"""What became of a message in the outbox: written to a file, sent by hand, dropped, or given another address.

Writing files is kept as kind `out`: it is on record, undo passes over it, and what the messages came from can no
longer be taken back. Sending by hand and dropping are the rep's own words, so `u` takes them back. What a message
cost is booked to its touch when it leaves, once, and only in the currency of the lead's source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sdr.desk import leaving
from sdr.models.terms import Channel, Refused, at, ms
from sdr.rules.postal import address_lines
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, messages, playbook
from sdr.store.session import Session

WORDS = {Channel.EMAIL: "mail", Channel.LINKEDIN: "LinkedIn message", Channel.SMS: "text message"}


def said(channel: str, count: int = 1) -> str:
    """`1 postcard`, `40 postcards`."""
    word = WORDS.get(Channel(channel), channel)
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def written(
    session: Session, ids: Sequence[int], batch: str, now: datetime, *, mail_ids: Mapping[int, str] | None = None
) -> Change | Refused:
    """These messages are in the files of `batch`. Refused as a whole when one of them no longer waits."""
    waiting = _waiting(session, ids)
    if not ids or len(waiting) < len(ids):
        return Refused("outbox.gone", "some of these messages left or were dropped meanwhile; do it again")
    known = mail_ids or {}
    edits = [
        edit for one in waiting for edit in _left(session, one, "written", batch, now, known.get(one.id, one.mail_id))
    ]
    summary = f"{said(waiting[0].channel, len(waiting))} written to files, {batch}"
    return Change("outbox", summary, ms(now), tuple(edits), _lead_of(waiting), kind="out")


def sent(session: Session, ids: Sequence[int], now: datetime) -> Change | Refused:
    """The rep sent these by hand. What the gate blocks is not to be sent, and refuses them all."""
    waiting = _waiting(session, ids)
    if not waiting:
        return _none_waiting()
    for one in waiting:
        if (no := leaving.refused(session, one.lead_id, Channel(one.channel), now, one)) is not None:
            kept = leaving.held_back(session, (one.id,), now)
            return no if isinstance(kept, Refused) else kept._replace(refused=no)
    day = at(ms(now), playbook.rep(session).zone).date().isoformat()
    edits = [edit for one in waiting for edit in _left(session, one, "sent", f"{day}-{one.channel}", now, one.mail_id)]
    return Change("outbox", f"{_told(session, waiting)} sent", ms(now), tuple(edits), _lead_of(waiting))


def dropped(session: Session, ids: Sequence[int], now: datetime) -> Change | Refused:
    """These are not sent at all: their touches did not happen, and cost nothing."""
    waiting = _waiting(session, ids)
    if not waiting:
        return _none_waiting()
    edits = [edit for one in waiting for edit in drop_edits(session, one, now)]
    return Change("outbox", f"{_told(session, waiting)} dropped", ms(now), tuple(edits), _lead_of(waiting))


def drop_edits(session: Session, message: rows.Message, now: datetime) -> Iterator[Edit]:
    """What drops one waiting message."""
    yield Edit.set("message", message.id, state="dropped", done_at=ms(now))
    for touch in messages.touches_of(session, message):
        yield Edit.set("touch", touch.id, skipped=1, human=0, outcome="dropped", cost_minor=None)


def readdress(session: Session, message_id: int, address: str, now: datetime) -> Change | Refused:
    """Another address for a waiting message; a postal one is lines, in one line parted by ` / `."""
    waiting = _waiting(session, (message_id,))
    if not waiting:
        return _none_waiting()
    one = waiting[0]
    lines = address_lines(address)
    if not lines:
        return Refused("outbox.address", "an address needs words; d drops the message")
    post = one.channel in messages.POST
    if not post and len(lines) > 1:
        return Refused("outbox.address", "write one address without slashes")
    if one.channel == Channel.EMAIL and "@" not in lines[0]:
        return Refused("outbox.address", f"“{lines[0][:40]}” is no e-mail address")
    edit = Edit.set("message", one.id, address="\n".join(lines))
    return Change("outbox", f"{_told(session, waiting)}: another address", ms(now), (edit,), one.lead_id)


# --- what is written ---------------------------------------------------------------------------------------------


def _waiting(session: Session, ids: Sequence[int]) -> list[rows.Message]:
    found = (messages.message(session, one) for one in dict.fromkeys(ids))
    return [one for one in found if one is not None and one.state == "ready"]


def _none_waiting() -> Refused:
    return Refused("outbox.gone", "this message no longer waits: it left or was dropped")


def _lead_of(waiting: Sequence[rows.Message]) -> int | None:
    return waiting[0].lead_id if len({one.lead_id for one in waiting}) == 1 else None


def _told(session: Session, waiting: Sequence[rows.Message]) -> str:
    """`Ana Ruiz: 1 mail`, or how many."""
    count = said(waiting[0].channel, len(waiting)) if _same(waiting) else f"{len(waiting):,} messages"
    lead = leads.lead(session, waiting[0].lead_id) if _lead_of(waiting) is not None else None
    return f"{lead.name}: {count}" if lead else count


def _same(waiting: Sequence[rows.Message]) -> bool:
    return len({one.channel for one in waiting}) == 1


def _left(
    session: Session, one: rows.Message, state: str, batch: str, now: datetime, mail_id: str | None
) -> Iterator[Edit]:
    yield Edit.set("message", one.id, state=state, done_at=ms(now), batch=batch, mail_id=mail_id)
    if one.cost_minor is None or one.currency not in (None, _currency(session, one)):
        return
    for touch in messages.touches_of(session, one):
        if touch.cost_minor is None:
            yield Edit.set("touch", touch.id, cost_minor=one.cost_minor)


def _currency(session: Session, one: rows.Message) -> str:
    """The currency in which the source of the message's lead is paid."""
    lead = leads.lead(session, one.lead_id)
    source = leads.source(session, lead.source_id) if lead else None
    return source.currency if source else "USD"
