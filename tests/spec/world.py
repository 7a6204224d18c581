"""The small municipality of the spec tests, and a way to read a figure as a short table.

Trelleborg lies under Region Skåne: socialnämnden (`soc`) with `norr` and `söder`, bildningsnämnden (`bild`) with
`skolan`; BUP is the region's own unit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from kpi.access import OPERATOR
from kpi.cells import Cell
from kpi.compute import compute
from kpi.definition import Catalogue, Kind, Shape
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


def called(sip_id: str, actor: str, met_on: str, *, attended: bool, meeting_no: int = 1, **fields: Any) -> Row:
    plain = {
        "sip_id": sip_id,
        "municipality_code": "1287",
        "meeting_no": meeting_no,
        "actor": actor,
        "met_on": met_on,
        "attended": attended,
    }
    return plain | fields


def follow_up(sip_id: str, agreed_on: str, held_on: str | None = None, *, no: int = 1, **fields: Any) -> Row:
    plain = {
        "sip_id": sip_id,
        "municipality_code": "1287",
        "follow_up_no": no,
        "agreed_on": agreed_on,
        "held_on": held_on,
    }
    return plain | fields


def activity(sip_id: str, due_on: str, completed_on: str | None = None, *, no: int = 1, **fields: Any) -> Row:
    """Something that a plan promises, by the municipality unless told."""
    plain = {
        "sip_id": sip_id,
        "municipality_code": "1287",
        "activity_no": no,
        "principal": "municipality",
        "actor": "socialtjanst",
        "due_on": due_on,
        "completed_on": completed_on,
    }
    return plain | fields


def deviation(
    deviation_id: str, reported_on: str, feedback_on: str | None = None, unit_code: str = "norr", **fields: Any
) -> Row:
    plain = {
        "deviation_id": deviation_id,
        "municipality_code": "1287",
        "unit_code": unit_code,
        "reported_on": reported_on,
        "reporting_actor": "socialtjanst",
        "counterpart_actor": "bup",
        "category": "annan",
        "feedback_on": feedback_on,
    }
    return plain | fields


def answered(question: str, respondents: str, board: str, on: str, **answers: int) -> list[Row]:
    """Answers to a question, a row per alternative (`large=3, dont_know=1`); of no board: ``""``."""
    plain = {
        "survey": "enkät",
        "municipality_code": "1287",
        "board_code": board,
        "respondents": respondents,
        "answered_on": on,
        "question": question,
    }
    return [plain | {"answer": answer, "answers": count} for answer, count in answers.items()]


def only(catalogue: Catalogue, *kpi_ids: str) -> Catalogue:
    """The catalogue with these figures alone: a run computes no other."""
    return replace(catalogue, definitions={kpi_id: catalogue.definitions[kpi_id] for kpi_id in kpi_ids})


def cells(engine: Engine, catalogue: Catalogue, kpi_id: str, unit_code: str | None = None) -> list[Cell]:
    """The figure after a run, as the operator reads it."""
    compute(engine, catalogue)
    with reading(engine) as connection:
        return figure_values(connection, catalogue, OPERATOR, kpi_id, unit_code=unit_code)


def table(engine: Engine, catalogue: Catalogue, kpi_id: str, unit_code: str = "norr") -> dict[str, str]:
    """A unit's figure as period → `numerator/denominator`, a count as itself, a rate of what stands with its value
    behind (`1/4=25`), a median as `value (cases)`, a gap so with its sign (`+0.25 (4)`), others' statistics as given.
    An unfinished period ends with `*`, and a split is told before."""
    return as_table(catalogue, cells(engine, catalogue, kpi_id, unit_code))


def as_table(catalogue: Catalogue, found: list[Cell]) -> dict[str, str]:
    """The cells of one unit and figure, as `table` tells them."""
    shown: dict[str, str] = {}
    for cell in found:
        split = " ".join(value for _, value in cell.split or ())
        mark = "*" if cell.status == "preliminary" else ""
        shown[f"{cell.period} {split}".strip()] = _parts(catalogue, cell) + mark
    return shown


def _parts(catalogue: Catalogue, cell: Cell) -> str:
    definition = catalogue.definitions[cell.kpi_id]
    if definition.kind is Kind.CONTEXT:
        return f"{cell.value:g}"
    if definition.shape is Shape.GAP:
        return f"{cell.value:+.4g} ({cell.cases})"
    if cell.numerator is None:
        return f"{cell.value:g} ({cell.cases})"
    if cell.denominator is None:
        return f"{cell.numerator:g}"
    rate = f"={cell.value:g}" if definition.kind is Kind.RATE_PER and not definition.meaning.divides_by_children else ""
    return f"{cell.numerator:g}/{cell.denominator:g}{rate}"
