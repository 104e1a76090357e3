"""`sdr mail`: the rep's own mailbox. Waiting e-mails leave through it, what leads write is filed from it.

Off until it is set under [mail] in config.toml; the password comes from the environment or the system's keyring.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sdr import config
from sdr.commands.frame import ATTENTION, Desk, Stop, common, complain, desk, error_document, refusal
from sdr.commands.naming import an_id
from sdr.commands.shapes import iso
from sdr.models.terms import Refused

if TYPE_CHECKING:
    from sdr.exchange.mail_in import Heard
    from sdr.exchange.mail_out import Outcome
    from sdr.rules.mailbox import Mailbox
    from sdr.rules.sender import Sender

rehearsing = click.option("--dry-run", "rehearse", is_flag=True, help="Only say what would happen.")


@click.group()
def mail() -> None:
    """Send waiting e-mails and hear replies by your own mailbox; off until it is set in config.toml."""


@mail.command()
@common
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Log in to both servers and say what works; nothing is sent or filed."""
    with desk(ctx) as found, _failing():
        box, password = _box(found), ""
        password = _password(box)
        told = {"smtp": _try_smtp(box, password), "imap": _try_imap(box, password)}
        works = all(said.startswith("works") for said in told.values() if said)
        lines = [f"{name:4}  {said or 'not set'}" for name, said in told.items()]
        found.say({"ok": works, "address": box.address, **told}, lines)
        ctx.exit(0 if works else ATTENTION)


@mail.command()
@rehearsing
@common
@click.pass_context
def send(ctx: click.Context, rehearse: bool, as_json: bool) -> None:
    """Send the waiting e-mails whose time has come."""
    from sdr.exchange import mail_out

    with desk(ctx) as found, _failing():
        box = _box(found)
        if rehearse:
            ready = found.read(mail_out.ready_mail, box, _sender(found, box), found.now)
            leaving = [
                mail_out.Outcome(one.message.id, one.message.lead_id, one.name, "would go") for one in ready.leaving
            ]
            _tell_sent(found, (*leaving, *ready.staying), "")
            return
        done = mail_out.send_mail(found.store, box, _password(box), _sender(found, box), config.clock())
        _tell_sent(found, done.outcomes, done.stopped)
        if done.stopped:
            complain(Stop(ATTENTION, "mail.stopped", done.stopped))
        if done.stopped or any(done.count(what) for what in ("failed", "blocked", "unsure")):
            ctx.exit(ATTENTION)


@mail.command()
@rehearsing
@common
@click.pass_context
def hear(ctx: click.Context, rehearse: bool, as_json: bool) -> None:
    """File what leads wrote: replies, bounces, absences, and wishes for no more mail."""
    from sdr.exchange import mail_in

    with desk(ctx) as found, _failing():
        box = _box(found)
        told = mail_in.hear(found.store, box, _password(box), found.now, rehearse=rehearse)
        found.say(_heard_document(told, rehearse), _heard_lines(told))
        if told.unreadable or any(one.refused for one in told.filed):
            ctx.exit(ATTENTION)


@mail.command()
@common
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """What waits, what left today, what is in doubt, and when a mail was heard last. No server is asked."""
    from sdr.exchange import mail_out
    from sdr.models.terms import at, ms
    from sdr.store.queries import leads, mailing

    with desk(ctx) as found:
        box = _box(found)
        ready = found.read(mail_out.ready_mail, box, _sender(found, box), found.now)
        day = at(ms(found.now), found.zone).date().isoformat()
        doubtful = found.read(mailing.unsure)
        left, last = found.read(mailing.left_on, day), found.read(mailing.last_heard)
        names = {one.id: lead.name if (lead := found.read(leads.lead, one.lead_id)) else "" for one in doubtful}
        document = {
            "address": box.address, "ready": len(ready.leaving), "sent_today": left, "a_day": box.a_day,
            "staying": [_outcome(one) for one in ready.staying], "last_heard": iso(last, found.zone),
            "unsure": [{"message": str(one.id), "lead": str(one.lead_id), "name": names[one.id],
                        "at": iso(one.done_at, found.zone)} for one in doubtful],
        }  # fmt: skip
        lines = [
            f"{box.address}: {len(ready.leaving):,} ready to go, {left:,} of {box.a_day:,} sent today",
            *(f"{one.what:8} {one.name}: {one.why}" for one in ready.staying),
            *(f"unsure   {names[one.id]}: cut off while sending; `sdr mail settle {one.id} arrived` or `… again`"
              for one in doubtful),
            f"last heard {iso(last, found.zone) or 'never'}",
        ]  # fmt: skip
        found.say(document, lines)
        ctx.exit(ATTENTION if doubtful else 0)


@mail.command()
@click.argument("message")
@click.argument("outcome", type=click.Choice(["arrived", "again"]))
@common
@click.pass_context
def settle(ctx: click.Context, message: str, outcome: str, as_json: bool) -> None:
    """Say what became of a mail that was cut off: it arrived, or it is to be sent again."""
    from sdr.desk import sending_mail

    with desk(ctx) as found:
        done = found.act(sending_mail.settle, an_id(message, "message"), outcome == "arrived")
        if isinstance(done, Refused):
            raise refusal(done)
        found.say({"summary": done.summary}, [done.summary])


# --- the mailbox -----------------------------------------------------------------------------------------------


def _box(found: Desk) -> Mailbox:
    """The mailbox of config.toml; without one the command ends with how to turn it on."""
    box = config.mailbox(found.config, found.book.rep.email or "")
    if isinstance(box, Refused):
        raise refusal(box)
    return box


def _password(box: Mailbox) -> str:
    """The password; never from a file, never asked for on a line that others can see."""
    word = config.mailbox_password(box)
    if isinstance(word, Refused):
        raise refusal(word)
    return word


def _sender(found: Desk, box: Mailbox) -> Sender:
    """Who writes, by the address of the mailbox."""

    return config.sender(found.config, found.book.rep.name)._replace(email=box.address)


@contextmanager
def _failing() -> Iterator[None]:
    """A server that cannot be used ends the command with its sentence."""
    from sdr.exchange.mail_link import MailFailed

    try:
        yield
    except MailFailed as fault:
        _stop(str(fault))


def _stop(sentence: str) -> NoReturn:
    raise Stop(ATTENTION, "mail.server", sentence) from None


def _try_smtp(box: Mailbox, password: str) -> str:
    from sdr.exchange.mail_link import MailFailed, smtp_link

    if box.smtp is None:
        return ""
    try:
        with smtp_link(box.smtp, box.user, password):
            return f"works: {box.smtp} ({box.smtp.tls})"
    except MailFailed as fault:
        return str(fault)


def _try_imap(box: Mailbox, password: str) -> str:
    from sdr.exchange.mail_in import check_folder
    from sdr.exchange.mail_link import MailFailed, imap_link, told

    if box.imap is None:
        return ""
    try:
        with imap_link(box.imap, box.user, password) as link, told(box.imap):
            return f"works: {box.imap} ({box.imap.tls}), {check_folder(link, box):,} mails in {box.folder}"
    except MailFailed as fault:
        return str(fault)


# --- saying ----------------------------------------------------------------------------------------------------


def _outcome(one: Outcome) -> dict[str, Any]:
    return {"message": str(one.message_id), "lead": str(one.lead_id), "name": one.name, "outcome": one.what,
            "why": one.why or None}  # fmt: skip


def _tell_sent(found: Desk, outcomes: tuple[Outcome, ...], stopped: str) -> None:
    """Every mail with what became of it."""
    counts: dict[str, int] = {}
    for one in outcomes:
        counts[one.what] = counts.get(one.what, 0) + 1
    document: dict[str, Any] = {"counts": counts, "mails": [_outcome(one) for one in outcomes]}
    if stopped:
        document |= error_document(Stop(ATTENTION, "mail.stopped", stopped))
    lines = [f"{one.what:8} {one.name}" + (f": {one.why}" if one.why else "") for one in outcomes]
    total = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    found.say(document, [*lines, total or "no e-mail waits"])


def _heard_document(told: Heard, rehearse: bool) -> dict[str, Any]:
    filed = [
        {"lead": str(one.lead_id), "name": one.name, "kind": one.kind, "said": one.said, "acted": not one.refused}
        for one in told.filed
    ]
    return {"dry_run": rehearse, "seen": told.seen, "known": told.known, "others": told.others,
            "unreadable": told.unreadable, "filed": filed}  # fmt: skip


def _heard_lines(told: Heard) -> list[str]:
    lines = [f"{one.kind:14} {one.said if one.name in one.said else f'{one.name}: {one.said}'}" for one in told.filed]
    known, others = f"{told.known:,} filed before", f"{told.others:,} not from leads"
    return [*lines, f"{len(told.filed):,} filed of {told.seen:,} mails ({known}, {others})"]
