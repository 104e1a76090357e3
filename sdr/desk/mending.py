"""Filling in and mending the fields of one lead; an inquiry that becomes complete is a lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sdr.desk import making, steps
from sdr.desk.accounts import Accounts
from sdr.desk.known_here import lead_words
from sdr.desk.making import REPLACE, Setting
from sdr.desk.one_line import FIELDS
from sdr.desk.steps import Fields
from sdr.models.terms import Refused, ms
from sdr.rules.told import Told, Values, told
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import doubles, leads, playbook
from sdr.store.session import Reader, Session

WORDS = tuple(dict.fromkeys(FIELDS.values()))
_SAID = {"phones": "phone", "phone_type": "phone", "zone_from": "zone", "first_name": "name", "last_name": "name"}


def setting_of(db: Reader, now: datetime) -> Setting:
    """Whose leads are made now, and under which rubric."""
    rubric_id, rubric = playbook.rubric(db)
    rep = playbook.rep(db)
    return Setting(rep, rubric_id, rubric, now, steps.days_off(db, rep.id, now))


def note_edits(session: Session, lead_id: int, found: Told, now: datetime) -> list[Edit]:
    """What was told beside the fields, and what the fields do not hold of it, as notes of the lead."""
    rep = playbook.rep(session).id
    texts = [str(found.values["notes"])] if "notes" in found.values else []
    texts += found.notes("as written")
    return [
        Edit.new("event", session.new_id(), lead_id=lead_id, kind="note", at=ms(now), text=text, rep_id=rep)
        for text in texts
    ]


def fill(session: Session, lead_id: int, fields: Mapping[str, str], now: datetime) -> Change | Refused:
    """Fill in or mend fields of a lead (`company`, `title`, `phone`, `email`, `name`, `city`, `country`, `zone`…).

    What is typed replaces what was there; a new number comes first and the others stay; nothing typed clears the
    field. An inquiry whose qualifier is now known becomes a new lead.
    """
    lead = steps.the_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    unknown = [word for word in fields if word not in WORDS]
    if unknown:
        return Refused("fill.field", f"a lead has no “{unknown[0]}” to fill; it has {', '.join(WORDS)}")
    setting = setting_of(session, now)
    found = told({word: text for word, text in fields.items() if text.strip()}, lead.country or setting.rep.country)
    if found.flaws:
        return Refused("lead.flaw", f"{found.flaws[0][1]}; nothing was changed")
    taken = _taken(session, lead, found.values, now)
    if taken is not None:
        return taken
    changed = making.filled(lead, found.values, setting, dict.fromkeys((*making.PLAIN, "name", "phone"), REPLACE))
    changed |= _exactly(lead, fields, found.values)
    return _mended(session, lead, changed, found, setting)


def _taken(session: Session, lead: rows.Lead, values: Values, now: datetime) -> Refused | None:
    addresses = [values[word] for word in ("email", "email_2") if word in values]
    for other in doubles.by_address(session, addresses).values():
        if other != lead.id:
            whose = lead_words(session, other, now)
            return Refused("lead.exists", f"that address is another lead's ({whose}); m merges them")
    return None


def _exactly(lead: rows.Lead, fields: Mapping[str, str], values: Values) -> Fields:
    """What the rep's word sets without asking what was there: the zone, and fields that are cleared."""
    found: Fields = {}
    if "zone" in values:
        found |= {"zone": values["zone"], "zone_from": "explicit"}
    cleared = [word for word, text in fields.items() if not text.strip()]
    for word in cleared:
        if word in making.PLAIN:
            found[word] = None
        elif word in ("phone", "mobile"):
            found |= {"phone": None, "phone_type": None, "phones": None}
    return found


def _mended(session: Session, lead: rows.Lead, changed: Fields, found: Told, setting: Setting) -> Change | Refused:
    edits = note_edits(session, lead.id, found, setting.now)
    changed = {
        name: value for name, value in changed.items() if name.startswith("tag:") or getattr(lead, name) != value
    }
    if not changed and not edits:
        return Refused("fill.same", f"{lead.name} has that already")
    words = ", ".join(dict.fromkeys(_word(name) for name in changed)) or "note"
    companies = Accounts(session)
    if {"company", "email", "website"} & changed.keys():
        after = making.with_fields(lead, changed)
        belongs = {"company": after.company, "email": after.email, "website": after.website}
        companies.look_up([belongs])
        changed["account_id"] = companies.of(belongs)
    changed |= steps.scored(session, making.with_fields(lead, changed), leads.answers(session, lead.id), setting.now)
    promoted = making.promoted(lead, changed, leads.source(session, lead.source_id), setting)
    more = " · a lead now" if promoted else ""
    edits = [*companies.begun(), *edits, Edit.set("lead", lead.id, **{**changed, **promoted})]
    return Change("fill", f"{lead.name}: {words} filled in{more}", ms(setting.now), tuple(edits), lead.id)


def _word(name: str) -> str:
    """A column as the rep says it."""
    return f"#{name[4:]}" if name.startswith("tag:") else _SAID.get(name, name.replace("_", " "))
