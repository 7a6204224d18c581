"""The shipped proposal is whole: each figure that it names is there, each question answered, each area has a plan."""

from __future__ import annotations

from collections import Counter

import pytest
from pydantic import ValidationError

from control.plan.check import check_is_whole, kept_control, kept_risk
from control.plan.content import Method, as_json, from_json
from control.plan.proposed import proposal, proposed_content, read_proposal
from control.plan.scale import DEFAULT, FIVE, Band, band_of, rescaled
from tests.builders.figures import catalogue

AREAS = ("social", "education")
RISKS = proposal().risks
CONTROLS = [control for risk in RISKS for control in risk.controls]


def test_ids_are_unique_and_short() -> None:
    ids = [one.id for one in RISKS] + [one.id for one in CONTROLS]
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) <= 40


def test_every_figure_is_there_and_concerns_every_board_that_the_risk_concerns() -> None:
    known = catalogue().definitions
    for risk in RISKS:
        for control in risk.controls:
            for kpi_id in control.kpis:
                missing = set(risk.areas) - set(known[kpi_id].areas)
                assert not missing, (risk.id, kpi_id)


def test_every_figure_of_the_boards_own_is_measured_or_has_its_reason() -> None:
    measured = {kpi_id for one in CONTROLS for kpi_id in one.kpis}
    own = {one.id for one in catalogue().definitions.values() if one.control in ("own", "shared")}
    assert own - measured == set(proposal().unmeasured)
    assert all(reason.endswith(".") for reason in proposal().unmeasured.values())


@pytest.mark.parametrize("area", AREAS)
def test_a_board_of_any_area_gets_a_whole_plan_that_answers_every_question(area: str) -> None:
    plan = proposed_content(area, DEFAULT)
    check_is_whole(plan)
    assert {one.audit_question for one in plan.risks} == {1, 2, 3, 4}
    assert from_json(as_json(plan)) == plan
    assert len(plan.risks) < len(proposed_content(None, DEFAULT).risks)


def test_what_is_shipped_could_have_been_typed() -> None:
    for risk in RISKS:
        assert kept_risk(risk, DEFAULT) == risk
        assert risk.source is not None
        assert 1 <= len(risk.controls) <= 3
        for control in risk.controls:
            assert kept_control(control, catalogue().definitions) == control
            assert control.kpis


def test_the_laws_four_contents_are_reviewed_by_a_sample_of_plans() -> None:
    (review,) = [one for one in CONTROLS if one.is_review]
    assert (review.method, review.kpis) == (Method.SAMPLE, ("sip_lawful",))


def test_the_file_is_strict() -> None:
    risk = (
        "risks: [{{id: a, process: b, cause: c, event: d, effect: e, category: legal, probability: {p}, consequence: 1,"
        " handling: accept, audit_question: 1, source: null{more}}}]\nunmeasured: {{}}\n"
    )
    assert read_proposal(risk.format(p=1, more="")).risks[0].id == "a"
    for wrong in ('"1"', "1.5", "null"):
        with pytest.raises(ValidationError):
            read_proposal(risk.format(p=wrong, more=""))
    with pytest.raises(ValueError, match=r"unknown key \.risks\[0\]\.risker"):
        read_proposal(risk.format(p=1, more=", risker: 1"))


def test_bands_and_moving_between_scales() -> None:
    assert Counter(band_of(DEFAULT, s * k) for s in range(1, 5) for k in range(1, 5)) == {
        Band.LOW: 5, Band.MEDIUM: 8, Band.HIGH: 3,
    }  # fmt: skip
    plan = proposed_content(None, DEFAULT)
    assert rescaled(plan, DEFAULT) == plan
    there = rescaled(plan, FIVE)
    assert rescaled(there, DEFAULT).risks == plan.risks
    assert {(a.probability, b.probability) for a, b in zip(plan.risks, there.risks, strict=True)} <= {
        (1, 1),
        (2, 2),
        (3, 4),
        (4, 5),
    }
