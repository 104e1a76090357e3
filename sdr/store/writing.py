"""The writer's side of the store: a verb run inside `BEGIN IMMEDIATE` under the lock file, recorded, committed.

Everything here runs on the writer's thread and is loaded there: the first frame does not wait for it.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sdr.models.terms import Refused, ms
from sdr.store import alike, connection, journal, judging, replica, suspects, tables, undoing, walking
from sdr.store.beginning import reserve
from sdr.store.bulk import BULK_CACHE, CACHE
from sdr.store.changes import Applied, Change
from sdr.store.pen import Pen
from sdr.store.session import Session
from sdr.store.turns import Turn

WALKED = 5  # slices of a judgement between two checkpoints, which keep the log small
JOINED = 16  # pages of the search index that are joined at a time, and time and again while nobody writes
D = TypeVar("D")
T = TypeVar("T")
Decided = Change | Refused


class Writer:
    """The one connection that writes, with what it has to know: which desk this is, who acts, what others wrote."""

    def __init__(
        self,
        path: Path,
        turn: Turn,
        *,
        clock: Callable[[], datetime],
        draw: Callable[[], int],
        actor: str,
        waits: Callable[[], bool],
    ) -> None:
        """Open the file at `path` for writing. `waits` says whether another job has come."""
        self.path = path
        self.db = connection.connect(path)
        self.db.execute(f"PRAGMA cache_size={CACHE}")
        self._turn = turn
        self._clock = clock
        self._actor = actor
        self._waits = waits
        self._dirty = False
        self._pieces = True  # of the search index there may be some to join: another program may have left them
        self._seen: dict[int, int] | None = None
        self._walk: walking.Walk | None = None
        self._walked = 0
        self._judged = array("q")  # leads whose score changed without an act, until somebody asks
        self._foreign_version = -1  # as no file has it: the first look asks the journal
        self._numbers: replica.Numbers | None = None  # what this desk gave out last; None: ask the journal
        self._numbers_version = -1
        with turn:
            self._replica = replica.recognise(path, self.db, draw)
        tables.learn(self.db)
        alike.learn(self.db)

    # -- acts ------------------------------------------------------------------------------------------

    def act(self, decide: Callable[[Session], Decided]) -> Applied | Refused:
        """Write the change that `decide` gives; on disk when this returns."""

        def job(session: Session) -> Applied | Refused:
            return self._done(session, decide(session))

        return self._transact(job)

    def act_many(self, story: Callable[[Session], Iterable[Decided]]) -> list[Applied | Refused]:
        """Write every change of `story` as a step of its own, all in one transaction."""

        def job(session: Session) -> list[Applied | Refused]:
            return [self._done(session, decided) for decided in story(session)]

        done = self._transact(job)
        return [done] if isinstance(done, Refused) else done

    def undo(self, step: int | None) -> Applied | Refused:
        """Take back the newest act that stands, or act `step`."""

        def find() -> undoing.Back | Refused:
            return undoing.last_undoable(self.db, self._replica) if step is None else undoing.of_step(self.db, step)

        return self._back(find, "undo", "taken back")

    def redo(self) -> Applied | Refused:
        """Bring again the act taken back last."""
        return self._back(lambda: undoing.last_redoable(self.db, self._replica), "redo", "again")

    def _back(self, find: Callable[[], undoing.Back | Refused], kind: str, word: str) -> Applied | Refused:
        def job(session: Session) -> Applied | Refused:
            back = find()
            if isinstance(back, Refused):
                return back
            change = Change(
                back.verb, f"{word}: {back.summary}", ms(self._clock()), back.edits, back.lead, begins=back.begins
            )
            done = self._record(session, change, kind=kind, target=back.step)
            judging.stale(self.db, done.leads, self._clock())
            return done

        try:
            return self._transact(job)
        except sqlite3.IntegrityError:  # what only notes something (a refused touch) is not taken back, and stays
            return Refused("undo.in-use", "this cannot be taken back: what came later refers to it; v shows it")

    def _transact(self, job: Callable[[Session], D]) -> D | Refused:
        db = self.db
        with self._turn:
            db.execute("BEGIN IMMEDIATE")
            try:
                session = Session(db, self._replica, self._known().entity)
                done = job(session)
                db.execute("COMMIT" if session.wrote else "ROLLBACK")
            except BaseException as fault:
                self._numbers = None
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if isinstance(fault, sqlite3.OperationalError) and "full" in str(fault):
                    return self._full()
                raise
        self._dirty = self._dirty or session.wrote
        self._pieces = self._pieces or session.wrote
        return done

    def _known(self) -> replica.Numbers:
        """The numbers to go on from; asked of the journal again when another program may have given out some."""
        version = int(self.db.execute("PRAGMA data_version").fetchone()[0])
        if self._numbers is None or version != self._numbers_version:
            self._numbers, self._numbers_version = replica.numbers(self.db, self._replica), version
        return self._numbers

    def _done(self, session: Session, decided: Decided) -> Applied | Refused:
        if isinstance(decided, Refused):
            return decided
        done = self._record(session, decided)
        return decided.refused or done

    def _record(self, session: Session, change: Change, **how: Any) -> Applied:
        last = self._numbers or self._known()  # nobody else writes while this transaction is open
        at = max(ms(self._clock()), last.at + 1)  # never backwards, whatever the wall clock does
        pen = Pen(self._replica, self._actor, last.seq, at, session.new_id(), session.before)
        done = journal.record(self.db, change, pen, **how)
        session.settle()
        self._numbers = replica.Numbers(session.given, pen.seq, pen.at)
        if change.verb == judging.VERB:
            self._judged.extend(one.lead for one in judging.head(self.db, self._clock()) if one.tells)
        return done

    def _full(self) -> Refused:
        reserve(self.path).unlink(missing_ok=True)
        return Refused(
            "disk.full",
            "the disk is full: nothing was written, nothing was lost; free some space and do it again",
        )

    # -- judging again ---------------------------------------------------------------------------------

    def judge_on(self, at_once: int | None = None) -> judging.Judged | None:
        """Judge the next open leads under the rubric in force; `None` when all are judged.

        None are judged when somebody comes who wants to write.
        """
        if judging.behind(self.db) is None:
            if self._walk is not None:
                self._walk = None
                self.db.execute(f"PRAGMA cache_size={CACHE}")
            return None
        if self._walk is None:
            self._walk = walking.Walk(self._clock())
            self.db.execute(f"PRAGMA cache_size={BULK_CACHE}")  # each slice moves leads all over the queue's index
        walk = self._walk
        try:
            with connection.unreferenced(self.db):
                found = self.computed(lambda db: walk.step(db, at_once or walk.at_once, self._waits))
        except walking.Waited:
            return judging.Judged()
        self._judged.extend(found.changed if found else ())
        self._walked += 1
        if self._walked % WALKED == 0:
            self.checkpoint("PASSIVE")
        return found

    # -- others and the file ---------------------------------------------------------------------------

    def elsewhere(self, seen_at_start: Mapping[int, int]) -> frozenset[int]:
        """Leads that another program wrote since the last look (the first: since the operations `seen_at_start`), and
        those that were judged again."""
        judged, self._judged = frozenset(self._judged), array("q")
        return judged | self._foreign(seen_at_start)

    def _foreign(self, seen_at_start: Mapping[int, int]) -> frozenset[int]:
        version = int(self.db.execute("PRAGMA data_version").fetchone()[0])
        if version == self._foreign_version:
            return frozenset()
        self._foreign_version = version
        newest = connection.newest_operations(self.db)  # first: what comes while we look is found the next time
        sql = """SELECT entity_id FROM operation WHERE id > :since AND id <= :newest AND entity = 'lead'
          UNION SELECT coalesce(about, entity_id) FROM operation
          WHERE id > :since AND id <= :newest AND entity NOT IN ('lead', 'step')
          UNION SELECT about FROM operation WHERE id > :since AND id <= :newest AND entity = 'lead' AND about > 0"""
        seen = seen_at_start if self._seen is None else self._seen
        found = frozenset(
            row[0]
            for desk, last in newest.items()
            for row in self.db.execute(sql, {"since": seen.get(desk, desk << 32), "newest": last})
        )
        self._seen = newest
        return found

    def exclusively(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run care of the file (backup, repair) while no other program writes."""
        self._numbers = None  # it may be about the journal itself
        with self._turn:
            return job(self.db)

    def computed(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` as one transaction of which the journal knows nothing: for what is computed from the leads."""
        with self._turn:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                done = job(self.db)
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
        self._dirty = True
        return done

    def look_on(self) -> bool:
        """Look for doubles of the next leads that began or changed; whether there was anything to look at.

        What a large import brought is left to `sweeping`.
        """
        return 0 < suspects.behind(self.db) <= suspects.BULK and self.computed(suspects.look)

    def _join_some(self) -> None:
        """Join a few of the pieces that writes left of the search index, if there are any. It takes its time: a rep
        who walks the list gives the writer nothing to do, and is to notice nothing."""
        if self._pieces:
            before = self.db.total_changes
            self.computed(
                lambda db: db.execute("INSERT INTO lead_search(lead_search, rank) VALUES ('merge', ?)", (JOINED,))
            )
            self._pieces = self.db.total_changes - before > 1  # the command itself counts as one (FTS5, "merge")

    def idle(self) -> bool:
        """Nothing has come for a while: judge on and look for doubles; else some of the search index is joined and the
        log goes into the file. True while more could be done at once."""
        if self.judge_on() is not None or self.look_on():
            return True
        self._join_some()
        if self._dirty:
            self.checkpoint("PASSIVE")
        return False

    def checkpoint(self, how: str) -> None:
        """Bring the write-ahead log into the file: `PASSIVE`, or `TRUNCATE` when leaving."""
        with self._turn:
            self.db.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
            replica.remember(self.path, self.db, self._replica)
        self._dirty = False
