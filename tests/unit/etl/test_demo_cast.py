"""Whoever acts in the demo's history is one of the demo's roles, called and placed the same."""

from __future__ import annotations

from dashboard.login.demo import PERSONAS
from etl.demo_control import cast
from kpi.access import Viewer


def test_the_cast_are_the_roles_that_visitors_choose_among() -> None:
    here = {(one.label, one.role) for one in PERSONAS}
    acting = [one for one in vars(cast).values() if isinstance(one, Viewer)]
    assert len(acting) == 8
    own = [one for one in acting if one.grants[0].boards == {cast.BOARD}]
    assert {(one.user, one.grants[0].role) for one in own} <= here
    assert all(one.user.split(",")[0] in {label.split(",")[0] for label, _ in here} for one in acting)
