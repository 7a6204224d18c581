"""The kinds of papers, and which period each is about. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kpi.format import within
from kpi.period import Period, PeriodType


class PaperKind(StrEnum):
    """As stored; `word` is its Swedish name, `title` its heading before the period."""

    CONTROL_PLAN = "control_plan"
    MONTHLY = "monthly"
    TERTIAL = "tertial"
    YEAR = "year"
    AUDIT_ANSWER = "audit_answer"

    @property
    def word(self) -> str:
        """Its name in a list."""
        return _WORDS[self]

    @property
    def command(self) -> str:
        """Its name on the command line and in addresses."""
        return self.value.replace("_", "-")


_WORDS: Mapping[PaperKind, str] = {
    PaperKind.CONTROL_PLAN: "Intern kontrollplan",
    PaperKind.MONTHLY: "Månadsuppföljning",
    PaperKind.TERTIAL: "Tertialuppföljning",
    PaperKind.YEAR: "Årsuppföljning",
    PaperKind.AUDIT_ANSWER: "Yttrande över revisionsrapport",
}
PERIOD_TYPES: Mapping[PaperKind, PeriodType | None] = {
    PaperKind.CONTROL_PLAN: PeriodType.YEAR,
    PaperKind.MONTHLY: PeriodType.MONTH,
    PaperKind.TERTIAL: PeriodType.TERTIAL,
    PaperKind.YEAR: PeriodType.YEAR,
    PaperKind.AUDIT_ANSWER: None,
}
"""Which periods a kind is about; None = any that the board closes."""
EXAMPLES: Mapping[PaperKind, str] = {
    PaperKind.CONTROL_PLAN: "ett år, till exempel 2026",
    PaperKind.MONTHLY: "en månad, till exempel 2025-03",
    PaperKind.TERTIAL: "ett tertial, till exempel 2025-T1",
    PaperKind.YEAR: "ett år, till exempel 2025",
    PaperKind.AUDIT_ANSWER: "den stängda period som siffrorna ska gälla, till exempel 2025-T1",
}


def title_of(kind: PaperKind, period: Period) -> str:
    """`Uppföljning av intern kontroll i mars 2025`."""
    if kind is PaperKind.CONTROL_PLAN:
        return f"Intern kontrollplan {period}: samverkan kring barn och unga"
    if kind is PaperKind.AUDIT_ANSWER:
        return "Yttrande över revisionsrapport om samverkan kring barn och unga"
    return f"Uppföljning av intern kontroll {within(period)}: samverkan kring barn och unga"
