"""`sdr`: opening the desk. Loads little, because the first frame waits for it."""

from __future__ import annotations

from sdr import config
from sdr.commands.home import open_store, set_up_if_new


def open_desk(home: str | None) -> int:
    """Open the desk in `home` (else the rep's own folder); the exit code of the app."""
    require_terminal()
    return run(config.places(home), demo=False)


def run(places: config.Places, *, demo: bool) -> int:
    """Run the app on the desk at `places` until the rep leaves; its exit code."""
    settings = config.load(places.config)
    clock = config.clock()
    store = open_store(places, clock)
    try:
        set_up_if_new(store, settings, clock())
        from sdr.app import DeskApp, setting_of

        app = DeskApp(setting_of(store, clock, places, settings, demo=demo), settings, places)
        app.run()
        return app.return_code or 0
    finally:
        store.close()


def require_terminal() -> None:
    """Stop with a sentence unless a person sits at a terminal."""
    from sdr.screens import terminal

    refusal = terminal.require_terminal()
    if refusal is not None:
        from sdr.commands.frame import NONSENSE, Stop

        raise Stop(NONSENSE, "no-terminal", refusal)
