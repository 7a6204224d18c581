"""What is hidden cannot be worked out: random tables against an attacker that is written apart from the product."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings

from kpi.disclosure.attack import Known, attack
from kpi.disclosure.protect import Protected, protect
from kpi.disclosure.table import Relation, Table
from tests.unit.kpi.disclosure.attacker import agreeing, whole_interval
from tests.unit.kpi.disclosure.tables import tables, tiny_tables

thorough = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_sound(table: Table, protected: Protected) -> bool:
    """Every cell is in one place, what is published is true, and every small count is hidden with its interval."""
    return (
        protected.published.keys() | set(protected.hidden) == table.cells.keys()
        and not protected.published.keys() & set(protected.hidden)
        and all(table.cells[cell] == count > table.hide_up_to for cell, count in protected.published.items())
        and set(protected.certificate) == {cell for cell, count in table.cells.items() if count <= table.hide_up_to}
    )


@thorough
@given(tables())
def test_no_small_count_of_a_nested_table_is_narrowed(table: Table) -> None:
    protected = protect(table)
    assert is_sound(table, protected)
    for cell, found in protected.certificate.items():
        low, high = whole_interval(table, protected.published, cell)
        assert low == 0
        assert high >= table.hide_up_to
        assert found.holds(0, table.hide_up_to)
        assert found.holds(low, min(high, found.high))


@thorough
@given(tiny_tables())
def test_among_all_tables_that_agree_every_small_count_is_still_possible(table: Table) -> None:
    protected = protect(table)
    assert is_sound(table, protected)
    most = max(8, *table.cells.values())  # else the true table itself is not among those that are tried
    possible = list(agreeing(table, protected.published, most=most))
    at_all = list(agreeing(table, {}, most=most))
    for cell in protected.certificate:
        left = {one[cell] for one in possible}
        assert 0 in left
        assert max(left) >= table.hide_up_to
        assert left >= {one[cell] for one in at_all} & set(range(table.hide_up_to))


@thorough
@given(tables())
def test_the_order_of_the_input_does_not_matter(table: Table) -> None:
    shuffled = random.Random(1)
    cells = shuffled.sample(sorted(table.cells.items()), len(table.cells))
    relations = [
        Relation(one.total, tuple(shuffled.sample(one.parts, len(one.parts))))
        for one in shuffled.sample(table.relations, len(table.relations))
    ]
    assert protect(Table.build(dict(cells), [*relations, *relations], table.hide_up_to)) == protect(table)


@thorough
@given(tables())
def test_the_certificate_is_what_an_attack_finds(table: Table) -> None:
    protected = protect(table)
    known = Known.after(protected.published, protected.hidden, table.relations)
    assert attack(known, table.primary) == protected.certificate


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    table = Table.build({"a": 3, "b": 7, "c": 9, "t": 19}, [Relation("t", ("a", "b", "c"))], 4)
    protect(table, lambda *step: told.append(step))
    assert told[-1] == ("Angriper", 1, 1)
    assert ("Döljer", 1, 1) in told
