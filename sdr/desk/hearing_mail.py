"""A mail that came in, filed once: the fact that it came, and what a reply of its kind does to its lead.

The fact (an event of kind `mail` with the mail's id) stays when the rep takes the reply back, so that a mail is never
filed twice. What belongs to no lead of the desk is not kept at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sdr.desk import replies, sending_mail
from sdr.models.terms import Refused, ms
from sdr.rules.mail_kinds import MailKind
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import doubles, leads, mailing, playbook
from sdr.store.session import Reader, Session

# The reply that each kind of mail is. What a person wrote is for the rep to say; until then it wants an answer.
_REPLIES = {
    MailKind.REPLY: "question",
    MailKind.UNSUBSCRIBE: "unsubscribe",
    MailKind.OUT_OF_OFFICE: "out-of-office",
}


class Mail(NamedTuple):
    """A mail as the desk hears it. Ids are in angle brackets; `sender` is a bare address in lower case, `words` what
    they wrote themselves; of one that came back `returned` are ids of ours, `recipients` addresses, `why` the reason.
    `received` is when the mailbox had it."""

    mail_id: str
    kind: MailKind
    sender: str
    subject: str
    words: str
    received: datetime
    answers: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    why: str = ""


class Match(NamedTuple):
    """Whose mail it is, and the message of ours it is about, if one is known."""

    lead_id: int
    message: rows.Message | None = None


def matched(db: Reader, sender: str, answers: tuple[str, ...]) -> Match | None:
    """Whose mail it is: of the lead with its sender's address, else of the one whose mail it answers."""
    ours = mailing.answered(db, answers)
    lead_id = doubles.by_address(db, [sender]).get(sender) if sender else None
    if lead_id is None:
        return Match(ours.lead_id, ours) if ours else None
    return Match(lead_id, ours if ours and ours.lead_id == lead_id else None)


def matched_return(db: Reader, mail: Mail) -> Match | None:
    """Whose mail came back: by the id of ours that is in it, else by an address that we wrote to."""
    ours = mailing.answered(db, (*mail.returned, *mail.answers))
    if ours is not None:
        return Match(ours.lead_id, ours)
    known = doubles.by_address(db, mail.recipients)
    for address in mail.recipients:
        if address in known and (written := mailing.mails_to(db, known[address], address)):
            return Match(known[address], written[0])
    return None


def match_of(db: Reader, mail: Mail) -> Match | None:
    """Whose `mail` it is; None when no lead of the desk has to do with it."""
    if mail.kind in (MailKind.BOUNCE, MailKind.UNDELIVERED, MailKind.DELAYED):
        return matched_return(db, mail)
    return matched(db, mail.sender, mail.answers)


def file_mail(session: Session, mail: Mail, now: datetime) -> Iterator[Change | Refused]:
    """File `mail`: the fact first, then what it does. Nothing when it was filed before or belongs to nobody."""
    found = match_of(session, mail)
    lead = leads.lead(session, found.lead_id) if found else None
    if found is None or lead is None or mailing.heard(session, (mail.mail_id,)):
        return
    refused = isinstance(_effect(session, mail, lead, found, now), Refused)
    # The reply keeps the words; where there is none, the fact does.
    yield _fact(session, mail, lead, now, mail.words if refused or mail.kind not in _REPLIES else None)
    if found.message is not None and mailing.in_doubt(found.message):
        yield sending_mail.taken(session, found.message.id, now)  # what is answered did arrive
    if mail.kind in (MailKind.BOUNCE, MailKind.UNDELIVERED) and found.message is not None:
        why = mail.why or "it came back"
        yield from sending_mail.refused(session, found.message.id, why, now, gone=False)
    effect = _effect(session, mail, lead, found, now)
    if effect is not None:
        yield effect


def _effect(session: Session, mail: Mail, lead: rows.Lead, found: Match, now: datetime) -> Change | Refused | None:
    """What the mail does to its lead; None where it does nothing."""
    kind = _REPLIES.get(mail.kind)
    if kind is not None:
        away = mail.kind is MailKind.OUT_OF_OFFICE  # the day of return may stand in the subject
        text = f"{mail.subject}\n\n{mail.words}".strip() if away else mail.words or mail.subject
        return replies.reply(session, lead.id, kind, now, text=text or None, mail_id=mail.mail_id)
    if mail.kind is MailKind.BOUNCE:
        address = found.message.address if found.message else next(iter(mail.recipients), "")
        return sending_mail.bounced(session, lead.id, address, now)
    return None


def _fact(session: Session, mail: Mail, lead: rows.Lead, now: datetime, text: str | None) -> Change:
    """That the mail came. `detail` says what it was taken for, from whom, and its subject."""
    detail = {"kind": mail.kind.value, "from": mail.sender, "subject": mail.subject}
    if mail.why:
        detail["why"] = mail.why
    edit = Edit.new(
        "event", session.new_id(), lead_id=lead.id, kind="mail", at=min(ms(mail.received), ms(now)), text=text or None,
        rep_id=playbook.rep(session).id, mail_id=mail.mail_id, detail=json.dumps(detail, ensure_ascii=False),
    )  # fmt: skip
    return Change("mail", f"{lead.name}: mail came in, {mail.kind}", ms(now), (edit,), lead.id, kind="out")
