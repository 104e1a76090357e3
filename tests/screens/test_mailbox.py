"""The rep's own mailbox by keys: off, what would leave, sending and hearing, faults with the way out, no password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sdr.models.terms import ms
from sdr.store.queries import mailing
from tests.desks import MONDAY
from tests.exchange.mail_servers import DOVECOT, PASSWORD, PLAIN, USER, Taken, free_port, mail_bin, smtp_server
from tests.exchange.mailing import MailDesk
from tests.screens.desk_app import Driven, driving

POST = {"name": "Ana Desk", "email": USER, "postal_address": ("Desk", "1 Main St", "Springfield")}
SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailDesk]:
    made = MailDesk(tmp_path)
    yield made
    made.store.close()


@pytest.fixture(autouse=True)
def word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDR_MAIL_PASSWORD", PLAIN)


def on(port: int, **more: Any) -> dict[str, Any]:
    return POST | {"mail_smtp": f"127.0.0.1:{port}", "mail_tls": "none", "mail_from": USER} | more


async def looked(driven: Driven) -> str:
    await driven.press("g", "b")
    assert driven.place == "MailboxScreen"
    return driven.text()


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_off_until_it_is_set_and_says_how(desk: MailDesk, size: tuple[int, int]) -> None:
    async with driving(desk.desk, size) as driven:
        text = await looked(driven)
        assert "off" in driven.lines()[0]
        assert "mail to" not in text  # a head above nothing
        assert "mail is off; to turn it on, write under [mail] in config.toml" in text
        assert '"imap.acme.example:993"' in text
        await driven.press("s")
        assert "mail is off" in driven.lines()[-1]


@pytest.mark.parametrize("size", SIZES)
async def test_s_sends_what_may_leave_and_the_rest_says_why_not(desk: MailDesk, size: tuple[int, int]) -> None:
    desk.write()
    desk.write("late@acme.example", lead={"name": "Bo Late"}, not_before=ms(MONDAY) + 86_400_000)
    handler = Taken()
    with smtp_server(handler) as server:
        async with driving(desk.desk, size, **on(server.port)) as driven:
            text = await looked(driven)
            assert "1 ready to go" in driven.lines()[0]
            assert "last never, 0 of 200 today" in text
            assert "Bo Late" in text
            await driven.press("s")
            assert "1 sent, 1 waiting" in driven.lines()[-1]
            assert "0 ready to go" in driven.lines()[0]
            assert "1 of 200 today" in driven.text()
            assert "last never, 1" not in driven.text()
            assert PLAIN not in driven.text()
            await driven.press("g", "q", "g", "b")
            assert "mail to" in driven.text()
    assert len(handler.mails) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_mailbox_says_calmly_that_nothing_is_held_back(desk: MailDesk, size: tuple[int, int]) -> None:
    async with driving(desk.desk, size, **on(free_port())) as driven:
        text = await looked(driven)
        assert driven.lines()[2].strip() == "no mail is held back"
        assert "mail to" not in text


async def test_a_server_that_is_not_there_is_said_with_the_way_out(desk: MailDesk) -> None:
    one = desk.write()
    async with driving(desk.desk, (120, 40), **on(free_port())) as driven:
        await looked(driven)
        await driven.press("s")
        text = driven.text()
        assert "fault" in text
        assert "127.0.0.1" in driven.lines()[-1]
        assert "sdr mail check tries both servers" in text
    assert desk.message(one).state == "ready"


async def test_without_a_password_it_says_where_it_may_stand(desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SDR_MAIL_PASSWORD")
    monkeypatch.setattr("sdr.config.mail_password", lambda _user: None)
    async with driving(desk.desk, (120, 40), **on(free_port())) as driven:
        await looked(driven)
        await driven.press("s")
        assert "there is no password for ana@desk.example; put it into SDR_MAIL_PASSWORD" in driven.text()


@pytest.mark.parametrize(("digit", "state"), [("1", "sent"), ("2", "ready")])
async def test_a_mail_in_doubt_is_settled_by_a_digit(desk: MailDesk, digit: str, state: str) -> None:
    one = desk.write(state="written", batch=mailing.unsure_batch("2026-03-02"), done_at=ms(MONDAY))
    async with driving(desk.desk, **on(free_port())) as driven:
        assert "in doubt" in await looked(driven)
        await driven.press("enter", digit)
        assert "in doubt" not in driven.text()
        assert desk.message(one).state == state
        await driven.press("u")
        assert "in doubt" in driven.text()


@pytest.mark.skipif(DOVECOT is None, reason="no dovecot 2.3 (Debian: dovecot-imapd) to read mail from")
async def test_h_files_what_leads_wrote(desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDR_MAIL_PASSWORD", PASSWORD)
    desk.write(state="sent", mail_id="<our-1@desk.example>", done_at=ms(MONDAY) - 86_400_000)
    with mail_bin() as found:
        found.deliver(
            b"From: Ana <ana@acme.example>\r\nMessage-ID: <t1@acme.example>\r\nIn-Reply-To: <our-1@desk.example>\r\n"
            b"Subject: Re: Leaks\r\nContent-Type: text/plain\r\n\r\nTuesday is fine."
        )
        settings = POST | {"mail_imap": str(found.server), "mail_tls": "none", "mail_from": USER}
        async with driving(desk.desk, (120, 40), **settings) as driven:
            assert "last mail of a lead never" in await looked(driven)
            await driven.press("h")
            assert "1 filed of 1 mails" in driven.lines()[-1]
            assert "last mail of a lead never" not in driven.text()
            assert PASSWORD not in driven.text()
