"""Which municipalities a unit's figures rest on, period by period. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kpi.organisation import Organisation
from kpi.period import Period
from kpi.placement import Placement, placements
from warehouse.contract import LEVELS


@dataclass(frozen=True)
class Grid:
    """Which municipalities a unit's figures rest on: its own, or all below it; by day."""

    by_unit: Mapping[str, tuple[tuple[date, date, str], ...]]
    spans: Mapping[str, tuple[Placement, ...]]

    def municipalities(self, unit: str, period: Period) -> frozenset[str]:
        """The unit's own municipality or, above municipalities, every one below it, on any day of the period."""
        first, last = period.first_day, period.last_day
        return frozenset(code for begins, ends, code in self.by_unit.get(unit, ()) if begins <= last and ends >= first)

    def nearest(self, unit: str, period: Period, among: Collection[str]) -> frozenset[str]:
        """Those of `among` that the unit's figures rest on, else those that its nearest parent with any rests on.

        So a region's own unit is judged by the region's municipalities, and so is a unit whose rows carry the code of
        another municipality than the one it lies in. A unit below none of them may rest on any: all are given.
        """
        for placement in self.spans.get(unit, ()):
            if placement.first <= period.last_day and placement.last >= period.first_day:
                for above in placement.chain:
                    if found := self.municipalities(above.code, period).intersection(among):
                        return found
        return frozenset(among)

    def reported_to(self, unit: str, period: Period, reported: Mapping[str, date]) -> date | None:
        """The day that the unit's reported values speak for: its municipality's, else that of the deliveries whose
        rows name none (''), else its nearest parent's. `reported`: the as-of days of reported values."""
        own = self.municipalities(unit, period).intersection(reported)
        if not own and "" in reported:
            return reported[""]
        named = own or self.nearest(unit, period, [code for code in reported if code])
        return min((reported[code] for code in named), default=None)


@lru_cache(maxsize=4)
def grid_of(organisation: Organisation) -> Grid:
    """The grid of an organisation; kept, since every read of a page asks for the same one."""
    by_unit: dict[str, list[tuple[date, date, str]]] = {}
    spans: dict[str, list[Placement]] = {}
    for placement in placements(organisation):
        spans.setdefault(placement.unit_code, []).append(placement)
        top = next((unit for unit in placement.chain if unit.level == "municipality"), None)
        own = placement.chain[0]
        if top is not None:
            code = top.municipality_code or top.code
            by_unit.setdefault(placement.unit_code, []).append((placement.first, placement.last, code))
            for above in placement.chain[1:] if top is own else ():
                by_unit.setdefault(above.code, []).append((placement.first, placement.last, code))
        elif own.municipality_code and LEVELS.index(own.level) > LEVELS.index("municipality"):
            by_unit.setdefault(own.code, []).append((placement.first, placement.last, own.municipality_code))
    return Grid(
        {unit: tuple(found) for unit, found in by_unit.items()}, {unit: tuple(found) for unit, found in spans.items()}
    )
