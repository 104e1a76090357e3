"""Waiting mails handed to a real server on this machine: each outcome on disk, nothing twice, nothing unasked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from sdr.desk import replies, sending_mail
from sdr.exchange.mail_link import MailFailed
from sdr.exchange.mail_out import TOO_MANY, Posted, ready_mail, send_mail
from sdr.models.terms import Refused, ms
from sdr.rules.mailbox import Server
from sdr.store.queries import mailing
from tests.desks import MONDAY, applied, begin
from tests.exchange.mail_servers import OPENSSL, PASSWORD, PLAIN, Taken, certificate, free_port, smtp_server
from tests.exchange.mailing import SENDER, MailDesk

needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="no openssl to make a certificate with")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailDesk]:
    made = MailDesk(tmp_path)
    yield made
    made.store.close()


def send(desk: MailDesk, handler: Taken, *, a_day: int = 200) -> Posted:
    with smtp_server(handler) as server:
        return send_mail(desk.store, desk.box(server, a_day=a_day), PLAIN, SENDER, desk.desk.clock)


def whats(done: Posted) -> list[str]:
    return [one.what for one in done.outcomes]


def test_a_waiting_mail_leaves_once(desk: MailDesk) -> None:
    one, handler = desk.write(text="Hello,\n.\nñandú"), Taken()
    done = send(desk, handler)
    assert whats(done) == ["sent"]
    (mail,), (envelope,) = handler.mails, handler.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER.email, ["ana@acme.example"])
    assert str(make_header(decode_header(mail["Subject"]))) == "Leaks – at ana@acme.example"
    assert mail["X-Unsent"] is None
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().replace("\r\n", "\n").startswith("Hello,\n.\nñandú")
    kept = desk.message(one)
    assert (kept.state, kept.done_at, kept.mail_id, kept.fault) == ("sent", ms(MONDAY), mail["Message-ID"], None)
    assert whats(send(desk, handler)) == []
    assert len(handler.mails) == 1


def test_what_has_left_cannot_be_taken_back(desk: MailDesk) -> None:
    one = desk.write()
    send(desk, Taken())
    assert isinstance(desk.store.undo().result(10), Refused)  # of the act that wrote the message
    assert desk.message(one).state == "sent"


def test_the_gate_is_asked_at_the_very_moment(desk: MailDesk) -> None:
    first, second = desk.write("ana@acme.example"), desk.write("bo@wislak.example")

    def says(command: str, about: str) -> None:
        if command == "DATA" and about == "ana@acme.example":  # while the first one goes, the second says no
            desk.store.write(replies.reply, second.lead, "unsubscribe", MONDAY).result(10)

    handler = Taken(says)
    done = send(desk, handler)
    assert [mail["To"] for mail in handler.mails] == ["Ana Ruiz <ana@acme.example>"]
    assert desk.message(first).state == "sent"
    assert desk.message(second).state != "sent"
    assert whats(done)[0] == "sent"
    assert done.outcomes[1].what == "blocked"


def test_between_the_recipient_and_the_text_a_no_still_counts(desk: MailDesk) -> None:
    one = desk.write()

    def says(command: str, _about: str) -> None:
        if command == "RCPT":  # the wish of all of Acme, which drops no message of hers
            begin(desk.store, "suppression", channel="email", scope="domain", value="acme.example", at=ms(MONDAY))

    handler = Taken(says)
    assert whats(send(desk, handler)) == ["blocked"]
    assert handler.mails == []
    assert desk.message(one).state == "ready"


def test_a_wish_from_before_blocks_and_no_server_is_asked(desk: MailDesk) -> None:
    one = desk.write()
    begin(
        desk.store, "suppression", lead_id=one.lead, channel="email", scope="person", value=str(one.lead), at=ms(MONDAY)
    )
    done = send_mail(desk.store, desk.box(Server("127.0.0.1", free_port(), "none")), "x", SENDER, desk.desk.clock)
    assert whats(done) == ["blocked"]
    assert desk.message(one).state == "ready"


def test_outside_their_hours_and_before_its_date_it_waits(desk: MailDesk) -> None:
    desk.write("tokyo@acme.example", lead={"country": "JP", "city": "Tokyo", "zone": "Asia/Tokyo", "phone": ""})
    desk.write("later@acme.example", not_before=ms(MONDAY + timedelta(hours=1)))
    done = send(desk, Taken())
    assert whats(done) == ["waiting", "waiting"]
    assert "Tue 03 Mar 09:00" in done.outcomes[0].why
    assert "Mon 02 Mar 11:00" in done.outcomes[1].why
    desk.desk.clock.pass_(hours=1)
    assert whats(send(desk, Taken())) == ["sent", "waiting"]


def test_no_more_than_so_many_a_day(desk: MailDesk) -> None:
    for name in ("a", "b", "c"):
        desk.write(f"{name}@{name}.example")
    handler = Taken()
    assert whats(send(desk, handler, a_day=2)) == ["sent", "sent", "waiting"]
    assert whats(send(desk, handler, a_day=2)) == ["waiting"]
    desk.desk.clock.pass_(days=1)
    assert whats(send(desk, handler, a_day=2)) == ["sent"]
    assert len(handler.mails) == 3


def test_nobody_there_strikes_the_address(desk: MailDesk) -> None:
    one = desk.write()
    done = send(desk, Taken(lambda command, _about: "550 5.1.1 no such user" if command == "RCPT" else None))
    assert whats(done) == ["failed"]
    kept = desk.message(one)
    assert (kept.state, kept.fault) == ("failed", "550 5.1.1 no such user")
    assert desk.desk.lead(one.lead).email is None
    applied(desk.store.undo().result(10))
    assert desk.desk.lead(one.lead).email == "ana@acme.example"


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_refusal_for_another_reason_keeps_the_address(desk: MailDesk, command: str) -> None:
    one = desk.write()
    done = send(desk, Taken(lambda said, _about: "550 5.7.1 not wanted" if said == command else None))
    assert whats(done) == ["failed"]
    assert desk.message(one).state == "failed"
    assert desk.desk.lead(one.lead).email == "ana@acme.example"


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_what_is_temporary_is_tried_again(desk: MailDesk, command: str) -> None:
    one, handler = desk.write(), Taken(lambda said, _about: "451 4.7.1 greylisted" if said == command else None)
    assert whats(send(desk, handler)) == ["later"]
    kept = desk.message(one)
    assert (kept.state, kept.not_before) == ("ready", ms(MONDAY + sending_mail.WAIT))
    assert whats(send(desk, Taken())) == ["waiting"]
    desk.desk.clock.pass_(minutes=31)
    assert whats(send(desk, Taken())) == ["sent"]
    assert desk.message(one).fault is None


def test_a_fault_of_ours_stops_everything(desk: MailDesk) -> None:
    both = desk.write("a@a.example"), desk.write("b@b.example")
    asked: list[str] = []

    def says(command: str, about: str) -> str | None:
        asked.append(command)
        return "550 5.4.5 daily quota exceeded" if command == "RCPT" else None

    done = send(desk, Taken(says))
    assert whats(done) == ["later"]
    assert "quota" in done.stopped
    assert asked.count("RCPT") == 1
    assert [desk.message(one).state for one in both] == ["ready", "ready"]


def test_a_sender_nobody_wants_stops_everything(desk: MailDesk) -> None:
    one = desk.write()
    done = send(desk, Taken(lambda command, _about: "553 not your address" if command == "MAIL" else None))
    assert whats(done) == []
    assert "ana@desk.example" in done.stopped
    assert desk.message(one).state == "ready"


def test_many_refusals_in_a_row_stop_the_run(desk: MailDesk) -> None:
    written = [desk.write(f"a@a{number}.example") for number in range(TOO_MANY + 2)]
    done = send(desk, Taken(lambda command, _about: "554 5.7.1 no" if command == "DATA" else None))
    assert whats(done) == ["failed"] * TOO_MANY
    assert str(TOO_MANY) in done.stopped
    assert [desk.message(one).state for one in written].count("ready") == 2


def test_a_broken_connection_leaves_a_doubt_that_only_the_rep_settles(desk: MailDesk) -> None:
    first, second = desk.write("a@a.example"), desk.write("b@b.example")
    done = send(desk, Taken(lambda command, _about: "drop" if command == "DATA" else None))
    assert whats(done) == ["unsure"]
    assert [one.id for one in desk.store.read(mailing.unsure).result(10)] == [first.message]
    assert desk.message(second).state == "ready"
    handler = Taken()
    assert whats(send(desk, handler)) == ["sent"]  # the second; the first is never sent by itself
    assert desk.desk.try_(sending_mail.settle, second.message, True).__class__ is Refused
    desk.desk.act(sending_mail.settle, first.message, False)
    assert whats(send(desk, handler)) == ["sent"]
    assert [mail["To"] for mail in handler.mails] == ["Ana Ruiz <b@b.example>", "Ana Ruiz <a@a.example>"]


def test_a_doubt_settled_as_arrived(desk: MailDesk) -> None:
    one = desk.write()
    send(desk, Taken(lambda command, _about: "drop" if command == "DATA" else None))
    desk.desk.act(sending_mail.settle, one.message, True)
    assert desk.message(one).state == "sent"
    assert desk.store.read(mailing.unsure).result(10) == ()


def test_what_would_go_changes_nothing(desk: MailDesk) -> None:
    one = desk.write()
    found = desk.store.read(ready_mail, desk.box(), SENDER, MONDAY).result(10)
    assert [waiting.message.id for waiting in found.leaving] == [one.message]
    assert desk.message(one).state == "ready"


def test_an_address_that_is_none_stays_with_its_reason(desk: MailDesk) -> None:
    desk.write(address="ana at acme\r\nRCPT TO:<x@y.example>", lead={"email": "ana@acme.example"})
    handler = Taken()
    assert whats(send(desk, handler)) == ["blocked"]
    assert handler.mails == []


# --- the connection --------------------------------------------------------------------------------------------


@needs_openssl
def test_encrypted_and_logged_in(desk: MailDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, handler = certificate(tmp_path), Taken()
    monkeypatch.setenv("SSL_CERT_FILE", str(made.cert))
    one = desk.write()
    with smtp_server(handler, tls=made.context()) as server:
        with pytest.raises(MailFailed, match="did not accept the login"):
            send_mail(desk.store, desk.box(server), "wrong", SENDER, desk.desk.clock)
        with pytest.raises(MailFailed, match="plain letters"):
            send_mail(desk.store, desk.box(server), PASSWORD, SENDER, desk.desk.clock)
        assert desk.message(one).state == "ready"
        done = send_mail(desk.store, desk.box(server), PLAIN, SENDER, desk.desk.clock)
    assert whats(done) == ["sent"]
    assert len(handler.mails) == 1


@needs_openssl
def test_a_certificate_nobody_vouches_for_gets_no_password(desk: MailDesk, tmp_path: Path) -> None:
    desk.write()
    handler = Taken()
    shown = certificate(tmp_path).context()
    with (
        smtp_server(handler, tls=shown) as server,
        pytest.raises(MailFailed, match="certificate is not trusted") as failed,
    ):
        send_mail(desk.store, desk.box(server), PLAIN, SENDER, desk.desk.clock)
    assert PLAIN not in str(failed.value)
    assert handler.mails == []


@needs_openssl
def test_a_certificate_of_another_name_is_not_enough(
    desk: MailDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.cert))
    desk.write()
    with smtp_server(Taken(), tls=made.context()) as server:
        other = Server("127.0.0.1", server.port, "starttls")
        with pytest.raises(MailFailed, match="certificate is not trusted"):
            send_mail(desk.store, desk.box(other), PLAIN, SENDER, desk.desk.clock)


def test_a_server_without_encryption_gets_nothing(desk: MailDesk) -> None:
    desk.write()
    with smtp_server(Taken()) as server:
        asked = Server(server.host, server.port, "starttls")
        with pytest.raises(MailFailed, match="offers no encryption"):
            send_mail(desk.store, desk.box(asked), PLAIN, SENDER, desk.desk.clock)
        asked = Server(server.host, server.port, "implicit")
        with pytest.raises(MailFailed, match="no encrypted connection"):
            send_mail(desk.store, desk.box(asked), PLAIN, SENDER, desk.desk.clock)


def test_nobody_there_is_a_sentence(desk: MailDesk) -> None:
    desk.write()
    with pytest.raises(MailFailed, match="cannot be reached"):
        send_mail(desk.store, desk.box(Server("127.0.0.1", free_port(), "none")), PLAIN, SENDER, desk.desk.clock)
    with pytest.raises(MailFailed, match="no server to send by"):
        send_mail(desk.store, desk.box(), PLAIN, SENDER, desk.desk.clock)
