"""Waiting until a screen has nothing left to do: no message, no callback, no painting that is due; nor the store.

Textual's own wait naps for 20 ms until the process used no time meanwhile, twice a key. The loop knows it at once, and
knows it for certain.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Any

from textual.app import App
from textual.worker import WorkerCancelled

from sdr.store.store import Store

SOON = 1 / 50  # seconds: a timer that is due by then is part of what a key did (screens are painted by one)
ROUNDS = 2  # in a row in which nobody had anything to do: the first may be the one in which a thread's answer comes


async def idle(_least: float = 0, longest: float = 1) -> None:
    """Until nothing is ready to run and no timer is due soon; at most `longest` seconds (an animation has no end)."""
    loop = asyncio.get_running_loop()
    until = monotonic() + longest
    quiet = 0
    while quiet < ROUNDS and monotonic() < until:
        await asyncio.sleep(0)
        quiet = 0 if loop._ready else quiet + 1
        if quiet == ROUNDS and (due := _due(loop)) is not None:
            await asyncio.sleep(due)
            quiet = 0


async def settled(app: App[Any], store: Store) -> None:
    """Until no worker runs, both lanes of the store are empty and the loop is idle, and what changed is painted."""
    quiet = 0
    while quiet < ROUNDS:
        running = [worker for worker in app.workers if not worker.is_finished]
        quiet = 0 if running else quiet + 1
        for worker in running:
            with suppress(WorkerCancelled):
                await worker.wait()
        # A job behind all others on each lane: when it is done, so are they.
        await asyncio.wrap_future(store.warm())
        await asyncio.wrap_future(store.read(lambda _db: None))
        await idle()
        app.screen._on_timer_update()


def _due(loop: asyncio.AbstractEventLoop) -> float | None:
    """Seconds to the first timer that is due soon."""
    now = loop.time()
    left = min((timer.when() - now for timer in loop._scheduled if not timer.cancelled()), default=SOON + 1)
    return max(left, 0.0) if left <= SOON else None
