"""Where a lead is: the country behind a name, and the time zone behind an address or a number.

A zone is never invented quietly: it comes with its `Confidence`. What country and zone names exist is data, in
`country_names` and `zone_tables`; nothing here looks anything up outside the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfoNotFoundError

from sdr.models.terms import Confidence, zone_of
from sdr.rules.country_names import NAMES
from sdr.rules.text import folded
from sdr.rules.zone_tables import ALIASES, CITIES, COUNTRIES, REGIONS, WIDE

_JOIN = re.compile(r"\bthe\b|[^\w]+")
_ZONE = re.compile(r"[A-Za-z][A-Za-z_]*(/[A-Za-z0-9_+-]+)*")
MANY = 6  # a number with more zones than this says nothing (a toll-free number has about forty)


def _key(name: str) -> str:
    spelled = folded(name).replace("&", "and").replace(".", "").replace("'", "").replace("’", "")
    return " ".join(_JOIN.sub(" ", spelled).split())


@cache
def _country_keys() -> dict[str, str]:
    codes = {}
    for line in NAMES.strip().splitlines():
        code, names = line.split(" ", 1)
        codes[code.lower()] = code
        codes |= {_key(name): code for name in names.split(" | ")}
    return codes


@cache
def country(text: str) -> str | None:
    """The ISO alpha-2 code of the country `text` names, in any common spelling, or None."""
    return _country_keys().get(_key(text))


def _rows(table: str) -> Iterator[tuple[str, str, list[str]]]:
    for line in table.strip().splitlines():
        code, zone_name, items = line.split(" ", 2)
        yield code, zone_name.rstrip(":"), items.split(", ")


@cache
def _country_zones() -> dict[str, str]:
    return dict(item.split("=", 1) for item in COUNTRIES.split())


@cache
def _regions() -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    """(country, key of a code or name) to (code, zones)."""
    found: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    for where, zone_name, items in _rows(REGIONS):
        for code, name in (item.split(" ", 1) for item in items):
            for key in (_key(code), _key(name)):
                zones = found.get((where, key), (code, ()))[1]
                found[where, key] = code, tuple(dict.fromkeys((*zones, zone_name)))
    return found


@cache
def _cities() -> dict[tuple[str, str], str]:
    """(country, key of a city) to its zone, and under country "" the same for the first of that name."""
    found: dict[tuple[str, str], str] = {}
    for where, zone_name, names in _rows(CITIES):
        for name in names:
            found[where, _key(name)] = zone_name
            found.setdefault(("", _key(name)), zone_name)
    return found


@cache
def _aliases() -> dict[str, str]:
    lines = (line.split(": ", 1) for line in ALIASES.strip().splitlines())
    return {alias.lower(): name for name, aliases in lines for alias in aliases.split()}


@cache
def zone_named(text: str) -> str | None:
    """The IANA zone that `text` names, by its name in any case or a common alias (`PST`, `Asia/Calcutta`)."""
    text = text.strip()
    if alias := _aliases().get(text.lower()):
        return alias
    for name in (text, text.title()):
        try:
            if _ZONE.fullmatch(name) and "/" in name and zone_of(name):
                return name
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC" if text.upper() == "UTC" else None


def region_code(country_code: str | None, region: str | None) -> str | None:
    """The code of a state or province (`FL`) from its code or name, where the desk knows the country's."""
    found = _regions().get((country_code or "", _key(region or "")))
    return found[0] if found else None


def main_zone(country_code: str | None) -> str | None:
    """The zone of the country, or the one most of its people live by."""
    return _country_zones().get(country_code or "")


@cache
def main_zones() -> frozenset[str]:
    """The main zones of all countries."""
    return frozenset(_country_zones().values())


def address_zones(country_code: str | None, region: str | None, city: str | None) -> tuple[str, ...]:
    """The zones this address may be in, likeliest first; () when it does not tell.

    A city settles it; a state that lies in two zones gives both; a wide country without either gives none.
    """
    where = country_code or ""
    if city and (zone_name := _cities().get((where, _key(city)))):
        return (zone_name,)
    if region and (found := _regions().get((where, _key(region)))):
        return found[1]
    if where in WIDE:
        return ()
    single = main_zone(where)
    return (single,) if single else ()


def candidate_zones(
    country_code: str | None,
    region: str | None,
    city: str | None,
    phone_zones: tuple[str, ...],
    company_country: str | None = None,
) -> tuple[str, ...]:
    """Every zone the called party may be in: address, company address and number together, for calling hours."""
    address = address_zones(country_code, region, city)
    company = address_zones(company_country, None, None)
    return tuple(dict.fromkeys((*address, *company, *phone_zones)))


def _guess(country_code: str | None, phone_zones: tuple[str, ...], rep_zone: str) -> str:
    if main := main_zone(country_code):
        rows = (*_rows(REGIONS), *_rows(CITIES))
        return rep_zone if any(row[:2] == (country_code, rep_zone) for row in rows) else main
    return phone_zones[0] if phone_zones else rep_zone


def zone(
    explicit: str | None,
    country_code: str | None,
    region: str | None,
    city: str | None,
    phone_zones: tuple[str, ...],
    company_country: str | None,
    rep_zone: str,
) -> tuple[str, Confidence]:
    """The lead's zone and where it comes from: named, address, number, company, and last a guess.

    `phone_zones` are `phones.Phone.zones`, likeliest first. A number that may be in more than `MANY` zones
    does not count; the guess for a wide country is the rep's own zone if that lies there, else its main one.
    """
    if explicit and (named := zone_named(explicit)):
        return named, Confidence.EXPLICIT
    if address := address_zones(country_code, region, city):
        return address[0], Confidence.ADDRESS
    if phone_zones and len(phone_zones) <= MANY:
        return phone_zones[0], Confidence.PHONE
    if company := main_zone(company_country):
        return company, Confidence.COMPANY
    return _guess(country_code, phone_zones, rep_zone), Confidence.REP
