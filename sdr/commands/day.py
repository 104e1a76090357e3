"""`sdr queue`, `sdr leads`, `sdr next`, `sdr show`: what to do, in order, who there is, and all about one lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import click

from sdr.commands import shapes
from sdr.commands.frame import Desk, common, desk
from sdr.commands.naming import the_filter, the_lead
from sdr.commands.tabular import aligned, terminal_width
from sdr.desk import fitting
from sdr.desk.explaining import why
from sdr.models.terms import ms
from sdr.rules.spoken import spoken
from sdr.store.queries import listing, searching
from sdr.store.queries import queue as queries
from sdr.store.queries.queue import Item, Narrowed

SHOWN = 12  # lines of a timeline for a person
AT_ONCE = 400  # leads read at a time


def of_a_list(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which part of a list is meant."""
    command = click.option("--filter", "wanted", default="", help="As on the screen: state:new score>=50 city:madrid")(
        command
    )
    command = click.option("--offset", default=0, type=click.IntRange(0), help="Leave out the first so many.")(command)
    return click.option("--limit", default=50, show_default=True, type=click.IntRange(0), help="At most so many.")(
        command
    )


@click.command()
@of_a_list
@common
@click.pass_context
def queue(ctx: click.Context, limit: int, offset: int, wanted: str, as_json: bool) -> None:
    """The queue in order, each item with its why."""
    with desk(ctx) as found:
        items = _items(found, the_filter(found, wanted), limit, offset)
        fits = frozenset(found.read(fitting.today, found.now, block=found.block).fits)
        document = [shapes.queue_item(item, found.now, fits) for item in items]
        found.say(document, _table(items, found) if items else ["nothing is due"])


def _items(found: Desk, narrowed: Narrowed, limit: int, offset: int) -> tuple[Item, ...]:
    """A page of the queue; where words were typed, by their index."""
    now, block = ms(found.now), found.block
    if narrowed.typed is None:
        return found.read(queries.page, now, limit, offset=offset, narrowed=narrowed, block=block)
    ids = found.read(searching.waiting, now, narrowed=narrowed, block=block)
    return found.read(searching.page_of, ids, now, limit, offset=offset, block=block)


def _table(items: tuple[Item, ...], found: Desk) -> Iterator[str]:
    rows = [
        (str(item.id), item.name, item.company or "", why(item, found.now).short, item.grade or "?") for item in items
    ]
    return aligned(("lead", "name", "account", "why", "grade"), rows, (20, 24, 24, 0, 5), terminal_width())


@click.command("leads")
@of_a_list
@common
@click.pass_context
def leads_(ctx: click.Context, limit: int, offset: int, wanted: str, as_json: bool) -> None:
    """All leads, the newest first, or those that match, the best first; `sdr export --filter` makes a file of them."""
    with desk(ctx) as found:
        ids = found.read(listing.ids, the_filter(found, wanted))
        shown = ids[offset : offset + limit]
        known = {row.id: row for at in range(0, len(shown), AT_ONCE)
                 for row in found.read(listing.rows, shown[at : at + AT_ONCE])}  # fmt: skip
        listed = [known[one] for one in shown if one in known]
        document = {"total": len(ids), "leads": [shapes.listed(one, found.zone) for one in listed]}
        rows = [(str(one.id), one.name, one.company or "", one.state, one.source or "", one.grade) for one in listed]
        heads, widths = ("lead", "name", "account", "state", "source", "grade"), (20, 24, 24, 12, 0, 5)
        left = len(ids) - len(shown)
        more = [f"{left:,} of {len(ids):,} more: --limit, --offset"] if left else []
        found.say(document, [*aligned(heads, rows, widths, terminal_width()), *more] if rows else ["no lead matches"])


@click.command("next")
@common
@click.pass_context
def next_(ctx: click.Context, as_json: bool) -> None:
    """The head of the queue, with its card."""
    with desk(ctx) as found:
        items = found.read(queries.page, ms(found.now), 1, block=found.block)
        if not items:
            found.say(None, ["nothing is due"])
            return
        _say_card(found, items[0].id)


@click.command()
@click.argument("lead")
@common
@click.pass_context
def show(ctx: click.Context, lead: str, as_json: bool) -> None:
    """The card of one lead: state, answers, score, timeline. LEAD is an id, an e-mail address, or words."""
    with desk(ctx) as found:
        _say_card(found, the_lead(found, lead).id)


def _say_card(found: Desk, lead_id: int) -> None:
    document = shapes.card(found, lead_id)
    found.say(document, _card_lines(document, found))


def _card_lines(card: dict[str, Any], found: Desk) -> Iterator[str]:
    """The card for a person: one thing a line, the empty ones left out."""
    account, source, step, score = card["account"] or {}, card["source"] or {}, card["next_step"], card["score"]
    told = {
        "lead": _joined(card["name"], card["title"], account.get("name"), card["city"], card["country"]),
        "reach": _joined(card["phone"], card["phone_type"], card["email"], card["zone"]),
        "source": _joined(source.get("name"), _price(source), f"{source.get('qualified')} of {source.get('judged')}")
        if source
        else "",
        "state": _joined(card["state"], card["reason"], f"owner {card['owner']}", f"next move: {card['accountable']}"),
        "next": _joined(step["kind"], step["local_time"], step["why"]) if step else "",
        "score": _joined(
            f"{score['total']} of {score['threshold']}", score["verdict"], f"grade {score['grade'] or '?'}",
            f"fit {score['fit']}", f"engaged {score['engagement']}", f"known {score['known']}/{score['known_of']}",
        ),
        "would": score["would"],
        "answers": ", ".join(f"{key} {level}" for key, level in card["answers"].items()),
        "said": f"“{card['said']}”" if card["said"] else "",
        "blocked": ", ".join(f"{one['channel']} ({one['scope']})" for one in card["suppressed"]),
    }  # fmt: skip
    yield f"{'id':<8}{card['id']}"
    for word, text in told.items():
        if text:
            yield f"{word:<8}{text}"
    for one in card["timeline"][:SHOWN]:
        when = spoken(datetime.fromisoformat(one["at"]), found.now)
        yield f"{'':<8}{when:<15} {one['summary']}{' (taken back)' if one['undone'] else ''}"
        for text in one["texts"]:
            yield f"{'':<24}{' '.join(text.split())}"


def _joined(*words: str | None) -> str:
    return " · ".join(word for word in words if word)


def _price(source: dict[str, Any]) -> str:
    return f"{source['cost']} {source['currency']}" if source.get("cost") else ""
