"""`sdr clock`: the calendar's arithmetic made visible. It asks for nothing that is not on the command line but the
rep's zone, and reads no lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import click

from sdr.commands.frame import ATTENTION, Stop, answer, common, complain, desk, error_document, nonsense
from sdr.commands.naming import instant, zone_named
from sdr.rules.calendar import STANDARD, Calendar, CalendarError, Hours, Length, due, holidays_of, working_between
from sdr.rules.public_holidays import region_of

F = TypeVar("F", bound=Callable[..., Any])
_HOURS = "mon-fri 09:00-17:00"


def calendar_options(command: F) -> F:
    """`--window`, `--holidays`, `--zone`: what makes a calendar."""
    for option in (
        click.option("--zone", metavar="ZONE", help="The zone of the window and of times without offset."),
        click.option("--holidays", "country", metavar="CC", help="Its public holidays are closed: ES, or DE-BY."),
        click.option("--window", metavar="HOURS", default=_HOURS, show_default=True, help="When it is open."),
    ):
        command = option(command)
    return command


@click.group()
def clock() -> None:
    """The calendar's arithmetic: when a clock runs out, how much working time passed."""


@clock.command("due")
@click.option("--from", "start", metavar="TIME", required=True, help="When the clock starts.")
@click.option("--for", "length", metavar="LENGTH", required=True, help="90s, 15m, 4h (working time), 3d, 3bd or 2w.")
@calendar_options
@common
@click.pass_context
def due_(
    ctx: click.Context, start: str, length: str, window: str, country: str | None, zone: str | None, as_json: bool
) -> None:
    """When a clock of a LENGTH that starts at TIME runs out; closed at the start, it waits."""
    zone = _zone(ctx, zone)
    begins, lasts = instant(start, zone), _length(length)
    cal = calendar(window, zone, country, begins, begins + timedelta(days=lasts.days))
    found = due(cal, begins, lasts)
    if found is None:
        stop = Stop(ATTENTION, "clock.never", "none: no working day comes in the hours given", "give other hours")
        answer(as_json, {"due_at": None} | error_document(stop), [])
        complain(stop)
        ctx.exit(ATTENTION)
    answer(as_json, {"due_at": found.isoformat(timespec="seconds")}, [f"{found:%a %d %b %Y %H:%M} {zone}"])


@clock.command()
@click.option("--from", "start", metavar="TIME", required=True, help="From when.")
@click.option("--to", "end", metavar="TIME", required=True, help="Until when.")
@calendar_options
@common
@click.pass_context
def elapsed(
    ctx: click.Context, start: str, end: str, window: str, country: str | None, zone: str | None, as_json: bool
) -> None:
    """The working seconds from one TIME to another; below zero when the second is the earlier."""
    zone = _zone(ctx, zone)
    begins, ends = instant(start, zone), instant(end, zone)
    seconds = working_between(calendar(window, zone, country, begins, ends), begins, ends)
    answer(as_json, {"seconds": seconds}, [f"{seconds:,} s of working time"])


def calendar(window: str, zone: str, country: str | None, begins: datetime, ends: datetime) -> Calendar:
    """The calendar of the options, its holidays for the years from `begins` to `ends` and one more."""
    try:
        hours = STANDARD if window == _HOURS else Hours.parse(window)
    except CalendarError as fault:
        nonsense("window.unclear", str(fault).removesuffix("."))
    first, last = sorted((begins.year, ends.year))
    closed = frozenset() if country is None else holidays(country, range(first, last + 2))
    return Calendar(hours, zone, closed)


def holidays(place: str, years: range) -> frozenset[Any]:
    """The public holidays of a country (`ES`) or of a region of it (`DE-BY`)."""
    country, _, region = place.strip().upper().partition("-")
    part = region_of(country, region)
    try:
        if region and part is None:
            raise CalendarError
        return holidays_of(country, years, part)
    except CalendarError:
        nonsense("country.unknown", f"no holidays are known for “{place}”", "write an ISO code such as ES, or DE-BY")


def _zone(ctx: click.Context, zone: str | None) -> str:
    """The zone asked for, else the rep's."""
    if zone is not None:
        return zone_named(zone)
    with desk(ctx) as found:
        return found.zone


def _length(text: str) -> Length:
    try:
        return Length.parse(text)
    except CalendarError as fault:
        nonsense("length.unclear", str(fault).removesuffix("."))
