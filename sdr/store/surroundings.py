"""What the desk's file lives in: who may read it, the kind of folder, the room left, the age of its copies."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sdr.store.care import Check

LEAST_FREE = 50 * 1024 * 1024  # bytes
COPY_EVERY = timedelta(days=30)
PRIVATE = 0o077  # what nobody but the owner may do
FOLDERS = ("backups", "exports", "rejects", "logs")
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "davfs", "fuse.sshfs", "fuse.davfs2", "fuse.rclone",
     "fuse.gvfsd-fuse", "ceph", "glusterfs", "fuse.glusterfs", "lustre", "beegfs"}
)  # fmt: skip
# Folders that a program copies to other machines while the desk writes: file and log would arrive apart.
SYNCED = re.compile(
    r"dropbox( \(.*\))?|onedrive( - .*)?|google ?drive|my drive|icloud ?drive|mobile documents|box( sync)?|nextcloud"
    r"|owncloud|syncthing|pcloud ?drive|mega"
)
_ESCAPE = re.compile(r"\\([0-7]{3})")
_COPY = re.compile(r"desk-(\d{8}-\d{6})(?:-\d+)?\.db")


def checks(database: Path, backups: Path, now: datetime, *, repair: bool = False) -> Iterator[Check]:
    """Every check of what surrounds the file at `database`; `repair` puts the modes right."""
    yield _modes(database, repair=repair)
    yield _folder(database.parent)
    yield _room(database.parent)
    yield _copies(backups, now)


def _modes(database: Path, *, repair: bool) -> Check:
    if os.name == "nt":
        return Check("modes", True, "not checked on Windows: the folder's own rights hold")
    open_ones = [path for path in _ours(database) if path.lstat().st_mode & PRIVATE]
    if repair:
        for path in open_ones:
            path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~PRIVATE)
    if not open_ones:
        return Check("modes", True, "files 0600 and folders 0700: readable by you alone")
    if repair:
        return Check("modes", True, f"{len(open_ones)} files and folders are yours alone again")
    told = f"others may read or write {len(open_ones)} files or folders; run `sdr doctor --repair`"
    return Check("modes", False, told)


def _ours(database: Path) -> Iterator[Path]:
    """Files and folders of the desk; links are not followed."""
    home = database.parent
    yield home
    for path in (*home.glob(f"{database.stem}*"), home / "config.toml"):
        if path.is_file() and not path.is_symlink():
            yield path
    for name in FOLDERS:
        if (home / name).is_dir() and not (home / name).is_symlink():
            yield home / name
            yield from (path for path in (home / name).rglob("*") if not path.is_symlink())


def _folder(home: Path) -> Check:
    where = home.resolve()
    kind = _mounted_as(where)
    if kind in NETWORK:
        told = f"the folder is on a network drive ({kind}), where acts can be lost; use --home on this machine's disk"
        return Check("folder", False, told)
    synced = next((part for part in where.parts if SYNCED.fullmatch(part.casefold())), None)
    if synced:
        told = f"the folder lies in “{synced}”, which copies files while they change; move the desk out of it"
        return Check("folder", False, told)
    return Check("folder", True, "a folder of this machine")


def _mounted_as(where: Path) -> str:
    """The kind of the file system that holds `where`; blank where the system does not say."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = ("", "")
    for line in lines:
        mount, _dash, rest = line.partition(" - ")
        point = _ESCAPE.sub(lambda escape: chr(int(escape[1], 8)), mount.split()[4])
        if where.is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, rest.split()[0])
    return found[1]


def _room(home: Path) -> Check:
    free = shutil.disk_usage(home).free
    told = f"{free / 1024**2:,.0f} MB free"
    return Check("space", free >= LEAST_FREE, told if free >= LEAST_FREE else f"only {told}; make room")


def _copies(backups: Path, now: datetime) -> Check:
    """The age of the newest copy. None at all is only said: a desk may be a minute old."""
    made = [when for path in backups.glob("desk-*.db") if (when := taken_at(path)) is not None]
    if not made:
        return Check("backup", True, "no copy yet; make one with `sdr backup`")
    age = max(now - max(made), timedelta())
    told = f"the last copy is {age.days} days old" if age.days else "the last copy is from today"
    return Check("backup", age <= COPY_EVERY, told if age <= COPY_EVERY else f"{told}; make one with `sdr backup`")


def taken_at(copy: Path) -> datetime | None:
    """When a copy was made, by its name (UTC)."""
    found = _COPY.fullmatch(copy.name)
    try:
        return datetime.strptime(found[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
