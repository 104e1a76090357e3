"""`sdr queue`, `sdr next`, `sdr show`: what to do, in order, and everything about one lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from sdr.commands import shapes
from sdr.commands.frame import Desk, common, desk, nonsense, remark
from sdr.commands.naming import the_lead
from sdr.commands.tabular import aligned, terminal_width
from sdr.desk import fitting
from sdr.desk.explaining import why
from sdr.models.terms import ms
from sdr.rules.filtering import FilterError, parse
from sdr.rules.spoken import spoken
from sdr.rules.text import width
from sdr.store.queries import queue as queries
from sdr.store.queries.queue import EVERYTHING, Item, Narrowed

SHOWN = 12  # lines of a timeline for a person
AROUND = 60  # characters shown before and behind the fault of a filter


@click.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(0), help="At most so many items.")
@click.option("--offset", default=0, type=click.IntRange(0), help="Leave out the first so many.")
@click.option("--filter", "wanted", default="", help="As in the list: state:new score>=50 city:madrid")
@common
@click.pass_context
def queue(ctx: click.Context, limit: int, offset: int, wanted: str, as_json: bool) -> None:
    """The queue in order, each item with its why."""
    with desk(ctx) as found:
        narrowed = _narrowed(found, wanted)
        items = found.read(queries.page, ms(found.now), limit, offset=offset, narrowed=narrowed, block=found.block)
        fits = frozenset(found.read(fitting.today, found.now, block=found.block).fits)
        document = [shapes.queue_item(item, found.now, fits) for item in items]
        found.say(document, _table(items, found) if items else ["nothing is due"])


def _narrowed(found: Desk, wanted: str) -> Narrowed:
    """The filter as the list understands it; a fault points at its place."""
    if not wanted.strip():
        return EVERYTHING
    from sdr.store.queries.narrowing import narrowed

    try:
        return narrowed(parse(wanted), found.now, found.zone)
    except FilterError as fault:
        if not found.as_json:
            for line in _pointed(wanted, fault.position):
                remark(f"  {line}")
        nonsense("filter.unclear", f"the filter cannot be read: {fault.message}")


def _pointed(text: str, place: int) -> tuple[str, str]:
    """What was typed around its fault, and a mark under it, also behind tabs, line ends and wide letters."""
    shown = "".join(" " if char.isspace() or not char.isprintable() else char for char in text)
    start = max(0, place - AROUND)
    return shown[start : place + AROUND], " " * width(shown[start:place]) + "^"


def _table(items: tuple[Item, ...], found: Desk) -> Iterator[str]:
    rows = [
        (str(item.id), item.name, item.company or "", why(item, found.now).short, item.grade or "?") for item in items
    ]
    return aligned(("lead", "name", "account", "why", "grade"), rows, (20, 24, 24, 0, 5), terminal_width())


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


def _joined(*words: str | None) -> str:
    return " · ".join(word for word in words if word)


def _price(source: dict[str, Any]) -> str:
    return f"{source['cost']} {source['currency']}" if source.get("cost") else ""
