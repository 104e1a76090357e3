"""Strict reading of the playbook's TOML: each field by name and kind, unknown keys refused, faults as sentences.

Knows nothing of rubrics or outcomes; those say which fields they want. It reads texts, never files.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")

Word = TypeVar("Word", bound=StrEnum)


class PlaybookError(ValueError):
    """A playbook text that cannot be used. The text is a sentence; `line` counts from 1 where it is known."""

    def __init__(self, where: str, fault: str, line: int | None = None) -> None:
        super().__init__(f"{where}{f', line {line}' if line else ''}: {fault}.")
        self.line = line


@dataclass(frozen=True, slots=True)
class Table:
    """One TOML table with the words that say where it stands. The reading methods raise `fails`."""

    values: dict[str, Any]
    where: str
    fails: type[PlaybookError] = PlaybookError
    line: int | None = None
    lines: Mapping[str, int] = field(default_factory=dict)  # of single fields, where the parser looked for them

    def fault(self, what: str, key: str = "") -> PlaybookError:
        """The error that says `what` is wrong here, at the line of the field `key` where that is known."""
        return self.fails(self.where, what, self.lines.get(key, self.line))

    def only(self, *known: str) -> None:
        """Refuse keys that nobody reads: a misspelt key must not be lost in silence."""
        for key in self.values:
            if key not in known:
                raise self.fault(f'"{key}" is not a field here; known are {", ".join(sorted(known))}', key)

    def text(self, key: str, default: str | None = None, most: int = 4_000) -> str:
        """The text under `key`, trimmed, never blank, of at most `most` characters."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.fault(f'"{key}" must be a text in quotes', key)
        if len(value) > most:
            raise self.fault(f'"{key}" is longer than {most} characters', key)
        return value.strip()

    def key(self, name: str = "key") -> str:
        """A stable key: lower-case letters, digits and hyphens, starting with a letter."""
        value = self.text(name)
        if not KEY.fullmatch(value):
            raise self.fault(f'"{name}" must be of small letters, digits and hyphens, like two-words', name)
        return value

    def optional_key(self, name: str) -> str | None:
        """A key, or None when the field is absent."""
        return self.key(name) if name in self.values else None

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """The whole number under `key`, from `least` to `most`, both included."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(f'"{key}" must be a whole number from {least} to {most}', key)
        return value

    def flag(self, key: str) -> bool:
        """True or false under `key`; absent is false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(f'"{key}" must be true or false', key)
        return value

    def day(self, key: str) -> date | None:
        """The date under `key`, or None when it is absent."""
        value = self.values.get(key)
        if value is not None and type(value) is not date:
            raise self.fault(f'"{key}" must be a date without quotes, like 2026-10-01')
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """The list of texts under `key`; absent is empty."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            raise self.fault(f'"{key}" must be a list of texts', key)
        return tuple(word.strip() for word in value)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """The text under `key`, which must be one of `known`."""
        value, known = self.text(key, default), tuple(known)
        if value not in known:
            raise self.fault(f'"{key}" must be one of {", ".join(known)}', key)
        return value

    def optional_word(self, key: str, kind: type[Word]) -> Word | None:
        """The value of the enum `kind` under `key`, or None when the field is absent."""
        return kind(self.one_of(key, [word.value for word in kind])) if key in self.values else None

    def table(self, key: str, where: str) -> Table:
        """The table under `key`; absent is empty."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(f'"{key}" must be a table')
        return Table(value, where, self.fails, self.line)

    def tables(self, key: str, noun: str) -> tuple[Table, ...]:
        """The list of tables under `key`, each called `noun "its key"` in faults; absent is empty."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault(f'"{key}" must be a list of tables')
        prefix = f"{self.where}, " if self.where and not self.where.endswith(".toml") else ""
        return tuple(
            Table(item, f"{prefix}{noun} {_name(item, number)}", self.fails, self.line)
            for number, item in enumerate(value, 1)
        )


def _name(item: dict[str, Any], number: int) -> str:
    key = item.get("key")
    return f'"{key[:40]}"' if isinstance(key, str) else f"number {number}"


def read(text: str, where: str, fails: type[PlaybookError] = PlaybookError) -> Table:
    """The top table of a TOML `text`; a text that is not TOML raises `fails` with the line tomllib names."""
    try:
        return Table(tomllib.loads(text), where, fails)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        if found is None:
            raise fails(where, f"this is not TOML: {error}") from error
        fault = f"this is not TOML: {str(error)[: found.start()]}, at column {found[2]}"
        raise fails(where, fault, int(found[1])) from error


def located(text: str, header: str, tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """`tables` with the lines of their `[[header]]` in `text`; unchanged when the two do not pair up."""
    wanted = re.compile(rf"\s*\[\[\s*{re.escape(header)}\s*\]\]\s*(#.*)?")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if wanted.fullmatch(line)]
    if len(lines) != len(tables):
        return tables
    return tuple(replace(table, line=line) for table, line in zip(tables, lines, strict=True))


def lined(text: str, table: Table) -> Table:
    """`table` with the lines of its single fields, from its own line (the top table: the first) to the next header."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines()[table.line or 0 :], (table.line or 0) + 1):
        if line.lstrip().startswith("["):
            break
        found = re.match(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=", line)
        if found and found[1] in table.values:
            lines.setdefault(found[1], number)
    return replace(table, lines=lines)


def refuse_twins(tables: Iterable[Table], *names: str) -> None:
    """Refuse two tables of one list that share the value of one of the fields `names`."""
    tables = tuple(tables)
    for name in names:
        seen: set[object] = set()
        for table in tables:
            value = table.values.get(name)
            if value in seen:
                raise table.fault(f'the {name} "{value}" is taken; each needs its own')
            seen.add(value)
