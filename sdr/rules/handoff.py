"""Handing a qualified lead over: what is missing, which account executive and why.

What they are told is `sdr.rules.brief`. An offer without an AE does not exist: when nobody fits, the rules widen
until somebody does and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sdr.models.terms import LeadState, Refused
from sdr.rules.rubric import Rubric
from sdr.rules.scoring import unmet
from sdr.rules.why import moment

ACCEPT_WITHIN = "4h"  # of the AE's working time, before an offer expires


class Executive(NamedTuple):
    """An account executive as the choice sees one.

    `territory` and `skills` are comma-separated words (countries, regions, industries); blank means anything.
    `capacity` is how many open handoffs they take, 0 none at all; `open` how many they have; `away_until` an
    aware time. Lists of executives are in the team's fixed order, which breaks ties.
    """

    id: int
    name: str
    territory: str = ""
    skills: str = ""
    capacity: int = 10
    open: int = 0
    away_until: datetime | None = None


class Choice(NamedTuple):
    """The AE chosen, the reason in words, and the others in the order they would be chosen next."""

    ae: Executive
    why: str
    others: tuple[Executive, ...]


# From here on the lead is the account executive's; an offer is theirs only while the clock runs.
_THEIRS = frozenset({LeadState.ACCEPTED, LeadState.OPPORTUNITY, LeadState.WON, LeadState.LOST})


def accountable(state: LeadState, rep: str, ae: str | None, *, overdue: bool = False) -> str:
    """Whose move it is: one name for every state (product.md 1, rule 1).

    The AE's from acceptance on, and while an offer's clock runs; the rep's otherwise, also when the clock ran out
    (`overdue`), because then the rep covers.
    """
    theirs = state in _THEIRS or (state == LeadState.OFFERED and not overdue)
    return ae if theirs and ae else rep


def missing(rubric: Rubric, answers: Mapping[str, str], fields: Mapping[str, str | None]) -> tuple[str, ...]:
    """What keeps a lead from being handed off, by name: must-haves not met, then what the AE needs to reach them."""
    needs = list(unmet(rubric, answers))
    if not _known(fields, "name"):
        needs.append("name")
    if not _known(fields, "company"):
        needs.append("company")
    if not (_known(fields, "email") or _known(fields, "phone")):
        needs.append("e-mail or phone")
    return tuple(needs)


def _known(fields: Mapping[str, str | None], name: str) -> bool:
    return bool((fields.get(name) or "").strip())


def refusal(needs: Sequence[str]) -> Refused | None:
    """The refusal to hand off while anything is missing, or None."""
    if not needs:
        return None
    return Refused(
        "handoff.must-haves",
        f"A handoff needs {_listed(needs)} first.",
        "the agreed rubric",
        "Answer with o and the digits, or fill in what is blank.",
    )


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def choose_ae(
    aes: Iterable[Executive],
    now: datetime,
    *,
    account_owner: int | None = None,
    places: Sequence[str] = (),
    needs: str = "",
) -> Choice | Refused:
    """The AE for a lead, and why.

    The account's owner first, full or not. Then whoever is here and not full: of this territory (`places` are the
    lead's country, region, code…) before everywhere before elsewhere; with the skill `needs` (an industry, a
    product) before without; then the fewest open for their capacity; then the team's order, which makes it a
    round robin. When all are full the least loaded takes it, when all are away the first one back. `Refused` only
    when nobody takes handoffs at all.
    """
    takers = [(place, ae) for place, ae in enumerate(aes) if ae.capacity > 0]
    if not takers:
        return Refused(
            "handoff.no-ae",
            "no account executive takes handoffs yet; name one with + on the handoffs screen (g h) or sdr aes set",
            "the team list",
            "Name one: sdr aes set NAME capacity=10.",
        )
    wanted = frozenset(word.strip().casefold() for word in places if word.strip())
    takers.sort(key=lambda taker: _order(taker[1], now, account_owner, wanted, needs, taker[0]))
    first, *others = (ae for _, ae in takers)
    return Choice(first, _reason(first, now, account_owner, wanted, needs, (ae for _, ae in takers)), tuple(others))


def _order(
    ae: Executive, now: datetime, owner: int | None, places: frozenset[str], needs: str, place: int
) -> tuple[bool, float, bool, bool, int, bool, float, int]:
    away = _is_away(ae, now)
    back = ae.away_until.timestamp() if away and ae.away_until else 0.0
    owns, full = ae.id == owner, ae.open >= ae.capacity
    return away, back, not owns, full, _distance(ae, places), not _has_skill(ae, needs), ae.open / ae.capacity, place


def _is_away(ae: Executive, now: datetime) -> bool:
    return ae.away_until is not None and ae.away_until > now


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in text.split(",") if word.strip())


def _distance(ae: Executive, places: frozenset[str]) -> int:
    """0 this territory is theirs, 1 they cover everywhere, 2 theirs is elsewhere."""
    territory = _words(ae.territory)
    return 1 if not territory else 0 if territory & places else 2


def _has_skill(ae: Executive, needs: str) -> bool:
    return not needs.strip() or needs.strip().casefold() in _words(ae.skills)


def _reason(
    ae: Executive,
    now: datetime,
    owner: int | None,
    places: frozenset[str],
    needs: str,
    everybody: Iterable[Executive],
) -> str:
    """Why this one: what spoke for them, and what kept the account's owner out."""
    if _is_away(ae, now) and ae.away_until is not None:
        return f"everybody is away; {ae.name} is back first, {moment(ae.away_until, now)}"
    if ae.id == owner:
        return "owns the account"
    reasons = [f"{other.name} owns the account but is away" for other in everybody if other.id == owner]
    distance = _distance(ae, places)
    if distance == 0:
        reasons.append("this territory")
    elif distance == 2:
        reasons.append("nobody here covers this territory")
    if needs.strip() and _has_skill(ae, needs):
        reasons.append(f"knows {needs.strip()}")
    load = f"{ae.open} of {ae.capacity} open"
    reasons.append(f"all are full, least loaded ({load})" if ae.open >= ae.capacity else f"fewest open ({load})")
    return "; ".join(reasons)
