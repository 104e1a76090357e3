"""A new desk file: made aside and renamed, with the reserve that lets it open on a full disk."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sdr.store import migrating
from sdr.store.faults import Unusable

RESERVE = 4 * 1024 * 1024


def reserve(path: Path) -> Path:
    """The file whose room lets the desk open on a full disk."""
    return path.with_name(path.name + ".reserve")


def create(path: Path) -> None:
    """A new file of the newest schema at `path`, so that a half-made one is never opened."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f"{path.name}.{os.urandom(8).hex()}.new")  # a killed program may have left its own
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        db = sqlite3.connect(part, isolation_level=None)
        migrating.migrate(db)
        db.execute("PRAGMA journal_mode=WAL").fetchone()
        db.close()
        _keep_reserve(path)  # before the desk is there: a desk that stands has its reserve
        os.link(part, path)
        part.unlink()
    except FileExistsError:
        part.unlink(missing_ok=True)  # another desk made it in the same moment
    except OSError as fault:
        raise Unusable(
            "no-home", f"the desk's folder cannot be used: {fault.strerror}", "choose another with --home DIR"
        ) from None


def _keep_reserve(path: Path) -> None:
    with os.fdopen(os.open(reserve(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(bytes(RESERVE))
