"""The desk that is measured is one that the desk itself could have written, and as full as it says."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench import desks, filling
from bench.figures import Data
from sdr.store import connection, migrating, rebuilding
from sdr.store.queries import leads, queue
from sdr.store.store import Store

LEADS = 120
ACTIVITIES = "SELECT (SELECT count(*) FROM touch) + (SELECT count(*) FROM event)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    of = tmp_path_factory.mktemp("bench")
    list(desks.made(of / "desk", LEADS))
    return of / "desk"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with closing(desks.opened(folder)) as found:
        yield found


def test_its_rows_are_what_its_journal_tells(store: Store) -> None:
    assert store.exclusively(rebuilding.differences).result() == []
    assert store.exclusively(rebuilding.broken_digests).result() == []


def test_it_has_every_lead_and_five_activities_for_each(store: Store) -> None:
    assert store.read(lambda db: db.execute("SELECT count(*) FROM lead").fetchone()[0]).result() == LEADS
    assert store.read(lambda db: db.execute(ACTIVITIES).fetchone()[0]).result() == 5 * LEADS


def test_it_has_the_indexes_of_a_new_desk_and_no_reference_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    desks.opened(tmp_path).close()
    asked = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'lead_search%' ORDER BY name"
    with (
        closing(connection.connect(folder / "desk.db")) as filled,
        closing(connection.connect(tmp_path / "desk.db")) as new,
    ):
        assert filled.execute(asked).fetchall() == new.execute(asked).fetchall()
        assert filled.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_awaited_lead_is_at_the_top_and_every_lead_is_found_by_name(store: Store) -> None:
    now = int(filling.NOW.timestamp() * 1000)
    first = store.read(queue.page, now, 1).result()[0]
    assert first.name == filling.FIRST
    assert [one.id for one in store.read(leads.named, "zuleika first").result()] == [first.id]
    assert len(store.read(queue.ids, now).result()) > LEADS // 3


def test_a_desk_of_another_shape_is_made_anew(tmp_path: Path) -> None:
    data = Data(10, tmp_path / "none.csv", tmp_path / "none.csv", tmp_path)
    (tmp_path / "desk-10-0000-older").mkdir()
    made = desks.home(data)
    kept = (made / "desk.db").stat().st_mtime_ns
    assert [path.name for path in tmp_path.glob("desk-10-*")] == [made.name]
    assert (desks.home(data) / "desk.db").stat().st_mtime_ns == kept


def test_a_desk_of_an_earlier_schema_is_brought_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Data(10, tmp_path / "none.csv", tmp_path / "none.csv", tmp_path)
    shipped = migrating.shipped()
    with monkeypatch.context() as earlier:
        earlier.setattr(migrating, "shipped", lambda: shipped[:-1])
        old = desks.home(data)
        inode = (old / "desk.db").stat().st_ino
    made = desks.home(data)
    assert (made / "desk.db").stat().st_ino == inode
    assert sorted(path.name for path in tmp_path.iterdir()) == [made.name]
    assert list(made.glob("desk-before-*")) == []
    with closing(connection.connect(made / "desk.db")) as db:
        assert not migrating.pending(db)
