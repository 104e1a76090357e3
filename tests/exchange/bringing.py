"""A file of leads brought into a real desk, as the command does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sdr.exchange import intake
from sdr.exchange.reading import open_table
from sdr.models.terms import Refused
from sdr.store import rows
from sdr.store.changes import Applied
from tests.desks import Desk


def looking(desk: Desk) -> Any:
    """How a plan asks the desk."""
    return lambda query, *args: desk.store.read(query, *args).result(30)


def planned(
    desk: Desk, file: Path | str | bytes, pairs: Sequence[str] = (), date_order: str | None = None,
    progress: intake.Progress | None = None, **options: Any,
) -> intake.Plan:  # fmt: skip
    """The plan for a file, or for its text."""
    name = file.name if isinstance(file, Path) else "leads.csv"
    table = open_table(file.encode() if isinstance(file, str) else file)
    look = looking(desk)
    prepared = intake.prepare(look, table, intake.Options(name, **options), pairs, date_order)
    assert not isinstance(prepared, Refused), prepared
    orders = {field: order.order for field, order in prepared.orders.items()}
    return intake.plan(look, table, prepared.mapping, prepared.options, desk.clock(), orders, progress=progress)


def written(desk: Desk, made: intake.Plan, folder: Path | None = None) -> intake.Report:
    """Write a plan and report on it."""
    done = desk.store.write(intake.apply, made, desk.clock()).result(60)
    step = done.step if isinstance(done, Applied) else None
    rejects = intake.reject_rows(made, folder, desk.clock()) if folder else None
    found = intake.report(looking(desk), made, step, rejects)
    assert found.rows == found.created + found.updated + found.known + found.merged + found.rejected
    return found


def brought(desk: Desk, file: Path | str | bytes, folder: Path | None = None, **options: Any) -> intake.Report:
    """Bring a file in."""
    return written(desk, planned(desk, file, **options), folder)


def everybody(desk: Desk) -> list[rows.Lead]:
    """Every lead of the desk, in the order they came."""
    found = desk.store.read(lambda db: db.execute("SELECT * FROM lead ORDER BY id").fetchall()).result(10)
    return [rows.Lead(*row) for row in found]


def only(desk: Desk) -> rows.Lead:
    """The one lead there is."""
    (lead,) = everybody(desk)
    return lead
