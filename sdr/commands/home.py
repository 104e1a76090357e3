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
    """The first change of a new desk: who works here, and the packaged playbook; later, where else they are reached."""
    if store.read(reps.is_set_up).result():
        _keep_in_step(store, settings, now)
        return
    from sdr.desk.setting_up import Newcomer, set_up

    who = Newcomer(
        name=settings.name or config.user_name(),
        zone=settings.zone or config.system_zone(),
        hours=settings.hours,
        email=_said(settings.email),
        country=settings.country or None,
        calls=settings.calls,
        qualified=settings.qualified,
        phone=_said(settings.phone),
    )
    store.write(set_up, who, now).result()


def _keep_in_step(store: Store, settings: config.Config, now: datetime) -> None:
    """Write the rep's address and number when config.toml has others; else nothing is loaded for it."""
    rep = store.read(reps.rep).result()
    email, phone = _said(settings.email), _said(settings.phone)
    if email in (None, rep.email) and phone in (None, rep.phone):
        return
    from sdr.desk.setting_up import reached_at

    store.write(reached_at, email, phone, now).result()


def _said(text: str) -> str | None:
    """What config.toml says, harmless; None when it says nothing."""
    if not text:
        return None
    from sdr.rules.text import clean

    return clean(text) or None
