"""How many pairs of leads wait to be looked at, in all and for one reason; and the next of them for that reason."""

from __future__ import annotations

import json
from collections.abc import Collection

from sdr.store.queries.doubles import Pair
from sdr.store.queries.reading import number
from sdr.store.session import Reader

_OPEN = """FROM suspect CROSS JOIN lead AS a ON a.id = a_id CROSS JOIN lead AS b ON b.id = b_id
  WHERE a.alias_of IS NULL AND b.alias_of IS NULL
  AND NOT EXISTS (SELECT 1 FROM apart WHERE apart.a_id = suspect.a_id AND apart.b_id = suspect.b_id)"""
BEST = 100  # what a sure reason scores


def waiting(db: Reader) -> int:
    """The pairs that wait for a verdict."""
    return number(db, f"SELECT count(*) {_OPEN}")


def waiting_for(db: Reader, reason: str) -> int:
    """The pairs that wait and whose only reason is this sure one."""
    sql = f"SELECT count(*) {_OPEN} AND suspect.score = {BEST} AND reasons = ?"
    return number(db, sql, (json.dumps([reason]),))


def next_for(db: Reader, reason: str, limit: int, but: Collection[tuple[int, int]] = ()) -> tuple[Pair, ...]:
    """The first pairs that wait for this sure reason; those of `but` are left out."""
    sql = f"""SELECT a_id, b_id {_OPEN} AND suspect.score = {BEST} AND reasons = ?
      AND (a_id, b_id) NOT IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))
      ORDER BY a_id, b_id LIMIT ?"""
    found = db.execute(sql, (json.dumps([reason]), json.dumps(list(but)), limit)).fetchall()
    return tuple(Pair(a, b, BEST, (reason,)) for a, b in found)
