"""Colleagues of one lead who are in a drip, and the messages that wait for a lead or an address."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from sdr.store import rows
from sdr.store.queries.reading import every, one
from sdr.store.session import Reader

_WIDTH = len(rows.Lead._fields)


class Sibling(NamedTuple):
    """An open lead of an account and the drip it is in."""

    lead: rows.Lead
    drip: rows.Enrollment


def in_drips(db: Reader, account_id: int | None, but: int | None = None) -> tuple[Sibling, ...]:
    """The open leads of an account in a drip, running or paused, the worthiest first; `but` is left out."""
    if account_id is None:
        return ()
    sql = """SELECT lead.*, enrollment.* FROM lead JOIN enrollment ON enrollment.lead_id = lead.id
      AND enrollment.state IN ('active', 'paused')
      WHERE lead.account_id=? AND lead.id IS NOT ? AND lead.alias_of IS NULL AND lead.queue_band IS NOT NULL
      ORDER BY lead.score DESC, lead.id"""
    found = db.execute(sql, (account_id, but))
    return tuple(Sibling(rows.Lead(*row[:_WIDTH]), rows.Enrollment(*row[_WIDTH:])) for row in found)


def named(db: Reader, account_id: int | None, name: str) -> rows.Lead | None:
    """The lead of an account that has this name, whatever its case and accents."""
    if account_id is None:
        return None
    sql = """SELECT * FROM lead WHERE account_id=? AND folded(name)=folded(?) AND alias_of IS NULL
      ORDER BY id LIMIT 1"""
    return one(db, rows.Lead, sql, (account_id, name))


def waiting(db: Reader, lead_id: int, addresses: Collection[str] = ()) -> tuple[rows.Message, ...]:
    """The messages in the outbox that wait for a lead, or for anybody at one of these addresses, oldest first."""
    own = "SELECT * FROM message WHERE lead_id=:lead AND state='ready'"
    if not addresses:
        return every(db, rows.Message, f"{own} ORDER BY made_at, id", {"lead": lead_id})
    sql = f"""{own}
      UNION SELECT * FROM message WHERE state='ready' AND address IN (SELECT value FROM json_each(:addresses))
      ORDER BY made_at, id"""
    return every(db, rows.Message, sql, {"lead": lead_id, "addresses": json.dumps(list(addresses))})
