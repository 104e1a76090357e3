"""A small file of invented leads, brought into a desk the way `sdr import` does it."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from bench.generate import HEADER, leads
from sdr.exchange import intake
from sdr.exchange.reading import open_table
from sdr.models.terms import Refused
from sdr.store.changes import Applied
from sdr.store.store import Store

ROWS = 25


def bring_in(store: Store, folder: Path, seed: int, now: datetime) -> Applied | Refused:
    """Write a file of `ROWS` rows of the list `seed` into `folder` and import it; done when it is on disk."""
    path = folder / f"leads-{seed}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows(row for _, row in leads(ROWS, seed))

    def look(query, *args):  # type: ignore[no-untyped-def]
        return store.read(query, *args).result(60)

    read = open_table(path)
    prepared = intake.prepare(look, read, intake.Options(path.name, country="US"))
    assert not isinstance(prepared, Refused), prepared
    orders = {field: order.order for field, order in prepared.orders.items()}
    plan = intake.plan(look, read, prepared.mapping, prepared.options, now, orders)
    try:
        return store.write(intake.apply, plan, now).result(60)
    finally:
        plan.close()
