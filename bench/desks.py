"""The desk's side of the figures: a desk file of the whole list, and the real program measured on it.

The file is made once a folder, through the store like everything else. Every lead has a name of one length that
says its place in the queue, so that what the screen shows can be awaited byte by byte.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from bench.figures import Data, Measured, in_child
from bench.generate import leads as generated
from bench.terminal import first_frames, key_times

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RUNS, PRESSES, MARKS = 5, 100, 2_000
_ENVIRONMENT = {"SDR_NOW": NOW.isoformat(), "SDR_NO_DIAL": "1"}


def name_of(place: int) -> str:
    """The name of the lead that stands at `place` of the queue, from 1."""
    return f"Lead{place:08d}x"


def home(data: Data) -> Path:
    """A home whose desk holds the whole list, all of it new and due, in the order of its names."""
    folder = data.folder / f"desk-{data.rows}"
    if not (folder / "ready").exists():
        in_child(lambda: _fill(folder, data.rows))
        (folder / "ready").touch()
    return folder


def _store(folder: Path) -> Any:
    from sdr import config
    from sdr.commands.frame import open_store, set_up_if_new

    places = config.places(str(folder))
    store = open_store(places, lambda: NOW)
    set_up_if_new(store, config.Config(name="Ana", zone="Europe/Madrid"), NOW)
    return store


def _fill(folder: Path, rows: int) -> Iterator[float]:
    from sdr.models.terms import ms
    from sdr.store.changes import Change, Edit

    store = _store(folder)

    def verb(session: Any) -> Change:
        rep = session.execute("SELECT id FROM rep").fetchone()[0]
        batch = session.new_id()

        def edits() -> Iterator[Edit]:
            yield Edit.new("batch", batch, file="bench.csv", at=ms(NOW))
            for place, (_, row) in enumerate(islice(generated(rows), rows), 1):
                yield Edit.new(
                    "lead", session.new_id(), state="new", name=name_of(place), first_name=row[0], last_name=row[1],
                    email=row[2] or None, title=row[4], company=row[5], city=row[10], zone="Europe/Madrid",
                    zone_from="address", phone=f"+1555{place:08d}", owner_id=rep, batch_id=batch,
                    arrived_at=ms(NOW) - 3_600_000 + place, recorded_at=ms(NOW), next_kind="triage",
                    due_at=ms(NOW) - 3_600_000 + place, queue_band=5, rank=50, grade="C?", known_of=5,
                )  # fmt: skip

        return Change("bench", f"{rows} leads", ms(NOW), edits())  # type: ignore[arg-type]

    before = time.perf_counter()
    store.write(verb).result()
    store.close()
    yield time.perf_counter() - before


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-c", "from sdr.cli import main; main()", "--home", str(folder)]


def start(data: Data) -> Measured:
    """Start of the installed program until the queue's first row is on its way to the screen."""
    times, peak = first_frames(_command(home(data)), name_of(1).encode(), RUNS, **_ENVIRONMENT)
    return Measured(tuple(times), peak)


def next_lead(data: Data) -> Measured:
    """`j` until the card of the next lead is drawn (its own number stands on the card alone)."""

    def card(press: int) -> bytes:
        return f"+1555{press + 1:08d}".encode()

    times, peak = key_times(_command(home(data)), card, b"j", PRESSES, **_ENVIRONMENT)
    return Measured(tuple(times), peak)


def mark(data: Data) -> Measured:
    """A rejection: verb, three writes and their journal, durable; on one thread, as the floor is."""
    folder = home(data)
    return in_child(lambda: _marks(folder, _one_after_another))


def answer(data: Data) -> Measured:
    """As `mark`, from the call on one thread to the answer there: two waits for another thread more."""
    folder = home(data)
    return in_child(lambda: _marks(folder, _called))


def _called(store: Any, acts: list[Any]) -> list[float]:
    return [_timed(lambda act: store.write(act).result(), act) for act in acts]


def _one_after_another(store: Any, acts: list[Any]) -> list[float]:
    def all_of(writer: Any) -> list[float]:
        return [_timed(lambda act: writer.act(act), act) for act in acts]

    return list(store._lane.put(all_of).result())


def _timed(way: Any, act: Any) -> float:
    before = time.perf_counter()
    way(act)
    return (time.perf_counter() - before) * 1000


def _marks(home: Path, done: Any) -> list[float]:
    """On a copy of the desk: the history of the same leads would otherwise grow with every measurement."""
    import shutil

    from sdr.desk.triage import reject
    from sdr.store.queries import queue

    folder = home.with_name(f"{home.name}-marked")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(home, folder)
    store = _store(folder)
    store.warm().result()
    waiting = store.read(queue.ids, int(NOW.timestamp() * 1000)).result()[-MARKS:]
    found: list[float] = done(store, [partial(reject, lead_id=lead, reason="7", now=NOW) for lead in waiting])
    store.close()
    shutil.rmtree(folder)
    return found


def import_cpu(data: Data) -> Measured:
    """CPU milliseconds of `sdr import` of the whole list into an empty desk, report included."""
    folder = data.folder / "desk-import"
    return in_child(lambda: [_cpu_of_import(data.csv, folder)])


def _cpu_of_import(source: Path, folder: Path) -> float:
    import contextlib
    import io
    import os
    import shutil

    from sdr.cli import run

    shutil.rmtree(folder, ignore_errors=True)
    os.environ.update(_ENVIRONMENT)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = run(["--home", str(folder), "import", str(source), "--source", "bench", "--country", "US", "--json"])
    if code > 1:
        raise RuntimeError(f"the import ended with exit code {code}")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1000
