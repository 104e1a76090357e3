"""A lead made from what was told of a person, and what more a kept lead learns from it. Pure: nothing is read here.

Typing one lead, importing a hundred thousand and merging two all end in these functions, so that a lead is the
same whichever way it came. `told` is a dictionary of clean values, as `sdr.rules.told` gives them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson

from sdr.desk import steps
from sdr.desk.steps import Fields, NextStep
from sdr.models.terms import Band, Confidence, LeadState, NextKind, at, ms
from sdr.rules import places
from sdr.rules.grading import Facts, to_bound
from sdr.rules.rubric import Rubric
from sdr.rules.scoring import score
from sdr.rules.text import folded
from sdr.rules.titles import title_words
from sdr.rules.told import called
from sdr.rules.triage import QUALIFIERS, missing_qualifiers
from sdr.rules.zone_tables import COUNTRIES
from sdr.store import rows
from sdr.store.judging import columns_of

Told = Mapping[str, Any]

# Columns of a lead that are what was told, word for word.
NAMES = ("first_name", "last_name")
PLAIN = (
    "title", "seniority", "department", "email", "email_2", "company", "website",
    "industry", "employees", "country", "region", "city", "postcode", "street", "linkedin", "external_id", "consent",
    "campaign", "cost_minor",
)  # fmt: skip
ADDRESS = ("country", "region", "city", "postcode", "street")
_TOLD = (*NAMES, *PLAIN)
FACTS = Facts._fields
_WORDS_OF_FACTS = tuple(name for name in FACTS if name != "employees")
# Filling one of these may tell the zone better.
WHERE = frozenset({"country", "region", "city", "phones", "zone"})
GUESSED = (Confidence.REP, Confidence.COMPANY)
MOST_GIVEN = 20_000  # answers kept by a setting
KEEP, FILL, REPLACE = "keep", "fill", "replace"


@dataclass(frozen=True, slots=True)
class Setting:
    """What all leads of one act share: whose they are, the rubric in force, the time. Answers are kept once given."""

    rep: rows.Rep
    rubric_id: int
    rubric: Rubric
    now: datetime
    away: frozenset[date] = frozenset()  # the rep's days off, on which no clock runs
    stamp: int = field(init=False)  # `now` in ms UTC
    _given: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamp", ms(self.now))

    def judged(self, row: Mapping[str, Any]) -> Fields:
        """The score columns of a lead of whom nothing but the facts in `row` is known."""
        facts = {name: row.get(name) for name in FACTS}
        facts["employees"] = self._bound(row.get("employees"))
        key = ("score", *facts.values())
        if key not in self._given:
            found = score(self.rubric, {}, Facts(**facts), now=self.now)
            self._given[key] = columns_of(self.rubric_id, found)
        known: Fields = self._given[key]
        return known

    def _forget(self) -> None:
        """Answers are kept while they are few: a file may have another time in every row."""
        if len(self._given) >= MOST_GIVEN:
            self._given.clear()

    def _bound(self, employees: int | None) -> int | None:
        key = ("bound", employees)
        found: int | None = self._given.get(key)
        if found is None and key not in self._given:
            found = self._given[key] = to_bound(self.rubric.grading, employees)
        return found

    def standing(self, row: Mapping[str, Any], source: rows.Source | None, state: LeadState) -> Fields:
        """The columns that are something of what the title tells, score and first next step, of a lead of whom only
        `row` is known."""
        # Not the state itself: the hash of a member of an enumeration is a call of its own.
        inquiry = state is LeadState.INQUIRY
        size = self._bound(row.get("employees"))
        key = ("standing", *map(row.get, _WORDS_OF_FACTS), size, source and source.type, inquiry)
        found: Fields | None = self._given.get(key)
        if found is None:
            told = titled(row)
            judged = self.judged({**row, **told})
            every = told | judged | self.placed(source, state, judged["grade"])
            found = self._given[key] = {name: value for name, value in every.items() if value is not None}
        return found

    def respond_by(self, source: rows.Source | None, arrived: int) -> int | None:
        """When a lead that arrived then (ms UTC) is to be answered, ms UTC."""
        key = ("clock", source and (source.type, source.respond_for), arrived)
        found: int | None = self._given.get(key)
        if found is None and key not in self._given:
            self._forget()
            due = steps.respond_by(self.rep, source, at(arrived), self.away)
            found = self._given[key] = ms(due) if due else None
        return found

    def placed(self, source: rows.Source | None, state: LeadState, grade: str) -> Fields:
        """The columns of the first next step; `due_at` is still to be set."""
        key = ("place", source and source.type, state, grade)
        if key not in self._given:
            kind = NextKind.COMPLETE if state is LeadState.INQUIRY else NextKind.TRIAGE
            note = "inquiry: company, title or phone?" if state is LeadState.INQUIRY else None
            step = NextStep(kind, self.now, None, note)
            self._given[key] = steps.placed(blank()._replace(grade=grade), source, state, step)
        found: Fields = self._given[key]
        return found

    def located(self, told: Told) -> tuple[str, Confidence]:
        """The zone of a person and where it comes from."""
        zone = self.zoned(told)
        return zone["zone"], Confidence(zone["zone_from"])

    def zoned(self, told: Told) -> Fields:
        """The columns that say where a person is."""
        zones = tuple(told.get("phone_zones", ()))
        key = ("zone", told.get("zone"), told.get("country"), told.get("region"), told.get("city"), zones)
        found: Fields | None = self._given.get(key)
        if found is None:
            self._forget()
            zone, zone_from = places.zone(*key[1:], None, self.rep.zone)
            found = self._given[key] = {"zone": zone, "zone_from": zone_from.value}
        return found


@cache
def blank() -> rows.Lead:
    """A lead of which nothing is known."""
    numbers = ("rank", "touch_no", "touch_of", "snoozes", "score", "fit", "engagement", "known", "known_of")
    empty = dict.fromkeys(rows.Lead._fields)
    words = {"state": "new", "name": "", "zone": "UTC", "zone_from": "rep", "grade": "", "search_key": ""}
    times = {"id": 0, "arrived_at": 0, "recorded_at": 0}
    return rows.Lead(**{**empty, **dict.fromkeys(numbers, 0), **words, **times})  # type: ignore[arg-type]


def lead_fields(told: Told, setting: Setting, source: rows.Source | None = None) -> Fields:
    """Every column of a new lead but `account_id`, `source_id` and `batch_id`; tags are fields `tag:NAME`.

    `arrived_at` in `told` is the lead's own time (ms UTC), else it is now. A lead is complete: it has a next
    step, the rep who owns it, and a place in the queue.
    """
    row: Fields = {name: told[name] for name in _TOLD if name in told}
    row["name"] = called(told) or told.get("company") or "somebody"
    if "phones" in told:
        row |= numbers(told["phones"])
    row |= setting.zoned(told)
    if "country" not in row and (country := told.get("phone_country") or _country_of(told.get("zone"))):
        row["country"] = country
    arrived = min(told.get("arrived_at", setting.stamp), setting.stamp)
    respond_by = setting.respond_by(source, arrived)
    state = LeadState.INQUIRY if missing_qualifiers(row) else LeadState.NEW
    row |= setting.standing(row, source, state)
    hot = row.get("queue_band") == Band.HOT and respond_by is not None
    row |= {
        "due_at": respond_by if hot else arrived, "respond_by": respond_by, "arrived_at": arrived,
        "recorded_at": setting.stamp, "owner_id": setting.rep.id, "owned_at": setting.stamp,
    }  # fmt: skip
    for tag in told.get("tags", ()):
        row[f"tag:{tag}"] = True
    return row


def numbers(phones: Any) -> Fields:
    """The telephone columns: the list, and the first number that is not struck out."""
    listed = list(phones)
    if not listed:
        return {}
    for first in listed:
        if not first.get("struck"):
            break
    else:
        first = {"e164": None, "type": None}
    return {"phones": orjson.dumps(listed).decode(), "phone": first["e164"], "phone_type": first["type"]}


def titled(row: Mapping[str, Any]) -> Fields:
    """Seniority and department as the title tells them, where nobody said so."""
    if not row.get("title"):
        return {}
    seniority, department = title_words(row["title"])
    found: Fields = {}
    if seniority and not row.get("seniority"):
        found["seniority"] = seniority
    if department and not row.get("department"):
        found["department"] = department
    return found


def filled(lead: rows.Lead, told: Told, setting: Setting, policy: Mapping[str, str] | None = None) -> Fields:
    """The columns of a kept `lead` that change when it learns `told`; a blank never erases anything.

    `policy` says per field what an import may do with a value that differs: `fill` blanks (the default), `keep`
    all, or `replace`. A number or an address that is new is added behind those that are there.
    """
    chosen = policy or {}
    new: Fields = {}
    for name in _fitting(lead, told):
        rule, held = chosen.get(name, FILL), getattr(lead, name)
        if (rule == REPLACE and held != told[name]) or (rule == FILL and held in (None, "")):
            new[name] = told[name]
    if "email_2" in new and new["email_2"] == (new.get("email") or lead.email):
        del new["email_2"]
    new |= _renamed(lead, told, chosen) | _second_address(lead, told, chosen, new)
    new |= _more_numbers(lead, told, chosen)
    if "title" in new:
        held = {word: new.get(word) or getattr(lead, word) for word in ("seniority", "department")}
        new |= titled({"title": new["title"], **held})
    new |= _moved(lead, told, new, setting)
    new |= {f"tag:{tag}": True for tag in told.get("tags", ()) if tag not in json.loads(lead.tags or "[]")}
    return new


def _fitting(lead: rows.Lead, told: Told) -> list[str]:
    """The plain columns told; parts of an address in another country are not mixed into this one."""
    elsewhere = lead.country and told.get("country") and lead.country != told["country"]
    return [name for name in PLAIN if name in told and not (elsewhere and name in ADDRESS and name != "country")]


def _renamed(lead: rows.Lead, told: Told, chosen: Mapping[str, str]) -> Fields:
    """A better name: the whole of one that was half known, or another where names are replaced."""
    rule = chosen.get("name", FILL)
    if rule == KEEP or not told.get("name"):
        return {}
    if rule == REPLACE:
        return {name: told.get(name) for name in ("name", *NAMES) if told.get(name) != getattr(lead, name)}
    return named((lead.first_name, lead.last_name), told)


def named(held: tuple[str | None, str | None], told: Told) -> Fields:
    """The name as `told`, when it completes the half that is `held` (first, last) and does not contradict it."""
    parts = tuple(told.get(name) for name in NAMES)
    more = any(new and not old for old, new in zip(held, parts, strict=True))
    same = all(not old or folded(old) == folded(new or "") for old, new in zip(held, parts, strict=True))
    return {name: told[name] for name in ("name", *NAMES) if name in told} if more and same else {}


def _second_address(lead: rows.Lead, told: Told, chosen: Mapping[str, str], new: Fields) -> Fields:
    """The address they also write from, when the lead has room for it."""
    held = (new.get("email") or lead.email, lead.email_2)
    other = told.get("email")
    if other is None or other in held or lead.email_2 or "email_2" in new or chosen.get("email_2", FILL) == KEEP:
        return {}
    return {"email_2": other}


def _more_numbers(lead: rows.Lead, told: Told, chosen: Mapping[str, str]) -> Fields:
    rule = chosen.get("phone", FILL)
    listed = listed_numbers(lead)
    held = {one["e164"] for one in listed}
    more = [one for one in told.get("phones", ()) if one["e164"] not in held]
    if not more or rule == KEEP:
        return {}
    return numbers([*more, *listed] if rule == REPLACE else [*listed, *more])


def listed_numbers(lead: rows.Lead) -> list[dict[str, Any]]:
    """Every number of a lead, the one that would be dialled among them."""
    listed: list[dict[str, Any]] = json.loads(lead.phones or "[]")
    if lead.phone and not any(one["e164"] == lead.phone for one in listed):
        first = {"e164": lead.phone, "type": lead.phone_type, "raw": lead.phone, "shown": lead.phone, "struck": None}
        listed.insert(0, first)
    return listed


def _moved(lead: rows.Lead, told: Told, new: Fields, setting: Setting) -> Fields:
    """The zone, when what is new tells it better than what was guessed; and the country that a number tells."""
    if not (new.keys() & WHERE) and "zone" not in told:
        return {}
    place = {name: new.get(name) or getattr(lead, name) for name in ADDRESS}
    zone, zone_from = setting.located({**place, "zone": told.get("zone"), "phone_zones": told.get("phone_zones", ())})
    found: Fields = {}
    if not place["country"] and told.get("phone_country"):
        found["country"] = told["phone_country"]
    surer = list(Confidence).index(zone_from) < list(Confidence).index(Confidence(lead.zone_from))
    if (surer or lead.zone_from in GUESSED) and zone != lead.zone:
        found |= {"zone": zone, "zone_from": zone_from.value}
    return found


def promoted(lead: rows.Lead, changed: Fields, source: rows.Source | None, setting: Setting) -> Fields:
    """What makes an inquiry a new lead once a qualifier is known; empty for every other lead."""
    if lead.state != LeadState.INQUIRY:
        return {}
    known = {name: changed.get(name) or getattr(lead, name) for name in QUALIFIERS}
    if missing_qualifiers(known):
        return {}
    step = NextStep(NextKind.TRIAGE, setting.now)
    return steps.placed(lead, source, LeadState.NEW, step, grade=changed.get("grade", lead.grade))


def differing(lead: rows.Lead, changed: Fields) -> Fields:
    """Those of `changed` that are not so already; tags always count."""
    return {name: value for name, value in changed.items() if name.startswith("tag:") or getattr(lead, name) != value}


def with_fields(lead: rows.Lead, changed: Fields) -> rows.Lead:
    """`lead` as it is after `changed` (tags left out)."""
    known = {name: value for name, value in changed.items() if not name.startswith("tag:")}
    return lead._replace(**known)


@cache
def _home_of() -> dict[str, str]:
    """Zones that are the main one of a single country, with that country."""
    pairs = [item.split("=", 1) for item in COUNTRIES.split()]
    zones = [zone for _, zone in pairs]
    return {zone: code for code, zone in pairs if zones.count(zone) == 1}


def _country_of(zone: str | None) -> str | None:
    return _home_of().get(zone or "")
