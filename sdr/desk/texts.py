"""The message texts of the playbook: loaded, changed, approved, retired; and which of them may go.

Marketing approves, sales uses. A text changed since it was approved keeps what was approved beside it, so that the
difference can be shown; a mass step sends only what is approved word for word. The texts the desk ships with are
approved as shipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Literal, NamedTuple

from sdr.desk.steps import Fields
from sdr.models.terms import Channel, Refused, at, ms, zone_of
from sdr.rules.templates import Template, TextError, fault_of, parse_templates, whole
from sdr.rules.text import clean
from sdr.rules.variants import said, verdict
from sdr.rules.wording import Changed, changed_words
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import playbook, texts
from sdr.store.session import Reader, Session

AS_SHIPPED = "as shipped"

State = Literal["approved", "changed", "unapproved", "retired"]


class Standing(NamedTuple):
    """How a text stands today, and the same in words."""

    state: State
    words: str


# --- how they stand --------------------------------------------------------------------------------------------------


def whole_of(row: rows.Template) -> str:
    """A kept text as one, its subject first."""
    return whole(row.subject, row.text)


@cache
def _shipped() -> dict[str, str]:
    """The texts of the packaged playbook, by key."""
    packaged = parse_templates(playbook.packaged("templates.toml"))
    return {one.key: whole(one.subject, one.text) for one in packaged}


def approved_words(row: rows.Template) -> str | None:
    """What was approved under this key: by somebody, else as shipped; None for what never was."""
    return row.approved_text if row.approved_text is not None else _shipped().get(row.key)


def changes(row: rows.Template) -> tuple[Changed, ...]:
    """The lines in which a text differs from what was approved; empty when it does not, or never was approved."""
    before = approved_words(row)
    return changed_words(before, whole_of(row)) if before is not None else ()


def standing(row: rows.Template, today: date) -> Standing:
    """Whether a text is approved as it stands, was changed since, was never approved, or is retired."""
    by = row.approved_by if row.approved_by not in (None, AS_SHIPPED) else None
    on = f", {_day(row.approved_at)}" if row.approved_at else ""
    if row.retires_on is not None and row.retires_on <= today.isoformat():
        return Standing("retired", f"retired on {_said(row.retires_on)}")
    approved = approved_words(row)
    if approved is None:
        return Standing("unapproved", "not approved yet")
    if approved != whole_of(row):
        return Standing("changed", f"changed since {by} approved it{on}" if by else "changed since it was shipped")
    return Standing("approved", f"approved by {by}{on}" if by else "approved as shipped")


def may_go(row: rows.Template, *, mass: bool, today: date) -> Refused | None:
    """Why a text may not go today, or None. What one person writes to one person needs no approval."""
    found = standing(row, today)
    if found.state == "retired":
        way = "give the step another text, or bring it back (g m)"
        return Refused("text.retired", f"the text “{row.key}” was {found.words}: {way}", row.owner or "marketing")
    if not mass or found.state == "approved":
        return None
    way = f"marketing approves it with g m, a (or sdr text approve {row.key} --by NAME)"
    verb = "was" if found.state == "changed" else "is"
    words = f"the text “{row.key}” {verb} {found.words}: {way}"
    return Refused(f"text.{found.state}", words, row.owner or "marketing")


def today_of(db: Reader, now: datetime) -> date:
    """The rep's day."""
    return now.astimezone(zone_of(playbook.rep(db).zone)).date()


def _day(stored: int) -> str:
    return f"{at(stored).day} {at(stored):%b %Y}"


def _said(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on.day} {on:%b %Y}"


# --- new ones and other ones -----------------------------------------------------------------------------------------


def shipped_edits(session: Session, templates: Iterable[Template], now: datetime) -> Iterator[Edit]:
    """The first texts of a new desk, approved as shipped."""
    for one in templates:
        approved = {"approved_by": AS_SHIPPED, "approved_at": ms(now), "approved_text": whole(one.subject, one.text)}
        yield Edit.new("template", session.new_id(), **_fields(one), version=1, current=1, **approved)


def load_texts(session: Session, text: str, now: datetime) -> Change | Refused:
    """The texts of a TOML file: new ones, and a new version of each that says something else than the one in force."""
    try:
        told = parse_templates(text)
    except TextError as fault:
        return Refused("text.fault", str(fault))
    edits: list[Edit] = []
    loaded = []
    for one in told:
        before = texts.in_force(session, one.key)
        fields = _fields(one)
        if before is not None:
            fields["owner"] = one.owner or before.owner
            if all(getattr(before, name) == value for name, value in fields.items()):
                continue
        edits += _version(session, before, fields)
        loaded.append(one.key)
    if not loaded:
        return Refused("text.same", "these texts are in force already, word for word")
    listed = ", ".join(loaded[:3]) + (f" and {len(loaded) - 3} more" if len(loaded) > 3 else "")
    return Change("texts", f"{len(loaded)} texts loaded: {listed}", ms(now), tuple(edits))


def change_text(session: Session, key: str, subject: str | None, text: str, now: datetime) -> Change | Refused:
    """Other words under `key`: a new version. What was approved is kept beside it and compared."""
    before = _known(session, key)
    if isinstance(before, Refused):
        return before
    said, body = clean(subject) if subject is not None else None, clean(text, lines=True)
    wrong = fault_of(Channel(before.channel), said or None, body)
    if wrong is not None:
        return Refused("text.fault", f"text “{key}”: {wrong}")
    if (said or None, body) == (before.subject, before.text):
        return Refused("text.same", f"the text “{key}” says that already")
    fields: Fields = {name: getattr(before, name) for name in ("key", "channel", "owner", "retires_on")}
    edits = _version(session, before, {**fields, "subject": said or None, "text": body})
    return Change("text", f"text “{key}” changed: version {before.version + 1}", ms(now), tuple(edits))


def approve(session: Session, key: str, by: str, now: datetime) -> Change | Refused:
    """`by` (marketing) stands for the text under `key` as it is now."""
    row = _known(session, key)
    if isinstance(row, Refused):
        return row
    name = clean(by)
    if not name:
        return Refused("text.approver", "an approval needs the name of who gives it")
    if row.approved_text == whole_of(row) and row.approved_by == name:
        return Refused("text.same", f"{name} has approved the text “{key}” as it is")
    fields = {"approved_by": name, "approved_at": ms(now), "approved_text": whole_of(row)}
    words = f"text “{key}” version {row.version} approved by {name}"
    return Change("approve-text", words, ms(now), (Edit.set("template", row.id, **fields),))


def retire(session: Session, key: str, on: date | None, now: datetime) -> Change | Refused:
    """From the day `on` the text goes no more; None brings it back."""
    row = _known(session, key)
    if isinstance(row, Refused):
        return row
    day = on.isoformat() if on else None
    if row.retires_on == day:
        said = f"retires on {_said(day)} already" if day else "is not retired"
        return Refused("text.same", f"the text “{key}” {said}")
    words = f"text “{key}” retires on {_said(day)}" if day else f"text “{key}” is back"
    return Change("retire-text", words, ms(now), (Edit.set("template", row.id, retires_on=day),))


def _known(db: Reader, key: str) -> rows.Template | Refused:
    found = texts.in_force(db, key)
    return found or Refused("text.unknown", f"there is no text “{key}”; g m (or sdr text list) shows those there are")


def _fields(one: Template) -> Fields:
    return {
        "key": one.key, "channel": one.channel.value, "subject": one.subject, "text": one.text, "owner": one.owner,
        "retires_on": one.retires_on.isoformat() if one.retires_on else None,
    }  # fmt: skip


def _version(session: Session, before: rows.Template | None, fields: Fields) -> Iterator[Edit]:
    """A new version in force; what was approved goes with it, to be compared."""
    approval: Fields = {}
    if before is not None:
        yield Edit.set("template", before.id, current=0)
        approval = {name: getattr(before, name) for name in ("approved_by", "approved_at", "approved_text")}
    version = before.version + 1 if before else 1
    yield Edit.new("template", session.new_id(), **fields, version=version, current=1, **approval)


# --- variants --------------------------------------------------------------------------------------------------------


class Trial(NamedTuple):
    """The variants of one step of a drip against each other, and what they come to in words."""

    cadence: str
    step_no: int
    arms: tuple[texts.Arm, ...]
    words: str


class Overview(NamedTuple):
    """The texts in force, what became of each, and the trials of their variants."""

    rows: tuple[rows.Template, ...]
    used: dict[str, texts.Used]
    trials: tuple[Trial, ...]


def overview(db: Reader) -> Overview:
    """Everything there is to say of the texts."""
    return Overview(texts.listed(db), texts.used(db), trials(texts.arms(db)))


def trials(arms: Iterable[texts.Arm]) -> tuple[Trial, ...]:
    """Every step whose variants went, each variant held against the first."""
    found: dict[tuple[str, int], list[texts.Arm]] = {}
    for arm in arms:
        found.setdefault((arm.cadence, arm.step_no), []).append(arm)
    return tuple(Trial(*step, tuple(several), _found(several)) for step, several in found.items())


def _found(arms: list[texts.Arm]) -> str:
    first, *others = arms
    if not others:
        return f"only {first.variant} went so far"
    told = ((one.variant, verdict(first.qualified, first.leads, one.qualified, one.leads)) for one in others)
    return "; ".join(said(found, first.variant, letter) for letter, found in told)
