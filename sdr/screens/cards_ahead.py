"""The cards around the cursor, read ahead, so that the next lead's card is drawn in the frame of its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sdr.screens.held import Held

if TYPE_CHECKING:
    from sdr.store.queries.leads import Card

AHEAD, BEHIND, LOW = 10, 3, 3  # cards read before and after the cursor; fewer than LOW left ahead: read again


class CardsAhead:
    """Cards by lead, a few dozen at most. Any change of any lead empties it: cards tell of sources and accounts too."""

    def __init__(self) -> None:
        self._cards: Held[int, Card] = Held(64)

    def get(self, lead: int) -> Card | None:
        """The card, if it has been read."""
        return self._cards.get(lead)

    def put(self, cards: Sequence[Card]) -> None:
        """Keep these."""
        for card in cards:
            self._cards.put(card.lead.id, card)

    def clear(self) -> None:
        """Something changed."""
        self._cards.clear()

    def wanted(self, near: Sequence[int], current: int) -> tuple[int, ...]:
        """What to read next, of the ids around the cursor; nothing while enough lies ahead."""
        if current not in near:
            return (current,)
        place = near.index(current)
        soon = near[place : place + LOW]
        if all(lead in self._cards for lead in soon):
            return ()
        return tuple(lead for lead in near[max(0, place - BEHIND) : place + AHEAD] if lead not in self._cards)
