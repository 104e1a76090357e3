"""Exports of well-known products, recognised by their column names.

A product is claimed only when several of its own columns are there together: "Email, Name" is everybody's. Within
a preset an earlier column wins where two could feed one field; None means: known, and of no use to the desk. Which
products there are, and what their columns hold, is data: `presets.toml`, beside this file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sdr.exchange.naming import normalise

_DATA = Path(__file__).with_name("presets.toml")


class Preset(NamedTuple):
    """A product's export: all of `needs` and at least `enough` of `hints` must be among the column names.

    `fields` maps the product's column names to fields. With `prefixed`, cells carry a mark such as `p:` before
    the value, which is not part of it.
    """

    name: str
    needs: tuple[str, ...]
    hints: tuple[str, ...]
    enough: int
    fields: dict[str, str | None]
    prefixed: bool = False

    def fits(self, names: frozenset[str]) -> bool:
        found = sum(normalise(hint) in names for hint in self.hints)
        return found >= self.enough and all(normalise(need) in names for need in self.needs)


def _fields(text: str) -> dict[str, str | None]:
    """`column = field` lines; `-` for a column without a field."""
    pairs = (line.split(" = ") for line in text.strip().splitlines())
    return {normalise(column): None if field.strip() == "-" else field.strip() for column, field in pairs}


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """Every preset, the more particular ones first."""
    told = tomllib.loads(_DATA.read_text(encoding="utf-8"))["preset"]
    return tuple(
        Preset(
            one["name"], tuple(one["needs"]), tuple(one["hints"]), one["enough"], _fields(one["fields"]),
            one.get("prefixed", False),
        )
        for one in told
    )  # fmt: skip


def recognise(header: Sequence[str]) -> Preset | None:
    """The product whose export has these column names, or None if none can be claimed."""
    names = frozenset(map(normalise, header))
    return next((preset for preset in presets() if preset.fits(names)), None)
