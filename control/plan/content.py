"""What a control plan says, as a document: risks, and the controls of each. Pure.

A revision is one such document; its hash is what the board decided about.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter


class Category(StrEnum):
    """What a risk concerns."""

    OPERATIONS = "operations"  # verksamhet
    LEGAL = "legal"  # lag och regler
    FINANCE = "finance"  # ekonomi
    INFORMATION = "information"  # information och sekretess
    TRUST = "trust"  # förtroende


class Handling(StrEnum):
    """What the board does about a risk."""

    ACCEPT = "accept"
    CONTROL = "control"
    ACT = "act"


class Method(StrEnum):
    """How a control is made."""

    TOTAL = "total"  # everything is looked at
    SAMPLE = "sample"  # n drawn of N
    EXTRACT = "extract"  # taken out of a system, here by its key figures


class Frequency(StrEnum):
    """How often a control comes due."""

    MONTH = "month"
    QUARTER = "quarter"
    TERTIAL = "tertial"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True)
class Source:
    """The audit's sentence that a risk answers, in our own words: report, section, gist."""

    report: str
    section: str
    gist: str


@dataclass(frozen=True)
class Control:
    """A control (kontrollmoment) of a risk. `id` follows it from year to year. `sample_size`: for a sample;
    `is_review`: whether the sample is of plans, held against the law's four contents. `kpis`: the figures that measure
    it."""

    id: str
    what: str
    method: Method
    frequency: Frequency
    responsible: str
    reported_to: str
    reported_when: str
    kpis: tuple[str, ...] = ()
    sample_size: int | None = None
    is_review: bool = False


@dataclass(frozen=True)
class Risk:
    """A risk: because of `cause` there is a risk that `event`, which leads to `effect`. `probability` and `consequence`
    are steps of the plan's scale; their product is the risk value. `id` follows it from year to year.
    `audit_question`: 1..4."""

    id: str
    process: str
    cause: str
    event: str
    effect: str
    category: Category
    probability: int
    consequence: int
    handling: Handling
    audit_question: int
    source: Source | None
    controls: tuple[Control, ...] = ()

    @property
    def value(self) -> int:
        """Probability × consequence."""
        return self.probability * self.consequence


@dataclass(frozen=True)
class Step:
    """A step of a scale: its word, and what it means."""

    word: str
    meaning: str


@dataclass(frozen=True)
class Scale:
    """Four or five steps each, the least first."""

    probability: tuple[Step, ...]
    consequence: tuple[Step, ...]

    @property
    def size(self) -> int:
        """How many steps."""
        return len(self.probability)


@dataclass(frozen=True)
class PlanContent:
    """A plan's whole content."""

    scale: Scale
    risks: tuple[Risk, ...] = ()

    def risk(self, risk_id: str) -> Risk | None:
        """The risk of that id."""
        return next((one for one in self.risks if one.id == risk_id), None)

    def control(self, control_id: str) -> tuple[Risk, Control] | None:
        """The control of that id, with its risk."""
        found = ((risk, one) for risk in self.risks for one in risk.controls if one.id == control_id)
        return next(found, None)


@cache
def _adapter() -> TypeAdapter[PlanContent]:
    return TypeAdapter(PlanContent)


def as_json(content: PlanContent) -> dict[str, Any]:
    """Plain JSON values, for the warehouse."""
    found: dict[str, Any] = _adapter().dump_python(content, mode="json")
    return found


def from_json(values: Mapping[str, Any]) -> PlanContent:
    """The inverse. pydantic.ValidationError when it is no plan."""
    return _adapter().validate_python(values)


def hash_of(content: PlanContent) -> str:
    """SHA-256 over the content as JSON with sorted names and no blanks."""
    text = json.dumps(as_json(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
