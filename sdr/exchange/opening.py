"""What was named, opened: an ordinary file that stays as it is while it is read, or bytes that came by a pipe.

A pipe, a device or a folder under a file's name is refused before it is read, because it may never end. A file that
grows, shrinks or is replaced between its first look and its last byte is refused too: half of one file and half of
another is nobody's list.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from sdr.exchange.tables import Reach, UnreadableFile

LARGEST_FILE = 2 << 30
LARGEST_PIPE = 512 << 20  # bytes by standard input, which are kept in memory
_BY_PIPE = "Pipe it in instead: … | sdr import -"


class Bytes(Protocol):
    """What can be read to its end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Source(NamedTuple):
    """A file as it stood when it was named (`stamp` tells whether it still does), or the bytes of a pipe."""

    held: Path | bytes
    size: int
    stamp: tuple[int, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The whole of it, from its start; raises `UnreadableFile` if it cannot be opened or is another by now."""
        if isinstance(self.held, bytes):
            yield io.BytesIO(self.held)
            return
        try:
            with open(self.held, "rb", opener=_without_waiting) as file:
                self.unchanged(file)
                yield file
        except OSError as error:
            raise _why(error) from None

    def unchanged(self, file: BinaryIO) -> None:
        """Raises `UnreadableFile` unless `file` is the one that was named, byte for byte as far as times tell."""
        if self.stamp and _stamp(os.fstat(file.fileno())) != self.stamp:
            raise UnreadableFile(
                "The file changed while it was read.", "Wait until it is written, then bring it in again."
            )

    @contextmanager
    def stream(self, reach: Reach) -> Iterator[Bytes]:
        """As `opened`, to be read once; at its end it is looked at again. `reach` tells how far it was read."""
        with self.opened() as file:
            yield _Steady(self, file, reach)


class _Steady:
    """A stream of just the bytes that were there when the file was named."""

    def __init__(self, source: Source, file: BinaryIO, reach: Reach) -> None:
        self._source, self._file, self._reach = source, file, reach
        reach.read = 0

    def read(self, size: int, /) -> bytes:
        block = self._file.read(min(size, self._source.size - self._reach.read))
        self._reach.read += len(block)
        if not block:
            self._source.unchanged(self._file)
        return block


def source_of(named: Path | bytes) -> Source:
    """What was `named`, if it can be read and is not too large; raises `UnreadableFile`."""
    if isinstance(named, bytes):
        return Source(named, len(named))
    try:
        found = named.stat()
    except (OSError, ValueError) as error:
        raise _why(error) from None
    if not stat.S_ISREG(found.st_mode):
        raise _no_file(found.st_mode)
    if found.st_size > LARGEST_FILE:
        raise UnreadableFile("The file is larger than 2 GB.", "Split it, or export fewer columns.")
    return Source(named, found.st_size, _stamp(found))


def piped(stream: Bytes | None) -> bytes:
    """All of standard input; raises `UnreadableFile` when it is closed or does not end in time."""
    if stream is None:
        raise UnreadableFile("Standard input is closed.", "Pipe a file in: … | sdr import -")
    try:
        content = stream.read(LARGEST_PIPE + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile("Standard input cannot be read.", "Name the file instead.") from error
    if len(content) > LARGEST_PIPE:
        raise UnreadableFile("More than 512 MB came by the pipe.", "Write it to a file, and name the file.")
    return content


def _without_waiting(path: str, flags: int) -> int:
    """A named pipe that took the file's place would keep us waiting for its other end."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _stamp(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _no_file(mode: int) -> UnreadableFile:
    if stat.S_ISDIR(mode):
        return UnreadableFile("That is a folder, not a file.", "Name a file in it.")
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        return UnreadableFile("That is a pipe, not a file.", _BY_PIPE)
    return UnreadableFile("That is a device, not a file.", _BY_PIPE)


def _why(error: Exception) -> UnreadableFile:
    if isinstance(error, PermissionError):
        return UnreadableFile("You may not read that file.", "Ask its owner for the right to read it.")
    if isinstance(error, FileNotFoundError | ValueError):
        return UnreadableFile("There is no such file.", "Check the name.")
    return UnreadableFile("The file cannot be opened.", "Check the name and the rights of the file.")
