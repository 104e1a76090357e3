"""`python -m tests.reliability.hammer --procs 2 --secs 20`: several desks on one file, all writing as fast as they can.

Every desk counts up the same lead (a snooze reads the count and writes it, so a lost write shows), and between
these imports, calls, hands off, exports and checkpoints. Nothing may be locked out, lost or numbered twice.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sdr.desk.triage import nurture, snooze
from sdr.models.terms import Refused
from sdr.store.changes import Applied
from sdr.store.store import Store
from tests.reliability.checking import Told, check
from tests.reliability.work import ACTS, Clock, Work, go_on
from tests.reliability.worker import hash_of

# Undo would take back what the other desk counted.
TOGETHER = {name: weight for name, weight in ACTS.items() if name != "undo"}
_COUNT = "SELECT snoozes FROM lead WHERE id=?"
COUNTING = 0.7  # share of acts that count up the shared lead


@dataclass(slots=True)
class Pounded:
    """What one desk did: its acknowledged acts, how often it counted, how long a count took (s), and its complaints."""

    acts: list[tuple[int, int, str]] = field(default_factory=list)
    counted: int = 0
    waits: list[float] = field(default_factory=list)
    seen: int = 0
    locked: int = 0
    complaints: list[str] = field(default_factory=list)

    def said(self, done: Applied) -> None:
        """An act is on disk."""
        self.acts.append((done.step, len(done.leads), hash_of(done.summary)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """All desks together; every column but `acts`, `seen` and the times (ms) must be zero."""

    acts: int
    seen: int
    locked: int
    lost: int
    duplicate: int
    drift: int
    bad: int
    p50: float
    p99: float
    longest: float

    @property
    def clean(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.locked or self.lost or self.duplicate or self.drift or self.bad)


def _open(folder: Path, seed: int) -> tuple[Store, Clock]:
    clock, chance = Clock(), random.Random(seed)
    store = Store(folder / "desk.db", clock=clock, draw=lambda: chance.randrange(1, 2**31), actor=f"rep {seed}")
    go_on(store, clock)
    return store, clock


def pound(folder: Path, number: int, procs: int, secs: float, shared: int) -> Pounded:
    """One of `procs` desks at work for so many seconds; now and then it looks for what the others did."""
    done = Pounded()
    store, clock = _open(folder, number)
    chance = random.Random(number)
    mine = folder / f"rep-{number}"
    mine.mkdir()
    work = Work(store, mine, number, clock, done.said, lambda _files: None, TOGETHER)
    while len(list(folder.glob("rep-*"))) < procs:
        time.sleep(0.01)  # the desks begin together
    until = time.monotonic() + secs
    while time.monotonic() < until:
        try:
            if chance.random() < COUNTING:
                _count(store, clock, shared, done)
            else:
                work.act()
            if chance.random() < 0.05:
                done.seen += len(store.elsewhere().result(30))
        except sqlite3.OperationalError as fault:
            done.locked += "locked" in str(fault)
            done.complaints.append(repr(fault))
        except Exception as fault:
            done.complaints.append(repr(fault))
    done.seen += len(store.elsewhere().result(30))
    store.close()
    return done


def _count(store: Store, clock: Clock, shared: int, done: Pounded) -> None:
    began = time.perf_counter()
    applied = store.write(snooze, shared, clock.tick() + timedelta(days=30), clock()).result(30)
    done.waits.append(time.perf_counter() - began)
    if isinstance(applied, Refused):
        done.complaints.append(applied.reason)
    else:
        done.counted += 1
        done.said(applied)


def hammer(folder: Path, procs: int, secs: float) -> tuple[Outcome, list[str]]:
    """So many desks for so many seconds on a new file in `folder`; what came of it, and every complaint."""
    store, clock = _open(folder, 1)
    Work(store, folder, 1, clock, lambda _done: None, lambda _files: None).prepare()
    shared: int = store.read(lambda db: db.execute("SELECT min(id) FROM lead").fetchone()[0]).result(30)
    store.write(nurture, shared, clock.tick() + timedelta(days=30), clock()).result(30)
    store.close()
    with ProcessPoolExecutor(procs, multiprocessing.get_context("spawn")) as pool:
        running = [pool.submit(pound, folder, number, procs, secs, shared) for number in range(2, 2 + procs)]
        desks = [one.result() for one in running]
    return _judged(folder, desks, shared)


def _judged(folder: Path, desks: list[Pounded], shared: int) -> tuple[Outcome, list[str]]:
    told, every = Told(), [act for desk in desks for act in desk.acts]
    told.acts = {step: (leads, digest) for step, leads, digest in every}
    store, _clock = _open(folder, 1)
    held: int = store.read(
        lambda db: db.execute("SELECT snoozes FROM lead WHERE id=?", (shared,)).fetchone()[0]
    ).result(30)
    store.close()
    found = check(folder, told)
    waits = sorted(wait * 1000 for desk in desks for wait in desk.waits)
    complaints = [line for desk in desks for line in desk.complaints] + found.lost + found.torn + found.bad
    outcome = Outcome(
        acts=len(every),
        seen=sum(desk.seen for desk in desks),
        locked=sum(desk.locked for desk in desks),
        lost=len(found.lost),
        duplicate=len(every) - len(told.acts),
        drift=sum(desk.counted for desk in desks) - held,
        bad=len(complaints) - len(found.lost) - sum(desk.locked for desk in desks),
        p50=waits[len(waits) // 2],
        p99=waits[len(waits) * 99 // 100],
        longest=waits[-1],
    )
    return outcome, complaints


def main() -> int:
    """Run as asked, print the one line, and say by the exit code whether all columns are zero."""
    asked = argparse.ArgumentParser(prog="hammer", description=__doc__)
    asked.add_argument("--procs", type=int, default=2)
    asked.add_argument("--secs", type=float, default=20)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="hammer-") as name:
        found, complaints = hammer(Path(name), told.procs, told.secs)
    for line in complaints[:20]:
        print(line, file=sys.stderr)
    print(
        f"hammer: procs={told.procs} acts={found.acts} seen={found.seen} locked={found.locked} lost={found.lost}"
        f" duplicate={found.duplicate} drift={found.drift} bad={found.bad} p50={found.p50:.1f}ms p99={found.p99:.1f}ms"
        f" max={found.longest:.0f}ms secs={told.secs:g}"
    )
    return 0 if found.clean else 1


if __name__ == "__main__":
    sys.exit(main())
