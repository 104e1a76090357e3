"""`sdr merge` and `sdr unmerge`: two leads become one, every old name leads there, and they come apart again."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Sdr


@pytest.fixture
def two(sdr: Sdr) -> tuple[str, str]:
    """Two leads with addresses of their own."""
    ids = []
    for line in ("Ana Ruiz, Acme Pumps, ana@acme.example", "Anna Reyes, Acme Pumps, anna@acme.example, CEO"):
        ids.append(sdr("add", line, "--json").json["id"])
    return ids[0], ids[1]


def test_merge_and_everything_leads_to_the_survivor(sdr: Sdr, two) -> None:
    a, b = two
    sdr("note", b, "met at the booth")
    ran = sdr("merge", a, "anna@acme.example", "--stays", "a", "--keep", "title=b", "--json")
    assert ran.code == 0
    assert (ran.json["survivor"], ran.json["merged"]) == (a, b)
    for words in (b, "anna@acme.example", "Anna Reyes", a):
        assert sdr("show", words, "--json").json["id"] == a
    assert sdr("note", b, "more", "--json").json["lead"] == a
    assert [one["lead"] for one in sdr("queue", "--json").json] == [a]


@pytest.mark.parametrize("words", ["id", "address", "survivor"])
def test_unmerge_by_any_name(sdr: Sdr, two, words) -> None:
    a, b = two
    sdr("merge", a, b, "--stays", "a")
    ran = sdr("unmerge", {"id": b, "address": "anna@acme.example", "survivor": a}[words], "--json")
    assert (ran.code, ran.json["lead"], ran.json["apart_from"]) == (0, b, a)
    assert sdr("show", "anna@acme.example", "--json").json["id"] == b
    assert sdr("duplicates", "--json").json == []


def test_several_that_were_merged_are_listed(sdr: Sdr, two) -> None:
    a, b = two
    c = sdr("add", "A. Ruiz, Acme Pumps, a.ruiz@acme.example", "--json").json["id"]
    sdr("merge", a, b, "--stays", "a")
    sdr("merge", a, c, "--stays", "a")
    ran = sdr("unmerge", a, "--json")
    assert ran.code == 2
    assert b in ran.json["error"]["message"]
    assert c in ran.json["error"]["message"]
    assert sdr("unmerge", "a.ruiz@acme.example", "--json").json["lead"] == c


def test_refusals_are_sentences(sdr: Sdr, two) -> None:
    a, b = two
    assert sdr("merge", a, a, "--json").json["error"]["code"] == "merge.same"
    assert sdr("unmerge", a, "--json").json["error"]["code"] == "unmerge.apart"
    assert sdr("merge", a, b, "--keep", "title=c").code == 2
    assert sdr("merge", a, b, "--keep", "shoe=a", "--json").json["error"]["code"] == "merge.field"
    sdr("merge", a, b)
    again = sdr("merge", a, b, "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "merge.already")
    assert "sdr unmerge" in again.json["error"]["message"]
    assert sdr("merge", a, "99").code == 2


def test_undo_and_redo(sdr: Sdr, two) -> None:
    a, b = two
    sdr("merge", a, b, "--stays", "a")
    sdr("unmerge", b)
    sdr("undo")
    assert sdr("show", b, "--json").json["id"] == a
    sdr("undo")
    assert sdr("show", b, "--json").json["id"] == b
    sdr("redo", "2")
    assert sdr("show", b, "--json").json["id"] == b
    verbs = [one["verb"] for one in sdr("history", a, "--json").json]
    assert verbs.count("merge") == 3  # done, taken back, brought again
    assert sdr("doctor", "--rebuild").code == 0


def test_a_merged_id_is_merged_on_by_the_lead_that_stands_for_it(sdr: Sdr, two) -> None:
    a, b = two
    c = sdr("add", "A. Ruiz, Acme Pumps, a.ruiz@acme.example", "--json").json["id"]
    sdr("merge", a, b, "--stays", "a")
    ran = sdr("merge", b, c, "--json").json
    assert {ran["survivor"], ran["merged"]} == {a, c}
