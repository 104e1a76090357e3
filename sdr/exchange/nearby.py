"""The rest of a path that the rep began to type: what a shell's Tab would give, of folders and files of leads."""

from __future__ import annotations

from os.path import commonprefix
from pathlib import Path

READABLE = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls"})


def completed(typed: str) -> str:
    """`typed` with as much more as all the folders and files of leads that begin like it share; else as it is."""
    folder, slash, begun = typed.rpartition("/")
    try:
        place = Path(f"{folder}{slash}" or ".").expanduser()
        names = sorted(entry.name + "/" * entry.is_dir() for entry in place.iterdir() if _wanted(entry, begun))
    except (OSError, RuntimeError):  # no such folder, or `~somebody` who is not there
        return typed
    shared = commonprefix(names)  # noqa: RUF071 (character by character is what is meant)
    return f"{folder}{slash}{shared}" if len(shared) > len(begun) else typed


def _wanted(entry: Path, begun: str) -> bool:
    hidden = entry.name.startswith(".") and not begun.startswith(".")
    return entry.name.startswith(begun) and not hidden and (entry.is_dir() or entry.suffix.lower() in READABLE)
