"""What the page Avvikelser says in sentences, and its words for states, ages and spans."""

from __future__ import annotations

from dashboard import texts
from dashboard.case_words import part
from kpi import format as text
from kpi.deviations import AGES, BIN_DAYS, LAST_BIN, WINDOW, Side, State, Times
from kpi.views.deviation_page import DeviationPage

FEWEST = 5
"""Fewer than this are not told as a share."""
FEW = "för få för en andel"
STATES = {
    State.IN_TIME: "inom tid",
    State.LATE: "för sent",
    State.WAITING: "väntar, inte förfallen",
    State.OVERDUE: "väntar, förfallen",
}
ACTION_STATES = {State.IN_TIME: "beslutad", State.WAITING: "väntar", State.ENDED: "avslutad utan åtgärd"}
SIDES = {Side.OURS: "Återkoppling vi ger", Side.THEIRS: "Återkoppling vi får"}
SIDE_NOTES = {
    Side.OURS: "Avvikelser som uppstod hos en kommunal verksamhet. Vi ska svara, och det styr vi själva över.",
    Side.THEIRS: "Avvikelser som uppstod hos en annan huvudman: motparten svarar, och nämnden bevakar.",
}
AGE_NAMES = tuple(f"{first}–{last} dagar" if last else "Mer än 90 dagar" for first, last in AGES)
BIN_NAMES = (
    f"0–{BIN_DAYS}",
    *(f"{at * BIN_DAYS + 1}–{(at + 1) * BIN_DAYS}" for at in range(1, LAST_BIN)),
    f">{LAST_BIN * BIN_DAYS}",
)


def category(code: str) -> str:
    """`utebliven medverkan`."""
    return part("category", code) or code


def span(found: DeviationPage) -> str:
    """`april 2024–mars 2025`."""
    return f"{text.month(found.month.shift(1 - WINDOW))}–{text.month(found.month)}"


def lead(found: DeviationPage) -> str:
    """The most important thing: what has been left lying, else what has been told."""
    of = _narrowed(found)
    if found.ageing.long:
        many = text.capital(_count(found.ageing.long))
        told = f"{many} {_are(found.ageing.long, 'avvikelse', 'avvikelser')}{of} är {_opened(found.ageing.long)}"
        return f"{told} sedan mer än 90 dagar{_leading(found)}."
    if found.total:
        many, noun = text.capital(_count(found.total)), _are(found.total, "avvikelse", "avvikelser")
        return f"Ingen avvikelse{of} är öppen sedan mer än 90 dagar. {many} {noun} rapporterades {span(found)}."
    if found.ageing.total:
        return f"Inga avvikelser{of} rapporterades {span(found)}, men {_count(found.ageing.total)} är ännu öppna."
    return f"Inga avvikelser{of} rapporterades {span(found)}. Tystnad är risken: brister kan finnas utan att sägas."


def _opened(count: int) -> str:
    return "öppen" if count == 1 else "öppna"


def _are(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def _count(count: int) -> str:
    """Of something with common gender: `en`, `tre`, `28`."""
    return "en" if count == 1 else text.count_word(count)


def _narrowed(found: DeviationPage) -> str:
    told = f" om {category(found.chosen.category)}" if found.chosen.category else ""
    return told + (f" med {texts.actor(found.chosen.counterpart)} som motpart" if found.chosen.counterpart else "")


def _leading(found: DeviationPage) -> str:
    """`; 19 av dem gäller utebliven medverkan från BUP`."""
    if found.ageing.leading is None or (found.chosen.category and found.chosen.counterpart):
        return ""
    about, counterpart, count = found.ageing.leading
    joint = "från" if about == "utebliven_medverkan" else "med"
    sort = "är" if found.chosen.category else f"gäller {category(about)}"
    whose = "" if found.chosen.counterpart else f" {joint} {texts.actor(counterpart)}"
    some, _ = text.counts(count, found.ageing.long, is_common=True)
    return f"; {some} av dem {sort}{whose}"


def reported(found: DeviationPage) -> str:
    """How many were told of, where the lead does not say it already, and what that does not mean."""
    if not found.total:
        is_said = not found.ageing.total
        return "" if is_said else "Att ingen rapporterar betyder inte att samverkan fungerar."
    meaning = "Flest rapporter är inte sämst."
    if not found.ageing.long:
        return meaning
    many, noun = text.capital(_count(found.total)), _are(found.total, "avvikelse", "avvikelser")
    return f"{many} {noun} rapporterades {span(found)}. {meaning}"


def silence(found: DeviationPage) -> str:
    """Who has said nothing in twelve months."""
    if found.silent is None:
        first = text.day(found.first)
        return f"Leveranserna börjar {first}, så det går inte att säga vilka enheter som varit tysta i tolv månader."
    if not found.units:
        return "Här finns inga enheter."
    if not found.silent and len(found.units) == 1:
        return "Enheten har rapporterat någon avvikelse de senaste tolv månaderna."
    if not found.silent:
        return "Alla enheter har rapporterat någon avvikelse de senaste tolv månaderna."
    if found.unit.level == "unit" and len(found.units) == 1:
        return "Enheten har inte rapporterat någon avvikelse på tolv månader."
    many, every = text.counts(len(found.silent), len(found.units), is_common=True)
    return f"{text.capital(many)} av {every} enheter har inte rapporterat någon avvikelse på tolv månader."


def cautions(found: DeviationPage) -> list[str]:
    """What is not whole."""
    told = []
    if found.is_preliminary:
        month = text.capital(text.month(found.month))
        told.append(f"{month} är preliminär: läget visas som det var {text.day(found.stand)}.")
    if not found.is_whole:
        told.append(f"Leveranserna av avvikelser börjar {text.day(found.first)}, så det är mindre än tolv månader.")
    return told


def answered(times: Times, limit: int) -> str:
    """`18 av 24 som skulle ha svar har fått det inom 60 dagar (75 %). Mediantiden är 41 dagar.`"""
    if not times.total:
        return "Inga sådana avvikelser."
    if not times.due:
        return f"Inget svar har kommit ännu, och ingen har väntat i {limit} dagar."
    in_time = times.counts.get(State.IN_TIME, 0)
    share = f" ({text.percent(in_time / times.due)})" if times.due >= FEWEST else f" ({FEW})"
    told = f"{text.number(in_time)} av {text.number(times.due)} har svar inom {limit} dagar{share}."
    return f"{told} {middle(times)}".strip()


def middle(times: Times) -> str:
    """`Mediantiden är 41 dagar.`, of enough."""
    given = times.counts.get(State.IN_TIME, 0) + times.counts.get(State.LATE, 0)
    if times.median is None or given < FEWEST:
        return ""
    return f"Mediantiden är {text.days(times.median)}."


def decided(times: Times) -> str:
    """How many led to a decided action."""
    if not times.total:
        return "Inga avvikelser att besluta åtgärd för."
    count = times.counts.get(State.IN_TIME, 0)
    told = f"För {text.number(count)} av {text.number(times.total)} är en åtgärd beslutad."
    return f"{told} {middle(times)} Definitionerna sätter ingen gräns för hur lång tid beslutet får ta.".replace(
        "  ", " "
    )


def assessed(times: Times, limit: int) -> str:
    """How many decided actions have an assessed effect."""
    if not times.total:
        return "Ingen åtgärd är beslutad, så ingen effekt finns att bedöma."
    in_time, due = times.counts.get(State.IN_TIME, 0), times.due
    if not due:
        return f"Ingen effekt är bedömd ännu, och ingen åtgärd är äldre än {limit} dagar."
    noun = _are(due, "åtgärd", "åtgärder")
    told = f"{text.number(in_time)} av {text.number(due)} {noun} har bedömd effekt inom {limit} dagar efter beslutet."
    return f"{told} {middle(times)}".strip()


def recurring(found: DeviationPage) -> str:
    """What comes back."""
    if not found.patterns:
        return "Ingen avvikelse är återkommande."
    months = text.count_word(found.limits.again)
    many, every = text.counts(found.recurring, found.total, is_common=True)
    told = f"{text.capital(many)} av {every} är återkommande: samma enhet har rapporterat samma kategori och motpart"
    return f"{told} högst {months} månader före. Det tyder på att det förra svaret inte hjälpte."
