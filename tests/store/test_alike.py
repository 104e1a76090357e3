"""Leads judged by their like stand exactly as if each had been judged alone, whatever a rubric asks of them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from sdr.desk.setting_up import load_rubric
from sdr.models.terms import ms
from sdr.store import alike, judging, walking
from sdr.store.changes import Change, Edit
from sdr.store.queries import playbook
from tests.desks import MONDAY, Desk, open_desk

FACTS = {
    "title": (None, "", "Chief Executive", "Head of Buying", "chief executive", "Intern", "Einkaufsleiter"),
    "seniority": (None, "", "director", "junior"),
    "department": (None, "operations", "sales"),
    "industry": (None, "", "manufacturing", "chemicals"),
    "country": (None, "ES", "DE"),
    "employees": (None, 0, 1, 9, 10, 49, 50, 51, 199, 200, 250, 999, 1_000, 5_000, 100_000),
}
KINDS = ("replied", "opened", "visited", "note")


def asks(text: str, **instead: str) -> str:
    """A draft of the rubric in which some words are others."""
    changes = {"points = 30": "points = 11", "points = 25": "points = 40"}
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    for before, after in instead.items():
        text = text.replace(f'field = "{before}"', f'field = "{after}"')
    return text


def crowd(desk: Desk, dice: random.Random, count: int) -> None:
    """Leads of all sorts, some with answers, some with events; many of them alike."""

    def verb(session: Any) -> Change:
        rep, (rubric_id, rubric) = playbook.rep(session).id, playbook.rubric(session)
        edits = []
        for number in range(count):
            lead = session.new_id()
            facts = {name: dice.choice(values) for name, values in FACTS.items()}
            edits.append(Edit.new(
                "lead", lead, **facts, name=f"Person {number}", state=dice.choice(("new", "working", "nurture")),
                zone="UTC", zone_from="rep", arrived_at=ms(MONDAY), recorded_at=ms(MONDAY), owner_id=rep,
                next_kind=dice.choice(("triage", "call", "mail", "wake")), due_at=ms(MONDAY) + number, queue_band=5,
                touch_no=dice.choice((0, 1, 3)),
            ))  # fmt: skip
            for criterion in dice.sample(rubric.criteria, dice.choice((0, 0, 0, 1, 3))):
                level = dice.choice(criterion.levels).key
                edits.append(Edit.new(
                    "answer", session.new_id(), lead_id=lead, rubric_id=rubric_id, criterion=criterion.key, level=level,
                    at=ms(MONDAY),
                ))  # fmt: skip
            for kind in dice.sample(KINDS, dice.choice((0, 0, 0, 1, 2))):
                when = ms(MONDAY) - dice.randrange(90) * 86_400_000
                edits.append(Edit.new("event", session.new_id(), lead_id=lead, kind=kind, at=when, text="", rep_id=rep))
        return Change("crowd", "many", ms(MONDAY), tuple(edits))

    desk.act(lambda session, _now: verb(session))


def alone(desk: Desk) -> list[judging.Judgement]:
    """What the rubric in force says of every open lead, each read and judged by itself."""
    return desk.store.exclusively(lambda db: judging.judged(db, judging.judge(db, MONDAY), 0, 10_000)).result(10)


def walked(desk: Desk, at_once: int) -> judging.Judged:
    found = judging.Judged()
    while (some := desk.store.judge_on(at_once).result(10)) is not None:
        found.add(some)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_whoever_is_judged_by_their_like_stands_as_if_judged_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(walking, "PART", dice.choice((3, 40, 250)))
    monkeypatch.setattr(alike, "_KNOWN", dice.choice((5, 20_000)))
    desk = open_desk(tmp_path)
    crowd(desk, dice, 300)
    text = playbook.packaged("rubric.toml")
    for draft in (asks(text), asks(text, seniority="country"), text + "\n# the first once more\n"):
        desk.act(load_rubric, draft)
        due = alone(desk)
        found = walked(desk, dice.choice((7, 4_000)))
        assert found.leads.tolist() == [one.lead for one in due]
        assert found.changed.tolist() == [one.lead for one in due if one.tells]
        assert [(one.lead, one.before) for one in alone(desk)] == [(one.lead, one.after) for one in due]
    desk.store.close()


def test_what_was_given_up_half_way_is_judged_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(desk, random.Random(7), 60)
    monkeypatch.setattr(walking, "PART", 20)
    desk.act(load_rubric, asks(playbook.packaged("rubric.toml")))
    due = alone(desk)
    comes = [False, True]

    def twice(writer: Any) -> None:
        writer._waits = lambda: bool(comes and comes.pop(0))
        while writer.judge_on() is not None:
            pass

    desk.store._lane.put(twice).result(10)
    assert not comes
    assert [one.before for one in alone(desk)] == [one.after for one in due]
