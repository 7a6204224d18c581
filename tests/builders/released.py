"""What has been released, as the comparison's pages get it; the definitions are the shipped ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from kpi.definition import Definition
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.organisation import Unit
from kpi.period import Period
from kpi.released import Numbers, ReleasedValue, Shown, reading_of
from kpi.spc.verdict import NOTHING
from kpi.status import judge, target_for
from kpi.views.compared import interval_of
from kpi.views.comparison import ComparedFigure, ComparedRow, Comparison, PeriodValue, PlaceValue
from kpi.views.released import Closing
from kpi.views.rows import Split
from tests.builders.figures import BOARD, MUNICIPALITY, definition

END = Period.parse("2024-12")
TERTIAL = Period.parse("2024-T3")
OTHER_BOARD = Unit("1287-UN", "Utbildningsnämnden", "board", "1287", "1287", "education")
NORTH = Unit("1287-N", "Barn och familj norr", "unit", "1287-SN", "1287")
SOUTH = Unit("1287-S", "Barn och familj söder", "unit", "1287-SN", "1287")


def share(numerator: int, denominator: int) -> Numbers:
    """A published share."""
    return Numbers(numerator, denominator, numerator / denominator, denominator)


def count(number: int) -> Numbers:
    """A published count."""
    return Numbers(number, None, number, number)


def place_value(
    meaning: Definition, unit: Unit, twelve: Shown | None, latest: Shown, period: Period = TERTIAL
) -> PlaceValue:
    """A figure at a place, judged as the view does."""
    target = target_for(meaning, period, unit.code if unit.level == "board" else None, unit.municipality_code)
    reading = reading_of(latest if twelve is None else twelve, END, END)
    status = interval = None
    if reading is not None:
        status = judge(
            reading.value, reading.cases, minimum_cases=meaning.minimum_cases, target=target,
            is_share=meaning.is_share,
        )  # fmt: skip
        interval = interval_of(meaning, reading)
    return PlaceValue(unit, twelve, ReleasedValue(meaning.id, unit, period, None, latest, 1), target, status, interval)


def closing(*, revision: int = 0, reason: str | None = None) -> Closing:
    """A closed tertial of the board."""
    return Closing(
        1, BOARD, TERTIAL, revision, datetime(2025, 1, 20, 23, 30, tzinfo=UTC), reason, "6d2eb84ec8b363e3", False
    )


def comparison(*rows: ComparedRow, places: tuple[Unit, ...] = (BOARD, OTHER_BOARD, MUNICIPALITY)) -> Comparison:
    """A municipality's page with these rows."""
    return Comparison("1287", ("1287",), places, END, (END,), rows, (closing(),))


def compared_figure(
    kpi_id: str,
    twelve: Shown | None,
    latest: Shown = SUPPRESSED,
    *,
    unit: Unit = BOARD,
    series: tuple[PeriodValue, ...] = (),
    units: tuple[PlaceValue, ...] = (),
    parts: dict[Split, Shown] | None = None,
    total: Shown | None = None,
    hides_months: bool = True,
) -> ComparedFigure:
    """A figure's page at a place."""
    meaning = definition(kpi_id)
    value = place_value(meaning, unit, twelve, latest)
    told = series or (PeriodValue(TERTIAL, latest, twelve),)
    return ComparedFigure(
        meaning, value, (unit,), END, (END,), told, units, tuple((parts or {}).items()),
        Period.parse("2024") if parts else None, total, NOTHING, hides_months, (closing(),),
    )  # fmt: skip


def at(value: PlaceValue, **more: object) -> PlaceValue:
    """The value with something else in it."""
    return replace(value, **more)  # type: ignore[arg-type]
