"""The themes reach their contrast, the signs take one cell, and no sign says two things."""

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

from sdr.screens.look import ASCII, LOOKS, THEMES, UNICODE, Marks, contrast, marks, variable_defaults, wear
from sdr.screens.terminal import LivingApp


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("words", ["foreground", *LOOKS])
def test_every_word_is_readable_on_every_ground(theme: Theme, words: str) -> None:
    colour = theme.variables.get(words) or getattr(theme, words)
    for ground in (theme.background, theme.surface, theme.variables["now-row"]):
        assert contrast(colour, ground or "") >= 4.5


@pytest.mark.parametrize("signs", [UNICODE, ASCII])
def test_a_sign_takes_one_cell_and_has_one_meaning(signs: Marks) -> None:
    assert all(cell_len(sign) == 1 for sign in signs)
    states = (signs.now, signs.late, signs.due, signs.later, signs.done, signs.no, signs.returned, signs.picked)
    assert len(set(states)) == len(states)


def test_the_ascii_signs_are_ascii() -> None:
    assert "".join(marks(ascii_only=True)).isascii()
    assert marks(ascii_only=False) is UNICODE


@pytest.mark.parametrize("name", [*sorted(BUILTIN_THEMES), *(theme.name for theme in THEMES)])
async def test_the_desk_wears_any_theme(name: str) -> None:
    app = LivingApp(theme=name)
    async with app.run_test():
        assert app.theme == name
        assert set(LOOKS) <= app.theme_variables.keys()


def test_an_unknown_theme_is_the_dark_one() -> None:
    app: App[None] = App()
    wear(app, "no such theme")
    assert app.theme == "desk-dark"


def test_another_theme_lends_its_colours() -> None:
    theme = Theme("x", primary="#010203", error="#040506", foreground="#070809")
    lent = variable_defaults(theme)
    assert (lent["now"], lent["late"], lent["soon"]) == ("#010203", "#040506", "#070809")
