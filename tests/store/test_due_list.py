"""The due list is index lookups: no read of it walks a big table or sorts one, whatever the split or the hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sdr.models.terms import Band, ms
from sdr.rules.filtering import parse
from sdr.screens.queue import SPLITS
from sdr.store.queries import acts, day, enrolled, mailing, queue
from sdr.store.queries.narrowing import narrowed
from sdr.store.session import Reader
from tests.desks import MONDAY, Desk, begin, open_desk
from tests.reliability import due_list
from tests.store.test_queue import lead, plans

NOW = ms(MONDAY)
HOUR = 3_600_000
START, END = NOW - 9 * HOUR, NOW + 15 * HOUR
BIG = ("lead", "touch", "call", "event", "enrollment", "operation", "handoff", "message")
READS: dict[str, Callable[[Reader, int], Any]] = {
    "counts": lambda db, _lead: queue.counts(db, NOW, START),
    "items": lambda db, one: queue.items(db, NOW, (one,)),
    "ids": lambda db, _lead: queue.ids(db, NOW, until=END),
    "planned": lambda db, _lead: enrolled.planned(db, 1, START, END),
    "all planned": lambda db, _lead: enrolled.planned(db, 1, None, END),
    "touched": lambda db, _lead: enrolled.touched_since(db, 1, START),
    "last touch": lambda db, one: enrolled.last_touch(db, (one,), START),
    "due touches": lambda db, _lead: enrolled.due_touches(db, 1, START, END),
    "promised": lambda db, _lead: enrolled.promised(db, 1, START, END),
    "unanswered": lambda db, _lead: enrolled.unanswered(db, 1, START, END),
    "live": lambda db, one: enrolled.live(db, (one,)),
    "in drips": lambda db, _lead: enrolled.in_drips(db, 1, "active"),
    "work": lambda db, _lead: queue.loads(db, NOW, END, 500),
    "acts": lambda db, _lead: acts.lately(db, START, NOW),
    "prospecting": lambda db, _lead: acts.touched(db, 1, START, NOW),
    "last sent": lambda db, _lead: mailing.last_sent(db),
    "untold": lambda db, _lead: day.untold(db, ["ES"], START, NOW, HOUR),
    "day": lambda db, _lead: day.summary(db, START, END, NOW),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    for band in (0, 1, 2, 3, 5, 6, 7):  # every band is walked to its end
        lead(opened, f"in band {band}", band, -HOUR, close=HOUR if band == 6 else None)
    yield opened
    opened.store.close()


def walked(found: list[str]) -> list[str]:
    """The steps of a plan that read a whole big table."""
    return [
        step for step in found for table in BIG if step == f"SCAN {table}" or step.startswith(f"SCAN {table} USING")
    ]


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("hour", [-9, 0, 8], ids=["at night", "in the morning", "in the evening"])
def test_every_band_of_the_page_is_an_index_search_in_order(
    desk: Desk, tmp_path: Path, split: tuple[str, str], hour: int
) -> None:
    limits = narrowed(parse(split[1]), MONDAY, "Europe/Madrid") if split[1] else queue.EVERYTHING
    now = NOW + hour * HOUR
    found = plans(tmp_path / "desk.db", lambda db: queue.page(db, now, 60, narrowed=limits, until=END))
    of_lead = [step for step in found if " lead" in step and "LIST" not in step]
    assert of_lead
    assert all(step.startswith("SEARCH lead USING") and "INDEX lead_queue_" in step for step in of_lead)
    assert not [step for step in found if "TEMP B-TREE" in step]


@pytest.mark.parametrize("name", READS)
def test_what_goes_with_it_walks_no_big_table(desk: Desk, tmp_path: Path, name: str) -> None:
    one = desk.new_lead(name="Bo", email="bo@acme.example", phone="+34600000009")
    begin(desk.store, "touch", lead_id=one, channel="call", at=NOW - HOUR)
    found = plans(tmp_path / "desk.db", lambda db: READS[name](db, one))
    assert found
    # Those who are in a drip are few beside all who ever were: an index holds them alone.
    assert [step for step in walked(found) if "enrollment_live" not in step] == []


def test_a_split_looks_only_through_bands_that_can_hold_it(desk: Desk, tmp_path: Path) -> None:
    """Else a split of calls would read every new lead there is before it came to the first call."""
    limits = narrowed(parse("band:closing,promise"), MONDAY, "Europe/Madrid")
    asked: list[str] = []

    def run(db: Any) -> None:
        db.set_trace_callback(asked.append)
        queue.page(db, NOW, 60, narrowed=limits, until=END)

    plans(tmp_path / "desk.db", run)
    assert asked
    assert not [sql for sql in asked if f"queue_band={int(Band.NEW)}" in sql]
    found = desk.store.read(queue.page, NOW, 60, narrowed=limits).result(5)
    assert [item.name for item in found] == ["in band 1", "in band 6"]


def test_a_page_of_many_ranks_is_few_statements(desk: Desk) -> None:
    """What the driver keeps compiled: a statement a rank made each page compile hundreds anew."""
    for rank in range(0, 100, 3):
        lead(desk, f"of rank {rank}", 5, -HOUR, rank=rank)
    asked: set[str] = set()

    class Listening:
        def __init__(self, db: Reader) -> None:
            self.db = db

        def execute(self, sql: str, *args: Any) -> Any:
            asked.add(sql)
            return self.db.execute(sql, *args)

    found = desk.store.read(lambda db: queue.page(Listening(db), NOW, 100)).result(5)
    assert len(found) > 30
    assert len(asked) < 20


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("band:new,hot", ["in band 0", "in band 5"]),
        ("-band:new,hot,promise", ["in band 2", "in band 3", "in band 6", "in band 7"]),
        ("band:closing,promise band:promise", ["in band 1"]),
        ("band:due is:late", []),
        ("is:late", ["in band 0", "in band 1"]),
        ("is:late,open band:reply", ["in band 2"]),
    ],
)
def test_bands_are_left_out_only_where_nobody_can_pass(desk: Desk, text: str, names: list[str]) -> None:
    limits = narrowed(parse(text), MONDAY, "Europe/Madrid")
    found = desk.store.read(queue.page, NOW, 60, narrowed=limits).result(5)
    assert [item.name for item in found] == names


def test_the_measured_proof_fills_a_file_and_reads_it(tmp_path: Path) -> None:
    """In small; `python -m tests.reliability.due_list` has a million leads."""
    path = due_list.filled(tmp_path, 600, 1_500)
    found = due_list.measured(path, rounds=1)
    assert {"busy queue", "quiet overdue", "first line"} <= found.keys()
    assert min(found.values()) >= 0
