"""When the installed program will not start: one sentence, an exit code, and every file as it was."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.harness import Desk
from tests.terminal.homes import Home, environment, opened, powerless, program, run


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_without_a_terminal_it_says_so_with_exit_code_2(home: Home) -> None:
    done = run(home.folder)
    assert done.returncode == 2
    assert re.fullmatch(r"sdr: The desk needs a terminal[^\n]*\n", done.stderr)
    assert not home.file.exists()


def _newer(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[60:64] = (999).to_bytes(4, "big")
    path.write_bytes(data)


def _foreign(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[68:72] = b"GPKG"
    path.write_bytes(data)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("dear diary\n" * 40)


UNUSABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "empty": (_empty, "empty"),
    "text": (_text, "not a desk file"),
    "foreign": (_foreign, "belongs to another program"),
    "newer": (_newer, "newer desk"),
}


@pytest.fixture(params=sorted(UNUSABLE))
def unusable(request: pytest.FixtureRequest, home: Home) -> tuple[Home, str]:
    home.with_store(lambda store: None)
    spoil, words = UNUSABLE[request.param]
    spoil(home.file)
    for side in ("-wal", "-shm"):
        Path(f"{home.file}{side}").unlink(missing_ok=True)
    return home, words


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_that_is_no_desk_is_left_untouched_by_a_command(unusable: tuple[Home, str]) -> None:
    home, words = unusable
    before = _files(home.folder)
    done = run(home.folder, "queue")
    assert done.returncode == 3
    assert re.fullmatch(rf"sdr: [^\n]*{words}[^\n]*\n", done.stderr)
    assert _files(home.folder) == before


def test_a_file_that_is_no_desk_is_left_untouched_by_the_screen(unusable: tuple[Home, str]) -> None:
    home, words = unusable
    before = _files(home.folder)
    with opened(home.folder, 200, 24) as desk:
        assert desk.exit_code() == 3
        assert re.search(rf"sdr: .*{words}", desk.text())
        assert not desk.second_screen
    assert _files(home.folder) == before


@pytest.mark.parametrize("shut", ["file", "folder"])
def test_a_read_only_desk_is_left_untouched(home: Home, shut: str) -> None:
    home.with_store(lambda store: None)
    before = _files(home.folder)
    place, mode = (home.file, 0o400) if shut == "file" else (home.folder, 0o500)
    place.chmod(mode)
    try:
        done = run(home.folder, "queue", before=powerless())
        with Desk([*powerless(), *program(home.folder)], environment(), 200, 24) as desk:
            assert desk.exit_code() == 3
            assert "read-only" in desk.text()
    finally:
        place.chmod(0o700)
    assert done.returncode == 3
    assert re.fullmatch(r"sdr: [^\n]*read-only[^\n]*\n", done.stderr)
    assert _files(home.folder) == before
