"""What has been released, made by hand: places, values and closings, for tests of files."""

from __future__ import annotations

from datetime import UTC, datetime

from kpi.disclosure.suppressed import Suppressed
from kpi.organisation import Unit, organisation
from kpi.period import Period
from kpi.released import Numbers, ReleasedValue, Shown, reading_of
from kpi.spc.intervals import Interval
from kpi.spc.verdict import NOTHING
from kpi.status import judge, target_for
from kpi.views.compared import interval_of
from kpi.views.comparison import ComparedFigure, ComparedRow, Comparison, PeriodValue, PlaceValue
from kpi.views.released import Closing
from kpi.views.rows import Split
from tests.builders.figures import BOARD, MUNICIPALITY, definition

DECEMBER = Period.parse("2024-12")
TERTIAL = Period.parse("2024-T3")
UNIT = Unit("1287-N", "Öppenvård", "unit", "1287-SN", "1287")
SCHOOL = Unit("1287-BN", "Bildningsnämnden", "board", "1287", "1287", "education")
PLACES = (BOARD, SCHOOL, MUNICIPALITY)
ORGANISATION = organisation([MUNICIPALITY, BOARD, SCHOOL, UNIT])


def share_of(numerator: int, denominator: int) -> Numbers:
    """A published share."""
    return Numbers(numerator, denominator, numerator / denominator if denominator else None, denominator)


def count_of(number: int) -> Numbers:
    """A published count."""
    return Numbers(number, None, number, number)


def closing(number: int, board: Unit, period: str, *, is_synthetic: bool = False, reason: str | None = None) -> Closing:
    """A closing, made on the first of March the year after."""
    found = Period.parse(period)
    closed_at = datetime(found.year + 1, 3, 1, 8, number, 30, 999, tzinfo=UTC)
    revision = 1 if reason else 0
    return Closing(number, board, found, revision, closed_at, reason, f"{number:x}" * 64, is_synthetic)


CLOSINGS = (
    closing(2, BOARD, "2024-T3", reason="Sen leverans"),
    closing(1, BOARD, "2024-T2"),
    closing(4, BOARD, "2025-T1"),
)


def place_value(
    kpi_id: str, unit: Unit, shown: Shown, *, twelve: Shown | None = None, interval: Interval | None = None
) -> PlaceValue:
    """A figure's value at a place. `interval`: what a careless reader of the warehouse would have left behind a hidden
    value."""
    meaning = definition(kpi_id)
    target = target_for(meaning, TERTIAL, None, None)
    judged = twelve if twelve is not None else shown
    reading = reading_of(judged, DECEMBER, DECEMBER)
    latest = ReleasedValue(kpi_id, unit, TERTIAL, None, shown, 2)
    if isinstance(judged, Suppressed) or reading is None:
        status = None
    else:
        status = judge(
            judged.value, judged.cases, minimum_cases=meaning.minimum_cases, target=target, is_share=meaning.is_share
        )
    found = interval if interval is not None else interval_of(meaning, reading) if reading is not None else None
    return PlaceValue(unit, twelve, latest, target, status, found)


def comparison_of(
    rows: dict[str, tuple[Shown | None, ...]], places: tuple[Unit, ...] = PLACES, *, is_synthetic: bool = False
) -> Comparison:
    """Figures by id, each with a released tertial (None: nothing) at every place."""
    compared = tuple(
        ComparedRow(
            definition(kpi_id),
            tuple(
                place_value(kpi_id, unit, shown) if shown is not None else None
                for unit, shown in zip(places, values, strict=True)
            ),
        )
        for kpi_id, values in rows.items()
    )
    closings = (*CLOSINGS, closing(5, BOARD, "2024-T1", is_synthetic=is_synthetic))
    return Comparison(
        municipality_code="1287", municipalities=("1287",), places=places, end=DECEMBER, ends=(DECEMBER,),
        rows=compared, closings=closings,
    )  # fmt: skip


def figure_of(
    kpi_id: str,
    value: PlaceValue,
    *,
    series: tuple[tuple[str, Shown, Shown | None], ...] = (),
    units: tuple[PlaceValue, ...] = (),
    parts: tuple[tuple[Split, Shown], ...] = (),
) -> ComparedFigure:
    """A figure at a place, with its closed periods, the units below and the parts of 2024."""
    periods = tuple(PeriodValue(Period.parse(period), shown, twelve) for period, shown, twelve in series)
    year = Period.parse("2024") if parts else None
    return ComparedFigure(
        definition=definition(kpi_id), value=value, places=(value.unit,), end=DECEMBER, ends=(DECEMBER,),
        series=periods, units=units, parts=parts, parts_of=year, parts_total=None, variation=NOTHING, hides_months=True,
        closings=CLOSINGS,
    )  # fmt: skip
