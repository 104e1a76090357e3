"""The rep's own keys: what is refused in words, what passes, and that every verb has a name of its own."""

from collections import Counter

import pytest

from sdr.app import DeskApp
from sdr.screens.keymap import PROFILES, Bound, bound, chosen, conflicts, every_screen, keys_of, wrong
from sdr.screens.keys_here import group_of, key_name

SCREENS = {
    "queue": [
        Bound("lead.accept", "accept", frozenset({"a"})),
        Bound("lead.hand_off", "hand off", frozenset({"h"})),
        Bound("queue.mark", "mark", frozenset({"x"})),
        Bound("app.help", "keys here", frozenset({"question_mark"})),
    ],
    "sources": [Bound("sources.export", "export", frozenset({"X"}))],
}


@pytest.mark.parametrize(
    ("remaps", "told"),
    [
        ({}, []),
        ({"lead.accept": "A"}, []),
        ({"lead.accept": "x", "queue.mark": "a"}, []),
        ({"lead.accept": "X"}, []),  # that key is another screen's
        ({"lead.acept": "A"}, ["no verb is called “lead.acept”; did you mean lead.accept?"]),
        ({"whatever": "A"}, ["no verb is called “whatever”; ? on a screen lists the verbs"]),
        ({"lead.accept": "x"}, ["x on the queue is both lead.accept (accept) and queue.mark (mark)"]),
        ({"lead.accept": "?"}, ["? on the queue is both lead.accept (accept) and app.help (keys here)"]),
        ({"lead.accept": "A", "queue.mark": "b,A"}, ["A on the queue is both lead.accept (accept) and queue.mark"]),
        ({"lead.accept": "ctrl+i"}, ["Ctrl+I never reaches the desk whole; give lead.accept another key too"]),
        ({"lead.accept": "ctrl+i,A"}, []),
        ({"lead.accept": "ctrl+["}, ["Ctrl+[ never reaches the desk whole"]),
        ({"lead.accept": " , "}, ["lead.accept has no key"]),
    ],
)
def test_what_cannot_work_is_told(remaps: dict[str, str], told: list[str]) -> None:
    found = conflicts(SCREENS, remaps)
    assert len(found) == len(told)
    assert all(words in sentence for words, sentence in zip(told, found, strict=True))


def test_a_clash_the_desk_itself_has_is_nobody_s_mistake() -> None:
    twice = {"queue": [Bound("a.one", "one", frozenset({"a"})), Bound("a.two", "two", frozenset({"a"}))]}
    assert conflicts(twice, {}) == []


def test_an_unknown_profile_is_told_and_the_rep_s_own_keys_win_over_a_known_one() -> None:
    assert "there is no profile “vi”; there is strict-vim" in wrong("vi", {}, SCREENS)[0]
    assert chosen("strict-vim", {"lead.drip": "D"}) == {"lead.hand_off": "H", "lead.drip": "D"}
    assert chosen("", {}) == {}


@pytest.mark.parametrize(("text", "keys"), [("?", {"question_mark"}), ("j, down", {"j", "down"}), ("", set())])
def test_a_sign_and_its_name_are_one_key(text: str, keys: set[str]) -> None:
    assert keys_of(text) == keys


@pytest.mark.parametrize(
    ("key", "name"),
    [("question_mark", "?"), ("slash", "/"), ("plus", "+"), ("ctrl+q", "Ctrl+Q"), ("shift+tab", "Shift+Tab"),
     ("left_square_bracket", "["), ("pagedown", "PgDn"), ("X", "X"), ("f5", "f5")],
)  # fmt: skip
def test_keys_are_named_as_they_are_written_on_the_keyboard(key: str, name: str) -> None:
    assert key_name(key) == name


@pytest.mark.parametrize(
    ("binding", "group"),
    [("table.down", "Move"), ("leads.filter", "Find"), ("queue.mark", "Safety"), ("lead.accept", "Lead"),
     ("go.menu", "Go"), ("app.undo", "Safety"), ("app.help", "Find"), ("sources.digest", "Here")],
)  # fmt: skip
def test_every_verb_has_a_heading(binding: str, group: str) -> None:
    assert group_of(binding) == group


# --- the desk's own bindings ---------------------------------------------------------------------------------------


def test_every_binding_of_the_desk_has_a_name_of_its_own_and_words() -> None:
    for screen, verbs in every_screen(DeskApp).items():
        ids = Counter(verb.id for verb in verbs)
        assert max(ids.values()) == 1, screen
        assert all(verb.words for verb in verbs), screen


def test_on_no_screen_two_verbs_share_a_key() -> None:
    for screen, verbs in every_screen(DeskApp).items():
        taken = Counter(key for verb in verbs for key in verb.keys)
        # Esc means back, u undo, and so on: a nearer class may say the same verb anew, under the same id.
        assert [key for key, count in taken.items() if count > 1] == [], screen


def test_one_name_is_one_action_everywhere() -> None:
    actions: dict[str, str] = {}
    for verbs in every_screen(DeskApp).values():
        for verb in verbs:
            assert actions.setdefault(verb.id, verb.action) == verb.action


def test_each_profile_fits_the_desk() -> None:
    for profile in PROFILES:
        assert wrong(profile, {}, every_screen(DeskApp)) == []


def test_only_keys_that_terminals_send_are_bound() -> None:
    for verbs in every_screen(DeskApp).values():
        for verb in verbs:
            heard = conflicts({"here": [verb]}, {verb.id: ",".join(verb.keys)})
            assert not heard or verb.id in ("app.quit",)


def test_names_are_unique_among_the_classes_of_one_screen() -> None:
    from sdr.screens.leads import LeadsScreen

    names = [verb.id for verb in bound(LeadsScreen, DeskApp)]
    assert "leads.filter" in names
    assert "lead.accept" in names
    assert "go.back" in names
    assert "app.undo" in names
