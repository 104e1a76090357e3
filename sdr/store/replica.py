"""Which desk this is: a random 31-bit number, kept beside the file, so that a copied file gets another.

Two desks with one number would reuse sequence numbers. The side file holds the number, the file's inode and
the last sequence seen; when they do not fit the file (copied, restored), a new number is drawn.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

LOW = 0xFFFF_FFFF


class Numbers(NamedTuple):
    """The highest number of an entity and of an operation that a desk gave out, and when the operation was (ms UTC)."""

    entity: int
    seq: int
    at: int


def side_file(path: Path) -> Path:
    """Where the number of the desk on `path` is kept."""
    return path.with_name(path.name + ".replica")


def recognise(path: Path, db: sqlite3.Connection, draw: Callable[[], int]) -> int:
    """This desk's number: the one in the side file if it fits the file at `path`, else a fresh one from `draw`."""
    known = _read(side_file(path))
    if known and known.get("inode") == os.stat(path).st_ino and last_seq(db, known["replica"]) >= known["seq"]:
        return int(known["replica"])
    fresh = draw()
    while last_seq(db, fresh):
        fresh = draw()
    remember(path, db, fresh)
    return fresh


def remember(path: Path, db: sqlite3.Connection, replica: int) -> None:
    """Write the side file, whole or not at all."""
    note = {"replica": replica, "inode": os.stat(path).st_ino, "seq": last_seq(db, replica)}
    target = side_file(path)
    part = target.with_name(f"{target.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(note, file)
    os.replace(part, target)


def last_seq(db: sqlite3.Connection, replica: int) -> int:
    """The highest sequence number of `replica` in the journal; 0 when it has none."""
    return _highest(db, "id", replica)


def last_operation(db: sqlite3.Connection, replica: int) -> tuple[int, int]:
    """The sequence number and the time (ms UTC) of the replica's newest operation; 0 and 0 without one."""
    low = replica << 32
    sql = "SELECT id, at FROM operation WHERE id > ? AND id <= ? ORDER BY id DESC LIMIT 1"
    row = db.execute(sql, (low, low | LOW)).fetchone()
    return (row[0] & LOW, row[1]) if row else (0, 0)


def numbers(db: sqlite3.Connection, replica: int) -> Numbers:
    """What `replica` gave out last, by the journal; ids are never reused, because operations stay."""
    return Numbers(_highest(db, "entity_id", replica), *last_operation(db, replica))


def _highest(db: sqlite3.Connection, column: str, replica: int) -> int:
    low = replica << 32
    sql = f"SELECT max({column}) FROM operation WHERE {column} > ? AND {column} <= ?"
    found = db.execute(sql, (low, low | LOW)).fetchone()[0]
    return int(found) & LOW if found else 0


def _read(path: Path) -> dict[str, int] | None:
    try:
        known = json.loads(path.read_text())
        return known if {"replica", "inode", "seq"} <= set(known) else None
    except (OSError, ValueError, TypeError):
        return None
