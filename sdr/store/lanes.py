"""The store's two threads: one writes, first in first out; one reads, and a newer read of a view replaces the older.

No ORM instance, cursor or connection ever leaves its thread: jobs return plain values through futures.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any

from sdr.store.connection import forgive
from sdr.store.faults import Unusable

if TYPE_CHECKING:
    from sdr.store.writing import Writer

LOCKED = "another program has been writing to this desk for a minute; nothing was written here"

Job = Callable[[sqlite3.Connection], Any]
Writes = Callable[[Any], Any]  # given the writer, which is loaded on its thread
CALM = 2  # jobs in a row that are nobody's act after which the rep counts as idle


Given = tuple[Writes, Future[Any], bool]  # a job, its answer, and whether it is nobody's act


class WriteLane:
    """Runs jobs one after another; calls `idle` when nothing has come for `idle_after` seconds, and again at once
    while that says there is more.

    A `quiet` job is nobody's act (the look at what other programs wrote, every second): it puts nothing off.
    The file is opened for the first job: what only reads, and the first frame, do not wait for it.
    """

    def __init__(self, opened: Callable[[], Writer], idle: Writes, idle_after: float = 2.0) -> None:
        self._jobs: queue.SimpleQueue[Given | None] = queue.SimpleQueue()
        self._calm = 0
        self._closed = False
        self._closing = threading.Lock()
        self._fault: Exception | None = None
        self._opened = opened
        self._idle = idle
        self._idle_after = idle_after
        self._thread = threading.Thread(target=self._run, name="desk-writer", daemon=True)
        self._thread.start()

    def put(self, job: Writes, *, quiet: bool = False) -> Future[Any]:
        """Queue `job`; its result or error arrives in the future, which cannot be cancelled.

        A screen that waits for it and closes would otherwise call off an act that the rep has given.
        """
        future: Future[Any] = Future()
        with self._closing:
            if self._closed:
                future.cancel()  # nobody is left to do it
                return future
            future.set_running_or_notify_cancel()
            self._jobs.put((job, future, quiet))
        return future

    def waits(self) -> bool:
        """Whether a job has come that is not begun."""
        return not self._jobs.empty()

    def close(self, last: Writes) -> None:
        """Finish what is queued, run `last`, and end the thread."""
        done = self.put(last)
        with self._closing:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
        done.result()

    def _run(self) -> None:
        item = self._jobs.get()
        try:
            writer = self._opened()
        except BaseException as fault:
            self._refuse_all(item, fault)
            return
        while True:
            if item is None:
                writer.db.close()
                return
            if item[2] and self._fault is not None:
                item[1].set_exception(self._fault)
                self._fault = None
            else:
                _fulfil(item[1], item[0], writer, writer.db)
            self._calm = self._calm + 1 if item[2] else 0
            item = self._next(writer)

    def _next(self, writer: Writer) -> Given | None:
        more = self._calm >= CALM
        while True:
            try:
                return self._jobs.get(timeout=0 if more else self._idle_after)
            except queue.Empty:
                more = self._idled(writer)

    def _idled(self, writer: Writer) -> bool:
        """Go on with what is done while idle. What goes wrong there ends neither the thread nor the rep's acts: it is
        not tried again, and the next quiet job tells."""
        try:
            return bool(self._idle(writer))
        except TimeoutError:  # another program is writing: later
            return False
        except Exception as fault:
            self._idle, self._fault = lambda _writer: False, fault
            return False

    def _refuse_all(self, item: Given | None, fault: BaseException) -> None:
        """The file could not be opened: every job learns why."""
        while item is not None:
            item[1].set_exception(fault)
            item = self._jobs.get()


class ReadLane:
    """Runs reads; a read of a `view` drops the waiting one and interrupts the running one of the same view."""

    def __init__(self, opened: Callable[[], sqlite3.Connection]) -> None:
        self._opened = opened
        self._waiting: deque[tuple[str | None, Job, Future[Any]]] = deque()
        self._ready = threading.Condition()
        self._db: sqlite3.Connection | None = None
        self._running: str | None = None
        self._closed = False
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="desk-reader", daemon=True)
        self._thread.start()

    def put(self, job: Job, view: str | None = None) -> Future[Any]:
        """Queue `job`; a replaced read's future is cancelled."""
        future: Future[Any] = Future()
        with self._ready:
            if self._fault is not None:
                future.set_exception(self._fault)
                return future
            if self._closed:
                future.cancel()
                return future
            if view is not None:
                self._replace(view)
            self._waiting.append((view, job, future))
            self._ready.notify()
        return future

    def drop(self, view: str) -> None:
        """Nobody waits for this view any more: what of it waits is dropped, what runs is interrupted."""
        with self._ready:
            self._replace(view)

    def _replace(self, view: str) -> None:
        for item in [item for item in self._waiting if item[0] == view]:
            self._waiting.remove(item)
            item[2].cancel()
        if self._running == view and self._db is not None:
            self._db.interrupt()

    def close(self) -> None:
        """Drop what waits, interrupt what runs for a view, and end the thread."""
        with self._ready:
            self._closed = True
            if self._running is not None:
                self._replace(self._running)
            for item in self._waiting:
                item[2].cancel()
            self._waiting.clear()
            self._ready.notify()
        self._thread.join()

    def _run(self) -> None:
        try:
            db = self._db = self._opened()
        except BaseException as fault:
            with self._ready:
                self._fault = fault
                for _, _, future in self._waiting:
                    future.set_exception(fault)
            return
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    db.close()
                    return
                self._running, job, future = self._waiting.popleft()
            _fulfil(future, job, db, db)
            with self._ready:
                self._running = None


def _done(job: Writes, given: Any, db: sqlite3.Connection) -> Any:
    try:
        return job(given)
    except sqlite3.OperationalError as fault:
        if not forgive(db, fault):
            raise
        return job(given)


def _fulfil(future: Future[Any], job: Writes, given: Any, db: sqlite3.Connection) -> None:
    if not (future.running() or future.set_running_or_notify_cancel()):
        return
    try:
        future.set_result(_done(job, given, db))
    except sqlite3.OperationalError as fault:
        replaced = "interrupted" in str(fault)
        future.set_exception(CancelledError() if replaced else fault)
    except TimeoutError:  # the lock file's: another program has been writing all the while
        future.set_exception(Unusable("locked", LOCKED, "close the other one, or try again when it has finished"))
    except BaseException as fault:
        future.set_exception(fault)
