"""What happened between the rep and one lead: a call, a touch on another channel, a reply, a step left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sdr.commands.frame import common, desk, nonsense
from sdr.commands.naming import moment, one_of, the_lead
from sdr.commands.verdicts import a_reason, in_zone, levels, perform, with_score, words
from sdr.models.terms import Channel
from sdr.store.queries import playbook


@click.command()
@click.argument("lead")
@click.argument("outcome")
@click.option("--answer", "answers", multiple=True, metavar="CRITERION=LEVEL", help="An answer heard on the call.")
@click.option("--note", "notes", multiple=True, help="A note about the call.")
@click.option("--said", multiple=True, help="Their own words.")
@click.option("--next", "next_at", metavar="WHEN", help="The next date, instead of the outcome's own.")
@click.option("--seconds", default=0, type=click.IntRange(0), help="How long it took.")
@click.option("--reason", help="Why not (not-a-fit), by digit or key.")
@click.option("--name", help="The colleague they named (referral).")
@click.option("--number", help="The number dialled, if not the lead's own.")
@click.option("--mail", is_flag=True, help="With the mail that goes with the outcome (voicemail, interested).")
@click.option("--because", help="Why it was dialled where the gate says stop; it is kept.")
@in_zone
@common
@click.pass_context
def call(
    ctx: click.Context, lead: str, outcome: str, answers: tuple[str, ...], notes: tuple[str, ...],
    said: tuple[str, ...], next_at: str | None, seconds: int, reason: str | None, name: str | None,
    number: str | None, mail: bool, because: str | None, zone: str | None, as_json: bool,
) -> None:  # fmt: skip
    """A finished call and its outcome: no-answer, voicemail, …, qualified."""
    from sdr.desk import calling

    known = playbook.outcomes()
    one_of("outcome", outcome, (one.key for one in (*known.ring, *known.wrap)))
    why = a_reason("disqualify", reason) if reason else None
    with desk(ctx) as found:
        called = the_lead(found, lead)
        perform(
            ctx, found, called, _named(calling.call, outcome), answers=levels(found.book.rubric, answers),
            notes=[words((text,)) for text in notes], said=[words((text,)) for text in said], seconds=seconds,
            next_at=moment(found, next_at, lead=called, zone=zone) if next_at else None, reason=why, name=name,
            number=number, mail=mail, because=words((because,)) if because else None, extra=with_score,
        )  # fmt: skip


def _named(verb: Callable[..., Any], word: str) -> Callable[..., Any]:
    """`verb` with its outcome or kind given: what is left takes the lead and the time."""
    return lambda session, lead_id, now, **more: verb(session, lead_id, word, now, **more)


@click.command()
@click.argument("lead")
@click.argument("channel")
@click.option("--outcome", help="How it went, if not simply done.")
@click.option("--text", help="What was written for this one person.")
@click.option("--cost", help="What it cost, like 4.50.")
@click.option("--because", help="Why all the same, where the gate says stop; it is kept.")
@common
@click.pass_context
def touch(
    ctx: click.Context, lead: str, channel: str, outcome: str | None, text: str | None, cost: str | None,
    because: str | None, as_json: bool,
) -> None:  # fmt: skip
    """A done touch on a channel: email, linkedin, letter, …"""
    from sdr.desk import touching
    from sdr.rules.money import minor_units

    one_of("channel", channel, (one.value for one in Channel))
    cents = minor_units(cost) if cost else None
    if cost and cents is None:
        nonsense("cost.unclear", f"“{cost}” is not an amount", "write 4.50")
    with desk(ctx) as found:
        perform(
            ctx, found, the_lead(found, lead), touching.touch, channel, outcome=outcome,
            text=words((text,)) if text else None, cost_minor=cents, because=words((because,)) if because else None,
        )  # fmt: skip


@click.command()
@click.argument("lead")
@click.argument("kind")
@click.option("--until", metavar="DATE", help="When they are back, or “not now” ends; else it is read from --note.")
@click.option("--note", "text", help="What they wrote; out of office: when they are back and who stands in is read.")
@click.option("--name", help="The colleague they named (someone-else).")
@click.option("--reason", help="Why not (no), by digit or key.")
@click.option("--scope", default="person", help="For whom they unsubscribe: person, domain or account.")
@in_zone
@common
@click.pass_context
def reply(
    ctx: click.Context, lead: str, kind: str, until: str | None, text: str | None, name: str | None,
    reason: str | None, scope: str, zone: str | None, as_json: bool,
) -> None:  # fmt: skip
    """An incoming reply: interested, question, not-now, no, out-of-office, unsubscribe, someone-else, bounce."""
    from sdr.desk import replies

    if playbook.outcomes().reply(kind) is None:
        one_of("reply", kind, (one.key for one in playbook.outcomes().replies))
    one_of("scope", scope, replies.SCOPES)
    why = a_reason("disqualify", reason) if reason else None
    with desk(ctx) as found:
        answered = the_lead(found, lead)
        perform(
            ctx, found, answered, _named(replies.reply, kind), reason=why, name=name,
            until=moment(found, until, lead=answered, zone=zone) if until else None,
            text=words((text,)) if text else None, scope=scope,
        )  # fmt: skip


@click.command()
@click.argument("lead")
@click.argument("reason")
@common
@click.pass_context
def skip(ctx: click.Context, lead: str, reason: str, as_json: bool) -> None:
    """Skip the due step; REASON is a digit or its key."""
    from sdr.desk import touching

    if playbook.outcomes().skip(reason) is None:
        listed = ", ".join(f"{one.digit} {one.key}" for one in playbook.outcomes().skips)
        nonsense("reason.unknown", f"“{reason}” is no reason to skip; there is {listed}")
    with desk(ctx) as found:
        perform(ctx, found, the_lead(found, lead), touching.skip, reason)
