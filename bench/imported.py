"""A desk that holds a list: brought in by `sdr import` once, and anew when the list changes.

Who measures on it leaves its leads as they are, or works on a copy.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import file_digest
from pathlib import Path

from bench import older
from bench.figures import in_child
from bench.filling import NOW


def home(source: Path, folder: Path) -> Path:
    """The desk in `folder` that holds the list at `source`. It has its name only once all of it is there."""
    from sdr.store import migrating

    with source.open("rb") as file:
        mark = file_digest(file, "sha256").hexdigest()[:8]
    made = folder / f"{source.stem}-{migrating.newest():04d}-{mark}"
    if not _readable(made / "desk.db") and not older.brought_on(made, "desk.db"):
        for other in folder.glob(f"{source.stem}-[0-9]*"):  # of another list, or one that was not finished
            shutil.rmtree(other)
        part = made.with_name(f"{made.name}.part")
        in_child(lambda: _brought(source, part))
        part.rename(made)
    return made


def _readable(file: Path) -> bool:
    """Whether `file` is a desk that has leads."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            return db.execute("SELECT 1 FROM lead LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return False


def _brought(source: Path, into: Path) -> Iterator[float]:
    bring(source, into)
    yield 0


def bring(source: Path, into: Path) -> None:
    """`sdr import` of the list at `source` into the desk in `into`, which is set up when it is new."""
    from sdr.cli import run

    os.environ.update({"SDR_NOW": NOW.isoformat(), "SDR_NO_DIAL": "1"})
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = run(["--home", str(into), "import", str(source), "--source", "bench", "--country", "US", "--json"])
    if code > 1:
        raise RuntimeError(f"the import ended with exit code {code}")
