"""Whether a condition can hold: what is called impossible never holds, what is called always true never fails."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from kpi.expression import parse_condition
from kpi.possible import is_always, is_possible
from tests.unit.kpi.evaluator import value_of
from tests.unit.kpi.expressions import SCOPE, STABLE, conditions, random_rows

ROWS = random_rows(200)


@settings(STABLE, max_examples=250)
@given(conditions)
def test_what_some_row_meets_is_never_called_impossible(text: str) -> None:
    condition = parse_condition(text, SCOPE)
    if not is_possible(condition):
        assert not any(value_of(condition, row) for row in ROWS)


@settings(STABLE, max_examples=250)
@given(conditions, conditions)
def test_what_some_row_refutes_is_never_called_always_true(text: str, given_text: str) -> None:
    condition, counted = parse_condition(text, SCOPE), parse_condition(given_text, SCOPE)
    if is_always(condition, given=None):
        assert all(value_of(condition, row) for row in ROWS)
    if is_always(condition, given=counted):
        assert all(value_of(condition, row) for row in ROWS if value_of(counted, row))


@pytest.mark.parametrize(
    ("text", "possible", "always"),
    [
        ("consent = given", True, False),
        ("consent = given and consent = declined", False, False),
        ("consent = given or consent <> given", True, True),
        ("consent in (given, declined, full)", True, False),  # it may be missing
        ("consent is null or consent in (given, declined, full)", True, True),
        ("consent is null and consent = given", False, False),
        ("consent is null and consent <> given", True, False),
        ("not consent <> given and consent in (declined, full)", False, False),
        ("attended and not attended", False, False),
        ("attended or not attended", True, True),
        ("attended is null and attended", False, False),
        ("attended is null and not attended", True, False),
        ("met_on is null and met_on < closed_on", False, False),
        ("met_on is null and met_on <> closed_on", True, False),
        ("met_on is null and met_on + 3 days < closed_on", False, False),
        ("met_on < closed_on or not met_on < closed_on", True, True),
        ("note = 'ja' and note = 'nej'", False, False),
        ("note = 'ja' and note is null", False, False),
        ("actor = skola and actor <> caller and caller = bup", True, False),
        ("rounds = 3 and rounds is null", False, False),
        ("rounds in (1, 2) and rounds = 3", False, False),
    ],
)
def test_what_is_told_from_the_words_alone(text: str, possible: bool, always: bool) -> None:
    condition = parse_condition(text, SCOPE)
    assert is_possible(condition) is possible
    assert is_always(condition, given=None) is always


def test_very_many_codes_and_columns_pass_unjudged_and_soon() -> None:
    parts = " or ".join(f"note = '{at}'" for at in range(25))
    days = " and ".join(f"met_on < '2024-01-{at + 1:02}'" for at in range(18))
    condition = parse_condition(f"({parts}) and {days}", SCOPE)
    assert is_possible(condition)
    assert not is_always(condition, given=None)
