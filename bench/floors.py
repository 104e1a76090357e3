"""The floors: the least code that does the same work as the desk, measured beside it.

They use the desk's own recipe where the disk matters (WAL, synchronous=FULL, no automatic checkpoint), and
nothing else of the desk.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from bench.figures import MARKS, Data, Measured, in_child
from bench.generate import HEADER
from bench.terminal import first_frames, held_lags, key_times, memory_growth

FIRST = b"lead 00000001"  # what both programs of `bench.apps` show at once
_PAGE = 10_000  # rows of one executemany

_TABLES = """
CREATE TABLE lead (id INTEGER PRIMARY KEY, name TEXT, first_name TEXT, last_name TEXT, email TEXT, phone TEXT,
  title TEXT, company TEXT, website TEXT, industry TEXT, employees TEXT, country TEXT, city TEXT,
  source TEXT, created TEXT, notes TEXT, band INTEGER NOT NULL DEFAULT 0);
CREATE TABLE operation (id INTEGER PRIMARY KEY, entity_id INTEGER, at INTEGER, body TEXT, digest TEXT);
CREATE TABLE touch (id INTEGER PRIMARY KEY, lead_id INTEGER, at INTEGER, outcome TEXT);
"""
_INDEXES = """
CREATE INDEX lead_email ON lead(email);
CREATE INDEX lead_phone ON lead(phone);
CREATE INDEX lead_company ON lead(company);
CREATE INDEX lead_name ON lead(name);
CREATE INDEX lead_source ON lead(source);
CREATE INDEX lead_created ON lead(created);
CREATE INDEX lead_band ON lead(band, created);
CREATE INDEX operation_entity ON operation(entity_id);
CREATE VIRTUAL TABLE lead_search USING fts5(name, company, email, content='lead', content_rowid='id',
  detail='none', prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
INSERT INTO lead_search(lead_search) VALUES ('rebuild');
"""
_INSERT = f"INSERT INTO lead VALUES ({', '.join('?' * 16)}, 0)"


def connected(path: Path) -> sqlite3.Connection:
    """A connection with the durability the desk promises."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0"):
        db.execute(f"PRAGMA {pragma}")
    return db


def load(source: Path, path: Path) -> None:
    """The bare load: rows, one journal row a lead (JSON and digest), indexes, full text; one transaction."""
    path.unlink(missing_ok=True)
    with closing(connected(path)) as db, source.open(encoding="utf-8", newline="") as file:
        for statement in _TABLES.split(";"):
            db.execute(statement)
        db.execute("BEGIN IMMEDIATE")
        _rows(db, file, 1)
        for statement in _INDEXES.split(";"):
            db.execute(statement)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def load_more(source: Path, path: Path) -> None:
    """More rows into a loaded table: one transaction, one statement for their full text."""
    with closing(connected(path)) as db, source.open(encoding="utf-8", newline="") as file:
        db.execute("BEGIN IMMEDIATE")
        # Marks were measured on this file too: their journal rows come after those of the leads.
        every = "SELECT max(id) FROM lead UNION ALL SELECT max(id) FROM operation"
        first = max(row[0] for row in db.execute(every)) + 1
        _rows(db, file, first)
        db.execute(
            "INSERT INTO lead_search(rowid, name, company, email) SELECT id, name, company, email FROM lead"
            " WHERE id >= ?",
            (first,),
        )
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(db: sqlite3.Connection, file: Iterable[str], first: int) -> None:
    rows = enumerate(islice(csv.reader(file), 1, None), start=first)
    while page := list(islice(rows, _PAGE)):
        db.executemany(_INSERT, ((key, f"{row[0]} {row[1]}", *row) for key, row in page))
        db.executemany("INSERT INTO operation VALUES (?, ?, ?, ?, ?)", _journal(page))


def _journal(page: list[tuple[int, list[str]]]) -> Iterator[tuple[int, int, int, str, str]]:
    for key, row in page:
        body = json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False, separators=(",", ":"))
        yield key, key, 0, body, hashlib.sha256(body.encode()).hexdigest()[:32]


def database(data: Data) -> Path:
    """The floor's own database of the whole list, loaded once a folder."""
    path = data.folder / f"floor-{data.rows}.db"
    if not path.exists():
        part = path.with_suffix(".part")
        load(data.csv, part)
        part.rename(path)
    return path


def _started(name: str) -> list[str]:
    return [sys.executable, "-c", f"from bench.apps import {name}; {name}()"]


def detail(press: int) -> bytes:
    """What the bare list's detail pane shows after `press` presses of `j`."""
    return f"detail {press + 1:08d}".encode()


def textual_hello(data: Data) -> Measured:
    """Start to first frame of the smallest Textual app."""
    return first_frames(_started("hello"), FIRST)


def textual_db(data: Data) -> Measured:
    """Key to repainted list and detail pane of a bare list over SQLite."""
    return key_times(_started("leads"), detail, BENCH_DB=str(database(data)))


def textual_held(data: Data) -> Measured:
    """How long the bare list goes on when a held key is let go."""
    path = str(database(data))
    return held_lags(_started("leads"), detail, data.rows, BENCH_DB=path)


def textual_memory(data: Data) -> Measured:
    """What a key leaves behind in the bare list."""
    return memory_growth(_started("leads"), detail, data.rows, BENCH_DB=str(database(data)))


def commit(data: Data) -> Measured:
    """Three writes in one durable transaction: the lead, a touch, a journal row."""
    path = database(data)
    return in_child(lambda: _marks(path, data.rows))


def _marks(path: Path, rows: int) -> Iterator[float]:
    with closing(connected(path)) as db:
        for number in range(MARKS):
            key = number * 7_919 % rows + 1
            body = json.dumps({"lead": key, "band": number % 9})
            before = time.perf_counter()
            db.execute("BEGIN IMMEDIATE")
            db.execute("UPDATE lead SET band = ? WHERE id = ?", (number % 9, key))
            db.execute("INSERT INTO touch(lead_id, at, outcome) VALUES (?, ?, 'voicemail')", (key, number))
            db.execute("INSERT INTO operation(entity_id, at, body, digest) VALUES (?, ?, ?, '')", (key, number, body))
            db.execute("COMMIT")
            yield (time.perf_counter() - before) * 1000
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
