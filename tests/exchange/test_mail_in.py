"""The rep's mailbox read from a real IMAP server on this machine: filed once, by kind, never marked as read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from email.header import Header
from pathlib import Path
from typing import Any

import pytest

from sdr.exchange.mail_in import BODY_BYTES, Heard, hear
from sdr.exchange.mail_link import MailFailed
from sdr.models.terms import Band, at, ms
from sdr.rules.mailbox import Server
from sdr.store import rows
from sdr.store.queries import leads, mailing, queue
from tests.desks import MONDAY, applied, dump
from tests.exchange.mail_servers import DOVECOT, OPENSSL, PASSWORD, Mailbin, certificate, mail_bin
from tests.exchange.mailing import MailDesk, Written

pytestmark = pytest.mark.skipif(DOVECOT is None, reason="no dovecot 2.3 (Debian: dovecot-imapd) to read mail from")
OURS = "<our-1@desk.example>"


@pytest.fixture(scope="module")
def running() -> Iterator[Mailbin]:
    with mail_bin() as found:
        yield found


@pytest.fixture
def bin_(running: Mailbin) -> Mailbin:
    running.empty()
    return running


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailDesk]:
    made = MailDesk(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def sent(desk: MailDesk) -> Written:
    """Ana, to whom a mail of ours went."""
    return desk.write(state="sent", mail_id=OURS, done_at=ms(MONDAY - timedelta(days=1)))


def mail(body: str = "Tuesday is fine.", **fields: str) -> bytes:
    head = {
        "From": "Ana Ruiz <ana@acme.example>", "To": "ana@desk.example", "Subject": "Re: Leaks",
        "Message-ID": "<their-1@acme.example>", "In-Reply-To": OURS, "Content-Type": "text/plain; charset=utf-8",
    } | {name.replace("_", "-"): value for name, value in fields.items()}  # fmt: skip
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return "\r\n".join([*lines, "", body.replace("\n", "\r\n")]).encode()


def listen(desk: MailDesk, found: Mailbin, **more: Any) -> Heard:
    return hear(desk.store, found.box(), PASSWORD, desk.desk.clock(), **more)


def kinds(told: Heard) -> list[str]:
    return [one.kind for one in told.filed]


def events(desk: MailDesk, lead: int) -> list[rows.Event]:
    return list(desk.store.read(leads.events, lead).result(10))


def test_a_reply_comes_to_the_top_with_their_words_once(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    bin_.deliver(mail("Tuesday is fine.\n\nOn Mon, 2 Mar 2026, Bo wrote:\n> Tuesday?\n-- \nAna"))
    told = listen(desk, bin_)
    assert kinds(told) == ["reply"]
    lead = desk.desk.lead(sent.lead)
    assert (lead.queue_band, lead.said, lead.next_kind) == (Band.REPLY, "Tuesday is fine.", "reply")
    head = desk.store.read(queue.page, ms(desk.desk.clock()), 1).result(10)
    assert head[0].id == sent.lead
    fact, said = sorted(events(desk, sent.lead), key=lambda one: one.kind)
    assert (fact.kind, fact.mail_id, fact.text) == ("mail", "<their-1@acme.example>", None)
    assert (said.kind, said.mail_id, said.text) == ("replied", "<their-1@acme.example>", "Tuesday is fine.")
    assert json.loads(fact.detail or "")["from"] == "ana@acme.example"
    before = dump(desk.store)
    again = listen(desk, bin_)
    assert (again.filed, again.known, again.seen) == ([], 1, 1)
    assert dump(desk.store) == before


def test_one_mail_delivered_twice_is_filed_once(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    bin_.deliver(mail())
    bin_.deliver(mail())
    told = listen(desk, bin_)
    assert (kinds(told), told.known) == (["reply"], 1)


def test_a_mail_is_never_marked_as_read(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    bin_.deliver(mail())
    bin_.deliver(mail(From="stranger@else.example", In_Reply_To="", Message_ID="<x@else.example>"))
    listen(desk, bin_)
    assert bin_.unread() == 2


def test_an_answer_proves_that_a_doubtful_mail_arrived(desk: MailDesk, bin_: Mailbin) -> None:
    yesterday = ms(MONDAY - timedelta(days=1))
    one = desk.write(state="written", mail_id=OURS, done_at=yesterday, batch=mailing.unsure_batch("2026-03-01"))
    assert [doubt.id for doubt in desk.store.read(mailing.unsure).result(10)] == [one.message]
    bin_.deliver(mail())
    assert kinds(listen(desk, bin_)) == ["reply"]
    assert desk.store.read(mailing.unsure).result(10) == ()
    assert (desk.message(one).state, desk.message(one).done_at) == ("sent", yesterday)


def test_undo_takes_the_reply_back_and_the_mail_stays_filed(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    before = desk.desk.lead(sent.lead)
    bin_.deliver(mail())
    listen(desk, bin_)
    assert desk.desk.lead(sent.lead) != before
    applied(desk.store.undo().result(10))
    assert desk.desk.lead(sent.lead) == before
    assert kinds(listen(desk, bin_)) == []


@pytest.mark.parametrize(
    ("fields", "whose"),
    [
        ({}, True),
        ({"From": "Ana <ana.ruiz@gmail.example>"}, True),  # another address of hers, in our thread
        ({"From": "ana.ruiz@gmail.example", "In_Reply_To": "", "References": f"<a@b.example> {OURS}"}, True),
        ({"In_Reply_To": ""}, True),  # a new mail from her address
        ({"In_Reply_To": "", "From": "ANA@ACME.EXAMPLE"}, True),
        ({"From": "ana@else.example", "In_Reply_To": "<other@desk.example>"}, False),
        ({"From": '"ana@acme.example" <spam@else.example>', "In_Reply_To": ""}, False),
        ({"From": "=?utf-8?q?ana=40acme=2Eexample?= <spam@else.example>", "In_Reply_To": ""}, False),
        ({"From": "ana@desk.example"}, False),  # our own copy
    ],
)
def test_whose_mail_it_is(desk: MailDesk, sent: Written, bin_: Mailbin, fields: dict[str, str], whose: bool) -> None:
    bin_.deliver(mail(**fields))
    told = listen(desk, bin_)
    assert [one.lead_id for one in told.filed] == ([sent.lead] if whose else [])
    assert told.others == (0 if whose else 1)
    if not whose:
        assert events(desk, sent.lead) == []


def test_a_colleague_who_is_a_lead_writes_for_themselves(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    bo = desk.write("bo@acme.example", lead={"name": "Bo Lind", "first_name": "Bo", "last_name": "Lind"})
    bin_.deliver(mail(From="bo@acme.example"))
    assert [one.lead_id for one in listen(desk, bin_).filed] == [bo.lead]


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "Please unsubscribe me."},
        {"body": "Abmelden"},
        {"body": "", "Subject": "unsubscribe", "In_Reply_To": ""},
    ],
)
def test_a_wish_for_no_more_mail_counts_at_once(
    desk: MailDesk, sent: Written, bin_: Mailbin, fields: dict[str, str]
) -> None:
    bin_.deliver(mail(**fields))
    assert kinds(listen(desk, bin_)) == ["unsubscribe"]
    held = desk.store.read(leads.suppressions, desk.desk.lead(sent.lead)).result(10)
    assert {one.channel for one in held} == {"email"}
    assert "ana@acme.example" in {one.value for one in held}


def test_a_wish_of_somebody_whose_matter_is_closed_is_kept(desk: MailDesk, bin_: Mailbin) -> None:
    closed = desk.write(lead={"state": "disqualified", "next_kind": None, "due_at": None, "queue_band": None})
    bin_.deliver(mail("Stop", In_Reply_To=""))
    assert kinds(listen(desk, bin_)) == ["unsubscribe"]
    assert desk.store.read(leads.suppressions, desk.desk.lead(closed.lead)).result(10)


def test_a_reply_to_a_closed_matter_is_kept_and_moves_nothing(desk: MailDesk, bin_: Mailbin) -> None:
    closed = desk.write(lead={"state": "disqualified", "next_kind": None, "due_at": None, "queue_band": None})
    bin_.deliver(mail("We might talk again.", In_Reply_To=""))
    told = listen(desk, bin_)
    assert told.filed[0].refused
    assert "nothing moved" in told.filed[0].said
    assert [one.text for one in events(desk, closed.lead)] == ["We might talk again."]
    assert desk.desk.lead(closed.lead).state == "disqualified"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Automatic reply: Leaks", "I am out of the office and back on 12 March 2026."),
        ("Abwesenheitsnotiz: zurück am 12. März 2026", "Ihre Nachricht wird nicht weitergeleitet."),
    ],
)
def test_away_until_a_date_and_no_reply(desk: MailDesk, sent: Written, bin_: Mailbin, subject: str, body: str) -> None:
    coded = Header(subject, "utf-8").encode()
    bin_.deliver(mail(body, Subject=coded, Auto_Submitted="auto-replied"))
    assert kinds(listen(desk, bin_)) == ["out-of-office"]
    lead = desk.desk.lead(sent.lead)
    assert lead.contacted_at is None
    assert lead.due_at is not None
    assert f"{at(lead.due_at, lead.zone):%Y-%m-%d %H:%M}" == "2026-03-12 09:00"


def bounce(status: str = "5.1.1", action: str = "failed", address: str = "ana@acme.example") -> bytes:
    return mail(
        f"--b\n\nIt came back.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.desk.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n\n--b\n"
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: {OURS}\nSubject: Leaks\n--b--\n",
        From="MAILER-DAEMON@mx.desk.example", Subject="Undelivered Mail Returned to Sender", In_Reply_To="",
        Content_Type='multipart/report; report-type=delivery-status; boundary="b"', Message_ID="<d1@mx.desk.example>",
    )  # fmt: skip


def test_a_bounce_strikes_the_address_and_the_mail_failed(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    bin_.deliver(bounce())
    assert kinds(listen(desk, bin_)) == ["bounce"]
    assert desk.desk.lead(sent.lead).email is None
    assert (desk.message(sent).state, desk.message(sent).fault) == ("failed", "5.1.1")
    assert kinds(listen(desk, bin_)) == []


def test_a_second_address_that_bounces_leaves_the_first(desk: MailDesk, bin_: Mailbin) -> None:
    two = desk.write("ana@home.example", lead={"email": "ana@acme.example", "email_2": "ana@home.example"},
                     state="sent", mail_id=OURS)  # fmt: skip
    bin_.deliver(bounce(address="ana@home.example"))
    assert kinds(listen(desk, bin_)) == ["bounce"]
    lead = desk.desk.lead(two.lead)
    assert (lead.email, lead.email_2) == ("ana@acme.example", None)


@pytest.mark.parametrize(
    ("status", "action", "kind", "state"),
    [("5.2.2", "failed", "undelivered", "failed"), ("4.4.1", "delayed", "delayed", "sent")],
)
def test_what_is_not_the_address_leaves_it(
    desk: MailDesk, sent: Written, bin_: Mailbin, status: str, action: str, kind: str, state: str
) -> None:
    bin_.deliver(bounce(status, action))
    assert kinds(listen(desk, bin_)) == [kind]
    assert desk.desk.lead(sent.lead).email == "ana@acme.example"
    assert desk.message(sent).state == state


def test_a_forged_bounce_of_a_mail_we_never_wrote_strikes_nothing(desk: MailDesk, bin_: Mailbin) -> None:
    one = desk.write()  # still waits: nothing went to her
    bin_.deliver(bounce())
    assert kinds(listen(desk, bin_)) == []
    assert desk.desk.lead(one.lead).email == "ana@acme.example"


def test_newsletters_and_receipts_move_nothing(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    before = desk.desk.lead(sent.lead)
    bin_.deliver(mail("Spring news", List_ID="<news.acme.example>", In_Reply_To=""))
    assert kinds(listen(desk, bin_)) == ["automatic"]
    assert desk.desk.lead(sent.lead) == before


def test_a_rehearsal_writes_nothing(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    bin_.deliver(mail())
    before = dump(desk.store)
    assert kinds(listen(desk, bin_, rehearse=True)) == ["reply"]
    assert dump(desk.store) == before


def test_a_large_attachment_is_not_fetched(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    huge = "--b\n\nThe plan is below.\n--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
    bin_.deliver(mail(huge, Content_Type="multipart/mixed; boundary=b") + b"JVBERi0xLjQK\r\n" * 3_700_000)
    fetched: list[int] = []

    def counted(raw: bytes, head: Any) -> Any:
        fetched.append(len(raw))
        return letter_of(raw, head)

    from sdr.exchange import mail_in
    from sdr.exchange.mail_parse import letter_of

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mail_in, "letter_of", counted)
        listen(desk, bin_)
    assert fetched == [BODY_BYTES]
    assert desk.desk.lead(sent.lead).said == "The plan is below."


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff" * 400,
        b"From: ana@acme.example\r\n" + b"X-Bomb: 1\r\n" * 20_000 + b"\r\nhello",
        mail("hello", Message_ID=""),
        mail("hello", Subject="=?utf-8?b?a?= \x00 =?x?q?=00?="),
        mail("--b\n" * 9, Content_Type="multipart/mixed; boundary=b"),
        b"From: ana@acme.example\r\n"
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2_000)),
        mail("h\u202ei \x1b[2Jthere", Content_Type="text/plain; charset=klingon"),
    ],
)  # fmt: skip
def test_malice_among_mails_costs_nothing_but_itself(desk: MailDesk, sent: Written, bin_: Mailbin, raw: bytes) -> None:
    bin_.deliver(raw)
    bin_.deliver(mail("Tuesday is fine.", Message_ID="<good@acme.example>"))
    told = listen(desk, bin_)
    assert told.seen == 2
    assert "Tuesday is fine." in (desk.desk.lead(sent.lead).said or "")
    again = listen(desk, bin_)
    assert again.filed == []
    for one in events(desk, sent.lead):
        assert not any(char in f"{one.text}{one.detail}" for char in "\x00\x1b\u202e")


def test_many_mails_in_one_go(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    for number in range(230):
        bin_.deliver(mail(From="news@else.example", In_Reply_To="", Message_ID=f"<n{number}@else.example>"), seen=True)
    bin_.deliver(mail())
    told = listen(desk, bin_)
    assert (told.seen, told.others, kinds(told)) == (231, 230, ["reply"])


def test_long_ago_is_not_looked_at_again(desk: MailDesk, sent: Written, bin_: Mailbin) -> None:
    desk.desk.clock.now = at(ms(MONDAY)) + timedelta(days=3_650)  # the mailbox's own clock is real
    bin_.deliver(mail())
    assert listen(desk, bin_).seen == 0


# --- the connection --------------------------------------------------------------------------------------------


def test_a_wrong_password_and_a_missing_folder_are_sentences(desk: MailDesk, bin_: Mailbin) -> None:
    with pytest.raises(MailFailed, match="did not accept the login") as failed:
        hear(desk.store, bin_.box(), "not-the-word", MONDAY)
    assert "not-the-word" not in str(failed.value)
    with pytest.raises(MailFailed, match="no folder “Sales”"):
        hear(desk.store, bin_.box(folder="Sales"), PASSWORD, MONDAY)
    with pytest.raises(MailFailed, match="no server to read from"):
        hear(desk.store, desk.box(), PASSWORD, MONDAY)


def test_a_server_without_encryption_hears_no_password(desk: MailDesk, bin_: Mailbin) -> None:
    asked = Server(bin_.server.host, bin_.server.port, "starttls")
    with pytest.raises(MailFailed, match="offers no encryption"):
        hear(desk.store, desk.box(imap=asked), PASSWORD, MONDAY)


@pytest.mark.skipif(OPENSSL is None, reason="no openssl to make a certificate with")
def test_encrypted(desk: MailDesk, sent: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificate(tmp_path)
    with mail_bin(tls=made) as found:
        found.deliver(mail())
        asked = {"implicit": found.tls_port, "starttls": found.server.port}
        for tls, port in asked.items():
            with pytest.raises(MailFailed, match="certificate is not trusted"):
                hear(desk.store, desk.box(imap=Server("localhost", port, tls)), PASSWORD, MONDAY)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.cert))
        for tls, port in asked.items():
            told = hear(desk.store, desk.box(imap=Server("localhost", port, tls)), PASSWORD, MONDAY)
            assert told.seen == 1
    assert desk.desk.lead(sent.lead).queue_band == Band.REPLY
