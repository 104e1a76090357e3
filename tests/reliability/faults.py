"""Where a worker may be killed by its own hand: every SQL statement, commit, rename and sync, counted from outside.

The product knows nothing of this: `sqlite3.connect` and a few calls of `os` are wrapped in the worker's process.
`FAULT_ON` says which boundaries count, `FAULT_AT` the number of the one that is fatal (0: none).

    statement  before any statement on any connection of the desk
    commit     before a COMMIT
    said       after a write's future is fulfilled, before its acknowledgement is printed
    file       before and after each rename, link, unlink and sync of a file, and when one is opened to be written
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

KINDS = ("statement", "commit", "said", "file")
_CALLS = ("replace", "rename", "link", "unlink", "fsync", "open")


class Faults:
    """Counts the boundaries of one kind and ends the process, as kill -9 does, at one of them."""

    def __init__(self, on: str, at: int) -> None:
        self._on = on
        self._at = at
        self._seen = 0
        self._counting = threading.Lock()

    @classmethod
    def from_environment(cls) -> Faults:
        """What `FAULT_ON` and `FAULT_AT` ask for."""
        return cls(os.environ.get("FAULT_ON", "statement"), int(os.environ.get("FAULT_AT", "0")))

    def pass_(self, kind: str) -> None:
        """A boundary of this kind is reached."""
        if kind != self._on:
            return
        with self._counting:
            self._seen += 1
            if self._seen == self._at:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Wrap what the desk opens and calls from now on."""
        connect = sqlite3.connect

        def watched(*args: Any, **more: Any) -> sqlite3.Connection:
            db: sqlite3.Connection = connect(*args, **more)
            db.set_trace_callback(self._statement)
            return db

        sqlite3.connect = watched  # type: ignore[assignment]
        for name in _CALLS:
            setattr(os, name, self._around(getattr(os, name)))
        io.open = builtins.open = self._opening(io.open)

    def _statement(self, sql: str) -> None:
        self.pass_("statement")
        if sql.lstrip().upper().startswith("COMMIT"):
            self.pass_("commit")

    def _around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **more: Any) -> Any:
            self.pass_("file")
            done = call(*args, **more)
            self.pass_("file")
            return done

        return counted

    def _opening(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The moment at which a file is there, or cut, and nothing is in it yet."""

        def counted(path: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
            file = call(path, mode, *args, **more)
            if mode[0] in "wxa":
                self.pass_("file")
            return file

        return counted
