"""What a verb may do while it decides: read inside the write's own transaction, and take new ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Reader(Protocol):
    """Anything queries can read through: a connection, or a verb's session."""

    def execute(self, sql: str, args: Sequence[Any] | Mapping[str, Any] = ..., /) -> sqlite3.Cursor:
        """Run one statement that reads."""
        ...


@dataclass
class Session:
    """A verb's view of the file. Reads see what the transaction has; writing is the store's alone."""

    _db: sqlite3.Connection
    _replica: int
    _given: int

    def __post_init__(self) -> None:
        self.before = self._replica << 32 | self._given
        self.wrote = False

    def settle(self) -> None:
        """A change is recorded: the ids given out so far (up to `before`) may have operations from now on."""
        self.before = self._replica << 32 | self._given
        self.wrote = True

    def execute(self, sql: str, args: Sequence[Any] | Mapping[str, Any] = (), /) -> sqlite3.Cursor:
        """Run one statement that reads (queries call this)."""
        return self._db.execute(sql, args)

    @property
    def given(self) -> int:
        """The number of the newest id, without whose desk it is."""
        return self._given

    def new_id(self) -> int:
        """An id for an entity that begins in this change; never given twice."""
        self._given += 1
        return self._replica << 32 | self._given
