"""`sdr cadence`: drips listed, checked with line and step, loaded as versions, and previewed with their real dates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sdr.desk.drip import enroll
from sdr.store.queries import playbook
from sdr.store.queries.playbook import packaged
from tests.commands.conftest import Sdr
from tests.desks import Desk

STEP = '[[step]]\nname = "a"\nchannel = "call"\ndelay = "{}"\n'


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    """Write a drip with these delays and give its file."""

    def write(*delays: str, top: str = "", more: str = "", name: str = "Test") -> str:
        path = tmp_path / "drip.toml"
        steps = "".join(STEP.format(delay) for delay in delays)
        path.write_text(f'name = "{name}"\nversion = 1\n{top}{steps}{more}', encoding="utf-8")
        return str(path)

    return write


def at_times(sdr: Sdr, *words: str) -> list[str]:
    ran = sdr("cadence", "preview", *words, "--json")
    assert ran.code == 0, ran.err
    assert all(item.keys() >= {"step", "channel", "at", "local_time", "moved_from", "why"} for item in ran.json)
    return [item["at"][:16] for item in ran.json]


# --- the real dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "delays", "dates"),
    [
        ("2026-03-02T17:00", ("0d", "3d", "3d"), ["2026-03-02T17:00", "2026-03-05T17:00", "2026-03-09T09:00"]),  # G1
        ("2026-03-07T12:00", ("0d",), ["2026-03-09T09:00"]),  # G2
        ("2026-03-06T10:00", ("3d",), ["2026-03-09T10:00"]),  # G3
        ("2026-03-05T10:00", ("2d",), ["2026-03-09T09:00"]),  # G3
        ("2026-03-06T10:00", ("3bd",), ["2026-03-11T10:00"]),  # G4
        ("2026-03-06T10:00", ("1bd", "1bd"), ["2026-03-09T10:00", "2026-03-10T10:00"]),  # G16
    ],
)
def test_the_outside_cases(
    sdr: Sdr, written: Callable[..., str], start: str, delays: tuple[str, ...], dates: list[str]
) -> None:
    assert sdr("cadence", "load", written(*delays)).code == 0
    window = ("--window", "mon-fri 09:00-18:00", "--zone", "Europe/Madrid")
    assert at_times(sdr, "Test", "--from", start, *window) == dates


def test_a_preview_says_what_moved_and_why(sdr: Sdr, written: Callable[..., str]) -> None:
    sdr("cadence", "load", written("0d", "3d"))
    shown = sdr("cadence", "preview", "test", "--from", "2026-04-30 11:00", "--country", "ES", "--json").json
    assert shown[1]["at"] == shown[1]["local_time"] == "2026-05-04T09:00:00+02:00"
    assert shown[1]["moved_from"] == "2026-05-03T11:00:00+02:00"
    assert shown[1]["why"] == "3d after step 1, moved to the next opening: not a working day"
    holiday = sdr("cadence", "preview", "test", "--from", "2026-12-22 11:00", "--country", "ES", "--json").json
    assert (holiday[1]["at"], holiday[1]["why"][-12:]) == ("2026-12-28T09:00:00+01:00", "a closed day")
    assert "Mon 04 May 2026 09:00" in sdr("cadence", "preview", "test", "--from", "2026-04-30 11:00").out


def test_a_time_without_offset_is_the_prospects_and_nobody_is_enrolled(sdr: Sdr, stocked: object) -> None:
    words = ("--from", "2026-03-02 10:00", "--zone", "America/New_York", "--country", "US")
    shown = sdr("cadence", "preview", "1", *words, "--json").json
    assert shown[0]["at"] == "2026-03-02T10:00:00-05:00"
    assert len(shown) == 8
    assert sdr("cadence", "list", "--json").json[0]["inside"] == 0


def test_post_counts_from_its_arrival_and_tracks_are_previewed(sdr: Sdr) -> None:
    fair = sdr("cadence", "preview", "fair", "--from", "2026-03-02 10:00", "--json").json
    assert [item["at"][:10] for item in fair[1:3]] == ["2026-03-05", "2026-03-10"]
    assert fair[1]["arrives_at"][:10] == "2026-03-09"
    positive = sdr("cadence", "preview", "inbound", "--from", "2026-03-02 10:00", "--track", "positive", "--json").json
    assert [item["step"] for item in positive] == [8, 9]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("Nobody", "--from", "2026-03-02"), "drip.unknown"),
        (("9", "--from", "2026-03-02"), "drip.unknown"),
        (("Test", "--from", "someday"), "time.unclear"),
        (("Test",), "usage"),
        (("Test", "--from", "2026-03-02", "--zone", "Mars"), "zone.unknown"),
        (("Test", "--from", "2026-03-02", "--country", "Mars"), "country.unknown"),
        (("Test", "--from", "2026-03-02", "--window", "mon"), "window.unclear"),
        (("Test", "--from", "2026-03-02", "--track", "sideways"), "track.unknown"),
    ],
)
def test_a_preview_that_makes_no_sense(
    sdr: Sdr, written: Callable[..., str], words: tuple[str, ...], code: str
) -> None:
    sdr("cadence", "load", written("0d"))
    ran = sdr("cadence", "preview", *words, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, code)


def test_hours_that_never_open_plan_nothing_and_say_so(sdr: Sdr) -> None:
    ran = sdr("cadence", "preview", "1", "--from", "2026-03-02", "--window", "2020-01-01 09:00-10:00", "--json")
    assert (ran.json, "step 1 never comes" in ran.err) == ([], True)


# --- checked and loaded --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delays", "more", "line", "step", "words"),
    [
        ((), "", None, None, "it has no steps"),
        (("0m", "3 moons"), "", 10, 2, '"delay": The length "3 moons" cannot be read'),
        (("0m", "3650d"), "", 10, 2, "3650d is more than two years"),
        (("0m", "99999d"), "", 10, 2, "more than ten years"),
        (("0m", "0"), "", 10, 2, 'The length "0" cannot be read'),
        (("0m",), 'window = ""\n', 7, 1, '"window" must be a text in quotes'),
        (("0m",), 'window = "mon 12:00-12:00"\n', 7, 1, "must end after they start"),
        (("0m",), 'window = "2026-12-24 09:00-12:00"\n', 7, 1, "never opens in an ordinary week"),
        (("0m",), STEP.format("1d").replace("call", "fax"), 9, 2, '"channel" must be one of call, email'),
        (("0m",), 'template = "no-such-text"\n', None, None, "there is no message text “no-such-text”"),
        (("0m",), "[[step\n", 7, None, "this is not TOML"),
    ],
)
def test_a_fault_names_line_and_step_and_nothing_is_loaded(
    sdr: Sdr,
    written: Callable[..., str],
    delays: tuple[str, ...],
    more: str,
    line: int | None,
    step: int | None,
    words: str,
) -> None:
    path = written(*delays, more=more)
    checked = sdr("cadence", "check", path, "--json")
    assert (checked.code, checked.json["ok"]) == (1, False)
    [fault] = checked.json["faults"]
    assert (fault["line"], fault["step"]) == (line, step)
    assert words in fault["message"]
    loaded = sdr("cadence", "load", path, "--json")
    assert (loaded.code, words in loaded.json["error"]["message"]) == (2, True)
    assert [one["name"] for one in sdr("cadence", "list", "--json").json] == [
        "Standard drip", "Inbound follow-up", "After the fair",
    ]  # fmt: skip


def test_a_good_file_is_checked_without_being_loaded(sdr: Sdr, written: Callable[..., str]) -> None:
    checked = sdr("cadence", "check", written("0m", "0m"), "--json").json
    assert (checked["ok"], checked["faults"], len(checked["steps"])) == (True, [], 2)
    assert checked["notes"] == ["step 2 comes right after step 1, 1h apart at the least"]
    assert len(sdr("cadence", "list", "--json").json) == 3


def test_a_file_that_is_not_there_or_no_text(sdr: Sdr, tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\xff")
    for path in ("odd.toml", "none.toml"):
        assert sdr("cadence", "check", str(tmp_path / path), "--json").json["error"]["code"] == "file.unreadable"


def test_what_is_shipped_is_shown_whole(sdr: Sdr) -> None:
    shown = sdr("cadence", "show", "After the fair", "--json").json
    card = shown["steps"][1]
    assert (card["channel"], card["cost"], card["lead_time"], card["blocking"]) == ("postcard", "0.95", "2bd", False)
    assert shown["text"] == packaged("cadence_trade_fair.toml")
    inbound = sdr("cadence", "show", "inbound", "--json").json["steps"]
    assert (inbound[4]["needs"], inbound[4]["variants"]) == (2, ["mail-two-times", "mail-one-question"])
    assert (inbound[3]["window"], inbound[7]["track"]) == ("mon-fri 09:00-12:00", "positive")
    assert max(len(line) for line in sdr("cadence", "show", "3").out.splitlines()) <= 80


# --- versions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def inside(filling: Callable[[], Desk]) -> str:
    """A lead at the second step (a mail, next business day) of the standard drip."""
    desk = filling()
    lead = desk.new_lead()
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=2)
    desk.store.close()
    return str(lead)


def edited(tmp_path: Path, delay: str) -> str:
    path = tmp_path / "standard.toml"
    text = packaged("cadence.toml").replace(
        'delay = "1bd"\ntemplate = "mail-int', f'delay = "{delay}"\ntemplate = "mail-int'
    )
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_those_inside_keep_their_version_unless_it_is_applied(sdr: Sdr, tmp_path: Path, inside: str) -> None:
    path = edited(tmp_path, "5bd")
    rehearsed = sdr("cadence", "load", path, "--dry-run", "--json").json
    assert (rehearsed["version"], rehearsed["loaded"], rehearsed["inside"], rehearsed["moving"]) == (2, False, 1, 1)
    assert rehearsed["moves"] == [
        {"lead": inside, "name": "Ana Ruiz", "step": 2, "to_step": 2, "from": "2026-03-03T10:00:00+01:00",
         "to": "2026-03-09T10:00:00+01:00"}
    ]  # fmt: skip
    assert sdr("cadence", "show", "1", "--json").json["version"] == 1
    before = sdr("show", inside, "--json").json["next_step"]["due_at"]
    loaded = sdr("cadence", "load", path)
    assert "1 inside version 1; 1 would get another date" in loaded.out
    assert "those inside keep their version" in loaded.out
    card = sdr("show", inside, "--json").json
    assert (card["next_step"]["due_at"], card["enrollment"]["version"]) == (before, 1)
    assert sdr("cadence", "list", "--json").json[0]["in_older_versions"] == 1


def test_applying_moves_them_in_one_act_that_is_undone(sdr: Sdr, tmp_path: Path, inside: str) -> None:
    before = sdr("show", inside, "--json").json
    applied = sdr("cadence", "load", edited(tmp_path, "5bd"), "--apply", "--json").json
    assert (applied["applied"], applied["moving"]) == (True, 1)
    card = sdr("show", inside, "--json").json
    assert card["enrollment"]["version"] == 2
    assert card["next_step"]["due_at"] == applied["moves"][0]["to"] != before["next_step"]["due_at"]
    assert sdr("undo").code == 0
    again = sdr("show", inside, "--json").json
    assert (again["next_step"], again["enrollment"]) == (before["next_step"], before["enrollment"])
    assert sdr("cadence", "show", "1", "--json").json["version"] == 1


def test_a_version_in_force_is_refused_but_may_still_be_applied(sdr: Sdr, tmp_path: Path, inside: str) -> None:
    path = edited(tmp_path, "5bd")
    sdr("cadence", "load", path)
    assert sdr("cadence", "load", path, "--json").json["error"]["code"] == "cadence.same"
    assert sdr("cadence", "load", path, "--apply", "--json").json["version"] == 2
    assert sdr("show", inside, "--json").json["enrollment"]["version"] == 2
    assert sdr("cadence", "load", path, "--apply").code == 1


def test_a_new_version_keeps_its_place_as_the_default(sdr: Sdr, tmp_path: Path, stocked: object) -> None:
    sdr("cadence", "load", edited(tmp_path, "3bd"))
    listed = sdr("cadence", "list", "--json").json
    assert [(one["name"], one["version"], one["default"]) for one in listed] == [
        ("Standard drip", 2, True), ("Inbound follow-up", 1, False), ("After the fair", 1, False),
    ]  # fmt: skip
    accepted = sdr("accept", "ana@acme.example", "--json").json
    assert sdr("show", accepted["lead"], "--json").json["enrollment"]["version"] == 2


def test_the_rest_after_the_end_is_checked_shown_and_previewed_and_kept(sdr: Sdr, written: Callable[..., str]) -> None:
    """G18: +1 d, +3 d, +6 d, then rest 30 d."""
    file = written("1d", "3d", "6d", top='rest = "30d"\n', name="Ladder")
    assert "then rest 30d" in sdr("cadence", "check", file).out
    assert sdr("cadence", "check", file, "--json").json["rest"] == "30d"
    assert sdr("cadence", "load", file).code == 0
    assert sdr("cadence", "show", "Ladder", "--json").json["rest"] == "30d"
    assert "touches 1h apart at the least · then rest 30d" in sdr("cadence", "show", "Ladder").out
    words = ("cadence", "preview", "Ladder", "--from", "2026-03-02T10:00", "--zone", "Europe/Madrid")
    ends = [one["rests_until"] for one in sdr(*words, "--json").json]
    assert ends == [None, None, "2026-04-11T10:00:00+02:00"]
    assert sdr(*words).out.splitlines()[-1] == "then rest 30d, until Sat 11 Apr 2026 10:00"
    assert sdr("cadence", "show", "Standard drip", "--json").json["rest"] is None
    sdr("add", "Ana Ruiz, Acme Pumps, ana@acme.example, +34 600 00 00 01")
    assert "then rest 30d, until" in sdr("enroll", "ana", "Ladder", "--dry-run").out
    assert sdr("enroll", "ana", "Ladder").code == 0
    for _ in range(3):
        assert sdr("skip", "ana", "other").code == 0
    ran = sdr("enroll", "ana", "Ladder", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "drip.rest")
    assert "rests until Wed 1 Apr" in ran.json["error"]["message"]
    assert sdr("gate", "ana", "call", "--json").json["rules"][0]["id"] == "drip.rest"
