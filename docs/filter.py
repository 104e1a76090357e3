"""Writes `docs/filter.md`: the filter language, from the module that reads it.

python docs/filter.py
"""

from __future__ import annotations

from pathlib import Path

from sdr.rules import filtering
from sdr.rules.filtering import CHOICES, NUMBERS, TEXTS, TIMES
from sdr.store.queries.listing import WALK
from sdr.store.queries.searching import FEW

PAGE = Path(__file__).with_suffix(".md")


PARTS = """# The filter language

The same in the list of all leads (`/`, letter by letter; `W` makes a file of it), in the queue (`/`), where `X` marks
what is left, and as `--filter` of `sdr queue`, `sdr leads`, `sdr export` (one file of the list) and `sdr bulk` (a verb
on all of it, one undo). Conditions stand side by side and all must hold. A mistake is answered with its place.

```
{said}
```

| field | takes |
|---|---|
{rows}

Words are found best first: a name in which a word begins with the first one typed (while at most {few} leads match),
then open leads in the order of the queue, then closed ones, the newest first. Other filters leave the order as it is.

Words are asked of an index. A field is held against one lead after the other, so what bounds it is how many are looked
at: in the queue the classes that can hold it, in their order, until a page is full; in the list of all leads the
{walk:,} newest for the first page, and the rest behind it, beside the keys, until the next letter is typed. A word
beside it (`acme city:madrid`) leaves few to look at.
"""


def page() -> str:
    """The page: the language by example, then every field with the values it takes."""
    said = (filtering.__doc__ or "").split("\n\n", 2)[2].strip()
    fields = [
        *((f"`{field}`", ", ".join(f"`{value}`" for value in values)) for field, values in CHOICES.items()),
        (", ".join(f"`{field}`" for field in TEXTS), "text: what the field begins with"),
        (", ".join(f"`{field}`" for field in NUMBERS), "a whole number"),
        (", ".join(f"`{field}`" for field in TIMES), "a date, a moment, a day, a distance from now, or a range"),
    ]
    rows = "\n".join(f"| {names} | {values} |" for names, values in fields)
    return PARTS.format(said=said, rows=rows, few=f"{FEW:,}", walk=WALK)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
