"""Letters and postcards as paper: who can be reached by post, what fits, and the files of one batch.

One PDF of the sheets, one of address labels, one CSV for a mailing house; all are named by the batch, none by a lead.
What cannot be printed right is left out with its reason, never printed wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sdr.exchange.folders import ExportFailed, Filled
from sdr.exchange.fonts import Font, NoFont, font_for, fonts, printable
from sdr.exchange.printing import (
    ADDRESS_SIZES,
    CARD_SIZES,
    FORMS,
    LABEL_SIZES,
    Piece,
    card_boxes,
    cards_pdf,
    label_box,
    letters_pdf,
    size_for,
    text_size,
)
from sdr.exchange.printing import labels_pdf as drawn_labels
from sdr.exchange.sheets import CsvProfile, write_csv
from sdr.models.terms import Channel, at, ms
from sdr.rules.postal import MOST_LINES, Place, delivered_to
from sdr.rules.sender import Sender
from sdr.rules.text import clean
from sdr.store.queries.messages import Waiting

NO_PDF = (
    "Letters are not printed: reportlab is not installed; install it with pip install 'sdr-desk[pdf]' and do it again."
)
MERGE = ("name", "company", *(f"address {number}" for number in range(1, MOST_LINES + 1)), "text", "lead", "message")
NO_STREET = "no street: write their postal address with E (lines parted by “ / ”)"


class Printed(NamedTuple):
    """What of a batch can be printed, each message with its piece, and what cannot, with the reason."""

    channel: Channel
    sender: Sender
    day: str  # as it stands on letters
    pieces: tuple[tuple[Waiting, Piece], ...] = ()
    unfit: tuple[tuple[Waiting, str], ...] = ()


def post_address(one: Waiting, home: str | None) -> tuple[str, ...]:
    """The lines of the address to write on the envelope, the name first; empty when no street is known.

    The message's own address counts, else that of an earlier letter to the same person. `home` is our country.
    """
    place = Place(one.city, one.postcode, one.region, one.country)
    company = clean(one.company or "")
    names = tuple(dict.fromkeys(name for name in (clean(one.name), company) if name))
    for text in (one.message.address, *one.last_post):
        if lines := delivered_to(text, place, names, home):
            return (*names, *lines)
    return ()


def no_post(one: Waiting, home: str | None) -> str | None:
    """Why no letter can be sent to this person, in a sentence; None when one can."""
    lines = post_address(one, home)
    if not lines:
        return NO_STREET
    return (
        f"the address has {len(lines)} lines, an envelope's window {MOST_LINES}; shorten it with E"
        if (len(lines) > MOST_LINES)
        else None
    )


def printed(waiting: Sequence[Waiting], channel: Channel, sender: Sender, home: str | None, now: datetime,
            zone: str) -> Printed:  # fmt: skip
    """What of `waiting` (all of them reachable by post) can be printed now. Raises `ExportFailed` without reportlab."""
    try:
        known = fonts(sender.font)
    except ImportError:
        raise ExportFailed(NO_PDF) from None
    except NoFont as fault:
        raise ExportFailed(f"Nothing was printed: {fault}.") from None
    pieces, unfit = [], []
    for one in waiting:
        found = _piece(one, channel, sender, home, known)
        if isinstance(found, Piece):
            pieces.append((one, found))
        else:
            unfit.append((one, found))
    return Printed(channel, sender, at(ms(now), zone).date().isoformat(), tuple(pieces), tuple(unfit))


def _piece(one: Waiting, channel: Channel, sender: Sender, home: str | None, known: tuple[Font, ...]) -> Piece | str:
    """The piece of a message, or why there is none."""
    address = tuple(printable(line) for line in post_address(one, home))
    text = printable(clean(one.message.text, lines=True))
    font = font_for("\n".join((*address, text, *sender.letterhead)), known)
    if isinstance(font, str):
        return font
    piece = Piece(address, text, font)
    return _too_large(piece, channel, sender) or piece


def _too_large(piece: Piece, channel: Channel, sender: Sender) -> str | None:
    """What of a piece does not fit its place, in a sentence."""
    text, place = card_boxes(sender.paper, sender.cards)
    if channel is Channel.LETTER:
        place = FORMS[sender.paper].address
    elif channel is Channel.PARCEL:
        place = label_box(sender.labels)
    elif text_size(piece.text, piece.font, text, CARD_SIZES) is None:
        return f"the text ({len(piece.text):,} characters) is too long for a postcard; shorten it"
    fits = size_for(piece.address, piece.font, place, ADDRESS_SIZES)
    if fits is None or size_for(piece.address, piece.font, label_box(sender.labels), LABEL_SIZES) is None:
        return "the address is too long for its place; shorten it with E"
    return None


# --- files -------------------------------------------------------------------------------------------------------


def sheets_pdf(batch: Printed, name: str) -> bytes:
    """The letters or postcards of a batch called `name`."""
    pieces, sender = [piece for _one, piece in batch.pieces], batch.sender
    if batch.channel is Channel.LETTER:
        return letters_pdf(pieces, sender.paper, _head(sender), batch.day, name)
    return cards_pdf(pieces, sender.paper, sender.cards, _head(sender), name)


def labels_pdf(batch: Printed, name: str) -> bytes:
    """The address labels of a batch."""
    return drawn_labels([piece for _one, piece in batch.pieces], batch.sender.labels, name)


def _head(sender: Sender) -> list[str]:
    return [printable(clean(line)) for line in sender.letterhead]


def merge_csv(batch: Printed) -> Callable[[Path], Filled]:
    """What fills the mail-merge file of a batch: a row a message, no cell of which a spreadsheet would run."""
    rows = [_merge_row(one, piece) for one, piece in batch.pieces]
    return lambda path: write_csv(path, MERGE, rows, CsvProfile.SHEET)


def _merge_row(one: Waiting, piece: Piece) -> list[str]:
    company = clean(one.company or "")
    named = {clean(one.name), company}
    lines = [line for line in piece.address if line not in named]
    spread = [*lines, *[""] * MOST_LINES][:MOST_LINES]
    return [clean(one.name), company, *spread, piece.text, str(one.message.lead_id), str(one.message.id)]
