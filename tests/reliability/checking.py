"""What must hold of a desk after its program was killed, found by opening it the way the program does."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from sdr.desk.setting_up import set_up
from sdr.desk.triage import note
from sdr.exchange.day_export import plan_export, write_export
from sdr.exchange.folders import Outbound
from sdr.store import connection, rebuilding
from sdr.store.changes import Applied
from sdr.store.store import Store
from tests.reliability.work import DAY, NEWCOMER, PROFILES, Clock, go_on
from tests.reliability.worker import hash_of

_STEP = "SELECT summary FROM step WHERE id=?"
_LEADS = """SELECT count(DISTINCT CASE entity WHEN 'lead' THEN entity_id ELSE about END) FROM operation
  WHERE step=? AND entity<>'step'"""
_TORN = """SELECT count(*) FROM batch WHERE created <> (SELECT count(*) FROM lead WHERE batch_id = batch.id)
  OR row_count <> created + updated + known + merged + rejected"""
_ORPHANS = "SELECT count(DISTINCT step) FROM operation WHERE step NOT IN (SELECT id FROM step)"


@dataclass(slots=True)
class Told:
    """What the workers of one desk have acknowledged: step -> (leads, hash), and the last hash of each file."""

    acts: dict[int, tuple[int, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def hear(self, line: str) -> None:
        """One line of a worker."""
        word, _, rest = line.partition(" ")
        if word == "act":
            step, leads, digest = rest.split()
            self.acts[int(step)] = int(leads), digest
        elif word == "export":
            self.files |= json.loads(rest)


@dataclass(slots=True)
class Found:
    """Faults found after kills, as sentences; `lost` an acknowledged act or file, `torn` a half one, `bad` the rest."""

    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.torn or self.bad)

    def add(self, other: Found) -> None:
        """Take over what another check found."""
        self.lost += other.lost
        self.torn += other.torn
        self.bad += other.bad


def check(folder: Path, told: Told) -> Found:
    """Open the desk in `folder`, compare it with what was `told`, write on it, and close it."""
    found = Found()
    clock = Clock()
    try:
        store = Store(folder / "desk.db", clock=clock, draw=lambda: 77, actor="ana")
    except Exception as fault:
        found.bad.append(f"the desk does not start: {fault!r}")
        return found
    try:
        go_on(store, clock)
        store.exclusively(lambda db: _state(db, told, found)).result(60)
        _search(folder / "desk.db", found)
        _files(store, folder / "exports", told, clock, found)
        _writes(store, folder / "desk.db", clock, found)
    except Exception as fault:
        found.bad.append(f"the check itself met {fault!r}")
    finally:
        store.close()
    return found


def _state(db: sqlite3.Connection, told: Told, found: Found) -> None:
    for step, (leads, digest) in told.acts.items():
        row = db.execute(_STEP, (step,)).fetchone()
        if row is None or hash_of(row[0]) != digest:
            found.lost.append(f"act {step} was acknowledged and is not in the journal")
        elif db.execute(_LEADS, (step,)).fetchone()[0] != leads:
            found.torn.append(f"act {step} is there in part")
    if torn := db.execute(_TORN).fetchone()[0]:
        found.torn.append(f"{torn} batches do not hold the leads they say")
    if orphans := db.execute(_ORPHANS).fetchone()[0]:
        found.torn.append(f"{orphans} acts have operations and no step")
    if (sound := connection.sound(db)) != "ok":
        found.bad.append(f"integrity check: {sound}")
    if differing := rebuilding.differences(db):
        found.bad.append(f"{len(differing)} rows are not what the journal folds to ({differing[0].table})")
    if broken := rebuilding.broken_digests(db):
        found.bad.append(f"{len(broken)} operations do not fit their digest")


def _search(path: Path, found: Found) -> None:
    """The search index holds the leads' words; asked on a connection of its own, which a fault leaves locked."""
    db = connection.connect(path)
    try:
        db.execute("INSERT INTO lead_search(lead_search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as fault:
        found.bad.append(f"the search index does not fit the leads: {fault}")
    finally:
        db.close()


def _files(store: Store, exports: Path, told: Told, clock: Clock, found: Found) -> None:
    """Each file under a final name is the last acknowledged one, or what an export of this desk writes now."""
    final = {path.name: _sha256(path) for path in (exports / DAY.isoformat()).glob("[!.]*")}
    fresh = _fresh(store, clock) if final else {}
    found.lost.extend(f"{name} was acknowledged and is gone" for name in told.files if name not in final)
    found.torn.extend(
        f"{name} is neither the file acknowledged nor a whole new one"
        for name, digest in final.items()
        if digest not in (told.files.get(name), *fresh.get(name, ()))
    )
    told.files |= final


def _fresh(store: Store, clock: Clock) -> dict[str, list[str]]:
    """The digests that exports of the desk as it stands would have, by file name."""
    digests: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for profile in PROFILES:
            plan = store.read(plan_export, DAY, profile, clock()).result(60)
            aside = Path(folder, profile.value)
            Outbound(aside)
            for file in write_export(plan, aside).files:
                digests.setdefault(file.path.name, []).append(file.sha256)
    return digests


def _writes(store: Store, path: Path, clock: Clock, found: Found) -> None:
    """The desk takes an act, and another reader sees it."""
    lead = store.read(lambda db: db.execute("SELECT id FROM lead LIMIT 1").fetchone()).result(60)
    if lead:
        done = store.write(note, lead[0], "still here", clock.tick()).result(60)
    else:
        done = store.write(set_up, NEWCOMER, clock.tick()).result(60)
        if not isinstance(done, Applied):
            return  # set up already, and killed before its first leads came
    other = connection.connect(path)
    if not isinstance(done, Applied) or other.execute(_STEP, (done.step,)).fetchone() is None:
        found.bad.append("the desk opens and does not take an act")
    other.close()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
