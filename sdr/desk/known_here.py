"""The check for doubles before somebody is added: says that they exist and whose they are, opening nobody's record."""

from __future__ import annotations

from datetime import datetime

from sdr.desk.accounts import domain_of
from sdr.desk.one_line import Parsed
from sdr.desk.whose import firm_words
from sdr.models.terms import at
from sdr.rules.spoken import ago
from sdr.rules.told import Values, told
from sdr.store.queries import doubles, firms, playbook
from sdr.store.session import Reader


def lead_words(db: Reader, lead_id: int, now: datetime) -> str:
    """`owned by Ben, state working, touched 3 d ago`: all that a check tells of a lead."""
    owner, state, touched = doubles.owner_words(db, lead_id)
    last = f", touched {ago(at(touched), now)} ago" if touched is not None else ""
    return f"owned by {owner}, state {state}{last}"


def known_words(db: Reader, values: Values, now: datetime) -> list[str]:
    """What is known of somebody who is told of by `values`: the person, by address or number, and their company."""
    addresses = [values[word] for word in ("email", "email_2") if word in values]
    found = [f"exists: {lead_words(db, lead, now)}" for lead in _once(doubles.by_address(db, addresses))]
    if not found:
        same = _once(doubles.by_number(db, [one["e164"] for one in values.get("phones", ())]))
        found = [f"same number as a lead {lead_words(db, lead, now)}" for lead in same]
    company = firms.firm_of_domain(db, domain_of(values))
    return [*found, *([firm_words(*company, now)] if company else [])]


def check(db: Reader, parsed: Parsed, now: datetime) -> list[str]:
    """As `known_words`, of somebody typed in one line."""
    return known_words(db, told(parsed.cells, playbook.rep(db).country).values, now)


def _once(found: dict[str, int]) -> list[int]:
    return list(dict.fromkeys(found.values()))
