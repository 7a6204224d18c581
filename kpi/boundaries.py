"""What a definitions file may not do to the boundaries between municipalities and boards; used by `kpi.rules`.

A fact may compare rows with each other (group, join, look for neighbours) only within one plan, one unit or one row's
own id, and within a municipality: else a figure of one board could tell what another board's rows hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpi.definition import Fact
from kpi.tree import Type
from kpi.yaml_tree import Path as KeyPath
from warehouse.contract import DATASETS, Kind

MUNICIPALITY = "municipality_code"
UNITS = frozenset({"unit_code", "centre_code", "board_code"})
ABOUT_THE_ORGANISATION = frozenset(
    {"agreements", "meetings", "training"} | {one.name for one in DATASETS.values() if one.is_own}
)
"""What tells of the organisation and of no child; so does all of the product's own control."""


def own_ids() -> frozenset[str]:
    """The columns that tell one plan, deviation or other row apart within its municipality."""
    return frozenset(
        field.name
        for dataset in DATASETS.values()
        for field in dataset.fields
        if field.key and field.kind is Kind.CODE and field.name.endswith("_id") and field.name != "kpi_id"
    )


def ties_of(fact: Fact) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """Every set of columns by which the fact puts rows together, with its place in the file."""
    path: KeyPath = ("facts", fact.name)
    if fact.grouping is not None:
        yield (*path, "by"), fact.grouping.by
    for join in fact.joins:
        yield (*path, "join", join.fact, "on"), join.on
    for one in fact.neighbours:
        yield (*path, "next" if one.is_later else "previous", one.name, "by"), one.by
    for at, branch in enumerate(fact.branches):
        if branch.unless is not None:
            yield (*path, "union", at, "unless", "on"), branch.unless.on


def stays_within(fact: Fact, by: tuple[str, ...]) -> bool:
    """Whether rows with the same columns are one board's: of one municipality, and of one plan, row or unit."""
    is_one_municipality = MUNICIPALITY in by or not fact.has_municipality
    return is_one_municipality and bool(set(by) & (own_ids() | UNITS))


def places_units(fact: Fact) -> bool:
    """Whether the columns that place the fact's rows hold codes of units."""
    types = dict(fact.columns)
    return all(types[name].type is Type.TEXT for name in fact.unit)


def is_about_the_organisation(fact: Fact) -> bool:
    """Whether the fact's rows tell of the organisation only."""
    return {branch.dataset for branch in fact.branches} <= ABOUT_THE_ORGANISATION
