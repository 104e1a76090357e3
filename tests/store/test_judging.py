"""A new rubric judges the open leads again: all of them, in slices, without an act of its own, and back by undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sdr.desk import triage
from sdr.desk.leads_kept import add, understood
from sdr.desk.setting_up import load_rubric
from sdr.store import alike, judging, rebuilding, walking
from sdr.store.queries import playbook
from tests.desks import MONDAY, Desk, applied, dump, open_desk

EASY = (("threshold = 75", "threshold = 20"), ("points = 20", "points = 35"), ("points = 15", "points = 2"))


def draft() -> str:
    text = playbook.packaged("rubric.toml")
    for before, after in EASY:
        assert before in text
        text = text.replace(before, after)
    return text


def crowd(desk: Desk, count: int = 7) -> list[int]:
    """Leads of several kinds, some of them with answers; judged as verbs judge them."""
    titles = ("Chief Executive", "Buyer", "Head of Operations", "Owner", "IT Director")
    found = []
    for number in range(count):
        line = understood(f"Person{number} Ruiz, Firm{number}, p{number}@firm{number}.example, {titles[number % 5]}")
        lead = desk.act(add, line).lead
        assert lead is not None
        level = ("yes", "no")[number % 2] if number % 3 else "yes"
        desk.act(triage.answer, lead, {"budget": level})
        found.append(lead)
    return found


def walk(desk: Desk, at_once: int = 2) -> list[int]:
    """Judge on to the end; the leads in the order in which they came."""
    seen: list[int] = []
    while (some := desk.store.judge_on(at_once).result(10)) is not None:
        seen += some.leads
    return seen


def standing(desk: Desk, lead_id: int) -> tuple[Any, ...]:
    """The judged columns but the rank, which verbs settle with the next step only."""
    lead = desk.lead(lead_id)
    return tuple(getattr(lead, name) for name in judging.JUDGED if name != "rank")


def sound(desk: Desk) -> bool:
    """Whether the rows are what journal and rubric make them."""
    differing = desk.store.exclusively(rebuilding.differences).result(10)
    return not differing and not desk.store.exclusively(judging.wrong).result(10)


def test_every_open_lead_stands_as_if_it_had_been_made_under_the_new_rubric(desk: Desk, tmp_path: Path) -> None:
    leads = crowd(desk)
    desk.act(load_rubric, draft())
    assert walk(desk) == leads
    (tmp_path / "other").mkdir()
    fresh = open_desk(tmp_path / "other")
    fresh.act(load_rubric, draft())
    others = crowd(fresh)
    assert [standing(desk, lead)[1:] for lead in leads] == [standing(fresh, lead)[1:] for lead in others]
    fresh.store.close()
    assert sound(desk)


def test_the_queue_is_right_at_once_and_the_rest_follows(desk: Desk) -> None:
    leads = crowd(desk)
    before = {lead: standing(desk, lead) for lead in leads}
    desk.act(load_rubric, draft())
    assert all(standing(desk, lead) != before[lead] for lead in leads)  # so few stand at its head
    assert desk.store.elsewhere().result(10) >= set(leads)


def test_closed_and_qualified_leads_keep_the_version_that_judged_them(desk: Desk) -> None:
    first, second = crowd(desk, 2)
    desk.act(triage.reject, first, "7")
    before = standing(desk, first)
    desk.act(load_rubric, draft())
    assert walk(desk) == [second]
    assert standing(desk, first) == before


def test_a_walk_left_half_way_goes_on_where_it_was(desk: Desk, tmp_path: Path) -> None:
    leads = crowd(desk)
    desk.act(load_rubric, draft())
    first = desk.store.judge_on(3).result(10)
    desk.store.close()
    desk.store = type(desk.store)(tmp_path / "desk.db", clock=desk.clock, draw=lambda: 9, actor="ana")
    assert first.leads.tolist() + walk(desk) == leads
    assert desk.store.judge_on(3).result(10) is None


def test_taking_the_rubric_back_brings_every_score_back(desk: Desk) -> None:
    leads = crowd(desk)
    tables = ("step", "rubric", "criterion", "level", "lead")
    before = dump(desk.store, without=tables), [standing(desk, lead) for lead in leads]
    desk.act(load_rubric, draft())
    walk(desk)
    assert [standing(desk, lead) for lead in leads] != before[1]
    applied(desk.store.undo().result(10))
    assert walk(desk) == leads
    assert (dump(desk.store, without=tables), [standing(desk, lead) for lead in leads]) == before
    assert sound(desk)
    applied(desk.store.redo().result(10))
    assert desk.store.read(playbook.rubric_row).result(10).version == 2
    walk(desk)
    assert sound(desk)


def test_a_version_taken_back_keeps_its_number(desk: Desk) -> None:
    desk.act(load_rubric, draft())
    applied(desk.store.undo().result(10))
    desk.act(load_rubric, draft() + "\n# once more\n")
    assert desk.store.read(playbook.rubric_row).result(10).version == 3


def test_an_act_from_before_the_rubric_is_taken_back_and_judged_by_it(desk: Desk) -> None:
    (lead,) = crowd(desk, 1)
    desk.act(load_rubric, draft())
    walk(desk)
    scored = desk.lead(lead).score
    applied(desk.store.undo().result(10))
    walk(desk)
    applied(desk.store.undo().result(10))  # the answer
    assert (desk.lead(lead).score, desk.lead(lead).known) == (0, 0)
    desk.act(triage.answer, lead, {"budget": "yes"})
    desk.act(load_rubric, draft() + "\n")
    walk(desk)
    assert desk.lead(lead).score == scored
    assert sound(desk)


def test_an_old_act_is_taken_back_under_the_rubric_of_today(desk: Desk) -> None:
    (lead,) = crowd(desk, 1)
    answered = desk.store.read(lambda db: db.execute("SELECT max(id) FROM step").fetchone()[0]).result(10)
    desk.act(load_rubric, draft())
    walk(desk)
    applied(desk.store.undo(answered).result(10))
    now = desk.store.read(playbook.rubric_row).result(10).id
    assert standing(desk, lead)[:2] == (now, 0)
    assert sound(desk)


def test_points_that_the_rubric_does_not_give_are_found_and_mended(desk: Desk) -> None:
    leads = crowd(desk)
    desk.act(load_rubric, draft())
    walk(desk)
    desk.store.exclusively(lambda db: db.execute("UPDATE lead SET score=99 WHERE id=?", (leads[2],))).result(10)
    assert desk.store.exclusively(judging.wrong).result(10) == [leads[2]]
    desk.store.exclusively(judging.forget).result(10)
    assert walk(desk) == leads
    assert sound(desk)


def test_an_idle_desk_judges_on_by_itself(desk: Desk) -> None:
    leads = crowd(desk)
    desk.act(load_rubric, draft())

    def idle(writer: Any) -> None:
        while writer.idle():
            pass

    desk.store._lane.put(idle).result(10)
    assert desk.store.judge_on(1).result(10) is None
    assert {standing(desk, lead)[0] for lead in leads} == {desk.store.read(playbook.rubric_row).result(10).id}


def test_leads_are_judged_by_their_rowid_alone(desk: Desk) -> None:
    def plans(db: Any) -> str:
        like = alike.Alike(judging.judge(db, MONDAY))
        updates = (judging._UPDATE, judging._MOVE)
        found = [
            db.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * (len(judging.JUDGED) + 1)).fetchall() for sql in updates
        ]
        found.append(
            db.execute(
                f"EXPLAIN QUERY PLAN {judging._SELECT} WHERE id>? AND {judging.OPEN} ORDER BY id", (0,)
            ).fetchall()
        )
        found += [
            db.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")).fetchall()
            for sql in (like._beside, *(sql for sql, _ in like._writes))
        ]
        return " ".join(str(row[3]) for plan in found for row in plan)

    told = desk.store.exclusively(plans).result(10)
    assert "SCAN lead" not in told
    assert "TEMP B-TREE" not in told
    assert "SCAN alike" not in told
    assert told.count("of_touch_no=? AND rubric_id=?") == 3


def test_whoever_wants_to_write_is_made_way_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = crowd(desk)
    desk.act(load_rubric, draft())
    monkeypatch.setattr(walking, "PART", 2)
    waiting = [True, True, True, False]

    def slices(writer: Any) -> list[list[int]]:
        writer._waits = lambda: bool(waiting and waiting.pop(0))
        found = []
        while (some := writer.judge_on()) is not None:
            found.append(some.leads.tolist())
        return found

    before = dump(desk.store, without=("judging", "lead"))
    done = desk.store._lane.put(slices).result(10)
    assert done[:3] == [[], [], []]  # given up at once, and nothing of it kept
    assert [lead for some in done[3:] for lead in some] == leads
    assert dump(desk.store, without=("judging", "lead")) == before
    assert sound(desk)


def test_steps_grow_short_for_whoever_writes_all_the_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = crowd(desk)
    desk.act(load_rubric, draft())
    monkeypatch.setattr(walking, "PART", 2)

    def slices(writer: Any) -> list[int]:
        writer._waits = lambda: True
        found: list[int] = []
        while (some := writer.judge_on()) is not None:
            found += some.leads
        return found

    assert desk.store._lane.put(slices).result(10) == leads


def test_a_slice_looks_after_no_references_and_every_act_does(desk: Desk) -> None:
    crowd(desk, 3)
    desk.act(load_rubric, draft())
    walk(desk)
    assert desk.store.exclusively(lambda db: db.execute("PRAGMA foreign_keys").fetchone()[0]).result(10) == 1
    assert desk.store.exclusively(lambda db: db.execute("PRAGMA foreign_key_check").fetchall()).result(10) == []
