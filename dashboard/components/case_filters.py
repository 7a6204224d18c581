"""Which deviations are read: choices, and in a sentence what a link has narrowed them to."""

from __future__ import annotations

from dataclasses import replace

from dash import html

from dashboard import case_words as words
from dashboard import texts
from dashboard.case_question import Question
from dashboard.components.choices import (
    BACK_ID,
    CATEGORY_ID,
    COUNTERPART_ID,
    ORDER_ID,
    STANDING_ID,
    choices,
    narrowing,
)
from dashboard.components.link import link
from dashboard.deviation_address import parameters_of
from kpi import format as text
from kpi.organisation import swedish_key
from kpi.views.deviation_filter import DeviationFilter
from warehouse.contract import ACTORS

STANDINGS = {
    "oppna": "Öppna",
    "oppna-0-30": "Öppna 0–30 dagar",
    "oppna-31-60": "Öppna 31–60 dagar",
    "oppna-61-90": "Öppna 61–90 dagar",
    "oppna-over-90": "Öppna mer än 90 dagar",
    "avslutade": "Avslutade",
    "utan-aterkoppling": "Utan återkoppling",
    "aterkoppling-i-tid": "Återkoppling i tid",
    "aterkoppling-sen": "Återkoppling för sent",
    "aterkoppling-vantar": "Återkoppling väntar, inte förfallen",
    "aterkoppling-forfallen": "Återkoppling väntar, förfallen",
    "utan-atgard": "Utan beslutad åtgärd",
}
_BACKS = (("ar", "Tolv månader"), ("hela", "Till och med månaden"))
_ORDERS = (("nyast", "Nyast först"), ("enhet", "Enhet"), ("kategori", "Kategori"), ("motpart", "Motpart"))
_SIDES = {"vi": "kommunen svarar", "motparten": "motparten svarar"}


def case_filters(question: Question) -> html.Div:
    """The choices of an address, each of which writes its parameter."""
    chosen = parameters_of(question.wanted)
    categories = [(code, text.capital(word)) for code, word in texts.PARTS["category"].items()]
    actors = sorted(((code, text.capital(texts.actor(code))) for code in ACTORS), key=lambda one: swedish_key(one[1]))
    return html.Div(
        [
            choices(
                narrowing(BACK_ID, "Rapporterade", _BACKS, chosen.get("tid"), "Månaden", 230),
                narrowing(STANDING_ID, "Läge", tuple(STANDINGS.items()), chosen.get("lage"), width=260),
                narrowing(CATEGORY_ID, "Kategori", categories, chosen.get("kategori"), width=220),
                narrowing(COUNTERPART_ID, "Motpart", actors, chosen.get("motpart"), width=180),
                narrowing(ORDER_ID, "Ordning", _ORDERS, chosen.get("ordning"), "Äldst först", 170),
            ),
            _narrowed(question),
        ],
        className="case-filters",
    )


def _narrowed(question: Question) -> html.P | None:
    if not question.wanted.is_narrowed:
        return None
    every = replace(question, wanted=DeviationFilter(back=question.wanted.back, order=question.wanted.order))
    told = f"Visar bara: {narrowed_to(question.wanted)}. "
    return html.P([told, link("Ta bort urvalet", every.href())], className="lead-note")


def narrowed_to(wanted: DeviationFilter) -> str:
    """`utebliven medverkan, motpart BUP, öppna mer än 90 dagar`."""
    chosen = parameters_of(wanted)
    parts = [
        words.part("category", wanted.category),
        f"rapporterade av {texts.actor(wanted.reporter)}" if wanted.reporter else None,
        f"motpart {texts.actor(wanted.counterpart)}" if wanted.counterpart else None,
        _SIDES.get(chosen.get("svarar", "")),
        STANDINGS[chosen["lage"]].lower() if "lage" in chosen else None,
    ]
    return ", ".join(one for one in parts if one)
