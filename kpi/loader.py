"""kpi_definitions.yaml → a typed catalogue, or every problem with its line and column in Swedish.

catalogue = load_catalogue(settings.definitions)
catalogue.definitions["sip_established"].name
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from kpi.build_facts import build_fact, build_span, columns_of, fact_scope
from kpi.build_figure import build_definition
from kpi.build_meaning import Header
from kpi.definition import Catalogue, Definition, Fact, Span
from kpi.expression import parse_condition
from kpi.matter import Matter
from kpi.rules import RULES, WARNINGS
from kpi.schema import Document
from kpi.source import Source, SourceError
from kpi.tokens import ExpressionError, Scope, suggestion
from kpi.yaml_tree import Path as KeyPath
from kpi.yaml_tree import Problem
from warehouse import clock
from warehouse.contract import DATASETS
from warehouse.errors import UserError

_ENTRIES = ("facts", "conditions", "spans", "figures", "retired")
"""The file's headings, under which each entry is judged for itself."""


class DefinitionError(UserError):
    """The definitions file holds errors; the message has one line per problem: `file:line:column: sentence`."""

    def __init__(self, file_name: str, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(told(file_name, self.problems)))


def told(file_name: str, problems: tuple[Problem, ...]) -> tuple[str, ...]:
    """One line per problem: `file:line:column: sentence`."""
    return tuple(f"{file_name}:{one.line}:{one.column}: {_sentence(one.message)}" for one in problems)


def _sentence(message: str) -> str:
    return message if message.endswith((".", "?")) else f"{message}."


class Report:
    """Collects the problems met while a file is built."""

    def __init__(self, source: Source, mended: Collection[KeyPath] = ()) -> None:
        self._source = source
        self._mended = {path for path in mended if len(path) > 2}
        self._within: dict[str, list[tuple[ExpressionError, Problem]]] = {}
        self.problems: list[Problem] = list(source.tree.problems)

    def add(self, path: KeyPath, message: str, offset: int | None = None, cause: ExpressionError | None = None) -> None:
        """A problem with the value at the path; not with what only stands in for a faulty one."""
        if any(path[:end] in self._mended for end in range(3, len(path) + 1)):
            return
        problem = self._source.problem(path, message, offset)
        if cause is not None and cause.condition is not None:
            name, error = cause.condition
            self._within.setdefault(name, []).append((error, problem))
        else:
            self.problems.append(problem)

    def settle(
        self, conditions: Mapping[str, str], told: Collection[str], scopes: Collection[Scope], *, is_whole: bool
    ) -> None:
        """A named condition that holds nowhere is itself the mistake, told once; else its uses are. `told`: already.
        `is_whole`: every fact is among the scopes, so that one which nobody uses can be judged too."""
        for name in conditions.keys() - set(told):
            uses = self._within.get(name, [])
            faults = list(_faults(conditions[name], name, scopes))
            own = [one for one in faults if one.condition is None]  # not another condition's
            if len(faults) < len(scopes):
                self.problems += [problem for _, problem in uses]
            elif uses or (own and is_whole):
                error = uses[0][0] if uses else max(own, key=lambda one: one.offset)
                self.add(("conditions", name), f"villkoret {name} {error}", error.offset)


def _faults(text: str, name: str, scopes: Collection[Scope]) -> Iterator[ExpressionError]:
    """Why the condition does not hold in one scope after another, until it does in one."""
    for scope in scopes:
        try:
            parse_condition(text, scope.without(name))
        except ExpressionError as error:
            yield error
        else:
            return


def load_catalogue(path: Path, *, boards: Mapping[str, str] | None = None) -> Catalogue:
    """The catalogue of a definitions file; DefinitionError with every problem, also when the file is missing.

    `boards`: the known boards' municipalities by code, to judge the boards that targets name; None = not known.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DefinitionError(
            path.name, [Problem(1, 1, "filen finns inte eller går inte att läsa. Kontrollera namnet")]
        ) from error
    return read_catalogue(data, path.name, boards=boards)


def read_catalogue(
    data: bytes, file_name: str, *, boards: Mapping[str, str] | None = None, today: date | None = None
) -> Catalogue:
    """As `load_catalogue`, from bytes. What was read a moment ago is not built again: a save and a computation ask for
    the same text several times."""
    known = frozenset(boards.items()) if boards is not None else None
    try:
        catalogue, warnings = _read(data, known, today or clock.today())
    except SourceError as error:
        raise DefinitionError(file_name, list(error.problems)) from error
    return replace(catalogue, warnings=told(file_name, warnings))


@lru_cache(maxsize=4)
def _read(data: bytes, boards: frozenset[tuple[str, str]] | None, today: date) -> tuple[Catalogue, tuple[Problem, ...]]:
    """The catalogue and its warnings; SourceError with every problem."""
    source = Source.parse(data)
    document, problems, left_out = source.validate(Document, _ENTRIES)
    report = Report(source, left_out)
    report.problems += problems
    if document is None:
        raise SourceError(*report.problems)
    catalogue = _build(document, left_out, report)
    known = dict(boards) if boards is not None else None
    matter = Matter(document, catalogue, known, today, is_whole=not any(len(path) == 2 for path in left_out))
    for rule in RULES:
        for path, message, offset in rule(matter):
            report.add(path, message, offset)
    if report.problems:
        raise SourceError(*report.problems)
    warnings = sorted(
        source.problem(path, message, offset) for rule in WARNINGS for path, message, offset in rule(matter)
    )
    retired = {id_: entry.why for id_, entry in document.retired.items()}
    return replace(catalogue, retired=retired, source=data), tuple(warnings)


def _build(document: Document, left_out: set[KeyPath], report: Report) -> Catalogue:
    faulty = {str(path[1]) for path in left_out if len(path) == 2}
    untold = {str(path[1]): "" for path in left_out if path[0] == "conditions" and len(path) == 2}
    conditions = {**document.conditions, **untold}  # what names a faulty one is not told again
    facts: dict[str, Fact] = {}
    for name, entry in document.facts.items():
        fact = build_fact(name, entry, facts, conditions, report, faulty)
        if fact is not None:
            facts[name] = fact
        else:
            faulty.add(name)
    spans: dict[str, Span] = {}
    for name, span_entry in document.spans.items():
        if span_entry.fact not in facts:
            if span_entry.fact not in faulty:
                message = f"underlaget ”{span_entry.fact}” finns inte bland facts.{suggestion(span_entry.fact, facts)}"
                report.add(("spans", name, "fact"), message, 0)
            continue
        span = build_span(name, span_entry, facts[span_entry.fact], conditions, report)
        if span is not None:
            spans[name] = span
    faulty |= document.spans.keys() - spans.keys()
    header = Header(facts, spans, conditions, frozenset(faulty))
    definitions: dict[str, Definition] = {}
    for id_, figure in document.figures.items():
        definition = build_definition(id_, figure, header, report)
        if definition is not None:
            definitions[id_] = definition
    scopes = [Scope(f"leveransen {name}", columns_of(one), conditions) for name, one in DATASETS.items()]
    is_whole = facts.keys() == document.facts.keys() and not any(path[0] == "facts" for path in left_out)
    of_facts = [fact_scope(fact, conditions) for fact in facts.values()]
    report.settle(conditions, untold, [*of_facts, *scopes], is_whole=is_whole)
    return Catalogue(facts, spans, definitions)
