"""Scores: verdict by the rubric alone, fit and engagement as the grade, and a reason for every point."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.grading import Event, Facts
from sdr.rules.rubric import RubricError, next_question, parse_rubric
from sdr.rules.scoring import score, verdict
from tests.rules.playbook_files import text

OWN = parse_rubric(text("rubric"))
NOW = datetime(2026, 5, 12, 16, 0, tzinfo=UTC)
GOOD = {"budget": "yes", "decides": "self", "role": "decider", "seen": "both", "stage": "comparing"}
ANA = Facts(title="Operations director", employees=180, industry="Industrial machinery")

answers = st.fixed_dictionaries(
    {},
    optional={item.key: st.sampled_from([level.key for level in item.levels]) for item in OWN.criteria},
)
facts = st.builds(
    Facts,
    title=st.none() | st.sampled_from(["CEO", "Head of IT", "PhD student", "Leiter Einkauf"]) | st.text(max_size=30),
    employees=st.none() | st.integers(0, 10_000),
    industry=st.none() | st.text(max_size=20),
    seniority=st.none() | st.sampled_from(["c-level", "manager", "entry"]) | st.text(max_size=10),
    department=st.none() | st.sampled_from(["operations", "it"]) | st.text(max_size=10),
    country=st.none() | st.sampled_from(["ES", "US"]) | st.text(max_size=3),
)
acts = st.sampled_from([act.kind for act in OWN.grading.acts] + ["unheard-of"])
events = st.lists(st.builds(Event, acts, st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 2020)))


def judged(given_answers, about=Facts(), did=(), now=NOW):  # noqa: B008  (a frozen value)
    return score(OWN, given_answers, about, did, now=now)


def test_the_sample_call_qualifies_in_the_order_the_questions_are_asked():
    given_answers = {}
    for digit in (2, 1, 3, 1, 2):
        question = OWN.criterion(next_question(OWN, given_answers))
        given_answers[question.key] = question.by_digit(digit).key
    found = judged(given_answers)
    assert (found.verdict, found.total, found.missing) == ("qualified", 84, ())


def test_the_sample_call_qualifies_in_the_order_of_the_file_too():
    digits = zip(OWN.criteria, (2, 1, 3, 1, 2), strict=True)
    assert judged({item.key: item.by_digit(digit).key for item, digit in digits}).verdict == "qualified"


def test_the_card_says_what_one_answer_would_do():
    found = judged({"decides": "self", "role": "decider", "stage": "comparing"})
    assert (found.total, found.known.answered, found.known.of) == (64, 3, 5)
    assert (found.verdict, found.missing) == ("open", ("budget",))
    assert found.would == 'with "yes" on budget: 84, qualified'


def test_when_no_one_answer_is_enough_the_next_question_is_named():
    assert judged({}).would == 'with "yes" on budget: 20 of 75'


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "qualified"),
        ({"budget": "no"}, "not yet"),
        ({"stage": "looking"}, "not yet"),
        ({"stage": "bought"}, "knocked out"),
        ({"decides": "nobody"}, "knocked out"),
        ({"role": "none", "seen": "neither"}, "not yet"),
    ],
)
def test_verdicts(changed, expected):
    found = judged(GOOD | changed)
    assert found.verdict == expected
    assert (found.knock_out is not None) == (expected == "knocked out")
    assert found.would == ""


def test_thresholds_are_inclusive():
    exact = parse_rubric(text("rubric").replace("threshold = 75", "threshold = 84"))
    above = parse_rubric(text("rubric").replace("threshold = 75", "threshold = 85"))
    given_answers = {"budget": "not-fixed", "decides": "self", "stage": "this-year", "role": "decider", "seen": "us"}
    assert verdict(exact, given_answers) == "qualified"
    assert verdict(above, given_answers) == "not yet"


def test_a_must_have_left_open_keeps_a_high_score_open():
    found = judged({key: value for key, value in GOOD.items() if key != "budget"})
    assert (found.total, found.verdict, found.missing) == (80, "open", ("budget",))


def test_a_must_have_answered_badly_is_still_missing():
    assert judged(GOOD | {"budget": "no", "stage": "looking"}).missing == ("budget", "stage")


def test_a_knocked_out_lead_stays_out_whatever_is_left_to_ask():
    assert judged({"stage": "bought"}).verdict == "knocked out"


@pytest.mark.parametrize(
    ("about", "did", "expected"),
    [
        (ANA, (), "A3"),
        (ANA, (Event("raised-hand", NOW),), "A1"),
        (ANA, (Event("raised-hand", NOW - timedelta(days=14)),), "A2"),
        (ANA, (Event("raised-hand", NOW + timedelta(minutes=1)),), "A3"),
        (Facts(), (), "C?"),
        (Facts(title="CEO"), (), "C?"),
        (Facts(title="PhD student", employees=3, industry="research"), (), "D3"),
        (Facts(title="VICE-PRESIDENT", employees=200, industry="Food"), (), "A3"),
        (Facts(title="Directrice générale", employees=60, industry="Énergie / utilities"), (), "A3"),
        (Facts(title="International buyer", employees=9, industry="art"), (), "D3"),
    ],
)
def test_grades(about, did, expected):
    assert judged({}, about, did).grade == expected


def test_the_first_rule_of_a_field_counts_and_says_why():
    parts = [(part.label, part.points, part.why) for part in judged({}, ANA).parts]
    assert parts == [
        ("leads a department", 30, "title"),
        ("50 people or more", 25, "employees"),
        ("a market we serve", 15, "industry"),
    ]


def test_engagement_halves_and_says_how_often():
    found = judged({}, ANA, (Event("opened", NOW - timedelta(days=7)), Event("opened", NOW - timedelta(hours=3))))
    assert found.engagement == 2 + 5
    assert found.parts[-1].why == "2 times, today"


def test_a_past_day_can_be_scored_again():
    did = [Event("clicked", NOW - timedelta(days=day)) for day in (1, 10, 20)]
    then = NOW - timedelta(days=15)
    assert judged({}, ANA, did, then) == judged({}, ANA, did[2:], then)


@given(answers, facts, events)
def test_parts_add_up_to_the_numbers(given_answers, about, did):
    found = judged(given_answers, about, did)
    for axis, whole in (("answers", found.total), ("fit", found.fit), ("engagement", found.engagement)):
        assert sum(part.points for part in found.parts if part.axis == axis) == whole


@given(answers, facts, events, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(given_answers, about, did, random):
    shuffled, asked = list(did), list(given_answers.items())
    random.shuffle(shuffled)
    random.shuffle(asked)
    assert judged(dict(asked), about, shuffled) == judged(given_answers, about, did)


@given(answers, st.sampled_from(OWN.criteria), st.data())
def test_raising_an_answer_never_lowers_the_score(given_answers, item, data):
    now = item.level(given_answers.get(item.key))
    better = [level for level in item.levels if now is None or level.points >= now.points]
    raised = given_answers | {item.key: data.draw(st.sampled_from(better)).key}
    if now is not None:
        assert judged(raised).total >= judged(given_answers).total
    best = given_answers | {item.key: item.best.key}
    assert verdict(OWN, given_answers) != "qualified" or verdict(OWN, best) == "qualified"


@given(answers)
def test_an_open_verdict_can_still_qualify_and_the_others_cannot(given_answers):
    hoped = {item.key: item.best.key for item in OWN.criteria} | given_answers
    found = verdict(OWN, given_answers)
    if found in ("open", "qualified"):
        assert verdict(OWN, hoped) == "qualified"
    else:
        assert verdict(OWN, hoped) == found


@given(answers, st.dictionaries(st.text(max_size=8), st.text(max_size=8)))
def test_unknown_answers_count_for_nothing(given_answers, noise):
    keys = {item.key for item in OWN.criteria}
    assert judged({key: value for key, value in noise.items() if key not in keys} | given_answers) == judged(
        given_answers
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('half_life = "30d"', 'half_life = "a month"', 'act number 1: "half_life" must be a length like'),
        ("a = 70", "a = 40", 'fit: the bounds must fall from "a" to "c"'),
        ("high = 40", "high = 12", '"high" must be more than "some"'),
        ('kind = "talked"', 'kind = "replied"', 'the kind "replied" is taken'),
        ('field = "employees"', 'field = "hat"', '"field" must be one of title'),
        ("least = 200", 'any = ["many"]', '"least" must be a whole number'),
        ('any = ["director"', 'words = ["director"', '"words" is not a field here'),
    ],
)
def test_weights_that_cannot_work_are_refused(old, new, says):
    assert old in text("rubric")
    with pytest.raises(RubricError) as refused:
        parse_rubric(text("rubric").replace(old, new, 1))
    assert says in str(refused.value)
