"""What was done lately, act by act, from the journal: how long work takes, and when prospecting was done."""

from __future__ import annotations

from typing import NamedTuple

from sdr.store.queries.reading import every
from sdr.store.session import Reader

MOST = 1_000  # acts that are looked at: two weeks of a busy rep


class Logged(NamedTuple):
    """One act that stands. `at` is ms UTC; `channel` is that of its touch, `seconds` the length of its call."""

    at: int
    verb: str
    channel: str | None
    seconds: int


def touched(db: Reader, rep_id: int, since: int, until: int) -> tuple[tuple[int, bool], ...]:
    """The touches a rep did after `since` and up to `until` (ms UTC), the oldest first: when, and whether to somebody
    with whom nobody had talked before, which is prospecting."""
    sql = """SELECT touch.at, lead.contacted_at IS NULL OR lead.contacted_at >= touch.at FROM touch
      JOIN lead ON lead.id=touch.lead_id WHERE touch.at > ? AND touch.at <= ? AND touch.rep_id=? AND touch.skipped=0
      AND touch.human=1 ORDER BY touch.at, touch.id"""
    return tuple((at, bool(new)) for at, new in db.execute(sql, (since, until, rep_id)))


def lately(db: Reader, since: int, until: int) -> tuple[Logged, ...]:
    """The newest acts between two moments (ms UTC), the oldest first; what was taken back is left out.

    An act on many leads at once has no lead of its own and so no channel.
    """
    sql = """SELECT at, verb, (SELECT channel FROM touch WHERE touch.lead_id=done.lead_id AND touch.at=done.at LIMIT 1),
      coalesce((SELECT seconds FROM call WHERE call.lead_id=done.lead_id AND call.at=done.at LIMIT 1), 0)
      FROM (SELECT at, verb, lead_id, id FROM step WHERE kind='act' AND undone=0 ORDER BY id DESC LIMIT :most) AS done
      WHERE at >= :since AND at <= :until ORDER BY at, id"""
    return every(db, Logged, sql, {"since": since, "until": until, "most": MOST})
