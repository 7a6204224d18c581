"""Units beside each other: each with its interval, and told apart only where size does not explain it."""

from __future__ import annotations

import pytest

from kpi.organisation import Unit
from kpi.spc.intervals import wilson
from kpi.views.compared import with_uncertainty
from kpi.views.rows import UnitReading
from tests.builders.figures import count, definition, share


def unit(name: str) -> Unit:
    return Unit(name, name, "unit", "1287-SN", "1287")


def test_a_share_has_wilsons_interval_and_only_what_is_far_off_is_told() -> None:
    readings = {"a": share(45, 50), "b": share(44, 50), "c": share(20, 50), "d": share(1, 3)}
    units = [UnitReading(unit(name), one, is_small=False) for name, one in readings.items()]
    found = {one.unit.code: one for one in with_uncertainty(definition("sip_call_complete"), units)}
    assert found["a"].interval == wilson(45, 50)
    assert {name: one.side for name, one in found.items()} == {"a": 0, "b": 0, "c": -1, "d": 0}


def test_one_unit_alone_is_compared_with_nothing() -> None:
    [found] = with_uncertainty(definition("sip_call_complete"), [UnitReading(unit("a"), share(1, 50), is_small=False)])
    assert found.interval is not None
    assert found.interval.upper == pytest.approx(0.105, abs=0.01)
    assert found.side == 0


def test_counts_have_no_interval() -> None:
    [found] = with_uncertainty(definition("deviations_reported"), [UnitReading(unit("a"), count(7), is_small=False)])
    assert (found.interval, found.side) == (None, 0)
