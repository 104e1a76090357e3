"""The first change of a new desk: its rep, the rubric, the default drip and the message texts; and new versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sdr.desk.texts import shipped_edits
from sdr.models.terms import Refused, ms
from sdr.rules.cadence import Cadence, parse_cadence
from sdr.rules.rubric import Rubric, parse_rubric
from sdr.rules.templates import parse_templates
from sdr.store.changes import Change, Edit
from sdr.store.queries import playbook
from sdr.store.session import Session

# The first is what a lead gets unless somebody chooses.
SHIPPED_DRIPS = ("cadence.toml", "cadence_inbound.toml", "cadence_trade_fair.toml")


class Newcomer(NamedTuple):
    """Who the desk is for: name, zone (IANA), hours, ISO country, daily goals, and how they are reached."""

    name: str
    zone: str
    hours: str
    email: str | None = None
    country: str | None = None
    calls: int = 45
    qualified: int = 2
    phone: str | None = None


def set_up(session: Session, who: Newcomer, now: datetime) -> Change | Refused:
    """Everything a desk needs before its first lead. Refused on a desk that is set up already."""
    if playbook.is_set_up(session):
        return Refused("setup.done", "this desk is set up already")
    rep = Edit.new(
        "rep", session.new_id(), name=who.name, email=who.email, zone=who.zone, hours=who.hours, country=who.country,
        daily_calls=who.calls, daily_qualified=who.qualified, phone=who.phone,
    )  # fmt: skip
    rubric, drips = playbook.packaged("rubric.toml"), tuple(playbook.packaged(name) for name in SHIPPED_DRIPS)
    edits = (
        rep,
        *_rubric_edits(session, parse_rubric(rubric), rubric, 1, now),
        *(edit for text in drips for edit in cadence_edits(session, parse_cadence(text), text, 1, now)),
        *shipped_edits(session, parse_templates(playbook.packaged("templates.toml")), now),
    )
    return Change("set-up", "the desk was set up", ms(now), edits, kind="out")


def reached_at(session: Session, email: str | None, phone: str | None, now: datetime) -> Change | Refused:
    """The rep's own address and number as they set them since; None leaves what is there."""
    rep = playbook.rep(session)
    told = {name: value for name, value in (("email", email), ("phone", phone)) if value is not None}
    changed = {name: value for name, value in told.items() if value != getattr(rep, name)}
    if not changed:
        return Refused("rep.same", "nothing about the rep is new")
    edit = Edit.set("rep", rep.id, **changed)
    words = f"{rep.name} is reached by another {' and '.join(changed)}"
    return Change("rep", words, ms(now), (edit,), kind="out")


def load_rubric(session: Session, text: str, now: datetime) -> Change | Refused:
    """A new version of the agreement from its TOML. Open leads are judged again by it (`sdr.store.judging`); those
    that were qualified or closed keep the version they were judged under."""
    rubric = playbook.parsed_rubric(text)  # which judging will ask for next
    before = playbook.rubric_row(session)
    if before.text == text:
        return Refused("rubric.same", "this is the rubric in force already")
    old, version = Edit.set("rubric", before.id, current=0), playbook.newest_rubric(session) + 1
    made = _rubric_edits(session, rubric, text, version, now)
    return Change("rubric", f"rubric “{rubric.name}” version {version} in force", ms(now), (old, *made))


def sign_rubric(session: Session, side: str, name: str, now: datetime) -> Change | Refused:
    """Sales or marketing signs the rubric in force."""
    if side not in ("sales", "marketing"):
        return Refused("rubric.side", "the rubric is signed as sales or as marketing")
    row = playbook.rubric_row(session)
    signed = f"{name}, {now:%d %b %Y}"
    edit = Edit.set("rubric", row.id, **{f"signed_{side}": signed})
    return Change("sign", f"rubric version {row.version} signed for {side} by {name}", ms(now), (edit,))


def _rubric_edits(session: Session, rubric: Rubric, text: str, version: int, now: datetime) -> Iterator[Edit]:
    rubric_id = session.new_id()
    yield Edit.new(
        "rubric", rubric_id, name=rubric.name, version=version, threshold=rubric.threshold, text=text,
        loaded_at=ms(now), signed_sales=rubric.signed.get("sales"), signed_marketing=rubric.signed.get("marketing"),
        current=1,
    )  # fmt: skip
    for place, criterion in enumerate(rubric.criteria, 1):
        criterion_id = session.new_id()
        yield Edit.new(
            "criterion", criterion_id, rubric_id=rubric_id, key=criterion.key, place=place, label=criterion.label,
            question=criterion.question, must_have=int(criterion.must_have),
        )  # fmt: skip
        for level in criterion.levels:
            yield Edit.new(
                "level", session.new_id(), criterion_id=criterion_id, digit=level.digit, key=level.key,
                label=level.label, points=level.points, meets=int(level.meets), knock_out=level.knock_out,
            )  # fmt: skip


def cadence_edits(
    session: Session, cadence: Cadence, text: str, version: int, now: datetime, cadence_id: int | None = None
) -> Iterator[Edit]:
    """The rows of a drip's new `version`, under `cadence_id` if that was given out already."""
    cadence_id = cadence_id or session.new_id()
    yield Edit.new(
        "cadence", cadence_id, name=cadence.name, version=version, text=text, loaded_at=ms(now), current=1,
        product=cadence.product,
    )  # fmt: skip
    for step in cadence.steps:
        yield Edit.new(
            "cadence_step", session.new_id(), cadence_id=cadence_id, number=step.number, channel=step.channel.value,
            delay=str(step.delay), personal=int(step.personal),
            blocking=int(step.blocking), template=step.template, name=step.name,
        )  # fmt: skip
