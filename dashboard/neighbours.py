"""Other municipalities' released values in words. Plain strings, frozen rows in."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import released, texts, words
from kpi import format as text
from kpi.definition import Definition, Shape
from kpi.disclosure.suppressed import Suppressed
from kpi.period import Period
from kpi.views.comparison import ComparedFigure
from kpi.views.neighbours import Neighbour, NeighbourValue, Standing

OTHERS = "Andra kommuner"
_REMARKS = {
    Standing.OTHER_PERIOD: "annan period: jämförs inte",
    Standing.OTHER_DEFINITION: "annan definition: jämförs inte",
}
_CORRECTED = "rättat efter stängningen"


def standing(one: Standing) -> str:
    """Why a value is not held against the own; empty where it is, or is not released."""
    return _REMARKS.get(one, "")


def remark(one: NeighbourValue) -> str:
    """Why the value is not held against the own, that it is hidden, or that it was corrected; empty else."""
    told = [_REMARKS[one.standing]] if one.standing in _REMARKS else []
    if one.value is not None and isinstance(one.value.judged, Suppressed):
        told.append(released.HIDDEN)
    return ", ".join([*told, *([_CORRECTED] if one.is_corrected else [])])


def as_own(figure: ComparedFigure) -> NeighbourValue:
    """The page's own value, as a row among the others."""
    unit = figure.value.unit
    own = Neighbour(unit.municipality_code or "", unit.name, figure.end.last_day, figure.is_synthetic)
    return NeighbourValue(own, figure.definition, figure.value, Standing.COMPARED)


def lead(figure: ComparedFigure, own_name: str) -> str:
    """What one sees, and what may not be read out of it."""
    unit = figure.value.unit
    own = unit.name if unit.level == "municipality" else f"{unit.name} i {own_name}"
    what = "kommunens värde" if unit.level == "municipality" else "värdet för samma slags nämnd"
    return (
        f"Här står värdet för {own} bredvid {what} i andra kommuner, för samma tid och med samma definition. "
        f"{_caution(figure.definition)}"
    )


def _caution(definition: Definition) -> str:
    if released.has_intervals(definition):
        return "En skillnad som ryms inom osäkerheten är ingen säker skillnad."
    if definition.shape is Shape.COUNT:
        return "Antal beror på hur stor kommunen är, och säger inte ensamma vem som gör mest."
    return "Osäkerheten är inte uträknad för det här måttet, så små skillnader säger inget."


def time(one: NeighbourValue, end: Period) -> str:
    """The value's own time."""
    if one.value is None:
        return ""
    if one.standing is Standing.OTHER_DEFINITION and one.value.latest is not None:
        return text.month(one.value.latest.period)
    return released.over(one.definition, one.value, end)


def full_time(one: NeighbourValue, end: Period) -> str:
    """The same with the month that ends it, for what leaves the page: `12 mån till och med dec 2024`."""
    if one.value is not None and one.value.twelve is not None:
        return f"12{text.NBSP}mån till och med {text.last_month(end, short=True)}"
    return time(one, end)


def source(one: Neighbour) -> str:
    """How far a neighbour's figures reach and when its package was made."""
    reach = f"till och med {text.month(Period.parse(f'{one.reaches:%Y-%m}'))}"
    if one.exported_at is None:
        return f"{one.name}: {reach}"
    told = f"{one.name}: {reach}, paket från {text.local_day(one.exported_at)}"
    return f"{told} ({texts.SYNTHETIC.lower()})" if one.is_synthetic else told


def sources(found: Sequence[NeighbourValue]) -> list[str]:
    """Each neighbour's once."""
    return list(dict.fromkeys(source(one.neighbour) for one in found))


def basis(one: NeighbourValue, end: Period) -> str:
    """What the value rests on; empty for what is hidden, not released or defined in another way."""
    if one.value is None or one.standing is Standing.OTHER_DEFINITION:
        return ""
    reading = released.judged_reading(one.value, end)
    return "" if reading is None else words.basis(one.definition, reading)
