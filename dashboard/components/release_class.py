"""How far a figure may be read outside the board, and what that hides."""

from __future__ import annotations

from dash import html

from dashboard import texts
from kpi.definition import Definition
from kpi.disclosure.quantity import SURVEY


def release_class_panel(definition: Definition) -> html.Section:
    """The class in words and what it hides; surveys have their own limit."""
    meaning = texts.RELEASE_MEANINGS[definition.release_class]
    if SURVEY in definition.datasets:
        meaning = f"{meaning} {texts.RELEASE_OF_SURVEYS}"
    return html.Section(
        [
            html.H2("Så släpps nyckeltalet"),
            html.Dl(
                [
                    html.Dt("Utlämning"),
                    html.Dd(texts.RELEASE_CLASSES[definition.release_class]),
                    html.Dt("Det betyder"),
                    html.Dd(meaning),
                    html.Dt("Så räknas det"),
                    html.Dd(definition.description),
                ],
                className="facts",
            ),
        ],
        className="panel",
    )
