"""What a form tells, as texts by name, as a risk, a control, a decision or a scale. UserError says what to fill in.

What is then kept has rules of its own (`control.plan.check`, `control.plan.decided`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from control.plan.content import Category, Control, Frequency, Handling, Method, Risk, Scale, Source, Step
from control.plan.decided import BoardDecision
from control.plan.life import Start
from control.plan.scale import SIZES
from warehouse.errors import UserError

Told = Mapping[str, str]
REVIEW, OTHER = "review", "other"
"""What a sample is of: plans, held against the law's four contents, or something else."""
_Choice = TypeVar("_Choice", bound=StrEnum)


def risk_from(told: Told, risk_id: str) -> Risk:
    """The risk of the form, without controls."""
    return Risk(
        risk_id,
        told.get("process", ""),
        told.get("cause", ""),
        told.get("event", ""),
        told.get("effect", ""),
        _chosen(Category, told.get("category"), "Kategorin"),
        _number(told.get("probability"), "Sannolikheten"),
        _number(told.get("consequence"), "Konsekvensen"),
        _chosen(Handling, told.get("handling"), "Hanteringen"),
        _number(told.get("audit_question"), "Revisionsfrågan"),
        Source(told.get("report", ""), told.get("section", ""), told.get("gist", "")),
    )


def control_from(told: Told, control_id: str, kpis: Sequence[str]) -> Control:
    """The control of the form."""
    method = _chosen(Method, told.get("method"), "Metoden")
    is_sample = method is Method.SAMPLE
    return Control(
        control_id,
        told.get("what", ""),
        method,
        _chosen(Frequency, told.get("frequency"), "Hur ofta"),
        told.get("responsible", ""),
        told.get("reported_to", ""),
        told.get("reported_when", ""),
        tuple(kpis),
        _number(told.get("sample_size"), "Stickprovets storlek") if is_sample else None,
        is_sample and told.get("sampled") == REVIEW,
    )


def decision_from(told: Told) -> BoardDecision:
    """The decision of the form."""
    day = told.get("decided_on", "").strip()
    try:
        decided_on = date.fromisoformat(day)
    except ValueError:
        raise UserError(
            "Beslutsdagen saknas eller är ingen dag. Skriv år, månad och dag, till exempel 2025-11-12."
        ) from None
    return BoardDecision(
        decided_on, told.get("paragraph", ""), told.get("registration_number", ""), told.get("note", "")
    )


def scale_from(told: Told, size: int) -> Scale:
    """The scale of the form; `size` is as untrusted as its texts."""
    if size not in SIZES:
        raise UserError("Riskskalan har fyra eller fem steg. Ladda om sidan och välj antal.")

    def steps(name: str) -> tuple[Step, ...]:
        numbers = range(1, size + 1)
        return tuple(Step(told.get(f"{name}-{n}", ""), told.get(f"{name}-{n}-meaning", "")) for n in numbers)

    return Scale(steps("probability"), steps("consequence"))


def start_from(told: Told) -> tuple[int, Start]:
    """The year and what the plan begins with."""
    return _number(told.get("year"), "Året"), _chosen(Start, told.get("start"), "Början")


def _chosen(kind: type[_Choice], code: str | None, name: str) -> _Choice:
    try:
        return kind(code or "")
    except ValueError:
        raise UserError(f"{name} är inte vald. Välj i listan och spara igen.") from None


def _number(text: str | None, name: str) -> int:
    found = (text or "").strip()
    if not (found.isascii() and found.isdecimal() and len(found) <= 4):
        raise UserError(f"{name} är inte ifylld. Ange ett helt tal och spara igen.")
    return int(found)
