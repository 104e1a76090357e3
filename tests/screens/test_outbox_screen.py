"""The outbox by keys: what is on the screen, what is in the folder, and what is in the file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from sdr.desk.triage import accept
from sdr.models.terms import ms
from sdr.screens import outbox_by_hand
from sdr.screens.outbox import OutboxScreen
from sdr.screens.outbox_rows import web_link
from tests.desks import MONDAY, Desk, begin
from tests.outboxes import standing, waits
from tests.screens.desk_app import driving, same_as_golden
from tests.screens.dump import screen_lines, screen_text
from tests.screens.one_room import OneRoom, press, settle

HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31m"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "exports"


def app_of(desk: Desk, out: Path, command: tuple[str, ...] = ()) -> OneRoom:
    app = OneRoom(desk, OutboxScreen(), out)
    app.setting = app.setting._replace(open_link=command)
    return app


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would be run; nothing is."""
    found: list[list[str]] = []
    monkeypatch.setattr(outbox_by_hand, "start", lambda words: found.append(words) or "")
    return found


def names(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "outbox").glob("*"))


def states(desk: Desk, *ids: int) -> list[str]:
    return [standing(desk, one).state for one in ids]


async def test_forty_postcards_are_printed_in_four_keys(desk: Desk) -> None:
    source = desk.source(currency="USD")
    ids = [waits(desk, desk.new_lead(source_id=source), "postcard", cost_minor=120) for _ in range(40)]
    waits(desk)
    async with driving(desk) as driven:
        keys = ("g", "o", "2", "enter")
        await driven.press(*keys)
        assert len(keys) == 4
        assert "40 postcards written" in driven.lines()[-1]
    sheets = desk.store.path.parent / "exports" / "outbox" / "2026-03-02-postcard-1.pdf"
    assert len(PdfReader(sheets).pages) == 10
    assert set(states(desk, *ids)) == {"written"}
    costs = desk.store.read(lambda db: db.execute("SELECT sum(cost_minor) FROM touch").fetchone()[0]).result(10)
    assert costs == 40 * 120


async def test_enter_writes_the_drafts_and_what_left_is_shown_with_file_and_time(desk: Desk, out: Path) -> None:
    first, later = waits(desk), waits(desk, not_before=ms(MONDAY + timedelta(hours=2)))
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
        assert lines[0].startswith(" outbox  1 mails 2")
        assert "from 12:00" in screen_text(app)
        assert "Enter write 1 to files" in lines[-2]
        await press(pilot, "enter")
        assert names(out) == [f"mail-{first}.eml"]
        assert states(desk, first, later) == ["written", "ready"]
        assert "1 mail written" in screen_lines(app)[-1]
        await press(pilot, "enter")
        assert "nothing may leave yet" in screen_lines(app)[-1]
        await press(pilot, "2")
        assert "mail-*.eml" in screen_text(app)
        assert "1 mail left · 10:00" in screen_text(app)
        await press(pilot, "y")
        assert app.copied == str(out / "outbox" / "mail-*.eml")


async def test_only_the_marked_leave(desk: Desk, out: Path) -> None:
    ids = [waits(desk, channel="letter", made_at=ms(MONDAY) + number) for number in range(3)]
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "x")
        assert "2 marked" in screen_lines(app)[0]
        await press(pilot, "enter")
        assert states(desk, *ids) == ["written", "written", "ready"]
        await press(pilot, "X", "X", "X")
        assert "1 marked" in screen_lines(app)[0]
        await press(pilot, "escape")
        assert "marked" not in screen_lines(app)[0]


async def test_what_the_gate_holds_is_said_before_enter_and_after_it(desk: Desk, out: Path) -> None:
    lead = desk.new_lead(name="Bo Li")
    held, free = waits(desk, lead), waits(desk)
    begin(desk.store, "suppression", lead_id=lead, channel="email", scope="person", value="", at=ms(MONDAY))
    app = app_of(desk, out)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "held   email blocked: asked on 2 Mar 2026" in screen_text(app)
        await press(pilot, "enter")
        assert "1 mail written · Bo Li stays: email blocked" in screen_lines(app)[-1]
        assert states(desk, held, free) == ["ready", "written"]


async def test_u_empties_the_outbox_and_takes_back_what_was_dropped(desk: Desk, out: Path) -> None:
    message = waits(desk, touched=False)
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        assert states(desk, message) == ["dropped"]
        assert "nothing waits here" in screen_text(app)
        await press(pilot, "u")
        assert states(desk, message) == ["ready"]
        await press(pilot, "u")
        assert "nothing waits here, and nothing has left yet" in screen_text(app)


async def test_a_linkedin_message_is_copied_opened_and_marked_sent(
    desk: Desk, out: Path, started: list[list[str]]
) -> None:
    message = waits(desk, channel="linkedin")
    app = app_of(desk, out, ("xdg-open", "{url}"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "y")
        assert app.copied == standing(desk, message).text
        await press(pilot, "o")
        assert started == [["xdg-open", "https://www.linkedin.com/in/ana"]]
        await press(pilot, "enter")
        assert states(desk, message) == ["sent"]
        assert "1 LinkedIn message sent · u undo" in screen_lines(app)[-1]
        await press(pilot, "1", "y")
        assert "it left in no file" in screen_lines(app)[-1]


async def test_a_mail_opens_in_the_mail_program_and_s_marks_it(desk: Desk, out: Path, started: list[list[str]]) -> None:
    message, longer = waits(desk), waits(desk, text="word " * 1_000, made_at=ms(MONDAY) + 1)
    app = app_of(desk, out, ("open",))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "o")
        assert started[0][0] == "open"
        assert started[0][1].startswith("mailto:ana@acme.example?subject=Why%20I%20called&body=Hello%20Ana")
        assert states(desk, message) == ["ready"]
        await press(pilot, "s")
        assert states(desk, message, longer) == ["sent", "ready"]
        await press(pilot, "o")
        assert "body=" not in started[1][1]
        assert app.copied == standing(desk, longer).text


async def test_without_a_command_nothing_is_run_and_the_link_is_copied(
    desk: Desk, out: Path, started: list[list[str]]
) -> None:
    waits(desk)
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "o")
        assert started == []
        assert app.copied.startswith("mailto:")


@pytest.mark.parametrize("key", ["y", "o", "enter"])
async def test_what_the_gate_blocks_is_neither_copied_nor_opened_nor_marked(
    desk: Desk, out: Path, started: list[list[str]], key: str
) -> None:
    lead = desk.new_lead()
    message = waits(desk, lead, "linkedin")
    begin(desk.store, "suppression", lead_id=lead, channel="all", scope="person", value="", at=ms(MONDAY))
    app = app_of(desk, out, ("open",))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, key)
        assert (started, app.copied, states(desk, message)) == ([], "", ["ready"])
        assert "blocked" in screen_lines(app)[-1]


async def test_a_street_is_written_and_the_next_letter_takes_it(desk: Desk, out: Path) -> None:
    lead = desk.new_lead()
    first = waits(desk, lead, "letter", address="Madrid")
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "no street" in screen_text(app)
        await press(pilot, "E", *["backspace"] * 6, *"Calle 5", "enter")
        assert standing(desk, first).address == "Calle 5"
        assert "Calle 5, Madrid" in screen_text(app)
        await press(pilot, "enter")
        assert states(desk, first) == ["written"]


async def test_a_folder_that_cannot_be_written_is_said_and_the_messages_wait(desk: Desk, out: Path) -> None:
    message = waits(desk)
    out.write_text("in the way")
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert "was not written" in screen_lines(app)[-1]
        assert states(desk, message) == ["ready"]


async def test_channels_by_digit_and_by_tab(desk: Desk, out: Path) -> None:
    lead = desk.new_lead()
    for channel in ("email", "linkedin", "postcard"):
        waits(desk, lead, channel)
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Enter write 1" in screen_lines(app)[-2]
        await press(pilot, "tab")
        assert "Enter sent" in screen_lines(app)[-2]
        await press(pilot, "3")
        assert "Enter print 1" in screen_lines(app)[-2]
        await press(pilot, "tab")
        assert "Enter write 1" in screen_lines(app)[-2]
        await press(pilot, "9")
        assert "Enter write 1" in screen_lines(app)[-2]


async def test_hostile_words_are_shown_as_words(desk: Desk, out: Path) -> None:
    waits(desk, desk.new_lead(name=HOSTILE, company=HOSTILE), subject=HOSTILE, text=HOSTILE, fault=HOSTILE)
    app = app_of(desk, out)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "[/] [@click=app.quit]x[/]" in screen_text(app)


async def test_what_is_done_elsewhere_is_seen(desk: Desk, out: Path) -> None:
    app = app_of(desk, out)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lead = desk.new_lead()
        waits(desk, lead)
        app.act(accept, lead)
        await settle(pilot)
        assert "1 mails 1" in screen_lines(app)[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_look_of_it(desk: Desk, size: tuple[int, int]) -> None:
    for number, name in enumerate(("Ana Ruiz", "Tomasz Wójcik", "Chloé Dupré")):
        lead = desk.new_lead(name=name)
        opens = ms(MONDAY + timedelta(hours=2)) if number == 2 else None
        for channel in ("email", "linkedin", "letter", "postcard"):
            waits(desk, lead, channel, made_at=ms(MONDAY - timedelta(hours=number)), not_before=opens, cost_minor=120)
    async with driving(desk, size) as driven:
        await driven.press("g", "o", "3")
        same_as_golden(driven.text(), f"outbox-{size[0]}x{size[1]}")


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://www.linkedin.com/in/ana-ruiz/", True), ("https://x.example/?q=a%20b&c=d#e", True),
        ("http://www.linkedin.com/in/ana", False), ("javascript:alert(1)", False), ("file:///etc/passwd", False),
        ("https://x.example/ --help", False), ("-o", False), ("https://x.example/\n", False), ("https://", False),
        ("https://x.example/" + "a" * 600, False),
    ],
)  # fmt: skip
def test_only_a_plain_web_link_is_opened(address: str, link: bool) -> None:
    assert web_link(address) == (address if link else "")
