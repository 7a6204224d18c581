"""The definitions file's shape at the edge: pydantic models that refuse every key they do not know.

One model per kind of figure, so that no key is accepted and then ignored. The Swedish descriptions are the editor's
help (`samkoll kpi schema`). `kpi.loader` turns these into the frozen types of `kpi.definition` and drops them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_NAME = r"^[a-z][a-z0-9_]{1,58}$"
MONTH = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"
_MUNICIPALITY = r"^[0-9]{4}$"
_CHECKSUM = r"^[0-9a-f]{8,64}$"
PATTERNS = {
    _NAME: "Skriv ett ord av små bokstäver a–z, siffror och _, minst två tecken och först en bokstav",
    MONTH: "Skriv år och månad, till exempel 2026-01",
    _MUNICIPALITY: 'Skriv kommunkodens fyra siffror inom citattecken, till exempel "1287"',
    _CHECKSUM: "Skriv minst åtta tecken av definitionens kontrollsumma, inom citattecken",
}
"""What to write instead, for each pattern that a text must match."""

Name = Annotated[str, Field(pattern=_NAME)]
Text = Annotated[str, Field(min_length=1, max_length=1500)]
Expression = Annotated[str, Field(min_length=1, max_length=1000)]
Names = Annotated[list[Name], Field(min_length=1)]
Level = Literal["region", "delregional", "municipality", "board", "administration", "unit"]
Day = date
Month = Annotated[str, Field(pattern=MONTH)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Parameters = dict[Name, Annotated[int, Field(ge=0, le=10_000)]]


def _help(text: str, **more: Any) -> Any:
    return Field(description=text, **more)


def _kind() -> Any:
    return _help("Slaget: hur nyckeltalet räknas.")


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# --- the header ------------------------------------------------------------


class UnlessEntry(_Closed):
    """Utelämnar rader som finns för sig i en annan leverans."""

    dataset: Name = _help("Leveransen som i så fall gäller.")
    on: Names = _help("Kolumnerna som binder ihop raderna.")
    where: Expression | None = _help("Bara rader som uppfyller villkoret räknas som att de finns.", default=None)


class BranchEntry(_Closed):
    """En del av en union."""

    dataset: Name = _help("Leveransen som raderna hämtas ur.", alias="from")
    where: Expression | None = _help("Vilka rader som tas med.", default=None)
    unless: UnlessEntry | None = _help("Utelämnar rader som en annan leverans har för sig.", default=None)
    take: dict[Name, Expression] | None = _help(
        "Kolumnerna: nytt namn och uttryck. Alla, när det utelämnas.", default=None
    )
    each: dict[Name, Names] | None = _help(
        "En rad per ifyllt datum: nytt kolumnnamn och datumkolumnerna.", default=None, max_length=1
    )


class JoinEntry(_Closed):
    """Kolumner ur ett annat underlag."""

    on: Names = _help("Kolumnerna som binder ihop raderna; de ska skilja det andra underlagets rader åt.")
    take: dict[Name, Expression] = _help("Kolumnerna: nytt namn och uttryck.")


class NeighbourEntry(_Closed):
    """Närmast tidigare eller senare dag bland rader av samma slag."""

    day: Name = _help("Kolumnen med dagen.")
    by: Names = _help("Raderna ska ha samma värden i de här kolumnerna.")


class FactEntry(_Closed):
    """Ett underlag: vad som räknas, som en fråga över leveransernas rader."""

    title: Text = _help("Vad raderna är, i löpande text.")
    key: Names | None = _help("Kolumnerna som binder ihop rader som ändras tillsammans.", default=None)
    dataset: Name | None = _help("Leveransen som raderna hämtas ur.", default=None, alias="from")
    where: Expression | None = _help("Vilka rader som tas med.", default=None)
    take: dict[Name, Expression] | None = _help("Kolumnerna: nytt namn och uttryck.", default=None)
    union: Annotated[list[BranchEntry], Field(min_length=2)] | None = _help("Rader ur flera leveranser.", default=None)
    by: Names | None = _help("En rad per värde i de här kolumnerna.", default=None)
    min: dict[Name, Expression] = _help("Minsta värdet i gruppen.", default={})
    max: dict[Name, Expression] = _help("Största värdet i gruppen.", default={})
    any: dict[Name, Expression] = _help("Om villkoret gäller någon rad i gruppen.", default={})
    every: dict[Name, Expression] = _help("Om villkoret gäller varje rad i gruppen.", default={})
    join: dict[Name, JoinEntry] = _help("Hämtar kolumner ur underlag som står ovanför.", default={})
    first_of: dict[Name, Names] = _help("Ny kolumn: den första av kolumnerna som är ifylld.", default={})
    keep: Expression | None = _help(
        "Bara rader som uppfyller villkoret blir kvar, innan ”previous” och ”next” söker grannar.", default=None
    )
    previous: dict[Name, NeighbourEntry] = _help(
        "Ny kolumn: närmast tidigare dag bland rader av samma slag.", default={}
    )
    next: dict[Name, NeighbourEntry] = _help("Ny kolumn: närmast senare dag bland rader av samma slag.", default={})
    unit: Name | Names | None = _help(
        "Kolumnen som placerar raden i organisationen. Av flera gäller den första som är ifylld; municipality_code "
        "står för kommunens egen enhet. Utelämnas för ett underlag som bara andra hämtar ur.",
        default=None,
    )


class ExitEntry(_Closed):
    """En dag då raden slutar vara aktiv, om villkoret gäller."""

    day: Expression = _help("Dagen.")
    where: Expression | None = _help("Dagen gäller bara rader som uppfyller villkoret.", default=None)


class SpanEntry(_Closed):
    """Från vilken dag till vilken en rad är aktiv: för bestånd."""

    fact: Name = _help("Underlaget.")
    where: Expression | None = _help("Vilka rader som alls kan vara aktiva.", default=None)
    start: Expression | Annotated[list[Expression], Field(min_length=2)] = _help(
        "Första dagen. Av flera gäller den senaste; saknas någon blir raden aldrig aktiv.", alias="from"
    )
    until: list[Expression | ExitEntry] = _help(
        "Dagar då raden inte längre är aktiv; den första gäller. Utan någon upphör den aldrig.", default=[]
    )
    parameters: Parameters = _help("Tal som läsaren ska se.", default={})


class RetiredEntry(_Closed):
    """Ett nyckeltal som har tagits bort ur filen. Dess id används aldrig igen och historiken finns kvar."""

    on: date = _help("Dagen det togs bort.")
    why: Text = _help("Varför.")


# --- the figures -----------------------------------------------------------


class DecisionEntry(_Closed):
    """Nämndens beslut."""

    date: Day = _help("Beslutets dag.")
    paragraph: Text = _help("Paragraf i protokollet, till exempel ”§ 45”.")
    dnr: Text = _help("Diarienummer.")


class TargetEntry(_Closed):
    """En målnivå. Utan beslut visas den som föreslagen och räknas aldrig som missad."""

    first: Month = _help("Från och med månaden.", alias="from")
    at_least: Number | None = _help("Minst. En andel skrivs 0–1: 0.9 är 90 %.", default=None)
    at_most: Number | None = _help("Högst. En andel skrivs 0–1.", default=None)
    near: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = _help(
        "Hur långt från målet som räknas som nära.", default=None
    )
    board: Text | None = _help("Gäller bara nämnden med den koden.", default=None)
    municipality: Annotated[str, Field(pattern=_MUNICIPALITY)] | None = _help("Gäller bara kommunen.", default=None)
    decision: DecisionEntry | None = _help("Beslutet bakom målet.", default=None)


class RebaseEntry(_Closed):
    """En månad från vilken styrdiagrammets vanliga nivå räknas på nytt, av ett känt skäl."""

    first: Month = _help("Från och med månaden.", alias="from")
    note: Text = _help("Skälet, som läsaren ser: ny rutin, ny organisation, en åtgärd som fått effekt.")
    board: Text | None = _help("Gäller bara nämnden med den koden.", default=None)
    municipality: Annotated[str, Field(pattern=_MUNICIPALITY)] | None = _help("Gäller bara kommunen.", default=None)


class AuditEntry(_Closed):
    """Revisionens iakttagelse som nyckeltalet svarar mot."""

    report: Text = _help("Revisionsrapporten: vilken och från vilket år.")
    section: Text = _help("Avsnittet. Ett nummer skrivs inom citattecken.")
    gist: Text = _help("Vad revisionen skriver, kort och med egna ord.")


class FigureCommon(_Closed):
    """What every figure says, whatever its kind."""

    name: Text = _help("Namnet som läsaren ser.")
    why: Text = _help("Varför nyckeltalet spelar roll, på vanlig svenska.")
    description: Text = _help("Så räknas det, även val och antaganden.")
    period: Literal["month", "tertial", "year"] = _help("Periodens längd.")
    smallest_level: Level = _help("Den minsta nivån; alla nivåer ovanför räknas också.")
    unit: Literal[
        "count", "percent", "per_100", "per_1000", "days", "points", "percent_as_given", "level", "answer"
    ] = _help(
        "Hur värdet skrivs: antal, procent, per 100, per 1 000, dagar, procentenheter, källans procent, nivå, svar."
    )
    decimals: Annotated[int, Field(ge=0, le=3)] = _help("Antal decimaler som visas.")
    direction: Literal["increase", "decrease", "neutral", "toward_zero"] = _help("Vilken riktning som är bra.")
    control: Literal["own", "shared", "counterpart"] = _help("Rådighet: egen, delad eller motpartens.")
    release_class: Literal["open", "process", "person"] = _help("Vad som får lämna nämnden.")
    audit: AuditEntry = _help("Vad revisionen har sett, som nyckeltalet svarar mot.")
    audit_question: Annotated[int, Field(ge=1, le=4)] = _help("Vilken av revisionens fyra frågor det svarar på.")
    areas: Annotated[list[Literal["social", "education"]], Field(min_length=1)] = _help("Nämndernas områden.")
    owner_role: Text = _help("Rollen som äger nyckeltalet, aldrig en person.")
    minimum_cases: Annotated[int, Field(ge=0)] = _help("Färre fall än så bedöms inte.", default=0)
    parameters: Parameters = _help("Tal som uttrycken använder och läsaren ska se.", default={})
    targets: list[TargetEntry] = _help("Målnivåer, en per tidpunkt och nämnd.", default=[])
    watch: TargetEntry | None = _help("Bevakningsnivå, för det som motparten styr.", default=None)
    beside: Names | None = _help("Nyckeltal som visas bredvid, till exempel vårt eget beteende.", default=None)
    chart: Literal["auto", "xmr", "p", "pp", "u", "up", "c", "g", "t", "i", "mr", "run"] = _help(
        "Styrdiagram; auto väljer efter uppgifterna.", default="auto"
    )
    rebases: list[RebaseEntry] = _help("Månader från vilka styrdiagrammets vanliga nivå räknas på nytt.", default=[])
    checked_by: Text | None = _help("Rollen som har granskat nyckeltalet.", default=None)
    reviewed_on: date | None = _help("När det granskades.", default=None)
    reviewed_meaning: Annotated[str, Field(pattern=_CHECKSUM)] | None = _help(
        "Början av definitionens kontrollsumma vid granskningen; ändras betydelsen gäller granskningen inte längre.",
        default=None,
    )
    next_review: date | None = _help("När det ska ses över nästa gång.", default=None)
    valid_from: Month | None = _help("Visas från och med månaden.", default=None)
    valid_to: Month | None = _help("Visas till och med månaden.", default=None)


class CountedEntry(FigureCommon):
    """What is counted from a fact's rows, each on a day."""

    fact: Name = _help("Underlaget: vad som räknas.")
    by: Expression = _help("Datumet som bestämmer perioden: en kolumn, eller en kolumn ± ett antal dagar.")
    due: Expression | None = _help(
        "Raden räknas först när den här dagen har passerat; annars gäller ”by”.", default=None
    )
    rolling: Literal[3, 12] | None = _help("Värdet gäller så många månader bakåt från periodens slut.", default=None)


class CountEntry(CountedEntry):
    """Antal rader, eller summan av en kolumn."""

    kind: Literal["count"] = _kind()
    where: Expression | None = _help("Vilka rader som räknas.", default=None)
    sum: Name | None = _help("Kolumnen som summeras i stället för att raderna räknas.", default=None)
    split: Names | None = _help("Delas upp efter de här kolumnerna.", default=None)


class FlowEntry(CountedEntry):
    """Antal från en aktör till en annan."""

    kind: Literal["flow"] = _kind()
    where: Expression | None = _help("Vilka rader som räknas.", default=None)
    sum: Name | None = _help("Kolumnen som summeras.", default=None)
    split: Annotated[list[Name], Field(min_length=2, max_length=2)] = _help("Kolumnerna från och till.")


class RatioEntry(CountedEntry):
    """En andel: täljaren av nämnaren."""

    kind: Literal["ratio"] = _kind()
    denominator: Expression | None = _help(
        "Nämnaren: vilka rader andelen gäller. Alla, när den utelämnas.", default=None
    )
    numerator: Expression = _help("Täljaren: vilka av nämnarens rader som räknas, eller talet som raden bidrar med.")
    sum: Name | None = _help("Kolumnen som varje rad räknas som, i stället för 1.", default=None)
    last_of: Names | None = _help("Bara periodens sista rad för de här kolumnerna räknas.", default=None)
    split: Names | None = _help("Delas upp efter de här kolumnerna.", default=None)


class RecurringEntry(CountedEntry):
    """Andelen som hade en tidigare av samma slag kort före."""

    kind: Literal["recurring"] = _kind()
    where: Expression | None = _help("Vilka rader som räknas.", default=None)
    previous: Name = _help("Underlagets kolumn med närmast tidigare dag av samma slag.")
    within_months: Name = _help("Parametern som säger hur många månader tillbaka som räknas.")


class DistributionEntry(CountedEntry):
    """Svar på en skala: andelen goda svar, och hur svaren fördelar sig."""

    kind: Literal["distribution"] = _kind()
    where: Expression | None = _help("Vilka svar som räknas.", default=None)
    scale: Name = _help("Kolumnen med svaret.")
    good: Names = _help("Svaren som räknas i täljaren.")
    sum: Name | None = _help("Kolumnen med antalet svar.", default=None)


class GapEntry(CountedEntry):
    """Skillnaden i procentenheter mellan två gruppers andelar."""

    kind: Literal["gap"] = _kind()
    denominator: Expression | None = _help("Nämnaren, gemensam för grupperna.", default=None)
    numerator: Expression = _help("Täljaren, gemensam för grupperna.")
    group: Expression = _help("Den grupp vars andel är först.")
    other: Expression = _help("Den grupp vars andel dras ifrån.")
    same: Name | None = _help("Jämför bara värden i kolumnen som finns i båda grupperna.", default=None)
    sum: Name | None = _help("Kolumnen som varje rad räknas som.", default=None)


class RateEntry(CountedEntry):
    """Antal per barn i kommunen, eller per aktiva."""

    kind: Literal["rate_per"] = _kind()
    where: Expression | None = _help("Vilka rader som räknas.", default=None)
    per: Literal[100, 1000] = _help("Per hur många: 100 eller 1000.")
    sum: Name | None = _help("Kolumnen som summeras i stället för att raderna räknas.", default=None)
    population: Name = _help(
        "Vad antalet delas med: children (kommunens barn 0–17 år) eller ett av filens bestånd (spans)."
    )


class MedianEntry(CountedEntry):
    """Det mittersta värdet."""

    kind: Literal["median"] = _kind()
    where: Expression | None = _help("Vilka rader som räknas.", default=None)
    value: Expression = _help("Talet, till exempel days between initiated_on and met_on.")


class PercentileEntry(CountedEntry):
    """Värdet som så många procent av raderna ligger under."""

    kind: Literal["percentile"] = _kind()
    where: Expression | None = _help("Vilka rader som räknas.", default=None)
    value: Expression = _help("Talet.")
    percentile: Annotated[int, Field(ge=1, le=99)] = _help("Till exempel 90.")


class DistinctEntry(CountedEntry):
    """Antal olika värden i en kolumn; eller andelen enheter med eller utan någon rad."""

    kind: Literal["distinct"] = _kind()
    where: Expression | None = _help("Vilka rader som räknas.", default=None)
    distinct: Name = _help("Kolumnen.")
    among: Literal["units"] | None = _help(
        "Med units blir det en andel av alla enheter som finns vid periodens slut.", default=None
    )
    count: Literal["with", "without"] | None = _help(
        "Enheterna som har någon rad, eller de som inte har.", default=None
    )


class StockEntry(FigureCommon):
    """Bestånd på periodens sista dag, eller en andel av det."""

    kind: Literal["stock"] = _kind()
    span: Name = _help("Beståndet ur filens spans.")
    where: Expression | None = _help("Bara de rader i beståndet som uppfyller villkoret.", default=None)
    numerator: Expression | None = _help("Täljaren, när nyckeltalet är en andel av beståndet.", default=None)
    numerator_span: Name | None = _help("Täljaren som ett eget bestånd.", default=None)


class LevelEntry(CountedEntry):
    """Den senaste bedömda nivån på varje plats, som den är: inget räknas ihop."""

    kind: Literal["level"] = _kind()
    where: Expression | None = _help("Vilka bedömningar som visas.", default=None)
    grade: Name = _help("Kolumnen med nivån, ett tal.")
    split: Names | None = _help("Delas upp efter de här kolumnerna.", default=None)


class ContextEntry(FigureCommon):
    """Andras statistik, som den är."""

    kind: Literal["context"] = _kind()
    source: Literal["Kolada"] = _help("Källan.")
    series: Annotated[dict[str, Text], Field(min_length=1)] = _help("Källans id och vad serien är.")


FigureEntry = Annotated[
    CountEntry | FlowEntry | RatioEntry | RecurringEntry | DistributionEntry | GapEntry | RateEntry | MedianEntry
    | PercentileEntry | DistinctEntry | StockEntry | LevelEntry | ContextEntry,
    Field(discriminator="kind"),
]  # fmt: skip


class Document(_Closed):
    """Vad varje nyckeltal betyder."""

    facts: dict[Name, FactEntry] = _help("Underlag: vad som kan räknas.")
    conditions: dict[Name, Expression] = _help("Villkor som betyder samma sak överallt.", default={}, max_length=100)
    spans: dict[Name, SpanEntry] = _help("Bestånd: från vilken dag till vilken något är aktivt.", default={})
    figures: dict[Name, FigureEntry] = _help("Nyckeltalen.")
    retired: dict[Name, RetiredEntry] = _help("Borttagna nyckeltal, vars id aldrig används igen.", default={})
