"""Deny by default, and each rule from both sides. The organisation below is small enough to check by eye."""

from dataclasses import replace
from datetime import date

import pytest

from kpi.access import (
    OPERATOR,
    AccessDenied,
    Exposure,
    Grant,
    Role,
    Viewer,
    can_decide_deliveries,
    can_read_deliveries,
    can_read_figure,
    can_read_overview,
    can_read_rejects,
    can_read_released,
    check_can_read_figure,
    exposure_of,
)
from kpi.organisation import Organisation, Unit
from tests.builders.figures import catalogue

MARCH = date(2025, 3, 1), date(2025, 3, 31)
MAY = date(2025, 5, 1), date(2025, 5, 31)
SOCIAL = ("social",)

ORGANISATION = Organisation(
    (
        Unit("12", "Region Skåne", "region", None, None),
        Unit("12-D", "Sydväst", "delregional", "12", None),
        Unit("13", "Region Halland", "region", None, None),
        Unit("1287", "Trelleborg", "municipality", "12-D", "1287"),
        Unit("1287-SN", "Socialnämnden", "board", "1287", "1287", "social"),
        Unit("1287-SF", "Socialförvaltningen", "administration", "1287-SN", "1287"),
        Unit("1287-BF", "Barn och familj", "unit", "1287-SF", "1287"),
        Unit("1287-MOVED", "Familjestöd", "unit", "1287-SF", "1287", valid_to=date(2025, 3, 14)),
        Unit("1287-MOVED", "Familjestöd", "unit", "1287-BN", "1287", valid_from=date(2025, 3, 15)),
        Unit("1287-BN", "Bildningsnämnden", "board", "1287", "1287", "education"),
        Unit("1263", "Svedala", "municipality", "12", "1263"),
        Unit("1263-SN", "Socialnämnden", "board", "1263", "1263", "social"),
    )
)


def viewer(role: Role = Role.PRESIDIUM, *, units: frozenset[str] = frozenset()) -> Viewer:
    return Viewer("prov", (Grant(role, "1287", frozenset({"1287-SN"}), units),))


def reads(who: Viewer, unit: str, areas: tuple[str, ...] = SOCIAL, days: tuple[date, date] = MARCH) -> bool:
    return can_read_figure(who, ORGANISATION, unit, *days, areas=areas)


def opens(who: Viewer, unit: str, areas: tuple[str, ...], exposure: Exposure) -> bool:
    return can_read_figure(who, ORGANISATION, unit, *MARCH, areas=areas, exposure=exposure)


@pytest.mark.parametrize("role", [Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR])
@pytest.mark.parametrize("unit", ["1287-SN", "1287-SF", "1287-BF"])
def test_the_boards_own_roles_read_its_whole_subtree(role: Role, unit: str) -> None:
    assert reads(viewer(role), unit, ("social", "education"))


@pytest.mark.parametrize("unit", ["1287-BN", "1263-SN", "1263", "12", "okänd"])
def test_other_boards_municipalities_and_levels_above_are_denied(unit: str) -> None:
    assert not reads(viewer(), unit)


def test_the_municipality_is_read_only_when_the_figure_is_the_boards_own() -> None:
    assert reads(viewer(), "1287", ("social",))
    assert not reads(viewer(), "1287", ("education",))
    assert not reads(viewer(), "1287", ("social", "education"))
    assert not reads(viewer(), "1287", ())


@pytest.mark.parametrize("areas", [("social",), ("education",), ("social", "education")])
def test_an_open_figure_of_the_own_municipality_is_read_by_every_board_there(areas: tuple[str, ...]) -> None:
    assert opens(viewer(), "1287", areas, Exposure.OPEN)
    for unit in ("1263", "1263-SN", "1287-BN", "12", "12-D"):
        assert not opens(viewer(), unit, areas, Exposure.OPEN)


def test_a_grant_without_boards_reads_no_open_figure_but_published_statistics() -> None:
    watcher = Viewer("prov", (Grant(Role.CONTROLLER, "1263"),))
    assert not opens(watcher, "1263", SOCIAL, Exposure.OPEN)
    assert opens(watcher, "1263", SOCIAL, Exposure.PUBLIC)


def test_published_statistics_are_read_in_the_own_municipality_and_its_region() -> None:
    assert opens(viewer(), "1287", ("education",), Exposure.PUBLIC)
    assert opens(viewer(), "12", ("education",), Exposure.PUBLIC)
    for unit in ("1263", "13", "1287-BN", "12-D", "okänd"):
        assert not opens(viewer(), unit, ("education",), Exposure.PUBLIC)
    for who in (Viewer("ingen", ()), viewer(Role.DELREGIONAL), viewer(Role.ADMIN)):
        assert not opens(who, "1287", SOCIAL, Exposure.PUBLIC)
        assert not opens(who, "1287", SOCIAL, Exposure.OPEN)


def test_only_open_figures_reach_beyond_the_board() -> None:
    found = {one.id: exposure_of(one) for one in catalogue().definitions.values()}
    public = {kpi_id for kpi_id, exposure in found.items() if exposure is Exposure.PUBLIC}
    assert public == {"bup_first_visit_90d", "school_health_access", "youth_influence"}
    assert found["agreements_valid"] is Exposure.OPEN
    assert found["sip_established"] is found["perception_gap"] is Exposure.INSIDE
    closed = replace(catalogue().definitions["youth_influence"], release_class="process")
    assert exposure_of(closed) is Exposure.INSIDE


def test_the_municipality_is_denied_when_two_boards_share_the_area() -> None:
    shared = Organisation((*ORGANISATION.units, Unit("1287-ON", "Omsorgsnämnden", "board", "1287", "1287", "social")))
    assert not can_read_figure(viewer(), shared, "1287", *MARCH, areas=SOCIAL)


def test_a_unit_that_moved_is_read_from_the_inside_only_where_it_belonged_to_the_board_throughout() -> None:
    february = date(2025, 2, 1), date(2025, 2, 28)
    assert reads(viewer(), "1287-MOVED", days=february)
    assert not reads(viewer(), "1287-MOVED", days=MARCH)
    assert not reads(viewer(), "1287-MOVED", days=MAY)


def test_a_unit_that_moved_is_released_to_those_of_both_its_boards_only() -> None:
    for role in (Role.MEMBER, Role.SECRETARY):
        assert can_read_released(viewer(role), ORGANISATION, "1287-BF")
        assert not can_read_released(viewer(role), ORGANISATION, "1287-MOVED")
        both = Viewer("prov", (Grant(role, "1287", frozenset({"1287-SN", "1287-BN"})),))
        assert can_read_released(both, ORGANISATION, "1287-MOVED")
    assert can_read_released(viewer(Role.CENTRAL_CONTROLLER), ORGANISATION, "1287-MOVED")


def test_a_grant_that_names_another_municipalitys_board_reaches_nothing_of_it() -> None:
    wrong = Grant(Role.PRESIDIUM, "1287", frozenset({"1263-SN"}))
    beside = Grant(Role.UNIT_MANAGER, "1263", frozenset({"1263-SN"}), frozenset({"1263-SN-X"}))
    who = Viewer("prov", (wrong, beside))
    for unit in ("1263", "1263-SN"):
        assert not reads(who, unit)
        assert not can_read_overview(who, ORGANISATION, unit)


def test_a_grant_for_some_units_reaches_those_only() -> None:
    limited = viewer(Role.CHIEF, units=frozenset({"1287-BF"}))
    assert reads(limited, "1287-BF")
    assert not reads(limited, "1287-SF")


def test_without_a_grant_or_with_a_role_that_has_no_rule_nothing_is_read() -> None:
    for who in (Viewer("ingen", ()), viewer(Role.DELREGIONAL), viewer(Role.ADMIN)):
        assert not reads(who, "1287-SN")
        assert not can_read_overview(who, ORGANISATION, "1287-SN")
        assert not can_read_deliveries(who)
        assert not can_read_rejects(who)
        assert not can_decide_deliveries(who)


def test_the_operator_reads_everything() -> None:
    assert all(reads(OPERATOR, unit) for unit in ("12", "1287", "1263-SN", "okänd"))


def test_only_the_controller_decides_and_the_presidium_sees_no_rows() -> None:
    assert can_decide_deliveries(viewer(Role.CONTROLLER))
    assert not any(can_decide_deliveries(viewer(role)) for role in (Role.PRESIDIUM, Role.CHIEF, Role.AUDITOR))
    assert can_read_deliveries(viewer(Role.PRESIDIUM))
    assert not can_read_rejects(viewer(Role.PRESIDIUM))


def test_a_denial_is_a_swedish_sentence() -> None:
    with pytest.raises(AccessDenied, match=r"Du har inte behörighet .*\.$"):
        check_can_read_figure(viewer(), ORGANISATION, "1263-SN", *MARCH, areas=SOCIAL)


def test_a_loop_in_the_delivered_tree_ends() -> None:
    loop = Organisation(
        (Unit("a", "A", "unit", "b", "1287"), Unit("b", "B", "administration", "a", "1287")),
    )
    assert loop.boards_of("a", *MARCH) == frozenset()
    assert {unit.code for unit in loop.under("a", *MARCH)} == {"a", "b"}
