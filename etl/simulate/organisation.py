"""Boards, administrations and units: real boards where we know their names, invented units below them.

Trelleborg's and Svedala's boards are named as in their audits of 2021. Vellinge's, and those of municipalities
outside the story, are assumptions. Units carry local numbers as a case system does; the mappings put the
municipality's code before them, so that unit codes are unique in the warehouse.
"""

from __future__ import annotations

from dataclasses import dataclass

from etl.simulate.reference import REGIONS, Municipality

SOCIAL_BOARD = "SN"
SOUTHWEST = frozenset({"1233", "1263", "1287"})
"""Delregional samverkan Sydväst."""

_EDUCATION_BOARDS = {
    "1287": ("Bildningsnämnden", "Bildningsförvaltningen"),
    "1263": ("Utbildningsnämnden", "Utbildningsförvaltningen"),
    "1233": ("Utbildningsnämnden", "Utbildningsförvaltningen"),
}
_OTHER_EDUCATION_BOARD = ("Barn- och utbildningsnämnden", "Barn- och utbildningsförvaltningen")


@dataclass(frozen=True)
class Unit:
    """A unit that cases come from.

    `local`: its number in the municipality's systems; `plans`, `deviations`: its weight among the municipality's
    plans and deviations; `staff`: people concerned by the training.
    """

    local: str
    name: str
    area: str
    actor: str
    plans: float
    deviations: float
    staff: int


@dataclass(frozen=True)
class Board:
    """A board and its administration; `local` codes come after the municipality's."""

    local: str
    name: str
    area: str
    administration: str
    administration_name: str


_SOUTH = Unit("320", "Barn och familj söder", "social", "socialtjanst", 0.41, 0.24, 14)
_QUIET = Unit("540", "Grundskola söder", "education", "skola", 0.0, 0.017, 22)

_LARGE = (
    Unit("310", "Barn och familj norr", "social", "socialtjanst", 0.31, 0.22, 16),
    _SOUTH,
    Unit("330", "Mottagning barn och unga", "social", "socialtjanst", 0.09, 0.08, 9),
    Unit("340", "Öppenvård barn och unga", "social", "socialtjanst", 0.08, 0.05, 11),
    Unit("350", "Familjestöd", "social", "socialtjanst", 0.11, 0.06, 10),
    Unit("510", "Elevhälsan", "education", "elevhalsa", 0.0, 0.15, 18),
    Unit("520", "Förskola", "education", "forskola", 0.0, 0.05, 26),
    Unit("530", "Grundskola norr", "education", "skola", 0.0, 0.14, 24),
    _QUIET,
    Unit("550", "Gymnasieskolan", "education", "skola", 0.0, 0.07, 17),
)
_SMALL = (
    Unit("310", "Barn och familj", "social", "socialtjanst", 0.72, 0.40, 12),
    Unit("330", "Mottagning barn och unga", "social", "socialtjanst", 0.28, 0.12, 6),
    Unit("510", "Elevhälsan", "education", "elevhalsa", 0.0, 0.25, 9),
    Unit("530", "Grundskola", "education", "skola", 0.0, 0.23, 18),
)
_MIDDLE = (
    Unit("310", "Barn och familj", "social", "socialtjanst", 0.58, 0.30, 13),
    Unit("330", "Mottagning barn och unga", "social", "socialtjanst", 0.18, 0.10, 7),
    Unit("340", "Öppenvård barn och unga", "social", "socialtjanst", 0.24, 0.12, 9),
    Unit("510", "Elevhälsan", "education", "elevhalsa", 0.0, 0.20, 14),
    Unit("520", "Förskola", "education", "forskola", 0.0, 0.06, 20),
    Unit("530", "Grundskola", "education", "skola", 0.0, 0.22, 22),
)

TURNOVER_UNIT = _SOUTH.local
CENTRE = "390"
"""The familjecentral's number."""


def units(municipality: Municipality) -> tuple[Unit, ...]:
    """The units that plans and deviations come from."""
    if municipality.code == "1287":
        return _LARGE
    return _SMALL if municipality.code == "1263" or municipality.children < 5000 else _MIDDLE


def boards(municipality: Municipality) -> tuple[Board, Board]:
    """The social board, then the education board."""
    education, administration = _EDUCATION_BOARDS.get(municipality.code, _OTHER_EDUCATION_BOARD)
    return (
        Board(SOCIAL_BOARD, "Socialnämnden", "social", "SOC", "Socialförvaltningen"),
        Board("UN", education, "education", "UTB", administration),
    )


def has_centre(municipality: Municipality) -> bool:
    """Whether the municipality has a familjecentral that delivers (the small one has none)."""
    return units(municipality) is not _SMALL


def region_rows(region_code: str) -> list[dict[str, str]]:
    """`org_units` rows of the region itself and its own units, which count in the region only."""
    region = {"unit_code": region_code, "name": REGIONS[region_code], "level": "region", "principal": "region"}
    rows = [region]
    if region_code == "12":
        rows.append(
            {"unit_code": "12-SYDVAST", "name": "Delregional samverkan Sydväst", "level": "delregional",
             "parent_code": "12"}
        )  # fmt: skip
    for actor, name in (
        ("bup", "Barn- och ungdomspsykiatri"),
        ("bum", "Barn- och ungdomsmedicin"),
        ("habilitering", "Barn- och ungdomshabilitering"),
    ):
        rows.append(
            {"unit_code": f"{region_code}-{actor.upper()[:3]}", "name": name, "level": "unit",
             "parent_code": region_code, "actor": actor, "principal": "region"}
        )  # fmt: skip
    return rows


def municipality_rows(municipality: Municipality) -> list[dict[str, str]]:
    """`org_units` rows of a municipality, from itself down to its units."""
    code = municipality.code
    own = {"municipality_code": code, "principal": "municipality"}
    parent = "12-SYDVAST" if code in SOUTHWEST else municipality.region_code
    rows = [{"unit_code": code, "name": municipality.name, "level": "municipality", "parent_code": parent, **own}]
    administrations = {}
    for board in boards(municipality):
        board_code = f"{code}-{board.local}"
        administrations[board.area] = f"{code}-{board.administration}"
        rows.append(
            {"unit_code": board_code, "name": board.name, "level": "board", "parent_code": code, "area": board.area,
             **own}
        )  # fmt: skip
        rows.append(
            {"unit_code": administrations[board.area], "name": board.administration_name, "level": "administration",
             "parent_code": board_code, **own}
        )  # fmt: skip
    rows.extend(
        {"unit_code": f"{code}-{unit.local}", "name": unit.name, "level": "unit",
         "parent_code": administrations[unit.area], "actor": unit.actor, **own}
        for unit in units(municipality)
    )  # fmt: skip
    if has_centre(municipality):
        name = "Familjecentralen Trelleborg" if code == "1287" else "Familjecentralen"
        rows.append(
            {"unit_code": f"{code}-{CENTRE}", "name": name, "level": "unit",
             "parent_code": administrations["social"], **own}
        )  # fmt: skip
    return rows
