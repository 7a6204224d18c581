"""Första gången: what Samkoll shows and where to begin, by what the reader may open."""

from __future__ import annotations

from dash import html

from dashboard.components.head import page_head
from dashboard.components.link import link
from dashboard.context import Context, Page
from dashboard.places import ADDRESSES
from kpi.access import Place, places_of

STEPS: tuple[tuple[Place, str], ...] = (
    (
        Place.OVERVIEW,
        (
            "Börja här. Meningarna överst säger hur nämnden står den här månaden, korten vad som behöver ett "
            "ställningstagande, och sidan slutar i förslag till beslut."
        ),
    ),
    (
        Place.FIGURES,
        (
            "Öppna ett nyckeltal för att se hur det har utvecklats, hur enheterna skiljer sig och vad det "
            "betyder. Under varje diagram finns samma sak som tabell."
        ),
    ),
    (
        Place.PROCESS,
        "Var på vägen från kallelse till avslut planerna stannar, och vilka som kommer till mötena.",
    ),
    (
        Place.DEVIATIONS,
        "Vad som brister i samverkan, med vem, och om det ledde till något.",
    ),
    (
        Place.CENTRES,
        "Vilka familjecentralens verksamheter hänvisar till varandra, och hur många som tappas på vägen.",
    ),
    (
        Place.PLAN,
        "Nämndens risker och kontrollmoment: vad som är gjort, vad som är sent och vad som kommer.",
    ),
    (
        Place.ASSESSMENTS,
        "Det som inte går att räkna: hur presidium, förvaltning och enheter själva bedömer samverkan.",
    ),
    (
        Place.ACTIONS,
        "Vad som har lovats, av vem, till när – och om det hjälpte.",
    ),
    (
        Place.AUDIT,
        "Revisionens frågor och rekommendationer, med det som svarar på dem.",
    ),
    (
        Place.PAPERS,
        "Handlingarna till nämnden. De bygger på frysta värden och ändras inte i efterhand.",
    ),
    (
        Place.CLOSING,
        "Vilka perioder som är stängda, och vad som återstår innan nästa stängs och dess värden fryses.",
    ),
    (
        Place.COMPARISON,
        "Det som nämnderna har släppt, så att kommuner och enheter kan jämföras utan att någon känns igen.",
    ),
    (
        Place.DEFINITIONS,
        "Vad varje nyckeltal räknar, med mål och ägare.",
    ),
    (
        Place.DELIVERIES,
        "Hur färska uppgifterna är, och vilka rader som inte kunde läsas in.",
    ),
    (
        Place.ROWS,
        "Raderna bakom ett nyckeltal. Skriv varför du läser dem; läsningen loggas.",
    ),
    (
        Place.ACCESS,
        "Vem som har läst uppgifter om enskilda, och granskningen av det.",
    ),
    (
        Place.USERS,
        "Vilka som har behörighet, och synpunkter på tillgängligheten.",
    ),
)
"""What each place is for; what a reader may not open is left out."""

_READING = (
    (
        "Jämför med normal variation",
        (
            "Värden går upp och ner av sig själva. Samkoll säger till när en förändring är större än så: då är "
            "det värt att fråga varför."
        ),
    ),
    (
        "Se på tolv månader",
        "Med små tal svänger en enstaka månad mycket. Andelar räknas därför över tolv månader.",
    ),
    (
        "Dolt är inte noll",
        "Två punkter (..) betyder att talet inte visas, ett streck (–) att det inte finns något.",
    ),
    (
        "Länken visar det du ser",
        (
            "Adressen i webbläsaren innehåller dina val. Skicka den till en kollega med samma behörighet, eller"
            " spara den under Sparade vyer."
        ),
    ),
)


def page(context: Context) -> Page:
    """The reader's places in the order to meet them, then how to read what they show."""
    places = places_of(context.viewer)
    steps = [
        html.Li([html.Strong(link(str(place), ADDRESSES[place])), html.P(words)])
        for place, words in STEPS
        if place in places
    ]
    reading = [html.Li([html.Strong(heading), html.P(words)]) for heading, words in _READING]
    return Page(
        "Första gången i Samkoll",
        [
            page_head("Första gången i Samkoll"),
            html.P(
                "Samkoll visar om samverkan kring barn och unga fungerar, så att nämnden kan upptäcka brister innan "
                "någon rapporterar dem och se om åtgärderna hjälper.",
                className="lead",
            ),
            html.Section([html.H2("Det här kan du öppna"), html.Ol(steps, className="guide")], className="section"),
            html.Section([html.H2("Så läser du"), html.Ul(reading, className="guide")], className="section"),
            html.P(["Undrar du över ett ord? ", link("Se ordlistan", "/ordlista"), "."], className="section"),
        ],
    )
