"""Writes `docs/keys.md`: every key of every screen, read from the bindings that the program really has.

python docs/keys.py
"""

from __future__ import annotations

from pathlib import Path

from sdr.app import DeskApp
from sdr.screens.keymap import Bound, every_screen
from sdr.screens.keys_here import GROUPS, group_of, key_name
from sdr.screens.room import PLACES

PAGE = Path(__file__).with_suffix(".md")
TITLES = {
    "queue": "The queue", "leads": "All leads", "history": "One lead's history", "handoffs": "Handoffs",
    "sources": "Sources", "import": "Import", "day": "The day's end", "mailbox": "Your mailbox",
    "help": "Help", "palette": "Every verb",
    "doubles": "Possible doubles", "CallPanel": "A call", "LeadTable": "Any list",
}  # fmt: skip
EVERYWHERE = ("app", "go", "table")


def page() -> str:
    """The page: what holds everywhere, then each screen."""
    screens = every_screen(DeskApp)
    queue = screens["queue"]
    common = {verb.id for verb in queue if verb.id.partition(".")[0] in EVERYWHERE}
    places = "\n".join(f"| `g` `{place.key}` | {place.label} | |" for place in PLACES)
    parts = [
        "# Keys\n\nWritten by `docs/keys.py` from the bindings themselves. `?` shows those of the screen in front.\n"
        'The name of a verb is what `[keys]` in config.toml takes: `lead.call = "C"`.',
        f"## Everywhere\n\n{table([verb for verb in queue if verb.id in common])}\n{places}",
    ]
    for name, verbs in screens.items():
        own = [verb for verb in verbs if verb.id not in common]
        if name in TITLES and own:
            parts.append(f"## {TITLES[name]}\n\n{table(own)}")
    return "\n\n".join(parts) + "\n"


def table(verbs: list[Bound]) -> str:
    """These verbs as a Markdown table, in the order of the help."""
    ordered = sorted(verbs, key=lambda verb: GROUPS.index(group_of(verb.id)))
    lines = (f"| {written(verb.keys)} | {verb.words} | {verb.id} |" for verb in ordered)
    return "\n".join(["| key | does | name |", "|---|---|---|", *lines])


def written(keys: frozenset[str]) -> str:
    """Keys as code, safe in a table."""
    names = sorted((key_name(key) for key in keys), key=lambda name: (len(name), name))
    return " ".join("`\\|`" if name == "|" else f"`{name}`" for name in names)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
