"""`sdr duplicates`: pairs with a score and the reasons, looked for when they are asked for."""

from __future__ import annotations

from collections.abc import Callable

from tests.commands.conftest import Sdr
from tests.desks import Desk


def test_doubles_are_listed_with_their_reasons(sdr: Sdr, filling: Callable[[], Desk]) -> None:
    desk = filling()
    ana = desk.new_lead()
    desk.new_lead(name="Zoe Zen", first_name="Zoe", last_name="Zen", email="z@zen.example", company="Zen", phone="")
    again = desk.new_lead(name="A. Ruiz", first_name="A.", email=None)
    eva = desk.new_lead(name="Eva Ruiz", first_name="Eva", email="eva@acme.example")
    desk.store.close()
    found = sdr("duplicates", "--json").json
    assert (found[0]["a"], found[0]["b"], found[0]["names"]) == (str(ana), str(again), ["Ana Ruiz", "A. Ruiz"])
    assert "same phone" in found[0]["reasons"]
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert {one["b"] for one in found[1:]} == {str(eva)}
    assert len(sdr("duplicates", "--limit", "1").out.splitlines()) == 1
    assert f"{ana} Ana Ruiz, Acme Pumps | {again} A. Ruiz, Acme Pumps · " in sdr("duplicates").out
    assert sdr("duplicates", "--limit", "0").code == 2


def test_an_empty_desk_says_that_nobody_is_twice(sdr: Sdr) -> None:
    assert sdr("duplicates", "--json").json == []
    assert sdr("duplicates").out == "no two leads look like one person\n"
