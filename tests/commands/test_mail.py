"""`sdr mail`: off by default, both servers tried, mails sent and heard, doubts settled; no password in any answer."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sdr.models.terms import ms
from tests.commands.conftest import Sdr
from tests.desks import MONDAY, Desk, begin
from tests.exchange.mail_servers import DOVECOT, PASSWORD, PLAIN, USER, Taken, free_port, mail_bin, smtp_server
from tests.exchange.mailing import MailDesk, Written


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDR_MAIL_PASSWORD", PLAIN)


@pytest.fixture
def waiting(home: Path) -> Written:
    """Ana, for whom a mail waits."""
    home.mkdir(mode=0o700)
    made = MailDesk(home)
    one = made.write()
    made.store.close()
    return one


def configure(home: Path, **keys: str) -> None:
    """Mail is on."""
    home.mkdir(mode=0o700, exist_ok=True)
    told = {"from": USER, "tls": "none"} | keys
    lines = [f'{key} = "{value}"' for key, value in told.items()]
    (home / "config.toml").write_text("\n".join(["[mail]", *lines]), encoding="utf-8")


@pytest.fixture
def smtp(home: Path) -> Iterator[Taken]:
    """A server that takes mail, which the desk is told of."""
    handler = Taken()
    with smtp_server(handler) as server:
        configure(home, smtp=str(server))
        yield handler


@pytest.mark.parametrize("words", [("check",), ("send",), ("send", "--dry-run"), ("hear",), ("status",)])
def test_it_is_off_until_it_is_set(sdr: Sdr, words: tuple[str, ...]) -> None:
    ran = sdr("mail", *words, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "mail.off")
    assert "config.toml" in ran.err


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"smtp": "nowhere"}, "[mail] smtp"),
        ({"smtp": "mx.else.example:25"}, "[mail] tls"),
        ({"password": "x"}, "password"),
    ],
)
def test_a_mistake_in_the_config_is_named(sdr: Sdr, home: Path, keys: dict[str, str], told: str) -> None:
    configure(home, **keys)
    ran = sdr("mail", "status")
    assert ran.code != 0
    assert told in ran.err


def test_without_a_password_it_says_where_to_put_one(sdr: Sdr, smtp: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SDR_MAIL_PASSWORD", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    ran = sdr("mail", "check")
    assert ran.code == 1
    assert "SDR_MAIL_PASSWORD" in ran.err


@pytest.mark.parametrize("held", [PLAIN, None, "locked"])
def test_the_keyring_is_asked(sdr: Sdr, smtp: Taken, monkeypatch: pytest.MonkeyPatch, held: str | None) -> None:
    errors, ring = types.ModuleType("keyring.errors"), types.ModuleType("keyring")

    class KeyringError(Exception):
        """As in keyring."""

    def get_password(service: str, user: str) -> str | None:
        assert (service, user) == ("sdr-desk", USER)
        if held == "locked":
            raise KeyringError
        return held

    errors.__dict__["KeyringError"] = KeyringError
    ring.__dict__.update(get_password=get_password, errors=errors)
    monkeypatch.delenv("SDR_MAIL_PASSWORD", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    ran = sdr("mail", "check", "--json")
    assert ran.code == (0 if held == PLAIN else 1)
    assert ("works" in ran.out) == (held == PLAIN)


def test_check_says_which_server_works(sdr: Sdr, smtp: Taken, home: Path, password: None) -> None:
    ran = sdr("mail", "check", "--json")
    assert (ran.code, ran.json["ok"], ran.json["imap"]) == (0, True, "")
    assert ran.json["smtp"].startswith("works: 127.0.0.1:")
    configure(home, imap=f"127.0.0.1:{free_port()}")
    ran = sdr("mail", "check")
    assert ran.code == 1
    assert "cannot be reached" in ran.out
    assert PLAIN not in ran.out + ran.err


def test_what_waits_is_sent_once(sdr: Sdr, waiting: Written, smtp: Taken, password: None) -> None:
    would = sdr("mail", "send", "--dry-run", "--json").json
    assert would["counts"] == {"would go": 1}
    assert smtp.mails == []
    ran = sdr("mail", "send", "--json")
    assert ran.code == 0
    assert ran.json["mails"] == [
        {"message": str(waiting.message), "lead": str(waiting.lead), "name": "Ana Ruiz", "outcome": "sent", "why": None}
    ]
    assert "no e-mail waits" in sdr("mail", "send").out
    assert len(smtp.mails) == 1
    told = sdr("mail", "status", "--json").json
    assert (told["ready"], told["sent_today"], told["unsure"]) == (0, 1, [])


def test_a_server_that_is_not_there_is_one_sentence(sdr: Sdr, waiting: Written, home: Path, password: None) -> None:
    configure(home, smtp=f"127.0.0.1:{free_port()}")
    ran = sdr("mail", "send", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "mail.server")
    assert sdr("mail", "status", "--json").json["ready"] == 1


def test_a_doubt_is_listed_and_settled(sdr: Sdr, waiting: Written, smtp: Taken, password: None) -> None:
    smtp.says = lambda command, _about: "drop" if command == "DATA" else None
    ran = sdr("mail", "send", "--json")
    assert (ran.code, ran.json["counts"]) == (1, {"unsure": 1})
    assert ran.json["error"]["code"] == "mail.stopped"
    shown = sdr("mail", "status")
    assert shown.code == 1
    assert f"sdr mail settle {waiting.message}" in shown.out
    smtp.says = lambda _command, _about: None
    assert sdr("mail", "send", "--json").json["counts"] == {}
    assert sdr("mail", "settle", str(waiting.message), "again").code == 0
    assert sdr("mail", "send", "--json").json["counts"] == {"sent": 1}
    again = sdr("mail", "settle", str(waiting.message), "arrived", "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "mail.settled")
    assert sdr("mail", "settle", "x", "arrived").code == 2


@pytest.mark.skipif(DOVECOT is None, reason="no dovecot 2.3 (Debian: dovecot-imapd) to read mail from")
def test_what_came_in_is_heard(
    sdr: Sdr, home: Path, filling: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = filling()
    who = desk.new_lead(state="working")
    begin(desk.store, "message", lead_id=who, channel="email", text="hello", address="ana@acme.example", state="sent",
          made_at=ms(MONDAY), mail_id="<our-1@desk.example>")  # fmt: skip
    desk.store.close()
    monkeypatch.setenv("SDR_MAIL_PASSWORD", PASSWORD)
    with mail_bin() as found:
        configure(home, imap=str(found.server))
        found.deliver(
            b"From: ana@acme.example\r\nMessage-ID: <1@acme.example>\r\nSubject: Re\r\n\r\nTuesday is fine.\r\n"
        )
        found.deliver(b"From: x@else.example\r\nMessage-ID: <2@else.example>\r\nSubject: Re\r\n\r\nhello\r\n")
        assert "2 mails in INBOX" in sdr("mail", "check").out
        would = sdr("mail", "hear", "--dry-run", "--json").json
        assert (would["dry_run"], len(would["filed"])) == (True, 1)
        ran = sdr("mail", "hear", "--json")
        assert (ran.code, ran.json["seen"], ran.json["others"]) == (0, 2, 1)
        assert [(one["lead"], one["kind"], one["acted"]) for one in ran.json["filed"]] == [(str(who), "reply", True)]
        assert sdr("show", str(who), "--json").json["said"] == "Tuesday is fine."
        assert "1 filed before" in sdr("mail", "hear").out
        assert sdr("mail", "status", "--json").json["last_heard"] is not None
