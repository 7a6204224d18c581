"""A hidden value is never zero, nothing or a number."""

from __future__ import annotations

from typing import Any

import pytest

from kpi.disclosure.suppressed import SUPPRESSED, Reason, Suppressed


def test_it_is_shown_as_two_dots_with_its_reason() -> None:
    assert str(SUPPRESSED) == ".."
    assert f"{SUPPRESSED}" == ".."
    assert SUPPRESSED.words == "visas inte (för få fall)"


def test_it_equals_itself_and_no_number() -> None:
    value: Any = SUPPRESSED
    assert value == Suppressed()
    assert value not in (0, None, "..", float("nan"))
    assert Suppressed(Reason.NOT_RELEASED) != SUPPRESSED


@pytest.mark.parametrize("use", [bool, float, int, lambda value: value + 1, lambda value: value < 5, sum])
def test_it_cannot_be_counted_with(use: Any) -> None:
    with pytest.raises(TypeError):
        use(SUPPRESSED)


def test_it_cannot_be_changed() -> None:
    value: Any = SUPPRESSED
    with pytest.raises(AttributeError):
        value.reason = Reason.NOT_RELEASED
