"""What somebody wrote themselves in a mail: without what they quoted, their signature and the footer of a telephone.

Simple rules on lines, made for the mail programs of a sales day. When in doubt a line stays: a rep reads over one
line too many sooner than they miss one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdr.rules.text import clean

LONGEST = 4_000  # characters kept of one mail
_MOST_LINES = 2_000
_LONGEST_LINE = 2_000
_WRAPPED = 3  # lines over which a mail program spreads “On … wrote:”

_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|a écrit|escribió|ha scritto|schreef|geschreven|escreveu|napisał\(?a?\)?)\b",
    re.IGNORECASE,
)
_ON = re.compile(
    r"(?:on|am|le|el|il|op|em|w dniu|dnia|mon|tue|wed|thu|fri|sat|sun|\d{1,4}[-./])[\s,.\d]", re.IGNORECASE
)
_FORWARDED = re.compile(
    r"\s*-{2,}\s*(?:original message|ursprüngliche nachricht|originalnachricht|message d'origine|mensaje original"
    r"|messaggio originale|oorspronkelijk bericht|mensagem original|forwarded message)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s*\**(?:from|von|de|da|van|od)\**\s*:", re.IGNORECASE)
_DATED = re.compile(
    r"\s*\**(?:sent|date|gesendet|datum|envoyé|enviado|enviada|fecha|inviato|data|verzonden|wysłano)\**\s*:",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{10,}\s*$")
_SIGNED = re.compile(r"--\s?$")
_TELEPHONE = re.compile(
    r"\s*(?:sent from my |sent from (?:outlook|yahoo|mail)|get outlook for|von meinem .{1,40} gesendet|gesendet von "
    r"|envoyé de mon |enviado desde mi |enviado do meu |inviato da |verstuurd vanaf |wysłane z )",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """What the sender of `text` wrote themselves, cleaned, at most `LONGEST` characters; empty when nothing is left."""
    cut = [line[:_LONGEST_LINE].rstrip() for line in clean(text, lines=True).split("\n", _MOST_LINES)[:_MOST_LINES]]
    kept = "\n".join(_own(cut))
    return re.sub(r"\n{3,}", "\n\n", kept).strip()[:LONGEST].rstrip()


def _own(lines: list[str]) -> Iterator[str]:
    """The lines before the end of what is their own, quoted ones and the line that announces them left out."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if _ends(lines, at):
            return
        if line.lstrip().startswith(">"):
            at += 1
            continue
        if (announced := _announces(lines, at)) is not None:
            if not _quotes(lines, announced):
                return  # quoted without marks: all that follows is the older mail
            at = announced
            continue
        yield line
        at += 1


def _ends(lines: list[str], at: int) -> bool:
    """Whether the signature, or an older mail with its own head, begins here."""
    line = lines[at]
    if _SIGNED.match(line) or _FORWARDED.match(line) or _TELEPHONE.match(line):
        return True
    after = lines[at + 1 : at + 5]
    if _RULE.match(line):
        return any(_FROM.match(one) for one in after)
    return bool(_FROM.match(line)) and any(_DATED.match(one) for one in after)


def _announces(lines: list[str], at: int) -> int | None:
    """Where “On … wrote:” that begins here is over; None when there is none."""
    if not _ON.match(lines[at]):
        return None
    joined = ""
    for end in range(at, min(at + _WRAPPED, len(lines))):
        joined = f"{joined} {lines[end]}".strip()
        if joined.endswith(":"):
            return end + 1 if _WROTE.search(joined) else None
    return None


def _quotes(lines: list[str], at: int) -> bool:
    """Whether the next line that is not blank is marked as quoted."""
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return following.lstrip().startswith(">")
