"""May this person be reached, and why not: asking the gate, noting what they allowed, wishes kept and lifted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from sdr.commands.frame import ATTENTION, Desk, common, complain, desk, error_document, nonsense, refusal
from sdr.commands.naming import moment, one_of, pairs, the_lead
from sdr.commands.verdicts import in_zone, perform
from sdr.models.terms import Channel, Refused
from sdr.store import rows

CHANNELS = tuple(each.value for each in Channel)
EVERY = "all"


@click.command()
@click.argument("lead")
@click.argument("channel")
@click.option("--at", "when", metavar="TIME", help="At this time instead of now.")
@in_zone
@common
@click.pass_context
def gate(ctx: click.Context, lead: str, channel: str, when: str | None, zone: str | None, as_json: bool) -> None:
    """Would a touch on CHANNEL be allowed, and if not, by which rule and until when; a mail as from a template."""
    from sdr.desk import dialling, touching

    one_of("channel", channel, CHANNELS)
    with desk(ctx) as found:
        asked = the_lead(found, lead)
        at = moment(found, when, lead=asked, zone=zone) if when else found.now
        if channel == Channel.CALL:
            ruling = found.read(dialling.ruling, asked, at)
        else:
            # A mail is asked about as one from a template, whose law asks for more of who sends it.
            ruling = found.read(
                touching.ruling, asked, Channel(channel), at, found.sender if channel == Channel.EMAIL else None
            )
        _say(found, asked, at, ruling)


def _say(found: Desk, lead: rows.Lead, at: datetime, ruling: Any) -> None:
    rules = [
        {"id": rule.id, "level": rule.level.value, "reason": rule.reason,
         "until": rule.until.astimezone(_zone(lead)).isoformat(timespec="seconds") if rule.until else None,
         "set_by": rule.set_by or None}
        for rule in ruling.decision.rules
    ]  # fmt: skip
    document = {
        "level": ruling.level.value, "rules": rules, "lead": str(lead.id), "channel": ruling.channel.value,
        "at": at.astimezone(_zone(lead)).isoformat(timespec="seconds"), "zones": list(ruling.zones),
        "policy": ruling.version,
    }  # fmt: skip
    lines = [f"{ruling.level.value}: {ruling.channel.value} to {lead.name}"]
    lines += [f"  {one['level']:<5} {one['id']}: {one['reason']}" + _until(one["until"]) for one in rules]
    found.say(document, lines)


def _until(text: str | None) -> str:
    return f" Until {text}." if text else ""


def _zone(lead: rows.Lead) -> Any:
    from sdr.models.terms import zone_of

    return zone_of(lead.zone)


@click.command()
@click.argument("whom", metavar="LEAD|SOURCE")
@click.argument("facts", nargs=-1, metavar="KEY=VALUE…")
@click.option("--source", "of_source", is_flag=True, help="The first word names a source: it holds for all its leads.")
@in_zone
@common
@click.pass_context
def permission(
    ctx: click.Context, whom: str, facts: tuple[str, ...], of_source: bool, zone: str | None, as_json: bool
) -> None:
    """Note what makes contact lawful: basis=legitimate-interest basis_note=… consent=express consent_at=2026-03-01 …"""
    from sdr.desk import permissions

    with desk(ctx) as found:
        told = {key: _fact(found, key, value, zone) for key, value in pairs(facts).items()}
        if of_source:
            _source(ctx, found, permissions.permit_source, whom, told)
        else:
            perform(ctx, found, the_lead(found, whom), permissions.permit, **told)


def _source(ctx: click.Context, found: Desk, verb: Any, name: str, told: dict[str, Any]) -> None:
    done = found.act(verb, name, **told)
    if not isinstance(done, Refused):
        found.say({"summary": done.summary, "refused": None}, [done.summary])
        return
    stop = refusal(done)
    refused = {"rule": done.rule, "reason": done.reason, "set_by": done.set_by}
    found.say({"summary": None, "refused": refused} | error_document(stop), [])
    complain(stop)
    ctx.exit(ATTENTION)


def _fact(found: Desk, key: str, value: str, zone: str | None) -> Any:
    """A fact as the verb takes it: dates as aware times, blanks as nothing."""
    from sdr.desk.permissions import FIELDS, TIMES

    one_of("fact", key, FIELDS)
    if not value or key not in TIMES:
        return value or None
    try:
        day = datetime.fromisoformat(value)
    except ValueError:
        nonsense("time.unclear", f"“{value}” is not a day", f"write {key}=2026-03-01")
    return moment(found, f"{value}T00:00" if len(value) == 10 else day.isoformat(), zone=zone)


@click.command("opt-out")
@click.argument("lead")
@click.argument("channel")
@click.option("--said", default="", help="Their own words.")
@click.option("--for", "scope", default="person", help="person (usual), domain, or account: everybody there.")
@common
@click.pass_context
def opt_out(ctx: click.Context, lead: str, channel: str, said: str, scope: str, as_json: bool) -> None:
    """Never again on CHANNEL (all for every one), from now on; what waits for them is dropped."""
    from sdr.desk import wishes

    one_of("channel", channel, (EVERY, *CHANNELS))
    one_of("scope", scope, ("person", "domain", "account"))
    with desk(ctx) as found:
        asked = the_lead(found, lead)
        perform(ctx, found, asked, _before_now(wishes.opt_out, channel), wording=said, scope=scope)


@click.command()
@click.argument("lead")
@click.argument("channel")
@click.option("--note", required=True, help="Who allowed it again, and how.")
@common
@click.pass_context
def lift(ctx: click.Context, lead: str, channel: str, note: str, as_json: bool) -> None:
    """Take back the wishes against CHANNEL that cover this lead; each is named, the note is kept."""
    from sdr.desk import wishes

    one_of("channel", channel, (EVERY, *CHANNELS))
    with desk(ctx) as found:
        perform(ctx, found, the_lead(found, lead), _before_now(wishes.lift, channel, note))


def _before_now(verb: Any, *given: str) -> Any:
    """`verb` with what stands between the lead and the time."""
    return lambda session, lead_id, now, **more: verb(session, lead_id, *given, now, **more)
