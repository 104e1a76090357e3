"""Whose a company is already: who works it, when it was touched last, which AE has a handoff, whether it buys.

A company's leads are found by the index on their account; of a company with very many the newest `MOST` are looked
at, so that a card never waits for it.
"""

from __future__ import annotations

from typing import NamedTuple

from sdr.store.queries.reading import one
from sdr.store.session import Reader

MOST = 300
_OPEN = "('offered', 'accepted', 'met', 'no-show', 'opportunity')"
_WHOSE = "state NOT IN ('rejected', 'disqualified', 'lost')"


class Firm(NamedTuple):
    """What is known of a company beside one lead: `people` are its other leads, `owner` whose they are (of those that
    are open or won, the one touched last), `owners` how many reps that is; times are ms UTC."""

    people: int
    owner_id: int | None
    owner: str | None
    owners: int
    last_at: int | None
    ae: str | None  # who has a handoff that is not over
    customer: bool


def firm(db: Reader, account_id: int | None, but: int | None = None) -> Firm | None:
    """The company of an account, beside lead `but`; `None` when nothing is known there."""
    if account_id is None:
        return None
    sql = f"""WITH there AS MATERIALIZED (SELECT id, owner_id, last_at, state FROM lead
        WHERE account_id = :account AND id IS NOT :but AND alias_of IS NULL ORDER BY id DESC LIMIT {MOST}),
      whose AS (SELECT owner_id FROM there WHERE {_WHOSE} AND owner_id IS NOT NULL
        ORDER BY last_at IS NULL, last_at DESC, id DESC LIMIT 1)
      SELECT count(*), (SELECT owner_id FROM whose), (SELECT name FROM rep WHERE id = (SELECT owner_id FROM whose)),
        count(DISTINCT CASE WHEN {_WHOSE} THEN owner_id END), max(last_at),
        (SELECT ae.name FROM there CROSS JOIN handoff ON handoff.lead_id = there.id JOIN ae ON ae.id = handoff.ae_id
          WHERE handoff.state IN {_OPEN} ORDER BY handoff.id DESC LIMIT 1),
        coalesce(max(state = 'won'), 0) OR coalesce((SELECT customer FROM account WHERE id = :account), 0)
      FROM there"""
    found = one(db, Firm, sql, {"account": account_id, "but": but})
    return found if found is not None and (found.people or found.customer) else None


def firm_of_domain(db: Reader, domain: str | None) -> tuple[str, Firm] | None:
    """The company with this domain, by name, and what is known of it; `None` when it is new to us."""
    row = db.execute("SELECT id, name FROM account WHERE domain = ?", (domain,)).fetchone() if domain else None
    known = firm(db, row[0]) if row else None
    return (row[1], known) if row and known else None
