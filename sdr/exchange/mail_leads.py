"""A mail that somebody wrote to us, pasted or saved, as a lead: who wrote, when, and what.

A mail comes as a file, or as a mail program shows it when it is copied: “From:” in one of many languages, or just
“Ana Ruiz <ana@acme.example>”. What a machine wrote is nobody to talk to. A forwarded mail is its inner one's sender.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from sdr.desk.one_line import Parsed
from sdr.exchange.mail_parse import Letter, decoded, head_of, letter_of
from sdr.models.terms import Refused
from sdr.rules.mail_kinds import MailKind, judged
from sdr.rules.text import clean
from sdr.rules.told import told

SOURCE, CHANNEL = "inbound mail", "mail"
LONGEST = 400_000  # characters of a mail that are looked at
LONGEST_HEAD = 40  # lines
MACHINES = (MailKind.BOUNCE, MailKind.UNDELIVERED, MailKind.DELAYED, MailKind.AUTOMATIC, MailKind.OUT_OF_OFFICE)

# What mail programs call the lines of a head, as mails themselves call them.
_LABELS = {
    "From": "from|von|de|da|van|od|från|fra|lähettäjä|от|差出人|发件人|من",
    "To": "to|an|à|para|a|aan|do|till|til|кому|宛先|收件人|إلى",
    "Subject": "subject|betreff|objet|asunto|oggetto|onderwerp|temat|ämne|emne|aihe|assunto|тема|件名|主题|الموضوع",
    "Date": "date|sent|datum|gesendet|envoyé|fecha|enviado|enviada|data|inviato|verzonden|wysłano|skickat|sendt|дата"
    "|日時|日期|发送时间|التاريخ",
}
_LABEL = {
    name: re.compile(rf"\s*>?\s*\**(?:{words})\**\s*[:\uff1a]\**\s*", re.IGNORECASE) for name, words in _LABELS.items()
}
_INNER = re.compile(r"(?m)^\s*>?\s*-{2,}\s*[^\W\d_][^\n]{3,40}?\s*-{2,}\s*$")
_NAMED_ADDRESS = re.compile(r"(?m)^[^\S\n]*([^\n<>@]{0,80}<[^\s<>@]+@[^\s<>@]+>)")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[\w.-]+\.\w{2,}")
_PHONE = re.compile(
    r"(?im)^[^\S\n]*(?:tel|telephone|telefon|teléfono|phone|mobile|mobil|móvil|cell|direct|t|p|m)\.?\s*[:.]?\s*"
    r"(\+?[\d(][\d\s()./-]{6,22}\d)[^\S\n]*$"
)


def lead_of(text: str, source: str | None = None) -> Parsed | Refused:
    """Who wrote this mail, as a line would tell it, with the message as the note; refused when nobody did.

    `source` is where it is counted; "inbound mail" unless said.
    """
    text = text[:LONGEST]
    inner = _INNER.search(text)
    parts = ([text[inner.end() :]] if inner is not None and _begins(text[inner.end() :]) else []) + [text]
    for part in parts:
        raw = _as_mail(part).encode("utf-8", "surrogateescape")
        letter = letter_of(raw, head_of(raw))
        if judged(letter.mail).kind in MACHINES:
            return Refused("mail.machine", "a machine wrote this mail: there is nobody to talk to")
        cells = _told(part, raw, letter)
        if "email" in told(cells).values:
            return Parsed(cells, source or SOURCE, None if source else CHANNEL, arrived=_arrived(raw))
    return Refused("mail.nobody", "no address of a sender was found in it", hint="paste the mail with its “From” line")


def is_mail(text: str) -> bool:
    """Whether `text` of many lines reads as a mail, rather than as a line about somebody."""
    return text.strip().count("\n") >= 1 and (_begins(text) or _NAMED_ADDRESS.search(text[:LONGEST]) is not None)


def _begins(text: str) -> bool:
    """Whether one of the first lines says who it is from."""
    return any(_LABEL["From"].match(line) for line in text.strip().split("\n", LONGEST_HEAD)[:LONGEST_HEAD])


def _as_mail(text: str) -> str:
    """The text with a head that a reader of mails understands."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \n").split("\n")
    start = next((at for at, line in enumerate(lines[:LONGEST_HEAD]) if _LABEL["From"].match(line)), None)
    if start is None:
        return _without_head(lines)
    if re.match(r"[A-Za-z][A-Za-z-]*:", lines[0]):
        start = 0  # a saved mail: its other fields come first
    head, at = [], start
    while at < len(lines) and lines[at].strip():
        head.append(_field(lines[at]))
        at += 1
    return "\n".join([*head, "", *lines[at + 1 :]])


def _field(line: str) -> str:
    for name, label in _LABEL.items():
        if found := label.match(line):
            return f"{name}: {line[found.end() :]}"
    return line


def _without_head(lines: list[str]) -> str:
    """“Ana Ruiz <ana@acme.example>” on a line of its own, as webmail is copied; else the first address there is."""
    text = "\n".join(lines)
    found = _NAMED_ADDRESS.search(text) or _ADDRESS.search(text)
    if found is None:
        return "\n" + text
    said = found[1] if found.re is _NAMED_ADDRESS else found[0]
    return f"From: {said}\n\n{text[found.end() :].lstrip()}"


def _told(text: str, raw: bytes, letter: Letter) -> dict[str, str]:
    """The fields of the lead: address with its name, a number of the signature, subject and own words."""
    sender = re.search(rb"(?im)^from:[^\S\n]*([^\n]*(?:\n[ \t][^\n]*)*)", raw)
    cells = {"email": decoded(sender[1].decode("utf-8", "replace")) if sender else letter.head.sender}
    if (phone := _PHONE.search(text)) and not told({"phone": phone[1]}).flaws:
        cells["phone"] = phone[1]
    said = [clean(letter.head.subject), letter.mail.own or letter.mail.text[:2000]]
    if note := "\n\n".join(part for part in said if part):
        cells["notes"] = note
    return cells


def _arrived(raw: bytes) -> datetime | None:
    """When the mail was written, if it says so in a way that can be told for sure."""
    found = re.search(rb"(?im)^date:[^\S\n]*([^\n]{6,80})", raw)
    try:
        moment = parsedate_to_datetime(found[1].decode("ascii", "replace")) if found else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
