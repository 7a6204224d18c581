"""What a person may write in an action's form, and what it is told otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from control.actions.content import CostClass, Origin
from control.actions.form import ActionForm, read_form, read_value
from tests.builders.figures import definition
from warehouse.errors import UserError

SHARE, GAP, DAYS = definition("sip_full_attendance"), definition("sip_school_gap"), definition("sip_lead_time")
FORM = ActionForm(
    what="Mötestider bokas med bup i förväg",
    root_cause="Bup kallas för sent",
    responsible="Enhetschefen Barn och familj",
    starts_on="2025-02-01",
    due_on="2025-05-31",
    expected_from="55",
    expected_to="85 %",
    cost_class="low",
    origin="figure",
)


def test_a_form_is_kept_in_the_figures_own_scale() -> None:
    draft = read_form(FORM, SHARE)
    assert (draft.expected_from, draft.expected_to) == (0.55, 0.85)
    assert (draft.starts_on, draft.due_on) == (date(2025, 2, 1), date(2025, 5, 31))
    assert (draft.cost_class, draft.origin, draft.origin_reference) == (CostClass.LOW, Origin.FIGURE, None)


@pytest.mark.parametrize(
    ("written", "figure", "kept"),
    [
        ("63,5 %", SHARE, 0.635),
        ("-12", GAP, -0.12),
        ("\u221212", GAP, -0.12),
        ("1 234,5", DAYS, 1234.5),
        ("", DAYS, None),
    ],
)
def test_values_are_read_as_people_write_them(written: str, figure: object, kept: float | None) -> None:
    assert read_value(written, figure, "Värdet") == kept  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": " "}, "Vad som ska göras saknas"),
        ({"root_cause": ""}, "Orsaken saknas"),
        ({"responsible": "chef@kommunen.se"}, "en funktion"),
        ({"responsible": "19121212-1212"}, "personnummer"),
        ({"due_on": "2025-01-31"}, "”Klar senast” ligger före ”Börjar”"),
        ({"due_on": ""}, "Fyll i dagen för ”Klar senast”"),
        ({"due_on": "snart"}, "”Klar senast” går inte att läsa som en dag"),
        ({"due_on": "0025-05-31"}, "orimligt år"),
        ({"expected_to": "50"}, "högre än i dag"),
        ({"expected_to": "120"}, "0 till 100"),
        ({"expected_to": "många"}, "inget tal"),
        ({"expected_to": ""}, "”Väntat värde” saknas"),
        ({"cost_class": "gratis"}, "Kostnaden är inte vald"),
        ({"origin": "decision"}, "diarienummer saknas"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_form(replace(FORM, **change), SHARE)


def test_the_expected_value_lies_the_way_that_is_better() -> None:
    with pytest.raises(UserError, match="lägre än i dag"):
        read_form(replace(FORM, expected_from="30", expected_to="40"), DAYS)
    with pytest.raises(UserError, match="närmare noll"):
        read_form(replace(FORM, expected_from="-10", expected_to="12"), GAP)
    assert read_form(replace(FORM, expected_from="-10", expected_to="5"), GAP).expected_to == 0.05
    with pytest.raises(UserError, match="vilket nyckeltal"):
        read_form(FORM, None)
