"""Typed words as a query of the search index: quoted, so that nothing in them is its syntax."""

from __future__ import annotations

from sdr.rules.searching import Condition, conditions

# Letters: of every beginning so long the index has the leads together; those of a longer one it must merge.
AT_HAND = 3
MOST = 60  # conditions that one query holds


def match_of(wanted: tuple[Condition, ...], cut: int | None = None) -> str:
    """The query that every lead with all of `wanted` answers; empty when there is nothing to look for.

    It asks for the words of a phrase in any order, and with `cut` for the first letters of what may go on, so it may
    find more.
    """
    return " AND ".join(f"({' OR '.join(_way(way, cut) for way in condition)})" for condition in wanted)


def matching(words: str) -> str:
    """The query for all of `words` (of a long text the first), each of which may go on."""
    return match_of(conditions(words.split())[:MOST])


def _way(phrases: tuple[str, ...], cut: int | None) -> str:
    return " AND ".join(_phrase(phrase, cut) for phrase in phrases)


def _phrase(phrase: str, cut: int | None) -> str:
    *whole, last = phrase.split()
    return " AND ".join([*(f'"{word}"' for word in whole), f'"{last[:cut]}"*'])
