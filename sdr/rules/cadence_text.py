"""A cadence as the text a person writes: what a step may say, and what is wrong with it, by line and step.

`parse_cadence` names every field. Nothing here plans a date; `sdr.rules.cadence` does.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from sdr.models.terms import Channel
from sdr.rules.calendar import CalendarError, Hours, Length
from sdr.rules.money import minor_units
from sdr.rules.playbook_text import KEY, PlaybookError, Table, lined, located, read

_DEFAULT_GAP = "1h"
_LONGEST_DAYS = 731  # two years: who waits longer is asleep, not in a drip
_MOST_VARIANTS = 4
_FIELDS = (
    "name", "channel", "delay", "window", "blocking", "personal", "template", "variants", "cost", "lead_time",
    "needs", "alone", "track",
)  # fmt: skip
POST = (Channel.LETTER, Channel.POSTCARD, Channel.PARCEL)
THREADED = (Channel.EMAIL, Channel.LINKEDIN, Channel.SMS)


class Track(StrEnum):
    """Which row of steps a lead follows: the plan, or what an answer or a signal turned it into."""

    MAIN = "main"
    POSITIVE = "positive"
    NEGATIVE = "negative"


class CadenceError(PlaybookError):
    """A cadence text that cannot be used; `step` is the number of the step at fault, where it is one's."""

    def __init__(self, where: str, fault: str, line: int | None = None) -> None:
        super().__init__(where, fault, line)
        found = re.search(r"step number (\d+)$", where)
        self.step = int(found[1]) if found else None


class Step(NamedTuple):
    """One touch of a cadence, counted from the touch before it on its track (the first: from the enrollment).

    With `lead_time` it is posted that long before it arrives, and the next delay counts from the arrival. One that
    `needs` an earlier step is a reply in its thread; when that one was never sent it falls away, or goes out as a
    message of its own with the template `alone`. `cost` is in minor units of the cadence's currency.
    """

    number: int
    name: str
    channel: Channel
    delay: Length
    window: Hours | None  # None: the prospect's own hours
    blocking: bool  # False: the next step counts from when this one was due, done or not
    personal: bool  # written or spoken for one person, so that it counts as a human touch
    template: str | None  # with variants: the first of them
    cost: int | None = None
    lead_time: Length | None = None
    variants: tuple[str, ...] = ()
    needs: int | None = None
    alone: str | None = None
    track: Track = Track.MAIN


class Cadence(NamedTuple):
    """A named, versioned row of steps; `minimum_gap` is the least time since any touch by anyone.

    Steps are numbered through the file, whatever their track. `product` is the line it sells: a person is in one
    drip a product at a time. `rest` is how long nobody is touched or enrolled after its end (None: not at all).
    """

    name: str
    version: int
    steps: tuple[Step, ...]
    minimum_gap: Length
    product: str = ""
    currency: str = ""
    rest: Length | None = None

    def of(self, track: str = Track.MAIN) -> tuple[Step, ...]:
        """The steps of one track, in order."""
        return tuple(step for step in self.steps if step.track == track)

    def following(self, after_step: int, track: str = Track.MAIN) -> Step | None:
        """The first step of `track` whose number is above `after_step`; None at its end."""
        for step in self.steps[max(0, after_step) :]:
            if step.track == track:
                return step
        return None

    def place(self, step: Step) -> tuple[int, int]:
        """Which of how many `step` is on its track, from 1."""
        row = self.of(step.track)
        return row.index(step) + 1, len(row)


def parse_cadence(text: str) -> Cadence:
    """Read a cadence from TOML; raises `CadenceError` with the line and the step.

    Top: `name`, `version` (whole, from 1), `minimum_gap` (a length, 1h unless said), `product`, `currency` (ISO,
    needed by costs), `rest` (a length: after the end nobody is touched or enrolled for so long), then one `[[step]]`
    each: `name`, `channel`, `delay` (a length of two years at most; 0 means right after), and if wanted `window`
    (like mon-fri 09:00-12:00), `blocking` (true unless said), `personal` (unless said, true for calls only),
    `template` or `variants` (two to four keys that share the leads between them), `cost` (like 0.85), `lead_time` of
    post (a length), `needs` (the number of the step it replies to, on the same track and channel) with `alone` (its
    template when that one was never sent), `track` (main unless said).
    """
    top = lined(text, read(text, "cadence", CadenceError))
    top.only("name", "version", "minimum_gap", "product", "currency", "rest", "step")
    tables = [lined(text, table) for table in located(text, "step", top.tables("step", "step"))]
    if not tables:
        raise top.fault("it has no steps; add at least one [[step]] with name, channel and delay")
    currency = _currency(top)
    steps = tuple(_step(number, table, currency) for number, table in enumerate(tables, 1))
    for step, table in zip(steps, tables, strict=True):
        _check_thread(step, steps, table)
    if not any(step.track is Track.MAIN for step in steps):
        raise top.fault('every step is on a reactive track; at least one belongs to the track "main"')
    return Cadence(
        top.text("name", most=60),
        top.number("version", 1, 1_000_000),
        steps,
        _length(top, "minimum_gap", _DEFAULT_GAP),
        top.text("product", "", most=60),
        currency,
        _rest(top),
    )


def _rest(top: Table) -> Length | None:
    if "rest" not in top.values:
        return None
    length = _length(top, "rest")
    if length.count == 0:
        raise top.fault('"rest": a rest of no time is none; take the line out', "rest")
    return length


def _step(number: int, table: Table, currency: str) -> Step:
    table.only(*_FIELDS)
    channel = Channel(table.one_of("channel", [each.value for each in Channel]))
    variants = _variants(table)
    return Step(
        number,
        table.text("name", most=80),
        channel,
        _length(table, "delay"),
        _window(table),
        table.flag("blocking") if "blocking" in table.values else True,
        table.flag("personal") if "personal" in table.values else channel is Channel.CALL,
        variants[0] if variants else table.optional_key("template"),
        _cost(table, currency),
        _lead_time(table, channel),
        variants,
        table.number("needs", 1, 1_000) if "needs" in table.values else None,
        table.optional_key("alone"),
        Track(table.one_of("track", list(Track), Track.MAIN.value)),
    )


def _length(table: Table, key: str, default: str | None = None) -> Length:
    try:
        length = Length.parse(table.text(key, default))
    except CalendarError as fault:
        raise table.fault(f'"{key}": {fault}'.removesuffix("."), key) from None
    if length.days > _LONGEST_DAYS:
        raise table.fault(f'"{key}": {length} is more than two years; let the lead sleep (nurture) instead', key)
    return length


def _window(table: Table) -> Hours | None:
    if "window" not in table.values:
        return None
    try:
        hours = Hours.parse(table.text("window"))
    except CalendarError as fault:
        raise table.fault(f'"window": {fault}'.removesuffix("."), "window") from None
    if not hours.weekly:
        raise table.fault('"window": it never opens in an ordinary week; write it like mon-fri 09:00-17:00', "window")
    return hours


def _variants(table: Table) -> tuple[str, ...]:
    keys = table.words("variants")
    if "variants" not in table.values:
        return ()
    if "template" in table.values:
        raise table.fault('"template" and "variants" exclude each other; keep one of them', "variants")
    if not 2 <= len(keys) <= _MOST_VARIANTS or len(set(keys)) < len(keys):
        raise table.fault(f'"variants" must be two to {_MOST_VARIANTS} different templates', "variants")
    for key in keys:
        if not KEY.fullmatch(key):
            raise table.fault(f'"variants": "{key[:40]}" must be of small letters, digits and hyphens', "variants")
    return keys


def _currency(top: Table) -> str:
    if "currency" not in top.values:
        return ""
    code = top.text("currency")
    if not re.fullmatch("[A-Z]{3}", code):
        raise top.fault('"currency" must be three capital letters, like EUR', "currency")
    return code


def _cost(table: Table, currency: str) -> int | None:
    if "cost" not in table.values:
        return None
    text = table.text("cost", most=20)
    minor = minor_units(text, currency) if re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text) else None
    if minor is None:
        raise table.fault('"cost" must be an amount in quotes, like "0.85"', "cost")
    if not currency:
        raise table.fault('"cost" has no currency; say currency = "EUR" (or another) at the top', "cost")
    return minor


def _lead_time(table: Table, channel: Channel) -> Length | None:
    if "lead_time" not in table.values:
        return None
    if channel not in POST:
        raise table.fault(f'"lead_time" is for {", ".join(POST)}; {channel.value} arrives at once', "lead_time")
    return _length(table, "lead_time")


def _check_thread(step: Step, steps: tuple[Step, ...], table: Table) -> None:
    """A reply stands in the thread of an earlier message of the same track and channel."""
    if step.needs is None:
        if step.alone is not None:
            raise table.fault('"alone" goes with "needs": it is the template for when that step was not sent', "alone")
        return
    if step.needs >= step.number:
        raise table.fault(f'"needs" must be the number of an earlier step, below {step.number}', "needs")
    first = steps[step.needs - 1]
    if first.track is not step.track or first.channel is not step.channel or step.channel not in THREADED:
        threads = ", ".join(THREADED)
        raise table.fault(
            f'"needs": step {first.number} is no message this one could reply to; '
            f"both must be on one track and one channel of {threads}",
            "needs",
        )
