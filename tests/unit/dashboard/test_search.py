"""A reader finds every unit whose figures the reader reads, at an address that opens, and no other."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.pages.search import units
from kpi.access import Grant, Role, Viewer, can_read_overview
from kpi.organisation import Unit, organisation
from kpi.period import Period
from kpi.search import find
from kpi.views.place import opens
from tests.builders.figures import catalogue

TODAY = date(2026, 11, 27)
HERE = organisation(
    [
        Unit("1287", "Trelleborgs kommun", "municipality", None, "1287"),
        Unit("1287-SN", "Socialnämnden", "board", "1287", "1287", "social"),
        Unit("1287-SF", "Socialförvaltningen", "administration", "1287-SN", "1287"),
        Unit("1287-310", "Barn och familj norr", "unit", "1287-SF", "1287"),
        Unit("1287-350", "Familjestöd", "unit", "1287-SF", "1287"),
        Unit("1287-390", "Familjestöd, nedlagd", "unit", "1287-SF", "1287", valid_to=date(2025, 12, 31)),
        Unit("1287-BN", "Bildningsnämnden", "board", "1287", "1287", "education"),
        Unit("1287-530", "Grundskola norr", "unit", "1287-BN", "1287"),
    ]
)


def reader(role: Role, *only: str) -> Viewer:
    return Viewer("någon", (Grant(role, "1287", frozenset({"1287-SN"}), frozenset(only)),))


def found(viewer: Viewer, asked: str) -> dict[str, str]:
    return {one.name: one.address for one in find(asked, units(viewer, HERE, TODAY))}


@pytest.mark.parametrize("role", [Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR])
def test_who_reads_a_board_finds_its_units(role: Role) -> None:
    viewer = reader(role)
    assert found(viewer, "familjestöd") == {"Familjestöd": "/avvikelser?enhet=1287-350"}
    assert found(viewer, "norr") == {"Barn och familj norr": "/avvikelser?enhet=1287-310"}, "not another board's"
    assert found(viewer, "socialnämnden")["Socialnämnden"] == "/?enhet=1287-SN"
    assert not can_read_overview(viewer, HERE, "1287-310"), "an overview of its own has what is read whole"


def test_a_unit_manager_finds_the_own_unit_and_others_find_none() -> None:
    assert found(reader(Role.UNIT_MANAGER, "1287-310"), "norr") == {"Barn och familj norr": "/?enhet=1287-310"}
    assert found(reader(Role.UNIT_MANAGER, "1287-310"), "familjestöd") == {}
    for role in (Role.MEMBER, Role.SECRETARY, Role.DELREGIONAL, Role.ADMIN, Role.DPO):
        assert found(reader(role), "norr") == {}


def test_a_figure_is_found_only_where_its_page_opens() -> None:
    education = Viewer("någon", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-BN"})),))
    of_social = catalogue().definitions["sip_met_30d"]
    month = Period.parse("2026-10")
    assert opens(HERE, reader(Role.PRESIDIUM), of_social, month)
    assert not opens(HERE, education, of_social, month)
    assert not opens(HERE, reader(Role.ADMIN), of_social, month), "who begins nowhere"
