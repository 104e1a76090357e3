"""Rows made by their shape are the rows that are made one by one, whatever fields come in whatever order."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.store import tables
from sdr.store.changes import Edit
from sdr.store.shapes import Rows
from tests.desks import open_store

NEEDED = {
    "lead": {"state": "new", "name": "Ana Ruiz", "zone": "UTC", "zone_from": "rep"},
    "event": {"lead_id": 5, "kind": "note", "at": 1},
    "account": {"name": "Acme", "name_key": "acme"},
}
MAYBE: dict[str, list[tuple[str, Any]]] = {
    "lead": [
        ("email", "a@b.example"), ("phones", '[{"e164":"+34600000001"}]'), ("score", 3), ("account_id", None),
        ("search_key", "worked out"), ("tag:vip", True), ("title", None), ("rank", 7), ("snoozes", 0),
    ],
    "event": [("text", "Rang twice"), ("text", None), ("rep_id", 2), ("kind", "stage"), ("mail_id", None)],
    "account": [("domain", "acme.example"), ("domain", None), ("customer", 1), ("country", "ES")],
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def known(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The columns of every table."""
    folder: Path = tmp_path_factory.mktemp("desk")
    open_store(folder).close()
    with closing(sqlite3.connect(folder / "desk.db")) as db:
        tables.learn(db)


def fields_of(table: str) -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(st.sampled_from(MAYBE[table]), max_size=6)
    return some.flatmap(lambda more: st.permutations([*NEEDED[table].items(), *more]).map(dict))


def alone(table: str, entity_id: int, fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    row, tags = tables.begun(table, entity_id, fields, checked=True)
    told = {name: value for name, value in row.items() if value is not None and name not in tables.UNTOLD}
    return {name: value for name, value in row.items() if value is not None}, told | tags


@given(st.data(), st.sampled_from(sorted(NEEDED)))
def test_a_row_made_by_its_shape_is_the_row_made_alone(data: st.DataObject, table: str) -> None:
    rows, first = Rows(table), 100
    for _ in range(data.draw(st.integers(1, 3))):  # shapes that come later make room for more columns
        many = data.draw(st.lists(fields_of(table), min_size=1, max_size=5))
        made = rows.made([Edit(table, first + at, "new", fields) for at, fields in enumerate(many)])
        for one, fields in zip(made, many, strict=True):
            row, told = alone(table, one.id, fields)
            held = dict(zip(rows.columns, one.row, strict=True))
            assert {name: value for name, value in held.items() if value is not None} == row
            assert one.told == told
            assert list(one.told) == sorted(told)
            assert one.about == (fields.get("lead_id") if table == "event" else None)


def test_a_field_that_no_column_has_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        Rows("lead").made([Edit("lead", 1, "new", {**NEEDED["lead"], "colour": "red"})])
