"""A rep's day at random: any row of verbs leaves every lead owed or closed, and undo gives the morning back."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from sdr.desk import calling, drip, replies, triage
from sdr.models.terms import Refused
from sdr.store import rows
from sdr.store.changes import Applied
from sdr.store.queries import playbook
from tests.desk.calls import GOOD, assert_journal_holds, assert_owed_or_closed, table
from tests.desks import Desk, dump

OUTCOMES = playbook.outcomes()
Act = Callable[[Desk, int, random.Random], object]


def calls(desk: Desk, lead: int, dice: random.Random) -> object:
    outcome = dice.choice([*OUTCOMES.ring, *OUTCOMES.wrap]).key
    more: dict = {"reason": str(dice.randint(1, 9)), "name": "Paula Gil", "seconds": dice.randint(0, 300)}
    if dice.random() < 0.5:
        more["answers"] = dict(dice.sample(sorted(GOOD.items()), dice.randint(1, 4)))
    if dice.random() < 0.3:
        more["next_at"] = desk.clock() + timedelta(hours=dice.randint(0, 400))
    return desk.try_(calling.call, lead, outcome, **more)


def replied(desk: Desk, lead: int, dice: random.Random) -> object:
    return desk.try_(replies.reply, lead, str(dice.randint(1, 8)), name="Leo Paz")


def touched(desk: Desk, lead: int, dice: random.Random) -> object:
    return desk.try_(drip.touch, lead, dice.choice([None, None, "email", "linkedin", "letter"]))


def dripped(desk: Desk, lead: int, dice: random.Random) -> object:
    cadence = desk.store.read(playbook.cadence).result(10)[0]
    until = desk.clock() + timedelta(days=dice.randint(1, 20))
    verbs: list[Callable[[], object]] = [
        lambda: desk.try_(drip.enroll, lead, cadence, at_step=dice.randint(1, 8)),
        lambda: desk.try_(drip.skip, lead, str(dice.randint(1, 6))),
        lambda: desk.try_(drip.pause, lead, dice.choice([None, until])),
        lambda: desk.try_(drip.resume, lead),
        lambda: desk.try_(drip.stop, lead),
    ]
    return dice.choice(verbs)()


def judged(desk: Desk, lead: int, dice: random.Random) -> object:
    until = desk.clock() + timedelta(days=dice.randint(1, 90))
    verbs: list[Callable[[], object]] = [
        lambda: desk.try_(triage.accept, lead),
        lambda: desk.try_(triage.snooze, lead, until),
        lambda: desk.try_(triage.nurture, lead, until),
        lambda: desk.try_(triage.disqualify, lead, str(dice.randint(1, 9))),
    ]
    return dice.choice(verbs)()


ACTS: tuple[Act, ...] = (calls, calls, replied, touched, touched, dripped, dripped, judged)


def person(desk: Desk, n: int, **fields: object) -> int:
    """A lead of two numbers; every other one has two addresses, too."""
    phones = [{"e164": f"+34600{n}0000{k}", "type": "mobile", "raw": "", "struck": None} for k in (1, 2)]
    second = f"p{n}@home.example" if n % 2 else None
    return desk.new_lead(
        name=f"Person {n}", email=f"p{n}@acme.example", email_2=second, phone=phones[0]["e164"],
        phones=json.dumps(phones), **fields,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_a_random_day_leaves_everybody_owed_and_undo_gives_the_morning_back(desk: Desk, seed: int) -> None:
    dice = random.Random(seed)
    source = desk.source(type=dice.choice(["list", "inbound", "hand-raiser"]))
    people = [person(desk, n, source_id=source) for n in range(9)]
    morning, done = dump(desk.store), 0
    for _ in range(80):
        lead = dice.choice(people)
        stood = desk.lead(lead)
        result = dice.choice(ACTS)(desk, lead, dice)
        assert isinstance(result, Applied | Refused)
        if isinstance(result, Applied):
            done += 1
            assert_owed_or_closed(desk, lead, stood)
        desk.clock.pass_(hours=dice.choice([0, 0, 1, 5, 24]))
    assert done > 15
    for one in table(desk, rows.Lead, "lead"):
        assert (one.next_kind is None) == (one.closed_at is not None and one.state in ("rejected", "disqualified"))
    assert_journal_holds(desk)
    for _ in range(done):
        assert isinstance(desk.store.undo().result(10), Applied)
    evening = dump(desk.store)  # a wish stays, and that a touch was refused, whatever is taken back
    evening["event"] = [one for one in evening["event"] if one[2] != "gate"]
    evening["suppression"] = []
    assert evening == morning
    assert_journal_holds(desk)
