"""The child that is killed: `python -m tests.reliability.worker FOLDER SEED` works on the desk in FOLDER until then.

It prints one line an act, straight into the pipe, and only when the store has said that the act is on disk:

    ready                      everything is loaded, the desk is about to be opened
    act STEP LEADS HASH        a step of the journal, how many leads it touched, the hash of its summary
    export {"FILE": "SHA256"}  the files of the day as they stand

With `TOO_EARLY` set it follows a wrong recipe on purpose: it acknowledges before the commit.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
from pathlib import Path

from sdr.exchange.day_export import Exported
from sdr.store import journal
from sdr.store.changes import Applied
from sdr.store.store import Store
from tests.reliability.faults import Faults
from tests.reliability.work import Clock, Work


def main(folder: Path, seed: int) -> None:
    """Work until killed."""
    os.umask(0o077)
    faults = Faults.from_environment()
    faults.watch()
    too_early = bool(os.environ.get("TOO_EARLY"))
    if too_early:
        acknowledge_too_early()
    tell("ready")
    clock, chance = Clock(), random.Random(seed)
    store = Store(folder / "desk.db", clock=clock, draw=lambda: chance.randrange(1, 2**31), actor="ana")

    def after(done: Applied) -> None:
        faults.pass_("said")
        if not too_early:
            acknowledge(done)

    def exported(done: Exported) -> None:
        faults.pass_("said")
        tell(f"export {json.dumps({file.path.name: file.sha256 for file in done.files})}")

    work = Work(store, folder, seed, clock, after, exported)
    work.prepare()
    while True:
        work.act()


def acknowledge(done: Applied) -> None:
    """Say that an act is done."""
    tell(f"act {done.step} {len(done.leads)} {hash_of(done.summary)}")


def acknowledge_too_early() -> None:
    """The wrong recipe: an act is acknowledged when it is written, not when it is committed."""
    record = journal.record

    def hasty(*args: object, **more: object) -> Applied:
        done = record(*args, **more)  # type: ignore[arg-type]
        acknowledge(done)
        return done

    journal.record = hasty


def tell(line: str) -> None:
    """One line into the pipe in one write, past every buffer of ours."""
    os.write(1, f"{line}\n".encode())


def hash_of(summary: str) -> str:
    """A summary without its words."""
    return hashlib.sha256(summary.encode("utf-8", "replace")).hexdigest()[:16]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
