"""`python -m tests.reliability.due_list [--leads N] [--touches N]`: the due list does not grow with the file.

Files of a hundredth, a tenth and all of so many leads and touches, of invented rows, are filled by bulk SQL in a
temporary folder and removed again. For each it prints what the reads of the due list take (median of several, ms),
and how many times as long each takes in the largest as in the smallest. One index lookup grows with the logarithm.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from sdr.desk.setting_up import Newcomer, set_up
from sdr.models.terms import Band, ms
from sdr.rules.filtering import parse
from sdr.screens.queue import SPLITS
from sdr.store import connection
from sdr.store.queries import day, enrolled, leads, queue
from sdr.store.queries.narrowing import narrowed
from tests.desks import MONDAY, Clock, applied, open_store

LEADS, TOUCHES = 1_000_000, 5_000_000
BAR = 3.0  # times as long in a file a hundred times as large
ROUNDS = 15
PAGE = 60  # rows that the first frame asks for
DAY_MS = 24 * 3_600_000
NOW = MONDAY + timedelta(hours=2)
MIDNIGHT = ms(NOW.replace(hour=0))
TONIGHT = MIDNIGHT + DAY_MS

# Of a thousand leads: how many stand in which class of the queue, as (band, kind, state). The rest is closed.
MIX = (
    (5, Band.PROMISE, "promise", "talking"), (4, Band.REPLY, "reply", "talking"),
    (3, Band.RETURNED, "returned", "qualified"), (190, Band.NEW, "triage", "new"),
    (120, Band.CLOSING, "call", "working"), (180, Band.DUE, "mail", "working"),
)  # fmt: skip
CLOSED = ("rejected", "disqualified", "won", "lost")
WHOLE = SPLITS[0][0]
_DICE = 20260302


def filled(folder: Path, count: int, touches: int) -> Path:
    """A desk file with so many leads and touches; its path."""
    store = open_store(folder, Clock(NOW))
    newcomer = Newcomer("Ana", "Europe/Madrid", "mon-fri 09:00-17:00", country="ES")
    applied(store.write(set_up, newcomer, NOW).result(60))
    store.close()
    path = folder / "desk.db"
    db = connection.connect(path)
    for setting in ("journal_mode=OFF", "synchronous=0", "cache_size=-200000"):  # nothing here must outlive a fault
        db.execute(f"PRAGMA {setting}").fetchone()
    indexes = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name IN ('lead', 'touch') AND sql IS NOT NULL"
    ).fetchall()
    for name, _sql in indexes:
        db.execute(f"DROP INDEX {name}")
    db.execute("BEGIN")
    rep = db.execute("SELECT min(id) FROM rep").fetchone()[0]
    dice = random.Random(_DICE)
    _insert(db, "lead", (_lead(dice, number, rep) for number in range(1, count + 1)))
    _insert(db, "touch", (_touch(dice, number, count, rep) for number in range(1, touches + 1)))
    for _name, sql in indexes:  # in one go after the rows: several times as quick
        db.execute(sql)
    db.execute("COMMIT")
    db.close()
    return path


def _insert(db: sqlite3.Connection, table: str, found: Iterator[dict[str, Any]]) -> None:
    first = next(found)
    sql = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({', '.join('?' * len(first))})"
    db.execute(sql, tuple(first.values()))
    while part := [tuple(row.values()) for row in islice(found, 20_000)]:
        db.executemany(sql, part)


def _lead(dice: random.Random, number: int, rep: int) -> dict[str, Any]:
    """An invented lead: due within a month on either side of now, hours in which it closes, a worth."""
    thousand = dice.randrange(1000)
    for share, band, kind, state in MIX:
        thousand -= share
        if thousand < 0:
            due = ms(NOW) + dice.randrange(-30 * DAY_MS, 30 * DAY_MS)
            close = due - due % DAY_MS + 16 * 3_600_000 if band is Band.CLOSING else None
            stands: tuple[Any, ...] = (state, kind, due, close, int(band), dice.randrange(20, 80))
            break
    else:
        stands = (dice.choice(CLOSED), None, None, None, None, 0)
    names = ("state", "next_kind", "due_at", "close_at", "queue_band", "rank")
    arrived = ms(NOW) - dice.randrange(700 * DAY_MS)
    return {
        "id": number, "name": f"Lead {number}", "email": f"lead{number}@firm{number % 9973}.example",
        "company": f"Firm {number % 9973}", "country": "ES", "zone": "Europe/Madrid", "zone_from": "address",
        "owner_id": rep, "arrived_at": arrived, "recorded_at": arrived, "grade": dice.choice(("A1", "B2", "C2", "D3")),
        **dict(zip(names, stands, strict=True)),
    }  # fmt: skip


def _touch(dice: random.Random, number: int, leads_held: int, rep: int) -> dict[str, Any]:
    """An invented touch of the last two years, none of today: a day's own work does not grow with the file."""
    return {
        "id": number, "lead_id": dice.randrange(leads_held) + 1, "channel": dice.choice(("call", "email", "linkedin")),
        "at": MIDNIGHT - dice.randrange(700 * DAY_MS), "rep_id": rep,
    }  # fmt: skip


def reads(db: sqlite3.Connection) -> dict[str, Callable[[], object]]:
    """The reads of the due list, by what the rep waits for.

    `busy` is now, when much is overdue, and `quiet` the moment at which forty leads are due, however many there are:
    a page that finds nothing more in a band has looked through all of it.
    """
    quiet = db.execute("SELECT due_at FROM lead WHERE due_at > 0 ORDER BY due_at LIMIT 1 OFFSET 40").fetchone()[0]
    shown = tuple(item.id for item in queue.page(db, ms(NOW), PAGE, until=TONIGHT))
    lead = leads.lead(db, shown[0])
    assert lead is not None  # of the page
    owner = lead.owner_id or 0
    found: dict[str, Callable[[], object]] = {}
    for word, moment in (("busy", ms(NOW)), ("quiet", quiet)):
        for split, text in SPLITS:
            found[f"{word} {split}"] = _page(db, moment, text)
    return found | {
        "first line": lambda: queue.counts(db, ms(NOW), MIDNIGHT),
        "rows by id": lambda: queue.items(db, ms(NOW), shown),
        "card": lambda: leads.cards(db, shown[:3]),
        "last touch": lambda: enrolled.last_touch(db, shown[:3], ms(NOW) - 30 * DAY_MS),
        "touched today": lambda: enrolled.touched_since(db, owner, MIDNIGHT),
        "day's counts": lambda: day.counts(db, MIDNIGHT, TONIGHT),
    }


def _page(db: sqlite3.Connection, now: int, text: str) -> Callable[[], object]:
    limits = narrowed(parse(text), NOW, "Europe/Madrid") if text else queue.EVERYTHING
    return lambda: queue.page(db, now, PAGE, narrowed=limits, until=now + DAY_MS // 2)


def measured(path: Path, rounds: int = ROUNDS) -> dict[str, float]:
    """The milliseconds of each read, median of `rounds`, CPU time: other programs on the machine do not count."""
    db = connection.connect(path)
    found = {}
    for name, read in reads(db).items():
        read()
        taken = []
        for _ in range(rounds):
            start = time.process_time()
            read()
            taken.append((time.process_time() - start) * 1000)
        found[name] = median(taken)
    db.close()
    return found


def main() -> None:
    """Fill, measure, remove; exit 1 when the first page grows."""
    words = argparse.ArgumentParser(prog="python -m tests.reliability.due_list", description=__doc__)
    words.add_argument("--leads", type=int, default=LEADS, help="in the largest file")
    words.add_argument("--touches", type=int, default=TOUCHES, help="in the largest file")
    asked = words.parse_args()
    tables: list[dict[str, float]] = []
    for part in (100, 10, 1):
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="due-list-") as folder:
            path = filled(Path(folder), asked.leads // part, asked.touches // part)
            tables.append(measured(path))
            held = f"{asked.leads // part:>9,} leads {asked.touches // part:>9,} touches"
            print(f"{held}  {path.stat().st_size / 2**20:,.0f} MiB in {time.monotonic() - began:,.0f} s", flush=True)
    print(f"{'':20}" + "".join(f"{word:>10}" for word in ("1/100", "1/10", "all", "times")) + "   (ms, CPU)")
    for name in tables[0]:
        small, middle, large = (table[name] for table in tables)
        print(f"{name:20}{small:>10.3f}{middle:>10.3f}{large:>10.3f}{large / small:>10.2f}")
    worst = max(tables[-1][name] / tables[0][name] for name in (f"busy {WHOLE}", f"quiet {WHOLE}"))
    print(f"the first page takes {worst:.2f} times as long in the largest file (bar {BAR:g})")
    sys.exit(0 if worst <= BAR else 1)


if __name__ == "__main__":
    main()
