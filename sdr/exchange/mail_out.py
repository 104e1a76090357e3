"""Waiting e-mails handed to the rep's own mail server, one connection, each with its outcome on disk before the next.

A mail leaves when it waits, its date has come, the prospect's hours are open and the gate says yes at that very
moment. The server first says whether it knows sender and recipient; only then is the message marked as begun and its
text handed over. Killed in between, it stays marked, is never sent again by itself, and is listed as unsure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sdr.desk import leaving, sending_mail
from sdr.exchange.drafts import draft, mail_id, plain_address
from sdr.exchange.mail_link import MailFailed, smtp_link, told, words_of
from sdr.exchange.outbox import why_not
from sdr.models.terms import Channel, Refused, at, ms
from sdr.rules.calendar import is_open, next_open
from sdr.rules.mail_returned import Fault, fault_of
from sdr.rules.mailbox import Mailbox, Server
from sdr.rules.sender import Sender
from sdr.store.queries import leads, mailing, messages, playbook
from sdr.store.queries.messages import Waiting
from sdr.store.session import Reader
from sdr.store.store import Store

if TYPE_CHECKING:
    from smtplib import SMTP

Clock = Callable[[], datetime]

UNSENT = b"X-Unsent: 1\r\n"  # the mark of a draft
TOO_MANY = (
    5  # mails refused one after the other, for reasons that are not their addresses: then something else is wrong
)


class Outcome(NamedTuple):
    """What became of one mail: `sent`, `failed`, `later`, `blocked`, `waiting`, `unsure`, and the reason in words."""

    message_id: int
    lead_id: int
    name: str
    what: str
    why: str = ""


class Posted(NamedTuple):
    """A run: an outcome for every mail looked at, and why it ended early, if it did."""

    outcomes: tuple[Outcome, ...] = ()
    stopped: str = ""

    def count(self, what: str) -> int:
        """How many mails had this outcome."""
        return sum(1 for one in self.outcomes if one.what == what)


class Ready(NamedTuple):
    """What would leave now, and what stays with its reason."""

    leaving: tuple[Waiting, ...]
    staying: tuple[Outcome, ...]


class _Stop(Exception):
    """Nothing more goes through this server now; the text says why, `outcome` what became of the last mail."""

    def __init__(self, why: str, outcome: Outcome | None = None) -> None:
        super().__init__(why)
        self.outcome = outcome


def ready_mail(db: Reader, box: Mailbox, sender: Sender, now: datetime) -> Ready:
    """Which of the waiting e-mails would leave at `now`."""
    day = at(ms(now), playbook.rep(db).zone).date().isoformat()
    room = box.a_day - mailing.left_on(db, day)
    leaves: list[Waiting] = []
    staying: list[Outcome] = []
    for one in messages.waiting(db, Channel.EMAIL):
        what, why = _why_stays(db, one, sender, now)
        if not what and len(leaves) >= room:
            what, why = "waiting", f"{box.a_day:,} mails a day is the most ([mail] a_day); it goes tomorrow"
        if what:
            staying.append(_outcome(one, what, why))
        else:
            leaves.append(one)
    return Ready(tuple(leaves), tuple(staying))


def _why_stays(db: Reader, one: Waiting, sender: Sender, now: datetime) -> tuple[str, str]:
    """The outcome of a mail that does not leave now, with its reason; empty words when it does."""
    if not one.leaves(ms(now)):
        assert one.message.not_before is not None  # else it leaves
        return "waiting", f"not before {at(one.message.not_before, one.zone):%a %d %b %H:%M} there"
    if (no := why_not(db, one, sender, now)) is not None:
        return "blocked", no
    lead = leads.lead(db, one.message.lead_id)
    assert lead is not None  # it was just joined with
    hours = sending_mail.hours_of(db, one.message, lead, now)
    if is_open(hours, now):
        return "", ""
    opens = next_open(hours, now)
    when = f"they open {opens:%a %d %b %H:%M} there" if opens else "their hours never open"
    return "waiting", f"outside their hours; {when}"


def send_mail(store: Store, box: Mailbox, password: str, sender: Sender, clock: Clock) -> Posted:
    """Send what may leave now. Waits for the server and the disk; `MailFailed` when no connection can be made.

    `clock` tells the moment at which each mail is looked at again.
    """
    server = box.smtp
    if server is None:
        raise MailFailed('there is no server to send by; write smtp = "smtp.acme.example:587" under [mail]')
    found = store.read(ready_mail, box, sender, clock()).result()
    if held := tuple(one.message_id for one in found.staying if one.what == "blocked"):
        store.write(leaving.held_back, held, clock(), sender).result()
    if not found.leaving:
        return Posted(found.staying)
    done: list[Outcome] = []
    stopped = ""
    with smtp_link(server, box.user, password) as link:
        run = _Run(store, link, server, box, sender, clock)
        try:
            for one in found.leaving:
                done.append(run.send(one))
        except _Stop as end:
            stopped = str(end)
            done.extend([end.outcome] if end.outcome else [])
    return Posted((*done, *found.staying), stopped)


@dataclass(slots=True)
class _Run:
    """One connection and what has happened on it."""

    store: Store
    link: SMTP
    server: Server
    box: Mailbox
    sender: Sender
    clock: Clock
    refusals: int = 0

    def send(self, one: Waiting) -> Outcome:
        """One mail, to its end; `_Stop` when no other should be tried."""
        now = self.clock()
        what, why = self.store.read(_why_stays, one, self.sender, now).result()
        if what:
            return _outcome(one, what, why)
        try:
            with told(self.server):
                no = self._introduced(one)
        except MailFailed as fault:  # its text was not handed over: it waits as before
            raise _Stop(str(fault)) from None
        if no is not None:
            return self._answered(one, *no)
        own_id = mail_id(one.message, self.sender)
        begun = self.store.write(sending_mail.begin, one.message.id, own_id, self.sender, now).result()
        if isinstance(begun, Refused):
            self._forget()
            return _outcome(one, "blocked", begun.reason)
        return self._handed_over(one, now)

    def _introduced(self, one: Waiting) -> tuple[int, str] | None:
        """Sender and recipient told to the server; what it said when it wants one of them not."""
        import smtplib

        to = plain_address(one.message.address)
        code, said = self.link.mail(self.box.address)
        if code == 250:
            code, said = self.link.rcpt(to or "")
            if code in (250, 251):
                return None
        elif code >= 500:  # it does not want us at all
            raise _Stop(f"{self.server} refuses mail from {self.box.address}: {words_of(said)}")
        if code == 421:
            raise smtplib.SMTPServerDisconnected("421 " + words_of(said))
        self._forget()
        return code, words_of(said)

    def _handed_over(self, one: Waiting, now: datetime) -> Outcome:
        """The text given to the server, and its answer written down."""
        import smtplib

        text = draft(one.message, one.name, one.country, self.sender, now).replace(UNSENT, b"", 1)
        try:
            code, said = self.link.data(text)
        except smtplib.SMTPDataError as fault:  # it did not even want to hear the text
            self._forget()
            return self._answered(one, fault.smtp_code, words_of(fault.smtp_error))
        except (smtplib.SMTPException, OSError):
            why = "the connection broke while it was handed over; look into your mailbox, then `sdr mail settle`"
            raise _Stop(f"{self.server} broke the connection off", _outcome(one, "unsure", why)) from None
        if code != 250:
            return self._answered(one, code, words_of(said))
        self.refusals = 0
        self.store.write(sending_mail.taken, one.message.id, self.clock()).result()
        return _outcome(one, "sent")

    def _answered(self, one: Waiting, code: int, said: str) -> Outcome:
        """What follows from a server's no."""
        fault, why, now = fault_of(code, said), f"{code} {said}", self.clock()
        if fault in (Fault.LATER, Fault.SENDER):
            self.store.write(sending_mail.later, one.message.id, why, now).result()
            if fault is Fault.SENDER:
                raise _Stop(f"{self.server} takes nothing from this account: {why}", _outcome(one, "later", why))
            return _outcome(one, "later", why)
        gone = fault is Fault.ADDRESS
        self.store.write_many(
            lambda session: sending_mail.refused(session, one.message.id, why, now, gone=gone)
        ).result()
        self.refusals = 0 if gone else self.refusals + 1
        if self.refusals >= TOO_MANY:
            last = _outcome(one, "failed", why)
            raise _Stop(f"{self.server} refused {TOO_MANY} mails one after the other, the last with: {why}", last)
        return _outcome(one, "failed", why)

    def _forget(self) -> None:
        """Let the server forget the mail that was begun; a broken connection shows at the next one."""
        import smtplib

        try:
            self.link.rset()
        except (smtplib.SMTPException, OSError):
            return


def _outcome(one: Waiting, what: str, why: str = "") -> Outcome:
    return Outcome(one.message.id, one.message.lead_id, one.name, what, why)
