"""The reference cases, worked out by hand and by another program."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from kpi.disclosure.attack import Between, Interval, Known, attack
from kpi.disclosure.protect import protect
from kpi.disclosure.table import Relation, Table
from tests.unit.kpi.disclosure.tables import crossed

GOLDEN = Path(__file__).parents[3] / "golden" / "disclosure.json"
CASES = {case["id"]: case for case in json.loads(GOLDEN.read_text("utf-8"))["cases"]}
HAND = [id_ for id_, case in CASES.items() if case["kind"] == "hand"]
CUBES = [id_ for id_, case in CASES.items() if case["kind"] == "cube"]


def interval(found: Any) -> Interval:
    if isinstance(found, dict):
        return Interval(found["lo"], found["hi"])
    return Interval(0, math.inf) if found is None else Interval(found, found)


def known_of(spec: dict[str, Any]) -> Known:
    cells = {cell: interval(found) for cell, found in spec["cells"].items()}
    relations, sums = [], []
    for one in spec["relations"]:
        if "total" in one:
            relations.append(Relation(one["total"], tuple(one["parts"])))
            continue
        parts = tuple(one["of"]) if "mean" in one else (one["num"],)
        by = len(parts) if "mean" in one else cells[one["den"]].low / one["per"]
        value, half = one.get("mean", one.get("rate")), 0.5 * 10 ** -one["decimals"]
        sums.append(Between(parts, (value - half) * by, (value + half) * by))
    return Known(cells, tuple(relations), tuple(sums))


def whole(found: Interval) -> list[int]:
    """The whole counts inside, as a reader who knows that they are counts has them."""
    return [math.ceil(found.low - 1e-9), math.floor(found.high + 1e-9)]


@pytest.mark.parametrize("id_", HAND)
def test_the_attack_finds_what_was_worked_out_by_hand(id_: str) -> None:
    case = CASES[id_]
    expected, (low, high) = case["expected"], case["need"]
    known = known_of(case["spec"])
    hidden = [cell for cell, found in known.cells.items() if found.low != found.high]
    found = attack(known, hidden)
    assert {cell: whole(one) for cell, one in found.items()} == expected["intervals"]
    marked = [cell for cell, given in case["spec"]["cells"].items() if isinstance(given, dict)]
    judged = case["spec"].get("primary", marked)
    assert [cell for cell in judged if whole(found[cell])[0] > low or whole(found[cell])[1] < high] == [
        cell for cell in judged if cell in expected["violations"]
    ]
    assert sorted(cell for cell, one in found.items() if whole(one)[0] == whole(one)[1]) == sorted(expected["exact"])


def cube(case: dict[str, Any]) -> Table:
    counts = {tuple(key): count for *key, count in case["base"]}
    return crossed(list(case["hierarchies"].values()), counts.__getitem__)


@pytest.mark.parametrize("id_", CUBES)
@pytest.mark.parametrize("zeros", ["zeros_shown", "zeros_protected"])
def test_the_attack_agrees_with_another_program(id_: str, zeros: str) -> None:
    table, other = cube(CASES[id_]), CASES[id_]["gauss"][zeros]
    hidden = set(other["suppressed"])
    shown = {cell: count for cell, count in table.cells.items() if cell not in hidden}
    found = attack(Known.after(shown, hidden, table.relations), other["primary"])
    for cell, (low, high) in other["intervals_reference"].items():
        assert [found[cell].low, found[cell].high] == pytest.approx([low, high], rel=1e-9, abs=1e-9), cell
    unprotected = [cell for cell in other["primary"] if not found[cell].holds(0, 4)]
    assert len(unprotected) == (other["attack_not_protected"] if zeros == "zeros_protected" else len(unprotected))


@pytest.mark.parametrize("id_", CUBES)
def test_a_cube_is_protected_where_the_other_program_leaves_cells_open(id_: str) -> None:
    case, table = CASES[id_], cube(CASES[id_])
    protected = protect(table)
    assert sorted(protected.certificate) == sorted(case["gauss"]["zeros_protected"]["primary"])
    assert all(one.holds(0, 4) for one in protected.certificate.values())
    assert len(protected.published) >= len(table.cells) / 7
