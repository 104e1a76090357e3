"""`sdr enroll`, `pause`, `resume`, `stop`: a lead and its drip; for pause and resume also all of the rep's at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from sdr.commands.frame import ATTENTION, Desk, common, complain, desk, error_document, nonsense, refusal
from sdr.commands.naming import EXAMPLES, moment, the_drip, the_lead
from sdr.commands.shapes import Document
from sdr.commands.tabular import aligned, terminal_width
from sdr.commands.verdicts import in_zone, perform
from sdr.models.terms import Refused, at, ms
from sdr.rules.cadence import Planned
from sdr.rules.spoken import spoken


@click.command()
@click.argument("lead")
@click.argument("name")
@click.option("--at-step", type=click.IntRange(1), help="Begin at this step instead of the first.")
@click.option("--anyway", is_flag=True, help="Although a colleague at the same account is being talked to.")
@click.option("--dry-run", is_flag=True, help="The real dates, enrolling nobody.")
@common
@click.pass_context
def enroll(
    ctx: click.Context, lead: str, name: str, at_step: int | None, anyway: bool, dry_run: bool, as_json: bool
) -> None:
    """Put LEAD into the drip called NAME; words that begin one name are enough."""
    from sdr.desk import enrolling

    with desk(ctx) as found:
        entering = the_lead(found, lead)
        cadence = the_drip(found, name)
        if not dry_run:
            perform(ctx, found, entering, enrolling.enroll, cadence.id, at_step=at_step, anyway=anyway)
            return
        shown = found.read(enrolling.preview, entering.id, cadence.id, found.now, at_step=at_step)
        if isinstance(shown, Refused):
            say_refused(ctx, found, {"summary": None, "next_step": None}, shown)
            return
        rest = (
            f"then rest {shown.cadence.rest}, until {spoken(shown.rests_until, found.now)}" if shown.rests_until else ""
        )
        dates = _dates(shown.dates, found.now)
        found.say([_date(one, found.zone) for one in shown.dates], [*dates, *([rest] if rest else [])])
        if shown.warning is not None:
            complain(refusal(shown.warning))
            ctx.exit(ATTENTION)


def _date(one: Planned, zone: str) -> Document:
    """A planned touch: its time in the rep's zone, and as the prospect's clock shows it."""
    return {
        "step": one.step.number,
        "name": one.step.name,
        "channel": one.step.channel.value,
        "at": at(ms(one.due_at), zone).isoformat(timespec="seconds"),
        "local_time": one.due_at.isoformat(timespec="seconds"),
        "moved_from": one.moved_from.isoformat(timespec="seconds") if one.moved_from else None,
        "why": one.why,
    }


def _dates(dates: tuple[Planned, ...], now: datetime) -> list[str]:
    head = ("step", "channel", "their time", "what", "why")
    listed = [
        (str(one.step.number), one.step.channel.value, spoken(one.due_at, now), one.step.name, one.why) for one in dates
    ]
    return list(aligned(head, listed, (4, 9, 18, 26, 0), terminal_width()))


@click.command()
@click.argument("lead", required=False)
@click.option("--until", metavar="DATE", help="When it goes on: a date, a phrase, or 1-7.")
@click.option("--all", "everyone", is_flag=True, help="Every drip of yours; needs --until.")
@in_zone
@common
@click.pass_context
def pause(
    ctx: click.Context, lead: str | None, until: str | None, everyone: bool, zone: str | None, as_json: bool
) -> None:
    """The drip of LEAD waits, until a date or until it is resumed."""
    from sdr.desk import drip

    _one_or_all(lead, everyone)
    with desk(ctx) as found:
        if everyone:
            if until is None:
                nonsense("date.missing", "say until when all of them wait: --until DATE", EXAMPLES)
            _all(ctx, found, drip.pause_all, moment(found, until, zone=zone))
            return
        paused = the_lead(found, lead or "")
        date = moment(found, until, lead=paused, zone=zone) if until else None
        perform(ctx, found, paused, drip.pause, date)


@click.command()
@click.argument("lead", required=False)
@click.option("--all", "everyone", is_flag=True, help="Every paused drip of yours.")
@common
@click.pass_context
def resume(ctx: click.Context, lead: str | None, everyone: bool, as_json: bool) -> None:
    """The drip of LEAD goes on, from now."""
    from sdr.desk import drip

    _one_or_all(lead, everyone)
    with desk(ctx) as found:
        if everyone:
            _all(ctx, found, drip.resume_all)
        else:
            perform(ctx, found, the_lead(found, lead or ""), drip.resume)


@click.command()
@click.argument("lead")
@common
@click.pass_context
def stop(ctx: click.Context, lead: str, as_json: bool) -> None:
    """LEAD leaves its drip for good; the next business day asks what then."""
    from sdr.desk import drip

    with desk(ctx) as found:
        perform(ctx, found, the_lead(found, lead), drip.stop)


def _one_or_all(lead: str | None, everyone: bool) -> None:
    if (lead is None) != everyone:
        nonsense("lead.missing", "name one lead, or --all for every drip of yours")


def _all(ctx: click.Context, found: Desk, verb: Any, *args: Any) -> None:
    done = found.act(verb, *args)
    document: Document = {"summary": None, "next_step": None}
    if isinstance(done, Refused):
        say_refused(ctx, found, document, done)
    else:
        found.say(document | {"summary": done.summary, "leads": len(done.leads)}, [done.summary])


def say_refused(ctx: click.Context, found: Desk, document: Document, no: Refused) -> None:
    """A refusal as this command's answer: its empty document with the reason, and exit 1."""
    stop_here = refusal(no)
    found.say(document | error_document(stop_here), [])
    complain(stop_here)
    ctx.exit(ATTENTION)
