"""Whose a company is already, in a line: who works it, when it was touched, which AE has it, whether it buys."""

from __future__ import annotations

from datetime import datetime

from sdr.models.terms import at
from sdr.rules.spoken import ago
from sdr.store.queries.firms import Firm


def firm_words(name: str, firm: Firm, now: datetime) -> str:
    """`Acme is Ben's · touched 3 d ago · with AE Carla · a customer`."""
    words = [f"{name} {_whose(firm)}"]
    if firm.last_at is not None:
        words.append(f"touched {ago(at(firm.last_at), now)} ago")
    if firm.ae:
        words.append(f"with AE {firm.ae}")
    if firm.customer:
        words.append("a customer")
    return " · ".join(words)


def tells(firm: Firm, owner_id: int | None) -> bool:
    """Whether there is more to say of a company than that the same rep has others of it."""
    elsewhere = firm.owner_id is not None and (firm.owner_id != owner_id or firm.owners > 1)
    return elsewhere or firm.last_at is not None or firm.ae is not None or firm.customer


def _whose(firm: Firm) -> str:
    if firm.owner is None:
        return "is nobody's"
    more = firm.owners - 1
    return f"is {firm.owner}'s" + (f" (and of {more} more)" if more else "")
