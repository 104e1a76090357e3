"""Whose the doubtful rows of a file may be, told before anything is written and without opening anybody's record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sdr.desk.known_here import lead_words
from sdr.exchange.intake import Plan
from sdr.exchange.matching import Look
from sdr.exchange.verdicts import Verdict
from sdr.rules.told import called
from sdr.store.session import Reader


class Doubtful(NamedTuple):
    """A row that may be somebody: a lead that is here, with its `whose` in words, or the row on an earlier line."""

    line: int
    name: str
    why: str
    lead: str | None
    whose: str | None
    other_line: int | None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return self._asdict()


def doubtful(look: Look, made: Plan, now: datetime) -> list[Doubtful]:
    """Every row of the plan that would come in although it may be somebody who is here, in the order of the file."""
    verdicts, kinds = made.verdicts, made.verdicts.settled().kinds
    rows = [row for row in verdicts.doubtful() if kinds[row] == Verdict.CREATED]
    whose: dict[int, str] = look(_whose, {one for row in rows if (one := verdicts.doubles[row].lead)}, now)
    found: list[Doubtful] = []
    for row in rows:
        seen, double = made.row(row), verdicts.doubles[row]
        lead = str(double.lead) if double.lead else None
        other = made.row(double.row).line if double.row is not None else None
        name = called(seen.values) or ""
        found.append(Doubtful(seen.line, name, double.why, lead, whose.get(double.lead or 0), other))
    return found


def _whose(db: Reader, ids: Collection[int], now: datetime) -> dict[int, str]:
    return {lead: lead_words(db, lead, now) for lead in ids}
