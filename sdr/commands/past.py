"""`sdr undo`, `sdr redo`, `sdr history`: what happened, who did it, what it changed; and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import click

from sdr.commands.frame import ATTENTION, Desk, common, complain, desk, error_document, refusal
from sdr.commands.naming import the_lead
from sdr.commands.shapes import Document, iso, text_id
from sdr.models.terms import Refused, at
from sdr.rules.spoken import spoken
from sdr.store.changes import Applied
from sdr.store.queries import history as queries
from sdr.store.queries.history import Edited, Past

TIMES = click.IntRange(1, 1000)


@click.command()
@click.argument("times", default=1, type=TIMES)
@common
@click.pass_context
def undo(ctx: click.Context, times: int, as_json: bool) -> None:
    """Take back the last act, or the last N."""
    with desk(ctx) as found:
        _walk(ctx, found, found.store.undo, times)


@click.command()
@click.argument("times", default=1, type=TIMES)
@common
@click.pass_context
def redo(ctx: click.Context, times: int, as_json: bool) -> None:
    """Bring again what was taken back last, or the last N."""
    with desk(ctx) as found:
        _walk(ctx, found, found.store.redo, times)


def _walk(ctx: click.Context, found: Desk, go: Callable[[], Future[Applied | Refused]], times: int) -> None:
    """Go `times` steps, as far as it is allowed; the steps gone are the answer."""
    gone: list[Past] = []
    refused: Refused | None = None
    while len(gone) < times and refused is None:
        done = go().result()
        if isinstance(done, Refused):
            refused = done
        else:
            step = found.read(queries.one_step, done.step)
            assert step is not None  # written a moment ago
            gone.append(step)
    found.judge_again()  # a rubric may be in force again
    stop = refusal(refused) if refused else None
    nothing = stop is not None and not gone
    document = error_document(stop) if nothing and stop else [_document(one, found.zone) for one in gone]
    found.say(document, (one.step.summary for one in gone))
    if stop is not None:
        complain(stop)
        ctx.exit(ATTENTION)


@click.command()
@click.argument("lead", required=False)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most so many steps.")
@common
@click.pass_context
def history(ctx: click.Context, lead: str | None, limit: int, as_json: bool) -> None:
    """The journal, of one lead or of all, newest first."""
    with desk(ctx) as found:
        wanted = the_lead(found, lead).id if lead is not None else None
        steps = found.read(queries.history, wanted, limit)
        found.say([_document(one, found.zone) for one in steps], _lines(steps, found))


def _lines(steps: tuple[Past, ...], found: Desk) -> Iterator[str]:
    for one in steps:
        when = spoken(at(one.step.at, found.zone), found.now)
        taken = " (taken back)" if one.step.undone else ""
        yield f"{when:<15} {one.step.actor:<10} {one.step.summary}{taken}"


def _document(past: Past, zone: str) -> Document:
    step = past.step
    return {
        "step": str(step.id), "at": iso(step.at, zone), "by": step.actor, "summary": step.summary,
        "undone": step.undone == 1, "kind": step.kind, "verb": step.verb, "lead": text_id(step.lead_id),
        "target": text_id(step.target), "final": step.final,
        "edits": [_edit(one, zone) for one in past.edits], "more_edits": past.more,
    }  # fmt: skip


def _edit(edited: Edited, zone: str) -> Document:
    return {
        "entity": edited.entity,
        "id": str(edited.id),
        "kind": edited.kind,
        "fields": {key: _value(key, value, zone) for key, value in edited.fields.items()},
        "before": {key: _value(key, value, zone) for key, value in edited.before.items()},
    }


def _value(field: str, value: Any, zone: str) -> Any:
    """Ids are strings and times readable, as everywhere."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    if field.endswith("_id") or field == "alias_of":
        return str(value)
    return iso(value, zone) if field.endswith(("_at", "_until")) or field == "at" else value
