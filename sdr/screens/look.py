"""The look of the desk: two calm themes of our own and the marks that say the same without colour.

One accent means "now". Words have two weights, normal and dim. Red is late or broken, amber soon, green just done;
each also has a mark or a word. `contrast` is the measure the themes are held to (WCAG 2.2, 1.4.3: at least 4.5 : 1).

Style sheets use Textual's `$foreground $background $surface $panel` and these variables of ours:
`$now` the accent, `$now-row` the background of the current row, `$dim` the light weight, `$rule` the thin rule,
`$late`, `$soon`, `$done`. All words but `$rule` reach the contrast on `$background`, `$surface` and `$now-row`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

LOOKS = ("now", "dim", "late", "soon", "done")
BASE_STYLES = Path(__file__).with_name("base.tcss")
HOME_STYLES = Path(__file__).with_name("queue.tcss")


class Marks(NamedTuple):
    """The signs of the desk, each one cell wide."""

    now: str
    late: str
    due: str
    later: str
    done: str
    no: str
    returned: str
    guess: str
    cut: str
    picked: str
    full: str
    empty: str
    rule: str
    dot: str


UNICODE = Marks(
    now="▶",
    late="!",
    due="●",
    later="○",
    done="✓",
    no="×",
    returned="↩",
    guess="~",
    cut="…",
    picked="+",
    full="▪",
    empty="▫",
    rule="─",
    dot="·",
)
ASCII = Marks(
    now=">",
    late="!",
    due="*",
    later="o",
    done="v",
    no="x",
    returned="<",
    guess="~",
    cut=">",
    picked="+",
    full="#",
    empty=".",
    rule="-",
    dot="-",
)


def marks(ascii_only: bool) -> Marks:
    """The set of signs for this terminal: plain ASCII where it is asked for, else the drawn ones."""
    return ASCII if ascii_only else UNICODE


def _theme(name: str, dark: bool, colours: dict[str, str]) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=colours["now"],
        secondary=colours["dim"],
        accent=colours["now"],
        warning=colours["soon"],
        error=colours["late"],
        success=colours["done"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        variables={
            **{key: colours[key] for key in ("now", "dim", "late", "soon", "done", "rule")},
            "now-row": colours["now-row"],
            "input-cursor-background": colours["now"],
            "scrollbar": colours["rule"],
            "scrollbar-hover": colours["dim"],
            "scrollbar-active": colours["now"],
            "scrollbar-background": colours["background"],
            "scrollbar-background-hover": colours["background"],
            "scrollbar-background-active": colours["background"],
        },
    )


DARK = _theme(
    "desk-dark",
    True,
    {
        "background": "#16181d",
        "surface": "#1b1e24",
        "panel": "#22262e",
        "now-row": "#262c38",
        "foreground": "#d8dce3",
        "dim": "#98a0ad",
        "rule": "#3a404b",
        "now": "#7cb7ff",
        "late": "#ff8a80",
        "soon": "#e9b95c",
        "done": "#86cf95",
    },
)
LIGHT = _theme(
    "desk-light",
    False,
    {
        "background": "#fafaf7",
        "surface": "#f3f3ef",
        "panel": "#ebebe6",
        "now-row": "#e3eaf5",
        "foreground": "#24272d",
        "dim": "#5a616c",
        "rule": "#c9cbc6",
        "now": "#0b57b8",
        "late": "#b3261e",
        "soon": "#7a5200",
        "done": "#1f6b34",
    },
)
THEMES = (DARK, LIGHT)


def wear(app: App[Any], theme: str = DARK.name) -> None:
    """Give `app` the desk's themes and put on `theme`; an unknown name puts on the dark one of ours."""
    for own in THEMES:
        app.register_theme(own)
    name = theme if theme in app.available_themes else DARK.name
    if app.is_running:
        app.theme = name
        return
    # Before the start there is nothing to style anew, and a change of theme would have every style read again.
    app.set_reactive(type(app).theme, name)
    dark = app.current_theme.dark
    for style, on in ((f"-theme-{name}", True), ("-dark-mode", dark), ("-light-mode", not dark)):
        app.set_class(on, style, update=False)
    app.stylesheet.set_variables(app.get_css_variables())


def variable_defaults(theme: Theme) -> dict[str, str]:
    """Our style variables for a theme that is not ours, taken from the colours it has."""
    words = theme.foreground or ("#e0e0e0" if theme.dark else "#202020")
    return {
        "now": theme.accent or theme.primary,
        "now-row": theme.panel or ("#303030" if theme.dark else "#e0e0e0"),
        "dim": f"{words} 70%",
        "rule": f"{words} 30%",
        "late": theme.error or words,
        "soon": theme.warning or words,
        "done": theme.success or words,
    }


def contrast(one: str, other: str) -> float:
    """The contrast of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
