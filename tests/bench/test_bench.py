"""The invented list is what it says it is, and the command that prints the figures prints them."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.again import KINDS
from bench.figures import Figure, Limit, Measured, in_child, judged, pooled, ratio
from bench.generate import DUPLICATES, FIRST, HARD, HEADER, PLAIN, TWIN, Noise, leads, person, rows

ROWS = list(leads(4_000, seed=7))


def column(name: str) -> list[str]:
    return [row[HEADER.index(name)] for _, row in ROWS]


def test_the_same_seed_gives_the_same_list_and_another_another() -> None:
    assert list(leads(4_000, seed=7)) == ROWS
    assert list(leads(4_000, seed=8)) != ROWS


def test_about_fifteen_in_a_hundred_rows_are_an_earlier_person_again() -> None:
    people = {number for number, _ in ROWS}
    assert abs(1 - len(people) / len(ROWS) - DUPLICATES) < 0.02
    assert people == set(range(len(people)))


@pytest.mark.parametrize("noise", [PLAIN, HARD])
def test_the_truth_says_who_stands_behind_each_row_and_how_they_come_again(noise: Noise) -> None:
    first: dict[int, tuple[str, ...]] = {}
    told = Counter()
    for number, kind, row in rows(6_000, 7, noise):
        assert (kind in (FIRST, TWIN)) is (number not in first)
        same = first.setdefault(number, row)
        told[kind] += 1
        assert kind != "exact" or (same[:3], same[4:11]) == (row[:3], row[4:11])
        assert kind != "moved" or (same[:2] == row[:2] and same[5] != row[5] and row[3])
        assert row[2] or row[3] or row[5], "a row that says nothing of anybody"
    assert set(told) == {FIRST, TWIN, *KINDS}


def test_a_twin_is_somebody_else_of_the_same_name_house_and_switchboard() -> None:
    twins = [(person(n - 1, 7, HARD), person(n, 7, HARD)) for n in range(1, 3_000) if person(n, 7, HARD).twin]
    assert len(twins) > 60
    for one, other in twins:
        if not one.twin:
            assert (one.last, one.rest[1], one.number) == (other.last, other.rest[1], other.number)
            assert one.first != other.first
            assert not one.email or one.email != other.email


def test_nobody_is_reached_by_these_addresses_and_numbers() -> None:
    assert {address.lower().rpartition(".")[2] for address in column("Email") if address} == {"example"}
    assert all(re.fullmatch(r"https://www\.[a-z]+\d+\.example", site) for site in column("Website") if site)
    fiction = re.compile(r"\d{3}55501\d\d|(2079460|11[34567]4960|1214960|7700900)\d{3}|(199|261|353|465|536|639)\d{6,}")
    for number in {person(n, 7).number for n in range(3_000)} - {""}:
        assert fiction.fullmatch(number.replace(" ", "")), number


def test_names_come_in_many_scripts() -> None:
    scripts = ("[a-z]", "[À-ž]", "[а-я]", "[α-ω]", "[一-鿿]", "[ぁ-ヿ]", "[가-힣]", "[ا-ي]", "[א-ת]", "[अ-ह]", "[ก-ฮ]")
    names = " ".join(column("Last Name") + column("First Name"))
    assert [script for script in scripts if not re.search(script, names)] == []


def test_the_ratio_is_of_medians_and_rounds_are_pooled() -> None:
    floor, desk = Measured((1.0, 2.0, 9.0), 10.0), Measured((3.0, 3.0), 20.0)
    assert ratio(floor, desk) == 1.5
    assert ratio(floor, None) is None
    assert ratio(Measured((0.0,), 1.0), desk) is None
    assert pooled([floor, desk]) == Measured((1.0, 2.0, 9.0, 3.0, 3.0), 20.0)
    many = [Measured((1.0,), 1.0, {"cpu_ms_a_key": cpu}) for cpu in (4.0, 2.0, 9.0)]
    assert pooled(many).beside == {"cpu_ms_a_key": 4.0}


def test_each_limit_is_held_against_what_was_found() -> None:
    limits = (Limit("p99", 3), Limit("p99", 3, floors=True, moonshot=True), Limit("cpu_ms_a_key", 4))
    figure = Figure("one", "one thing", lambda data: floor, None, 2.0, 1.0, limits)
    floor, desk = Measured((1.0, 2.0, 9.0), 10.0), Measured((3.0, 3.0, 5.0), 20.0, {"cpu_ms_a_key": 4.0})
    told = [(one.of, one.most, one.found, one.met, one.moonshot) for one in judged(figure, floor, desk)]
    assert told == [
        ("ratio", 2.0, 1.5, True, False),
        ("ratio", 1.0, 1.5, False, True),
        ("p99", 3, 5.0, False, False),
        ("p99", 6.0, 5.0, True, True),
        ("cpu_ms_a_key", 4, 4.0, True, False),
    ]


@pytest.mark.parametrize(("scheduler", "met"), [(0.9, False), (1.0, True)])
def test_what_the_machine_took_comes_on_top_of_a_limit_that_allows_it(scheduler: float, met: bool) -> None:
    floor, desk = Measured((1.0,), 10.0), Measured((3.0, 5.0), 20.0, {"scheduler_ms": scheduler})
    figure = Figure(
        "one", "one thing", lambda data: floor, None, None, limits=(Limit("p99", 4, beside="scheduler_ms"),)
    )
    [one] = judged(figure, floor, desk)
    assert (one.most, one.added, one.met) == (4, scheduler, met)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # newer Pythons warn of it beside threads
def test_a_measurement_that_fails_in_its_own_process_fails_here(capfd: pytest.CaptureFixture[str]) -> None:
    def broken() -> list[float]:
        raise ValueError("no such figure")

    with pytest.raises(RuntimeError):
        in_child(broken)
    assert "no such figure" in capfd.readouterr().err


def test_each_floor_is_measured_and_printed(tmp_path: Path) -> None:
    names = ["start", "next-lead", "held", "mark", "import", "import-wall", "import-more", "duplicates", "plan"]
    words = ["--size", "1k", "--rounds", "1", "--json", "--folder", str(tmp_path), "--only", *names]
    done = subprocess.run([sys.executable, "-m", "tests.bench.few", *words], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert [figure["name"] for figure in figures] == names
    for figure in figures:
        assert figure["leads"] == 1_000
        assert 0 < figure["floor"]["p50"] <= figure["floor"]["p99"] <= figure["floor"]["max"]
        assert figure["floor"]["peak_mib"] > 5
