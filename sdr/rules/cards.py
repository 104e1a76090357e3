"""Texts a rep has at hand: objection cards for calls and message templates, read from the playbook.

A card is reached by the first letters of its key. Filling a template in is `sdr.rules.text.render`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass

from sdr.models.terms import Channel
from sdr.rules.playbook_text import PlaybookError, Table, read, refuse_twins

NEEDS_SUBJECT = (Channel.EMAIL,)


class CardError(PlaybookError):
    """Cards or templates that cannot be used; the text names the one and the fault."""


@dataclass(frozen=True, slots=True)
class Card:
    """What to say to one objection: `title` is how prospects put it."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """A message text or call script with `{first_name|there}` placeholders; mails have a `subject`."""

    key: str
    channel: Channel
    subject: str | None
    text: str


def parse_cards(text: str) -> tuple[Card, ...]:
    """The objection cards that a TOML `text` holds, in its order. Raises `CardError`."""
    top = read(text, "objections.toml", CardError)
    top.only("card")
    tables = top.tables("card", "card")
    refuse_twins(tables, "key")
    cards = tuple(_card(table) for table in tables)
    for card, table in zip(cards, tables, strict=True):
        if len(matching(cards, card.key)) > 1:
            raise table.fault("another card's key begins with this one, so typing could never reach it")
    return cards


def _card(table: Table) -> Card:
    table.only("key", "title", "text")
    return Card(table.key(), table.text("title", most=40), table.text("text", most=600))


def matching(cards: tuple[Card, ...], letters: str) -> tuple[Card, ...]:
    """The cards whose key begins with `letters`; one left means it is found."""
    return tuple(card for card in cards if card.key.startswith(letters.lower()))


def parse_templates(text: str) -> tuple[Template, ...]:
    """The message texts that a TOML `text` holds, in its order. Raises `CardError`."""
    top = read(text, "templates.toml", CardError)
    top.only("template")
    tables = top.tables("template", "template")
    refuse_twins(tables, "key")
    return tuple(_template(table) for table in tables)


def _template(table: Table) -> Template:
    table.only("key", "channel", "subject", "text")
    channel = Channel(table.one_of("channel", [channel.value for channel in Channel]))
    if (channel in NEEDS_SUBJECT) != ("subject" in table.values):
        raise table.fault("a mail needs a subject, and nothing else has one")
    subject = table.text("subject", most=120) if "subject" in table.values else None
    if subject and "\n" in subject:
        raise table.fault('"subject" must be one line')
    return Template(table.key(), channel, subject, table.text("text", most=10_000))
