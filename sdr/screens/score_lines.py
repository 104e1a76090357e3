"""A score told in full: every question with its answer and points, what else counted and why, what would move it."""

from __future__ import annotations

from sdr.rules.rubric import Criterion, Rubric
from sdr.rules.scoring import Score
from sdr.screens.card_view import LABEL, Line
from sdr.screens.columns import fit
from sdr.screens.lines import Part
from sdr.screens.look import Marks

NAME = 16  # cells of a question's name; the points stand before it, where the card has its labels


def score_lines(rubric: Rubric, answers: dict[str, str], score: Score, signs: Marks) -> list[Line]:
    """The verdict, what would move it, the questions, then fit and engagement: each part after its points."""
    asked = [_question(criterion, answers.get(criterion.key), signs) for criterion in rubric.criteria]
    axes = {"fit": score.fit, "engagement": score.engagement}
    beside: list[Line] = []
    for axis, points in axes.items():
        held = [part for part in score.parts if part.axis == axis]
        if held:
            beside.append([(f"{axis:<{LABEL - 1}} {points}", "dim")])
            beside += [_row(part.label, part.why, part.points) for part in held]
    would: list[Line] = [[("would ", "dim"), (score.would, "now")]] if score.would else []
    return [_verdict(rubric, score, signs), *would, *asked, *beside]


def _verdict(rubric: Rubric, score: Score, signs: Marks) -> Line:
    parts: list[Part] = [
        ("score ", "dim"),
        (f"{score.total} of {rubric.threshold} needed", ""),
        (f" {signs.dot} known {score.known.answered}/{score.known.of} {signs.dot} {score.grade} {signs.dot} ", "dim"),
    ]
    if score.verdict == "knocked out":
        return [*parts, (f"{signs.no} knocked out: {score.knock_out}", "late")]
    if score.verdict == "qualified":
        return [*parts, (f"{signs.done} qualified", "done")]
    needs = f", needs {', '.join(score.missing)}" if score.missing else ""
    return [*parts, (f"{score.verdict}{needs}", "")]


def _question(criterion: Criterion, given: str | None, signs: Marks) -> Line:
    level = criterion.level(given)
    if level is None:
        must = ("must have", "soon") if criterion.must_have else ("", "")
        return [("?".rjust(LABEL - 1) + " ", "dim"), (fit(criterion.label, NAME) + " ", ""), must]
    sign = signs.done if level.meets or not criterion.must_have else signs.no
    return _row(criterion.label, f"{sign} {level.label}", level.points)


def _row(label: str, why: str, points: int) -> Line:
    return [(f"{points:+{LABEL - 1}d} ", "dim"), (fit(label, NAME) + " ", ""), (why, "")]
