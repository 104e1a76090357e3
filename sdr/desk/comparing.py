"""Two leads side by side, field by field: what each has, which value would stand, and what else is at stake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sdr.desk import making
from sdr.desk.steps import Fields
from sdr.desk.suspecting import likeness
from sdr.models.terms import LeadState, Refused
from sdr.store import rows
from sdr.store.queries import leads
from sdr.store.queries.sides import Side, sides
from sdr.store.session import Reader

# A word of the rep, and the columns that only make sense together.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "first_name", "last_name"),
    "title": ("title", "seniority", "department"),
    "company": ("company", "account_id", "website", "industry", "employees"),
    "email": ("email",),
    "phone": ("phone",),
    "place": ("country", "region", "city", "postcode", "street", "zone", "zone_from"),
    "linkedin": ("linkedin",),
    "external_id": ("external_id",),
    "source": ("source_id", "campaign", "cost_minor"),
    "owner": ("owner_id", "owned_at"),
    "said": ("said",),
}
BOTH = frozenset({"email", "phone"})  # the survivor has room for the other's, too: the choice is which comes first


class Line(NamedTuple):
    """One field of two leads as a rep reads it; "" is a blank. Where both have a value that differs, one is chosen."""

    word: str
    stays: str
    goes: str

    @property
    def differs(self) -> bool:
        """Whether the two do not say the same."""
        return self.stays != self.goes

    @property
    def open(self) -> bool:
        """Whether the rep may choose: both have a value, and another one."""
        return self.differs and bool(self.stays and self.goes)


class Compared(NamedTuple):
    """Two leads that may become one: who would stay, what each has, and why they may be one person."""

    stays: Side
    goes: Side
    lines: tuple[Line, ...]
    score: int
    reasons: tuple[str, ...]


# Not lost before lost, then by stage; asleep counts less than worked.
STAGES = (
    LeadState.LOST, LeadState.REJECTED, LeadState.DISQUALIFIED, LeadState.INQUIRY, LeadState.NURTURE, LeadState.NEW,
    LeadState.WORKING, LeadState.TALKING, LeadState.QUALIFIED, LeadState.OFFERED, LeadState.ACCEPTED,
    LeadState.OPPORTUNITY, LeadState.WON,
)  # fmt: skip


def stage(lead: rows.Lead) -> int:
    """How far a lead has come."""
    return STAGES.index(LeadState(lead.state))


def ordered(one: rows.Lead, other: rows.Lead, stays: int | None = None) -> tuple[rows.Lead, rows.Lead]:
    """Who stays and who joins: by stage, score and age, unless the rep says who `stays`."""
    best = max(one, other, key=_standing)
    return (one, other) if (best.id if stays is None else stays) == one.id else (other, one)


def _standing(lead: rows.Lead) -> tuple[int, int, int, int]:
    return stage(lead), lead.score, -lead.recorded_at, -lead.id


def compared(db: Reader, a: int, b: int, stays: int | None = None) -> Compared | None:
    """Two leads beside each other; `None` when one is gone, or they are one lead already."""
    one, other = leads.lead(db, a), leads.lead(db, b)
    if one is None or other is None or one.id == other.id:
        return None
    kept, goes = ordered(one, other, stays)
    found, why = sides(db, (kept.id, goes.id)), likeness(db, kept.id, goes.id)
    left, right = found[kept.id], found[goes.id]
    lines = (Line(word, words(left, word), words(right, word)) for word in FIELDS)
    return Compared(left, right, tuple(line for line in lines if line.stays or line.goes), why.score, why.reasons)


def words(side: Side, word: str) -> str:
    """What a lead has in a field, in words; "" is a blank."""
    lead = side.lead
    match word:
        case "email":
            return ", ".join(one for one in (lead.email, lead.email_2) if one)
        case "phone":
            return ", ".join(one.get("shown") or one["e164"] for one in making.listed_numbers(lead))
        case "place":
            return ", ".join(one for one in (lead.street, lead.postcode, lead.city, lead.region, lead.country) if one)
        case "source":
            return " · ".join(one for one in (side.source, lead.campaign) if one)
        case "owner":
            return side.owner or ""
    return str(getattr(lead, word) or "")


def taken_over(stays: rows.Lead, goes: rows.Lead, keep: Mapping[str, int]) -> Fields | Refused:
    """The columns that the survivor takes from who goes, because the rep said so; blanks never replace anything."""
    found: Fields = {}
    for word, lead_id in keep.items():
        if word not in FIELDS:
            return Refused("merge.field", f"there is no “{word}” to keep; there is {', '.join(FIELDS)}")
        if lead_id != goes.id or all(getattr(goes, name) in (None, "") for name in FIELDS[word]):
            continue
        if word == "email":
            if stays.email and stays.email_2 not in (None, goes.email):
                return Refused("merge.addresses", f"{stays.name} has two addresses already; mend them first (E)")
            found |= {"email": goes.email, "email_2": stays.email}
        elif word == "phone":
            theirs = making.listed_numbers(goes)
            known = {one["e164"] for one in theirs}
            mine = [one for one in making.listed_numbers(stays) if one["e164"] not in known]
            found |= making.numbers([*theirs, *mine])
        else:
            found |= {name: getattr(goes, name) for name in FIELDS[word]}
    return found
