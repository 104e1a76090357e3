"""`sdr text`: the message texts of the playbook, their approval, what changed in them, and how their variants do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from sdr.commands.frame import ATTENTION, Desk, Stop, answer, common, complain, desk, error_document, nonsense, refusal
from sdr.commands.naming import playbook_text
from sdr.commands.shapes import Document, iso
from sdr.commands.tabular import aligned, terminal_width
from sdr.desk.texts import Trial, changes, overview, standing, today_of
from sdr.models.terms import Refused
from sdr.rules.templates import TextError, fields_of, parse_templates
from sdr.rules.wording import marked
from sdr.store import rows
from sdr.store.queries import texts
from sdr.store.queries.texts import Used


@click.group()
def text() -> None:
    """Message texts: list, show, check, load, approve, retire, what changed."""


@text.command("list")
@common
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Every text in force: version, owner, approval, how often it went and what came of it."""
    with desk(ctx) as found:
        seen = found.read(overview)
        document = [_document(found, one, seen.used.get(one.key), seen.trials) for one in seen.rows]
        found.say(document, [*_table(document), *_trial_lines(seen.trials)])


@text.command()
@click.argument("key")
@common
@click.pass_context
def show(ctx: click.Context, key: str, as_json: bool) -> None:
    """One text as it is filled in, and how it stands."""
    with desk(ctx) as found:
        _say_one(found, _known(found, key))


@text.command()
@click.argument("file", type=click.Path(path_type=Path))
@common
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Whether FILE could be loaded; a fault is named with its line and place."""
    try:
        told = parse_templates(playbook_text(file))
    except TextError as fault:
        stop = Stop(ATTENTION, "text.fault", str(fault), "nothing was changed")
        answer(
            as_json, {"ok": False, "faults": [{"line": fault.line, "message": str(fault)}]} | error_document(stop), []
        )
        complain(stop)
        ctx.exit(ATTENTION)
    listed = [{"key": one.key, "channel": one.channel.value, "fields": list(fields_of(one.text))} for one in told]
    lines = [f"{one['key']:<20}{one['channel']:<10}{' '.join(one['fields'])}" for one in listed]
    answer(as_json, {"ok": True, "faults": [], "texts": listed}, ["this file can be loaded", *lines])


@text.command()
@click.argument("file", type=click.Path(path_type=Path))
@common
@click.pass_context
def load(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Put the texts of FILE in force; those that say something else become a new version, to be approved."""
    from sdr.desk.texts import load_texts

    words = playbook_text(file)
    with desk(ctx) as found:
        done = found.act(load_texts, words)
        if isinstance(done, Refused) and done.rule == "text.fault":
            nonsense(done.rule, done.reason, "correct the file; nothing was changed")
        _done(done)
        keys = {one.key for one in parse_templates(words)}
        document = [_document(found, one, None, ()) for one in found.read(texts.listed) if one.key in keys]
        found.say(document, _table(document))


@text.command()
@click.argument("key")
@click.option("--by", "name", required=True, help="The name of who approves it (marketing).")
@common
@click.pass_context
def approve(ctx: click.Context, key: str, name: str, as_json: bool) -> None:
    """Approve a text as it is now."""
    from sdr.desk import texts as verbs

    if not name.strip():
        nonsense("text.approver", "an approval needs the name of who gives it")
    with desk(ctx) as found:
        _known(found, key)
        _done(found.act(verbs.approve, key, name))
        _say_one(found, _known(found, key))


@text.command()
@click.argument("key")
@click.option("--on", "day", metavar="DATE", help="From which day it goes no more (else today).")
@click.option("--back", is_flag=True, help="Bring it back.")
@common
@click.pass_context
def retire(ctx: click.Context, key: str, day: str | None, back: bool, as_json: bool) -> None:
    """Retire a text from a day on."""
    from sdr.desk import texts as verbs

    with desk(ctx) as found:
        _known(found, key)
        on = None if back else _day(day) if day else found.read(today_of, found.now)
        _done(found.act(verbs.retire, key, on))
        _say_one(found, _known(found, key))


@text.command()
@click.argument("key")
@common
@click.pass_context
def diff(ctx: click.Context, key: str, as_json: bool) -> None:
    """What changed in a text since it was approved, word by word."""
    with desk(ctx) as found:
        row = _known(found, key)
        stands = standing(row, found.read(today_of, found.now))
        told = [marked(line) for line in changes(row)]
        document = {"key": row.key, "version": row.version, "state": stands.state, "changes": told}
        found.say(document, [f"{row.key} version {row.version}: {stands.words}", *(told or ["nothing changed"])])


# --- what it says ----------------------------------------------------------------------------------------------------


def _known(found: Desk, key: str) -> rows.Template:
    row = found.read(texts.in_force, key)
    if row is None:
        known = ", ".join(one.key for one in found.read(texts.listed))
        nonsense("text.unknown", f"there is no text “{key}”; there is {known}")
    return row


def _done(result: Any) -> None:
    if isinstance(result, Refused):
        raise refusal(result)


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        nonsense("date.unclear", f"“{words}” is not a day", "write 2026-10-01")


def _document(found: Desk, row: rows.Template, used: Used | None, tried: tuple[Trial, ...]) -> Document:
    stands = standing(row, found.read(today_of, found.now))
    return {
        "key": row.key, "channel": row.channel, "version": row.version, "subject": row.subject, "owner": row.owner,
        "state": stands.state, "stands": stands.words, "approved_by": row.approved_by,
        "approved_at": iso(row.approved_at, found.zone) if row.approved_at else None, "retires_on": row.retires_on,
        "used": used.times if used else 0, "leads": used.leads if used else 0,
        "qualified": used.qualified if used else 0,
        "trials": [
            {"cadence": one.cadence, "step": one.step_no, "variant": arm.variant, "leads": arm.leads,
             "qualified": arm.qualified, "verdict": one.words}
            for one in tried for arm in one.arms if arm.template == row.key
        ],
    }  # fmt: skip


def _table(document: list[Document]) -> Iterator[str]:
    lines = [
        (one["key"], one["channel"], f"v{one['version']}", one["owner"] or "", one["stands"],
         f"{one['qualified']} of {one['leads']}" if one["leads"] else "never went")
        for one in document
    ]  # fmt: skip
    return aligned(("text", "by", "", "owner", "stands", "qualified"), lines, (22, 9, 4, 10, 0, 12), terminal_width())


def _trial_lines(tried: tuple[Trial, ...]) -> Iterator[str]:
    for one in tried:
        arms = ", ".join(f"{arm.variant} {arm.template}: {arm.qualified} of {arm.leads}" for arm in one.arms)
        yield f"{one.cadence}, step {one.step_no}: {arms}: {one.words}"


def _say_one(found: Desk, row: rows.Template) -> None:
    document = _document(found, row, found.read(texts.used).get(row.key), ())
    fields = list(dict.fromkeys((*fields_of(row.subject or ""), *fields_of(row.text))))
    document |= {"text": row.text, "fields": fields, "changes": [marked(line) for line in changes(row)]}
    head = f"{row.key} · {row.channel} · version {row.version} · {document['stands']}"
    subject = [f"subject: {row.subject}", ""] if row.subject else []
    changed = ["", "changed since:", *document["changes"]] if document["changes"] else []
    found.say(document, [head, "", *subject, *row.text.split("\n"), *changed])
