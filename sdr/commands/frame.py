"""What every command shares: the open desk, its one JSON document or lines of text, refusals as one sentence.

Exit codes: 0 done, 1 done but something needs attention, 2 the request makes no sense, 3 the file cannot be used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import click

from sdr import config
from sdr.commands.home import open_store, set_up_if_new
from sdr.models.terms import Refused
from sdr.rules.sender import Sender
from sdr.rules.text import clean
from sdr.store.changes import Applied
from sdr.store.faults import Unusable
from sdr.store.queries import playbook
from sdr.store.queries.playbook import Book
from sdr.store.store import Store

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

ATTENTION, NONSENSE, UNUSABLE = 1, 2, 3

JUDGED_AT_ONCE = 2_000  # leads of one transaction; another desk on the file waits for one at most

# Our own marks, for an output that has only ASCII letters.
_PLAIN = str.maketrans(
    {"·": "-", "…": "~", "“": '"', "”": '"', "’": "'", "✓": "+", "×": "x", "–": "-", "→": ">", "€": "EUR", "£": "GBP"}
)  # fmt: skip


class Stop(Exception):
    """The command ends here: an exit code, a stable code, a sentence and a way out; `rule` names the rule in words."""

    def __init__(self, exit_code: int, code: str, message: str, hint: str = "", rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule
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

    @property
    def zone(self) -> str:
        """The rep's time zone."""
        return self.book.rep.zone

    @property
    def sender(self) -> Sender:
        """Who the rep's letters and mails are from."""
        return config.sender(self.config, self.book.rep.name, self.book.rep.email or "")

    @property
    def block(self) -> bool:
        """Whether it is time to prospect."""
        hours = config.prospecting(self.config)
        if hours is None:
            return False
        from sdr.rules.prospecting import ends_at

        return ends_at(hours, self.zone, self.now) is not None

    def read(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """What a query finds."""
        return self.store.read(query, *args, **kwargs).result()

    def act(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Applied | Refused:
        """Write `verb(session, *args, now)`."""
        return self.store.write(verb, *args, self.now, **kwargs).result()

    def judge_again(self) -> tuple[int, int]:
        """After another rubric came into force: how many open leads it judged, and how many have another score now."""
        judged = changed = 0
        while (some := self.store.judge_on(JUDGED_AT_ONCE).result()) is not None:
            judged += len(some.leads)
            changed += len(some.changed)
        return judged, changed

    def say(self, document: Any, lines: Iterable[str]) -> None:
        """The command's answer."""
        answer(self.as_json, document, lines)


@contextmanager
def desk(ctx: click.Context) -> Iterator[Desk]:
    """The rep's desk, opened (and set up when it is new), closed in order."""
    places = places_of(ctx)
    if places.home.exists() and not places.home.is_dir():
        raise Unusable("no-home", "the home named is a file, not a folder", "choose another with --home DIR")
    settings = config.load(places.config)
    clock = config.clock()
    store = open_store(places, clock)
    try:
        set_up_if_new(store, settings, clock())
        book = store.read(playbook.book).result()
        yield Desk(store, places, settings, clock(), book, bool(ctx.params.get("as_json")))
    finally:
        store.close()


def places_of(ctx: click.Context) -> config.Places:
    """Every path in use, by `--home`, the environment, or the platform."""
    return config.places(ctx.find_root().params.get("home"))


# --- saying ----------------------------------------------------------------------------------------------------


def answer(as_json: bool, document: Any, lines: Iterable[str]) -> None:
    """The result: one JSON document, or lines for a person (cleaned of what a terminal would act upon)."""
    if as_json:
        print(json.dumps(document, ensure_ascii=not _shows("…", sys.stdout), indent=2))
        return
    for line in lines:  # not by click, which would write UTF-8 to a terminal that said it has only ASCII
        print(_shown(line.rstrip(), sys.stdout))


def remark(text: str) -> None:
    """Progress and messages go to stderr."""
    print(_shown(text, sys.stderr), file=sys.stderr)


def refuse(as_json: bool, stop: Stop) -> None:
    """A refusal or an error: one sentence on stderr, with `--json` also a document."""
    if as_json:
        answer(True, error_document(stop), ())
    complain(stop)


def complain(stop: Stop) -> None:
    """The sentence of a refusal or an error, on stderr."""
    rule = f" [{stop.rule}]" if stop.rule else ""
    hint = f" ({stop.hint})" if stop.hint else ""
    remark(f"sdr: {stop.message}{rule}{hint}")


def error_document(stop: Stop) -> dict[str, Any]:
    """A refusal or an error as JSON."""
    return {"error": {"code": stop.code, "message": clean(stop.message), "hint": clean(stop.hint)}}


def refusal(found: Refused) -> Stop:
    """A verb's refusal as the end of a command: it names the rule, who set it, and the way out."""
    by = "" if found.set_by == "the desk" else f"; set by {found.set_by}"
    return Stop(ATTENTION, found.rule, found.reason, found.hint, f"{found.rule}{by}")


def _shown(line: str, stream: Any) -> str:
    """`line` as the stream can show it, its leading blanks kept."""
    indent = " " * (len(line) - len(line.lstrip(" ")))
    text = indent + clean(line)
    return text if _shows(text, stream) else text.translate(_PLAIN)


def _shows(text: str, stream: Any) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


# --- options ---------------------------------------------------------------------------------------------------


def common(command: F) -> F:
    """The options of every command: `--json`, and `--home` and `--debug` also after the command's word."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout."),
        click.option("--home", expose_value=False, hidden=True, callback=_at_root),
        click.option("--debug", is_flag=True, expose_value=False, hidden=True, callback=_at_root),
    ):
        command = option(command)
    return command


def _at_root(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """An option of `sdr` itself that was given after the command's word."""
    if value and option.name:
        ctx.find_root().params[option.name] = value
