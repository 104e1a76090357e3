"""What a rep decides about one lead, each word a verb of the desk: accept, reject, snooze, note, answer and so on.

A refusal ends in exit 1 with its rule; the same document then says why and what the lead's next step still is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from sdr.commands import shapes
from sdr.commands.frame import ATTENTION, Desk, common, complain, desk, error_document, nonsense, refusal
from sdr.commands.naming import EXAMPLES, moment, one_of, pairs, the_lead
from sdr.models.terms import Refused, ms
from sdr.rules.rubric import Rubric
from sdr.store import rows
from sdr.store.queries import playbook

Extra = Callable[[Desk, rows.Lead], dict[str, Any]]

in_zone = click.option("--zone", metavar="ZONE", help="The zone of a time without offset (else the rep's).")


def perform(
    ctx: click.Context, found: Desk, lead: rows.Lead, verb: Callable[..., Any], *args: Any,
    extra: Extra | None = None, **kwargs: Any,
) -> None:  # fmt: skip
    """Do `verb` on a lead and answer with what came of it; exit 1 when it was refused."""
    _tell(ctx, found, lead, found.act(verb, lead.id, *args, **kwargs), extra)


def _tell(ctx: click.Context, found: Desk, lead: rows.Lead, done: Any, extra: Extra | None = None) -> None:
    refused = done if isinstance(done, Refused) else None
    document = shapes.verdict(found, lead.id, None if refused else done.summary, refused)
    if extra is not None:
        document |= extra(found, lead)
    if refused is None:
        found.say(document, [done.summary])
        return
    stop = refusal(refused)
    found.say(document | error_document(stop), [])
    complain(stop)
    ctx.exit(ATTENTION)


def a_reason(family: str, word: str) -> str:
    """A reason of a fixed list, by its digit or key."""
    if playbook.reasons().find(family, word) is None:
        known = {"reject": playbook.reasons().reject, "disqualify": playbook.reasons().disqualify}[family]
        listed = ", ".join(f"{one.digit} {one.key}" for one in known)
        nonsense("reason.unknown", f"“{word}” is no reason to {family}; there is {listed}")
    return word


def _to_come(found: Desk, lead: rows.Lead, text: str, zone: str | None) -> datetime | Refused:
    """A typed time that has not passed yet."""
    when = moment(found, text, lead=lead, zone=zone)
    if ms(when) >= ms(found.now):
        return when
    return Refused("date.past", f"“{text}” has passed; choose a later date", hint=EXAMPLES)


@click.command()
@click.argument("lead")
@common
@click.pass_context
def accept(ctx: click.Context, lead: str, as_json: bool) -> None:
    """Mine: into the drip, first step now."""
    from sdr.desk import triage

    with desk(ctx) as found:
        perform(ctx, found, the_lead(found, lead), triage.accept)


@click.command()
@click.argument("lead")
@click.argument("reason")
@common
@click.pass_context
def reject(ctx: click.Context, lead: str, reason: str, as_json: bool) -> None:
    """Not a lead, before contact; REASON is a digit or its key."""
    from sdr.desk import triage

    with desk(ctx) as found:
        perform(ctx, found, the_lead(found, lead), triage.reject, a_reason("reject", reason))


@click.command()
@click.argument("lead")
@click.argument("reason")
@common
@click.pass_context
def disqualify(ctx: click.Context, lead: str, reason: str, as_json: bool) -> None:
    """A no after contact; REASON is a digit or its key."""
    from sdr.desk import triage

    with desk(ctx) as found:
        perform(ctx, found, the_lead(found, lead), triage.disqualify, a_reason("disqualify", reason))


@click.command()
@click.argument("lead")
@click.option("--until", required=True, metavar="DATE", help="When to look again: a date, a phrase, or 1-7.")
@in_zone
@common
@click.pass_context
def nurture(ctx: click.Context, lead: str, until: str, zone: str | None, as_json: bool) -> None:
    """Not now: asleep until a date."""
    from sdr.desk import triage

    with desk(ctx) as found:
        _dated(ctx, found, lead, triage.nurture, until, zone)


@click.command()
@click.argument("lead")
@click.argument("when")
@in_zone
@common
@click.pass_context
def snooze(ctx: click.Context, lead: str, when: str, zone: str | None, as_json: bool) -> None:
    """The same next step, later. WHEN is a date, a phrase (tomorrow, next tue 3pm, +3bd), or 1-7."""
    from sdr.desk import triage

    with desk(ctx) as found:
        _dated(ctx, found, lead, triage.snooze, when, zone)


def _dated(ctx: click.Context, found: Desk, wanted: str, verb: Callable[..., Any], text: str, zone: str | None) -> None:
    lead = the_lead(found, wanted)
    when = _to_come(found, lead, text, zone)
    if isinstance(when, Refused):
        _tell(ctx, found, lead, when)
    else:
        perform(ctx, found, lead, verb, when)


@click.command()
@click.argument("lead")
@click.argument("rep")
@common
@click.pass_context
def give(ctx: click.Context, lead: str, rep: str, as_json: bool) -> None:
    """To another rep, by name or id."""
    from sdr.desk import triage

    with desk(ctx) as found:
        to = a_rep(found, rep)
        perform(ctx, found, the_lead(found, lead), triage.give, to.id)


def a_rep(found: Desk, words: str) -> rows.Rep:
    """The rep that a name or an id means."""
    to = next((one for one in found.book.reps if words.casefold() in (one.name.casefold(), str(one.id))), None)
    if to is None:
        known = ", ".join(one.name for one in found.book.reps)
        nonsense("rep.unknown", f"no rep is called “{words}”; there is {known}")
    return to


@click.command()
@click.argument("lead")
@click.argument("text", nargs=-1, required=True)
@click.option("--said", is_flag=True, help="These are their own words.")
@common
@click.pass_context
def note(ctx: click.Context, lead: str, text: tuple[str, ...], said: bool, as_json: bool) -> None:
    """A note about the lead."""
    from sdr.desk import triage

    with desk(ctx) as found:
        perform(ctx, found, the_lead(found, lead), triage.note, words(text), said=said)


def words(text: tuple[str, ...]) -> str:
    """What was typed about a lead, harmless, its lines kept."""
    from sdr.rules.text import clean

    return clean(" ".join(text), lines=True)


@click.command()
@click.argument("lead")
@click.argument("answers", nargs=-1, required=True, metavar="CRITERION=LEVEL…")
@common
@click.pass_context
def answer(ctx: click.Context, lead: str, answers: tuple[str, ...], as_json: bool) -> None:
    """Rubric answers: criterion=level, the level by its key or digit."""
    from sdr.desk import triage

    with desk(ctx) as found:
        told = levels(found.book.rubric, answers)
        perform(ctx, found, the_lead(found, lead), triage.answer, told, extra=with_score)


def with_score(found: Desk, lead: rows.Lead) -> dict[str, Any]:
    """The score after the act, for the answer."""
    return {"score": shapes.score(found, lead)}


def levels(rubric: Rubric, answers: tuple[str, ...]) -> dict[str, str]:
    """Answers by the rubric's keys."""
    told: dict[str, str] = {}
    for key, word in pairs(answers).items():
        one_of("criterion", key, (one.key for one in rubric.criteria))
        criterion = rubric.criterion(key)
        assert criterion is not None  # just looked up
        level = criterion.by_digit(int(word)) if len(word) == 1 and word in "123456789" else criterion.level(word)
        if level is None:
            known = ", ".join(f"{one.digit} {one.key}" for one in criterion.levels)
            nonsense("level.unknown", f"“{key}” cannot be “{word}”; it is one of {known}")
        told[key] = level.key
    return told
