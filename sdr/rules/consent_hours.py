"""Calling hours: a call or a text only while every zone the person may be in is inside its window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sdr.models.terms import zone_of
from sdr.rules.contact import Contact, Level, Rule
from sdr.rules.policy import CallingHours, Unplaced


def outside_hours(
    contact: Contact, now: datetime, hours: Sequence[CallingHours], unplaced: Unplaced | None
) -> Rule | None:
    """The rule that is broken by calling at `now`; a landline may be called with a reason, any other not at all."""
    windows = _windows(contact, hours, unplaced)
    level = Level.STOP if contact.phone_type == "landline" else Level.BLOCK
    if not windows:
        reason = "Nothing says what time it is there: fill in a country or a zone (E)."
        return Rule("hours.unknown", level, reason, passes=True)
    for zone, each in windows:
        if not _open(now, zone, each):
            local = now.astimezone(zone_of(zone))
            allowed = f"calls are allowed from {each.opens:%H:%M} to {each.closes:%H:%M}"
            reason = f"It is {local:%H:%M} in {zone}; {allowed}."
            return Rule("hours.closed", level, reason, _next_open(now, windows), passes=True)
    return None


def _windows(
    contact: Contact, hours: Sequence[CallingHours], unplaced: Unplaced | None
) -> list[tuple[str, CallingHours]]:
    """(zone, hours) pairs that must all be open: the strictest wins."""
    if unplaced and len(contact.zones) > unplaced.more_than and contact.country in unplaced.countries:
        return [(unplaced.zone, unplaced.hours)]
    return [(zone, each) for zone in contact.zones for each in hours]


def _open(moment: datetime, zone: str, hours: CallingHours) -> bool:
    return hours.opens <= moment.astimezone(zone_of(zone)).time() < hours.closes


def _opening(moment: datetime, zone: str, hours: CallingHours) -> datetime:
    """The next opening after a `moment` that is outside `hours`, UTC."""
    local = moment.astimezone(zone_of(zone))
    day = local.date() + timedelta(days=local.time() >= hours.opens)
    return datetime.combine(day, hours.opens, zone_of(zone)).astimezone(UTC)


def _next_open(now: datetime, windows: list[tuple[str, CallingHours]]) -> datetime | None:
    """The first instant from `now` when every window is open; None when within a week there is none."""
    moment = now.astimezone(UTC)
    while moment < now + timedelta(days=7):
        shut = [_opening(moment, *window) for window in windows if not _open(moment, *window)]
        if not shut:
            return moment
        moment = max(shut)
    return None
