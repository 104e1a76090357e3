"""Objection cards for calls, read from the playbook. A card is reached by the first letters of its key."""

from __future__ import annotations

from typing import NamedTuple

from sdr.rules.playbook_text import PlaybookError, Table, read, refuse_twins


class CardError(PlaybookError):
    """Cards that cannot be used; the text names the one and the fault."""


class Card(NamedTuple):
    """What to say to one objection: `title` is how prospects put it."""

    key: str
    title: str
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
