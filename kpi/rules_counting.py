"""What a figure may count, and of what it may be a share; rules as in `kpi.rules`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpi.definition import Measure, Part, Span
from kpi.matter import Broken, Matter
from kpi.possible import is_always, is_possible
from kpi.schema import (
    CountEntry,
    DistinctEntry,
    DistributionEntry,
    FigureEntry,
    FlowEntry,
    GapEntry,
    RateEntry,
    RatioEntry,
    StockEntry,
)
from kpi.tree import And, Column, Node, Type
from kpi.yaml_tree import Path as KeyPath
from warehouse.contract import DATASETS

_UNITS: Mapping[str, tuple[str, ...]] = {
    "count": ("count",), "flow": ("count",), "ratio": ("percent",), "recurring": ("percent",),
    "distribution": ("percent",), "gap": ("points",), "median": ("days", "count"), "percentile": ("days", "count"),
    "level": ("level", "answer"),
}  # fmt: skip
"""How a kind's value can be written; context is as its source gives it."""
_PARTS = {("trained", "staff"), ("contacted", "referred"), ("lost", "referred")}
"""A row's numbers that are a part of another of its numbers."""
_SUMMING = CountEntry | FlowEntry | RatioEntry | DistributionEntry | GapEntry | RateEntry
"""The kinds that can sum a number instead of counting rows."""


def splits_are_codes(matter: Matter) -> Iterator[Broken]:
    """What a column is split by has few values: codes, not days or texts."""
    for id_, definition in matter.catalogue.definitions.items():
        for measure in definition.meaning.measures[:1]:
            columns = dict(matter.catalogue.facts[measure.fact].columns)
            for at, name in enumerate(definition.split):
                if name in columns and columns[name].type not in (Type.CODE, Type.BOOLEAN):
                    yield (
                        ("figures", id_, "split", at),
                        f"{id_} delas efter ”{name}”, som inte är en kod. Välj en annan kolumn",
                        0,
                    )


def numerators_are_parts_of_denominators(matter: Matter) -> Iterator[Broken]:
    """A ratio's numerator counts among its denominator's rows: some of them, and not always all."""
    for id_, definition in matter.catalogue.definitions.items():
        for measure in definition.meaning.measures:
            if measure.adds is not Part.BOTH or measure.numerator is None or measure.numerator.type.type is Type.NUMBER:
                continue
            path: KeyPath = ("figures", id_, "numerator")
            counted = _counted(measure)
            both = measure.numerator if counted is None else And(counted, measure.numerator)
            if not is_possible(both):
                yield path, f"täljaren i {id_} är ingen del av nämnaren: ingen rad kan uppfylla båda. Rätta det ena", 0
            elif is_always(measure.numerator, given=counted):
                yield (
                    path,
                    f"täljaren i {id_} gäller varje rad i nämnaren, så andelen är alltid 100 %. Gör täljaren snävare",
                    0,
                )


def _counted(measure: Measure) -> And | None:
    nodes = [one for one in (measure.where, measure.span.where if measure.span else None) if one is not None]
    if not nodes:
        return None
    return And(nodes[0], nodes[-1])


def units_fit_kinds(matter: Matter) -> Iterator[Broken]:
    """A share is written in per cent, a number of rows as a number; others' statistics as they are."""
    for id_, figure in matter.document.figures.items():
        fitting = _fitting_units(figure)
        if fitting and figure.unit not in fitting:
            told = f"{figure.kind} skrivs i {figure.unit}, som inte passar slaget. Skriv {' eller '.join(fitting)}"
            yield ("figures", id_, "unit"), f"{id_} av slaget {told}", 0


def _fitting_units(figure: FigureEntry) -> tuple[str, ...]:
    match figure:
        case StockEntry():
            return ("percent",) if figure.numerator or figure.numerator_span else ("count",)
        case DistinctEntry():
            return ("percent",) if figure.among else ("count",)
        case RateEntry():
            return (f"per_{figure.per}",)
    return _UNITS.get(figure.kind, ())


def sums_and_numerators_belong_together(matter: Matter) -> Iterator[Broken]:
    """A number that is divided by another of the row is a part of it: some trained of all staff."""
    for id_, definition in matter.catalogue.definitions.items():
        for measure in definition.meaning.measures[:1]:
            part, whole = measure.numerator, measure.amount
            if part is None or part.type.type is not Type.NUMBER or not isinstance(whole, Column):
                continue
            if not isinstance(part, Column) or (part.name, whole.name) not in _PARTS:
                known = ", ".join(f"{one} av {other}" for one, other in sorted(_PARTS))
                told = f"täljaren i {id_} är ett tal som inte är en del av {whole.name}. De som är det: {known}"
                yield ("figures", id_, "numerator"), told, 0


def shares_of_stocks_are_parts(matter: Matter) -> Iterator[Broken]:
    """What stands in the numerator also stands in the denominator, and at most once."""
    for id_, definition in matter.catalogue.definitions.items():
        measures = definition.meaning.measures
        spans = [one.span for one in measures if one.span is not None]
        if not definition.meaning.is_stock or len(spans) < 2:
            continue
        where = measures[0].where
        if where is not None and (spans[0].fact != spans[1].fact or not _can_hold(where, spans[1])):
            told = f"{id_} har ett ”where” som täljarens bestånd {spans[1].name} inte kan uppfylla. Ändra det ena"
            yield ("figures", id_, "where"), told, 0
        elif not _is_within(spans[1], spans[0], matter):
            told = (
                f"{id_} delar beståndet {spans[1].name} med {spans[0].name}, som det inte är en del av. Täljaren ska "
                "börja tidigast samma dag, sluta senast samma dag och vara en annan"
            )
            yield ("figures", id_, "numerator_span"), told, 0


def _can_hold(where: Node, span: Span) -> bool:
    return span.where is None or is_possible(And(where, span.where))


def _is_within(part: Span, whole: Span, matter: Matter) -> bool:
    if part.fact == whole.fact:
        narrows = whole.where is None or (part.where is not None and is_always(whole.where, given=part.where))
        ends, starts = set(whole.ends) <= set(part.ends), set(whole.starts) <= set(part.starts)
        return part.name != whole.name and narrows and ends and starts
    fact = matter.catalogue.facts[part.fact]
    nearest = {one.name for one in fact.neighbours if one.is_later}
    is_joined = whole.fact in {join.fact for join in fact.joins}
    return is_joined and any(isinstance(end.day, Column) and end.day.name in nearest for end in part.ends)


def answers_can_be_bad(matter: Matter) -> Iterator[Broken]:
    """Some answer is not a good one."""
    for id_, figure in matter.document.figures.items():
        if isinstance(figure, DistributionEntry) and figure.fact in matter.catalogue.facts:
            columns = dict(matter.catalogue.facts[figure.fact].columns)
            codes = columns[figure.scale].codes if figure.scale in columns else ()
            if codes and set(codes) <= set(figure.good):
                told = f"{id_} räknar alla svar som goda, så andelen är alltid 100 %. Ta bort de svar som inte är goda"
                yield ("figures", id_, "good"), told, None


def groups_differ(matter: Matter) -> Iterator[Broken]:
    """A gap is between two groups."""
    for id_, definition in matter.catalogue.definitions.items():
        groups = [one.where for one in definition.meaning.measures if one.side]
        if len(groups) == 2 and groups[0] == groups[1]:
            yield ("figures", id_, "other"), f"{id_} jämför en grupp med sig själv. Rätta group eller other", 0


def columns_are_split_once(matter: Matter) -> Iterator[Broken]:
    """A split names each column once."""
    for id_, definition in matter.catalogue.definitions.items():
        for at, name in enumerate(definition.split):
            if name in definition.split[:at]:
                yield ("figures", id_, "split", at), f"{id_} delas två gånger efter ”{name}”. Ta bort den ena", 0


def last_rows_are_of_one_period(matter: Matter) -> Iterator[Broken]:
    """The last row of each period cannot be summed over several: the same staff would count more than once."""
    for id_, definition in matter.catalogue.definitions.items():
        if definition.meaning.rolling and any(one.last_of for one in definition.meaning.measures):
            told = f"{id_} har både last_of och rolling, och skulle räkna samma rader flera gånger. Ta bort rolling"
            yield ("figures", id_, "rolling"), f"{told}, eller skriv period: year", None


def counts_are_summed(matter: Matter) -> Iterator[Broken]:
    """A warning: a row that stands for many is counted as one."""
    keys = {field.name for dataset in DATASETS.values() for field in dataset.fields if field.key}
    for id_, figure in matter.document.figures.items():
        if not isinstance(figure, _SUMMING) or figure.sum is not None or figure.fact not in matter.catalogue.facts:
            continue
        columns = matter.catalogue.facts[figure.fact].columns
        numbers = [name for name, type_ in columns if type_.type is Type.NUMBER and name not in keys]
        if numbers:
            told = f"{id_} räknar rader, men en rad i {figure.fact} kan stå för flera. Lägg till raden ”sum: …”"
            yield ("figures", id_, "fact"), f"{told} ({' eller '.join(numbers)})", 0
