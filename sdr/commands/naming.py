"""What words on the command line mean: a lead, a time, a reason, an amount. Words that mean nothing end in exit 2."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from sdr.commands.frame import Desk, nonsense, remark
from sdr.desk import steps
from sdr.models.terms import ms, zone_of
from sdr.rules.calendar import Calendar
from sdr.rules.dates import phrase, preset
from sdr.rules.filtering import FilterError, parse
from sdr.rules.text import width
from sdr.store import rows
from sdr.store.queries import cadences, leads, playbook
from sdr.store.queries.queue import EVERYTHING, Narrowed
from sdr.store.session import Reader

LARGEST = 2**63 - 1
AROUND = 60  # characters shown before and behind the fault of a filter
LONGEST_FILE = 1 << 20  # characters of a playbook file
FIRST_YEAR, LAST_YEAR = 1971, 2199  # zones moved by whole days before, and no clock runs longer
EXAMPLES = "write tomorrow, next tue 3pm, +3bd, 2026-06-01 or 2026-06-01T15:00"


def the_lead(found: Desk, words: str) -> rows.Lead:
    """The one lead that `words` mean: an id, an e-mail address, or words that match no other lead."""
    named = () if _no_id(words) else found.read(leads.named, words)
    if not named:
        nonsense("lead.unknown", f"no lead matches “{words}”", "look with `sdr queue --filter`")
    if len(named) > 1:
        listed = "; ".join(f"{one.id} {one.name}" + (f", {one.company}" if one.company else "") for one in named)
        nonsense("lead.several", f"“{words}” matches several leads: {listed}", "use the id")
    lead = found.read(leads.lead, named[0].id)
    assert lead is not None  # named a moment ago, and leads never leave the file
    return lead


def the_filter(found: Desk, wanted: str) -> Narrowed:
    """The filter as the list understands it; a fault points at its place."""
    if not wanted.strip():
        return EVERYTHING
    from sdr.store.queries.narrowing import narrowed

    try:
        made = narrowed(parse(wanted), found.now, found.zone)
        if not made.sql and not made.typed:  # a bracket alone, say, which would let everybody through
            raise FilterError(0, "there is nothing in it to look for")
        return made
    except FilterError as fault:
        if not found.as_json:
            for line in _pointed(wanted, fault.position):
                remark(f"  {line}")
        nonsense("filter.unclear", f"the filter cannot be read: {fault.message}")


def _pointed(text: str, place: int) -> tuple[str, str]:
    """What was typed around its fault, and a mark under it, also behind tabs, line ends and wide letters."""
    shown = "".join(" " if char.isspace() or not char.isprintable() else char for char in text)
    start = max(0, place - AROUND)
    return shown[start : place + AROUND], " " * width(shown[start:place]) + "^"


def the_drip(found: Desk, name: str) -> rows.Cadence:
    """The one drip in force that a name, a part of it, or the digit of the list means."""
    listed = found.read(playbook.cadences)
    if name.isascii() and name.isdigit() and 0 < int(name) <= len(listed):
        return listed[int(name) - 1]
    named = found.read(cadences.named, name)
    if len(named) != 1:
        there = ", ".join(f"“{row.name}”" for row in named or listed)
        means = f"“{name}” means several drips: {there}" if named else f"there is no drip “{name}”; there is {there}"
        nonsense("drip.several" if named else "drip.unknown", means, "`sdr cadence list` shows them")
    return named[0]


def _no_id(words: str) -> bool:
    """Digits that no id can be: of another script, or too many."""
    return words.isdigit() and (not words.isascii() or int(words) > LARGEST)


def an_id(words: str, what: str) -> int:
    """The number of a `what`."""
    if not (words.isascii() and words.isdigit() and int(words) <= LARGEST):
        nonsense(f"{what}.unknown", f"“{words}” is not the number of a {what}", f"`sdr {what}s` lists them")
    return int(words)


def moment(found: Desk, text: str, *, lead: rows.Lead | None = None, zone: str | None = None) -> datetime:
    """A typed time. A date digit or phrase lands in the prospect's hours (the rep's without a `lead`).

    An exact time without an offset is read in `zone`, else in the rep's zone, and a phrase in `zone` when given.
    """
    zone = None if zone is None else zone_named(zone)
    words = text.strip()
    exact = _exact(words, zone or found.zone)
    if exact is not None:
        return exact
    cal = found.read(_calendar, found.book.rep, lead, found.now)
    if len(words) == 1 and words in "1234567":
        meant = preset(int(words), found.now, zone or cal.zone, cal.hours, cal.closed)
    else:
        meant = phrase(words, found.now, zone or cal.zone, cal.hours, cal.closed)
    if meant is None:
        nonsense("time.unclear", f"“{text}” is not a time to come", EXAMPLES)
    return meant


def _calendar(db: Reader, rep: rows.Rep, lead: rows.Lead | None, now: datetime) -> Calendar:
    """The hours in which a phrase lands: the prospect's, else the rep's; days off of ours left out."""
    if lead is not None:
        return steps.calendar_of(lead, now, db)
    return steps.rep_calendar(rep, now, steps.days_off(db, rep.id, now))


def _exact(words: str, zone: str) -> datetime | None:
    """A date with its time; dates alone are phrases."""
    try:
        exact = datetime.fromisoformat(words)
        if len(words) <= 10:
            return None
        exact = exact if exact.tzinfo else exact.replace(tzinfo=zone_of(zone))
        ms(exact)
    except (ValueError, OverflowError, OSError):
        return None
    return exact


def instant(text: str, zone: str) -> datetime:
    """An exact time, past or to come; without an offset it is read in `zone`, a bare date as its midnight."""
    words = text.strip()
    exact = _exact(f"{words}T00:00" if len(words) <= 10 else words, zone)
    if exact is None or not FIRST_YEAR <= exact.year <= LAST_YEAR:
        nonsense(
            "time.unclear", f"“{text}” is not a time between {FIRST_YEAR} and {LAST_YEAR}", "write 2026-06-01T15:00"
        )
    return exact


def zone_named(name: str) -> str:
    """The time zone of this name, which must be one."""
    try:
        return zone_of(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        nonsense("zone.unknown", f"“{name}” is not a time zone", "write one like Europe/Madrid")


def playbook_text(file: Path) -> str:
    """The text of a playbook file that somebody wrote."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as fault:
        nonsense("file.unreadable", f"the file cannot be read: {fault.strerror}", "check its name")
    except UnicodeDecodeError:
        nonsense("file.unreadable", "the file is not UTF-8 text", "save it as UTF-8")
    if len(text) > LONGEST_FILE:
        nonsense("file.too-long", "the file is longer than a playbook can be")
    return text


def one_of(what: str, word: str, known: Iterable[str]) -> str:
    """`word`, which must be one of `known`."""
    listed = tuple(known)
    if word not in listed:
        nonsense(f"{what}.unknown", f"“{word}” is no {what}; there is {', '.join(listed)}")
    return word


def pairs(words: Sequence[str]) -> dict[str, str]:
    """`key=value` words as a mapping; the last of a key counts."""
    told: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key.strip():
            nonsense("pair.unclear", f"“{word}” is not key=value")
        told[key.strip()] = value.strip()
    return told
