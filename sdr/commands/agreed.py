"""`sdr rubric` and `sdr source`: what sales and marketing agreed on, as text that can be read, checked and signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from sdr.commands.frame import ATTENTION, Desk, Stop, answer, common, complain, desk, error_document, nonsense, refusal
from sdr.commands.naming import pairs, playbook_text
from sdr.commands.shapes import Document, iso, source_document
from sdr.commands.tabular import aligned, terminal_width
from sdr.models.terms import Refused
from sdr.rules.money import minor_units, spoken_money
from sdr.rules.rubric import Rubric, RubricError, parse_rubric
from sdr.rules.text import clean
from sdr.store import rows
from sdr.store.queries import playbook
from sdr.store.queries.what_if import Held, Tried

SHOWN_FLIPS = 20  # leads that a trial names


@click.group()
def rubric() -> None:
    """The agreement: show, check, try, load, sign."""


@rubric.command()
@common
@click.pass_context
def show(ctx: click.Context, as_json: bool) -> None:
    """The rubric in force."""
    with desk(ctx) as found:
        _say_in_force(found)


def _say_in_force(found: Desk, more: Document | None = None, lines: Sequence[str] = ()) -> None:
    row = found.read(playbook.rubric_row)
    signed = {"sales": row.signed_sales, "marketing": row.signed_marketing}
    document = _rubric_document(playbook.parsed_rubric(row.text), row.version, signed)
    document["loaded_at"] = iso(row.loaded_at, found.zone)
    found.say(document | (more or {}), [*lines, *_rubric_lines(document)])


@rubric.command()
@click.argument("file", type=click.Path(path_type=Path))
@common
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Whether FILE could be loaded; a fault is named with its line."""
    text = playbook_text(file)
    try:
        draft = parse_rubric(text)
    except RubricError as fault:
        stop = Stop(ATTENTION, "rubric.fault", str(fault), "nothing was changed")
        faults = [{"line": fault.line, "message": str(fault)}]
        answer(as_json, {"ok": False, "faults": faults} | error_document(stop), [])
        complain(stop)
        ctx.exit(ATTENTION)
    document = _rubric_document(draft, draft.version, dict(draft.signed))
    answer(as_json, {"ok": True, "faults": []} | document, ["this file can be loaded", *_rubric_lines(document)])


@rubric.command()
@click.argument("file", type=click.Path(path_type=Path))
@common
@click.pass_context
def load(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Put FILE in force as the next version."""
    from sdr.desk.setting_up import load_rubric

    text = playbook_text(file)
    try:
        parse_rubric(text)
    except RubricError as fault:
        nonsense("rubric.fault", str(fault), "correct the file; nothing was changed")
    with desk(ctx) as found:
        _done(found.act(load_rubric, text))
        judged, changed = found.judge_again()
        line = f"open leads judged by it: {judged:,}, with another score now: {changed:,}"
        _say_in_force(found, {"judged": judged, "changed": changed}, [line])


@rubric.command("try")
@click.argument("file", type=click.Path(path_type=Path))
@common
@click.pass_context
def try_(ctx: click.Context, file: Path, as_json: bool) -> None:
    """What FILE would make of the leads, changing nothing."""
    from sdr.store.queries import what_if

    text = playbook_text(file)
    try:
        draft = parse_rubric(text)
    except RubricError as fault:
        nonsense("rubric.fault", str(fault), "correct the file; nothing was changed")
    with desk(ctx) as found:
        tried = found.read(what_if.tried, draft, found.now)
        found.say(_tried_document(tried), _tried_lines(tried, draft))


@rubric.command()
@click.option("--as", "side", required=True, type=click.Choice(["sales", "marketing"]), help="Who signs.")
@click.option("--by", "name", required=True, help="The name of who signs.")
@common
@click.pass_context
def sign(ctx: click.Context, side: str, name: str, as_json: bool) -> None:
    """Sign the rubric in force."""
    from sdr.desk.setting_up import sign_rubric

    if not name.strip():
        nonsense("rubric.name", "a signature needs a name")
    with desk(ctx) as found:
        _done(found.act(sign_rubric, side, name.strip()))
        _say_in_force(found)


def _done(result: Any) -> None:
    """A change that was made; a refused one ends the command."""
    if isinstance(result, Refused):
        raise refusal(result)


def _tried_document(tried: Tried) -> Document:
    return {
        "scored": tried.leads,
        "flips": [
            {"lead": str(one.lead), "name": one.name, "before": one.before, "after": one.after, "state": one.state}
            for one in tried.flips
        ],
        "before": {"verdicts": tried.before.verdicts, "grades": tried.before.grades},
        "after": {"verdicts": tried.after.verdicts, "grades": tried.after.grades},
        "up": _held_document(tried.up),
        "down": _held_document(tried.down),
    }  # fmt: skip


def _held_document(held: Held) -> Document:
    return {"leads": held.leads, "judged": held.judged, "qualified": held.qualified}


def _tried_lines(tried: Tried, draft: Rubric) -> Iterator[str]:
    yield f"{tried.leads:,} leads under “{draft.name}”, nothing changed: {len(tried.flips):,} would be judged otherwise"
    for title, before, after in (
        ("verdict", tried.before.verdicts, tried.after.verdicts),
        ("grade", tried.before.grades, tried.after.grades),
    ):
        rows = [(word, f"{before.get(word, 0):,}", f"{after.get(word, 0):,}") for word in sorted({*before, *after})]
        yield from aligned((title, "now", "then"), rows, (20, 12, 12), terminal_width())
    for held, way in ((tried.up, "would qualify"), (tried.down, "would qualify no more")):
        judged = f"; of {held.judged} that were judged since, {held.qualified} were qualified" if held.judged else ""
        yield f"{held.leads:,} {way}{judged}"
    yield from (f"{clean(one.name)}: {one.before} → {one.after} ({one.state})" for one in tried.flips[:SHOWN_FLIPS])
    if len(tried.flips) > SHOWN_FLIPS:
        yield f"… and {len(tried.flips) - SHOWN_FLIPS:,} more (--json has all)"


def _rubric_document(one: Rubric, version: int, signed: dict[str, Any]) -> Document:
    return {
        "name": one.name,
        "version": version,
        "threshold": one.threshold,
        "signed": signed,
        "review_due": one.review_due.isoformat() if one.review_due else None,
        "criteria": [
            {
                "key": item.key, "label": item.label, "question": item.question, "ask": item.ask,
                "must_have": item.must_have,
                "levels": [
                    {"digit": level.digit, "key": level.key, "label": level.label, "points": level.points,
                     "meets": level.meets, "knock_out": level.knock_out}
                    for level in item.levels
                ],
            }
            for item in one.criteria
        ],
    }  # fmt: skip


def _rubric_lines(document: Document) -> Iterator[str]:
    signed = [f"{side} {name}" for side, name in document["signed"].items() if name]
    yield f"{document['name']} · version {document['version']} · {document['threshold']} points qualify"
    yield f"signed: {', '.join(signed)}" if signed else "not signed yet: sdr rubric sign --as sales --by NAME"
    for item in document["criteria"]:
        yield f"{item['key']:<12}{item['question']}{' (must have)' if item['must_have'] else ''}"
        for level in item["levels"]:
            yield f"  {level['digit']} {level['key']:<16}{level['points']:>4}  {level['label']}"


# --- sources ---------------------------------------------------------------------------------------------------


@click.group()
def source() -> None:
    """Sources: cost, owner, department, agreed target."""


@source.command("list")
@common
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Every source and what was agreed about it."""
    from sdr.store.queries import sources

    with desk(ctx) as found:
        _say_sources(found, found.read(sources.listed))


@source.command("set")
@click.argument("name")
@click.argument("fields", nargs=-1, metavar="KEY=VALUE…")
@common
@click.pass_context
def set_(ctx: click.Context, name: str, fields: tuple[str, ...], as_json: bool) -> None:
    """Name a source, or change one: cost=105.00 currency=USD target=20% owner=Kim department=marketing type=list …"""
    from sdr.desk.sources import set_source
    from sdr.store.queries import sources

    with desk(ctx) as found:
        known = found.read(sources.by_name, name)
        told = _source_fields(pairs(fields), known)
        _done(found.act(set_source, name, **told))
        kept = found.read(sources.by_name, known.name if known else name)
        _say_sources(found, (kept,) if kept else ())


def _source_fields(told: dict[str, str], known: rows.Source | None) -> dict[str, Any]:
    """The words of the command as the verb's values; a blank takes a value away."""
    from sdr.desk.sources import FIELDS

    words = ("cost", *(field for field in FIELDS if field != "cost_minor"))
    fields: dict[str, Any] = {}
    for key, value in told.items():
        if key not in words:
            nonsense("source.field", f"a source has no “{key}”; it has {', '.join(words)}")
        fields[key] = value or None
    if told.get("target"):
        fields["target"] = _share(told["target"])
    if "cost" in fields:
        currency = fields.get("currency") or (known.currency if known else "USD")
        fields["cost_minor"] = _amount(fields.pop("cost"), currency)
    return fields


def _amount(text: str | None, currency: str) -> int | None:
    minor = minor_units(text, currency.upper()) if text else None
    if text and (minor is None or "-" in text):
        nonsense("source.cost", f"“{text}” is not a price", "write 105.00")
    return minor


def _share(text: str) -> float:
    try:
        number = float(text.removesuffix("%").strip())
    except ValueError:
        nonsense("source.target", f"“{text}” is not a share of the leads", "write 20% or 0.2")
    return number / 100 if text.endswith("%") else number


def _say_sources(found: Desk, listed: Sequence[rows.Source]) -> None:
    lines = [
        (one.name, one.type, spoken_money(one.cost_minor, one.currency) if one.cost_minor is not None else "no price",
         f"{one.target:.0%}" if one.target is not None else "no target", one.owner or "", one.department or "")
        for one in listed
    ]  # fmt: skip
    head = ("source", "type", "a lead", "target", "owner", "department")
    table = aligned(head, lines, (0, 12, 12, 9, 16, 14), terminal_width())
    found.say([source_document(one) for one in listed], table if listed else ["no sources yet: sdr source set NAME"])
