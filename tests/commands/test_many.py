"""The whole list by command: looked at, as a file, and one verb on all of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.commands.conftest import Sdr

FILE = """Name,Email,Phone,Company,Title,City,Country,Notes,Do not call
Ana Ruiz,ana@acme.example,+34600111222,Acme,CEO,Madrid,ES,=met at the stand,
Bo Lind,bo@lind.example,,Lind,CTO,Lyon,FR,,yes
Cy Moss,cy@moss.example,,@Moss,Buyer,Madrid,ES,one,
"""


def rows_of(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(autouse=True)
def listed(sdr: Sdr, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(FILE, encoding="utf-8")
    assert sdr("import", str(file), "--source", "Fair").code == 0


def test_the_list_is_what_the_filter_lets_through(sdr: Sdr) -> None:
    found = sdr("leads", "--json").json
    assert found["total"] == 3
    assert {one["name"] for one in found["leads"]} == {"Ana Ruiz", "Bo Lind", "Cy Moss"}
    madrid = sdr("leads", "--filter", "city:madrid", "--limit", "1", "--json").json
    assert (madrid["total"], len(madrid["leads"])) == (2, 1)
    assert madrid["leads"][0]["source"] == "Fair"
    assert "1 of 2 more" in sdr("leads", "--filter", "city:madrid", "--limit", "1").out
    assert "no lead matches" in sdr("leads", "--filter", "city:oslo").out


def test_a_filter_that_cannot_be_read_points_at_its_fault(sdr: Sdr) -> None:
    for words in (("leads",), ("export",), ("bulk", "accept")):
        ran = sdr(*words, "--filter", "city:madrid score>=many")
        assert ran.code == 2
        assert "^" in ran.err


def test_a_list_goes_out_as_one_file_and_comes_back_as_nobody_new(sdr: Sdr, tmp_path: Path) -> None:
    ran = sdr("export", "--filter", "city:madrid", "--to", str(tmp_path / "out"), "--json")
    (file,) = ran.json["files"]
    path = Path(file["path"])
    assert (ran.code, file["rows"], file["state"]) == (0, 2, "new")
    assert "madrid" not in path.name
    rows = {row["Name"]: row for row in rows_of(file["path"])}
    assert rows["Ana Ruiz"]["Notes"] == "'=met at the stand"
    assert rows["Cy Moss"]["Company"] == "'@Moss"
    assert rows["Ana Ruiz"]["Source"] == "Fair"
    again = sdr("import", str(path), "--source", "Fair", "--dry-run", "--json").json
    assert (again["created"], again["merged"], again["rejected"]) == (0, 0, 0)


def test_who_is_to_be_left_alone_goes_out_with_that(sdr: Sdr, tmp_path: Path) -> None:
    ran = sdr("export", "--filter", "bo@lind.example", "--profile", "salesforce", "--to", str(tmp_path), "--json")
    (row,) = rows_of(ran.json["files"][0]["path"])
    assert (row["Email"], row["Do Not Call"], row["Email Opt Out"]) == ("bo@lind.example", "yes", "no")


def test_a_program_gets_no_cell_that_runs(sdr: Sdr, tmp_path: Path) -> None:
    ran = sdr("export", "--filter", "city:madrid", "--profile", "hubspot", "--to", str(tmp_path), "--json")
    assert ran.code == 1
    assert {one["column"] for one in ran.json["refused"]} == {"Message", "Company Name"}
    assert ran.json["files"][0]["rows"] == 0


def test_a_list_of_nobody_or_of_a_day_is_no_file(sdr: Sdr, tmp_path: Path) -> None:
    assert sdr("export", "--filter", "city:oslo", "--to", str(tmp_path / "out")).code == 1
    assert sdr("export", "--filter", "city:madrid", "--date", "yesterday").code == 2
    assert not (tmp_path / "out").exists()


def test_one_verb_on_many_is_one_act(sdr: Sdr) -> None:
    would = sdr("bulk", "accept", "--filter", "city:madrid", "--dry-run", "--json").json
    assert (would["leads"], would["takes"], would["step"]) == (2, 2, None)
    assert sdr("leads", "--filter", "state:new", "--json").json["total"] == 3
    done = sdr("bulk", "accept", "--filter", "city:madrid", "--json").json
    assert done["takes"] == 2
    assert done["step"]
    assert sdr("leads", "--filter", "state:working", "--json").json["total"] == 2
    assert sdr("undo").code == 0
    assert sdr("leads", "--filter", "state:new", "--json").json["total"] == 3


def test_who_is_refused_is_named_and_the_others_are_done(sdr: Sdr) -> None:
    sdr("reject", "cy@moss.example", "1")
    ran = sdr("bulk", "reject", "2", "--filter", "city:madrid")
    assert ran.code == 1
    assert "refused: Cy Moss" in ran.out
    assert sdr("leads", "--filter", "state:rejected", "--json").json["total"] == 2


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("reject", "1"), "rejected"),
        (("nurture", "+30d"), "nurture"),
        (("accept",), "working"),
    ],
)
def test_verbs_of_a_list(sdr: Sdr, words: tuple[str, ...], state: str) -> None:
    ran = sdr("bulk", *words, "--filter", "bo@lind.example", "--json")
    assert (ran.code, ran.json["takes"]) == (0, 1)
    assert sdr("leads", "--filter", "bo@lind.example", "--json").json["leads"][0]["state"] == state


def test_a_drip_takes_those_it_may(sdr: Sdr) -> None:
    sdr("bulk", "accept", "--filter", "city:madrid")
    drip = sdr("cadence", "list", "--json").json[0]["name"]
    ran = sdr("bulk", "enroll", drip, "--filter", "state:new", "--dry-run", "--json")
    assert ran.json["leads"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("bulk", "explode", "--filter", "state:new"),
        ("bulk", "accept", "now", "--filter", "state:new"),
        ("bulk", "reject", "99", "--filter", "state:new"),
        ("bulk", "snooze", "2020-01-01", "--filter", "state:new"),
        ("bulk", "note", "--filter", "state:new"),
        ("bulk", "give", "nobody", "--filter", "state:new"),
        ("bulk", "accept", "--filter", " "),
        ("bulk", "accept", "--filter", "("),
        ("bulk", "accept"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence_and_does_nothing(sdr: Sdr, words: tuple[str, ...]) -> None:
    ran = sdr(*words)
    assert ran.code == 2
    assert ran.err.count("\n") <= 3
    assert sdr("leads", "--filter", "state:new", "--json").json["total"] == 3
