"""One of two leads that are compared: its row, the names behind its ids, and how much happened with it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from sdr.store import rows
from sdr.store.session import Reader

_WIDTH = len(rows.Lead._fields)


class Side(NamedTuple):
    """A lead with its source and owner by name, the number of its touches and of its notes, words and replies, when
    it is promised something (ms UTC), and the channels it asked to be left alone on."""

    lead: rows.Lead
    source: str | None
    owner: str | None
    touches: int
    notes: int
    promised_at: int | None
    wishes: str | None


def sides(db: Reader, ids: Collection[int]) -> dict[int, Side]:
    """The leads with these ids, as they are compared."""
    sql = """SELECT lead.*, source.name, rep.name,
      (SELECT count(*) FROM touch WHERE touch.lead_id = lead.id AND skipped = 0),
      (SELECT count(*) FROM event WHERE event.lead_id = lead.id AND text <> ''),
      (SELECT min(due_at) FROM promise WHERE promise.lead_id = lead.id AND kept_at IS NULL AND dropped_at IS NULL),
      (SELECT group_concat(channel, ', ') FROM (SELECT DISTINCT channel FROM suppression
        WHERE suppression.lead_id = lead.id AND +scope = 'person' ORDER BY channel))
      FROM json_each(?) AS given CROSS JOIN lead ON lead.id = given.value
      LEFT JOIN source ON source.id = lead.source_id LEFT JOIN rep ON rep.id = lead.owner_id"""
    found = db.execute(sql, (json.dumps(list(ids)),))
    return {row[0]: Side(rows.Lead(*row[:_WIDTH]), *row[_WIDTH:]) for row in found}
