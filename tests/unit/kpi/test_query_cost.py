"""What may be read at a time: told before anything is read, with what to narrow."""

from __future__ import annotations

import pytest

from kpi.query_cost import Asked, check_cost
from warehouse.errors import TooMuch


def test_what_is_within_the_limit_passes() -> None:
    check_cost([], 0)
    check_cost([Asked(10, 12, 5)], 600)
    check_cost([Asked(10, 12), Asked(1, 36)], 156)


@pytest.mark.parametrize(
    ("asked", "narrower"),
    [
        ([Asked(500, 12, 100)], "Välj en enhet eller en nämnd."),
        ([Asked(1, 2000)], "Välj en kortare tid."),
        ([Asked(10, 30)] * 60, "Välj färre nyckeltal åt gången."),
    ],
)
def test_what_is_too_much_is_refused_with_what_to_narrow(asked: list[Asked], narrower: str) -> None:
    with pytest.raises(TooMuch, match=f"fler än 1000 värden. {narrower}"):
        check_cost(asked, 1000)
