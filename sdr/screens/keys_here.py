"""The keys that work on a screen, read from its real bindings with the rep's own keys: for the help and the palette."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.screen import Screen

GROUPS = ("Move", "Find", "Go", "Lead", "Call", "Safety", "Here")
# By the family of the binding's id, unless its own name says better.
_FAMILY = {
    "table": "Move",
    "timeline": "Move",
    "go": "Go",
    "lead": "Lead",
    "call": "Call",
    "talk": "Call",
    "app": "Safety",
}
_NAME = {
    "previous": "Move", "next": "Move", "split": "Move", "split_back": "Move", "was": "Move", "hottest": "Move",
    "filter": "Find", "help": "Find", "palette": "Find", "reorder": "Find", "reread": "Find", "mark": "Safety",
    "mark_all": "Safety", "repeat": "Safety",
}  # fmt: skip
_KEYS = {
    "enter": "Enter", "escape": "Esc", "tab": "Tab", "space": "Space", "up": "Up", "down": "Down", "left": "Left",
    "right": "Right", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "backspace": "Backspace",
    "delete": "Del", "insert": "Ins", "plus": "+", "slash": "/", "minus": "-", "at": "@", "underscore": "_",
    "backslash": "\\",
}  # fmt: skip


class Verb(NamedTuple):
    """One thing that can be done on a screen: its binding's id, its keys as pressed, its words, and how to do it."""

    id: str
    keys: tuple[str, ...]
    words: str
    group: str
    action: str
    node: DOMNode


def verbs_of(screen: Screen[Any]) -> tuple[Verb, ...]:
    """Every bound verb of `screen` with the keys it has now, group by group."""
    found: dict[str, Verb] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if binding.id is None or not binding.description:
            continue
        held = found[binding.id].keys if binding.id in found else ()
        keys = tuple(sorted((*held, key_name(key)), key=len))
        found[binding.id] = Verb(
            binding.id, keys, binding.description, group_of(binding.id), binding.action, active.node
        )
    return tuple(sorted(found.values(), key=lambda verb: GROUPS.index(verb.group)))


def as_remapped(screen: Screen[Any], keys: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """A line of keys (key, label) with the keys that the rep's own map gives these verbs on `screen`."""
    usual = {
        key_name(bound.key): bound.id
        for kind in type(screen).__mro__
        for bound in Binding.make_bindings(getattr(kind, "BINDINGS", ()))
        if bound.id
    }
    now = {verb.id: verb.keys[0] for verb in verbs_of(screen)}
    return tuple((now.get(usual.get(key, ""), key), label) for key, label in keys)


def group_of(binding_id: str) -> str:
    """The heading a binding stands under."""
    family, _, name = binding_id.partition(".")
    return _NAME.get(name) or _FAMILY.get(family, "Here")


def key_name(key: str) -> str:
    """A key as it is written on the keyboard: `question_mark` is `?`, `ctrl+q` is `Ctrl+Q`."""
    *modifiers, last = key.split("+")
    word = _KEYS.get(last) or key_to_character(last) or last
    if modifiers and len(word) == 1:
        word = word.upper()
    return "+".join([*(modifier.capitalize() for modifier in modifiers), word])


def grouped(verbs: Iterable[Verb]) -> dict[str, list[Verb]]:
    """The verbs under their headings, in the order of `GROUPS`; no empty heading."""
    held = list(verbs)
    found = {group: [verb for verb in held if verb.group == group] for group in GROUPS}
    return {group: members for group, members in found.items() if members}
