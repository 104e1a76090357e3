"""A rep's day with the installed program in a real terminal: keys in bursts, and what is in the file afterwards.

Keys are counted by the test and sent as a fast rep sends them, without a wait inside a verb. What is awaited is
only the state at the end.
"""

import random
import re
import signal
from pathlib import Path

import pytest

from sdr.desk.handing_off import set_ae
from sdr.desk.leads_kept import Parsed, add
from sdr.desk.triage import accept
from sdr.models.terms import ms
from tests.terminal.harness import Desk
from tests.terminal.homes import (
    NOW,
    Counting,
    Home,
    leave,
    opened,
    ready,
    until,
    waiting,
)

SHADE = re.compile(rb"\x1b\[(?:[0-9;]*;)?[34]8;2;(\d+);(\d+);(\d+)")
PALETTE = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:[34][0-7]|[34]8;5|9[0-7]|10[0-7])[;m]")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


# --- acceptance of the loop ------------------------------------------------------------------------------------


def test_25_new_leads_take_50_keys_at_most(home: Home) -> None:
    home.people(25)
    order, before = waiting(home), home.acts()
    verdicts = [("a", "working"), ("r 7", "rejected"), ("a", "working"), ("r 2", "rejected"), ("z 3", "new")] * 5
    with opened(home.folder) as desk:
        keys = Counting(ready(desk))
        keys.press(" ".join(key for key, _ in verdicts))
        assert keys.count <= 50
        until(lambda: home.acts() == before + 25, desk)
        leave(desk)
    states = dict(home.rows("SELECT id, state FROM lead"))
    assert [states[lead] for lead in order] == [state for _, state in verdicts]
    assert home.one("SELECT count(*) FROM lead WHERE snoozes=1") == 5
    home.assert_sound()


def test_60_calls_without_an_answer_take_120_keys(home: Home) -> None:
    home.goal("calls = 60")  # so many fit into one day, and are due today
    home.people(60)
    home.act(*((accept, lead) for lead in waiting(home)))
    with opened(home.folder) as desk:
        keys = Counting(ready(desk))
        keys.press("c 1 " * 60)
        assert keys.count == 120
        until(lambda: home.one("SELECT count(*) FROM call") == 60, desk)
        desk.wait(lambda text: "60/60" in text)
        leave(desk)
    assert home.rows("SELECT lead_id, count(*) FROM call GROUP BY 1 HAVING count(*) <> 1") == []
    assert home.rows("SELECT DISTINCT outcome FROM call") == [("no-answer",)]
    assert home.one("SELECT count(*) FROM lead WHERE due_at <= ?", ms(NOW)) == 0
    home.assert_sound()


QUALIFIED = "c enter 2 1 3 1 2 space 7 1 enter"


@pytest.fixture
def with_executive(home: Home) -> Home:
    home.people(3)
    home.act((set_ae, "Kim Ode"), *((accept, lead) for lead in waiting(home)))
    return home


def test_a_qualified_call_with_meeting_and_handoff_takes_11_keys(with_executive: Home) -> None:
    home = with_executive
    lead = waiting(home)[0]
    before, acts = home.business(), home.acts()
    with opened(home.folder) as desk:
        keys = Counting(ready(desk))
        keys.press(QUALIFIED)
        assert keys.count == 11
        until(lambda: home.one("SELECT count(*) FROM handoff") == 1, desk)
        handoff = home.rows("SELECT lead_id, state, meeting_at, brief FROM handoff")[0]
        assert handoff[:2] == (lead, "offered")
        assert handoff[2] > ms(NOW)
        assert "Ada" in handoff[3] or "Bea" in handoff[3]
        assert len(home.rows("SELECT criterion FROM answer WHERE lead_id=?", lead)) == 5
        assert home.one("SELECT outcome FROM call") == "qualified"
        undo_all(desk, home, acts)
        assert home.business() == before
        leave(desk)
    home.assert_sound()


def undo_all(desk: Desk, home: Home, acts: int) -> None:
    """`u` as often as there were acts since."""
    desk.keys(*("u" for _ in range(home.acts() - acts)))
    until(lambda: home.acts() == acts, desk)


def test_undoing_a_mixed_day_restores_every_table(with_executive: Home) -> None:
    home = with_executive
    home.people(9, first=20)
    before, acts = home.business(), home.acts()
    with opened(home.folder) as desk:
        ready(desk)
        Counting(desk).press(f"{QUALIFIED} a r 7 z 3 c 1 c 2 c enter 2 space 1 r 4 a z 2 c 4")
        desk.wait(lambda text: "busy ·" in text)
        assert home.acts() > acts
        undo_all(desk, home, acts)
        assert home.business() == before
        leave(desk)
    home.assert_sound()


VERBS = (
    "a", "a", "r 7", "r 2", "d 1", "z 3", "z 1", "c 1", "c 1", "c 2", "c 4", "c 8 1", "c enter 2 1 space 1",
    "c enter 2 space 5 5", "c enter 1 1 1 1 1 space 7 1 enter", "e enter", "s 3", "i 1", "i 4", "o 1 1", "h enter",
    "l 1 enter", "p", "n h i enter", "w 1", ".", "j", "k", "x x a enter", "x x z 3 enter", "X o 1", "tab", "u", "U",
)  # fmt: skip
# What fingers fall on besides; what leaves the desk or goes out as a file is not among it.
SLIPS = (*"123456789jk[]!'bB;/:?vym", "enter", "escape", "escape", "space", "g l", "g h", "g s", "g t", "+", "E", "R")


def slips(seed: int, count: int) -> str:
    """At least `count` keys: verbs as they are meant, and every fourth time a slip."""
    chance, keys = random.Random(seed), list[str]()
    while len(keys) < count:
        keys += chance.choice(SLIPS if chance.random() < 0.25 else VERBS).split()
        if chance.random() < 0.2:
            keys += ["escape", "escape"]
    return " ".join(keys)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_300_keys_leave_no_lead_without_a_next_step_and_are_all_taken_back(with_executive: Home, seed: int) -> None:
    home = with_executive
    home.people(20, first=20)
    before, acts = home.business(), home.acts()
    with opened(home.folder) as desk:
        keys = Counting(ready(desk))
        keys.press("r 7 a r 2 z 3")  # so that the first slip on `u` takes back nothing older
        keys.press(slips(seed, 300))
        keys.press("escape 1 escape " * 3)  # out of whatever was asked last: a line to type, a question, a call
        keys.press("escape escape g q")
        ready(desk)
        leave(desk)
    assert home.acts() > acts
    owed = "state IN ('new', 'inquiry', 'working', 'talking', 'qualified', 'nurture', 'offered')"
    assert home.one(f"SELECT count(*) FROM lead WHERE {owed} AND (next_kind IS NULL OR owner_id IS NULL)") == 0
    home.assert_sound()
    with opened(home.folder) as desk:
        undo_all(ready(desk), home, acts)
        leave(desk)
    assert home.business() == before
    home.assert_sound()


# --- two desks, and ends in the middle -------------------------------------------------------------------------


def test_what_one_desk_does_the_other_shows(home: Home) -> None:
    home.people(4)
    with opened(home.folder) as one, opened(home.folder) as other:
        ready(one)
        name = ready(other).lines()[2].split("  ")[0].strip(" ○▶!·")
        assert name in other.text()
        one.keys("r", "7")
        one.wait(lambda text: "rejected" in text)
        other.wait(lambda text: not any(name in line for line in text.splitlines()[:8]))
        other.keys("a")
        other.wait(lambda text: "accepted" in text)
        one.wait(lambda text: "working" in text or "accepted" in text or text.count("new lead") == 2)
        leave(one)
        leave(other)
    assert sorted(home.rows("SELECT state, count(*) FROM lead GROUP BY 1")) == [
        ("new", 2),
        ("rejected", 1),
        ("working", 1),
    ]
    home.assert_sound()


def test_kill_9_while_keys_are_typed_loses_no_act_in_the_middle(home: Home) -> None:
    home.people(40)
    order = waiting(home)
    before = home.acts()
    with opened(home.folder) as desk:
        ready(desk)
        Counting(desk).press("a r 7 " * 20)
        until(lambda: home.acts() >= before + 5, desk)
        desk.kill()
        assert desk.exit_code() == -signal.SIGKILL
    states = dict(home.rows("SELECT id, state FROM lead"))
    done = home.acts() - before
    assert [states[lead] for lead in order[:done]] == (["working", "rejected"] * 20)[:done]
    assert {states[lead] for lead in order[done:]} <= {"new"}
    home.assert_sound()
    with opened(home.folder) as desk:
        ready(desk).keys("r", "7")
        until(lambda: home.acts() == before + done + 1, desk)
        leave(desk)


def test_leaving_in_the_same_breath_drops_no_act(home: Home) -> None:
    home.people(12)
    before = home.acts()
    with opened(home.folder) as desk:
        Counting(ready(desk)).press("r 7 " * 10 + "ctrl+q")
        assert desk.exit_code() == 0
    assert home.acts() == before + 10
    home.assert_sound()


# --- terminals -------------------------------------------------------------------------------------------------


def test_a_window_that_changes_size_keeps_the_list_and_the_keys(home: Home) -> None:
    home.people(30)
    before = home.acts()
    with opened(home.folder) as desk:
        name = ready(desk).lines()[2].split("  ")[0].strip(" ○▶!·")
        desk.resize(120, 40)
        desk.wait(lambda text: name in text and any(len(line) > 100 for line in text.splitlines()))
        desk.resize(40, 10)
        desk.wait(lambda text: "too small: 40 by 10" in text)
        desk.resize(80, 24)
        desk.wait(lambda text: name in text and "too small" not in text and "history" in text)
        desk.keys("a")
        until(lambda: home.acts() == before + 1, desk)
        leave(desk)


def test_no_color_draws_in_greys_alone(home: Home) -> None:
    home.people(5)
    with opened(home.folder, NO_COLOR="1") as desk:
        ready(desk).keys("j", "a")
        desk.wait(lambda text: "accepted" in text)
        leave(desk)
        raw = desk.raw_bytes
    shades = SHADE.findall(raw)
    assert shades
    assert [shade for shade in shades if len(set(shade)) > 1] == []
    assert not PALETTE.search(SHADE.sub(b"", raw))


def test_a_plain_c_locale_is_enough(home: Home) -> None:
    home.act((add, Parsed({"name": "José Müller", "company": "Ångström AB", "email": "jose@angstrom.example"})))
    with opened(home.folder, LANG="C", LC_ALL="C") as desk:
        ready(desk).keys("a")
        desk.wait(lambda text: "accepted" in text)
        leave(desk)
