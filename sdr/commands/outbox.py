"""`sdr outbox`, `sdr letters`, `sdr calendar`: what the channels produce, as files that other programs take in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sdr.commands.frame import ATTENTION, UNUSABLE, Desk, Stop, common, desk, nonsense, remark
from sdr.commands.shapes import Document, iso
from sdr.models.terms import Channel, at, ms
from sdr.rules.spoken import ago, spoken
from sdr.store.queries import messages
from sdr.store.queries.messages import POST, Waiting
from sdr.store.session import Reader

if TYPE_CHECKING:
    from sdr.exchange.folders import Written
    from sdr.exchange.outbox import Left, LeftOut
    from sdr.rules.sender import Sender

into = click.option("--to", "folder", type=click.Path(path_type=Path), help="The folder to write to.")


@click.command()
@click.option("--write", is_flag=True, help="Write the drafts; without it they are only listed.")
@into
@common
@click.pass_context
def outbox(ctx: click.Context, write: bool, folder: Path | None, as_json: bool) -> None:
    """What waits to leave; --write (or --to DIR) makes a draft (.eml) of each mail that may."""
    with desk(ctx) as found:
        sender = found.sender
        if write or folder:
            left = [_write(found, folder, Channel.EMAIL, sender)]
            _say(ctx, found, left, found.read(messages.waiting))
        else:
            _list(ctx, found, sender, None)


@click.command()
@click.option("--batch", is_flag=True, help="Write them: one PDF, address labels and a mail-merge file each.")
@click.option("--channel", type=click.Choice([one.value for one in POST]), help="Only these.")
@into
@common
@click.pass_context
def letters(ctx: click.Context, batch: bool, channel: str | None, folder: Path | None, as_json: bool) -> None:
    """Letters, postcards and parcels that wait; --batch prints them (of parcels the labels)."""
    with desk(ctx) as found:
        sender = found.sender
        wanted = [Channel(channel)] if channel else list(POST)
        if not batch:
            _list(ctx, found, sender, wanted)
            return
        left = [_write(found, folder, one, sender) for one in wanted]
        _say(ctx, found, left, [one for each in wanted for one in found.read(messages.waiting, each.value)])


@click.command()
@click.option("--to", "file", type=click.Path(path_type=Path), help="The file to write, instead of the desk's own.")
@common
@click.pass_context
def calendar(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Callbacks, meetings and today's due touches as one .ics; a second run changes nothing that did not change."""
    from sdr.exchange.busy import busy_between
    from sdr.exchange.day_calendar import collisions, write_calendar_file
    from sdr.exchange.folders import ExportFailed, may_be_named

    with desk(ctx) as found:
        path = file or found.places.exports / "calendar.ics"
        if not may_be_named(path.name) or path.suffix != ".ics":
            nonsense("calendar.name", f"“{path.name}” is no name for it", "small letters, digits and dashes, then .ics")
        try:
            done = write_calendar_file(found.store, path, found.now)
        except ExportFailed as fault:
            raise Stop(UNUSABLE, "calendar.failed", str(fault).rstrip("."), "name another file with --to") from None
        busy = found.read(collisions, found.config.busy, found.now)
        file_document = {"path": str(done.path), "events": done.rows, "sha256": done.sha256, "state": done.state.value}
        met = [{"lead": str(one.lead_id), "at": iso(one.due_at, found.zone), "busy": one.words} for one in busy]
        lines = [f"{one.name} {spoken(at(one.due_at, found.zone), found.now)}: you have {one.words}" for one in busy]
        told = f"{done.state.value:<10} {done.rows:>4} events  {done.path}"
        found.say({"files": [file_document], "collisions": met}, [told, *lines])
        for unread in busy_between(found.config.busy, found.now, found.now, found.zone).faults:
            remark(f"sdr: {unread}")


def _write(found: Desk, folder: Path | None, channel: Channel, sender: Sender) -> Left:
    from sdr.exchange.folders import ExportFailed
    from sdr.exchange.outbox import OUTBOX, write_outbox

    try:
        return write_outbox(found.store, folder or found.places.exports / OUTBOX, channel, sender, found.now)
    except ExportFailed as fault:
        raise Stop(UNUSABLE, "outbox.failed", str(fault).rstrip("."), "the messages still wait") from None


def _list(ctx: click.Context, found: Desk, sender: Sender, channels: Sequence[Channel] | None) -> None:
    """What waits, with what stands against it; nothing is written."""
    waiting = [one for one in found.read(messages.waiting) if channels is None or one.message.channel in channels]
    held = found.read(_against, waiting, sender, found.now)
    document = {
        "files": [],
        "waiting": [_waiting(one, held.get(one.message.id), found) for one in waiting],
        "left_out": [],
    }
    found.say(document, _lines(waiting, held, found) if waiting else ["nothing waits"])


def _against(db: Reader, waiting: Sequence[Waiting], sender: Sender, now: Any) -> dict[int, str]:
    from sdr.exchange.outbox import why_not

    return {one.message.id: no for one in waiting if (no := why_not(db, one, sender, now)) is not None}


def _waiting(one: Waiting, held: str | None, found: Desk) -> Document:
    message = one.message
    return {
        "message": str(message.id), "lead": str(message.lead_id), "name": one.name, "channel": message.channel,
        "address": message.address, "subject": message.subject, "made_at": iso(message.made_at, found.zone),
        "not_before": iso(message.not_before, found.zone), "leaves": one.leaves(ms(found.now)) and held is None,
        "held": held,
    }  # fmt: skip


def _lines(waiting: Sequence[Waiting], held: dict[int, str], found: Desk) -> Iterator[str]:
    for group in found.read(messages.groups, ms(found.now)):
        listed = [one for one in waiting if one.message.channel == group.channel]
        if listed:
            since = ago(at(group.oldest), found.now)
            yield f"{group.channel}: {group.count:,}, the oldest {since} old, {group.leaving:,} of them in their hours"
        for one in listed:
            why = f" · held: {held[one.message.id]}" if one.message.id in held else ""
            yield f"  {one.name} · {one.message.subject or one.message.address.splitlines()[0]}{why}"


def _say(ctx: click.Context, found: Desk, left: Sequence[Left], waiting: Sequence[Waiting]) -> None:
    """What was written, and what stays behind."""
    behind = [one for each in left for one in each.left_out]
    files = [file for each in left for file in each.files]
    document = {
        "files": [_file(one) for one in files],
        "written": sum(each.count for each in left),
        "waiting": [_waiting(one, None, found) for one in waiting],
        "left_out": [_left_out(one) for one in behind],
    }
    lines = [f"{one.state.value:<10} {one.path}" for one in files]
    found.say(document, [*lines, f"{document['written']:,} written, {len(waiting):,} still wait"])
    for one in behind:
        remark(f"sdr: lead {one.lead_id} stays behind: {one.reason}")
    ctx.exit(ATTENTION if behind else 0)


def _file(one: Written) -> Document:
    return {"path": str(one.path), "messages": one.rows, "sha256": one.sha256, "state": one.state.value}


def _left_out(one: LeftOut) -> Document:
    return {"message": str(one.message_id), "lead": str(one.lead_id), "name": one.name, "reason": one.reason}
