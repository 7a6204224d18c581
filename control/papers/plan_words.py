"""Swedish words of the plan, controls, actions and assessments in papers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from control.papers.sources import Plan
from control.plan.content import Category, Control, Frequency, Handling, Method

CATEGORIES = {
    Category.OPERATIONS: "verksamhet",
    Category.LEGAL: "lag och regler",
    Category.FINANCE: "ekonomi",
    Category.INFORMATION: "information och sekretess",
    Category.TRUST: "förtroende",
}
HANDLINGS = {Handling.ACCEPT: "acceptera", Handling.CONTROL: "kontrollera", Handling.ACT: "åtgärda"}
FREQUENCIES = {
    Frequency.MONTH: "varje månad",
    Frequency.QUARTER: "varje kvartal",
    Frequency.TERTIAL: "varje tertial",
    Frequency.HALF_YEAR: "varje halvår",
    Frequency.YEAR: "en gång om året",
}
RESULTS = {
    "without_remark": "utan anmärkning",
    "minor": "mindre brist",
    "serious": "allvarlig brist",
    "not_carried_out": "ej genomfört",
}
STATUSES = {"planned": "planerad", "started": "pågår", "done": "klar", "cancelled": "avbruten"}
EFFECTS = {"yes": "ja", "partly": "delvis", "no": "nej", "too_early": "för tidigt att säga"}
SIDES = {"presidium": "presidiet", "administration": "förvaltningen", "unit": "enheten"}
ANSWERS = {1: "nej", 2: "till viss del", 3: "ja"}


def method_words(control: Control) -> str:
    """`urval, 10 planer`, `allt granskas`, `uttag ur system`."""
    if control.method is Method.SAMPLE:
        what = "planer" if control.is_review else "stickprov"
        return f"urval, {control.sample_size} {what}" if control.sample_size else "urval"
    return "allt granskas" if control.method is Method.TOTAL else "uttag ur system"


def grade_words(subject: str, grade: int) -> str:
    """A grade on its scale: `nivå 3 av 5`, `till viss del`."""
    return f"nivå {grade} av 5" if subject == "maturity" else ANSWERS.get(grade, str(grade))


def named(plans: Sequence[Plan], control_id: str) -> tuple[str, str]:
    """What the control is, and its risk; the id where no plan has it."""
    held = next((held for plan in plans if (held := plan.content.control(control_id)) is not None), None)
    return (held[1].what, held[0].event) if held is not None else (control_id, "")
