"""Who is in a file already: each row against the desk and against the rows above it.

An equal e-mail address, or an equal id of the same system, joins by itself; a number, or a name at the same
company, only makes a row doubtful. The desk is asked for some hundred rows at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sdr.desk import making
from sdr.desk.accounts import domain_of
from sdr.desk.making import Setting
from sdr.exchange.arriving import Arrivals
from sdr.exchange.rows_read import Seen
from sdr.exchange.verdicts import Double, Flag, Verdict, Verdicts
from sdr.rules.identity import company_key
from sdr.rules.text import folded
from sdr.rules.told import called
from sdr.rules.triage import missing_qualifiers
from sdr.store import rows
from sdr.store.queries import batches, doubles
from sdr.store.queries.inquiries import Raised

# Runs a query of the store wherever it may be run: on the reader's thread, or inside a write.
Look = Callable[..., Any]
Values = dict[str, Any]
WHY = {"phone": "same phone", "name": "same last name and company", "who": "same name and company"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file's own ids come from: a product's export, else its source."""

    preset: str | None
    source_id: int | None


@dataclass(slots=True)
class Here:
    """What the desk knows of some rows."""

    address: dict[str, int]
    outside: dict[str, int]
    number: dict[str, int]
    named: dict[str, int]
    leads: dict[int, rows.Lead]
    blocked: frozenset[tuple[int, str]]
    notes: frozenset[tuple[int, str]]
    raised: tuple[Raised, ...] = ()


@dataclass(slots=True)
class Matcher:
    """Gives each row its verdict, in the order of the file."""

    look: Look
    setting: Setting
    origin: Origin
    policy: dict[str, str]
    fingerprint: str
    arrivals: Arrivals
    verdicts: Verdicts = field(default_factory=Verdicts)
    _sure: dict[str, int] = field(default_factory=dict)
    _likely: dict[int, int] = field(default_factory=dict)  # by the key's hash: a clash would only suggest
    _root_of: dict[int, int] = field(default_factory=dict)
    _off: frozenset[tuple[str, str]] = frozenset()
    _unkeyed: dict[tuple[str, str | None, str], list[int]] | None = None

    def __post_init__(self) -> None:
        self._off = self.look(doubles.blocked_values)

    def judge(self, seen: Sequence[Seen]) -> None:
        """The verdicts on the next rows."""
        keyed = [([], []) if one.reason else keys_of(one.values) for one in seen]
        here = self._here([one.values for one in seen if not one.reason], keyed)
        for one, (sure, likely) in zip(seen, keyed, strict=True):
            if one.reason:
                self.verdicts.add(Verdict.REJECTED)
            else:
                self._judge(one, sure, likely, here)

    def _judge(self, seen: Seen, sure: list[str], likely: list[str], here: Here) -> None:
        flags = (Flag.FLAWED if seen.flaws else 0) | self._suppressed(seen.values)
        root = next((self._sure[key] for key in sure if key in self._sure), None)
        lead = None if root is not None else next((i for key in sure if (i := self._held(key, here))), None)
        if not sure:
            lead = self._same_row(seen.values)
            here = self._around([lead], [seen.values]) if lead is not None else here
        if lead is not None and sure:
            root = self._root_of.get(lead)
        if root is not None:
            row = self._joined(seen, root, flags)
        elif lead is not None:
            brings = self.brings(here.leads[lead], seen.values, here)
            blocked = Flag.SUPPRESSED if any(one == lead for one, _ in here.blocked) else 0
            row = root = self.verdicts.add(Verdict.UPDATED if brings else Verdict.KNOWN, lead, flags | blocked)
            self._root_of[lead] = root
        else:
            row = root = self._begun(seen, likely, here, flags)
        self._sure.update(dict.fromkeys((key for key in sure if key not in self._sure), root))
        for key in likely:
            self._likely.setdefault(hash(key), row)

    def _same_row(self, values: Values) -> int | None:
        """The lead that an earlier file of this shape made of the very same row.

        Without address and id nothing joins two people; but a file that comes again must not bring them again.
        """
        if self._unkeyed is None:
            self._unkeyed = {}
            for lead, name, phone, company in self.look(batches.nameless_keys, self.fingerprint):
                self._unkeyed.setdefault(_row_key(name, phone, company), []).append(lead)
        phone = values["phones"][0]["e164"] if "phones" in values else None
        found = self._unkeyed.get(_row_key(called(values), phone, values.get("company")), ())
        here = self._around(found, [values])
        return next((lead for lead in found if not self.brings(here.leads[lead], values, here)), None)

    def _begun(self, seen: Seen, likely: list[str], here: Here, flags: int) -> int:
        if missing_qualifiers(qualified(seen.values)):
            flags |= Flag.INQUIRY
        double = self._double(likely, seen.values, here)
        row = self.verdicts.add(Verdict.CREATED, 0, flags | (Flag.DOUBTFUL if double else 0))
        if double is not None:
            self.verdicts.doubles[row] = double
        return row

    def _joined(self, seen: Seen, root: int, flags: int) -> int:
        verdicts = self.verdicts
        row = verdicts.add(Verdict.MERGED, 0, flags)
        verdicts.join(row, root)
        if not missing_qualifiers(qualified(seen.values)):
            verdicts.flags[root] &= ~Flag.INQUIRY
        verdicts.flags[root] |= flags & Flag.SUPPRESSED
        if verdicts.kinds[root] == Verdict.KNOWN:
            lead = self.look(doubles.leads_of, [verdicts.leads[root]])[verdicts.leads[root]]
            if self.brings(lead, seen.values, self._around([lead.id], [seen.values])):
                verdicts.kinds[root] = Verdict.UPDATED
        return row

    def _double(self, likely: list[str], values: Values, here: Here) -> Double | None:
        for key in likely:
            kind = WHY[key.partition(":")[0]]
            if lead := here.number.get(key[6:]) if key.startswith("phone:") else here.named.get(key):
                found = here.leads.get(lead)
                return Double(lead, None, kind, found is None or self.brings(found, values, here))
            if (row := self._likely.get(hash(key))) is not None:
                return Double(None, row, kind)
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

    def _suppressed(self, values: Values) -> int:
        if values.get("do_not_call") or values.get("do_not_email"):
            return Flag.SUPPRESSED
        if not self._off:
            return 0
        addresses = [values[field] for field in ("email", "email_2") if field in values]
        asked = [("email", one) for one in addresses] + [("domain", one.rpartition("@")[2]) for one in addresses[:1]]
        asked += [("number", one["e164"]) for one in values.get("phones", ())]
        return Flag.SUPPRESSED if any(one in self._off for one in asked) else 0

    # --- asking the desk ---------------------------------------------------------------------------------------------

    def _held(self, key: str, here: Here) -> int | None:
        kind, _, value = key.partition(":")
        return (here.address if kind == "email" else here.outside).get(value)

    def _here(self, values: Sequence[Values], keyed: Sequence[tuple[list[str], list[str]]]) -> Here:
        sure = [key.partition(":") for pair in keyed for key in pair[0]]
        likely = [key.partition(":") for pair in keyed for key in pair[1]]
        address = self.look(doubles.by_address, {value for kind, _, value in sure if kind == "email"})
        outside = self._outside({value for kind, _, value in sure if kind == "id"})
        number = self.look(doubles.by_number, {value for kind, _, value in likely if kind == "phone"})
        named = self._named(likely)
        ids = {*address.values(), *outside.values(), *number.values(), *named.values()}
        if moved := self.look(doubles.survivors, ids) if ids else {}:
            address, outside, number = (
                {key: moved.get(lead, lead) for key, lead in found.items()} for found in (address, outside, number)
            )
            ids = {moved.get(lead, lead) for lead in ids}
        around = self._around(ids, values)
        around.address, around.outside, around.number, around.named = address, outside, number, named
        return around

    def _around(self, ids: Any, values: Sequence[Values]) -> Here:
        empty: frozenset[tuple[int, str]] = frozenset()
        if not ids:
            return Here({}, {}, {}, {}, {}, empty, empty)
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


def _row_key(name: str | None, phone: str | None, company: str | None) -> tuple[str, str | None, str]:
    return folded(name or ""), phone, company_key(company or "")


def keys_of(values: Values) -> tuple[list[str], list[str]]:
    """The keys that join a row (`email:`, `id:`) and those that only make it doubtful (`phone:`, `name:`, `who:`)."""
    sure = [f"email:{values[field]}" for field in ("email", "email_2") if field in values]
    if "external_id" in values:
        sure.append(f"id:{values['external_id']}")
    likely = [f"phone:{one['e164']}" for one in values.get("phones", ())]
    domain, last = domain_of(values), values.get("last_name")
    if domain and last:
        likely.append(f"name:{domain}:{folded(last)}")
    firm = company_key(values["company"]) if "company" in values and "name" in values else ""
    if firm:
        likely.append(f"who:{firm}:{folded(values['name'])}")
    return sure, likely


def qualified(values: Values) -> dict[str, str | None]:
    """What makes a row a lead and not an inquiry."""
    return {
        "company": values.get("company"),
        "title": values.get("title"),
        "phone": "yes" if "phones" in values else None,
    }


def folded_together(root: Values, others: Sequence[Values]) -> Values:
    """One person from several rows: the first row's values, blanks filled by the next; nothing erases anything."""
    if not others:
        return root
    found = dict(root)
    for other in others:
        found |= making.named((found.get("first_name"), found.get("last_name")), other)
        for word, value in other.items():
            held = found.get(word)
            if word in ("notes", "tags"):
                found[word] = [*(held or []), *(one for one in value if one not in (held or []))]
            elif word == "phones":
                numbers = {one["e164"] for one in held or ()}
                found[word] = [*(held or []), *(one for one in value if one["e164"] not in numbers)]
            elif held is None and word not in making.NAMES and word != "name":
                found[word] = value
        if other.get("email") not in (None, found.get("email"), found.get("email_2")):
            found.setdefault("email_2", other["email"])
    return found
