"""Which rows are read: choices, and in a sentence what a link has narrowed them to."""

from __future__ import annotations

from dataclasses import replace

from dash import html

from dashboard.case_parameters import PARAMETERS, narrowed_to, parameters_of
from dashboard.case_question import Question
from dashboard.components.choices import choices, narrowing
from dashboard.components.link import link
from kpi import format as text


def case_filters(question: Question) -> html.Div:
    """The choices of an address, each of which writes its parameter."""
    chosen = parameters_of(question.wanted)
    found = [
        narrowing(
            one.choice,
            one.label,
            [(word.code, text.capital(word.told)) for word in one.words],
            chosen.get(one.name),
            text.capital(one.every),
            one.width,
        )
        for one in PARAMETERS[question.dataset]
        if one.choice is not None
    ]
    return html.Div([choices(*found), _narrowed(question)], className="case-filters")


def _narrowed(question: Question) -> html.P | None:
    if not question.wanted.is_narrowed:
        return None
    every = replace(question, wanted=question.wanted.every)
    told = f"Visar bara: {narrowed_to(question.wanted)}. "
    return html.P([told, link("Ta bort urvalet", every.href())], className="lead-note")
