"""Which column feeds which field of a lead, and how we know: given, remembered, a product's export, name, content.

A field that takes one value is fed by one column: the second that could feed it stays in sight without a field.
Of two equal columns the first that holds anything wins. A second e-mail column feeds `email_2`, a second
telephone column `mobile` if that is free, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from sdr.exchange import content
from sdr.exchange.headers import invented
from sdr.exchange.naming import field_named, fingerprint, normalise, personal, tokens
from sdr.exchange.presets import Preset, recognise
from sdr.exchange.vocabulary import DO_NOT_CONTACT, FIELDS, HISTORY_FIELDS, MANY, word_set
from sdr.models.terms import Refused

__all__ = ["Choice", "ColumnMap", "Found", "fingerprint", "override", "propose"]

# Where a second column of the same kind may go.
_SECOND = {"email": "email_2", "phone": "mobile", "mobile": "phone"}
_SEPARATOR = {"notes": "\n", "tags": ", "}
_FULL = word_set("full complet complete completo completa vollstandiger volledige display and und et y e")


class Found(StrEnum):
    """How a column's field was found, surest first."""

    GIVEN = "given"
    REMEMBERED = "remembered"
    PRESET = "preset"
    NAME = "name"
    CONTENT = "content"
    NOTHING = "nothing"


class Choice(NamedTuple):
    """One column: its index from 0, its name, the field it feeds (None: left out) and how that was found.

    `also` is a second field fed by the same column: "Do not contact" closes both channels.
    """

    column: int
    name: str
    field: str | None
    found: Found
    also: str | None = None


class ColumnMap(NamedTuple):
    """The mapping of one file, a choice for every column in order."""

    choices: tuple[Choice, ...]
    preset: str | None
    prefixed: bool = False

    def by_name(self) -> dict[str, str | None]:
        """{column name: field or None}, as `sdr import --json` shows and the desk remembers it."""
        return {choice.name: choice.field for choice in self.choices}

    def fields(self) -> frozenset[str]:
        """Every field that some column feeds."""
        return frozenset(field for c in self.choices for field in (c.field, c.also) if field)

    def values(self, cells: Sequence[str]) -> dict[str, str]:
        """{field: text} of one record, untrimmed, without the blank ones; notes and tags may come from many."""
        out: dict[str, str] = {}
        for choice in self.choices:
            text = cells[choice.column]
            if choice.field is None or not text.strip():
                continue
            if self.prefixed:
                text = _unprefixed(text)
            if choice.field in out:
                text = out[choice.field] + _SEPARATOR[choice.field] + text
            out[choice.field] = text
            if choice.also:
                out[choice.also] = text
        return out


def _unprefixed(text: str) -> str:
    """Facebook's lead files write `p:+4930…`, `l:123…`: a mark of one or two letters before the value."""
    mark, colon, rest = text.partition(":")
    return rest if colon and mark in {"p", "l", "f", "c", "ag", "as"} else text


def propose(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    remembered: Mapping[str, str | None] | None = None,
    *,
    history: bool = False,
) -> ColumnMap:
    """The mapping for a file with these columns, of which `rows` are a sample.

    `remembered` is {column name: field or None or ""} of an earlier file of the same `fingerprint`. `history`
    admits the fields of a team's past (`state`, `ae`, `contacted_at`, …). Never raises.
    """
    preset = recognise(header)
    columns = [content.filled(row[i] for row in rows if i < len(row)) for i in range(len(header))]
    earlier = {normalise(name): field or None for name, field in (remembered or {}).items()}
    wishes: list[tuple[tuple[int, ...], Choice]] = []
    for index, name in enumerate(header):
        choice, (surety, place) = _wish(index, name, columns[index], earlier, preset, history)
        wishes.append(((surety, not columns[index], place, personal(name), index), choice))
    return ColumnMap(
        choices=_paired(_settled(wishes)),
        preset=preset.name if preset else None,
        prefixed=preset is not None and preset.prefixed,
    )


def _wish(
    index: int,
    name: str,
    values: Sequence[str],
    earlier: Mapping[str, str | None],
    preset: Preset | None,
    history: bool,
) -> tuple[Choice, tuple[int, int]]:
    """The field that one column would feed if it were alone, and the rank of its claim (less is stronger)."""
    key = normalise(name)
    if key in earlier and (earlier[key] is None or earlier[key] in FIELDS):
        return Choice(index, name, earlier[key], Found.REMEMBERED), (0, 0)
    past = field_named(name, history=True) if history else None
    if preset and key in preset.fields and past not in HISTORY_FIELDS:
        return Choice(index, name, preset.fields[key], Found.PRESET), (1, list(preset.fields).index(key))
    field = _past_or_place(past, values) if history else None
    field = field or field_named(name)
    if field == DO_NOT_CONTACT:
        return Choice(index, name, "do_not_call", Found.NAME, also="do_not_email"), (2, 0)
    if field and not content.contradicts(field, values):
        if field == "website" and content.field_held(values, nameless=False) == "linkedin":
            field = "linkedin"
        return Choice(index, name, field, Found.NAME), (2, 0)
    held = content.field_held(values, nameless=invented(name)) if not _about(name) else None
    return Choice(index, name, held, Found.CONTENT if held else Found.NOTHING), (3, 0)


def _past_or_place(past: str | None, values: Sequence[str]) -> str | None:
    """A column "State" is a lead's state if it holds such words, else a region."""
    return past if past != "state" or not values or content.lead_states(values) else None


def _about(name: str) -> bool:
    """A header that we understand to be no field ("Owner phone", "Company LinkedIn") is not overruled by content."""
    said = set(tokens(name))
    return bool(said & {"owner", "company", "account", "firma", "entreprise", "empresa", "azienda", "bedrijf", "id"})


def _settled(wishes: Iterable[tuple[tuple[int, ...], Choice]]) -> list[Choice]:
    """Each single field to its strongest claim; a loser to the second place of its kind, or to none."""
    taken: set[str] = set()
    settled: list[Choice] = []
    losers: list[Choice] = []
    for _, choice in sorted(wishes, key=lambda wish: wish[0]):
        wanted = {field for field in (choice.field, choice.also) if field}
        if wanted & taken - MANY:
            losers.append(choice)
            continue
        taken |= wanted
        settled.append(choice)
    for choice in losers:
        second = _SECOND.get(choice.field or "")
        if second is None or second in taken:
            settled.append(choice._replace(field=None, also=None, found=Found.NOTHING))
        else:
            taken.add(second)
            settled.append(choice._replace(field=second))
    return sorted(settled, key=lambda choice: choice.column)


def _paired(choices: list[Choice]) -> tuple[Choice, ...]:
    """ "Nom" beside "Prénom" is the last name, "Nombre" beside "Apellidos" the first: both would read as `name`."""
    fed = {choice.field for choice in choices}
    missing = {"first_name", "last_name"} - fed
    if len(missing) != 1:
        return tuple(choices)
    other = missing.pop()
    return tuple(
        c._replace(field=other) if c.field == "name" and c.found is Found.NAME and _short(c.name) else c
        for c in choices
    )


def _short(name: str) -> bool:
    """Whether `name` does not say that the name is a whole one."""
    return _FULL.isdisjoint(tokens(name)) and len(tokens(name)) == 1


def override(mapping: ColumnMap, pairs: Iterable[str]) -> ColumnMap | Refused:
    """`mapping` with the rep's `COLUMN=FIELD` pairs; an empty FIELD leaves the column out.

    A column is named as in the header, whatever its case and accents, or by its number from 1. The column that
    fed the field before loses it. A pair that makes no sense is refused with the reason.
    """
    choices = list(mapping.choices)
    given: dict[str, int] = {}
    for pair in pairs:
        column, equals, field = (part.strip() for part in pair.rpartition("="))
        index = _column(choices, column)
        if not equals or index is None:
            return Refused(
                "import.map", f'There is no column "{_shown(column or pair)}" in the file.', hint=_names(choices)
            )
        if field and field not in FIELDS:
            return Refused(
                "import.map", f'"{_shown(field)}" is not a field of a lead.', hint=f"Fields: {' '.join(FIELDS)}."
            )
        if field in given and field not in MANY:
            return Refused("import.map", f'Two columns are given for the field "{field}".', hint="Name one of them.")
        given[field] = index
        choices = [_yielding(choice, index, field) for choice in choices]
    return mapping._replace(choices=tuple(choices))


def _yielding(choice: Choice, index: int, field: str) -> Choice:
    if choice.column == index:
        return Choice(index, choice.name, field or None, Found.GIVEN)
    if field and field not in MANY and field in (choice.field, choice.also):
        return choice._replace(field=None, also=None, found=Found.NOTHING)
    return choice


def _column(choices: Sequence[Choice], wanted: str) -> int | None:
    for same in (str, str.casefold, normalise):
        for choice in choices:
            if wanted and same(choice.name) == same(wanted):
                return choice.column
    return int(wanted) - 1 if wanted.isdecimal() and 0 < int(wanted) <= len(choices) else None


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)[:60]


def _names(choices: Sequence[Choice]) -> str:
    return "Columns: " + ", ".join(_shown(choice.name) for choice in choices[:30]) + "."
