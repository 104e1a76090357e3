"""The one recipe by which the desk's file is opened (each part is there for a measured reason, see `recipe`).

Refuses files that are not ours, are newer than this program, or cannot be written, before touching them.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sdr.rules.text import folded
from sdr.store.faults import Corrupt, Unusable

APPLICATION_ID = 0x53445231  # "SDR1"
MAGIC = b"SQLite format 3\x00"

# WAL + FULL: an acknowledged act survives a power cut. No automatic checkpoint: it would land on a key.
# secure_delete: what is erased is gone from the file. trusted_schema off: a foreign file runs nothing of its own.
PRAGMAS = {
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "secure_delete": 1,
    "wal_autocheckpoint": 0,
}


def connect(path: Path) -> sqlite3.Connection:
    """A connection by the recipe: explicit transactions, WAL, tolerant text."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.create_function("folded", 1, lambda text: folded(text) if text else text, deterministic=True)
    db.create_function("holds_up", 3, _holds_up, deterministic=True)
    db.execute("PRAGMA journal_mode=WAL").fetchone()
    for name, value in PRAGMAS.items():
        db.execute(f"PRAGMA {name}={value}").fetchone()
    return db


@contextmanager
def unreferenced(db: sqlite3.Connection) -> Iterator[None]:
    """While inside, nobody looks whether the rows are there that a written number refers to.

    For transactions that write many rows with a number they have just read; begun and ended inside.
    """
    db.execute("PRAGMA foreign_keys=0")
    try:
        yield
    finally:
        db.execute("PRAGMA foreign_keys=1")


def recipe(db: sqlite3.Connection) -> dict[str, object]:
    """What the connection really runs with: every pragma read back."""
    names = ("journal_mode", *PRAGMAS)
    return {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


def forgive(db: sqlite3.Connection, fault: sqlite3.OperationalError) -> bool:
    """After a fault that bit rot in a text caused: bad bytes become the replacement mark from now on.

    Not from the start, because SQLite's own decoding is several times as quick. True when trying again may help.
    """
    if "decode" not in str(fault) or db.text_factory is not str:
        return False
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return True


def examine(path: Path, newest: int) -> int:
    """The schema number of the desk file at `path`; `Unusable` unless it is at most `newest` and we may write it.

    Reads the header's bytes only: SQLite itself would create side files next to a file that is not ours.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as fault:
        raise Unusable("unreadable", f"the desk file cannot be read: {fault.strerror}", "check who owns it") from None
    if not head:
        raise Corrupt(
            "empty-file",
            "the desk file is there but empty, which is not a fresh start: something emptied it",
            "bring back a copy with `sdr restore FILE`, or move it away to start anew",
        )
    if len(head) < 100 or not head.startswith(MAGIC):
        raise Unusable("not-a-desk", "the file in the desk's place is not a desk file", "move it away and try again")
    version, application = struct.unpack(">I", head[60:64])[0], struct.unpack(">I", head[68:72])[0]
    if application != APPLICATION_ID:
        raise Unusable(
            "not-a-desk",
            "the file in the desk's place belongs to another program",
            "move it away and try again",
        )
    if version > newest:
        raise Unusable(
            "newer-schema",
            f"the desk file was written by a newer desk (schema {version}, this one knows {newest}); it is untouched",
            "update sdr, then open it again",
        )
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise Unusable(
            "read-only",
            "the desk file or its folder is read-only; it was left untouched",
            "make it writable, or use --home with a folder of yours",
        )
    return int(version)


def sound(db: sqlite3.Connection) -> str:
    """`ok`, or the first thing SQLite's own integrity check finds wrong."""
    return str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])


@lru_cache(maxsize=512)
def _holds_up(text: str, after_step: int, track: str) -> bool:
    """Whether the step after `after_step` of the drip that `text` writes must be done before another one can come."""
    from sdr.rules.cadence_text import CadenceError, parse_cadence

    try:
        cadence = parse_cadence(text)
    except CadenceError:
        return False  # kept by an older program: it holds up nothing that this one could plan
    step = cadence.following(after_step, track)
    return step is not None and step.blocking and cadence.following(step.number, track) is not None


def newest_operations(db: sqlite3.Connection) -> dict[int, int]:
    """The newest operation of each desk that wrote into this journal, by the desk's number (its upper 32 bits).

    A file that was copied or restored goes on under another number, which may be a lower one.
    """
    sql = """WITH RECURSIVE newest(id) AS (SELECT max(id) FROM operation UNION ALL
      SELECT (SELECT max(id) FROM operation WHERE id <= (newest.id >> 32) << 32) FROM newest WHERE id IS NOT NULL)
      SELECT id >> 32, id FROM newest WHERE id IS NOT NULL"""
    return dict(db.execute(sql).fetchall())
