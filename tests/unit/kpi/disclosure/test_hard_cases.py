"""The cases that small municipalities and hurried readers make: each by hand, with what a reader can subtract."""

from __future__ import annotations

from kpi.disclosure.attack import Known, attack
from kpi.disclosure.protect import Protected, protect
from kpi.disclosure.table import LARGEST, Relation, Table
from tests.unit.kpi.disclosure.tables import crossed


def protected_sum(total: str, parts: dict[str, int]) -> Protected:
    """A single sum, protected."""
    return protect(Table.build({total: sum(parts.values()), **parts}, [Relation(total, tuple(parts))], 4))


def test_a_unit_cannot_be_had_by_subtracting_the_others_from_the_board() -> None:
    protected = protected_sum("nämnd", {"a": 3, "b": 8, "c": 12})
    assert protected.published == {"nämnd": 23, "c": 12}
    assert protected.hidden == ("a", "b")


def test_a_board_cannot_be_had_by_subtracting_the_others_from_the_municipality() -> None:
    counts = {"A1": 2, "A2": 1, "B1": 9, "B2": 14, "C1": 7, "C2": 30}
    axis = {"kommun": ["A", "B", "C"], "A": ["A1", "A2"], "B": ["B1", "B2"], "C": ["C1", "C2"]}
    protected = protect(crossed([axis], lambda key: counts[key[0]]))
    assert {"A", "A1", "A2"} <= set(protected.hidden)
    assert protected.published["kommun"] == 63
    assert len({"B", "C"} & set(protected.hidden)) == 1
    assert all(interval.holds(0, 4) for interval in protected.certificate.values())


def test_a_month_cannot_be_had_by_subtracting_the_others_from_the_year() -> None:
    protected = protected_sum(
        "år", {f"m{at:02}": count for at, count in enumerate([6, 7, 2, 9, 8, 6, 7, 11, 5, 6, 8, 7])}
    )
    assert protected.published["år"] == 82
    assert protected.hidden == ("m02", "m08")


def test_a_category_cannot_be_had_by_subtracting_the_others_from_the_total() -> None:
    counts = {
        "u1": {"c1": 20, "c2": 50, "c3": 10},
        "u2": {"c1": 8, "c2": 19, "c3": 22},
        "u3": {"c1": 17, "c2": 32, "c3": 2},
    }
    table = crossed([{"K": list(counts)}, {"T": ["c1", "c2", "c3"]}], lambda key: counts[key[0]][key[1]])
    protected = protect(table)
    assert {"K|T", "K|c1", "K|c2", "K|c3", "u1|T", "u2|T", "u3|T"} <= protected.published.keys()
    assert len(protected.hidden) == 4, "a rectangle: two rows, two columns"


def test_a_flow_matrix_with_margins() -> None:
    sent = [[0, 12, 3, 9], [8, 0, 15, 2], [6, 1, 0, 30], [40, 5, 7, 0]]
    codes = ["bup", "elev", "soc", "vård"]
    axes = [{"från": codes}, {"till": codes}]
    protected = protect(crossed(axes, lambda key: sent[codes.index(key[0])][codes.index(key[1])]))
    assert len(protected.certificate) == 7
    assert all(interval.holds(0, 4) for interval in protected.certificate.values())
    assert protected.published["från|till"] == 138


def test_a_single_unit_is_hidden_with_its_board() -> None:
    cells = {"kommun": 23, "nämnd": 3, "enhet": 3, "annan": 20}
    relations = [Relation("nämnd", ("enhet",)), Relation("kommun", ("nämnd", "annan"))]
    protected = protect(Table.build(cells, relations, 4))
    assert {"enhet", "nämnd"} <= set(protected.hidden)
    assert protected.certificate["enhet"] == protected.certificate["nämnd"]
    assert protected.certificate["enhet"].holds(0, 4)


def test_a_large_single_unit_is_shown_with_its_board() -> None:
    table = Table.build({"nämnd": 9, "enhet": 9}, [Relation("nämnd", ("enhet",))], 4)
    assert protect(table).published == {"enhet": 9, "nämnd": 9}


def test_a_zero_row_tells_nothing() -> None:
    protected = protected_sum("rad", {f"m{at:02}": 0 for at in range(12)})
    assert protected.published == {}
    assert set(protected.certificate) == {"rad", *(f"m{at:02}" for at in range(12))}
    assert all(interval.holds(0, 4) for interval in protected.certificate.values())


def test_zeros_cannot_be_had_from_a_shown_sum_that_one_part_fills() -> None:
    protected = protected_sum("rad", {"a": 0, "b": 0, "c": 9})
    assert {"a", "b", "c"} <= set(protected.hidden)
    assert protected.published == {"rad": 9}
    assert protected.certificate["a"].high == 9


def test_a_sum_so_small_that_it_leaves_no_room_is_hidden_itself() -> None:
    protected = protected_sum("rad", {"a": 1, "b": 1, "c": 1, "d": 2})
    assert {cell for cell, interval in protected.certificate.items() if interval.holds(0, 4)} == {"a", "b", "c", "d"}


def test_rolling_twelve_less_rolling_twelve() -> None:
    counts = dict(zip((f"m{at:02}" for at in range(1, 15)), [6, 7, 5, 9, 8, 6, 7, 11, 5, 6, 8, 7, 3, 9], strict=True))
    months = list(counts)
    windows = {f"R{at + 12}": months[at : at + 12] for at in range(3)}
    cells = counts | {window: sum(counts[month] for month in parts) for window, parts in windows.items()}
    relations = [Relation(window, tuple(parts)) for window, parts in windows.items()]
    protected = protect(Table.build(cells, relations, 4))
    assert protected.certificate["m13"].holds(0, 4)


def test_two_exports_with_different_filters() -> None:
    cells = {"alla": 40, "flickor": 22, "pojkar": 18, "utom_a": 37, "a": 3}
    relations = [Relation("alla", ("flickor", "pojkar")), Relation("alla", ("utom_a", "a"))]
    protected = protect(Table.build(cells, relations, 4))
    assert len({"alla", "utom_a"} & set(protected.hidden)) == 1
    assert protected.certificate["a"].holds(0, 4)


def test_a_cell_that_stands_alone_has_no_end() -> None:
    protected = protect(Table.build({"a": 2, "b": 5}, [], 4))
    assert protected.published == {"b": 5}
    assert protected.certificate["a"].high == LARGEST


def test_nothing_small_hides_nothing() -> None:
    protected = protected_sum("t", {"a": 5, "b": 9})
    assert (protected.hidden, protected.certificate) == ((), {})


def test_an_attack_on_a_table_that_hides_too_little_sees_through_it() -> None:
    known = Known.after({"t": 20, "b": 17}, {"a"}, (Relation("t", ("a", "b")),))
    found = attack(known, ["a"])["a"]
    assert (found.low, found.high) == (3, 3)
    assert not found.holds(0, 4)
