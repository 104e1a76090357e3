"""The texts of the playbook on a real file: loaded, changed, approved, retired; and how each stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sdr.desk.texts import approve, approved_words, change_text, load_texts, may_go, retire, standing
from sdr.models.terms import Refused
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import texts
from tests.desk.calls import assert_journal_holds
from tests.desks import Desk, dump, write

OWN = '[[template]]\nkey = "own"\nchannel = "email"\nsubject = "Hi"\ntext = "Hello {first_name|there}"\n'


def text(desk: Desk, key: str = "mail-case") -> rows.Template:
    found = desk.store.read(texts.in_force, key).result(10)
    assert found is not None
    return found


def stands(desk: Desk, key: str = "mail-case", later: int = 0) -> tuple[str, str]:
    found = standing(text(desk, key), desk.clock().date() + timedelta(days=later))
    return found.state, found.words


def test_the_shipped_texts_are_approved_as_shipped(desk: Desk) -> None:
    for row in desk.store.read(texts.listed).result(10):
        assert standing(row, desk.clock().date()).words == "approved as shipped"
    held = text(desk)
    write(desk.store, Edit.set("template", held.id, approved_by=None, approved_at=None, approved_text=None))
    assert stands(desk) == ("approved", "approved as shipped")  # a desk begun before texts were approved


def test_what_is_changed_is_another_version_until_somebody_approves_it(desk: Desk) -> None:
    before = text(desk)
    state = dump(desk.store)
    desk.act(change_text, "mail-case", before.subject, before.text + " Please.")
    assert stands(desk) == ("changed", "changed since it was shipped")
    assert (text(desk).version, approved_words(text(desk))) == (2, f"subject: {before.subject}\n\n{before.text}")
    desk.act(approve, "mail-case", " Kim\x1b ")
    assert stands(desk) == ("approved", "approved by Kim, 2 Mar 2026")
    desk.act(change_text, "mail-case", "Other", before.text)
    assert stands(desk) == ("changed", "changed since Kim approved it, 2 Mar 2026")
    desk.act(change_text, "mail-case", before.subject, before.text + " Please.")
    assert stands(desk) == ("approved", "approved by Kim, 2 Mar 2026")
    versions = desk.store.read(texts.versions, "mail-case").result(10)
    assert [one.version for one in versions] == [4, 3, 2, 1]
    assert [one.current for one in versions] == [1, 0, 0, 0]
    for _ in range(4):
        desk.store.undo().result(10)
    assert dump(desk.store) == state
    assert_journal_holds(desk)


def test_a_file_brings_new_texts_and_new_versions_of_those_that_say_something_else(desk: Desk) -> None:
    desk.act(load_texts, OWN)
    assert stands(desk, "own") == ("unapproved", "not approved yet")
    desk.act(approve, "own", "Kim")
    again = OWN.replace('"Hi"', '"Hi there"') + OWN.replace('"own"', '"second"')
    done = desk.act(load_texts, again)
    assert done.summary == "2 texts loaded: own, second"
    assert (text(desk, "own").version, text(desk, "second").version) == (2, 1)
    assert stands(desk, "own")[0] == "changed"
    no = desk.try_(load_texts, again)
    assert isinstance(no, Refused)
    assert no.rule == "text.same"
    desk.act(load_texts, again + 'owner = "Kim"\nretires_on = 2026-03-04\n')
    assert (text(desk, "second").owner, text(desk, "own").version) == ("Kim", 2)
    assert stands(desk, "second", later=1)[0] == "unapproved"
    assert stands(desk, "second", later=2) == ("retired", "retired on 4 Mar 2026")


def test_a_text_retires_and_comes_back(desk: Desk) -> None:
    done = desk.act(retire, "mail-case", date(2026, 3, 5))
    assert done.summary == "text “mail-case” retires on 5 Mar 2026"
    assert stands(desk, later=2)[0] == "approved"
    assert stands(desk, later=3)[0] == "retired"
    today = date(2026, 3, 5)
    for mass in (True, False):
        no = may_go(text(desk), mass=mass, today=today)
        assert no is not None
        assert (no.rule, no.set_by) == ("text.retired", "marketing")
    assert desk.act(retire, "mail-case", None).summary == "text “mail-case” is back"
    assert may_go(text(desk), mass=True, today=today) is None


@pytest.mark.parametrize(
    ("verb", "args", "rule"),
    [
        (load_texts, ("[[template]]\n",), "text.fault"),
        (load_texts, ("not toml [",), "text.fault"),
        (change_text, ("nothing", None, "x"), "text.unknown"),
        (change_text, ("mail-case", None, "x"), "text.fault"),
        (change_text, ("mail-case", "Hi", "Hello {frist_name}"), "text.fault"),
        (change_text, ("linkedin-connect", "Hi", "Hello"), "text.fault"),
        (approve, ("nothing", "Kim"), "text.unknown"),
        (approve, ("mail-case", " \u200b"), "text.approver"),
        (approve, ("mail-case", "as shipped"), "text.same"),
        (retire, ("nothing", None), "text.unknown"),
        (retire, ("mail-case", None), "text.same"),
    ],
)
def test_what_is_refused_changes_nothing(desk: Desk, verb: object, args: tuple[object, ...], rule: str) -> None:
    before = dump(desk.store)
    no = desk.try_(verb, *args)  # type: ignore[arg-type]
    assert isinstance(no, Refused)
    assert no.rule == rule
    assert dump(desk.store) == before


def test_the_same_words_again_are_no_new_version(desk: Desk) -> None:
    held = text(desk)
    no = desk.try_(change_text, "mail-case", held.subject, held.text + "\n ")
    assert isinstance(no, Refused)
    assert no.rule == "text.same"
