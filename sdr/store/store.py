"""The store: one file, one writer thread, one reader thread (and one for long reads), one way to write and to read.

A write is a verb run inside `BEGIN IMMEDIATE` under a lock file, its Change recorded in the journal and
committed (`synchronous=FULL`) before the future is fulfilled: what was acknowledged is on disk. Checkpoints
run when the rep is idle and at exit, never on a key's path.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sdr.models.terms import Refused
from sdr.store import connection, migrating
from sdr.store.changes import Applied, Change
from sdr.store.lanes import ReadLane, WriteLane
from sdr.store.session import Reader, Session
from sdr.store.turns import Turn

if TYPE_CHECKING:
    from sdr.store.judging import Judged
    from sdr.store.writing import Writer

P = ParamSpec("P")
T = TypeVar("T")

Verb = Callable[Concatenate[Session, P], Change | Refused]
PATIENCE = 60.0  # seconds to wait while another program writes to the file: longer than any import


class Store:
    """The desk's file, open. `clock` gives the wall time, `draw` a random 31-bit number, `actor` who acts."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime], draw: Callable[[], int], actor: str) -> None:
        """Open the file at `path`, making it when it is not there; `Unusable` when it cannot be."""
        self.path = path
        self._clock = clock
        self._draw = draw
        self._actor = actor
        self._seen: dict[int, int] = {}
        self._turn = Turn(path, PATIENCE)  # held around every write and checkpoint
        if not path.exists():
            from sdr.store import beginning

            beginning.create(path)
        if connection.examine(path, migrating.newest()) < migrating.newest():
            self._migrate()
        self._reader = ReadLane(self._open_reader)
        self._behind: ReadLane | None = None
        self._lane = WriteLane(self._open_writer, lambda writer: writer.idle())

    # -- reading ---------------------------------------------------------------------------------------

    def read(self, query: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `query(db, …)` on the reader thread; it returns frozen rows."""
        return self._reader.put(lambda db: query(db, *args, **kwargs))

    def view(
        self, name: str, query: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """As `read`, but a newer read of the view `name` replaces this one (its future is cancelled)."""
        if self._behind is not None:
            self._behind.drop(name)
        return self._reader.put(lambda db: query(db, *args, **kwargs), name)

    def behind(
        self, name: str, query: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """As `view`, for what takes long and nobody waits for: on a thread of its own, beside all other reads."""
        if self._behind is None:
            self._behind = ReadLane(self._open_quietly)
        return self._behind.put(lambda db: query(db, *args, **kwargs), name)

    def rehearse(
        self, verb: Callable[Concatenate[Session, P], Change | Refused], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Change | Refused]:
        """What `verb` would do now, without doing it: for previews. Ids it takes are not real."""
        return self._reader.put(lambda db: verb(Session(db, 0, 0), *args, **kwargs), "rehearsal")

    # -- writing ---------------------------------------------------------------------------------------

    def write(
        self, verb: Callable[Concatenate[Session, P], Change | Refused], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Applied | Refused]:
        """Queue `verb(session, …)`; the future holds what was applied, once it is on disk, or the refusal."""
        return self._lane.put(lambda writer: writer.act(lambda session: verb(session, *args, **kwargs)))

    def write_many(self, story: Callable[[Session], Iterable[Change | Refused]]) -> Future[list[Applied | Refused]]:
        """Write every change that `story` yields as a step of its own, all in one transaction, in the order they come.

        The story goes on when its last change is applied, so that it reads what it has done. Refusals are passed
        over and listed; an error takes everything back.
        """
        return self._lane.put(lambda writer: writer.act_many(story))

    def undo(self, step: int | None = None) -> Future[Applied | Refused]:
        """Take back the newest act that stands (or act `step`), as a new step with the old values."""
        return self._lane.put(lambda writer: writer.undo(step))

    def redo(self) -> Future[Applied | Refused]:
        """Bring again the act taken back last."""
        return self._lane.put(lambda writer: writer.redo())

    def judge_on(self, at_once: int) -> Future[Judged | None]:
        """Judge the next `at_once` open leads under the rubric in force; `None` when all are judged, and none when
        another job comes meanwhile.

        Whoever has just put a rubric in force need not wait: what is left is judged when the rep is idle.
        """
        return self._lane.put(lambda writer: writer.judge_on(at_once))

    def elsewhere(self) -> Future[frozenset[int]]:
        """Leads that another program wrote on this file, or that were judged again, since this was last asked."""
        return self._lane.put(lambda writer: writer.elsewhere(self._seen), quiet=True)

    def warm(self) -> Future[None]:
        """Open the file for writing, with all that needs, before the first write waits for it."""
        return self._lane.put(lambda _writer: None)

    def checkpoint(self) -> Future[None]:
        """Bring the write-ahead log into the file now."""
        return self._lane.put(lambda writer: writer.checkpoint("PASSIVE"))

    def exclusively(self, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run care of the file (backup, repair) on the writer thread under the lock; not for verbs."""
        return self._lane.put(lambda writer: writer.exclusively(job))

    def computed(self, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run `job(db)` as one short transaction that keeps a cache computed from the leads; not for verbs."""
        return self._lane.put(lambda writer: writer.computed(job))

    def close(self) -> None:
        """Finish what is queued, checkpoint, and let go of the file."""
        self._reader.close()
        if self._behind is not None:
            self._behind.close()
        self._lane.close(lambda writer: writer.checkpoint("TRUNCATE"))
        self._turn.close()

    # -- opening ---------------------------------------------------------------------------------------

    def _open_quietly(self) -> sqlite3.Connection:
        db = connection.connect(self.path)
        db.execute("PRAGMA query_only=1")
        return db

    def _open_reader(self) -> sqlite3.Connection:
        db = self._open_quietly()
        self._seen = connection.newest_operations(db)  # before anything is shown: what comes later is news
        return db

    def _open_writer(self) -> Writer:
        from sdr.store.writing import Writer

        return Writer(
            self.path, self._turn, clock=self._clock, draw=self._draw, actor=self._actor, waits=self._lane.waits
        )

    def _migrate(self) -> None:
        db = connection.connect(self.path)
        try:
            with self._turn:
                if migrating.pending(db):
                    migrating.keep_copy(db, self.path, self._clock())
                    migrating.migrate(db)
        finally:
            db.close()
