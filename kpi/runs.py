"""Which runs have been: what the stored values hold already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from kpi.definition import Catalogue
from kpi.moment import Cut
from warehouse import tables


@dataclass(frozen=True)
class BaseRun:
    """The last run without limits: what its values already hold."""

    run_no: int
    cut: Cut
    definitions: Mapping[str, str]

    def has_same_figures(self, catalogue: Catalogue) -> bool:
        """Whether no figure has been added, removed or given another meaning."""
        return dict(self.definitions) == {one.id: one.definition_hash for one in catalogue.definitions.values()}


def latest_run(connection: Connection) -> BaseRun | None:
    """The newest finished run that had no limits; None when nothing has been computed."""
    run = tables.kpi_run
    rows = connection.execute(
        select(run.c.run_no, run.c.last_delivery_id, run.c.scope)
        .where(run.c.status == "done", run.c.kind != "check")
        .order_by(run.c.run_no.desc())
    )
    for row in rows:
        if not row.scope["is_limited"]:
            cut = Cut(row.last_delivery_id, frozenset(row.scope["pending"]))
            return BaseRun(row.run_no, cut, row.scope["definitions"])
    return None


def newest_run_no(connection: Connection) -> int:
    """The number of the newest finished run, limited or not; 0 when there is none."""
    run = tables.kpi_run
    found = connection.scalar(select(func.max(run.c.run_no)).where(run.c.status == "done"))
    return int(found or 0)


def cut_of(connection: Connection, run_no: int) -> Cut | None:
    """What a run had seen; None when there is no such run any more."""
    run = tables.kpi_run
    row = connection.execute(select(run.c.last_delivery_id, run.c.scope).where(run.c.run_no == run_no)).first()
    return None if row is None else Cut(row.last_delivery_id, frozenset(row.scope.get("pending", ())))
