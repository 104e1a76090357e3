"""The rep's own keys: profiles, and what is wrong with a key map before it is put on.

Pure: it looks at bindings and words, never at a running app.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from sdr.screens.keys_here import key_name

# Terminals send these as another key, or keep them (architecture.md section 8).
SWALLOWED = frozenset(f"ctrl+{key}" for key in ("h", "i", "j", "m", "s", "q", "left_square_bracket", "enter"))
PROFILES: dict[str, dict[str, str]] = {
    "strict-vim": {"lead.hand_off": "H", "lead.drip": "L"},  # h and l are left free
}


class Bound(NamedTuple):
    """One verb of a screen: its binding's id, its words, its keys as Textual names them, and the verb behind them."""

    id: str
    words: str
    keys: frozenset[str]
    action: str = ""


def chosen(profile: str, keys: Mapping[str, str]) -> dict[str, str]:
    """The key map of `profile` (may be empty or unknown) with the rep's own `keys` over it."""
    return {**PROFILES.get(profile, {}), **keys}


def wrong(profile: str, keys: Mapping[str, str], screens: Mapping[str, Iterable[Bound]]) -> list[str]:
    """Everything that will not work in [keys], each as a sentence with the way out."""
    known = f"config.toml [keys]: there is no profile “{profile[:40]}”; there is {', '.join(PROFILES)}"
    return [*([known] if profile and profile not in PROFILES else []), *conflicts(screens, chosen(profile, keys))]


def conflicts(screens: Mapping[str, Iterable[Bound]], remaps: Mapping[str, str]) -> list[str]:
    """What is wrong with `remaps` (binding id to keys, a comma between): unknown ids, keys never heard, two on one."""
    held = {screen: list(bound) for screen, bound in screens.items()}
    known = sorted({verb.id for verbs in held.values() for verb in verbs})
    found = [_unknown(one, known) for one in remaps if one not in known]
    found += [words for one, keys in remaps.items() if one in known and (words := _unheard(one, keys))]
    for screen, verbs in held.items():
        found += [clash for clash in _clashes(screen, verbs, remaps) if clash not in found]
    return found


def keys_of(text: str) -> frozenset[str]:
    """The keys that `text` names, as Textual names them: `?` and `question_mark` are one."""
    return frozenset(_long_name(key) for part in text.split(",") if (key := part.strip()))


def _long_name(key: str) -> str:
    """`ctrl+[` as `ctrl+left_square_bracket`: only Textual knows the names."""
    modifiers, plus, last = key.rpartition("+") if len(key) > 1 else ("", "", key)
    return modifiers + plus + next(iter(Binding.make_bindings([(last, "")]))).key


def _unknown(binding_id: str, known: list[str]) -> str:
    near = get_close_matches(binding_id, known, n=1)
    way_out = f"did you mean {near[0]}?" if near else "? on a screen lists the verbs"
    return f"config.toml [keys]: no verb is called “{binding_id[:40]}”; {way_out}"


def _unheard(binding_id: str, text: str) -> str:
    keys = keys_of(text)
    if not keys:
        return f"config.toml [keys]: {binding_id} has no key; give it one or take the line out"
    if not keys <= SWALLOWED:
        return ""
    names = ", ".join(sorted(key_name(key) for key in keys))
    return f"config.toml [keys]: {names} never reaches the desk whole; give {binding_id} another key too"


def _clashes(screen: str, verbs: list[Bound], remaps: Mapping[str, str]) -> list[str]:
    taken: dict[str, Bound] = {}
    found = []
    for verb in verbs:
        for key in sorted(keys_of(remaps[verb.id]) if verb.id in remaps else verb.keys):
            other = taken.setdefault(key, verb)
            # Two of the desk's own keys never clash by chance: the nearer one is meant to be heard.
            if other.id != verb.id and (other.id in remaps or verb.id in remaps):
                found.append(
                    f"config.toml [keys]: {key_name(key)} on the {screen} is both {other.id} ({other.words}) and "
                    f"{verb.id} ({verb.words}); change one of them"
                )
    return found


def bound(*nodes: type[DOMNode]) -> list[Bound]:
    """The verbs that these classes bind (a screen, the app, the widget with the focus), nearest class first."""
    found: dict[str, Bound] = {}
    for node in nodes:
        for base in node.__mro__:
            for binding in _made(vars(base).get("BINDINGS", ())):
                if binding.id is not None:
                    held = found.get(binding.id)
                    keys = keys_of(binding.key) | (held.keys if held else frozenset())
                    found[binding.id] = Bound(binding.id, binding.description, keys, binding.action)
    return list(found.values())


def _made(bindings: Iterable[Any]) -> Iterable[Binding]:
    return (binding if isinstance(binding, Binding) else Binding(*binding) for binding in bindings)


def every_screen(app: type[DOMNode]) -> dict[str, list[Bound]]:
    """The verbs of every screen by its name, those of its list among them; other widgets stand by themselves.

    Imports all screens, so only when a rep has changed keys.
    """
    from sdr.screens.lead_table import LeadTable
    from sdr.screens.places import SCREENS
    from sdr.screens.queue import QueueScreen
    from sdr.screens.timeline import Timeline

    classes = {name: getattr(import_module(module), kind) for name, (module, kind, _given) in SCREENS.items()}
    lists: dict[str, tuple[type[DOMNode], ...]] = {
        "history": (Timeline,),
        "help": (),
        "palette": (),
        "text": (),
        "doubles": (),
    }
    found = {
        name: bound(*lists.get(name, (LeadTable,)), screen, app)
        for name, screen in {"queue": QueueScreen, **classes}.items()
    }
    for widget in _ours(Widget):
        if not issubclass(widget, Screen | LeadTable | Timeline) and (verbs := bound(widget)):
            found[widget.__name__] = verbs
    return found


def _ours(base: type[DOMNode]) -> Iterable[type[DOMNode]]:
    """The classes of the desk under `base`."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("sdr."):
            yield kind
        yield from _ours(kind)
