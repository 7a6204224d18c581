"""What a definitions file must keep to beyond its form: one rule per function, each of which tells all that break it.

Keys, types, spellings and positions are the edge's (`kpi.source`, `kpi.schema`), names and types in expressions the
builders' (`kpi.build_facts`, `kpi.build_figure`). A rule yields (path in the file, Swedish sentence, offset into the
value or None). `RULES` refuse the file; `WARNINGS` do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from kpi import rules_counting, rules_targets
from kpi.boundaries import is_about_the_organisation, places_units, stays_within, ties_of
from kpi.matter import Broken, Matter, Rule
from kpi.schema import FigureCommon
from kpi.tokens import suggestion
from kpi.tree import type_of
from kpi.yaml_tree import Path as KeyPath
from warehouse.contract import DATASETS

_REMOVE = " Ta bort hänvisningen"
_TEXTS = {"why", "description", "title", "gist", "conditions"}


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
    if not matter.is_whole:
        return
    conditions = matter.document.conditions
    elsewhere = _words(_expressions(matter.document.model_dump()))
    for name in conditions:
        if name not in elsewhere | _words(text for other, text in conditions.items() if other != name):
            yield ("conditions", name), f"villkoret {name} används aldrig. Ta bort det eller använd det", None


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"\w+", text)}


def conditions_do_not_go_round(matter: Matter) -> Iterator[Broken]:
    """A condition that leads back to itself means nothing. One that a figure uses is told where it is built."""
    conditions = matter.document.conditions if matter.is_whole else {}
    leads_to = {name: _words([text]) & conditions.keys() for name, text in conditions.items()}
    told: set[str] = set()
    for name in conditions:
        met: set[str] = set()
        waiting = set(leads_to[name])
        while waiting:
            met |= waiting
            waiting = {further for one in waiting for further in leads_to[one]} - met
        if name in met - told:
            told |= met
            yield ("conditions", name), f"villkoret {name} leder tillbaka till sig självt. Skriv om det", None


def names_mean_one_thing(matter: Matter) -> Iterator[Broken]:
    """A condition or a parameter has no name that a column or a code has: the one would hide the other."""
    columns = {one for fact in matter.catalogue.facts.values() for one in fact.columns}
    columns |= {(field.name, type_of(field)) for dataset in DATASETS.values() for field in dataset.fields}
    taken = {name for name, _ in columns} | {code for _, type_ in columns for code in type_.codes}
    for name in matter.document.conditions:
        if name in taken:
            told = f"villkoret {name} heter som en kolumn eller en kod. Ge det ett eget namn"
            yield ("conditions", name), told, None
    for id_, figure in matter.document.figures.items():
        for name in figure.parameters:
            if name in taken or name in matter.document.conditions:
                told = f"parametern {name} i {id_} heter som en kolumn, en kod eller ett villkor. Ge den ett eget namn"
                yield ("figures", id_, "parameters", name), told, None


def _expressions(value: object) -> Iterator[str]:
    """Every text of the file that may hold a condition."""
    if isinstance(value, str):
        yield value
    parts = [part for key, part in value.items() if key not in _TEXTS] if isinstance(value, dict) else value
    for part in parts if isinstance(parts, list) else ():
        yield from _expressions(part)


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
    conditions_do_not_go_round,
    names_mean_one_thing,
    rules_counting.splits_are_codes,
    rules_counting.columns_are_split_once,
    rules_counting.numerators_are_parts_of_denominators,
    rules_counting.sums_and_numerators_belong_together,
    rules_counting.shares_of_stocks_are_parts,
    rules_counting.answers_can_be_bad,
    rules_counting.groups_differ,
    rules_counting.last_rows_are_of_one_period,
    rules_counting.units_fit_kinds,
    rules_targets.targets_lie_on_the_right_side,
    rules_targets.targets_do_not_overlap,
    rules_targets.rebases_differ,
    rules_targets.shares_have_targets_between_0_and_1,
    rules_targets.boards_of_targets_are_known,
    rules_targets.counterparts_are_watched,
    rules_targets.margins_are_in_the_values_unit,
    rules_targets.levels_can_be_reached,
    rules_targets.targets_have_one_address,
    validity_goes_forwards,
)
WARNINGS: tuple[Rule, ...] = (
    reviews_are_not_overdue,
    reviews_are_of_what_it_means_now,
    names_differ,
    rules_counting.counts_are_summed,
    rules_targets.decisions_have_been_made,
)
