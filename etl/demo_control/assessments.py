"""What the presidium and the administration judged of the tertials, each for itself; the last ones differ once, and one
waits for its second person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Engine

from control.assessments.evidence import Reference
from control.assessments.reading import newest
from control.assessments.scales import Subject
from control.assessments.service import Draft, confirm, sign
from etl.demo_control.cast import BOARD, CHIEF, DEVELOPER, PRESIDIUM, VICE
from etl.demo_control.words import MOTIVATIONS
from etl.demo_control.words import PRESIDIUM as PRESIDIUM_WORDS
from etl.demo_steps import Step, moment
from kpi.access import Side, Viewer
from kpi.period import Period
from warehouse import clock
from warehouse.database import reading

_GRADES = {
    Subject.QUESTION_1: (2, 2, 2, 2, 3, 3),
    Subject.QUESTION_2: (2, 2, 2, 2, 2, 2),
    Subject.QUESTION_3: (2, 2, 2, 2, 2, 2),
    Subject.QUESTION_4: (1, 1, 2, 2, 2, 3),
    Subject.MATURITY: (2, 2, 2, 2, 3, 3),
}
"""What both judged, tertial by tertial."""
_DIFFERS, _WAITS = Subject.QUESTION_3, Subject.MATURITY
"""Of the newest tertial: what the presidium judges better than the administration, and what is not confirmed yet."""
_SIGNERS: dict[Side, tuple[Viewer, Viewer]] = {
    Side.PRESIDIUM: (VICE, PRESIDIUM),
    Side.ADMINISTRATION: (CHIEF, DEVELOPER),
}


def assessment_steps(engine: Engine, tertials: list[Period]) -> Iterator[Step]:
    """Signed a week after each tertial, confirmed the days after."""
    for index, period in enumerate(tertials):
        for subject, grades in _GRADES.items():
            for side in _SIGNERS:
                is_last, is_presidium = period == tertials[-1], side is Side.PRESIDIUM
                grade = grades[index] + (is_last and is_presidium and subject is _DIFFERS)
                is_confirmed = not (is_last and is_presidium and subject is _WAITS)
                yield from _assessed(engine, subject, side, period, grade, is_confirmed=is_confirmed)


def _assessed(
    engine: Engine, subject: Subject, side: Side, period: Period, grade: int, *, is_confirmed: bool
) -> Iterator[Step]:
    day = period.last_day + timedelta(days=8 if side is Side.ADMINISTRATION else 10)
    minute = 4 * list(Subject).index(subject)
    yield Step(moment(day, 13, minute), partial(_sign, engine, subject, side, period, grade))
    if is_confirmed:
        yield Step(moment(day + timedelta(days=2), 15, minute), partial(_confirm, engine, subject, side, period))


def _sign(engine: Engine, subject: Subject, side: Side, period: Period, grade: int, at: datetime) -> None:
    today = clock.local(at).date()
    words = PRESIDIUM_WORDS if side is Side.PRESIDIUM else MOTIVATIONS
    follow_up = Reference("Tertialuppföljningens underlag", f"SN {today.year}/{20 + period.number}", today)
    has_evidence = subject is not Subject.QUESTION_2
    draft = Draft(
        BOARD, side, None, period, subject, grade, words[subject.value],
        follow_up if has_evidence else None, not has_evidence, None,
    )  # fmt: skip
    sign(engine, _SIGNERS[side][0], draft, today=today, at=at)


def _confirm(engine: Engine, subject: Subject, side: Side, period: Period, at: datetime) -> None:
    with reading(engine) as connection:
        signed = newest(connection, (BOARD, subject, side, None), period)
    assert signed is not None, "what is confirmed was signed before"
    confirm(engine, _SIGNERS[side][1], signed.number, at=at)
