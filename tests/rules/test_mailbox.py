"""The mailbox as config.toml names it: off until set, encrypted unless it is this very machine."""

from __future__ import annotations

from typing import Any

import pytest

from sdr.models.terms import Refused
from sdr.rules.mailbox import Mailbox, Server, mailbox

GIVEN: dict[str, Any] = {
    "address": "ana@desk.example", "user": "", "smtp": "smtp.desk.example:587", "imap": "imap.desk.example:993",
    "tls": "auto", "folder": "INBOX", "a_day": 200,
}  # fmt: skip


def test_a_usual_mailbox() -> None:
    found = mailbox(**GIVEN)
    out, into = Server("smtp.desk.example", 587, "starttls"), Server("imap.desk.example", 993, "implicit")
    assert found == Mailbox("ana@desk.example", "ana@desk.example", out, into)
    assert str(out) == "smtp.desk.example:587"


def test_it_is_off_until_a_server_is_named() -> None:
    found = mailbox(**GIVEN | {"smtp": "", "imap": ""})
    assert isinstance(found, Refused)
    assert (found.rule, "config.toml" in found.reason) == ("mail.off", True)


def test_one_server_is_enough_and_the_rep_lends_their_address() -> None:
    found = mailbox(**GIVEN | {"imap": "", "address": "", "user": "ana"}, own="ana@acme.example")
    assert isinstance(found, Mailbox)
    assert (found.address, found.user, found.imap) == ("ana@acme.example", "ana", None)


@pytest.mark.parametrize(("port", "tls", "is_"), [
    (465, "auto", "implicit"), (993, "auto", "implicit"), (587, "auto", "starttls"), (143, "auto", "starttls"),
    (465, "starttls", "starttls"), (587, "implicit", "implicit"),
])  # fmt: skip
def test_how_a_port_is_encrypted(port: int, tls: str, is_: str) -> None:
    found = mailbox(**GIVEN | {"smtp": f"smtp.desk.example:{port}", "tls": tls})
    assert isinstance(found, Mailbox)
    assert found.smtp is not None
    assert found.smtp.tls == is_


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"smtp": "smtp.desk.example"}, "smtp"), ({"smtp": "smtp.desk.example:0"}, "smtp"), ({"smtp": 25}, "smtp"),
        ({"imap": "imap.desk.example:99999"}, "imap"), ({"imap": "https://imap.desk.example:1"}, "imap"),
        ({"address": "ana"}, "from"), ({"address": "a@b.example>\nBcc: x@y"}, "from"),
        ({"address": "ü@x.y"}, "from"),
        ({"tls": "ssl"}, "tls"), ({"tls": "none"}, "tls"), ({"folder": ""}, "folder"), ({"folder": "A\r\nB"}, "folder"),
        ({"a_day": 0}, "a_day"), ({"a_day": "9"}, "a_day"), ({"a_day": True}, "a_day"), ({"a_day": 1e3}, "a_day"),
        ({"user": 7}, "user"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_key(change: dict[str, Any], key: str) -> None:
    found = mailbox(**GIVEN | change)
    assert isinstance(found, Refused)
    assert found.reason.startswith(f"config.toml: [mail] {key} ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_plain_only_to_this_machine(host: str) -> None:
    found = mailbox(**GIVEN | {"smtp": f"{host}:2525", "imap": "", "tls": "none"})
    assert isinstance(found, Mailbox)
    assert found.smtp == Server(host.strip("[]"), 2525, "none")
