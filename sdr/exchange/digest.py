"""What marketing should hear of a source: what became of its leads, the reasons by count, a few of their sentences.

Nobody can be told from a digest: names, companies, addresses and numbers are taken out of the quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from sdr.rules.brief import escaped
from sdr.rules.reasons import Reasons
from sdr.rules.text import clean, cut
from sdr.store.queries.hearing import Heard, Quote

GONE = "[…]"
_MAIL = re.compile(r"\S+@\S+")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b(?:/\S*)?", re.I)
_NUMBER = re.compile(r"\+?\d[\d ()./-]{5,}\d")
_PART = re.compile(r"[^\W_]+")


class Digest(NamedTuple):
    """The digest of one source: its Markdown, the counts in it, and the quotes."""

    source: str
    text: str
    counts: dict[str, int]
    quotes: tuple[str, ...]


def anonymous(quote: Quote) -> str:
    """What was said, without anything that names who said it."""
    text = _NUMBER.sub(GONE, _LINK.sub(GONE, _MAIL.sub(GONE, clean(quote.text))))
    for name in filter(None, map(clean, quote.names)):
        if not name.isascii() or " " in name:  # also inside a word: many scripts put no space after a name
            text = re.sub(re.escape(name), GONE, text, flags=re.I)
    parts = {part.casefold() for name in quote.names for part in _PART.findall(clean(name)) if len(part) > 1}
    text = _PART.sub(lambda found: GONE if found[0].casefold() in parts else found[0], text)
    return cut(re.sub(rf"{re.escape(GONE)}(?:[\s,.'-]*{re.escape(GONE)})+", GONE, text), 200)


def digest_of(heard: Heard, reasons: Reasons) -> Digest:
    """The digest of one source from what was heard of it."""
    quotes = tuple(anonymous(quote) for quote in heard.quotes)
    counts = {
        "arrived": heard.arrived,
        "worked": heard.worked,
        "qualified": heard.qualified,
        "rejected": sum(count for _key, count in heard.rejected),
        "disqualified": sum(count for _key, count in heard.disqualified),
    }
    to = f" (for {heard.owner})" if heard.owner else ""
    lines = [f"## {escaped(heard.name + to)}", ""]
    lines.append(f"- {', '.join(f'{count} {word}' for word, count in counts.items())}")
    for verb, found in (("reject", heard.rejected), ("disqualify", heard.disqualified)):
        for key, count in found:
            reason = reasons.find(verb, key)
            said = (reason.message or reason.label) if reason else key
            lines.append(f"- {count}: {escaped(said)}")
    lines.extend(f"- they said: “{escaped(quote)}”" for quote in quotes)
    return Digest(heard.name, "\n".join(lines) + "\n", counts, quotes)


def digest_page(day: str, digests: Iterable[Digest]) -> str:
    """The digests of a day as one Markdown page."""
    return "\n".join([f"# What became of your leads, {day}\n", *(one.text for one in digests)])
