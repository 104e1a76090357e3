"""Who is here already: the oldest of those who share a number, and who stands for a lead that was merged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sdr.store.queries import doubles
from sdr.store.store import Store
from tests.desks import a_lead, a_rep, open_store, plans_of

NOBODY = {"next_kind": None, "due_at": None, "owner_id": None, "queue_band": None}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def merged(store: Store, owner: int, into: int, **fields: object) -> int:
    return a_lead(store, owner, state="merged", alias_of=into, **NOBODY, **fields)


def test_a_lead_merged_again_and_again_is_the_last_one(store: Store) -> None:
    owner = a_rep(store)
    stays, other = a_lead(store, owner), a_lead(store, owner)
    first = merged(store, owner, stays)
    second = merged(store, owner, first)
    third = merged(store, owner, second)
    found = store.read(doubles.survivors, [third, first, stays, other, 12345]).result(5)
    assert found == {third: stays, first: stays}
    assert store.read(doubles.survivors, []).result(5) == {}


def test_a_number_is_its_oldest_leads_and_a_merged_one_answers_with_who_stands(store: Store) -> None:
    owner = a_rep(store)
    stays = a_lead(store, owner, phone="+34600000009")
    merged(store, owner, stays, phone="+34600000001")
    for _ in range(3):
        a_lead(store, owner, phone="+34600000001")
    later = [a_lead(store, owner, phone="+34600000002") for _ in range(2)]
    wanted = ["+34600000001", "+34600000002", "+34600000003"]
    assert store.read(doubles.by_number, wanted).result(5) == {wanted[0]: stays, wanted[1]: later[0]}
    plan = store.read(lambda db: plans_of(db, lambda watched: doubles.by_number(watched, wanted))).result(5)
    assert any("COVERING INDEX lead_phone" in step for step in plan)
