"""The desk's side of finding doubles: the list brought in by `sdr import`, then looked through from the beginning."""

from __future__ import annotations

import json
import os
import resource
from pathlib import Path
from typing import Any

from bench import imported
from bench.figures import Data, Measured, in_child
from bench.filling import NOW


def measure(data: Data) -> Measured:
    """CPU milliseconds of looking through the whole list for doubles, import not counted."""
    made = imported.home(data.csv, data.folder)
    return in_child(lambda: [caught_up(made) * 1000])


def caught_up(home: Path) -> float:
    """CPU seconds of looking through the whole desk from the beginning."""
    from sdr.store import sweeping

    store = _opened(home)
    store.computed(_emptied).result()
    before = resource.getrusage(resource.RUSAGE_SELF)
    sweeping.catch_up(store)
    after = resource.getrusage(resource.RUSAGE_SELF)
    store.close()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def told(home: Path, file: Path) -> None:
    """Which rows each lead holds and which pairs are alike, as JSON in `file`."""
    from sdr.rules.likeness import ONE

    store = _opened(home)
    found: dict[str, Any] = {"leads": store.read(_rows).result()}
    for word, where in (("one", f"score >= {ONE}"), ("asked", f"score < {ONE}")):
        found[word] = store.read(lambda db, sql: db.execute(sql).fetchall(), f"{_PAIRS} WHERE {where}").result()
    store.close()
    file.write_text(json.dumps(found))


def _opened(home: Path) -> Any:
    from sdr import config
    from sdr.commands.home import open_store

    os.environ["SDR_NOW"] = NOW.isoformat()
    return open_store(config.places(str(home)), config.clock())


_PAIRS = "SELECT a_id, b_id FROM suspect"


def _emptied(db: Any) -> None:
    for table in ("looked", "lead_block", "suspect"):
        db.execute(f"DELETE FROM {table}")


def _rows(db: Any) -> dict[int, list[int]]:
    """Lead to the rows of the list that it holds: every row's note is its number."""
    found: dict[int, list[int]] = {}
    for lead, text in db.execute("SELECT lead_id, text FROM event WHERE kind = 'note' AND text LIKE 'row %'"):
        found.setdefault(lead, []).append(int(text.removeprefix("row ")))
    return found
