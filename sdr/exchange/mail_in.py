"""The rep's mailbox, read over IMAP: what leads wrote is filed, everything else is left alone and forgotten.

The folder is opened for reading only and mails are fetched without being marked as read. Heads come first; only of a
mail that belongs to a lead the beginning is fetched, never a large attachment. There is no cursor to lose: every run
looks back over some days, and a mail that was filed is known by its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sdr.desk import hearing_mail
from sdr.desk.hearing_mail import Mail
from sdr.exchange.mail_link import MailFailed, imap_link, told, words_of
from sdr.exchange.mail_parse import Head, Letter, head_of, letter_of
from sdr.models.terms import Refused, at
from sdr.rules.mail_kinds import judged
from sdr.rules.mailbox import Mailbox
from sdr.store.changes import Applied
from sdr.store.queries import leads, mailing
from sdr.store.session import Reader
from sdr.store.store import Store

if TYPE_CHECKING:
    from imaplib import IMAP4

LOOK_BACK = timedelta(days=14)  # before the newest mail that was filed
FARTHEST = timedelta(days=60)
HEADS_AT_ONCE = 100
HEAD_BYTES = 32_768
BODY_BYTES = 262_144  # the words of a mail stand at its beginning; attachments behind are not fetched
MOST = 20_000  # mails looked at in one run, the newest

_FIELDS = "MESSAGE-ID IN-REPLY-TO REFERENCES FROM DATE SUBJECT CONTENT-TYPE X-FAILED-RECIPIENTS"
_HEAD = f"(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS ({_FIELDS})]<0.{HEAD_BYTES}>)"
_BODY = f"(UID BODY.PEEK[]<0.{BODY_BYTES}>)"
_UID = re.compile(rb"\bUID (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]{1,40})"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Filed(NamedTuple):
    """One mail of a lead: what it is, whose, and what it did, or why it did nothing (`refused`)."""

    lead_id: int
    name: str
    kind: str
    said: str
    refused: bool = False
    readable: bool = True


@dataclass(slots=True)
class Heard:
    """A run: what was filed, and how many mails were seen, filed before, of nobody we know, or not readable."""

    filed: list[Filed] = field(default_factory=list)
    seen: int = 0
    known: int = 0
    others: int = 0
    unreadable: int = 0


class _Listed(NamedTuple):
    """One mail in the folder."""

    uid: int
    received: datetime
    head: Head


def since(db: Reader, now: datetime) -> datetime:
    """From which day on mails are looked at."""
    newest = mailing.last_heard(db)
    start = (at(newest) if newest is not None else now) - LOOK_BACK
    return max(start, now - FARTHEST)


def hear(store: Store, box: Mailbox, password: str, now: datetime, *, rehearse: bool = False) -> Heard:
    """File what leads wrote since the last time. Waits for the server and the disk; each mail is one write.

    `rehearse` only says what would be filed. `MailFailed` when the server cannot be used; what was filed stays filed.
    """
    server = box.imap
    if server is None:
        raise MailFailed('there is no server to read from; write imap = "imap.acme.example:993" under [mail]')
    found = Heard()
    with imap_link(server, box.user, password) as link, told(server):
        _open(link, box)
        uids = _search(link, store.read(since, now).result())
        for start in range(0, len(uids), HEADS_AT_ONCE):
            listed = list(_heads(link, uids[start : start + HEADS_AT_ONCE], now))
            found.seen += len(listed)
            for one in _ours(store, box, listed, found):
                _file(store, _mail(link, one, found), found, now, rehearse=rehearse)
    return found


def check_folder(link: IMAP4, box: Mailbox) -> int:
    """How many mails the folder holds; `MailFailed` when it cannot be opened."""
    return _open(link, box)


# --- talking to the server -------------------------------------------------------------------------------------


def _open(link: IMAP4, box: Mailbox) -> int:
    """Open the folder for reading only, and say how many mails are in it."""
    escaped = box.folder.replace("\\", "\\\\").replace('"', '\\"')
    answer, data = link.select(f'"{escaped}"', readonly=True)
    if answer != "OK":
        raise MailFailed(f"{box.imap} has no folder “{box.folder}” ({words_of(data[0])}); see [mail] folder")
    count = data[0] or b"0"
    return int(count) if count.isdigit() else 0


def _search(link: IMAP4, day: datetime) -> list[int]:
    """The mails since that day, oldest first."""
    since_day = f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"
    answer, data = link.uid("SEARCH", "SINCE", since_day)
    if answer != "OK":
        raise MailFailed(f"the server cannot search its folder: {words_of(data[0])}")
    found = sorted(int(word) for part in data if isinstance(part, bytes) for word in part.split() if word.isdigit())
    return found[-MOST:]


def _heads(link: IMAP4, uids: Sequence[int], now: datetime) -> Iterator[_Listed]:
    """The heads of these mails."""
    for uid, told_, raw in _fetched(link, uids, _HEAD):
        yield _Listed(uid, _received(told_, now), head_of(raw))


def _fetched(link: IMAP4, uids: Sequence[int], what: str) -> Iterator[tuple[int, bytes, bytes]]:
    """For each mail its number, what the server says around the bytes asked for, and those bytes."""
    _answer, data = link.uid("FETCH", ",".join(str(uid) for uid in uids), what)
    for number, part in enumerate(data or ()):
        if not isinstance(part, tuple):
            continue
        after = data[number + 1] if number + 1 < len(data) else b""
        around = part[0] + (b" " + after if isinstance(after, bytes) else b"")
        uid = _UID.search(around)  # a server may tell it before the bytes or behind them
        if uid is not None:
            yield int(uid[1]), around, part[1]


def _received(around: bytes, now: datetime) -> datetime:
    """When the mailbox had the mail (RFC 3501 date-time); now, when the server does not say."""
    found = _DATE.search(around)
    try:  # the month's name is English whatever the machine speaks
        day, month, rest = (found[1].decode("ascii") if found else "").strip().split("-", 2)
        return datetime.strptime(f"{day} {_MONTHS.index(month.title()) + 1} {rest}", "%d %m %Y %H:%M:%S %z")
    except ValueError:
        return now


# --- which, and what with them ---------------------------------------------------------------------------------


def _ours(store: Store, box: Mailbox, listed: Sequence[_Listed], found: Heard) -> Iterator[_Listed]:
    """Those that a lead wrote, or that came back, and that were not filed before."""
    known = store.read(mailing.heard, [one.head.mail_id for one in listed]).result()
    for one in listed:
        if one.head.mail_id in known:
            found.known += 1
        elif one.head.sender != box.address.lower() and (one.head.notice or _is_ours(store, one.head)):
            yield one
        else:
            found.others += 1


def _is_ours(store: Store, head: Head) -> bool:
    return store.read(hearing_mail.matched, head.sender, head.answers).result() is not None


def _mail(link: IMAP4, one: _Listed, found: Heard) -> tuple[Mail, bool]:
    """The mail behind a head, judged."""
    raw = next((body for uid, _around, body in _fetched(link, (one.uid,), _BODY) if uid == one.uid), b"")
    letter = letter_of(raw, one.head)
    found.unreadable += not letter.readable
    return _judged(letter, one.received), letter.readable


def _judged(letter: Letter, received: datetime) -> Mail:
    verdict, head = judged(letter.mail), letter.head
    return Mail(
        mail_id=head.mail_id, kind=verdict.kind, sender=head.sender, subject=head.subject, words=letter.mail.own,
        received=received.astimezone(UTC), answers=head.answers, returned=letter.returned,
        recipients=verdict.recipients, why=verdict.why,
    )  # fmt: skip


def _file(store: Store, read: tuple[Mail, bool], found: Heard, now: datetime, *, rehearse: bool) -> None:
    """One mail filed, and what came of it told."""
    mail, readable = read
    match = store.read(hearing_mail.match_of, mail).result()
    lead = store.read(leads.lead, match.lead_id).result() if match else None
    if lead is None:
        found.others += 1
        return
    if rehearse:
        found.filed.append(Filed(lead.id, lead.name, mail.kind, "would be filed", readable=readable))
        return
    done = store.write_many(lambda session: hearing_mail.file_mail(session, mail, now)).result()
    if not done:
        found.known += 1
        return
    last = done[-1]
    said = last.summary if isinstance(last, Applied) else f"kept, nothing moved: {last.reason}"
    found.filed.append(Filed(lead.id, lead.name, mail.kind, said, isinstance(last, Refused), readable))
