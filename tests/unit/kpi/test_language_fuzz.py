"""Any text gives a typed tree or a clean refusal, and every tree means the same in DuckDB and in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.expression import parse, parse_condition, parse_day
from kpi.render import render
from kpi.tokens import ExpressionError
from kpi.tree import Node, Type
from tests.unit.kpi.evaluator import value_of
from tests.unit.kpi.expressions import SCOPE, STABLE, conditions, days, numbers, random_rows

_SQL_TYPES = {Type.DAY: "date", Type.BOOLEAN: "boolean", Type.NUMBER: "bigint"}
ROWS = random_rows(100)


class Table:
    """The rows in DuckDB."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        columns = ", ".join(f"{name} {_SQL_TYPES.get(kind.type, 'varchar')}" for name, kind in SCOPE.columns.items())
        connection.execute(f"create table rows (line integer, {columns})")
        marks = ", ".join("?" * (len(SCOPE.columns) + 1))
        connection.executemany(
            f"insert into rows values ({marks})", [[at, *row.values()] for at, row in enumerate(ROWS)]
        )

    def values(self, node: Node) -> list[Any]:
        sql = render(node).sql("duckdb", identify=True)
        return [value for (value,) in self._connection.execute(f"select {sql} from rows order by line").fetchall()]


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    with duckdb.connect() as connection:
        yield Table(connection)


def check_equal(table: Table, node: Node) -> None:
    assert table.values(node) == [value_of(node, row) for row in ROWS]


@settings(STABLE, max_examples=250)
@given(conditions)
def test_a_condition_means_the_same_in_the_engine_and_in_python(table: Table, text: str) -> None:
    node = parse_condition(text, SCOPE)
    found = table.values(node)
    assert found == [value_of(node, row) for row in ROWS]
    assert all(value is True or value is False for value in found)  # never unknown


@settings(STABLE, max_examples=80)
@given(days)
def test_a_day_means_the_same_in_the_engine_and_in_python(table: Table, text: str) -> None:
    check_equal(table, parse_day(text, SCOPE))


@settings(STABLE, max_examples=30)
@given(numbers)
def test_a_number_means_the_same_in_the_engine_and_in_python(table: Table, text: str) -> None:
    check_equal(table, parse(text, SCOPE))


# --- hostile texts ----------------------------------------------------------

_SIGNS = [
    "=",
    "<>",
    "!=",
    "<",
    "<=",
    "+",
    "-",
    ",",
    "(",
    ")",
    ";",
    "--",
    "/*",
    "*",
    ".",
    "::",
    "||",
    "&&",
    "!",
    "#",
    "$1",
]
_VALUES = [
    "14",
    "0",
    "1.5",
    "1e9",
    "0x1F",
    "'x'",
    '"given"',
    "'2024-02-29'",
    "'",
    '"',
    "`met_on`",
    "x'ab'",
    "n'met_on'",
]
_KEYWORDS = [
    "grace_days",
    "days",
    "months",
    "years",
    "between",
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "given",
    "none",
]
_FOREIGN = [
    "select", "from", "count", "case", "when", "end", "like", "exists", "interval", "date", "cast", "distinct", "all",
    "any", "union", "with", "true", "false", "order by", "collate", "escape", "at time zone", "over", "lambda", "->",
]  # fmt: skip
_words = st.sampled_from([*SCOPE.columns, *SCOPE.conditions, *_KEYWORDS, *_KEYWORDS, *_SIGNS, *_VALUES, *_FOREIGN])
_soup = st.lists(_words, max_size=16).map(" ".join)
_valid_with_a_word = st.builds(
    lambda text, word, at: " ".join([*text.split()[: at % 9], word, *text.split()[at % 9 :]]),
    conditions, _words, st.integers(0, 8),
)  # fmt: skip
_valid_without_a_word = st.builds(
    lambda text, at: " ".join(word for here, word in enumerate(text.split()) if here != at),
    conditions,
    st.integers(0, 9),
)


def parsed(text: str) -> Node | ExpressionError:
    """The tree or the refusal; anything else that happens is a fault."""
    try:
        return parse(text, SCOPE)
    except ExpressionError as error:
        return error


@settings(STABLE, max_examples=300)
@given(st.one_of(_soup, _valid_with_a_word, _valid_without_a_word, st.text(max_size=40)))
def test_any_text_gives_a_tree_or_a_clean_refusal(table: Table, text: str) -> None:
    found = parsed(text)
    if isinstance(found, ExpressionError):
        assert 0 <= found.offset <= max(len(text), 1000)
        assert str(found)[:1].islower()
    else:
        check_equal(table, found)


@pytest.mark.parametrize(
    "text",
    [
        "attended; drop table rows",
        "attended) or (1=1",
        "attended' or '1'='1",
        "attended or 1=1 --",
        "note = 'x'' or ''1''=''1'",
        "note = 'x'); delete from rows; --'",
        'note = "x""); delete from rows; --"',
        "note = 'read_csv(''/etc/passwd'')'",
        "read_csv('/etc/passwd') is null",
        "consent in (select 1)",
        "met_on < (select max(met_on) from rows)",
        "met_on = date '2024-01-01' union select 1",
        "note = $$x$$",
        "note = E'\\x41'",
        "note = U&'\\0041'",
        "note = 'x\x00y'",
        "note is null\x00",
        "“attended”",
        "attended\u202eattended",
        "attended and аttended",  # a Cyrillic а
        "met_on + １４ days < closed_on",  # full-width digits
        "rounds = ٣",
        "(" * 20 + "attended" + ")" * 20,
        "(" * 300 + "attended" + ")" * 300,
        "not " * 20 + "attended",
        "not " * 200 + "attended",
        "attended and " * 90 + "attended",
        "(((((" * 100,
        ")" * 100,
        "met_on" + " + 100 years" * 60 + " is null",
        "-" * 900,
        "'" * 999,
        "rounds = 999999999999",
        "rounds = 99999999999999999999",
        "met_on < '0001-01-01'",
        "met_on < '9999-12-31'",
    ],
)
def test_hostile_texts(table: Table, text: str) -> None:
    found = parsed(text)
    if not isinstance(found, ExpressionError):
        assert len(table.values(found)) == len(ROWS)
