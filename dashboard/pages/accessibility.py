"""Tillgänglighetsredogörelse (lag 2018:1937, 12 §), and a form to tell what one could not do."""

from __future__ import annotations

from dash import dcc, html

from dashboard.components.form_fields import form_of, line, lines
from dashboard.components.head import page_head
from dashboard.context import Context, Page

FORM = "feedback"
PATH = "/tillganglighet"
_OVERSIGHT = "Myndigheten för digital förvaltning (Digg) ser till att lagen följs. "
_DIGG = "https://www.digg.se/tdosanmalan"
_MET = (
    "Allt går att läsa och göra med tangentbord. Det som är markerat syns.",
    "Varje diagram har en mening som säger vad det visar, och samma uppgifter som tabell.",
    "Inget sägs med bara färg: läget står i ord och har en egen form.",
    "Ljust och mörkt utseende följer din dator, och kontrasten uppfyller kraven i båda.",
    "Sidorna går att förstora till 400 procent och att använda i en telefon.",
    "PDF-filerna är taggade för skärmläsare (PDF/UA).",
)
_LACKS = (
    (
        "I ett smalt fönster blir tabeller med ord ett block per rad. Matriser och tabeller med bara tal är kvar, så "
        "att talen går att jämföra uppifrån och ned. Får de inte plats rullar de i sidled i sin egen ruta, och det "
        "står där."
    ),
    "Flödesdiagrammet över hänvisningar går inte att stega i; tabellen under det innehåller samma uppgifter.",
    "Word-filerna är inte granskade av någon utomstående.",
)


def page(context: Context) -> Page:
    """The statement and the form. For every reader."""
    fields = [
        lines(FORM, "text", "Vad kunde du inte göra eller läsa?", "", "Skriv inget om enskilda barn eller familjer."),
        line(FORM, "reply", "Vart kan vi svara? (frivilligt)", "", "Till exempel en e-postadress."),
        dcc.Store(id=f"{FORM}-about", data={"page": context.query.get("sida", "")[:200]}),
    ]  # fmt: skip
    return Page(
        "Tillgänglighet",
        [
            page_head("Tillgänglighet i Samkoll"),
            html.P(
                "Alla ska kunna använda Samkoll. Tjänsten är byggd för att uppfylla WCAG 2.2 på nivå AA, som lagen om "
                "tillgänglighet till digital offentlig service bygger på. Den är inte granskad av någon utomstående.",
                className="lead",
            ),
            html.Section(
                [html.H2("Det här fungerar"), html.Ul([html.Li(one) for one in _MET])], className="section prose"
            ),
            html.Section(
                [html.H2("Det här vet vi brister"), html.Ul([html.Li(one) for one in _LACKS])],
                className="section prose",
            ),
            html.Section(
                [
                    html.H2("Så har vi prövat"),
                    html.P(
                        "Varje sida prövas i ljust och mörkt med ett automatiskt verktyg (axe) och stegas igenom med "
                        "tangentbord varje gång programmet ändras. Redogörelsen skrevs den 27 november 2026."
                    ),
                ],
                className="section prose",
            ),
            html.Section(
                [
                    html.H2("Säg till oss", id="sag-till"),
                    html.P(
                        "Hittar du något som du inte kan använda? Skriv det här, så når det kommunens "
                        "systemadministratör, med adressen till sidan som du kom från. Vem du är sparas inte."
                    ),
                    form_of(FORM, fields, "Skicka", is_main=True),
                ],
                className="section prose",
            ),
            html.Section(
                [
                    html.H2("Tillsyn"),
                    html.P(
                        [
                            _OVERSIGHT,
                            "Är du inte nöjd med hur kommunen svarar kan du ",
                            html.A("anmäla det till Digg", href=_DIGG),
                            ".",
                        ]
                    ),
                ],
                className="section prose",
            ),
        ],
    )
