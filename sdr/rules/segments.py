"""The team's own word on who is not reached how ("do not cold call HVAC owners"): a segment, channels, a reason.

A segment is said in the words of the one filter language, of fields that stand on a lead's row. Whether a lead is of
it is decided here; what follows from that is the gate's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sdr.models.terms import Channel
from sdr.rules.filtering import Filter, FilterError, Term, parse
from sdr.rules.text import folded

# The fields of the filter language that say who somebody is; the others are about the day or the desk.
FIELDS = (
    "source", "company", "country", "region", "city", "title", "industry", "seniority", "department", "campaign",
    "tag", "grade", "state", "email",
)  # fmt: skip

Traits = Mapping[str, tuple[str, ...]]  # the folded values of a person by field; a field may have several


class SegmentRule(NamedTuple):
    """One segment: its `name`, the `terms` that must all hold, and what is said of it on `channels`.

    `level` is one of `sdr.rules.policy.LEVELS`; `reason` and `set_by` are the team's words.
    """

    name: str
    terms: tuple[Term, ...]
    channels: frozenset[Channel]
    level: str
    reason: str
    set_by: str

    @property
    def id(self) -> str:
        """The rule's name on record."""
        return f"segment.{'-'.join(folded(self.name).split())}"

    @property
    def sentence(self) -> str:
        """Why, and who says so."""
        return f"{self.name}: {self.reason} (set by {self.set_by})."

    def covers(self, traits: Traits) -> bool:
        """Whether somebody with these traits is of the segment."""
        return all(_holds(term, traits.get(term.field, ())) for term in self.terms)


def _holds(term: Term, held: tuple[str, ...]) -> bool:
    """As the filter of the list: any of the values begins one that is held; a state is the whole word."""
    if term.field == "state":
        found = any(value in held for value in term.values)
    else:
        found = any(one.startswith(value) for one in held for value in term.values)
    return found is not term.negated


def who(text: str) -> tuple[Term, ...]:
    """The terms of a segment; raises `FilterError` for words without a field and for fields that are not `FIELDS`."""
    found: Filter = parse(text)
    for term in found.terms:
        if term.field not in FIELDS:
            what = "words without a field say" if term.field == "text" else f"{term.field} says"
            raise FilterError(0, f"{what} not who somebody is; there is {', '.join(FIELDS)}")
    if not found.terms:
        raise FilterError(0, f"it names nobody; write industry:hvac title:owner, of {', '.join(FIELDS)}")
    return found.terms


def traits(values: Mapping[str, tuple[str | None, ...]]) -> Traits:
    """The values of a person by field, as they are compared."""
    return {field: tuple(folded(one) for one in held if one) for field, held in values.items()}
