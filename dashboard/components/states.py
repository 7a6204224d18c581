"""Pages without figures: nothing loaded yet, not allowed, not found, something broke."""

from __future__ import annotations

from dash import html

from dashboard.components.link import link


def _state(heading: str, *paragraphs: str, home: bool = True) -> html.Div:
    back = [html.P(link("Till början", "/", className="more"))] if home else []
    return html.Div([html.H1(heading), *(html.P(text) for text in paragraphs), *back], className="state")


def nothing_yet() -> html.Div:
    """No deliveries are loaded and computed for the board."""
    return _state(
        "Här kommer nämndens nyckeltal att stå",
        "Ännu är inga leveranser inlästa och beräknade för nämnden.",
        "När den första leveransen har lästs in räknas nyckeltalen av sig själva. Sidan Leveranser visar vad som har "
        "kommit.",
        home=False,
    )


def nothing_released() -> html.Div:
    """No board has closed a period whose releases the viewer reads."""
    return html.Div(
        [
            html.H1("Här kommer det som nämnderna har släppt"),
            html.P("Ännu är inget släppt som du får läsa."),
            html.P(
                "När en nämnd stänger en period, till exempel ett tertial, fryses dess nyckeltal. Det som kan visas "
                "utanför nämnden släpps hit: små tal döljs, och så många till att de inte går att räkna ut."
            ),
            html.P(
                [
                    "Nämndens controller stänger perioden, tills vidare med kommandot ",
                    html.Code("samkoll close 2025-T1 --board NÄMND"),
                    ".",
                ]
            ),
        ],
        className="state",
    )


def not_released(figure: str, *, in_parts: bool = False) -> html.Div:
    """The figure is not released at the place. `in_parts`: it has no value of its own that could stand here."""
    sentence = "Nyckeltalet är inte släppt här ännu. Det släpps när nämnden stänger en period som det hör till."
    if in_parts:
        sentence = "Nyckeltalet följs del för del och har inget samlat värde att jämföra."
    return html.Div(
        [
            html.H1(figure),
            html.P(sentence),
            html.P(link("Till allt som har släppts", "/jamforelse", className="more")),
        ],
        className="state",
    )


def denied(sentence: str) -> html.Div:
    """The viewer has no grant."""
    return _state(
        "Du får inte läsa det här",
        sentence,
        "Behöver du uppgifterna i ditt arbete? Be den som sköter behörigheter till Samkoll i din kommun.",
    )


def not_found(sentence: str) -> html.Div:
    """The address names something that does not exist."""
    return _state("Sidan finns inte", sentence)


def too_much(sentence: str) -> html.Div:
    """The request is refused for what it would take."""
    return _state("Det här är för mycket på en gång", sentence)


def broken() -> html.Div:
    """An unexpected error; the log has the rest."""
    return _state(
        "Något gick fel hos oss",
        "Sidan kunde inte visas. Felet är loggat. Försök igen om en stund; hjälper det inte, säg till den som driver "
        "Samkoll.",
    )


def broken_definitions() -> html.P:
    """The definitions file on disk has errors; figures are shown by the last one that held."""
    return html.P(
        [
            "Definitionsfilen har fel och används inte. Allt visas enligt den senast fungerande. ",
            link("Se felen", "/definitioner"),
        ],
        className="notice",
        role="status",
    )


def empty(sentence: str) -> html.P:
    """A part of a page that has nothing to show, with the reason."""
    return html.P(sentence, className="empty")
