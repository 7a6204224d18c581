"""Mappings applied to tables: where texts come from, translations, filters, repeated rows, and the shapes."""

from __future__ import annotations

from typing import Any

import pytest

from etl.apply import apply_mapping
from etl.canonical import Canonical
from etl.mapping import Header, Mapping
from etl.read.csv_table import read_csv
from etl.read.refusal import DeliveryRefused
from etl.table import Table


def _table(text: str, sheet: str | None = None) -> Table:
    table, _ = read_csv(text.encode(), header=Header(), separator=None)
    return Table(table.columns, table.lines, sheet, table.wrong_widths)


def _mapping(datasets: dict[str, Any], **more: Any) -> Mapping:
    return Mapping.model_validate(
        {"source": "x", "version": 1, "name": "X", "format": "csv", "files": "*", "datasets": datasets, **more}
    )


def _rows(canonical: Canonical) -> list[tuple[str, ...]]:
    return [tuple(column.text(row) for column in canonical.columns.values()) for row in range(len(canonical))]


def _apply(mapping: Mapping, *tables: Table, name: str = "fil_1287.csv") -> list[Canonical]:
    return apply_mapping(mapping, tables, name)


FOLLOW_UP = {"sip_id": "Plan", "municipality_code": {"value": "1287"}, "follow_up_no": "Nr", "agreed_on": "Dag"}


def test_where_a_fields_text_comes_from_and_what_is_done_with_it() -> None:
    mapping = _mapping(
        {
            "sip_participants": {
                "fields": {
                    "sip_id": {"join": [{"name": "kommun"}, "-", {"column": "plan nr"}]},
                    "municipality_code": {"name": "kommun"},
                    "meeting_no": {"value": 1},
                    "actor": {"column": "Part", "codes": "part"},
                    "met_on": {"column": "Dag", "blank": ["-"], "default": "2025-01-01"},
                    "attended": {"column": "Kom", "yes": ["x"], "no": ["-"]},
                    "absence": {"column": "Frånvaro", "codes": {"Anmäld": "announced"}},
                }
            }
        },
        names={"file": "_(?P<kommun>[0-9]{4})"},
        codes={"part": {"BUP": "bup", "Skola": "skola"}},
    )
    (made,) = _apply(
        mapping,
        _table("Plan  nr;PART;Dag;Kom;Frånvaro\n7;bup;-;x;\n;Skola;2025-02-02;-;anmäld\n9;Präst;;Ja;Olovlig\n"),
    )
    assert _rows(made) == [
        ("1287-7", "1287", "1", "bup", "2025-01-01", "ja", ""),
        ("", "1287", "1", "skola", "2025-02-02", "nej", "announced"),
        ("1287-9", "1287", "1", "", "2025-01-01", "Ja", ""),
    ]
    assert [(each.field, each.rule, each.rows.tolist()) for each in made.problems] == [
        ("actor", "unknown_code", [2]),
        ("absence", "unknown_code", [2]),
    ]
    assert "”Präst”" in made.problems[0].sentence(2)
    assert made.headers["actor"] == "PART"


def test_filters_blank_rows_and_repeated_rows() -> None:
    mapping = _mapping(
        {
            "sip_follow_ups": {
                "rows": {"column": "Typ", "in": ["Uppföljning", ""]},
                "out_of_scope": {"column": "Skydd", "in": ["J"]},
                "distinct": True,
                "skip_blank": ["follow_up_no"],
                "fields": FOLLOW_UP,
            }
        }
    )
    text = (
        "Plan;Nr;Dag;Typ;Skydd\nA;1;2025-01-01;uppföljning;\nA;1;2025-01-01;;\nB;1;2025-01-01;Annat;\n"
        "C;;2025-01-01;;\nD;1;2025-01-01;;J\nA;2;2025-01-01;;\n"
    )
    (made,) = _apply(mapping, _table(text))
    assert [row[0] + row[2] for row in _rows(made)] == ["A1", "D1", "A2"]
    assert made.out_of_scope.tolist() == [False, True, False]
    assert made.raw_of.tolist() == [0, 4, 5]
    assert made.links is not None
    assert sorted(zip(*(each.tolist() for each in made.links), strict=True)) == [(0, 0), (1, 0), (4, 1), (5, 2)]


def test_sheets_follow_each_other_with_their_own_names() -> None:
    mapping = _mapping(
        {"sip_follow_ups": {"fields": FOLLOW_UP | {"agreed_on": {"join": [{"name": "month"}, "-01"]}}}},
        names={"sheet": "(?P<month>[0-9-]{7})"},
    )
    (made,) = _apply(mapping, _table("Plan;Nr\nA;1\n", "2025-01"), _table("Plan;Nr;Not\nB;2;x\nC;x;y\n", "2025-02"))
    assert [(row[0], row[3]) for row in _rows(made)] == [("A", "2025-01-01"), ("B", "2025-02-01"), ("C", "2025-02-01")]
    assert made.raw_of.tolist() == [0, 1, 2]


def test_a_missing_required_column_refuses_and_an_optional_one_does_not() -> None:
    mapping = _mapping({"sip_follow_ups": {"fields": FOLLOW_UP | {"held_on": "Hållen"}}})
    (made,) = _apply(mapping, _table("Plan;Nr;Dag\nA;1;2025-01-01\n"))
    assert "held_on" not in made.columns
    with pytest.raises(DeliveryRefused, match=r"”Dag”\. Rubrikerna är: Plan, Nr"):
        _apply(mapping, _table("Plan;Nr\nA;1\n"))


COUNTS = {
    "municipality_code": {"value": "1287"}, "centre_code": {"value": "C"}, "month": {"value": "2025-01"},
    "from_actor": "@row", "to_actor": "@column", "referred": "@cell",
}  # fmt: skip


def test_a_matrix_is_a_row_per_filled_cell() -> None:
    shape = {"kind": "matrix", "row_label": "Från", "skip_rows": ["Summa"], "skip_columns": ["Summa"]}
    table = _table("Från;bvc;mvc;Summa\nbvc;;2;2\nmvc;0;;0\nSumma;0;2;2\n;9;9;9\n")
    table.formulas[1] = frozenset({"bvc", "Summa"})
    (made,) = _apply(_mapping({"referral_counts": {"shape": shape, "fields": COUNTS}}), table)
    assert [row[3:] for row in _rows(made)] == [("bvc", "mvc", "2"), ("mvc", "bvc", "0")]
    assert [(each.rule, each.rows.tolist()) for each in made.problems] == [("formula", [1])]


TRAINING = {
    "unit_code": "Enhet",
    "month": {"name": "month"},
    "subject": "Kurs",
    "staff": "@staff",
    "trained": "@trained",
}


def test_training_is_summed_over_persons_and_twelve_months() -> None:
    shape = {"kind": "training", "by": ["Enhet", "Kurs"], "person": "Vem", "completed": "När", "month": "month"}
    mapping = _mapping({"training": {"shape": shape, "fields": TRAINING}}, names={"sheet": "(?P<month>[0-9-]{7})"})
    text = (
        "Enhet;Kurs;Vem;När\nE1;secrecy;a;2024-04-01\nE1;secrecy;b;2024-03-31\nE1;secrecy;c;2025-03-31\nE1;secrecy;d;\n"
        "E1;secrecy;e;2025-04-01\nE1;secrecy;a;2020-01-01\nE2;secrecy;a;2025-02-31\n"
    )
    (made,) = _apply(mapping, _table(text, "2025-03"))
    assert _rows(made) == [("E1", "2025-03", "secrecy", "5", "2"), ("E2", "2025-03", "secrecy", "1", "0")]
    (wrong,) = made.problems
    assert (wrong.rule, wrong.rows.tolist()) == ("impossible_date", [1])
    assert wrong.sentence(1).startswith("kolumnen ”När”: omöjligt datum")


def test_training_may_be_told_by_a_word() -> None:
    shape = {"kind": "training", "by": ["Enhet"], "person": "Vem", "trained": {"column": "Klar", "in": ["ja"]}}
    mapping = _mapping(
        {
            "training": {
                "shape": shape,
                "fields": TRAINING | {"subject": {"value": "secrecy"}, "month": {"value": "2025-01"}},
            }
        }
    )
    (made,) = _apply(mapping, _table("Enhet;Vem;Klar\nE1;a;Ja\nE1;b;nej\nE1;a;nej\n"))
    assert [row[3:] for row in _rows(made)] == [("2", "1")]


def test_answers_are_split_and_counted() -> None:
    fields = {
        "survey": {"value": "S"}, "municipality_code": {"value": "1287"}, "respondents": {"value": "staff"},
        "answered_on": {"value": "2025-01-01"}, "question": "Fråga", "answer": "@choice", "answers": "@count",
    }  # fmt: skip
    shape = {"kind": "count", "by": ["Fråga", "@choice"], "split": {"column": "Svar"}}
    (made,) = _apply(
        _mapping({"survey_answers": {"shape": shape, "fields": fields}}),
        _table("Fråga,Svar\nq1,large;some\nq1,large\nq2,\nq1,some; large ;\n"),
    )
    assert [row[4:] for row in _rows(made)] == [("q1", "large", "3"), ("q1", "some", "2"), ("q2", "", "1")]
    assert made.links is not None
    assert sorted(zip(*(each.tolist() for each in made.links), strict=True)) == [
        (0, 0), (0, 1), (1, 0), (2, 2), (3, 0), (3, 1),
    ]  # fmt: skip
