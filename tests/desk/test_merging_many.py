"""All pairs of one sure reason at once: each an act of its own, and only while it is still sure."""

from __future__ import annotations

from sdr.desk import merging_many
from sdr.desk.leads_kept import fill
from sdr.store import sweeping
from sdr.store.queries import doubles, suspects
from sdr.store.queries.doubles import Pair
from tests.desks import Desk

SAME = "same e-mail"


def pairs(desk: Desk, count: int) -> tuple[Pair, ...]:
    for n, last in enumerate(("Aster", "Brown", "Cohen", "Duran")[:count]):
        named = {"name": last, "first_name": last[:2], "last_name": last, "phone": "", "company": f"Firm {last}"}
        desk.new_lead(email=f"p{n}@firm{n}.example", **named)
        desk.new_lead(email=f"x{n}@home.example", email_2=f"p{n}@firm{n}.example", **named)
    sweeping.catch_up(desk.store)
    return desk.store.read(doubles.pairs, 100).result(10)


def test_they_are_counted_and_read_by_their_reason(desk: Desk) -> None:
    found = pairs(desk, 4)
    assert desk.store.read(suspects.waiting).result(10) == len(found) == 4
    assert desk.store.read(suspects.waiting_for, SAME).result(10) == 4
    assert desk.store.read(suspects.waiting_for, "same phone").result(10) == 0
    first = desk.store.read(suspects.next_for, SAME, 3).result(10)
    assert first == found[:3]
    left = desk.store.read(suspects.next_for, SAME, 3, [(one.a, one.b) for one in first]).result(10)
    assert left == found[3:]


def test_each_is_an_act_of_its_own_and_what_is_no_longer_sure_is_left(desk: Desk) -> None:
    found = pairs(desk, 3)
    desk.act(fill, found[1].a, {"email": "other@firm1.example"})
    chain = found[2]._replace(a=found[0].a)  # of two that were merged meanwhile, or are nobody's double
    story = merging_many.story((found[0], found[0], found[1], chain, found[2]), desk.clock())
    done = desk.store.write_many(story).result(10)
    assert [one.verb for one in done] == ["merge", "merge"]
    assert desk.lead(found[1].a).id != desk.lead(found[1].b).id
    desk.store.undo().result(10)
    assert desk.lead(found[2].b).id == found[2].b
    assert desk.lead(found[0].b).id == desk.lead(found[0].a).id


def test_only_a_sure_reason_alone_will_do() -> None:
    assert merging_many.sure_reason(Pair(1, 2, 100, (SAME,))) == SAME
    assert merging_many.sure_reason(Pair(1, 2, 100, ("same name", "same company"))) is None
    assert merging_many.sure_reason(Pair(1, 2, 50, ("same phone",))) is None
