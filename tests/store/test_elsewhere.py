"""What another desk writes on the same file is heard, from the first look at the list on."""

from pathlib import Path

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
