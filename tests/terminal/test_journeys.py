"""A rep's day with the installed program in a real terminal: keys in bursts, and what is in the file afterwards.

Keys are counted by the test and sent as a fast rep sends them, without a wait inside a verb. What is awaited is
only the state at the end.
"""

import random
import re
import signal
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from sdr.desk.handing_off import hand_off, set_ae
from sdr.desk.leads_kept import Parsed, add
from sdr.desk.triage import accept, answer
from sdr.models.terms import ms
from sdr.store.changes import Change, Edit
from sdr.store.queries import queue
from sdr.store.session import Session
from tests.terminal.harness import KEYS, Desk
from tests.terminal.homes import NOW, Home, environment, opened, powerless, program, run

SHADE = re.compile(rb"\x1b\[(?:[0-9;]*;)?[34]8;2;(\d+);(\d+);(\d+)")
PALETTE = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:[34][0-7]|[34]8;5|9[0-7]|10[0-7])[;m]")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


class Counting:
    """The keys a journey takes, sent in one burst."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.count = 0

    def press(self, keys: str) -> None:
        """Keys as words with blanks between, as in `c enter 2`."""
        pressed = keys.split()
        self.count += len(pressed)
        self._desk.send("".join(KEYS.get(key, key) for key in pressed).encode())


def until(wanted: Callable[[], bool], desk: Desk) -> None:
    """Waits until the file is as `wanted`; the screen is shown when that does not come."""
    desk.wait(lambda _text: wanted(), timeout=60)


def waiting(home: Home) -> tuple[int, ...]:
    """The queue's leads in order."""
    found: tuple[int, ...] = home.with_store(lambda store: store.read(queue.ids, ms(NOW)).result(30))
    return found


def ready(desk: Desk) -> Desk:
    """The queue is on screen with its keys."""
    desk.wait(lambda text: text.startswith(" queue") and "history" in text)
    return desk


def leave(desk: Desk) -> None:
    """Out by the key, in order."""
    desk.keys("ctrl+q")
    assert desk.exit_code() == 0
    assert not desk.second_screen
    assert desk.echoes


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
    home.people(60)
    home.act(*((accept, lead) for lead in waiting(home)))
    with opened(home.folder) as desk:
        keys = Counting(ready(desk))
        keys.press("c 1 " * 60)
        assert keys.count == 120
        until(lambda: home.one("SELECT count(*) FROM call") == 60, desk)
        desk.wait(lambda text: "60/45" in text)
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


GOOD = {"budget": "yes", "decides": "self", "role": "decider", "stage": "comparing"}
HOSTILE = "[@click=app.quit]x[/] [bold \u202eevil\u2066 \x1b]52;c;aGVsbG8=\x07\x1b]0;t\x1b\\ \x9b31mOkafor"


def _spoilt(session: Session, now: datetime) -> Change:
    """Every text of every lead, source and colleague hostile, past all that cleans texts on their way in.

    A restored file may hold such.
    """
    source = session.new_id()
    texts = {
        "name": f"Ada {HOSTILE}", "company": f"Acme [/EMEA] {HOSTILE}", "title": f"[red] {HOSTILE}", "city": HOSTILE,
        "said": HOSTILE, "next_note": f"[bold {HOSTILE}", "email": HOSTILE, "industry": HOSTILE, "source_id": source,
    }  # fmt: skip
    edits = [
        Edit.new("source", source, name=f"Show {HOSTILE}", type="list", channel=HOSTILE),
        *(Edit.set("lead", row[0], **texts) for row in session.execute("SELECT id FROM lead").fetchall()),
        *(Edit.set("ae", row[0], name=f"Kim {HOSTILE}") for row in session.execute("SELECT id FROM ae").fetchall()),
    ]
    return Change("spoil", f"spoilt {HOSTILE}", ms(now), tuple(edits))


# Keys, and what the screen then says; Esc comes back to the queue, but from a call, which ends with an outcome.
TOUR = (
    ("g t", "new"), ("g l", "all"), ("g h", "handoffs"), ("g s", "sources"), ("g x", "day's end"),
    ("g i", "file (CSV,"), ("?", "keys here"), (":", "every verb"), ("v", "history"), ("c", "ringing"),
)  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_hostile_text_is_text_on_every_screen(home: Home, size: tuple[int, int]) -> None:
    home.people(3)
    first, second, _third = waiting(home)
    home.act((set_ae, "Kim Ode"), (accept, first), (answer, first, GOOD), (hand_off, first), (accept, second))
    home.act((_spoilt,))
    with opened(home.folder, *size) as desk:
        ready(desk)
        desk.wait(lambda text: "[@click=app.quit]" in text)
        for keys, word in TOUR:
            Counting(desk).press(keys)
            desk.wait(lambda text, word=word: f"\n {word} " in f"\n{text}")  # type: ignore[misc]
            if word == "file (CSV,":  # the line to type goes first, then the screen
                desk.keys("escape")
                desk.wait(lambda text: "o open a file" in text)
            desk.keys("1" if word == "ringing" else "escape")
            ready(desk)
        desk.wait(lambda text: "Ada [@click=app.quit]x[/]" in text.splitlines()[-1])
        leave(desk)
        raw = re.sub(rb"\x1b\]22;[a-z]+\x07", b"", desk.raw_bytes)  # Textual's own pointer shape
    copied = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", raw)
    assert [re.fullmatch(rb"\+34600\d{6}", b64decode(one)) is not None for one in copied] == [True]  # the number rung
    raw = raw.replace(b"\x1b]52;c;" + copied[0] + b"\x07", b"")
    assert not re.search(rb"\x1b\]|\x1b\\|\xc2[\x80-\x9f]|\xe2\x80\xae|\xe2\x81\xa6|\x07|\x7f", raw)


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066]")


def test_a_hostile_file_comes_in_as_text_and_leaves_the_commands_as_text(home: Home) -> None:
    path = home.folder / "leads.csv"
    cells = (f"Ada {HOSTILE}", f"Acme {HOSTILE}", "ada@acme.example", "+34 600 000 001", f"Show {HOSTILE}")
    path.write_text(
        "Name,Company,Email,Phone,Lead Source\n" + ",".join(f'"{cell}"' for cell in cells) + "\n", encoding="utf-8"
    )
    for words in (("import", str(path)), ("queue",), ("next",), ("history",)):
        done = run(home.folder, *words)
        assert done.returncode in (0, 1), done.stderr
        assert not CONTROL.search(done.stdout + done.stderr)
    kept = home.rows("SELECT name, company, email FROM lead UNION SELECT name, channel, owner FROM source")
    assert any("Acme" in str(row) for row in kept)
    assert not CONTROL.search("".join(text for row in kept for text in row if text))
    with opened(home.folder) as desk:
        ready(desk).keys("a")
        desk.wait(lambda text: "accepted" in text)
        leave(desk)


# --- refusals to start -----------------------------------------------------------------------------------------


def test_without_a_terminal_it_says_so_with_exit_code_2(home: Home) -> None:
    done = run(home.folder)
    assert done.returncode == 2
    assert re.fullmatch(r"sdr: The desk needs a terminal[^\n]*\n", done.stderr)
    assert not home.file.exists()


def _newer(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[60:64] = (999).to_bytes(4, "big")
    path.write_bytes(data)


def _foreign(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[68:72] = b"GPKG"
    path.write_bytes(data)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("dear diary\n" * 40)


UNUSABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "empty": (_empty, "empty"),
    "text": (_text, "not a desk file"),
    "foreign": (_foreign, "belongs to another program"),
    "newer": (_newer, "newer desk"),
}


@pytest.fixture(params=sorted(UNUSABLE))
def unusable(request: pytest.FixtureRequest, home: Home) -> tuple[Home, str]:
    home.with_store(lambda store: None)
    spoil, words = UNUSABLE[request.param]
    spoil(home.file)
    for side in ("-wal", "-shm"):
        Path(f"{home.file}{side}").unlink(missing_ok=True)
    return home, words


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_that_is_no_desk_is_left_untouched_by_a_command(unusable: tuple[Home, str]) -> None:
    home, words = unusable
    before = _files(home.folder)
    done = run(home.folder, "queue")
    assert done.returncode == 3
    assert re.fullmatch(rf"sdr: [^\n]*{words}[^\n]*\n", done.stderr)
    assert _files(home.folder) == before


def test_a_file_that_is_no_desk_is_left_untouched_by_the_screen(unusable: tuple[Home, str]) -> None:
    home, words = unusable
    before = _files(home.folder)
    with opened(home.folder, 200, 24) as desk:
        assert desk.exit_code() == 3
        assert re.search(rf"sdr: .*{words}", desk.text())
        assert not desk.second_screen
    assert _files(home.folder) == before


@pytest.mark.parametrize("shut", ["file", "folder"])
def test_a_read_only_desk_is_left_untouched(home: Home, shut: str) -> None:
    home.with_store(lambda store: None)
    before = _files(home.folder)
    place, mode = (home.file, 0o400) if shut == "file" else (home.folder, 0o500)
    place.chmod(mode)
    try:
        done = run(home.folder, "queue", before=powerless())
        with Desk([*powerless(), *program(home.folder)], environment(), 200, 24) as desk:
            assert desk.exit_code() == 3
            assert "read-only" in desk.text()
    finally:
        place.chmod(0o700)
    assert done.returncode == 3
    assert re.fullmatch(r"sdr: [^\n]*read-only[^\n]*\n", done.stderr)
    assert _files(home.folder) == before
