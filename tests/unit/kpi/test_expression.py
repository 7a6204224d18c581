"""The little language: what it means, and what it refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

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
        ("level = 'unit'", True),
        ("agreed_on <= '2024-02-29'", True),
        ("met_on + 29 days = agreed_on", True),
        ("agreed_on - 29 days = met_on", True),
        ("agreed_on <= met_on + grace_days days", False),
        ("days between met_on and agreed_on = 29", True),
        ("days between agreed_on and met_on < 0", True),
        ("(rounds = 3 or rounds = 4) and not (rounds = 4)", True),
        ("years between birth_date and met_on = 15", True),
        ("years between birth_date and closed_on >= 0", False),
        ("not years between birth_date and closed_on >= 0", True),
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
        ("met_on + 3 months", date(2024, 4, 30)),
        ("met_on + 1 months + 1 months", date(2024, 3, 29)),  # the 31st is lost on the way
        ("met_on - 2 months", date(2023, 11, 30)),
        ("agreed_on + 12 months", date(2025, 2, 28)),
        ("agreed_on + 1 years", date(2025, 3, 1)),
        ("agreed_on - 1 years", date(2023, 3, 1)),
        ("agreed_on - 4 years", date(2020, 2, 29)),
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
        ("established -- ja", "kommentar (--)", 12),
        ("established /* ja */", "kommentar (/*)", 12),
        ("established # ja", "innehåller ”#”", 12),
        ("met_on closed_on", "har ”closed_on” direkt efter ”met_on”", 7),
        ("attended not attended", "har ”not” direkt efter ”attended”", 9),
        ("attended and", "slutar med ”and”", 9),
        ("or attended", "kan inte börja med ”or”", 0),
        ("attended or )", "högerparentes", 12),
        ("((attended)", "vänsterparentes som inte avslutas", 0),
        ("attended, attended", "har ”,” utanför ”in (…)”", 8),
        ("level like 'u%'", "använder ”like”", 6),
        ("level ilike 'u%'", "använder ”ilike”", 6),
        ("rounds + 1 = 2", "räknar med ”+”", 0),
        ("rounds * 2 = 4", "innehåller ”*”", 7),
        ("rounds / 2 = 1", "innehåller ”/”", 7),
        ("rounds % 2 = 1", "innehåller ”%”", 7),
        ("rounds = -1", "har ”-” direkt efter ”=”", 9),
        ("attended || attended", "innehåller ”||”", 9),
        ("attended && attended", "innehåller ”&&”", 9),
        ("!attended", "innehåller ”!”", 0),
        ("attended is true", "har ”is” utan ”null”", 0),
        ("consent in given", "har ”in” utan en lista", 0),
        ("consent in ()", "har ”)” direkt efter ”(”", 12),
        ("consent = 'given'", "har koden ”given” inom citattecken. Skriv bara given", 0),
        ("consent in ('given')", "har koden ”given” inom citattecken", 0),
        ("level < 'unit'", "jämför texters storlek", 0),
        ("(met_on < closed_on) is null", "frågar om ett villkor är null", 1),
        ("14 days < met_on", "har ”14 days” utan ett datum", 0),
        ("met_on + 101 years < closed_on", "flyttar ett datum 101 years", 0),
        ("met_on + 1 days + 1 days + 1 days + 1 days + 1 days is null", "flyttar samma datum fler än 4 gånger", 0),
        ("met_on + ² days < closed_on", "innehåller ”²”", 9),
        ("n'met_on' is null", "innehåller ”n'met_on'”", 0),
        ("met_on::date is null", "innehåller ”::”", 6),
        ("`met_on` is null", "innehåller ”`”", 0),
        ("$1", "innehåller ”$1”", 0),
        ("? < met_on", "innehåller ”?”", 0),
        ("days between met_on and 3 < 2", "ska ha formen ”days between kolumn and kolumn”", 0),
        ("months between met_on and closed_on < 2", "använder ”between” utan days eller years", 7),
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
        ("met_on between agreed_on and closed_on", "använder ”between” utan days eller years", 7),
        ("exists (select 1)", "använder funktionen ”exists”", 0),
        ("case when attended then met_on end is null", "använder ”case”", 0),
        ("select 1", "använder ”select”", 0),
        ("", "är tomt", 0),
        ("consent = 'given", "citattecken som inte avslutas", 10),
        ("(" * 5000 + "attended" + ")" * 5000, "är längre än", 1000),
        ("(" * 30 + "attended" + ")" * 30, "för många parenteser", 20),
        ("not " * 60 + "attended", "för många ”not”", 0),
        ("rounds=1 or " * 80 + "attended", "är för långt", None),
        ("met_on + grace_days months2 < closed_on", "har ”months2” direkt efter ”14”", 20),
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


@pytest.mark.parametrize(
    ("birth_date", "met_on", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),  # 29 February: a year older on 1 March
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2024, 2, 28), 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2010, 3, 15), date(2024, 3, 14), 13),
        (date(2010, 3, 15), date(2024, 3, 15), 14),
        (date(2010, 12, 31), date(2025, 1, 1), 14),
        (date(2024, 1, 31), date(2024, 1, 31), 0),
        (date(2024, 1, 31), date(2024, 1, 30), -1),  # not born yet
        (None, date(2024, 1, 30), None),
        (date(2010, 3, 15), None, None),
    ],
)
def test_whole_years_between_two_days_are_an_age(birth_date: date | None, met_on: date | None, age: int | None) -> None:
    text = "years between birth_date and met_on"
    assert evaluate(text, birth_date=birth_date, met_on=met_on) == age
    if birth_date and met_on and age is not None and age >= 0:  # an age is reached when the birthday has come
        assert evaluate(f"birth_date + {age} years <= met_on", birth_date=birth_date, met_on=met_on)
        assert not evaluate(f"birth_date + {age + 1} years <= met_on", birth_date=birth_date, met_on=met_on)


def test_conditions_that_unfold_to_very_much_are_refused_at_once() -> None:
    bomb = {f"c{at}": " and ".join([f"c{at + 1}"] * 8) for at in range(9)} | {"c9": "met_on is null"}
    with pytest.raises(ExpressionError, match="blir för stort"):
        parse_condition("c0", Scope("leveransen sips", SCOPE.columns, bomb))
    chain = {f"c{at}": f"c{at + 1}" for at in range(500)} | {"c500": "met_on is null"}
    with pytest.raises(ExpressionError, match="går genom fler än 10 villkor"):
        parse_condition("c0", Scope("leveransen sips", SCOPE.columns, chain))


def test_a_mistake_within_a_condition_is_told_with_where_it_is() -> None:
    scope = Scope("leveransen sips", SCOPE.columns, {"outer": "attended or inner", "inner": "met_up is null"})
    with pytest.raises(ExpressionError) as refused:
        parse_condition("attended and outer", scope)
    assert str(refused.value).startswith("använder villkoret ”outer”, där ”inner” använder ”met_up”, som inte finns")
    assert refused.value.offset == 13
    assert refused.value.condition is not None
    name, error = refused.value.condition
    assert (name, error.offset) == ("inner", 0)
