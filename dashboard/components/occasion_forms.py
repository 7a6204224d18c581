"""The forms of a control that comes due: its sample, its result, and opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.occasions.described import Described
from control.occasions.occasion import Result, Sample
from control.occasions.samples import MOST
from control.plan.content import Step
from dashboard.components import states
from dashboard.components.attributes import aria, data
from dashboard.components.day_field import day_field
from kpi import format as text

SEEN_ID = "occasion-seen"
OF_ID, POPULATION_ID, AGAIN_ID, DRAW_ID, SAMPLE_ID = (
    "sample-of", "sample-population", "sample-why", "sample-draw", "sample-drawn",
)  # fmt: skip
RESULT_ID, ANALYSIS_ID, PROBABILITY_ID, CONSEQUENCE_ID, DONE_ID = (
    "occasion-result", "occasion-analysis", "occasion-probability", "occasion-consequence", "occasion-done",
)  # fmt: skip
SAVE_ID, SIGN_ID, TOLD_ID = "occasion-save", "occasion-sign", "occasion-told"
WHY_ID, REOPEN_ID, REOPENED_ID = "occasion-why", "occasion-reopen", "occasion-reopened"


def seen(found: Described) -> dcc.Store:
    """Which occasion the page shows, and as of which edit: what is saved states it."""
    return dcc.Store(id=SEEN_ID, data={"number": found.occasion.number, "edits": found.occasion.edits})


def sample_section(found: Described, *, may_draw: bool) -> html.Section:
    """The sample, and the form that draws it."""
    children: list[Any] = [html.H2("Stickprov"), html.Div(sample_words(found.occasion.sample), id=SAMPLE_ID)]
    if may_draw:
        children += _draw_form(found)
    return html.Section(children, className="section")


def sample_words(sample: Sample | None, told: str | None = None) -> list[Any]:
    """What was drawn, so that it can be drawn again. `told`: what became of a draw."""
    notice = [html.P(told, className="notice", role="status", **data(saved="yes"))] if told else []
    if sample is None:
        return [*notice, states.empty("Stickprovet är inte draget än.")]
    drawn = ", ".join(map(text.number, sorted(sample.drawn)))
    lead = f"{text.number(sample.size)} av {text.number(sample.population)} ({sample.of}), lottade av Samkoll."
    return [
        *notice,
        html.P(html.Strong(lead)),
        html.P(f"Nummer i listan: {drawn}.") if drawn else None,
        html.P(draw_words(sample), className="muted small"),
    ]


def draw_words(sample: Sample) -> str:
    """What proves later what was drawn, and from which list."""
    proof = f" Listans fingeravtryck: {sample.code}." if sample.code else ""
    return f"Lottningens frö: {sample.seed}.{proof}"


def _draw_form(found: Described) -> list[Any]:
    size = text.number(found.control.sample_size or 0)
    return [
        html.P(
            f"Numrera det som ska granskas från 1 och skriv hur många de är. Samkoll lottar {size} nummer. Ett draget "
            "stickprov dras om bara med ett skäl, som sparas.",
            className="muted panel-lead",
        ),
        html.Div(
            [
                dmc.TextInput(id=OF_ID, label="Vad lottas det bland?", placeholder="Till exempel: minnesanteckningar"),
                dmc.NumberInput(id=POPULATION_ID, label="Hur många är de?", min=1, max=MOST, allowDecimal=False),
                dmc.TextInput(id=AGAIN_ID, label="Varför dras det om?", description="Bara om det redan är draget."),
            ],
            className="form-grid",
        ),
        html.Div(dmc.Button("Lotta", id=DRAW_ID, variant="default", size="sm"), className="decide"),
    ]


def result_form(found: Described, today: date) -> html.Section:
    """What was found: kept as a draft, or signed."""
    occasion, risk, scale = found.occasion, found.risk, found.scale
    results = [dmc.Radio(label=text.capital(one.words), value=one.value) for one in Result]
    return html.Section(
        [
            html.H2("Resultat"),
            dmc.RadioGroup(
                html.Div(results, className="radios"), id=RESULT_ID, label="Vad blev resultatet?",
                value=occasion.result.value if occasion.result else None,
            ),
            dmc.Textarea(
                id=ANALYSIS_ID, label="Analys", value=occasion.analysis, autosize=True, minRows=3,
                description="Vad bristen består i och vad den beror på. Behövs inte när resultatet är utan anmärkning. "
                "Skriv inget som pekar ut ett barn eller en förälder.",
            ),
            html.Div(
                [
                    _step(PROBABILITY_ID, "Sannolikhet efter kontrollen", scale.probability,
                          occasion.probability or risk.probability),
                    _step(CONSEQUENCE_ID, "Konsekvens efter kontrollen", scale.consequence,
                          occasion.consequence or risk.consequence),
                    day_field(DONE_ID, "Genomfört", occasion.done_on or today),
                ],
                className="form-grid",
            ),
            html.P("När resultatet är undertecknat står det fast. Det kan rättas bara om det öppnas igen med ett skäl.",
                   className="muted small"),
            html.Div(
                [
                    dmc.Button("Underteckna", id=SIGN_ID, variant="filled", size="sm"),
                    dmc.Button("Spara utkast", id=SAVE_ID, variant="default", size="sm"),
                ],
                className="decide",
            ),
            html.Div(id=TOLD_ID, role="status", **aria(live="polite")),
        ],
        className="panel occasion-form",
    )  # fmt: skip


def _step(identity: str, label: str, steps: Sequence[Step], chosen: int) -> dmc.Select:
    choices = [{"value": str(number), "label": f"{number}. {one.word}"} for number, one in enumerate(steps, 1)]
    meaning = text.capital(steps[chosen - 1].meaning) if 1 <= chosen <= len(steps) else ""
    return dmc.Select(
        id=identity, label=label, description=meaning, data=choices, value=str(chosen), allowDeselect=False
    )


def reopen_form() -> html.Details:
    """For correcting what was signed."""
    return html.Details(
        [
            html.Summary("Rätta resultatet"),
            html.P(
                "Det undertecknade sparas och visas under Tidigare resultat, med ditt skäl.",
                className="muted panel-lead",
            ),
            dmc.Textarea(id=WHY_ID, label="Varför ska resultatet rättas?", autosize=True, minRows=2),
            html.Div(dmc.Button("Öppna igen", id=REOPEN_ID, variant="default", size="sm"), className="decide"),
            html.Div(id=REOPENED_ID, role="status", **aria(live="polite")),
        ],
        className="folded",
    )
