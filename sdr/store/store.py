"""The store: one file, one writer thread, one reader thread, one way to write and one way to read.

A write is a verb run inside `BEGIN IMMEDIATE` under a lock file, its Change recorded in the journal and
committed (`synchronous=FULL`) before the future is fulfilled: what was acknowledged is on disk. Checkpoints
run when the rep is idle and at exit, never on a key's path.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sdr.models.terms import Refused, ms
from sdr.store import connection, journal, migrating, replica, tables, undoing
from sdr.store.changes import Applied, Change
from sdr.store.faults import Unusable
from sdr.store.lanes import ReadLane, WriteLane
from sdr.store.session import Reader, Session

P = ParamSpec("P")
T = TypeVar("T")
D = TypeVar("D")

Verb = Callable[Concatenate[Session, P], Change | Refused]
RESERVE = 4 * 1024 * 1024
PATIENCE = 60.0  # seconds to wait while another program writes to the file: longer than any import


class Store:
    """The desk's file, open. `clock` gives the wall time, `draw` a random 31-bit number, `actor` who acts."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime], draw: Callable[[], int], actor: str) -> None:
        """Open the file at `path`, making it when it is not there; `Unusable` when it cannot be."""
        self.path = path
        self._clock = clock
        self._draw = draw
        self._actor = actor
        self._dirty = 0
        self._seen = 0
        self._replica = 0
        self._foreign_version = -1  # as no file has it: the first look asks the journal
        self._file_lock: Any = None
        if not path.exists():
            _create(path)
        if connection.examine(path, migrating.newest()) < migrating.newest():
            self._migrate()
        self._reader = ReadLane(self._open_reader)
        self._writer = WriteLane(self._open_writer, self._checkpoint_if_dirty)

    # -- reading ---------------------------------------------------------------------------------------

    def read(self, query: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `query(db, …)` on the reader thread; it returns frozen rows."""
        return self._reader.put(lambda db: query(db, *args, **kwargs))

    def view(
        self, name: str, query: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """As `read`, but a newer read of the view `name` replaces this one (its future is cancelled)."""
        return self._reader.put(lambda db: query(db, *args, **kwargs), name)

    # -- writing ---------------------------------------------------------------------------------------

    def write(
        self, verb: Callable[Concatenate[Session, P], Change | Refused], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Applied | Refused]:
        """Queue `verb(session, …)`; the future holds what was applied, once it is on disk, or the refusal."""
        return self._writer.put(lambda db: self._act(db, lambda session: verb(session, *args, **kwargs)))

    def write_many(self, story: Callable[[Session], Iterable[Change | Refused]]) -> Future[list[Applied | Refused]]:
        """Write every change that `story` yields as a step of its own, all in one transaction, in the order they come.

        The story goes on when its last change is applied, so that it reads what it has done. Refusals are passed
        over and listed; an error takes everything back.
        """
        return self._writer.put(lambda db: self._act_many(db, story))

    def rehearse(
        self, verb: Callable[Concatenate[Session, P], Change | Refused], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Change | Refused]:
        """What `verb` would do now, without doing it: for previews. Ids it takes are not real."""
        return self._reader.put(lambda db: verb(Session(db, 0, 0), *args, **kwargs), "rehearsal")

    def undo(self, step: int | None = None) -> Future[Applied | Refused]:
        """Take back the newest act that stands (or act `step`), as a new step with the old values."""
        find = undoing.last_undoable if step is None else lambda db: undoing.of_step(db, step)
        return self._writer.put(lambda db: self._back(db, find, "undo"))

    def redo(self) -> Future[Applied | Refused]:
        """Bring again the act taken back last."""
        return self._writer.put(lambda db: self._back(db, undoing.last_redoable, "redo"))

    def elsewhere(self) -> Future[frozenset[int]]:
        """Leads that another program wrote on this file since the last time this was asked."""
        return self._writer.put(self._elsewhere)

    def warm(self) -> Future[None]:
        """Load the models on the writer thread, before the first write needs them."""
        return self._writer.put(lambda _db: tables.warm())

    def checkpoint(self) -> Future[None]:
        """Bring the write-ahead log into the file now."""
        return self._writer.put(self._checkpoint)

    def exclusively(self, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run care of the file (backup, repair) on the writer thread under the lock; not for verbs."""

        def locked(db: sqlite3.Connection) -> T:
            with self._lock():
                return job(db)

        return self._writer.put(locked)

    def close(self) -> None:
        """Finish what is queued, checkpoint, and let go of the file."""
        self._reader.close()
        self._writer.close(self._leave)

    # -- on the writer thread --------------------------------------------------------------------------

    def _open_reader(self) -> sqlite3.Connection:
        db = connection.connect(self.path)
        db.execute("PRAGMA query_only=1")
        self._seen = _newest_operation(db)  # before anything is shown: what comes later is news
        return db

    def _migrate(self) -> None:
        db = connection.connect(self.path)
        try:
            with self._lock():
                if migrating.pending(db):
                    migrating.keep_copy(db, self.path, self._clock())
                    migrating.migrate(db)
        finally:
            db.close()

    def _open_writer(self) -> sqlite3.Connection:
        db = connection.connect(self.path)
        with self._lock():
            self._replica = replica.recognise(self.path, db, self._draw)
        tables.learn(db)
        return db

    def _lock(self) -> Any:
        """Held around every write and checkpoint, so that two desks on one file take turns."""
        if self._file_lock is None:
            from filelock import FileLock

            self._file_lock = FileLock(
                f"{self.path}.lock", mode=0o600, thread_local=False, poll_interval=0.002, timeout=PATIENCE
            )
        return self._file_lock

    def _act(self, db: sqlite3.Connection, decide: Callable[[Session], Change | Refused]) -> Applied | Refused:
        def job(session: Session) -> Applied | Refused:
            change = decide(session)
            if isinstance(change, Refused):
                return change
            return self._record(db, session, change)

        return self._transact(db, job)

    def _act_many(
        self, db: sqlite3.Connection, story: Callable[[Session], Iterable[Change | Refused]]
    ) -> list[Applied | Refused]:
        def job(session: Session) -> list[Applied | Refused]:
            return [
                change if isinstance(change, Refused) else self._record(db, session, change)
                for change in story(session)
            ]

        done = self._transact(db, job)
        return [done] if isinstance(done, Refused) else done

    def _back(self, db: sqlite3.Connection, find: Callable[..., Any], word: str) -> Applied | Refused:
        def job(session: Session) -> Applied | Refused:
            back = find(db)
            if isinstance(back, Refused):
                return back
            summary = f"taken back: {back.summary}" if word == "undo" else f"again: {back.summary}"
            change = Change(back.verb, summary, ms(self._clock()), back.edits, back.lead)
            return self._record(db, session, change, kind=word, target=back.step)

        return self._transact(db, job)

    def _transact(self, db: sqlite3.Connection, job: Callable[[Session], D]) -> D | Refused:
        with self._lock():
            db.execute("BEGIN IMMEDIATE")
            try:
                db.execute("PRAGMA defer_foreign_keys=1")
                done = job(Session(db, self._replica, replica.last_entity(db, self._replica)))
                db.execute("ROLLBACK" if isinstance(done, Refused) else "COMMIT")
            except BaseException as fault:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if isinstance(fault, sqlite3.OperationalError) and "full" in str(fault):
                    return self._full()
                raise
        self._dirty += not isinstance(done, Refused)
        return done

    def _record(self, db: sqlite3.Connection, session: Session, change: Change, **how: Any) -> Applied:
        seq, last = replica.last_operation(db, self._replica)
        at = max(ms(self._clock()), last + 1)  # never backwards, whatever the wall clock does
        pen = journal.Pen(self._replica, self._actor, seq, at, session.new_id(), session.before)
        done = journal.record(db, change, pen, **how)
        session.settle()
        return done

    def _full(self) -> Refused:
        reserve(self.path).unlink(missing_ok=True)
        return Refused(
            "disk.full",
            "the disk is full: nothing was written, nothing was lost; free some space and do it again",
        )

    def _elsewhere(self, db: sqlite3.Connection) -> frozenset[int]:
        version = _data_version(db)
        if version == self._foreign_version:
            return frozenset()
        self._foreign_version = version
        newest = _newest_operation(db)  # asked first: what comes while we look is found the next time
        sql = "SELECT DISTINCT coalesce(about, entity_id) FROM operation WHERE id > ? AND id <= ? AND entity <> 'step'"
        found = frozenset(row[0] for row in db.execute(sql, (self._seen, newest)))
        self._seen = newest
        return found

    def _checkpoint_if_dirty(self, db: sqlite3.Connection) -> None:
        if self._dirty:
            self._checkpoint(db)

    def _checkpoint(self, db: sqlite3.Connection) -> None:
        with self._lock():
            db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            replica.remember(self.path, db, self._replica)
        self._dirty = 0

    def _leave(self, db: sqlite3.Connection) -> None:
        with self._lock():
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            replica.remember(self.path, db, self._replica)


def reserve(path: Path) -> Path:
    """The file whose room lets the desk open on a full disk."""
    return path.with_name(path.name + ".reserve")


def _keep_reserve(path: Path) -> None:
    with os.fdopen(os.open(reserve(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(bytes(RESERVE))


def _create(path: Path) -> None:
    """A new file of the newest schema: made aside and renamed, so that a half-made one is never opened."""
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


def _newest_operation(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0])


def _data_version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA data_version").fetchone()[0])
