"""Objection cards: reachable by letters, and nothing the rubric asks for is missing."""

import pytest

from sdr.rules.cards import CardError, matching, parse_cards
from sdr.rules.rubric import parse_rubric
from tests.rules.playbook_files import text

CARDS = parse_cards(text("objections"))
CARD = '[[card]]\nkey = "price"\ntitle = "Too dear"\ntext = "Compared with what?"\n'


def test_eight_cards_each_by_one_letter():
    assert len(CARDS) == 8
    assert all(matching(CARDS, card.key[0].upper()) == (card,) for card in CARDS)
    assert matching(CARDS, "zz") == ()


def test_the_rubric_names_only_cards_there_are():
    named = {card for item in parse_rubric(text("rubric")).criteria for card in item.objections}
    assert named
    assert named <= {card.key for card in CARDS}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (CARD, CARD + CARD, 'card "price": the key "price" is taken'),
        (CARD, CARD + CARD.replace('"price"', '"price-list"'), "typing could never reach it"),
        ('title = "Too dear"', "title = 3", '"title" must be a text in quotes'),
        ("title", "tittle", '"tittle" is not a field here'),
        ("[[card]]", "[card]", '"card" must be a list of tables'),
    ],
)
def test_cards_that_cannot_work_are_refused(old, new, says):
    with pytest.raises(CardError) as refused:
        parse_cards(CARD.replace(old, new, 1))
    assert says in str(refused.value)
