"""`sdr away` and `sdr catch-up`: time off, and what is overdue spread over days that have room."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from sdr.commands.drip import say_refused
from sdr.commands.frame import Desk, common, desk, nonsense
from sdr.commands.naming import LARGEST, the_lead
from sdr.commands.shapes import Document, iso
from sdr.models.terms import Refused
from sdr.store.queries import absences


@click.command()
@click.option("--from", "first", metavar="DATE", help="The first day off.")
@click.option("--to", "last", metavar="DATE", help="The last day off (the first, unless said).")
@click.option("--cover", metavar="REP", help="A colleague who does your due touches meanwhile, by name or id.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
@click.option("--list", "listed", is_flag=True, help="Your time off.")
@click.option("--cancel", metavar="ID", help="Call time off off, or end it now.")
@click.option("--back", is_flag=True, help="You are back: what was covered comes back.")
@common
@click.pass_context
def away(
    ctx: click.Context, first: str | None, last: str | None, cover: str | None, dry_run: bool, listed: bool,
    cancel: str | None, back: bool, as_json: bool,
) -> None:  # fmt: skip
    """Time off: due touches go to a colleague meanwhile, or wait for your return, spread over days with room."""
    from sdr.desk import away as verbs

    if sum((first is not None, listed, cancel is not None, back)) != 1:
        nonsense("away.unclear", "say --from DATE [--to DATE], or --list, --cancel ID or --back")
    with desk(ctx) as found:
        if listed:
            _list(found)
        elif first is None:
            done = found.act(verbs.come_back) if back else found.act(verbs.cancel, _absence(cancel or ""))
            if isinstance(done, Refused):
                say_refused(ctx, found, {"summary": None, "returned": 0}, done)
            else:
                found.say({"summary": done.summary, "returned": len(done.leads)}, [done.summary])
        else:
            _go(ctx, found, verbs, first, last or first, cover, dry_run)


def _go(
    ctx: click.Context, found: Desk, verbs: Any, first: str, last: str, cover: str | None, dry_run: bool
) -> None:  # fmt: skip
    starts, ends = _day(found, verbs, first), _day(found, verbs, last)
    cover_id = _rep(found, cover) if cover else None
    plan = found.read(verbs.planned, starts, ends, cover_id, found.now)
    if isinstance(plan, Refused):
        say_refused(ctx, found, {"moved": 0, "covered": 0, "paused": 0}, plan)
        return
    summary = plan.words
    if not dry_run:
        done = found.act(verbs.away, starts, ends, cover_id)
        if isinstance(done, Refused):
            say_refused(ctx, found, {"moved": 0, "covered": 0, "paused": 0}, done)
            return
        summary = done.summary
    promises = [{"lead": str(one.id), "name": one.name, "due_at": iso(one.due_at, found.zone)} for one in plan.promises]
    document = {
        "moved": len(plan.moves), "covered": len(plan.covered), "paused": plan.paused, "summary": summary,
        "from": plan.first.isoformat(), "to": plan.last.isoformat(), "returns": plan.returns.isoformat(),
        "cover": plan.cover.name if plan.cover else None, "promises": promises,
    }  # fmt: skip
    stay = [f"  promised: {one['name']} {one['due_at']} (keep it, or give it away)" for one in promises]
    found.say(document, [summary, *stay])


def _day(found: Desk, verbs: Any, text: str) -> date:
    day: date | None = verbs.day_meant(text, found.now, found.zone)
    if day is None:
        nonsense("date.unclear", f"“{text}” is not a day", "write 2026-08-03, tomorrow, next mon or +2w")
    return day


def _rep(found: Desk, name: str) -> int:
    to = next((one for one in found.book.reps if name.casefold() in (one.name.casefold(), str(one.id))), None)
    if to is None:
        known = ", ".join(one.name for one in found.book.reps)
        nonsense("rep.unknown", f"no rep is called “{name}”; there is {known}")
    return to.id


def _absence(words: str) -> int:
    """The number of an absence."""
    if not (words.isascii() and words.isdigit() and int(words) <= LARGEST):
        nonsense("away.unknown", f"“{words}” is not the number of time off", "`sdr away --list` shows them")
    return int(words)


def _list(found: Desk) -> None:
    held = found.read(absences.own, found.book.rep.id)
    names = {one.id: one.name for one in found.book.reps}
    rows: list[Document] = [
        {"id": str(one.id), "from": one.from_day, "to": one.to_day, "cover": names.get(one.cover_id or 0),
         "label": one.label}
        for one in held
    ]  # fmt: skip
    lines = [
        f"{one['from']} to {one['to']}"
        + (f", {one['cover']} covers" if one["cover"] else "")
        + (f", {one['label']}" if one["label"] else "")
        + f" · {one['id']}"
        for one in rows
    ]
    found.say(rows, lines or ["no time off is noted"])


@click.command()
@click.argument("leads", nargs=-1, metavar="[LEAD…]")
@click.option("--dry-run", is_flag=True, help="Show what would be moved and dropped, and do nothing.")
@common
@click.pass_context
def catch_up(ctx: click.Context, leads: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Spread what is overdue (or the due touches of LEADs) over the coming days, within what fits into each."""
    from sdr.desk import catching_up

    with desk(ctx) as found:
        wanted = tuple(the_lead(found, one).id for one in leads) or found.read(catching_up.overdue, found.now)
        plan = found.read(catching_up.planned, wanted, found.now)
        document: Document = {
            "summary": None,
            "moved": len(plan.items),
            "dropped": [
                {"lead": str(lead.id), "name": lead.name, "step": drop.step.number, "what": drop.step.name,
                 "why": drop.why}
                for lead, drop in plan.dropped
            ],
            "days": [
                {"day": one.day.isoformat(), "touches": one.touches, "minutes": one.taken, "holds": one.holds}
                for one in plan.days
            ],
            "left": [{"name": name, "why": why} for name, why in plan.left],
        }  # fmt: skip
        if not dry_run:
            done = found.act(catching_up.catch_up, wanted)
            if isinstance(done, Refused):
                say_refused(ctx, found, document, done)
                return
            document["summary"] = done.summary
        found.say(document, [document["summary"] or plan.words, *catching_up.told(plan)])
