"""Nobody is let in by default; the demo answers this machine only."""

import pytest

from dashboard.login.demo import PERSONAS, demo_board, demo_viewer, persona, refusal
from kpi.access import Role, can_decide_deliveries, can_read_log, can_read_overview, can_read_released
from kpi.organisation import Organisation, Unit

ORGANISATION = Organisation(
    (
        Unit("1233-SN", "Socialnämnden", "board", "1233", "1233", "social"),
        Unit("1287-BN", "Bildningsnämnden", "board", "1287", "1287", "education"),
        Unit("1287-SN", "Socialnämnden", "board", "1287", "1287", "social"),
        Unit("1287-F", "Förvaltningen", "administration", "1287-SN", "1287"),
        Unit("1287-B", "Barn", "unit", "1287-F", "1287"),
        Unit("1287-A", "Familj", "unit", "1287-F", "1287"),
    )
)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:8050", "localhost", "[::1]:8050"])
def test_the_demo_answers_loopback(address: str, host: str) -> None:
    assert refusal(address, host) is None


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("192.168.1.7", "127.0.0.1:8050"),
        ("127.0.0.1", "samkoll.example:8050"),
        (None, "localhost"),
        ("okänd", "localhost"),
    ],
)
def test_the_demo_refuses_others(address: str | None, host: str) -> None:
    assert "egna datorn" in (refusal(address, host) or "")


def test_a_cookie_is_untrusted() -> None:
    assert persona("controller").role is Role.CONTROLLER
    for code in (None, "", "operator", "admin", "../"):
        assert persona(code) is PERSONAS[0]


def test_personas_belong_to_trelleborgs_social_board_or_the_one_beside() -> None:
    board = demo_board(ORGANISATION)
    assert board is not None
    assert board.code == "1287-SN"
    for one in PERSONAS:
        viewer = demo_viewer(ORGANISATION, one.code)
        own = "1287-BN" if one.code == "presidium-annan" else "1287-SN"
        reads_board = one.role in (Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR)
        for code in ("1287-SN", "1287-BN", "1233-SN"):
            assert can_read_overview(viewer, ORGANISATION, code) is (reads_board and code == own)
        oversees = one.role in (Role.DPO, Role.ADMIN, Role.DEVELOPER)
        assert can_read_released(viewer, ORGANISATION, own) is not oversees
        assert can_read_log(viewer, "1287") is (one.role is Role.DPO)
        assert can_decide_deliveries(viewer) is (one.role is Role.CONTROLLER)


def test_delregional_cooperation_is_of_every_municipality_and_of_no_board() -> None:
    viewer = demo_viewer(ORGANISATION, "delregional")
    assert [(one.municipality_code, one.boards) for one in viewer.grants] == [("1287", set()), ("1233", set())]
    own = demo_viewer(ORGANISATION, "central-controller")
    assert [(one.municipality_code, one.boards) for one in own.grants] == [("1287", set())]


def test_the_presidium_is_two_who_can_confirm_each_other() -> None:
    first, second = (demo_viewer(ORGANISATION, code) for code in ("presidium", "presidium-vice"))
    assert first.grants == second.grants
    assert first.user != second.user


def test_the_unit_manager_has_one_unit() -> None:
    (grant,) = demo_viewer(ORGANISATION, "enhetschef").grants
    assert (grant.boards, grant.units) == ({"1287-SN"}, {"1287-B"})


def test_without_a_board_a_persona_has_no_grant() -> None:
    assert demo_viewer(Organisation(()), "controller").grants == ()
