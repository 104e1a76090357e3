"""`sdr text` as a script runs it: the list, one text, a file checked and loaded, approval and what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Sdr

OWN = '[[template]]\nkey = "own"\nchannel = "email"\nsubject = "Hi"\nowner = "Kim"\ntext = "Hello {first_name|there}"\n'


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "texts.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_the_list_names_every_text_with_its_standing(sdr: Sdr) -> None:
    found = {one["key"]: one for one in sdr("text", "list", "--json").json}
    one = found["mail-introduction"]
    assert (one["channel"], one["version"], one["state"], one["owner"]) == ("email", 1, "approved", "marketing")
    assert (one["used"], one["qualified"], one["trials"]) == (0, 0, [])
    plain = sdr("text", "list")
    assert plain.code == 0
    assert "approved as shipped" in plain.out
    assert all(len(line) <= 80 for line in plain.out.splitlines())


def test_a_text_is_checked_loaded_approved_changed_and_compared(sdr: Sdr, file: Callable[[str], str]) -> None:
    checked = sdr("text", "check", file(OWN), "--json")
    assert (checked.code, checked.json["ok"]) == (0, True)
    assert checked.json["texts"] == [{"key": "own", "channel": "email", "fields": ["first_name"]}]
    assert sdr("text", "list", "--json").json != []
    [loaded] = sdr("text", "load", file(OWN), "--json").json
    assert (loaded["key"], loaded["state"], loaded["version"]) == ("own", "unapproved", 1)
    approved = sdr("text", "approve", "own", "--by", "Iris", "--json").json
    assert (approved["state"], approved["approved_by"], approved["fields"]) == ("approved", "Iris", ["first_name"])
    assert approved["approved_at"] == "2026-03-02T10:00:00+01:00"
    [again] = sdr("text", "load", file(OWN.replace("Hello", "Good day")), "--json").json
    assert (again["state"], again["version"]) == ("changed", 2)
    diff = sdr("text", "diff", "own", "--json").json
    assert diff["state"] == "changed"
    assert diff["changes"] == ["", "[-Hello-]{+Good day+} {first_name|there}"]
    plain = sdr("text", "diff", "own")
    assert "changed since Iris approved it, 2 Mar 2026" in plain.out
    assert "[-Hello-]{+Good day+} {first_name|there}" in plain.out
    assert "nothing changed" in sdr("text", "diff", "value").out


def test_a_text_is_shown_as_it_is_filled_in(sdr: Sdr) -> None:
    shown = sdr("text", "show", "mail-case").out
    assert shown.startswith("mail-case · email · version 1 · approved as shipped\n\nsubject: A case like yours")
    assert "Hello {first_name|there}," in shown


def test_the_reps_own_number_and_address_are_filled_in_and_follow_the_config(
    sdr: Sdr, home: Path, file: Callable[[str], str]
) -> None:
    sdr("add", "Ana Ruiz, Acme Pumps, ana@acme.example, +34 600 00 00 01")
    body = 'text = """{rep_phone|-} {rep_email|-}"""'
    text = f'[[template]]\nkey = "mail-introduction"\nchannel = "email"\nsubject = "Hi"\n{body}'
    assert sdr("text", "load", file(text)).code == 0
    assert sdr("text", "approve", "mail-introduction", "--by", "Kim").code == 0

    def mailed() -> str:
        assert sdr("enroll", "ana", "Standard drip", "--at-step", "2").code == 0
        assert sdr("touch", "ana", "email", "--because", "test").code == 0
        with closing(sqlite3.connect(home / "desk.db")) as db:
            [one] = db.execute("SELECT text FROM message").fetchone()
        for _ in range(2):
            sdr("undo")
        return str(one)

    assert mailed() == "- -"
    config = home / "config.toml"
    config.write_text('[rep]\nphone = " +34 911 00 00 00 "\nemail = "kim@ours.example"\n', "utf-8")
    assert mailed() == "+34 911 00 00 00 kim@ours.example"
    steps = [one["summary"] for one in sdr("history", "--json").json]
    assert sum("is reached by another email and phone" in one for one in steps) == 1  # once, whatever runs after it
    config.write_text("", "utf-8")  # said nothing of: what was known stays
    assert mailed() == "+34 911 00 00 00 kim@ours.example"
    for wrong in ("phone = 34911", "email = 7"):
        config.write_text(f"[rep]\n{wrong}\n", "utf-8")
        ran = sdr("outbox")
        assert (ran.code, "is a text in quotation marks" in ran.err) == (2, True)


def test_a_text_retires_and_comes_back(sdr: Sdr) -> None:
    assert sdr("text", "retire", "value", "--json").json["state"] == "retired"
    assert sdr("text", "retire", "value", "--back", "--json").json["state"] == "approved"
    later = sdr("text", "retire", "value", "--on", "2026-10-01", "--json").json
    assert (later["state"], later["retires_on"]) == ("approved", "2026-10-01")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", "nothing"), 2, "there is no text “nothing”; there is call-fair"),
        (("diff", "nothing"), 2, "there is no text “nothing”"),
        (("approve", "value", "--by", " "), 2, "an approval needs the name of who gives it"),
        (("approve", "value", "--by", "as shipped"), 1, "has approved the text"),
        (("retire", "value", "--on", "soon"), 2, "“soon” is not a day"),
        (("retire", "value", "--back"), 1, "is not retired"),
        (("load", "nowhere.toml"), 2, "the file cannot be read"),
    ],
)
def test_what_makes_no_sense_or_is_refused(sdr: Sdr, words: tuple[str, ...], code: int, says: str) -> None:
    ran = sdr("text", *words)
    assert (ran.code, ran.out) == (code, "")
    assert says in ran.err


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            OWN.replace("first_name", "frist_name"),
            "column 7: {frist_name} is no placeholder; did you mean",
        ),
        (OWN + OWN, 'text "own", line 7: the key "own" is taken'),
        ("[[template", "this is not TOML"),
        ("", "it has no texts"),
    ],
)
def test_a_fault_is_named_with_its_place_and_nothing_is_loaded(
    sdr: Sdr, file: Callable[[str], str], wrong: str, says: str
) -> None:
    before = sdr("text", "list", "--json").json
    checked = sdr("text", "check", file(wrong), "--json")
    assert (checked.code, checked.json["ok"]) == (1, False)
    assert says in checked.json["faults"][0]["message"]
    loaded = sdr("text", "load", file(wrong))
    assert loaded.code == 2
    assert says in loaded.err
    assert sdr("text", "list", "--json").json == before


def test_the_same_file_twice_is_refused(sdr: Sdr, file: Callable[[str], str]) -> None:
    sdr("text", "load", file(OWN))
    again = sdr("text", "load", file(OWN), "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "text.same")
