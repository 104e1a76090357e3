"""Copies of the desk's file: taken while it is in use, verified before they count, put back when nobody has it open.

A copy is one file without a log beside it. A restored desk draws a new replica number (`sdr.store.replica`), because
the acts made since the copy may live on elsewhere under the old one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sdr.store import connection, migrating, replica, tables
from sdr.store.faults import Corrupt, Unusable
from sdr.store.turns import Turn

WAIT = 2.0  # seconds for another desk to end its write
LOGS = ("-wal", "-shm", "-journal")
_OPEN_ELSEWHERE = "another desk has the file open"
_ELSEWHERE = "choose another with --to"
_UNTOUCHED = "the desk was left as it is; try another copy"
# What `connection.examine` finds, said of a copy.
_OF_A_COPY = {
    "empty-file": "this copy is empty",
    "not-a-desk": "this file is not a copy of a desk",
    "newer-schema": "this copy was made by a newer desk; update sdr first",
}


class WrongPlace(Unusable):
    """The place named for a copy, or to find one, is none."""


class Copy(NamedTuple):
    """A verified copy: where it is, its size, and what it holds."""

    path: Path
    size: int
    leads: int
    steps: int
    schema: int


class Restored(NamedTuple):
    """The desk after a restore, and where the file that stood there before was kept (`None`: there was none)."""

    copy: Copy
    kept: Path | None


def usual_place(folder: Path, now: datetime) -> Path:
    """A free name in `folder` for a copy made at `now`, which it tells in UTC."""
    stem = f"desk-{now.astimezone(UTC):%Y%m%d-%H%M%S}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(path for name in names if not (path := folder / f"{name}.db").exists())


def backup(database: Path, target: Path) -> Copy:
    """Copy the file at `database` to `target` while it is in use; whole, synced and verified, or not there at all.

    A file at `target` is replaced when it is an earlier copy; anything else there is refused.
    """
    _refuse_target(database, target)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _part(target) as part:
        with closing(connection.connect(database)) as db, closing(sqlite3.connect(part, isolation_level=None)) as copy:
            db.execute("BEGIN")  # counts and copy are of one moment
            held = _counts(db)
            db.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").fetchone()
            _verify(copy, held)
        _sync(part)
        os.replace(part, target)
        _sync(target.parent)
    return _described(target)


def _refuse_target(database: Path, target: Path) -> None:
    own = [database, *(database.with_name(database.name + end) for end in (*LOGS, ".lock", ".replica", ".reserve"))]
    if any(target.resolve() == path.resolve() for path in own):
        raise WrongPlace("backup.own", "that is the desk's own file; a copy needs another place", _ELSEWHERE)
    if target.is_dir() or (target.exists() and not _is_copy(target)):
        raise WrongPlace("backup.taken", "something that is no copy of a desk stands there", _ELSEWHERE)


def _is_copy(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(72)
    return head.startswith(connection.MAGIC) and head[68:72] == connection.APPLICATION_ID.to_bytes(4, "big")


def restore(database: Path, source: Path, now: datetime) -> Restored:
    """Put the copy at `source` in place of the file at `database`, which is kept aside under a dated name.

    The copy is verified first, away from its place; it is not changed. `Unusable` when another desk has the file open.
    """
    if not source.is_file():
        raise WrongPlace("restore.missing", "there is no such copy", "check its name")
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _part(database) as part:
        _bring(source, part)
        copy = _checked(part)
        with _alone(database):
            kept = _set_aside(database, now)
            os.replace(part, database)
            replica.side_file(database).unlink(missing_ok=True)
            _sync(database.parent)
    return Restored(Copy(database, copy.size, copy.leads, copy.steps, copy.schema), kept)


def _bring(source: Path, part: Path) -> None:
    """Copy `source` with the log beside it, if it has one, byte for byte."""
    for end in ("", "-wal"):
        beside = source.with_name(source.name + end)
        if beside.exists():
            target = part.with_name(part.name + end)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out, beside.open("rb") as file:
                while block := file.read(1 << 20):
                    out.write(block)


def _checked(part: Path) -> Copy:
    """What the copy holds; `Unusable` or `Corrupt` when it may not become the desk. Its log is brought into it."""
    try:
        connection.examine(part, migrating.newest())
        with closing(connection.connect(part)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            db.execute("PRAGMA journal_mode=DELETE").fetchone()
            _verify(db, None)
    except Unusable as fault:
        raise type(fault)(fault.code, _OF_A_COPY.get(fault.code, fault.message), _UNTOUCHED) from None
    except sqlite3.DatabaseError:
        raise Corrupt("copy.damaged", "this copy is damaged", _UNTOUCHED) from None
    _sync(part)
    return _described(part)


def _verify(db: sqlite3.Connection, held: dict[str, int] | None) -> None:
    found = connection.sound(db)
    if found != "ok":
        raise Corrupt("copy.damaged", "the copy is damaged", "see `sdr doctor`, then try again")
    if held is not None and _counts(db) != held:
        raise Corrupt("copy.torn", "the copy does not hold what the desk holds", "try again")


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in (*tables.STATE, "operation")}


def _described(path: Path) -> Copy:
    with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)) as db:
        leads, steps = (db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("lead", "step"))
        return Copy(path, path.stat().st_size, leads, steps, db.execute("PRAGMA user_version").fetchone()[0])


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.resolve()))


# --- the file that stands there --------------------------------------------------------------------------------


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """While nobody else has the desk open or writes it; its log is brought into it."""
    try:
        with Turn(database, WAIT):
            _close_log(database)
            yield
    except TimeoutError:
        raise Unusable("locked", _OPEN_ELSEWHERE, "close it and restore again") from None


def _close_log(database: Path) -> None:
    """Leaving WAL needs the file to ourselves, so it tells whether another desk has it open."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as db:
            mode = db.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError as fault:
        if getattr(fault, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Unusable("locked", _OPEN_ELSEWHERE, "close it and restore again") from None
        return
    except sqlite3.DatabaseError:
        return  # damaged, which is why it is being replaced
    if mode == "wal":
        raise Unusable("locked", _OPEN_ELSEWHERE, "close it and restore again")


def _set_aside(database: Path, now: datetime) -> Path | None:
    """Keep the present file under a dated name; its place is not empty meanwhile, where the disk knows hard links."""
    if not database.exists():
        return None
    stem = f"{database.stem}-before-restore-{now.astimezone(UTC):%Y%m%d-%H%M%S}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    aside = next(path for name in names if not (path := database.with_name(name + database.suffix)).exists())
    for end in LOGS:
        log = database.with_name(database.name + end)
        if log.exists():
            os.replace(log, aside.with_name(aside.name + end))
    try:
        os.link(database, aside)
    except OSError:
        os.replace(database, aside)
    return aside


# --- files -----------------------------------------------------------------------------------------------------


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """An empty file of our own (0600) beside `target`, gone afterwards unless it was renamed."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
    finally:
        for end in ("", *LOGS):
            part.with_name(part.name + end).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Push a file, or a folder's names, to the disk; Windows cannot open a folder and needs no such push."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
