"""The call as a state machine: the keys of the designs, no way out without an outcome, and any keys at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.screens.call_lines import Shown, lines_of
from sdr.screens.call_values import Asked, Phase
from sdr.screens.lines import length
from sdr.screens.look import ASCII, UNICODE
from tests.screens.calls import DAYS, SLOTS, SPECIAL, TYPED, a_call, ended, press

ANSWERED = ("enter", "21312", "space")  # 84 points, every must-have met


@pytest.mark.parametrize(("digit", "key"), [
    ("1", "no-answer"), ("2", "voicemail"), ("3", "gatekeeper"), ("4", "busy"), ("8", "wrong-number"),
])  # fmt: skip
def test_a_call_without_a_talk_is_one_digit(digit: str, key: str) -> None:
    done = ended(press(a_call(), digit, seconds=12))
    assert (done.outcome, done.seconds, done.lead_id, done.number) == (key, 12, 7, "+34600000001")
    assert (done.next_at, done.hand_off, done.answers) == (None, False, {})


def test_never_call_again_needs_enter() -> None:
    state = press(a_call(), "9")
    assert state.asked is Asked.CONFIRM
    assert state.ended is None
    press(state, "escape")
    assert state.asked is None
    assert ended(press(state, "9", "enter")).outcome == "do-not-call"


def test_a_qualified_call_with_its_handoff() -> None:
    done = ended(press(a_call(), *ANSWERED, "7", "1", "enter"))  # with c before them eleven keys
    assert done.outcome == "qualified"
    assert done.hand_off
    assert done.meeting_at == SLOTS[1]
    assert done.next_at is None
    assert done.answers == {
        "budget": "not-fixed", "decides": "self", "stage": "this-year", "role": "decider", "seen": "us",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "meeting"),
    [(("enter",), None), (("0", "enter"), None), (("3", "1", "enter"), SLOTS[1]), (("2", "0", "enter"), None),
     (("9", "june", "enter", "enter"), TYPED), (("8", "2", "enter"), SLOTS[2])],
)  # fmt: skip
def test_the_meeting_is_chosen_before_enter_hands_off(keys: tuple[str, ...], meeting: object) -> None:
    done = ended(press(a_call(), *ANSWERED, "7", *keys))
    assert done.meeting_at == meeting
    assert done.hand_off


def test_what_was_not_agreed_is_not_qualified() -> None:
    state = press(a_call(), "enter", "2", "space", "7")
    assert state.outcome is None
    assert state.asked is None
    assert state.hint == "not qualified yet: who decides, stage missing · Esc back to the questions"
    press(state, "escape")
    assert state.phase is Phase.TALK
    assert ended(press(state, "1312", "space", "7", "enter")).outcome == "qualified"


def test_answers_from_before_the_call_count() -> None:
    known = {"budget": "yes", "decides": "self", "stage": "comparing", "role": "decider"}
    state = press(a_call(known), "enter")
    assert state.questions.at == "seen"
    done = ended(press(state, "space", "7", "enter"))
    assert done.answers == {}


@pytest.mark.parametrize(
    ("keys", "outcome", "date"),
    [
        (("5", "5"), "not-now", DAYS[5]),
        (("5", "enter"), "not-now", DAYS[5]),
        (("2", "enter"), "callback", DAYS[2]),
        (("2", "1"), "callback", DAYS[1]),
        (("2", "9", "june", "enter"), "callback", TYPED),
        (("2", "9", "soon", "enter", "ctrl+u", "june", "enter"), "callback", TYPED),
        (("2", "escape", "5", "7"), "not-now", DAYS[7]),
        (("2", "9", "escape", "4"), "callback", DAYS[4]),
        (("1",), "interested", None),
        (("8",), "hung-up", None),
    ],
)
def test_outcomes_of_a_talk_ask_for_their_date_with_a_default(
    keys: tuple[str, ...], outcome: str, date: object
) -> None:
    done = ended(press(a_call(), "enter", "space", *keys))
    assert (done.outcome, done.next_at) == (outcome, date)


def test_not_a_fit_asks_why_and_never_again_asks_once_more() -> None:
    assert ended(press(a_call(), "enter", "space", "6", "2")).reason == "no-budget"
    state = press(a_call(), "enter", "space", "6", "9")
    assert state.asked is Asked.CONFIRM
    assert ended(press(state, "enter")).reason == "do-not-contact"


def test_a_referral_asks_for_the_name() -> None:
    state = press(a_call(), "enter", "space", "3", "enter")
    assert state.ended is None
    assert state.hint.startswith("whom?")
    done = ended(press(state, "Paulo", "backspace", "a Gil", "enter"))
    assert (done.outcome, done.name) == ("referral", "Paula Gil")


def test_notes_words_reactions_and_cards() -> None:
    state = press(a_call(), "enter", "b", "B", "B", ";", "p", "n", "call Paula", "enter", "n", "“leaks", "enter")
    assert state.shown_card is not None
    assert state.shown_card.key == "price"
    press(state, "n", "lost", "escape", ";", "q")
    assert state.hint == "no card begins with “q”"
    done = ended(press(state, "escape", "space", "1"))
    assert (done.notes, done.said, done.blank, done.landed, done.cards) == (
        ("call Paula",), ("leaks",), 1, 2, ("price",),
    )  # fmt: skip


def test_digits_in_a_line_are_letters() -> None:
    state = press(a_call(), "enter", "n", "3 sites, 2 pumps", "enter")
    assert state.notes == ["3 sites, 2 pumps"]
    assert state.questions.answers == {}


def test_the_most_telling_question_comes_first_and_skipped_ones_last() -> None:
    state = press(a_call(), "enter")
    assert state.questions.at == "budget"
    seen = []
    for _ in range(6):
        seen.append(state.questions.at)
        press(state, "j")
    assert seen == ["budget", "decides", "stage", "role", "seen", "budget"]
    state = press(a_call(), "enter", "j", "1")
    assert (state.questions.answers, state.questions.at) == ({"decides": "self"}, "stage")


def test_an_answer_can_be_mended() -> None:
    state = press(a_call(), "enter", "21312")
    assert state.questions.current is None
    press(state, "4")
    assert state.hint.startswith("every question is answered")
    press(state, "k", "k", "k", "k", "k", "1")
    assert state.questions.answers["budget"] == "yes"
    press(a_call(), "enter", "9")


def test_a_digit_that_is_no_answer_says_so() -> None:
    state = press(a_call(), "enter", "9")
    assert state.hint == "9 is no answer to this question"
    assert state.questions.answers == {}


def test_esc_never_leaves_the_call() -> None:
    state = press(a_call(), "escape")
    assert state.hint.startswith("no way out without an outcome: 1 no answer")
    press(state, "enter", "escape")
    assert state.phase is Phase.RING
    press(state, "enter", "space", "escape")
    assert state.phase is Phase.TALK
    assert state.ended is None


def test_esc_puts_an_open_card_away_first() -> None:
    state = press(a_call(), "enter", ";", "p", "escape")
    assert (state.phase, state.shown_card) == (Phase.TALK, None)


def test_another_number_rings_and_stays_after_a_wrong_one() -> None:
    state = press(a_call(numbers=("+34600000001", "+34911111111")), "tab")
    assert state.number == "+34911111111"
    done = ended(press(state, "8"))
    assert (done.number, done.stay) == ("+34911111111", True)
    assert not ended(press(a_call(), "8")).stay
    assert not ended(press(a_call(numbers=("+34600000001", "+34911111111")), "1")).stay


def test_pasting_goes_into_the_line_and_nowhere_else() -> None:
    state = a_call()
    state.paste("1\n1")
    press(state, "n")
    state.paste("two\nlines")
    press(state, "enter")
    assert state.notes == ["two lines"]
    assert state.ended is None


KEYS = st.lists(st.one_of(st.sampled_from([*SPECIAL, *"0123456789nbBjk;"]), st.characters()), max_size=40)


@given(KEYS, st.integers(60, 200), st.integers(15, 60), st.sampled_from([UNICODE, ASCII]), st.text(max_size=60))
def test_any_keys_leave_a_call_that_can_be_drawn_and_ends_only_in_an_outcome(keys, width, height, signs, name) -> None:
    state = a_call()
    for key in keys:
        shown = Shown(name, name, name, DAYS[1], 75, name, [name], signs)
        lines = lines_of(state, shown, width, height)
        assert len(lines) == height
        assert all(length(line) <= width for line in lines)
        press(state, key)
        if state.ended is not None:
            assert state.ended.outcome in {
                one.key for one in (*state.ground.outcomes.ring, *state.ground.outcomes.wrap)
            }
            break
