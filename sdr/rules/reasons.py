"""Why leads are sent back, ended or returned: three short lists, a digit each, read from the playbook.

Rejections come before contact, disqualifications after it, returns from the account executive; their counts are
never added up (product.md 4.4).
"""

from __future__ import annotations

from typing import NamedTuple

from sdr.models.terms import LeadState
from sdr.rules.playbook_text import PlaybookError, Table, read, refuse_twins

FAMILIES = ("reject", "disqualify", "returned")
GROUPS = ("procedural", "clerical", "definitional")
# Where the reasons of a family lead unless a row says "nurture": a returned lead is the rep's again.
_ENDS = {"reject": LeadState.REJECTED, "disqualify": LeadState.DISQUALIFIED, "returned": LeadState.WORKING}


class ReasonError(PlaybookError):
    """A reason list that cannot be used; the text names the reason and the fault."""


class Reason(NamedTuple):
    """One reason. `state` is where it takes the lead, `message` what the source's owner is told."""

    digit: int
    key: str
    label: str
    family: str
    group: str | None
    state: LeadState
    suppress: bool
    needs_note: bool
    message: str


class Reasons(NamedTuple):
    """The three families, each in the order of its digits."""

    reject: tuple[Reason, ...]
    disqualify: tuple[Reason, ...]
    returned: tuple[Reason, ...]

    def find(self, family: str, word: str) -> Reason | None:
        """The reason of `family` ("reject", "disqualify", "returned") with this key or digit."""
        rows = {"reject": self.reject, "disqualify": self.disqualify, "returned": self.returned}[family]
        return next((reason for reason in rows if word in (reason.key, str(reason.digit))), None)


def parse_reasons(text: str) -> Reasons:
    """The reason lists that a TOML `text` holds. Raises `ReasonError`."""
    top = read(text, "reasons.toml", ReasonError)
    top.only(*FAMILIES)
    return Reasons(*(_family(top, family) for family in FAMILIES))


def _family(top: Table, family: str) -> tuple[Reason, ...]:
    tables = top.tables(family, f"{family} reason")
    if not 1 <= len(tables) <= 9:
        raise top.fault(f'"{family}" needs one to nine reasons, one a digit; it has {len(tables)}')
    refuse_twins(tables, "key", "digit")
    return tuple(sorted((_reason(table, family) for table in tables), key=lambda reason: reason.digit))


def _reason(table: Table, family: str) -> Reason:
    table.only("digit", "key", "label", "group", "state", "suppress", "needs_note", "message")
    return Reason(
        table.number("digit", 1, 9),
        table.key(),
        table.text("label", most=40),
        family,
        table.one_of("group", GROUPS) if "group" in table.values else None,
        LeadState(table.one_of("state", (_ENDS[family].value, "nurture"), _ENDS[family].value)),
        "suppress" in table.values and table.one_of("suppress", ("all",)) == "all",
        table.flag("needs_note"),
        table.text("message", "", most=120),
    )
