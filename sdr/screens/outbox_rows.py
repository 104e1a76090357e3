"""A message of the outbox as words: its row, what is under it, what left, and the link it may open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sdr.desk.outgoing import said
from sdr.exchange.letters import post_address
from sdr.models.terms import Channel, at, ms
from sdr.rules.money import spoken_money
from sdr.rules.spoken import ago, spoken
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Part
from sdr.screens.look import Marks
from sdr.store.queries.messages import POST, Batch, Group, Waiting
from sdr.store.rep import Rep

COLUMNS = (
    Column("who", "to", 20, keep=9),
    Column("what", "what", None, keep=8),
    Column("when", "when", 18, keep=7),
)
_WORDS = {Channel.EMAIL: "mails", Channel.LINKEDIN: "linkedin", Channel.SMS: "texts"}
_WEB = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?")
_IN_FILES = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z]+-[0-9]+")
LINK_LONGEST = 500


def word_of(channel: str) -> str:
    """What the messages of a channel are called, several of them."""
    return _WORDS.get(Channel(channel), f"{channel}s" if channel != Channel.CUSTOM else "others")


def cells(one: Waiting, now: datetime, zone: str, signs: Marks, *, held: bool) -> Cells:
    """One row: to whom, what about, and since when it waits or from when it may leave."""
    message = one.message
    lines = [line for line in message.text.splitlines() if line.strip()]
    # Every letter begins with "Dear Ana,": what follows tells one from the other.
    what = message.subject or next((line for line in lines if not line.rstrip().endswith(",")), message.text)
    if held:
        return Cells((one.name, what, "held"), ("", "dim", "late"), signs.no, "late")
    if not one.leaves(ms(now)):
        return Cells(
            (one.name, what, f"from {_moment(message.not_before, now, zone)}"), ("", "dim", "dim"), signs.later
        )
    waits = f"waits {ago(at(message.made_at), now)}"
    if message.fault:
        return Cells((one.name, what, waits), ("", "", "late"), signs.late, "late")
    return Cells((one.name, what, waits), ("", "", "dim"), signs.due)


def under(one: Waiting, group: Group | None, held: str | None, now: datetime, rep: Rep) -> list[list[Part]]:
    """The lines about the current message: to where, its text, what stands against it, and its group."""
    message, zone = one.message, rep.zone
    to = ", ".join(_address(one, rep)) or "no address"
    who: list[Part] = [(one.name, "now"), (f" · {one.company}" if one.company else "", ""), (f" · {to}", "dim")]
    lines = [line for line in message.text.strip().splitlines() if line.strip()]
    text = [_labelled("text   ", line) if not number else [("       ", ""), (line, "")]
            for number, line in enumerate([*lines[:2], ""][:2])]  # fmt: skip
    return [who, *text, _standing(one, held, now, zone), _labelled("all    ", _of_group(group, one, now, zone), "dim")]


def _address(one: Waiting, rep: Rep) -> Sequence[str]:
    """Where it goes: for post the lines as they will be printed, else as they were written."""
    if one.message.channel in POST and (lines := post_address(one, rep.country)):
        named = (one.name, one.company)
        return [line for line in lines if line not in named]
    return one.message.address.splitlines()


def _labelled(label: str, words: str, look: str = "") -> list[Part]:
    return [(label, "dim"), (words, look)]


def _standing(one: Waiting, held: str | None, now: datetime, zone: str) -> list[Part]:
    if held is not None:
        return _labelled("held   ", held, "late")
    if one.message.fault:
        return _labelled("fault  ", one.message.fault, "late")
    if not one.leaves(ms(now)):
        return _labelled("leaves ", f"not before {_moment(one.message.not_before, now, zone)}", "soon")
    cost = one.message.cost_minor
    money = f" · {spoken_money(cost, one.message.currency)}" if cost else ""
    return _labelled("leaves ", f"when you press Enter{money}")


def _of_group(group: Group | None, one: Waiting, now: datetime, zone: str) -> str:
    """How many wait on this channel, since when, and when the next may leave."""
    if group is None:
        return ""
    words = f"{said(group.channel, group.count)}, the oldest waits {ago(at(group.oldest), now)}"
    later = group.count - group.leaving
    if not later:
        return words
    return f"{words} · {later:,} not yet, the next {_moment(group.next_at, now, zone)}"


def batch_cells(one: Batch, now: datetime, zone: str, signs: Marks) -> Cells:
    """One batch that left."""
    return Cells((said(one.channel, one.count), file_of(one), _moment(one.at, now, zone)), ("", "dim", ""), signs.done)


def under_batch(one: Batch, folder: Path, now: datetime, zone: str) -> list[list[Part]]:
    """The lines about a batch that left."""
    place = str(folder) if file_of(one) else "by hand or by a mail server: no file"
    return [
        [(f"{said(one.channel, one.count)} left", "now"), (f" · {_moment(one.at, now, zone)}", "")],
        _labelled("in     ", place),
        _labelled("file   ", file_of(one)) if file_of(one) else [],
        [],
        _labelled("       ", "what left in a file is not taken back with u" if file_of(one) else "", "dim"),
    ]


def file_of(one: Batch) -> str:
    """The file of a batch; mails are a file each. Empty for what left in no file."""
    if not _IN_FILES.fullmatch(one.batch):
        return ""
    names = {Channel.EMAIL: "mail-*.eml", Channel.PARCEL: f"{one.batch}-labels.pdf"}
    return names.get(Channel(one.channel), f"{one.batch}.pdf")


def web_link(address: str) -> str:
    """`address` when it is a plain web link that a command may be given; else nothing."""
    return address if len(address) <= LINK_LONGEST and _WEB.fullmatch(address) else ""


def _moment(stored: int | None, now: datetime, zone: str) -> str:
    return spoken(at(stored, zone), now) if stored is not None else ""
