"""Drafts parsed back by the standard library's own parser: whatever the names are, one mail to one person."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sdr.exchange.drafts import LONGEST_LINK, draft, mail_id, mailto, plain_address
from sdr.rules.sender import OPT_OUT, Sender
from sdr.rules.text import clean
from sdr.store import rows
from tests.outboxes import ANA

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOSTILE = [
    "Ana\r\nBcc: all@acme.example", "Ana\nSubject: other", "Ana\x0bX: y", "Ana\u2028Bcc: x@y.example",
    'Ruiz, "Ana"', "Ana <evil@acme.example>", "Ana; Bob: c@d.example", "a@b.example, c@d.example", "\\", '"', "(", ")",
    "=?utf-8?q?Bcc:_x?=", "=?utf-8?b?QmNjOiB4QHkuZXhhbXBsZQ==?= <x@y.example>", "Łukasz, Ő. <x@y.example>",
    "Ж" * 300, "a" * 400, "日本 太郎", "\u202eevil", "\ud800", "", " ", "\t", "Ana\0", "undisclosed-recipients:;",
]  # fmt: skip


def message(**given_: object) -> rows.Message:
    empty = dict.fromkeys(rows.Message._fields)
    told = {"id": 7 << 32 | 5, "lead_id": 1, "channel": "email", "text": "Hello.", "address": "ana@acme.example",
            "state": "ready", "made_at": 1_000, "subject": "Why I called"}  # fmt: skip
    return rows.Message(**{**empty, **told, **given_})  # type: ignore[arg-type]


def parsed(raw: bytes) -> EmailMessage:
    """The mail as another program reads it: every line CRLF, ASCII, none too long, no defect."""
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    found = email.message_from_bytes(raw, policy=default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def shown(text: str, longest: int) -> str:
    return " ".join(clean(text).split())[:longest].strip()


def body(found: EmailMessage) -> str:
    return str(found.get_content()).replace("\r\n", "\n")


def only_recipient(raw: bytes) -> str:
    """The name of the one recipient, read twice: the newer reader puts a blank between the words of a long name."""
    found = parsed(raw)
    assert found["bcc"] is None
    assert found["cc"] is None
    [to] = found["to"].addresses
    assert to.addr_spec == "ana@acme.example"
    header = email.message_from_bytes(raw)["to"]
    assert isinstance(header, str)
    name, address = parseaddr(header.replace("\r\n", ""))
    assert address == "ana@acme.example"
    return str(make_header(decode_header(name)))


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_name_or_subject_makes_no_header_and_no_second_recipient(words: str) -> None:
    raw = draft(message(subject=words), words, "ES", Sender(name=words, email="me@rep.example"), NOW)
    found = parsed(raw)
    assert only_recipient(raw) == shown(words, 120)
    assert [one.addr_spec for one in found["from"].addresses] == ["me@rep.example"]
    assert found["subject"] == shown(words, 400)
    assert set(found.keys()) == {
        "X-Unsent", "Message-ID", "Date", "From", "To", "Subject", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version",
    }  # fmt: skip


WORDS = st.text(alphabet=st.sampled_from('aB ,;:<>@"\\()\r\n\t=?_-éł日Ж\u2028\x00')) | st.text(max_size=200)


@settings(max_examples=150, deadline=None)
@given(name=WORDS, subject=WORDS, text=WORDS)
@example(name="=?", subject="a" * 69 + "  b", text="From me\n.\n..\n" + "x" * 2_000)
def test_any_words_come_back_as_they_were(name: str, subject: str, text: str) -> None:
    raw = draft(message(subject=subject, text=text), name, None, Sender(email="me@rep.example"), NOW)
    found = parsed(raw)
    assert only_recipient(raw) == shown(name, 120)
    assert found["subject"] == shown(subject, 400)
    assert body(found).rstrip("\n").startswith(clean(text, lines=True).rstrip("\n"))


def test_a_mail_to_the_us_carries_address_and_the_way_to_say_no() -> None:
    found = parsed(draft(message(), "Ana", "US", ANA, NOW))
    assert body(found) == f"Hello.\n\n{OPT_OUT}\n\nCalle Mayor 1, 28013 Madrid\n"
    assert found["list-unsubscribe"] == "<mailto:ana@rep.example?subject=unsubscribe>"
    assert found["list-unsubscribe-post"] is None
    assert found["x-unsent"] == "1"
    assert found["date"].datetime == NOW


def test_what_the_text_says_already_is_not_said_twice() -> None:
    text = f"Hello.\n\nCalle Mayor 1,\n28013 Madrid\n\n{OPT_OUT}"
    assert body(parsed(draft(message(text=text), "Ana", "ES", ANA, NOW))) == f"{text}\n"


def test_elsewhere_a_list_unsubscribe_stands_only_when_it_is_set() -> None:
    assert parsed(draft(message(), "Ana", "ES", ANA, NOW))["list-unsubscribe"] is None
    own = Sender(email="me@rep.example", unsubscribe="https://rep.example/stop?m={id}")
    found = parsed(draft(message(), "Ana", "ES", own, NOW))
    assert found["list-unsubscribe"] == f"<https://rep.example/stop?m={7 << 32 | 5}>"
    assert found["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


def test_an_answer_names_the_mails_it_answers() -> None:
    found = parsed(draft(message(reply_to="<a@b.example> <c@d.example>\r\nX: <bad>"), "Ana", "ES", ANA, NOW))
    assert found["in-reply-to"] == "<c@d.example>"
    assert found["references"] == "<a@b.example> <c@d.example>"
    assert parsed(draft(message(), "Ana", "ES", ANA, NOW))["references"] is None


def test_the_id_of_a_mail_is_its_own_or_always_the_same() -> None:
    assert mail_id(message(mail_id="<own@rep.example>"), ANA) == "<own@rep.example>"
    made = mail_id(message(), ANA)
    assert made == mail_id(message(), ANA) == parsed(draft(message(), "Ana", "ES", ANA, NOW))["message-id"]
    assert made.endswith("@rep.example>")
    assert mail_id(message(id=8), ANA) != made
    assert mail_id(message(mail_id="no id"), Sender()).endswith("@desk.invalid>")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ana@acme.example", "ana@acme.example"),
        (" ana@acme.example ", "ana@acme.example"),
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana", None), ("ana@", None), ("@acme.example", None), ("ana@acme", None), ("a b@acme.example", None),
        ("ana@acme.example\r\nBcc: x@y.example", None), ("a@b@acme.example", None), ("ána@acme.example", None),
        ("ana@acme.example,bo@acme.example", None), ("<ana@acme.example>", None), (f"{'a' * 65}@acme.example", None),
        ("ana@acme.example?bcc=x@y.example", None), ("ana@" + "é" * 300 + ".example", None), ("ana@a..example", None),
    ],
)  # fmt: skip
def test_only_an_address_is_one(written: str, plain: str | None) -> None:
    assert plain_address(written) == plain
    if plain is None:
        for attempt in (lambda: draft(message(address=written), "Ana", "ES", ANA, NOW),
                        lambda: mailto(message(address=written), ANA)):  # fmt: skip
            with pytest.raises(ValueError, match="no e-mail address"):
                attempt()


def test_a_link_carries_the_whole_mail_and_nothing_else() -> None:
    link, whole = mailto(message(subject="100 % & more?", text="Line one\nLine #2 & €"), ANA)
    assert whole
    parts = urlsplit(link)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "ana@acme.example")
    told = parse_qs(parts.query, strict_parsing=True)
    assert set(told) == {"subject", "body"}
    assert told["subject"] == ["100 % & more?"]
    assert told["body"][0].startswith("Line one\r\nLine #2 & €\r\n\r\n")


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_subject_adds_nothing_to_a_link(words: str) -> None:
    link, _whole = mailto(message(subject=words, text="Hello."), ANA)
    assert set(parse_qs(urlsplit(link).query, keep_blank_values=True)) <= {"subject", "body"}
    assert len(link) <= LONGEST_LINK
    assert link.isascii()
    assert not any(char in link for char in ' \r\n"<>')


def test_a_text_too_long_for_a_link_stays_out_whole() -> None:
    link, whole = mailto(message(text="word " * 1_000), ANA)
    assert not whole
    assert "body=" not in link
    assert len(link) <= LONGEST_LINK
