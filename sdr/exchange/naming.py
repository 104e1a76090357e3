"""Which field a column header names: exact words first, then words without their trimmings, then telling tokens.

Pure text rules over `vocabulary`; what the cells hold is `content`'s business.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

from sdr.exchange import vocabulary as words
from sdr.exchange import vocabulary_scripts

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_LONGEST = 80  # a header is a name, not a paragraph


def _plain(text: str) -> str:
    """`text` without accents and case: "Téléphone" and "TELEPHONE" are one word."""
    apart = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("№", "no"))
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def tokens(header: str, *, camel: bool = False) -> tuple[str, ...]:
    """The words of `header`; `camel` also splits "LeadSource". "E-Mail" and "E Mail" give "email"."""
    text = header.strip()[:_LONGEST].removesuffix("__c")
    found = _TOKEN.findall(_plain(_CAMEL.sub(" ", text) if camel else text))
    joined: list[str] = []
    for word in found:
        if joined and joined[-1] == "e" and word.startswith("mail"):
            joined[-1] = "e" + word
        else:
            joined.append(word)
    return tuple(joined)


def normalise(header: str) -> str:
    """`header` as it is compared: no case, accents, punctuation or spaces ("E-Mail Address" -> "emailaddress")."""
    return "".join(tokens(header))


def _table(aliases: dict[str, str]) -> dict[str, str]:
    return {normalise(alias): field for field, text in aliases.items() for alias in text.split(",") if alias.strip()}


@lru_cache(maxsize=1)
def _fields() -> dict[str, str]:
    return (
        _table(vocabulary_scripts.ALIASES)
        | _table(words.ALIASES)
        | {normalise(name): name for name in words.LEAD_FIELDS}
    )


@lru_cache(maxsize=1)
def _history() -> dict[str, str]:
    return _table(words.HISTORY_ALIASES) | {normalise(name): name for name in words.HISTORY_FIELDS}


def _exact(parts: tuple[str, ...]) -> str | None:
    return _fields().get("".join(parts))


def _trimmed(parts: tuple[str, ...]) -> str | None:
    """Without the words that only narrow: "Work Email (2)" -> "email"."""
    kept = tuple(p for p in parts if p not in words.NOISE and not p.isdigit())
    return _exact(kept) if kept and kept != parts else None


def _telling(parts: tuple[str, ...]) -> str | None:
    """By one telling word, unless another word says that the column is only *about* it."""
    said = set(parts)
    if "linkedin" in "".join(parts):
        return None if said & words.COMPANY_WORDS else "linkedin"
    if said & words.ABOUT_WORDS:
        return None
    if said & words.EMAIL_WORDS:
        return "email"
    if said & words.MOBILE_WORDS:
        return "mobile"
    return "phone" if said & words.PHONE_WORDS else None


@lru_cache(maxsize=4096)
def field_named(header: str, *, history: bool = False) -> str | None:
    """The field that `header` names, or None. With `history`, the words of a team's past come first.

    May also answer `vocabulary.DO_NOT_CONTACT`, which stands for two fields.
    """
    plain = tokens(header)
    if history and (field := _history().get("".join(plain))):
        return field
    split = tokens(header, camel=True)
    for rule in (_exact, _trimmed, _telling):
        if field := rule(plain) or rule(split):
            return field
    return None


def known(cell: str) -> bool:
    """Whether `cell` reads as a column name, of any field."""
    return 0 < len(cell) <= _LONGEST and field_named(cell, history=True) is not None


def personal(header: str) -> bool:
    """Whether `header` says that the address or number is a private one, to be taken after the others."""
    return not words.PERSONAL.isdisjoint(tokens(header))


def fingerprint(header: tuple[str, ...]) -> str:
    """The shape of a file: SHA-256 of its column names, whatever their order, case and accents."""
    return sha256("\x1f".join(sorted(map(normalise, header))).encode("utf-8", "replace")).hexdigest()
