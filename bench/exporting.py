"""The day's activity as a file, beside the same query through `csv.writer`; its workbook beside the library alone.

All touches of the desk (at most `ROWS`) are moved into one day of a copy, which is kept between runs.
"""

from __future__ import annotations

import csv
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from bench import older
from bench.desks import home, opened
from bench.figures import Data, Measured, in_child
from bench.filling import NOW
from bench.floors import connected

ROWS = 100_000
REAL = 500  # rows of a real day, on the fuller side
OTHERS = 21  # days before, on which the rows of a real day are not
_START = int(NOW.timestamp() * 1000) - 9 * 3_600_000  # midnight of the day that is exported, in UTC
_DAY = 86_400_000
_FLOOR = """SELECT touch.id, touch.at, touch.lead_id, lead.external_id, lead.name, lead.company, touch.channel,
  touch.outcome, call.contact, call.seconds, touch.step_no, touch.template, source.name, rep.name
  FROM touch JOIN lead ON lead.id = touch.lead_id LEFT JOIN source ON source.id = lead.source_id
  LEFT JOIN rep ON rep.id = touch.rep_id LEFT JOIN call ON call.lead_id = touch.lead_id AND call.touch_id = touch.id
  WHERE touch.at >= ? AND touch.at < ? AND touch.skipped = 0 ORDER BY touch.at, touch.id"""


def floor(data: Data) -> Measured:
    """CPU milliseconds of the rows through `csv.writer`, synced and renamed into place."""
    return _measured(data, ROWS, _plain)


def desk(data: Data) -> Measured:
    """CPU milliseconds of planning the day, what went out before and what would now, and of its CSV in place."""
    return _measured(data, ROWS, partial(_exported, suffix=".csv"))


def workbook_floor(data: Data) -> Measured:
    """CPU milliseconds of the same rows through the library that makes workbooks, every cell as text."""
    return _measured(data, ROWS, _plain_workbook)


def workbook(data: Data) -> Measured:
    """CPU milliseconds of the day's workbook in place, planned before."""
    return _measured(data, ROWS, partial(_exported, suffix=".xlsx", planned=True))


def real_floor(data: Data) -> Measured:
    """As `floor`, of a real day."""
    return _measured(data, REAL, _plain)


def real(data: Data) -> Measured:
    """As `desk`, of a real day; everything is loaded before."""
    return _measured(data, REAL, partial(_exported, suffix=".csv"), again=9)


def _measured(data: Data, rows: int, work: Callable[[Path, Path], float], again: int = 1) -> Measured:
    folder = _busy_day(home(data), rows)

    def several() -> Iterator[float]:
        for _ in range(again):
            with tempfile.TemporaryDirectory(dir=data.folder) as out:
                yield work(folder, Path(out))

    return in_child(several)


def _busy_day(made: Path, rows: int) -> Path:
    """A copy of the desk at `made` whose first `rows` touches are of one day; others of this size go, unless they are
    brought on."""
    folder = made.with_name(f"exported-{rows}-{made.name}")
    if not (folder / "busy").exists() and not older.brought_on(folder, "busy"):
        for other in made.parent.glob(f"exported-{rows}-{made.name.rsplit('-', 2)[0]}-*"):
            shutil.rmtree(other)
        shutil.copytree(made, folder)
        in_child(lambda: _moved(folder, rows))
        (folder / "busy").touch()
    return folder


def _moved(folder: Path, rows: int) -> Iterator[float]:
    before = time.perf_counter()
    with closing(connected(folder / "desk.db")) as db:
        db.execute("BEGIN")
        db.execute("CREATE TEMP TABLE busy AS SELECT id FROM touch WHERE skipped = 0 ORDER BY id LIMIT ?", (rows,))
        # A call keeps the time of its touch. The rest of the last weeks goes further back.
        for sql in (
            "UPDATE touch SET at = at - :back WHERE at >= :weeks",
            "UPDATE touch SET at = :start + id % 28800000 WHERE id IN busy",
            "UPDATE call SET at = (SELECT at FROM touch WHERE touch.id = call.touch_id)",
        ):
            given = {"back": OTHERS * _DAY, "weeks": _START - OTHERS * _DAY, "start": _START + _DAY // 3}
            db.execute(sql, {name: value for name, value in given.items() if f":{name}" in sql})
        db.execute("COMMIT")
    yield time.perf_counter() - before


def _plain(folder: Path, out: Path) -> float:
    with closing(connected(folder / "desk.db")) as db:
        before = _cpu()
        found = db.execute(_FLOOR, (_START, _START + _DAY))
        with (out / "part").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(found)
            file.flush()
            os.fsync(file.fileno())
        (out / "part").rename(out / "activity.csv")
        return (_cpu() - before) * 1000


def _plain_workbook(folder: Path, out: Path) -> float:
    from xlsxwriter import Workbook

    with closing(connected(folder / "desk.db")) as db:
        rows = db.execute(_FLOOR, (_START, _START + _DAY)).fetchall()
    before = _cpu()
    with Workbook(out / "activity.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(number, column, str(cell))
    return (_cpu() - before) * 1000


def _exported(folder: Path, out: Path, *, suffix: str, planned: bool = False) -> float:
    from sdr.exchange.crm_columns import Profile
    from sdr.exchange.day_export import Plan, plan_export, write_export

    with closing(opened(folder)) as store:
        before = _cpu()
        plan: Any = store.read(plan_export, NOW.date(), Profile.SHEET, NOW).result()
        if planned:
            before = _cpu()
        files = tuple(file for file in plan.files if file.name.startswith("activity") and file.name.endswith(suffix))
        done = write_export(Plan(plan.day, files, plan.new, plan.changed, plan.unchanged), out)
        used = _cpu() - before
    if next(islice((file.rows for file in done.files), 1)) < min(ROWS, REAL):
        raise RuntimeError("the day that is exported has too few rows")
    return used * 1000


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
