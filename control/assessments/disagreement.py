"""Where the presidium and the administration do not judge alike: said in words, never averaged. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from control.assessments.reading import View, view_of
from control.assessments.scales import Subject, grade_words
from kpi.access import Side


def disagreement(views: Iterable[View], subject: Subject) -> str | None:
    """`Presidiet säger ja, förvaltningen till viss del.` None while they agree, or while either has nothing that is
    confirmed."""
    known = tuple(views)
    presidium, administration = (
        view_of(known, subject, side).current for side in (Side.PRESIDIUM, Side.ADMINISTRATION)
    )
    if presidium is None or administration is None or presidium.grade == administration.grade:
        return None
    one, other = (grade_words(subject, found.grade) for found in (presidium, administration))
    return f"Presidiet säger {one}, förvaltningen {other}."


def disagreed(views: Iterable[View]) -> tuple[Subject, ...]:
    """The subjects on which the two do not judge alike."""
    known = tuple(views)
    return tuple(subject for subject in Subject if disagreement(known, subject) is not None)
