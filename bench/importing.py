"""Bringing files in: the bare load beside the desk's import, by processor time and by the clock, empty and full.

Processor time counts every process that took part. `more` is a tenth as many rows again, of other people, into what
holds the list already: at a million, a hundred thousand.
"""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bench import floors, imported
from bench.desks import ENVIRONMENT, cards, command, home
from bench.figures import Data, Measured, in_child
from bench.generate import SEED, write
from bench.terminal import keys_meanwhile

_OTHERS = SEED + 1
_LASTING = 10_000  # rows that take long enough to be written that keys can be pressed meanwhile


def floor_cpu(data: Data) -> Measured:
    """CPU milliseconds of the bare load: compute is compared by CPU time, as the machine is shared."""
    return _once("floor", _processors, data, lambda: _loaded(data))


def floor_wall(data: Data) -> Measured:
    """Milliseconds of the bare load by the clock."""
    return _once("floor", _clock, data, lambda: _loaded(data))


def desk_cpu(data: Data) -> Measured:
    """CPU milliseconds of `sdr import` of the whole list into an empty desk, report included."""
    return _once("desk", _processors, data, lambda: imported.bring(data.csv, _empty(data)))


def desk_wall(data: Data) -> Measured:
    """Milliseconds of the same by the clock."""
    return _once("desk", _clock, data, lambda: imported.bring(data.csv, _empty(data)))


_other: dict[tuple[str, Callable[[], float], Data], list[Measured]] = {}


def _once(whose: str, how: Callable[[], float], data: Data, work: Callable[[], None]) -> Measured:
    """What `work` took by one measure. What the same work took by the other is kept for whoever asks for that: a
    million leads are not brought in twice."""
    if kept := _other.get((whose, how, data)):
        return kept.pop()
    both = in_child(lambda: _spent_both(work))
    found = {
        one: Measured((took,), both.peak_mib) for one, took in zip((_processors, _clock), both.samples, strict=True)
    }
    other = _clock if how is _processors else _processors
    _other.setdefault((whose, other, data), []).append(found[other])
    return found[how]


def _spent_both(work: Callable[[], None]) -> Iterator[float]:
    before = _processors(), _clock()
    work()
    yield _processors() - before[0]
    yield _clock() - before[1]


def floor_more(data: Data) -> Measured:
    """CPU milliseconds of the least that brings more rows into a loaded table: rows, their journal, one statement for
    the full text, every index kept."""
    full, path = floors.database(data), data.folder / "more.db"
    shutil.copyfile(full, path)
    table = _more(data)
    return in_child(lambda: _spent(_processors, lambda: floors.load_more(table, path)))


def desk_more(data: Data) -> Measured:
    """CPU milliseconds of `sdr import` of more rows into a desk that holds the list."""
    full, folder, table = imported.home(data.csv, data.folder), data.folder / "desk-more", _more(data)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(full, folder)
    return in_child(lambda: _spent(_processors, lambda: imported.bring(table, folder)))


def meanwhile(data: Data) -> Measured:
    """`j` until the next card is drawn, while the same desk writes other leads: a tenth as many, at least 10,000."""
    worked, folder = home(data), data.folder / "desk-meanwhile"
    marks, table = cards(worked), _more(replace(data, rows=max(data.rows, 10 * _LASTING)))
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(worked, folder)
    named = f"{table}\r".encode()
    way = ((b"gi", b"Tab completes"), (named, b"bring them in"), (b"\r", b"bringing in"), (b"gq", marks(0)))
    try:
        return keys_meanwhile(command(folder), marks, way, f"{table.name}: ".encode(), **ENVIRONMENT)
    finally:
        shutil.rmtree(folder)


def _more(data: Data) -> Path:
    path = data.folder / f"more-{data.rows}.csv"
    if not path.exists():
        write(path, path.with_suffix(".truth"), data.rows // 10, _OTHERS)
    return path


def _empty(data: Data) -> Path:
    folder = data.folder / "desk-import"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _loaded(data: Data) -> None:
    path = data.folder / "import.db"
    floors.load(data.csv, path)
    path.unlink()


def _spent(how: Callable[[], float], work: Callable[[], None]) -> Iterator[float]:
    before = how()
    work()
    yield how() - before


def _clock() -> float:
    return time.perf_counter() * 1000


def _processors() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used) * 1000
