"""Every open lead judged again under another rubric, beside one UPDATE of the same columns of the same table."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.desks import home, opened
from bench.figures import Data, Measured, in_child
from bench.filling import NOW

# Points from the title alone, as little as a rubric can be; the same columns take new values, the same index moves.
_UPDATE = """UPDATE lead SET score = 0, known = 0, engagement = 0, verdict = 'open', missing = NULL,
  fit = CASE WHEN title LIKE '%chief%' OR title LIKE '%vp%' THEN 30 WHEN title LIKE '%head%' THEN 20 ELSE 5 END,
  grade = CASE WHEN title LIKE '%chief%' OR title LIKE '%vp%' THEN 'A3' WHEN title LIKE '%head%' THEN 'B3' ELSE 'C' END,
  rank = CASE WHEN title LIKE '%chief%' OR title LIKE '%vp%' THEN 61 WHEN title LIKE '%head%' THEN 58 ELSE 41 END,
  rubric_id = (SELECT max(id) FROM rubric), known_of = 5 WHERE queue_band IS NOT NULL"""


def floor(data: Data) -> Measured:
    """CPU milliseconds of one statement over all open leads, and its commit."""
    return in_child(lambda: _on_a_copy(home(data), _updated))


def desk(data: Data) -> Measured:
    """CPU milliseconds of judging all open leads, in the slices of an idle desk, which give way to a key."""
    return in_child(lambda: _on_a_copy(home(data), _judged))


def _on_a_copy(folder: Path, work: Any) -> Iterator[float]:
    copy = folder.with_name(f"{folder.name}-judged")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    yield work(copy)
    shutil.rmtree(copy)


def _updated(folder: Path) -> float:
    with closing(sqlite3.connect(folder / "desk.db", isolation_level=None)) as db:
        before = time.process_time()
        db.execute("BEGIN IMMEDIATE")
        db.execute(_UPDATE)
        db.execute("COMMIT")
        return (time.process_time() - before) * 1000


def _judged(folder: Path) -> float:
    from sdr.desk.setting_up import load_rubric
    from sdr.store.judging import AT_ONCE
    from sdr.store.queries import playbook

    store = opened(folder)
    store.warm().result()
    text = store.read(playbook.rubric_row).result().text
    other = text.replace("points = 30", "points = 10").replace("points = 25", "points = 40")
    before = time.process_time()
    store.write(load_rubric, other, NOW).result()
    while store.judge_on(AT_ONCE).result() is not None:
        pass
    spent = (time.process_time() - before) * 1000
    store.close()
    return spent
