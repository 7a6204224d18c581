"""What is assessed, and the scales. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What an assessment is about: one of the audits' four questions, or how mature the collaboration is."""

    QUESTION_1 = "question_1"
    QUESTION_2 = "question_2"
    QUESTION_3 = "question_3"
    QUESTION_4 = "question_4"
    MATURITY = "maturity"

    @property
    def question(self) -> int | None:
        """The audit question's number; None for maturity."""
        return None if self is Subject.MATURITY else int(self.value[-1])

    @property
    def words(self) -> str:
        """What it is called in running text."""
        return "mognaden" if self is Subject.MATURITY else f"fråga {self.question}"


@dataclass(frozen=True)
class Level:
    """A step of a scale. `name`: as it is written on its own; `description`: what has to be so."""

    grade: int
    name: str
    description: str


ANSWERS = (
    Level(3, "Ja", "Det är så, och vi kan visa det."),
    Level(2, "Till viss del", "Det är så ibland eller på några håll, eller så kan vi inte visa det fullt ut."),
    Level(1, "Nej", "Det är inte så, eller så vet vi inte."),
)
"""The auditors' own scale, the best first."""
MATURITY = (
    Level(
        1,
        "Tillfällig",
        "Samverkan hänger på enskilda personer. Överenskommelser och rutiner är okända för de flesta, och ingen följer "
        "upp om barn får det som har bestämts.",
    ),
    Level(
        2,
        "Påbörjad",
        "Överenskommelser, rutiner och samordnare finns och är kända på några enheter. SIP görs, men uppföljning och "
        "avvikelser tas om hand olika från fall till fall.",
    ),
    Level(
        3,
        "Fastställd",
        "Ansvar och rutiner är beslutade och kända i hela förvaltningen. SIP följs upp till avtalad dag, avvikelser "
        "rapporteras och besvaras, och nämnden får regelbundna uppgifter.",
    ),
    Level(
        4,
        "Styrd",
        "Nämnden följer nyckeltal och bedömningar mot egna mål. Brister leder till beslutade åtgärder vars effekt "
        "prövas, och barns och vårdnadshavares synpunkter vägs in.",
    ),
    Level(
        5,
        "Lärande",
        "Verksamheten förbättrar samverkan tillsammans med region, skola och familjer innan brister uppstår. Åtgärder "
        "har visad effekt, lärdomar sprids mellan enheter, och andra huvudmän bekräftar bilden.",
    ),
)
"""How mature the collaboration around children is, the lowest first. A level is reached when all of it holds."""


def scale(subject: Subject) -> tuple[Level, ...]:
    """The steps that the subject is judged on, as they are shown."""
    return MATURITY if subject is Subject.MATURITY else ANSWERS


def level(subject: Subject, grade: int) -> Level:
    """The step of a grade; KeyError for a grade that is not on the scale."""
    return _BY_GRADE[subject][grade]


def grade_words(subject: Subject, grade: int) -> str:
    """`till viss del`, `nivå 3`: in running text."""
    found = level(subject, grade)
    return f"nivå {grade}" if subject is Subject.MATURITY else found.name.lower()


_BY_GRADE: Mapping[Subject, Mapping[int, Level]] = {
    subject: {step.grade: step for step in scale(subject)} for subject in Subject
}
