"""What every command shares: the open desk, answers as text or JSON, refusals as one sentence, the names of leads.

Exit codes: 0 done, 1 done but something needs attention, 2 the request makes no sense, 3 the file cannot be used.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import click

from sdr import config
from sdr.models.terms import Refused, at, zone_of
from sdr.rules.text import clean
from sdr.store.changes import Applied
from sdr.store.queries import leads, playbook
from sdr.store.queries.playbook import Book
from sdr.store.store import Store

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

ATTENTION, NONSENSE, UNUSABLE = 1, 2, 3


class Stop(Exception):
    """The command ends here: an exit code, a stable code, a sentence and a way out."""

    def __init__(self, exit_code: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.code = code
        self.message = message
        self.hint = hint


def nonsense(code: str, message: str, hint: str = "") -> NoReturn:
    """The request makes no sense."""
    raise Stop(NONSENSE, code, message, hint)


@dataclass(slots=True)
class Desk:
    """The open desk of one command."""

    store: Store
    places: config.Places
    config: config.Config
    now: datetime
    book: Book
    as_json: bool

    def read(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """What a query finds."""
        return self.store.read(query, *args, **kwargs).result()

    def act(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Applied | Refused:
        """Write `verb(session, *args, now)`."""
        return self.store.write(verb, *args, self.now, **kwargs).result()


@contextmanager
def desk(ctx: click.Context) -> Iterator[Desk]:
    """The rep's desk, opened (and set up when it is new), closed in order."""
    options = ctx.find_root().params
    places = config.places(options.get("home"))
    settings = config.load(places.config)
    clock = config.clock()
    store = open_store(places, clock)
    try:
        set_up_if_new(store, settings, clock())
        book = store.read(playbook.book).result()
        yield Desk(store, places, settings, clock(), book, bool(ctx.params.get("as_json")))
    finally:
        store.close()


def open_store(places: config.Places, clock: Callable[[], datetime]) -> Store:
    """The store in the rep's folder."""
    return Store(places.database, clock=clock, draw=config.draw, actor=config.user_name())


def set_up_if_new(store: Store, settings: config.Config, now: datetime) -> None:
    """The first change of a new desk: who works here, and the packaged playbook."""
    if store.read(playbook.is_set_up).result():
        return
    from sdr.desk.setting_up import Newcomer, set_up

    who = Newcomer(
        name=settings.name or config.user_name(),
        zone=settings.zone or config.system_zone(),
        hours=settings.hours,
        email=settings.email or None,
        country=settings.country or None,
        calls=settings.calls,
        qualified=settings.qualified,
    )
    store.write(set_up, who, now).result()


# --- saying ----------------------------------------------------------------------------------------------------


def answer(as_json: bool, document: Any, lines: Iterator[str] | list[str]) -> None:
    """The result: one JSON document, or lines for a person (cleaned of what a terminal would act upon)."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in lines:
        click.echo(clean(line))


def remark(text: str) -> None:
    """Progress and messages go to stderr."""
    click.echo(clean(text), err=True)


def refuse(as_json: bool, stop: Stop) -> None:
    """A refusal or an error: one sentence on stderr, with `--json` also a document."""
    if as_json:
        error = {"code": stop.code, "message": clean(stop.message), "hint": clean(stop.hint)}
        click.echo(json.dumps({"error": error}, ensure_ascii=False, indent=2))
    hint = f" ({stop.hint})" if stop.hint else ""
    click.echo(f"sdr: {clean(stop.message)}{clean(hint)}", err=True)


def iso(stored: int | None, zone: str) -> str | None:
    """A stored time as ISO 8601 with its offset in `zone`."""
    return None if stored is None else at(stored, zone).isoformat(timespec="seconds")


# --- naming ----------------------------------------------------------------------------------------------------


def lead_id(found: Desk, words: str) -> int:
    """The one lead that `words` mean: an id, an e-mail address, or words; else the command ends with exit 2."""
    named = found.read(leads.named, words)
    if len(named) == 1:
        return named[0].id
    if not named:
        nonsense("lead.unknown", f"no lead matches “{words}”", "look with `sdr queue --filter`")
    listed = "; ".join(f"{one.id} {one.name}" + (f", {one.company}" if one.company else "") for one in named)
    nonsense("lead.several", f"“{words}” matches several leads: {listed}", "use the id")


def moment(found: Desk, text: str, zone: str | None = None) -> datetime:
    """A time typed on the command line: ISO, or a date phrase, or a preset digit, in `zone` (else the rep's)."""
    from sdr.rules.dates import phrase, preset

    where = zone or found.book.rep.zone
    if text.isdigit() and len(text) == 1:
        chosen = preset(int(text), found.now, where)
        if chosen is not None:
            return chosen
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        exact = None
    if exact is not None and ("T" in text or " " in text.strip()):
        return exact if exact.tzinfo else exact.replace(tzinfo=zone_of(where))
    meant = phrase(text, found.now, where)
    if meant is None:
        nonsense("time.unclear", f"“{text}” is not a time", "write tomorrow, next tue 3pm, +3bd or 2026-06-01")
    return meant


def json_option(command: F) -> F:
    """`--json` on a command."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")(command)


def at_terminal() -> bool:
    """Whether a person can be asked something."""
    return sys.stdin is not None and sys.stdin.isatty() and not os.environ.get("SDR_NO_ASK")


def finish(ctx: click.Context, code: int) -> None:
    """Leave with this exit code once the desk is closed."""
    if code:
        ctx.exit(code)
