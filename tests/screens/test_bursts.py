"""Keys in one burst do what they do one by one: each is about what the one before led to, on whatever machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sdr.store.session import Reader
from tests.desks import Desk, open_desk
from tests.screens.desk_app import driving

BURSTS = [
    "c 1 u c 1",  # the call is with whom `u` brings back
    "c 1 u j z 2 a",
    "c 2 0 u c 2 escape 1",
    "r 2 u u r 2",
    "r 2 U a",  # there is nothing to bring again
    "u enter escape j r 2",
    "x j x r 2 enter c 1",  # Enter answers the question about those that are marked
    "x u a u j",
    "X n h i enter enter u",
    "g l j r 2 u c 1",
]


@pytest.mark.parametrize("keys", BURSTS)
async def test_a_burst_does_what_the_keys_do_one_by_one(tmp_path: Path, keys: str) -> None:
    assert await after(tmp_path / "burst", keys.split(), burst=True) == await after(
        tmp_path / "slow", keys.split(), burst=False
    )


async def after(folder: Path, keys: list[str], *, burst: bool) -> tuple[Any, ...]:
    """What stands in the file after these keys, and what is on screen."""
    folder.mkdir()
    desk = a_few(folder)
    async with driving(desk) as driven:
        if burst:
            await driven.burst(*keys)
            await driven.settle()
        else:
            await driven.press(*keys)
        found = desk.store.read(done).result(10), driven.place, driven.lines()[-1]
    desk.store.close()
    return found


def a_few(folder: Path) -> Desk:
    """A desk with a few leads, each told from the others by its name."""
    desk = open_desk(folder)
    for number in range(1, 7):
        desk.new_lead(name=f"Lead {number}", email=f"a@b{number}.example", phone=f"+3461111111{number}")
    return desk


def done(db: Reader) -> tuple[Any, ...]:
    """How each lead stands, and what was done with whom."""
    name = "(SELECT name FROM lead WHERE lead.id = lead_id)"
    return (
        db.execute("SELECT name, state, reason, next_kind, due_at FROM lead ORDER BY name").fetchall(),
        db.execute(f"SELECT {name}, outcome FROM call ORDER BY 1, 2").fetchall(),
        db.execute(f"SELECT {name}, kind, text FROM event ORDER BY 1, 2, 3").fetchall(),
    )
