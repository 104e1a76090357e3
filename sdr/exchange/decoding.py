"""Bytes to lines, a quarter of a megabyte at a time, repairing what a broken file holds and counting each repair.

Bytes that are not UTF-8 in a UTF-8 file are Windows-1252 pasted in: they are read as such one by one, so that a
line that mixes both comes out right too. NUL characters are left out; lone surrogates become U+FFFD (SQLite
takes neither). Lines end at LF, CR LF or CR, and nowhere else: a name may hold U+2028.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from sdr.exchange.opening import Bytes
from sdr.exchange.tables import Tally, UnreadableFile

BLOCK = 1 << 18  # small enough for the processor's cache: a tenth faster than a megabyte
LONGEST_LINE = 8 << 20  # characters: eight of the largest cells
MOST_NULS = 1 << 20
NULS = "NUL characters were left out"
SURROGATES = "broken characters were replaced by \N{REPLACEMENT CHARACTER}"
FOREIGN = "characters were not in the file's encoding (UTF-8) and were read as Windows-1252"
UNDECODED = "characters are not in the file's encoding and were replaced"

_SURROGATE = re.compile("[\ud800-\udfff]")
_ENCODED_SURROGATE = re.compile("\udced[\udca0-\udcbf][\udc80-\udcbf]")
_WINDOWS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}


def name_of(encoding: str) -> str:
    """An encoding as people know it: `cp1252` is Windows-1252, `utf-8` UTF-8."""
    pages = encoding.removeprefix("cp125")
    if pages != encoding:
        return f"Windows-125{pages}"
    return encoding.upper() if encoding.startswith("utf") else encoding


class _Decoder:
    """A strict incremental decoder that falls back to repairs for the block that needs them."""

    def __init__(self, encoding: str, tally: Tally) -> None:
        make = codecs.getincrementaldecoder(encoding)
        self._utf8 = encoding == "utf-8"
        self._strict = make("strict")
        self._loose = make("surrogateescape" if self._utf8 else "replace")
        self._tally = tally

    def text(self, block: bytes, *, final: bool) -> str:
        before = self._strict.getstate()
        try:
            text = self._strict.decode(block, final)
        except UnicodeError:
            self._loose.setstate(before)
            text = self._repaired(self._loose.decode(block, final))
            self._strict.setstate(self._loose.getstate())
        if not self._utf8:
            text = self._counted(_SURROGATE, "\ufffd", text, SURROGATES)
        if "\0" in text:
            self._tally[NULS] += text.count("\0")
            text = text.replace("\0", "")
        return text

    def _repaired(self, text: str) -> str:
        if not self._utf8:
            self._tally[UNDECODED] += text.count("\ufffd")
            return text
        text = self._counted(_ENCODED_SURROGATE, "\ufffd", text, SURROGATES)
        self._tally[FOREIGN] += len(_SURROGATE.findall(text))
        return text.translate(_WINDOWS)

    def _counted(self, pattern: re.Pattern[str], instead: str, text: str, what: str) -> str:
        text, count = pattern.subn(instead, text)
        self._tally[what] += count
        return text


def line_batches(stream: Bytes, encoding: str, tally: Tally) -> Iterator[list[str]]:
    """The lines of `stream`, ends kept, in lists of about `BLOCK` bytes; only the very last may lack its end.

    What a block leaves of a line is kept in pieces, so that a long line costs its length and not its square.
    """
    decoder = _Decoder(encoding, tally)
    pieces: list[str] = []
    held, waiting = 0, ""
    while True:
        block = stream.read(BLOCK)
        text = waiting + decoder.text(block, final=not block)
        # A CR at the very end may be half of a CR LF: it waits for the next block.
        waiting = "\r" if block and text.endswith("\r") else ""
        text = text.removesuffix(waiting)
        cut = max(text.rfind("\n"), text.rfind("\r")) + 1 if block else len(text)
        if cut or not block:
            whole = "".join((*pieces, text[:cut]))
            if whole:
                yield list(io.StringIO(whole, newline=""))
            pieces, held = [], 0
        if not block:
            return
        pieces.append(text[cut:])
        held += len(text) - cut
        _bounded(held, tally)


def _bounded(held: int, tally: Tally) -> None:
    """Refuse what cannot be a table before it fills the memory or the afternoon."""
    if held > LONGEST_LINE:
        raise UnreadableFile(
            "The file has a line of more than 8 million characters, so it is not a table of leads.",
            "Save it again as CSV (UTF-8) from the program it came from.",
        )
    if tally[NULS] > MOST_NULS:
        raise UnreadableFile(
            "The file holds more than a million NUL characters: it is damaged, or no text.",
            "Export it again; a download or a copy of it may have been cut short.",
        )
