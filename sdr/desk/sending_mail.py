"""What the mail server made of a message: begun, taken, refused, to be tried again; or nobody knows.

A message is marked before its text is handed over and again when the server has answered, so that a program that is
killed in between never sends it twice: it is then listed as unsure, and only the rep settles it. What left through
a server is on record as kind `out`; undo passes over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sdr.desk import leaving, replies, steps
from sdr.models.terms import Channel, Refused, at, ms
from sdr.rules.calendar import Calendar
from sdr.rules.sender import Sender
from sdr.rules.text import clean
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import mailing, messages, playbook
from sdr.store.session import Reader, Session

WAIT = timedelta(minutes=30)  # until a mail is tried again (RFC 5321 4.5.4.1)
BEGUN = "handed to the mail server, which has not answered"
LONGEST_FAULT = 200


def hours_of(db: Reader, message: rows.Message, lead: rows.Lead, now: datetime) -> Calendar:
    """When `message` may reach its lead: the window of its step, else the lead's hours; never on a day off of ours."""
    own = steps.calendar_of(lead, now, db)
    sql = "SELECT cadence_id FROM enrollment WHERE id=?"
    found = db.execute(sql, (message.enrollment_id,)).fetchone() if message.enrollment_id else None
    if found is None:
        return own
    _id, cadence = playbook.cadence(db, found[0])
    return own.within(next((step.window for step in cadence.steps if step.number == message.step_no), None))


def begin(session: Session, message_id: int, mail_id: str, sender: Sender, now: datetime) -> Change | Refused:
    """The text is about to be handed over: the message must still wait, and the gate says yes at this moment."""
    found = _waiting(session, message_id, "ready")
    if isinstance(found, Refused):
        return found
    no = leaving.refused(session, found.lead_id, Channel.EMAIL, now, found, sender)
    if no is not None:
        return no
    fields = {"state": "written", "mail_id": mail_id, "batch": mailing.unsure_batch(_day(session, now))}
    edit = Edit.set("message", found.id, done_at=ms(now), fault=BEGUN, **fields)
    return Change("mail", f"{_named(session, found)}: mail on its way", ms(now), (edit,), found.lead_id, kind="out")


def taken(session: Session, message_id: int, now: datetime) -> Change | Refused:
    """The server took it, when its text was handed over."""
    found = _waiting(session, message_id, "written")
    if isinstance(found, Refused):
        return found
    edit = _sent(session, found)
    return Change("mail", f"{_named(session, found)}: mail sent", ms(now), (edit,), found.lead_id, kind="out")


def later(session: Session, message_id: int, why: str, now: datetime) -> Change | Refused:
    """The server could not take it now: it waits, and is tried again."""
    found = _waiting(session, message_id, "ready", "written")
    if isinstance(found, Refused):
        return found
    edit = Edit.set(
        "message", found.id, state="ready", batch=None, done_at=None, not_before=ms(now + WAIT), fault=_fault(why)
    )
    summary = f"{_named(session, found)}: mail to be tried again, {_fault(why)}"
    return Change("mail", summary, ms(now), (edit,), found.lead_id, kind="out")


def refused(session: Session, message_id: int, why: str, now: datetime, *, gone: bool) -> Iterator[Change | Refused]:
    """The server will not take it. `gone`: because nobody has that address, which then is struck out as bounced."""
    found = _waiting(session, message_id, "ready", "written", "sent")
    if isinstance(found, Refused):
        yield found
        return
    summary = f"{_named(session, found)}: mail not delivered, {_fault(why)}"
    yield Change("mail", summary, ms(now), tuple(failed(session, found, why, now)), found.lead_id, kind="out")
    if gone:
        yield bounced(session, found.lead_id, found.address, now)


def failed(session: Session, message: rows.Message, why: str, now: datetime) -> Iterator[Edit]:
    """What a message becomes that did not arrive: its touch reached nobody."""
    fields = {"state": "failed", "fault": _fault(why), "done_at": ms(now)}
    yield Edit.set("message", message.id, **fields)
    for touch in messages.touches_of(session, message):
        yield Edit.set("touch", touch.id, skipped=1, human=0, outcome="not delivered")


def bounced(session: Session, lead_id: int, address: str, now: datetime) -> Change | Refused:
    """Nobody has `address`: the lead loses it, whichever of their two it is."""
    lead = steps.the_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    wanted = address.lower()
    if (lead.email or "").lower() == wanted:
        return replies.reply(session, lead.id, "bounce", now)
    if (lead.email_2 or "").lower() != wanted:
        return Refused("mail.not-theirs", f"{lead.name} no longer has the address that bounced")
    edits = (Edit.set("lead", lead.id, email_2=None),)
    return Change("reply", f"{lead.name}: their second address bounced, struck out", ms(now), edits, lead.id)


def settle(session: Session, message_id: int, arrived: bool, now: datetime) -> Change | Refused:
    """The rep says what became of a mail that was cut off: it arrived, or it is to be sent again."""
    found = messages.message(session, message_id)
    if found is None or not mailing.in_doubt(found):
        return Refused("mail.settled", "this mail is not in doubt; `sdr mail status` lists those that are")
    if arrived:
        edit, word = _sent(session, found), "mail did arrive"
    else:
        fields = {"state": "ready", "batch": None, "done_at": None, "fault": None}
        edit, word = Edit.set("message", found.id, **fields), "mail waits to be sent again"
    return Change("mail", f"{_named(session, found)}: {word}", ms(now), (edit,), found.lead_id)


def _waiting(session: Session, message_id: int, *states: str) -> rows.Message | Refused:
    found = messages.message(session, message_id)
    if found is None or found.state not in states:
        return Refused("outbox.gone", "this message no longer waits: it left or was dropped")
    return found


def _sent(session: Session, message: rows.Message) -> Edit:
    assert message.done_at is not None  # set when it was begun
    batch = mailing.sent_batch(_day(session, at(message.done_at)))
    return Edit.set("message", message.id, state="sent", batch=batch, fault=None)


def _day(session: Session, now: datetime) -> str:
    """The rep's own day."""
    return at(ms(now), playbook.rep(session).zone).date().isoformat()


def _named(session: Session, message: rows.Message) -> str:
    lead = steps.the_lead(session, message.lead_id)
    return "a lead" if isinstance(lead, Refused) else lead.name


def _fault(why: str) -> str:
    return clean(why)[:LONGEST_FAULT] or "no reason given"
