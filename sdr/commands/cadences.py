"""`sdr cadence`: the drips as text that is listed, checked, put in force, and shown with its real dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from sdr.commands.clocks import calendar
from sdr.commands.frame import (
    ATTENTION,
    Desk,
    Stop,
    answer,
    common,
    complain,
    desk,
    error_document,
    nonsense,
    refusal,
    remark,
)  # fmt: skip
from sdr.commands.naming import instant, one_of, playbook_text, the_drip, zone_named
from sdr.commands.shapes import Document, iso
from sdr.commands.tabular import aligned, terminal_width
from sdr.models.terms import Refused, at, ms
from sdr.rules.cadence import Cadence, CadenceError, Planned, Step, Track, arrival, parse_cadence, plan, rest_until
from sdr.rules.calendar import local_time
from sdr.rules.money import decimal, spoken_money
from sdr.store.queries import cadences, playbook
from sdr.store.queries.cadences import Line

MOST_MOVES = 1_000  # that are listed; all are counted
SHOWN_MOVES = 20


@click.group()
def cadence() -> None:
    """Drips: list, check, load, show, preview."""


@cadence.command("list")
@common
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Every drip in force with who is inside; the first is what a lead gets unless somebody chooses."""
    with desk(ctx) as found:
        lines = found.read(cadences.lines, _tonight(found))
        head = ("drip", "version", "steps", "inside", "due today", "paused", "finished", "replied")
        table = [
            (one.row.name, str(one.row.version), str(len(one.cadence.steps)), str(one.inside), str(one.due),
             str(one.paused), str(one.finished), str(one.replied))
            for one in lines
        ]  # fmt: skip
        document = [_line(one, default=one is lines[0]) for one in lines]
        found.say(document, aligned(head, table, (0, 7, 5, 9, 9, 9, 9, 9), terminal_width()))


def _tonight(found: Desk) -> int:
    """The end of the rep's today, ms UTC."""
    today = at(ms(found.now), found.zone).date()
    return ms(local_time(found.zone, today + timedelta(days=1), time()))


def _line(one: Line, *, default: bool) -> Document:
    return {
        "name": one.row.name, "version": one.row.version, "product": one.row.product, "steps": len(one.cadence.steps),
        "default": default, "inside": one.inside, "due_today": one.due, "paused": one.paused,
        "finished": one.finished, "replied": one.replied, "in_older_versions": one.older,
    }  # fmt: skip


@cadence.command()
@click.argument("file", type=click.Path(path_type=Path))
@common
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Whether FILE could be loaded; a fault is named with its line and step."""
    from sdr.desk.cadences import readable

    text = playbook_text(file)
    try:
        draft = parse_cadence(text)
    except CadenceError as fault:
        _faulty(ctx, as_json, str(fault), fault.line, fault.step)
    with desk(ctx) as found:
        known = found.read(readable, text)
    if isinstance(known, Refused):
        _faulty(ctx, as_json, known.reason, None, None)
    notes = list(_notes(draft))
    document = {"ok": True, "faults": [], "notes": notes} | _document(draft, draft.version)
    answer(as_json, document, ["this file can be loaded", *notes, *_lines(draft, draft.version)])


def _faulty(ctx: click.Context, as_json: bool, message: str, line: int | None, step: int | None) -> NoReturn:
    stop = Stop(ATTENTION, "cadence.fault", message, "nothing was changed")
    faults = [{"line": line, "step": step, "message": message}]
    answer(as_json, {"ok": False, "faults": faults} | error_document(stop), [])
    complain(stop)
    ctx.exit(ATTENTION)


def _notes(draft: Cadence) -> Iterator[str]:
    """What is allowed and may still surprise."""
    for step in draft.steps:
        if step.delay.count == 0 and step.number > 1:
            yield f"step {step.number} comes right after step {step.number - 1}, {draft.minimum_gap} apart at the least"


@cadence.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--apply", "move", is_flag=True, help="Those inside go to the new version; else they keep theirs.")
@click.option("--dry-run", "rehearse", is_flag=True, help="Only say who is inside and what would move.")
@common
@click.pass_context
def load(ctx: click.Context, file: Path, move: bool, rehearse: bool, as_json: bool) -> None:
    """Put FILE in force: a new drip, or the next version of the one with its name."""
    from sdr.desk.cadences import Effects, effects, load_cadence

    text = playbook_text(file)
    with desk(ctx) as found:
        foreseen = found.read(effects, text, found.now)
        if isinstance(foreseen, Refused):
            nonsense(foreseen.rule, foreseen.reason, foreseen.hint)
        summary = None
        if not rehearse:
            done = found.act(partial(load_cadence, apply=move), text)
            if isinstance(done, Refused):
                raise refusal(done)
            summary = done.summary
        assert isinstance(foreseen, Effects)
        moves = [
            {"lead": str(one.lead.id), "name": one.lead.name, "step": one.step, "to_step": one.to_step,
             "from": iso(one.due_at, found.zone), "to": iso(one.to_at, found.zone)}
            for one in foreseen.moves[:MOST_MOVES]
        ]  # fmt: skip
        document = {
            "name": foreseen.cadence.name, "version": foreseen.cadence.version, "inside": foreseen.inside,
            "in_versions": list(foreseen.versions), "moving": len(foreseen.moves), "moves": moves,
            "applied": move and not rehearse, "loaded": not rehearse, "summary": summary,
        }  # fmt: skip
        found.say(document, _told(document, move))


def _told(document: Document, move: bool) -> Iterator[str]:
    inside, moving = document["inside"], document["moving"]
    yield document["summary"] or f"“{document['name']}” would be version {document['version']}; nothing was changed"
    if not inside:
        return
    older = ", ".join(str(version) for version in document["in_versions"])
    yield f"{inside} inside version {older}; {moving} would get another date" if not move else (
        f"{inside} were inside version {older}; {moving} got another date" if document["loaded"] else
        f"{inside} inside version {older} would move; {moving} get another date"
    )  # fmt: skip
    listed = [
        (one["name"], f"{one['step']}", str(one["to_step"] or "end"), one["from"] or "", one["to"])
        for one in document["moves"][:SHOWN_MOVES]
    ]
    if listed:
        yield from aligned(("lead", "step", "then", "from", "to"), listed, (0, 4, 4, 25, 25), terminal_width())
    if moving > SHOWN_MOVES:
        yield f"and {moving - SHOWN_MOVES} more (--json lists {MOST_MOVES})"
    if not move:
        yield "those inside keep their version; --apply moves them"


@cadence.command()
@click.argument("name")
@common
@click.pass_context
def show(ctx: click.Context, name: str, as_json: bool) -> None:
    """The drip NAME: its steps, and who is inside."""
    with desk(ctx) as found:
        row = the_drip(found, name)
        line = next(one for one in found.read(cadences.lines, _tonight(found)) if one.row.id == row.id)
        counted = cadences.at_steps(found.read(cadences.inside, row.name))
        document = _document(line.cadence, row.version)
        for step in document["steps"]:
            step["inside"] = counted[step["step"]]
        document |= _line(line, default=False) | {
            "steps": document["steps"],
            "loaded_at": iso(row.loaded_at, found.zone),
        }
        del document["default"]
        inside = f"{line.inside} inside, {line.due} due today, {line.paused} paused"
        found.say(document | {"text": row.text}, [*_lines(line.cadence, row.version), inside])


def _document(one: Cadence, version: int) -> Document:
    return {
        "name": one.name, "version": version, "product": one.product, "currency": one.currency or None,
        "minimum_gap": str(one.minimum_gap), "rest": str(one.rest) if one.rest else None,
        "steps": [_step(step, one.currency) for step in one.steps],
    }  # fmt: skip


def _step(step: Step, currency: str) -> Document:
    return {
        "step": step.number, "name": step.name, "channel": step.channel.value, "delay": str(step.delay),
        "window": str(step.window) if step.window else None, "blocking": step.blocking, "personal": step.personal,
        "template": step.template, "variants": list(step.variants), "cost": decimal(step.cost, currency),
        "lead_time": str(step.lead_time) if step.lead_time else None, "needs": step.needs, "alone": step.alone,
        "track": step.track.value,
    }  # fmt: skip


def _lines(one: Cadence, version: int) -> Iterator[str]:
    product = f" · {one.product}" if one.product else ""
    rest = f" · then rest {one.rest}" if one.rest else ""
    yield f"{one.name} · version {version}{product} · touches {one.minimum_gap} apart at the least{rest}"
    listed = [
        (str(step.number), step.channel.value, str(step.delay), step.name, _marks(step, one)) for step in one.steps
    ]
    yield from aligned(("step", "channel", "after", "what", ""), listed, (4, 8, 6, 28, 0), terminal_width())


def _marks(step: Step, one: Cadence) -> str:
    words = [
        "one-to-one" if step.personal and step.channel.value != "call" else "",
        "does not wait" if not step.blocking else "",
        f"{len(step.variants)} variants" if step.variants else "",
        f"answers step {step.needs}" if step.needs else "",
        f"{step.lead_time} in the post" if step.lead_time else "",
        spoken_money(step.cost, one.currency) if step.cost is not None else "",
        "" if step.track is Track.MAIN else f"{step.track} track",
    ]
    return ", ".join(word for word in words if word)


@cadence.command()
@click.argument("name")
@click.option("--from", "start", metavar="TIME", required=True, help="When somebody would be enrolled.")
@click.option("--zone", metavar="ZONE", help="The prospect's zone, also of a TIME without offset (else yours).")
@click.option("--country", metavar="CC", help="The prospect's country, whose holidays are closed: ES, or DE-BY.")
@click.option("--window", metavar="HOURS", default="mon-fri 09:00-17:00", show_default=True,
              help="The prospect's hours, for steps without a window of their own.")  # fmt: skip
@click.option("--track", default=Track.MAIN.value, show_default=True, help="main, positive or negative.")
@common
@click.pass_context
def preview(
    ctx: click.Context, name: str, start: str, zone: str | None, country: str | None, window: str, track: str,
    as_json: bool,
) -> None:  # fmt: skip
    """The real dates of the drip NAME for somebody enrolled at TIME; nobody is enrolled."""
    one_of("track", track, list(Track))
    with desk(ctx) as found:
        row = the_drip(found, name)
        drip = playbook.cadence_of(row.text, row.version)
        place = found.zone if zone is None else zone_named(zone)
        begins = instant(start, place)
        cal = calendar(window, place, country, begins, begins + _reach(drip))
        planned = plan(drip, begins, cal, track=track)
        if len(planned) < len(drip.of(track)):
            remark(
                f"step {drip.of(track)[len(planned)].number} never comes: its window does not open on any working day"
            )
        arriving = [arrival(one.step, one.due_at, cal) for one in planned]
        rests = rest_until(drip, planned, cal)
        document = [
            _planned(one) | {"arrives_at": there.isoformat(timespec="seconds") if there else None, "rests_until": None}
            for one, there in zip(planned, arriving, strict=True)
        ]
        if rests is not None:
            document[-1]["rests_until"] = rests.isoformat(timespec="seconds")
        said = (f"then rest {drip.rest}, until {rests:%a %d %b %Y %H:%M}",) if rests else ()
        found.say(document, [*_dates(planned), *said])


def _reach(drip: Cadence) -> timedelta:
    """How long the drip may last, closed days included."""
    return timedelta(days=sum(step.delay.days for step in drip.steps) * 2 + 366)


def _planned(one: Planned) -> Document:
    local = one.due_at.isoformat(timespec="seconds")
    return {
        "step": one.step.number, "name": one.step.name, "channel": one.step.channel.value, "at": local,
        "local_time": local, "close_at": one.close_at.isoformat(timespec="seconds"),
        "moved_from": one.moved_from.isoformat(timespec="seconds") if one.moved_from else None, "why": one.why,
    }  # fmt: skip


def _dates(planned: Sequence[Planned]) -> Iterator[str]:
    listed = [
        (str(one.step.number), one.step.channel.value, f"{one.due_at:%a %d %b %Y %H:%M}", one.step.name,
         f"{one.moved_from:%a %d %b %H:%M}" if one.moved_from else "")
        for one in planned
    ]  # fmt: skip
    return aligned(("step", "channel", "when", "what", "moved from"), listed, (4, 8, 21, 0, 16), terminal_width())
