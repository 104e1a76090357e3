"""What a row or a typed line says of a person, as clean values: names, addresses, numbers, places, yes and no.

What is blank or cannot be read is left out; why it cannot be read stands beside the values as a flaw, and what was
written there is kept word for word, so that whoever makes a lead of it can leave a note: nothing vanishes. The values
are plain (str, int, bool, lists and dicts of them), so that a hundred thousand rows can be set aside on disk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sdr.rules import names, phones, places
from sdr.rules.identity import Address, Flaw, company_domain, email, plain_email, shared_mail
from sdr.rules.money import minor_units
from sdr.rules.text import clean

Values = dict[str, Any]

MOST_KEPT = 4_096  # readings kept of one field
LONGEST = 500  # characters of one field that is not a note
LONGEST_NOTE = 64_000
LONGEST_TAG = 60
MOST_NUMBERS = 4  # telephone numbers of one cell

# Fields that are kept as they are written.
WORDS = (
    "title", "seniority", "department", "company", "industry", "region", "city", "postcode", "street",
    "linkedin", "external_id", "consent", "campaign", "source", "owner", "website", "state", "ae", "reason",
)  # fmt: skip
# Fields whose cells come again and again in a file, and whose reading depends on nothing else.
OFTEN = frozenset({
    "title", "seniority", "department", "industry", "region", "city", "consent", "campaign", "source", "owner",
    "state", "ae", "reason", "country", "zone", "employees", "first_name", "last_name",
})  # fmt: skip
Kept = Mapping[str, dict[str, Any]]  # by field, what its cells say
# Whatever else stands in a "do not call" column is a no: a date of opting out, a reason, a tick of any shape.
_NAMES = ("first_name", "last_name")
_CODES = frozenset({"postcode", "external_id"})  # words of digits that a spreadsheet takes for numbers
_NO_WORDS = """
no n false 0 nein non nao não falso faux falsch off subscribed allowed ok - n/a na none null ne nee
"""
_NOT_SO = frozenset(_NO_WORDS.split())
# A "do not call" cell that says no more than that.
_YES_WORDS = """
yes y true 1 x ja j wahr oui si sí sim s tak da да はい 是 on checked ✓ ✔ ☑ dnc opted opt out unsubscribed do not call
email e mail contact
"""
_SO = frozenset(_YES_WORDS.split())
_SAID = {"email": "e-mail", "email_2": "second e-mail"}
_NOTHING_MORE = frozenset({"mailto", "mail", "e", "email", "or", "and"})
_WORD = re.compile(r"\w+")
_AMOUNT = re.compile(r"(\d{1,3}(?:[.,' \u00a0]\d{3})+|\d{1,9})(?:[.,]\d+)?\s*(k\b)?", re.IGNORECASE)
_BETWEEN_TAGS = re.compile(r"[;,|\n]")
_LOCAL_PART = re.compile(r"[._+-]+")


@dataclass(slots=True)
class Told:
    """`values` by field, `flaws` as (field, what is wrong with it), and what the values do not hold, word for word.

    Besides the fields of a lead: `phones` is the list a lead keeps ({"e164", "type", "raw", "shown", "struck"}),
    `phone_country` and `phone_zones` what the first number tells, `mail_name` the name beside an address,
    `cost_minor` minor units of the currency. `left_out` is (field, text as written, why).
    """

    values: Values = field(default_factory=dict)
    flaws: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)

    def wrong(self, word: str, text: str, reason: str) -> None:
        """`text` cannot be read as the field `word`: it is left out, and a flaw."""
        self.flaws.append((word, reason))
        self.left_out.append((word, text, reason))

    def notes(self, where: str) -> list[str]:
        """What is left out as notes: `phone in the file: 555 (number is too short)`, `where` being “in the file”."""
        return [
            f"{_SAID.get(word, word.removesuffix('_at').replace('_', ' '))} {where}: {_note(text)}"
            + (f" ({why})" if why else "")
            for word, text, why in dict.fromkeys(self.left_out)
        ]


def told(cells: Mapping[str, str], home: str | None = None, currency: str | None = None) -> Told:
    """What `cells` (field to text) say. `home` (ISO alpha-2) is where numbers without a plus are dialled from
    when the row names no country."""
    found = Told()
    for word, text in cells.items():
        if (alone := _ALONE.get(word)) is not None:
            alone(found, word, text, currency)
    _together(found, cells, home)
    return found


def keeping(words: Iterable[str]) -> Kept:
    """Room for what the cells of these fields say in one file: `told_again` fills it, and looks there first."""
    return {word: {} for word in words}


def told_again(
    cells: Iterable[tuple[str, str]], home: str | None, currency: str | None, kept: Kept
) -> tuple[Told, dict[str, str]]:
    """As `told`, of one row of many: its cells by field, blank ones among them, which are passed over. `kept` has what
    other rows said. With it come the cells it did not have."""
    found = Told()
    values = found.values
    others: dict[str, str] = {}
    for word, text in cells:
        known = kept[word]
        if (value := known.get(text)) is not None:
            values[word] = value
        elif text and not text.isspace():
            others[word] = text
            if (alone := _ALONE.get(word)) is not None:
                alone(found, word, text, currency)
                if word in OFTEN and word in values:
                    _keep(known, text, values[word])
    _together(found, others, home)
    return found, others


def _keep(known: dict[str, Any], text: str, value: Any) -> None:
    """Keep what a cell says, unless a part of it was left out."""
    if len(text) <= LONGEST:
        if len(known) >= MOST_KEPT:
            known.clear()
        known[text] = value


# --- one field -------------------------------------------------------------------------------------------------------


def _written(found: Told, word: str, text: str, _currency: str | None) -> None:
    """A field that is kept as it is written, if it is not too long."""
    if len(text) > LONGEST:
        short = clean(text[: LONGEST * 2])[:LONGEST]
        if word not in _NAMES:
            found.left_out.append((word, text, ""))
    else:
        short = clean(text)
    if short:
        found.values[word] = short if word not in _CODES else _code(short)


def _understood(found: Told, word: str, text: str, _currency: str | None) -> None:
    """A field with a reading of its own; a flaw of it is noted instead."""
    value = _SIMPLE[word](text)
    if isinstance(value, Flaw):
        found.wrong(word, text, value.reason)
    elif value is not None and value != "" and value != []:
        found.values[word] = value
    if word in _LOSING and _LOSING[word](text):
        found.left_out.append((word, text, ""))


def _cost(found: Told, word: str, text: str, currency: str | None) -> None:
    if (cost := minor_units(text, currency)) is None:
        found.wrong(word, text, "cost is not an amount")
    else:
        found.values["cost_minor"] = cost


def _code(text: str) -> str:
    """`28013.0` is what became of 28013 on its way through a column of numbers."""
    return text.removesuffix(".0") if text.removesuffix(".0").isdecimal() else text


@lru_cache(maxsize=1024)
def _country(text: str) -> str | Flaw:
    return places.country(clean(text)) or Flaw("country is not known")


@lru_cache(maxsize=1024)
def _zone(text: str) -> str | Flaw:
    return places.zone_named(clean(text)) or Flaw("time zone is not known")


def _domain(text: str) -> str:
    return company_domain(None, text) or ""


def _note(text: str) -> str:
    return clean(text[: LONGEST_NOTE * 2], lines=True)[:LONGEST_NOTE]


def _tags(text: str) -> list[str]:
    pieces = (clean(piece)[:LONGEST_TAG] for piece in _BETWEEN_TAGS.split(text[:LONGEST]))
    return list(dict.fromkeys(piece for piece in pieces if piece))


@lru_cache(maxsize=4096)
def employees(text: str) -> int | Flaw:
    """A head count as files have it: `1,200`, `51-200` (its lower bound), `10k`."""
    found = _AMOUNT.search(text)
    if found is None:
        return Flaw("number of employees is not a number")
    return int(re.sub(r"\D", "", found[1])) * (1000 if found[2] else 1)


def is_yes(text: str) -> bool:
    """Whether a "do not call" cell says so: everything but a plain no does."""
    return clean(text).casefold().rstrip(".") not in _NOT_SO


_SIMPLE: dict[str, Callable[[str], Any]] = {
    "country": _country,
    "zone": _zone,
    "domain": _domain,
    "notes": _note,
    "tags": _tags,
    "employees": employees,
    "do_not_call": lambda text: is_yes(text) or None,
    "do_not_email": lambda text: is_yes(text) or None,
}


def _says_why(text: str) -> bool:
    """Whether a "do not call" cell says more than yes: since when, or why."""
    return not _SO.issuperset(clean(text).casefold().replace("-", " ").rstrip(".").split()) and is_yes(text)


# Fields that do not hold all that their cells may say, and whether this cell says more.
_LOSING: dict[str, Callable[[str], bool]] = {
    "domain": lambda text: not _domain(text) and not shared_mail(clean(text).lower()),
    "tags": lambda text: len(text) > LONGEST or any(len(piece) > LONGEST_TAG for piece in _BETWEEN_TAGS.split(text)),
    "do_not_call": _says_why,
    "do_not_email": _says_why,
}


# What a cell of these fields says by itself.
_ALONE: dict[str, Callable[[Told, str, str, str | None], None]] = {
    **dict.fromkeys((*WORDS, *_NAMES), _written),
    **dict.fromkeys(_SIMPLE, _understood),
    "cost": _cost,
}


# --- several fields together -----------------------------------------------------------------------------------------


def _together(found: Told, cells: Mapping[str, str], home: str | None) -> None:
    """What the cells say that are read with others."""
    if len(cells.get("notes", "")) > LONGEST_NOTE:
        found.flaws.append(("notes", f"notes are longer than {LONGEST_NOTE:,} characters: what is beyond was cut off"))
    _names(found, cells)
    if "email" in cells or "email_2" in cells:
        _addresses(found, cells)
    if "phone" in cells or "mobile" in cells:
        _numbers(found, cells, found.values.get("country") or home)


def _names(found: Told, cells: Mapping[str, str]) -> None:
    values = found.values
    first, last = values.get("first_name", ""), values.get("last_name", "")
    for word in _NAMES:
        if word in cells and len(cells[word]) > LONGEST:
            found.left_out.append((word, cells[word], ""))
    whole = cells.get("name", "")
    if whole and whole.strip():
        parts = names.person(whole[:LONGEST])
        first, last, shown = first or parts.first, last or parts.last, parts.display
        if shown != whole and names.more_than_a_name(whole[: LONGEST * 2], shown):
            found.left_out.append(("name", whole, ""))
    else:
        shown = f"{first} {last}".strip()
    if first:
        values["first_name"] = first
    if last:
        values["last_name"] = last
    if shown:
        values["name"] = shown


def _addresses(found: Told, cells: Mapping[str, str]) -> None:
    values = found.values
    for word in ("email", "email_2"):
        if not (text := cells.get(word, "")).strip():
            continue
        if plain := plain_email(text):
            if "email" not in values:
                values["email"] = plain
            elif _full(values, plain):
                found.left_out.append((word, text, ""))
            continue
        address = email(text[:LONGEST])
        if isinstance(address, Flaw):
            found.wrong(word, text, address.reason)
            continue
        full = [one for one in (address.email, address.extra) if one and _full(values, one)]
        if address.name:
            values.setdefault("mail_name", address.name)
        if full or _more_than_addresses(text, address, values):
            found.left_out.append((word, text, ""))


def _full(values: Values, address: str) -> bool:
    """Give a lead this address; True when it has two others already."""
    if address == values.get("email"):
        return False
    return bool(values.setdefault("email_2" if "email" in values else "email", address) != address)


def _more_than_addresses(text: str, address: Address, values: Values) -> bool:
    """Whether a cell says more than the addresses that were read from it, and the name that the row gives."""
    rest = clean(text[: LONGEST * 2]).lower().replace(address.email, " ")
    if address.extra:
        rest = rest.replace(address.extra, " ")
    named = str(values.get("name") or values.get("mail_name") or "")
    # An address in the place of a name is none.
    known = _NOTHING_MORE if "@" in named else _NOTHING_MORE.union(_WORD.findall(named.lower()))
    return any(word not in known for word in _WORD.findall(rest))


def _numbers(found: Told, cells: Mapping[str, str], country: str | None) -> None:
    values = found.values
    listed: dict[str, dict[str, Any]] = {}
    for word in ("phone", "mobile"):
        text = cells.get(word, "")
        for _ in range(MOST_NUMBERS):
            if not text.strip():
                break
            number = phones.phone(text[:LONGEST], country)
            if isinstance(number, Flaw):
                found.wrong(word, text, number.reason)
                break
            if not listed:
                values["phone_country"], values["phone_zones"] = number.country, list(number.zones)
            if number.e164 not in listed:
                listed[number.e164] = entry(number, text)
            text = number.extra
        else:
            if text.strip():
                found.left_out.append((word, text, ""))
    if listed:
        values["phones"] = list(listed.values())


def entry(number: phones.Phone, text: str) -> dict[str, Any]:
    """A number as a lead's list keeps it: dialled as `e164`, read as `shown`, typed as `raw`."""
    raw = clean(text[:LONGEST])[:80]
    return {"e164": number.e164, "type": number.type, "raw": raw, "shown": number.shown, "struck": None}


def called(values: Mapping[str, Any]) -> str | None:
    """What to call a person who gave `values`: their name, else the name beside or before the @, else a number."""
    if values.get("name") or values.get("mail_name"):
        return str(values.get("name") or values["mail_name"])
    if values.get("email"):
        local = _LOCAL_PART.sub(" ", values["email"].partition("@")[0]).strip()
        return local or str(values["email"])
    if values.get("phones"):
        return str(values["phones"][0]["shown"])
    return None
