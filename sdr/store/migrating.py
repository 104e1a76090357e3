"""Brings a file to the newest schema: one transaction a migration, a dated copy of the file before the first.

The machinery (sqlite-utils) is imported only when something is pending.
"""

from __future__ import annotations

import importlib.util
import sqlite3
from datetime import datetime
from pathlib import Path
from types import ModuleType

from sdr.store.connection import APPLICATION_ID

SET = "desk"


def shipped() -> list[Path]:
    """The migrations this program carries, oldest first: beside the package, or at the checkout's top."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "migrations", package.parent / "migrations"):
        found = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.py"))
        if found:
            return found
    raise RuntimeError("this installation carries no migrations; install it again")


def newest() -> int:
    """The number of the newest migration this program knows."""
    return int(shipped()[-1].name[:4])


def pending(db: sqlite3.Connection) -> bool:
    """Whether the file behind `db` lacks the newest migration."""
    return int(db.execute("PRAGMA user_version").fetchone()[0]) < newest()


def migrate(db: sqlite3.Connection) -> None:
    """Apply what is pending; each migration and the note that it ran are one transaction."""
    from sqlite_utils import Database, Migrations

    migrations = Migrations(SET)
    for path in shipped():
        migrations(name=path.stem)(_numbered(_load(path), int(path.name[:4])))
    migrations.apply(Database(db))


def keep_copy(db: sqlite3.Connection, path: Path, now: datetime) -> Path:
    """A dated copy of the file beside it, taken through SQLite so that it is whole."""
    copy = path.with_name(f"{path.stem}-before-{newest():04d}-{now:%Y%m%d-%H%M%S}{path.suffix}")
    copy.touch(mode=0o600)
    with sqlite3.connect(copy) as target:
        db.backup(target)
    return copy


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"migration_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _numbered(module: ModuleType, number: int):  # type: ignore[no-untyped-def]
    """The migration's `up`, and the schema number set with it in the same transaction."""

    def up(db):  # type: ignore[no-untyped-def]
        module.up(db)
        db.conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.conn.execute(f"PRAGMA user_version={number}")

    return up
