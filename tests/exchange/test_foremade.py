"""A lead made where its row is read is the lead that would be made when it is written."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.generate import HARD, HEADER, rows
from sdr.exchange.intake import Plan
from tests.desks import Desk, begin, open_desk
from tests.exchange.bringing import brought, everybody, planned, written

SOURCED = """Name,Email,Phone,Source,Note,Do not call,Tags
Ana Ruiz,ana@acme.example,+34 600 000 001,Fair,met at the stand,,vip
Bo Lind,bo@lind.example,,fair,,yes,
Di Ray,di@ray.example,+1 415 555 0132,école,,,
Cy Moss,cy@moss.example,,École,,,
Ed Fox,ed@fox.example,,Never heard of,,,a;b
"""


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Two desks that have and give the same numbers."""
    opened = []
    for name in ("made", "late"):
        (tmp_path / name).mkdir()
        opened.append(open_desk(tmp_path / name))
    yield opened[0], opened[1]
    for one in opened:
        one.store.close()


def late(made: Plan) -> Plan:
    """The plan with no lead made of its rows yet."""
    made.maker = made.made = None
    return made


def kept(desk: Desk) -> list[Any]:
    """All leads and what came with them, by name instead of by number: sources may begin in another order."""
    leads = [{**one._asdict(), "id": 0, "account_id": 0, "source_id": 0, "batch_id": 0} for one in everybody(desk)]
    beside = (
        "SELECT account.name, domain, source.name, source.type FROM lead LEFT JOIN source ON source.id=source_id"
        " LEFT JOIN account ON account.id=account_id ORDER BY lead.id",
        "SELECT lead.name, event.kind, text FROM event JOIN lead ON lead.id=lead_id ORDER BY event.id",
        "SELECT lead.name, channel, scope FROM suppression JOIN lead ON lead.id=lead_id ORDER BY suppression.id",
    )
    found = [desk.store.read(lambda db, sql=sql: db.execute(sql).fetchall()) for sql in beside]
    told = desk.store.read(
        lambda db: db.execute("SELECT body FROM operation WHERE entity='lead' ORDER BY id").fetchall()
    )
    fields = [sorted(json.loads(body)["f"]) for (body,) in told.result(10)]
    return [leads, *(one.result(10) for one in found), fields]


def test_all_sorts_of_rows(two: tuple[Desk, Desk], tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(HEADER)
        table.writerows(row for _, _, row in rows(900, 5, HARD))
    made, without = two
    plan = planned(made, path, source="Fair", type="inbound", country="US")
    assert plan.made is not None
    assert written(made, plan).created == written(without, late(planned(without, path, source="Fair", type="inbound",
                                                                        country="US"))).created > 500  # fmt: skip
    assert kept(made) == kept(without)


def test_sources_of_the_rows(two: tuple[Desk, Desk]) -> None:
    made, without = two
    for desk in two:
        begin(desk.store, "source", name="FAIR", type="hand-raiser", currency="EUR")
        # SQLite knows small letters of ASCII alone: `école` of the file is a new source, and École joins that.
        begin(desk.store, "source", name="École", type="hand-raiser", currency="EUR")
    assert written(made, planned(made, SOURCED)).created == 5
    written(without, late(planned(without, SOURCED)))
    assert kept(made) == kept(without)
    bands = {lead.name: lead.queue_band for lead in everybody(made)}
    assert bands["Ana Ruiz"] == bands["Bo Lind"] < bands["Di Ray"] == bands["Cy Moss"] == bands["Ed Fox"]


def test_a_row_that_joins_another_is_made_of_both(two: tuple[Desk, Desk]) -> None:
    made, _ = two
    text = "Name,Email,Title,City\nAna Ruiz,ana@acme.example,,\nAna Ruiz,ana@acme.example,CFO,Madrid\n"
    assert brought(made, text).merged == 1
    (lead,) = everybody(made)
    assert (lead.title, lead.city) == ("CFO", "Madrid")
    assert "cfo" in lead.search_key
