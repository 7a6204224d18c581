"""Municipalities and how many children live in them: real figures, each with its source (`population.csv`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from warehouse.errors import UserError

_FILE = Path(__file__).with_name("population.csv")

REGIONS = {"12": "Region Skåne", "23": "Region Jämtland Härjedalen"}
"""The regions of the municipalities we hold figures for, by county code."""


@dataclass(frozen=True)
class Municipality:
    """A municipality with the latest number of children that we hold.

    `ages`: the ages the figure really covers; `is_approximate`: it stands in for 0–17 years; `source`: where from.
    """

    code: str
    name: str
    year: int
    ages: str
    children: int
    is_approximate: bool
    source: str

    @property
    def region_code(self) -> str:
        """The county's two digits."""
        return self.code[:2]


@cache
def municipalities() -> dict[str, Municipality]:
    """Every municipality that can be simulated, by code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["municipality_code"]: Municipality(
                code=row["municipality_code"],
                name=row["name"],
                year=int(row["year"]),
                ages=row["ages"],
                children=int(row["children"]),
                is_approximate=row["is_approximate"] == "ja",
                source=row["source"],
            )
            for row in csv.DictReader(file)
        }


def municipality(code: str) -> Municipality:
    """The municipality with that code; UserError when we hold no figures for it."""
    known = municipalities()
    if code not in known:
        raise UserError(
            f"Kommunen {code} kan inte simuleras: antalet barn saknas i referensdata. "
            f"Välj bland {', '.join(sorted(known))}."
        )
    return known[code]
