"""Very many leads scored by what is remembered of each part: the same as scoring one by one."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import at, ms
from sdr.rules.grading import Event, Facts
from sdr.rules.rubric import parse_rubric
from sdr.rules.scorer import FACTS, Scorer
from sdr.rules.scoring import score
from tests.rules.playbook_files import text

NOW = datetime(2026, 5, 12, 16, 0, tzinfo=UTC)
PLAIN = parse_rubric(text("rubric"))
NO_FIT = parse_rubric(text("rubric").split("[fit]")[0])
SCORERS = {id(rubric): Scorer(rubric, NOW) for rubric in (PLAIN, NO_FIT)}  # kept: what is remembered must not mix

words = st.none() | st.just("") | st.sampled_from(["CEO", "Head of IT", "PhD student", "vp", "Industrial machinery"])
words |= st.text(max_size=12)
facts = st.fixed_dictionaries(dict.fromkeys(FACTS, words) | {"employees": st.none() | st.integers(0, 10_000)})
levels = {item.key: [*(level.key for level in item.levels), "gone"] for item in PLAIN.criteria} | {"unheard-of": ["x"]}
answers = st.fixed_dictionaries({}, optional={key: st.sampled_from(found) for key, found in levels.items()})
acts = st.sampled_from([act.kind for act in PLAIN.grading.acts] + ["unheard-of"])
events = st.lists(st.tuples(acts, st.integers(ms(NOW) - 40 * 86_400_000, ms(NOW) + 86_400_000)), max_size=4)


@given(st.lists(st.tuples(st.sampled_from([PLAIN, NO_FIT]), facts, answers, events), min_size=1, max_size=6))
def test_every_lead_is_scored_as_if_it_were_the_only_one(leads):
    for rubric, about, told, happened in leads:
        found = SCORERS[id(rubric)].kept([about[name] for name in FACTS], tuple(sorted(told.items())), tuple(happened))
        alone = score(rubric, told, Facts(**about), [Event(kind, at(when)) for kind, when in happened], now=NOW)
        assert found[:3] == (alone.total, alone.fit, alone.engagement)
        assert found[3:5] == (alone.known.answered, alone.known.of)
        assert found[5:] == (alone.grade, alone.verdict, alone.missing)
