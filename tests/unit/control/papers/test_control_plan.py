"""What the control plan's paper says of the plan before it, and of where it comes from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from control.papers.content import Document, Table, blocks_of
from control.papers.control_plan import control_plan
from control.papers.material import Material
from control.papers.sources import Plan
from control.plan.scale import FIVE
from kpi.organisation import Organisation
from kpi.period import Period
from tests.builders.figures import BOARD, catalogue
from tests.builders.paper_document import head
from tests.builders.paper_world import PLAN

NOW, BEFORE = Plan(2, 2026, 0, PLAN, "", None), Plan(1, 2025, 0, PLAN, "", None)


def written(plan: Plan, earlier: Plan | None) -> Document:
    about = Material(head(), Period.parse("2026"), BOARD, Organisation(()), catalogue())
    return control_plan(replace(about, plan=plan, earlier=earlier))


@pytest.mark.parametrize(
    ("plan", "earlier", "sentences", "has_column"),
    [
        (NOW, None, (), False),
        (NOW, BEFORE, ("Riskvärdena i planen för 2025 står i risktabellen.",), True),
        (
            replace(NOW, based_on=2025),
            BEFORE,
            ("Planen bygger på planen för 2025.", "Riskvärdena i planen för 2025 står i risktabellen."),
            True,
        ),
        (replace(NOW, based_on=2023), None, ("Planen bygger på planen för 2023.",), False),
        (
            replace(NOW, content=replace(PLAN, scale=FIVE)),
            BEFORE,
            ("Skalan har ett annat antal steg än i planen för 2025, så riskvärdena jämförs inte med dem.",),
            False,
        ),
    ],
)
def test_only_values_of_the_same_scale_stand_beside_and_only_the_plan_it_began_from_is_built_on(
    plan: Plan, earlier: Plan | None, sentences: tuple[str, ...], has_column: bool
) -> None:
    document = written(plan, earlier)
    assert tuple(one.text for one in document.sections[0].blocks if hasattr(one, "text"))[2:] == sentences
    (risks,) = [one for one in blocks_of(document) if isinstance(one, Table) and one.caption.startswith("Risker:")]
    assert ("Förra året" in [one.heading for one in risks.columns]) is has_column


def test_a_plan_that_was_written_after_the_closing_is_not_said_to_be_left_out() -> None:
    document = written(NOW, None)
    told = str(document.sections[-1])
    assert "Planen återges som den stod när handlingen gjordes." in told
    assert "är inte med" not in str(document)
