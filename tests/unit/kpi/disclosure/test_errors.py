"""A table that cannot be protected is refused with the thing, the place, the reason and the remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kpi.disclosure.attack import Interval, Known, attack
from kpi.disclosure.protect import protect
from kpi.disclosure.table import LARGEST, Relation, Table, TableError, read_table

RIGHT: dict[str, Any] = {
    "cells": {"a": 3, "b": 7, "t": 10},
    "relations": [{"total": "t", "parts": ["a", "b"]}],
    "hide_up_to": 4,
}


def relation(total: object, parts: object) -> dict[str, Any]:
    return RIGHT | {"relations": [{"total": total, "parts": parts}]}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (RIGHT | {"cells": {"a": 3, "b": 7, "t": 11}}, "Summan t är 11 men delarna (a, b) blir 10"),
        (RIGHT | {"cells": {"a": -3, "b": 13, "t": 10}}, "Cellen a har -3"),
        (RIGHT | {"cells": {"a": 2.5, "b": 7.5, "t": 10}}, "Cellen a har 2.5"),
        (RIGHT | {"cells": {"a": "3", "b": 7, "t": 10}}, 'Cellen a har "3"'),
        (RIGHT | {"cells": {"a": None, "b": 7, "t": 10}}, "Cellen a har null"),
        (RIGHT | {"cells": {"a": True, "b": 7, "t": 8}}, "Cellen a har true"),
        (RIGHT | {"cells": {"a": LARGEST + 1}, "relations": []}, f"från 0 till {LARGEST}"),
        (RIGHT | {"cells": {"a": [0] * 100}, "relations": []}, "…, som inte är ett antal"),
        (relation("t", ["a", "x"]), "cellen x finns inte"),
        (relation("x", ["a", "b"]), "cellen x finns inte"),
        (relation("t", ["a", "t"]), "är en del av sig själv"),
        (relation("t", ["a", "a", "b"]), "delen a står flera gånger"),
        (relation("t", []), "har inga delar"),
        (relation("t", "ab"), "”parts” måste vara en lista"),
        (relation("t", [1]), "”parts” måste vara en lista"),
        (relation(1, ["a"]), "”total” måste vara en cells id"),
        (RIGHT | {"relations": ["t"]}, "Relation 1 måste ha ”total” och ”parts”"),
        (RIGHT | {"relations": [{"total": "t", "parts": ["a"], "sign": -1}]}, "och inget mer"),
        (RIGHT | {"relations": {}}, "saknar listan ”relations”"),
        (RIGHT | {"cells": []}, "saknar ”cells”"),
        (RIGHT | {"hide_up_to": -1}, "”hide_up_to” måste vara ett heltal"),
        (RIGHT | {"hide_up_to": 4.5}, "”hide_up_to” måste vara ett heltal"),
        (RIGHT | {"hidden": []}, "”hidden”, som inte betyder något här"),
        ([], "saknar ”cells”"),
    ],
)
def test_what_cannot_be_right_is_told(table: object, told: str) -> None:
    with pytest.raises(TableError) as error:
        read_table(json.dumps(table))
    assert told in str(error.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, '{"cells": {"a": ' + "9" * 5000 + "}}", '{"cells": {"a": NaN}}']
)
def test_what_is_not_json_is_told(text: str) -> None:
    with pytest.raises(TableError):
        read_table(text)


def test_a_cell_named_twice_is_told() -> None:
    with pytest.raises(TableError, match="”a” står två gånger"):
        read_table('{"cells": {"a": 1, "a": 2}, "relations": [], "hide_up_to": 4}')


def test_many_problems_are_told_at_once_but_not_all() -> None:
    with pytest.raises(TableError, match="och 15 fel till") as error:
        Table.build({f"c{at:02}": -1 for at in range(25)}, [], 4)
    assert "Cellen c09" in str(error.value)


def test_the_limit_is_a_count() -> None:
    with pytest.raises(TableError, match="Gränsen"):
        Table.build({"a": 1}, [], -1)


@pytest.mark.parametrize(
    ("cells", "relations"),
    [
        ({"a": 7, "b": 0, "t": 7}, [("t", "a b"), ("t", "a")]),
        ({"a": 3, "b": 0, "t": 3}, [("t", "a b"), ("a", "t")]),
        ({"a": 3, "b": 0, "t": 3, "u": 3}, [("t", "a b"), ("u", "t"), ("a", "u")]),
        ({"a": 6, "b": 0, "c": 0, "t": 6, "u": 6}, [("t", "a b"), ("u", "t c"), ("a", "u")]),
    ],
)
def test_a_cell_that_relations_force_to_zero_cannot_be_hidden(
    cells: dict[str, int], relations: list[tuple[str, str]]
) -> None:
    table = Table.build(cells, [Relation(total, tuple(parts.split())) for total, parts in relations], 4)
    with pytest.raises(TableError, match=r"Det går inte att dölja b.*tvingar antalet till 0"):
        protect(table)


def test_totals_that_are_each_others_only_part_are_one_cell() -> None:
    table = Table.build({"a": 3, "t": 3}, [Relation("t", ("a",)), Relation("a", ("t",))], 4)
    assert protect(table).hidden == ("a", "t")


def test_an_attack_on_what_cannot_be_is_refused() -> None:
    contradiction = Known({"a": Interval(0, 9), "t": Interval(20, 20)}, (Relation("t", ("a",)),))
    with pytest.raises(ValueError, match="no counts agree"):
        attack(contradiction, ["a"])
    with pytest.raises(ValueError, match="does not add up"):
        attack(Known({"a": Interval(1, 1), "t": Interval(2, 2)}, (Relation("t", ("a",)),)), ["a"])
