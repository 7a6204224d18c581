"""The small municipality of the spec tests, and a way to read a figure as a short table.

Trelleborg lies under Region Skåne: socialnämnden (`soc`) with `norr` and `söder`, bildningsnämnden (`bild`) with
`skolan`; BUP is the region's own unit.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from kpi.access import OPERATOR
from kpi.cells import Cell
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.views.values import figure_values
from warehouse.database import reading

Row = dict[str, Any]
SKANE, TRELLEBORG = "skåne", "trelleborg"


def unit(code: str, level: str, parent: str | None = None, municipality: str | None = "1287", **more: Any) -> Row:
    own = {"unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": municipality}
    return own | more


ORGANISATION: list[Row] = [
    unit(SKANE, "region", municipality=None),
    unit(TRELLEBORG, "municipality", SKANE),
    unit("soc", "board", TRELLEBORG, area="social"),
    unit("bild", "board", TRELLEBORG, area="education"),
    unit("norr", "unit", "soc"),
    unit("söder", "unit", "soc"),
    unit("skolan", "unit", "bild"),
    unit("bup", "unit", SKANE, municipality=None, actor="bup"),
]


def sip(sip_id: str, **fields: Any) -> Row:
    """A plan with consent in `norr`, initiated on New Year's Day 2024 unless told."""
    plain = {
        "sip_id": sip_id,
        "municipality_code": "1287",
        "unit_code": "norr",
        "initiator_actor": "socialtjanst",
        "initiated_on": "2024-01-01",
        "consent": "given",
    }
    return plain | fields


def called(sip_id: str, actor: str, met_on: str, *, attended: bool, meeting_no: int = 1) -> Row:
    return {
        "sip_id": sip_id,
        "municipality_code": "1287",
        "meeting_no": meeting_no,
        "actor": actor,
        "met_on": met_on,
        "attended": attended,
    }


def follow_up(sip_id: str, agreed_on: str, held_on: str | None = None, *, no: int = 1) -> Row:
    return {
        "sip_id": sip_id,
        "municipality_code": "1287",
        "follow_up_no": no,
        "agreed_on": agreed_on,
        "held_on": held_on,
    }


def deviation(deviation_id: str, reported_on: str, feedback_on: str | None = None, unit_code: str = "norr") -> Row:
    return {
        "deviation_id": deviation_id,
        "municipality_code": "1287",
        "unit_code": unit_code,
        "reported_on": reported_on,
        "reporting_actor": "socialtjanst",
        "counterpart_actor": "bup",
        "category": "annan",
        "feedback_on": feedback_on,
    }


def cells(engine: Engine, catalogue: Catalogue, kpi_id: str, unit_code: str | None = None) -> list[Cell]:
    """The figure after a run, as the operator reads it."""
    compute(engine, catalogue)
    with reading(engine) as connection:
        return figure_values(connection, catalogue, OPERATOR, kpi_id, unit_code=unit_code)


def table(engine: Engine, catalogue: Catalogue, kpi_id: str, unit_code: str = "norr") -> dict[str, str]:
    """A unit's figure as period → `numerator/denominator`, a count as itself, a median as `value (cases)`; an
    unfinished period ends with `*`, and a split is told before."""
    shown: dict[str, str] = {}
    for cell in cells(engine, catalogue, kpi_id, unit_code):
        split = " ".join(value for _, value in cell.split or ())
        mark = "*" if cell.status == "preliminary" else ""
        shown[f"{cell.period} {split}".strip()] = _parts(cell) + mark
    return shown


def _parts(cell: Cell) -> str:
    if cell.numerator is None:
        return f"{cell.value:g} ({cell.cases})"
    return f"{cell.numerator:g}" if cell.denominator is None else f"{cell.numerator:g}/{cell.denominator:g}"
