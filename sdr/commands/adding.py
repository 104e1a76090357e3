"""`sdr add`: one lead, told by a line or by the mail they wrote."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sdr.commands import shapes
from sdr.commands.frame import NONSENSE, Stop, common, desk, nonsense, refusal
from sdr.models.terms import Refused

if TYPE_CHECKING:
    from sdr.desk.one_line import Parsed

STDIN = "-"


@click.command()
@click.argument("text", nargs=-1)
@click.option("--mail", metavar="FILE", help="A mail somebody wrote, saved or copied (- for stdin).")
@click.option("--source", metavar="NAME", help="Where the writer of the mail is counted.")
@click.option("--force", is_flag=True, help="Although somebody has this address already.")
@common
@click.pass_context
def add(
    ctx: click.Context, text: tuple[str, ...], mail: str | None, source: str | None, force: bool, as_json: bool
) -> None:
    """Add one lead in one line: "Ana Ruiz, Acme Pumps, ana@acme.example, show:Hannover"; or by the mail they wrote."""
    from sdr.desk import leads_kept

    parsed = _written_in(mail, source, text) if mail is not None else _told_in(text, source)
    with desk(ctx) as found:
        done = found.act(leads_kept.add, parsed.forced() if force else parsed)
        if isinstance(done, Refused):
            raise refusal(done)
        assert done.lead is not None  # an added lead is what the act is about
        found.say(shapes.card(found, done.lead), [*leads_kept.spoken(parsed), done.summary])


def _told_in(text: tuple[str, ...], source: str | None) -> Parsed:
    from sdr.desk import leads_kept

    if source is not None:
        nonsense("add.source", "a line names its source itself", "write show:Hannover in it; --source goes with --mail")
    parsed = leads_kept.understood(" ".join(text))
    if isinstance(parsed, Refused):
        nonsense(parsed.rule, parsed.reason, parsed.hint or "write: name, company, e-mail, phone, show:source")
    return parsed


def _written_in(mail: str, source: str | None, text: tuple[str, ...]) -> Parsed:
    """Who wrote the mail in this file."""
    from sdr.exchange.mail_leads import LONGEST, lead_of
    from sdr.exchange.opening import piped, source_of
    from sdr.exchange.tables import UnreadableFile

    if text:
        nonsense("add.both", "a lead is told by a line or by a mail", "leave the line out with --mail")
    try:
        content = piped(getattr(sys.stdin, "buffer", None)) if mail == STDIN else Path(mail)
        with source_of(content).opened() as file:
            raw = file.read(LONGEST)
    except UnreadableFile as fault:
        name = "stdin" if mail == STDIN else Path(mail).name
        raise Stop(NONSENSE, "add.unreadable", f"{name}: {fault.message}", fault.hint) from None
    parsed = lead_of(raw.decode("utf-8", "surrogateescape"), source)
    if isinstance(parsed, Refused):
        nonsense(parsed.rule, parsed.reason, parsed.hint)
    return parsed
