"""Sample reviews of plans: how many of those reviewed hold each of the four contents that the law asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from kpi.access import Viewer, check_can_read_figure
from kpi.definition import Catalogue, Definition
from kpi.moment import known
from kpi.organisation import Organisation
from kpi.period import Period
from warehouse.contract import AREAS
from warehouse.tables import VERSIONED

_DATASET = "sip_reviews"
CONTENTS = ("needs_stated", "responsibilities_stated", "other_measures_stated", "lead_principal_stated")
"""The law's four contents, by the contract's names."""
_TABLE = VERSIONED[_DATASET]


@dataclass(frozen=True)
class Reviewed:
    """Plans reviewed in a period, how many of them hold each content, and how many all four."""

    total: int
    holding: Mapping[str, int]
    lawful: int


def figures_of(catalogue: Catalogue) -> tuple[Definition, ...]:
    """The figures that count reviews."""
    return tuple(one for one in catalogue.definitions.values() if _DATASET in one.datasets)


def reviewed(
    connection: Connection, viewer: Viewer, organisation: Organisation, board_code: str, period: Period
) -> Reviewed:
    """What was reviewed at the board's units, each on a day when it lay under the board. AccessDenied for who does not
    read the board's figures from the inside."""
    check_can_read_figure(viewer, organisation, board_code, period.first_day, period.last_day, areas=AREAS)
    contents = [_TABLE.c[name] for name in CONTENTS]
    rows = connection.execute(
        select(_TABLE.c.unit_code, _TABLE.c.reviewed_on, *contents).where(
            known(_TABLE, None), _TABLE.c.reviewed_on.between(period.first_day, period.last_day)
        )
    )
    found = [
        [bool(row._mapping[name]) for name in CONTENTS]
        for row in rows
        if board_code in organisation.boards_of(row.unit_code, row.reviewed_on, row.reviewed_on)
    ]
    holding = {name: sum(one[at] for one in found) for at, name in enumerate(CONTENTS)}
    return Reviewed(len(found), holding, sum(map(all, found)))
