"""What every chart is drawn from: a series of dated values, and how it is divided. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ChartType(StrEnum):
    """The charts, by the names that qicharts2 gives them (and `xmr`)."""

    XMR = "xmr"
    RUN = "run"
    INDIVIDUALS = "i"
    MOVING_RANGE = "mr"
    PROPORTION = "p"
    PROPORTION_PRIME = "pp"
    RATE = "u"
    RATE_PRIME = "up"
    COUNT = "c"
    CASES_BETWEEN = "g"
    TIME_BETWEEN = "t"


LARGEST = 1e15
"""Numbers up to here are whole to the unit as floats, and no formula of a chart overflows."""


class ChartError(ValueError):
    """A series that a chart cannot be drawn from; a Swedish sentence that repeats none of its values."""


@dataclass(frozen=True)
class Series:
    """Values by date; None is a missing month and stays in its place.

    With denominators (cases, or exposure such as client-months) `values` are numerators. ChartError when the lengths
    differ, a date stands twice, a number is beyond 1e15 or none, or a denominator is negative.
    """

    dates: tuple[date, ...]
    values: tuple[float | None, ...]
    denominators: tuple[float | None, ...] | None = None

    def __post_init__(self) -> None:
        if len(self.dates) != len(self.values):
            raise ChartError("Antalet datum och antalet värden skiljer sig åt. Skriv ett värde för varje datum.")
        if self.denominators is not None and len(self.denominators) != len(self.values):
            raise ChartError("Antalet nämnare och antalet värden skiljer sig åt. Skriv en nämnare för varje värde.")
        if len(set(self.dates)) < len(self.dates):
            raise ChartError("Ett datum står mer än en gång. Slå ihop värden för samma datum.")
        numbers = [number for number in (*self.values, *(self.denominators or ())) if number is not None]
        if not all(abs(number) <= LARGEST for number in numbers):  # nor is NaN
            raise ChartError("Ett värde eller en nämnare är inget rimligt tal. Skriv null där värdet saknas.")
        if any(number < 0 for number in self.denominators or () if number is not None):
            raise ChartError("En nämnare är negativ. Skriv antalet fall eller exponeringen, noll eller mer.")

    def in_order(self) -> Series:
        """The same series sorted by date."""
        order = sorted(range(len(self.dates)), key=self.dates.__getitem__)
        denominators = None if self.denominators is None else tuple(self.denominators[at] for at in order)
        return Series(tuple(self.dates[at] for at in order), tuple(self.values[at] for at in order), denominators)

    def ratios(self) -> tuple[float | None, ...]:
        """Numerator / denominator; None where either is missing or the denominator is zero. Values as they are
        when the series has no denominators."""
        if self.denominators is None:
            return self.values
        return tuple(
            value / below if value is not None and below else None
            for value, below in zip(self.values, self.denominators, strict=True)
        )


@dataclass(frozen=True)
class Division:
    """How a control chart's series is divided and which points its lines rest on; positions count from 1, by date.

    `parts`: each is the last position of a part that another follows. `freeze`: lines rest on the points up to and
    including it; without effect when there are parts (as in qicharts2). `exclude`: points that neither the lines nor
    the runs rest on. ChartError when a position is below 1 (a part's may be 0).
    """

    parts: tuple[int, ...] = ()
    freeze: int | None = None
    exclude: frozenset[int] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.freeze is not None and self.freeze < 1:
            raise ChartError("Basen (freeze) måste omfatta minst en punkt.")
        if any(position < 1 for position in self.exclude) or any(position < 0 for position in self.parts):
            raise ChartError("Punkter (part, exclude) räknas från 1.")

    def spans(self, length: int) -> list[range]:
        """The indices (from 0) of each part of a series of that length."""
        starts = sorted({0, *(position for position in self.parts if position < length)})
        return [range(start, stop) for start, stop in zip(starts, [*starts[1:], length], strict=True) if start < stop]

    def is_base(self, index: int) -> bool:
        """Whether the lines rest on the point with that index (from 0)."""
        frozen_out = self.freeze is not None and not self.parts and index >= self.freeze
        return not frozen_out and index + 1 not in self.exclude
