"""The calling policy as a frozen, dated value, read from the text of `policy.toml`.

The numbers live in that file because laws move; this module only refuses what it cannot understand.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time
from typing import Any

_KINDS = {str: "text", int: "a whole number", list: "a list", dict: "a table", date: "a date", time: "a time"}


class PolicyFault(ValueError):
    """The policy cannot be read; the message is a sentence that names the key."""


@dataclass(frozen=True, slots=True)
class CallingHours:
    """When calls are allowed, in the called party's local time: `opens` included, `closes` excluded."""

    opens: time
    closes: time
    source: str  # the law or choice it comes from
    by_state: bool = False  # holds only where the state is known


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Hours for numbers of `countries` that may be in more than `more_than` zones, in the time of `zone`."""

    more_than: int
    countries: frozenset[str]
    zone: str
    hours: CallingHours


@dataclass(frozen=True, slots=True)
class Policy:
    """Calling hours by place: "default", a country ("US") or a state ("US-FL")."""

    version: str
    as_of: date
    hours: tuple[tuple[str, CallingHours], ...]
    unplaced: Unplaced | None = None

    def calling_hours(self, country: str | None, state: str | None) -> tuple[CallingHours, ...]:
        """The hours that hold at a place; all of them must allow a call, so the strictest wins."""
        by_place = dict(self.hours)
        national = by_place.get(country or "")
        if national is None or (national.by_state and not state):
            return (by_place["default"],)
        local = by_place.get(f"{country}-{state}") if state else None
        return (national, local) if local else (national,)


def read_policy(text: str) -> Policy:
    """The policy in `text`, TOML; raises `PolicyFault`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PolicyFault(f"the policy is not TOML: {fault}") from None
    places = _need(data, "hours", dict)
    if "default" not in places:
        raise PolicyFault("the policy needs [hours.default]: hours for every other place")
    return Policy(
        version=_need(data, "version", str),
        as_of=_need(data, "as_of", date),
        hours=tuple((place, _hours(row, f"hours.{place}")) for place, row in places.items()),
        unplaced=_unplaced(data["unplaced"]) if "unplaced" in data else None,
    )


def _need(row: Any, key: str, kind: type, where: str = "") -> Any:
    if not isinstance(row, dict) or type(row.get(key)) is not kind:
        raise PolicyFault(f"the policy needs {f'{where}.' if where else ''}{key} as {_KINDS[kind]}")
    return row[key]


def _hours(row: Any, where: str) -> CallingHours:
    opens, closes = _need(row, "from", time, where), _need(row, "to", time, where)
    if opens >= closes:
        raise PolicyFault(f"the policy's {where} must open before it closes")
    return CallingHours(opens, closes, _need(row, "source", str, where), row.get("by_state") is True)


def _unplaced(row: Any) -> Unplaced:
    return Unplaced(
        more_than=_need(row, "more_than", int, "unplaced"),
        countries=frozenset(_need(row, "countries", list, "unplaced")),
        zone=_need(row, "zone", str, "unplaced"),
        hours=_hours(row, "unplaced"),
    )
