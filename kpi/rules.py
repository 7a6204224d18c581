"""What a definitions file must keep to beyond its form: one rule per function, each of which tells all that break it.

Keys, types, spellings and positions are the edge's (`kpi.source`, `kpi.schema`), names and types in expressions the
builders' (`kpi.build_facts`, `kpi.build_figure`). A rule yields (path in the file, Swedish sentence, offset into the
value or None). `RULES` refuse the file; `WARNINGS` do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from kpi.boundaries import is_about_the_organisation, places_units, stays_within, ties_of
from kpi.definition import Catalogue, Measure, Part
from kpi.possible import is_always, is_possible
from kpi.schema import (
    AssessmentEntry,
    DistinctEntry,
    Document,
    FigureCommon,
    FigureEntry,
    RateEntry,
    StockEntry,
    TargetEntry,
)
from kpi.tokens import suggestion
from kpi.tree import And, Type
from kpi.yaml_tree import Path as KeyPath

Broken = tuple[KeyPath, str, int | None]


@dataclass(frozen=True)
class Matter:
    """What is judged. `boards`: municipality by board code, None when no warehouse tells; `is_whole`: nothing was
    left out for its problems, so that what is missing really is."""

    document: Document
    catalogue: Catalogue
    boards: Mapping[str, str] | None
    today: date
    is_whole: bool


_REMOVE = " Ta bort hänvisningen"
_ORGANISATION = " Skriv koden som den står i den levererade organisationen"
_MOST_BOARDS = 10
_OPPOSITE = {"at_least": "at_most", "at_most": "at_least"}
_UNITS: Mapping[str, tuple[str, ...]] = {
    "count": ("count",), "flow": ("count",), "ratio": ("percent",), "recurring": ("percent",),
    "distribution": ("percent",), "gap": ("points",), "median": ("days", "count"), "percentile": ("days", "count"),
    "process": ("percent",),
}  # fmt: skip
"""How a kind's value can be written; context is as its source gives it."""
_TEXTS = {"why", "description", "title", "gist", "conditions"}
Rule = Callable[[Matter], Iterator[Broken]]


# --- ids -------------------------------------------------------------------


def retired_ids_are_not_used_again(matter: Matter) -> Iterator[Broken]:
    """An id means one thing for ever: stored values and papers name it."""
    for id_ in matter.document.figures.keys() & matter.document.retired.keys():
        remedy = "Ta bort stycket under figures, eller välj ett annat id"
        yield ("figures", id_), f"{id_} står under retired och id:t används inte igen. {remedy}", None


def references_are_to_living_figures(matter: Matter) -> Iterator[Broken]:
    """`beside` names figures that are in the file and still hold."""
    document = matter.document
    for id_, figure in document.figures.items():
        for at, other in enumerate(figure.beside or ()):
            path: KeyPath = ("figures", id_, "beside", at)
            if other in document.retired:
                yield path, f"{id_} hänvisar till {other}, som är borttaget. Ta bort hänvisningen", None
            elif other not in document.figures and matter.is_whole:
                near = suggestion(other, list(document.figures))
                yield path, f"{id_} hänvisar till ”{other}”, som inte finns.{near or _REMOVE}", None
            elif other == id_:
                yield path, f"{id_} hänvisar till sig självt. Ta bort hänvisningen", None
            elif other in document.figures and _ended(document.figures[other], matter.today):
                yield path, f"{id_} hänvisar till {other}, som inte längre gäller (valid_to).{_REMOVE}", None


def conditions_are_used(matter: Matter) -> Iterator[Broken]:
    """A named condition that nothing names is a leftover, or a misspelling elsewhere."""
    document = matter.document
    if not matter.is_whole:
        return
    words = {word for text in (*_expressions(document.model_dump()), *document.conditions.values())
             for word in re.findall(r"\w+", text)}  # fmt: skip
    for name in sorted(document.conditions.keys() - words):
        yield ("conditions", name), f"villkoret {name} används aldrig. Ta bort det eller använd det", None


def _expressions(value: object) -> Iterator[str]:
    """Every text of the file that may hold a condition."""
    if isinstance(value, str):
        yield value
    parts = [part for key, part in value.items() if key not in _TEXTS] if isinstance(value, dict) else value
    for part in parts if isinstance(parts, list) else ():
        yield from _expressions(part)


def groups_are_split_only(matter: Matter) -> Iterator[Broken]:
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


# --- shares ----------------------------------------------------------------


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
            return (f"per_{figure.per}",) if figure.per in (100, 1000) else ()
        case AssessmentEntry():
            return ("level",) if figure.scale == "maturity" else ("answer",)
    return _UNITS.get(figure.kind, ())


# --- targets ---------------------------------------------------------------


def targets_lie_on_the_right_side(matter: Matter) -> Iterator[Broken]:
    """High is good → at least; low is good or nearest zero → at most; neutral figures have no target."""
    wrong = {"increase": "at_most", "decrease": "at_least", "toward_zero": "at_least"}
    for id_, figure in matter.document.figures.items():
        for path, target in _lines(id_, figure):
            side = wrong.get(figure.direction)
            if side is not None and getattr(target, side) is not None:
                yield (*path, side), (f"målet i {id_} ligger på fel sida: riktningen är {figure.direction} men målet "
                                      f"{side}. Byt till {_OPPOSITE[side]}, eller rätta direction"), None  # fmt: skip
            if figure.direction == "neutral":
                remedy = "Ange vilket håll som är bra, eller ta bort målet"
                yield path, f"{id_} har ett mål men riktningen neutral. {remedy}", None


def targets_do_not_overlap(matter: Matter) -> Iterator[Broken]:
    """Two lines may not begin in the same month for the same board and municipality."""
    for id_, figure in matter.document.figures.items():
        for (one_at, one), (at, other) in combinations(enumerate(figure.targets), 2):
            if (one.first, one.board, one.municipality) == (other.first, other.board, other.municipality):
                same = f"samma månad som mål nummer {one_at + 1} och gäller samma nämnd och kommun"
                yield ("figures", id_, "targets", at), f"målet i {id_} börjar {same}. Ta bort det ena", None


def shares_have_targets_between_0_and_1(matter: Matter) -> Iterator[Broken]:
    """90 per cent is written 0.9."""
    for id_, figure in matter.document.figures.items():
        if figure.unit not in ("percent", "points"):
            continue
        for path, target in _lines(id_, figure):
            level = target.at_least if target.at_least is not None else target.at_most
            side = "at_least" if target.at_least is not None else "at_most"
            if level is not None and not 0 <= level <= 1:
                example = f"{level:g} % skrivs {level / 100:g}" if 1 < level <= 100 else "90 % skrivs 0.9"
                yield (*path, side), f"målet i {id_} är {level:g}, men en andel skrivs 0–1: {example}", 0


def boards_of_targets_are_known(matter: Matter) -> Iterator[Broken]:
    """A target's board is one of the delivered organisation's, and its municipality has boards."""
    if matter.boards is None:
        return
    municipalities = set(matter.boards.values())
    for id_, figure in matter.document.figures.items():
        for path, target in _lines(id_, figure):
            if target.board is not None and target.board not in matter.boards:
                near = suggestion(target.board, list(matter.boards)) or _ORGANISATION
                if 0 < len(matter.boards) <= _MOST_BOARDS:
                    near += f"{'' if near.endswith('?') else '.'} Nämnderna är: {', '.join(sorted(matter.boards))}"
                told = f"målet i {id_} gäller nämnden ”{target.board}”, som inte finns.{near}"
                yield (*path, "board"), told, 0
            if target.municipality is not None and target.municipality not in municipalities:
                near = suggestion(target.municipality, list(municipalities))
                told = f"målet i {id_} gäller kommunen {target.municipality}, som inte finns.{near or _ORGANISATION}"
                yield (*path, "municipality"), told, 0


def counterparts_are_watched(matter: Matter) -> Iterator[Broken]:
    """A counterpart's figure has a watch level and no target; every other figure the reverse."""
    for id_, figure in matter.document.figures.items():
        if figure.control == "counterpart" and figure.targets:
            told = "styrs av motparten och har ”watch” i stället för mål. Byt ”targets” mot ”watch”, utan streck"
            yield ("figures", id_, "targets"), f"{id_} {told}", None
        if figure.control != "counterpart" and figure.watch:
            told = "styrs inte av motparten och har ”targets” i stället för ”watch”. Byt nyckel"
            yield ("figures", id_, "watch"), f"{id_} {told}", None


# --- time ------------------------------------------------------------------


def validity_goes_forwards(matter: Matter) -> Iterator[Broken]:
    """A figure begins to hold before it ends."""
    for id_, figure in matter.document.figures.items():
        if figure.valid_from and figure.valid_to and figure.valid_to < figure.valid_from:
            told = f"slutar gälla ({figure.valid_to}) innan det börjar ({figure.valid_from}). Rätta den ena månaden"
            yield ("figures", id_, "valid_to"), f"{id_} {told}", None


def reviews_are_not_overdue(matter: Matter) -> Iterator[Broken]:
    """A warning: the day to look at the figure again has passed."""
    for id_, figure in matter.document.figures.items():
        if figure.next_review is not None and figure.next_review < matter.today:
            told = f"skulle ha setts över senast {figure.next_review}. Se över det och flytta fram next_review"
            yield ("figures", id_, "next_review"), f"{id_} {told}", None


def reviews_are_of_what_it_means_now(matter: Matter) -> Iterator[Broken]:
    """A warning: the figure was checked before its meaning changed."""
    for id_, definition in matter.catalogue.definitions.items():
        if definition.review is not None and not definition.is_reviewed:
            told = "granskades i en annan lydelse och räknas inte längre som granskat. Granska det igen; kontrollsumman"
            yield ("figures", id_, "reviewed_meaning"), f"{id_} {told} är nu {definition.definition_hash[:12]}", None


def names_differ(matter: Matter) -> Iterator[Broken]:
    """A warning: readers cannot tell two figures of the same name apart."""
    first: dict[str, str] = {}
    for id_, figure in matter.document.figures.items():
        if _ended(figure, matter.today):
            continue
        other = first.setdefault(figure.name.strip().casefold(), id_)
        if other != id_:
            yield ("figures", id_, "name"), f"{id_} har samma namn som {other}. Ge det ena ett annat namn", 0


def decisions_have_been_made(matter: Matter) -> Iterator[Broken]:
    """A warning: a decision dated after today is a misspelling, or a target that is still proposed."""
    for id_, figure in matter.document.figures.items():
        for path, target in _lines(id_, figure):
            if target.decision is not None and target.decision.date > matter.today:
                told = f"målet i {id_} har ett beslut daterat {target.decision.date}, som ännu inte har varit"
                yield (*path, "decision", "date"), f"{told}. Rätta dagen, eller vänta med decision", 0


def _lines(id_: str, figure: FigureCommon) -> Iterator[tuple[KeyPath, TargetEntry]]:
    for at, target in enumerate(figure.targets):
        yield ("figures", id_, "targets", at), target
    if figure.watch is not None:
        yield ("figures", id_, "watch"), figure.watch


def _ended(figure: FigureCommon, today: date) -> bool:
    return figure.valid_to is not None and figure.valid_to < f"{today:%Y-%m}"


# --- boundaries ------------------------------------------------------------


def facts_stay_within_one_board(matter: Matter) -> Iterator[Broken]:
    """Rows are put together within one municipality, and one plan, row or unit: never across boards."""
    for fact in matter.catalogue.facts.values():
        for path, by in ties_of(fact):
            if not stays_within(fact, by):
                message = (
                    f"underlaget {fact.name} för ihop rader över nämndgränser. Ta med municipality_code och det som "
                    "skiljer planer eller enheter åt, till exempel sip_id eller unit_code"
                )
                yield path, message, None


def facts_are_placed_by_units(matter: Matter) -> Iterator[Broken]:
    """A fact's rows are placed by a unit's code, not by a day or an answer."""
    for fact in matter.catalogue.facts.values():
        if not places_units(fact):
            reason = "placeras med en kolumn som inte är en enhets kod. Skriv till exempel unit_code"
            yield ("facts", fact.name, "unit"), f"underlaget {fact.name} {reason}", None


def open_figures_are_about_the_organisation(matter: Matter) -> Iterator[Broken]:
    """What anybody may read tells of agreements, meetings and training, or of the product's own control, never of
    children."""
    for id_, definition in matter.catalogue.definitions.items():
        facts = [matter.catalogue.facts[one.fact] for one in definition.meaning.measures]
        if definition.release_class == "open" and not all(map(is_about_the_organisation, facts)):
            message = f"{id_} är open men räknar rader om barn eller avvikelser. Skriv process eller person"
            yield ("figures", id_, "release_class"), message, None


RULES: tuple[Rule, ...] = (
    facts_stay_within_one_board,
    facts_are_placed_by_units,
    open_figures_are_about_the_organisation,
    retired_ids_are_not_used_again,
    references_are_to_living_figures,
    conditions_are_used,
    groups_are_split_only,
    numerators_are_parts_of_denominators,
    units_fit_kinds,
    targets_lie_on_the_right_side,
    targets_do_not_overlap,
    shares_have_targets_between_0_and_1,
    boards_of_targets_are_known,
    counterparts_are_watched,
    validity_goes_forwards,
)
WARNINGS: tuple[Rule, ...] = (
    reviews_are_not_overdue,
    reviews_are_of_what_it_means_now,
    names_differ,
    decisions_have_been_made,
)
