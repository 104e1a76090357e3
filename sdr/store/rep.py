"""The row of the rep, apart from the other rows: the first frame needs it, and making the others takes time."""

from __future__ import annotations

from typing import NamedTuple


class Rep(NamedTuple):
    """The person at the keyboard."""

    id: int
    name: str
    email: str | None
    zone: str
    hours: str
    country: str | None
    daily_calls: int
    daily_qualified: int
    phone: str | None
