"""Survey answers and reviews of plans, as pages read them: the same counts as the figures', for the same readers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.compute import compute
from kpi.period import Period
from kpi.views.organisation import read_organisation
from kpi.views.reviews import Reviewed, reviewed
from kpi.views.surveys import Question, Survey, board_survey, family_survey
from kpi.views.values import figure_values
from tests.builders.closed_world import choose
from tests.builders.survey_world import REVIEWS, SURVEY, UNITS
from tests.builders.warehouse import deliver
from warehouse.database import reading

FIGURES = ("perception_gap", "secrecy_confidence", "child_participation", "guardian_relief", "sip_lawful")
T3 = Period.parse("2025-T3")
INSIDE = {Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR}


def viewer(role: Role, *boards: str) -> Viewer:
    units = frozenset({"1287-A"}) if role is Role.UNIT_MANAGER else frozenset()
    return Viewer(role.value, (Grant(role, "1287", frozenset(boards), units),))


@pytest.fixture
def world(engine: Engine) -> Engine:
    deliver(engine, "2025-12-31", org_units=UNITS, survey_answers=SURVEY, sip_reviews=REVIEWS)
    return engine


def read(engine: Engine, as_: Viewer, until: Period = T3, board: str = "1287-SN") -> tuple[Survey | None, Reviewed]:
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        return (
            board_survey(connection, as_, organisation, board, until),
            reviewed(connection, as_, organisation, board, until),
        )


def read_families(engine: Engine, as_: Viewer) -> Survey | None:
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        return family_survey(connection, choose(*FIGURES), as_, organisation, "1287", T3)


def counts(questions: Sequence[Question]) -> dict[str, dict[str, tuple[int, ...]]]:
    return {one.code: {group.respondents: group.counts for group in one.groups} for one in questions}


def test_answers_stand_as_they_fell_and_say_the_same_as_the_figures(world: Engine) -> None:
    survey, found = read(world, viewer(Role.PRESIDIUM, "1287-SN"))
    families = read_families(world, OPERATOR)
    assert survey is not None
    assert families is not None
    assert str(survey.year) == "2025"
    assert counts(survey.questions) == {
        "follow_up_happens": {"board_members": (6, 3, 1, 0, 2), "staff": (8, 16, 10, 2, 4)},
        "insight_agreements": {"board_members": (2, 5, 2, 0, 0)},
        "secrecy_confidence": {"staff": (10, 10, 0, 0, 0)},
    }
    assert counts(families.questions) == {
        "child_took_part": {"children": (7, 4, 0, 1, 0)}, "guardian_relieved": {"guardians": (1, 2, 3, 0, 0)},
    }  # fmt: skip
    assert [(one.code, one.gap, one.is_small) for one in survey.questions] == [
        ("follow_up_happens", pytest.approx(0.5 - 0.2), False), ("insight_agreements", None, True),
        ("secrecy_confidence", None, False),
    ]  # fmt: skip
    assert (found.total, found.lawful) == (6, 4)
    assert tuple(found.holding.values()) == (6, 4, 5, 6)

    catalogue = choose(*FIGURES)
    compute(world, catalogue)
    with reading(world) as connection:
        told = {
            (one.unit_code, kpi_id): (one.numerator, one.denominator, one.value)
            for kpi_id in FIGURES
            for one in figure_values(connection, catalogue, OPERATOR, kpi_id, first=T3, last=T3)
            if one.split is None or ("answer", "large") in one.split
        }
    assert told["1287-SN", "perception_gap"][2] == pytest.approx(survey.questions[0].gap)
    assert told["1287-SN", "secrecy_confidence"][:2] == (10, 20)
    assert told["1287", "child_participation"][:2] == (7, 12)
    assert told["1287", "guardian_relief"][:2] == (1, 6)
    assert told["1287-SN", "sip_lawful"][:2] == (found.lawful, found.total)


def test_an_earlier_tertial_shows_the_year_before(world: Engine) -> None:
    survey, found = read(world, OPERATOR, Period.parse("2025-T2"))
    assert survey is not None
    assert (str(survey.year), counts(survey.questions)) == ("2024", {"insight_agreements": {"staff": (50, 0, 0, 0, 0)}})
    assert (found.total, found.lawful) == (1, 0)
    assert read(world, OPERATOR, Period.parse("2024-T2"))[0] is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_who_reads_them_reads_the_boards_figures(sqlite_engine: Engine, role: Role) -> None:
    deliver(sqlite_engine, "2025-12-31", org_units=UNITS, survey_answers=SURVEY, sip_reviews=REVIEWS)
    own, another = viewer(role, "1287-SN"), viewer(role, "1287-UN")
    if role in INSIDE:
        assert read(sqlite_engine, own)[0] is not None
    else:
        with pytest.raises(AccessDenied):
            read(sqlite_engine, own)
    with pytest.raises(AccessDenied):
        read(sqlite_engine, another)
    assert read_families(sqlite_engine, own) is None, "two boards of the area share the municipality's children"


def test_the_municipalitys_families_are_for_its_only_board_of_the_area(sqlite_engine: Engine) -> None:
    alone = [one | ({"area": "education"} if one["unit_code"] == "1287-UN" else {}) for one in UNITS]
    deliver(sqlite_engine, "2025-12-31", org_units=alone, survey_answers=SURVEY)
    for role in Role:
        if role is not Role.OPERATOR:
            assert (read_families(sqlite_engine, viewer(role, "1287-SN")) is not None) == (role in INSIDE)
            assert read_families(sqlite_engine, viewer(role, "1287-UN")) is None
