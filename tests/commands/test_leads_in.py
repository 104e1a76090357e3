"""`sdr import` and `sdr add`: one document a file, counts that add up, and files that are none."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.commands.conftest import Sdr, Stocked
from tests.commands.test_day import CARD

REPORT = {
    "batch", "file", "preset", "encoding", "delimiter", "header_row", "mapping", "rows", "created", "updated", "known",
    "merged", "suggested", "inquiries", "suppressed", "rejected", "rejects_file", "warnings", "seconds",
}  # fmt: skip
GOOD = "Name;Email;Phone;Company;Title\nAda Okafor;ada@lagos.example;+2348031234567;Lagos Steel;buyer\n"
BAD = GOOD + "Bo;not-an-address;;;\nAda O;ADA@lagos.example;;Lagos Steel;\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "show.csv"
    path.write_text(GOOD)
    return path


def test_a_good_file_comes_in_and_is_worked(sdr: Sdr, file: Path) -> None:
    ran = sdr("import", str(file), "--source", "Show", "--cost", "105.00", "--currency", "usd", "--json")
    assert ran.code == 0, ran.err
    assert ran.json.keys() >= REPORT
    assert (ran.json["file"], ran.json["delimiter"], ran.json["created"]) == ("show.csv", ";", 1)
    card = sdr("show", "ada@lagos.example", "--json").json
    assert (card["source"]["name"], card["source"]["cost"], card["zone"]) == ("Show", "105.00", "Africa/Lagos")
    assert sdr("source", "list", "--json").json[0]["type"] == "list"


def test_rejected_rows_are_said_and_kept_in_a_file_of_ones_own(sdr: Sdr, file: Path, home: Path) -> None:
    file.write_text(BAD)
    ran = sdr("import", str(file), "--json")
    report = ran.json
    assert ran.code == 1
    assert (report["rows"], report["created"], report["merged"], report["rejected"]) == (3, 1, 1, 1)
    words = ("created", "updated", "known", "merged", "rejected")
    assert sum(report[word] for word in words) == report["rows"]
    rejects = Path(report["rejects_file"])
    assert rejects.parent == home / "rejects"
    assert rejects.stat().st_mode & 0o077 == 0
    assert "not-an-address" in rejects.read_text(encoding="utf-8-sig")


def test_a_mended_file_of_rejects_comes_in_by_the_first_files_mapping_and_waits_no_longer(
    sdr: Sdr, file: Path, home: Path
) -> None:
    file.write_text("Wer;Wo\nAda Okafor;ada@lagos.example\nBo Lind;bo(at)b.example\n;\n;Rio\n")
    first = sdr("import", str(file), "--map", "Wer=name", "--map", "Wo=email", "--source", "Show", "--json").json
    rejects = Path(first["rejects_file"])
    mended = rejects.read_text(encoding="utf-8-sig").replace("bo(at)b.example", "bo@b.example")
    rejects.write_text(mended, encoding="utf-8-sig")
    again = sdr("import", str(rejects), "--json").json
    assert (again["mapping"], again["created"], again["rejected"]) == ({"Wer": "name", "Wo": "email"}, 1, 1)
    assert sdr("show", "bo@b.example", "--json").json["source"]["name"] == "Show"
    assert [path.name for path in (home / "rejects").glob("*.csv")] == [Path(again["rejects_file"]).name]
    assert (home / "rejects" / "done" / rejects.name).exists()


def test_the_same_file_again_creates_nothing(sdr: Sdr, file: Path) -> None:
    first = sdr("import", str(file), "--json").json
    again = sdr("import", str(file), "--json")
    assert (again.code, again.json["created"], again.json["known"]) == (0, 0, 1)
    assert again.json["batch"] == first["batch"]


def test_a_dry_run_writes_nothing(sdr: Sdr, file: Path, home: Path) -> None:
    file.write_text(BAD)
    ran = sdr("import", str(file), "--dry-run", "--json")
    assert (ran.code, ran.json["created"], ran.json["rejected"], ran.json["batch"]) == (1, 1, 1, None)
    assert ran.json["rejects_file"] is None
    assert not (home / "rejects").exists()
    assert sdr("queue", "--json").json == []


def test_a_dry_run_says_whose_a_doubtful_row_is(sdr: Sdr, stocked: Stocked, tmp_path: Path) -> None:
    ana = sdr("show", stocked.ana, "--json").json
    path = tmp_path / "more.csv"
    rows = [f"Ana R.,,{ana['phone']},Other", "Bo Lind,bo@b.example,+493012345678,Bolts", "B. Lind,,+493012345678,Bolts"]
    path.write_text("Name,Email,Phone,Company\n" + "\n".join(rows) + "\n")
    ran = sdr("import", str(path), "--dry-run", "--json")
    assert (ran.code, ran.json["suggested"], ran.json.keys() >= REPORT) == (0, 2, True)
    first, second = ran.json["doubtful"]
    assert first == {
        "line": 2, "name": "Ana R.", "why": "same phone", "lead": stocked.ana, "whose": first["whose"],
        "other_line": None,
    }  # fmt: skip
    assert first["whose"].startswith(f"owned by {ana['owner']}, state new")
    assert (second["line"], second["lead"], second["whose"], second["other_line"]) == (4, None, None, 3)
    said = sdr("import", str(path), "--dry-run").out
    assert f"doubtful: line 2 · Ana R. · same phone · exists, {first['whose']}" in said
    assert "doubtful: line 4 · B. Lind · same phone · as line 3" in said
    assert "doubtful" not in sdr("import", str(path), "--json").json


def test_many_doubtful_rows_are_counted_and_all_in_the_json(sdr: Sdr, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    people = "".join(f"Person {n},+4930123456{n // 2},Firm {n}\n" for n in range(20, 78))  # two share a number
    path.write_text(f"Name,Phone,Company\n{people}")
    assert len(sdr("import", str(path), "--dry-run", "--json").json["doubtful"]) == 29
    said = sdr("import", str(path), "--dry-run").out
    assert said.count("doubtful: line") == 20
    assert "doubtful: 9 rows more; --json lists all" in said


def test_several_files_are_a_list_and_one_bad_one_keeps_none_out(sdr: Sdr, file: Path, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("Name,Email\nCid,cid@b.example\n")
    ran = sdr("import", str(tmp_path / "no.csv"), str(file), str(tmp_path / "b.csv"), "--json")
    assert ran.code == 2
    assert [one["file"] for one in ran.json] == ["no.csv", "show.csv", "b.csv"]
    assert ran.json[0]["error"]["code"] == "import.unreadable"
    assert [one["created"] for one in ran.json[1:]] == [1, 1]


def test_a_pipe_is_read(sdr: Sdr, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        buffer = io.BytesIO(GOOD.encode("utf-16"))

    monkeypatch.setattr("sys.stdin", Pipe())
    ran = sdr("import", "-", "--json")
    assert (ran.code, ran.json["file"], ran.json["encoding"], ran.json["created"]) == (0, "stdin", "utf-16-le", 1)


def test_a_closed_pipe_is_said(sdr: Sdr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    ran = sdr("import", "-", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "import.unreadable")
    assert "Standard input is closed" in ran.err


def test_columns_and_dates_as_they_are_told(sdr: Sdr, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Wer,Wo,Wann\nAda Okafor,ada@lagos.example,02/03/2026\n")
    words = ["import", str(path), "--map", "Wer=name", "--map", "Wann=arrived_at", "--map", "Wo="]
    told = sdr(*words, "--dry-run", "--json").json
    assert told["mapping"] == {"Wer": "name", "Wo": None, "Wann": "arrived_at"}
    assert any("--date-order" in warning for warning in told["warnings"])
    sdr(*words[:-1], "Wo=email", "--date-order", "mdy")
    assert sdr("show", "ada@lagos.example", "--json").json["arrived_at"].startswith("2026-02-03")


HOLES = "Name,Email,Company,Title\nAda Okafor,ada@lagos.example,N/A,Select\nBo Lind,bo@b.example,Lind AB,n/a\n"


def test_words_for_nothing_are_offered_and_read_as_blank_only_when_told(sdr: Sdr, file: Path) -> None:
    file.write_text(HOLES)
    told = sdr("import", str(file), "--dry-run", "--json").json
    assert [warning for warning in told["warnings"] if '--blank "n/a"' in warning]
    sdr("import", str(file))
    assert sdr("show", "ada@lagos.example", "--json").json["company"] == "N/A"
    sdr("undo")
    told = sdr("import", str(file), "--blank", "N/A", "--blank", "select", "--json").json
    assert "3 cells hold a word for nothing and were read as blank." in told["warnings"]
    card = sdr("show", "ada@lagos.example", "--json").json
    assert (card["company"], card["title"]) == ("", "") or (card["company"], card["title"]) == (None, None)
    assert sdr("show", "bo@b.example", "--json").json["company"] == "Lind AB"


def test_words_for_nothing_are_remembered_with_the_shape_of_the_file_and_forgotten_by_an_empty_one(
    sdr: Sdr, file: Path
) -> None:
    file.write_text(HOLES)
    sdr("import", str(file), "--blank", "n/a")
    again = sdr("import", str(file), "--dry-run", "--json").json
    assert "2 cells hold a word for nothing and were read as blank." in again["warnings"]
    plain = sdr("import", str(file), "--dry-run", "--blank", "", "--json").json
    assert not any("read as blank." in warning for warning in plain["warnings"])


def test_a_known_lead_keeps_or_takes_a_field_as_the_command_says_and_the_next_file_remembers(
    sdr: Sdr, file: Path
) -> None:
    sdr("import", str(file))
    file.write_text(GOOD.replace("Lagos Steel", "Lagos Metal").replace("buyer", "head buyer"))
    assert sdr("import", str(file), "--dry-run", "--json").json["known"] == 1
    assert sdr("import", str(file), "--policy", "company=replace", "--json").json["updated"] == 1
    card = sdr("show", "ada@lagos.example", "--json").json
    assert (card["company"], card["title"]) == ("Lagos Metal", "buyer")
    file.write_text(GOOD.replace("Lagos Steel", "Lagos Iron"))
    assert sdr("import", str(file), "--dry-run", "--json").json["updated"] == 1
    assert sdr("import", str(file), "--dry-run", "--policy", "company=keep", "--json").json["known"] == 1


def test_a_second_file_of_the_same_shape_needs_no_mapping(sdr: Sdr, file: Path) -> None:
    file.write_text("Wer;Wo;Was\nAda;ada@lagos.example;leaks\n")
    sdr("import", str(file), "--map", "Wer=name", "--map", "Wo=email", "--map", "Was=notes")
    file.write_text("was ; WER;Wo\nleaks too;Bo;bo@b.example\n")
    again = sdr("import", str(file), "--json").json
    assert again["mapping"] == {"was": "notes", "WER": "name", "Wo": "email"}


def test_dates_of_two_orders_are_named_and_what_cannot_be_read_is_counted(sdr: Sdr, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    days = ("31/12/2025", "13/11/2025", "12/31/2025")
    path.write_text("Name,Email,Created\n" + "".join(f"P{n},p{n}@b.example,{day}\n" for n, day in enumerate(days)))
    told = sdr("import", str(path), "--dry-run", "--json").json
    assert any("two orders" in warning for warning in told["warnings"])
    assert any("1 row is kept without a value" in warning for warning in told["warnings"])
    assert told["created"] == 3


def test_what_another_row_of_the_file_says_otherwise_is_read_on_the_card(sdr: Sdr, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("Name,Email,Title\nAna Ruiz,ana@acme.example,CEO\nAna Ruiz,ANA@acme.example,CFO\n")
    assert sdr("import", str(path), "--json").json["merged"] == 1
    assert sdr("show", "ana@acme.example", "--json").json["timeline"][0]["texts"] == [
        "another row of the file: title CFO"
    ]
    assert "another row of the file: title CFO" in sdr("show", "ana@acme.example").out


def test_one_row_is_one_row(sdr: Sdr, file: Path) -> None:
    assert "1 row: 1 created" in sdr("import", str(file)).out


NONSENSE = [
    (("FILE", "--policy", "company=eat"), "fill, keep or replace"),
    (("FILE", "--policy", "shoes=keep"), "company=replace"),
    ((), "file"),
    (("no.csv",), "no such file"),
    (("FILE", "--map", "Nope=name"), "Nope"),
    (("FILE", "--map", "Name=shoe_size"), "shoe_size"),
    (("FILE", "--type", "gift"), "hand-raiser"),
    (("FILE", "--date-order", "xyz"), "dmy"),
    (("FILE", "--source", "S", "--cost", "lots"), "105.00"),
    (("FILE", "--currency", "dollars"), "USD"),
    (("FILE", "--country", "Atlantis"), "US"),
    (("FILE", "--cost", "5"), "--source"),
    (("FILE", "--encoding", "klingon"), "utf-8"),
    (("FILE", "--undo", "5"), "--undo"),
    (("--undo", "5"), "5"),
    (("--undo", "x"), "x"),
]


@pytest.mark.parametrize(("words", "named"), NONSENSE, ids=[" ".join(case[0]) or "nothing" for case in NONSENSE])
def test_imports_that_make_no_sense(sdr: Sdr, file: Path, words: tuple[str, ...], named: str) -> None:
    ran = sdr("import", *(str(file) if word == "FILE" else word for word in words), "--json")
    assert ran.code == 2
    assert ran.json.keys() == {"error"}
    assert named in ran.err
    assert sdr("queue", "--json").json == []


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"\x89PNG\r\n", b"\0" * 500])
def test_files_that_are_no_table(sdr: Sdr, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    ran = sdr("import", str(file), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "import.unreadable")


def test_an_import_is_taken_back_but_for_what_was_worked(sdr: Sdr, file: Path) -> None:
    file.write_text(GOOD + "Bo Lind;bo@b.example;+46700000001;B;buyer\n")
    batch = sdr("import", str(file), "--json").json["batch"]
    sdr("accept", "bo@b.example")
    ran = sdr("import", "--undo", batch, "--json")
    assert ran.json.keys() >= {"withdrawn", "kept"}
    assert ran.json["withdrawn"] == 1
    assert [one.keys() >= {"lead", "why"} for one in ran.json["kept"]] == [True]
    assert "accepted" in ran.json["kept"][0]["why"]
    assert sdr("show", "ada@lagos.example").code == 2
    assert sdr("show", "bo@b.example").code == 0


def test_one_line_is_one_lead(sdr: Sdr) -> None:
    ran = sdr("add", "Ana Ruiz, Acme Pumps, ana@acme.example, show:Hannover", "--json")
    assert ran.code == 0
    assert ran.json.keys() >= CARD
    assert (ran.json["name"], ran.json["email"]) == ("Ana Ruiz", "ana@acme.example")
    assert (ran.json["source"]["name"], ran.json["company"]) == ("Hannover", "Acme Pumps")
    assert sdr("undo").code == 0
    assert sdr("show", "ana@acme.example").code == 2


def test_an_address_that_exists_is_refused_unless_forced(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("add", "Anna R, ana@acme.example", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "lead.exists")
    assert sdr("add", "Anna R, ana@acme.example", "--force").code == 0


@pytest.mark.parametrize("line", ["", " , ,", "#tag", "Ana, a@b@c"])
def test_a_line_that_names_nobody(sdr: Sdr, line: str) -> None:
    ran = sdr("add", line, "--json")
    assert ran.code == 2
    assert ran.json["error"]["message"]


MAIL = "From: Ana Ruiz <ana@acme.example>\nDate: Mon, 2 Mar 2026 08:15:00 +0100\nSubject: Leaks\n\nPlease call me.\n"


def test_a_mail_is_a_lead_with_its_words_and_its_hour(sdr: Sdr, tmp_path: Path) -> None:
    (tmp_path / "ana.eml").write_text(MAIL)
    ran = sdr("add", "--mail", str(tmp_path / "ana.eml"), "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["name"], ran.json["email"], ran.json["source"]["name"]) == (
        "Ana Ruiz", "ana@acme.example", "inbound mail",
    )  # fmt: skip
    assert ran.json["arrived_at"].startswith("2026-03-02T08:15")
    again = sdr("add", "--mail", str(tmp_path / "ana.eml"), "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "lead.exists")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--mail", "no.eml"), "no such file"),
        (("--mail", "FILE"), "no address of a sender"),
        (("--mail", "FILE", "Ana"), "by a line or by a mail"),
        (("Ana", "--source", "Show"), "show:Hannover"),
        ((), "nobody is named"),
    ],
)
def test_adds_that_make_no_sense(sdr: Sdr, tmp_path: Path, words: tuple[str, ...], named: str) -> None:
    path = tmp_path / "empty.eml"
    path.write_text("Hello\nthere\n")
    ran = sdr("add", *(str(path) if word == "FILE" else word for word in words), "--json")
    assert ran.code == 2
    assert named in ran.err
