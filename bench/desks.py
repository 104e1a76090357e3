"""The desk's side of the figures: the real program, or its verbs, on a desk that was worked for years.

The desk is made once a folder (`bench.filling` says of what) and made anew when the schema or its making changes.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from bench import filling, older, verbs
from bench.figures import MARKS, Data, Measured, in_child, told_by_child
from bench.filling import FIRST, NOW
from bench.growing import grow
from bench.terminal import HELD, HOLDS, Marks, first_frames, held_lags, key_times, memory_growth

ENVIRONMENT = {"SDR_NOW": NOW.isoformat(), "SDR_NO_DIAL": "1"}
VERBS = 2_400  # acts of every kind in turn that are timed one by one
FILLED = 100_000  # leads of the largest desk that is filled lead by lead
_PAGE_CACHE_KIB = 262_144  # while indexes are made


def home(data: Data) -> Path:
    """The folder of a desk of `data.rows` leads, made when it is not there yet; it is brought on from an earlier
    schema, and goes when it would be filled otherwise."""
    from sdr.store import migrating

    folder = data.folder / f"desk-{data.rows}-{migrating.newest():04d}-{filling.MAKING}"
    if not (folder / "ready").exists() and not older.brought_on(folder, "ready"):
        for other in data.folder.glob(f"desk-{data.rows}-*"):
            shutil.rmtree(other)
        took = in_child(lambda: _grown(data, folder) if data.rows > FILLED else made(folder, data.rows))
        (folder / "ready").write_text(f"{took.samples[0]:.0f} s, {took.peak_mib:.0f} MiB\n")
    return folder


def _grown(data: Data, folder: Path) -> Iterator[float]:
    times, odd = divmod(data.rows, FILLED)
    assert not odd, "a large desk is so many times the filled one"
    return grow(home(replace(data, rows=FILLED)), folder, FILLED, times)


def opened(folder: Path) -> Any:
    """The store of the desk in `folder`, set up when it is new."""
    from sdr import config
    from sdr.commands.home import open_store, set_up_if_new

    store = open_store(config.places(str(folder)), lambda: NOW)
    set_up_if_new(store, config.Config(name="Ana", zone="Europe/Madrid"), NOW)
    return store


def made(folder: Path, rows: int) -> Iterator[float]:
    """Fill a new desk in `folder`; seconds it took. The indexes that nothing here looks at are made at the end."""
    before, collecting = time.perf_counter(), gc.isenabled()
    gc.disable()  # nothing here goes round in circles
    try:
        store = opened(folder)
        indexes = store.exclusively(_without_indexes).result()
        for done in filling.fill(store, rows):
            if done % 100_000 == 0:
                print(f"  {done:,} leads, {time.perf_counter() - before:.0f} s", file=sys.stderr, flush=True)
        store.exclusively(partial(_with_indexes, indexes=indexes)).result()
        store.close()
    finally:
        if collecting:
            gc.enable()
    yield time.perf_counter() - before


def _without_indexes(db: sqlite3.Connection) -> list[str]:
    """Take away the indexes of the large tables that neither filling nor a trigger reads; how to make them again."""
    db.execute("PRAGMA foreign_keys=0")
    db.execute("PRAGMA synchronous=0")
    found = db.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type='index' AND sql IS NOT NULL AND tbl_name IN ('lead', 'call')"
    ).fetchall()
    for name, _ in found:
        db.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _with_indexes(db: sqlite3.Connection, indexes: list[str]) -> None:
    db.execute(f"PRAGMA cache_size=-{_PAGE_CACHE_KIB}")
    for sql in indexes:
        db.execute(sql)
    if fault := db.execute("PRAGMA foreign_key_check").fetchone():
        raise RuntimeError(f"a filled desk refers to what is not there: {tuple(fault)}")
    db.execute("PRAGMA synchronous=2")


# --- on the screen ---------------------------------------------------------------------------------------------------


@cache
def _compiled() -> None:
    """Compile the desk, as it is where it is installed: else each start, told not to keep it, would do so again."""
    import compileall

    import sdr

    compileall.compile_dir(Path(sdr.__file__).parent, quiet=1)


def command(folder: Path) -> list[str]:
    """The program on the desk in `folder`."""
    _compiled()
    return [sys.executable, "-c", "from sdr.cli import main; main()", "--home", str(folder)]


def cards(folder: Path) -> Marks:
    """What the card shows after so many presses of `j`: the number of the lead that stands there in the queue."""
    shown, _peak = told_by_child(lambda: _numbers(folder))
    return [number.encode() for number in shown].__getitem__


def _numbers(folder: Path) -> list[str]:
    from sdr.store.queries import queue

    def phones(db: Any) -> list[str]:
        waiting = queue.page(db, int(NOW.timestamp() * 1000), HOLDS * HELD + 1)
        return [db.execute("SELECT phone FROM lead WHERE id=?", (item.id,)).fetchone()[0] for item in waiting]

    with closing(opened(folder)) as store:
        return list(store.read(phones).result())


def start(data: Data) -> Measured:
    """Start of the installed program until the queue's first row is on its way to the screen."""
    return first_frames(command(home(data)), FIRST[:14].encode(), **ENVIRONMENT)


def next_lead(data: Data) -> Measured:
    """`j` until the card of the next lead is drawn (its number stands on the card alone)."""
    folder = home(data)
    return key_times(command(folder), cards(folder), **ENVIRONMENT)


def held(data: Data) -> Measured:
    """A held `j`, let go: until the card of the lead it stopped at is drawn."""
    folder = home(data)
    return held_lags(command(folder), cards(folder), data.rows, **ENVIRONMENT)


def keys_memory(data: Data) -> Measured:
    """Bytes of memory a key leaves behind."""
    folder = home(data)
    return memory_growth(command(folder), cards(folder), data.rows, **ENVIRONMENT)


# --- verbs -----------------------------------------------------------------------------------------------------------


def mark(data: Data) -> Measured:
    """A rejection: verb, three writes and their journal, durable; on one thread, as the floor is."""
    return _marked(home(data), _one_after_another)


def answer(data: Data) -> Measured:
    """As `mark`, from the call on one thread to the answer there: two waits for another thread more."""
    return _marked(home(data), _called)


def every_verb(data: Data) -> Measured:
    """Every verb of a day in turn, from the call on one thread to the answer there; each is taken back, untimed."""
    return _given_and_taken_back(home(data), 0)


def take_back(data: Data) -> Measured:
    """The `u` behind each of these."""
    return _given_and_taken_back(home(data), 1)


def _given_and_taken_back(home: Path, which: int) -> Measured:
    return _on_a_copy(home, lambda folder: [pair[which] for _name, pair in given_and_taken_back(folder)])


def given_and_taken_back(folder: Path) -> Iterator[tuple[str, tuple[float, float]]]:
    """Each verb that is given on the desk in `folder`, with the milliseconds that it and the `u` behind it take."""
    from sdr.models.terms import Refused

    with closing(opened(folder)) as store:
        store.warm().result()
        for name, act in store.read(lambda db: [*islice(verbs.turns(db), VERBS)]).result():
            done = _timed(lambda act: store.write(act).result(), act), _timed(lambda _: store.undo().result(), None)
            if refused := [one for _, one in done if isinstance(one, Refused)]:
                raise RuntimeError(f"what was to be measured was refused: {name}, {refused[0]}")
            yield name, (done[0][0], done[1][0])


def _called(store: Any, acts: list[Any]) -> list[float]:
    return [_timed(lambda act: store.write(act).result(), act)[0] for act in acts]


def _one_after_another(store: Any, acts: list[Any]) -> list[float]:
    def all_of(writer: Any) -> list[float]:
        return [_timed(lambda act: writer.act(act), act)[0] for act in acts]

    return list(store._lane.put(all_of).result())


def _timed(way: Callable[[Any], Any], act: Any) -> tuple[float, Any]:
    """Milliseconds, and what came of it."""
    before = time.perf_counter()
    done = way(act)
    return (time.perf_counter() - before) * 1000, done


def _marked(home: Path, done: Callable[[Any, list[Any]], list[float]]) -> Measured:
    return _on_a_copy(home, lambda folder: _marks(folder, done))


def _on_a_copy(home: Path, samples: Callable[[Path], list[float]]) -> Measured:
    """On a copy of the desk: the history of the same leads would otherwise grow with every measurement.

    The copy is on the disk before the first mark, which would wait until all of it is.
    """
    folder = home.with_name(f"marked-{home.name}")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(home, folder)
    _itself(folder)
    os.sync()
    try:
        return in_child(lambda: samples(folder))
    finally:
        shutil.rmtree(folder)


def _itself(folder: Path) -> None:
    """Let a copied desk go on under its own number: a copy's would stand in the middle of the journal."""
    from sdr.store import replica

    note = replica.side_file(folder / "desk.db")
    known = json.loads(note.read_text()) | {"inode": (folder / "desk.db").stat().st_ino}
    note.write_text(json.dumps(known))


def _marks(folder: Path, done: Callable[[Any, list[Any]], list[float]]) -> list[float]:
    from sdr.desk.triage import reject

    store = opened(folder)
    store.warm().result()
    waiting = store.read(_never_spoken_to).result()
    found: list[float] = done(store, [partial(reject, lead_id=lead, reason="7", now=NOW) for lead in waiting])
    store.close()
    return found


def _never_spoken_to(db: Any) -> list[int]:
    sql = "SELECT id FROM lead WHERE state IN ('new', 'working') AND contacted_at IS NULL LIMIT ?"
    return [row[0] for row in db.execute(sql, (MARKS,))]
