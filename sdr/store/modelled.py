"""The tables as the models say they are, held against the file: the one place that loads SQLModel.

A program that only opens, reads and writes a desk does not come here: what it writes is held against the columns of
the file, and this says whether those are the models'.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

_KINDS = {"INTEGER": "INTEGER", "TEXT": "VARCHAR", "REAL": "FLOAT"}


@cache
def models() -> dict[str, Any]:
    """Every model by the name of its table."""
    from sqlmodel import SQLModel

    from sdr.models import journal, money, people, playbook, work  # noqa: F401 - the tables register themselves

    return {mapper.class_.__tablename__: mapper.class_ for mapper in SQLModel._sa_registry.mappers}


def drifted(db: sqlite3.Connection) -> list[str]:
    """The tables of the file whose columns, their types, or whether they may be empty, are not those of their model."""
    return [name for name, model in sorted(models().items()) if _columns(db, name) != _modelled(model)]


def _columns(db: sqlite3.Connection, table: str) -> list[tuple[str, str | None, bool]]:
    found = db.execute('SELECT name, type, "notnull" OR pk FROM pragma_table_info(?)', (table,))
    return [(name, _KINDS.get(kind), bool(needed)) for name, kind, needed in found]


def _modelled(model: Any) -> list[tuple[str, str | None, bool]]:
    return [(column.name, str(column.type), not column.nullable) for column in model.__table__.columns]
