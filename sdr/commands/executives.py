"""`sdr aes`: the account executives, what they take, and who is away."""

from __future__ import annotations

from typing import Any

import click

from sdr.commands.frame import Desk, common, desk, nonsense, refusal
from sdr.commands.naming import moment, pairs
from sdr.commands.shapes import iso
from sdr.commands.tabular import aligned, terminal_width
from sdr.models.terms import Refused, at, ms
from sdr.rules.spoken import spoken
from sdr.store import rows
from sdr.store.queries import handoffs as queries
from sdr.store.queries.handoffs import Executive

HERE = ("", "no", "back", "here")  # what says that an account executive is not away


@click.group(invoke_without_command=True)
@common
@click.pass_context
def aes(ctx: click.Context, as_json: bool) -> None:
    """Account executives, with the handoffs they have open."""
    if ctx.invoked_subcommand is None:
        with desk(ctx) as found:
            _say_executives(found, found.read(queries.executives))


@aes.command("set")
@click.argument("name")
@click.argument("fields", nargs=-1, metavar="KEY=VALUE…")
@common
@click.pass_context
def set_(ctx: click.Context, name: str, fields: tuple[str, ...], as_json: bool) -> None:
    """Name an account executive, or change one: capacity=10 territory=ES,PT hours=… zone=… email=… away=2026-06-01."""
    from sdr.desk.team import set_ae

    with desk(ctx) as found:
        done = found.act(set_ae, name, **_fields(found, pairs(fields)))
        if isinstance(done, Refused):
            raise refusal(done)
        kept = found.read(queries.executive, name)
        _say_executives(found, tuple(one for one in found.read(queries.executives) if kept and one.ae.id == kept.id))


def _fields(found: Desk, told: dict[str, str]) -> dict[str, Any]:
    """The words of the command as the verb's values; a blank takes a value away."""
    known = ("email", "territory", "zone", "hours", "capacity", "away")
    fields: dict[str, Any] = {}
    for key, value in told.items():
        if key not in known:
            nonsense("ae.field", f"an account executive has no “{key}”; there is {', '.join(known)}")
        fields[key] = value or None
    if "away" in told:
        away = fields.pop("away") or ""
        fields["away_until"] = None if away.lower() in HERE else moment(found, away, zone=fields.get("zone"))
    if "capacity" in told:
        number = told["capacity"]
        if not (number.isascii() and number.isdigit() and len(number) < 7):
            nonsense("ae.capacity", f"“{number}” is not a number of open handoffs", "write capacity=10")
        fields["capacity"] = int(number)
    return fields


def _say_executives(found: Desk, team: tuple[Executive, ...]) -> None:
    document = [
        {
            "name": one.ae.name, "capacity": one.ae.capacity, "open": one.open,
            "away_until": iso(one.ae.away_until, found.zone) if _away(one.ae, found) else None,
            "territory": one.ae.territory, "hours": one.ae.hours, "zone": one.ae.zone, "email": one.ae.email,
        }
        for one in team
    ]  # fmt: skip
    lines = [
        (one.ae.name, f"{one.open} of {one.ae.capacity}", one.ae.territory or "anything",
         f"away until {spoken(at(one.ae.away_until or 0, found.zone), found.now)}" if _away(one.ae, found) else "here")
        for one in team
    ]  # fmt: skip
    table = aligned(("name", "open", "territory", "where"), lines, (24, 10, 0, 26), terminal_width())
    found.say(document, table if team else ["no account executives yet: sdr aes set NAME capacity=10"])


def _away(ae: rows.AccountExecutive, found: Desk) -> bool:
    return ae.away_until is not None and ae.away_until > ms(found.now)
