"""Who is in a file already: each row against the desk and against the rows above it.

An equal e-mail address, or an equal id of the same system, joins by itself; a number, a name at the same company, or
an address that a whole office reads only makes a row doubtful. The desk is asked for some hundred rows at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sdr.desk import making
from sdr.desk.making import Setting
from sdr.exchange.arriving import Arrivals
from sdr.exchange.keying import FLAWED, INQUIRY, LEAVE_ALONE, REJECTED, Fact
from sdr.exchange.repeated import Heard, Repeated
from sdr.exchange.verdicts import Double, Flag, Verdict, Verdicts
from sdr.rules.identity import company_key
from sdr.rules.text import folded
from sdr.rules.told import called
from sdr.store import rows
from sdr.store.queries import batches, doubles
from sdr.store.queries.inquiries import Raised

# Runs a query of the store wherever it may be run: on the reader's thread, or inside a write.
Look = Callable[..., Any]
Values = dict[str, Any]
Again = Mapping[str, int]  # keys of a row that stand elsewhere in the file too, each with its place among those
WHY = {
    "phone": "same phone", "name": "same last name and company", "who": "same name and company",
    "shared": "same office address",
}  # fmt: skip


class Origin(NamedTuple):
    """Where a file's own ids come from: a product's export, else its source."""

    preset: str | None
    source_id: int | None


@dataclass(slots=True)
class Here:
    """What the desk knows of some rows."""

    address: dict[str, int]
    outside: dict[str, int]
    number: dict[str, int]
    named: dict[str, int]  # by likely key
    leads: dict[int, rows.Lead]
    blocked: frozenset[tuple[int, str]]
    notes: frozenset[tuple[int, str]]
    raised: tuple[Raised, ...] = ()
    office: dict[str, dict[str, int]] = field(default_factory=dict)  # by address that an office reads, by folded name


NOWHERE = Here({}, {}, {}, {}, {}, frozenset(), frozenset())


class Stretch:
    """Rows that are judged together: their facts, and their values once somebody asks for them."""

    def __init__(self, facts: Sequence[Fact], values: Callable[[], Sequence[Values]]) -> None:
        self.facts = facts
        self._values = values
        self._known: Sequence[Values] | None = None

    @property
    def values(self) -> Sequence[Values]:
        """The values of each row; most stretches are judged without them."""
        if self._known is None:
            self._known = self._values()
        return self._known


@dataclass(slots=True)
class Matcher:
    """Gives each row its verdict, in the order of the file.

    The keys of all rows are heard first. A key that comes once in the file, and that the desk does not have, joins
    nobody, so only the others are kept by name: a million rows need little more memory than their doubles.
    """

    look: Look
    setting: Setting
    origin: Origin
    policy: dict[str, str]
    fingerprint: str
    arrivals: Arrivals
    verdicts: Verdicts = field(default_factory=Verdicts)
    _heard: Heard | None = field(default_factory=Heard)
    _again: Repeated = field(default_factory=Repeated)
    _sure: dict[str, int] = field(default_factory=dict)
    _root_of: dict[int, int] = field(default_factory=dict)
    _off: frozenset[tuple[str, str]] = frozenset()
    _unkeyed: dict[tuple[str, str | None, str], list[int]] | None = None
    _nobody: bool = False  # the desk has no lead yet

    def __post_init__(self) -> None:
        self._off = self.look(doubles.blocked_values)
        self._nobody = not self.look(doubles.anybody)

    def hear(self, facts: Sequence[Fact]) -> None:
        """Take note of the keys of the next rows."""
        assert self._heard is not None, "all rows are heard before the first is judged"
        self._heard.add([key for _, sure, likely in facts for key in (*sure, *likely)])

    def judge(self, rows: Stretch) -> None:
        """The verdicts on the next rows, once all were heard."""
        if self._heard is not None:
            self._again, self._heard = self._heard.again(), None
        here = NOWHERE if self._nobody else self._here(rows)
        for at, fact in enumerate(rows.facts):
            marks, sure, likely = fact
            if marks & REJECTED:
                self.verdicts.add(Verdict.REJECTED)
                continue
            flags = (Flag.FLAWED if marks & FLAWED else 0) | self._suppressed(fact)
            again, likely_again = self._again.among(sure), self._again.among(likely)
            if sure and not again and self._nobody:
                self._begun(rows, at, likely_again, here, flags)
            else:
                self._judge(rows, at, again, likely_again, here, flags)

    def _judge(self, rows: Stretch, at: int, again: Again, likely_again: Again, here: Here, flags: int) -> None:
        """The verdict on a row that may be somebody's."""
        sure = rows.facts[at][1]
        root = next((self._sure[key] for key in again if key in self._sure), None)
        lead = None if root is not None else next((i for key in sure if (i := self._held(key, here))), None)
        if not sure:
            lead = self._same_row(rows, at)
            here = self._around([lead], [rows.values[at]]) if lead is not None else here
        if lead is not None and sure:
            root = self._root_of.get(lead)
        if root is not None:
            row = self._joined(rows, at, root, flags)
        elif lead is not None:
            brings = self.brings(here.leads[lead], rows.values[at], here)
            blocked = Flag.SUPPRESSED if any(one == lead for one, _ in here.blocked) else 0
            row = root = self.verdicts.add(Verdict.UPDATED if brings else Verdict.KNOWN, lead, flags | blocked)
            self._root_of[lead] = root
        else:
            row = root = self._begun(rows, at, likely_again, here, flags)
        for key in again:
            self._sure.setdefault(key, root)
        self._again.keep(likely_again.values(), row)

    def _same_row(self, rows: Stretch, at: int) -> int | None:
        """The lead that an earlier file of this shape made of the very same row.

        Without address and id nothing joins two people; but a file that comes again must not bring them again.
        """
        if self._unkeyed is None:
            self._unkeyed = {}
            for lead, name, phone, company in self.look(batches.nameless_keys, self.fingerprint):
                self._unkeyed.setdefault(_row_key(name, phone, company), []).append(lead)
        if not self._unkeyed:
            return None
        values = rows.values[at]
        phone = values["phones"][0]["e164"] if "phones" in values else None
        found = self._unkeyed.get(_row_key(called(values), phone, values.get("company")), ())
        here = self._around(found, [values])
        return next((lead for lead in found if not self.brings(here.leads[lead], values, here)), None)

    def _begun(self, rows: Stretch, at: int, likely_again: Again, here: Here, flags: int) -> int:
        if rows.facts[at][0] & INQUIRY:
            flags |= Flag.INQUIRY
        double = self._double(rows, at, likely_again, here)
        row = self.verdicts.add(Verdict.CREATED, 0, flags | (Flag.DOUBTFUL if double else 0))
        if double is not None:
            self.verdicts.doubles.add(row, double)
        self._again.keep(likely_again.values(), row)
        return row

    def _joined(self, rows: Stretch, at: int, root: int, flags: int) -> int:
        verdicts = self.verdicts
        row = verdicts.add(Verdict.MERGED, 0, flags)
        verdicts.join(row, root)
        if not rows.facts[at][0] & INQUIRY:
            verdicts.flags[root] &= ~Flag.INQUIRY
        verdicts.flags[root] |= flags & Flag.SUPPRESSED
        if verdicts.kinds[root] == Verdict.KNOWN:
            lead = self.look(doubles.leads_of, [verdicts.leads[root]])[verdicts.leads[root]]
            values = rows.values[at]
            if self.brings(lead, values, self._around([lead.id], [values])):
                verdicts.kinds[root] = Verdict.UPDATED
        return row

    def _double(self, rows: Stretch, at: int, likely_again: Again, here: Here) -> Double | None:
        for key in likely_again if here is NOWHERE else rows.facts[at][2]:
            if here is not NOWHERE and (
                lead := here.number.get(key[6:]) if key.startswith("phone:") else here.named.get(key)
            ):
                found = here.leads.get(lead)
                return Double(lead, None, _why(key), found is None or self.brings(found, rows.values[at], here))
            if key in likely_again and (row := self._again.row_at(likely_again[key])) is not None:
                return Double(None, row, _why(key))
        return None

    def brings(self, lead: rows.Lead, values: Values, here: Here) -> bool:
        """Whether a kept lead learns anything from a row, or raises a hand by it."""
        if making.filled(lead, values, self.setting, self.policy):
            return True
        if self.arrivals.inquires(lead, values, here.raised, here.notes):
            return True
        if any((lead.id, text) not in here.notes for text in values.get("notes", ())):
            return True
        return any(
            values.get(f"do_not_{channel}") and (lead.id, channel) not in here.blocked for channel in ("call", "email")
        )

    def _suppressed(self, fact: Fact) -> int:
        marks, sure, likely = fact
        if marks & LEAVE_ALONE:
            return Flag.SUPPRESSED
        if not self._off:
            return 0
        addresses = [key.partition(":")[2].partition(" ")[0] for key in sure if not key.startswith("id:")]
        asked = [("email", one) for one in addresses] + [("domain", one.rpartition("@")[2]) for one in addresses[:1]]
        asked += [("number", key[6:]) for key in likely if key.startswith("phone:")]
        return Flag.SUPPRESSED if any(one in self._off for one in asked) else 0

    # --- asking the desk ---------------------------------------------------------------------------------------------

    def _held(self, key: str, here: Here) -> int | None:
        kind, _, value = key.partition(":")
        if kind == "office":
            return _in_office(value, here.office)
        return (here.address if kind == "email" else here.outside).get(value)

    def _here(self, rows: Stretch) -> Here:
        sure = [key.partition(":") for _, keys, _ in rows.facts for key in keys]
        likely = [key.partition(":") for _, _, keys in rows.facts for key in keys]
        address = self.look(doubles.by_address, {value for kind, _, value in sure if kind == "email"})
        outside = self._outside({value for kind, _, value in sure if kind == "id"})
        number = self.look(doubles.by_number, {value for kind, _, value in likely if kind == "phone"})
        shared = {value for kind, _, value in likely if kind == "shared"}
        office: dict[str, dict[str, int]] = self.look(doubles.in_office, shared) if shared else {}
        named = self._named(likely) | {f"shared:{one}": min(found.values()) for one, found in office.items()}
        ids = {*address.values(), *outside.values(), *number.values(), *named.values()}
        ids.update(lead for found in office.values() for lead in found.values())
        if moved := self.look(doubles.survivors, ids) if ids else {}:
            address, outside, number, named, *offices = (
                {key: moved.get(lead, lead) for key, lead in found.items()}
                for found in (address, outside, number, named, *office.values())
            )
            office = dict(zip(office, offices, strict=True))
            ids = {moved.get(lead, lead) for lead in ids}
        if not ids:
            return NOWHERE
        told = [one for one, fact in zip(rows.values, rows.facts, strict=True) if not fact[0] & REJECTED]
        around = self._around(ids, told)
        around.address, around.outside, around.number, around.named = address, outside, number, named
        around.office = office
        return around

    def _around(self, ids: Any, values: Sequence[Values]) -> Here:
        if not ids:
            return NOWHERE
        leads = self.look(doubles.leads_of, ids)
        blocked, notes = self.look(doubles.blocked_people, ids), self.look(doubles.notes_of, ids)
        return Here({}, {}, {}, {}, leads, blocked, notes, self.arrivals.raised(ids, values))

    def _outside(self, ids: set[str]) -> dict[str, int]:
        """The leads with these ids that came from where this file comes from."""
        found: dict[str, int] = {}
        for one in self.look(doubles.by_outside_id, ids) if ids else ():
            if Origin(one.preset, None if one.preset else one.source_id) == self._from():
                found.setdefault(one.external_id, one.lead)
        return found

    def _from(self) -> Origin:
        return Origin(self.origin.preset, None if self.origin.preset else self.origin.source_id)

    def _named(self, likely: Sequence[tuple[str, str, str]]) -> dict[str, int]:
        domains = {value.rpartition(":")[0] for kind, _, value in likely if kind == "name"}
        firms = {value.partition(":")[0] for kind, _, value in likely if kind == "who"}
        found: dict[str, int] = {}
        for one in self.look(doubles.colleagues, domains, firms) if domains or firms else ():
            if one.domain and one.last_name:
                found.setdefault(f"name:{one.domain}:{folded(one.last_name)}", one.lead)
            found.setdefault(f"who:{one.name_key}:{folded(one.name)}", one.lead)
        return found


def _why(key: str) -> str:
    """Why a likely key makes a row doubtful."""
    return WHY[key.partition(":")[0]]


def _in_office(key: str, office: Mapping[str, Mapping[str, int]]) -> int | None:
    """The lead of this name at an address that many read; a row without a name is whoever alone has the address."""
    address, _, name = key.partition(" ")
    held = office.get(address, {})
    if name:
        return held.get(name)
    return next(iter(held.values())) if len(held) == 1 else held.get(folded(called({"email": address}) or ""))


def _row_key(name: str | None, phone: str | None, company: str | None) -> tuple[str, str | None, str]:
    return folded(name or ""), phone, company_key(company or "")
