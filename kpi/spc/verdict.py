"""What a chart says of a figure's latest value, in the same terms whichever chart drew it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kpi.spc.icons import Assurance
from kpi.spc.series import ChartType


class Signal(StrEnum):
    """What makes the latest value more than usual variation."""

    OUTSIDE = "outside"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"
    RUN = "run"


class Told(StrEnum):
    """What can be said of the latest value."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGHER = "higher"  # neither is better
    LOWER = "lower"
    USUAL = "usual"
    UNKNOWN = "unknown"  # too few values, or too small numbers by month


@dataclass(frozen=True)
class Mark:
    """One period of the chart, in the value's own unit; None where there is no value or no limit."""

    centre: float | None
    lower: float | None
    upper: float | None
    sign: int
    """1 or -1 for a signal above or below, 0 for usual variation."""


@dataclass(frozen=True)
class Variation:
    """A figure's chart in short. `marks` are in step with the series; `length`: how many periods in a row the signal
    has lasted, 0 without one; `sign`: which way it points; `is_small`: single periods have too few cases to be shown as
    shares."""

    chart: ChartType | None
    marks: tuple[Mark, ...]
    told: Told
    signal: Signal | None = None
    sign: int = 0
    length: int = 0
    assurance: Assurance | None = None
    is_small: bool = False


NOTHING = Variation(None, (), Told.UNKNOWN)
SMALL = Variation(None, (), Told.UNKNOWN, is_small=True)
