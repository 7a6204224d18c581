"""Where a unit's events count: the unit and everything above it, by day. Pure.

The organisation's spans are cut so that within one placement nothing above the unit changes. An event joins its
unit's placement on its own day, so later moves never rewrite history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kpi.organisation import Organisation, Unit
from warehouse.errors import UserError

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Placement:
    """From `first` to `last` (both included) the unit counts in `chain`: itself, then its parents upwards."""

    unit_code: str
    first: date
    last: date
    chain: tuple[Unit, ...]

    @property
    def municipality(self) -> Unit | None:
        """The municipality's own unit: itself or above; None for a region's own units."""
        return next((one for one in self.chain if one.level == "municipality"), None)


def placements(organisation: Organisation) -> list[Placement]:
    """Every placement of every unit.

    A span ends the day before the unit's next one begins, also when its own end says later or nothing. A parent that
    is unknown, or not valid on a day, ends the chain there: the unit counts at the levels it has. UserError when a
    unit lies under itself.
    """
    spans = {code: _without_overlap(organisation.spans(code)) for code in organisation.codes}
    return [
        Placement(code, first, last, chain)
        for code in organisation.codes
        for first, last, chain in _walk(code, date.min, date.max, spans, ())
    ]


def _without_overlap(spans: tuple[Unit, ...]) -> tuple[Unit, ...]:
    ended = []
    for at, span in enumerate(spans):
        last = span.valid_to or date.max
        if at + 1 < len(spans) and spans[at + 1].valid_from <= last:
            last = spans[at + 1].valid_from - _DAY
        if last >= span.valid_from:
            ended.append(replace(span, valid_to=last))
    return tuple(ended)


def _walk(
    code: str, first: date, last: date, spans: dict[str, tuple[Unit, ...]], below: tuple[str, ...]
) -> Iterator[tuple[date, date, tuple[Unit, ...]]]:
    if code in below:
        circle = " → ".join([*below[below.index(code) :], code])
        raise UserError(
            f"Organisationen går i cirkel: {circle}. Rätta parent_code för någon av enheterna i leveransen org_units "
            "och läs in den igen. Tills dess räknas inga nya värden."
        )
    for span in spans.get(code, ()):
        begins, ends = max(first, span.valid_from), min(last, span.valid_to or date.max)
        if begins > ends:
            continue
        day: date | None = begins
        if span.parent_code:
            for inner_first, inner_last, chain in _walk(span.parent_code, begins, ends, spans, (*below, code)):
                if day is not None and day < inner_first:
                    yield day, inner_first - _DAY, (span,)
                yield inner_first, inner_last, (span, *chain)
                day = inner_last + _DAY if inner_last < date.max else None
        if day is not None and day <= ends:
            yield day, ends, (span,)
