"""A message for one lead, made from the text of a step: filled in, looked at, changed for this one, put in the outbox.

A text with a hole, a retired one, a mass text that nobody approved, and a one-to-one step without a sentence of the
rep's own do not become messages. What is made here waits; it leaves by acts of its own, and until then the act that
made it can be taken back whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sdr.desk import gate, onward, spacing
from sdr.desk.messages import values_of
from sdr.desk.onward import Drip
from sdr.desk.reaching import address_of, mail_id_of, thread_of, window_of
from sdr.desk.steps import Fields
from sdr.desk.texts import may_go, standing, today_of
from sdr.models.terms import Channel, Refused, ms
from sdr.rules import templates
from sdr.rules.cadence import Step
from sdr.rules.consent import Level
from sdr.rules.templates import LONGEST, PERSONAL, Piece
from sdr.rules.text import clean
from sdr.rules.variants import LETTERS, arm_of
from sdr.rules.wording import own_words
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import leads, playbook, texts
from sdr.store.session import Reader, Session

# Channels that carry words; a parcel or an invitation does when its step names a text.
WRITTEN = (Channel.EMAIL, Channel.LINKEDIN, Channel.SMS, Channel.LETTER, Channel.POSTCARD)


class Edited(NamedTuple):
    """The whole text as the rep changed it for one person; mails have a `subject`."""

    subject: str | None
    text: str


class Draft(NamedTuple):
    """What would go to a lead, to be looked at before it does.

    `subject` and `text` are pieces, so that holes and values can be told apart; `plain` is the text to start from
    when it is changed by hand. `personal` asks for a sentence. `wrong` is why it cannot go as it is; a `passable`
    one is passed by a typed reason. `warned` is what the gate would have the rep know. `template`
    is None for a step without a text: what the rep writes is the message.
    """

    lead_id: int
    name: str
    step: Step
    place: tuple[int, int]
    template: rows.Template | None
    variant: str | None
    approval: str
    address: str
    subject: tuple[Piece, ...]
    text: tuple[Piece, ...]
    plain: Edited
    personal: bool
    not_before: datetime | None
    wrong: Refused | None
    passable: bool
    warned: str


class Made(NamedTuple):
    """A message as an edit, and what its touch keeps of it."""

    edit: Edit
    touch: Fields


class _Words(NamedTuple):
    """What a step says: the text in force and the variant it is, and the message it answers."""

    template: rows.Template | None
    variant: str | None
    before: rows.Message | None


def writes(step: Step) -> bool:
    """Whether a step is done in writing."""
    return step.channel in WRITTEN or (step.channel is not Channel.CALL and step.template is not None)


def wants_sentence(step: Step) -> bool:
    """Whether a step goes to one person only, and so not without a sentence of the rep's own."""
    return step.personal and step.channel in WRITTEN


# --- to look at ------------------------------------------------------------------------------------------------------


def draft_of(db: Reader, lead_id: int, now: datetime) -> Draft | None:
    """The message of the due touch of a lead's drip; None when that is no message, or nothing is due."""
    lead = leads.lead(db, lead_id)
    drip = onward.drip_of(db, lead_id) if lead else None
    if lead is None or drip is None or not onward.is_due(lead, drip) or drip.due is None or not writes(drip.due):
        return None
    step = drip.due
    found = _words(db, lead, drip, step)
    wrong = found if isinstance(found, Refused) else _stopped(db, found, step, now)
    words = _Words(None, None, None) if isinstance(found, Refused) else found
    subject, text = _pieces(db, lead, words, "")
    template = words.template
    asked = gate.allowed(db, lead, step.channel, now, gate.Meant(planned=True))
    ruling = spacing.of_step(db, lead, onward.waits(lead, drip, asked, now), drip, now)
    return Draft(
        lead.id, lead.name, step, drip.cadence.place(step), template, words.variant,
        standing(template, today_of(db, now)).words if template else "", address_of(db, lead, step.channel),
        subject, text, _plain(db, lead, words, step),
        wants_sentence(step) or Piece(PERSONAL, "hole") in text, window_of(db, lead, step, now),
        ruling.refused or wrong or _holed(subject, text), ruling.level is Level.STOP,
        ruling.decision.rules[0].reason if ruling.level is Level.WARN else "",
    )  # fmt: skip


def _holed(subject: tuple[Piece, ...], text: tuple[Piece, ...]) -> Refused | None:
    holes = tuple(dict.fromkeys(piece.text for piece in (*subject, *text) if piece.kind == "hole"))
    open_ = tuple(hole for hole in holes if hole != PERSONAL)
    return Refused("text.hole", str(templates.Hole(open_))) if open_ else None


def _pieces(db: Reader, lead: rows.Lead, words: _Words, sentence: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Subject and text filled in as far as they can be."""
    if words.template is None:
        return (), ()
    values = values_of(db, lead, sentence)
    return _line(words, values), templates.pieces(words.template.text, values)


def _line(words: _Words, values: Mapping[str, str | None]) -> tuple[Piece, ...]:
    """The subject; an answer keeps that of the mail it answers."""
    if words.before is not None and words.before.subject:
        held = words.before.subject
        return (Piece(held if held.casefold().startswith("re:") else f"Re: {held}", "value"),)
    assert words.template is not None
    return templates.pieces(words.template.subject or "", values)


def _plain(db: Reader, lead: rows.Lead, words: _Words, step: Step) -> Edited:
    """What the rep starts from when changing the text: everything filled in, no place for a sentence left."""
    subject, text = _pieces(db, lead, words, "")
    body = "".join("" if piece == Piece(PERSONAL, "hole") else _held(piece) for piece in text)
    while "\n\n\n" in body:
        body = body.replace("\n\n\n", "\n\n")
    line = "".join(_held(piece) for piece in subject)
    return Edited(line or ("" if step.channel in templates.NEEDS_SUBJECT else None), body.strip())


def _held(piece: Piece) -> str:
    """A piece as it is changed by hand; a hole stays a placeholder, which does not go."""
    return f"{{{piece.text}}}" if piece.kind == "hole" else piece.text


# --- made ------------------------------------------------------------------------------------------------------------


def made(
    session: Session, lead: rows.Lead, drip: Drip | None, step: Step, now: datetime, *, sentence: str = "",
    edited: Edited | None = None,
) -> Made | Refused | None:  # fmt: skip
    """The message of `step` for `lead`, waiting in the outbox; None when the step is done without words.

    `sentence` is the rep's own; `edited` the whole text as changed for this one. The caller has asked the gate.
    Without a `drip` it goes beside one.
    """
    if not writes(step):
        return None
    words = _words(session, lead, drip, step)
    if isinstance(words, Refused):
        return words
    said = clean(sentence)
    if words.template is None and not said and edited is None and not wants_sentence(step):
        return None
    told = _stopped(session, words, step, now) or _told(session, lead, words, step, said, edited)
    if isinstance(told, Refused):
        return told
    final, own = told
    message_id, template = session.new_id(), words.template
    rep = playbook.rep(session)
    opens = window_of(session, lead, step, now)
    fields = {
        "lead_id": lead.id, "channel": step.channel.value, "enrollment_id": drip.row.id if drip else None,
        "step_no": step.number if drip else None,
        "template": template.key if template else None, "template_version": template.version if template else None,
        "variant": words.variant, "subject": final.subject, "text": final.text, "personal": own or None,
        "address": address_of(session, lead, step.channel), "state": "ready", "made_at": ms(now),
        "not_before": ms(opens) if opens else None, "cost_minor": step.cost,
        "currency": drip.cadence.currency or None if drip and step.cost is not None else None, "rep_id": rep.id,
    }  # fmt: skip
    if step.channel is Channel.EMAIL:
        fields |= {"mail_id": mail_id_of(message_id, rep, now), "reply_to": thread_of(words.before)}
    touch: Fields = {"message_id": message_id, "variant": words.variant}
    if template is not None:
        touch["template"] = template.key
    return Made(Edit.new("message", message_id, **fields), touch)


def _stopped(db: Reader, words: _Words, step: Step, now: datetime) -> Refused | None:
    """Why the text may not go, whoever it is for."""
    if words.template is None:
        return None
    return may_go(words.template, mass=not step.personal, today=today_of(db, now))


def _told(
    db: Reader, lead: rows.Lead, words: _Words, step: Step, sentence: str, edited: Edited | None
) -> tuple[Edited, str] | Refused:
    """The finished words, and those of them that are the rep's own."""
    plain = _plain(db, lead, words, step)
    own = sentence or (own_words(plain.text, edited.text) if edited else "")
    if wants_sentence(step) and (wrong := templates.sentence_fault(own, plain.text)):
        return Refused("text.sentence", f"{lead.name}: {step.name} is one to one: {wrong}")
    if edited is not None:
        kept = words.before.subject if words.before else None
        final = _as_changed(step, edited, (*values_of(db, lead).values(), kept))
    elif words.template is None:
        final = Edited(plain.subject, sentence)
    else:
        final = _filled(db, lead, words, sentence)
    if isinstance(final, Refused):
        return final
    if step.channel not in templates.NEEDS_SUBJECT:
        final = Edited(None, final.text)
    elif not final.subject:
        return Refused("text.subject", "a mail needs a subject; write one (e changes the text)")
    return final, own


def _filled(db: Reader, lead: rows.Lead, words: _Words, sentence: str) -> Edited | Refused:
    """The text with everything filled in, the sentence where the text has a place for it, else after its greeting."""
    assert words.template is not None
    subject, text = _pieces(db, lead, words, sentence)
    if holes := tuple(dict.fromkeys(piece.text for piece in (*subject, *text) if piece.kind == "hole")):
        return Refused("text.hole", f"{lead.name}: “{words.template.key}” does not go: {templates.Hole(holes)}")
    body, line = ("".join(piece.text for piece in part) for part in (text, subject))
    if sentence and PERSONAL not in templates.fields_of(words.template.text):
        body = templates.with_sentence(body, sentence)
    return Edited(line, body) if len(body) <= LONGEST else _too_long()


def _as_changed(step: Step, edited: Edited, values: Iterable[str | None]) -> Edited | Refused:
    """The text as the rep left it, made harmless; what no longer fills itself in is named."""
    text = clean(edited.text, lines=True)
    subject = clean(edited.subject or "") if step.channel in templates.NEEDS_SUBJECT else None
    if not text:
        return Refused("text.empty", "nothing is left of the text; Esc leaves it as it was")
    if len(text) > LONGEST:
        return _too_long()
    before = "\n".join(value or "" for value in values)
    if typed := templates.left_open("\n".join((subject or "", text)), before):
        return Refused("text.hole", f"{typed} is not filled in any more; write the word itself")
    return Edited(subject, text)


def _too_long() -> Refused:
    return Refused("text.long", f"the message is longer than {LONGEST:,} characters; shorten it")


# --- which words -----------------------------------------------------------------------------------------------------


def _words(db: Reader, lead: rows.Lead, drip: Drip | None, step: Step) -> _Words | Refused:
    """The text of `step` for this lead: its variant, or the one that stands alone when there is nothing to answer."""
    before = texts.message(db, drip.row.id, step.needs) if drip and step.needs else None
    key, variant = step.template, None
    if step.needs and before is None and step.alone:
        key = step.alone
    elif drip and step.variants:
        arm = arm_of(lead.id, f"{drip.cadence.name}/{step.number}", len(step.variants))
        key, variant = step.variants[arm], LETTERS[arm]
    if key is None:
        return _Words(None, None, before)
    found = texts.in_force(db, key)
    if found is None:
        way = "load it (sdr text load FILE) or skip the step (s)"
        return Refused("text.unknown", f"the step “{step.name}” names the text “{key}”, which is not there: {way}")
    if (fault := templates.fault_of(Channel(found.channel), found.subject, found.text)) is not None:
        return Refused("text.fault", f"the text “{key}” cannot be used: {fault}; mend it (g m, e)")
    return _Words(found, variant, before)
