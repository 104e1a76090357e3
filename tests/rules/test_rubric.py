"""The agreement: what the desk's own rubric says, which rubrics are refused, and what is asked first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.reasons import parse_reasons
from sdr.rules.rubric import RubricError, next_question, parse_rubric
from tests.rules.playbook_files import text

OWN = parse_rubric(text("rubric"))
SMALL = """
name = "small"
threshold = 10
[[criterion]]
key = "budget"
label = "budget"
question = "Money?"
ask = "Money?"
must_have = true
levels = [
  { digit = 1, key = "yes", label = "yes", points = 10, meets = true },
  { digit = 2, key = "no", label = "no", points = 0 },
]
"""


def test_the_own_rubric_is_the_five_questions_of_the_trade_show():
    assert [item.key for item in OWN.criteria] == ["budget", "decides", "role", "seen", "stage"]
    assert OWN.threshold == 75
    assert sum(item.best.points for item in OWN.criteria) == 100
    assert [item.key for item in OWN.criteria if item.must_have] == ["budget", "decides", "stage"]
    assert not OWN.is_signed


def test_knock_outs_are_disqualify_reasons_of_the_list():
    reasons = {reason.key for reason in parse_reasons(text("reasons")).disqualify}
    knock_outs = {level.knock_out for item in OWN.criteria for level in item.levels if level.knock_out}
    assert knock_outs == {"no-authority", "already-bought"}
    assert knock_outs <= reasons


def test_answers_are_found_by_digit_and_key():
    budget = OWN.criterion("budget")
    assert budget is not None
    assert [budget.by_digit(digit).key for digit in (1, 3)] == ["yes", "next-year"]
    assert budget.by_digit(9) is None
    assert OWN.answer("budget", "no").label == "no"
    assert OWN.answer("budget", "from an older version") is None
    assert OWN.answer("gone", "yes") is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("threshold = 10", "threshold = 11", "threshold is 11, but the best answers that qualify give only 10"),
        ("threshold = 10", "threshold = true", '"threshold" must be a whole number from 1 to 9999'),
        ("threshold = 10", "", '"threshold" must be'),
        ("must_have = true", "must_hav = true", 'criterion "budget", line 4: "must_hav" is not a field here'),
        ("must_have = true", 'must_have = "yes"', '"must_have" must be true or false'),
        (", meets = true", "", "it is a must-have but no answer has meets = true"),
        ("digit = 2", "digit = 1", 'criterion "budget", level "no", line 4: the digit "1" is taken'),
        ('key = "no"', 'key = "yes"', 'the key "yes" is taken'),
        ("digit = 2", "digit = 10", '"digit" must be a whole number from 1 to 9'),
        ('key = "no"', 'key = "No!"', "small letters, digits and hyphens"),
        ('label = "no"', 'label = "no", short = "fifteen letters"', '"short" must fit in 14 cells'),
        ("meets = true", 'meets = true, knock_out = "no-need"', "cannot both meet the must-have and knock out"),
        ('question = "Money?"', 'question = " "', '"question" must be a text in quotes'),
        ('name = "small"', 'name = "small', "this is not TOML"),
        ("[[criterion]]", "[[question]]", '"question" is not a field here'),
        ('name = "small"', 'name = "small"\nreview_due = "soon"', '"review_due" must be a date'),
        ('name = "small"', 'name = "small"\nsigned = { finance = "me" }', '"finance" is not a field here'),
    ],
)
def test_a_rubric_that_cannot_work_is_refused_by_name(old, new, says):
    assert old in SMALL
    with pytest.raises(RubricError) as refused:
        parse_rubric(SMALL.replace(old, new, 1))
    assert says in str(refused.value)


def test_a_broken_text_names_the_line():
    with pytest.raises(RubricError, match="line 2"):
        parse_rubric('name = "a"\nthreshold = = 3\n')


def test_a_question_that_knocks_everybody_out_is_refused():
    knocks = SMALL.replace("must_have = true", "").replace("meets = true", 'knock_out = "a"')
    with pytest.raises(RubricError, match="every answer knocks out"):
        parse_rubric(knocks.replace("points = 0", 'points = 0, knock_out = "b"'))


def test_more_than_nine_answers_have_no_digit():
    tenth = "".join(f'  {{ digit = 2, key = "n{n}", label = "n", points = 0 }},\n' for n in range(8))
    with pytest.raises(RubricError, match="two to nine answers, one a digit; this one has 10"):
        parse_rubric(SMALL.replace("levels = [\n", "levels = [\n" + tenth))


def test_two_criteria_of_one_key_are_refused_with_the_line_of_the_second():
    body = SMALL[SMALL.index("[[criterion]]") :]
    with pytest.raises(RubricError) as refused:
        parse_rubric(SMALL + body)
    assert refused.value.line == 14


def test_signing_needs_both_sides():
    signed = SMALL.replace("threshold = 10", 'threshold = 10\nsigned = { sales = "K. Ode", marketing = "M. Iri" }')
    assert parse_rubric(signed).is_signed
    assert not parse_rubric(signed.replace(', marketing = "M. Iri"', "")).is_signed


def test_questions_come_must_haves_first_then_widest_then_in_order():
    asked, answers = [], {}
    while (key := next_question(OWN, answers)) is not None:
        asked.append(key)
        answers[key] = OWN.criterion(key).levels[0].key
    assert asked == ["budget", "decides", "stage", "role", "seen"]


def test_an_answer_of_an_older_version_is_asked_again():
    assert next_question(OWN, {"budget": "gone"}) == "budget"


@given(st.sets(st.sampled_from([item.key for item in OWN.criteria])))
def test_the_next_question_is_open_until_none_is(answered):
    answers = {key: OWN.criterion(key).levels[-1].key for key in answered}
    upcoming = next_question(OWN, answers)
    assert (upcoming is None) == (len(answered) == len(OWN.criteria))
    assert upcoming not in answered
