"""Where this rep's files are, what they set in config.toml, and the program's one clock.

`config.toml` is read once into a frozen `Config`; a mistake in it is a sentence that names the key. `SDR_NOW`
freezes the clock of the whole program, `SDR_HOME` moves everything into one folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sdr.rules.sender import CARDS, LABELS, OPT_OUT, PAPERS, Sender, may_unsubscribe

if TYPE_CHECKING:
    from sdr.models.terms import Refused
    from sdr.rules.hours import Hours
    from sdr.rules.mailbox import Mailbox

DEAREST = 100_000  # an hour of a rep costs no more, in whatever currency
MARKS = ("unicode", "ascii")
KEYRING = "sdr-desk"  # the name under which the system's keyring holds the password of the mailbox


class BadConfig(Exception):
    """Something in config.toml, the environment or the options makes no sense; the text says what and where."""


class Places(NamedTuple):
    """Every path in use."""

    home: Path
    database: Path
    config: Path
    exports: Path
    rejects: Path
    logs: Path


class Config(NamedTuple):
    """What the rep set. Empty strings mean "not set": the first start then asks the system.

    `hour_cost` is what an hour of the rep costs, in the currency of the sources; `busy` are calendar files (.ics);
    `prospecting` the hours of each day in which new people come first.
    """

    name: str = ""
    email: str = ""
    zone: str = ""
    hours: str = "mon-fri 09:00-17:00"
    country: str = ""
    calls: int = 45
    qualified: int = 2
    theme: str = "desk-dark"
    marks: str = "unicode"
    dial: tuple[str, ...] = ()
    keys: Mapping[str, str] = MappingProxyType({})
    profile: str = ""
    phone: str = ""
    hour_cost: float = 0
    busy: tuple[str, ...] = ()
    postal_address: str | tuple[str, ...] = ()
    opt_out: str = OPT_OUT
    unsubscribe: str = ""
    open_mail: tuple[str, ...] = ()
    letterhead: tuple[str, ...] = ()
    font: str = ""
    paper: str = "a4"
    labels: str = "3x8"
    postcards: int = 4
    mail_from: str = ""
    mail_smtp: str = ""
    mail_imap: str = ""
    mail_user: str = ""
    mail_tls: str = "auto"
    mail_folder: str = "INBOX"
    mail_a_day: int = 200
    prospecting: str = ""


_KNOWN: dict[str, dict[str, str]] = {
    "rep": {
        key: key for key in ("name", "email", "zone", "hours", "country", "phone", "hour_cost", "busy", "prospecting")
    },
    "goals": {"calls": "calls", "qualified": "qualified"},
    "look": {"theme": "theme", "marks": "marks"},
    "call": {"dial": "dial"},
    "mail": {
        "postal_address": "postal_address",
        "opt_out": "opt_out",
        "unsubscribe": "unsubscribe",
        "open": "open_mail",
        **{key: f"mail_{key}" for key in ("from", "smtp", "imap", "user", "tls", "folder", "a_day")},
    },
    "letters": {"sender": "letterhead", "font": "font", "paper": "paper", "labels": "labels", "postcards": "postcards"},
}


def places(home: str | None = None) -> Places:
    """The rep's folder: `home`, else `SDR_HOME`, else the platform's user data folder."""
    chosen = home or os.environ.get("SDR_HOME")
    if chosen:
        base = Path(chosen).expanduser().resolve()
    else:
        from platformdirs import user_data_path

        base = user_data_path("sdr")
    return Places(base, base / "desk.db", base / "config.toml", base / "exports", base / "rejects", base / "logs")


def load(path: Path) -> Config:
    """The config at `path`; defaults when there is none. `BadConfig` names what is wrong."""
    if not path.exists():
        return Config()
    import tomllib

    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise BadConfig(f"config.toml cannot be read: {fault}") from None
    keys = _table(raw.pop("keys", {}))
    values: dict[str, Any] = {"profile": str(keys.pop("profile", "")), "keys": {k: str(v) for k, v in keys.items()}}
    for section, content in raw.items():
        if section not in _KNOWN or not isinstance(content, dict):
            raise BadConfig(f"config.toml: there is no section [{section}]; there are {', '.join([*_KNOWN, 'keys'])}")
        for key, value in content.items():
            if key not in _KNOWN[section]:
                raise BadConfig(f"config.toml: [{section}] has no “{key}”; it has {', '.join(_KNOWN[section])}")
            values[_KNOWN[section][key]] = tuple(value) if isinstance(value, list) else value
    return _checked(Config(**values))


def _table(keys: Any) -> dict[str, Any]:
    """[keys] as it was written; `"lead.accept" = "A"` and `lead.accept = "A"` mean the same."""
    if not isinstance(keys, dict):
        raise BadConfig("config.toml: [keys] is a section, a verb and its key a line")
    flat: dict[str, Any] = {}
    for name, value in keys.items():
        flat |= {f"{name}.{verb}": key for verb, key in value.items()} if isinstance(value, dict) else {name: value}
    return flat


def _checked(config: Config) -> Config:
    if config.zone and not _is_zone(config.zone):
        raise BadConfig(f"config.toml: [rep] zone “{config.zone}” is not a time zone; write one like Europe/Madrid")
    if config.marks not in MARKS:
        raise BadConfig(f"config.toml: [look] marks is one of {' and '.join(MARKS)}")
    if not all(isinstance(goal, int) and goal > 0 for goal in (config.calls, config.qualified)):
        raise BadConfig("config.toml: [goals] are whole numbers above zero")
    _check_post(config)
    prospecting(config)
    return config


def _check_post(config: Config) -> None:
    """What goes with letters and mail, and what an hour costs."""
    texts = {"[rep] phone": config.phone, "[rep] email": config.email, "[mail] opt_out": config.opt_out,
             "[letters] font": config.font, "[mail] unsubscribe": config.unsubscribe}  # fmt: skip
    lists = {"[rep] busy": config.busy, "[letters] sender": config.letterhead, "[mail] open": config.open_mail,
             "[mail] postal_address": _lines(config.postal_address)}  # fmt: skip
    for name, text in texts.items():
        if not isinstance(text, str):
            raise BadConfig(f"config.toml: {name} is a text in quotation marks")
    for name, words in lists.items():
        if not isinstance(words, tuple) or not all(isinstance(word, str) for word in words):
            raise BadConfig(f"config.toml: {name} is a list of texts")
    if config.unsubscribe and not may_unsubscribe(config.unsubscribe.replace("{id}", "1")):
        raise BadConfig("config.toml: [mail] unsubscribe is an address like mailto:stop@acme.example or https://…")
    if type(config.hour_cost) not in (int, float) or not 0 <= config.hour_cost <= DEAREST:
        raise BadConfig("config.toml: [rep] hour_cost is a number like 45 or 45.50")
    chosen = (("paper", config.paper, PAPERS), ("labels", str(config.labels), LABELS),
              ("postcards", config.postcards, CARDS))  # fmt: skip
    for name, value, known in chosen:
        if value not in known:
            raise BadConfig(f"config.toml: [letters] {name} is one of {', '.join(str(one) for one in known)}")


def _lines(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """An address written as one text with line ends, or as a list of lines."""
    if not isinstance(text, str):
        return text
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def sender(config: Config, name: str = "", email: str = "") -> Sender:
    """Who writes, as config.toml says; `name` and `email` are the rep's own where it says nothing."""
    return Sender(
        name=config.name or name, email=config.email or email, phone=config.phone,
        address=_lines(config.postal_address), opt_out=config.opt_out, unsubscribe=config.unsubscribe,
        head=config.letterhead, font=config.font, paper=config.paper, labels=str(config.labels), cards=config.postcards,
    )  # fmt: skip


def mailbox(config: Config, own: str = "") -> Mailbox | Refused:
    """The rep's own mailbox, or the sentence that says how to turn mail on; `own` is their address if none is set."""
    from sdr.rules import mailbox as known

    return known.mailbox(
        address=config.mail_from, user=config.mail_user, smtp=config.mail_smtp, imap=config.mail_imap,
        tls=config.mail_tls, folder=config.mail_folder, a_day=config.mail_a_day, own=config.email or own,
    )  # fmt: skip


def mail_password(user: str) -> str | None:
    """The password of the mailbox: `SDR_MAIL_PASSWORD`, else what the system's keyring holds for `user`; else None.

    It is never read from a file of ours. A machine without a keyring is no fault: then there is the environment.
    """
    told = os.environ.get("SDR_MAIL_PASSWORD")
    if told:
        return told
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found = keyring.get_password(KEYRING, user)
    except KeyringError:  # NoKeyringError among them: a machine without a desktop
        return None
    return str(found) if found else None


def prospecting(config: Config) -> Hours | None:
    """The hours of the prospecting block; None without one. `BadConfig` says what cannot be read."""
    if config.prospecting == "":
        return None
    from sdr.rules.hours import CalendarError
    from sdr.rules.prospecting import read_block

    try:
        return read_block(config.prospecting)
    except (CalendarError, AttributeError):  # a number has no text to read
        raise BadConfig("config.toml: [rep] prospecting is hours like 09:00-10:30 or mon-thu 09:00-10:30") from None


def mailbox_password(box: Mailbox) -> str | Refused:
    """The password of `box`, or the sentence that says where it may stand."""
    from sdr.rules.mailbox import no_password

    return mail_password(box.user) or no_password(box.user, KEYRING)


def hour_cost(config: Config) -> int:
    """What an hour of the rep costs, in hundredths of the currency of the sources."""
    return round(config.hour_cost * 100)


def clock() -> Callable[[], datetime]:
    """The program's clock (aware, UTC): frozen at `SDR_NOW` when that is set."""
    frozen = os.environ.get("SDR_NOW")
    if not frozen:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(frozen)
    except ValueError:
        raise BadConfig(f"SDR_NOW “{frozen}” is not a time; write one like 2026-03-02T09:00:00+01:00") from None
    if moment.tzinfo is None:
        raise BadConfig("SDR_NOW needs its offset, as in 2026-03-02T09:00:00+01:00")
    fixed = moment.astimezone(UTC)
    return lambda: fixed


def draw() -> int:
    """A random 31-bit number for a new replica; never 0."""
    import secrets

    return secrets.randbelow(2**31 - 1) + 1


def system_zone() -> str:
    """The machine's time zone by name; UTC when it does not say."""
    for name in (os.environ.get("TZ", "").lstrip(":"), _linked_zone(), _written_zone()):
        if name and _is_zone(name):
            return name
    return "UTC"


def user_name() -> str:
    """Who is at the keyboard, as the system knows them."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "me"


def dial_command(config: Config) -> tuple[str, ...]:
    """The command that opens a `tel:` link; `{url}` and `{number}` are filled in. Empty: only copy the number."""
    if os.environ.get("SDR_NO_DIAL"):
        return ()
    return config.dial or _opener()


def mail_command(config: Config) -> tuple[str, ...]:
    """The command that opens a `mailto:` link; `{url}` is filled in. Empty: only copy the text."""
    if os.environ.get("SDR_NO_DIAL"):
        return ()
    return config.open_mail or _opener()


def _opener() -> tuple[str, ...]:
    """What opens a link on this machine; nothing where there is no screen to open it on."""
    if sys.platform == "darwin":
        return ("open", "{url}")
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return ("xdg-open", "{url}") if has_screen else ()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _linked_zone() -> str:
    try:
        return os.readlink("/etc/localtime").partition("zoneinfo/")[2]
    except OSError:
        return ""


def _written_zone() -> str:
    try:
        return Path("/etc/timezone").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
