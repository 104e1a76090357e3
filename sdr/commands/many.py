"""`sdr bulk`: one verb on every lead that a filter lets through, as one act with one undo.

It is what marking leads in the list and pressing a key does: each lead's own gates hold, and who was refused is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, NamedTuple

import click

from sdr.commands.frame import ATTENTION, Desk, Stop, common, desk, nonsense, refusal
from sdr.commands.naming import EXAMPLES, moment, the_drip, the_filter
from sdr.commands.verdicts import a_reason, a_rep, words
from sdr.models.terms import Refused, ms
from sdr.store.changes import Change
from sdr.store.queries import listing

NAMED = 20  # refusals told to a person; `--json` has them all
MOST = 10_000  # leads of one act: it has to be undone by one key, and to be looked over


class Plan(NamedTuple):
    """A verb with its words: what it would do to these leads, and doing it."""

    would: Callable[[Any, Sequence[int], datetime], Any]
    does: Callable[[Any, Sequence[int], datetime], Iterable[Change | Refused]]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("verb")
@click.argument("rest", nargs=-1, metavar="[WORDS]")
@click.option("--filter", "wanted", required=True, help="As in the list: state:new score>=50 city:madrid")
@click.option("--dry-run", is_flag=True, help="Whom it would take and whom it would refuse, doing nothing.")
@common
@click.pass_context
def bulk(ctx: click.Context, verb: str, rest: tuple[str, ...], wanted: str, dry_run: bool, as_json: bool) -> None:
    """One verb on every lead that the filter lets through, as one act.

    VERB is accept, reject REASON, disqualify REASON, snooze WHEN, nurture WHEN, give REP, note TEXT, enroll DRIP,
    pause, resume or stop.
    """
    with desk(ctx) as found:
        if verb not in VERBS:
            nonsense("bulk.verb", f"“{verb}” is not a verb for many leads", f"it is one of {', '.join(VERBS)}")
        plan = VERBS[verb](found, " ".join(rest))
        ids = _meant(found, wanted)
        told = found.read(plan.would, ids, found.now)
        if isinstance(told, Refused):
            raise refusal(told)
        document = {
            "verb": verb, "leads": len(ids), "takes": told.takes, "step": None,
            "refused": [{"name": name, "reason": reason} for name, reason in told.refused],
        }  # fmt: skip
        lines = _lines(told.refused)
        if dry_run:
            found.say(document, [f"{verb}: would take {told.takes:,} of {len(ids):,} leads", *lines])
            return
        done = found.store.write_many(lambda session: plan.does(session, ids, found.now)).result()[-1]
        if isinstance(done, Refused):
            raise refusal(done)
        found.say(document | {"step": str(done.step)}, [done.summary, *lines])
        ctx.exit(ATTENTION if told.refused else 0)


def _meant(found: Desk, wanted: str) -> Sequence[int]:
    if not wanted.strip():
        nonsense("bulk.everybody", "this filter is everybody", "say whom: --filter state:new")
    ids = found.read(listing.ids, the_filter(found, wanted))
    if not ids:
        raise Stop(ATTENTION, "bulk.nobody", "no lead matches, so nothing was done")
    if len(ids) > MOST:
        nonsense("bulk.many", f"{len(ids):,} leads match, and one act takes {MOST:,}", "narrow the filter")
    return ids


def _lines(refused: Sequence[tuple[str, str]]) -> list[str]:
    lines = [f"  refused: {name}: {reason}" for name, reason in refused[:NAMED]]
    return [*lines, f"  and {len(refused) - NAMED:,} more refused"] if len(refused) > NAMED else lines


# --- what the words after a verb mean ------------------------------------------------------------------------------


def _each(module: str, name: str, *args: Any) -> Plan:
    """A verb of one lead, on each of many."""
    from sdr.desk import bulk as verbs

    verb = getattr(import_module(f"sdr.desk.{module}"), name)
    return Plan(
        lambda db, ids, now: verbs.preview(db, ids, verb, args, now),
        lambda session, ids, now: verbs.many(session, ids, verb, args, now),
    )


def _plain(name: str, module: str, *args: Any) -> Callable[[Desk, str], Plan]:
    """A verb that takes no words."""

    def meant(found: Desk, text: str) -> Plan:
        if text:
            nonsense("bulk.words", f"“{text}” says nothing here", f"{name} takes no more words")
        return _each(module, name, *args)

    return meant


def _reasoned(family: str) -> Callable[[Desk, str], Plan]:
    return lambda found, text: _each("triage", family, a_reason(family, text))


def _dated(name: str) -> Callable[[Desk, str], Plan]:
    def meant(found: Desk, text: str) -> Plan:
        when = moment(found, text)
        if ms(when) < ms(found.now):
            nonsense("date.past", f"“{text}” has passed; choose a later date", EXAMPLES)
        return _each("triage", name, when)

    return meant


def _noted(found: Desk, text: str) -> Plan:
    if not (said := words((text,))):
        nonsense("bulk.words", "a note needs words", "sdr bulk note met at the stand --filter source:fair")
    return _each("triage", "note", said)


def _enrolled(found: Desk, text: str) -> Plan:
    """On days with room, the worthiest first; nobody twice."""
    from sdr.desk import enrolling

    drip = the_drip(found, text).id
    return Plan(
        lambda db, ids, now: enrolling.preview_many(db, ids, drip, now),
        lambda session, ids, now: [enrolling.enroll_many(session, ids, drip, now)],
    )


VERBS: dict[str, Callable[[Desk, str], Plan]] = {
    "accept": _plain("accept", "triage"),
    "reject": _reasoned("reject"),
    "disqualify": _reasoned("disqualify"),
    "snooze": _dated("snooze"),
    "nurture": _dated("nurture"),
    "give": lambda found, text: _each("triage", "give", a_rep(found, text).id),
    "note": _noted,
    "enroll": _enrolled,
    "pause": _plain("pause", "drip", None),
    "resume": _plain("resume", "drip"),
    "stop": _plain("stop", "drip"),
}
