"""What waits in the outbox, put into files: drafts (.eml) of e-mails, sheets of letters and postcards.

Planning reads and asks the gate again for every message at this moment; what may not leave stays behind with the
reason. Files are written first and the messages marked afterwards: after a crash in between, the same files are
written again under the same names, and nothing leaves twice. All files of a batch are there, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sdr.desk import leaving, outgoing
from sdr.exchange import letters
from sdr.exchange.drafts import draft, mail_id, plain_address
from sdr.exchange.folders import Content, ExportFailed, FileState, Outbound, Written, file_name
from sdr.models.terms import Channel, Refused, at, ms
from sdr.rules.sender import Sender, address_missing
from sdr.store import rows
from sdr.store.queries import messages, playbook
from sdr.store.queries.messages import POST, Waiting
from sdr.store.session import Reader
from sdr.store.store import Store

OUTBOX = "outbox"  # the folder among the exports
FILED = (Channel.EMAIL, *POST)  # the channels whose messages leave as files


class LeftOut(NamedTuple):
    """A message that stays behind, and why, in a sentence."""

    message_id: int
    lead_id: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class File:
    """One file to be: its name, its content, and how many messages are in it."""

    name: str
    content: Content
    count: int


class Gathered(NamedTuple):
    """What may leave of a channel, whose it is, and what stays behind."""

    channel: Channel
    batch: str
    rep: rows.Rep
    kept: tuple[Waiting, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One batch before it is written: its name, its files, the messages in them, and those that stay behind."""

    batch: str
    files: tuple[File, ...] = ()
    ids: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    mail_ids: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """A batch in its place: the files, how many messages left in it, and those that stay behind."""

    batch: str
    files: tuple[Written, ...] = ()
    count: int = 0
    left_out: tuple[LeftOut, ...] = ()


def write_outbox(
    store: Store, folder: Path, channel: Channel, sender: Sender, now: datetime, ids: Sequence[int] | None = None
) -> Left:
    """Write the waiting messages of `channel` (of `ids` only) into `folder` and mark them written. Waits for the disk.

    Raises `folders.ExportFailed`; nothing is marked then, and no new file of the batch stays.
    """
    plan = planned(gathered(store, channel, sender, now, ids), sender, now)
    if plan.left_out:
        store.write(leaving.held_back, tuple(one.message_id for one in plan.left_out), now, sender).result()
    if not plan.ids:
        return Left(plan.batch, left_out=plan.left_out)
    files = _write(Outbound(folder), plan.files)
    done = store.write(outgoing.written, plan.ids, plan.batch, now, mail_ids=plan.mail_ids).result()
    if isinstance(done, Refused):
        if not store.read(messages.has_left, plan.batch).result():  # else another desk wrote these very files
            _take_away(files)
        raise ExportFailed(f"Nothing was written: {done.reason}.")
    return Left(plan.batch, files, len(plan.ids), plan.left_out)


def _write(outbound: Outbound, files: Sequence[File]) -> tuple[Written, ...]:
    """All of `files` in place; when one cannot be written, those that are new are taken away again."""
    done: list[Written] = []
    try:
        for file in files:
            done.append(outbound.write(file.name, file.content, file.count))
    except ExportFailed:
        _take_away(done)
        raise
    return tuple(done)


def _take_away(files: Sequence[Written]) -> None:
    for file in files:
        if file.state is FileState.NEW:
            file.path.unlink(missing_ok=True)


def gathered(
    store: Store, channel: Channel, sender: Sender, now: datetime, ids: Sequence[int] | None = None
) -> Gathered:
    """The waiting messages of `channel` (one of `FILED`) that may leave now, by their dates and by the gate.

    Asked message by message, so that a screen that reads meanwhile does not wait for a long batch.
    """
    rep = store.read(playbook.rep).result()
    batch = store.read(messages.next_batch, at(ms(now), rep.zone).date().isoformat(), channel.value).result()
    kept, left_out = [], []
    for one in store.read(messages.waiting, channel.value, ids).result():
        if one.leaves(ms(now)):
            reason = store.read(why_not, one, sender, now).result()
            kept += [one] if reason is None else []
            left_out += [] if reason is None else [_left_out(one, reason)]
    return Gathered(channel, batch, rep, tuple(kept), tuple(left_out))


def planned(found: Gathered, sender: Sender, now: datetime) -> Plan:
    """The files of what was gathered, drawn and ready to write (slow for many letters: not for the store's threads).

    Raises `folders.ExportFailed` when nothing can be printed here at all.
    """
    if not found.kept:
        return Plan(found.batch, left_out=found.left_out)
    if found.channel is Channel.EMAIL:
        return _drafts(found, sender, now)
    made = letters.printed(found.kept, found.channel, sender, found.rep.country, now, found.rep.zone)
    unfit = tuple(_left_out(one, reason) for one, reason in made.unfit)
    ids = tuple(one.message.id for one, _piece in made.pieces)
    return Plan(found.batch, _sheets(found.batch, made), ids, (*found.left_out, *unfit))


def why_not(db: Reader, one: Waiting, sender: Sender, now: datetime) -> str | None:
    """Why this message may not leave now, in a sentence; None when it may. Asks the gate."""
    refused = leaving.refused(db, one.message.lead_id, Channel(one.message.channel), now, one.message, sender)
    if refused is not None:
        return refused.reason
    if one.message.channel == Channel.EMAIL:
        return _no_mail(one, sender)
    return letters.no_post(one, playbook.rep(db).country) if one.message.channel in POST else None


def _no_mail(one: Waiting, sender: Sender) -> str | None:
    if plain_address(one.message.address) is None:
        return "its address is no e-mail address; E mends it"
    if address_missing(sender, one.country):
        return f"mail to {one.country} needs your postal address: postal_address under [mail] in config.toml"
    return None


def _left_out(one: Waiting, reason: str) -> LeftOut:
    return LeftOut(one.message.id, one.message.lead_id, one.name, reason)


def _drafts(found: Gathered, sender: Sender, now: datetime) -> Plan:
    files = tuple(
        File(
            file_name("mail", str(one.message.id), suffix="eml"),
            draft(one.message, one.name, one.country, sender, now),
            1,
        )
        for one in found.kept
    )
    named = {one.message.id: mail_id(one.message, sender) for one in found.kept}
    return Plan(found.batch, files, tuple(named), found.left_out, named)


def _sheets(batch: str, found: letters.Printed) -> tuple[File, ...]:
    """The merge file, the labels and the sheets (a parcel has none), all named by the batch."""
    count = len(found.pieces)
    if not count:
        return ()
    listed = (
        File(file_name(batch, "merge", suffix="csv"), letters.merge_csv(found), count),
        File(file_name(batch, "labels", suffix="pdf"), letters.labels_pdf(found, batch), count),
    )
    if found.channel is Channel.PARCEL:
        return listed
    return (*listed, File(file_name(batch, suffix="pdf"), letters.sheets_pdf(found, batch), count))
