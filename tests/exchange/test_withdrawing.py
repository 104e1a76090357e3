"""An import taken back after work has begun: what nobody touched goes, the rest stays and says why."""

from __future__ import annotations

from sdr.desk.triage import accept, note
from sdr.exchange.intake import Standing, standing, withdraw
from sdr.models.terms import Refused
from sdr.store import rebuilding
from tests.desks import Desk, dump
from tests.exchange.bringing import brought, everybody

HEADER = "Name,Email,Phone,Company,Title,Tags,Notes,Do Not Call\n"
TEXT = (
    HEADER
    + "Ana,ana@acme.example,600 111 222,Acme,CEO,vip,hello,yes\nBen,ben@b.example,,B,CTO,,,\nCid,c@c.example,,,,,,\n"
)


def batch_of(desk: Desk, text: str, **options: object) -> int:
    return int(brought(desk, text, **options).batch or 0)


def state(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return dump(desk.store, without=("step", "batch"))


def looked(desk: Desk, batch: int) -> Standing:
    found = desk.store.read(standing, batch).result(5)
    assert isinstance(found, Standing), found
    return found


def test_what_nobody_touched_goes_whole(desk: Desk) -> None:
    brought(desk, HEADER + "Ana,ana@acme.example,,,,,,\n")
    before = state(desk)
    batch = batch_of(desk, TEXT, source="show", cost_minor=100)
    found = looked(desk, batch)
    assert (found.withdrawn, found.kept) == (3, ())
    desk.act(withdraw, batch)
    assert state(desk) == before
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
    assert isinstance(desk.try_(withdraw, batch), Refused)


def test_a_withdrawal_is_itself_taken_back(desk: Desk) -> None:
    batch = batch_of(desk, TEXT, source="show")
    before = dump(desk.store)
    desk.act(withdraw, batch)
    desk.store.undo().result(5)
    assert dump(desk.store) == before
    assert desk.store.exclusively(rebuilding.differences).result(10) == []


def test_work_is_kept_with_its_reason(desk: Desk) -> None:
    batch = batch_of(desk, TEXT, source="show")
    ana, ben, _ = everybody(desk)
    desk.act(accept, ben.id)
    desk.act(note, ana.id, "spoke to her")
    done = desk.act(withdraw, batch)
    assert "1 leads as they were before, 2 kept" in done.summary
    assert [one.name for one in everybody(desk)] == ["Ana", "Ben"]
    again = desk.try_(withdraw, batch)
    assert isinstance(again, Refused)
    assert desk.store.exclusively(rebuilding.differences).result(10) == []


def test_each_kept_lead_names_the_act_that_keeps_it(desk: Desk) -> None:
    batch = batch_of(desk, TEXT)
    ana, ben, _ = everybody(desk)
    desk.act(note, ana.id, "spoke to her")
    desk.act(accept, ben.id)
    kept = {one.name: one.why for one in looked(desk, batch).kept}
    assert kept.keys() == {"Ana", "Ben"}
    assert "note" in kept["Ana"]
    assert "accepted" in kept["Ben"]


def test_work_that_was_taken_back_does_not_keep_a_lead(desk: Desk) -> None:
    batch = batch_of(desk, TEXT)
    before = dump(desk.store)
    desk.act(accept, everybody(desk)[1].id)
    desk.store.undo().result(5)
    assert dump(desk.store) == before
    assert looked(desk, batch).kept == ()


def test_a_changed_lead_that_was_worked_keeps_its_values(desk: Desk) -> None:
    brought(desk, HEADER + "Ana,ana@acme.example,,Acme,,,,\n")
    batch = batch_of(desk, TEXT)
    desk.act(accept, everybody(desk)[0].id)
    desk.act(withdraw, batch)
    (ana,) = everybody(desk)
    assert (ana.name, ana.title) == ("Ana", "CEO")


def test_a_source_and_an_account_that_others_need_stay(desk: Desk) -> None:
    batch = batch_of(desk, TEXT, source="show")
    brought(desk, HEADER + "Dan,dan@acme.example,,Acme,,,,\n", source="show")
    desk.act(withdraw, batch)
    (dan,) = everybody(desk)
    assert dan.source_id is not None
    assert dan.account_id is not None
    assert desk.store.exclusively(rebuilding.differences).result(10) == []


def test_a_source_that_another_file_names_stays(desk: Desk) -> None:
    brought(desk, HEADER + "Ben,ben@b.example,,,,,,\n")
    first = batch_of(desk, HEADER + "Ana,ana@acme.example,,,,,,\n", source="show")
    batch_of(desk, HEADER + "Ben,ben@b.example,,B,,,,\n", source="show")
    desk.act(withdraw, first)
    kept = desk.store.read(lambda db: db.execute("SELECT name FROM source").fetchall()).result(5)
    assert kept == [("show",)]


def test_all_worked_is_nothing_to_take_back(desk: Desk) -> None:
    batch = batch_of(desk, HEADER + "Ben,ben@b.example,,B,,,,\n")
    desk.act(accept, everybody(desk)[0].id)
    before = dump(desk.store)
    refused = desk.try_(withdraw, batch)
    assert isinstance(refused, Refused)
    assert "worked" in refused.reason
    assert dump(desk.store) == before


def test_a_batch_that_is_not_there(desk: Desk) -> None:
    assert isinstance(desk.try_(withdraw, 12345), Refused)


def test_a_withdrawn_file_comes_in_again(desk: Desk) -> None:
    batch = batch_of(desk, TEXT)
    desk.act(withdraw, batch)
    report = brought(desk, TEXT)
    assert report.created == 3
    assert report.batch != str(batch)


def test_many_rows_are_taken_back_too(desk: Desk) -> None:
    before = state(desk)
    text = HEADER + "".join(f"P{n},p{n}@c{n}.example,,C{n},,,note {n},\n" for n in range(700))
    batch = batch_of(desk, text, source="list")
    desk.act(withdraw, batch)
    assert state(desk) == before
    desk.store.undo().result(20)
    desk.store.undo().result(20)
    assert state(desk) == before
    assert desk.store.exclusively(rebuilding.differences).result(10) == []
