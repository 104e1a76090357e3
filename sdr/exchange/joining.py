"""Several rows of a file that are one person, as one row: blanks are filled, and what differs stays as a note."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sdr.desk import making
from sdr.models.terms import at
from sdr.rules.identity import company_key, host_of
from sdr.rules.money import decimal
from sdr.rules.text import folded

Values = dict[str, Any]
ADDRESSES = ("email", "email_2")
_NAME = ("name", *making.NAMES)
# What a lead has room for once, and how it is compared.
_ONCE: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("name", "arrived_at", *making.PLAIN), folded),
    "company": company_key,
    "website": host_of,
}
_SAID = {"arrived_at": "dated", "email": "e-mail", "external_id": "id", "cost_minor": "cost"}


def joined(root: Values, others: Sequence[Values], zone: str, currency: str | None) -> Values:
    """One person from several rows: the first row's values, blanks filled by the next; nothing erases anything.

    What another row says otherwise is a note; its date is of `zone`, its cost in `currency`.
    """
    found = dict(root)
    for other in others:
        told = _filled(found, other)
        differs = [
            f"{_SAID.get(word, word)} {_worded(word, value, zone, currency)}" for word, value in _left(told, other)
        ]
        note = f"another row of the file: {', '.join(differs)}"
        if differs and note not in told.get("notes", ()):
            told["notes"] = [*told.get("notes", ()), note]
        found = told
    return found


def _filled(held: Mapping[str, Any], other: Mapping[str, Any]) -> Values:
    """What is `held`, with what `other` knows more."""
    found = {**held, **{word: value for word, value in other.items() if word not in held and word not in _NAME}}
    found |= making.named((held.get("first_name"), held.get("last_name")), other)
    for word in ("notes", "tags"):
        if word in held and word in other:
            found[word] = [*held[word], *(one for one in other[word] if one not in held[word])]
    if "phones" in held and "phones" in other:
        numbers = {one["e164"] for one in held["phones"]}
        found["phones"] = [*held["phones"], *(one for one in other["phones"] if one["e164"] not in numbers)]
    if other.get("email") not in (None, found.get("email"), found.get("email_2")):
        found.setdefault("email_2", other["email"])
    return found


def _left(found: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What `other` says that is not found."""
    addresses = [found.get(word) for word in ADDRESSES]
    for word, same in _ONCE.items():
        if word not in other or other[word] == found.get(word):
            continue
        value = other[word]
        if word in ADDRESSES:
            if value not in addresses:
                yield "email", value
        elif same(str(value)) != same(str(found.get(word, ""))):
            yield word, value


def _worded(word: str, value: Any, zone: str, currency: str | None) -> str:
    if word == "arrived_at":
        return _dated(at(value).astimezone(ZoneInfo(zone)))
    return decimal(value, currency) or "" if word == "cost_minor" else str(value)


def _dated(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}" if (moment.hour, moment.minute) == (0, 0) else f"{moment:%Y-%m-%d %H:%M}"
