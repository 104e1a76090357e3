"""Who leaves while acts are queued leaves nothing undone."""

import threading
from pathlib import Path

from sdr.store.changes import Change, Edit
from sdr.store.session import Session
from tests.desks import a_rep, open_store

NAMES = tuple(f"source {number}" for number in range(20))


def test_a_queued_act_is_written_though_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    a_rep(store)
    free = threading.Event()

    def begin(session: Session, name: str) -> Change:
        free.wait(10)
        return Change("begin", name, 0, (Edit.new("source", session.new_id(), name=name, type="list"),))

    queued = [store.write(begin, name) for name in NAMES]
    assert [one.cancel() for one in queued] == [False] * len(NAMES)  # as a closing screen does
    free.set()
    store.close()
    again = open_store(tmp_path)
    found = again.read(lambda db: db.execute("SELECT name FROM source ORDER BY id").fetchall()).result(10)
    again.close()
    assert tuple(name for (name,) in found) == NAMES
