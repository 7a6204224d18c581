"""Sentences about the flows of family centres and what becomes of the referrals. Pure."""

from __future__ import annotations

from dashboard import texts
from dashboard.process_words import THE_ACTORS, Piece
from kpi import format as text
from kpi.organisation import swedish_key
from kpi.referrals import Contact, by_part, together
from kpi.rolling import YEAR
from kpi.views.centres import CentresPage

FEW = "få fall"


def lead(page: CentresPage) -> list[Piece]:
    """How many cases were sent, against the year before, the biggest flow, and how many were lost, mostly to whom."""
    if not page.centres:
        return [Piece(f"Ingen familjecentral som hör till {page.place.unit.name} har levererat ärenden.")]
    if not page.now.total:
        return [Piece(f"Inga ärenden skickades mellan familjecentralens aktörer {span(page)}.")]
    found = [
        Piece(f"{text.number(page.now.total)} ärenden", "strong"),
        Piece(f" skickades mellan familjecentralens aktörer de senaste tolv månaderna{_against(page)}; "),
    ]
    (sender, receiver), most = max(page.now.cells.items(), key=lambda one: (one[1], one[0]))
    found.append(Piece(f"flest gick från {_the(sender)} till {_the(receiver)} ({text.number(most)}). "))
    return [*found, *_lost(page)]


def _the(actor: str) -> str:
    return THE_ACTORS.get(actor, actor)


def _against(page: CentresPage) -> str:
    if page.before is None:
        return ""
    difference = page.now.total - page.before.total
    if not difference:
        return ", lika många som året före"
    return f", {text.number(abs(difference))} {'fler' if difference > 0 else 'färre'} än året före"


def _lost(page: CentresPage) -> list[Piece]:
    total = together(page.contact)
    if not total.lost_due:
        return [Piece("Hur många som tappades på vägen går inte att säga: centralen lämnar bara antal.")
                if not any(one.tells_contact for one in page.centres)
                else Piece("Inga hänvisningar har ännu fått sextio dagar på sig.")]  # fmt: skip
    if not total.lost:
        return [Piece(f"Alla {text.number(total.lost_due)} som skulle ha fått kontakt fick det inom 60 dagar.")]
    share = f" ({text.percent(total.lost / total.lost_due)})" if total.lost_due >= page.fewest else ""
    return [
        Piece(f"{text.number(total.lost)} av {text.number(total.lost_due)}{share} tappades", "off"),
        Piece(f": de fick ingen kontakt inom 60 dagar{_mostly(page)}."),
    ]


def _mostly(page: CentresPage) -> str:
    found = by_part(page.contact, 1)
    actor, most = max(found.items(), key=lambda one: (one[1].lost, one[0]))
    if most.lost_due < page.fewest:
        return ""
    return f", flest på väg till {_the(actor)}: {text.number(most.lost)} av {text.number(most.lost_due)}"


def span(page: CentresPage) -> str:
    """`november 2025 – oktober 2026`."""
    return f"{text.month(page.first)} – {text.month(page.place.month)}"


def basis(page: CentresPage) -> str:
    """What the numbers rest on, and what is missing."""
    found = [f"Tolv månader: {span(page)}."]
    if page.covered < YEAR:
        found.append(f"Bara {text.count_word(page.covered)} av månaderna har uppgifter.")
    if page.before is None:
        found.append("Leveranserna täcker inte tolv månader före, så ingen förändring visas.")
    if page.place.is_preliminary:
        found.append("Månaden är inte slut: talen är preliminära.")
    return " ".join([*found, *counting(page)])


def counting(page: CentresPage) -> list[str]:
    """The centres that deliver numbers only, and what that hides."""
    return [
        f"{one.unit.name} lämnar månadens antal, inte ärende för ärende"
        + (
            "; kontakt och tappade räknas på månadens antal."
            if one.tells_contact
            else ", och ingen uppgift om kontakt. Vilka som tappas syns därför inte."
        )
        for one in page.centres
        if one.only_counts
    ]


def delivers(only_counts: bool, tells_contact: bool) -> str:
    """How a centre delivers, in a table."""
    if not only_counts:
        return "ärende för ärende"
    return "månadens antal" if tells_contact else "månadens antal, utan kontakt"


def receivers(page: CentresPage) -> list[tuple[str, Contact]]:
    """What became of the referrals by receiving actor, in order of the actors' names."""
    found = by_part(page.contact, 1)
    return sorted(found.items(), key=lambda one: swedish_key(texts.actor(one[0])))
