"""Warehouses made by hand for hard cases of disclosure control, closed and read as an outsider reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from control.release.closing import Summary, close_period
from kpi.access import OPERATOR
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.disclosure.suppressed import Suppressed
from kpi.period import Period
from kpi.released import Numbers, ReleasedValue, Shown
from kpi.views.organisation import read_organisation
from kpi.views.released import released_values
from tests.builders.figures import catalogue as shipped
from tests.builders.narrowing import Finding
from tests.builders.outsider import narrowed, true_counts
from tests.builders.warehouse import deliver
from warehouse.database import reading

AS_OF = "2026-02-28"
YEAR = tuple(f"2025-{month:02}" for month in range(1, 13))
TERTIALS = ("2025-T1", "2025-T2", "2025-T3")


def unit_row(code: str, level: str, parent: str | None, area: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": code[:4],
        "area": area,
    } | more  # fmt: skip


BOARD = [
    unit_row("1287", "municipality", None),
    unit_row("1287-SN", "board", "1287", "social"),
    unit_row("1287-A", "unit", "1287-SN"),
    unit_row("1287-B", "unit", "1287-SN"),
    unit_row("1287-C", "unit", "1287-SN"),
]
SECOND = [unit_row("1287-UN", "board", "1287", "social"), unit_row("1287-D", "unit", "1287-UN")]
Monthly = Mapping[str, Sequence[int]]
"""How many in each month of 2025, by unit."""


def choose(*ids: str) -> Catalogue:
    return replace(shipped(), definitions={id_: shipped().definitions[id_] for id_ in ids}, source=b"")


def plan_rows(met: Monthly, **more: Any) -> list[dict[str, Any]]:
    """Plans that met in each unit and month; every other one has agreed on a follow-up."""
    rows = [
        {
            "sip_id": f"{unit}-{month}-{n}", "municipality_code": "1287", "unit_code": unit,
            "initiator_actor": "skola", "initiated_on": "2024-12-20", "called_on": "2024-12-21",
            "met_on": f"2025-{month:02}-{10 + n % 10}", "consent": "given",
            "child_voice": "attended" if n % 3 else "none",
            "agreed_follow_up_on": "2025-12-24" if n % 2 else None, "closed_on": f"2025-{month:02}-25",
        } | more
        for unit, months in met.items() for month, many in enumerate(months, 1) for n in range(many)
    ]  # fmt: skip
    early = rows[0] | {"sip_id": "early", "initiated_on": "2024-01-02", "called_on": "2024-01-03"}
    return [*rows, early | {"met_on": "2024-01-08", "closed_on": "2024-01-09"}]


def deviation_rows(reported: Monthly, **more: Any) -> list[dict[str, Any]]:
    rows = [
        {
            "deviation_id": f"{unit}-{month}-{n}", "municipality_code": "1287", "unit_code": unit,
            "reported_on": f"2025-{month:02}-{10 + n % 10}", "reporting_actor": "socialtjanst",
            "counterpart_actor": "bup", "category": "oklart_ansvar",
        } | more
        for unit, months in reported.items() for month, many in enumerate(months, 1) for n in range(many)
    ]  # fmt: skip
    return [*rows, rows[0] | {"deviation_id": "early", "reported_on": "2024-01-04"}]


def fill(engine: Engine, catalogue: Catalogue, units: list[dict[str, Any]] = BOARD, **datasets: Any) -> Engine:
    deliver(engine, AS_OF, org_units=units)
    for name, rows in datasets.items():
        deliver(engine, AS_OF, **{name: rows})
    compute(engine, catalogue)
    return engine


def close_periods(
    engine: Engine, catalogue: Catalogue, *periods: str, board: str = "1287-SN", **more: Any
) -> list[Summary]:
    return [close_period(engine, catalogue, OPERATOR, board, Period.parse(period), **more) for period in periods]


def read_released(engine: Engine, catalogue: Catalogue) -> list[ReleasedValue]:
    with reading(engine) as connection:
        return released_values(connection, OPERATOR, catalogue.definitions.values())


def released_at(
    engine: Engine, catalogue: Catalogue, kpi_id: str, unit: str, split: Mapping[str, str] | None = None
) -> dict[str, Shown]:
    wanted = tuple(split.items()) if split else None
    return {
        str(one.period): one.content
        for one in read_released(engine, catalogue)
        if one.kpi_id == kpi_id and one.unit.code == unit and one.split == wanted
    }


def findings(engine: Engine, catalogue: Catalogue, *, knows_of_figures: bool = False) -> list[Finding]:
    """What an outsider narrows: one who knows which units never have any row, and one who does not."""
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        released = released_values(connection, OPERATOR, catalogue.definitions.values())
        truth = true_counts(connection, catalogue, catalogue.definitions.values())
    return [
        finding
        for knows in (True, False)
        for finding in narrowed(
            released, catalogue, organisation, truth, knows_of_figures=knows_of_figures, knows_the_empty=knows
        )
    ]


def is_hidden(content: Shown) -> bool:
    return isinstance(content, Suppressed)


def number_in(content: Shown) -> float:
    assert isinstance(content, Numbers)
    assert content.value is not None
    return content.value


def referral_rows(flows: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    rows = [
        {
            "referral_id": f"{one}-{to}-{n}", "municipality_code": "1287", "centre_code": "1287-A", "from_actor": one,
            "to_actor": to, "referred_on": f"2025-{1 + n % 12:02}-12", "outcome": "accepted",
        }
        for (one, to), many in flows.items() for n in range(many)
    ]  # fmt: skip
    return [*rows, rows[0] | {"referral_id": "early", "referred_on": "2024-01-04"}]


def activity_rows(plans: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Two for each plan; four in all are private."""
    return [
        {
            "sip_id": plan["sip_id"], "municipality_code": "1287", "activity_no": no,
            "principal": "private" if at < 2 else ("municipality", "region")[(at + no) % 2], "actor": "socialtjanst",
            "due_on": f"2025-{1 + at % 12:02}-05", "completed_on": f"2025-{1 + at % 12:02}-06" if at % 4 else None,
        }
        for at, plan in enumerate(plans) for no in (1, 2, 3)
    ]  # fmt: skip
