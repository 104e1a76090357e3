"""What another desk writes on the same file is heard, from the first look at the list on."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from sdr.store.lanes import WriteLane
from tests.desks import a_lead, a_rep, open_store


def test_an_act_of_another_desk_between_the_first_look_and_the_first_write_is_heard(tmp_path: Path) -> None:
    other = open_store(tmp_path)
    rep = a_rep(other)
    desk = open_store(tmp_path)
    assert desk.read(lambda db: db.execute("SELECT count(*) FROM lead").fetchone()[0]).result(10) == 0
    lead = a_lead(other, rep)
    desk.warm().result(10)
    assert lead in desk.elsewhere().result(10)
    assert desk.elsewhere().result(10) == frozenset()
    desk.close()
    other.close()


@pytest.mark.parametrize("number", [3, 2**31 - 2])
def test_on_a_copied_file_two_programs_hear_each_other_whatever_number_it_goes_on_under(
    tmp_path: Path, number: int
) -> None:
    first = open_store(tmp_path, first=1_000_000)
    rep = a_rep(first)
    a_lead(first, rep)
    first.close()
    (tmp_path / "copy").mkdir(mode=0o700)
    shutil.copy(first.path, tmp_path / "copy" / "desk.db")
    other, desk = (open_store(tmp_path / "copy", first=number) for _ in range(2))
    other.warm().result(10)
    assert desk.read(lambda db: db.execute("SELECT count(*) FROM lead").fetchone()[0]).result(10) == 1
    assert desk.elsewhere().result(10) == frozenset()
    for _ in range(2):
        lead = a_lead(other, rep)
        assert desk.elsewhere().result(10) == {lead}
    assert desk.elsewhere().result(10) == frozenset()
    desk.close()
    other.close()


def test_what_goes_wrong_while_idle_ends_nothing_and_is_told(tmp_path: Path) -> None:
    class Writer:
        db = sqlite3.connect(":memory:", check_same_thread=False)

    def broken(_writer: object) -> bool:
        raise RuntimeError("planted")

    lane = WriteLane(Writer, broken, idle_after=0.0)
    assert lane.put(lambda _writer: "before").result(5) == "before"
    while lane._fault is None:
        assert lane.put(lambda _writer: "meanwhile").result(5) == "meanwhile"
    with pytest.raises(RuntimeError, match="planted"):
        lane.put(lambda _writer: "news", quiet=True).result(5)
    assert lane.put(lambda _writer: "news", quiet=True).result(5) == "news"
    lane.close(lambda _writer: None)
