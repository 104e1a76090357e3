"""Exported files stay in their folder, are whole or absent, and are not written twice."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange.folders import ExportFailed, FileState, Filled, Outbound, RefusedRow, file_name

NAME = "handoffs-2026-05-12-sheet.csv"
HOSTILE = [
    "../escape.csv", "../../etc/passwd", "..", ".", "", "/etc/passwd", "//server/share.csv",
    "\\\\server\\x.csv", "a/b.csv",
    "a\\b.csv", "..\\..\\x.csv", "C:\\x.csv", "c:x.csv", "CON", "con.csv", "nul.csv", "aux.csv",
    "prn.csv", "com1.csv", "lpt9.csv", "con.tar", "NUL.csv", "x\x00.csv", "\x00", "x.csv\x00.exe", "x\n.csv",
    "x.csv\n", "\rx.csv", "\tx.csv", " x.csv", "x.csv ", "x.csv.", "x..csv", ".hidden.csv", "~/x.csv",
    "-rf.csv",
    "a" * 300 + ".csv", "x." + "y" * 300, "x", "x.", "\u202evsc.exe", "naïve.csv", "ｘ.csv", "x／y.csv",
    "😀.csv", "$(id).csv", "`id`.csv", "x;rm.csv", "x|y.csv", "x*.csv", "x?.csv", "<x>.csv", "%2e%2e%2fx.csv",
]  # fmt: skip


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def outbound(tmp_path: Path) -> Outbound:
    return Outbound(tmp_path / "home" / "exports")


def names(outbound: Outbound) -> list[str]:
    return sorted(path.name for path in outbound.folder.iterdir())


def test_missing_folders_are_made_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = Outbound(tmp_path / "home" / "exports").folder
    finally:
        os.umask(before)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o700)


def test_a_folder_the_rep_named_keeps_its_mode(tmp_path: Path) -> None:
    theirs = tmp_path / "desktop"
    theirs.mkdir()
    theirs.chmod(0o755)
    Outbound(theirs).write(NAME, b"x")
    assert mode(theirs) == 0o755


def test_a_new_file_is_whole_private_and_told_by_its_digest(outbound: Outbound) -> None:
    before = os.umask(0)
    try:
        written = outbound.write(NAME, b"abc", rows=1)
    finally:
        os.umask(before)
    assert (written.path.read_bytes(), written.rows, written.state) == (b"abc", 1, FileState.NEW)
    assert written.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert mode(written.path) == 0o600


def fill(text: str) -> Callable[[Path], Filled]:
    def into(part: Path) -> Filled:
        part.write_text(text)
        return Filled(2, (RefusedRow(1, "Phone", "why"),))

    return into


@pytest.mark.parametrize("content", [b"same", fill("same")], ids=["bytes", "function"])
def test_the_second_run_writes_nothing(outbound: Outbound, content: bytes | Callable[[Path], Filled]) -> None:
    first = outbound.write(NAME, content)
    stood = first.path.stat()
    second = outbound.write(NAME, content)
    assert second.state is FileState.UNCHANGED
    assert (second.sha256, second.rows, second.refused) == (first.sha256, first.rows, first.refused)
    assert (second.path.stat().st_ino, second.path.stat().st_mtime_ns) == (stood.st_ino, stood.st_mtime_ns)
    assert names(outbound) == [NAME]


def test_other_content_replaces_the_file_whole_and_keeps_it_private(outbound: Outbound) -> None:
    outbound.write(NAME, b"old")
    written = outbound.write(NAME, fill("new"))
    assert (written.state, written.path.read_text(), mode(written.path)) == (FileState.CHANGED, "new", 0o600)
    assert names(outbound) == [NAME]


def breaks(fault: BaseException) -> Callable[[Path], Filled]:
    def into(part: Path) -> Filled:
        part.write_text("half of the ro")
        raise fault

    return into


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), ExportFailed),
        (ValueError("a row was odd"), ValueError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
@pytest.mark.parametrize("stood", [None, b"yesterday"])
def test_a_failure_in_the_middle_leaves_what_stood_and_no_part(
    outbound: Outbound, fault: BaseException, raised: type[BaseException], stood: bytes | None
) -> None:
    if stood:
        outbound.write(NAME, stood)
    with pytest.raises(raised):
        outbound.write(NAME, breaks(fault))
    assert names(outbound) == ([NAME] if stood else [])
    assert not stood or (outbound.folder / NAME).read_bytes() == stood


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_fails_at_the_last_step_is_a_sentence(
    outbound: Outbound, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(ExportFailed, match=r"^handoffs-.* was not written: the disk is full; free some space"):
        outbound.write(NAME, b"abc")
    assert names(outbound) == []


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportFailed, match=r"^The export folder was not written: "):
        Outbound(tmp_path / "file" / "exports")


def test_a_folder_in_the_way_of_a_file_is_a_sentence(outbound: Outbound) -> None:
    (outbound.folder / NAME).mkdir()
    with pytest.raises(ExportFailed, match="a folder of that name is in the way"):
        outbound.write(NAME, b"abc")
    assert names(outbound) == [NAME]


def test_a_link_is_replaced_and_what_it_pointed_at_is_left_alone(outbound: Outbound, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    (outbound.folder / NAME).symlink_to(precious)
    outbound.write(NAME, b"keep me")
    assert not (outbound.folder / NAME).is_symlink()
    assert precious.read_text() == "keep me"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_refused_without_repeating_it(outbound: Outbound, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportFailed) as refusal:
        outbound.write(name, b"x")
    assert len(name) < 3 or name not in str(refusal.value)
    assert [path.name for path in tmp_path.rglob("*")] == ["home", "exports"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_made_into_a_name_stays_in_the_folder(outbound: Outbound, text: str) -> None:
    path = outbound.write(file_name(text, suffix="csv"), b"x").path
    assert path.parent == outbound.folder
    assert path.is_file()


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_every_text_makes_a_name_of_the_fixed_pattern(parts: list[str]) -> None:
    name = file_name(*parts, suffix="xlsx")
    assert set(name.removesuffix(".xlsx")) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 6 <= len(name) <= 210
    assert name[0] != "-"


def test_what_a_killed_run_left_is_swept_when_old_and_kept_when_fresh(outbound: Outbound) -> None:
    old, fresh = outbound.folder / ".old.part", outbound.folder / ".fresh.part"
    (outbound.folder / ".oldsheet.part").mkdir()
    for path in (old, fresh):
        path.write_text("Ana Ruiz")
    for path in (old, outbound.folder / ".oldsheet.part"):
        os.utime(path, (0, 0))
    outbound.write(NAME, b"x")
    assert names(outbound) == [".fresh.part", NAME]
