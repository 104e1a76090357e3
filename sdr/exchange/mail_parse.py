"""One foreign mail, from bytes to what the desk needs of it.

Whatever arrives here was written by anybody: broken parts, unknown character sets, heads without end. Nothing is
trusted but its bytes; sizes are bounded first, and what cannot be read is said, never raised.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import NamedTuple

from sdr.rules.identity import Flaw
from sdr.rules.identity import email as address_of
from sdr.rules.mail_kinds import Incoming
from sdr.rules.mail_returned import Report, from_daemon
from sdr.rules.mail_text import own_words
from sdr.rules.text import clean

LONGEST_HEADER = 2_000  # characters of one field
LONGEST_TEXT = 100_000  # characters of a body
MOST_PARTS = 60
MOST_REFERENCES = 60
LONGEST_ID = 250
UNREADABLE = "(this mail could not be read here; it is in your mailbox)"
# Fields that tell machines from people; the others are not looked at.
TELLING = (
    "auto-submitted", "precedence", "list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "x-autoresponder",
    "x-auto-reply", "x-mail-autoreply", "x-failed-recipients", "content-type", "return-path",
)  # fmt: skip

_ID = re.compile(rf"<[^<>\s]{{1,{LONGEST_ID}}}>")


class Head(NamedTuple):
    """What the head of a mail says: its id and those it answers (in angle brackets, newest first), its sender's
    address, its subject, and whether it looks like a notice about a mail that came back."""

    mail_id: str
    answers: tuple[str, ...]
    sender: str
    subject: str
    notice: bool = False


class Letter(NamedTuple):
    """A mail as read: its head, what it is judged by, and the ids of mails of ours that came back in it."""

    head: Head
    mail: Incoming
    returned: tuple[str, ...] = ()
    readable: bool = True


def head_of(raw: bytes) -> Head:
    """The head of a mail from its raw fields; a mail without an id (or with a monstrous one) gets one by its head."""
    try:
        return _head(message_from_bytes(raw, policy=compat32), raw)
    except Exception:  # the parser of the standard library can fail on hostile mail in ways nobody listed
        return Head(_own_id(raw), (), "", "")


def letter_of(raw: bytes, head: Head) -> Letter:
    """The whole mail (its first part, when it was long), under the head that was read before."""
    try:
        return _letter(message_from_bytes(raw, policy=compat32), head)
    except Exception:  # as above; RecursionError among them
        unread = Incoming(sender=head.sender, subject=head.subject, text=UNREADABLE, own=UNREADABLE)
        return Letter(head, unread, readable=False)


def _head(message: Message, raw: bytes) -> Head:
    found = _ID.search(_raw(message, "message-id"))
    answers = _ID.findall(_raw(message, "in-reply-to") + " " + _raw(message, "references", 20 * LONGEST_HEADER))
    sender = _sender(message)
    told = bool(message.get("x-failed-recipients")) or "delivery-status" in _raw(message, "content-type").lower()
    return Head(
        mail_id=found[0] if found else _own_id(raw),
        # The newest last: that is the one it answers.
        answers=tuple(dict.fromkeys(reversed(answers[-MOST_REFERENCES:]))),
        sender=sender,
        subject=decoded(_raw(message, "subject")),
        notice=told or from_daemon(sender),
    )


def _own_id(raw: bytes) -> str:
    """An id for a mail that has none: the same head always gives the same."""
    return f"<{hashlib.sha256(raw).hexdigest()[:40]}@no-message-id>"


def _raw(message: Message, name: str, longest: int = LONGEST_HEADER) -> str:
    """The first field `name`, unfolded and undecoded, at most `longest` characters."""
    value = message.get(name)
    return "" if value is None else " ".join(str(value)[:longest].split())


def _sender(message: Message) -> str:
    """The address behind From, in lower case; empty when there is none. Decoded words are never taken for one."""
    for _name, address in getaddresses([_raw(message, "from")]):
        found = address_of(address) if address else None
        if found is not None and not isinstance(found, Flaw):
            return found.email.lower()
        if "@" in address:
            return clean(address).lower()[:LONGEST_ID]  # mailer-daemon@localhost and other such places
    return ""


def decoded(value: str) -> str:
    """A field's value with its encoded words read; what cannot be read stays as it is."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, AssertionError):
        return clean(value)
    words = [piece if isinstance(piece, str) else _text(piece, charset or "ascii") for piece, charset in pieces]
    return clean("".join(words))[:LONGEST_HEADER]


def _text(data: bytes, charset: str) -> str:
    """`data` as text: in the character set it names, else as UTF-8, else as Windows would show it."""
    for name in (charset, "utf-8"):
        try:
            return data.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("cp1252", errors="replace")


# --- body ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Found:
    """What the parts of a mail hold."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)


def _letter(message: Message, head: Head) -> Letter:
    found = _Found()
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            break
        _take(part, found)
    plain = "\n".join(found.plain).strip()
    text = (plain or "\n".join(_shown(one) for one in found.html))[:LONGEST_TEXT]
    headers = {name: decoded(_raw(message, name)) for name in TELLING if message.get(name) is not None}
    mail = Incoming(head.sender, head.subject, headers, clean(text, lines=True), own_words(text), tuple(found.reports))
    return Letter(head, mail, tuple(dict.fromkeys(found.returned)))


def _take(part: Message, found: _Found) -> None:
    """What one part adds. The head of a mail that came back is inside, in one of two ways."""
    kind = part.get_content_type()
    if kind == "message/delivery-status":
        found.reports.extend(_reports(part))
    elif kind == "text/rfc822-headers":
        found.returned.extend(_ID.findall(_line(_payload(part), "message-id")))
    elif kind == "message/rfc822" and isinstance(part.get_payload(), list):
        inner = part.get_payload(0)
        found.returned.extend(_ID.findall(_raw(inner, "message-id")) if isinstance(inner, Message) else ())
    elif found.returned or part.get_content_disposition() == "attachment":
        return  # the words of our own mail, inside a notice, are not theirs
    elif kind in ("text/plain", "text/html"):
        (found.plain if kind == "text/plain" else found.html).append(_payload(part))


def _payload(part: Message) -> str:
    data = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    return _text(data[: 4 * LONGEST_TEXT], charset)[:LONGEST_TEXT] if isinstance(data, bytes) else ""


def _line(text: str, name: str) -> str:
    """The field `name` of a head kept as text."""
    found = re.search(rf"^{name}:(.*(?:\n[ \t].*)?)", text, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""


def _reports(part: Message) -> list[Report]:
    """The recipients of a delivery report: every group of fields after the first (RFC 3464 section 2.1)."""
    groups = part.get_payload()
    made = []
    for group in groups[:MOST_PARTS] if isinstance(groups, list) else []:
        if not isinstance(group, Message) or not (group.get("action") or group.get("status")):
            continue
        recipient = _raw(group, "original-recipient") or _raw(group, "final-recipient")
        status = _raw(group, "status").split(" ")[0]
        told = decoded(_raw(group, "diagnostic-code")).partition(";")
        made.append(
            Report(
                recipient.rpartition(";")[2].strip().strip("<>").lower()[:LONGEST_ID],
                _raw(group, "action").lower(),
                status,
                (told[2] or told[0]).strip(),
            )
        )
    return made


class _Reader(HTMLParser):
    """The words of an HTML mail; quoted blocks get the mark that quoted lines have in plain mail."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; what is not shown is passed over."""
        if tag in ("script", "style", "head", "title"):
            self._hidden += 1
        elif tag == "blockquote":
            self._quoted += 1
            self._break()
        elif tag in ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "hr", "table"):
            self._break()
        if ("id", "divRplyFwdMsg") in attrs or ("id", "appendonsend") in attrs:
            self.words.append("\n-----Original Message-----\n")

    def handle_endtag(self, tag: str) -> None:
        """A block ends its line."""
        if tag in ("script", "style", "head", "title"):
            self._hidden = max(0, self._hidden - 1)
        elif tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
            self._break()
        elif tag in ("p", "h1", "h2", "h3", "table"):
            self._break()
            self._break()
        elif tag in ("div", "tr", "li"):
            self._break()

    def handle_data(self, data: str) -> None:
        """Words, unless they are not shown."""
        if not self._hidden:
            self.words.append(re.sub(r"\s+", " ", data))

    def _break(self) -> None:
        self.words.append("\n> " if self._quoted else "\n")


def _shown(html: str) -> str:
    """An HTML body as lines of text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
