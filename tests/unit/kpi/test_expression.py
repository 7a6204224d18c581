"""The little language: what it means, and what it refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.expression import parse, parse_condition, parse_day
from kpi.render import render
from kpi.tokens import ExpressionError, Scope
from kpi.tree import ColumnType, Type

_DAY = ColumnType(Type.DAY)
SCOPE = Scope(
    "leveransen sips",
    {
        "met_on": _DAY,
        "closed_on": _DAY,
        "agreed_on": _DAY,
        "birth_date": _DAY,
        "consent": ColumnType(Type.CODE, ("given", "declined", "low")),
        "attended": ColumnType(Type.BOOLEAN),
        "level": ColumnType(Type.TEXT),
        "rounds": ColumnType(Type.NUMBER),
    },
    {"established": "met_on is not null and consent <> declined", "circular": "not circular"},
    {"grace_days": 14},
)
ROW = {
    "met_on": date(2024, 1, 31),
    "closed_on": None,
    "agreed_on": date(2024, 2, 29),
    "birth_date": date(2008, 2, 29),
    "consent": "given",
    "attended": None,
    "level": "unit",
    "rounds": 3,
}


def evaluate(text: str, **changed: Any) -> Any:
    """The value of an expression over one row, by the compute engine."""
    types = {Type.DAY: "date", Type.BOOLEAN: "boolean", Type.NUMBER: "bigint"}
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} {types.get(kind.type, 'varchar')}" for name, kind in SCOPE.columns.items())
        connection.execute(f"create table rows ({columns})")
        connection.execute("insert into rows values (?, ?, ?, ?, ?, ?, ?, ?)", list((ROW | changed).values()))
        sql = render(parse(text, SCOPE)).sql("duckdb", identify=True)
        found = connection.execute(f"select {sql} from rows").fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("established", True),
        ("established and attended", False),
        ("not attended", True),
        ("closed_on < agreed_on", False),
        ("not closed_on < agreed_on", True),  # two-valued: an open plan was not closed before
        ("closed_on is null", True),
        ("closed_on is not null or rounds >= 3", True),
        ("consent = given", True),
        ("consent in (declined, low)", False),
        ("consent not in (declined, low)", True),
        ('consent = "given"', True),
        ("level = 'unit'", True),
        ("agreed_on <= '2024-02-29'", True),
        ("met_on + 29 days = agreed_on", True),
        ("agreed_on - 29 days = met_on", True),
        ("agreed_on <= met_on + grace_days days", False),
        ("days between met_on and agreed_on = 29", True),
        ("days between agreed_on and met_on < 0", True),
        ("(rounds = 3 or rounds = 4) and not (rounds = 4)", True),
    ],
)
def test_what_conditions_mean(text: str, value: bool) -> None:
    assert evaluate(text) is value


def test_a_missing_value_differs_from_every_code() -> None:
    assert evaluate("consent <> declined", consent=None) is True
    assert evaluate("consent = declined", consent=None) is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("met_on + 1 months", date(2024, 2, 29)),
        ("met_on + 13 months", date(2025, 2, 28)),
        ("birth_date + 18 years", date(2026, 3, 1)),
        ("birth_date + 16 years", date(2024, 2, 29)),
        ("met_on + 1 days + 1 days", date(2024, 2, 2)),
        ("closed_on + 1 days", None),
    ],
)
def test_what_days_mean(text: str, value: date | None) -> None:
    assert evaluate(text) == value


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("call_on is null", "använder ”call_on”, som inte finns i leveransen sips. Menade du ”closed_on”?", 0),
        ("rounds = 1 and met_no is null", "använder ”met_no”", 15),
        ("consent = lo", "Menade du ”low”?", 10),
        ("consent = 'lo'", "Menade du ”low”?", 0),
        ("now() < met_on", "använder funktionen ”now”", 0),
        ("met_on < current_date", "”current_date”", 9),
        ("1 = 1", "alltid sant eller alltid falskt", 0),
        ("met_on = null", "”is null”", 0),
        ("established; drop table sips", "innehåller ”;”", 11),
        ("established -- ja", "kommentar", 0),
        ("established /* ja */", "kommentar", 0),
        ("met_on closed_on", "inte ingår i språket", 7),
        ("attended = true", "jämför ett ja eller nej", 0),
        ("met_on", "är ett datum där ett ja eller nej behövs", 0),
        ("met_on < consent", "jämför ett datum med en kod", 0),
        ("consent < given", "jämför koders storlek", 0),
        ("met_on in (3)", "jämför ett datum med ett tal", 0),
        ("met_on < '2024-02-30'", "Skriv ÅÅÅÅ-MM-DD", 0),
        ("met_on < 'snart'", "Skriv ÅÅÅÅ-MM-DD", 0),
        ("'given' = consent", "skriv kolumnen till vänster", 10),
        ("given = consent", "skriv kolumnen till vänster", 0),
        ("close_on <= agreed_on", "Menade du ”closed_on”?", 0),
        ("circular", "använder villkoret ”circular”", 0),
        ("rounds = 1e999", "som tal", 0),
        ("met_on between agreed_on and closed_on", "", 0),
        ("exists (select 1)", "", 0),
        ("case when attended then met_on end is null", "", 0),
        ("select 1", "", 0),
        ("", "är tomt", 0),
        ("consent = 'given", "citattecken", 0),
        ("(" * 5000 + "attended" + ")" * 5000, "är längre än", 1000),
        ("(" * 30 + "attended" + ")" * 30, "för många parenteser", 20),
        ("not " * 60 + "attended", "för många ”not”", 0),
        ("rounds=1 or " * 80 + "attended", "är för långt", None),
        ("met_on + grace_days months2 < closed_on", "", 0),
        ("met_on.consent = given", "innehåller ”.”", 6),
    ],
)
def test_what_is_refused(text: str, message: str, offset: int | None) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_condition(text, SCOPE)
    assert message in str(refused.value)
    if message and offset is not None:
        assert refused.value.offset == offset


def test_a_day_is_no_condition() -> None:
    with pytest.raises(ExpressionError, match="är ett ja eller nej där ett datum behövs"):
        parse_day("attended", SCOPE)


def test_parameters_are_noticed() -> None:
    scope = Scope("leveransen sips", SCOPE.columns, {}, {"grace_days": 14, "idle": 3})
    parse_day("met_on + grace_days days", scope)
    assert scope.used == {"grace_days"}


_SIGNS = ["=", "<>", "<", "<=", "+", "-", ",", "(", ")", ";", "--", "*", ".", "14", "'x'", '"given"']
_KEYWORDS = ["grace_days", "days", "between", "and", "or", "not", "in", "is", "null", "given"]
_FOREIGN = ["select", "from", "count", "case"]
_WORDS = st.sampled_from([*SCOPE.columns, *SCOPE.conditions, *_KEYWORDS, *_FOREIGN, *_SIGNS])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(_WORDS, max_size=14).map(" ".join), st.text(max_size=40)))
def test_hostile_text_gives_a_tree_or_a_clean_error(text: str) -> None:
    try:
        node = parse(text, SCOPE)
    except ExpressionError:
        return
    render(node).sql("duckdb", identify=True)
