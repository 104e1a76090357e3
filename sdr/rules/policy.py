"""The contact policy as a frozen, dated value, read from the text of `policy.toml`.

The numbers live in that file because laws move; this module only refuses what it cannot understand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

from sdr.models.terms import Channel
from sdr.rules.filtering import FilterError, Term
from sdr.rules.places import main_zone, region_code
from sdr.rules.segments import SegmentRule, who
from sdr.rules.text import clean

_LONGEST = 500  # characters of one text of a segment
_KINDS = {str: "text", int: "a whole number", list: "a list", dict: "a table", date: "a date", time: "a time"}
OFF = "off"
LEVELS = (OFF, "warn", "stop", "block")

# What each rule must say besides its level and its source.
_RULES: dict[str, dict[str, type]] = {
    "us-mail": {"where": list, "channels": list},
    "bulk-mail": {"warn_at": int, "limit": int},
    "gdpr-basis": {"where": list},
    "gdpr-notice": {"where": list, "warn_days": int, "days": int},
    "uk-mail": {"where": list, "channels": list, "companies": list},
    "uk-calls": {"where": list, "days": int},
    "ca-consent": {"where": list, "channels": list, "kinds": dict},
    "us-dnc": {"where": list, "days": int, "exempt": list},
    "state-calls": {"where": list, "hours": int, "warn_at": int, "stop_at": int},
    "state-refusal": {"where": list, "days": int, "outcomes": list},
    "cap-channel": {"touches": dict},
    "cap-person": {"touches": int, "days": int},
    "cap-company": {"people": int},
    "replied": {},
    "bounced": {},
    "bounced-there": {"days": int},
}


class PolicyFault(ValueError):
    """The policy cannot be read; the message is a sentence that names the key."""


class CallingHours(NamedTuple):
    """When calls are allowed, in the called party's local time: `opens` included, `closes` excluded."""

    opens: time
    closes: time
    source: str  # the law or choice it comes from
    by_state: bool = False  # holds only where the state is known


class Unplaced(NamedTuple):
    """Hours for numbers of `countries` that may be in more than `more_than` zones, in the time of `zone`."""

    more_than: int
    countries: frozenset[str]
    zone: str
    hours: CallingHours


@dataclass(frozen=True, slots=True)
class Terms:
    """One rule of the policy.

    `level` is one of `LEVELS`; `where` are countries and states (US-FL), empty for everywhere; `channels` those it is
    about (empty: all that its law names); `words` its list (kinds, outcomes) and `numbers` its figures by name,
    tables of figures among them by `name.key`.
    """

    level: str
    source: str
    where: frozenset[str] = frozenset()
    channels: frozenset[Channel] = frozenset()
    words: frozenset[str] = frozenset()
    numbers: Mapping[str, int] = field(default_factory=dict)
    unknown_state: bool = False

    def holds_in(self, country: str | None, state: str | None) -> bool:
        """Whether the rule is on, and is about this place."""
        if self.level == OFF or not self.where:
            return self.level != OFF
        if country is None:
            return False
        if country in self.where or (state is not None and f"{country}-{state}" in self.where):
            return True
        return self.unknown_state and state is None and any(one.startswith(f"{country}-") for one in self.where)


@dataclass(frozen=True, slots=True, eq=False)  # one is itself alone, so that what follows from it can be kept
class Policy:
    """Calling hours by place ("default", a country ("US") or a state ("US-FL")), the rules by their names, and the
    team's own rules about segments."""

    version: str
    as_of: date
    hours: Mapping[str, CallingHours]
    rules: Mapping[str, Terms]
    unplaced: Unplaced | None = None
    segments: tuple[SegmentRule, ...] = ()

    def calling_hours(self, country: str | None, state: str | None) -> tuple[CallingHours, ...]:
        """The hours that hold at a place; all of them must allow a call, so the strictest wins."""
        national = self.hours.get(country or "")
        if national is None or (national.by_state and not state):
            return (self.hours["default"],)
        local = self.hours.get(f"{country}-{state}") if state else None
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
    for place in places:
        if place != "default":
            _place(place, f"hours.{place}")
    groups = {name: _words(each, f"groups.{name}") for name, each in _need(data, "groups", dict).items()}
    return Policy(
        version=_need(data, "version", str),
        as_of=_need(data, "as_of", date),
        hours={place: _hours(row, f"hours.{place}") for place, row in places.items()},
        rules=_rules(_need(data, "rules", dict), groups),
        unplaced=_unplaced(data["unplaced"]) if "unplaced" in data else None,
        segments=_segments(data["segments"]) if "segments" in data else (),
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


# --- rules ---------------------------------------------------------------------------------------------------------


def _rules(given: dict[str, Any], groups: Mapping[str, frozenset[str]]) -> dict[str, Terms]:
    for name in given:
        if name not in _RULES:
            raise PolicyFault(f"the policy knows no rules.{name}; it knows {', '.join(_RULES)}")
    return {name: _terms(_need(given, name, dict, "rules"), name, groups) for name in _RULES}


def _terms(row: dict[str, Any], name: str, groups: Mapping[str, frozenset[str]]) -> Terms:
    where = f"rules.{name}"
    level = _level(row, where)
    told = {key: _need(row, key, kind, where) for key, kind in _RULES[name].items()}
    if name == "cap-channel":
        _need(told["touches"], "default", int, f"{where}.touches")
        for word in told["touches"].keys() - {"default"}:
            _channel(word, f"{where}.touches")
    lists = {key: _words(each, f"{where}.{key}") for key, each in told.items() if isinstance(each, list)}
    return Terms(
        level=level,
        source=_need(row, "source", str, where),
        where=_places(lists.pop("where", frozenset()), groups, where),
        channels=frozenset(_channel(each, where) for each in lists.pop("channels", ())),
        words=frozenset().union(*lists.values(), *(each for each in told.values() if isinstance(each, dict))),
        numbers=dict(_numbers(told, where)),
        unknown_state=row.get("unknown_state") is True,
    )


# --- segments ------------------------------------------------------------------------------------------------------


def _segments(given: Any) -> tuple[SegmentRule, ...]:
    """The team's `[[segments]]`, numbered from 1 in what is said of them."""
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise PolicyFault("the policy needs segments as tables: write [[segments]] above each")
    found = tuple(_segment(row, f"segments {place}") for place, row in enumerate(given, 1))
    for place, one in enumerate(found, 1):
        if one.id in {other.id for other in found[: place - 1]}:
            raise PolicyFault(f"the policy's segments {place} has the name “{one.name}” of another; give it its own")
    return found


def _segment(row: dict[str, Any], where: str) -> SegmentRule:
    known = ("name", "who", "channels", "level", "reason", "set_by")
    if (other := next((key for key in row if key not in known), None)) is not None:
        raise PolicyFault(f"the policy's {where} knows no “{clean(other)[:40]}”; it has {', '.join(known)}")
    name, asked, reason, by = (_sentence(row, key, where) for key in ("name", "who", "reason", "set_by"))
    channels = _words(_need(row, "channels", list, where), f"{where}.channels")
    if not channels:
        raise PolicyFault(f"the policy's {where}.channels is empty; name one, or all")
    every = frozenset(Channel) if "all" in channels else frozenset[Channel]()
    chosen = frozenset(_channel(word, f"{where}.channels") for word in channels - {"all"})
    return SegmentRule(name, _who(asked, where), every | chosen, _level(row, where), reason.rstrip("."), by)


def _sentence(row: dict[str, Any], key: str, where: str) -> str:
    text = clean(_need(row, key, str, where))
    if not text or len(text) > _LONGEST:
        raise PolicyFault(f"the policy needs {where}.{key} as a text of 1 to {_LONGEST} characters")
    return text


def _who(text: str, where: str) -> tuple[Term, ...]:
    try:
        terms = who(text)
    except FilterError as fault:
        raise PolicyFault(f"the policy's {where}.who: {fault.message}") from None
    for term in terms:
        if term.field == "country":
            for code in term.values:
                _place(code.upper(), f"{where}.who")
    return terms


def _level(row: dict[str, Any], where: str) -> str:
    level: str = _need(row, "level", str, where)
    if level not in LEVELS:
        raise PolicyFault(f"the policy's {where}.level is one of {', '.join(LEVELS)}, not “{level}”")
    return level


def _words(given: Any, where: str) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise PolicyFault(f"the policy needs {where} as a list of texts")
    return frozenset(given)


def _channel(word: str, where: str) -> Channel:
    try:
        return Channel(word)
    except ValueError:
        known = ", ".join(each.value for each in Channel)
        raise PolicyFault(f"the policy's {where} knows no channel “{word}”; there is {known}") from None


def _places(given: Iterable[str], groups: Mapping[str, frozenset[str]], where: str) -> frozenset[str]:
    """Countries and states, groups spelled out."""
    found = frozenset[str]().union(*(groups.get(each, frozenset({each})) for each in given))
    for each in sorted(found):
        _place(each, f"{where}.where")
    return found


def _place(word: str, where: str) -> None:
    country, dash, state = word.partition("-")
    if main_zone(country) is None:
        raise PolicyFault(f"the policy's {where} names “{word}”, which is no country, state or group")
    if dash and region_code(country, state) != state:
        raise PolicyFault(f"the policy's {where} names “{word}”, which is no state of {country}")


def _numbers(told: Mapping[str, Any], where: str) -> Iterable[tuple[str, int]]:
    for key, value in told.items():
        if isinstance(value, dict):
            for inner in value:
                yield f"{key}.{inner}", _count(value[inner], f"{where}.{key}.{inner}")
        elif isinstance(value, int):
            yield key, _count(value, f"{where}.{key}")


def _count(value: Any, where: str) -> int:
    if type(value) is not int or value < 0:
        raise PolicyFault(f"the policy needs {where} as a whole number, not below 0")
    return value
