"""The form to sign an assessment with: the scale in words, why, on what, and what was judged before."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.assessments.reading import View
from control.assessments.scales import scale
from control.assessments.service import SHORTEST_MOTIVATION
from dashboard.components.assessment_cards import answer, heading
from dashboard.components.attributes import aria
from dashboard.components.day_field import day_field
from dashboard.components.link import link
from kpi import format as text
from kpi.period import Period

GRADE_ID, MOTIVATION_ID, SEEN_ID = "assessment-grade", "assessment-motivation", "assessment-seen"
LABEL_ID, WHERE_ID, ON_ID = "assessment-evidence", "assessment-evidence-where", "assessment-evidence-on"
WITHOUT_ID, SIGN_ID, RESULT_ID = "assessment-without", "assessment-sign", "assessment-result"
WITHOUT = "without"


def seen(board_code: str, period: Period, view: View) -> dict[str, str | int]:
    """What the form is about, as the browser keeps it: the newest assessment that it showed among the rest."""
    told: dict[str, str | int] = {
        "board": board_code, "period": str(period), "subject": view.subject.value, "side": view.side.value,
    }  # fmt: skip
    if view.unit_code is not None:
        told["unit"] = view.unit_code
    if view.newest is not None:
        told["follows"] = view.newest.number
    return told


def form(board_code: str, period: Period, view: View, name: str, back: str) -> html.Section:
    """`name`: whom it is signed for; `back`: the address of the page without the form."""
    steps = [
        dmc.Radio(
            label=answer(view.subject, one.grade), description=one.description, value=str(one.grade), size="sm", mb="sm"
        )
        for one in scale(view.subject)
    ]
    return html.Section(
        [
            html.H2(f"Bedöm {view.subject.words} för {name}, {text.month(period)}"),
            html.P(heading(view.subject), className="panel-lead"),
            *_before(view),
            dcc.Store(id=SEEN_ID, data=seen(board_code, period, view)),
            dmc.RadioGroup(
                html.Div(steps, className="steps"),
                id=GRADE_ID,
                label="Svar",
                size="md",
                required=True,
                withAsterisk=False,
            ),
            dmc.Textarea(
                id=MOTIVATION_ID,
                label="Motivering",
                description=(
                    f"Vad bygger svaret på? Minst {SHORTEST_MOTIVATION} tecken. Skriv inget som pekar ut ett barn "
                    "eller en förälder."
                ),
                autosize=True,
                minRows=3,
                required=True,
                withAsterisk=False,
            ),
            html.Div(
                [
                    dmc.TextInput(id=LABEL_ID, label="Underlag", description="Till exempel: Protokoll, § 8"),
                    dmc.TextInput(id=WHERE_ID, label="Var det finns", description="Diarienummer eller länk"),
                    day_field(ON_ID, "Underlagets dag", help_="När underlaget gjordes"),
                ],
                className="choices evidence",
            ),
            dmc.CheckboxGroup(
                dmc.Checkbox(label="Bedömningen görs utan underlag", value=WITHOUT), id=WITHOUT_ID, value=[]
            ),
            html.P(
                "En annan person bekräftar bedömningen. Den går inte att ändra efteråt, men du kan göra en ny.",
                className="muted small",
            ),
            html.Div(
                [
                    dmc.Button("Underteckna", id=SIGN_ID, variant="filled", size="sm"),
                    link("Avbryt", back, className="more"),
                ],
                className="decide",
            ),
            html.Div(id=RESULT_ID, role="status", **aria(live="polite")),
        ],
        className="section panel assess-form",
    )  # fmt: skip


def _before(view: View) -> list[Any]:
    before = view.newest or view.previous
    if before is None:
        return []
    when = "Senast undertecknat för tertialet" if before is view.newest else text.capital(text.month(before.period))
    return [html.P([html.Strong(f"{when}: {answer(view.subject, before.grade)}. "), before.motivation])]
