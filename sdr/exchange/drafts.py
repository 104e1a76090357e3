"""One waiting e-mail as a draft a mail program opens (.eml), or as a `mailto:` link. Nothing is sent here.

RFC 5322 by the standard library. Names, subjects and addresses are foreign text: each is one line and encoded before
it becomes part of a header, so that none can begin another.
"""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from urllib.parse import quote

from sdr.rules.sender import Sender, foot, unsubscribe_of
from sdr.rules.text import clean
from sdr.store import rows

LONGEST_LINK = 1_900  # characters of a mailto: link that every system opens
LONGEST_NAME, LONGEST_SUBJECT = 120, 400  # characters of a header's words
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63})+")
_MAIL_ID = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_ENCODED_BYTES = 42  # of a word in an encoded header: 56 letters, with its frame well under the 75 of RFC 2047
# 7bit: the policy's own 8bit is refused by some mail programs.
_POLICY = SMTP.clone(cte_type="7bit", max_line_length=998)


def plain_address(address: str) -> str | None:
    """`address` as it may stand in a header: a host of another script in its ASCII form; None when it is no address."""
    local, at, host = address.strip().rpartition("@")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    whole = bool(at) and len(local) <= 64 and _LOCAL.fullmatch(local) and _HOST.fullmatch(host)
    return f"{local}@{host}" if whole else None


def mail_id(message: rows.Message, sender: Sender) -> str:
    """The Message-ID of `message`: its own if it has one, else one made of its number, the same each time."""
    if message.mail_id and (own := _ids(message.mail_id)):
        return own[0]
    host = (plain_address(sender.email) or "@desk.invalid").rpartition("@")[2]
    return f"<{message.id:x}.{message.made_at:x}.sdr@{host}>"


def body_of(message: rows.Message, sender: Sender) -> str:
    """The text as it leaves: with the way to say no and the postal address under it."""
    text = clean(message.text, lines=True)
    under = foot(sender, text)
    return f"{text}\n\n{under}\n" if under else f"{text}\n"


def draft(message: rows.Message, name: str, country: str | None, sender: Sender, now: datetime) -> bytes:
    """The .eml of a waiting e-mail to `name` (in `country`, ISO code), written at `now` (aware).

    Raises `ValueError` when the message's address is none; `plain_address` tells before.
    """
    to = plain_address(message.address)
    if to is None:
        raise ValueError("no e-mail address")
    mail = EmailMessage(policy=_POLICY)
    mail.set_content(body_of(message, sender), charset="utf-8")
    head = _headers(message, sender, to, name, now)
    if address := unsubscribe_of(sender, country, message.id):
        head.append(("List-Unsubscribe", f"<{address}>"))
        if address.startswith("https://"):  # RFC 8058: one click means a POST to a web address
            head.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    lines = [f"{key}: {value}" for key, value in head]
    return "\r\n".join(lines).encode("ascii") + b"\r\n" + mail.as_bytes()


def _headers(message: rows.Message, sender: Sender, to: str, name: str, now: datetime) -> list[tuple[str, str]]:
    """The headers but those of the body; all of them ASCII, each folded already."""
    own = plain_address(sender.email)
    before = _ids(message.reply_to or "")
    return [
        ("X-Unsent", "1"),  # mail programs open it as a draft
        ("Message-ID", mail_id(message, sender)),
        ("Date", format_datetime(now)),
        *([("From", _mailbox(sender.name, own))] if own else []),
        ("To", _mailbox(name, to)),
        ("Subject", _words(message.subject or "", LONGEST_SUBJECT)),
        *([("In-Reply-To", before[-1]), ("References", "\r\n ".join(before))] if before else []),
    ]


def _ids(text: str) -> list[str]:
    """The message ids in `text`, each in its brackets; what is none is left out."""
    return [f"<{found}>" for found in _MAIL_ID.findall(text) if found.isascii()]


def _mailbox(name: str, address: str) -> str:
    words = _one_line(name, LONGEST_NAME)
    if not words:
        return address
    plain = words.isascii() and "=?" not in words
    return formataddr((words, address)) if plain else f"{_words(words, LONGEST_NAME)}\r\n <{address}>"


def _one_line(text: str, longest: int) -> str:
    return " ".join(clean(text).split())[:longest].strip()


def _words(text: str, longest: int) -> str:
    """`text` for a header: as it is when it is plain ASCII, else as encoded words (RFC 2047), a line each."""
    words = _one_line(text, longest)
    if words.isascii() and "=?" not in words:
        return _folded(words)
    pieces, piece = [], b""
    for char in words:
        encoded = char.encode("utf-8", "replace")
        if len(piece) + len(encoded) > _ENCODED_BYTES:
            pieces.append(piece)
            piece = b""
        piece += encoded
    return "\r\n ".join(f"=?utf-8?b?{b64encode(one).decode('ascii')}?=" for one in [*pieces, piece])


def _folded(text: str) -> str:
    """`text` in lines of at most 70 characters, broken before a blank where there is one."""
    lines, line = [], ""
    for word in re.split(r"(?= )", text):
        if line and len(line) + len(word) > 70:
            lines.append(line)
            line = ""
        line += word
    return "\r\n".join([*lines, line])


def mailto(message: rows.Message, sender: Sender) -> tuple[str, bool]:
    """The `mailto:` link (RFC 6068) of a waiting e-mail, and whether all of its text is in it.

    A text too long for a link is left out whole: half a message is worse than none. Raises `ValueError` when the
    message's address is none.
    """
    to = plain_address(message.address)
    if to is None:
        raise ValueError("no e-mail address")
    subject = _one_line(message.subject or "", LONGEST_SUBJECT)
    while len(link := f"mailto:{quote(to, safe='@')}?subject={quote(subject, safe='')}") > LONGEST_LINK:
        subject = subject[:-1]
    body = quote(body_of(message, sender).replace("\n", "\r\n"), safe="")
    whole = f"{link}&body={body}"
    return (whole, True) if len(whole) <= LONGEST_LINK else (link, False)
