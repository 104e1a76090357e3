"""Files that leave the desk: written whole or not at all, readable by their owner alone.

A file is written under a temporary name in its own folder, synced, then renamed over the old one; a file
whose bytes would not change is not touched. Names come from a fixed pattern, never from a lead's text.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sdr.rules.text import slug

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,199}\.[a-z0-9]{2,6}")
# Windows takes these for devices, whatever the suffix.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_STALE_FOR = 3600.0  # seconds; an unfinished file this old belongs to a run that was killed
_UNFINISHED = ".part"
_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and export again",
    errno.EDQUOT: "your disk quota is used up; free some space and export again",
    errno.EFBIG: "the file would be larger than this disk allows; export fewer days at once",
    errno.EROFS: "the disk is read-only; name another folder with --to",
    errno.EACCES: "the folder may not be written; name another folder with --to",
    errno.EPERM: "the folder may not be written; name another folder with --to",
    errno.EISDIR: "a folder of that name is in the way; move it and export again",
}


class ExportFailed(Exception):
    """A file could not be written; the text is one sentence for the rep. What stood there still stands."""


class FileState(StrEnum):
    """What writing a file did to the folder."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class RefusedRow(NamedTuple):
    """A row left out of a file: its index among the rows given (from 0), the column's label, why, and the names that
    stand in it, which are foreign text."""

    row: int
    column: str
    reason: str
    whose: str = ""


class Filled(NamedTuple):
    """What was put into a file: data rows (the header is none), and the rows left out."""

    rows: int
    refused: tuple[RefusedRow, ...] = ()


class Written(NamedTuple):
    """One file of an export as it now stands."""

    path: Path
    rows: int
    sha256: str
    state: FileState
    refused: tuple[RefusedRow, ...] = ()


Content = bytes | Callable[[Path], Filled]  # a file's bytes, or what fills it


def may_be_named(name: str) -> bool:
    """Whether a file that leaves may have this name: small letters, digits and dashes, and an ending."""
    return bool(_NAME.fullmatch(name)) and not _RESERVED.fullmatch(name)


def file_name(*parts: str, suffix: str) -> str:
    """A safe file name: the slugs of `parts` joined by dashes (`handoffs-2026-05-12-sheet.csv`)."""
    return f"{'-'.join(slug(part) for part in parts)}.{suffix}"


class Outbound:
    """A folder that files are exported to. Missing folders are created for their owner alone (0700)."""

    def __init__(self, folder: Path) -> None:
        try:
            _create(folder)
            self.folder = folder.resolve(strict=True)
        except OSError as fault:
            raise ExportFailed(_sentence("The export folder", fault)) from None

    def write(self, name: str, content: Content, rows: int = 0) -> Written:
        """Put `content` under `name` (see `file_name`): bytes of `rows` rows, or a function filling a file.

        The function gets the path of an empty file to write to and says what it wrote. Raises `ExportFailed`
        when the name is not one of ours or the file cannot be written; whatever is raised, no part of the new
        file stays behind.
        """
        if not may_be_named(name):
            raise ExportFailed("A file was not written: its name is not one the desk gives; use file_name().")
        try:
            return self._replace(self.folder / name, content, rows)
        except OSError as fault:
            raise ExportFailed(_sentence(name, fault)) from None

    def _replace(self, path: Path, content: Content, rows: int) -> Written:
        before = _digest(path)
        if isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == before:
            return Written(path, rows, before, FileState.UNCHANGED)
        part = self._unfinished()
        try:
            filled = _fill(part, content, rows)
            after = _digest(part) or ""
            if after != before:
                _sync(part)
                part.replace(path)
                _sync(self.folder)
        finally:
            part.unlink(missing_ok=True)
        return Written(path, filled.rows, after, _state(before, after), filled.refused)

    def _unfinished(self) -> Path:
        """An empty new file, 0600; `mkstemp` opens with O_CREAT, O_EXCL and O_NOFOLLOW."""
        handle, name = tempfile.mkstemp(prefix=".", suffix=_UNFINISHED, dir=self.folder)
        os.close(handle)
        part = Path(name)
        _sweep(self.folder, part.stat().st_mtime)
        return part


def _create(folder: Path) -> None:
    """Make `folder` and its missing parents 0700; `mkdir(parents=True)` would leave the parents open."""
    for step in (*reversed(folder.absolute().parents), folder.absolute()):
        if not step.is_dir():
            step.mkdir(mode=0o700, exist_ok=True)


def _sweep(folder: Path, now: float) -> None:
    """Remove what killed runs left unfinished, told by age on the disk's own clock (`now`, seconds)."""
    for old in folder.glob(f".*{_UNFINISHED}"):
        if now - old.lstat().st_mtime > _STALE_FOR:
            _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _fill(part: Path, content: Content, rows: int) -> Filled:
    if not isinstance(content, bytes):
        return content(part)
    part.write_bytes(content)
    return Filled(rows)


def _digest(path: Path) -> str | None:
    """SHA-256 of the plain file at `path`, in hex; None when there is none (a link is replaced, not read)."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Push a file, or a folder's names, to the disk. Windows cannot open a folder and needs no such push."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _state(before: str | None, after: str) -> FileState:
    if before is None:
        return FileState.NEW
    return FileState.UNCHANGED if before == after else FileState.CHANGED


def _sentence(name: str, fault: OSError) -> str:
    why = _REASONS.get(fault.errno or 0, os.strerror(fault.errno) if fault.errno else "the disk refused")
    return f"{name} was not written: {why}."
