"""A ledger of releases: what was shown stays shown, what was hidden stays hidden, and all of it together gives nothing
away; or the cells that earlier releases give away are named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kpi.disclosure.attack import LARGEST, Interval
from kpi.disclosure.protect import Protected, protect
from kpi.disclosure.table import Before, Relation, Table, TableError
from tests.unit.kpi.disclosure.attacker import agreeing, whole_interval
from tests.unit.kpi.disclosure.tables import crossed, tiny_tables

few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(few, max_examples=40)

YEAR = {"Y": ["T1", "T2"], "T1": ["m1", "m2"], "T2": ["m3", "m4"]}
RELEASES = ["m1", "m2", "T1", "m3", "m4", "T2", "Y"]
COUNTS = st.one_of(st.just(0), st.integers(0, 6), st.integers(0, 40))


def released(ledger: Table, periods: Sequence[str]) -> Table:
    """The part of a ledger that stands in these periods."""
    cells = {cell: count for cell, count in ledger.cells.items() if cell.split("|")[1] in periods}
    relations = [one for one in ledger.relations if {one.total, *one.parts} <= cells.keys()]
    return Table.build(cells, relations, ledger.hide_up_to, {cell: ledger.limit_of(cell) for cell in cells})


def releases(ledger: Table, together: frozenset[str]) -> Iterator[tuple[Table, Before, Protected]]:
    """Each release, made after those before it; cells that stand `together` with hidden ones are hidden at once."""
    earlier = Before()
    for at in range(len(RELEASES)):
        table = released(ledger, RELEASES[: at + 1])
        before = Before(earlier.hidden | together & table.cells.keys(), earlier.shown)
        made = protect(table, before=before)
        yield table, before, made
        earlier = Before(frozenset(made.hidden), frozenset(made.published))


@st.composite
def ledgers(draw: st.DrawFn) -> Table:
    """Units of a board by month, tertial and year; in some units nine, not four, is too few."""
    units = [f"u{at}" for at in range(draw(st.integers(1, 3)))]
    table = crossed([{"B": units}, YEAR], lambda _: draw(COUNTS))
    strict = draw(st.sets(st.sampled_from(["B", *units])))
    limits = dict.fromkeys((cell for cell in table.cells if cell.split("|")[0] in strict), 9)
    return Table.build(table.cells, table.relations, table.hide_up_to, limits)


@few
@given(ledgers(), st.data())
def test_all_releases_together_narrow_no_small_count(ledger: Table, data: st.DataObject) -> None:
    together = data.draw(st.frozensets(st.sampled_from(sorted(ledger.cells)), max_size=3))
    for table, before, made in releases(ledger, together):
        assert before.hidden <= set(made.hidden)
        assert before.shown <= made.published.keys()
        assert made.published.keys() | set(made.hidden) == table.cells.keys()
        assert made.exposed == ()
    assert set(made.certificate) == set(ledger.primary)
    for cell in ledger.primary:
        low, high = whole_interval(ledger, made.published, cell)
        assert low == 0
        assert high >= ledger.limit_of(cell)
        assert made.certificate[cell].holds(0, ledger.limit_of(cell))


@settings(few, max_examples=2)
@given(ledgers())
def test_a_ledger_is_the_same_each_time(ledger: Table) -> None:
    assert list(releases(ledger, frozenset())) == list(releases(ledger, frozenset()))


@many
@given(tiny_tables(), st.data())
def test_exposed_are_those_that_what_was_shown_gives_away_whatever_is_hidden(table: Table, data: st.DataObject) -> None:
    settled = data.draw(st.dictionaries(st.sampled_from(sorted(table.cells)), st.booleans()))
    before = Before(
        frozenset(cell for cell, is_shown in settled.items() if not is_shown),
        frozenset(cell for cell, is_shown in settled.items() if is_shown),
    )
    most = max([8, *(table.cells[cell] for cell in before.shown)])  # no part is more than a total that is out
    assume(most <= 12)
    made = protect(table, before=before)
    assert before.hidden <= set(made.hidden)
    assert before.shown <= made.published.keys()
    assert set(made.certificate) == set(table.primary) - before.shown
    at_all = list(agreeing(table, {cell: table.cells[cell] for cell in before.shown}, most))
    possible = list(agreeing(table, made.published, most))
    for cell, found in made.certificate.items():
        could, left = {one[cell] for one in at_all}, {one[cell] for one in possible}
        assert (cell in made.exposed) == (0 not in could or max(could) < table.hide_up_to)
        assert left >= could & set(range(table.hide_up_to)), "hidden is what keeps of it what can be kept"
        assert max(left) >= min(max(could), table.hide_up_to)
        assert found.holds(min(left), min(max(left), found.high))


def sums(cells: dict[str, int], relations: dict[str, str], limits: dict[str, int] | None = None) -> Table:
    return Table.build(cells, [Relation(total, tuple(parts.split())) for total, parts in relations.items()], 4, limits)


def test_what_was_published_without_thought_exposes_new_zeros() -> None:
    table = sums({"T": 5, "a": 5, "b": 0, "c": 0}, {"T": "a b c"})
    made = protect(table, before=Before(shown=frozenset({"T", "a"})))
    assert made.exposed == ("b", "c")
    assert made.hidden == ("b", "c")
    assert made.certificate == {"b": Interval(0, 0), "c": Interval(0, 0)}


def test_an_exposed_cell_is_hidden_as_far_as_it_goes_and_the_others_in_full() -> None:
    cells = {"T": 12, "a": 10, "b": 2, "c": 0, "U": 22, "d": 3, "e": 7, "f": 12}
    table = sums(cells, {"T": "a b c", "U": "d e f"})
    made = protect(table, before=Before(shown=frozenset({"T", "a", "U"})))
    assert made.exposed == ("b", "c")
    assert made.certificate["b"] == made.certificate["c"] == Interval(0, 2)
    assert made.certificate["d"].holds(0, 4)
    assert made.published == {"T": 12, "U": 22, "a": 10, "f": 12}


def test_what_only_whole_numbers_rule_out_is_exposed_too() -> None:
    cells = {"x": 2, "y": 2, "p": 2, "a": 3, "T": 7}
    table = Table.build(cells, [Relation("p", ("x",)), Relation("p", ("y",)), Relation("T", ("x", "y", "a"))], 4)
    assert protect(table).exposed == ()
    made = protect(table, before=Before(shown=frozenset({"T"})))
    assert made.exposed == ("a", "p", "x", "y"), "a is odd: not 0, and x is at most 3"
    assert made.certificate["a"] == Interval(0, 7)


def test_a_corrected_count_beside_the_old_hides_the_corrected_total() -> None:
    table = sums({"a1": 10, "b": 10, "T1": 20, "a2": 3, "T2": 13}, {"T1": "a1 b", "T2": "a2 b"})
    made = protect(table, before=Before(shown=frozenset({"a1", "b", "T1"})))
    assert (made.hidden, made.exposed) == (("T2", "a2"), ())
    assert made.certificate == {"a2": Interval(0, LARGEST)}


def test_a_small_count_that_is_out_is_not_hidden() -> None:
    table = sums({"T": 12, "a": 3, "b": 9}, {"T": "a b"})
    made = protect(table, before=Before(shown=frozenset({"a"})))
    assert (made.published, made.hidden, made.certificate) == (table.cells, (), {})


def test_what_was_hidden_stays_hidden_and_protects() -> None:
    table = sums({"T": 30, "a": 3, "b": 8, "c": 19}, {"T": "a b c"})
    assert protect(table).hidden == ("a", "b")
    assert protect(table, before=Before(hidden=frozenset({"c"}))).hidden == ("a", "c")


def test_relations_that_force_a_zero_are_refused_unless_it_is_out() -> None:
    cells, relations = {"a": 7, "b": 0, "t": 7}, [Relation("t", ("a", "b")), Relation("t", ("a",))]
    with pytest.raises(TableError, match="dölja b"):
        protect(Table.build(cells, relations, 4), before=Before(shown=frozenset({"a"})))
    assert protect(Table.build(cells, relations, 4), before=Before(shown=frozenset({"b"}))).hidden == ()


def test_limits_of_single_cells() -> None:
    table = sums({"T": 20, "a": 8, "b": 5, "c": 7}, {"T": "a b c"}, {"a": 9, "c": 4})
    assert table.limits == {"a": 9}
    assert table.primary == ("a",)
    made = protect(table)
    assert made.certificate["a"].holds(0, 9)
    assert made.published == {"T": 20, "c": 7}


def test_a_limit_too_large_for_what_was_shown_exposes() -> None:
    table = sums({"T": 6, "a": 3, "b": 3}, {"T": "a b"}, {"a": 9})
    made = protect(table, before=Before(shown=frozenset({"T"})))
    assert made.exposed == ("a",)
    assert made.certificate == {"a": Interval(0, 6), "b": Interval(0, 6)}


def test_a_sum_with_a_larger_limit_than_its_parts_is_exposed_by_them() -> None:
    table = sums({"T": 8, "m1": 5, "m2": 3}, {"T": "m1 m2"}, {"T": 9})
    made = protect(table, before=Before(frozenset({"m2"}), frozenset({"m1"})))
    assert made.exposed == ("T",)
    assert made.certificate == {"T": Interval(5, LARGEST), "m2": Interval(0, LARGEST)}


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (Before(hidden=frozenset({"x"})), "not in the table: x"),
        (Before(shown=frozenset({"y", "x"})), "not in the table: x, y"),
        (Before(frozenset({"a"}), frozenset({"a"})), "both shown and hidden before: a"),
    ],
)
def test_what_does_not_fit_the_table_is_refused(before: Before, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        protect(sums({"T": 9, "a": 9}, {"T": "a"}), before=before)


@pytest.mark.parametrize("limits", [{"x": 4}, {"a": -2}])
def test_a_limit_that_cannot_be_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a limit must be a count"):
        sums({"T": 9, "a": 9}, {"T": "a"}, limits)
