"""The rep's folder: its desk file opened, and set up when it is new. Light, because the first frame waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sdr import config
from sdr.store.queries import reps
from sdr.store.store import Store


def open_store(places: config.Places, clock: Callable[[], datetime]) -> Store:
    """The store in the rep's folder."""
    _make_private(places.home, places.config)
    return Store(places.database, clock=clock, draw=config.draw, actor=config.user_name())


def _make_private(home: Path, settings: Path) -> None:
    """A folder made ready for a new desk (empty, or with its config) becomes the rep's alone; others stay."""
    try:
        if all(entry == settings for entry in home.iterdir()):
            home.chmod(0o700)
    except OSError:
        return  # not there yet, or not ours: opening the file will say so


def set_up_if_new(store: Store, settings: config.Config, now: datetime) -> None:
    """The first change of a new desk: who works here, and the packaged playbook."""
    if store.read(reps.is_set_up).result():
        return
    from sdr.desk.setting_up import Newcomer, set_up

    who = Newcomer(
        name=settings.name or config.user_name(),
        zone=settings.zone or config.system_zone(),
        hours=settings.hours,
        email=settings.email or None,
        country=settings.country or None,
        calls=settings.calls,
        qualified=settings.qualified,
    )
    store.write(set_up, who, now).result()
