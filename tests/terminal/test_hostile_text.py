"""Text that means harm, on every screen and from every command of the installed program, byte by byte."""

import re
from base64 import b64decode
from datetime import datetime
from pathlib import Path

import pytest

from sdr.desk.handing_off import hand_off, set_ae
from sdr.desk.triage import accept, answer
from sdr.models.terms import ms
from sdr.store.changes import Change, Edit
from sdr.store.session import Session
from tests.terminal.homes import Counting, Home, leave, opened, ready, run, waiting


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


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
                desk.wait(lambda text: "o open a file" in text and "file (CSV," not in text)
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
