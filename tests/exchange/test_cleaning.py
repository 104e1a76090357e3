"""Rows cleaned by children of ours are the rows that would be cleaned here, whatever becomes of the children."""

from __future__ import annotations

import csv
import marshal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from bench.generate import HEADER, leads
from sdr.exchange import cleaning, intake
from sdr.exchange.cleaning import Stretch, cleaned
from sdr.exchange.reading import open_table
from sdr.exchange.rows_read import Reading, lean
from sdr.exchange.shelf import Shelf
from sdr.exchange.tables import Table, UnreadableFile
from tests.desks import Desk, open_desk
from tests.exchange.bringing import planned

ROWS = 1_700  # more than three stretches, the last not full


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(HEADER)
        table.writerows(row for _, row in leads(ROWS, seed=3))
        opened.write("Ana,Ru\0iz,ana@acme.example\n")  # repaired, and counted
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "desk").mkdir()
    opened = open_desk(tmp_path / "desk")
    yield opened
    opened.store.close()


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two children for any file, however many processors there are."""
    monkeypatch.setattr(cleaning, "LARGE", 0)
    monkeypatch.setattr(cleaning, "_children", lambda: 2)


def reading(table: Table) -> Reading:
    from sdr.exchange.mapping import propose

    mapping = propose(table.header, table.sample())
    return Reading(lean(mapping, history=False), {"arrived_at": "ymd"}, "Europe/Madrid", "US")


def unpacked(one: Stretch) -> tuple[object, ...]:
    """What is equal: equal values may be marshalled differently, by whether one is shared."""
    shelf = Shelf()
    shelf.put(one.values)
    return one.size, marshal.loads(one.facts), list(shelf), marshal.loads(one.asides), one.flaws


@pytest.mark.usefixtures("two")
def test_children_read_what_is_read_here(file: Path) -> None:
    table, again = open_table(file), open_table(file)
    for one in (table, again):
        one.blanks = frozenset({"buyer"})
        one.mended[3] = ("Eva", "Sol", "eva@acme.example")
    beside, alone = list(cleaned(table, reading(table))), list(cleaned(again, reading(again), alone=True))
    assert list(map(unpacked, beside)) == list(map(unpacked, alone))
    assert sum(one.size for one in beside) == ROWS + 1
    assert table.warnings == again.warnings != ()
    assert table.share == again.share == 1.0


@pytest.mark.usefixtures("two")
def test_a_file_that_changes_is_refused_by_the_child(file: Path) -> None:
    table = open_table(file)
    asked = reading(table)
    with file.open("a") as opened:
        opened.write("Eva,Sol,eva@acme.example\n")
    with pytest.raises(UnreadableFile, match="changed"):
        list(cleaned(table, asked))


@pytest.mark.usefixtures("two")
def test_who_stops_listening_ends_the_children(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Popen[bytes]] = []
    real = cleaning.child

    @contextmanager
    def watched(*words: Any) -> Iterator[Popen[bytes]]:
        with real(*words) as one:
            started.append(one)
            yield one

    monkeypatch.setattr(cleaning, "child", watched)
    table = open_table(file)
    rows = cleaned(table, reading(table))
    next(rows)
    assert [one.returncode for one in started] == [None, None]
    rows.close()
    assert None not in [one.returncode for one in started]


@pytest.mark.usefixtures("two")
def test_a_lost_child_costs_nothing_but_time(file: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = planned(desk, file)
    heard, said = cleaning._heard, [0]

    def lost(one: Popen[bytes]) -> Any:
        said[0] += 1
        if said[0] == 3:
            one.kill()
        return heard(one)

    monkeypatch.setattr(cleaning, "_heard", lost)
    made = planned(desk, file)
    assert said[0] == 3
    assert made.counts == wanted.counts
    assert [made.row(number) for number in range(len(made.shelf))] == [
        wanted.row(number) for number in range(len(wanted.shelf))
    ]


@pytest.mark.usefixtures("two")
def test_no_child_at_all_costs_nothing_but_time(file: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = planned(desk, file).counts

    def none(*_words: str) -> Any:
        raise OSError

    monkeypatch.setattr(cleaning, "child", none)
    assert planned(desk, file).counts == wanted


@pytest.mark.usefixtures("two")
def test_a_plan_called_off_while_children_read_is_called_off(file: Path, desk: Desk) -> None:
    from sdr.exchange.reading import open_table
    from sdr.store.faults import Cancelled
    from tests.exchange.bringing import looking

    table = open_table(file)
    told: list[int] = []
    with pytest.raises(Cancelled):
        intake.plan(
            looking(desk), table, reading(table).mapping, intake.Options("leads.csv"), desk.clock(),
            progress=lambda done, of: told.append(done), cancelled=lambda: len(told) > 1,
        )  # fmt: skip
    assert told == [500, 1000]
