"""The playbook's own texts, for tests that hold them to the designs."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "sdr" / "playbook"


def text(name: str) -> str:
    """The text of the playbook file `name`, without its `.toml`."""
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
