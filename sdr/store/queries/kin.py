"""Who may be the same person as a lead: the leads filed under its keys, each key an index lookup.

A key that more than a few share says nothing (a switchboard's number, a Smith) and is passed over, so that looking
costs the same however large the desk is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from zlib import crc32

from sdr.rules.identity import role_address
from sdr.rules.likeness import Person, blocks
from sdr.store.session import Reader

FEW, MANY = 3, 8  # leads that may share a name, and any other key, before it says nothing
ADDRESSES = ("email", "email_2")


def key_of(block: str) -> int:
    """The number under which a key is filed: 32 bits, odd for names. Two texts with one number cost a comparison."""
    return crc32(block.encode("utf-8", "replace")) & ~1 | block.startswith("name ")


def most(key: int) -> int:
    """How many leads a key may have to be looked into."""
    return FEW if key & 1 else MANY


def keys_of(one: Person) -> Iterator[int]:
    """Every number under which a lead is filed."""
    return map(key_of, blocks(one))


def kin(db: Reader, lead_id: int, one: Person) -> set[int]:
    """The leads that share a rare enough key, an address or an outside id with this one."""
    found: set[int] = set()
    for key in keys_of(one):
        found |= _few(db, "SELECT lead_id FROM lead_block WHERE key=? LIMIT ?", key, most(key))
    for address in one.emails:
        if not role_address(address):
            for column in ADDRESSES:
                found |= _few(db, f"SELECT id FROM lead WHERE {column}=? LIMIT ?", address, MANY)
    if one.outside:
        outside = one.outside.partition(":")[2]
        found |= _few(db, "SELECT id FROM lead WHERE external_id=? LIMIT ?", outside, MANY)
    found.discard(lead_id)
    return found


def filed(db: Reader, keys: Collection[int]) -> list[tuple[int, int]]:
    """Each of `keys` with every lead filed under it, key by key."""
    sql = """SELECT lead_block.key, lead_block.lead_id FROM json_each(?) AS given
      CROSS JOIN lead_block ON lead_block.key = given.value"""
    return db.execute(sql, (json.dumps(list(keys)),)).fetchall()


def _few(db: Reader, sql: str, value: int | str, most: int) -> set[int]:
    rows = db.execute(sql, (value, most + 1)).fetchall()
    return {row[0] for row in rows} if len(rows) <= most else set()
