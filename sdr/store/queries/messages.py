"""The outbox: messages that wait to leave, by channel, and what left, by batch.

A message waits while its state is `ready`; before its `not_before` (ms UTC) it is listed, but does not leave yet.
A batch is what left in one act: `2026-03-02-postcard-1` in files, `2026-03-02-linkedin` by hand that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sdr.models.terms import Channel
from sdr.store import rows
from sdr.store.queries.reading import every, one
from sdr.store.session import Reader

POST = (Channel.LETTER, Channel.POSTCARD, Channel.PARCEL)  # goes to a postal address
_WIDTH = len(rows.Message._fields)
_POST = ", ".join(f"'{channel.value}'" for channel in POST)


class Waiting(NamedTuple):
    """A waiting message and whom it goes to; `last_post` are the postal addresses of their earlier messages."""

    message: rows.Message
    name: str
    company: str | None
    country: str | None
    region: str | None
    city: str | None
    postcode: str | None
    zone: str
    linkedin: str | None
    phone: str | None
    last_post: tuple[str, ...] = ()

    def leaves(self, now: int) -> bool:
        """Whether it may leave at `now` (ms UTC) as far as its own date goes."""
        return self.message.not_before is None or self.message.not_before <= now


@dataclass(frozen=True, slots=True)
class Group:
    """The waiting messages of one channel: how many, how many of them may leave now, since when, and from when."""

    channel: str
    count: int
    leaving: int
    oldest: int
    next_at: int | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What left in one act, and when (ms UTC)."""

    batch: str
    channel: str
    count: int
    at: int


def groups(db: Reader, now: int) -> tuple[Group, ...]:
    """The channels on which messages wait, in the order of `Channel`."""
    sql = """SELECT channel, count(*), sum(coalesce(not_before, 0) <= :now), min(made_at),
      min(CASE WHEN not_before > :now THEN not_before END)
      FROM message WHERE state='ready' GROUP BY channel"""
    order = [channel.value for channel in Channel]
    found = every(db, Group, sql, {"now": now})
    return tuple(sorted(found, key=lambda group: order.index(group.channel)))


def waiting(db: Reader, channel: str | None = None, ids: Sequence[int] | None = None) -> tuple[Waiting, ...]:
    """The waiting messages of `channel` (all without), oldest first; `ids` only those."""
    sql = f"""SELECT message.*, lead.name, lead.company, lead.country, lead.region, lead.city, lead.postcode, lead.zone,
      lead.linkedin, lead.phone FROM message JOIN lead ON lead.id = message.lead_id WHERE message.state='ready'
      {"AND channel=:channel" if channel else ""} ORDER BY channel, made_at, message.id"""
    wanted = None if ids is None else frozenset(ids)
    found = []
    for row in db.execute(sql, {"channel": channel}):
        message = rows.Message(*row[:_WIDTH])
        if wanted is None or message.id in wanted:
            past = _last_post(db, message) if message.channel in POST else ()
            found.append(Waiting(message, *(*row[_WIDTH:], past)))
    return tuple(found)


def _last_post(db: Reader, message: rows.Message) -> tuple[str, ...]:
    sql = f"""SELECT address FROM message WHERE lead_id=? AND id<>? AND channel IN ({_POST}) AND address<>''
      ORDER BY made_at DESC, id DESC LIMIT 5"""
    return tuple(row[0] for row in db.execute(sql, (message.lead_id, message.id)))


def message(db: Reader, message_id: int) -> rows.Message | None:
    """The message with this id, whatever its state."""
    return one(db, rows.Message, "SELECT * FROM message WHERE id=?", (message_id,))


def touches_of(db: Reader, message: rows.Message) -> tuple[rows.Touch, ...]:
    """The touches that `message` carries out."""
    sql = "SELECT * FROM touch WHERE lead_id=? AND message_id=?"
    return every(db, rows.Touch, sql, (message.lead_id, message.id))


def batches(db: Reader, limit: int = 50) -> tuple[Batch, ...]:
    """What left, newest first."""
    sql = """SELECT batch, channel, count(*), max(coalesce(done_at, made_at)) FROM message WHERE batch IN
      (SELECT DISTINCT batch FROM message WHERE batch IS NOT NULL ORDER BY batch DESC LIMIT ?)
      GROUP BY batch, channel ORDER BY 4 DESC, 1 DESC"""
    return every(db, Batch, sql, (limit,))


def next_batch(db: Reader, day: str, channel: str) -> str:
    """The name of the next batch of `channel` on `day` (`YYYY-MM-DD`): never one that was given before."""
    stem = f"{day}-{channel}-"
    sql = "SELECT DISTINCT batch FROM message WHERE batch >= ? AND batch < ?"
    given = [row[0].removeprefix(stem) for row in db.execute(sql, (stem, stem + "~"))]
    return f"{stem}{max((int(number) for number in given if number.isdigit()), default=0) + 1}"


def reached(db: Reader, lead_id: int, since: int) -> tuple[tuple[str, int], ...]:
    """What really reached a lead since then: channel and time (ms UTC). A message counts from when it left; one that
    waits does not count."""
    sql = """SELECT touch.channel, coalesce(message.done_at, touch.at) FROM touch
      LEFT JOIN message ON message.id = touch.message_id
      WHERE touch.lead_id=:lead AND touch.skipped=0 AND coalesce(message.state, '') <> 'ready'
      AND coalesce(message.done_at, touch.at) >= :since ORDER BY 2"""
    return tuple((row[0], row[1]) for row in db.execute(sql, {"lead": lead_id, "since": since}))


def has_left(db: Reader, batch: str) -> bool:
    """Whether a batch of this name left already."""
    return db.execute("SELECT 1 FROM message WHERE batch=? LIMIT 1", (batch,)).fetchone() is not None
