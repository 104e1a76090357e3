"""Foreign mails as bytes: every shape that mail programs make, and every one that only malice makes."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdr.exchange.mail_parse import LONGEST_HEADER, LONGEST_TEXT, UNREADABLE, Letter, decoded, head_of, letter_of
from sdr.rules.mail_kinds import MailKind, judged
from sdr.rules.mail_text import LONGEST

HEAD = b"From: Ana Ruiz <Ana@Acme.example>\r\nMessage-ID: <1@acme.example>\r\nSubject: Re: pumps\r\n"


def letter(raw: bytes) -> Letter:
    return letter_of(raw, head_of(raw.split(b"\r\n\r\n")[0] + b"\r\n\r\n"))


def own(raw: bytes) -> str:
    return letter(raw).mail.own


def test_the_head() -> None:
    head = head_of(
        b"From: =?utf-8?q?Ana_Ru=C3=ADz?= <Ana@Acme.example>\r\nMessage-ID: <1@acme.example>\r\n"
        b"In-Reply-To: <b@desk.example>\r\nReferences: <a@desk.example>\r\n <b@desk.example>\r\n"
        b"Subject: =?utf-8?b?UmU6IHB1bXBzIOKAkyBkZW1v?=\r\n\r\n"
    )
    assert (head.sender, head.mail_id, head.subject) == ("ana@acme.example", "<1@acme.example>", "Re: pumps – demo")
    assert head.answers == ("<b@desk.example>", "<a@desk.example>")
    assert not head.notice


@pytest.mark.parametrize(
    ("field", "sender"),
    [
        (b"From: =?utf-8?q?boss=40bank=2Eexample?= <ana@acme.example>", "ana@acme.example"),
        (b'From: "boss@bank.example" <ana@acme.example>', "ana@acme.example"),
        (b"From: =?utf-8?q?=3Cboss=40bank=2Eexample=3E?= <ana@acme.example>", "ana@acme.example"),
        (b"From: ana@acme.example (boss@bank.example)", "ana@acme.example"),
        (b"From: MAILER-DAEMON@localhost", "mailer-daemon@localhost"),
        (b"From: =?utf-8?b?Ym9zc0BiYW5rLmV4YW1wbGU=?=", ""),
        (b"From: \x00\xff", ""),
        (b"From:", ""),
        (b"X: 1", ""),
    ],
)
def test_whose_mail_it_is_stands_outside_of_encoded_words(field: bytes, sender: str) -> None:
    assert head_of(field + b"\r\n\r\n").sender == sender


def test_a_mail_without_an_id_gets_one_by_its_head() -> None:
    first, again = head_of(b"From: ana@acme.example\r\n\r\n"), head_of(b"From: ana@acme.example\r\n\r\n")
    other = head_of(b"From: bo@acme.example\r\n\r\n")
    assert first.mail_id == again.mail_id != other.mail_id
    assert first.mail_id.endswith("@no-message-id>")
    monstrous = head_of(b"Message-ID: <" + b"x" * 5_000 + b"@a>\r\n\r\n")
    assert len(monstrous.mail_id) < 100


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\nS\xc3\xad, ma\xc3\xb1ana.\r\n",
        HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nS\xed, ma\xf1ana.\r\n",
        HEAD + b"Content-Type: text/plain; charset=klingon\r\n\r\nS\xc3\xad, ma\xc3\xb1ana.\r\n",
        HEAD + b"Content-Type: text/plain; charset=us-ascii\r\n\r\nS\xed, ma\xf1ana.\r\n",
        HEAD + b"\r\nS\xc3\xad, ma\xc3\xb1ana.\r\n",
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        b"S=C3=AD, ma=C3=B1ana.\r\n",
        HEAD + b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + base64.b64encode("Sí, mañana.".encode()),
        HEAD + b'Content-Type: text/plain; charset="utf-7\x00"\r\n\r\nS\xc3\xad, ma\xc3\xb1ana.\r\n',
        HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><style>p {}</style></head><body>"
        b"<p>S\xc3\xad, ma&ntilde;ana.</p><div>On Mon, 2 Mar 2026 Bo wrote:</div><blockquote>Tuesday?</blockquote>",
        HEAD + b"Content-Type: text/html\r\n\r\nS&iacute;, ma\xc3\xb1ana.<div id=divRplyFwdMsg>old words",
        HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>No"
        b"\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nS\xc3\xad, ma\xc3\xb1ana.\r\n--b--\r\n",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nS\xc3\xad, ma\xc3\xb1ana.\r\n--b\r\n"
        b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nnot this\r\n--b\r\n"
        b"Content-Type: application/pdf\r\n\r\n%PDF cut off here",
    ],
)  # fmt: skip
def test_the_words_in_every_wrapping(raw: bytes) -> None:
    assert own(raw) == "Sí, mañana."


DSN = b"""From: Mail Delivery System <MAILER-DAEMON@mx.desk.example>
Message-ID: <d1@mx.desk.example>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry. bo@acme.example could not be reached.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.desk.example

Original-Recipient: rfc822;bo@acme.example
Final-Recipient: rfc822; robert@acme.example
Action: FAILED
Status: 5.1.1 (bad)
Diagnostic-Code: smtp; 550 5.1.1 <robert@acme.example>: Recipient address rejected

--b
%s
--b--
""".replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "returned",
    [
        b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <our@desk.example>\r\nSubject: unsubscribe\r\n\r\nstop\r\n",
        b"Content-Type: text/rfc822-headers\r\n\r\nSubject: pumps\r\nMessage-Id:\r\n <our@desk.example>\r\n",
    ],
)
def test_a_delivery_report_tells_whom_and_which_mail(returned: bytes) -> None:
    found = letter(DSN % returned)
    assert found.head.notice
    assert found.returned == ("<our@desk.example>",)
    verdict = judged(found.mail)
    assert (verdict.kind, verdict.recipients) == (MailKind.BOUNCE, ("bo@acme.example",))
    assert "550 5.1.1" in verdict.why
    assert "stop" not in found.mail.own


def nested(levels: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(levels)
    )
    return HEAD + opened + b"\r\nhello"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00" * 1_000, b"\r\n\r\n", b"From", nested(5), nested(3_000), HEAD * 2_000 + b"\r\nhello",
        HEAD + b"X: " + b"y" * 200_000 + b"\r\n\r\nhello", HEAD + b"\r\n" + b"<div>" * 50_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 20_000 + b"x",
        HEAD + b"Content-Type: text/html\r\n\r\n<!" + b"[" * 3_000 + b"<![CDATA[ <!DOCTYPE &#x110000; &#xD800;",
        HEAD + b"Content-Type: multipart/mixed\r\n\r\nno boundary", HEAD + b"Content-Type: ;;;\x00=\r\n\r\nhello",
        HEAD + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=",
        HEAD + b"Content-Type: message/delivery-status\r\n\r\nAction\x00: failed\r\n\r\nStatus: x\r\n\r\n\x00",
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n====!!!!",
        HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin",
        HEAD + b"Subject: =?utf-8?b?" + b"=?utf-8?q?" * 500 + b"?=\r\n\r\nhello",
        HEAD + b"References: " + b"<a@b> " * 20_000 + b"\r\n\r\nhello",
        b"From: " + b"(" * 5_000 + b"\r\n\r\nx", b'From: "' + b"\\" * 5_000 + b"\r\n\r\nx",
    ],
)  # fmt: skip
def test_malice_is_read_or_said_to_be_unreadable(raw: bytes) -> None:
    found = letter(raw)
    assert len(found.mail.subject) <= LONGEST_HEADER
    assert len(found.mail.text) <= LONGEST_TEXT
    assert len(found.mail.own) <= LONGEST
    assert "\x00" not in found.mail.text + found.mail.subject + found.head.sender + found.head.mail_id
    assert judged(found.mail).kind in MailKind
    assert found.readable or found.mail.own == UNREADABLE


def test_a_mail_too_deep_to_read_is_still_somebodys() -> None:
    raw = nested(20_000)
    found = letter_of(raw, head_of(HEAD + b"\r\n"))
    assert found.head.sender == "ana@acme.example"
    assert judged(found.mail).kind is MailKind.REPLY


@pytest.mark.parametrize(
    ("value", "is_"),
    [
        ("=?utf-8?q?a=00b=0D=0ABcc:_x?=", "ab Bcc: x"),
        ("=?no-such-set?q?abc?=", "abc"),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("plain", "plain"),
        ("=?utf-8?q?=E2=80=AEabc?=", "abc"),
    ],
)
def test_encoded_words_are_read_and_made_harmless(value: str, is_: str) -> None:
    assert decoded(value) == is_


@settings(max_examples=150)
@given(st.binary(max_size=600))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    found = letter_of(raw, head_of(raw))
    assert found.head.mail_id.startswith("<")


FIELDS = ("From", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding")


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.text(max_size=60)), max_size=8), st.text(max_size=100))
def test_any_fields_are_a_head(fields: list[tuple[str, str]], body: str) -> None:
    raw = "\r\n".join([*(f"{name}: {value}" for name, value in fields), "", body]).encode("utf-8", "surrogatepass")
    found = letter_of(raw, head_of(raw))
    assert judged(found.mail).kind in MailKind
